"""What the port returned, taken apart: a tuple, or what has Octave's outputs by name.

May import `values`, `pairs` and `port_modules`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from types import CoroutineType, GeneratorType
from typing import Any

import numpy as np

from lockstep.model.values import is_sparse
from lockstep.project.m_files import spelling
from lockstep.project.pairs import Pair
from lockstep.sides.port_modules import PortError

MISSING = object()
"""Stands for an output that the port does not return."""


def split(
    result: Any,
    pair: Pair,
    octave: Sequence[Any],
    declared: Sequence[str | int | None] | None = None,
    complete: bool = False,
) -> list[Any]:
    """Split what the port returned into as many outputs as Octave gave.

    Parameters
    ----------
    result : Any
        A tuple or list of all outputs; a dict, named tuple or object that has them by name; or an
        array, a number or a text: that is the first output alone, as a call of Octave may ask for;
        so is a list where Octave's first output is a cell.
    pair : Pair
        Names the outputs of the twin.
    octave : sequence
        Octave's outputs.
    declared : sequence, optional
        Names or places of the outputs in the result.
    complete : bool
        Whether all outputs are asked for: then the first alone is too few.

    Raises
    ------
    PortError
        If the port returned too few, or what cannot be compared.
    """
    count = len(octave)
    _refuse_unfinished(result)
    if declared is not None:
        places = [*declared, *[None] * count][:count]
        return [MISSING if place is None else _taken(result, place, pair) for place in places]
    names = [name for name in pair.output_names if name != "varargout"]
    of_struct = count == 1 and isinstance(octave[0], Mapping)
    if names and not isinstance(result, (tuple, list)) and not of_struct:
        found = [_by_name(result, name) for name in names[:count]]
        if len(found) == count and all(one is not MISSING for one in found):
            return found
    expected = max(len(pair.output_names), count)
    if isinstance(result, list) and len(result) == expected > 1:
        is_first = _is_cell(result, octave) or _is_vector(result, octave)
        result = result if is_first else tuple(result)
    if expected <= 1 or (count <= 1 and not isinstance(result, tuple)):
        return [result][:count]
    if result is None:
        return [None] * count
    if not complete and is_but_the_first(result, octave):
        return [result, *[MISSING] * (count - 1)]
    if not isinstance(result, tuple):
        raise PortError(
            f"{pair.name} declares {expected} outputs in Octave; the port must return them as a "
            f"tuple, not as one {type(result).__name__}; where it has them by name, say which: "
            f"outputs = [{', '.join(map(repr, names)) or '...'}]"
        )
    if len(result) < count:
        raise PortError(
            f"Octave gave {count} outputs, the port returned {len(result)}; where it has no more, "
            f"ask Octave for these: Case(..., nargout={len(result)})"
        )
    return list(result[:count])


def is_first_alone(result: Any) -> bool:
    """Whether a port returned one value, which can be but the first of several outputs."""
    single = (np.ndarray, np.generic, bool, int, float, complex, str)
    return isinstance(result, single) or is_sparse(result)


def is_but_the_first(result: Any, octave: Sequence[Any]) -> bool:
    """Whether a port returned the first of several outputs of Octave, and no other."""
    return (is_first_alone(result) and not _holds_all(result, octave)) or _is_cell(result, octave)


def _is_cell(result: Any, octave: Sequence[Any]) -> bool:
    """Whether a list is Octave's first output, a cell, and not a list of all outputs."""
    if not isinstance(result, list) or len(octave) < 2:
        return False
    first = octave[0]
    if not (isinstance(first, np.ndarray) and first.dtype == object):
        return False
    may_hold_all = len(result) == len(octave) and isinstance(result[0], (list, tuple, np.ndarray))
    return not (may_hold_all and _is_nested(result[0]))


def _is_vector(result: list[Any], octave: Sequence[Any]) -> bool:
    """Whether a list has as many elements as the vector that is all that Octave gives."""
    return len(octave) == 1 and np.size(octave[0]) == len(result) == np.size(result)


def _is_nested(value: Any) -> bool:
    """Whether a value can be a cell itself."""
    return isinstance(value, (list, tuple)) or value.dtype == object


def _holds_all(result: Any, octave: Sequence[Any]) -> bool:
    """Whether an array may hold all outputs: as many rows or elements, and not like the first."""
    if not isinstance(result, np.ndarray) or not result.ndim:
        return False
    return len(result) == len(octave) and np.size(octave[0]) != result.size


def _refuse_unfinished(result: Any) -> None:
    """Raise an error where there is nothing in a result yet, or no order, that can be compared."""
    kind = type(result).__name__
    if isinstance(result, CoroutineType):
        result.close()  # or Python warns that nobody waited for it
        raise PortError("the port is `async` and returned a coroutine: await it in a function")
    if isinstance(result, (GeneratorType, map, filter, zip)):
        raise PortError(f"the port returned a {kind}, of which nothing is computed: make it a list")
    if isinstance(result, (set, frozenset)):
        raise PortError(f"the port returned a {kind}, which has no order: make it a list")


def _by_name(result: Any, name: str) -> Any:
    """Return what a result has under a name, whatever its case and underscores."""
    for key, value in members(result).items():
        if spelling(str(key)) == spelling(name):
            return value
    return MISSING


def members(result: Any) -> Mapping[Any, Any]:
    """Return what a result has by name: a dict's items, an object's fields."""
    if isinstance(result, Mapping):
        return result
    if hasattr(result, "_asdict"):
        return dict(result._asdict())
    if getattr(getattr(result, "dtype", None), "names", None) and result.size == 1:
        (record,) = result.ravel()
        return {name: record[name] for name in result.dtype.names}
    if isinstance(result, (np.ndarray, np.generic, str, int, float, complex, list, tuple)):
        return {}
    if is_dataclass(result) or hasattr(result, "__dict__"):
        return {key: value for key, value in vars(result).items() if key[0] != "_"}
    slots = getattr(type(result), "__slots__", ())
    return {name: getattr(result, name) for name in slots if hasattr(result, name)}


def as_struct(value: Any, octave: Any) -> Any:
    """Return an object that stands for a struct of Octave's as a dict, and all else as it is."""
    if not isinstance(octave, Mapping):
        return value
    fields = members(value)
    if not fields:
        return value
    return {name: as_struct(one, octave.get(name)) for name, one in fields.items()}


def _taken(result: Any, place: str | int, pair: Pair) -> Any:
    """Take one output out of a result, by its key, attribute or place."""
    found = result
    for part in [place] if isinstance(place, int) else place.split("."):
        try:
            if isinstance(part, int):
                found = found if part == 0 and not isinstance(found, (tuple, list)) else found[part]
            elif isinstance(found, Mapping):
                found = found[part]
            else:
                found = getattr(found, part)
        except (KeyError, AttributeError, IndexError, TypeError):
            has = ", ".join(map(str, members(found))) or f"a {type(found).__name__}"
            raise PortError(
                f"`outputs` of {pair.name} names {place!r}, which the port did not return: {has}"
            ) from None
    return found
