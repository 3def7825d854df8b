"""A case as an explanation takes it: its arguments, and what judges a result of the port.

May import `project`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lockstep.project.cases import Case

SLOW = 0.1
"""Seconds of the port beyond which a case beside the first is not traced: that takes many times as
long, and would leave no time for the first."""


@dataclass(frozen=True)
class FailingCase:
    """A case whose outputs disagree.

    Attributes
    ----------
    name : str
        Of the case.
    case : Case
        Its arguments.
    agrees : callable
        Says of a result of the port whether every output agrees with Octave's.
    wrong : tuple of int
        Positions of the outputs that disagree, from 0; empty where the port raised an error.
    is_made : bool
        Whether it is none of the pair's own, but a smaller one in the place of such a one.
    is_large : bool
        Whether it is too large to be traced, or too long: what is found is tried on it, no more.
    names : tuple of str
        Of the outputs that disagree, in the order of `wrong`.
    only : callable or None
        Gives, by the position of an output, what judges that one alone.
    raised : str or None
        What Octave's error says, which the port must raise as well; None where it raises none.
    is_endless : bool
        Whether the port does not end.
    seconds : float
        That the port takes for it.
    agrees_live : callable or None
        Says of a result of a changed port, while it is live, whether it agrees by what rounding
        does to that port; None where that is not measured.
    """

    name: str
    case: Case
    agrees: Callable[[Any], bool]
    wrong: tuple[int, ...] = ()
    is_made: bool = False
    is_large: bool = False
    names: tuple[str, ...] = ()
    only: Callable[[int], Callable[[Any], bool]] | None = None
    raised: str | None = None
    is_endless: bool = False
    seconds: float = 0.0
    agrees_live: Callable[[Any], bool] | None = None

    def named_outputs(self) -> Iterator[tuple[int, str]]:
        """Yield the position and the name of each output that disagrees."""
        yield from zip(self.wrong, self.names, strict=True)

    def of(self, output: int) -> "FailingCase":
        """Return the case with one output alone, by its position."""
        if self.only is None:
            return self
        places = [place for place, number in enumerate(self.wrong) if number == output]
        return replace(
            self,
            agrees=self.only(output),
            agrees_live=None,
            wrong=tuple(self.wrong[place] for place in places),
            names=tuple(self.names[place] for place in places),
        )


def own_cases(cases: Sequence[FailingCase]) -> int:
    """Count the cases of the pair's own."""
    return sum(not one.is_made for one in cases)


def to_be_traced(cases: Sequence[FailingCase]) -> list[FailingCase]:
    """Choose the cases that are traced beside the first: none that is too large, or slow."""
    return [one for one in cases if not one.is_large and one.seconds <= SLOW]
