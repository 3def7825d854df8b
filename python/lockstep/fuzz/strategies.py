"""Hypothesis strategies for the arguments of a pair, after the profiles of its cases.

An example is a few inputs with the same sizes and plants, for to draw these takes longer than to
draw numbers. May import `profiles`, `decoding`, `plants` and `places`.
"""

import copy
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from lockstep.fuzz.decoding import decoded, shaped
from lockstep.fuzz.places import Form, Path, Place, elements, places, replaced
from lockstep.fuzz.plants import formed, number_of_changes, planted
from lockstep.fuzz.profiles import Profile
from lockstep.project.cases import Case

INPUTS = 16
"""Inputs of one example at most."""

LARGEST = 8
"""A size that is drawn is at most this, or the least of the cases where that is more."""

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


def inputs(profiles: Sequence[Profile]) -> st.SearchStrategy[list[Input]]:
    """Return a strategy for lists of inputs, each after one of the profiles."""
    return st.builds(lambda found: found, _examples(list(profiles)))


@st.composite
def _examples(draw: Draw, profiles: list[Profile]) -> list[Input]:
    profile = profiles[draw(st.integers(0, len(profiles) - 1))]
    maker = _Maker(profile, draw)
    return [maker.input() for _ in range(draw(st.integers(1, INPUTS)))]


class _Maker:
    """Makes inputs that have drawn sizes and plants in common."""

    def __init__(self, profile: Profile, draw: Draw) -> None:
        self._profile = profile
        self._draw = draw
        self._number = draw(st.integers(0, len(profile.cases) - 1))
        self._name = list(profile.cases)[self._number]
        self._case: Case = profile.cases[self._name]
        self._own = {place.path: value for place, value in places(self._case.args)}
        small = sum(np.size(elements(value)) for value in self._own.values()) <= MANY
        mode = draw(st.integers(0, 3)) if small else 0
        self._keeps_sizes = mode >= 2
        self._keeps_values = mode == 3
        self._sizes = self._own_sizes() if self._keeps_sizes else self._drawn_sizes()
        self._plants = self._drawn_plants(least=1 if self._keeps_values else 0)

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
        chosen = {}
        for key in self._profile.sizes.free:
            low, high = self._profile.seen[key]
            top = max(1, low, min(high + 2, LARGEST))
            drawn = self._draw(st.integers(0, 2 * top))
            chosen[key] = drawn if drawn <= top else drawn - top
        return self._profile.sizes.completed(chosen)

    def _drawn_plants(self, least: int) -> list[_Plant]:
        open_places = [i for i, one in enumerate(self._profile.places) if number_of_changes(one)]
        count = self._draw(st.integers(least, 3)) if open_places else 0
        found = []
        for _ in range((0, 1, 1, 2)[count]):
            place = open_places[self._draw(st.integers(0, len(open_places) - 1))]
            which = self._draw(
                st.integers(0, number_of_changes(self._profile.places[place]) - 1)
            )
            found.append(_Plant(place, which, self._draw(st.integers(0, 12))))
        return found

    def input(self) -> Input:
        """Make an input; its numbers are drawn."""
        shapes = {
            place.path: self._shape(place) for place in self._profile.places if place.is_number
        }
        total = sum(
            int(np.prod(shape)) * (2 if place.kind.startswith("complex") else 1)
            for place in self._profile.places
            if place.is_number
            for shape in [shapes[place.path]]
        )
        drawn = np.frombuffer(
            self._draw(st.binary(min_size=total, max_size=total)) if not self._keeps_values else b"",
            np.uint8,
        )
        values: dict[Path, Any] = {}
        at = 0
        for place in self._profile.places:
            if place.form is Form.TEXT:
                values[place.path] = self._text(place)
            elif place.is_number and not self._keeps_values:
                values[place.path], at = self._numbers(place, shapes[place.path], drawn, at)
            else:
                values[place.path] = copy.deepcopy(self._own[place.path])
        for plant in self._plants:
            place = self._profile.places[plant.place]
            values[place.path] = planted(place, values[place.path], plant.which, plant.at)
        return Input(replaced(self._case.args, values), self._name)

    def _shape(self, place: Place) -> tuple[int, ...]:
        axes = {Form.SCALAR: 0, Form.ROW: 1, Form.COLUMN: 1}.get(place.form, 2)
        return tuple(self._sizes[place.path, axis] for axis in range(axes))

    def _text(self, place: Place) -> str:
        seen = self._profile.texts[place.path]
        return seen[self._draw(st.integers(0, len(seen) - 1))] if len(seen) > 1 else seen[0]

    def _numbers(
        self, place: Place, shape: tuple[int, ...], drawn: np.ndarray[Any, Any], at: int
    ) -> tuple[Any, int]:
        """Return what stands at a place, and where the bytes of the next begin."""
        values = self._profile.values[place.path]
        count = int(np.prod(shape))
        if place.form is Form.SCALAR and place.path in self._sizes:
            return self._sizes[place.path], at + count
        low, high = values.ranges[self._number]
        if values.bound is not None and values.bound in self._sizes:
            high = max(low, float(self._sizes[values.bound]))
        parts = 2 if place.kind.startswith("complex") else 1
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
        return formed(place, np.asarray(array, dtype=place.kind)), at + parts * count


def sizes_of(sizes: Mapping[Hashable, int]) -> str:
    """Write sizes, for a message."""
    return ", ".join(f"{key}: {size}" for key, size in sizes.items())
