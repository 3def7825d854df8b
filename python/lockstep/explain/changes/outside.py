"""What there is outside of an array: for interpolation, for filters, for padding.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, keyword, number, with_keywords

ORDER = 13
KEYS = ("outside", "padding")

_PAD_MODES = ("constant", "edge", "reflect", "symmetric", "wrap")
_FILTER_MODES = ("constant", "nearest", "reflect", "mirror", "wrap")
_BOUNDARIES = ("fill", "wrap", "symm")

_MOVING = ("map_coordinates", "shift", "zoom", "rotate", "affine_transform", "geometric_transform")
"""Functions of scipy.ndimage that read between the elements."""

_INTERPOLATING = ("interp1d", "interpn", "RegularGridInterpolator")


def ends(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give np.interp what Octave's interp1 has outside of the range of the data."""
    if called(node) != "interp" or not isinstance(node, ast.Call) or not context.np:
        return
    if keyword(node, "left") is not None:
        return
    python = "np.interp gives the first or the last value there unless left and right say."
    nan_ = context.make("np.nan")
    octave = "interp1 gives no number (NA) outside of the range of the data."
    yield Change("outside", node, with_keywords(node, left=nan_, right=nan_), octave, python)
    for text in dict.fromkeys(("0", "1", *context.octave_numbers())):
        octave = f"interp1 was told to give {text} outside of the range of the data."
        for given in (("left",), ("right",), ("left", "right")):
            new = with_keywords(node, (), **{end: number(float(text)) for end in given})
            yield Change("outside", node, new, octave, python)


def between(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give what reads between the elements of an array Octave's value outside of it."""
    if not isinstance(node, ast.Call) or not context.np:
        return
    name = called(node)
    nothing = "interp1 and interp2 give no number (NA) outside of the range of the data."
    missing = context.make("np.nan")
    if name in _MOVING:
        python = f"{name} takes 0 there, or what mode and cval say."
        yield Change("outside", node, with_keywords(node, cval=missing), nothing, python)
        for mode in ("nearest", "mirror", "reflect", "grid-wrap"):
            octave = f"Outside of the array Octave has what mode='{mode}' gives."
            yield Change("outside", node, with_keywords(node, mode=mode), octave, python)
    if name in _INTERPOLATING:
        python = f"{name} raises an error there unless bounds_error is False."
        new = with_keywords(node, bounds_error=False, fill_value=missing)
        yield Change("outside", node, new, nothing, python)
        beyond = ast.Constant("extrapolate" if name == "interp1d" else None)
        octave = "Octave goes on beyond the range of the data ('extrap')."
        new = with_keywords(node, bounds_error=False, fill_value=beyond)
        yield Change("outside", node, new, octave, python)


def padding(node: ast.AST, context: Context) -> Iterator[Change]:
    """Pad, or filter an image, with another rule for what is outside."""
    if not isinstance(node, ast.Call):
        return
    if called(node) in ("convolve2d", "correlate2d"):
        yield from _with_rules(node, "boundary", _BOUNDARIES, ast.Constant("fill"))
    given, name = keyword(node, "mode"), called(node)
    is_filter = name.startswith(("convolve", "correlate")) or name.endswith(("_filter", "filter1d"))
    has_rule = isinstance(given, ast.Constant) and given.value in _FILTER_MODES
    if is_filter and (given is None or has_rule):
        by_default = ast.Constant("reflect")  # in all of scipy.ndimage
        yield from _with_rules(node, "mode", _FILTER_MODES, given or by_default)
    elif name == "pad" and given is not None:
        yield from _with_rules(node, "mode", _PAD_MODES, given)


def _with_rules(
    node: ast.Call, name: str, rules: tuple[str, ...], given: ast.expr
) -> Iterator[Change]:
    """Make a change for each rule that is not the given one."""
    for rule in rules:
        if not isinstance(given, ast.Constant) or given.value != rule:
            octave = f"Outside of the array Octave has what {name}='{rule}' gives."
            new = with_keywords(node, **{name: rule})
            yield Change("padding", node, new, octave, f"The port has {ast.unparse(given)}.")


CHANGES = (ends, between, padding)
