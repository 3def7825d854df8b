"""A case that is too long to be recorded whole: the part in which both sides first differ.

Each side sums up what it binds, block by block; the first block that differs by more than rounding
is recorded whole in a second run, with its neighbours. May import `runner` and all before it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lockstep.explain.explainer import SECONDS
from lockstep.explain.match import spell
from lockstep.model.execution import Execution, Kind, Source
from lockstep.model.summed import SIZE, Difference, first_difference, part_text
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.sides.port_execution import ObservedPort

REPLAYS = 20
"""How often a long port can be run again to prove a fault, for as long as it took itself."""


@dataclass(frozen=True)
class Part:
    """What was recorded of a long case.

    Attributes
    ----------
    octave, port : Execution
        Both sides: the part that differs where there is one, else the beginning.
    note : str
        What was looked at and what was not.
    seconds : float
        How long the port ran.
    """

    octave: Execution
    port: Execution
    note: str
    seconds: float = 0.0

    @property
    def for_replays(self) -> float:
        """Seconds in which the port can be run so often that a fault is proved."""
        return max(SECONDS, REPLAYS * self.seconds)


def part_that_differs(
    runner: Runner,
    pair: Pair,
    observed: ObservedPort,
    case: Case,
    beginning: tuple[Execution, Execution],
    size: int | None = None,
) -> Part:
    """Record the part of a case in which both sides first differ.

    From then on `observed` records that part of each run only.

    Parameters
    ----------
    runner, pair, observed, case : Runner, Pair, ObservedPort, Case
        What is too long.
    beginning : tuple of Execution
        What was recorded of it: Octave's and the port's.
    size : int, optional
        Values of a block; `SIZE` by default.
    """
    octave, port = beginning
    size = SIZE if size is None else size
    try:
        sums = runner.oracle.summed(pair, case, size), observed.summed(case, size)
        names = _namesakes(octave.source, port.source, runner.names(pair))
        found = first_difference(*sums, names)
        if found is None:
            note = f"no block of {size:,} values of one statement was found to differ"
            return Part(octave, port, f"{note}: only the beginning was looked at")
        windows = found.windows()
        there = runner.oracle.trace_part(pair, case, windows[0])
    except OctaveTraceError as error:
        return Part(octave, port, f"only the beginning was looked at: {error}")
    observed.keep(windows[1])
    start = time.monotonic()
    here, _ = observed.run(case)
    seconds = time.monotonic() - start
    recorded = zip(windows, (there, here), strict=True)
    is_whole = all(one.cut == part_text(window, one.source) for window, one in recorded)
    return Part(there, here, _note(found, octave.source, port.source, is_whole), seconds)


def _note(found: Difference, octave: Source, port: Source, is_whole: bool) -> str:
    looked_at = "that block and those beside it were looked at"
    if not is_whole:
        looked_at = "only the beginning of that block and those beside it was looked at"
    lines = [
        source.statements[source.sites[site].statement].span.line
        for source, site in ((octave, found.octave), (port, found.port))
    ]
    first, last = found.block * found.size, (found.block + 1) * found.size
    same = (
        f"the same up to value {first:,} and other values from there" if first else "other values"
    )
    return (
        f"by sums of blocks of {found.size:,}, line {lines[0]} of Octave and line {lines[1]} of "
        f"the port give {same} up to value {last:,}: {looked_at}, and nothing else was"
    )


def _namesakes(
    octave: Source, port: Source, names: Mapping[str, str]
) -> Mapping[int, Sequence[int]]:
    """Say which bindings of Octave are to a variable of the same name, by site of the port."""
    found: dict[int, list[int]] = {}
    own = {spell(ours): spell(theirs) for theirs, ours in names.items()}
    for site in port.sites:
        name = own.get(spell(site.name), spell(site.name))
        if site.kind is Kind.BINDING:
            found[site.number] = [
                other.number
                for other in octave.sites
                if other.kind is Kind.BINDING and spell(other.name) == name
            ]
    return found
