"""Two traces in, the first statement that went wrong out.

The statements of the two sources are matched first (`alignment`); then the executions of matched
statements are walked side by side, in order, and each value gets a verdict as an output does: the
port is traced again with its numbers nudged, and how far each value moves is its rounding floor.
May import all modules before it in the line of `lockstep/__init__.py` but `runner`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from lockstep.alignment import Alignment, Slot, align, octave_slots, python_slots, spelling
from lockstep.cases import Case
from lockstep.compare import Leaf, leaves
from lockstep.counterparts import Proposal, declared, laid_out, proposals
from lockstep.events import ARGUMENTS_LINE, Digest, Event, Step, Trace
from lockstep.m_source import Statement
from lockstep.octave import OctaveError, OctaveSession
from lockstep.octave_trace import OctaveTracer, read_trace
from lockstep.pairs import Pair
from lockstep.port import Port
from lockstep.port_source import PortSource, statements
from lockstep.port_trace import PortOutcome, PortTracer
from lockstep.values import octave_class
from lockstep.verdict import NUDGED_RUNS, LeafResult, Verdict, judge_leaf, leaf_distance, worst


class Kind(StrEnum):
    """What a row of a trace is about."""

    VALUE = "value"
    BRANCH = "branch"


@dataclass(frozen=True)
class Row:
    """One execution of one matched statement, on both sides.

    Attributes
    ----------
    kind : Kind
        A value that was bound, or a condition.
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
    """

    row: int
    octave_line: int
    python_line: int
    last_condition: int
    rounding: bool


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
    octave_returned : bool
        Whether Octave's side ended without an error.
    proposals : list of Proposal
        Variables without a counterpart by name that hold the same numbers.
    octave_lines : frozenset of int
        Lines that Octave reached.
    python_lines : frozenset of int
        Lines of the port that bound something or were conditions.
    """

    function: str
    rows: list[Row]
    flow: Flow | None
    alignment: Alignment
    octave_statements: Mapping[int, Statement]
    source: PortSource
    error: str = ""
    error_line: int = 0
    octave_returned: bool = True
    proposals: list[Proposal] = field(default_factory=list)
    octave_lines: frozenset[int] = frozenset()
    python_lines: frozenset[int] = frozenset()

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


class Fault(StrEnum):
    """How a statement went wrong."""

    VALUE = "value"
    BRANCH = "branch"
    ERROR = "error"
    FLOW = "flow"


@dataclass(frozen=True)
class Finding:
    """The first statement that went wrong.

    Attributes
    ----------
    fault : Fault
        A value differs; a condition went the other way; the port raised an error; or the two
        sides went on to other statements, for a reason that no matched condition shows.
    frame : FrameComparison
        The call in which it did.
    octave_line, python_line : int
        The statement on each side; 0 where it has none.
    row : Row or None
        The comparison, of a value or a condition.
    missing : list of Slot
        Statements of Octave before it that were executed and have no counterpart in the port.
    """

    fault: Fault
    frame: FrameComparison
    octave_line: int
    python_line: int
    row: Row | None = None
    missing: list[Slot] = field(default_factory=list)


def first_finding(comparison: TraceComparison) -> Finding | None:
    """Name the first statement that went wrong; None where every matched one agrees."""
    for frame in comparison.frames:
        found = _finding(frame)
        if found is not None:
            until = found.octave_line or max(frame.octave_lines, default=0)
            missing = [
                slot
                for slot in frame.alignment.octave_only
                if slot.name and slot.line in frame.octave_lines and slot.line <= until
            ]
            return replace(found, missing=missing)
    return None


def _finding(frame: FrameComparison) -> Finding | None:
    if frame.wrong:
        row = frame.wrong[0]
        fault = Fault.BRANCH if row.kind is Kind.BRANCH else Fault.VALUE
        return Finding(fault, frame, row.octave_line, row.python_line, row)
    flow = None if frame.flow is None or frame.flow.rounding else frame.flow
    stopped = flow is None or flow.python_line == 0
    if frame.error and frame.octave_returned and stopped:
        return Finding(Fault.ERROR, frame, 0, frame.error_line)
    if flow is not None:
        octave_line, python_line = _parting(frame, flow)
        return Finding(Fault.FLOW, frame, octave_line, python_line)
    return None


def _parting(frame: FrameComparison, flow: Flow) -> tuple[int, int]:
    """Name the statement at which two sides parted: a loop that one left, or a condition."""
    for octave, python in frame.alignment.pairs:
        loop = frame.octave_statements[octave.line].loop == octave.name != ""
        if loop and (octave.line == flow.octave_line or python.line == flow.python_line):
            return octave.line, python.line
    return flow.octave_line, flow.last_condition or flow.python_line


@dataclass(frozen=True)
class _Sources:
    """The two sources of a pair: which statements match, and the declared layouts."""

    alignment: Alignment
    texts: Mapping[int, Statement]
    port: PortSource
    layouts: Mapping[str, str]


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
        octave, returned = self._octave_trace(pair, case, also)
        names = tuple(other.name for other in also)
        values = self._forced_values(pair, case, also, octave) if forced else None
        outcome = self._port.trace(pair, case, names, values)
        same_way = values and {**values, **_outcomes(outcome.trace)}
        nudged = [
            self._port.trace(pair, case, names, same_way, nudge=run).trace
            for run in range(NUDGED_RUNS)
        ]
        by_name = {one.name: one for one in [pair, *also]}
        frames = []
        for number, function in _common_frames(octave, outcome.trace):
            frame = self._frame(by_name[function], number, octave, outcome, nudged)
            frames.append(replace(frame, octave_returned=returned))
        return TraceComparison(
            pair.name, name, frames, forced, octave.dropped + outcome.trace.dropped
        )

    def _octave_trace(self, pair: Pair, case: Case, also: Sequence[Pair]) -> tuple[Trace, bool]:
        """Return what Octave did, and whether it returned."""
        try:
            return self._octave.trace(pair, case, also)[1], True
        except OctaveError as error:
            if error.trace is None:
                raise
            return read_trace(error.trace, [pair.name, *(one.name for one in also)]), False

    def _sources(self, pair: Pair) -> "_Sources":
        if pair.name not in self._known:
            octave = self._octave.statements(pair)
            source = self._port.source(pair)
            plain, layouts = declared(self._names(pair))
            found = align(octave_slots(octave), python_slots(statements(source)), plain)
            self._known[pair.name] = _Sources(found, octave, source, layouts)
        return self._known[pair.name]

    def _forced_values(
        self, pair: Pair, case: Case, also: Sequence[Pair], octave: Trace
    ) -> dict[tuple[int, int, str, int], Any]:
        """Say what each execution of each matched statement of the port is to go on with."""
        pairs = [pair, *also]
        twins = {
            (one.name, a.line, a.name): b
            for one in pairs
            for a, b in self._sources(one).alignment.pairs
            if not self._sources(one).layouts.get(a.name)
        }
        own = {
            (event.function, event.line, event.name): event.value
            for event in reversed(
                self._port.trace(pair, case, tuple(one.name for one in also)).trace.events
            )
        }
        counts: Counter[tuple[int, int, str]] = Counter()
        shifted: dict[tuple[str, int, str], bool] = {}
        values = {}
        for event in octave.events:
            twin = twins.get((event.function, event.line, event.name))
            if twin is None or isinstance(event.value, Digest):
                continue
            place = (event.function, twin.line, twin.name)
            if place not in shifted:
                shifted[place] = _is_shifted(event.value, own.get(place))
            count = counts[event.frame, twin.line, twin.name]
            counts[event.frame, twin.line, twin.name] += 1
            key = (event.frame, twin.line, twin.name, count)
            values[key] = event.value - 1 if shifted[place] else event.value
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
        self, pair: Pair, number: int, octave: Trace, outcome: PortOutcome, nudged: Sequence[Trace]
    ) -> FrameComparison:
        sources = self._sources(pair)
        alignment, source = sources.alignment, sources.port
        walk = _Walk(pair, sources)
        theirs = list(walk.octave(octave.frame(number)))
        ours = list(walk.python(outcome.trace.frame(number)))
        others = [list(walk.python(trace.frame(number))) for trace in nudged]
        rows, flow = _compared(theirs, ours, others)
        error, line = _raised(outcome, source)
        return FrameComparison(
            *(pair.name, rows, flow, alignment, sources.texts, source, error, line),
            proposals=proposals(
                [event for event in octave.events if event.frame == number],
                [event for event in outcome.trace.events if event.frame == number],
                [(a.name, b.name) for a, b in alignment.pairs],
            ),
            octave_lines=frozenset(item.line for item in octave.frame(number)),
            python_lines=frozenset(item.line for item in outcome.trace.frame(number)),
        )


def _outcomes(trace: Trace) -> dict[tuple[int, int, str, int], bool]:
    """Say which way every condition of a traced run went."""
    counts: Counter[tuple[int, int]] = Counter()
    found = {}
    for item in trace.items:
        if isinstance(item, Step) and item.outcome is not None:
            found[item.frame, item.line, "", counts[item.frame, item.line]] = item.outcome
            counts[item.frame, item.line] += 1
    return found


def _common_frames(octave: Trace, python: Trace) -> Iterator[tuple[int, str]]:
    """Yield the calls that both sides made, as long as they made the same ones."""
    theirs, ours = octave.frames(), python.frames()
    for number in sorted(theirs):
        if ours.get(number) != theirs[number]:
            return
        yield number, theirs[number]


@dataclass(frozen=True)
class _Visit:
    """One execution of a matched statement on one side: the slot's number, and what it did."""

    slot: tuple[str, int]
    line: int
    name: str
    value: Any
    before: int


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
        self._octave = {(a.line, a.name): i for i, (a, _) in enumerate(alignment.pairs)}
        self._python = {(b.line, b.name): i for i, (_, b) in enumerate(alignment.pairs)}

    def octave(self, items: Sequence[Event | Step]) -> Iterator[_Visit]:
        """Yield the visits of Octave's side."""
        steps = [item for item in items if isinstance(item, Step)]
        seen = 0
        for item in items:
            if isinstance(item, Event):
                yield from self._event(item, self._octave, seen)
                continue
            seen += 1
            slot = self._octave.get((item.line, ""))
            if slot is not None:
                following = steps[seen].line if seen < len(steps) else 0
                yield _Visit(("slot", slot), item.line, "", self._entered(item, following), 0)

    def _entered(self, step: Step, following: int) -> bool:
        """Whether the branch after a condition was entered: the next line reached is its first."""
        i = self._lines.index(step.line)
        return i + 1 < len(self._lines) and self._lines[i + 1] == following

    def python(self, items: Sequence[Event | Step]) -> Iterator[_Visit]:
        """Yield the visits of the port's side."""
        condition = 0
        for item in items:
            if isinstance(item, Event):
                layout = self._layouts.get((item.line, item.name), "")
                value = laid_out(item.value, layout)
                yield from self._event(replace(item, value=value), self._python, condition)
                continue
            condition = item.line
            slot = self._python.get((item.line, ""))
            if slot is not None:
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
    octave: Sequence[_Visit], python: Sequence[_Visit], nudged: Sequence[Sequence[_Visit]]
) -> tuple[list[Row], Flow | None]:
    """Walk both sides as long as they go the same way."""
    octave, python, nudged = _without_unpaired_arguments(octave, python, nudged)
    rows: list[Row] = []
    counts: Counter[tuple[str, int]] = Counter()
    for i in range(max(len(octave), len(python))):
        one = octave[i] if i < len(octave) else None
        other = python[i] if i < len(python) else None
        if one is None or other is None or one.slot != other.slot:
            return rows, _flow(i, one, other, python, nudged)
        counts[one.slot] += 1
        same_way = [
            run[i] for run in nudged if len(run) > i and _same_way(run[: i + 1], python[: i + 1])
        ]
        rows.append(_row(one, other, same_way, counts[one.slot]))
    return rows, None


def _same_way(a: Sequence[_Visit], b: Sequence[_Visit]) -> bool:
    return a[-1].slot == b[-1].slot


def _without_unpaired_arguments(
    octave: Sequence[_Visit], python: Sequence[_Visit], nudged: Sequence[Sequence[_Visit]]
) -> tuple[list[_Visit], list[_Visit], list[list[_Visit]]]:
    """Drop arguments that one side does not have: optional ones that were not given."""
    both = {visit.slot for visit in octave} & {visit.slot for visit in python}

    def kept(visits: Sequence[_Visit]) -> list[_Visit]:
        found = [visit for visit in visits if visit.slot[0] == "slot" or visit.slot in both]
        head = sorted((v for v in found if v.slot[0] == "argument"), key=lambda v: v.slot)
        return head + [visit for visit in found if visit.slot[0] == "slot"]

    return kept(octave), kept(python), [kept(run) for run in nudged]


def _flow(
    i: int,
    one: _Visit | None,
    other: _Visit | None,
    python: Sequence[_Visit],
    nudged: Sequence[Sequence[_Visit]],
) -> Flow:
    slots = [visit.slot for visit in python[: i + 1]]
    parts = any([visit.slot for visit in run[: i + 1]] != slots for run in nudged)
    return Flow(
        i,
        one.line if one else 0,
        other.line if other else 0,
        other.before if other else (python[-1].before if python else 0),
        parts,
    )


def _row(one: _Visit, other: _Visit, nudged: Sequence[_Visit], count: int) -> Row:
    if one.name == "" and other.name == "":
        agrees = one.value == other.value or any(run.value != other.value for run in nudged)
        verdict = Verdict.IDENTICAL if agrees else Verdict.DIFFERENT
        outcome = (bool(one.value), bool(other.value))
        return Row(Kind.BRANCH, one.line, other.line, "", "", verdict, [], outcome, count)
    if _is_shifted(one.value, other.value):
        return Row(
            *(Kind.VALUE, one.line, other.line, one.name, other.name, Verdict.IDENTICAL),
            count=count,
            shifted=True,
        )
    compared = list(_value_leaves(one.value, other.value))
    others = [list(_value_leaves(one.value, run.value)) for run in nudged]
    others = [run for run in others if len(run) == len(compared)]
    results = []
    for i, leaf in enumerate(compared):
        name = one.name + leaf.path
        measured = leaf_distance(leaf)
        if not leaf.compared or (measured is not None and not measured.unequal.any()):
            results.append(LeafResult(name, leaf, Verdict.IDENTICAL, measured))
        else:
            results.append(judge_leaf(name, leaf, [run[i] for run in others]))
    verdict = worst([result.verdict for result in results])
    return Row(
        Kind.VALUE, one.line, other.line, one.name, other.name, verdict, results, count=count
    )


def _value_leaves(octave: Any, python: Any) -> Iterator[Leaf]:
    """Pair the leaves of two values, more loosely than those of outputs.

    Inside a function whole numbers may be int where Octave has doubles, and what has no
    counterpart in Octave is not compared.
    """
    if isinstance(octave, Digest) or isinstance(python, Digest):
        yield from _digest_leaves(octave, python)
        return
    try:
        found = list(leaves(octave, _doubles(octave, python)))
    except TypeError:
        yield Leaf("", octave, python, compared=False)
        return
    for leaf in found:
        handle = octave_class(leaf.octave) == "function_handle" if leaf.mismatch else False
        yield replace(leaf, mismatch="", compared=False) if handle else leaf


def _doubles(octave: Any, python: Any) -> Any:
    """Make doubles of the port's whole numbers where Octave has doubles."""
    if not (isinstance(octave, np.ndarray) and octave.dtype.kind == "f"):
        return python
    if isinstance(python, int) and not isinstance(python, bool):
        return float(python)
    if isinstance(python, (np.ndarray, np.generic)) and python.dtype.kind in "iu":
        return python.astype(np.float64)
    return python


def _is_shifted(octave: Any, python: Any) -> bool:
    """Whether the port has whole numbers that are one less than Octave's: indices from 0."""
    ours = np.asarray(python) if isinstance(python, (int, np.integer, np.ndarray)) else None
    if ours is None or ours.dtype.kind not in "iu" or not isinstance(octave, np.ndarray):
        return False
    same_size = octave.dtype.kind == "f" and octave.size == ours.size > 0
    return same_size and np.array_equal(octave.ravel(order="F") - 1, ours.ravel(order="F"))


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
    yield from leaves(sample[:, np.newaxis], _doubles(sample, python.sample), " (a sample)")


def _raised(outcome: PortOutcome, source: PortSource) -> tuple[str, int]:
    """Say what the port raised, and in which line of this function."""
    error = outcome.reply
    if not isinstance(error, Exception):
        return "", 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == str(source.file) and code.co_name == source.tree.name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}", line


__all__ = [
    "Fault",
    "Finding",
    "Flow",
    "FrameComparison",
    "Kind",
    "Row",
    "Slot",
    "TraceComparison",
    "Tracer",
    "first_finding",
]
