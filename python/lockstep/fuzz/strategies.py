"""Hypothesis strategies for the arguments of a pair, after the profiles of its cases.

An example is many inputs with the same sizes, for to draw these takes longer than to draw bytes,
of which their numbers are made, and what is planted in each. May import `profiles`, `decoding`,
`plants` and `places`.
"""

import copy
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from lockstep.fuzz.decoding import decoded, shaped
from lockstep.fuzz.places import Form, Path, Place, elements, places, replaced
from lockstep.fuzz.plants import formed, number_of_changes, planted
from lockstep.fuzz.profiles import Profile
from lockstep.project.cases import Case

INPUTS = 64
"""Inputs of one example at most."""

LARGEST, LARGER = 8, 20
"""A size that is drawn is at most the first; if no case has so small a one, the second."""

DRAWN = 12
"""Elements of an array that are drawn; the bytes of the others are those again, which only makes
the same numbers of simple ones. To draw bytes is what takes time."""

MANY = 2000
"""A case with more elements than this lends its numbers to no input."""

PLANTS = 2
"""Things that are planted in an input at most."""

PLANT_BYTES = 3
"""Bytes that say what is planted: where, what, and in which element."""

NOTHING = 176
"""Below this, the first of them plants nothing."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Input:
    """The arguments of a call, and the case after which it is made."""

    args: tuple[Any, ...]
    like: str


@cache
def _upto(most: int) -> st.SearchStrategy[int]:
    """Return a strategy for whole numbers from 0; to make it takes as long as to draw."""
    return st.integers(0, most)


def _size(value: Any) -> int:
    array = elements(value)
    return 1 if array is None else array.size


def _parts(place: Place) -> int:
    """Return how many bytes an element takes."""
    return 2 if place.kind.startswith("complex") else 1


def inputs(profiles: Sequence[Profile]) -> st.SearchStrategy[list[Input]]:
    """Return a strategy for lists of inputs, each after one of the profiles."""
    return st.builds(lambda found: found, _examples(list(profiles)))


@st.composite
def _examples(draw: Draw, profiles: list[Profile]) -> list[Input]:
    alike = [(profile, i) for profile in profiles for i in range(len(profile.cases))]
    return _Maker(*alike[draw(_upto(len(alike) - 1))], draw).inputs()


class _Maker:
    """Makes inputs that have drawn sizes in common."""

    def __init__(self, profile: Profile, number: int, draw: Draw) -> None:
        self._profile = profile
        self._draw = draw
        self._number = number
        self._name = list(profile.cases)[self._number]
        self._case: Case = profile.cases[self._name]
        self._own = {place.path: value for place, value in places(self._case.args)}
        self._is_small = sum(map(_size, self._own.values())) <= MANY
        self._keeps_values = bool(draw(_upto(3)) == 3 and self._is_small)
        self._sizes = self._drawn_sizes()
        self._open = [one for one in profile.places if number_of_changes(one)]
        self._numbers = [one for one in profile.places if one.is_number]
        self._texts = [one for one in profile.places if one.form is Form.TEXT]
        self._shapes = {place.path: self._shape(place) for place in self._numbers}
        total = PLANTS * PLANT_BYTES + sum(map(self._wide, self._numbers))
        self._bytes = st.binary(min_size=total, max_size=total)

    def _own_sizes(self) -> dict[Hashable, int]:
        found: dict[Hashable, int] = {}
        for path, value in self._own.items():
            array = elements(value)
            if array is None:
                continue
            found |= {(path, axis): size for axis, size in enumerate(array.shape)}
            if array.ndim == 0 and path in self._profile.seen:
                found[path] = int(array.real)
        return found

    def _drawn_sizes(self) -> dict[Hashable, int]:
        """Draw the sizes that are free: half of them are those of the case."""
        own = self._own_sizes()
        chosen = {}
        for key in self._profile.sizes.free:
            low, high = self._profile.seen[key]
            top = max(1, min(high + 2, max(LARGEST, min(low + 2, LARGER))))
            drawn = self._draw(_upto(4 * top))
            if drawn <= top:
                chosen[key] = drawn
            else:
                chosen[key] = own[key] if drawn > 2 * top and self._is_small else 1 + drawn % top
        return {**own, **self._profile.sizes.completed(chosen)}

    def inputs(self) -> list[Input]:
        """Draw the bytes of some inputs, and make these."""
        count = 1 + self._draw(_upto(INPUTS - 1))
        texts, lines = [], []
        for _ in range(count):
            lines.append(np.frombuffer(self._draw(self._bytes), np.uint8))
            texts.append({one.path: self._text(one) for one in self._texts})
        drawn = np.stack(lines)
        columns: dict[Path, Sequence[Any]] = {}
        at = PLANTS * PLANT_BYTES
        plants = drawn[:, :at].reshape(count, PLANTS, PLANT_BYTES).tolist()
        for place in self._numbers:
            wide = self._wide(place)
            columns[place.path] = self._column(place, drawn[:, at : at + wide])
            at += wide
        return [
            self._input({**{path: one[k] for path, one in columns.items()}, **texts[k]}, plants[k])
            for k in range(count)
        ]

    def _wide(self, place: Place) -> int:
        """Return how many bytes are drawn for a place."""
        return _parts(place) * min(DRAWN, math.prod(self._shapes[place.path]))

    def _input(self, values: dict[Path, Any], plants: Sequence[Sequence[int]]) -> Input:
        for where, which, at in plants:
            if self._open and where >= NOTHING:
                place = self._open[where % len(self._open)]
                which %= number_of_changes(place)
                values[place.path] = planted(place, values[place.path], which, at)
        return Input(replaced(self._case.args, values), self._name)

    def _shape(self, place: Place) -> tuple[int, ...]:
        return tuple(self._sizes[place.path, axis] for axis in range(place.axes))

    def _text(self, place: Place) -> str:
        seen = self._profile.texts[place.path]
        return seen[self._draw(_upto(len(seen) - 1))] if len(seen) > 1 else seen[0]

    def _column(self, place: Place, drawn: np.ndarray[Any, Any]) -> list[Any]:
        """Return what stands at a place in each of the inputs."""
        own, shape = self._own[place.path], self._shapes[place.path]
        if self._keeps_values:
            return [copy.deepcopy(own) for _ in drawn]
        if place.form is Form.SCALAR and place.path in self._sizes:
            return [self._sizes[place.path]] * len(drawn)
        values = self._profile.values[place.path]
        low, high = values.ranges[self._number]
        if values.bound is not None and values.bound in self._sizes:
            high = max(low, float(self._sizes[values.bound]))
        count, parts = math.prod(shape), _parts(place)
        width = drawn.shape[1] // parts
        where = np.resize(np.arange(width), count)
        found = [decoded(drawn[:, where + k * width], values, low, high) for k in range(parts)]
        if parts == 2:
            numbers = [np.reshape(one, shape) for one in found[0] + 1j * found[1]]
        else:
            numbers = [shaped(one, shape, values, place.kind) for one in found[0]]
        whole = type(own) is int
        return [formed(place, np.asarray(one, dtype=place.kind), whole) for one in numbers]
