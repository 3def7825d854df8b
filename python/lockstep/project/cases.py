"""What a pair is called with: cases, written in Python, sent to both sides.

The cases of the pair NAME stand in NAME.py of the cases folder, as a module-level ``cases``::

    import numpy as np

    cases = {"zero": (0.0,), "a grid": (np.linspace(-6, 6, 25),)}

It is a dict from the name of a case to its arguments (a tuple, or a `Case` where more is to be
said), or a function without arguments that returns such a dict or yields its items.

A pair may have several Python sides: ``sides``, a dict from names to functions of the pair's own
arguments, names those beside the port. They are compared on every case that is no error's.

Where the port spells a variable otherwise than Octave, ``names`` says so to the trace:
``names = {"beta": "b", "A": "a.T"}``, Octave's name first.
What the page shows beside the programs is declared in ``views`` (see `lockstep.project.views`).
How the port is called, where it is no twin, is declared here too (see
`lockstep.project.conventions`).

May import `values`, `pairs`, `conventions`, `fresh_imports` and `views`.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.errors import described
from lockstep.model.values import OctaveFunction, Row
from lockstep.project.conventions import ConventionError, Conventions, read_conventions
from lockstep.project.fresh_imports import fresh_spec
from lockstep.project.views import View

ANY_ERROR = "any"

CALL = "check"
"""Name of a case that stands in no cases file: the call of a test, or of a notebook."""

CONVENTIONS = ("class", "zero-based", "transposed", "column signs", "column order")
"""What a case may allow to differ (see `lockstep.compare.conventions`)."""


class CasesError(Exception):
    """A cases file cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, init=False)
class Case:
    """The arguments of one call, and what is to be compared.

    Parameters
    ----------
    *args : Any
        Arguments of both sides. Numbers become doubles in Octave, 1-D arrays columns (see
        `row`), str char rows, None [], dict structs, lists and tuples cells; see `Function` for
        function handles.
    nargout : int, optional
        How many outputs are asked for and compared; by default all that the .m file declares.
    ignore : tuple of int
        Positions of outputs that are not compared, from 1 (a graphics handle, say).
    seed : int or ndarray, optional
        Both sides seed their random numbers with it, a number or a state: ``rand("twister",
        seed)`` in Octave, and the port's own ``rand`` of the same signature.
    raises : str, optional
        Identifier of the Octave error that both sides must end in, or "any". The two messages
        must then be equal.
    timeout : float, optional
        Seconds that each side may take, where it is not the run's limit.
    allow : str or tuple of str
        Conventions that may differ: "class", "zero-based", "transposed", "column signs", "column
        order" (see `lockstep.compare.conventions`).
    untestable : bool or str
        That, or why, rounding alone may move the results by their own size, or that there is
        nothing to be compared: such a case then counts as no disagreement.
    """

    args: tuple[Any, ...]
    nargout: int | None
    ignore: tuple[int, ...]
    seed: Any
    raises: str | None
    timeout: float | None
    allow: tuple[str, ...]
    untestable: bool | str

    def __init__(
        self,
        *args: Any,
        nargout: int | None = None,
        ignore: tuple[int, ...] = (),
        seed: Any = None,
        raises: str | None = None,
        timeout: float | None = None,
        allow: str | tuple[str, ...] = (),
        untestable: bool | str = False,
    ) -> None:
        allow = (allow,) if isinstance(allow, str) else tuple(allow)
        if unknown := set(allow) - set(CONVENTIONS):
            known = ", ".join(map(repr, CONVENTIONS))
            raise ValueError(f"allow knows {known}; not {', '.join(map(repr, sorted(unknown)))}")
        if nargout is not None and nargout < 0:
            raise ValueError(f"nargout must be 0 or more, got {nargout}")
        if any(position < 1 for position in ignore):
            raise ValueError(f"ignore holds positions of outputs from 1 on, got {ignore}")
        if timeout is not None and not timeout > 0:
            raise ValueError(f"timeout must be a number of seconds above 0, got {timeout}")
        given = locals()
        for name in self.__dataclass_fields__:
            object.__setattr__(self, name, given[name])


@dataclass(frozen=True, init=False)
class Function:
    """A function handle as an argument: each side gets its own side's function.

    Parameters
    ----------
    pair : str, optional
        Name of a pair. ``Function("cost", 3, X)`` is the handle ``@(p) cost(p, 3, X)`` in Octave
        and the same of the port in Python: the arguments given here come after those of the call.
    *bound : Any
        Arguments that follow those of the call.
    octave : str, optional
        In place of `pair`: Octave text of the handle, such as ``@(p) sum(p .^ k)``.
    python : callable, optional
        Its twin; one that stands for several outputs returns a tuple.
    **variables : Any
        Variables that the Octave text uses (`python` closes over its own).
    """

    pair: str | None
    bound: tuple[Any, ...]
    octave: str | None
    python: Callable[..., Any] | None
    variables: Mapping[str, Any] = field(default_factory=dict)

    def __init__(
        self,
        pair: str | None = None,
        *bound: Any,
        octave: str | None = None,
        python: Callable[..., Any] | None = None,
        **variables: Any,
    ) -> None:
        if (pair is None) == (octave is None) or (octave is None) != (python is None):
            raise ValueError("Function needs the name of a pair, or both octave= and python=")
        for name, value in locals().items():
            if name != "self":
                object.__setattr__(self, name, value)

    def for_octave(self) -> OctaveFunction:
        """Return the handle to be made in Octave."""
        if self.octave is not None:
            variables = {name: octave_side(value) for name, value in self.variables.items()}
            return OctaveFunction(self.octave, variables)
        names = [f"bound_{i}_" for i in range(1, len(self.bound) + 1)]
        arguments = ", ".join(["varargin{:}", *names])
        return OctaveFunction(
            f"@(varargin) {self.pair}({arguments})",
            dict(zip(names, map(octave_side, self.bound), strict=True)),
        )


def row(vector: Any) -> Row:
    """Mark a 1-D array as a row vector in Octave; the port gets the 1-D array.

    Parameters
    ----------
    vector : array_like
        1-D.

    Raises
    ------
    ValueError
        If it is not 1-D.
    """
    vector = np.asarray(vector)
    if vector.ndim != 1:
        raise ValueError(f"row takes a 1-D array, got one with {vector.ndim} dimensions")
    return Row(vector)


def with_args(case: Case, args: Iterable[Any]) -> Case:
    """Return a case with other arguments, and all else as it is."""
    return Case(*args, **_options(case))


def with_nargout(case: Case, nargout: int) -> Case:
    """Return a case that asks for so many outputs, and is as it was otherwise."""
    return Case(*case.args, **{**_options(case), "nargout": nargout})


def _options(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in case.__dataclass_fields__ if name != "args"}


def octave_side(argument: Any) -> Any:
    """Replace every `Function` in an argument, however nested, by its Octave side."""
    return map_leaves(
        argument, lambda leaf: leaf.for_octave() if isinstance(leaf, Function) else leaf
    )


def map_leaves(argument: Any, change: Callable[[Any], Any]) -> Any:
    """Apply `change` to all that an argument holds, below lists, tuples, dicts and cells."""
    if isinstance(argument, (list, tuple)):
        items = [map_leaves(item, change) for item in argument]
        named = hasattr(argument, "_make")  # a named tuple takes its items one by one
        return type(argument)(*items) if named else type(argument)(items)
    if isinstance(argument, dict):
        changed = copy.copy(argument)  # of the same class: SciPy's results are dicts
        changed.update({name: map_leaves(item, change) for name, item in argument.items()})
        return changed
    if isinstance(argument, np.ndarray) and argument.dtype == object and argument.ndim:
        cell = np.empty(argument.shape, dtype=object)
        for place, item in np.ndenumerate(argument):
            cell[place] = map_leaves(item, change)
        return cell
    return change(argument)


def leaves(argument: Any) -> Iterator[Any]:
    """Yield all that an argument holds, below lists, tuples, dicts and cells, as it is."""
    if isinstance(argument, (list, tuple)):
        items: Iterable[Any] = argument
    elif isinstance(argument, dict):
        items = argument.values()
    elif isinstance(argument, np.ndarray) and argument.dtype == object and argument.ndim:
        items = argument.flat
    else:
        yield argument
        return
    for item in items:
        yield from leaves(item)


def cell_vectors_as_lists(argument: Any) -> Any:
    """Replace cells with one row, one column or no element in an argument, all 2-D, by lists."""
    if isinstance(argument, list):
        return [cell_vectors_as_lists(item) for item in argument]
    if isinstance(argument, dict):
        return {name: cell_vectors_as_lists(item) for name, item in argument.items()}
    is_cell = isinstance(argument, np.ndarray) and argument.dtype == object
    if is_cell and argument.ndim == 2 and (1 in argument.shape or not argument.size):
        return [cell_vectors_as_lists(item) for item in argument.ravel()]
    return argument


@dataclass(frozen=True)
class CasesFile:
    """What a cases file holds: cases by name, Python sides beside the port, what is declared."""

    cases: dict[str, Case]
    sides: dict[str, Callable[..., Any]]
    names: dict[str, str] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)
    views: tuple[View, ...] = ()


def load_conventions(file: Path) -> Conventions:
    """Read what a cases file declares of its pair; its cases are not made.

    Raises
    ------
    CasesError
        If the file cannot be imported, or a convention is not understood.
    """
    return _conventions(file, _import(file))


def _conventions(file: Path, module: Any) -> Conventions:
    try:
        return read_conventions(vars(module), str(file))
    except ConventionError as error:
        raise CasesError(str(error)) from None


def load_cases(file: Path, beside: Mapping[str, Case] | None = None) -> CasesFile:
    """Read a cases file.

    Parameters
    ----------
    file : Path
        NAME.py of the cases folder.
    beside : mapping, optional
        Cases that come after those of the file, which then may have none of its own.

    Returns
    -------
    CasesFile
        In the file's order.

    Raises
    ------
    CasesError
        If the file cannot be imported, or holds no ``cases`` as this module's text says.
    """
    module = _import(file)
    return CasesFile(
        _cases(file, module, beside or {}),
        _sides(file, module),
        _names(file, module),
        _conventions(file, module),
        _views(file, module),
    )


def _sides(file: Path, module: Any) -> dict[str, Callable[..., Any]]:
    sides = getattr(module, "sides", {})
    if not isinstance(sides, dict) or not all(map(callable, sides.values())):
        raise CasesError(f"{file}: `sides` must be a dict from names to Python functions")
    return sides


def _views(file: Path, module: Any) -> tuple[View, ...]:
    views = tuple(getattr(module, "views", ()))
    if not all(isinstance(one, View) for one in views):
        raise CasesError(f"{file}: `views` must be a list of Chain(...) and Network(...)")
    return views


def _names(file: Path, module: Any) -> dict[str, str]:
    names = getattr(module, "names", {})
    if not isinstance(names, dict) or not all(
        isinstance(text, str) for item in names.items() for text in item
    ):
        raise CasesError(f"{file}: `names` must be a dict from Octave's names to the port's")
    found = {}
    for octave, text in names.items():
        match = _NAME.fullmatch(text)
        if match is None:
            raise CasesError(
                f"{file}: `names`: the counterpart of {octave} must be a name, or one with .T, "
                f".ravel() or ' + 1', not {text!r}"
            )
        found[octave] = match[1]
    return found


_NAME = re.compile(r"([A-Za-z_]\w*)(\.T|\.ravel\(\)| \+ 1)?")
"""A name of the port; in which form its value is Octave's is seen from the values."""


def _cases(file: Path, module: Any, beside: Mapping[str, Case]) -> dict[str, Case]:
    found = getattr(module, "cases", {} if beside else None)
    if found is None:
        raise CasesError(f"{file} has no `cases`; the smallest is cases = {{'zero': (0.0,)}}")
    try:
        found = found() if callable(found) else found
        items = [*(found.items() if isinstance(found, Mapping) else found), *beside.items()]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise CasesError(f"{file}: its cases cannot be made: {described(error)}") from error
    return _checked(file, items)


def _import(file: Path) -> Any:
    spec = fresh_spec(f"lockstep_cases_{file.stem}", file)
    assert spec.loader is not None
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise CasesError(f"{file} cannot be imported: {described(error)}") from error
    return module


def _checked(file: Path, items: Iterable[Any]) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for item in items:
        if not (isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)):
            raise CasesError(f"{file}: cases must be a dict, or yield (name, arguments) pairs")
        name, arguments = item
        if not isinstance(arguments, (Case, tuple)):
            raise CasesError(
                f"{file}: the arguments of case {name!r} must be a tuple or a Case, "
                f"not {type(arguments).__name__}; write ({name!r}, (value,)) with a comma"
            )
        if name in cases:
            raise CasesError(f"{file}: there are two cases {name!r}")
        cases[name] = arguments if isinstance(arguments, Case) else Case(*arguments)
    if not cases:
        raise CasesError(f"{file}: `cases` is empty")
    return cases
