"""Runs a user's own script in Octave and sees the calls that it makes of some functions.

The script and the functions run unmodified: a tracepoint at the beginning of each function keeps
the arguments of its calls (mfiles/lockstep_seen_.m). Afterwards each call is made again, alone, to
see whether it gives the same and which branches it takes. May import `model`, `project`, `sources`,
`octave` and `octave_marks`.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.values import Handle
from lockstep.project.pairs import Pair, Project
from lockstep.sides.octave import OctaveDiedError, OctaveSession
from lockstep.sides.octave_marks import NoMarksError, octave_marks
from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_tree import File, Sort
from lockstep.sources.octave_reader import read_m_file

MOST_CALLS = 2000
MOST_MEMORY = 512 * 2**20
"""What Octave keeps of the calls of one function while the script runs."""

REPLAY_SECONDS = 30.0
"""How long the calls of one function are made again."""

GRACE = 15.0
"""Seconds in which a script that was interrupted must end."""

TICK = 0.2
"""Seconds between two looks at whether it has."""


@dataclass(frozen=True)
class Call:
    """A call that was seen.

    Attributes
    ----------
    number : int
        Which call of the function it was, from 1.
    nargout : int or None
        How many outputs it asked for; None where all that there are can be asked for.
    sizes : tuple of str
        Class and size of each argument.
    marks : frozenset of int
        The branches that it takes, where they are known.
    problem : str
        Why it can be no case; empty where it can.
    """

    number: int
    nargout: int | None
    sizes: tuple[str, ...]
    marks: frozenset[int] = frozenset()
    problem: str = ""


@dataclass(frozen=True)
class Seen:
    """What was seen of one function: how many calls, and those that differ and were kept."""

    count: int
    calls: list[Call]


class Capture:
    """A script in Octave, and the calls that it makes.

    Parameters
    ----------
    session : OctaveSession
        Without a time limit; nothing else may be asked of it.
    project : Project
        Its folders are on the path.
    pairs : sequence of Pair
        The functions whose calls are to be seen.

    Attributes
    ----------
    problems : dict of str to str
        Why the calls of a function cannot be seen, by its name.
    """

    def __init__(self, session: OctaveSession, project: Project, pairs: Sequence[Pair]) -> None:
        self._session = session
        self._pairs = list(pairs)
        self._paths = [*project.octave_path, Path.cwd()]
        self.problems = self._watch()

    def _call(self, name: str, *args: Any) -> Any:
        return self._session.call(name, *args, nargout=1).outputs[0]

    def _watch(self) -> dict[str, str]:
        """Set the tracepoints; say where that cannot be done."""
        self._before = (self._call("pwd"), self._call("path"))
        self._names = [pair.name for pair in self._pairs]
        files = [pair.m_file or self._own_file(pair) for pair in self._pairs]
        places = [str(pair.m_file.resolve()) if pair.m_file else "" for pair in self._pairs]
        parameters = [Pair("", file).argument_names for file in files]
        loops = np.array([_begins_with_loop(file) for file in files])
        limits = (float(MOST_CALLS), float(MOST_MEMORY))
        problems = self._call("lockstep_watch_", self._names, places, parameters, loops, *limits)
        told = zip(self._names, np.ravel(problems), strict=True)
        return {name: str(problem) for name, problem in told if problem}

    def _own_file(self, pair: Pair) -> Path | None:
        """Return the .m file of one of Octave's own functions; None where it is built in."""
        found = str(self._call("which", pair.name))
        return Path(found) if found.endswith(".m") else None

    def play(self, script: Path, seconds: float | None, waiting: Callable[[float], None]) -> str:
        """Run a script, or a function without arguments, until it ends or is interrupted.

        Parameters
        ----------
        script : Path
            The .m file.
        seconds : float or None
            When to interrupt it; Ctrl-C does so, too.
        waiting : callable
            Is told now and then for how long it has run.

        Returns
        -------
        str
            Why it did not come to its end; empty where it did.

        Raises
        ------
        OctaveDiedError
            If Octave died, or could not be interrupted.
        """
        is_script = Pair(script.stem, script).is_script
        functions = _local_functions(script) if is_script else []
        name = "" if is_script else script.stem
        paths = [str(path) for path in self._paths]
        told = [str(script.parent), str(script), paths, functions, name]
        self._session.call("lockstep_play_", "ready", *told, nargout=0)
        if self._wait(seconds, waiting):
            return "it was interrupted"
        ended = self._call("lockstep_play_", "ended")
        if not isinstance(ended, dict):
            return ""
        return str(ended["message"]) + (f" ({ended['where']})" if ended["where"] else "")

    def _wait(self, seconds: float | None, waiting: Callable[[float], None]) -> bool:
        """Run the script in a thread; return whether it was interrupted."""
        died: list[Exception] = []
        ended = threading.Event()  # a join that Ctrl-C interrupts takes the thread for ended

        def work() -> None:
            try:
                self._session.run("lockstep_play_ ('go');")
            except Exception as error:
                died.append(error)
            finally:
                ended.set()

        threading.Thread(target=work, daemon=True).start()
        start = time.monotonic()
        interrupted = False
        while not (ended.is_set() or interrupted):
            took = time.monotonic() - start
            try:
                ended.wait(TICK)
                waiting(took)
            except KeyboardInterrupt as error:
                if type(error) is not KeyboardInterrupt:
                    raise
                interrupted = True
            interrupted = interrupted or (seconds is not None and took >= seconds)
        if interrupted:
            self._interrupt(ended)
        if died:
            raise died[0]
        return interrupted

    def _interrupt(self, ended: threading.Event) -> None:
        """Interrupt the script: where tracepoints are set, that ends one loop at a time."""
        last = time.monotonic() + GRACE
        while not ended.is_set():
            if time.monotonic() >= last:
                raise OctaveDiedError("Octave did not end when it was interrupted")
            self._session.interrupt()
            ended.wait(1.0)
        self._session.settle()

    def seen(self) -> list[Seen]:
        """End the script's world, and return what was seen of each function."""
        told = self._call("lockstep_told_", "all", self._names, *self._before)
        return [
            Seen(
                int(found["count"].item()),
                [
                    Call(
                        int(one["number"].item()),
                        int(one["nargout"].item()),
                        tuple(map(str, np.ravel(one["sizes"]))),
                    )
                    for one in np.ravel(found["calls"])
                ],
            )
            for found in np.ravel(told)
        ]

    def tried(self, k: int, seen: Seen) -> list[Call]:
        """Make the calls of function `k`, from 0, again; return them with what that told.

        Calls for which there was no time are returned as they are.
        """
        pair, calls = self._pairs[k], list(seen.calls)
        with contextlib.ExitStack() as stack:
            count = 0
            if pair.m_file is not None:
                with contextlib.suppress(NoMarksError):
                    marks = stack.enter_context(octave_marks(self._session, pair.m_file))
                    count = marks.places.count
            limits = (float(count), REPLAY_SECONDS)
            played = self._call("lockstep_told_", "replay", k + 1.0, pair.name, *limits)
        for i, (call, one) in enumerate(zip(calls, np.ravel(played), strict=False)):
            calls[i] = Call(
                call.number,
                None if one["all"].item() else call.nargout,
                call.sizes,
                frozenset(int(mark) for mark in np.ravel(one["marks"])),
                _problem(one),
            )
        return calls

    def arguments(self, k: int, which: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the arguments of some calls of function `k`, all from 0, as Octave had them."""
        places = np.array([i + 1.0 for i in which])
        taken = self._call("lockstep_told_", "take", k + 1.0, places)
        return [tuple(map(_with_handles, np.ravel(args))) for args in np.ravel(taken)]


def _problem(replayed: Any) -> str:
    if not replayed["ran"].item():
        return f"made again, alone, it raises an error: {replayed['message']}"
    if not replayed["same"].item():
        return "it gives another result each time: write a Case with a seed"
    return ""


def _with_handles(value: Any) -> Any:
    """Put handles in the place of the structs that stand for them."""
    if isinstance(value, dict):
        if "lockstep_handle_" in value:
            return Handle(value["lockstep_handle_"], _with_handles(value["variables"]))
        return {name: _with_handles(item) for name, item in value.items()}
    if isinstance(value, np.ndarray) and value.dtype == object:
        cell = np.empty(value.shape, dtype=object)
        for place, item in np.ndenumerate(value):
            cell[place] = _with_handles(item)
        return cell
    return value


def _begins_with_loop(file: Path | None) -> bool:
    """Whether a function begins with a loop that comes to its tracepoint at each turn."""
    try:
        tree = read_m_file(file) if file is not None else File("")
    except (MSyntaxError, OSError):
        return False
    nodes = tree.functions[0].body if tree.functions else []
    while nodes and nodes[0].sort in (Sort.TRY, Sort.UNWIND):
        nodes = nodes[0].body
    return bool(nodes) and nodes[0].sort in (Sort.WHILE, Sort.DO)


def _local_functions(script: Path) -> list[str]:
    """Return the texts of the functions that a script defines."""
    try:
        tree = read_m_file(script)
    except (MSyntaxError, OSError):
        return []
    return [f"{tree.text[one.start : one.stop]}\nend" for one in tree.functions]
