"""Which cases of a run are wanted: by name, by pattern, or because they disagreed the last time.

Imports nothing of the package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class CaseChoice:
    """Which cases to run, and whether to go on after one that disagrees.

    Attributes
    ----------
    patterns : tuple of str
        Names, or patterns with ``*`` and ``?``; a case that one of them fits is wanted. Without
        any, every case is.
    only : mapping or None
        Of each pair that is wanted the names of its cases, of all where there are none; None for
        every pair.
    stops : bool
        Whether the run ends with the first case that disagrees.
    """

    patterns: tuple[str, ...] = ()
    only: Mapping[str, frozenset[str]] | None = None
    stops: bool = False

    def has(self, pair: str, case: str) -> bool:
        """Whether a case is wanted."""
        fits = not self.patterns or any(
            case == one or fnmatchcase(case, one) for one in self.patterns
        )
        return fits and (self.only is None or self._is_among(pair, case))

    def _is_among(self, pair: str, case: str) -> bool:
        if self.only is None or pair not in self.only:
            return False
        return not self.only[pair] or case in self.only[pair]


EVERY_CASE = CaseChoice()
