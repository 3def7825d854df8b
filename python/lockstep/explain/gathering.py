"""From a named place to its reason and its mend: what the explainer calls.

May import `changes`, `closeness`, `evidence`, `nodes_of_tree`, `handed_over`, `match`, `mending`,
`names`, `nothing`, `octave_files`, `places`, `why`, `project`, `sides` and `model`.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lockstep.explain.changes.change import Change
from lockstep.explain.closeness import distance
from lockstep.explain.evidence import Evidence, Turn, gathered, live_names, turns_of, variables_at
from lockstep.explain.handed_over import handed_over
from lockstep.explain.match import Matching
from lockstep.explain.mending import SECONDS
from lockstep.explain.names import less_one_of, likely_names_of, names_of
from lockstep.explain.nodes_of_tree import statement_around
from lockstep.explain.nothing import Nothing
from lockstep.explain.octave_files import text_of
from lockstep.explain.places import place_of_statement
from lockstep.explain.trying import STEPS, TriedCase
from lockstep.explain.why import Answer, answer
from lockstep.model.execution import Execution, Kind, Site, Statement
from lockstep.model.report import Fault, Finding
from lockstep.project.m_files import spelling
from lockstep.sides.port_execution import ObservedPort

STEPS_MORE = 20_000
"""Probes that a changed port may pass beyond ten times those of the run itself."""


class Named(Protocol):
    """A site of the port that is at fault, as `lockstep.explain.blame` finds it."""

    @property
    def site(self) -> int:
        """Of the port."""
        ...

    @property
    def octave_site(self) -> int:
        """What stands for it in Octave; -1 where nothing does."""
        ...

    @property
    def values(self) -> tuple[Any, ...]:
        """What stood in its place, turn by turn."""
        ...


@dataclass(frozen=True)
class Answered:
    """A finding with its reason and its mend.

    Attributes
    ----------
    finding : Finding
        With what was found.
    change : Change or None
        The change of the mend, where every case agrees with it.
    is_elsewhere : bool
        Whether it is of another statement than the one that is named: that one is at fault.
    evidence : Evidence or None
        What is known of the place that is named.
    """

    finding: Finding
    change: Change | None = None
    is_elsewhere: bool = False
    evidence: Evidence | None = None


def with_answer(
    finding: Finding,
    matching: Matching,
    named: Named,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    seconds: float = SECONDS,
) -> Answered:
    """Return a finding with its reason and its mend, where they are found.

    Parameters
    ----------
    finding : Finding
        What was found.
    matching : Matching
        Both executions of the first failing case.
    named : Named
        The site that is at fault.
    observed : ObservedPort
        The port, with probes.
    failing, agreeing : sequence of TriedCase
        All cases of the pair: those that disagree, the one that was looked at first; and those
        that agree. A mend must make all of them agree.
    seconds : float
        Time for it.

    Notes
    -----
    Where `Finding.mend` makes every case agree, that is proof of the place, too.
    """
    evidence = evidence_of(matching, named, finding.fault)
    if evidence is None:
        return Answered(finding)
    evidence = replace(evidence, is_sure=finding.proved, less_one=less_one_of(matching))
    found = _answer(matching.port.execution, observed, failing, agreeing, evidence, seconds)
    return _answered(finding, found, evidence)


def _answered(finding: Finding, found: Answer, evidence: Evidence) -> Answered:
    """Return a finding with the reason and the mend that were found, and where that is."""
    told = replace(finding, reason=found.reason, mend=found.mend)
    if found.change is None or not found.proved:
        return Answered(told)
    changed = statement_around(evidence.tree, found.change.old)
    is_here = changed is evidence.statement or changed is None
    return Answered(told, found.change, not is_here, evidence)


def _answer(
    port: Execution,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    evidence: Evidence,
    seconds: float,
) -> Answer:
    observed.rest()
    steps = most_steps(port)
    return answer(observed.port, observed.pair, failing, agreeing, evidence, steps, seconds)


def most_steps(port: Execution) -> int:
    """Say after how many probes a changed port is stopped in a case.

    One that raised an error has not shown how long it would have gone on.
    """
    return max(10 * port.steps + STEPS_MORE, STEPS if port.error else 0)


def with_answer_to_error(
    finding: Finding,
    matching: Matching,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    seconds: float = SECONDS,
) -> Answered:
    """Return a finding of a port that raises an error with its mend, where one is found."""
    port = matching.port.execution
    if port.error_statement < 0 or not port.nodes:
        return Answered(finding)
    statement = port.source.statements[port.error_statement]
    sites = [s.number for s in port.source.sites if s.statement == statement.number]
    nodes = [node for site in sites for node in port.by_site.get(site, ())]
    last = max(nodes, default=len(port.nodes) - 1)
    file = port.source.files[statement.function]
    live = live_names(file)
    counterpart = _counterpart_of_error(matching, statement, port.error)
    texts = ("", "" if counterpart is None else counterpart.text, "")
    if counterpart is not None:
        place = place_of_statement(matching.octave.execution.source, counterpart.number)
        finding = replace(finding, octave=place)
    names = names_of(matching)
    made = gathered(port, -1, (), live, Fault.ERROR, texts, names, span=statement)
    if made is None:
        return Answered(finding)
    variables = variables_at(port, last, after=True)
    evidence = _of_guard(made, variables)
    if evidence is None:
        evidence = replace(made, turns=(Turn(None, None, variables),))
    found = _answer(port, observed, failing, agreeing, evidence, seconds)
    return _answered(finding, found, evidence)


def with_answer_to_nothing(
    finding: Finding,
    matching: Matching,
    nothing: Nothing,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    seconds: float = SECONDS,
) -> Answered:
    """Return a finding of what gives None with its mend, where one is found."""
    port, octave = matching.port.execution, matching.octave.execution
    whole = text_of(octave.source.files[octave.frames[0].function])
    live = live_names(port.source.files[nothing.statement.function])
    texts, names = ("", "", whole), likely_names_of(matching)
    span = nothing.statement if nothing.site < 0 else None
    made = gathered(port, nothing.site, (), live, Fault.NOTHING, texts, names, span)
    if made is None:
        return Answered(finding)
    turn = Turn(None, None, variables_at(port, nothing.last, after=True))
    expression = made.expression if nothing.site >= 0 else None
    evidence = replace(made, expression=expression, turns=(turn,))
    found = _answer(port, observed, failing, agreeing, evidence, seconds)
    return _answered(finding, found, evidence)


def _of_guard(made: Evidence, variables: Mapping[str, Any]) -> Evidence | None:
    """Look at the condition on which the port raises its error; None where it is no such."""
    if not isinstance(made.statement, ast.Raise):
        return None
    guards = [node for node in ast.walk(made.function) if isinstance(node, ast.If)]
    for guard in reversed(guards):  # the innermost last
        for body, outcome in ((guard.body, True), (guard.orelse, False)):
            if any(one is made.statement for one in body):
                turn = Turn(outcome, not outcome, variables)
                return replace(
                    made,
                    expression=guard.test,
                    statement=guard,
                    fault=Fault.DECISION,
                    turns=(turn,),
                )
    return None


def with_answer_to_jump(
    finding: Finding,
    matching: Matching,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    seconds: float = SECONDS,
) -> Finding:
    """Return a finding of a way that the port takes alone with its mend, where one is found."""
    port, octave = matching.port.execution, matching.octave.execution
    assert finding.port is not None
    found = (one for one in port.source.statements if one.span == finding.port.span)
    statement = next(one for one in found if one.function == finding.port.function)
    texts = ("", "", "")
    if finding.octave is not None:
        texts = (
            "",
            finding.octave.statement,
            text_of(octave.source.files[finding.octave.function]),
        )
    live = live_names(port.source.files[statement.function])
    names = names_of(matching)
    made = gathered(port, -1, (), live, Fault.JUMP, texts, names, span=statement)
    if made is None:
        return finding
    found_answer = _answer(port, observed, failing, agreeing, made, seconds)
    return replace(finding, reason=found_answer.reason, mend=found_answer.mend)


def _counterpart_of_error(matching: Matching, statement: Statement, error: str) -> Statement | None:
    """Return Octave's statement that binds what a name stands for that the port has not bound.

    So is a field of a struct that the port's dict has not. Of another error, the statement that
    binds what the port's own statement would have bound; of several the likest.
    """
    octave = matching.octave.execution.source
    field = re.match(r"KeyError: '(\w+)'", error)
    if field:
        given = re.compile(rf"\.{field[1]}\s*=(?!=)")
        return next((one for one in octave.statements if given.search(one.text)), None)
    lost = re.search(r"name '(\w+)' is not|variable '(\w+)'", error)
    wanted = {lost[1] or lost[2]} if lost else set(statement.defines)
    spelt = set(map(spelling, wanted))
    sites = (one for one in octave.sites if one.kind is Kind.BINDING)
    found = [octave.statements[s.statement] for s in sites if spelling(s.name) in spelt]
    if lost or len(found) < 2:
        return next(iter(found), None)
    own, names = _tree(statement.text), names_of(matching)
    return min(found, key=lambda one: distance(own, one.text, names))


def _tree(text: str) -> ast.AST:
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])


def _changed_to(octave: Execution, site: Site) -> Site:
    """Return what Octave last changes a variable to, of those values that are read at a site."""
    nodes, sites = octave.nodes, octave.source.sites
    bound = {node for read in octave.by_site[site.number] for node in nodes[read].inputs[:1]}
    given = {node for one in bound for node in nodes[one].inputs[-1:]}
    return max(
        (sites[nodes[one].site] for one in given), key=lambda one: one.span.line, default=site
    )


def evidence_of(matching: Matching, named: Named, fault: Fault) -> Evidence | None:
    """Gather what is known of a site of the port that is at fault."""
    port, octave = matching.port.execution, matching.octave.execution
    values = list(named.values)
    if not values and named.octave_site in matching.octave.streams:
        values = list(matching.octave.streams[named.octave_site].values)
    if not values:
        values = list(matching.port.streams[named.site].values)
    texts = ("", "", "")
    if named.octave_site >= 0:
        site = octave.source.sites[named.octave_site]
        site = _changed_to(octave, site) if fault is Fault.STALE else site
        whole = text_of(octave.source.files[site.function])
        texts = (site.text, octave.source.statements[site.statement].text, whole)
    names = likely_names_of(matching)
    given = handed_over(port, named.site) if fault is Fault.VALUE else None
    site = port.source.sites[named.site] if given is None else given.site
    live = live_names(port.source.files[site.function])
    if given is None:
        return gathered(port, named.site, values, live, fault, texts, names)
    span = port.source.statements[site.statement]
    made = gathered(port, named.site, values, live, fault, texts, names, span)
    turns = turns_of(port, named.site, values, given.ends)
    return made and replace(made, expression=given.expression, turns=turns)
