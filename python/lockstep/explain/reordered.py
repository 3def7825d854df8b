"""What Octave computes several times, in the order in which the port computes it.

A helper is called for one thing after the other, and a loop takes them in turn: a port may do so in
another order, or leave out what it does not need. May import `copies`, `lookup`, `numbers` and
`model`.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lockstep.explain.copies import Sites
from lockstep.explain.lookup import Index
from lockstep.explain.numbers import Stream
from lockstep.model.execution import Execution

MOST_TURNS = 300
"""Turns beyond which their order is not looked at."""

MOST_ORDERS = 4
"""Orders that are looked at: of a few helpers, or of one that is called for several ends."""

LEAST_DISTINCT = 0.5
"""Part of the turns that must be different ones: what is read over and over has no order."""

Order = tuple[int, ...]
"""For each turn of the port, the turn of Octave."""


def reordered(
    octave: Execution, streams: Mapping[int, Stream], wanted: Iterable[Stream]
) -> Iterator[Sites]:
    """Yield sites of Octave with their nodes in the order of the port.

    Parameters
    ----------
    octave : Execution
        Of Octave.
    streams : mapping
        What each of its sites gave.
    wanted : iterable of Stream
        Of the port, which Octave's sites gave in no such order.

    Yields
    ------
    mapping
        Of the sites of Octave that take their turns together: the nodes of each.
    """
    turns, index = dict[int, tuple[int, int]](), Index()
    for site, stream in streams.items():
        if _tells_turns_apart(stream):
            for turn, item in enumerate(stream.items):
                if item is not None:
                    index.add(item.flat, len(turns))
                    turns[len(turns)] = site, turn
    covered, count = set[tuple[int, Order]](), 0
    for stream in filter(_tells_turns_apart, wanted):
        for site, order in _orders(stream, turns, index):
            if (site, order) in covered or order == tuple(range(len(octave.by_site[site]))):
                continue
            together = _together(octave, site, order)
            covered.update((one, order) for one in together)
            yield {(one,): nodes for one, nodes in together.items()}
            count += 1
            if count == MOST_ORDERS:
                return


def _tells_turns_apart(stream: Stream) -> bool:
    """Whether each of a few turns gave a value that no other has by chance."""
    if not 2 <= len(stream.items) <= MOST_TURNS or not stream.is_known:
        return False
    return all(item is not None and item.is_telling for item in stream.items)


def _orders(
    wanted: Stream, turns: Mapping[int, tuple[int, int]], index: Index
) -> Iterator[tuple[int, Order]]:
    """Yield the sites that gave each of some values, with the turns in which they did."""
    by_turn = list[dict[int, list[int]]]()
    for item in wanted.items:
        found = dict[int, list[int]]()
        for key in index.find(item.flat) if item is not None else []:
            site, turn = turns[key]
            found.setdefault(site, []).append(turn)
        by_turn.append(found)
    for site in set.intersection(*map(set, by_turn)):
        order = _in_turn([found[site] for found in by_turn])
        if len(set(order)) > max(1, LEAST_DISTINCT * len(order)):
            yield site, order


def _in_turn(choices: Sequence[Sequence[int]]) -> Order:
    """Choose of the turns with the same value one that was not chosen, where there is one."""
    order, chosen = list[int](), set[int]()
    for turns in choices:
        order.append(next((one for one in turns if one not in chosen), turns[0]))
        chosen.add(order[-1])
    return tuple(order)


def _together(octave: Execution, site: int, order: Order) -> dict[int, list[int]]:
    """Take the turns of a site, and of all that takes its turns with it, in another order."""
    own = octave.by_site[site]
    calls = _calls_below(octave, own)
    found = {}
    for other, nodes in octave.by_site.items():
        parts = [[one] for one in nodes] if _alternate(own, nodes) else []
        if not parts and calls:
            parts = _by_call(octave, nodes, calls)
        if parts:
            found[other] = [node for turn in order for node in parts[turn]]
    return found


def _alternate(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two sites gave their values in turn."""
    if len(one) != len(other):
        return False
    before, after = [-1, *one[:-1]], [*one[1:], math.inf]
    return all(a < own < b for a, own, b in zip(before, other, after, strict=True))


def _calls_below(octave: Execution, nodes: Sequence[int]) -> dict[int, int]:
    """Say of each call in which of the calls of some nodes it was made; none where they share."""
    turns = {octave.nodes[node].frame: turn for turn, node in enumerate(nodes)}
    if len(turns) < len(nodes):
        return {}
    for number, frame in enumerate(octave.frames):
        if number not in turns and frame.parent in turns:
            turns[number] = turns[frame.parent]
    return turns


def _by_call(octave: Execution, nodes: Sequence[int], calls: Mapping[int, int]) -> list[list[int]]:
    """Part nodes by the call that they are of; none where one is of no such call."""
    parts = [list[int]() for _ in set(calls.values())]
    for node in nodes:
        turn = calls.get(octave.nodes[node].frame)
        if turn is None:
            return []
        parts[turn].append(node)
    return parts if all(parts) else []
