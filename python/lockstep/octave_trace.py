"""The Octave side of a trace: tracepoints in the unmodified source.

Octave evaluates the condition of a breakpoint in the frame of the function, before the statement.
A condition that records and returns false (mfiles/lockstep_probe_.m) is a tracepoint: nothing
stops, no source is rewritten, and every construct of the language works. May import `values`,
`pairs`, `cases`, `m_source`, `events` and `octave`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.cases import Case, octave_side
from lockstep.events import (
    EVENT_LIMIT,
    SAMPLES,
    SMALL_VALUE,
    VALUE_BUDGET,
    Digest,
    Event,
    Step,
    Trace,
)
from lockstep.m_source import Statement, blanked, statements
from lockstep.octave import OctaveSession, Reply
from lockstep.pairs import Pair, ProjectError


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
            candidates = np.array(main_function_lines(text, pair.is_script), dtype=float)
            reply = self._session.call("lockstep_lines_", pair.name, candidates, nargout=1)
            lines = [int(n) for n in np.ravel(reply.outputs[0])]
            self._statements[pair.name] = statements(text, lines)
        return self._statements[pair.name]

    def trace(self, pair: Pair, case: Case, also: Sequence[Pair] = ()) -> tuple[Reply, Trace]:
        """Call the Octave side of a case and trace it.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        also : sequence of Pair
            Further pairs whose functions are traced where they are called.

        Raises
        ------
        OctaveError
            If the function raises an error; its `trace` holds what was recorded until then.
        """
        traced = [pair, *(other for other in also if other.name != pair.name)]
        plan = {
            "functions": [_plan(one, self.statements(one)) for one in traced],
            "budget": VALUE_BUDGET,
            "small": SMALL_VALUE,
            "samples": SAMPLES,
            "limit": EVENT_LIMIT,
        }
        args = [octave_side(argument) for argument in case.args]
        reply = self._session.call(
            pair.name,
            *args,
            nargout=case.nargout,
            seed=case.seed,
            script=pair.is_script,
            trace=plan,
        )
        return reply, read_trace(reply.trace, [one.name for one in traced])


def main_function_lines(text: str, is_script: bool) -> list[int]:
    """Return the lines of the main function of a .m file, or of a script, that are not blank."""
    filled = [(i, line) for i, line in enumerate(blanked(text).split("\n"), 1) if line.strip()]
    if is_script:
        return [i for i, _ in filled]
    starts = [i for i, line in filled if line.split("(")[0].split()[:1] == ["function"]]
    end = starts[1] if len(starts) > 1 else len(text)
    return [i for i, _ in filled if starts[0] < i < end]


def _plan(pair: Pair, found: dict[int, Statement]) -> dict[str, Any]:
    """Tell the tracepoints of one function what to read where."""
    lines = sorted(found)
    loop_line, loop_name = [0] * len(lines), [""] * len(lines)
    for i, line in enumerate(lines[:-1]):
        if found[line].loop:
            loop_line[i + 1], loop_name[i + 1] = line, found[line].loop
    bound = {name for one in found.values() for name in (*one.names, one.loop) if name}
    return {
        "name": pair.name,
        "arguments": pair.argument_names,
        "lines": np.array([lines], dtype=float),
        "names": [found[line].names for line in lines],
        "all_names": sorted(bound | set(pair.argument_names)),
        "calls": np.array([[found[line].calls for line in lines]]),
        "loop_line": np.array([loop_line], dtype=float),
        "loop_name": loop_name,
    }


def read_trace(recorded: Any, functions: Sequence[str]) -> Trace:
    """Turn what lockstep_probe_ recorded into a trace.

    Raises
    ------
    RuntimeError
        If the tracepoints themselves failed.
    """
    if recorded["problem"] is not None and len(recorded["problem"]):
        raise RuntimeError(f"the tracepoints failed: {recorded['problem']}")
    steps = [Step(functions[int(f) - 1], int(frame), int(n)) for f, frame, n in recorded["flow"].T]
    items: list[Event | Step] = []
    taken = 0
    for (f, frame, line, visits), name, value in zip(
        recorded["where"].T, recorded["names"].ravel(), recorded["values"].ravel(), strict=True
    ):
        items += steps[taken : int(visits)]
        taken = int(visits)
        function = functions[int(f) - 1]
        items.append(Event(function, int(frame), int(line), str(name), _value(value)))
    items += steps[taken:]
    return Trace(items, max(0, int(recorded["events"].item()) - EVENT_LIMIT))


def _value(value: Any) -> Any:
    if isinstance(value, dict) and "lockstep_digest_" in value:
        shape = tuple(int(n) for n in value["size"].ravel())
        return Digest(str(value["class"]), shape, value["sample"].ravel())
    return value
