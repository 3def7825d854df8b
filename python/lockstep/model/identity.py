"""Which program gave the Octave side's values. Imports nothing of the package."""

from dataclasses import dataclass

ENGINES = {"octave": "Octave", "matlab": "MATLAB"}
"""The engines by the word that chooses them, with the name that a reader sees."""
LIVE, RECORDED, AUTO = ORACLES = ("live", "recorded", "auto")
"""Where the Octave side's values come from: an engine that runs, a recording of one, or a recording
where there is no engine."""


@dataclass(frozen=True)
class Identity:
    """An engine that runs .m files.

    Attributes
    ----------
    engine : str
        A key of `ENGINES`.
    version, blas : str
        As the engine names them; `blas` is empty where it does not tell.
    program : str
        Where it is; empty where that is not known.
    recorded : str
        When its values were recorded; empty where it is live.
    """

    engine: str
    version: str
    blas: str = ""
    program: str = ""
    recorded: str = ""

    @property
    def name(self) -> str:
        """The engine as a reader sees it: ``Octave``."""
        return ENGINES[self.engine]
