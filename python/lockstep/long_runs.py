"""What is recorded of a case that disagrees: all, or the part in which both sides first differ.

Of a case that is too long to be recorded whole each side sums up what it binds, block by block; the
first block that differs by more than rounding is recorded whole in a second run, with its
neighbours. May import `runner` and all before it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lockstep.explain.answers import SECONDS
from lockstep.explain.match import spell
from lockstep.model.execution import Execution, Kind, Source
from lockstep.model.summed import SIZE, Difference, first_difference, part_text
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.sides.port import PortReply
from lockstep.sides.port_execution import ObservedPort

REPLAYS = 20
"""How often a long port can be run again to prove a fault, for as long as it took itself."""

BEGINNING = "only the beginning was looked at"


@dataclass(frozen=True)
class Looked:
    """What was recorded of a case.

    Attributes
    ----------
    octave, port : Execution
        Both sides.
    reply : PortReply or Exception
        What the port gave.
    note : str
        What was looked at and what was not; empty where all was.
    seconds : float
        How long the port computed, where only a part of it was recorded.
    """

    octave: Execution
    port: Execution
    reply: PortReply | Exception
    note: str = ""
    seconds: float = 0.0

    @property
    def for_replays(self) -> float:
        """Seconds in which the port can be run so often that a fault is proved."""
        return max(SECONDS, REPLAYS * self.seconds)


def looked_at(
    runner: Runner, pair: Pair, observed: ObservedPort, case: Case, size: int | None = None
) -> Looked:
    """Record a case that disagrees; of one that is too long the part in which it first does so.

    From then on `observed` records that part of each run only.

    Parameters
    ----------
    runner, pair, observed, case : Runner, Pair, ObservedPort, Case
        What is to be recorded.
    size : int, optional
        Values of a block; `SIZE` by default.
    """
    port, reply = observed.run(case, stops=True)
    if port.ends_early:
        found = _part(runner, pair, observed, case, SIZE if size is None else size)
        if isinstance(found, Looked):
            return found
        return beginning(runner, pair, observed, case, f"{BEGINNING}: {found}")
    octave = runner.oracle.trace(pair, case)
    if octave.ends_early:
        found = _part(runner, pair, observed, case, SIZE if size is None else size)
        return found if isinstance(found, Looked) else Looked(octave, port, reply, found)
    return Looked(octave, port, reply)


def beginning(
    runner: Runner, pair: Pair, observed: ObservedPort, case: Case, note: str = ""
) -> Looked:
    """Record a case as far as it is recorded from its beginning."""
    octave = runner.oracle.trace(pair, case)
    return Looked(octave, *observed.run(case), note)


def _part(
    runner: Runner, pair: Pair, observed: ObservedPort, case: Case, size: int
) -> Looked | str:
    """Record the part of a case in which both sides first differ, or say why there is none."""
    try:
        runner.begin_explanation(case, "it is too long to be recorded: summing up what it binds")
        octave, port = runner.oracle.summed(pair, case, size), observed.summed(case, size)
        names = _namesakes(octave.source, port.source, runner.names(pair))
        found = first_difference(octave, port, names)
        if found is None:
            return f"no block of {size:,} values of one statement was found to differ"
        windows = found.windows()
        runner.begin_explanation(case, "recording the part in which both sides first differ")
        there = runner.oracle.trace_part(pair, case, windows[0])
    except OctaveTraceError as error:
        return str(error)
    observed.keep(windows[1])
    start = time.process_time()
    here, reply = observed.run(case)
    seconds = time.process_time() - start
    runner.begin_explanation(case, "looking for the fault in that part")
    recorded = zip(windows, (there, here), strict=True)
    is_whole = all(one.cut == part_text(window, one.source) for window, one in recorded)
    return Looked(there, here, reply, _note(found, octave.source, port.source, is_whole), seconds)


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
