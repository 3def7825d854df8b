"""Which lines and branches of a source there are, and which of them calls have reached.

A branch is a way that a condition can go: held, or not. An instrumented copy sets *marks*, whole
numbers from 1; a place was reached if any of its marks was set. Imports nothing of the package.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Branch(NamedTuple):
    """A way that a condition can go."""

    line: int
    condition: str
    held: bool


Marks = frozenset[int]


@dataclass
class Places:
    """What of a source can be reached.

    Attributes
    ----------
    lines : dict
        Lines that hold statements, by number, and the marks of each.
    branches : dict
        The same of branches.
    count : int
        Marks that were given out.
    """

    lines: dict[int, Marks] = field(default_factory=dict)
    branches: dict[Branch, Marks] = field(default_factory=dict)
    count: int = 0

    def mark(self) -> int:
        """Give out a new mark."""
        self.count += 1
        return self.count

    def add_line(self, line: int, marks: Iterable[int]) -> None:
        """Add a statement; the first of a line stands for the line."""
        self.lines.setdefault(line, frozenset(marks))

    def add_branch(self, branch: Branch, marks: Iterable[int]) -> None:
        """Add a branch; those of one line that read alike count as one."""
        self.branches[branch] = self.branches.get(branch, frozenset()) | frozenset(marks)

    def reached(self, file: str, marks: Marks) -> "Reach":
        """Say what was reached where some marks were set."""
        return Reach(
            file,
            frozenset(self.lines),
            frozenset(line for line, own in self.lines.items() if own & marks),
            frozenset(self.branches),
            frozenset(branch for branch, own in self.branches.items() if own & marks),
        )


@dataclass(frozen=True)
class Reach:
    """What of a source was reached.

    Attributes
    ----------
    file : str
        Its name.
    lines, branches : frozenset
        All there are.
    reached, taken : frozenset
        Those lines, and branches, that were.
    """

    file: str
    lines: frozenset[int]
    reached: frozenset[int]
    branches: frozenset[Branch]
    taken: frozenset[Branch]

    def __or__(self, other: "Reach") -> "Reach":
        """Return what was reached by either."""
        return Reach(
            self.file,
            self.lines | other.lines,
            self.reached | other.reached,
            self.branches | other.branches,
            self.taken | other.taken,
        )

    @property
    def missed_lines(self) -> list[int]:
        """Lines that were not reached, in order."""
        return sorted(self.lines - self.reached)

    @property
    def missed_branches(self) -> list[Branch]:
        """Branches that were not taken of conditions that were reached, in order."""
        return sorted(one for one in self.branches - self.taken if one.line in self.reached)

    @property
    def share(self) -> float:
        """Lines and branches that were reached, of all; 1 where there are none."""
        count = len(self.lines) + len(self.branches)
        return (len(self.reached) + len(self.taken)) / count if count else 1.0
