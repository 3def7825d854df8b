"""Which variable of the port may stand for which of Octave's, where the names do not tell.

A variable that holds the same numbers, as they are, transposed, flattened in the other order, or
one less each (indices), is proposed as the counterpart. A proposal is printed, never acted on: the
user declares it in the cases file, as ``names = {"beta": "b.T"}``. May import `events` and
`alignment`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.explain.alignment import spelling
from lockstep.model.events import ARGUMENTS_LINE, Event

ENOUGH_NUMBERS = 3
"""How many different numbers must agree: 0 and 1 are everywhere."""

CLOSE = 1e-6
"""Relative difference up to which numbers count as the same for a proposal. It decides no verdict:
the user does, by declaring it."""

LAYOUTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "": ("the same numbers", lambda a: a),
    ".T": ("the same numbers, transposed", lambda a: a.T),
    ".ravel()": ("the same numbers, flattened row by row", lambda a: a.ravel()),
    " + 1": ("one less each: indices from 0", lambda a: a + (np.asarray(a).dtype.kind in "iu")),
}
"""How the port's value is brought to Octave's form, by what stands after the declared name."""

_DECLARED = re.compile(r"([A-Za-z_]\w*)(\.T|\.ravel\(\)| \+ 1)?")


@dataclass(frozen=True)
class Proposal:
    """A variable of the port that may be the counterpart of one of Octave's."""

    octave_name: str
    python_name: str
    layout: str

    @property
    def how(self) -> str:
        """Say in which way the two agree."""
        return LAYOUTS[self.layout][0]


def declared(names: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Split declared names into the port's names and their layouts, both by Octave's names.

    Raises
    ------
    ValueError
        If one is not a name, or a name with ``.T``, ``.ravel()`` or `` + 1``.
    """
    plain, layouts = {}, {}
    for octave_name, text in names.items():
        match = _DECLARED.fullmatch(text)
        if match is None:
            raise ValueError(
                f"the counterpart of {octave_name} must be a name, or one with .T, .ravel() or "
                f"' + 1', not {text!r}"
            )
        plain[octave_name], layouts[octave_name] = match[1], match[2] or ""
    return plain, layouts


def laid_out(value: Any, layout: str) -> Any:
    """Bring a value of the port to the form of its counterpart."""
    number = isinstance(value, (int, np.integer)) and layout == " + 1"
    return LAYOUTS[layout][1](value) if number or isinstance(value, np.ndarray) else value


def proposals(
    octave: Iterable[Event], python: Iterable[Event], matched: Iterable[tuple[str, str]]
) -> list[Proposal]:
    """Propose counterparts by value, among the variables that have none by name.

    Parameters
    ----------
    octave, python : iterable of Event
        What both sides bound in one call.
    matched : iterable of (str, str)
        Names that are matched already: Octave's and the port's.
    """
    pairs = list(matched)
    theirs = _first_values(octave, {spelling(a) for a, _ in pairs})
    ours = _first_values(python, {spelling(b) for _, b in pairs})
    found: list[Proposal] = []
    for octave_name, one in theirs.items():
        taken = {proposal.python_name for proposal in found}
        free = {name: value for name, value in ours.items() if name not in taken}
        found += list(_proposal(octave_name, one, free))[:1]
    return found


def _first_values(events: Iterable[Event], matched: set[str]) -> dict[str, Any]:
    """Return the first value of each variable that is not matched and holds enough numbers."""
    values: dict[str, Any] = {}
    for event in events:
        bound = event.line != ARGUMENTS_LINE and spelling(event.name) not in matched
        if bound and _is_telling(event.value):
            values.setdefault(event.name, event.value)
    return values


def _is_telling(value: Any) -> bool:
    numbers = isinstance(value, np.ndarray) and value.dtype.kind in "fciu"
    return numbers and np.unique(value).size >= ENOUGH_NUMBERS


def _proposal(octave_name: str, octave: Any, python: Mapping[str, Any]) -> Iterator[Proposal]:
    for name, value in python.items():
        for layout, (_, change) in LAYOUTS.items():
            if _same(octave, change(value)):
                yield Proposal(octave_name, name, layout)


def _same(octave: Any, python: Any) -> bool:
    if octave.size != python.size:
        return False
    if python.ndim > 1 and python.shape != octave.shape:
        return False
    a, b = octave.ravel(order="F"), python.ravel(order="F")
    return bool(np.allclose(a, b, rtol=CLOSE, atol=0.0, equal_nan=True))
