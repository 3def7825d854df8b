"""Cases that `lockstep capture` took from a script: NAME.captured.npz beside NAME.py.

The file holds what Octave had as arguments, call by call; which Python values stand for these is
settled when they are read. May import `archive`, `arguments` and `cases`.
"""

import zlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockstep.model.archive import (
    ArchiveError,
    Packer,
    fingerprint,
    read_archive,
    write_archive,
)
from lockstep.project.arguments import SAME_IN_NUMPY, NoArgumentError, as_argument
from lockstep.project.cases import Case, CasesError

MOST_CASES = 50
MOST_BYTES = 16 * 2**20
"""What is kept of a pair: so many calls, and so much of the disk."""


class _All:
    """All names but NumPy's: which of them are pairs was asked when they were captured."""

    def __contains__(self, name: object) -> bool:
        return name not in SAME_IN_NUMPY


ALL = _All()


@dataclass(frozen=True)
class Captured:
    """One call of a function.

    Attributes
    ----------
    script : str
        File name of the script that made it.
    number : int
        Which call of this function it was there, from 1.
    args : tuple
        The arguments as Octave had them.
    nargout : int or None
        Outputs that were asked for; None where all can be.
    """

    script: str
    number: int
    args: tuple[Any, ...]
    nargout: int | None

    @property
    def name(self) -> str:
        """What the case is called."""
        return f"{self.script.removesuffix('.m')}, call {self.number}"

    def case(self, pairs: Container[str] = ALL) -> Case:
        """Return the case; handles of `pairs` are `Function`.

        Raises
        ------
        NoArgumentError
            If an argument cannot be sent to Octave.
        """
        return Case(*(as_argument(one, pairs) for one in self.args), nargout=self.nargout)


def captured_file(cases_file: Path) -> Path:
    """Return where the captured cases of a cases file are, or would be."""
    return cases_file.with_name(f"{cases_file.stem}.captured.npz")


def captured_cases(cases_file: Path) -> dict[str, Case]:
    """Return the cases that were captured beside a cases file; none where there is no such file.

    Raises
    ------
    CasesError
        If the file is damaged.
    """
    try:
        return {one.name: one.case() for one in read_captured(captured_file(cases_file))}
    except (ArchiveError, NoArgumentError) as error:
        file = captured_file(cases_file)
        raise CasesError(f"{error}; delete {file} and capture it again") from None


def read_captured(file: Path) -> list[Captured]:
    """Read calls; none where there is no file.

    Raises
    ------
    ArchiveError
        If the file is damaged.
    """
    if not file.exists():
        return []
    try:
        return [Captured(*one) for one in read_archive(file)]
    except TypeError:
        raise ArchiveError(f"{file} holds no captured calls") from None


def write_captured(file: Path, calls: Sequence[Captured]) -> None:
    """Write calls.

    Raises
    ------
    ArchiveError
        If the file cannot be written.
    """
    write_archive(file, [(one.script, one.number, one.args, one.nargout) for one in calls])


class Shelf:
    """Calls of one pair that are to be kept, as far as there is room for them."""

    def __init__(self, calls: Iterable[Captured]) -> None:
        self.calls: list[Captured] = []
        self._known: set[str] = set()
        self._arrays: set[bytes] = set()
        self._bytes = 0
        for one in calls:
            self.add(one)

    @property
    def is_full(self) -> bool:
        """Whether there are as many calls as may be."""
        return len(self.calls) >= MOST_CASES

    def add(self, one: Captured) -> bool:
        """Keep a call; return whether there was room. One that is there is kept as it is."""
        key = fingerprint([one.args, one.nargout])
        if key in self._known:
            return True
        packer = Packer()
        packer.tree(one.args)
        new = {
            digest: array
            for digest, array in zip(packer.digests, packer.arrays.values(), strict=True)
            if digest not in self._arrays
        }
        size = sum(len(zlib.compress(array.tobytes())) for array in new.values())
        if self.is_full or self._bytes + size > MOST_BYTES:
            return False
        self._bytes += size
        self._known.add(key)
        self._arrays |= new.keys()
        self.calls.append(one)
        return True
