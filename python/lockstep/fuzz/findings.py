"""What an engine says of a search: what it found, and what it counted.

Imports nothing of the package: the command must know these where Hypothesis is missing.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Told:
    """A finding in words.

    Attributes
    ----------
    name : str
        What the case may be called.
    key : str
        What two findings share that are one.
    text : str
        What differs, where, and why.
    line : str
        The case, as a line of the cases file; empty where it cannot be written.
    """

    name: str
    key: str
    text: str
    line: str


@dataclass(frozen=True)
class Doing:
    """What is being done, where it takes a while."""

    text: str


@dataclass(frozen=True)
class Counted:
    """What became of the inputs of a batch (see `lockstep.fuzz.search.Search.counts`).

    Attributes
    ----------
    died : int
        On which Octave died, or did not end.
    seconds : float
        How long the batch took, without what was found in it.
    """

    calls: int = 0
    same: int = 0
    raised: int = 0
    small: int = 0
    died: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Counted") -> "Counted":
        """Add up two batches."""
        return Counted(*(getattr(self, name) + getattr(other, name) for name in _COUNTS))


_COUNTS = tuple(one.name for one in fields(Counted))
