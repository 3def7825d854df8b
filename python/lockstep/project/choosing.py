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
        if self.only is None or not fits:
            return fits
        named = self.only.get(pair)
        return named is not None and (not named or case in named)


EVERY_CASE = CaseChoice()
