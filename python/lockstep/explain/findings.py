"""From what was found to be at fault to a `Finding`: places, values, and the kind of fault.

May import `model`, `changes`, `evidence`, `nodes_of_tree`, `handed_over`, `match`, `numbers`,
`places`, `put_right`, `reasons`, `slips`, `suspects` and `underlining`.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lockstep.explain.changes.rewriting import segment
from lockstep.explain.evidence import Evidence, Turn
from lockstep.explain.handed_over import place_handed_over
from lockstep.explain.match import Matching, operation
from lockstep.explain.nodes_of_tree import place_of, place_shown
from lockstep.explain.numbers import numbers, same_numbers
from lockstep.explain.places import place_of_site, place_of_statement
from lockstep.explain.put_right import Mended
from lockstep.explain.reasons import relation_of
from lockstep.explain.slips import Slip
from lockstep.explain.suspects import Blamed
from lockstep.explain.underlining import EXPRESSIONS, around, changed_chain, underlined
from lockstep.model.changed import whole
from lockstep.model.execution import Execution, Kind, Site, Span
from lockstep.model.report import Fault, Finding, Place, Reason


def no_error(matching: Matching, failing: int) -> Finding | None:
    """Say where Octave raised an error, where the port did not."""
    octave = matching.octave.execution
    if octave.error_statement < 0:
        return None
    place, note = place_of_statement(octave.source, octave.error_statement), octave.error
    return Finding(Fault.NO_ERROR, None, place, failing=failing, note=f"Octave raises {note}")


def other_error(matching: Matching, failing: int) -> Finding | None:
    """Say where both sides raise errors that are not the same."""
    octave, port = matching.octave.execution, matching.port.execution
    if min(octave.error_statement, port.error_statement) < 0:
        return None
    theirs = place_of_statement(octave.source, octave.error_statement)
    own = place_of_statement(port.source, port.error_statement)
    note = f"it raises {port.error}; Octave: {octave.error}"
    return Finding(Fault.OTHER_ERROR, own, theirs, failing=failing, note=note)


def changed_argument(port: Execution, failing: int) -> Finding | None:
    """Say which statement first changed an argument in place; the port is right but for that."""
    arguments = {
        port.objects[number]
        for number, node in enumerate(port.nodes)
        if node.frame == 0 and port.site(number).kind is Kind.ARGUMENT and number in port.objects
    }
    for number in port.changes:
        if port.objects.get(number) in arguments:
            place = place_of_statement(port.source, port.site(number).statement)
            note = "it changes an argument of the caller's: change a copy"
            return Finding(Fault.CHANGED, place, None, failing=failing, note=note)
    return None


def value_finding(matching: Matching, blamed: Blamed) -> Finding:
    """Say where a value, a decision or a default is at fault, and what Octave has there."""
    port, octave = matching.port.execution, matching.octave.execution
    named = blamed.site if blamed.first_step < 0 else blamed.first_step
    place, note = place_of_site(port.source, named), ""
    if _fault(matching, blamed) is Fault.VALUE and port.source.sites[named].kind is Kind.ARGUMENT:
        place, note = place_handed_over(port, named)
    turn, own, other = _first_difference(matching, blamed)
    theirs = _counterpart(octave, blamed.octave_site, turn)
    node = port.nodes[port.by_site[named][min(turn, len(port.by_site[named]) - 1)]]
    inputs = tuple(
        (port.source.sites[port.nodes[i].site].text, port.nodes[i].value) for i in node.inputs
    )
    return Finding(
        _fault(matching, blamed),
        place,
        theirs,
        own,
        other,
        inputs,
        blamed.proved,
        blamed.is_derived,
        turn=turn,
        turns=len(port.by_site[blamed.site]),
        note=note,
    )


def _counterpart(octave: Execution, site: int, turn: int) -> Place | None:
    """Say where in Octave a turn of a site is: of several copies the one that was it."""
    if site < 0:
        return None
    if octave.source.sites[site].copies:
        nodes = octave.by_site[site]
        site = octave.nodes[nodes[min(turn, len(nodes) - 1)]].site
    return place_of_site(octave.source, site)


def jump_finding(matching: Matching, blamed: Blamed) -> Finding:
    """Say where the port goes another way than Octave."""
    port, octave = matching.port.execution.source, matching.octave.execution.source
    site = port.sites[blamed.site]
    own = port.statements[site.statement]
    if str(own.kind) == site.name:
        note = f"Octave goes on here, the port does not: {site.name}"
        return Finding(
            Fault.JUMP, place_of_statement(port, own.number), None, proved=True, note=note
        )
    ends = next(
        one
        for one in reversed(port.statements)
        if one.function == site.function and one.span.line <= site.span.line
    )
    theirs = _jump_of_octave(matching, site)
    return Finding(
        Fault.JUMP,
        place_of_statement(port, ends.number),
        None if theirs < 0 else place_of_statement(octave, theirs),
        proved=True,
        note=f"after this Octave has a {site.name}, and the port goes on",
    )


def _jump_of_octave(matching: Matching, site: Site) -> int:
    """Find the jump of Octave under the same decision, or else its first of the kind."""
    octave = matching.octave.execution.source
    jumps = [one for one in octave.statements if str(one.kind) == site.name]
    same = {
        octave.sites[partner].statement
        for own in matching.port.sites
        if own.kind is Kind.DECISION and own.statement == site.statement
        for partner in matching.partners.get(own.number, ())
    }
    jumps.sort(key=lambda one: one.parent not in same)
    return jumps[0].number if jumps else -1


def _fault(matching: Matching, blamed: Blamed) -> Fault:
    port = matching.port.execution
    site = port.source.sites[blamed.site]
    if blamed.shared:
        return Fault.CHANGED
    if site.kind is Kind.DECISION:
        return Fault.DECISION
    if site.kind is Kind.DEFAULT or (site.kind is Kind.ARGUMENT and _is_default(port, site)):
        return Fault.DEFAULT
    if site.kind is Kind.READ:
        node = port.nodes[port.by_site[blamed.site][0]]
        before = matching.port.numbers[node.inputs[0]] if node.inputs else None
        now = numbers(node.value)
        may_change = not isinstance(node.value, (str, bytes, int, float, complex, tuple))
        if may_change and before and now and not same_numbers(before.flat, now.flat):
            return Fault.CHANGED
        if _had_octave(matching, blamed):
            return Fault.STALE
    return Fault.VALUE


def _had_octave(matching: Matching, blamed: Blamed) -> bool:
    """Whether Octave's variable had, at some time, what the port reads."""
    octave = matching.octave
    name = octave.sites[blamed.octave_site].name if blamed.octave_site >= 0 else ""
    turn, _, _ = _first_difference(matching, blamed)
    own = matching.port.streams[blamed.site].items[turn]
    others = (octave.streams[s.number] for s in octave.sites if name and s.name == name
              and s.number in octave.streams)  # fmt: skip
    found = (item for stream in others for item in stream.items if item is not None)
    return own is not None and any(same_numbers(item.flat, own.flat) for item in found)


def _is_default(port: Execution, site: Site) -> bool:
    """Whether a parameter has a default, and was not seen to be given a value."""
    if any(port.nodes[node].inputs for node in port.by_site[site.number]):
        return False
    try:
        head = ast.parse(f"{port.source.statements[site.statement].text}\n    pass").body[0]
    except SyntaxError:
        return True
    if not isinstance(head, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    given = [*head.args.posonlyargs, *head.args.args]
    without = given[: len(given) - len(head.args.defaults)]
    return site.name not in {one.arg for one in without}


def _first_difference(matching: Matching, blamed: Blamed) -> tuple[int, Any, Any]:
    """Return the first turn at which the values differ, and both."""
    if blamed.first_step >= 0:
        own = matching.port.streams[blamed.first_step].values
        other = matching.octave.streams.get(blamed.octave_site)
        return 0, whole(own[0]), whole(other.values[0]) if other else None
    own = matching.port.streams[blamed.site].values
    for turn, (value, other) in enumerate(zip(own, blamed.values, strict=False)):
        one, two = numbers(value), numbers(other)
        if one is None or two is None or not same_numbers(one.flat, two.flat):
            return turn, whole(value), whole(other)
    octave = matching.octave.streams.get(blamed.octave_site)
    return 0, whole(own[0]), whole(octave.values[0]) if octave else None


def slip_finding(matching: Matching, mended: Mended) -> Finding:
    """Say where a slip is with which every case agrees, and what stands for it in Octave."""
    slip = mended.slip
    chain = list(around(slip.evidence.tree, slip.change.old, slip.evidence.statement))
    named = underlined(changed_chain(slip.change, slip.evidence), slip.evidence.text)
    found = next(filter(None, (_both(matching, mended, node) for node in chain)), None)
    line, text = slip.statement.span.line, slip.statement.text
    if (about := slip.change.about or slip.top) is not None:
        named, line = about if about is not slip.top else chain[-1], about.lineno
        text = slip.evidence.text.splitlines()[line - 1].strip()
    finding = Finding(
        _fault_of_slip(matching, slip, chain),
        Place(
            slip.evidence.file,
            slip.statement.function,
            Span(*place_shown(named)),
            line,
            text,
            segment(slip.evidence.text, named) if isinstance(named, EXPRESSIONS) else "",
        ),
        None,
        reason=_reason(slip, None),
        mend=mended.mend,
    )
    if slip.octave >= 0:
        source = matching.octave.execution.source
        return replace(finding, octave=place_of_statement(source, slip.octave))
    if found is None:
        return finding
    own, new = found
    port, changed = matching.port.streams[own], mended.matching.port.streams[new]
    counterpart = _of_octave(mended.matching, new)
    turn = next(
        (
            turn
            for turn, (one, two) in enumerate(zip(port.items, changed.items, strict=False))
            if one is None or two is None or not same_numbers(one.flat, two.flat)
        ),
        0,
    )
    if counterpart < 0:
        return finding
    pair = Turn(whole(port.values[turn]), whole(changed.values[turn]), {})
    shown = matching.port.sites[own]
    is_around = finding.port is not None and shown.span != finding.port.span
    return replace(
        finding,
        note=f"the values are those of {shown.text}" if is_around else "",
        octave=place_of_site(matching.octave.execution.source, counterpart),
        port_value=pair.own,
        octave_value=pair.octave,
        turn=turn,
        turns=len(port.values),
        reason=_reason(slip, replace(slip.evidence, turns=(pair,), fault=finding.fault)),
    )


def _reason(slip: Slip, evidence: Evidence | None) -> Reason:
    """Say why a slip is one: how the values differ, and what each language does."""
    relation = relation_of(evidence) if evidence is not None and evidence.differs else None
    text = relation.text if relation else "with the change below the outputs agree"
    change = slip.change
    return Reason(change.key, text, change.octave_rule, change.python_rule)


def _both(matching: Matching, mended: Mended, node: ast.AST) -> tuple[int, int] | None:
    """Find the site of a node in the port, and that of what stands there in the mended one."""
    slip = mended.slip
    own = [
        site
        for site in matching.port.sites
        if site.statement == slip.statement.number and site.number in matching.port.streams
        and site.kind in (Kind.EXPRESSION, Kind.DECISION) and _spans(site) == place_of(node)
    ]  # fmt: skip
    new = slip.change.new if node is slip.change.old else None
    written = "" if new is None else _bare(ast.unparse(new))
    for site in own:
        there = [
            other
            for other in mended.matching.port.sites
            if other.number in mended.matching.port.streams
            and (other.kind, other.function.rpartition(":")[2], *_spans(other)[:2])
            == (site.kind, site.function.rpartition(":")[2], *_spans(site)[:2])
        ]
        exact = [other for other in there if _bare(other.text) == written]
        for other in exact or (one for one in there if one.name == site.name):
            if _of_octave(mended.matching, other.number) >= 0:
                return site.number, other.number
    return None


def _bare(text: str) -> str:
    """Leave out spaces and brackets, which an expression may be written with or without."""
    return re.sub(r"[\s()]", "", text.replace('"', "'"))


def _spans(site: Site) -> tuple[int, int, int, int]:
    return site.span.line, site.span.column, site.span.last_line, site.span.last_column


def _of_octave(matching: Matching, site: int) -> int:
    """Choose the site of Octave that has the values of one: one that does the same, if any.

    Values that tell little are no evidence that it stands for it.
    """
    partners = matching.partners.get(site, [])
    place = matching.port.sites[site]
    for partner in partners:
        there = matching.octave.sites[partner]
        if there.kind is place.kind and operation(there) == operation(place):
            return partner
    return partners[0] if partners and matching.is_sure(site) else -1


def _fault_of_slip(matching: Matching, slip: Slip, chain: Sequence[ast.AST]) -> Fault:
    if slip.octave >= 0:
        return Fault.MISSING
    if slip.change.key in ("jump", "missing-break", "missing-continue"):
        return Fault.JUMP
    if slip.change.key in ("mutable-default", "sharing"):
        return Fault.CHANGED
    if slip.change.keeps_value:
        return Fault.KIND
    decisions = {
        _spans(site)
        for site in matching.port.sites
        if site.kind is Kind.DECISION and site.statement == slip.statement.number
    }
    is_decision = any(place_of(node) in decisions for node in chain)
    return Fault.DECISION if is_decision else Fault.VALUE
