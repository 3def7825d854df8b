"""Sums, means, orders and quantiles: axis, divisor, NaN, ties. May import `change`, `context`."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import (
    Context,
    called,
    constant,
    keyword,
    renamed,
    with_arguments,
    with_keywords,
)

ORDER = 12
KEYS = (
    "axis",
    "ddof",
    "first-or-last",
    "keepdims",
    "last-bin",
    "median",
    "nan",
    "quantile-method",
    "row-vector",
    "rowvar",
    "sort-down",
    "strictness",
    "ties",
)

MOST_AXES = 4
"""Axes of an array that are tried."""

_AXIS_PLACE = {
    **dict.fromkeys(
        ("sum", "mean", "std", "var", "min", "max", "amin", "amax", "prod", "any", "all", "median",
         "cumsum", "cumprod", "argmin", "argmax", "sort", "argsort", "nansum", "nanmean", "nanstd",
         "nanvar", "nanmin", "nanmax", "nanmedian", "nanargmin", "nanargmax", "ptp", "flip",
         "count_nonzero", "concatenate", "stack", "accumulate", "logsumexp"), 1),
    **dict.fromkeys(("fft", "ifft", "rfft", "diff", "quantile", "percentile", "roll", "norm",
                     "cross", "trapezoid", "trapz", "gradient", "unique", "zscore", "nanquantile",
                     "take", "repeat", "average", "cumulative_trapezoid"), 2),
}  # fmt: skip
_REDUCERS = {
    "sum", "mean", "std", "var", "min", "max", "amin", "amax", "prod", "any", "all", "median",
    "nansum", "nanmean", "nanstd", "nanvar", "nanmin", "nanmax", "nanmedian", "argmin", "argmax",
    "ptp", "count_nonzero", "norm", "quantile", "percentile", "cumsum", "cumprod", "average",
}  # fmt: skip
_LAST_AXIS = {"sort", "argsort", "diff", "fft", "ifft", "rfft", "cross", "trapezoid", "trapz"}
_NAN = {
    name: f"nan{name}"
    for name in ("min", "max", "sum", "mean", "std", "var", "median", "argmin", "argmax", "prod",
                 "quantile", "percentile", "cumsum")
} | {"amin": "nanmin", "amax": "nanmax", "minimum": "fmin", "maximum": "fmax"}  # fmt: skip


def _worked_on(name: str, argument: ast.expr, context: Context) -> np.ndarray[Any, Any] | None:
    """Return the array along whose axes a function works; of several, one with those it makes."""
    several = context.value(argument)
    if name not in ("concatenate", "stack") or not isinstance(several, (list, tuple)):
        return context.array(argument)
    first = several[0] if several else None
    if not isinstance(first, np.ndarray):
        return None
    return first[None] if name == "stack" else first


def axis(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another axis of a function that works along one."""
    name = called(node)
    if name not in _AXIS_PLACE or not isinstance(node, ast.Call):
        return
    arguments = context.arguments(node)
    array = _worked_on(name, arguments[0], context) if arguments else None
    if array is None or array.ndim < 1:
        return
    place = _AXIS_PLACE[name]
    now: Any = constant(keyword(node, "axis"))
    base = node
    if place == 1 and len(arguments) == 2 and isinstance(constant(arguments[1]), int):
        now = constant(arguments[1])
        base = with_arguments(node, node.args[:-1])
    is_given = isinstance(now, int)
    said = _octave_name(name)
    if is_given:
        python = f"axis={now} works along " + ("the rows." if now in (1, -1) else "the columns.")
    elif name in _LAST_AXIS:
        python = f"{name} works along the last axis, the rows, unless told otherwise."
    else:
        python = f"{name} takes all elements together unless axis says otherwise."
    for one in range(min(array.ndim, MOST_AXES) if array.ndim > 1 else 0):
        if is_given and one == now % array.ndim:
            continue
        octave = f"Octave's {said} works down the columns unless told otherwise."
        if one:
            octave = f"Octave's {said} works along dimension {one + 1} here."
        yield Change("axis", node, with_keywords(base, axis=one), octave, python)
        if name in _REDUCERS and keyword(node, "keepdims") is None:
            new = with_keywords(base, axis=one, keepdims=True)
            yield Change("axis", node, new, octave, python)
    if name in _REDUCERS:
        if is_given and now == 0 and array.ndim == 2 and array.shape[0] == 1:
            new = with_keywords(
                base, axis=context.make("0 if len(X) > 1 else None", X=arguments[0])
            )
            octave = f"The {_octave_name(name)} of a matrix of one row is taken along that row."
            python = "axis=0 runs down the columns, also where there is one row only."
            yield Change("row-vector", node, new, octave, python)
        said_axis = ast.Constant(now) if is_given else keyword(node, "axis")
        if said_axis is not None:
            octave = "Octave takes all elements together here."
            yield Change("axis", node, with_keywords(base, ("axis",)), octave, python)
        if said_axis is not None and keyword(node, "keepdims") is None and array.ndim >= 2:
            octave = f"Octave's {_octave_name(name)} keeps the dimension, with size 1."
            python = f"{name} drops the dimension unless keepdims=True."
            new = with_keywords(base, axis=said_axis, keepdims=True)
            yield Change("keepdims", node, new, octave, python)


def _octave_name(name: str) -> str:
    return {"amax": "max", "amin": "min", "trapezoid": "trapz", "argsort": "sort"}.get(
        name.removeprefix("nan"), name.removeprefix("nan")
    )


def rowvar(node: ast.AST, context: Context) -> Iterator[Change]:
    """Variables in rows or columns, for cov and corrcoef."""
    name = called(node)
    if name not in ("cov", "corrcoef") or not isinstance(node, ast.Call):
        return
    octave = f"Octave's {name} takes the columns for the variables."
    if constant(keyword(node, "rowvar")) in (False, 0):
        python = "rowvar=False takes the columns for the variables."
        new = with_keywords(node, ("rowvar",))
        yield Change("rowvar", node, new, "Octave has the variables in rows here.", python)
    else:
        python = f"np.{name} takes the rows for the variables unless rowvar=False."
        yield Change("rowvar", node, with_keywords(node, rowvar=False), octave, python)


def ddof(node: ast.AST, context: Context) -> Iterator[Change]:
    """Divide by n, or by n - 1, in std, var and cov."""
    name = called(node)
    if not isinstance(node, ast.Call):
        return
    if name in ("std", "var", "nanstd", "nanvar", "pstdev", "pvariance", "stdev", "variance"):
        if name in ("pstdev", "pvariance", "stdev", "variance"):
            other = {"pstdev": "stdev", "stdev": "pstdev"}.get(name)
            other = other or {"pvariance": "variance", "variance": "pvariance"}[name]
            octave = "Octave's std and var divide by n - 1, with the option 1 by n."
            python = f"{name} divides by " + ("n." if name.startswith("p") else "n - 1.")
            yield Change("ddof", node, renamed(node, other), octave, python)
            return
        plain = name.removeprefix("nan")
        if constant(keyword(node, "ddof")) == 1:
            octave = f"Octave divides by n here (the option 1 of {plain}, or a sum over n)."
            python = f"ddof=1 makes {name} divide by n - 1."
            yield Change("ddof", node, with_keywords(node, ("ddof",)), octave, python)
        else:
            octave = f"Octave's {plain} divides by n - 1."
            if not context.says("std", "var"):
                octave = "Octave divides by n - 1 here."
            python = f"NumPy's {name} divides by n unless ddof=1."
            yield Change("ddof", node, with_keywords(node, ddof=1), octave, python)
    if name == "cov":
        if constant(keyword(node, "ddof")) == 0 or constant(keyword(node, "bias")) in (True, 1):
            octave = "Octave's cov divides by n - 1."
            python = "bias=True, or ddof=0, makes np.cov divide by n."
            yield Change("ddof", node, with_keywords(node, ("ddof", "bias")), octave, python)
        else:
            octave = "cov(X, 1) divides by n."
            python = "np.cov divides by n - 1 unless bias=True or ddof=0."
            yield Change("ddof", node, with_keywords(node, ("ddof",), bias=True), octave, python)


def nan(node: ast.AST, context: Context) -> Iterator[Change]:
    """NaN passed over or counted."""
    name = called(node)
    if not isinstance(node, ast.Call):
        return
    arguments = context.arguments(node)
    if not arguments or not any(_has_nan(context.value(one)) for one in arguments):
        return
    if name in _NAN and context.np:
        other = _NAN[name]
        call = context.make(f"np.{other}(X)", X=arguments[0])
        assert isinstance(call, ast.Call)
        new = ast.Call(call.func, list(arguments), node.keywords)
        octave = f"Octave's {_octave_name(name)} passes over NaN."
        if name not in ("min", "max", "amin", "amax", "argmin", "argmax", "minimum", "maximum"):
            octave = "Octave leaves the missing values out here."
        python = f"np.{name} gives NaN where there is one; np.{other} passes over it."
        yield Change("nan", node, new, octave, python)
    if name == "clip" and len(arguments) == 3:
        parts = dict(zip("XAB", arguments, strict=True))
        limited = context.make("np.fmax(A, np.fmin(B, X))", **parts)
        octave = "Octave's min and max pass over NaN: of NaN they make a limit."
        yield Change("nan", node, limited, octave, "np.clip leaves NaN as it is.")
    way = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name in ("accumulate", "reduce") and isinstance(way, ast.Attribute) and way.attr in _NAN:
        other = _NAN[way.attr]
        function = ast.Attribute(ast.Attribute(way.value, other, ast.Load()), name, ast.Load())
        octave = "Octave passes over NaN here."
        python = f"np.{way.attr} gives NaN where there is one; np.{other} passes over it."
        new = ast.Call(function, node.args, node.keywords)
        yield Change("nan", node, new, octave, python)
    if name.startswith("nan") and isinstance(node.func, ast.Attribute):
        plain = name.removeprefix("nan")
        octave = f"Octave's {plain} gives NaN where there is one."
        python = f"np.{name} passes over NaN."
        yield Change("nan", node, renamed(node, plain), octave, python)


def _has_nan(value: Any) -> bool:
    try:
        return bool(np.isnan(np.asarray(value, dtype=complex)).any())
    except (TypeError, ValueError):
        return False


def quantile(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take another method of quantiles, or the median of an even number."""
    name = called(node)
    if isinstance(node, ast.Call) and name in (
        "quantile", "percentile", "nanquantile", "nanpercentile",
    ):  # fmt: skip
        octave = "Octave's quantile puts the k-th of n sorted values at (k - 0.5) / n."
        python = f"np.{name} puts it at (k - 1) / (n - 1) unless told another method."
        methods = ["hazen", "linear", "weibull", "median_unbiased", "inverted_cdf",
                   "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf",
                   "normal_unbiased", "lower", "higher", "nearest", "midpoint"]  # fmt: skip
        now = constant(keyword(node, "method"))
        for method in methods:
            if method != now:
                new = with_keywords(node, ("interpolation",), method=method)
                yield Change("quantile-method", node, new, octave, python)
    if isinstance(node, ast.Subscript) and called(node.value) in ("sort", "sorted"):
        assert isinstance(node.value, ast.Call)
        data = context.arguments(node.value)[0]
        index = ast.dump(node.slice)
        if context.np and ("FloorDiv" in index or "Div" in index):
            octave = "The median of an even number of values is the mean of the two in the middle."
            python = "The element in the middle of the sorted values is one of the two."
            yield Change("median", node, context.make("np.median(X)", X=data), octave, python)
    if isinstance(node, ast.Call) and name in ("median_low", "median_high"):
        octave = "The median of an even number of values is the mean of the two in the middle."
        yield Change("median", node, renamed(node, "median"), octave, f"{name} is one of the two.")


def ties(node: ast.AST, context: Context) -> Iterator[Change]:
    """Which of equal elements comes first."""
    if called(node) == "mode" and isinstance(node, ast.Call):
        octave = "Of several values that are equally common mode takes the smallest."
        python = "statistics.mode takes the one that it meets first."
        if isinstance(node.func, ast.Attribute):
            call = renamed(node, "multimode")
            new: ast.expr = context.make("min(X)", X=call)
            yield Change("ties", node, new, octave, python)
    if called(node) == "most_common":
        return
    octave = "sort keeps the order of equal elements when it sorts down, too."
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Slice)
        and constant(node.slice.step) == -1
        and node.slice.lower is None
        and node.slice.upper is None
        and called(node.value) == "argsort"
        and isinstance(node.value, ast.Call)
    ):
        data = context.arguments(node.value)[0]
        new = context.make('np.argsort(-X, kind="stable")', X=data)
        python = "Turning a rising order round turns the order of equal elements round as well."
        yield Change("ties", node, new, octave, python)
    if called(node) in ("argsort", "sort") and isinstance(node, ast.Call):
        if constant(keyword(node, "kind")) != "stable":
            python = "argsort keeps the order of equal elements only with kind='stable'."
            octave = "Octave's sort keeps the order of equal elements."
            yield Change("ties", node, with_keywords(node, kind="stable"), octave, python)
        data = context.arguments(node)[0]
        if called(node) == "argsort":
            new = context.make('np.argsort(-X, kind="stable")', X=data)
            octave, python = "Octave sorts down here.", "argsort sorts up."
            yield Change("sort-down", node, new, octave, python)
    if (
        isinstance(node, ast.Subscript)
        and called(node.value) in ("flatnonzero", "nonzero", "argwhere", "where")
        and constant(node.slice) in (0, -1)
    ):
        other = -1 if constant(node.slice) == 0 else 0
        new = ast.Subscript(node.value, ast.parse(repr(other), mode="eval").body, ast.Load())
        octave, python = "Octave takes the last of the places.", "[0] is the first of them."
        if other == 0:
            octave, python = "Octave takes the first of the places.", "[-1] is the last of them."
        yield Change("first-or-last", node, new, octave, python)
    if called(node) in ("argmax", "argmin") and isinstance(node, ast.Call):
        data = context.arguments(node)[0]
        name = called(node)
        array = context.array(data)
        if array is not None and array.ndim == 1 and not node.keywords:
            new = context.make(f"len(X) - 1 - np.{name}(X[::-1])", X=data)
            octave, python = "Octave keeps the last of equal elements.", f"{name} gives the first."
            yield Change("first-or-last", node, new, octave, python)


def last_of_equal(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the last place of equal elements, as Octave's ``unique`` does."""
    if not isinstance(node, ast.Assign) or called(node.value) != "unique":
        return
    call, target = node.value, node.targets[0]
    assert isinstance(call, ast.Call)
    if not isinstance(target, ast.Tuple) or len(target.elts) < 2 or not call.args:
        return
    place = target.elts[1]
    if constant(keyword(call, "return_index")) is not True or not isinstance(place, ast.Name):
        return
    data, np_ = ast.unparse(call.args[0]), context.np or "np"
    yield Change(
        "first-or-last", node, None, "unique gives the last of equal elements.",
        "np.unique gives the first of them.", where=Where.AFTER,
        lines=f"{place.id} = len({data}) - 1 - "
        f"{np_}.unique({data}[::-1], return_index=True)[1]",
    )  # fmt: skip


def bins(node: ast.AST, context: Context) -> Iterator[Change]:
    """Open or close the ends of bins and of searches."""
    name = called(node)
    if not isinstance(node, ast.Call):
        return
    if name == "histogram" and len(node.args) >= 2:
        data, edges = node.args[0], node.args[1]
        if isinstance(context.value(edges), (np.ndarray, list)):
            inside = context.make("X[X < Y[-1]]", X=data, Y=edges)
            new = with_arguments(node, [inside, *node.args[1:]])
            octave = "histc counts the values equal to the last edge in a bin of their own."
            python = "np.histogram counts the values equal to the last edge in the bin before it."
            yield Change("last-bin", node, new, octave, python)
    if name in ("searchsorted", "digitize", "bisect", "bisect_left", "bisect_right"):
        octave = "Octave counts the elements that equal the value, too (<=)."
        python = "searchsorted counts the elements below a value unless side is 'right'."
        if name == "searchsorted":
            side = constant(keyword(node, "side"))
            if side == "right":
                octave = "Octave does not count the elements that equal the value (<)."
                python = "side='right' counts them, too."
                new = with_keywords(node, ("side",))
            else:
                new = with_keywords(node, side="right")
            yield Change("strictness", node, new, octave, python)
        elif name == "digitize":
            right = constant(keyword(node, "right")) in (True, 1)
            new = with_keywords(node, ("right",)) if right else with_keywords(node, right=True)
            python = "digitize closes the bins on the left unless right=True."
            yield Change("strictness", node, new, "Octave closes the other end.", python)
        else:
            other = "bisect_right" if name == "bisect_left" else "bisect_left"
            python = f"{name} puts equal elements on the other side."
            yield Change("strictness", node, renamed(node, other), octave, python)


CHANGES = (ddof, rowvar, axis, nan, quantile, ties, last_of_equal, bins)
