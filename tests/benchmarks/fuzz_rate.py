"""How many calls a second `lockstep fuzz` makes, beside oct2py with one call at a time.

Both are measured in turn, so that what else the machine does is shared; and since a machine that
is at work slows the one more than the other, what they take of the processors is compared, too,
Octave's part with it. Run it from the project's folder: ``python tests/benchmarks/fuzz_rate.py``.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import oct2py

from lockstep.fuzz.search import Search
from lockstep.project.pairs import find_project
from lockstep.runner import Runner

PAIRS = {
    "sigmoid": (np.ones((3, 4)),),
    "sigmoidGradient": (np.ones((3, 4)),),
    "predict": (np.ones((5, 4)), np.ones((3, 6)), np.ones((7, 3))),
}
"""Pairs, and the arguments of the single calls."""

TURNS = 7
CALLS = 50
BATCHES = 3


@dataclass
class Rates:
    """Calls a second of the clock, and of the processors, turn by turn."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @contextmanager
    def measured(self, octave: int, count: Callable[[], int]) -> Iterator[None]:
        """Measure what is done, with an Octave of some process id, and how many calls it was."""
        before, start, used = count(), time.perf_counter(), _used(octave)
        yield
        calls = count() - before
        self.clock.append(calls / (time.perf_counter() - start))
        self.processor.append(calls / (_used(octave) - used))


def _used(octave: int) -> float:
    """Return the seconds of processor time that this process and an Octave have used."""
    fields = Path(f"/proc/{octave}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a line for each pair."""
    project = find_project()
    session = oct2py.Oct2Py()
    for folder in project.octave_path:
        session.addpath(str(folder))
    print(f"{'':<16} {'calls a second':>16}  {'times as many':>14}  {'by processor time':>18}")
    with Runner(project) as runner:
        for name in PAIRS:
            one, many = rates(runner, session, name)
            a, b, x, y = map(
                statistics.median, (one.clock, many.clock, one.processor, many.processor)
            )
            print(f"{name:<16} {a:>6.0f} {b:>9.0f}  {b / a:>14.0f}  {y / x:>18.0f}", flush=True)
    session.exit()


def rates(runner: Runner, session: oct2py.Oct2Py, name: str) -> tuple[Rates, Rates]:
    """Return the rates of oct2py and of fuzz, in turn."""
    pair = runner.project.pair(name)
    search = Search(runner, pair, runner.cases(pair).cases, 10.0)
    list(search.tried(0))
    session.feval(name, *PAIRS[name])
    one, many = Rates(), Rates()
    for turn in range(TURNS):
        with one.measured(session._engine.repl.child.pid, iter([0, CALLS]).__next__):
            for _ in range(CALLS):
                session.feval(name, *PAIRS[name])
        with many.measured(runner.octave.pid or 0, lambda: search.counts["calls"]):
            for seed in range(1 + turn * BATCHES, 1 + (turn + 1) * BATCHES):
                list(search.tried(seed))
    return one, many


if __name__ == "__main__":
    main()
