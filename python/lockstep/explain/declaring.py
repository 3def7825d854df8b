"""Does a pair disagree by nothing but a convention? Tries them, and says which line to add.

First the ways to call the port, then, from what it returned, the ways to read that. Whether a
proposal makes the case agree is for the caller to judge. May import `model`, `cases`, `pairs`,
`conventions`, `adapter` and `varied`.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from lockstep.explain.varied import size
from lockstep.model.blocks import BLOCK, blocks, largest
from lockstep.model.values import Row, octave_class
from lockstep.project.cases import Case
from lockstep.project.conventions import VECTORS, Conventions, read_conventions
from lockstep.project.m_files import spelling
from lockstep.project.pairs import Pair
from lockstep.sides.likening import freed
from lockstep.sides.port_modules import PortError
from lockstep.sides.results import MISSING, members, split

LONG = 2**20
"""Bytes of arguments beyond which no port is thought to want them as lists of numbers."""

SECONDS = 10.0
"""How long conventions are tried at most, beside the call that is running."""

MOST_PERMUTED = 4
"""Arguments of which every order is tried."""

CLOSE = 1e-6
"""How near, relative to the largest element, two arrays are that may be the same."""

INDEX = re.compile("(i|j|ii|ind|inds|ix|dims?|label|labels)[0-9]*|.*(idx|index|indices|axis)")
"""Names, without case and underscores, of what may count from 0: any number may be one off."""

OF_VALUES = frozenset(
    {"indices", "axes", "transposed", "row_major", "free", "classes", "arguments"}
)
"""Conventions by which values that are wrong may look right."""

FREE = ("column signs", "row signs", "signs", "column order", "column signs and order", "order")

Declared = dict[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """What to declare so that a case agrees.

    Attributes
    ----------
    text : str
        The line to add, in a sentence; empty where there is none.
    explains : bool
        Whether it is all that is to be said: no value is excused by it.
    is_doubtful : bool
        Whether it leaves the order or the signs of an output open, or gives the port values of
        another class: a change of the port may be what is wanted.
    """

    text: str
    explains: bool = False
    is_doubtful: bool = False


def proposals(
    pair: Pair,
    case: Case,
    parameters: Sequence[str],
    octave: Sequence[Any],
    call: Callable[[Conventions], Any],
    own: Conventions,
) -> Iterator[Declared]:
    """Yield what may be declared so that a case agrees, the simplest first.

    Parameters
    ----------
    pair, case : Pair, Case
        What disagrees.
    parameters : sequence of str
        Names of the port's parameters.
    octave : sequence
        What Octave returned.
    call : callable
        Calls the port by some conventions and returns what it returned, or raises.
    own : Conventions
        What is declared already.
    """
    start = time.monotonic()
    out_of_range = False
    for way in _ways(pair, case, parameters, own):
        if time.monotonic() - start > SECONDS:
            return
        shifted = next(iter(way.get("indices", [])), "")
        if shifted and not (out_of_range or INDEX.fullmatch(spelling(shifted))):
            continue
        try:
            result = call(declared(way, own))
        except Exception as error:
            out_of_range = out_of_range or isinstance(error, IndexError)
            continue
        for reading in _readings(pair, result, octave, own, bool(own.vectors or "vectors" in way)):
            yield {**way, **reading}


def declared(change: Declared, own: Conventions) -> Conventions:
    """Return the conventions with some more."""
    return read_conventions(change, "proposed").with_defaults(own)


def may_be_mistake(change: Declared) -> bool:
    """Whether values that are wrong may look right by it: the trace is shown beside it."""
    outputs = change.get("outputs", ())
    is_swapped = len(outputs) > 1 and sorted(outputs, key=str) == list(range(len(outputs)))
    return bool(change.keys() & OF_VALUES) or gives_lists(change) or is_swapped


def gives_lists(change: Declared) -> bool:
    """Whether the port is called with lists."""
    return bool(change.get("vectors") == "lists")


def lines(change: Declared) -> str:
    """Write what to add to a cases file."""
    return "; ".join(f"{name} = {_literal(value)}" for name, value in change.items())


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}": {_literal(v)}' for k, v in value.items()) + "}"
    return repr(value)


def _ways(
    pair: Pair, case: Case, parameters: Sequence[str], own: Conventions
) -> Iterator[Declared]:
    """Yield ways to call the port: as it is, by one convention, by two."""
    forms: list[Declared] = []
    if not own.vectors and any(map(_has_vector, case.args)):
        left_out = {"flat": not _has_column(case), "lists": size(case) > LONG}
        forms = [{"vectors": form} for form in VECTORS if not left_out.get(form)]
    whole: list[Declared] = []
    if not own.integers and any(map(_is_whole_float, case.args)):
        whole = [{"integers": "scalars"}]
    orders = list(_orders(pair, case, parameters, own))
    others = [*whole, *_indices(pair, case, own), *_structs(pair, case, parameters, own)]
    yield {}
    yield from forms
    yield from others
    yield from orders
    for first in [*orders[:1], *others]:
        for second in [*forms, *whole]:
            if not first.keys() & second.keys():
                yield {**first, **second}


def _argument_name(pair: Pair, i: int) -> str:
    names = pair.argument_names
    return names[i] if names[i : i + 1] not in ([], ["varargin"], ["~"]) else f"argument {i + 1}"


def _orders(
    pair: Pair, case: Case, parameters: Sequence[str], own: Conventions
) -> Iterator[Declared]:
    count = len(case.args)
    if own.arguments is not None or count < 2:
        return
    spelt = {spelling(name): name for name in parameters}
    names = [spelling(name) for name in pair.argument_names[:count]]
    if len(names) == count and all(name in spelt for name in names):
        yield {"arguments": [spelt[name] for name in names]}
    usable = list(parameters[:count])
    if count <= MOST_PERMUTED and len(usable) == count:
        for order in permutations(usable):
            if list(order) != usable:
                yield {"arguments": list(order)}


def _indices(pair: Pair, case: Case, own: Conventions) -> Iterator[Declared]:
    if own.indices or own.axes:
        return
    for i, value in enumerate(case.args):
        if _is_whole(value):
            name = _argument_name(pair, i)
            kind = "axes" if spelling(name) in ("dim", "dimension", "axis") else "indices"
            yield {kind: [name]}


def _structs(
    pair: Pair, case: Case, parameters: Sequence[str], own: Conventions
) -> Iterator[Declared]:
    for i, value in enumerate(case.args):
        if isinstance(value, Mapping) and not own.keywords:
            yield {"keywords": [_argument_name(pair, i)]}
    for i, value in enumerate(case.args):
        rest = case.args[i::2]
        if isinstance(value, str) and value in parameters and all(isinstance(r, str) for r in rest):
            yield {"options_from": i + 1}
            return


def _readings(
    pair: Pair, result: Any, octave: Sequence[Any], own: Conventions, lies: bool
) -> Iterator[Declared]:
    """Yield ways to read what the port returned, where they make it like Octave's.

    `lies` is whether vectors may lie on their other side already.
    """
    ways: list[Declared] = [{}]
    try:
        found = split(result, pair, octave, own.outputs)
    except PortError:
        found = None
    if own.outputs is None:
        ways += _other_outputs(pair, result, octave)
    for way in ways:
        if way:
            found = split(result, pair, octave, way["outputs"])
        if found is None:
            continue
        reading: Declared | None = dict(way)
        for i, (value, other) in enumerate(zip(found, octave, strict=True)):
            names = pair.output_names
            name = names[i] if i < len(names) else f"output {i + 1}"
            reading = _read(name, value, other, reading, lies)
            if reading is None:
                break
        if reading is not None:
            yield reading


def _other_outputs(pair: Pair, result: Any, octave: Sequence[Any]) -> Iterator[Declared]:
    """Find Octave's outputs among what the port returned by name or place: by name, by value."""
    places: Mapping[Any, Any] = (
        dict(enumerate(result))
        if isinstance(result, (tuple, list)) and not hasattr(result, "_asdict")
        else members(result) or {0: result}
    )
    chosen: list[Any] = []
    for i, other in enumerate(octave):
        own = pair.output_names[i : i + 1]
        by_name = [key for key in places if spelling(str(key)) in map(spelling, own)]
        by_value = [
            key
            for key, value in places.items()
            if key not in chosen and _read("", value, other, {}) is not None
        ]
        found = [*by_name, *by_value][:1]
        if not found and len(places) < len(octave):
            found = [None]  # the port does not return it
        if not found or not (found[0] is None or isinstance(found[0], (str, int))):
            return
        chosen += found
    used = [place for place in chosen if place is not None]
    while chosen and chosen[-1] is None:
        chosen.pop()
    in_order = chosen == list(range(len(octave)))
    if len(used) >= min(len(places), len(octave)) and not (in_order and len(octave) > 1):
        yield {"outputs": chosen}


def _read(
    name: str, value: Any, octave: Any, reading: Declared | None, lies: bool = False
) -> Declared | None:
    """Add to a reading what makes one output like Octave's; None where nothing does."""
    if value is MISSING or reading is None:
        return reading
    if not isinstance(octave, np.ndarray) or octave.dtype.kind not in "biufc":
        return reading  # cells, structs and text are judged as they are
    try:
        ours = np.asarray(value)
    except ValueError:
        return None
    if ours.dtype.kind not in "biufc":
        return None
    is_list = isinstance(value, (list, tuple))
    if not is_list and octave_class(value) != octave_class(octave):
        reading = {**reading, "classes": "any"}
    if _alike(ours, octave):
        return reading
    for kind, change in _changes(ours, octave):
        if _alike(change, octave):
            if kind == "vectors" and lies:
                return reading
            if kind == "vectors":
                form = "columns" if ours.ndim == 2 and ours.shape[1] == 1 else "rows"
                return _added(reading, "vectors", name, form)
            if kind in FREE:
                return _added(reading, "free", name, kind)
            if kind == "indices":
                reading = {k: v for k, v in reading.items() if k != "classes"}
            return {**reading, kind: [*reading.get(kind, []), name]}
    return None


def _added(reading: Declared, key: str, name: str, value: str) -> Declared:
    return {**reading, key: {**reading.get(key, {}), name: value}}


def _changes(ours: Any, octave: Any) -> Iterator[tuple[str, Any]]:
    numbers = ours.astype(np.float64) if ours.dtype.kind in "biu" else ours
    if ours.size == octave.size == max(ours.shape, default=1) and ours.ndim == 2:
        yield "vectors", ours.reshape(octave.shape)
    if ours.dtype.kind in "iu" or (ours.size > 1 and _is_whole(ours)):
        yield "indices", numbers + 1
    if ours.ndim == 2:
        yield "transposed", ours.T
    if ours.ndim >= 2 and ours.shape == octave.shape:
        yield "row_major", ours.ravel().reshape(ours.shape, order="F")
    if ours.size == octave.size and min(octave.shape, default=1) > 1:  # of a vector it is a fault
        shaped = numbers.reshape(octave.shape, order="F") if ours.ndim < 2 else numbers
        for free in FREE:
            yield free, freed(shaped, octave, free)


def _alike(ours: Any, octave: Any) -> bool:
    """Whether two arrays hold nearly the same, whatever their class."""
    if ours.size == octave.size == 0:
        return True  # what shapes they may have is for the judge
    if ours.ndim <= 1 and ours.size == octave.size == max(octave.shape):
        ours = ours.reshape(octave.shape)
    if ours.shape != octave.shape:
        return False
    differing = ours != octave
    if not differing.any():
        return True
    ours, theirs, least = ours[differing], octave[differing], CLOSE * largest(octave)
    return all(  # of many, a few may tell
        np.allclose(ours[part], theirs[part], rtol=CLOSE, atol=least, equal_nan=True)
        for part in (slice(BLOCK), slice(BLOCK, None))
    )


def _vector(value: Any) -> Any:
    return value.vector if isinstance(value, Row) else value


def _has_vector(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_vector, value.values()))
    value = _vector(value)
    return isinstance(value, np.ndarray) and 1 < value.size == max(value.shape)


def _has_column(case: Case) -> bool:
    return any(isinstance(one, np.ndarray) and one.ndim == 2 for one in case.args)


def _is_whole(value: Any) -> bool:
    value = _vector(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray, np.number)):
        return False
    numbers = np.asarray(value)
    return numbers.dtype.kind in "iuf" and all(
        bool(np.all(block == np.rint(block))) for _, (block,) in blocks(numbers)
    )


def _is_whole_float(value: Any) -> bool:
    return isinstance(value, float) and _is_whole(value)
