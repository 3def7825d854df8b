"""Between Octave's way of calling and the port's: arguments before the call, outputs after it.

The port's own function is called, so that it can be traced; what is declared of it (see
`lockstep.project.conventions`) is done to the values alone. May import `values`, `pairs`, `cases`,
`conventions`, `results` and `likening`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.model.values import Row
from lockstep.project.cases import CasesError, Function, map_leaves
from lockstep.project.conventions import Conventions
from lockstep.project.pairs import Pair
from lockstep.sides.likening import likened
from lockstep.sides.port_modules import PortError
from lockstep.sides.results import MISSING, as_struct, split


@dataclass(frozen=True)
class Bound:
    """The arguments of one call of the port.

    Attributes
    ----------
    values : list
        By Octave's order: what each argument became.
    args, kwargs : list, dict
        What the port is called with.
    """

    values: list[Any]
    args: list[Any]
    kwargs: dict[str, Any]


class Adapter:
    """Adapts the calls of one pair.

    Parameters
    ----------
    pair : Pair
        Names the arguments and outputs.
    conventions : Conventions
        What is declared of the pair.
    where : str
        File that declares it; without one, names that the pair has not are passed over.

    Raises
    ------
    CasesError
        If a convention names what the pair has not.
    """

    def __init__(self, pair: Pair, conventions: Conventions, where: str = "") -> None:
        self.pair = pair
        self.conventions = conventions
        self._arguments, self._outputs = pair.argument_names, pair.output_names
        own = conventions
        self._passes_on = not (
            own.indices
            or own.axes
            or own.integers
            or own.transposed
            or own.row_major
            or own.vectors
        )
        known = {*self._arguments, *self._outputs}
        strange = sorted(
            name
            for name in conventions.named()
            if name.split(".")[0] not in known and not name.startswith(("argument ", "output "))
        )
        if strange and where:
            has = ", ".join(dict.fromkeys([*self._arguments, *self._outputs]))
            raise CasesError(
                f"{where}: {', '.join(strange)} is neither an argument nor an output of "
                f"{pair.name}; it has {has or 'none that is known'}; "
                'also known: "argument 1", "output 1" and so on'
            )

    def _names(self, kind: str, position: int) -> tuple[str, ...]:
        """Return the names of an argument or output, from 1 on."""
        names = self._arguments if kind == "argument" else self._outputs
        own = names[position - 1 : position]
        return (*own, f"{kind} {position}")

    def _form(self, position: int) -> Any:
        return self.conventions.of(self.conventions.vectors, *self._names("argument", position))

    def arguments(self, args: Sequence[Any]) -> list[Any]:
        """Turn the arguments of a case into what the port wants, in Octave's order."""
        return [self.argument(i, value) for i, value in enumerate(args, start=1)]

    def bind(self, function: Callable[..., Any], values: Sequence[Any]) -> Bound:
        """Say how the port is called.

        Parameters
        ----------
        function : callable
            The port.
        values : sequence
            By Octave's order: what `argument` made of them.

        Raises
        ------
        PortError
            If what is declared does not fit the case.
        """
        declared, given = self.conventions, list(values)
        kwargs: dict[str, Any] = dict(declared.extra)
        if declared.options_from:
            given, options = given[: declared.options_from - 1], given[declared.options_from - 1 :]
            if len(options) % 2 or not all(isinstance(name, str) for name in options[::2]):
                raise PortError(
                    f"`options_from = {declared.options_from}`: the case has no names and values "
                    "in turn from that argument on"
                )
            kwargs |= dict(zip(options[::2], options[1::2], strict=True))
        positional: list[tuple[str | int | None, Any]] = []
        order = self._order(len(given))
        for i, (value, place) in enumerate(zip(given, order, strict=True), start=1):
            fields = declared.of(declared.keywords, *self._names("argument", i))
            if fields is not None:
                if not isinstance(value, Mapping):
                    raise PortError(f"`keywords`: argument {i} of the case is no struct")
                kwargs |= {fields.get(name, name): one for name, one in value.items()}
            else:
                positional.append((place, value))
        return _bound(function, list(values), positional, kwargs)

    def _order(self, count: int) -> Sequence[str | int | None]:
        declared = self.conventions.arguments
        if declared is None:
            return [-1] * count
        if count > len(declared):
            raise PortError(
                f"`arguments` names {len(declared)} parameters of the port, "
                f"the case has {count} arguments"
            )
        return declared[:count]

    def argument(self, position: int, value: Any) -> Any:
        """Turn an argument of a case, numbered from 1, into what the port wants in its place."""
        declared = self.conventions
        if self._passes_on:
            return value
        names = self._names("argument", position)
        is_index = any(name in declared.indices or name in declared.axes for name in names)
        of_all = "" in declared.integers
        of_this = any(name in declared.integers for name in names)
        shape = declared.of(declared.row_major, *names)
        form = self._form(position)

        def leaf(one: Any) -> Any:
            row, one = isinstance(one, Row), one.vector if isinstance(one, Row) else one
            if isinstance(one, (str, Function)) or not _is_numeric(one):
                return one
            if is_index:
                one = _shifted(one, -1)
            elif of_this or (of_all and np.ndim(one) == 0):
                one = _whole(one)
            if any(name in declared.transposed for name in names):
                one = np.transpose(one)
            if shape is not None and np.ndim(one):
                one = _row_major(one, shape)
            if form:
                return _formed(one, form, row)
            return Row(one) if row else one

        return map_leaves(value, leaf)

    def outputs(self, result: Any, octave: Sequence[Any], complete: bool = False) -> list[Any]:
        """Turn what the port returned into the outputs of its twin.

        Parameters
        ----------
        result : Any
            What the port returned.
        octave : sequence
            What Octave returned: as many are taken, and what is free is likened to it.
        complete : bool
            Whether the port must return as many.

        Raises
        ------
        PortError
            If the port returned too few.
        """
        found = split(result, self.pair, octave, self.conventions.outputs, complete)
        return [
            value if value is MISSING else self._output(i, as_struct(value, other), other)
            for i, (value, other) in enumerate(zip(found, octave, strict=True), start=1)
        ]

    def _output(self, position: int, value: Any, octave: Any) -> Any:
        declared, names = self.conventions, self._names("output", position)
        if any(name in declared.indices for name in names):
            value = map_leaves(value, lambda one: _shifted(one, 1.0) if _is_numeric(one) else one)
        fields = [one for one in declared.indices if one.split(".")[0] in names and "." in one]
        for one in fields:
            value = _at(value, one.split(".")[1:])
        if any(name in declared.transposed for name in names) and _is_numeric(value):
            value = np.transpose(value)
        shape = declared.of(declared.row_major, *names)
        if shape is not None and _is_numeric(value) and np.ndim(value):
            value = _column_major(np.asarray(value), shape)
        any_class = declared.of(dict.fromkeys(declared.classes, True), *names)
        free = declared.of(declared.free, *names)
        flat = bool(declared.of(declared.vectors, *names))
        return likened(value, octave, flat, bool(any_class), free or "")


def _bound(
    function: Callable[..., Any],
    values: list[Any],
    given: Sequence[tuple[str | int | None, Any]],
    kwargs: dict[str, Any],
) -> Bound:
    """Put each argument where it goes: by name, by place, or where it stands."""
    args: list[Any] = []
    by_place: dict[int, Any] = {}
    by_name: dict[str, Any] = {}
    for place, value in given:
        if isinstance(place, str):
            by_name[place] = value
        elif place is not None and place >= 0:
            by_place[place] = value
        elif place is not None:
            args.append(value)
    if by_place:
        args = [by_place[place] for place in sorted(by_place)]
    for name in _positional_only(function) if by_name else ():
        if name not in by_name:
            break
        args.append(by_name.pop(name))
    return Bound(values, args, {**kwargs, **by_name})


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _positional_only(function: Callable[..., Any]) -> list[str]:
    found = _parameters(function)
    return [one.name for one in found if one.kind is inspect.Parameter.POSITIONAL_ONLY]


def parameter_names(function: Callable[..., Any]) -> list[str]:
    """Name the parameters of a function that can be given by name; none where it does not tell."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [one.name for one in _parameters(function) if one.kind in kinds]


def _at(value: Any, path: Sequence[str]) -> Any:
    """Count from 1 what is at a path in a struct."""
    if not path:
        return map_leaves(value, lambda one: _shifted(one, 1.0) if _is_numeric(one) else one)
    if isinstance(value, Mapping) and path[0] in value:
        return {**value, path[0]: _at(value[path[0]], path[1:])}
    return value


def _is_numeric(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind in "biufc")
    return isinstance(value, (bool, int, float, complex, np.number, np.bool_))


def _shifted(value: Any, by: float) -> Any:
    """Count from another number; what is whole becomes int where it goes to the port."""
    moved = np.asarray(np.asarray(value) + by)
    moved = np.asarray(_whole(moved) if by < 0 else moved.astype(np.float64))
    return moved if isinstance(value, np.ndarray) else moved.item()


def _whole(value: Any) -> Any:
    """Make int of whole numbers; leave others, and what is not real, alone."""
    numbers = np.asarray(value)
    if numbers.dtype.kind != "f" or not np.all(np.isfinite(numbers)):
        return value
    whole = np.rint(numbers)
    if not np.allclose(numbers, whole, rtol=4e-16, atol=0):  # a nudged one is still meant
        return value
    whole = whole.astype(np.int64)
    return whole if isinstance(value, np.ndarray) else whole.item()


def _row_major(value: Any, shape: tuple[int, ...]) -> Any:
    """Reorder what Octave fills, or unrolls, column by column."""
    if shape:
        return np.reshape(value, shape, order="F").reshape(np.shape(value), order="C")
    return np.ravel(value, order="F").reshape(np.shape(value), order="C")


def _column_major(value: Any, shape: tuple[int, ...]) -> Any:
    if shape and value.size == np.prod(shape):
        return value.reshape(shape, order="C").reshape(value.shape, order="F")
    return value.ravel(order="C").reshape(value.shape, order="F")


def _formed(value: Any, form: str, is_row: bool) -> Any:
    """Give a vector the form that the port wants; leave scalars and matrices alone."""
    shape = np.shape(value)
    if (
        len(shape) == 0
        or len(shape) > 2
        or (len(shape) == 2 and (1 not in shape or max(shape) == 1))
    ):
        return value
    flat = np.ravel(value)
    if form == "lists":
        return flat.tolist()
    if form == "flat":
        return flat
    if form == "octave":
        is_row = is_row or (len(shape) == 2 and shape[0] == 1)
        form = "rows" if is_row else "columns"
    return flat[np.newaxis, :] if form == "rows" else flat[:, np.newaxis]
