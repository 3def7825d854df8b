"""Indices, ends of ranges and slices, counts. May import `change` and `context`."""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, comes_from, constant, number

ORDER = 14
KEYS = (
    "gamma",
    "index-base",
    "numel",
    "off-by-one",
    "range-end",
    "range-start",
    "rounding",
    "slice-end",
    "slice-start",
)

MOST_NAMES = 12
"""Variables that a slice may end at."""


def is_negated(node: ast.AST, context: Context) -> bool:
    """Whether a number is that behind the minus of a negative one, which is changed as a whole."""
    around = context.parent(node)
    is_minus = isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.USub)
    return is_minus and isinstance(node, ast.Constant)


def takes_all(index: ast.expr) -> bool:
    """Whether an index is a bare ``:``."""
    return isinstance(index, ast.Slice) and not (index.lower or index.upper or index.step)


def shifted_by(node: ast.expr, by: int) -> ast.expr:
    """Return an expression plus a small whole number, written as one would."""
    value = constant(node)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value + by)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        right = constant(node.right)
        if isinstance(right, int) and not isinstance(right, bool):
            total = (right if isinstance(node.op, ast.Add) else -right) + by
            if total == 0:
                return node.left
            operator = ast.Add() if total > 0 else ast.Sub()
            return ast.BinOp(node.left, operator, number(abs(total)))
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), number(abs(by)))


def range_ends(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the ends of ``range``, ``arange`` and ``linspace``."""
    name = called(node)
    if name not in ("range", "arange", "linspace") or not isinstance(node, ast.Call):
        return
    if not node.args:
        return
    new: ast.expr
    octave = "A range of Octave includes its end."
    python = f"{name} stops before its end, also when it counts down."
    last = 0 if len(node.args) == 1 else 1
    end = node.args[last]
    if name == "linspace":
        octave = "Octave's linspace has its end, and 100 points unless told otherwise."
        if len(node.args) > 2:
            for by in (1, -1):
                args = [*node.args[:2], shifted_by(node.args[2], by), *node.args[3:]]
                new = ast.Call(node.func, args, node.keywords)
                python = "np.linspace is given another number of points."
                yield Change("range-end", node, new, octave, python)
        return
    step = node.args[2] if len(node.args) > 2 else None
    down = isinstance(constant(step), (int, float)) and constant(step) < 0
    is_whole = name == "range" or _is_whole(context.value(end))
    is_counted = isinstance(constant(step), int) and is_whole
    if name == "arange" and step is not None and not is_counted:
        slack = context.make("X + 1e-9 * Y", X=end, Y=step)
        new = ast.Call(node.func, [node.args[0], slack, step], node.keywords)
        octave = "a:d:b includes b where the step reaches it."
        yield Change("range-end", node, new, octave, python)
        template = "np.linspace(A, B, int(round((B - A) / D)) + 1)"
        if context.np and not node.keywords:
            new = context.make(template, A=node.args[0], B=end, D=step)
            yield Change("range-end", node, new, octave, python)
    for by in (-1, 1) if down else (1, -1):
        args = list(node.args)
        args[last] = shifted_by(end, by)
        longer = (by < 0) == down
        octave_, python_ = octave, python
        if not longer:
            octave_ = "Octave's range ends one earlier here."
            python_ = f"{name} goes one too far."
        if is_whole:
            new = ast.Call(node.func, args, node.keywords)
            yield Change("range-end", node, new, octave_, python_)
    octave = "Octave counts from 1."
    python = f"{name} counts from 0 unless told otherwise."
    if len(node.args) == 1 and is_whole:
        args = [number(1), shifted_by(end, 1)]
        yield Change("index-base", node, ast.Call(node.func, args, []), octave, python)
        args = [number(1), end]
        yield Change("range-start", node, ast.Call(node.func, args, []), octave, python)
    elif is_whole:
        for by in (1, -1):
            args = [shifted_by(node.args[0], by), *node.args[1:]]
            octave = "Octave's range begins one " + ("later." if by > 0 else "earlier.")
            python = f"{name} begins with {ast.unparse(node.args[0])} here."
            yield Change(
                "range-start", node, ast.Call(node.func, args, node.keywords), octave, python
            )
            args = [shifted_by(a, by) for a in node.args[:2]] + node.args[2:]
            octave = "Octave counts from 1."
            yield Change(
                "index-base", node, ast.Call(node.func, args, node.keywords), octave, python
            )


def of_fractions(node: ast.AST, context: Context) -> Iterator[Change]:
    """Begin a range at the fraction that ``int`` cuts off."""
    if called(node) != "range" or not isinstance(node, ast.Call) or not context.np:
        return
    uncut = [_uncut(one) for one in node.args]
    if len(node.args) == 2 and any(a is not b for a, b in zip(node.args, uncut, strict=True)):
        octave, python = "Octave's range begins at a fraction, too.", "int cuts the fraction off."
        new = context.make("np.arange(A, B)", A=uncut[0], B=uncut[1])
        yield Change("rounding", node, new, octave, python)


def _uncut(node: ast.expr) -> ast.expr:
    """Return a number as it is before ``int``; with what is added to that."""
    if called(node) == "int" and isinstance(node, ast.Call) and len(node.args) == 1:
        return node.args[0]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        left, right = _uncut(node.left), _uncut(node.right)
        is_same = left is node.left and right is node.right
        return node if is_same else ast.BinOp(left, node.op, right)
    return node


def lost_ends(node: ast.AST, context: Context) -> Iterator[Change]:
    """End a slice that goes to the end, or begin it, where a variable says."""
    first = context.evidence.first
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load) or first is None:
        return
    cut = node.slice
    if not isinstance(cut, ast.Slice) or cut.step is not None:
        return
    octave = "Octave takes a part of it."
    names = [name for name, value in first.variables.items() if is_whole_number(value)]
    for name in names[:MOST_NAMES]:
        end = ast.Name(name, ast.Load())
        if cut.upper is None:
            new = ast.Subscript(node.value, ast.Slice(cut.lower, end), ast.Load())
            python = "The port takes what follows, too."
            yield Change("lost-term", node, new, octave, python, is_guess=True)
        if cut.lower is None:
            new = ast.Subscript(node.value, ast.Slice(end, cut.upper), ast.Load())
            python = "The port takes what comes before, too."
            yield Change("lost-term", node, new, octave, python, is_guess=True)


def is_whole_number(value: object) -> bool:
    """Whether a value is an integer, and no truth value."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) or (
        isinstance(value, (float, np.floating)) and float(value).is_integer()
    )


def slice_ends(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the ends of slices by one element, also where a part is assigned to, or deleted."""
    if isinstance(node, ast.Slice) and _is_assigned_to(node, context):
        for new_part, more in _moved_ends(node):
            yield Change(f"slice-{more}", node, new_part, *_OF_SLICES)
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, part in enumerate(parts):
        if not isinstance(part, ast.Slice):
            continue
        for new_part, more in _moved_ends(part):
            items = [*parts[:place], new_part, *parts[place + 1 :]]
            index = ast.Tuple(items, ast.Load()) if len(parts) > 1 else new_part
            new = ast.Subscript(node.value, index, ast.Load())
            yield Change(f"slice-{more}", node, new, *_OF_SLICES)


_OF_SLICES = (
    "An Octave range includes its end, and begins with 1.",
    "A slice stops before its end, and begins with 0.",
)


def _is_assigned_to(part: ast.Slice, context: Context) -> bool:
    parent = context.parent(part)
    if isinstance(parent, ast.Tuple):
        parent = context.parent(parent)
    return isinstance(parent, ast.Subscript) and isinstance(parent.ctx, (ast.Store, ast.Del))


def _moved_ends(part: ast.Slice) -> Iterator[tuple[ast.Slice, str]]:
    for by in (1, -1):
        if part.upper is not None:
            end: ast.expr | None = shifted_by(part.upper, by)
            if constant(part.upper) == -1 and by == 1:
                end = None
            yield ast.Slice(part.lower, end, part.step), "end"
        if part.lower is not None:
            yield ast.Slice(shifted_by(part.lower, by), part.upper, part.step), "start"
            if part.upper is not None:
                start, end = shifted_by(part.lower, by), shifted_by(part.upper, by)
                yield ast.Slice(start, end, part.step), "start"
    if part.upper is None:
        yield ast.Slice(part.lower, number(-1), part.step), "end"
        if part.lower is not None and constant(part.lower) != 1:
            yield ast.Slice(shifted_by(part.lower, -1), number(-1), part.step), "start"
    if part.lower is None:
        yield ast.Slice(number(1), part.upper, part.step), "start"
        if part.upper is not None and constant(part.upper) != -1:
            yield ast.Slice(number(1), shifted_by(part.upper, 1), part.step), "start"
    if part.upper is not None and part.lower is not None:
        yield ast.Slice(part.lower, None, part.step), "end"
        yield ast.Slice(None, part.upper, part.step), "start"
    start, end = constant(part.lower), constant(part.upper)
    if part.lower is None and isinstance(end, int) and end < 0:
        yield ast.Slice(number(-end), None, part.step), "start"
    if part.upper is None and isinstance(start, int) and start > 0:
        yield ast.Slice(None, number(-start), part.step), "end"


_FINDERS = (
    "searchsorted", "argmax", "argmin", "find", "index", "flatnonzero", "nonzero", "argsort",
    "rfind", "digitize",
)  # fmt: skip


def off_by_one(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add one to a whole number, or take one off: an index or a count."""
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Slice, ast.Tuple, ast.Starred)):
        return
    value = context.value(node)
    if isinstance(value, (bool, np.bool_, str, list, dict)) or not _is_count(value):
        return
    if called(node) in ("gammaln", "lgamma", "gamma", "factorial") or is_negated(node, context):
        return
    around = context.parent(node)
    if isinstance(around, ast.Call) and called(around) in ("any", "all"):
        return  # it is asked whether they are, not where
    index = called(node) in _FINDERS
    explicit = isinstance(node, ast.BinOp) and constant(node.right) == 1
    for name in _FINDERS:
        index = index or comes_from(node, name, context)
    by_name = context.says("find", "max", "min", "strfind", "sort", "index", "lookup", "regexp")
    for by in (1, -1):
        key = "index-base" if index or by_name else "off-by-one"
        octave = f"Octave's number is one {'more' if by > 0 else 'less'} here."
        if key == "index-base":
            octave = "Octave counts places from 1."
        python = f"{_short(node)} is one too {'small' if by > 0 else 'large'}."
        inside = _inside(node, context)
        if inside:
            key, octave, python = inside
        if index and by > 0:
            python = f"{called(node)} counts places from 0."
        if key == "index-base" and by < 0:
            octave = "Octave's place counts from 1, which is one less from 0."
            python = "The port's place still counts from 1."
        old = _with_number(node, context)
        yield Change(
            key, old, shifted_by(old, by), octave, python, is_guess=not (index or explicit)
        )


def _with_number(node: ast.expr, context: Context) -> ast.expr:
    """Return a sum or difference of an expression and a number, so that only that changes."""
    parent = context.parent(node)
    if not (isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Add, ast.Sub))):
        return node
    return parent if parent.left is node and isinstance(constant(parent.right), int) else node


def _inside(node: ast.expr, context: Context) -> tuple[str, str, str] | None:
    """Say what a number is for, where it ends a slice or a range, or is given to gammaln."""
    parent = context.parent(node)
    if isinstance(parent, ast.Slice):
        return ("slice-end" if node is parent.upper else "slice-start"), *_OF_SLICES
    name = called(parent) if parent is not None else ""
    if name in ("range", "arange") and isinstance(parent, ast.Call):
        place = parent.args.index(node) if node in parent.args else 0
        if len(parent.args) == 1 or place == 1:
            octave = "A range of Octave includes its end."
            return "range-end", octave, f"{name} stops before its end."
    if name in ("gammaln", "lgamma", "gamma"):
        octave = "The logarithm of the factorial of n is gammaln(n + 1)."
        return "gamma", octave, f"{name}(n) belongs to the factorial of n - 1."
    return None


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:37] + "..."


def _is_count(value: object) -> bool:
    if _is_whole(value):
        return True
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "iuf":
        return bool(np.array_equal(value, np.round(value)))
    return False


def gamma(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the factorial by the gamma function."""
    if called(node) in ("gammaln", "lgamma", "gamma") and isinstance(node, ast.Call):
        for by in (1, -1):
            new = ast.Call(node.func, [shifted_by(node.args[0], by)], node.keywords)
            octave = "The logarithm of the factorial of n is gammaln(n + 1)."
            python = f"{called(node)}(n) belongs to the factorial of n - 1."
            yield Change("gamma", node, new, octave, python)


def counts(node: ast.AST, context: Context) -> Iterator[Change]:
    """``len`` for ``numel``, and the sizes of other dimensions."""
    if called(node) == "len" and isinstance(node, ast.Call):
        array = context.array(node.args[0])
        if array is not None and array.ndim > 1:
            octave = "numel counts all elements."
            python = "len counts the rows; size is numel."
            yield Change("numel", node, context.make("X.size", X=node.args[0]), octave, python)
            octave = "Octave takes the number of columns, or length, the longest dimension."
            new = context.make("X.shape[1]", X=node.args[0])
            yield Change("numel", node, new, octave, "len counts the rows.")
            new = context.make("max(X.shape)", X=node.args[0])
            octave = "length is the longest dimension."
            yield Change("numel", node, new, octave, "len counts the rows.")
    if isinstance(node, ast.Attribute) and node.attr == "size":
        array = context.array(node.value)
        if array is not None and array.ndim > 1:
            octave, python = "Octave counts the rows here.", "size counts all elements."
            yield Change("numel", node, context.make("len(X)", X=node.value), octave, python)
            new = context.make("X.shape[1]", X=node.value)
            yield Change("numel", node, new, "Octave counts the columns here.", python)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        now = constant(node.slice)
        if node.value.attr == "shape" and isinstance(now, int):
            for other in (0, 1, -1, 2):
                if other != now:
                    new = ast.Subscript(node.value, number(other), ast.Load())
                    octave = f"size(x, {other + 1 if other >= 0 else 'end'}) is what Octave takes."
                    python = f"shape[{now}] is the size of dimension {now + 1}."
                    yield Change("numel", node, new, octave, python)


def how_many(node: ast.AST, context: Context) -> Iterator[Change]:
    """Count the items of a collection, or the different ones, for adding them up."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
        return
    if len(node.args) != 1 or context.is_method(node):
        return
    (held,) = node.args
    if node.func.id == "sum" and not isinstance(held, ast.GeneratorExp):
        inner = held.func if isinstance(held, ast.Call) and called(held) == "values" else None
        of = inner.value if isinstance(inner, ast.Attribute) else held
        octave, python = "Octave counts them.", "sum adds them up."
        yield Change("numel", node, context.make("len(X)", X=of), octave, python)
    if node.func.id == "len" and isinstance(context.value(held), (list, tuple)):
        octave, python = "Octave counts the different ones.", "len counts all of them."
        yield Change("numel", node, context.make("len(set(X))", X=held), octave, python)
        octave, python = "Octave adds them up.", "len counts them."
        yield Change("numel", node, context.make("sum(X)", X=held), octave, python)


CHANGES = (range_ends, of_fractions, how_many, slice_ends, lost_ends, gamma, counts, off_by_one)
