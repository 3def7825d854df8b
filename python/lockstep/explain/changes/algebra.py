"""Linear algebra, polynomials, transforms and filters. May import `change` and `context`."""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import (
    Context,
    called,
    comes_from,
    constant,
    keyword,
    renamed,
    with_arguments,
    with_keywords,
)

ORDER = 13
KEYS = (
    "argument-order",
    "coefficients",
    "convolution-centre",
    "convolution-size",
    "eig-order",
    "factor-order",
    "fft-scale",
    "filter-state",
    "inverse",
    "matmul",
    "norm",
    "pinv-tolerance",
    "qr-size",
    "right-division",
    "shift-direction",
)


def products(node: ast.AST, context: Context) -> Iterator[Change]:
    """``*`` against ``@``."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Mult):
        one, other = context.array(node.left), context.array(node.right)
        if one is None or other is None:
            return
        new = ast.BinOp(node.left, ast.MatMult(), node.right)
        octave = "* is the product of matrices."
        python = "* multiplies element by element; @ is the product of matrices."
        yield Change("matmul", node, new, octave, python)
    if isinstance(node.op, ast.MatMult):
        new = ast.BinOp(node.left, ast.Mult(), node.right)
        octave = ".* multiplies element by element."
        yield Change("matmul", node, new, octave, "@ is the product of matrices.")
        new = ast.BinOp(node.right, ast.MatMult(), node.left)
        octave, python = "Octave has the factors the other way round.", "a @ b is not b @ a."
        yield Change("factor-order", node, new, octave, python)
    if isinstance(node.op, ast.Pow):
        base = context.array(node.left)
        if base is not None and base.ndim == 2 and base.shape[0] == base.shape[1] and context.np:
            power = context.make("np.linalg.matrix_power(X, N)", X=node.left, N=node.right)
            octave = "A^n is the product of n matrices A."
            yield Change("matmul", node, power, octave, "** takes the power of each element.")


def solving(node: ast.AST, context: Context) -> Iterator[Change]:
    r"""``/`` and ``\``: sides; inverses; norms; sizes."""
    name = called(node)
    if not isinstance(node, ast.Call):
        return
    if name == "norm" and node.args:
        array = context.array(node.args[0])
        if array is not None and array.ndim == 2 and len(node.args) == 1 and not node.keywords:
            octave = "norm of a matrix is its largest singular value."
            python = "np.linalg.norm of a matrix is the Frobenius norm unless the order is given."
            new = with_arguments(node, [*node.args, ast.Constant(2)])
            yield Change("norm", node, new, octave, python)
        elif len(node.args) == 2 and not node.keywords:
            octave = "Octave's order of the norm is another one."
            python = f"The order is {ast.unparse(node.args[1])} here."
            yield Change("norm", node, with_arguments(node, node.args[:1]), octave, python)
        for order in (1, np.inf, 2):
            tree = context.make("np.inf") if order == np.inf else ast.Constant(order)
            octave = f"Octave takes the norm of order {order} here."
            new = with_arguments(node, [node.args[0], tree])
            yield Change("norm", node, new, octave, "np.linalg.norm takes another one.")
    if name == "qr" and isinstance(node.func, ast.Attribute):
        octave = "qr gives a square Q unless the economy size is asked for."
        python = "np.linalg.qr gives the economy size unless the mode is 'complete'."
        if constant(keyword(node, "mode")) == "complete":
            new = with_keywords(node, ("mode",))
            yield Change("qr-size", node, new, "qr(A, 0) gives the economy size.", python)
        else:
            yield Change("qr-size", node, with_keywords(node, mode="complete"), octave, python)
    if name == "svd" and isinstance(node.func, ast.Attribute):
        octave = "svd gives square U and V unless the economy size is asked for."
        python = "full_matrices=False gives the economy size."
        if constant(keyword(node, "full_matrices")) in (False, 0):
            new = with_keywords(node, ("full_matrices",))
            yield Change("qr-size", node, new, octave, python)
        else:
            octave, python = "svd(A, 0) gives the economy size.", "np.linalg.svd gives full sizes."
            new = with_keywords(node, full_matrices=False)
            yield Change("qr-size", node, new, octave, python)
    if name in ("eig", "eigvals") and isinstance(node.func, ast.Attribute):
        octave = "eig of a symmetric matrix gives the eigenvalues in rising order."
        python = f"np.linalg.{name} takes no notice of symmetry and gives them in no order."
        new = renamed(node, {"eig": "eigh", "eigvals": "eigvalsh"}[name])
        yield Change("eig-order", node, new, octave, python)
    if name in ("eigh", "eigvalsh") and isinstance(node.func, ast.Attribute):
        octave = "eig of a matrix that is not symmetric takes all of it."
        python = f"np.linalg.{name} reads the lower triangle alone."
        new = renamed(node, name.replace("h", ""))
        yield Change("eig-order", node, new, octave, python)
        if name == "eigvalsh":
            yield Change("eig-order", node, context.make("X.real", X=new), octave, python)
    if name == "pinv":
        yield from _pinv(node, context)
    if name in ("inv", "pinv"):
        other = "pinv" if name == "inv" else "inv"
        octave, python = f"Octave uses {other}.", f"np.linalg.{name} is another inverse."
        yield Change("inverse", node, renamed(node, other), octave, python)
    if name in ("solve", "lstsq") and len(node.args) >= 2:
        a, b, *rest = node.args
        octave = "b / A solves x * A = b; A \\ b solves A * x = b."
        python = f"np.linalg.{name}(A, b) solves A @ x = b."
        turned = context.make("X.T", X=a)
        sides = context.array(b)
        if name == "solve" and sides is not None and sides.ndim == 2:
            both = with_arguments(node, [turned, context.make("X.T", X=b)])
            yield Change("right-division", node, context.make("X.T", X=both), octave, python)
        new = with_arguments(node, [turned, b, *rest])
        yield Change("right-division", node, new, octave, python)


def _pinv(node: ast.Call, context: Context) -> Iterator[Change]:
    octave = "The tolerance of pinv is a limit on the singular values themselves."
    python = "rcond of np.linalg.pinv is relative to the largest singular value."
    given = keyword(node, "rcond") or keyword(node, "rtol")
    name = "rcond" if keyword(node, "rcond") is not None else "rtol"
    if given is None and len(node.args) == 2:
        given, name = node.args[1], "rcond"
    if given is not None:
        scaled = context.make("X / np.linalg.norm(Y, 2)", X=given, Y=node.args[0])
        new = with_keywords(with_arguments(node, node.args[:1]), (), **{name: scaled})
        yield Change("pinv-tolerance", node, new, octave, python)


def polynomials(node: ast.AST, context: Context) -> Iterator[Change]:
    """Coefficients from the highest power down, or from the constant up."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    name = called(node)
    path = ast.unparse(node.func)
    if "polynomial" in path and name in ("polyfit", "polyval", "polyroots") and context.np:
        octave = f"{name} gives or takes the coefficient of the highest power first."
        python = f"np.polynomial.polynomial.{name} has the constant first."
        plain = {"polyroots": "roots"}.get(name, name)
        function = context.make(f"np.{plain}")
        arguments = list(node.args)
        if name == "polyval":
            arguments = [node.args[1], node.args[0]]
        yield Change(
            "coefficients", node, ast.Call(function, arguments, node.keywords), octave, python
        )


def transforms(node: ast.AST, context: Context) -> Iterator[Change]:
    """Scaling of transforms; sizes of convolutions; states of filters."""
    name = called(node)
    if not isinstance(node, ast.Call):
        return
    if name in ("fft", "ifft", "rfft", "irfft", "fft2", "ifft2"):
        if keyword(node, "norm") is not None:
            octave, python = "Octave's fft is not scaled.", "norm= scales the transform."
            yield Change("fft-scale", node, with_keywords(node, ("norm",)), octave, python)
        else:
            octave = "Octave divides the transform by the number of samples."
            python = f"{name} does not scale the transform."
            yield Change("fft-scale", node, with_keywords(node, norm="forward"), octave, python)
        turned = {"fft": "ifft", "ifft": "fft"}.get(name)
        if turned:
            octave, python = f"Octave has {turned}.", f"The port has {name}."
            yield Change("fft-scale", node, renamed(node, turned), octave, python)
    if name in ("convolve", "correlate", "convolve2d", "correlate2d", "fftconvolve"):
        given = keyword(node, "mode") or (node.args[2] if len(node.args) > 2 else None)
        now = constant(given) if given is not None else "full"
        octave = "conv gives all values ('full') unless 'same' or 'valid' is asked for."
        for mode in ("full", "same", "valid"):
            if mode != now:
                base = with_arguments(node, node.args[:2])
                sized = with_keywords(base, mode=mode)
                said = f"The mode of the port is {now!r}."
                yield Change("convolution-size", node, sized, octave, said)
    if name == "lfilter_zi" and context.np and len(node.args) == 2:
        rest = context.make("np.zeros(max(len(X), len(Y)) - 1)", X=node.args[0], Y=node.args[1])
        octave = "A state of zeros is that of a filter at rest."
        python = "lfilter_zi gives the state of a filter that has been fed with ones for ever."
        yield Change("filter-state", node, rest, octave, python)


_PAIRS = {
    "arctan2": "atan2(y, x) has the y first.", "atan2": "atan2(y, x) has the y first.",
    "kron": "The index that runs fastest belongs to the last factor of kron.",
    "trapezoid": "trapz takes the places first and the values second.",
    "trapz": "trapz takes the places first and the values second.",
    "simpson": "The places come first in Octave.",
    "polyval": "polyval takes the polynomial first.",
    "interp": "The data come before the places in interp1.",
    "cross": "a x b is the negative of b x a.", "subtract": "a - b is not b - a.",
    "divide": "a / b is not b / a.",
    "power": "a ^ b is not b ^ a.", "outer": "a * b' is a outer b.",
    "setdiff1d": "setdiff(a, b) keeps what is in a only.",
    "isin": "ismember(a, b) looks a up in b.",
    "lfilter": "filter(b, a, x) has the numerator first.", "hypot": "hypot takes either order.",
    "searchsorted": "The sorted values come first.", "solve": "A \\ b has the matrix first.",
    "copysign": "The size comes first.",
}  # fmt: skip


def argument_order(node: ast.AST, context: Context) -> Iterator[Change]:
    """Arguments in another order."""
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    name = called(node)
    if name == "where":
        return  # its branches are a reason of their own
    octave = _PAIRS.get(name, f"Octave gives {name} its arguments in another order.")
    shown = ast.unparse(node.func)
    for i in range(len(node.args) - 1):
        args = list(node.args)
        args[i], args[i + 1] = args[i + 1], args[i]
        new = with_arguments(node, args)
        ordinal = ("first", "second", "third", "fourth")[min(i, 3)]
        python = f"{shown} is given {ast.unparse(node.args[i])} as its {ordinal} argument."
        guess = name not in _PAIRS
        yield Change("argument-order", node, new, octave, python, is_guess=guess)
    if len(node.args) == 3:
        first, second, third = node.args
        python = f"{shown} is given {ast.unparse(first)} as its first argument."
        new = with_arguments(node, [third, first, second])
        yield Change("argument-order", node, new, octave, python, is_guess=True)


def shifts(node: ast.AST, context: Context) -> Iterator[Change]:
    """Direction of a circular shift."""
    if called(node) == "roll" and isinstance(node, ast.Call) and len(node.args) >= 2:
        shift = node.args[1]
        negative = (
            shift.operand
            if isinstance(shift, ast.UnaryOp) and isinstance(shift.op, ast.USub)
            else ast.UnaryOp(ast.USub(), shift)
        )
        turned = [node.args[0], negative, *node.args[2:]]
        new = with_arguments(node, turned)
        octave = "circshift by -1 brings the next element to the place of each."
        python = f"np.roll by {ast.unparse(shift)} shifts the other way."
        yield Change("shift-direction", node, new, octave, python)
    others = {"fftshift": "ifftshift", "ifftshift": "fftshift"}
    if isinstance(node, ast.Call) and called(node) in others:
        name = called(node)
        octave = f"{others[name]} shifts an odd number of elements by one more or less."
        python = f"The port has {name}, which undoes it."
        yield Change("shift-direction", node, renamed(node, others[name]), octave, python)


def halves_of_kernels(node: ast.AST, context: Context) -> Iterator[Change]:
    """Where the middle of a kernel of an even number of values is."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.FloorDiv):
        return
    if constant(node.right) != 2 or not context.says("conv", "conv2", "filter2"):
        return
    octave = "conv with 'same' leaves out ceil((n-1)/2) values at the start, for n values."
    python = "This leaves out floor((n-1)/2) of them, as np.convolve does."
    left = node.left
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Sub) and constant(left.right) == 1:
        new = ast.BinOp(left.left, node.op, node.right)
        yield Change("convolution-centre", node, new, octave, python)


def samples(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the number of samples for the length of their half spectrum."""
    if called(node) != "len" or not isinstance(node, ast.Call):
        return
    first = context.evidence.first
    if first is None or not comes_from(node.args[0], "rfft", context):
        return
    for name, value in first.variables.items():
        if isinstance(value, int) and not isinstance(value, bool):
            octave = "The transform is divided by the number of samples."
            python = "rfft has about half as many values as there are samples."
            yield Change("fft-scale", node, ast.Name(name, ast.Load()), octave, python)


CHANGES = (
    halves_of_kernels,
    samples,
    products,
    solving,
    polynomials,
    transforms,
    shifts,
    argument_order,
)
