"""Octave's functions in NumPy's words, one line each: the table that `translating` reads.

May import the standard library only.
"""

from collections.abc import Sequence

CONSTANTS = {
    "pi": "{np}.pi", "Inf": "{np}.inf", "inf": "{np}.inf", "NaN": "{np}.nan", "nan": "{np}.nan",
    "NA": "{np}.nan", "eps": "{np}.finfo(float).eps", "realmin": "{np}.finfo(float).tiny",
    "realmax": "{np}.finfo(float).max", "true": "True", "false": "False", "e": "{np}.e",
    "i": "1j", "j": "1j", "I": "1j",
}  # fmt: skip

_SAME_NAME = frozenset(
    {"abs", "sqrt", "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "sinh"}
    | {"cosh", "tanh", "floor", "ceil", "sign", "real", "imag", "conj", "isnan", "isinf"}
    | {"isfinite", "hypot", "kron", "cross", "dot", "trace", "diag", "tril", "triu", "unique"}
    | {"linspace", "fliplr", "flipud", "polyfit", "polyval", "rot90", "roots", "diff", "sort"}
)
_REDUCERS = frozenset(
    {"sum", "mean", "prod", "any", "all", "median", "cumsum", "cumprod", "max", "min"}
)
_TEMPLATES = {
    ("asin", 1): "{np}.arcsin({0})", ("acos", 1): "{np}.arccos({0})",
    ("atan", 1): "{np}.arctan({0})", ("atan2", 2): "{np}.arctan2({0}, {1})",
    ("angle", 1): "{np}.angle({0})", ("arg", 1): "{np}.angle({0})",
    ("fix", 1): "{np}.trunc({0})", ("rem", 2): "{np}.fmod({0}, {1})", ("mod", 2): "({0} % {1})",
    ("round", 1): "{np}.trunc({0} + {np}.copysign(0.5, {0}))",
    ("trapz", 1): "{np}.trapezoid({0}{axis})", ("trapz", 2): "{np}.trapezoid({1}, {0}{axis})",
    ("conv", 2): "{np}.convolve({0}, {1})", ("linspace", 2): "{np}.linspace({0}, {1}, 100)",
    ("std", 1): "{np}.std({0}{axis}, ddof=1)", ("var", 1): "{np}.var({0}{axis}, ddof=1)",
    ("max", 2): "{np}.maximum({0}, {1})", ("min", 2): "{np}.minimum({0}, {1})",
    ("numel", 1): "{0}.size", ("rows", 1): "{0}.shape[0]", ("columns", 1): "{0}.shape[1]",
    ("length", 1): "max({np}.shape({0}))", ("ndims", 1): "{np}.ndim({0})",
    ("size", 1): "{np}.shape({0})", ("isempty", 1): "({0}.size == 0)",
    ("eps", 1): "{np}.spacing({0})", ("nnz", 1): "{np}.count_nonzero({0})",
    ("find", 1): "{np}.flatnonzero({0})", ("double", 1): "({0}).astype(float)",
    ("repmat", 3): "{np}.tile({0}, ({1}, {2}))", ("circshift", 2): "{np}.roll({0}, {1}{axis})",
    ("eye", 1): "{np}.eye({0})", ("interp1", 3): "{np}.interp({2}, {0}, {1})",
    ("upper", 1): "{0}.upper()", ("toupper", 1): "{0}.upper()", ("lower", 1): "{0}.lower()",
    ("tolower", 1): "{0}.lower()", ("strtrim", 1): "{0}.strip()",
    ("strrep", 3): "{0}.replace({1}, {2})", ("strcmp", 2): "({0} == {1})",
    ("strcmpi", 2): "({0}.lower() == {1}.lower())", ("inv", 1): "{np}.linalg.inv({0})",
    ("pinv", 1): "{np}.linalg.pinv({0})", ("det", 1): "{np}.linalg.det({0})",
    ("transpose", 1): "({0}).T", ("ctranspose", 1): "({0}).conj().T",
    ("deg2rad", 1): "{np}.radians({0})", ("rad2deg", 1): "{np}.degrees({0})",
    ("bitand", 2): "({0} & {1})", ("bitor", 2): "({0} | {1})", ("power", 2): "({0} ** {1})",
    ("ischar", 1): "isinstance({0}, str)", ("isstruct", 1): "isinstance({0}, dict)",
    ("iscell", 1): "isinstance({0}, list)", ("is_function_handle", 1): "callable({0})",
    ("isfield", 2): "({1} in {0})", ("isreal", 1): "{np}.isrealobj({0})",
    ("iscomplex", 1): "{np}.iscomplexobj({0})", ("isscalar", 1): "({np}.size({0}) == 1)",
    ("isvector", 1): "({np}.size({0}) == max({np}.shape({0}), default=1))",
    ("issquare", 1): "({np}.ndim({0}) == 2 and {0}.shape[0] == {0}.shape[1])",
    ("isnumeric", 1): '({np}.asarray({0}).dtype.kind in "iufc")',
    ("isfloat", 1): '({np}.asarray({0}).dtype.kind in "fc")',
    ("islogical", 1): '({np}.asarray({0}).dtype.kind == "b")',
    ("chol", 1): "{np}.linalg.cholesky({0}).T", ("chol", 2): "{np}.linalg.cholesky({0})",
    ("fft", 1): "{np}.fft.fft({0})", ("ifft", 1): "{np}.fft.ifft({0})",
    ("fft", 2): "{np}.fft.fft({0}, {1})", ("ifft", 2): "{np}.fft.ifft({0}, {1})",
    ("setdiff", 2): "{np}.setdiff1d({0}, {1})", ("union", 2): "{np}.union1d({0}, {1})",
    ("intersect", 2): "{np}.intersect1d({0}, {1})", ("ismember", 2): "{np}.isin({0}, {1})",
    ("mtimes", 2): "({0} @ {1})", ("sumsq", 1): "{np}.sum({0} ** 2{axis})",
    ("cummax", 1): "{np}.maximum.accumulate({0})", ("cummin", 1): "{np}.minimum.accumulate({0})",
    ("times", 2): "({0} * {1})", ("plus", 2): "({0} + {1})", ("minus", 2): "({0} - {1})",
}  # fmt: skip


def call(name: str, args: Sequence[str], np: str, axis: int | None, matrices: bool) -> str:
    """Write the call of an Octave function with NumPy; empty where that is not known.

    Parameters
    ----------
    name : str
        The function.
    args : sequence of str
        Its arguments, translated; an empty matrix is ``[]``.
    np : str
        What NumPy is called.
    axis : int or None
        Along which axis a function works that is given none; None for all elements.
    matrices : bool
        Whether the arguments are matrices rather than vectors.
    """
    count = len(args)
    along = "" if axis is None else f", axis={axis}"
    if not args:
        return CONSTANTS.get(name, "").format(np=np)
    if name in _REDUCERS and (count == 1 or (name not in ("max", "min") and count == 2)):
        along = _dimension(args[1]) if count == 2 else along
        return f"{np}.{name}({args[0]}{along})" if count == 1 or along else ""
    if name in ("max", "min") and count == 3 and args[1] == "[]":
        return f"{np}.{name}({args[0]}{_dimension(args[2])})"
    if name in ("std", "var") and count > 1:
        return _spread(name, args, np, along)
    if name == "norm":
        order = ", 2" if count == 1 and matrices else ""
        return f"{np}.linalg.norm({', '.join(args)}{order})"
    if name in ("zeros", "ones"):
        return f"{np}.{name}({_size(args)})"
    if name == "reshape" and count > 1:
        shape = ", ".join("-1" if one == "[]" else one for one in args[1:])
        return f'{np}.reshape({args[0]}, ({shape}), order="F")'
    if name == "circshift" and count == 3:
        return f"{np}.roll({args[0]}, {args[1]}{_dimension(args[2])})"
    if name == "permute" and count == 2:
        axes = [str(int(n) - 1) for n in args[1].strip("()").split(", ") if n.isdigit()]
        return f"{np}.transpose({args[0]}, ({', '.join(axes)}))" if len(axes) > 1 else ""
    if name == "size" and count == 2 and args[1].isdigit():
        return f"{args[0]}.shape[{int(args[1]) - 1}]"
    if name == "sort" and count == 2:
        if "desc" in args[1]:
            return f"-{np}.sort(-{args[0]}{along})"
        return f"{np}.sort({args[0]}{_dimension(args[1]) or along})"
    if name == "sprintf":
        rest = args[1] if count == 2 else f"({', '.join(args[1:])})"
        return f"({args[0]} % {rest})" if count > 1 else ""
    if (name, count) in _TEMPLATES:
        return _TEMPLATES[name, count].format(*args, np=np, axis=along)
    return f"{np}.{name}({', '.join(args)})" if name in _SAME_NAME else ""


def _dimension(text: str) -> str:
    return f", axis={int(text) - 1}" if text.isdigit() else ""


def _spread(name: str, args: Sequence[str], np: str, along: str) -> str:
    """Write std or var with its option, which may be empty, and its dimension."""
    option = args[1]
    if option not in ("0", "1", "[]"):
        return ""
    if len(args) == 3:
        along = _dimension(args[2])
    divisor = "" if option == "1" else ", ddof=1"
    return f"{np}.{name}({args[0]}{along}{divisor})"


def _size(args: Sequence[str]) -> str:
    """Write a size: vectors of one dimension, as most ports have them."""
    if len(args) == 2 and "1" in args:
        return args[0] if args[1] == "1" else args[1]
    return args[0] if len(args) == 1 else f"({', '.join(args)})"
