"""A machine that rounds otherwise: every inexact result comes out one of its neighbours.

Two right programs differ by rounding, so the port is run on such machines and the spread of its
results is the rounding floor (stochastic arithmetic: Vignes' CESTAC, Verificarlo's random
rounding). A machine is a function: the same numbers give the same result wherever they meet, so
that ties stay ties, symmetric matrices stay symmetric and what was copied stays a copy.

- Exact operations do not round and are not moved: copies, indexing, comparisons, rounding, minima,
  sorting; sums, products and quotients that are exact, which the error-free transformations of
  Dekker and Knuth tell; and results that are whole numbers, unless `whole` asks for these too.
- A sum takes the roundings of all its partial sums: with partial sums S_k it moves by half an ulp
  of 1 times sqrt(sum S_k^2), which is what independent roundings add up to, and at least by what
  summing one by one, as Octave does, makes of it (roundings of like terms are not independent).
- What LAPACK, FFTs and filters do inside cannot be reached. They are backward stable: their result
  is the exact one of inputs that are a few ulps off. So their inputs are moved.

Imports nothing of the package.
"""

import functools
import inspect
import math
import operator
import random
from collections.abc import Callable, Collection, Iterator
from types import CodeType, FunctionType
from typing import Any

import numpy as np

EPS = 2.0**-52
GRID = 2.0**20
"""Sums of multiples of 1 / GRID are taken for exact."""

WHOLE = 2.0**53
"""From here on every double is a whole number."""

SPLIT = 2.0**27 + 1
"""Dekker's constant: halves the digits of a double."""

CHUNKS = 16
"""At so many places a matrix product's partial sums are looked at."""

MANY = 2 * 10**4
"""Elements beyond which whether an operation is exact is judged by some of them."""

LARGE = 10**6
"""Multiplications beyond which a product's partial sums are not looked at, but estimated: from the
lengths of rows and columns, as for terms of either sign, or from the sum, as for terms of one."""

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "Pow": operator.pow,
    "MatMult": operator.matmul,
}
IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.iadd,
    "Sub": operator.isub,
    "Mult": operator.imul,
    "Div": operator.itruediv,
    "Pow": operator.ipow,
    "MatMult": operator.imatmul,
}
UFUNCS = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mult",
    "divide": "Div",
    "true_divide": "Div",
    "power": "Pow",
    "float_power": "Pow",
    "matmul": "MatMult",
    "dot": "MatMult",
    "mul": "Mult",
    "sub": "Sub",
    "truediv": "Div",
    "pow": "Pow",
}

EXACT = frozenset(
    # what copies, selects, orders, compares, rounds or makes constants
    """
    abs absolute fabs negative positive sign signbit copysign real imag conj conjugate floor ceil
    trunc rint fix round around round_ floor_divide mod fmod remainder frexp ldexp modf nextafter
    spacing min max amin amax nanmin nanmax maximum minimum fmax fmin clip sort argsort partition
    argpartition argmin argmax nanargmin nanargmax searchsorted digitize unique lexsort where
    select choose compress extract take take_along_axis put put_along_axis place putmask copyto
    nonzero flatnonzero argwhere count_nonzero isclose allclose array_equal concatenate hstack
    vstack dstack stack column_stack row_stack block split array_split hsplit vsplit append insert
    delete pad repeat tile roll rollaxis moveaxis swapaxes transpose flip fliplr flipud rot90
    reshape ravel flatten resize squeeze expand_dims atleast_1d atleast_2d atleast_3d
    broadcast_to broadcast_arrays meshgrid ix_ diag diagonal diagflat tril triu eye identity
    zeros ones full empty zeros_like ones_like full_like empty_like array asarray
    ascontiguousarray asfortranarray asanyarray copy deepcopy astype view item tolist fill
    nan_to_num get pop setdefault append extend values keys items next iter fromiter frombuffer
    load loadtxt genfromtxt loadmat toarray todense tocsr tocsc sorted reversed filter zip
    enumerate getattr sliding_window_view block_diag triu_indices itemgetter float64 float32
    complex128
    """.split()  # noqa: SIM905 -- a list would fill the page
)

SUMS = frozenset(
    ["sum", "nansum", "fsum", "mean", "nanmean", "average", "cumsum", "inner", "vdot", "trapz"]
)
SQUARES = frozenset(["var", "std", "nanvar", "nanstd", "norm"])
PRODUCTS = frozenset(["prod", "nanprod", "cumprod"])

STABLE_MODULES = (
    "numpy.linalg",
    "numpy.fft",
    "scipy.linalg",
    "scipy.fft",
    "scipy.signal",
    "scipy.interpolate",
    "scipy.sparse.linalg",
    "scipy.ndimage",
)
STABLE = frozenset(
    """
    inv pinv solve lstsq det slogdet eig eigh eigvals eigvalsh svd svdvals qr cholesky lu
    matrix_power matrix_rank cond expm logm sqrtm schur fft ifft fft2 ifft2 fftn ifftn rfft irfft
    convolve correlate polyfit polyval roots poly interp cov corrcoef einsum tensordot gradient
    lfilter filtfilt detrend spline trapezoid cross kron percentile quantile nanpercentile
    nanquantile
    """.split()  # noqa: SIM905 -- a list would fill the page
)

LEFT_ALONE = frozenset(
    """
    super locals globals vars dir eval exec compile print input open range len isinstance
    issubclass hasattr getattr setattr delattr type id repr str bytes bytearray int bool float
    complex list tuple dict set frozenset slice enumerate zip map filter reversed sorted iter next
    callable hash object property staticmethod classmethod min max abs any all format ord chr bin
    hex oct memoryview breakpoint __import__ round
    """.split()  # noqa: SIM905 -- a list would fill the page
)
"""Builtins that are called as they stand: they are exact, or look at who calls them."""

_M1, _M2, _ALL = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 2**64 - 1


class Machine:
    """One machine.

    Parameters
    ----------
    run : int
        Number of the repetition; each rounds in its own way.
    own : collection of str
        Files whose functions are moved inside already, so that their results are not.
    whole : bool
        Move inexact results that are whole numbers, too.
    """

    def __init__(
        self, run: int, own: Collection[str] = (), whole: bool = False, single: bool = True
    ) -> None:
        self._salt = (_M2 * (2 * run + 1) + _M1) & _ALL
        self._own = frozenset(own)
        self._whole = whole
        self._single = single

    # What the port's arithmetic becomes

    def binary(self, name: str, a: Any, b: Any) -> Any:
        """Stand for ``a + b`` and its like."""
        return self._operated(name, a, b, OPERATORS[name](a, b))

    def in_place(self, name: str, a: Any, b: Any) -> Any:
        """Stand for ``a += b`` and its like; returns what is to be bound to a."""
        before = a.copy() if isinstance(a, np.ndarray) else a
        result = IN_PLACE[name](a, b)
        after = self._operated(name, before, b, result)
        return _put(result, after) if result is a and isinstance(a, np.ndarray) else after

    def item(self, name: str, place: tuple[Any, Any, Any], b: Any) -> None:
        """Stand for ``x[i] += b``; `place` is x, i and x[i]."""
        x, i, value = place
        x[i] = self.in_place(name, value, b)

    def attribute(self, name: str, place: tuple[Any, str, Any], b: Any) -> None:
        """Stand for ``x.a += b``; `place` is x, the name of a, and x.a."""
        x, a, value = place
        setattr(x, a, self.in_place(name, value, b))

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Stand for ``function(*args, **kwargs)``."""
        name = getattr(function, "__name__", "")
        if name in EXACT or self._is_exact(function):
            return function(*args, **kwargs)
        if function is sum and args and isinstance(args[0], Iterator):
            args = (list(args[0]), *args[1:])
        owner = getattr(function, "__self__", None)
        inputs = (owner, *args) if isinstance(owner, np.ndarray) else args
        if name in STABLE or (
            str(getattr(function, "__module__", "")).startswith(STABLE_MODULES)
            and name not in SQUARES
        ):
            return self._stable(function, args, kwargs)
        result = function(*args, **kwargs)
        after = self._called(name, function, inputs, kwargs, result)
        out = kwargs.get("out")
        written = isinstance(result, np.ndarray) and (
            result is out or (isinstance(function, np.ufunc) and any(result is a for a in args))
        )
        return _put(result, after) if written else after

    def handle(self, function: Any) -> Any:
        """Return a function whose results are moved; leave all else alone."""
        if not callable(function) or isinstance(function, type):
            return function

        @functools.wraps(function)
        def moved(*args: Any, **kwargs: Any) -> Any:
            return self.call(function, *args, **kwargs)

        moved.is_moved_by_lockstep = True  # type: ignore[attr-defined]
        return moved

    # What rounds, and how far

    def _is_exact(self, function: Any) -> bool:
        """Whether a function needs no moving: it is the port's own, a class, or draws numbers."""
        if isinstance(function, FunctionType) and function.__code__.co_filename in self._own:
            return True
        if isinstance(function, np.ufunc):
            return False
        if isinstance(function, type) or getattr(function, "is_moved_by_lockstep", False):
            return True
        owner = getattr(function, "__self__", None)
        if isinstance(owner, np.ndarray):
            return False
        if isinstance(owner, (np.random.RandomState, np.random.Generator, random.Random)):
            return True
        code = _code(function)
        return code is not None and code.co_filename in self._own

    def _operated(self, name: str, a: Any, b: Any, result: Any) -> Any:
        if isinstance(result, float):
            if not math.isfinite(result):
                return result
            if not self._whole and result.is_integer() and abs(result) < WHOLE:
                return result
            exact = isinstance(a, (int, float)) and isinstance(b, (int, float))
            if exact and _is_exact_result(name, a, b, result):
                return result
            return self._float(result)
        if not _is_floating(result):
            return result
        if name == "MatMult":
            return self._product(a, b, result)
        if np.size(result) > MANY:
            return self._shifted(result, not _some_exact(name, a, b, result))
        return self._shifted(result, ~np.asarray(_is_exact_result(name, a, b, result)))

    def _called(
        self, name: str, function: Any, inputs: tuple[Any, ...], kwargs: Any, result: Any
    ) -> Any:
        if isinstance(result, (list, tuple)) and not isinstance(function, np.ufunc):
            items = [self._called("", function, inputs, {}, item) for item in result]
            if isinstance(result, list):
                return items
            named = hasattr(result, "_make")
            return type(result)(*items) if named else type(result)(items)
        if not _is_floating(result) or np.size(result) == 0:
            return result
        if name in UFUNCS and len(inputs) >= 2:
            return self._operated(UFUNCS[name], inputs[0], inputs[1], result)
        if name == "square" and inputs:
            return self._operated("Mult", inputs[0], inputs[0], result)
        if name in SUMS and inputs:
            return self._summed(name, inputs, kwargs, result)
        if name in PRODUCTS:
            count = np.size(inputs[0]) if inputs else 1
            return self._shifted(result, True, EPS * math.sqrt(count) * np.abs(result))
        if name in SQUARES and inputs:
            return self._squares(name, inputs, result)
        arrays = [a for a in map(_numbers, (*inputs, *kwargs.values())) if a is not None]
        unmoved = np.zeros(np.shape(result), bool)
        for array in arrays:
            if isinstance(result, np.ndarray) and np.may_share_memory(result, array):
                return result
            if _broadcasts(array.shape, np.shape(result)):
                unmoved |= np.abs(array) == np.abs(result)
        if name == "sqrt" and arrays and np.isrealobj(result):
            unmoved |= _product_error(result, result, arrays[0]) == 0
        if isinstance(function, np.ufunc):
            # What is not NumPy's own is a special function, and good to some ulps only.
            scale = 0.0 if hasattr(np, name) else 4 * EPS * np.abs(result)
            return self._shifted(result, ~unmoved, scale)
        if _selected(result, arrays):
            return result
        after = self._normwise(result)
        if isinstance(result, np.ndarray):
            return np.where(unmoved, result, after)
        return result if unmoved else after

    def _stable(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        symmetric = "linalg" in str(getattr(function, "__module__", ""))
        ulps = 1.0
        if getattr(function, "__name__", "") == "expm" and args and _is_array(args[0]):
            # Not backward stable: the result is squared as often as the norm is halved.
            norm = float(np.max(np.sum(np.abs(args[0]), axis=-2)))
            ulps = max(1.0, 2 * args[0].shape[-1] * norm)
        return self._normwise(function(*(self._input(a, symmetric) for a in args), **kwargs), ulps)

    def _normwise(self, result: Any, ulps: float = 1.0) -> Any:
        """Move a library's result by ulps of its largest element: what it adds is not known."""
        if isinstance(result, (list, tuple)):
            items = [self._normwise(item, ulps) for item in result]
            named = hasattr(result, "_make")
            return type(result)(*items) if named else type(result)(items)
        if not _is_floating(result) or np.size(result) == 0:
            return result
        sizes = np.abs(np.asarray(result))
        largest = np.max(sizes, where=np.isfinite(sizes), initial=0.0)
        return self._shifted(result, True, ulps * EPS * largest)

    def _input(self, value: Any, symmetric: bool) -> Any:
        """Move an array of measured or whole numbers; with `symmetric`, equal ones alike."""
        if isinstance(value, (list, tuple)) and value and all(map(_is_array, value)):
            return type(value)(self._input(item, symmetric) for item in value)
        if not _is_array(value) or value.dtype.kind not in "fciu":
            return value
        numbers = value if value.dtype.kind in "fc" else value.astype(np.float64)
        return self._moved(numbers, None, places=not symmetric)

    def _summed(self, name: str, inputs: tuple[Any, ...], kwargs: Any, result: Any) -> Any:
        if name in ("inner", "vdot"):
            return self._product(inputs[0], inputs[1], result)
        terms = _numbers(inputs[0])
        if terms is None or terms.dtype.kind not in "fc":
            return self._shifted(result, True)
        axis = kwargs.get("axis", inputs[1] if len(inputs) > 1 else None)
        axis = axis if name != "fsum" else None
        odd = kwargs.keys() - {"axis", "keepdims"} or not isinstance(axis, (int, type(None)))
        if name in ("average", "trapz") or odd:
            return self._shifted(result, True, EPS * np.abs(result) * math.sqrt(terms.size))
        if name.startswith("nan"):
            terms = np.nan_to_num(terms)
        terms = terms.ravel(order="F") if axis is None else terms
        axis = 0 if axis is None else axis
        count = max(terms.shape[axis], 1)
        partial = np.cumsum(terms, axis=axis)
        if _on_grid(terms):
            return self._shifted(result, ~_is_quotient(result, count)) if "mean" in name else result
        if name == "cumsum":
            unit = _unit(partial)
            scale = 0.5 * EPS * unit * np.sqrt(np.cumsum(np.abs(partial / unit) ** 2, axis=axis))
            return self._shifted(result, True, scale.reshape(np.shape(result)), whole=True)
        one_by_one = np.take(partial, -1, axis=axis)
        unit = _unit(partial)
        scale = 0.5 * EPS * unit * np.sqrt(np.sum(np.abs(partial / unit) ** 2, axis=axis))
        single = np.count_nonzero(terms, axis=axis) <= 1
        divisor = count if "mean" in name else 1
        found = np.reshape(result, np.shape(one_by_one))
        scale = np.maximum(scale / divisor, np.abs(one_by_one / divisor - found))
        scale = np.where(single & (divisor == 1), 0.0, scale)
        return self._shifted(result, scale.reshape(np.shape(result)) > 0, scale, whole=True)

    def _squares(self, name: str, inputs: tuple[Any, ...], result: Any) -> Any:
        """Move a norm or a deviation: a sum of squares, all of one sign."""
        terms = _numbers(inputs[0])
        count = 1 if terms is None else max(terms.size // max(np.size(result), 1), 1)
        off = 0.0
        if terms is not None and terms.ndim == 1 and np.isrealobj(terms):
            squares = (terms / _unit(terms)) ** 2
            total = np.sum(squares)
            off = abs(float(np.cumsum(squares)[-1] - total)) / total if total > 0 else 0.0
        scale = np.abs(result) * max(EPS * math.sqrt(count), off)
        if terms is not None and terms.size and name != "norm":  # the mean is taken off first
            lost = EPS * float(np.max(np.abs(terms), where=np.isfinite(terms), initial=0.0))
            scale = scale + lost * (1 if "std" in name else 2 * np.sqrt(np.abs(result)))
        return self._shifted(result, True, scale)

    def _product(self, a: Any, b: Any, result: Any) -> Any:
        """Move a matrix product by the roundings of the sums in it."""
        a, b = np.asarray(a), np.asarray(b)
        if a.dtype.kind not in "biufc" or b.dtype.kind not in "biufc" or 0 in (a.size, b.size):
            return result
        if _on_grid(a, math.sqrt(GRID)) and _on_grid(b, math.sqrt(GRID)):
            return result
        if a.ndim == 0 or b.ndim == 0 or a.ndim > 2 or b.ndim > 2:
            return self._shifted(result, True)
        left = np.atleast_2d(a)
        right = b[:, np.newaxis] if b.ndim == 1 else b
        if left.shape[1] != right.shape[0]:
            return self._shifted(result, True)
        count = left.shape[1]
        shape = np.shape(result)
        if left.size * right.shape[1] > LARGE:
            scale = _large_scale(left, right, np.asarray(result), count)
            return self._shifted(result, np.asarray(result) != 0, scale, whole=True)
        left_unit, right_unit = _unit(left), _unit(right)
        left, right = left / left_unit, right / right_unit
        sizes = np.abs(left) ** 2 @ np.abs(right) ** 2
        step = max(-(-count // CHUNKS), 1)
        partial = np.zeros(sizes.shape, np.result_type(left, right))
        drift = np.zeros(sizes.shape)
        for first in range(0, count, step):
            partial = partial + left[:, first : first + step] @ right[first : first + step]
            drift += np.abs(partial) ** 2
        single = sizes == np.abs(partial) ** 2
        scale = 0.5 * EPS * np.sqrt(drift * step + sizes)
        scale = np.where(single, np.abs(partial) * EPS, scale)
        exact = single & (np.abs(partial) == np.max(np.abs(left), axis=1)[:, np.newaxis])
        exact |= single & (np.abs(partial) == np.max(np.abs(right), axis=0))
        scale = scale * left_unit * right_unit
        return self._shifted(result, ~exact.reshape(shape), scale.reshape(shape), whole=True)

    def _shifted(
        self, result: Any, where: Any, scale: Any = None, whole: bool | None = None
    ) -> Any:
        """Move what is inexact of a result, by an ulp, or by `scale` where that is more."""
        numbers = np.asarray(result)
        whole = self._whole if whole is None else whole
        if scale is None and not whole and numbers.dtype == np.float64:
            return self._stepped(result, numbers, where)
        where = np.broadcast_to(np.asarray(where, bool), numbers.shape)
        if not whole:
            where = where & _is_broken(numbers)
        after = np.where(where, self._moved(numbers, scale), numbers)
        if isinstance(result, np.ndarray):
            return after.astype(result.dtype, copy=False)
        return type(result)(after[()])

    def _stepped(self, result: Any, numbers: Any, where: Any) -> Any:
        """Move by an ulp what is inexact and not whole, as `_moved` does, in fewer steps."""
        inexact = np.logical_and(where, _is_broken(numbers))
        bits = np.ascontiguousarray(numbers).view(np.int64).reshape(numbers.shape)
        up = self._ups(bits.view(np.uint64) & np.uint64(2**63 - 1), False)
        after = (bits + inexact * (2 * up.astype(np.int64) - 1)).view(np.float64)
        return after if isinstance(result, np.ndarray) else type(result)(after[()])

    def _moved(self, numbers: Any, scale: Any, places: bool = False) -> Any:
        """Move every number, one ulp or `scale`; with `places`, equal ones not alike."""
        if numbers.dtype.kind == "c":
            after = np.empty(numbers.shape, numbers.dtype)
            after.real = self._moved(numbers.real, scale, places)
            after.imag = self._moved(numbers.imag, scale, places)
            return after
        if numbers.dtype not in (np.float64, np.float32):
            return numbers
        if numbers.dtype == np.float32 and not self._single:
            return numbers  # where Octave rounds to double alone, singles are no rounding of its
        whole_type = np.uint64 if numbers.dtype == np.float64 else np.uint32
        sizes = np.abs(np.ascontiguousarray(numbers)).reshape(numbers.shape)
        bits = sizes.view(whole_type)
        up = self._ups(bits.astype(np.uint64, copy=False), places)
        stepped = (bits + np.where(up, 1, -1).astype(whole_type)).view(numbers.dtype)
        after = np.copysign(np.where(sizes == 0, 0, stepped), numbers)
        if scale is not None:
            ulp = np.spacing(sizes)
            wide = np.broadcast_to(scale > ulp, numbers.shape)
            signed = np.where(up, scale, -np.asarray(scale))
            after = np.where(wide, numbers + np.copysign(1, numbers) * signed, after)
        return np.where(np.isfinite(numbers), after, numbers)

    def _ups(self, bits: Any, places: bool) -> Any:
        """Say for each number, by its bits, whether it goes up."""
        mixed = bits ^ np.uint64(self._salt)
        if places:
            count = np.arange(bits.size, dtype=np.uint64).reshape(bits.shape)
            mixed = mixed ^ (count * np.uint64(_M2))
        mixed = np.asarray(mixed * np.uint64(_M1))
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(_M2)
        return mixed >= np.uint64(2**63)

    def _float(self, number: float) -> float:
        """Move one float as an array's are, without an array."""
        size = abs(number)
        mixed = _bits(size) ^ self._salt
        mixed = (mixed * _M1) & _ALL
        mixed = ((mixed ^ (mixed >> 32)) * _M2) & _ALL
        after = math.nextafter(size, math.inf if mixed >> 63 else 0.0)
        return type(number)(math.copysign(after, number))


def _is_broken(numbers: Any) -> Any:
    """Tell which numbers are not whole, or so large that being whole says nothing."""
    broken = numbers != np.rint(numbers)
    sizes = np.abs(numbers)
    if sizes.size == 0 or sizes.max() < WHOLE:
        return broken
    return broken | ((sizes >= WHOLE) & np.isfinite(sizes))


def _bits(number: float) -> int:
    mantissa, exponent = math.frexp(number)
    if exponent < -1021 or number == 0:  # denormal
        return int(math.ldexp(number, 1074))
    return ((exponent + 1022) << 52) + int(math.ldexp(mantissa, 53)) - 2**52


def _code(function: Any) -> CodeType | None:
    """Return the code of what is called, below decorators, partial and bound methods."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(getattr(function, "__func__", function))
    if not isinstance(function, FunctionType):
        function = vars(type(function)).get("__call__")
    return getattr(function, "__code__", None)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _is_floating(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc" and value.dtype.itemsize in (4, 8, 16)
    return isinstance(value, (float, complex, np.floating, np.complexfloating))


def _numbers(value: Any) -> Any:
    """Return an array of the numbers that an argument holds; None where it is something else."""
    if isinstance(value, (bool, str, type(None))):
        return None
    if isinstance(value, (int, float, complex, np.ndarray, np.number)):
        array = np.asarray(value)
        return array if array.dtype.kind in "biufc" else None
    if isinstance(value, (list, tuple)) and value:
        try:
            array = np.asarray(value)
        except (ValueError, TypeError):
            return None
        return array if array.dtype.kind in "biufc" else None
    return None


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    if len(shape) > len(to):
        return False
    return all(a in (1, b) for a, b in zip(reversed(shape), reversed(to), strict=False))


def _put(into: Any, values: Any) -> Any:
    if values is not into:
        into[...] = values
    return into


def _large_scale(left: Any, right: Any, result: Any, count: int) -> Any:
    """Estimate from the lengths of rows and columns how far a large product's sums are off."""
    if left.dtype.kind in "biu" or right.dtype.kind in "biu":
        left, right = left + 0.0, right + 0.0
    rows = np.sqrt(np.abs(np.einsum("ij,ij->i", left, np.conj(left))))[:, np.newaxis]
    columns = np.sqrt(np.abs(np.einsum("ij,ij->j", right, np.conj(right))))
    lengths = (rows * columns).reshape(result.shape)
    return 0.5 * EPS * np.maximum(lengths / math.sqrt(2), math.sqrt(count / 3) * np.abs(result))


def _unit(numbers: Any) -> float:
    """Return a power of two near the largest number: in its units squares do not overflow."""
    sizes = np.abs(numbers)
    largest = float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))
    return math.ldexp(1.0, math.frexp(largest)[1] - 1) if largest > 0 else 1.0


def _selected(result: Any, arrays: list[Any]) -> bool:
    """Whether all of a result stands in what it was made from, judged by some of it."""
    flat = np.abs(np.ravel(result))
    some = flat[:: max(flat.size // 64, 1)]
    some = some[some != np.rint(some)]
    if some.size == 0 or sum(a.size for a in arrays) > 10**6:
        return False
    pool = [np.abs(np.ravel(a)) for a in arrays]
    return bool(pool) and bool(np.all(np.isin(some, np.concatenate(pool))))


def _on_grid(numbers: Any, grid: float = GRID) -> bool:
    """Whether sums of these numbers are exact: all are multiples of a power of two."""
    if numbers.dtype.kind in "biu":
        return True
    parts = (numbers.real, numbers.imag) if numbers.dtype.kind == "c" else (numbers,)
    for part in parts:
        for some in (part.flat[:: max(part.size // 64, 1)], part):
            scaled = some * grid
            if not np.array_equal(scaled, np.rint(scaled)):
                return False
        if float(np.sum(np.abs(part))) * grid >= 2.0**53:
            return False
    return True


def _is_quotient(result: Any, count: int) -> Any:
    """Whether a mean of numbers whose sum is exact is exact, too."""
    total = np.rint(np.asarray(result) * count * GRID) / GRID
    return _product_error(np.asarray(result), count, total) == 0


def _is_exact_result(name: str, a: Any, b: Any, result: Any) -> Any:
    """Whether an operation on real doubles gave its exact result, element by element."""
    if not (_is_real(a) and _is_real(b)):
        return False
    if name == "Pow":
        return _product_error(a, a, result) == 0 if np.all(np.equal(b, 2)) else False
    a, b = (x if isinstance(x, float) else np.asarray(x, np.float64) for x in (a, b))
    if name in ("Add", "Sub"):
        b = b if name == "Add" else -b
        part = result - a
        return ((a - (result - part)) + (b - part)) == 0
    if name == "Mult":
        return _product_error(a, b, result) == 0
    if name == "Div":
        return _product_error(result, b, a) == 0
    return False


def _some_exact(name: str, a: Any, b: Any, result: Any) -> bool:
    """Whether an operation on large arrays is exact, judged by some 64 of its elements."""
    if not (_is_real(a) and _is_real(b)):
        return False
    step = max(result.size // 64, 1)
    a, b = (np.broadcast_to(np.asarray(x), result.shape).flat[::step] for x in (a, b))
    return bool(np.all(_is_exact_result(name, a, b, result.flat[::step])))


def _is_real(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biuf"
    return isinstance(value, (int, float))


def _product_error(a: Any, b: Any, product: Any) -> Any:
    """Return a * b - product, exactly but for under- and overflow (Dekker)."""
    a_high, b_high = SPLIT * a, SPLIT * b
    a_high, b_high = a_high - (a_high - a), b_high - (b_high - b)
    a_low, b_low = a - a_high, b - b_high
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
