"""The Octave side of a trace: tracepoints in the unmodified source.

Octave evaluates the condition of a breakpoint in the frame of the function, before the statement.
A condition that records and returns false (mfiles/lockstep_probe_.m) is a tracepoint: nothing
stops, no source is rewritten, and every construct of the language works. May import `values`,
`pairs`, `cases`, `m_source`, `events` and `octave`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
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
        whole: Collection[int] | None = None,
    ) -> tuple[Reply, Trace]:
        """Call the Octave side of a case and trace it.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        also : sequence of Pair
            Further pairs whose functions are traced where they are called.
        whole : collection of int, optional
            Numbers of the events, from 1, whose values are kept whole: those of a second run. By
            default values are kept whole as far as `VALUE_BUDGET` goes.

        Raises
        ------
        OctaveError
            If the function raises an error; its `trace` holds what was recorded until then.
        """
        traced = [pair, *(other for other in also if other.name != pair.name)]
        plan = {
            "functions": [_plan(one, self.statements(one)) for one in traced],
            "budget": VALUE_BUDGET if whole is None else 0,
            "small": SMALL_VALUE,
            "whole": np.array([sorted(whole or ())], dtype=float),
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


def _plan(pair: Pair, found: dict[int, Statement]) -> dict[str, Any]:
    """Tell the tracepoints of one function what to read where."""
    lines = sorted(found)
    loop_line, loop_name = [0] * len(lines), [""] * len(lines)
    for i, line in enumerate(lines[:-1]):
        if found[line].loop:
            loop_line[i + 1], loop_name[i + 1] = line, found[line].loop
    bound = {name for one in found.values() for name in (*one.names, one.loop) if name}
    # The cleanup runs after an error, too: what the statement before it binds may not be there.
    protected = pair.m_file is not None and "unwind_protect" in pair.m_file.read_text(
        encoding="utf-8", errors="replace"
    )
    return {
        "name": pair.name,
        "own_name": pair.own_name if isinstance(pair, LocalFunction) else pair.name,
        "file": str(pair.m_file.resolve()) if pair.m_file else "",
        "arguments": pair.argument_names,
        "lines": np.array([lines], dtype=float),
        "names": [found[line].names for line in lines],
        "sure": np.array([[found[line].sure and not protected for line in lines]]),
        "caught": np.array([[found[line].caught for line in lines]]),
        "uses_ans": any(re.search(r"\bans\b", found[line].source) for line in lines),
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
    names = [str(name) for name in recorded["names"].ravel()]
    items: list[Event | Step] = []
    taken = 0
    for (f, frame, line, visits, name), value in zip(
        recorded["where"].T.astype(int).tolist(), _values(recorded), strict=True
    ):
        items += steps[taken:visits]
        taken = visits
        items.append(Event(functions[f - 1], frame, line, names[name - 1], value))
    items += steps[taken:]
    return Trace(items, max(0, int(recorded["events"].item()) - EVENT_LIMIT))


def _values(recorded: Any) -> Iterator[Any]:
    """Yield the values of the events: those that came as one column of numbers, and the others."""
    numbers, others = recorded["numbers"].ravel(), iter(recorded["values"].ravel())
    begin = 0
    for logical, rows, columns in recorded["sizes"].T.astype(int).tolist():
        if rows < 0:
            yield _value(next(others))
            continue
        value = numbers[begin : begin + rows * columns].reshape((rows, columns), order="F")
        begin += rows * columns
        yield value.astype(bool) if logical else value


def _value(value: Any) -> Any:
    if isinstance(value, dict) and "lockstep_digest_" in value:
        shape = tuple(int(n) for n in value["size"].ravel())
        sample, checksum = value["sample"].ravel(), str(value["checksum"])
        return Digest(str(value["class"]), shape, sample, checksum)
    return value
