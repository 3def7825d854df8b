"""What is asked of an engine that runs .m files, be it Octave or MATLAB.

`new_session` chooses between them. Each is one module: `octave` with its process, and `matlab`.
May import `model`, `octave` and `matlab`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from lockstep.model.identity import Identity
from lockstep.model.phases import LIMIT
from lockstep.sides.matlab import MatlabSession
from lockstep.sides.octave import Call, OctaveError, OctaveSession, Reply


class Session(Protocol):
    """A live engine: started when it is first needed, ended without a trace.

    Attributes
    ----------
    timeout : float or None
        Seconds that a call may take.
    chains : bool
        Whether its language has ``f (x){:}``, the elements of what a call gives.
    """

    timeout: float | None
    chains: bool

    @property
    def pid(self) -> int | None:
        """Process id of the engine, whose process group is its own; None while none runs."""
        ...

    def start(self) -> None:
        """Start it, if it does not run yet.

        Raises
        ------
        OctaveNotFoundError
            If there is none, or it does not start.
        """
        ...

    def close(self) -> None:
        """End it, and remove what it left on disk."""
        ...

    def call(
        self,
        name: str,
        *args: Any,
        nargout: int | None = None,
        seed: Any = None,
        script: bool = False,
    ) -> Reply:
        """Call a function or run a script (see `lockstep.sides.octave.OctaveSession.call`)."""
        ...

    def call_each(
        self, name: str, calls: Sequence[Call], script: bool = False
    ) -> list[Reply | OctaveError]:
        """Call a function several times, as many of them together as the engine takes."""
        ...

    def eval(self, text: str) -> str:
        """Run text in the base workspace and return what it printed."""
        ...

    def identity(self) -> Identity:
        """Say which engine it is; it is started for that."""
        ...


def new_session(engine: str, paths: Sequence[Path], timeout: float | None = LIMIT) -> Session:
    """Return a session of an engine, not yet started.

    Parameters
    ----------
    engine : str
        A key of `lockstep.model.identity.ENGINES`.
    paths : sequence of Path
        Folders of .m files, the first found first.
    timeout : float, optional
        Seconds that a call may take.
    """
    made = MatlabSession if engine == "matlab" else OctaveSession
    return made(paths, timeout)
