"""The leaves of all outputs of a call, those of the port beside Octave's.

May import `leaves`, `project` and `sides`.
"""

import re
from collections.abc import Iterator
from typing import Any

from lockstep.compare.leaves import Leaf, leaves
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.results import MISSING


def output_name(pair: Pair, number: int) -> str:
    """Name an output, counted from 1; those of ``varargout`` have none of their own."""
    names = pair.output_names
    own = names[number - 1] if number <= len(names) else "varargout"
    return f"output {number}" if own == "varargout" else own


def output_number(pair: Pair, leaf: str) -> int:
    """Return the place of the output that a leaf belongs to, from 0; -1 where there is none."""
    name = re.split(r"[.({]", leaf)[0]
    if name in pair.output_names:
        return list(pair.output_names).index(name)
    counted = re.fullmatch(r"output (\d+)", name)
    return int(counted[1]) - 1 if counted else -1


def output_leaves(
    pair: Pair, case: Case, octave: list[Any], python: list[Any]
) -> Iterator[tuple[str, Leaf]]:
    """Pair the leaves of all outputs that are to be compared, with their names."""
    for i, (one, other) in enumerate(zip(octave, python, strict=True), start=1):
        if i not in case.ignore:
            name = output_name(pair, i)
            if other is MISSING:
                yield name, Leaf("", one, None, compared=False, is_returned=False)
            else:
                yield from ((name + leaf.path, leaf) for leaf in leaves(one, other))


def variable_leaves(octave: dict[str, Any], result: Any) -> Iterator[tuple[str, Leaf]]:
    """Pair the variables that the port of a script returned with those that the script left."""
    if not isinstance(result, dict):
        kind = type(result).__name__
        raise TypeError(f"the port of a script must return a dict of its variables, not a {kind}")
    for name, value in result.items():
        if name in octave:
            yield from ((name + leaf.path, leaf) for leaf in leaves(octave[name], value))
        else:
            yield name, Leaf("", None, value, "the script has no variable of this name")
