"""Two lists of indices: a block of a matrix, or the places that they pair.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 10
KEYS = ("mesh",)


def meshes(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the block where rows and columns meet, or the places one by one."""
    around = context.parent(node)
    if not isinstance(around, ast.Subscript) or around.slice is not node or not context.np:
        return
    indices = node.elts if isinstance(node, ast.Tuple) else []
    if len(indices) > 1 and all(is_several(context.value(one)) for one in indices):
        call = context.make("np.ix_()")
        assert isinstance(call, ast.Call)
        new = ast.Call(call.func, list(indices), [])
        octave = "A(rows, columns) is the block in which these rows and columns meet."
        python = "NumPy pairs two lists of indices: the first of each, then the second."
        yield Change("mesh", node, new, octave, python)
    if called(node) == "ix_" and isinstance(node, ast.Call):
        octave = "Octave takes the places one by one here, each by one index."
        python = "np.ix_ takes the block in which the rows and the columns meet."
        yield Change("mesh", node, ast.Tuple(list(node.args), ast.Load()), octave, python)


def is_several(value: object) -> bool:
    """Whether a value is several indices, or a mask."""
    if isinstance(value, list):
        return len(value) > 0 and all(isinstance(one, (int, np.integer)) for one in value)
    is_vector = isinstance(value, np.ndarray) and value.ndim == 1
    return is_vector and np.asarray(value).dtype.kind in "iub"


CHANGES = (meshes,)
