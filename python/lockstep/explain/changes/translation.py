"""Octave's own counterpart, translated. May import `change`, `context` and `translating`."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context
from lockstep.explain.translating import UntranslatableError, statements, translations

ORDER = 40

SHOWN = 60
"""Characters of an expression that a rule shows."""


def counterpart(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put Octave's expression, or its statement's right side, in the place of the port's."""
    evidence = context.evidence
    if node is not evidence.expression or not isinstance(node, ast.expr):
        return
    sides = [evidence.octave_expression]
    if "=" in evidence.octave_statement:
        sides.append(evidence.octave_statement.partition("=")[2].strip(" ;"))
    for text in dict.fromkeys(side for side in sides if side):
        try:
            found = translations(text, names(context), context.np or "np")
        except UntranslatableError:
            continue
        for one in found:
            new = _tree(one)
            if new is not None and ast.dump(new) != ast.dump(node):
                octave = f"Octave has {_cut(text)} here."
                python = f"The port has {_cut(ast.unparse(node))}."
                yield Change("translation", node, new, octave, python, is_guess=True)


def missing(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put before a statement what Octave does before it."""
    evidence = context.evidence
    if node is not evidence.statement or not evidence.octave_statement:
        return
    read = {n.id for n in ast.walk(evidence.expression or node) if isinstance(n, ast.Name)}
    known = {
        name: [one for one in found if one in read] or list(found)
        for name, found in names(context).items()
    }
    try:
        found = statements(evidence.octave_statement, known, context.np or "np")
    except UntranslatableError:
        return
    for lines in found:
        tree = _statement(lines)
        if tree is None:
            continue
        octave = f"Octave does {_cut(evidence.octave_statement)} before this."
        python = "The port has no such statement."
        lines = ast.unparse(tree)
        yield Change(
            "missing-statement", node, None, octave, python, lines=lines, where=Where.BEFORE
        )


def names(context: Context) -> Mapping[str, Sequence[str]]:
    """Say which variables of the port may stand for which of Octave: by value, or by name."""
    found = {name: list(others) for name, others in context.evidence.names.items()}
    first = context.evidence.first
    for name in first.variables if first is not None else ():
        for spelling in (name, name.replace("_", ""), name.upper(), name.capitalize()):
            found.setdefault(spelling, []).append(name)
    return found


def _tree(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _statement(text: str) -> ast.stmt | None:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    return body[0] if len(body) == 1 else None


def _cut(text: str) -> str:
    text = " ".join(text.split()).rstrip(";")
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


CHANGES = (counterpart, missing)
