"""Hypothesis strategies for the arguments of a pair, after the profiles of its cases.

An example is a few inputs with the same sizes and plants, for to draw these takes longer than to
draw numbers. May import `profiles`, `decoding`, `plants` and `places`.
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

INPUTS = 32
"""Inputs of one example at most."""

LARGEST, LARGER = 8, 20
"""A size that is drawn is at most the first; if no case has so small a one, the second."""

ROOM = 4000
"""Bytes of an example at most: Hypothesis has room for twice as many."""

MANY = 2000
"""A case with more elements than this lends its numbers to no input."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Input:
    """The arguments of a call, and the case after which it is made."""

    args: tuple[Any, ...]
    like: str


@dataclass(frozen=True)
class _Plant:
    place: int
    which: int
    at: int


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
    profile = profiles[draw(_upto(len(profiles) - 1))]
    maker = _Maker(profile, draw)
    return [maker.input() for _ in range(1 + draw(_upto(maker.most - 1)))]


class _Maker:
    """Makes inputs that have drawn sizes and plants in common; `most` of them at once."""

    def __init__(self, profile: Profile, draw: Draw) -> None:
        self._profile = profile
        self._draw = draw
        self._number = draw(_upto(len(profile.cases) - 1))
        self._name = list(profile.cases)[self._number]
        self._case: Case = profile.cases[self._name]
        self._own = {place.path: value for place, value in places(self._case.args)}
        self._is_small = sum(map(_size, self._own.values())) <= MANY
        self._keeps_values = bool(draw(_upto(3)) == 3 and self._is_small)
        self._sizes = self._drawn_sizes()
        self._plants = self._drawn_plants(least=1 if self._keeps_values else 0)
        drawn = [one for one in profile.places if one.is_number]
        self._shapes = {place.path: self._shape(place) for place in drawn}
        self._total = sum(_parts(one) * math.prod(self._shapes[one.path]) for one in drawn)
        count = min(self._total, ROOM)
        self._bytes = st.binary(min_size=count, max_size=count)
        self.most = max(1, min(INPUTS, ROOM // max(1, count)))

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

    def _drawn_plants(self, least: int) -> list[_Plant]:
        open_places = [i for i, one in enumerate(self._profile.places) if number_of_changes(one)]
        count = least + self._draw(_upto(3 - least)) if open_places else 0
        found = []
        for _ in range((0, 1, 1, 2)[count]):
            place = open_places[self._draw(_upto(len(open_places) - 1))]
            which = self._draw(_upto(number_of_changes(self._profile.places[place]) - 1))
            found.append(_Plant(place, which, self._draw(_upto(12))))
        return found

    def input(self) -> Input:
        """Make an input; its numbers are drawn."""
        drawn = np.resize(np.frombuffer(self._draw(self._bytes), np.uint8), self._total)
        values: dict[Path, Any] = {}
        at = 0
        for place in self._profile.places:
            if place.form is Form.TEXT:
                values[place.path] = self._text(place)
            elif place.is_number and not self._keeps_values:
                values[place.path], at = self._numbers(place, drawn, at)
            else:
                values[place.path] = copy.deepcopy(self._own[place.path])
        for plant in self._plants:
            place = self._profile.places[plant.place]
            values[place.path] = planted(place, values[place.path], plant.which, plant.at)
        return Input(replaced(self._case.args, values), self._name)

    def _shape(self, place: Place) -> tuple[int, ...]:
        return tuple(self._sizes[place.path, axis] for axis in range(place.axes))

    def _text(self, place: Place) -> str:
        seen = self._profile.texts[place.path]
        return seen[self._draw(_upto(len(seen) - 1))] if len(seen) > 1 else seen[0]

    def _numbers(self, place: Place, drawn: np.ndarray[Any, Any], at: int) -> tuple[Any, int]:
        """Return what stands at a place, and where the bytes of the next begin."""
        values, shape = self._profile.values[place.path], self._shapes[place.path]
        count, parts = math.prod(shape), _parts(place)
        if place.form is Form.SCALAR and place.path in self._sizes:
            return self._sizes[place.path], at + count
        low, high = values.ranges[self._number]
        if values.bound is not None and values.bound in self._sizes:
            high = max(low, float(self._sizes[values.bound]))
        found = [
            shaped(
                decoded(drawn[at + k * count : at + (k + 1) * count], values, low, high),
                shape,
                values,
                "float64" if parts == 2 else place.kind,
            )
            for k in range(parts)
        ]
        array = found[0] + 1j * found[1] if parts == 2 else found[0]
        whole = type(self._own[place.path]) is int
        return formed(place, np.asarray(array, dtype=place.kind), whole), at + parts * count
