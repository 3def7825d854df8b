"""What a port keeps between calls: put back, so that a replay begins where the run before began.

Imports nothing of the package.
"""

import copy
import functools
import gc
import random
from collections import deque
from collections.abc import Callable, Iterable
from types import FunctionType, MappingProxyType
from typing import Any

import numpy as np

_ALONE = (bool, int, float, complex, str, bytes, tuple, range, np.generic, type(None))
_HOLDERS = (dict, list, set, deque, np.ndarray, np.random.Generator, np.random.RandomState)


class PortState:
    """The variables of the modules, classes, objects and functions of a port, as they were.

    Parameters
    ----------
    functions : iterable of FunctionType
        Of the port. What these, their modules and the objects of their modules' classes hold is
        kept: containers keep their identity and get back what they held.
    """

    def __init__(self, functions: Iterable[FunctionType]) -> None:
        self._undo: list[Callable[[], None]] = []
        self._seen: set[int] = set()
        functions = list(functions)
        for names in {id(f.__globals__): f.__globals__ for f in functions}.values():
            self._keep_names(names)
        for function in functions:
            self._keep_function(function)
        files = {function.__code__.co_filename for function in functions}
        self._keep_objects({home_of(function) for function in functions}, files)
        self._undo.append(functools.partial(random.setstate, random.getstate()))
        numpys = np.random.get_state()  # noqa: NPY002
        self._undo.append(lambda: np.random.set_state(numpys))  # noqa: NPY002

    def restore(self) -> None:
        """Give everything the value that it had."""
        for undo in self._undo:
            undo()

    def _keep_names(self, names: dict[str, Any]) -> None:
        data = {name: value for name, value in names.items() if _is_data(name, value)}

        def undo() -> None:
            for name in [n for n, v in names.items() if n not in data and _is_data(n, v)]:
                del names[name]
            names.update(data)

        self._undo.append(undo)
        for value in data.values():
            self._keep(value)

    def _keep_function(self, function: FunctionType) -> None:
        self._keep_names(function.__dict__)
        for value in [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]:
            self._keep(value)
        for cell in function.__closure__ or ():
            try:
                value = cell.cell_contents
            except ValueError:
                continue  # not bound yet
            if isinstance(value, (*_ALONE, *_HOLDERS)):
                self._undo.append(functools.partial(setattr, cell, "cell_contents", value))
                self._keep(value)

    def _keep_objects(self, modules: set[str], files: set[str]) -> None:
        for found in gc.get_objects():
            if type(found) is functools._lru_cache_wrapper:
                code = getattr(found.__wrapped__, "__code__", None)
                if code is not None and code.co_filename in files:
                    self._undo.append(found.cache_clear)
            elif type(found).__module__ in modules and not isinstance(found, type):
                self._keep_names(getattr(found, "__dict__", {}))
            elif issubclass(type(found), type) and found.__module__ in modules:
                self._keep_class(found)

    def _keep_class(self, found: type) -> None:
        names: MappingProxyType[str, Any] = vars(found)
        for name, value in list(names.items()):
            if _is_data(name, value) and not name.startswith("__"):
                self._undo.append(functools.partial(_put_back, found, name, value))
                self._keep(value)

    def _keep(self, value: Any) -> None:
        """Keep what a container holds."""
        if not isinstance(value, _HOLDERS) or id(value) in self._seen:
            return
        self._seen.add(id(value))
        undo = _refilled(value)
        if undo is not None:
            self._undo.append(undo)


def home_of(function: FunctionType) -> str:
    """Name the module that a function was written in; `__module__` is what a decorator says."""
    return str(function.__globals__.get("__name__", ""))


def _put_back(owner: type, name: str, value: Any) -> None:
    """Give a class a value of its own again; one that still has it may not be set (an Enum)."""
    if vars(owner).get(name) is not value:
        setattr(owner, name, value)


def _is_data(name: str, value: Any) -> bool:
    return not name.startswith("__") and isinstance(value, (*_ALONE, *_HOLDERS))


def _refilled(value: Any) -> Callable[[], None] | None:
    """Return a function that gives a container what it holds now; None where it never changes."""
    if isinstance(value, np.random.Generator):
        bits, state = value.bit_generator, copy.deepcopy(value.bit_generator.state)
        return lambda: setattr(bits, "state", state)
    if isinstance(value, np.random.RandomState):
        drawn = value.get_state()
        return lambda: value.set_state(drawn)
    try:
        kept = copy.deepcopy(value)
    except Exception:
        return None  # what cannot be copied cannot be kept
    if isinstance(value, np.ndarray):
        return (lambda: _fill(value, kept)) if value.flags.writeable else None

    def refill() -> None:
        fresh = copy.deepcopy(kept)
        value.clear()
        (value.extend if isinstance(value, (list, deque)) else value.update)(fresh)

    return refill


def _fill(array: np.ndarray[Any, Any], kept: np.ndarray[Any, Any]) -> None:
    if array.shape == kept.shape:
        array[...] = copy.deepcopy(kept) if kept.dtype == object else kept
