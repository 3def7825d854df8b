"""The turns of two nested loops in the order in which the loops the other way round take them.

May import `model`.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from lockstep.model.execution import Execution, Kind

FEWEST = 2
"""Turns of each loop from which on the order of both is seen."""


def crossed_turns(execution: Execution, nodes: Sequence[int]) -> list[int] | None:
    """Return the order of a site's turns if its two loops were nested the other way round.

    Parameters
    ----------
    execution : Execution
        Of one side.
    nodes : sequence of int
        What the site gave, in order.

    Returns
    -------
    list of int or None
        None where there are no two loops, or one of them takes other turns each time.
    """
    if len(nodes) < FEWEST**2 or execution.nodes[nodes[0]].decision < 0:
        return None
    inner = [_loop_around(execution, node) for node in nodes]
    if len(set(inner)) < len(nodes) or inner[0] < 0:
        return None  # it gave several values in one turn
    outer = [_loop_around(execution, turn) for turn in inner]
    lengths = [len(list(turns)) for _, turns in groupby(outer)]
    is_even = len(set(lengths)) == 1 and min(len(lengths), lengths[0]) >= FEWEST
    if not is_even or outer[0] < 0 or len(set(outer)) < len(lengths):
        return None
    order = np.arange(len(nodes)).reshape(len(lengths), lengths[0])
    return [int(turn) for turn in order.T.ravel()]


def _loop_around(execution: Execution, node: int) -> int:
    """Return the turn of the innermost loop that a node ran in: what bound its variable."""
    node = execution.nodes[node].decision
    while node >= 0 and execution.site(node).kind is not Kind.BINDING:
        node = execution.nodes[node].decision
    return node
