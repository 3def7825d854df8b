"""Two traces in, what each statement did on both sides out.

The statements of the two sources are matched first (`alignment`); then the executions of matched
statements are walked side by side, in order, and each value gets a verdict as an output does: the
port is traced again with its numbers nudged, and how far each value moves is its rounding floor.
May import all folders before it in the line of `lockstep/__init__.py`.
"""

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from lockstep.compare.leaves import Leaf, leaves
from lockstep.compare.verdict import (
    MARGIN,
    NUDGED_RUNS,
    LeafResult,
    Verdict,
    judge_leaf,
    leaf_distance,
    worst,
)
from lockstep.explain.alignment import Alignment, Slot, align, octave_slots, python_slots, spelling
from lockstep.explain.counterparts import Proposal, declared, laid_out, proposals
from lockstep.model.events import (
    ARGUMENTS_LINE,
    RETURNED,
    VALUE_BUDGET,
    Digest,
    Event,
    Moments,
    Step,
    Trace,
)
from lockstep.model.values import octave_class
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave import OctaveError, OctaveSession
from lockstep.sides.octave_trace import OctaveTracer, local_functions
from lockstep.sides.port import Port, PortError
from lockstep.sides.port_trace import PortOutcome, PortTracer
from lockstep.sides.results import split
from lockstep.sources.m_source import Statement, index_names
from lockstep.sources.port_source import PortSource, statements


class Kind(StrEnum):
    """What a row of a trace is about."""

    VALUE = "value"
    BRANCH = "branch"
    JUMP = "jump"
    RETURNED = "returned"


CLOSE = 10.0
"""How many times the margin a difference may be for the floor to be measured once more ..."""

MANY_RUNS = 4 * NUDGED_RUNS
"""... with so many nudged runs: a trace compares very many values, and a few move little by chance
in only `NUDGED_RUNS`."""

A_SAMPLE = " (a sample)"
"""Ends the name of a large value of which only some elements were compared."""

STEPS_AT_LEAST, STEPS_A_LINE = 1000, 20
"""A port is stopped after this many conditions and jumps, and so many for each line of Octave."""


@dataclass(frozen=True)
class Row:
    """One execution of one matched statement, on both sides.

    Attributes
    ----------
    kind : Kind
        A value that was bound, a condition, an error or break, or a value that was returned.
    octave_line, python_line : int
        Where; 0 for an argument.
    octave_name, python_name : str
        The variable; empty for a condition.
    verdict : Verdict
        Of this execution.
    leaves : list of LeafResult
        The comparison of the values.
    outcome : tuple of bool
        Of a condition: which way Octave went, which way the port went.
    count : int
        How often the statement was executed, with this one.
    shifted : bool
        Whether the value is an index: Octave's counts from 1, the port's from 0.
    octave_moment : int
        How many lines Octave had reached in this call.
    python_moment : int
        How much the port had recorded in all calls.
    """

    kind: Kind
    octave_line: int
    python_line: int
    octave_name: str
    python_name: str
    verdict: Verdict
    leaves: list[LeafResult] = field(default_factory=list)
    outcome: tuple[bool, bool] = (True, True)
    count: int = 1
    shifted: bool = False
    octave_moment: int = 0
    python_moment: int = 0

    @property
    def largest_ulps(self) -> float:
        """Largest difference in ulps of all leaves."""
        return max((leaf.largest_ulps for leaf in self.leaves), default=0.0)


@dataclass(frozen=True)
class Flow:
    """Where the two sides parted: after row number `row`, each went on to another statement.

    Attributes
    ----------
    row : int
        Number of rows before it.
    octave_line, python_line : int
        Where each side went; 0 where it ended.
    last_condition : int
        Line of the last condition that the port evaluated before; 0 if there is none.
    rounding : bool
        Whether the port parts from itself here too, when its numbers are nudged.
    octave_moment : int
        How many lines Octave had reached in this call.
    same_name : bool
        Whether both went on to bind the same variable, in statements that are not matched.
    python_moment : int
        How much the port had recorded in all calls.
    """

    row: int
    octave_line: int
    python_line: int
    last_condition: int
    rounding: bool
    octave_moment: int
    same_name: bool = False
    python_moment: int = sys.maxsize


@dataclass(frozen=True)
class FrameComparison:
    """Both sides of one call of one function.

    Attributes
    ----------
    function : str
        Pair.
    rows : list of Row
        In order of execution, as far as both sides went the same way.
    flow : Flow or None
        Where they parted.
    alignment : Alignment
        Which statements were matched.
    octave_statements : mapping
        Texts of Octave's statements by line.
    source : PortSource
        The port's.
    error : str
        What the port raised; empty where it did not.
    error_line : int
        Line of the function in which the port raised it; 0 where it did not.
    octave_error : str
        What Octave raised, if anything.
    proposals : list of Proposal
        Variables without a counterpart by name that hold the same numbers.
    octave_lines : mapping
        Lines that Octave reached: how many it had reached when it first came to each.
    python_lines : frozenset of int
        Lines of the port that bound something or were conditions.
    octave_items, python_items : Moments
        All that each side did in this call, matched or not, at the moments that the rows name.
    nudged_items : sequence of Moments
        The same of the port's runs with nudged numbers.
    caller : tuple of str and int
        File and line in which the port made the call.
    """

    function: str
    rows: list[Row]
    flow: Flow | None
    alignment: Alignment
    octave_statements: Mapping[int, Statement]
    source: PortSource
    error: str = ""
    error_line: int = 0
    octave_error: str = ""
    proposals: list[Proposal] = field(default_factory=list)
    octave_lines: Mapping[int, int] = field(default_factory=dict)
    python_lines: frozenset[int] = frozenset()
    octave_items: Moments = ()
    python_items: Moments = ()
    nudged_items: Sequence[Moments] = ()
    caller: tuple[str, int] = ("", 0)

    @property
    def wrong(self) -> list[Row]:
        """Rows whose two sides differ by more than rounding."""
        return [row for row in self.rows if not row.verdict.agrees]


@dataclass(frozen=True)
class TraceComparison:
    """Both sides of one case, statement by statement.

    Attributes
    ----------
    pair, case : str
        Names.
    frames : list of FrameComparison
        The calls, in order of entry.
    forced : bool
        Whether each statement of the port started from Octave's values.
    dropped : int
        Events that were beyond the limit.
    """

    pair: str
    case: str
    frames: list[FrameComparison]
    forced: bool = False
    dropped: int = 0


@dataclass(frozen=True)
class _Sources:
    """The sources of a pair: which statements match, the declared layouts, what may be indices."""

    alignment: Alignment
    texts: Mapping[int, Statement]
    port: PortSource
    layouts: Mapping[str, str]
    indices: frozenset[str]


class Tracer:
    """Traces pairs on both sides and compares.

    Parameters
    ----------
    session : OctaveSession
        A live Octave that knows the functions.
    port : Port
        The Python side.
    names : callable, optional
        Returns what the user declared of a pair's variables: the port's by Octave's.
    """

    def __init__(
        self,
        session: OctaveSession,
        port: Port,
        names: Callable[[Pair], Mapping[str, str]] = lambda pair: {},
    ) -> None:
        self._octave = OctaveTracer(session)
        self._port = PortTracer(port)
        self._names = names
        self._known: dict[str, _Sources] = {}

    def compare(
        self, pair: Pair, name: str, case: Case, also: Sequence[Pair] = (), forced: bool = False
    ) -> TraceComparison:
        """Trace a case on both sides and compare.

        Parameters
        ----------
        pair, name, case : Pair, str, Case
            What to trace.
        also : sequence of Pair
            Further pairs whose functions are followed.
        forced : bool
            Start each statement of the port from Octave's values.

        Raises
        ------
        SourceError, ProjectError
            If a side has no source to be traced.
        """
        also = [*also, *(one for owner in [pair, *also] for one in self._local_functions(owner))]
        octave, returned, octave_error = self._octave_trace(pair, case, also)
        limit = STEPS_AT_LEAST + STEPS_A_LINE * len(octave.items)
        names = tuple(other.name for other in also)
        values = self._forced_values(pair, case, also, octave, limit) if forced else None
        outcome = self._port.trace(pair, case, names, values, limit=limit)
        traced = [pair, *also]
        theirs, ours = self._unlike(traced, octave, outcome)
        if theirs or ours:
            octave, returned, octave_error = self._octave_trace(pair, case, also, theirs)
            outcome = self._port.trace(pair, case, names, values, limit=limit, whole=ours)
        same_way = values and {**values, **_outcomes(outcome.trace)}

        def frames(runs: int) -> list[FrameComparison]:
            while len(nudged) < runs:
                run = len(nudged)
                nudged.append(
                    self._port.trace(
                        pair, case, names, same_way, nudge=run, limit=limit, whole=ours
                    )
                )
            return self._frames(traced, octave, outcome, nudged, (returned, octave_error), case)

        nudged: list[PortOutcome] = []
        found = frames(NUDGED_RUNS)
        if any(map(_is_close, found)):
            found = frames(MANY_RUNS)
        return TraceComparison(
            pair.name, name, found, forced, octave.dropped + outcome.trace.dropped
        )

    def _frames(
        self,
        pairs: Sequence[Pair],
        octave: Trace,
        outcome: PortOutcome,
        nudged: Sequence[PortOutcome],
        ended: tuple[Sequence[Any], str],
        case: Case,
    ) -> list[FrameComparison]:
        """Compare the calls that both sides made; `ended` is what Octave gave, and its error."""
        returned, octave_error = ended
        by_name = {one.name: one for one in pairs}
        frames: list[FrameComparison] = []
        for number, function in _common_frames(octave, outcome.trace):
            if outcome.trace.moments(number)[0][0] > _adrift_from(frames):
                break
            one = by_name[function]
            of = returned if number == 1 else _last_outputs(one, octave.frame(number))
            frame = self._frame(one, number, octave, outcome, nudged, of, case)
            frames.append(replace(frame, octave_error=octave_error))
        return frames

    def _unlike(
        self, pairs: Sequence[Pair], octave: Trace, outcome: PortOutcome
    ) -> tuple[list[int], list[int]]:
        """Return the numbers of the events of both sides that a second run is to keep whole.

        Those are the large values whose bits differ, in the order of execution, as far as another
        `VALUE_BUDGET` goes.
        """
        by_name = {one.name: one for one in pairs}
        found: tuple[list[int], list[int]] = ([], [])
        left = VALUE_BUDGET
        for number, function in _common_frames(octave, outcome.trace):
            walk = _Walk(by_name[function], self._sources(by_name[function]))
            theirs, ours = walk.octave(octave.frame(number)), walk.python(outcome.trace, number)
            for one, other in zip(theirs, ours, strict=False):
                values = one.value, other.value
                large = [value for value in values if isinstance(value, Digest)]
                if not large or one.slot != other.slot or _same_bits(*values):
                    continue
                left -= large[0].size_in_bytes
                if left < 0:
                    return found
                for value, numbers in zip(values, found, strict=True):
                    numbers += [value.number] if isinstance(value, Digest) else []
        return found

    def _octave_trace(
        self, pair: Pair, case: Case, also: Sequence[Pair], whole: Sequence[int] = ()
    ) -> tuple[Trace, Sequence[Any], str]:
        """Return what Octave did, what it returned, and the message of its error."""
        try:
            reply, trace = self._octave.trace(pair, case, also, whole)
            return trace, _NOTHING if pair.is_script else reply.outputs, ""
        except OctaveError as error:
            if error.trace is None:
                raise
            return error.trace, _NOTHING, str(error)

    def _local_functions(self, pair: Pair) -> list[Pair]:
        """List the local functions that both sides have."""
        return [one for one in local_functions(pair) if self._port.has(one)]

    def _sources(self, pair: Pair) -> "_Sources":
        if pair.name not in self._known:
            octave = self._octave.statements(pair)
            source = self._port.source(pair)
            plain, layouts = declared(self._names(pair))
            found = align(octave_slots(octave), python_slots(statements(source)), plain)
            indices = index_names(octave, pair.argument_names)
            self._known[pair.name] = _Sources(found, octave, source, layouts, indices)
        return self._known[pair.name]

    def _forced_values(
        self, pair: Pair, case: Case, also: Sequence[Pair], octave: Trace, limit: float
    ) -> dict[tuple[int, int, str, int], Any]:
        """Say what each execution of each matched statement of the port is to go on with."""
        pairs = [pair, *also]
        twins = {
            (one.name, a.line, a.name): b
            for one in pairs
            for a, b in self._sources(one).alignment.pairs
            if not self._sources(one).layouts.get(a.name)
        }
        unforced = self._port.trace(pair, case, tuple(one.name for one in also), limit=limit)
        own: dict[tuple[int, int, str], list[Any]] = {}
        for event in unforced.trace.events:
            own.setdefault((event.frame, event.line, event.name), []).append(event.value)
        indices = {one.name: self._sources(one).indices for one in pairs}
        counts: Counter[tuple[int, int, str]] = Counter()
        shifted: dict[tuple[str, int, str], bool] = {}
        values = {}
        for event in octave.events:
            twin = twins.get((event.function, event.line, event.name))
            if twin is None or isinstance(event.value, Digest):
                continue
            place = (event.function, twin.line, twin.name)
            times = (event.frame, twin.line, twin.name)
            count = counts[times]
            counts[times] += 1
            mine = own.get(times, [])[count : count + 1]
            # An empty value does not tell; the first that does is right for all.
            if place not in shifted and mine and _may_be_index(mine[0]):
                may_be = event.name in indices[event.function]
                shifted[place] = may_be and _is_shifted(event.value, mine[0])
            values[*times, count] = event.value - 1 if shifted.get(place) else event.value
        for one in pairs:
            values.update(self._forced_outcomes(one, octave))
        return values

    def _forced_outcomes(self, pair: Pair, octave: Trace) -> dict[tuple[int, int, str, int], bool]:
        """Say which way each matched condition of the port is to go."""
        sources = self._sources(pair)
        walk, alignment = _Walk(pair, sources), sources.alignment
        python_lines = {a.line: b.line for a, b in alignment.pairs if not a.name}
        counts: Counter[tuple[int, int]] = Counter()
        found = {}
        for number, function in octave.frames().items():
            for visit in walk.octave(octave.frame(number)) if function == pair.name else ():
                if not visit.name:
                    line = python_lines[visit.line]
                    found[number, line, "", counts[number, line]] = bool(visit.value)
                    counts[number, line] += 1
        return found

    def _frame(
        self,
        pair: Pair,
        number: int,
        octave: Trace,
        outcome: PortOutcome,
        nudged: Sequence[PortOutcome],
        returned: Sequence[Any],
        case: Case,
    ) -> FrameComparison:
        sources = self._sources(pair)
        alignment, source = sources.alignment, sources.port
        if not isinstance(outcome.reply, Exception):  # a run that is refused tells nothing
            nudged = [run for run in nudged if not isinstance(run.reply, Exception)]
        walk = _Walk(pair, sources)
        theirs = list(walk.octave(octave.frame(number)))
        ours, *others = (list(walk.python(one.trace, number)) for one in [outcome, *nudged])
        rows, flow = _compared(theirs, ours, others, sources.indices)
        ignored = case.ignore if number == 1 else ()
        last = _returned_rows(pair, ignored, returned, [outcome, *nudged], number, source)
        if flow is None or (flow.same_name and last and all(row.verdict.agrees for row in last)):
            rows, flow = [*rows, *last], None
        last_call = max(n for n, name in outcome.trace.frames().items() if name == pair.name)
        error, line = _raised(outcome, source) if number == last_call else ("", 0)
        error = error if line or number == 1 else ""
        return FrameComparison(
            *(pair.name, rows, flow, alignment, sources.texts, source, error, line),
            proposals=proposals(
                [item for item in octave.frame(number) if isinstance(item, Event)],
                [
                    item
                    for item in outcome.trace.frame(number)
                    if isinstance(item, Event) and item.name != RETURNED
                ],
                [(a.name, b.name) for a, b in alignment.pairs],
            ),
            octave_lines=_first_moments(octave.frame(number)),
            python_lines=frozenset(item.line for item in outcome.trace.frame(number)),
            octave_items=list(_octave_moments(octave.frame(number))),
            python_items=outcome.trace.moments(number),
            nudged_items=[run.trace.moments(number) for run in nudged],
            caller=outcome.trace.callers.get(number, ("", 0)),
        )


def _octave_moments(items: Sequence[Event | Step]) -> Iterator[tuple[int, Event | Step]]:
    """Count for each item the lines that Octave had reached in this call."""
    seen = 0
    for item in items:
        seen += isinstance(item, Step)
        yield seen, item


def _first_moments(items: Sequence[Event | Step]) -> dict[int, int]:
    """Say of each line how many lines had been reached when it was reached first."""
    found: dict[int, int] = {}
    for moment, step in enumerate((item for item in items if isinstance(item, Step)), start=1):
        found.setdefault(step.line, moment)
    return found


def _outcomes(trace: Trace) -> dict[tuple[int, int, str, int], bool]:
    """Say which way every condition of a traced run went."""
    counts: Counter[tuple[int, int]] = Counter()
    found = {}
    for item in trace.items:
        if isinstance(item, Step) and item.outcome is not None:
            found[item.frame, item.line, "", counts[item.frame, item.line]] = item.outcome
            counts[item.frame, item.line] += 1
    return found


def _is_close(frame: FrameComparison) -> bool:
    """Whether a value is just beyond its rounding floor, so that more nudged runs may tell."""
    leaves = [leaf for row in frame.wrong for leaf in row.leaves if not leaf.verdict.agrees]
    return any(0 < leaf.times_floor < CLOSE * MARGIN for leaf in leaves)


def _adrift_from(frames: Sequence[FrameComparison]) -> float:
    """Say from which moment on it hangs on rounding which calls the port makes."""
    flows = [frame.flow for frame in frames if frame.flow is not None and frame.flow.rounding]
    return min((flow.python_moment for flow in flows), default=math.inf)


def _common_frames(octave: Trace, python: Trace) -> Iterator[tuple[int, str]]:
    """Yield the calls that both sides made, as long as they made the same ones."""
    theirs, ours = octave.frames(), python.frames()
    for number in sorted(theirs):
        if ours.get(number) != theirs[number]:
            return
        yield number, theirs[number]


@dataclass(frozen=True)
class _Visit:
    """One execution of a matched statement on one side: the slot's number, and what it did.

    `previous` is what the variable held before.
    """

    slot: tuple[str, int]
    line: int
    name: str
    value: Any
    before: int
    jump: bool = False
    moment: int = 0
    previous: Any = None

    @property
    def changes_nothing(self) -> bool:
        """Whether it binds a variable to the array that it held before."""
        old, new = self.previous, self.value
        arrays = isinstance(old, np.ndarray) and isinstance(new, np.ndarray)
        return (
            self.name != ""
            and arrays
            and old.dtype.kind in "biufcU"
            and (old.dtype, old.shape) == (new.dtype, new.shape)
            and np.array_equal(old, new, equal_nan=old.dtype.kind in "fc")
        )


_NOTHING: Sequence[Any] = ()


def _returned_visits(
    pair: Pair, ignored: Sequence[int], values: Sequence[Any], line: int
) -> Iterator[_Visit]:
    """Yield the outputs of a call, as if the last statement bound them."""
    names = pair.output_names
    for i, value in enumerate(values, start=1):
        if i not in ignored:
            name = names[i - 1] if i <= len(names) else f"output {i}"
            yield _Visit(("returned", i), line, name, value, 0)


def _returned_rows(
    pair: Pair,
    ignored: Sequence[int],
    returned: Sequence[Any],
    outcomes: Sequence[PortOutcome],
    number: int,
    source: PortSource,
) -> list[Row]:
    """Compare what both sides returned; `outcomes` are the port's, the first as it is."""
    theirs = list(_returned_visits(pair, ignored, returned, 0))
    ours, *others = (
        list(_returned_by_port(pair, ignored, one, number, source, len(returned)))
        for one in outcomes
    )
    others = [visits for visits in others if len(visits) == len(ours)]
    rows = [
        _row(one, other, [visits[i] for visits in others], 1)
        for i, (one, other) in enumerate(zip(theirs, ours, strict=False))
    ]
    moment = outcomes[0].trace.moments(number)[-1][0]
    return [replace(row, octave_moment=sys.maxsize, python_moment=moment) for row in rows]


def _returned_by_port(
    pair: Pair,
    ignored: Sequence[int],
    outcome: PortOutcome,
    number: int,
    source: PortSource,
    count: int,
) -> Iterator[_Visit]:
    """Yield what a call of the port returned, where Octave returned `count` outputs."""
    events = [item for item in outcome.trace.frame(number) if isinstance(item, Event)]
    raised = isinstance(outcome.reply, Exception)
    last = events[-1] if events and events[-1].name == RETURNED else None
    if not count or (raised and last is None):
        return
    result = None if last is None else last.value
    try:
        values = split(result, pair, [None] * count)
    except PortError:
        values = [result] * count
    yield from _returned_visits(pair, ignored, values, last.line if last else source.last_line)


def _last_outputs(pair: Pair, items: Sequence[Event | Step]) -> Sequence[Any]:
    """Return the outputs of a call in Octave: what their variables held last."""
    values = {item.name: item.value for item in items if isinstance(item, Event)}
    names = pair.output_names
    return [values[name] for name in names] if all(name in values for name in names) else ()


class _Walk:
    """Turns a trace of one call into visits of matched statements."""

    def __init__(self, pair: Pair, sources: _Sources) -> None:
        alignment = sources.alignment
        self._layouts = {
            (b.line, b.name): layout
            for a, b in alignment.pairs
            if (layout := sources.layouts.get(a.name))
        }
        self._lines = sorted(sources.texts)
        self._arguments = [spelling(name) for name in pair.argument_names]
        pairs = [(i, a, b) for i, (a, b) in enumerate(alignment.pairs)]
        self._octave = {(a.line, a.name): i for i, a, _ in pairs if not a.jump}
        self._python = {(b.line, b.name): i for i, _, b in pairs if not b.jump}
        self._octave_jumps = {a.line: (i, a.name) for i, a, _ in pairs if a.jump}
        self._python_jumps = {b.line: (i, b.name) for i, _, b in pairs if b.jump}

    def octave(self, items: Sequence[Event | Step]) -> Iterator[_Visit]:
        """Yield the visits of Octave's side."""
        steps = [item for item in items if isinstance(item, Step)]
        held: dict[str, Any] = {}
        for seen, item in _octave_moments(items):
            if isinstance(item, Event):
                for visit in self._event(item, self._octave, 0):
                    yield replace(visit, moment=seen, previous=held.get(item.name))
                held[item.name] = item.value
                continue
            if jump := self._octave_jumps.get(item.line):
                yield _Visit(("slot", jump[0]), item.line, jump[1], None, 0, True, seen)
                continue
            slot = self._octave.get((item.line, ""))
            if slot is not None:
                following = steps[seen].line if seen < len(steps) else 0
                entered = self._entered(item, following)
                yield _Visit(("slot", slot), item.line, "", entered, 0, moment=seen)

    def _entered(self, step: Step, following: int) -> bool:
        """Whether the branch after a condition was entered: the next line reached is its first."""
        i = self._lines.index(step.line)
        return i + 1 < len(self._lines) and self._lines[i + 1] == following

    def python(self, trace: Trace, number: int) -> Iterator[_Visit]:
        """Yield the visits of the port's side."""
        condition = 0
        held: dict[str, Any] = {}
        for moment, item in trace.moments(number):
            previous = held.get(item.name) if isinstance(item, Event) else None
            for visit in self._port_visits(item, condition):
                yield replace(visit, moment=moment, previous=previous)
            if isinstance(item, Event):
                held[item.name] = item.value
            elif item.outcome is not None:
                condition = item.line

    def _port_visits(self, item: Event | Step, condition: int) -> Iterator[_Visit]:
        if isinstance(item, Event):
            value = laid_out(item.value, self._layouts.get((item.line, item.name), ""))
            yield from self._event(replace(item, value=value), self._python, condition)
        elif item.outcome is None:
            if jump := self._python_jumps.get(item.line):
                yield _Visit(("slot", jump[0]), item.line, jump[1], None, condition, jump=True)
        elif (slot := self._python.get((item.line, ""))) is not None:
            yield _Visit(("slot", slot), item.line, "", item.outcome, condition)

    def _event(
        self, event: Event, slots: Mapping[tuple[int, str], int], before: int
    ) -> Iterator[_Visit]:
        if event.line == ARGUMENTS_LINE:
            name = spelling(event.name)
            if name in self._arguments:
                place = self._arguments.index(name)
                yield _Visit(("argument", place), 0, event.name, event.value, before)
            return
        slot = slots.get((event.line, event.name))
        if slot is not None:
            yield _Visit(("slot", slot), event.line, event.name, event.value, before)


def _compared(
    octave: Sequence[_Visit],
    python: Sequence[_Visit],
    nudged: Sequence[Sequence[_Visit]],
    indices: frozenset[str],
) -> tuple[list[Row], Flow | None]:
    """Walk both sides as long as they go the same way.

    A variable of `indices` may be one less in the port, but then each time. Once every nudged run
    has gone another way than the port, it hangs on rounding that the port came here at all, and
    no floor can be measured: a difference of numbers is then rounding.
    """
    octave, python, nudged = _without_unpaired_arguments(octave, python, nudged)
    rows: list[Row] = []
    counts: Counter[tuple[str, int]] = Counter()
    shifted: set[tuple[str, int]] = set()
    plain: set[str] = set()  # variables that count from 1 in the port, too
    same_way, parted = list(nudged), False
    i = j = 0
    while i < len(octave) or j < len(python):
        one = octave[i] if i < len(octave) else None
        other = python[j] if j < len(python) else None
        if one is None or other is None or one.slot != other.slot:
            # What changes nothing may stand under a condition on one side only.
            if other is not None and other.changes_nothing:
                j += 1
            elif one is not None and one.changes_nothing:
                i += 1
            else:
                return rows, _flow(len(rows), one, other, python[: j + 1], nudged)
            continue
        counts[one.slot] += 1
        may_be = counts[one.slot] == 1 and one.name in indices and one.name not in plain
        if may_be and _is_shifted(one.value, other.value):
            shifted.add(one.slot)
        elif may_be and _may_be_index(other.value):
            plain.add(one.name)
        reached = [run for run in same_way if len(run) > j]
        same_way = [run for run in reached if run[j].slot == other.slot]
        parted = parted or len(same_way) < len(reached)
        adrift = parted and not same_way
        again = [run[j] for run in same_way]
        row = _row(one, other, again, counts[one.slot], one.slot in shifted, adrift)
        rows.append(replace(row, octave_moment=one.moment, python_moment=other.moment))
        i, j = i + 1, j + 1
    return rows, None


def _without_unpaired_arguments(
    octave: Sequence[_Visit], python: Sequence[_Visit], nudged: Sequence[Sequence[_Visit]]
) -> tuple[list[_Visit], list[_Visit], list[list[_Visit]]]:
    """Drop arguments that one side does not have: optional ones that were not given."""
    both = {visit.slot for visit in octave} & {visit.slot for visit in python}

    def kept(visits: Sequence[_Visit]) -> list[_Visit]:
        found = [visit for visit in visits if visit.slot[0] != "argument" or visit.slot in both]
        head = sorted((v for v in found if v.slot[0] == "argument"), key=lambda v: v.slot)
        return head + [visit for visit in found if visit.slot[0] != "argument"]

    return kept(octave), kept(python), [kept(run) for run in nudged]


def _flow(
    row: int,
    one: _Visit | None,
    other: _Visit | None,
    python: Sequence[_Visit],
    nudged: Sequence[Sequence[_Visit]],
) -> Flow:
    """Describe a parting of the ways; `python` are the port's visits up to it."""
    slots = [visit.slot for visit in python]
    parts = any([visit.slot for visit in run[: len(slots)]] != slots for run in nudged)
    before = python[-1] if python else None
    return Flow(
        row,
        one.line if one else 0,
        other.line if other else 0,
        before.before if before else 0,
        parts,
        one.moment if one else sys.maxsize,
        bool(one and other and one.name and one.name == other.name),
        other.moment if other else (before.moment if before else 0) + 1,
    )


def _row(
    one: _Visit,
    other: _Visit,
    nudged: Sequence[_Visit],
    count: int,
    shifted: bool = False,
    adrift: bool = False,
) -> Row:
    if one.jump:
        names = one.name, other.name
        return Row(Kind.JUMP, one.line, other.line, *names, Verdict.IDENTICAL, count=count)
    if one.name == "" and other.name == "":
        hangs = adrift or any(run.value != other.value for run in nudged)
        agrees = one.value == other.value or hangs
        verdict = Verdict.IDENTICAL if agrees else Verdict.DIFFERENT
        outcome = (bool(one.value), bool(other.value))
        return Row(Kind.BRANCH, one.line, other.line, "", "", verdict, [], outcome, count)
    returned = one.slot[0] == "returned"
    if shifted and _is_shifted(one.value, other.value):
        return Row(
            *(Kind.VALUE, one.line, other.line, one.name, other.name, Verdict.IDENTICAL),
            count=count,
            shifted=True,
        )
    compared = list(_value_leaves(one.value, other.value))
    others: list[list[Leaf]] | None = None
    results = []
    for i, leaf in enumerate(compared):
        name = one.name + leaf.path
        measured = leaf_distance(leaf)
        if not leaf.compared or (measured is not None and not measured.unequal.any()):
            results.append(LeafResult(name, leaf, Verdict.IDENTICAL, measured))
            continue
        if adrift and measured is not None:
            results.append(LeafResult(name, leaf, Verdict.ROUNDING, measured))
            continue
        if others is None:
            runs = [list(_value_leaves(one.value, run.value)) for run in nudged]
            others = [run for run in runs if len(run) == len(compared)]
        again = [run[i] for run in others]
        results.append(judge_leaf(name, leaf, again, again))
    verdict = worst([result.verdict for result in results])
    kind = Kind.RETURNED if returned else Kind.VALUE
    return Row(kind, one.line, other.line, one.name, other.name, verdict, results, count=count)


def _value_leaves(octave: Any, python: Any) -> Iterator[Leaf]:
    """Pair the leaves of two values, more loosely than those of outputs.

    Inside a function whole numbers may be int where Octave has doubles, and what has no
    counterpart in Octave is not compared.
    """
    if isinstance(octave, Digest) or isinstance(python, Digest):
        yield from _digest_leaves(octave, python)
        return
    if isinstance(octave, np.ndarray) and octave.dtype.kind in "biuf":
        python = _numbers(python)
    if isinstance(python, tuple) and octave_class(octave) != "cell":
        yield Leaf("", octave, python, compared=False)  # all outputs, where Octave takes one
        return
    try:
        found = list(leaves(octave, _doubles(octave, python)))
    except TypeError:
        yield Leaf("", octave, python, compared=False)
        return
    for leaf in found:
        if leaf.mismatch and (_is_handle(leaf.octave) or callable(leaf.python)):
            yield replace(leaf, mismatch="", compared=False)
        elif leaf.class_note and {octave_class(leaf.octave), octave_class(leaf.python)} == _FLOATS:
            with np.errstate(over="ignore"):
                one, other = (np.asarray(x).astype(np.float32) for x in (leaf.octave, leaf.python))
            yield from leaves(one, other, leaf.path)
        elif leaf.class_note:
            yield replace(leaf, mismatch=f"class {leaf.class_note}")
        else:
            yield leaf


_FLOATS = {"single", "double"}
"""Classes of which one side may hold either in between: the narrower one is compared."""


def _is_handle(value: Any) -> bool:
    return octave_class(value) == "function_handle"


def numbers_row(octave: Event, python: Event, nudged: Sequence[Any]) -> Row:
    """Compare two bindings by their numbers alone, column by column, whatever their shapes.

    Parameters
    ----------
    octave, python : Event
        The bindings. What holds no numbers, and indices from 0 for indices from 1, agree.
    nudged : sequence
        What the port's variable was in the nudged runs.
    """
    names = octave.name, python.name
    theirs, ours = _flat(octave.value), _flat(python.value)
    if theirs is None and ours is None:
        one, again = _Visit(("numbers", 0), octave.line, octave.name, octave.value, 0), nudged
        other = replace(one, value=python.value)
    elif theirs is None or ours is None or _is_shifted(theirs, ours):
        leaf = Leaf("", octave.value, python.value, compared=False)
        result = LeafResult(octave.name, leaf, Verdict.IDENTICAL)
        return Row(Kind.VALUE, octave.line, python.line, *names, Verdict.IDENTICAL, [result])
    else:
        again = [flat for value in nudged if (flat := _flat(value)) is not None]
        one = _Visit(("numbers", 0), octave.line, octave.name, theirs[:, np.newaxis], 0)
        other = replace(one, value=ours)
    results = _row(one, other, [replace(other, value=value) for value in again], 1).leaves
    verdict = worst([result.verdict for result in results])
    return Row(Kind.VALUE, octave.line, python.line, *names, verdict, results)


def _flat(value: Any) -> np.ndarray[Any, Any] | None:
    """Return numbers as a vector, column by column, a cell's one after the other; else None."""
    if isinstance(value, (list, tuple)) or (
        isinstance(value, np.ndarray) and value.dtype == object
    ):
        items = value.ravel(order="F") if isinstance(value, np.ndarray) else value
        parts = [_flat(item) for item in items]
        whole = [part for part in parts if part is not None]
        return np.concatenate(whole) if whole and len(whole) == len(parts) else None
    array = np.zeros(0) if value is None else value
    array = np.asarray(array) if isinstance(array, (bool, int, float, complex)) else array
    if not isinstance(array, (np.ndarray, np.generic)) or array.dtype.kind not in "biufc":
        return None
    flat = np.asarray(array).ravel(order="F")
    return flat.astype(np.float64) if flat.dtype.kind in "biu" else flat


def _numbers(python: Any) -> Any:
    """Make an array of a list of numbers."""
    plain = isinstance(python, list) and all(
        isinstance(one, (int, float, np.generic)) for one in python
    )
    return np.array(python) if plain and python else python


def _doubles(octave: Any, python: Any) -> Any:
    """Make doubles of the port's whole numbers, and of equal singles, where Octave has doubles.

    True and False become 1 and 0 where Octave has numbers.

    A port has to make single what meets singles: with NumPy double wins, with Octave single.
    """
    if isinstance(python, bool) and isinstance(octave, np.ndarray) and octave.dtype.kind in "iuf":
        return octave.dtype.type(python)
    if not (isinstance(octave, np.ndarray) and octave.dtype.kind == "f"):
        return python
    if isinstance(python, (list, tuple)) and all(isinstance(x, (int, float)) for x in python):
        return np.asarray(python, dtype=np.float64)
    if isinstance(python, int) and not isinstance(python, bool):
        return float(python)
    if isinstance(python, (np.ndarray, np.generic)) and python.dtype.kind in "iu":
        return python.astype(np.float64)
    single = isinstance(python, np.ndarray) and python.dtype == np.float32
    if (
        single
        and octave.dtype == np.float64
        and python.ndim == octave.ndim
        and np.array_equal(octave, python, equal_nan=True)
    ):
        return python.astype(np.float64)
    return python


def _may_be_index(python: Any) -> bool:
    """Whether a value of the port is a whole number, or an array of them that is not empty."""
    array = isinstance(python, np.ndarray) and python.dtype.kind in "iu" and python.size > 0
    return array or isinstance(python, (int, np.integer))


def _is_shifted(octave: Any, python: Any) -> bool:
    """Whether the port has whole numbers that are one less than Octave's: indices from 0."""
    ours = np.asarray(python) if isinstance(python, (int, np.integer, np.ndarray)) else None
    if ours is None or ours.dtype.kind not in "iu" or not isinstance(octave, np.ndarray):
        return False
    same_size = octave.dtype.kind == "f" and octave.size == ours.size > 0
    return same_size and np.array_equal(octave.ravel(order="F") - 1, ours.ravel(order="F"))


def _same_bits(octave: Any, python: Any) -> bool:
    """Whether two values are digests of the same array."""
    both = isinstance(octave, Digest) and isinstance(python, Digest)
    return both and (octave.octave_class, octave.checksum) == (python.octave_class, python.checksum)


def _digest_leaves(octave: Any, python: Any) -> Iterator[Leaf]:
    """Compare the samples of two digests; one digest alone cannot be compared."""
    if not (isinstance(octave, Digest) and isinstance(python, Digest)):
        yield Leaf("", octave, python, compared=False)
        return
    shape = octave.shape[:1] if octave.shape[1:] == (1,) else octave.shape
    if shape != python.shape and octave.shape != python.shape:
        text = f"shape {octave.shape} in Octave, {python.shape} in Python"
        yield Leaf("", octave.sample, python.sample, text)
        return
    sample = octave.sample
    path = "" if _same_bits(octave, python) else A_SAMPLE
    yield from leaves(sample[:, np.newaxis], _doubles(sample, python.sample), path)


def _raised(outcome: PortOutcome, source: PortSource) -> tuple[str, int]:
    """Say what the port raised, and in which statement of this function."""
    error = outcome.reply
    if not isinstance(error, Exception):
        return "", 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == str(source.file) and code.co_name == source.tree.name:
            line = source.begin(trace.tb_lineno)
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}", line


__all__ = [
    "Flow",
    "FrameComparison",
    "Kind",
    "Row",
    "Slot",
    "TraceComparison",
    "Tracer",
    "numbers_row",
]
