"""The Octave side of a trace: tracepoints in the unmodified source.

Octave evaluates the condition of a breakpoint in the frame of the function, before the statement.
A condition that records and returns false (mfiles/lockstep_probe_.m) is a tracepoint: nothing
stops, no source is rewritten, and every construct of the language works. May import `values`,
`pairs`, `cases`, `m_source`, `events` and `octave`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lockstep.model.events import (
    EVENT_LIMIT,
    SAMPLES,
    SMALL_VALUE,
    VALUE_BUDGET,
    Digest,
    Event,
    Step,
    Trace,
)
from lockstep.project.cases import Case, octave_side
from lockstep.project.pairs import Pair, ProjectError
from lockstep.sides.octave import OctaveError, OctaveSession, Reply
from lockstep.sources.m_source import Statement, blanked, statements

KEEPS_ANS = "lockstep_seen_"
"""Variable that a tracepoint assigns to in a function that uses ans, so that ans stays."""

_LOOP = re.compile(r"(?:while|until)\b")


@dataclass(frozen=True)
class LocalFunction(Pair):
    """A local function of a .m file, and the function of the same name in the port's module.

    Attributes
    ----------
    number : int
        Which function of the file it is; the main one is 0.
    owner, own_name : str
        The pair, and the function's name; `name` is ``owner>own_name``, as Octave has it.
    """

    number: int = 0
    owner: str = ""
    own_name: str = ""
    arguments: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def is_script(self) -> bool:
        """Never."""
        return False

    @property
    def argument_names(self) -> list[str]:
        """Names of the arguments as the .m file declares them."""
        return list(self.arguments)

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs as the .m file declares them."""
        return list(self.outputs)


def local_functions(pair: Pair) -> list[LocalFunction]:
    """List the local functions of a pair's .m file."""
    if pair.m_file is None or pair.is_script:
        return []
    text = blanked(pair.m_file.read_text(encoding="utf-8", errors="replace"))
    return [
        LocalFunction(
            f"{pair.name}>{found['name']}",
            pair.m_file,
            number,
            pair.name,
            found["name"],
            tuple(re.findall(r"[A-Za-z]\w*", found["arguments"] or "")),
            tuple(re.findall(r"[A-Za-z]\w*", found["outputs"] or "")),
        )
        for number, found in enumerate(_DECLARATION.finditer(text))
        if number
    ]


_DECLARATION = re.compile(
    r"(?m)^[ \t]*function\s+(?:(?P<outputs>[^=(\n]*)=\s*)?(?P<name>\w+)[ \t]*"
    r"(?:\((?P<arguments>[^)]*)\))?"
)


class OctaveTracer:
    """Traces calls of pairs in one session.

    Parameters
    ----------
    session : OctaveSession
        A live Octave that knows the functions.
    """

    def __init__(self, session: OctaveSession) -> None:
        self._session = session
        self._statements: dict[str, dict[int, Statement]] = {}

    def statements(self, pair: Pair) -> dict[int, Statement]:
        """Return the statements of the main function of a pair's .m file, by line.

        Raises
        ------
        ProjectError
            If the Octave side has no file: it is one of Octave's own functions.
        OctaveError
            If Octave cannot read the file.
        """
        if pair.name not in self._statements:
            if pair.m_file is None:
                raise ProjectError(f"{pair.name} has no .m file in this project to be traced")
            text = pair.m_file.read_text(encoding="utf-8", errors="replace")
            number = pair.number if isinstance(pair, LocalFunction) else 0
            lines = main_function_lines(text, pair.is_script, number)
            candidates = np.array(lines, dtype=float)
            reply = self._session.call("lockstep_lines_", pair.name, candidates, nargout=1)
            lines = [int(n) for n in np.ravel(reply.outputs[0])]
            self._statements[pair.name] = statements(text, lines)
        return self._statements[pair.name]

    def trace(
        self,
        pair: Pair,
        case: Case,
        also: Sequence[Pair] = (),
        whole: Collection[int] = (),
    ) -> tuple[Reply, Trace]:
        """Call the Octave side of a case and trace it.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        also : sequence of Pair
            Further pairs whose functions are traced where they are called.
        whole : collection of int, optional
            Numbers of the events, from 1, whose values are kept whole beyond `VALUE_BUDGET`: what
            a second run is to fetch.

        Raises
        ------
        OctaveError
            If the function raises an error; its `trace` holds what was recorded until then.
        """
        traced = [pair, *(other for other in also if other.name != pair.name)]
        places = [place for one in traced for place in _places(one, self.statements(one))]
        plan = {
            **_plan(traced, places),
            "budget": VALUE_BUDGET,
            "small": SMALL_VALUE,
            "whole": np.array([sorted(whole)], dtype=float),
            "samples": SAMPLES,
            "limit": EVENT_LIMIT,
        }
        args = [octave_side(argument) for argument in case.args]
        try:
            reply = self._session.call(
                pair.name,
                *args,
                nargout=case.nargout,
                seed=case.seed,
                script=pair.is_script,
                trace=plan,
            )
        except OctaveError as error:
            if error.trace is not None:
                error.trace = read_trace(error.trace, places)
            raise
        return reply, read_trace(reply.trace, places)


def main_function_lines(text: str, is_script: bool, number: int = 0) -> list[int]:
    """Return the lines of a function of a .m file, or of a script, that are not blank.

    `number` is 0 for the main function, 1 for the first local one ...
    """
    filled = [(i, line) for i, line in enumerate(blanked(text).split("\n"), 1) if line.strip()]
    if is_script:
        return [i for i, _ in filled]
    starts = [i for i, line in filled if line.split("(")[0].split()[:1] == ["function"]]
    starts.append(len(text))
    return [i for i, _ in filled if starts[number] < i < starts[number + 1]]


@dataclass(frozen=True)
class _Place:
    """One traced line of one function."""

    function: str
    statement: Statement
    first: bool
    turn_line: int
    """Line of the for loop whose first line it is; 0 where it is none."""

    turn: str
    """The variable of that loop."""

    sure: bool
    arguments: Sequence[str]
    known: Sequence[str]
    keep: str
    """What stands before a call in the function's frame, so that its value does not become ans."""


def _places(pair: Pair, found: Mapping[int, Statement]) -> list[_Place]:
    """List the traced lines of one function, with what its tracepoints are to read there."""
    bound = {name for one in found.values() for name in (*one.names, one.loop) if name}
    arguments = [name for name in pair.argument_names if name != "~"]
    known = [*sorted(bound | set(arguments)), "ans", KEEPS_ANS]
    # The cleanup runs after an error, too: what the statement before it binds may not be there.
    text = pair.m_file.read_text(encoding="utf-8", errors="replace") if pair.m_file else ""
    protected = "unwind_protect" in text
    uses_ans = any(re.search(r"\bans\b", one.source) for one in found.values())
    places: list[_Place] = []
    before: Statement | None = None
    for line in sorted(found):
        one = found[line]
        loop = before if before is not None and before.loop else None
        places.append(
            _Place(
                pair.name,
                one,
                before is None,
                loop.line if loop else 0,
                loop.loop if loop else "",
                one.sure and not protected,
                arguments,
                known,
                f"{KEEPS_ANS} = " if uses_ans else "",
            )
        )
        before = one
    return places


def _plan(pairs: Sequence[Pair], places: Sequence[_Place]) -> dict[str, Any]:
    """Tell the tracepoints what to read where."""

    def flags(values: Iterable[bool]) -> Any:
        return np.array([list(values)], dtype=bool)

    functions = []
    for pair in pairs:
        own = [(i, p) for i, p in enumerate(places, start=1) if p.function == pair.name]
        functions.append(
            {
                "name": pair.name,
                "lines": np.array([[p.statement.line for _, p in own]], dtype=float),
                "places": np.array([[i for i, _ in own]], dtype=float),
            }
        )
    return {
        "functions": functions,
        "places": {
            "line": np.array([[p.statement.line for p in places]], dtype=float),
            "first": flags(p.first for p in places),
            "loop": flags(bool(_LOOP.match(p.statement.text)) for p in places),
            "names": [p.statement.names for p in places],
            "sure": flags(p.sure for p in places),
            "calls": flags(p.statement.calls for p in places),
            "caught": flags(p.statement.caught for p in places),
            "turn": [[p.turn] if p.turn else [] for p in places],
            "arguments": [list(p.arguments) if p.first else [] for p in places],
            "known": [list(p.known) for p in places],
            "keep": [p.keep for p in places],
        },
    }


def read_trace(recorded: Any, places: Sequence[_Place]) -> Trace:
    """Turn what lockstep_probe_ recorded into a trace.

    Raises
    ------
    RuntimeError
        If the tracepoints themselves failed.
    """
    if recorded["problem"] is not None and len(recorded["problem"]):
        raise RuntimeError(f"the tracepoints failed: {recorded['problem']}")
    names = [str(name) for name in recorded["names"].ravel()]
    events: dict[int, list[tuple[int, Any]]] = {}
    numbers = [recorded[key].ravel().astype(int).tolist() for key in ("fired", "named")]
    for number, (fire, name, value) in enumerate(
        zip(*numbers, _values(recorded), strict=True), start=1
    ):
        whole = replace(value, number=number) if isinstance(value, Digest) else value
        events.setdefault(fire, []).append((name, whole))
    items: list[Event | Step] = []
    before: dict[int, int] = {}
    fires = zip(
        *(recorded[key].ravel().astype(int).tolist() for key in ("place", "frame")), strict=True
    )
    for fire, (number, frame) in enumerate(fires):
        place = places[number - 1] if number else None
        last = before.get(frame, 0)
        for name, value in events.pop(fire, ()):
            line = place.turn_line if name < 0 and place else 0
            if name > 0 and last:
                line = places[last - 1].statement.line
            function = (place or places[last - 1]).function
            items.append(Event(function, frame, line, names[abs(name) - 1], value))
        before[frame] = number
        if place is not None:
            items.append(Step(place.function, frame, place.statement.line))
    return Trace(items, max(0, int(recorded["events"].item()) - EVENT_LIMIT))


def _values(recorded: Any) -> Iterator[Any]:
    """Yield the values of the events: those that came as one column of numbers, and the others."""
    numbers, others = recorded["numbers"].ravel(), iter(recorded["values"].ravel())
    begin = 0
    for rows, columns in recorded["sizes"].T.astype(int).tolist():
        if rows == 0:
            yield _value(next(others))
            continue
        yield numbers[begin : begin + rows * columns].reshape((rows, columns), order="F")
        begin += rows * columns


def _value(value: Any) -> Any:
    if isinstance(value, dict) and "lockstep_digest_" in value:
        shape = tuple(int(n) for n in value["size"].ravel())
        sample, checksum = value["sample"].ravel(), str(value["checksum"])
        return Digest(str(value["class"]), shape, sample, checksum)
    return value
