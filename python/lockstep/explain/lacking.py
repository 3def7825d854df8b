"""Statements of Octave that the port lacks, put where they would stand in it.

A statement may lack where Octave gives a variable a value at more places than the port does. It is
tried alone, with those beside it that lack as well, and under its condition; first where it keeps
the order that both sides share. A jump may lack with its condition, where Octave has more of its
kind. May import `changes`, `evidence`, `match`, `names`, `octave_blocks`, `octave_files`, `slips`,
`statements`, `suspects`, `translator`, `sources` and `model`.
"""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.translation import bound_less_often, cut
from lockstep.explain.match import Matching, operation
from lockstep.explain.names import bound_by, names_of_expressions
from lockstep.explain.octave_blocks import Lacking, assignments, every_block, jumps
from lockstep.explain.octave_files import octave_files
from lockstep.explain.patience import Patience
from lockstep.explain.slips import Slip
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.suspects import Blamed
from lockstep.explain.translator import Spot, Translator
from lockstep.model.execution import Execution, Kind, StatementKind
from lockstep.sources.python_names import bound_names

LEVEL = 3
"""How common it is among slips, where the values do not point at the statement."""

FAR = 1000
"""Lines between a statement and another that does not exist."""

MOST_WAYS = 8
"""Translations of one that are tried."""

MOST = 400
"""Changes that are made of all."""

OF_LOOPS = frozenset(["break", "continue"])
"""Jumps that are looked for with the condition that they are under."""

_DONE = (Kind.EXPRESSION, Kind.BINDING)


@dataclass(frozen=True)
class _Slot(Spot):
    """A place between two statements of the port.

    Attributes
    ----------
    number : int
        Of the statement beside it.
    where : Where
        On which side of that.
    """

    number: int
    where: Where

    def bound_less_often(self, octave: str) -> set[str]:
        """Name the variables of a file of Octave that have values at more places than in the port.

        Only a statement that gives one of these a value can be lacking.
        """
        return bound_less_often(self.context, self.names, octave)

    def depth(self) -> tuple[int, int]:
        """Count the loops and the conditions that it is in."""
        loops = ifs = 0
        node: ast.AST = self.context.evidence.statement
        while (parent := self.context.parent(node)) is not None:
            is_elif = isinstance(parent, ast.If) and isinstance(node, ast.If)
            loops += isinstance(parent, (ast.For, ast.While))
            ifs += isinstance(parent, ast.If) and not (is_elif and parent.orelse == [node])
            node = parent
        return loops, ifs

    def apart(self, line: int, lines: Mapping[int, tuple[int, int]]) -> int:
        """Count the statements of the port that would be on the wrong side of one of Octave's."""
        last = self.number - (self.where is Where.BEFORE)
        return sum(
            begins > line if number <= last else ends < line
            for number, (begins, ends) in lines.items()
        )

    def gap(self, line: int, lines: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
        """Count the lines of Octave between what surely stands before a place, and behind it.

        And say how far the place is from the one of both that is nearer in Octave.
        """
        last = self.number - (self.where is Where.BEFORE)
        before = [b for number, (b, _) in lines.items() if number <= last and b <= line]
        behind = [e for number, (_, e) in lines.items() if number > last and e >= line]
        begins, ends = max(before, default=line - FAR), min(behind, default=line + FAR)
        is_behind = line - begins <= ends - line
        return ends - begins, self.number if is_behind else -self.number


def lacking(
    matching: Matching, statements: Statements, named: Blamed | None, patience: Patience
) -> Iterator[Slip]:
    """Make the changes that put a statement of Octave into the port.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    named : Blamed or None
        The place that is named.
    patience : Patience
        How long that may take.
    """
    blocks = list(_blocks(matching))
    more = dict(names_of_expressions(matching))
    if named is not None and named.proved:
        more |= bound_by(matching, named.site, named.octave_site)
    slots = _slots(statements, more) if blocks else iter(())
    translator, made = Translator(), 0
    for is_named, one, slot in _in_turn(matching, named, blocks, slots):
        if made >= MOST or patience.is_over:
            return
        for change in _changes(one, slot, translator):
            made += 1
            beside = matching.port.execution.source.statements[slot.number]
            is_likely = is_named and not (_overwrites(one, slot) or _is_elsewhere(change, slot))
            level = 0 if is_likely else LEVEL
            yield Slip(change, slot.context.evidence, beside, level, one.statement)


def _overwrites(one: Lacking, slot: _Slot) -> bool:
    """Whether statements would take the place of what the one before them does.

    What reads the variable that it gives a value goes on from there.
    """
    both = zip(one.names, one.texts, strict=True) if one.names else ()
    if any(re.search(rf"=.*\b{name}\b", text) for name, text in both):
        return False
    before: ast.stmt | None = slot.context.evidence.statement
    if slot.where is Where.BEFORE:
        before = slot.context.beside(slot.context.evidence.statement, -1)
    return before is not None and _gives(one, slot, set(bound_names(before)))


def _is_elsewhere(change: Change, slot: _Slot) -> bool:
    """Whether the function has the very statement already: it may be to be moved."""
    function = slot.context.evidence.function
    return any(
        ast.unparse(node) == change.lines
        for node in ast.walk(function)
        if isinstance(node, (ast.Assign, ast.AugAssign))
    )


def _gives(one: Lacking, slot: _Slot, names: Collection[str]) -> bool:
    """Whether statements would give one of some variables of the port a value."""
    return any(own in names for name in one.names for own in slot.names.get(name, ()))


def _in_turn(
    matching: Matching, named: Blamed | None, blocks: Sequence[Lacking], slots: Iterator[_Slot]
) -> Iterator[tuple[bool, Lacking, _Slot]]:
    """Pair statements of Octave with the places that they may have in the port, likely ones first.

    Those go first that the values point at, and it is said of each whether they do; then those that
    keep the order and the loops that both sides share.
    """
    source = matching.port.execution.source.statements
    lines: dict[str, dict[int, tuple[int, int]]] = {}  # of other functions the order says nothing
    for number, found in _lines(matching).items():
        lines.setdefault(source[number].function, {})[number] = found
    statement, line, read = _places(matching, named)
    shared = _shared(matching)  # what is right, and then not changed as in Octave
    bound = source[statement].defines if named else ()
    waiting: list[tuple[tuple[int, ...], Lacking, _Slot]] = []
    order = count()
    for slot in slots:
        loops, ifs = slot.depth()
        own = lines.get(source[slot.number].function, {})
        less = {text: slot.bound_less_often(text) for text in {one.octave for one in blocks}}
        for one in blocks:
            if less[one.octave].issuperset(one.names):
                apart = slot.apart(one.line, own) + abs(one.loops - loops)
                near = abs(one.ifs - ifs), *slot.gap(one.line, own)
                is_at = one.line == line and not _gives(one, slot, bound)
                is_stale = all(shared.get(name, set()) - {one.statement} for name in one.names)
                is_read = one.statement in read and is_stale
                is_elsewhere = not (is_at or is_read)
                waiting.append(((is_elsewhere, apart, *near, next(order)), one, slot))
    for (is_other, *_), one, slot in sorted(waiting, key=lambda one: one[0]):
        yield not is_other, one, slot


def _shared(matching: Matching) -> dict[str, set[int]]:
    """Say of each variable of Octave which statements surely give the port's the same value."""
    found: dict[str, set[int]] = {}
    for site, partners in matching.partners.items():
        if matching.port.sites[site].kind is Kind.BINDING and matching.is_sure(site):
            for one in (matching.octave.sites[partner] for partner in partners):
                if one.kind is Kind.BINDING:
                    found.setdefault(one.name, set()).add(one.statement)
    return found


def _places(matching: Matching, named: Blamed | None) -> tuple[int, int, set[int]]:
    """Return the number of the statement that is named, and the line of Octave's counterpart.

    And the statements of Octave that gave what is read there. No line is returned where both do
    the same: then the port has that statement.
    """
    if named is None:
        return 0, -1, set()
    octave, line, read = matching.octave.execution, -1, set[int]()
    if named.octave_site >= 0:
        number = octave.source.sites[named.octave_site].statement
        place, there = matching.port.sites[named.site], octave.source.sites[named.octave_site]
        is_both = place.kind is there.kind is Kind.EXPRESSION
        if not (is_both and operation(place) == operation(there)):
            line = octave.source.statements[number].span.line
        read = set(_given_to(octave, number))
        if there.kind is Kind.RETURN:  # and what is read where an output was given its elements
            made = set(_made_of(octave, named.octave_site))
            read |= made.union(*(_given_to(octave, one) for one in made))
    return matching.port.sites[named.site].statement, line, read


def _given_to(execution: Execution, statement: int) -> Iterator[int]:
    """Yield the statements that gave the variables their values that one reads."""
    for site in execution.source.sites:
        if site.statement == statement and site.kind is Kind.READ:
            for node in execution.by_site.get(site.number, ()):
                given = {execution.site(one).statement for one in _versions(execution, node)}
                yield from sorted(given - {statement})


def _made_of(execution: Execution, site: int) -> Iterator[int]:
    """Yield the statements that gave a site, or elements of it, their values."""
    for node in execution.by_site.get(site, ()):
        yield from (execution.site(one).statement for one in _versions(execution, node))


def _versions(execution: Execution, read: int) -> Iterator[int]:
    """Yield what gave a variable the value that is read, back to where it was bound as a whole."""
    level = list(execution.nodes[read].inputs)
    while level:
        yield from level
        changes = (one for one in level if not execution.site(one).whole)
        before = {i for one in changes for i in execution.nodes[one].inputs}
        level = sorted(i for i in before if execution.site(i).kind is Kind.BINDING)


def _blocks(matching: Matching) -> Iterator[Lacking]:
    """List the assignments of Octave's functions that ran and gave what the port has not."""
    octave = matching.octave.execution
    ran = statements_that_ran(octave)
    numbers, fewer = ran - _seen_in_port(matching), _fewer_jumps(matching)
    for file in octave_files(octave, numbers):
        for block in every_block(file):
            yield from assignments(block, file)
    for file in octave_files(octave, ran) if fewer else ():
        for block in every_block(file):
            yield from jumps(block, file, fewer)


def _fewer_jumps(matching: Matching) -> set[str]:
    """Name the jumps out of a turn of a loop of which the port has fewer than Octave."""
    own, octaves = (_count_of_jumps(side.execution) for side in (matching.port, matching.octave))
    return {kind for kind in OF_LOOPS if own[kind] < octaves[kind]}


def _count_of_jumps(execution: Execution) -> Counter[str]:
    return Counter(str(one.kind) for one in execution.statements_in_reach())


def _seen_in_port(matching: Matching) -> set[int]:
    """Collect the statements of Octave that surely have a counterpart in the port."""
    found = set()
    for site, partners in matching.partners.items():
        own = matching.port.sites[site]
        if own.kind is not Kind.BINDING:
            continue
        name, sure = matching.port.target(site), matching.port.streams[site].is_telling
        for one in partners:
            place = matching.octave.sites[one]
            alike = place.whole == own.whole and matching.is_called(name, place.name)
            if place.kind is Kind.BINDING and (sure or alike):
                found.add(place.statement)
    return found


def _slots(statements: Statements, more: Mapping[str, Sequence[str]]) -> Iterator[_Slot]:
    """List the places before each statement that ran, and behind the last of each block."""
    for statement, evidence in statements.each():
        if statement.kind is StatementKind.FUNCTION:
            continue
        context = Context(evidence)
        yield _Slot(context, statement.number, Where.BEFORE, more=more)
        if _is_last(context, evidence.statement):
            yield _Slot(context, statement.number, Where.AFTER, more=more)


def _is_last(context: Context, node: ast.stmt) -> bool:
    """Whether a statement is the last of its block, and goes on to what comes after it."""
    is_jump = isinstance(node, (ast.Return, ast.Break, ast.Continue, ast.Raise))
    return not is_jump and context.beside(node) is None


def _lines(matching: Matching) -> dict[int, tuple[int, int]]:
    """Say between which lines of Octave what a statement of the port surely stands for is."""
    octave = matching.octave.execution.source
    found: dict[int, tuple[int, int]] = {}
    for site, partners in matching.partners.items():
        place = matching.port.sites[site]
        if place.kind not in _DONE or not matching.is_sure(site):
            continue
        sites = (octave.sites[one] for one in partners)
        alike = (s for s in sites if s.kind in _DONE and s.whole == place.whole)
        lines = [octave.statements[s.statement].span.line for s in alike]
        if lines:
            found[place.statement] = min(lines), max(lines)
    return found


def _changes(one: Lacking, slot: _Slot, translator: Translator) -> Iterator[Change]:
    if not one.names:
        if slot.depth()[0]:
            conditions = translator.expressions(one.condition, slot, one.octave)[:MOST_WAYS]
            written = (_plain(f"if {own}:\n    {one.texts[0]}") for own in conditions)
            yield from (_change(one, slot, lines) for lines in filter(None, written))
        return
    ways = [
        [*_emptied(text, name, slot), *translator.statements(text, slot, one.octave)]
        for text, name in zip(one.texts, one.names, strict=True)
    ]
    if not all(ways):
        return
    conditions = translator.expressions(one.condition, slot, one.octave)
    for number in range(min(MOST_WAYS, max(map(len, ways)))):
        chosen = [way[min(number, len(way) - 1)] for way in ways]
        if any(one.partition(" = ")[0] == one.partition(" = ")[2] for one in chosen):
            continue
        inside = "\n    ".join(chosen)
        under = (f"if {condition}:\n    {inside}" for condition in conditions[:MOST_WAYS])
        masked = _masked(chosen, conditions[:MOST_WAYS], slot)
        for lines in filter(None, map(_plain, ["\n".join(chosen), *under, *masked])):
            yield _change(one, slot, lines)


def _masked(chosen: Sequence[str], conditions: Sequence[str], slot: _Slot) -> Iterator[str]:
    """Write for all elements at once what Octave does to one at a time, under a condition."""
    own, _, value = chosen[0].partition(" = ")
    first, np_name = slot.context.evidence.first, slot.context.np
    held = first.variables.get(own) if first is not None else None
    if len(chosen) == 1 and isinstance(held, np.ndarray) and held.ndim and np_name:
        yield from (f"{own} = {np_name}.where({one}, {value}, {own})" for one in conditions)


def _plain(lines: str) -> str:
    """Write statements without the brackets that translation adds; empty where they are none."""
    try:
        return ast.unparse(ast.parse(lines))
    except SyntaxError:
        return ""


def _emptied(text: str, name: str, slot: _Slot) -> Iterator[str]:
    """Empty what the port has as a list, set or the like, where Octave assigns an empty value."""
    first, own = slot.context.evidence.first, next(iter(slot.names.get(name, ())), "")
    value = first.variables.get(own) if first is not None else None
    is_empty = text.partition("=")[2].strip() in ("[]", "{}", "''", '""')
    if is_empty and isinstance(value, (list, set, dict, str)):
        yield f"{own} = {type(value).__name__}()"


def _change(one: Lacking, slot: _Slot, lines: str) -> Change:
    does = one.texts if one.names else (f"if {one.condition}, {one.texts[0]}; end",)
    octave = f"Octave does {cut('; '.join(does))} here."
    python = "The port has no such statement."
    return Change(
        "missing-statement", slot.context.evidence.statement, None, octave, python, lines=lines,
        where=slot.where,
    )  # fmt: skip
