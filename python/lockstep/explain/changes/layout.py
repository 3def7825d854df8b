"""Layout of arrays: memory order, axes, transposition, shape.

May import `change`, `context`, `indices` and `numbers`.
"""

import ast
from collections.abc import Iterator
from itertools import permutations

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import (
    Context,
    called,
    comes_from,
    constant,
    keyword,
    number,
    with_arguments,
    with_keywords,
)
from lockstep.explain.changes.indices import takes_all
from lockstep.explain.numbers import numbers

ORDER = 10
KEYS = (
    "axes",
    "broadcast",
    "column-major",
    "conjugate",
    "flip-axis",
    "reversed",
    "rotation",
    "rows-columns",
    "svd-v",
)

MOST_AXES = 6
"""Permutations of axes that are tried."""

BY_COLUMN = "Octave goes through an array column by column."


OF_SVD = (
    "svd gives V, whose columns are the singular vectors.",
    "np.linalg.svd gives the transpose of V, whose rows are the singular vectors.",
)


def memory_order(node: ast.AST, context: Context) -> Iterator[Change]:
    """``order="F"`` of reshape and ravel."""
    name = called(node)
    if name not in ("reshape", "ravel", "flatten", "resize") or not isinstance(node, ast.Call):
        return
    given = constant(keyword(node, "order"))
    if given in ("F", "A"):
        new, back = with_keywords(node, ("order",)), True
    else:
        new, back = with_keywords(node, order="F"), False
    python = f"NumPy's {name} goes row by row unless order='F'."
    if back:
        python = f"With order='F', NumPy's {name} goes column by column; Octave's value here is "
        python += "in the order of the rows."
        yield Change("column-major", node, new, "The counterpart is in the order of rows.", python)
    else:
        octave = "Octave's reshape fills the columns first." if name == "reshape" else BY_COLUMN
        yield Change("column-major", node, new, octave, python)


def order_of_found(node: ast.AST, context: Context) -> Iterator[Change]:
    """Places that are found, and elements that are picked, column by column."""
    name = called(node)
    if isinstance(node, ast.Call) and name in ("nonzero", "argwhere", "where"):
        arguments = context.arguments(node)
        array = context.array(arguments[0]) if len(arguments) == 1 else None
        if array is not None and array.ndim == 2:
            python = f"np.{name} goes along the rows."
            template = (
                "np.nonzero(X.T)[::-1]" if name != "argwhere" else "np.argwhere(X.T)[:, ::-1]"
            )
            turned = context.make(template, X=arguments[0])
            yield Change("column-major", node, turned, "find goes down the columns.", python)
    if isinstance(node, ast.Call) and name in ("flatnonzero", "argmax", "argmin", "nanargmax"):
        arguments = context.arguments(node)
        along = [one for one in node.keywords if constant(one.value) is not None]
        array = context.array(arguments[0]) if arguments and not along else None
        if array is not None and array.ndim == 2 and len(arguments) == 1:
            flat = context.make('X.ravel(order="F")', X=arguments[0])
            new: ast.expr = ast.Call(node.func, [flat], [])
            if context.is_method(node):
                new = context.make(f'X.ravel(order="F").{name}()', X=arguments[0])
            python = f"{name} counts along the rows."
            yield Change("column-major", node, new, "Octave counts down the columns.", python)
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, (ast.Slice, ast.Tuple)):
        array = context.array(node.value)
        if array is None or array.ndim < 2:
            return
        mask = context.value(node.slice)
        octave = "A mask takes the elements of a matrix column by column."
        if isinstance(mask, np.ndarray) and mask.dtype == bool and mask.ndim == array.ndim:
            new = ast.Subscript(_turned(node.value), _turned(node.slice), node.ctx)
            yield Change("column-major", node, new, octave, "NumPy takes them row by row.")
        for one, other in _TRIANGLES.items():
            if called(node.slice) == one and isinstance(node.slice, ast.Call):
                inner = _turned_triangle(node.slice, other)
                new = ast.Subscript(_turned(node.value), inner, node.ctx)
                python = f"{one}, as a mask, takes them row by row."
                yield Change("column-major", node, new, octave, python)


def _turned(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def order_of_places(node: ast.AST, context: Context) -> Iterator[Change]:
    """Rows and columns of a triangle, or of the first of equal elements, column by column."""
    if not isinstance(node, ast.Call):
        return
    octave, name = "Octave goes down the columns.", called(node)
    other = _TRIANGLES.get(name.removesuffix("_from"))
    around = context.parent(node)
    is_index = isinstance(around, ast.Subscript) and around.slice is node
    is_read = is_index and isinstance(getattr(around, "ctx", None), ast.Load)
    if other is not None and not is_read and isinstance(node.func, ast.Attribute):
        inner = _turned_triangle(node, other + name[len("triu_indices") :])
        new = context.make("X[::-1]", X=inner)
        yield Change("column-major", node, new, octave, f"{name} goes along the rows.")
    if name != "unravel_index" or len(node.args) != 2:
        return
    found, shape = node.args
    for change in order_of_found(found, context):
        if change.new is not None:
            moved = with_keywords(with_arguments(node, [change.new, shape]), order="F")
            yield Change("column-major", node, moved, octave, change.python_rule)


_TRIANGLES = {"triu_indices": "tril_indices", "tril_indices": "triu_indices"}


def _turned_triangle(call: ast.Call, name: str) -> ast.Call:
    assert isinstance(call.func, ast.Attribute)
    args = list(call.args)
    if len(args) > 1 and isinstance(constant(args[1]), int):
        args[1] = number(-constant(args[1]))
    return ast.Call(ast.Attribute(call.func.value, name, ast.Load()), args, call.keywords)


def conjugated(node: ast.AST, context: Context) -> Iterator[Change]:
    """``.T`` for Octave's ``'`` of complex numbers, and the other way round."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        value = context.array(node)
        if value is not None and value.dtype.kind == "c":
            octave = "Octave's ' transposes and conjugates."
            python = ".T transposes and leaves the imaginary parts as they are."
            yield Change(
                "conjugate", node, context.make("X.conj().T", X=node.value), octave, python
            )
    if called(node) in ("conj", "conjugate") and isinstance(node, ast.Call):
        octave = "Octave's .' transposes without conjugating."
        python = "conj() turns the signs of the imaginary parts."
        yield Change("conjugate", node, context.arguments(node)[0], octave, python)
    if called(node) == "vdot" and isinstance(node, ast.Call):
        new = context.make("np.dot(X, Y)", X=node.args[0], Y=node.args[1])
        octave = "The first factor is not conjugated in Octave."
        yield Change("conjugate", node, new, octave, "np.vdot conjugates its first argument.")
    if called(node) in ("dot", "inner") and isinstance(node, ast.Call) and len(node.args) == 2:
        value = context.value(node.args[0])
        if np.iscomplexobj(value):
            new = context.make("np.vdot(X, Y)", X=node.args[0], Y=node.args[1])
            octave = "Octave's dot conjugates its first argument."
            yield Change("conjugate", node, new, octave, "np.dot does not conjugate.")


def whole_v(node: ast.AST, context: Context) -> Iterator[Change]:
    """Turn the third factor of a singular value decomposition, wherever it is read."""
    if not isinstance(node, ast.Assign) or called(node.value) != "svd":
        return
    target = node.targets[0]
    if isinstance(target, ast.Tuple) and len(target.elts) == 3 and isinstance(node.value, ast.Call):
        name, given = ast.unparse(target.elts[2]), context.arguments(node.value)
        turned = "conj().T" if np.iscomplexobj(context.value(given[0])) else "T"
        yield Change(
            "svd-v", node, None, *OF_SVD, lines=f"{name} = {name}.{turned}", where=Where.AFTER,
        )  # fmt: skip


def rows_for_columns(node: ast.AST, context: Context) -> Iterator[Change]:
    """``x[:, k]`` for ``x[k]`` and the other way round."""
    if not isinstance(node, ast.Subscript):
        return
    array = context.array(node.value)
    if array is None or array.ndim != 2:
        return
    octave, python = "Octave takes a column here.", "x[k] is a row."
    key = "rows-columns"
    svd = comes_from(node.value, "svd", context)
    if svd:
        key = "svd-v"
        octave, python = OF_SVD
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        first, second = node.slice.elts
        if takes_all(first):
            if not svd:
                octave, python = "Octave takes a row here.", "x[:, k] is a column."
            yield Change(key, node, _indexed(node.value, second), octave, python)
        elif takes_all(second):
            turned = ast.Tuple([second, first], ast.Load())
            yield Change(key, node, _indexed(node.value, turned), octave, python)
        elif not isinstance(first, ast.Slice) or not isinstance(second, ast.Slice):
            turned = ast.Tuple([second, first], ast.Load())
            octave, python = "Octave has the row's index first.", "The column's stands first here."
            yield Change(key, node, _indexed(node.value, turned), octave, python)
    elif not isinstance(node.slice, ast.Slice) or is_reversal(node.slice):
        if is_reversal(node.slice):
            key = "flip-axis"
            octave = "Octave reverses the columns (fliplr)."
            python = "[::-1] reverses the first axis, the rows."
        turned = ast.Tuple([ast.Slice(), node.slice], ast.Load())
        yield Change(key, node, _indexed(node.value, turned), octave, python)
    else:
        turned = ast.Tuple([ast.Slice(), node.slice], ast.Load())
        yield Change(key, node, _indexed(node.value, turned), octave, "x[a:b] takes rows.")


def flipped(node: ast.AST, context: Context) -> Iterator[Change]:
    """Reversals along the other axis, lost, or too many."""
    names = {"fliplr": "flipud", "flipud": "fliplr"}
    name = called(node)
    if name in names and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        function = ast.Attribute(node.func.value, names[name], ast.Load())
        new: ast.expr = ast.Call(function, node.args, node.keywords)
        octave = "fliplr reverses the columns, flipud the rows."
        yield Change("flip-axis", node, new, octave, f"{name} reverses the other axis.")
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        reversed_ = [i for i, one in enumerate(node.slice.elts) if is_reversal(one)]
        if len(reversed_) == 1 and len(node.slice.elts) == 2 and reversed_ == [1]:
            octave, python = "Octave reverses the rows (flipud).", "[:, ::-1] reverses the columns."
            new = _indexed(node.value, node.slice.elts[1])
            yield Change("flip-axis", node, new, octave, python)
    if isinstance(node, ast.Subscript) and is_reversal(node.slice):
        octave, python = "Octave does not reverse the order here.", "[::-1] reverses it."
        yield Change("reversed", node, node.value, octave, python)
    array = context.array(node) if isinstance(node, ast.expr) else None
    if array is not None and array.ndim >= 1 and array.size > 1:
        octave, python = "Octave has the elements in the reverse order.", "It is not reversed."
        for text in ("X[::-1]", "X[:, ::-1]")[: array.ndim]:
            new = context.make(text, X=node)
            yield Change("reversed", node, new, octave, python, is_guess=True)


def axes(node: ast.AST, context: Context) -> Iterator[Change]:
    """Permute axes the other way round; turn a matrix the other way round."""
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    arguments = context.arguments(node)
    if name == "transpose" and len(arguments) == 2 and isinstance(arguments[1], ast.Tuple):
        now = [constant(one) for one in arguments[1].elts]
        if sorted(now, key=str) != list(range(len(now))):
            return
        inverse = tuple(int(i) for i in np.argsort(now))
        octave = "permute(A, p) makes dimension p(k) of A the k-th."
        others = [p for p in permutations(range(len(now))) if p not in (inverse, tuple(now))]
        for other in dict.fromkeys([inverse, *others][:MOST_AXES]):
            if other != tuple(now):
                python = f"np.transpose makes axis {now[0]} the first here."
                tree = ast.parse(repr(other), mode="eval").body
                new = ast.Call(node.func, [*node.args[:-1], tree], node.keywords)
                yield Change("axes", node, new, octave, python)
    if name == "rot90" and not node.keywords and len(arguments) <= 2:
        octave = "rot90 turns a matrix to the left, by as many right angles as the second argument."
        given = constant(arguments[1]) if len(arguments) == 2 else 1
        for turns in (1, -1, 2):
            if turns != given and isinstance(given, int):
                extra = [] if turns == 1 else [ast.parse(repr(turns), mode="eval").body]
                new = ast.Call(node.func, [arguments[0], *extra], [])
                python = f"np.rot90 is given {given} here."
                yield Change("rotation", node, new, octave, python)


def broadcast(node: ast.AST, context: Context) -> Iterator[Change]:
    """(n,) with (n,1) that became a matrix."""
    if not isinstance(node, (ast.BinOp, ast.Compare)):
        return
    left = node.left
    right = node.right if isinstance(node, ast.BinOp) else node.comparators[0]
    one, other = context.array(left), context.array(right)
    if one is not None and other is not None and one.ndim == other.ndim == 1:
        yield from _of_two_vectors(left, right, context)
    if one is None or other is None or {one.ndim, other.ndim} != {1, 2}:
        return
    vector, matrix = (left, right) if one.ndim == 1 else (right, left)
    column = context.array(matrix)
    octave = "Both are columns in Octave, and so is what comes of them."
    if column is not None and column.shape[1] == 1:
        python = f"({one.size if one.ndim == 1 else other.size},) with (n,1) becomes (n,n)."
        yield Change("broadcast", vector, context.make("X[:, None]", X=vector), octave, python)
        yield Change("broadcast", matrix, context.make("X[:, 0]", X=matrix), octave, python)
        yield Change("broadcast", matrix, context.make("X.ravel()", X=matrix), octave, python)
    else:
        yield _to_the_rows(vector, context)


def _to_the_rows(vector: ast.expr, context: Context) -> Change:
    octave = "In Octave this vector is a column, and belongs to the rows of the matrix."
    python = "A 1-D array is a row for NumPy, and belongs to the columns."
    return Change("broadcast", vector, context.make("X[:, None]", X=vector), octave, python)


def to_the_diagonal(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add a number to the diagonal of a square matrix, not to all of it."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    for matrix, plain in ((node.left, node.right), (node.right, node.left)):
        array, value = context.array(matrix), context.value(plain)
        is_number = isinstance(value, (int, float, complex, np.number))
        if array is None or array.ndim != 2 or len(set(array.shape)) != 1 or not is_number:
            continue
        new = context.make("X * np.eye(len(Y))", X=plain, Y=matrix)
        octave = "Octave adds a multiple of the identity matrix, which is its diagonal alone."
        python = "NumPy adds a number to every element."
        yield Change("broadcast", plain, new, octave, python)


def broadcast_in_place(node: ast.AST, context: Context) -> Iterator[Change]:
    """(n,) that a matrix is changed by: ``m -= v``."""
    if not isinstance(node, ast.AugAssign) or not isinstance(node.target, ast.Name):
        return
    changed = context.array(ast.Name(node.target.id, ast.Load()))
    by = context.array(node.value)
    if changed is not None and by is not None and (changed.ndim, by.ndim) == (2, 1):
        yield _to_the_rows(node.value, context)


def _of_two_vectors(left: ast.expr, right: ast.expr, context: Context) -> Iterator[Change]:
    """Make a column of one of two vectors, where Octave has a matrix of all pairs."""
    first = context.evidence.first
    found = numbers(first.octave) if first is not None else None
    if found is None or len(found.shape) != 2 or 1 in found.shape:
        return
    octave = "A column and a row give a matrix of all pairs in Octave."
    python = "Two 1-D arrays are taken element by element."
    for one in (left, right):
        yield Change("broadcast", one, context.make("X[:, None]", X=one), octave, python)


def _indexed(value: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(value, index, ast.Load())


def is_reversal(node: ast.expr) -> bool:
    """Whether an index is ``::-1``."""
    return (
        isinstance(node, ast.Slice)
        and node.lower is None
        and node.upper is None
        and constant(node.step) == -1
    )


CHANGES = (
    memory_order, order_of_found, order_of_places, conjugated, axes, broadcast, broadcast_in_place,
    to_the_diagonal, rows_for_columns, whole_v, flipped,
)  # fmt: skip
