"""What becomes of what a function gives on a machine that rounds otherwise, by its name and module.

May import `known_functions`.
"""

import functools
import inspect
import random
from collections.abc import Collection
from enum import Enum, auto
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from lockstep.sides.known_functions import (
    DISTRIBUTIONS,
    EXACT,
    SPECIAL,
    SQUARES,
    STABLE,
    STABLE_MODULES,
)


class Kind(Enum):
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


class Kinds:
    """Says of functions what becomes of what they give.

    Parameters
    ----------
    own : collection of str
        Files whose functions are moved inside already.
    """

    def __init__(self, own: Collection[str]) -> None:
        self._own = frozenset(own)
        self._known: dict[Any, Kind] = {}

    def of(self, function: Any) -> Kind:
        """Say what becomes of a function's results; of what lives on, once."""
        if type(function) not in _LASTING:
            return self._new_kind(function)
        if function not in self._known:
            self._known[function] = self._new_kind(function)
        return self._known[function]

    def _new_kind(self, function: Any) -> Kind:
        name = getattr(function, "__name__", "")
        if name in EXACT or self._is_exact(function):
            return Kind.EXACT
        module = str(getattr(function, "__module__", ""))
        if module == DISTRIBUTIONS:
            return Kind.SPECIAL
        if name in STABLE or (module.startswith(STABLE_MODULES) and name not in SQUARES):
            return Kind.STABLE
        if name in SPECIAL or (isinstance(function, np.ufunc) and not hasattr(np, name)):
            return Kind.SPECIAL
        return Kind.ROUNDING

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


def _code(function: Any) -> CodeType | None:
    """Return the code of what is called, below decorators, partial and bound methods."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(getattr(function, "__func__", function))
    if not isinstance(function, FunctionType):
        function = vars(type(function)).get("__call__")
    return getattr(function, "__code__", None)
