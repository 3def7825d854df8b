"""A case step by step: what each statement gave on both sides, and how far that is apart.

What moves when the measured numbers of the arguments are moved by an ulp may differ as far as that,
times the margin. The rows of a trace accuse nothing: whether a case is wrong its outputs say, and
where a replay. May import `steps`, `match`, `side`, `judge`, `compare` and `sides`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from lockstep.compare.distance import distance
from lockstep.compare.floor import MARGIN
from lockstep.compare.leaves import Leaf, leaves
from lockstep.explain.judge import own_rounding
from lockstep.explain.match import Matching
from lockstep.explain.numbers import Stream, is_whole, numbers, same_numbers
from lockstep.explain.side import Side
from lockstep.explain.steps import Pairing, depths, is_loop, is_turned, paired_steps
from lockstep.model.changed import Changed, whole
from lockstep.model.execution import Execution, Kind, NotKept
from lockstep.project.cases import Case, map_leaves
from lockstep.sides.nudging import Nudge, has_measured
from lockstep.sides.port_execution import ObservedPort

NOT_RECORDED = "the other side was not recorded that far"

NUDGED_RUNS = 4
"""How often the port is run with its arguments nudged, to see how far its values move."""


@dataclass(frozen=True)
class Comparison:
    """How two values are to each other.

    Attributes
    ----------
    relation : Relation
        In a word.
    ulps : float
        The largest difference.
    mismatch : str
        Why they cannot be compared element by element; of equal ones how the classes differ.
    """

    relation: "Relation"
    ulps: float = 0.0
    mismatch: str = ""

    @property
    def is_different(self) -> bool:
        """Whether they are known to be another value each."""
        return self.relation is Relation.DIFFERENT


class Relation(StrEnum):
    """How the values of both sides are to each other, in the words of the table."""

    SAME = ""
    ROUNDING = "rounding"
    DIFFERENT = "different"
    INDEX = "an index from 0"
    ORDER = "in another order of memory"
    SHAPE = "in another shape"
    GATHERED = "in one array"
    TURNED = "the opposite condition"
    OTHER_LOOP = "a loop over other things"
    ALONE = "on one side only"
    NOT_COMPARED = "not compared"

    @property
    def agrees(self) -> bool:
        """Whether the two sides say the same in their own ways."""
        return self not in (Relation.DIFFERENT, Relation.ALONE, Relation.NOT_COMPARED)


@dataclass(frozen=True)
class Step:
    """What one side did.

    Attributes
    ----------
    line : int
        Of the statement.
    text : str
        The statement; the parameter, with its function, of an argument.
    name : str
        The variable; empty for a condition.
    value : Any
        What it gave.
    kind : Kind
        Of its place.
    depth : int
        How many calls deep.
    """

    line: int
    text: str
    name: str
    value: Any
    kind: Kind
    depth: int


@dataclass(frozen=True)
class Row:
    """A step of both sides, or of one.

    Attributes
    ----------
    octave, port : Step or None
        None where a side has none.
    relation : Relation
        Of the two values.
    ulps : float
        The largest difference; NaN where there is no such number.
    mismatch : str
        Why the values cannot be compared element by element; of equal ones how the classes differ.
    nodes : tuple of int
        Octave's and the port's; -1 for none.
    spread : ndarray or None
        How far each of the port's numbers moves by rounding, column by column, where it is one
        array of which that was measured.
    """

    octave: Step | None
    port: Step | None
    relation: Relation
    ulps: float = 0.0
    mismatch: str = ""
    nodes: tuple[int, int] = (-1, -1)
    spread: np.ndarray[Any, Any] | None = field(default=None, compare=False)


def rows(matching: Matching, observed: ObservedPort, case: Case, depth: int) -> list[Row]:
    """Lay a case out step by step.

    Parameters
    ----------
    matching : Matching
        Both executions.
    observed : ObservedPort
        The port, to be run with nudged arguments.
    case : Case
        The arguments.
    depth : int
        Levels of calls to look into.
    """
    levels = depths(matching.octave.execution), depths(matching.port.execution)
    found = [_row(matching, one, levels) for one in paired_steps(matching, depth)]
    found = _known_to_be_alone(matching, found)
    doubtful = [row.nodes[1] for row in found if row.relation is Relation.DIFFERENT]
    if not doubtful:
        return found
    spreads = _spreads(matching.port.execution, observed, case, doubtful)
    return [_excused(row, spreads) for row in found]


def _known_to_be_alone(matching: Matching, found: list[Row]) -> list[Row]:
    """Say of what follows the end of the other side's record that it was not compared."""
    sides = matching.octave.execution, matching.port.execution
    last = max((i for i, row in enumerate(found) if row.octave and row.port), default=-1)
    for i, row in enumerate(found[last + 1 :], start=last + 1):
        other = sides[1] if row.port is None else sides[0]
        if other.ends_early and row.relation is Relation.ALONE:
            found[i] = replace(row, relation=Relation.NOT_COMPARED, mismatch=NOT_RECORDED)
    return found


def _row(matching: Matching, one: Pairing, levels: tuple[list[int], list[int]]) -> Row:
    octave = _step(matching.octave, one.octave, levels[0])
    port = _step(matching.port, one.port, levels[1])
    row = Row(octave, port, Relation.ALONE, nodes=(one.octave, one.port))
    if octave is None or port is None:
        return row
    sites = [
        side.execution.nodes[node].site
        for side, node in ((matching.octave, one.octave), (matching.port, one.port))
    ]
    if one.turns[0]:
        return replace(row, relation=_of_turns(matching, one))
    if octave.kind is Kind.DECISION:
        return replace(row, relation=_of_decisions(matching, octave, port, sites))
    found = compared(octave.value, port.value)
    if found.mismatch and is_loop(matching.port, matching.port.sites[sites[1]]):
        found = Comparison(Relation.OTHER_LOOP)
    return replace(row, relation=found.relation, ulps=found.ulps, mismatch=found.mismatch)


def _step(side: Side, node: int, levels: Sequence[int]) -> Step | None:
    if node < 0:
        return None
    found = side.execution.nodes[node]
    site = side.sites[found.site]
    statement = side.execution.source.statements[site.statement]
    text, depth = statement.text, levels[found.frame]
    if site.kind in (Kind.ARGUMENT, Kind.DEFAULT):
        text = f"{site.kind} {site.name}" + (f" of {site.function}" if depth else "")
    name = "" if site.kind in (Kind.DECISION, Kind.RETURN) else site.name
    return Step(statement.span.line, text, name, found.value, site.kind, depth)


def _of_turns(matching: Matching, one: Pairing) -> Relation:
    """Compare all that both sides gave in several turns, whatever the order of each value is."""
    sides = zip((matching.octave, matching.port), one.turns, strict=True)
    octave, port = (
        Stream(-1, [side.execution.nodes[node].value for node in nodes]) for side, nodes in sides
    )
    same = any(same_numbers(a, b) for a in port.orders for b in octave.orders)
    return Relation.GATHERED if same else Relation.DIFFERENT


def _of_decisions(matching: Matching, octave: Step, port: Step, sites: Sequence[int]) -> Relation:
    if is_turned(matching, sites[1], sites[0]):
        return Relation.TURNED
    try:
        same = bool(np.all(octave.value)) == bool(np.all(port.value))
    except (TypeError, ValueError):
        return Relation.NOT_COMPARED
    return Relation.SAME if same else Relation.DIFFERENT


def compared(octave: Any, port: Any) -> Comparison:
    """Compare two values as outputs are, and say in which other form they are the same."""
    octave, port = _of_one_kind(octave, port)
    if isinstance(octave, NotKept) or isinstance(port, NotKept):
        return Comparison(Relation.NOT_COMPARED)
    try:
        found = list(leaves(octave, port))
    except Exception as error:  # a class that has no counterpart
        return Comparison(Relation.NOT_COMPARED, mismatch=str(error))
    if not found or not all(leaf.compared for leaf in found):
        return Comparison(Relation.NOT_COMPARED)
    mismatch = next((leaf.mismatch for leaf in found if leaf.mismatch), "")
    apart = [distance(leaf.octave, leaf.python) for leaf in found if not leaf.mismatch]
    found_ulps = [np.nan_to_num(one.ulps, nan=np.inf).max(initial=0) for one in apart]
    ulps = float(max(found_ulps, default=0.0))
    if not mismatch and not any(one.unequal.any() for one in apart):
        classes = next((leaf.class_note for leaf in found if leaf.class_note), "")
        return Comparison(Relation.SAME, mismatch=classes)
    if not mismatch and all(_rounds(leaf) for leaf in found):
        return Comparison(Relation.ROUNDING, ulps)
    relation = _in_other_form(octave, port)
    ulps = ulps if relation is Relation.DIFFERENT and not mismatch else 0.0
    return Comparison(relation, ulps, mismatch if relation is Relation.DIFFERENT else "")


def _of_one_kind(octave: Any, port: Any) -> tuple[Any, Any]:
    """Return what was changed of two large arrays where it is at the same places, else all."""
    are_changes = isinstance(octave, Changed) and isinstance(port, Changed)
    if are_changes and np.array_equal(octave.places, port.places):
        return octave.part[:, np.newaxis], port.part
    return whole(octave), whole(port)


def _rounds(leaf: Leaf, spread: np.ndarray[Any, Any] | None = None) -> bool:
    """Whether rounding explains the difference of a leaf."""
    apart = distance(leaf.octave, leaf.python)
    if not apart.unequal.any():
        return True
    if leaf.octave.dtype.kind not in "fc":
        return False
    enough = own_rounding(leaf.octave)
    if spread is not None and spread.size == enough.size:
        enough = np.maximum(enough, MARGIN * spread.reshape(enough.shape, order="F"))
    return bool(np.all(~apart.unequal | (apart.absolute <= enough)))


def _in_other_form(octave: Any, port: Any) -> Relation:
    theirs, own = numbers(octave), numbers(port)
    if theirs is None or own is None or theirs.flat.size != own.flat.size:
        return Relation.DIFFERENT
    if theirs.shape != own.shape and same_numbers(theirs.flat, own.flat):
        return Relation.SHAPE
    if is_whole(port) and same_numbers(theirs.flat, own.flat + 1.0):
        return Relation.INDEX
    crossed = (theirs.rows, own.flat), (theirs.flat, own.rows)
    if any(a is not None and b is not None and same_numbers(a, b) for a, b in crossed):
        return Relation.ORDER
    return Relation.DIFFERENT


# How far rounding moves the port's values


def _spreads(
    port: Execution, observed: ObservedPort, case: Case, nodes: Sequence[int]
) -> Mapping[int, list[np.ndarray[Any, Any]]]:
    """Measure how far the numbers of some nodes move when the arguments do, array by array."""
    found: dict[int, list[np.ndarray[Any, Any]]] = {}
    if not has_measured(case.args):
        arrays = ((node, _arrays(port.nodes[node].value)) for node in nodes)
        return {node: [np.zeros(one.shape) for one in of_node] for node, of_node in arrays}
    turns = {node: turn for one in port.by_site.values() for turn, node in enumerate(one)}
    for run in range(NUDGED_RUNS):
        nudged, _ = observed.run(_nudged(case, run))
        for node in nodes:
            site = port.nodes[node].site
            there = nudged.by_site.get(site, ())
            if len(there) != len(port.by_site[site]):
                continue
            own = list(_arrays(port.nodes[node].value))
            moved = list(_arrays(nudged.nodes[there[turns[node]]].value))
            if [one.shape for one in own] != [one.shape for one in moved]:
                continue
            before = found.get(node) or [np.zeros(one.shape) for one in own]
            with np.errstate(all="ignore"):
                apart = [
                    np.nan_to_num(np.abs(a - b), posinf=0.0)
                    for a, b in zip(own, moved, strict=True)
                ]
            found[node] = [np.maximum(a, b) for a, b in zip(before, apart, strict=True)]
    return found


def _arrays(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the arrays of numbers that a value of the port is made of."""
    if isinstance(value, Changed):
        value = value.part
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = list(value.ravel(order="F"))
    if isinstance(value, (list, tuple)) and not all(np.isscalar(item) for item in value):
        for item in value:
            yield from _arrays(item)
    elif (found := numbers(value)) is not None:
        yield found.flat


def _nudged(case: Case, run: int) -> Case:
    nudge = Nudge(run)
    args = [map_leaves(argument, nudge.argument) for argument in case.args]
    return Case(*args, nargout=case.nargout, ignore=case.ignore, seed=case.seed)


def _excused(row: Row, spreads: Mapping[int, list[np.ndarray[Any, Any]]]) -> Row:
    spread = spreads.get(row.nodes[1])
    if row.relation is not Relation.DIFFERENT or spread is None or row.mismatch:
        return row
    row = replace(row, spread=spread[0] if len(spread) == 1 else None)
    assert row.octave is not None
    assert row.port is not None
    if row.octave.kind is Kind.DECISION:
        return row
    found = list(leaves(*_of_one_kind(row.octave.value, row.port.value)))
    if len(found) != len(spread) or any(leaf.mismatch for leaf in found):
        return row
    if all(_rounds(leaf, moved) for leaf, moved in zip(found, spread, strict=True)):
        return replace(row, relation=Relation.ROUNDING)
    return row


def seen_lines(found: Sequence[Row]) -> Iterator[int]:
    """Count the lines that the steps of Octave, and those of the port, are on."""
    for steps in ([row.octave for row in found], [row.port for row in found]):
        yield len({(step.depth, step.line) for step in steps if step is not None})
