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

May import `exactness`,
`known_functions`, `moving`, `scalar_rounding` and `scales`.
"""

import functools
import inspect
import math
import random
from collections.abc import Collection, Iterator
from enum import Enum, auto
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from lockstep.sides import scales
from lockstep.sides.exactness import (
    GRID,
    is_floating,
    is_inexact,
    is_quotient,
    is_selected,
    numbers_in,
    on_grid,
    product_error,
)
from lockstep.sides.known_functions import (
    EXACT,
    IN_PLACE,
    OPERATORS,
    PRODUCTS,
    SPECIAL,
    SQUARES,
    STABLE,
    STABLE_MODULES,
    SUMS,
    UFUNCS,
)
from lockstep.sides.moving import Mover, in_class, is_of_class, plain
from lockstep.sides.scalar_rounding import scalar_operations
from lockstep.sides.scales import EPS

SOME_ULPS = 4
"""What a special function may be off by."""

GOLDEN = (math.sqrt(5) - 1) / 2
"""Multiples of it, less what is whole, lie apart: deviations of equal numbers have a size by run,
for they cannot go below 0, and were they all of one size, they would look like a decision."""


class _Kind(Enum):
    """What becomes of what a function gives."""

    EXACT = auto()
    """It stays: the function rounds nothing, or is moved inside."""
    STABLE = auto()
    """The function gets other arguments."""
    SPECIAL = auto()
    """The function gets other arguments, and what it gives is moved."""
    ROUNDING = auto()
    """It is moved."""


_LASTING = (FunctionType, np.ufunc, type(np.sum))
"""Types of functions that are kept; methods of arrays are made for each call."""


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

    Attributes
    ----------
    add, sub, mult, div : callable
        Stand for ``a + b`` and its like.
    """

    def __init__(
        self, run: int, own: Collection[str] = (), whole: bool = False, single: bool = True
    ) -> None:
        self._own = frozenset(own)
        self._kinds: dict[Any, _Kind] = {}
        self._move = Mover(run, whole, single)
        self._part = 0.5 + run * GOLDEN % 1
        self._scalars = scalar_operations(self._move, self._operated)
        self.add, self.sub = self._scalars["Add"], self._scalars["Sub"]
        self.mult, self.div = self._scalars["Mult"], self._scalars["Div"]

    # What the port's arithmetic becomes

    def binary(self, name: str, a: Any, b: Any) -> Any:
        """Stand for ``a @ b``, ``a ** b``, and all that has no method of its own here."""
        return self._operated(name, a, b, OPERATORS[name](a, b))

    def in_place(self, name: str, a: Any, b: Any) -> Any:
        """Stand for ``a += b`` and its like; returns what is to be bound to a."""
        if a.__class__ in (float, int) and name in self._scalars:
            return self._scalars[name](a, b)
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
        kind = self._kind(function)
        if kind is _Kind.EXACT:
            return function(*args, **kwargs)
        if kind is _Kind.STABLE:
            return self._stable(function, args, kwargs)
        if kind is _Kind.SPECIAL:
            return self._special(function, args, kwargs)
        if function is sum and args and isinstance(args[0], Iterator):
            args = (list(args[0]), *args[1:])
        owner = getattr(function, "__self__", None)
        inputs = (owner, *args) if isinstance(owner, np.ndarray) else args
        result = function(*args, **kwargs)
        name = getattr(function, "__name__", "")
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

    def _kind(self, function: Any) -> "_Kind":
        """Say what becomes of a function's results; of what lives on, once."""
        if type(function) not in _LASTING:
            return self._new_kind(function)
        if function not in self._kinds:
            self._kinds[function] = self._new_kind(function)
        return self._kinds[function]

    def _new_kind(self, function: Any) -> "_Kind":
        name = getattr(function, "__name__", "")
        if name in EXACT or self._is_exact(function):
            return _Kind.EXACT
        module = str(getattr(function, "__module__", ""))
        if name in STABLE or (module.startswith(STABLE_MODULES) and name not in SQUARES):
            return _Kind.STABLE
        if name in SPECIAL or (isinstance(function, np.ufunc) and not hasattr(np, name)):
            return _Kind.SPECIAL
        return _Kind.ROUNDING

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
        if is_of_class(result):
            of_matrices = isinstance(result, np.matrix) and name in ("Mult", "Pow")
            if of_matrices and min(np.size(a), np.size(b)) > 1:
                return in_class(result, self._product(plain(a), plain(b), plain(result)))
            if of_matrices and name == "Pow":
                return in_class(result, self._normwise(plain(result)))
            return in_class(result, self._operated(name, plain(a), plain(b), plain(result)))
        if name == "MatMult":
            return self._product(a, b, result) if is_floating(result) else result
        if isinstance(result, float):
            if self._move.stays(result):
                return result
            scalars = isinstance(a, (int, float)) and isinstance(b, (int, float))
            if scalars and not is_inexact(name, a, b, result):
                return result
            return self._move.one(result)
        if not is_floating(result):
            return result
        return self._move.some(result, is_inexact(name, a, b, result))

    def _called(
        self, name: str, function: Any, inputs: tuple[Any, ...], kwargs: Any, result: Any
    ) -> Any:
        if is_of_class(result):
            given = tuple(map(plain, inputs))
            return in_class(result, self._called(name, function, given, kwargs, plain(result)))
        if isinstance(result, (list, tuple)) and not isinstance(function, np.ufunc):
            items = [self._called("", function, inputs, {}, item) for item in result]
            if isinstance(result, list):
                return items
            named = hasattr(result, "_make")
            return type(result)(*items) if named else type(result)(items)
        if not is_floating(result) or np.size(result) == 0:
            return result
        if name in UFUNCS and len(inputs) >= 2:
            return self._operated(UFUNCS[name], inputs[0], inputs[1], result)
        if name == "square" and inputs:
            return self._operated("Mult", inputs[0], inputs[0], result)
        if name in SUMS and inputs:
            return self._summed(name, inputs, kwargs, result)
        if name in PRODUCTS:
            count = np.size(inputs[0]) if inputs else 1
            return self._move.some(result, True, EPS * math.sqrt(count) * np.abs(result))
        if name in SQUARES and inputs:
            terms = numbers_in(inputs[0])
            scale = self._part * scales.of_squares(name, terms, result)
            whole = None if terms is None or on_grid(terms) else True  # 0, too: the mean is rounded
            return abs(self._move.some(result, True, scale, whole))
        arrays = [a for a in map(numbers_in, (*inputs, *kwargs.values())) if a is not None]
        unmoved = np.zeros(np.shape(result), bool)
        for array in arrays:
            if isinstance(result, np.ndarray) and np.may_share_memory(result, array):
                return result
            if _broadcasts(array.shape, np.shape(result)):
                unmoved |= np.abs(array) == np.abs(result)
        if name == "sqrt" and arrays and np.isrealobj(result):
            unmoved |= product_error(result, result, arrays[0]) == 0
        if isinstance(function, np.ufunc):
            return self._move.some(result, ~unmoved)
        if is_selected(result, arrays):
            return result
        after = self._normwise(result, scales.ulps_of_reduced(arrays, result))
        if isinstance(result, np.ndarray):
            return np.where(unmoved, result, after)
        return result if unmoved else after

    def _stable(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        module, name = str(getattr(function, "__module__", "")), getattr(function, "__name__", "")
        symmetric = "linalg" in module
        solves = symmetric and ("solve" in name or name == "lstsq")  # for a column of it, too
        moved = (self._input(a, symmetric and not (solves and i)) for i, a in enumerate(args))
        result = function(*moved, **kwargs)
        if name == "det" and module.startswith("numpy"):
            return self._move.some(result, True, scales.of_determinant(result))
        is_expm = name == "expm" and bool(args) and _is_array(args[0])
        return self._normwise(result, scales.ulps_of_expm(args[0]) if is_expm else 1.0)

    def _special(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Move a special function's result by some ulps, and by what an ulp of its argument makes.

        Near its zeros and its poles, that is what is left of the digits.
        """
        moved = (self._move.some(one, True) if is_floating(one) else one for one in args)
        result = function(*moved, **kwargs)
        if isinstance(result, tuple):
            return tuple(self._some_ulps(one) for one in result)
        return self._some_ulps(result)

    def _some_ulps(self, result: Any) -> Any:
        if not is_floating(result) or np.size(result) == 0:
            return result
        return self._move.some(result, True, SOME_ULPS * EPS * np.abs(result))

    def _normwise(self, result: Any, ulps: float = 1.0) -> Any:
        """Move a library's result by ulps of its largest element: what it adds is not known."""
        if isinstance(result, (list, tuple)):
            items = [self._normwise(item, ulps) for item in result]
            named = hasattr(result, "_make")
            return type(result)(*items) if named else type(result)(items)
        if not is_floating(result) or np.size(result) == 0:
            return result
        sizes = np.abs(np.asarray(result))
        largest = np.max(sizes, where=np.isfinite(sizes), initial=0.0)
        return self._move.some(result, True, ulps * EPS * largest)

    def _input(self, value: Any, symmetric: bool) -> Any:
        """Move an array of measured or whole numbers; with `symmetric`, equal ones alike."""
        if isinstance(value, (list, tuple)) and value and all(map(_is_array, value)):
            return type(value)(self._input(item, symmetric) for item in value)
        if not _is_array(value) or value.dtype.kind not in "fciu":
            return value
        numbers = value if value.dtype.kind in "fc" else value.astype(np.float64)
        return self._move.all(numbers, places=not symmetric)

    def _summed(self, name: str, inputs: tuple[Any, ...], kwargs: Any, result: Any) -> Any:
        if name in ("inner", "vdot"):
            return self._product(inputs[0], inputs[1], result)
        terms = numbers_in(inputs[0])
        if terms is None or terms.dtype.kind not in "fc":
            return self._move.some(result, True)
        axis = kwargs.get("axis", inputs[1] if len(inputs) > 1 else None)
        axis = axis if name != "fsum" else None
        odd = kwargs.keys() - {"axis", "keepdims"} or not isinstance(axis, (int, type(None)))
        if name in ("average", "trapz") or odd:
            return self._move.some(result, True, EPS * np.abs(result) * math.sqrt(terms.size))
        terms = terms.ravel(order="F") if axis is None else terms
        axis = 0 if axis is None else axis
        count: Any = max(terms.shape[axis], 1)
        if name.startswith("nan"):
            there = ~np.isnan(terms)
            terms, count = np.where(there, terms, 0.0), np.maximum(np.sum(there, axis=axis), 1)
            count = np.reshape(count, np.shape(result))
        if on_grid(terms):
            inexact = ~is_quotient(result, count) if "mean" in name else False
            return self._move.some(result, inexact)
        if name == "cumsum":
            scale, where = scales.of_sums(np.cumsum(terms, axis=axis), axis), True
        else:
            scale = scales.of_sum(terms, axis, result, count if "mean" in name else 1)
            where = scale.reshape(np.shape(result)) > 0
        return self._move.some(result, where, scale.reshape(np.shape(result)), whole=True)

    def _product(self, a: Any, b: Any, result: Any) -> Any:
        """Move a matrix product by the roundings of the sums in it."""
        a, b = np.asarray(a), np.asarray(b)
        if a.dtype.kind not in "biufc" or b.dtype.kind not in "biufc" or 0 in (a.size, b.size):
            return result
        if on_grid(a, math.sqrt(GRID)) and on_grid(b, math.sqrt(GRID)):
            return result
        left = np.atleast_2d(a)
        right = b[:, np.newaxis] if b.ndim == 1 else b
        if a.ndim == 0 or left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[0]:
            return self._move.some(result, True)
        where, scale = scales.of_product(left, right, np.asarray(result))
        return self._move.some(result, where, scale, whole=True)


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


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    if len(shape) > len(to):
        return False
    return all(a in (1, b) for a, b in zip(reversed(shape), reversed(to), strict=False))


def _put(into: Any, values: Any) -> Any:
    if values is not into:
        into[...] = values
    return into
