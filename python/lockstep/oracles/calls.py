"""What tells one call of the Octave side from another: short hashes of all that it gets.

May import `model` and `project`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from lockstep.model.values import Row, encode, handle_texts
from lockstep.project.cases import Case, Function, map_leaves, octave_side, with_args
from lockstep.sources.m_words import WORD

DIGITS = 16
"""Hexadecimal digits of a hash that are kept."""


@dataclass(frozen=True)
class Call:
    """What a call gets.

    Attributes
    ----------
    arguments : tuple of str
        A hash of each argument, as Octave gets it.
    nargout : int or None
        Number of outputs.
    seed : str
        Hash of the seed; empty for none.
    """

    arguments: tuple[str, ...]
    nargout: int | None = None
    seed: str = ""

    def differences(self, recorded: "Call") -> str:
        """Say in what this call is not the one that was recorded; empty where it is the same."""
        one, other = self.arguments, recorded.arguments
        said = []
        if len(one) != len(other):
            said.append(f"there are {len(one)} arguments, and were {len(other)}")
        else:
            changed = [str(i) for i, (a, b) in enumerate(zip(one, other, strict=True), 1) if a != b]
            if changed:
                said.append(f"argument {', '.join(changed)} changed")
        if self.nargout != recorded.nargout:
            said.append(f"nargout is {self.nargout}, and was {recorded.nargout}")
        if self.seed != recorded.seed:
            said.append("the seed changed")
        return "; ".join(said)


def call_of(case: Case) -> Call:
    """Return what the Octave side of a case gets.

    Raises
    ------
    UnsupportedValueError
        If an argument has no counterpart in Octave.
    """
    arguments = tuple(_hash(octave_side(one)) for one in case.args)
    return Call(arguments, case.nargout, "" if case.seed is None else _hash(case.seed))


def shape_of(case: Case) -> str:
    """Return a hash of a call in which every measured number is 0."""
    blank = call_of(with_floats(case, lambda value: np.zeros_like(value)[()]))
    return _hash([*blank.arguments, str(blank.nargout), blank.seed])


def called_names(case: Case) -> set[str]:
    """Return the words of the function handles among the arguments of a case."""
    texts = (text for one in case.args for text in handle_texts(octave_side(one)))
    return {word for text in texts for word in WORD.findall(text)}


def floats(case: Case) -> list[Any]:
    """Return the measured numbers of a case's arguments, leaf by leaf."""
    found: list[Any] = []

    def look(value: Any) -> Any:
        found.append(value)
        return value

    with_floats(case, look)
    return found


def with_floats(case: Case, change: Callable[[Any], Any]) -> Case:
    """Return a case whose measured numbers are changed, leaf by leaf.

    They are the leaves that both sides get from the same place: not what only one side's part of a
    `Function` holds.
    """
    return with_args(
        case, [map_leaves(one, lambda leaf: _changed(leaf, change)) for one in case.args]
    )


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Row):
        return Row(_changed(value.vector, change))
    if isinstance(value, Function) and value.pair is not None:
        bound = [map_leaves(one, lambda leaf: _changed(leaf, change)) for one in value.bound]
        return Function(value.pair, *bound)
    kind = np.asarray(value).dtype.kind if isinstance(value, (float, complex, np.generic)) else ""
    kind = value.dtype.kind if isinstance(value, np.ndarray) else kind
    return change(value) if kind and kind in "fc" else value


def like(own: Sequence[Any], recorded: Sequence[Any], ulps: float) -> bool:
    """Tell whether numbers are those that were recorded, but for so many of the last places."""
    return len(own) == len(recorded) and all(
        _is_like(np.asarray(a), np.asarray(b), ulps) for a, b in zip(own, recorded, strict=True)
    )


def _is_like(own: np.ndarray[Any, Any], recorded: np.ndarray[Any, Any], ulps: float) -> bool:
    if own.dtype != recorded.dtype or own.shape != recorded.shape:
        return False
    finite = np.isfinite(own)
    if not np.array_equal(own[~finite], recorded[~finite], equal_nan=True):
        return False
    one, other = own[finite], recorded[finite]
    if not one.size:
        return True
    with np.errstate(over="ignore"):  # numbers as large as can be are then not alike
        apart = np.abs(one - other)
        return bool(np.all(apart <= ulps * np.spacing(np.max(np.abs(one)))))


def _hash(value: Any) -> str:
    hasher = sha256()
    _feed(hasher.update, encode(value))
    return hasher.hexdigest()[:DIGITS]


def _feed(update: Callable[[bytes], None], value: Any) -> None:
    """Feed what `encode` made of a value to a hash, so that no two values feed the same bytes."""
    if isinstance(value, dict):
        update(b"{%d" % len(value))
        for name, item in value.items():
            _feed(update, str(name))
            _feed(update, item)
    elif isinstance(value, str):
        octets = value.encode(errors="surrogateescape")
        update(b"s%d:" % len(octets) + octets)
    else:
        array = np.asarray(value)
        if array.dtype == object:
            update(f"c{array.shape}".encode())
            for item in array.ravel(order="F"):
                _feed(update, item)
            return
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        update(f"a{array.dtype.str}{array.shape}".encode())
        update(array.tobytes("F"))
