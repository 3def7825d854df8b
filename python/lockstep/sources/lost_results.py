"""Statements of Python that compute a value which nothing is given.

May import `python_names`.
"""

import ast

from lockstep.sources.python_names import dotted_base

MODULES = frozenset({"math", "np", "numpy"})
"""Modules whose functions give a value, and do nothing else."""

IN_PLACE = frozenset(
    {
        "at", "copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask", "seed",
        "set_printoptions", "seterr", "shuffle",
    }
)  # fmt: skip
"""Functions of these that do."""

GIVING = frozenset(
    {
        "astype", "clip", "conj", "conjugate", "copy", "cumprod", "cumsum", "flatten", "lower",
        "max", "mean", "min", "prod", "ravel", "real", "repeat", "replace", "reshape", "round",
        "squeeze", "std", "strip", "sum", "swapaxes", "take", "transpose", "upper", "var",
    }
)  # fmt: skip
"""Methods that give a value, and leave the object as it is."""


def is_lost(statement: ast.AST) -> bool:
    """Whether a statement computes a value, does nothing else, and gives it to nothing.

    Examples
    --------
    >>> [is_lost(ast.parse(text).body[0]) for text in ("x + 1", "np.sort(x)", "x.sort()", "x = 1")]
    [True, True, False, False]
    """
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    if isinstance(value, ast.Call):
        return _only_gives(value)
    return isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript, ast.Attribute))


def _only_gives(call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or any(one.arg == "out" for one in call.keywords):
        return False
    if dotted_base(function) in MODULES:
        words = {one.attr for one in ast.walk(function) if isinstance(one, ast.Attribute)}
        return IN_PLACE.isdisjoint(words) and not words & {"random", "testing"}
    return function.attr in GIVING
