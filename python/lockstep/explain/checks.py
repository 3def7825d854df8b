"""Changes of what the port raises, where Octave raises an error.

A message of the port, with its values left out, says which of Octave's errors it stands for. Its
condition and what it says are changed; Octave's own are put in their place; and a check that the
port lacks is put where it would stand. May import `changes`, `error_calls`, `match`,
`octave_files`, `patience`, `slips`, `statements`, `translator`, `sources` and `model`.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import segment
from lockstep.explain.changes.translation import cut
from lockstep.explain.error_calls import ErrorCall, Raised, error_calls, raised_by
from lockstep.explain.match import Matching
from lockstep.explain.octave_files import octave_files
from lockstep.explain.patience import Patience
from lockstep.explain.slips import FAR_FETCHED, Slip, of_statement
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.translator import Spot, Translator
from lockstep.model.execution import Execution

ALIKE = 0.7
"""How like Octave's a message is at least that is to say the same."""

MOST_WAYS = 4
"""Translations of one that are tried."""

MOST_PLACES = 6
"""Places at which a check that is lacking is put."""


def checks(matching: Matching, statements: Statements, patience: Patience) -> Iterator[Slip]:
    """Make the changes after which the port may raise what Octave raises; none where it does not.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    patience : Patience
        How long that may take.
    """
    octave = matching.octave.execution
    if octave.error_statement < 0:
        return
    own = _Port(matching, statements)
    calls, wanted = _calls(octave)
    for slip in chain(*(own.as_in(one, calls) for one in wanted), own.where_it_raised()):
        if patience.is_over:
            return
        yield slip


def same_check(matching: Matching, statements: Statements) -> int:
    """Return the statement of the port that says what Octave raises; -1 where none does."""
    octave = matching.octave.execution
    if octave.error_statement < 0:
        return -1
    own = _Port(matching, statements)
    calls, wanted = _calls(octave)
    pairs = own.paired(calls)
    found = (own.saying(one, pairs) for one in wanted)
    return next((one.number for one in found if one is not None), -1)


def _calls(octave: Execution) -> tuple[list[ErrorCall], list[ErrorCall]]:
    """List what the functions of Octave that ran raise on purpose, and that which was raised."""
    ran = statements_that_ran(octave) | {octave.error_statement}
    calls = [one for file in octave_files(octave, ran) for one in error_calls(file)]
    line = octave.source.statements[octave.error_statement].span.line
    return calls, [one for one in calls if one.line == line]


@dataclass(frozen=True)
class _Pair:
    """An error of Octave's and the one of the port that says the same."""

    octave: ErrorCall
    port: Raised


class _Port:
    """What the port raises, and how that may be changed."""

    def __init__(self, matching: Matching, statements: Statements) -> None:
        self._execution = matching.port.execution
        self._statements = statements
        self._translator = Translator()
        self._octave = ""
        self._done: set[int] = set()

    @cached_property
    def _raised(self) -> list[Raised]:
        found: list[Raised] = []
        for statement, evidence in self._statements.each():
            found += raised_by(evidence.statement, statement.number)
        known = {id(one.node) for one in found if one.guard is not None}
        return [one for one in found if one.guard is not None or id(one.node) not in known]

    def _slip(self, number: int, change: Change, level: int = 0) -> Iterator[Slip]:
        evidence = self._statements.evidence(number)
        if evidence is not None:
            evidence = replace(evidence, octave_statement=self._octave)
            yield Slip(change, evidence, self._execution.source.statements[number], level)

    def _plain_slips(self, number: int, octave: str = "") -> Iterator[Slip]:
        """Make the common slips of one statement, once; they go before those of others."""
        evidence = self._statements.evidence(number)
        if evidence is None or number in self._done:
            return
        self._done.add(number)
        evidence = replace(evidence, octave_statement=octave)
        for one in of_statement(self._execution.source.statements[number], evidence):
            if one.level < FAR_FETCHED:
                yield replace(one, level=0)

    def where_it_raised(self) -> Iterator[Slip]:
        """Change the statement that raised the port's error, and its condition."""
        number = self._execution.error_statement
        if number >= 0:
            yield from self._plain_slips(number)
            parent = self._execution.source.statements[number].parent
            if parent >= 0:
                yield from self._plain_slips(parent)

    def as_in(self, wanted: ErrorCall, calls: Sequence[ErrorCall]) -> Iterator[Slip]:
        """Bring the port to raise one of Octave's errors."""
        self._octave = wanted.text
        pairs = self.paired(calls)
        found = self.saying(wanted, pairs)
        if found is not None:
            yield from self._conditions(wanted, found, pairs)
            yield from self._messages(wanted, found, pairs)
            yield from self._plain_slips(found.number, wanted.text)
            own = self._execution.error_statement
            if own >= 0 and self._execution.source.statements[own].parent == found.number:
                yield from self._plain_slips(own, wanted.text)
            return
        yield from self._emptied(wanted, pairs)
        yield from self._lacking(wanted, pairs)

    def paired(self, calls: Sequence[ErrorCall]) -> list[_Pair]:
        """Pair Octave's errors with those of the port that say the same."""
        return list(_paired(calls, self._raised))

    def saying(self, wanted: ErrorCall, pairs: Sequence[_Pair]) -> Raised | None:
        """Return what of the port says the same as one of Octave's errors, or nearly so."""
        found = next((one.port for one in pairs if one.octave is wanted), None)
        if found is None:
            taken = {id(one.port) for one in pairs}
            found = _likest(wanted, [one for one in self._raised if id(one) not in taken])
        return found

    def _conditions(
        self, wanted: ErrorCall, found: Raised, pairs: Sequence[_Pair]
    ) -> Iterator[Slip]:
        """Put Octave's condition in the place of the port's."""
        spot = self._spot(found.number)
        if spot is None or found.guard is None:
            return
        for text in self._translated(wanted.condition, wanted, spot, pairs):
            yield from self._exchanged(found.number, found.guard.test, text, wanted.condition)

    def _messages(self, wanted: ErrorCall, found: Raised, pairs: Sequence[_Pair]) -> Iterator[Slip]:
        """Let the port say what Octave says."""
        spot = self._spot(found.number)
        if spot is None:
            return
        for text in self._said(wanted, spot, pairs):
            yield from self._exchanged(found.number, found.message, text, wanted.template)

    def _exchanged(self, number: int, old: ast.expr, text: str, octave: str) -> Iterator[Slip]:
        new = _expression(text)
        if new is not None and ast.dump(new) != ast.dump(old):
            rules = f"Octave has {cut(octave)} here.", f"The port has {cut(ast.unparse(old))}."
            yield from self._slip(number, Change("translation", old, new, *rules, is_guess=True))

    def _emptied(self, wanted: ErrorCall, pairs: Sequence[_Pair]) -> Iterator[Slip]:
        """Let a condition raise the error on which the port does nothing."""
        for statement, evidence in self._statements.each():
            guard = evidence.statement
            if not isinstance(guard, ast.If) or not all(map(_is_nothing, guard.body)):
                continue
            for text in self._said(wanted, Spot(Context(evidence)), pairs):
                lines = f"raise {self._kind(wanted)}({text})"
                change = _lost(guard.body[-1], wanted, lines, Where.IN_PLACE)
                yield from self._slip(statement.number, change)

    def _lacking(self, wanted: ErrorCall, pairs: Sequence[_Pair]) -> Iterator[Slip]:
        """Put a check where it would stand, by the order of the others."""
        if not wanted.condition:
            return
        for number, where in self._places(wanted, pairs):
            spot = self._spot(number)
            if spot is None:
                continue
            said = self._said(wanted, spot, pairs)[:2]
            for condition in self._translated(wanted.condition, wanted, spot, pairs):
                for text in said:
                    lines = f"if {_plain(condition)}:\n    raise {self._kind(wanted)}({text})"
                    node = spot.context.evidence.statement
                    yield from self._slip(number, _lost(node, wanted, lines, where))

    def _places(self, wanted: ErrorCall, pairs: Sequence[_Pair]) -> Iterator[tuple[int, Where]]:
        """Say beside which statements a check may stand, the likeliest first."""
        same = [one for one in pairs if one.octave.octave == wanted.octave]
        before = [one.port.number for one in same if one.octave.line < wanted.line]
        after = [one.port.number for one in same if one.octave.line > wanted.line]
        first = max(before, default=-1)
        if first >= 0:
            yield first, Where.AFTER
        if after:
            yield min(after), Where.BEFORE
        others = [n for n in self._statements.numbers if n > first and self._is_at_top(n)]
        for number in others[: MOST_PLACES - 2]:
            yield number, Where.BEFORE

    def _is_at_top(self, number: int) -> bool:
        evidence = self._statements.evidence(number)
        return evidence is not None and evidence.statement in evidence.function.body

    def _spot(self, number: int) -> Spot | None:
        evidence = self._statements.evidence(number)
        return None if evidence is None else Spot(Context(evidence))

    def _kind(self, wanted: ErrorCall) -> str:
        """Name the class of the port's error whose message is most like Octave's."""
        found = _likest(wanted, self._raised, 0.0)
        if found is None or not isinstance(found.node.exc, ast.Call):
            return "ValueError"
        return ast.unparse(found.node.exc.func)

    # Octave's words in those of the port

    def _said(self, wanted: ErrorCall, spot: Spot, pairs: Sequence[_Pair]) -> list[str]:
        """Write Octave's message as the port would."""
        if not wanted.arguments:
            return [_quoted(wanted.template.replace("%%", "%"))]
        ways = [self._translated(one, wanted, spot, pairs) for one in wanted.arguments]
        if not all(ways) or len(ways) != len(wanted.formats):
            return []
        found = []
        for number in range(max(map(len, ways))):
            chosen = [_plain(way[min(number, len(way) - 1)]) for way in ways]
            found += [
                _filled(wanted, chosen),
                f"{_quoted(wanted.template)} % ({', '.join(chosen)},)",
            ]
        return [one for one in found if _expression(one) is not None]

    def _translated(
        self, text: str, wanted: ErrorCall, spot: Spot, pairs: Sequence[_Pair]
    ) -> list[str]:
        """Translate an expression: as the port has it elsewhere, or else word by word."""
        parts = [part for one in pairs for part in self._known(one)]
        known = [_renamed(octave, text, written, spot) for octave, written in parts]
        plain = self._translator.expressions(text, spot, wanted.octave)
        return list(dict.fromkeys(filter(None, [*known, *plain])))[:MOST_WAYS]

    def _known(self, pair: _Pair) -> Iterator[tuple[str, str]]:
        """Say what the port has for the parts of one of Octave's errors."""
        evidence = self._statements.evidence(pair.port.number)
        if evidence is None:
            return
        if pair.port.guard is not None and pair.octave.condition:
            yield pair.octave.condition, segment(evidence.text, pair.port.guard.test)
        values = pair.port.values
        if len(values) == len(pair.octave.arguments):
            for octave, value in zip(pair.octave.arguments, values, strict=True):
                yield octave, ast.unparse(value)


def _paired(calls: Sequence[ErrorCall], raised: Sequence[Raised]) -> Iterator[_Pair]:
    """Pair the errors that say the same, each once, in order."""
    left = list(raised)
    for call in calls:
        found = next((one for one in left if one.frame == call.frame), None)
        if found is not None:
            left.remove(found)
            yield _Pair(call, found)


def _likest(wanted: ErrorCall, raised: Sequence[Raised], least: float = ALIKE) -> Raised | None:
    """Choose the message of the port that is most like one of Octave's."""
    frame = wanted.frame
    rated = [(SequenceMatcher(None, one.frame, frame).ratio(), one) for one in raised]
    best = max(rated, key=lambda one: one[0], default=(0.0, None))
    return best[1] if best[0] >= least else None


_WORD = re.compile(r"[A-Za-z_]\w*")


def _renamed(octave: str, wanted: str, port: str, spot: Spot) -> str:
    """Turn what the port has for one expression into what it has for one with another variable.

    Empty where the two expressions of Octave differ by more than the name of one.
    """
    one, other = _WORD.findall(octave), _WORD.findall(wanted)
    if _WORD.sub("", octave) != _WORD.sub("", wanted) or len(one) != len(other):
        return ""
    apart = {(a, b) for a, b in zip(one, other, strict=True) if a != b}
    if not apart:
        return port
    if len(apart) > 1:
        return ""
    ((old, new),) = apart
    names = {name: found[0] for name, found in spot.names.items() if found}
    if old not in names or new not in names:
        return ""
    return re.sub(rf"\b{re.escape(names[old])}\b", names[new], port)


def _filled(wanted: ErrorCall, values: Sequence[str]) -> str:
    """Write a message as an f-string."""
    pieces = [one.replace("{", "{{").replace("}", "}}") for one in wanted.pieces]
    made = pieces[0]
    for value, form, piece in zip(values, wanted.formats, pieces[1:], strict=True):
        made += f"{{{value}{'' if form in ('%d', '%s', '%i') else ':' + form[1:]}}}{piece}"
    return f"f{_quoted(made)}"


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _plain(text: str) -> str:
    """Write an expression without the brackets that translation adds."""
    tree = _expression(text)
    return text if tree is None else ast.unparse(tree)


def _quoted(text: str) -> str:
    """Write a text as most ports do."""
    return repr(text) if '"' in text or not text.isprintable() or "\\" in text else f'"{text}"'


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Pass, ast.Expr)) and not isinstance(
        getattr(node, "value", None), ast.Call
    )


def _lost(node: ast.stmt, wanted: ErrorCall, lines: str, where: Where) -> Change:
    octave = f"Octave raises an error here if {cut(wanted.condition)}."
    python = "The port has no such check."
    return Change("missing-statement", node, None, octave, python, lines=lines, where=where)
