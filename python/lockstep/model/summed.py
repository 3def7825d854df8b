"""What a side bound, block by block: sums in the place of the values, however long it runs.

The values that a place binds are numbered from 0, and each `size` of them are a block. Of a block
there are two sums: of its values, each with a weight of its own, so that their order counts; and of
their sizes, which says how exact the first one is. May import `execution`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lockstep.model.execution import Source

SIZE = 1000
"""Values of a block."""

EXACT = 1e-12
"""How near two sums are, as a part of the sum of sizes, that may differ by rounding alone."""


@dataclass
class Blocks:
    """The sums of one side.

    Attributes
    ----------
    size : int
        Values of a block; the last block of a place has what is left.
    sums : dict
        Of each place, by the number of its site: the two sums of each block.
    times : dict
        Of each place: how many values all places had bound when each block ended. It is empty
        where that was not counted.
    source : Source
        What the places are in.
    """

    size: int
    sums: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    times: dict[int, list[int]] = field(default_factory=dict)
    source: Source = field(default_factory=Source)


@dataclass(frozen=True)
class Window:
    """A part of a run, by the values that one place binds.

    Attributes
    ----------
    site : int
        Of the place.
    first, last : int
        The values before which it begins and ends, numbered from 0.
    """

    site: int
    first: int
    last: int


@dataclass(frozen=True)
class Difference:
    """The first block in which two sides differ.

    Attributes
    ----------
    octave, port : int
        Sites of the place on both sides.
    block : int
        Its number, from 0.
    size : int
        Values of a block.
    """

    octave: int
    port: int
    block: int
    size: int

    def windows(self) -> tuple[Window, Window]:
        """Return the block and its neighbours, for Octave and for the port."""
        first, last = max(0, self.block - 1) * self.size, (self.block + 2) * self.size
        return Window(self.octave, first, last), Window(self.port, first, last)


def weights(size: int) -> np.ndarray[Any, Any]:
    """Return the weights of the values of a block (mfiles/lockstep_blocks_.m has the same)."""
    return np.asarray(np.sin(np.arange(1, size + 1) * 1.2345 + 0.5))


def first_difference(
    octave: Blocks, port: Blocks, names: Mapping[int, Sequence[int]]
) -> Difference | None:
    """Find the first block that differs by more than rounding; None for none.

    Parameters
    ----------
    octave, port : Blocks
        Both sides, in blocks of one size.
    names : mapping
        Of each place of the port: those of Octave that bind a variable of its name.

    Notes
    -----
    Places correspond whose first blocks agree; else those that bind a variable of one name. What
    corresponds to none is not compared. Of the places that differ, that is taken which agrees at
    first, and whose block ends first.
    """
    found: list[tuple[tuple[bool, int], Difference]] = []
    for own, sums in port.sums.items():
        others = {other: _agreeing(sums, octave.sums[other]) for other in octave.sums}
        most = max(others.values(), default=0)
        alike = [other for other, blocks in others.items() if blocks == most > 0]
        if not alike and names.get(own):
            alike = [other for other in names[own] if other in octave.sums]
        if not alike or not any(size for _, size in sums):
            continue
        best = next((one for one in alike if one in names.get(own, ())), alike[0])
        if most < max(len(sums), len(octave.sums[best])):
            time = port.times[own][min(most, len(sums) - 1)]
            found.append(((most == 0, time), Difference(best, own, most, port.size)))
    return min(found, key=lambda one: one[0])[1] if found else None


def _agreeing(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> int:
    """Return how many blocks agree before the first that does not."""
    for number, ((sum_one, size_one), (sum_other, size_other)) in enumerate(
        zip(one, other, strict=False)
    ):
        size = max(size_one, size_other)
        if abs(sum_one - sum_other) > EXACT * size or abs(size_one - size_other) > EXACT * size:
            return number
    return min(len(one), len(other))


def part_text(part: Window | int | None, source: Source) -> str:
    """Say which part of a run was recorded; empty where all of it was."""
    if not isinstance(part, Window):
        return ""
    line = source.statements[source.sites[part.site].statement].span.line
    return (
        f"only what happened from value {part.first + 1:,} to value {part.last:,} of line {line} "
        "was recorded"
    )
