"""What Octave's functions and the port raise on purpose: which condition, and what is said.

May import `dialects`, `octave_files` and `sources`.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lockstep.explain.octave_files import OctaveFile
from lockstep.sources.m_tree import Access, Expression, Form, Node, Sort

VALUE = "\0"
"""What stands for a value in the frame of a message."""

_FORMAT = re.compile(r"%[-+ 0#]*\d*(?:\.\d+)?[diufeEgGxXoscaA]")
_FIELD = re.compile(r"\{[^{}]*\}")
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", '\\"': '"', "\\'": "'"}
_IDENTIFIER = re.compile(r"\w+(?:[:.-]\w+)+$")


@dataclass(frozen=True)
class ErrorCall:
    """A call of ``error`` in a file of Octave.

    Attributes
    ----------
    line : int
        Where it stands.
    condition : str
        Of the ``if`` or ``elseif`` that it stands in; empty for none.
    text : str
        What the condition and the call are together.
    template : str
        The message, with formats for its values.
    arguments : tuple of str
        The values.
    octave : str
        The text of the file.
    """

    line: int
    condition: str
    text: str
    template: str
    arguments: tuple[str, ...]
    octave: str

    @property
    def pieces(self) -> list[str]:
        """The message without its values: what stands before, between and behind them."""
        return [one.replace("%%", "%") for one in _split(self.template)]

    @property
    def formats(self) -> list[str]:
        """The formats of its values."""
        return list(_FORMAT.findall(self.template.replace("%%", "")))

    @property
    def frame(self) -> str:
        """The message with a mark for each value."""
        return VALUE.join(self.pieces)


def _split(template: str) -> list[str]:
    """Split a message at its values; ``%%`` stays."""
    found, place = [""], 0
    for part in re.finditer(rf"%%|{_FORMAT.pattern}", template):
        found[-1] += template[place : part.start()]
        if part[0] == "%%":
            found[-1] += "%%"
        else:
            found.append("")
        place = part.end()
    found[-1] += template[place:]
    return found


def error_calls(file: OctaveFile) -> list[ErrorCall]:
    """List the errors that the functions of a file raise on purpose, in order."""
    found: list[ErrorCall] = []
    for function in file.tree.all_functions():
        found += _calls_in(function.body, None, file)
    return found


def _calls_in(nodes: Sequence[Node], around: Node | None, file: OctaveFile) -> Iterator[ErrorCall]:
    for node in nodes:
        made = _error_call(node, around, file)
        if made is not None:
            yield made
        yield from _calls_in(node.body, node if node.sort is Sort.IF else None, file)
        yield from _calls_in(node.otherwise, None, file)


def _error_call(node: Node, around: Node | None, file: OctaveFile) -> ErrorCall | None:
    call = node.value
    if node.sort is not Sort.EXPRESSION or call is None or call.form is not Form.CHAIN:
        return None
    if call.parts[0].name != "error" or [one.access for one in call.links] != [Access.CALL]:
        return None
    given = list(call.links[0].arguments)
    texts = [_string(one) for one in given]
    if len(given) > 1 and texts[0] is not None and _IDENTIFIER.match(texts[0]):
        del given[0], texts[0]
    if not texts or texts[0] is None:
        return None
    has_condition = around is not None and around.value is not None
    condition = _text(around.value, file) if has_condition and around and around.value else ""
    arguments = tuple(_text(one, file) for one in given[1:])
    text = f"{condition}{VALUE}{_text(call, file)}"
    return ErrorCall(file.line(node), condition, text, texts[0], arguments, file.text)


def _string(one: Expression) -> str | None:
    """Return what a text means as a message; None for what is no text."""
    if one.form is not Form.STRING:
        return None
    text = one.name[1:-1].replace(2 * one.name[0], one.name[0])
    return re.sub(r"\\.", lambda found: _ESCAPES.get(found[0], found[0]), text)


def _text(one: Expression, file: OctaveFile) -> str:
    return re.sub(r"\s*\.\.\.[^\n]*\n\s*", " ", file.written(one))


@dataclass(frozen=True, eq=False)
class Raised:
    """A ``raise`` of the port with a message.

    Attributes
    ----------
    node : ast.Raise
        The statement.
    guard : ast.If or None
        On whose condition it stands; None for none.
    number : int
        Of the statement of the port that is the guard, or else it itself.
    message : ast.expr
        What it says.
    frame : str
        The message with a mark for each value.
    """

    node: ast.Raise
    guard: ast.If | None
    number: int
    message: ast.expr
    frame: str

    @property
    def values(self) -> list[ast.expr]:
        """The values in the message, where it is written as an f-string."""
        if not isinstance(self.message, ast.JoinedStr):
            return []
        return [one.value for one in self.message.values if isinstance(one, ast.FormattedValue)]


def raised_by(node: ast.stmt, number: int) -> Iterator[Raised]:
    """List what a statement raises: it itself, or, of an if, what stands in it."""
    inside = [*node.body, *node.orelse] if isinstance(node, ast.If) else [node]
    for one in inside:
        if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call) and one.exc.args:
            message = one.exc.args[0]
            is_guarded = isinstance(node, ast.If) and one in node.body
            guard = node if is_guarded and isinstance(node, ast.If) else None
            yield Raised(one, guard, number, message, frame_of(message))


def frame_of(message: ast.expr) -> str:
    """Return a message of the port with a mark for each value."""
    if isinstance(message, ast.JoinedStr):
        return "".join(
            one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else VALUE
            for one in message.values
        )
    if isinstance(message, ast.Constant):
        return str(message.value)
    if isinstance(message, ast.BinOp) and isinstance(message.op, ast.Mod):
        return VALUE.join(_split(frame_of(message.left)))
    if isinstance(message, ast.BinOp) and isinstance(message.op, ast.Add):
        return frame_of(message.left) + frame_of(message.right)
    if not isinstance(message, ast.Call) or not isinstance(message.func, ast.Attribute):
        return VALUE
    is_format = message.func.attr == "format"
    return _FIELD.sub(VALUE, frame_of(message.func.value)) if is_format else VALUE
