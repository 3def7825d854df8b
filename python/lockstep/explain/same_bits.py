"""Whether a decision of the port was taken on the very numbers on which Octave took it.

May import `forms`, `match`, `side`, `numbers`, `suspects` and `model`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.explain.forms import are_whole
from lockstep.explain.match import Matching, asked
from lockstep.explain.numbers import Numbers
from lockstep.explain.side import Side
from lockstep.explain.suspects import Blamed

Array = np.ndarray[Any, Any]

Comparison = tuple[Array, Array, Array]
"""An outcome, what is asked to be the smaller, and what the larger."""


def are_the_same_bits(matching: Matching, blamed: Blamed) -> bool:
    """Whether some outcome that is not Octave's follows from operands that are.

    Whole numbers among these are no matter of rounding, and are not looked at.
    """
    if blamed.octave_site < 0 or blamed.jumped:
        return False
    port, octave = matching.port, matching.octave
    compared = _compared(port, blamed.site), _compared(octave, blamed.octave_site)
    if all(compared):
        return _is_taken_otherwise(*compared)
    outcome, theirs = port.streams[blamed.site], octave.streams.get(blamed.octave_site)
    if theirs is None or not (outcome.is_known and theirs.is_known):
        return False
    if outcome.flat.size == theirs.flat.size:
        own = _operands(port, blamed.site, outcome.sizes)
        others = _operands(octave, blamed.octave_site, theirs.sizes)
        if own and others:
            turned = outcome.flat != theirs.flat
            found = bool(np.any(turned & _found(own, others)))
            if found or not all(are_whole(one) for one in own):
                return found
    return _are_the_same_arguments(matching, blamed)


def _compared(side: Side, site: int) -> list[Comparison]:
    """List, turn by turn, what is compared and with what outcome; nothing where nothing is."""
    site = asked(side, site)
    sign = side.sites[site].name
    found: list[Comparison] = []
    for node in side.execution.by_site.get(site, ()) if sign in ("<", "<=", ">", ">=") else ():
        outcome, read = side.numbers[node], _read(side, node)
        sizes = {1, 0 if outcome is None else outcome.flat.size}
        if outcome is None or len(read) != 2 or not {one.flat.size for one in read} <= sizes:
            return []
        smaller, larger = read if sign[0] == "<" else reversed(read)
        found.append((outcome.flat, smaller.flat, larger.flat))
    return found


def _is_taken_otherwise(own: Sequence[Comparison], theirs: Sequence[Comparison]) -> bool:
    """Whether an outcome is another one of two operands that are the same, each in its place.

    Two numbers that rounding has exchanged are compared the other way round, and rightly so.
    """
    for one, other in zip(own, theirs, strict=False):
        if one[0].size == other[0].size:
            same = [np.equal(*operands) for operands in zip(one[1:], other[1:], strict=True)]
            if np.any((one[0] != other[0]) & same[0] & same[1]):
                return True
    return False


def _operands(side: Side, site: int, sizes: list[int]) -> list[Array]:
    """Return what a site read, one number for each that it gave; none where it read another way."""
    streams: list[list[Array]] = []
    for node, size in zip(side.execution.by_site[site], sizes, strict=True):
        for place, item in enumerate(_read(side, node)):
            if item.flat.size not in (1, size):
                return []
            if place == len(streams):
                streams.append([])
            streams[place].append(np.broadcast_to(item.flat, size))
    if len({len(one) for one in streams}) > 1:
        return []
    return [np.concatenate(one) for one in streams]


def _found(own: list[Array], others: list[Array]) -> Array:
    """Tell for which elements every broken operand of the port's is one of Octave's.

    Where none is broken, all must be: they may be the outcomes of another decision.
    """
    found, same = np.ones(own[0].shape, bool), np.ones(own[0].shape, bool)
    broken = np.zeros(own[0].shape, bool)
    for one in own:
        wanted = _as_often(np.sum([one == other for other in own], axis=0), own, others)
        among = np.sum([one == other for other in others], axis=0) >= wanted
        whole = one == np.round(one)
        found &= among | whole
        same &= among
        broken |= ~whole
    return np.where(broken, found, same)


def _as_often(count: Any, own: Sequence[Any], others: Sequence[Any]) -> Any:
    """Return how often Octave must have read what the port has read so often.

    A difference that happens to be as large as what it is held against stands for one number on
    either side, not for both. What Octave has as a literal, it does not read: then once is enough.
    """
    return count if len(others) >= len(own) else 1


def _are_the_same_arguments(matching: Matching, blamed: Blamed) -> bool:
    """Whether the numbers that went into the first outcome that differs are all Octave's, too."""
    port, octave = matching.port, matching.octave
    turns, theirs = port.execution.by_site[blamed.site], octave.execution.by_site
    for node, other in zip(turns, theirs[blamed.octave_site], strict=False):
        outcome, wanted = port.numbers[node], octave.numbers[other]
        if outcome is None or wanted is None or np.array_equal(outcome.flat, wanted.flat):
            continue
        given, read = _read(octave, other), _read(port, node)
        broken = [one for one in read if not are_whole(one.flat)]
        handed = bool(broken) and all(
            _count(one, given) >= _as_often(_count(one, read), read, given) for one in broken
        )
        return handed or _rest_on_the_same(port, node, octave, other)
    return False


def _count(one: Numbers, among: Sequence[Numbers]) -> int:
    return sum(np.array_equal(one.flat, other.flat) for other in among)


def _rest_on_the_same(port: Side, node: int, octave: Side, other: int) -> bool:
    """Whether two steps read the same numbers, or indices, counts and masks that come from them."""
    own, theirs = _broken_behind(port, node), _broken_behind(octave, other)
    return own.size > 0 and np.array_equal(own, theirs)


def _broken_behind(side: Side, node: int) -> Array:
    """Return the numbers that are not whole on the way back from a node, no further than these."""
    found: list[Array] = []
    seen, left = {node}, list(side.execution.nodes[node].inputs)
    while left:
        here = left.pop()
        if here in seen:
            continue
        seen.add(here)
        numbers = side.numbers[here]
        if numbers is None or are_whole(numbers.flat):
            left += side.execution.nodes[here].inputs
        else:
            found.append(numbers.flat[numbers.flat != np.round(numbers.flat)])
    return np.unique(np.concatenate(found)) if found else np.zeros(0)


def _read(side: Side, node: int) -> list[Numbers]:
    items = (side.numbers[i] for i in side.execution.nodes[node].inputs)
    return [one for one in items if one is not None]
