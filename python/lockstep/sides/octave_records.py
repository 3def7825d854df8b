"""Reads what the recorder (mfiles/lockstep_value_.m) noted down, in its order.

May import `model` and `sources`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lockstep.model.changed import History
from lockstep.model.execution import NotKept
from lockstep.sources.octave_copy import FRAME_STEP

_DTYPES = ("", "float64", "bool", "char", "float32")
"""Of the values that come as columns of numbers, by their kind."""

Record = tuple[int, int, Any]
"""Site (from 1; 0: an entry or a return), frame (negative: of a script), value."""


TOO_LARGE = "larger values than this were kept before it, as many as are kept"


def records(recorded: Any) -> list[Record]:
    """Read what lockstep_recorded_ returned."""
    frames, sites = np.divmod(recorded["marks"].ravel().astype(np.int64), FRAME_STEP)
    values = list(_values(recorded))
    for place in np.flatnonzero(recorded["too_large"]):
        values[place] = NotKept(TOO_LARGE, tuple(int(n) for n in values[place].ravel()))
    _share(values)
    return list(zip(sites.tolist(), frames.tolist(), values, strict=True))


def _share(values: list[Any]) -> None:
    """Put the matrices that were kept once wherever they were seen."""
    seen: dict[int, Any] = {}
    histories: dict[int, History] = {}
    for place, value in enumerate(values):
        if not isinstance(value, dict):
            continue
        if "lockstep_new_" in value:
            values[place] = seen[int(value["lockstep_new_"].item())] = value["value"]
        elif "lockstep_same_" in value:
            values[place] = seen.get(int(value["lockstep_same_"].item()), NotKept(TOO_LARGE))
        elif "lockstep_whole_" in value:
            values[place] = whole = value["value"]
            histories[int(value["lockstep_whole_"].item())] = History(whole)
        elif "lockstep_changed_" in value:
            values[place] = _changed(value, histories)


def _changed(value: Mapping[str, Any], histories: Mapping[int, History]) -> Any:
    history = histories.get(int(value["lockstep_changed_"].item()))
    if history is None:
        return NotKept(TOO_LARGE)
    return history.changed(value["places"].ravel().astype(np.int64) - 1, value["part"].ravel())


def _values(recorded: Any) -> Iterator[Any]:
    streams = [np.zeros(0), *(one.ravel() for one in recorded["numbers"].ravel())]
    columns = [
        one.astype(dtype if dtype not in ("", "char") else float)
        for one, dtype in zip(streams, _DTYPES, strict=True)
    ]
    others, begin = iter(recorded["others"].ravel(order="F")), [0] * len(_DTYPES)
    kinds, rows, widths = (
        recorded[name].ravel().astype(int).tolist() for name in ("kind", "rows", "columns")
    )
    for kind, height, width in zip(kinds, rows, widths, strict=True):
        if kind == 0:
            yield next(others)
            continue
        start = begin[kind]
        begin[kind] = end = start + height * width
        numbers = columns[kind][start:end]
        if _DTYPES[kind] == "char":
            yield _text(numbers, (height, width))
        else:
            yield numbers.reshape((height, width), order="F")


def _text(numbers: Any, shape: tuple[int, int]) -> Any:
    octets = numbers.astype(np.uint8)
    if shape[0] == 1 or shape == (0, 0):
        return octets.tobytes().decode(errors="surrogateescape")
    return np.array([chr(c) for c in octets], dtype="U1").reshape(shape, order="F")
