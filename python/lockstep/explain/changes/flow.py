"""The order in which things are done: statements, conditions, the way round a loop.

May import `change`, `context`, `rewriting`, `written` and `sources`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called
from lockstep.explain.changes.rewriting import spanning
from lockstep.explain.changes.written import SIMPLE, last_line, written
from lockstep.sources.python_names import bound_names

ORDER = 25
KEYS = ("extra-statement", "reversed", "statement-order")

_JUMPS = (ast.Return, ast.Break, ast.Continue)


def statement_order(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange a statement and the one after it, where one reads or binds what the other binds.

    So with one that ends the loop or the function: it decides whether the other is done, too.
    """
    after = context.beside(node)
    if after is None or not isinstance(node, ast.stmt):
        return
    simple = [isinstance(one, SIMPLE) for one in (node, after)]
    bound, bound_after = set(bound_names(node)), set(bound_names(after))
    if all(simple):
        if not (bound & (_names(after) | bound_after) or bound_after & _names(node)):
            return
    elif not (any(simple) and bound | bound_after and _ends_early(after if simple[0] else node)):
        return
    yield Change(
        "statement-order", spanning(node, after), None, "Octave does these the other way round.",
        "The order decides which version of a variable is read.",
        lines=f"{written(after, context)}\n{written(node, context)}", is_guess=True,
    )  # fmt: skip


def exchange(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two variables at once, where the first is overwritten before it is read."""
    after = context.beside(node)
    names = [_copied(one) for one in (node, after)]
    if after is None or not isinstance(node, ast.stmt) or names[0] is None or names[1] is None:
        return
    if names[0] == names[1][::-1]:
        one, other = names[0]
        yield Change(
            "statement-order", spanning(node, after), None, "Octave exchanges the two variables.",
            f"{one} has its new value when {other} is given it.",
            lines=f"{one}, {other} = {other}, {one}", is_guess=True,
        )  # fmt: skip


def _copied(node: ast.AST | None) -> tuple[str, str] | None:
    """Name the two variables of a plain ``a = b``."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name) and isinstance(value, ast.Name):
        return target.id, value.id
    return None


def left_out(node: ast.AST, context: Context) -> Iterator[Change]:
    """Leave a statement out that changes what was there before it, or ends something early."""
    if not isinstance(node, (*SIMPLE, ast.If)) or isinstance(node, ast.AnnAssign):
        return
    changed = set(_changed(node))
    if changed <= context.bound_before(node) if changed else _ends_early(node):
        octave, python = "Octave has no such statement.", "The statement is too much."
        is_part = node is context.evidence.statement and context.evidence.expression is None
        yield Change("extra-statement", node, None, octave, python, is_guess=not is_part)


def _ends_early(node: ast.stmt) -> bool:
    """Whether a statement does no more than to return, or to leave a loop, under a condition."""
    return isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], _JUMPS)


def without_else(node: ast.AST, context: Context) -> Iterator[Change]:
    """Leave out what is done where a condition does not hold."""
    if not isinstance(node, ast.If) or not node.orelse or node.body[-1].lineno == node.lineno:
        return
    kept = written(node, context).split("\n")[: last_line(node.body[-1]) - node.lineno + 1]
    octave = "Octave does nothing where the condition does not hold."
    python = "The port has an else that is too much."
    lines = "\n".join(kept)
    yield Change(
        "extra-statement", node, None, octave, python, lines=lines, is_guess=True,
        about=node.orelse[0],
    )  # fmt: skip


def else_if(node: ast.AST, context: Context) -> Iterator[Change]:
    """Ask a condition of its own in place of elif, or the other way round."""
    if not isinstance(node, ast.If):
        return
    lines = written(node, context).split("\n")
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        other = node.orelse[0]
        place = other.lineno - node.lineno
        if lines[place].startswith("elif"):
            octave = "Octave asks this whatever the condition before gave."
            python = "An elif is asked only where the condition before does not hold."
            made = [*lines[:place], lines[place][2:], *lines[place + 1 :]]
            yield Change(
                "condition", node, None, octave, python, lines="\n".join(made), is_guess=True,
                about=other,
            )  # fmt: skip
    after = context.beside(node)
    if not node.orelse and isinstance(after, ast.If):
        octave = "Octave asks this only where the condition before does not hold."
        python = "An if of its own is asked whatever the condition before gave."
        rest = written(after, context)
        yield Change(
            "condition", spanning(node, after), None, octave, python, is_guess=True, about=after,
            lines="\n".join([*lines, f"el{rest}"]),
        )  # fmt: skip


def again_and_again(node: ast.AST, context: Context) -> Iterator[Change]:
    """Do for as long as a condition holds what is done once if it does, or the other way round."""
    if not isinstance(node, (ast.If, ast.While)) or node.orelse:
        return
    text = written(node, context)
    if context.evidence.octave_statement.startswith("if" if isinstance(node, ast.If) else "while"):
        return
    if isinstance(node, ast.If) and text.startswith("if"):
        octave = "Octave does this for as long as the condition holds."
        python = "An if does it once."
        text = f"while{text[len('if') :]}"
    elif isinstance(node, ast.While) and not any(_ends_a_turn(one) for one in ast.walk(node)):
        octave = "Octave does this once, if the condition holds."
        python = "A while does it for as long as that holds."
        text = f"if{text[len('while') :]}"
    else:
        return
    yield Change("condition", node, None, octave, python, lines=text, is_guess=True)


def _ends_a_turn(node: ast.AST) -> bool:
    return isinstance(node, (ast.Break, ast.Continue))


def _changed(node: ast.stmt) -> Iterator[str]:
    """Name what a statement and those in it bind or change."""
    for one in ast.walk(node):
        if isinstance(one, ast.stmt):
            yield from bound_names(one)


def backwards(node: ast.AST, context: Context) -> Iterator[Change]:
    """Go the other way through a range."""
    if called(node) == "range" and isinstance(node, ast.Call):
        new = context.make("X[::-1]", X=node)
        octave, python = "Octave goes through it from the end.", "It goes from the beginning."
        yield Change("reversed", node, new, octave, python, is_guess=True)
    around = context.parent(node)
    is_gone_through = isinstance(around, (ast.For, ast.comprehension)) and around.iter is node
    is_held = isinstance(node, (ast.Name, ast.Attribute)) and isinstance(
        context.value(node), (list, tuple, str, np.ndarray)
    )
    if is_gone_through and is_held:
        octave, python = "Octave goes through it from the end.", "It goes from the beginning."
        new = context.make("X[::-1]", X=node)
        yield Change("reversed", node, new, octave, python, is_guess=True)


def in_order_of(node: ast.AST, context: Context) -> Iterator[Change]:
    """Go through a range in the order that a variable has."""
    around, first = context.parent(node), context.evidence.first
    if not isinstance(node, ast.Call) or called(node) not in ("range", "arange"):
        return
    if not isinstance(around, (ast.For, ast.comprehension)) or first is None:
        return
    places = np.asarray(context.value(node))
    for name, value in first.variables.items():
        order = np.asarray(value) if isinstance(value, (np.ndarray, list)) else np.zeros(0)
        is_other = order.shape == places.shape and not np.array_equal(order, places)
        if is_other and np.array_equal(np.sort(order), np.sort(places)):
            octave = f"Octave goes through them in the order of {name}."
            python = "The port goes from the first to the last."
            new = ast.Name(name, ast.Load())
            yield Change("reversed", node, new, octave, python, is_guess=True)


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


CHANGES = (
    statement_order, exchange, left_out, without_else, else_if, again_and_again,
    backwards, in_order_of,
)  # fmt: skip
