"""What passes between a session of Octave and its helper lockstep_call_: calls, and outcomes.

Several calls of one function go in one exchange, for an exchange takes longer than most calls.
May import `model` and `helpers`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model import values
from lockstep.sides.helpers import APART

SECONDS = 1.0
"""After so much time in the calls of an exchange, no further one is begun in it."""

BYTES = 4_000_000
"""Nor after so much of what they return; as much is sent at most, but for the first call."""

_MARK = re.compile("\1(\\d+)\1")
"""What the helper prints before each call: its number."""


class OctaveError(Exception):
    """Octave raised an error.

    Attributes
    ----------
    message, identifier : str
        As in Octave's ``err.message`` and ``err.identifier``.
    stack : list of str
        Where, innermost first: "NAME line N".
    """

    def __init__(self, message: str, identifier: str = "", stack: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.identifier = identifier
        self.stack = list(stack)


@dataclass(frozen=True)
class Call:
    """One call of a function, whose name is said beside.

    Attributes
    ----------
    args : sequence of Any
        Arguments, as `lockstep.model.values` maps them.
    nargout : int or None
        Number of outputs; None for as many as the function declares.
    seed : int or ndarray or None
        Run ``rand("twister", seed)`` first.
    """

    args: Sequence[Any] = ()
    nargout: int | None = None
    seed: Any = None


@dataclass(frozen=True)
class Reply:
    """What one call gave.

    Attributes
    ----------
    outputs : list
        Decoded outputs (see `lockstep.model.values`).
    seconds : float
        Time inside Octave, without the transfer.
    printed : str
        What the call printed.
    """

    outputs: list[Any]
    seconds: float
    printed: str


def write_calls(file: Path, name: str, calls: Sequence[Call], script: bool) -> int:
    """Write as many calls of a function as go into one exchange, and return how many that is.

    Raises
    ------
    UnsupportedValueError
        If an argument of the first has no counterpart in Octave; a later one ends the exchange.
    """
    args: list[Any] = []
    seeds: list[Any] = []
    size = 0
    for call in calls:
        try:
            some, seed = values.encode(list(call.args)), values.encode(call.seed)
        except values.UnsupportedValueError:
            if not args:
                raise
            break
        size += _size(some)
        if args and size > BYTES:
            break
        args.append(some)
        seeds.append(seed)
    counts = [-1 if call.nargout is None else call.nargout for call in calls[: len(args)]]
    request = {"name": name, "script": script, "seconds": SECONDS, "bytes": float(BYTES)}
    request |= {"apart": name in APART, "args": values.cell(args), "seeds": values.cell(seeds)}
    values.write(file, request=request | {"nargouts": np.array(counts, float)})
    return len(args)


def _size(value: Any) -> int:
    """Return about how many bytes an encoded value has."""
    if isinstance(value, Mapping):
        return sum(map(_size, value.values()))
    if isinstance(value, np.ndarray) and value.dtype == object:
        return sum(map(_size, value.ravel()))
    return int(np.asarray(value).nbytes)


def read_outcomes(file: Path, printed: str) -> list[Reply | OctaveError]:
    """Read what the calls gave that were made.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, zlib.error
        If the file cannot be read.
    """
    found = np.ravel(values.load(file, "reply"))
    parts = dict(printed_parts(printed))
    return [_outcome(one, parts.get(i, "")) for i, one in enumerate(found, start=1)]


def printed_parts(printed: str) -> list[tuple[int, str]]:
    """Return what each call printed, by its number; the last was the last to begin."""
    parts = _MARK.split(printed)
    return [(int(k), text) for k, text in zip(parts[1::2], parts[2::2], strict=True)]


def _outcome(reply: Mapping[str, Any], printed: str) -> Reply | OctaveError:
    if not reply["ok"].item():
        error = reply["error"]
        stack = [str(frame) for frame in error["stack"].ravel()]
        return OctaveError(error["message"], error["identifier"], stack)
    return Reply(list(np.ravel(reply["outputs"])), float(reply["seconds"].item()), printed)


def own_words(printed: str) -> str:
    """Return the error that Octave printed, without what names our own files."""
    errors = [line for line in printed.splitlines() if line.startswith(("error: ", "parse error"))]
    own = [line for line in errors if "lockstep_" not in line and line != "error: called from"]
    return own[0].removeprefix("error: ") if own else ""
