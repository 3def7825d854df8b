"""What is written on the left, in a copy or in another order, and loops in another order.

May import `change`, `context`, `indices`, `meshes`, `plain`, `rewriting` and `sources`.
"""

import ast
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.indices import takes_all
from lockstep.explain.changes.meshes import is_several
from lockstep.explain.changes.plain import BINARY, NUMBERS
from lockstep.explain.changes.rewriting import extent, segment
from lockstep.sources.python_names import assigned_name, targets_of

ORDER = 26
KEYS = ("changed-copy", "operand-order", "statement-order", "variable")

MOST_TARGETS = 6
"""Variables that are unpacked, of which each two are exchanged."""


def swapped(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two of the variables that something is unpacked into: rows and columns."""
    for target in targets_of(node) if isinstance(node, (ast.Assign, ast.For)) else ():
        if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) > MOST_TARGETS:
            continue
        for first, second in combinations(range(len(target.elts)), 2):
            items = list(target.elts)
            items[first], items[second] = items[second], items[first]
            one, other = map(ast.unparse, (items[first], items[second]))
            octave = f"Octave has {one} where {other} is, and the other way round."
            python = f"The port takes these as {', '.join(map(ast.unparse, target.elts))}."
            new = type(target)(items, ast.Store())
            yield Change("operand-order", target, new, octave, python, is_guess=True)


def assigned_back(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give the other of two variables the value of the one."""
    target, value = assigned_name(node), getattr(node, "value", None)
    if target and isinstance(value, ast.Name) and target != value.id:
        octave = f"Octave gives {value.id} the value of {target}."
        python = f"The port gives {target} that of {value.id}."
        yield Change(
            "operand-order", node, None, octave, python, lines=f"{value.id} = {target}",
            is_guess=True,
        )  # fmt: skip


def assigned_to(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a variable that is read its new value, where the port gives it to another one."""
    first, target = context.evidence.first, assigned_name(node)
    value = getattr(node, "value", None)
    if (
        not target
        or first is None
        or not isinstance(value, ast.expr)
        or isinstance(value, ast.Name)
    ):
        return
    made = context.value(value)
    read = dict.fromkeys(one.id for one in ast.walk(value) if isinstance(one, ast.Name))
    if target in read or not isinstance(made, NUMBERS):
        return
    text, python = segment(context.evidence.text, value), f"The port gives it to {target}."
    for name in read:
        own = first.variables.get(name)
        if isinstance(own, NUMBERS) and np.shape(own) == np.shape(made):
            octave = f"Octave gives {name} the new value."
            yield Change(
                "variable", node, None, octave, python, lines=f"{name} = {text}", is_guess=True
            )


def other_loops(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put the loops that are directly in each other in another order."""
    around = context.parent(node)
    is_inner = isinstance(around, ast.For) and around.body == [node]
    if not isinstance(node, ast.For) or is_inner:
        return
    loops = list(_nested(node))
    for first, second in combinations(range(len(loops)), 2):
        order = [*loops]
        order[first], order[second] = order[second], order[first]
        yield from _in_order(loops, order, context)
    if len(loops) == 3:
        yield from _in_order(loops, [*loops[1:], loops[0]], context)
        yield from _in_order(loops, [loops[2], *loops[:2]], context)


def _nested(node: ast.For) -> Iterator[ast.For]:
    """Yield a loop, and those that are all that the one around them does."""
    yield node
    inner = node.body[0]
    if len(node.body) == 1 and isinstance(inner, ast.For) and not (node.orelse or inner.orelse):
        yield from _nested(inner)


def _in_order(loops: list[ast.For], order: list[ast.For], context: Context) -> Iterator[Change]:
    """Write loops with the headers of others; not where a range depends on a loop around it."""
    for place, one in enumerate(order):
        inside = {name for inner in order[place:] for name in _names(inner.target)}
        if inside & _names(one.iter):
            return
    text, outer = context.evidence.text, loops[0]
    begins, ends = extent(text, outer)
    for one, other in reversed(list(zip(loops, order, strict=True))):
        start, stop = extent(text, one.target)[0], extent(text, one.iter)[1]
        header = context.evidence.text[extent(text, other.target)[0] : extent(text, other.iter)[1]]
        text, ends = text[:start] + header + text[stop:], ends + len(header) - (stop - start)
    indent = " " * outer.col_offset
    octave = f"In Octave that is the one of {ast.unparse(order[0].target)}."
    python = f"The port's outermost loop is the one of {ast.unparse(outer.target)}."
    yield Change(
        "statement-order", outer, None, octave, python, is_guess=True,
        lines=text[begins:ends].replace(f"\n{indent}", "\n"),
    )  # fmt: skip


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def in_a_copy(node: ast.AST, context: Context) -> Iterator[Change]:
    """Assign to the elements themselves, not to those of the copy that a mask or a list takes."""
    for target in targets_of(node) if isinstance(node, (ast.Assign, ast.AugAssign)) else ():
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Subscript):
            continue
        inner, array = target.value, context.array(target.value.value)
        if array is None or not _takes_a_copy(inner.slice, context):
            continue
        octave = "Octave assigns to the elements of the variable."
        python = "A mask or a list of indices takes a copy; what is assigned to that is lost."
        first, *rest = _indices(target.slice)
        for indices in (
            [inner.slice, *rest] if takes_all(first) else None,
            [_chosen(inner.slice, first, context), *rest],
            [*_indices(inner.slice), *_indices(target.slice)],
        ):
            if indices is not None and len(indices) <= array.ndim:
                index = ast.Tuple(indices, ast.Load()) if len(indices) > 1 else indices[0]
                new = ast.Subscript(inner.value, index, ast.Store())
                yield Change("changed-copy", target, new, octave, python)
                several = [is_several(context.value(one)) for one in indices]
                if context.np and several == [True, True]:
                    block = context.make("np.ix_(X, Y)", X=indices[0], Y=indices[1])
                    new = ast.Subscript(inner.value, block, ast.Store())
                    yield Change("changed-copy", target, new, octave, python)


def in_a_view(node: ast.AST, context: Context) -> Iterator[Change]:
    """Change the array that a variable is a part of, where the port binds it to a new one."""
    target, value = assigned_name(node), getattr(node, "value", None)
    if not target or not isinstance(value, ast.BinOp):
        return
    array = context.array(ast.Name(target, ast.Load()))
    operator = BINARY.get(type(value.op))
    is_first = isinstance(value.left, ast.Name) and value.left.id == target
    if array is None or array.base is None or not is_first or operator is None:
        return
    octave = "Octave changes the elements of the variable."
    python = f"This binds {target} to a new array; the one that it was a part of stays as it was."
    text = segment(context.evidence.text, value.right)
    yield Change("changed-copy", node, None, octave, python, lines=f"{target} {operator}= {text}")


def _indices(index: ast.expr) -> list[ast.expr]:
    return list(index.elts) if isinstance(index, ast.Tuple) else [index]


def _takes_a_copy(index: ast.expr, context: Context) -> bool:
    return any(isinstance(context.value(one), (np.ndarray, list)) for one in _indices(index))


def _chosen(outer: ast.expr, inner: ast.expr, context: Context) -> ast.expr:
    """Write which elements of those that an index takes another one takes."""
    mask = context.array(outer)
    is_mask = mask is not None and mask.dtype == np.bool_
    text = "np.flatnonzero(X)[Y]" if is_mask else "X[Y]"
    return context.make(text, X=outer, Y=inner)


CHANGES = (swapped, assigned_back, assigned_to, other_loops, in_a_copy, in_a_view)
