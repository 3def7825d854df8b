"""Every statement of the port that is wrong in itself, given Octave's values in all before it.

The port is run once more. What a statement gives is noted; then Octave's value takes its place, so
that what comes after starts from there. May import `steps`, `tracing`, `explainer`, `replay`,
`match` and `model`.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lockstep.explain.findings import place_of_site
from lockstep.explain.match import Matching
from lockstep.explain.replay import in_place
from lockstep.explain.steps import is_loop, is_turned, paired_steps
from lockstep.explain.tracing import compared
from lockstep.model.execution import Kind, NotKept
from lockstep.model.report import Fault, Finding
from lockstep.project.cases import Case
from lockstep.sides.port import PortReply
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.recorder import Replacement

STEPS_MORE = 20_000
"""Probes that the run may pass beyond ten times those of the port's own."""


@dataclass
class _Statement:
    """A place of the port, what Octave gave there, and what the port gives, turn by turn."""

    site: int
    octave_site: int
    values: Sequence[Any]
    own: list[Any] = field(default_factory=list)


def wrong_in_themselves(
    matching: Matching,
    observed: ObservedPort,
    case: Case,
    agrees: Callable[[Any], bool],
    depth: int,
) -> tuple[list[Finding], bool]:
    """List the statements that are wrong in themselves.

    Parameters
    ----------
    matching : Matching
        Both executions.
    observed : ObservedPort
        The port.
    case : Case
        The arguments.
    agrees : callable
        Says of a result of the port whether every output agrees with Octave's.
    depth : int
        Levels of calls to look into.

    Returns
    -------
    list of Finding, bool
        The statements, in the order in which they went wrong first; and whether the outputs agree
        with Octave's values in place of theirs.
    """
    statements = _statements(matching, depth)
    first: dict[int, int] = {}
    changes = {one.site: _noting(one, matching, first) for one in statements}
    limit = 10 * len(matching.port.execution.nodes) + STEPS_MORE
    _, reply = observed.run(case, changes, record=False, limit=limit)
    found = [(first[one.site], _found(matching, one)) for one in statements if one.own]
    wrong = sorted(((time, one) for time, one in found if one is not None), key=lambda w: w[0])
    return [one for _, one in wrong], isinstance(reply, PortReply) and agrees(reply.result)


def _statements(matching: Matching, depth: int) -> list[_Statement]:
    """List the places that are matched, with what Octave gave there."""
    found: dict[int, _Statement] = {}
    for pair in paired_steps(matching, depth):
        if pair.octave < 0 or pair.port < 0 or pair.gathered:
            continue
        site = matching.port.execution.nodes[pair.port].site
        other = matching.octave.execution.nodes[pair.octave].site
        place = matching.port.sites[site]
        if place.kind in (Kind.ARGUMENT, Kind.DEFAULT) or is_loop(matching.port, place):
            continue
        values = matching.octave.streams[other].values
        if place.kind is Kind.DECISION:
            turned = is_turned(matching, site, other)
            values = [bool(np.all(value)) != turned for value in values]
            values = [True, *values] if turned else values  # it looks before the first turn, too
        found.setdefault(site, _Statement(site, other, values))
    return list(found.values())


def _noting(one: _Statement, matching: Matching, first: dict[int, int]) -> Replacement:
    """Return what notes the port's own value, and puts Octave's in its place."""
    is_decision = matching.port.sites[one.site].kind is Kind.DECISION
    put = in_place(one.values)

    def change(turn: int, own: Any) -> Any:
        first.setdefault(one.site, len(first))
        one.own.append(_snapshot(own))
        if is_decision:
            return one.values[turn] if turn < len(one.values) else own
        if turn < len(one.values) and isinstance(one.values[turn], NotKept):
            return own
        return put(turn, own)

    return change


def _snapshot(own: Any) -> Any:
    try:
        return copy.deepcopy(own)
    except Exception:
        return NotKept(type(own).__name__)


def _found(matching: Matching, one: _Statement) -> Finding | None:
    """Return the first turn at which a statement gives another value than Octave's."""
    port, octave = matching.port.execution.source, matching.octave.execution.source
    is_decision = port.sites[one.site].kind is Kind.DECISION
    for turn, (own, value) in enumerate(zip(one.own, one.values, strict=False)):
        if is_decision:
            same = _truth(own) in (value, None)
        else:
            same = not compared(value, own).is_different
        if not same:
            return Finding(
                Fault.DECISION if is_decision else Fault.VALUE,
                place_of_site(port, one.site),
                place_of_site(octave, one.octave_site),
                own,
                value,
                turn=turn,
                turns=len(one.own),
                note="Octave's values were put in the place of all before it",
            )
    return None


def _truth(value: Any) -> bool | None:
    try:
        return bool(value)
    except (TypeError, ValueError):
        return None
