"""What gives None where a value is needed.

May import `assigned`, `change`, `context`, `rewriting`, `translation`, `model` and `sources`.
"""

import ast
import re
from collections.abc import Iterator

from lockstep.explain.assigned import assignments
from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import segment
from lockstep.explain.changes.translation import translated
from lockstep.model.report import Fault
from lockstep.sources.python_names import bound_names

ORDER = 3
KEYS = (
    "lost-return",
    "gives-none",
)

MOST = 4
"""Variables that are tried alone, those first that were bound last."""

TOGETHER = 2, 3
"""How many of those that were bound last are tried together."""

SORTED = {"sort": "np.sort(X)", "reverse": "X[::-1]"}
"""What gives the value that a method leaves in its array; of a list `sorted` does."""


def lost_return(node: ast.AST, context: Context) -> Iterator[Change]:
    """Return at the end of a function what it has bound."""
    evidence = context.evidence
    is_end = evidence.expression is None and node is evidence.statement
    if evidence.fault is not Fault.NOTHING or not is_end:
        return
    octave = "A function of Octave gives what its outputs hold when it ends."
    is_bare = isinstance(node, ast.Return) and node.value is None
    without = "a value" if is_bare else "a return"
    python = f"{evidence.function.name} ends without {without}, and so gives None."
    where = Where.IN_PLACE if is_bare else Where.AFTER
    given = (*_returned(context), *(_computed(context) if is_bare else ()))
    for one in dict.fromkeys(given):
        yield Change("lost-return", node, None, octave, python, lines=f"return {one}", where=where)


def _computed(context: Context) -> Iterator[str]:
    """Yield what Octave gives its outputs, translated: the first of each, the second of each."""
    text = context.evidence.octave_function
    ways: list[list[str]] = []
    for output in _outputs(text):
        sides = [one.partition("=")[2] for name, one, _ in assignments(text) if name == output]
        ways.append([ast.unparse(one) for side in sides for one in translated(side, context)[:1]])
    if not ways or not all(ways):
        return
    for number in range(min(MOST, max(map(len, ways)))):
        yield ", ".join(way[min(number, len(way) - 1)] for way in ways)


def _returned(context: Context) -> Iterator[str]:
    """Yield what a function may return: as it does elsewhere, Octave's outputs, what is bound."""
    evidence = context.evidence
    bound: dict[str, None] = {}
    for one in sorted(_statements(evidence.function), key=lambda one: one.lineno):
        for name in bound_names(one):
            bound.pop(name, None)
            bound[name] = None
        if isinstance(one, ast.Return) and one.value is not None:
            yield segment(evidence.text, one.value)
    outputs = [_stands_for(name, context, bound) for name in _outputs(evidence.octave_function)]
    if outputs and all(outputs):
        yield ", ".join(outputs)
    yield from list(reversed(bound))[:MOST]
    for count in TOGETHER:
        yield ", ".join(list(bound)[-count:])


def _statements(function: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements of a function, not those of functions in it."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(child, ast.stmt):
            yield child
        yield from _statements(child)


def _outputs(text: str) -> list[str]:
    """Name the outputs of the first function of a file of Octave's."""
    found = re.search(r"^\s*function\s*(?:\[([^\]]*)\]|(\w+))\s*=", text, re.MULTILINE)
    return re.findall(r"\w+", found[1] or found[2] or "") if found else []


def _stands_for(name: str, context: Context, bound: dict[str, None]) -> str:
    names = [*context.evidence.names.get(name, ()), name]
    return next((one for one in names if one in bound), "")


def gives_none(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take what a call left in its object in place of what it gives."""
    evidence = context.evidence
    is_named = isinstance(node, ast.Call) and node is evidence.expression
    if evidence.fault is not Fault.NOTHING or not is_named:
        return
    assert isinstance(node, ast.Call)
    receiver = _changed_by(node, context)
    if receiver is None:
        return
    statement, call, name = context.parent(node), ast.unparse(node), receiver.id
    function = ast.unparse(node.func)
    octave = "A function of Octave gives a new value."
    python = f"{function} changes {name} in its place, and gives None."
    lines = ""
    if isinstance(statement, ast.Return):
        lines = f"{call}\nreturn {name}"
    elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        target = statement.targets[0].id
        copied = re.sub(rf"\b{name}\b", target, call)
        lines = call if target == name else f"{target} = {name}.copy()\n{copied}"
    if statement is not None and lines:
        yield Change("gives-none", statement, None, octave, python, lines=lines)
    if isinstance(node.func, ast.Attribute) and node.func.attr in SORTED and not lines:
        first = evidence.first
        is_list = first is not None and isinstance(first.variables.get(name), list)
        made = "sorted(X)" if is_list and node.func.attr == "sort" else SORTED[node.func.attr]
        yield Change("gives-none", node, context.make(made, X=receiver), octave, python)


def _changed_by(call: ast.Call, context: Context) -> ast.Name | None:
    """Return the variable that a call changes: its object, or its first argument."""
    first = context.evidence.first
    known = {} if first is None else first.variables
    own = call.func.value if isinstance(call.func, ast.Attribute) else None
    for one in (own, *call.args[:1]):
        if isinstance(one, ast.Name) and one.id in known:
            return one
    return None


CHANGES = (lost_return, gives_none)
