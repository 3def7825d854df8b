"""Which cases were run, and which of them can be looked at when others are explained.

May import `compare`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.compare.case_result import CaseResult, PairResult


@dataclass(frozen=True)
class Usable:
    """The cases of a pair that can be looked at.

    Attributes
    ----------
    cases : tuple of str
        Their names, the one to look at first.
    endless : tuple of str
        Those of them in which the port did not end: it must be stopped.
    """

    cases: tuple[str, ...]
    endless: tuple[str, ...] = ()


class CasesRun:
    """Remembers of each pair what its cases gave."""

    def __init__(self) -> None:
        self._ran: dict[str, dict[str, CaseResult]] = {}

    def remember(self, results: Sequence[CaseResult]) -> None:
        """Take note of what was run."""
        for result in results:
            self._ran.setdefault(result.pair, {})[result.case] = result

    def learn(self, found: Sequence[PairResult]) -> None:
        """Take note of what others have run: all cases of a pair, in their own order."""
        for result in found:
            self._ran.pop(result.pair, None)
            self.remember(result.cases)

    def usable(self, pair: str, first: str | None = None) -> Usable:
        """Name the cases that may be run again; one of them, or a failing one, first.

        A case in which a side died is not among them, but for those in which the port did not end.
        """
        ran = self._ran.get(pair, {})
        usable = {name: one for name, one in ran.items() if one.may_be_explained}
        names = sorted(
            usable, key=lambda name: (name != first, usable[name].endless, usable[name].agrees)
        )
        endless = tuple(name for name in names if usable[name].endless)
        return Usable(tuple(names or ([first] if first else [])), endless)
