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
  is the exact one of inputs that are a few ulps off. So their inputs are moved, and the result by
  an ulp of the largest element along the axis they work along. What is made of a few numbers each
  (`NEARBY`), or is a sum of products (`MULTILINEAR`), is not off as others of another size are.

May import `exactness`, `function_kinds`,
`known_functions`, `mixing`, `moving`, `scalar_rounding` and `scales`.
"""

import copy
import functools
import math
from collections.abc import Collection, Iterator
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
from lockstep.sides.function_kinds import Kind, Kinds
from lockstep.sides.known_functions import (
    IN_PLACE,
    MULTILINEAR,
    NEARBY,
    OPERANDS,
    OPERATORS,
    POWERS,
    PRODUCTS,
    SQUARES,
    SUMS,
    TIES,
    UFUNCS,
)
from lockstep.sides.mixing import is_of_neighbours, largest_along, mixed_axis, reduced_axis
from lockstep.sides.moving import Mover, in_class, is_of_class, is_table, plain
from lockstep.sides.scalar_rounding import scalar_operations
from lockstep.sides.scales import EPS

SOME_ULPS = 4
"""What a special function may be off by."""

GOLDEN = (math.sqrt(5) - 1) / 2
"""Multiples of it, less what is whole, lie apart: deviations of equal numbers have a size by run,
for they cannot go below 0, and were they all of one size, they would look like a decision."""


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
        self._kinds = Kinds(own)
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
        before = copy.deepcopy(a) if isinstance(a, np.ndarray) or is_table(a) else a
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
        kind = self._kinds.of(function)
        if kind is Kind.EXACT:
            return function(*args, **kwargs)
        owner = getattr(function, "__self__", None)
        if is_table(owner):
            return self._of_table(function, owner, args, kwargs)
        if kind is Kind.STABLE:
            return self._stable(function, args, kwargs)
        if kind is Kind.SPECIAL:
            return self._special(function, args, kwargs)
        if function is sum and args and isinstance(args[0], Iterator):
            args = (list(args[0]), *args[1:])
        name = getattr(function, "__name__", "")
        inputs = (owner, *args) if isinstance(owner, np.ndarray) else args
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
        inputs = tuple(plain(one) if is_table(one) else one for one in inputs)
        if is_of_class(result):
            given = tuple(map(plain, inputs))
            return in_class(result, self._called(name, function, given, kwargs, plain(result)))
        if isinstance(result, (list, tuple)) and not isinstance(function, np.ufunc):
            return _with(result, [self._called("", function, inputs, {}, one) for one in result])
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
            axis = reduced_axis(inputs, kwargs)
            scale = self._part * scales.of_squares(name, terms, result, axis)
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
        if name in NEARBY or (name == "diff" and is_of_neighbours(inputs, kwargs)):
            return self._some_ulps(result)
        if name in POWERS:
            return self._move.some(result, True, scales.of_powers(result))
        after = self._normwise(result, scales.ulps_of_reduced(arrays, result))
        if isinstance(result, np.ndarray):
            return np.where(unmoved, result, after)
        return result if unmoved else after

    def _of_table(self, function: Any, owner: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        """Call a method of a table: it leaves out what is lacking, and sums columns."""
        result = function(*args, **kwargs)
        numbers, values = plain(result), plain(owner)
        if not is_floating(numbers) or is_selected(numbers, [values]):
            return result
        name = getattr(function, "__name__", "")
        if name in UFUNCS and args:
            return self._operated(UFUNCS[name], owner, args[0], result)
        leaves_out = f"nan{name}" if f"nan{name}" in SUMS else name
        if leaves_out in SUMS or name in SQUARES or name in PRODUCTS:
            axis = {"axis": 0} if np.ndim(numbers) and not args else {}
            return self._called(leaves_out, None, (values, *args), {**axis, **kwargs}, result)
        moved = getattr(in_class(owner, self._move.all(values)), name, function)
        return self._normwise(moved(*args, **kwargs))

    def _stable(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        module, name = str(getattr(function, "__module__", "")), getattr(function, "__name__", "")
        if name in MULTILINEAR and module == "numpy" and len(args) >= OPERANDS.get(name, 2):
            return self._multilinear(function, args, kwargs)
        of_matrices = "linalg" in module
        solves = of_matrices and ("solve" in name or name == "lstsq")  # for a column of it, too
        alike = of_matrices or name in TIES
        moved = (self._input(a, alike and not (solves and i)) for i, a in enumerate(args))
        result = function(*moved, **kwargs)
        if name == "det" and module.startswith("numpy"):
            return self._move.some(result, True, scales.of_powers(result))
        if name in NEARBY:
            return self._by_ulps(result)
        if name == "poly" and args and np.ndim(args[0]) == 1:
            return self._move.some(result, True, scales.of_polynomial(np.asarray(args[0])))
        ulps = 1.0
        if name == "expm" and args and _is_array(args[0]):
            ulps = scales.ulps_of_expm(args[0])
        elif module.startswith("scipy.stats"):
            ulps = scales.ulps_of_reduced(list(filter(_is_array, args)), result)
        elif name == "cov" and np.ndim(result) == 2:
            spread = np.sqrt(np.abs(np.diag(result)))
            return self._move.some(result, True, EPS * np.outer(spread, spread))
        return self._normwise(result, ulps, mixed_axis(name, args, kwargs))

    def _multilinear(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Move sums of products, each by the roundings of its own terms."""
        name = function.__name__
        count = len(args) if name == "einsum" else OPERANDS.get(name, 2)
        numbers = [numbers_in(one) for one in args[:count]]
        factors = [one for one in numbers if one is not None]
        result = function(*args, **kwargs)
        if not is_floating(result) or all(on_grid(one, math.sqrt(GRID)) for one in factors):
            return result
        given = (a if b is None else np.abs(b) for a, b in zip(args, numbers, strict=False))
        apart = {word: one for word, one in kwargs.items() if word != "out"}
        sizes = function(*given, *args[count:], **apart)
        scale = scales.of_multilinear(name, factors, sizes)
        return self._move.some(result, True, scale)

    def _by_ulps(self, result: Any) -> Any:
        """Move each number of a result by an ulp of its own."""
        if isinstance(result, (list, tuple)):
            return _with(result, [self._by_ulps(item) for item in result])
        return self._move.some(result, True) if is_floating(result) else result

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

    def _normwise(self, result: Any, ulps: float = 1.0, axis: int | None = None) -> Any:
        """Move a library's result by ulps of its largest element: what it adds is not known.

        That element is looked for along the axis that the library works along.
        """
        if isinstance(result, (list, tuple)):
            return _with(result, [self._normwise(item, ulps, axis) for item in result])
        if is_table(result):
            return in_class(result, self._normwise(plain(result), ulps))
        if not is_floating(result) or np.size(result) == 0:
            return result
        largest = largest_along(np.abs(np.asarray(result)), axis)
        return self._move.some(result, True, ulps * EPS * largest)

    def _input(self, value: Any, alike: bool) -> Any:
        """Move an array of measured or whole numbers; with `alike`, equal ones alike."""
        if isinstance(value, (list, tuple)) and value and all(map(_is_array, value)):
            return type(value)(self._input(item, alike) for item in value)
        if is_table(value):
            return in_class(value, self._input(plain(value), alike))
        if not _is_array(value) or value.dtype.kind not in "fciu":
            return value
        numbers = value if value.dtype.kind in "fc" else value.astype(np.float64)
        return self._move.all(numbers, places=not alike)

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


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    if len(shape) > len(to):
        return False
    return all(a in (1, b) for a, b in zip(reversed(shape), reversed(to), strict=False))


def _with(result: list[Any] | tuple[Any, ...], items: list[Any]) -> Any:
    """Return several results of their class, be it a tuple with names, or one that knows more."""
    if isinstance(result, list):
        return items
    made = tuple.__new__(type(result), items)
    if hasattr(result, "__dict__"):
        vars(made).update(vars(result))
    return made


def _put(into: Any, values: Any) -> Any:
    if values is not into:
        into[...] = values
    return into
