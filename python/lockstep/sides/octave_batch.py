"""Many calls of one function of Octave in one exchange, their small matrices packed into columns.

To write and read a value by itself takes longer than most calls. May import `values` and `octave`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.model import values
from lockstep.model.values import Row, UnsupportedValueError
from lockstep.sides.octave import Call, OctaveError, OctaveSession, Reply

AT_ONCE = 100
"""Calls of one exchange at most."""

SECONDS = 1.0
"""After so much time no further call is begun in an exchange."""

PACKED = ("float64", "bool", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32")
"""Classes whose matrices are packed, by their numbers from 1; of a reply the first three are."""

_NUMBERS = {name: number for number, name in enumerate(PACKED, start=1)}


def call_batch(
    session: OctaveSession, name: str, calls: Sequence[Call]
) -> list[Reply | OctaveError]:
    """Call a function with as many of some calls, one at least, as go into one exchange.

    Their seeds are passed over, and that what they print, and their times, are not known.

    Raises
    ------
    OctaveNotFoundError, OctaveDiedError, UnsupportedValueError, KeyboardInterrupt
        As `OctaveSession.call` does.
    """
    packer = _Packer()
    some: list[Call] = []
    for call in calls[:AT_ONCE]:
        try:
            packer.add(call.args)
        except UnsupportedValueError:
            if not some:
                raise
            break
        some.append(call)
    counts = np.array([float(len(call.args)) for call in some])
    nargouts = np.array([-1.0 if call.nargout is None else float(call.nargout) for call in some])
    reply = session.call(
        "lockstep_each_", name, counts, nargouts, *packer.packed(), SECONDS, nargout=1
    )
    return _unpacked(reply.outputs[0])


class _Packer:
    """Puts values into columns by their class."""

    def __init__(self) -> None:
        self._head: list[tuple[int, int, int, int]] = []
        self._columns: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in PACKED}
        self._others: list[Any] = []

    def add(self, args: Sequence[Any]) -> None:
        """Add the arguments of a call.

        Raises
        ------
        UnsupportedValueError
            If one cannot be sent; none is added then.
        """
        arrays = [_matrix(value) for value in args]
        for value, array in zip(args, arrays, strict=True):
            if array is None:
                values.encode(value)
        for value, array in zip(args, arrays, strict=True):
            if array is None:
                self._head.append((0, 0, 0, 0))
                self._others.append(value)
                continue
            is_complex = array.dtype.kind == "c"
            number = _NUMBERS["float64" if is_complex else array.dtype.name]
            rows, columns = _size(array.shape, isinstance(value, Row))
            self._head.append((number, rows, columns, int(is_complex)))
            for part in (array.real, array.imag) if is_complex else (array,):
                self._columns[PACKED[number - 1]].append(part.ravel(order="F"))

    def packed(self) -> tuple[Any, ...]:
        """Return what lockstep_each_ takes: head, columns and others."""
        columns = [
            np.concatenate(parts) if parts else np.zeros(0, name)
            for name, parts in self._columns.items()
        ]
        head = np.array(self._head, dtype=np.float64).reshape(-1, 4)
        return head, columns, self._others


def _matrix(value: Any) -> np.ndarray[Any, Any] | None:
    """Return a value as a matrix that goes into a column; None where it does not."""
    if isinstance(value, Row):
        value = value.vector
    elif type(value) is int:
        value = float(value)
    if not isinstance(value, (bool, float, complex, np.ndarray, np.generic)):
        return None
    array = np.asarray(value)
    if array.dtype == np.int64:
        array = array.astype(np.float64)
    is_known = array.dtype.name in _NUMBERS or array.dtype == np.complex128
    return array if is_known and array.ndim <= 2 else None


def _size(shape: tuple[int, ...], is_row: bool) -> tuple[int, int]:
    if len(shape) == 2:
        return shape[0], shape[1]
    count = shape[0] if shape else 1
    return (1, count) if is_row else (count, 1)


def _unpacked(reply: Any) -> list[Reply | OctaveError]:
    columns = [np.ravel(one) for one in np.ravel(reply["columns"])]
    others = iter(np.ravel(reply["others"]))
    at = [0] * len(columns)
    found: list[Any] = []
    for which, rows, width in np.reshape(reply["head"], (-1, 3)).astype(int).tolist():
        if which == 0:
            found.append(next(others))
            continue
        first = at[which - 1]
        at[which - 1] = first + rows * width
        part = columns[which - 1][first : first + rows * width]
        found.append(part.reshape((rows, width), order="F"))
    told: list[Reply | OctaveError] = []
    place = 0
    errors = np.ravel(reply["errors"])
    for ok, count, error in zip(
        np.ravel(reply["ok"]), np.ravel(reply["counts"]), errors, strict=True
    ):
        if ok:
            told.append(Reply(found[place : place + int(count)], 0.0, ""))
        else:
            message, identifier = (str(one) for one in np.ravel(error))
            told.append(OctaveError(message, identifier))
        place += int(count)
    return told
