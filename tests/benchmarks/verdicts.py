"""How often is a right port called different, and a wrong one right? Random cases, both ways.

Right pairs are this project's, on their own cases with arguments an ulp off, and functions of
Octave's own beside NumPy's and SciPy's, on random arguments. A wrong port is a right one whose
result is off by a factor of 1 + 1e-6 at one element. The cases are spread over three settings of
the BLAS, which sums in another order in each; with --jobs the cases of a setting are drawn in
several parts. From the project's folder:
python tests/benchmarks/verdicts.py --cases 10000 [--jobs N] [--within SECONDS]

Exit status: 0 if no right case was called different, and every wrong one was whose floor is below
1e-8 of the value.
"""

import argparse
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from octaves_functions import FUNCTIONS, argument, own_project
from side_by_side import add_options, not_done

from lockstep.compare.case_result import CaseResult
from lockstep.compare.floor import MARGIN
from lockstep.compare.verdict import Verdict
from lockstep.model.values import Row
from lockstep.oracles.batches import AHEAD
from lockstep.project.cases import Case, map_leaves
from lockstep.project.pairs import find_project
from lockstep.runner import Runner
from lockstep.sides.nudging import Nudge

SETTINGS: dict[str, dict[str, str]] = {
    "1 thread": {"OPENBLAS_NUM_THREADS": "1"},
    "2 threads": {"OPENBLAS_NUM_THREADS": "2"},
    "1 thread, kernels of Nehalem": {
        "OPENBLAS_NUM_THREADS": "1",
        "OPENBLAS_CORETYPE": "Nehalem",
    },
}
FACTOR = 1 + 1e-6
CLEAR = 1e-8
"""A wrong element must be found where the floor is below this part of it."""

SECONDS = 0.02
"""Cases of this project's pairs whose port takes longer are left out: it runs up to 30 times."""

OCTAVE_SECONDS = 0.2
"""So are those that take longer in Octave."""

SHARE = 0.02
"""No pair takes more than this part of the time, but for its first `FIRST` seconds."""

FIRST = 5.0

TOGETHER = 500
"""So many cases are drawn at a time, and run pair by pair: Octave gets them in few exchanges."""


def cases(seed: int) -> Iterator[tuple[str, str, Case]]:
    """Yield (which project, pair, case) without end."""
    random = np.random.default_rng(seed)
    project = find_project()
    with Runner(project) as runner:
        theirs = [
            (pair.name, case)
            for pair in project.pairs()
            for case in runner.cases(pair).cases.values()
            if pair.name != "ex4" and case.raises is None
        ]
    names = list(FUNCTIONS)
    while True:
        name = names[random.integers(len(names))]
        yield "octave", name, Case(argument(FUNCTIONS[name][0], random))
        pair, case = theirs[random.integers(len(theirs))]
        nudge = Nudge(int(random.integers(2**31)))
        args = [map_leaves(item, nudge.argument) for item in case.args]
        yield (
            "project",
            pair,
            Case(*args, nargout=case.nargout, ignore=case.ignore, seed=case.seed,
                 allow=case.allow, untestable=case.untestable),
        )  # fmt: skip


def in_batches(
    drawn: Iterator[tuple[str, str, Case]], count: int
) -> Iterator[tuple[str, str, Case, list[Case]]]:
    """Yield so many of the cases, pair by pair, each with those that follow it."""
    some = sorted(itertools.islice(drawn, count), key=lambda one: one[:2])
    for (which, name), group in itertools.groupby(some, key=lambda one: one[:2]):
        of_pair = [case for *_, case in group]
        for i, case in enumerate(of_pair, start=1):
            yield which, name, case, of_pair[i : i + AHEAD]


def off_at_one(result: Any, where: tuple[int, int]) -> Any:
    """Return a result with one element off; `where` is which array, and which element of it."""
    seen = iter(range(10**9))

    def change(value: Any) -> Any:
        if not _is_floating(value) or next(seen) != where[0]:
            return value
        array = np.array(value)
        array.reshape(-1)[where[1]] *= array.dtype.type(FACTOR)
        return array if isinstance(value, np.ndarray) else type(value)(array[()])

    return map_leaves(result, change)


def _is_floating(value: Any) -> bool:
    return isinstance(value, (float, np.ndarray, np.floating)) and np.asarray(value).dtype == float


def places(result: Any, case: Case, count: int) -> list[tuple[int, int]]:
    """List the elements of a result that a factor changes, of the outputs that are compared."""
    found: list[tuple[int, int]] = []
    number = 0
    for position, output in enumerate(result if isinstance(result, tuple) else (result,), start=1):
        arrays: list[Any] = []
        map_leaves(output, lambda value: arrays.append(value) if _is_floating(value) else None)  # noqa: B023
        for array in arrays:
            flat = np.ravel(array)
            if position <= count and position not in case.ignore:
                some = np.flatnonzero(np.isfinite(flat) & (np.abs(flat) > 1e-290))
                found += [(number, int(i)) for i in some]
            number += 1
    return found


def wrong_kind(result: CaseResult) -> str:
    """Say what became of a wrong element: caught, missed, within the floor, or never compared."""
    if result.verdict is Verdict.DIFFERENT:
        return "caught"
    found = "not compared"
    for leaf in result.leaves:
        if leaf.distance is None or leaf.allowed is None:
            continue
        off = np.isclose(leaf.distance.relative, FACTOR - 1, rtol=1e-2)
        with np.errstate(invalid="ignore"):
            floor = leaf.allowed / MARGIN
            if np.any(off & (floor < CLEAR * np.abs(leaf.leaf.octave))):
                return "missed"
        found = "within the floor" if off.any() else found
    return found


class Tally:
    """What was found so far.

    Parameters
    ----------
    seed : int
        Decides which elements go wrong.
    all_runs : bool
        Whether each side runs as often as can be; else the first few runs that suffice are all, and
        how many of their floors a difference is says nothing.
    """

    def __init__(self, seed: int, all_runs: bool) -> None:
        self._random = np.random.default_rng(seed)
        self._all_runs = all_runs
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self.notes: list[str] = []
        self.times = 0.0

    def judge(self, runner: Runner, name: str, case: Case, ahead: Sequence[Case]) -> None:
        """Judge a case both ways, unless its pair has had its share of the time."""
        if self._seconds[name] > FIRST + SHARE * sum(self._seconds.values()):
            return
        start = time.process_time()
        self._judge(runner, name, case, ahead)
        self._seconds[name] += time.process_time() - start

    def _judge(self, runner: Runner, name: str, case: Case, ahead: Sequence[Case]) -> None:
        """Judge a case both ways, unless it raises an error or takes long."""
        pair = runner.project.pair(name)
        octave = runner.octave_outcome(pair, case, ahead)
        start = time.process_time()
        reply = runner.python_outcome(pair, case, None)
        if isinstance(octave, Exception) or isinstance(reply, Exception):
            return
        if time.process_time() - start > SECONDS or octave.seconds > OCTAVE_SECONDS:
            return
        found = runner._compared(pair, "right", case, octave, None, name)
        self._count_right(name, case, found)
        choice = places(reply.result, case, len(octave.outputs))
        if not choice or pair.is_script or not found.agrees:
            return
        where = choice[self._random.integers(len(choice))]
        side = _Off(runner.port.function(name), where)
        result = runner._compared(pair, "wrong", case, octave, side, name)
        kind = wrong_kind(result)
        self.wrong[kind] += 1
        if kind == "missed":
            self.notes.append(f"wrong, but {result.verdict}: {name} at {where}, {_sizes(case)}")

    def _count_right(self, name: str, case: Case, found: CaseResult) -> None:
        self.right[str(found.verdict)] += 1
        self.pairs[name] += 1
        for leaf in found.leaves if self._all_runs else ():
            if leaf.verdict is Verdict.ROUNDING and not leaf.excused:
                self.times = max(self.times, leaf.times_floor)
                if leaf.times_floor > MARGIN / 2:
                    self.notes.append(f"right, at {leaf.times_floor:.1f} floors: {name}")
        if found.verdict in (Verdict.DIFFERENT, Verdict.ERROR):
            worst = max((leaf.times_floor for leaf in found.leaves), default=0.0)
            said = f"{worst:.3g} floors {found.problem} {_sizes(case)}"
            self.notes.append(f"right, but {found.verdict}: {name}, {said}")


def work(count: int, seed: int, measure_all: bool, within: float | None) -> None:
    """Judge so many random cases both ways, or fewer in that time; print what was found as JSON."""
    end = math.inf if within is None else time.monotonic() + within
    tally, drawn = Tally(seed + 10**6, measure_all), cases(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        Runner(own_project(Path(folder)), measure_all) as theirs,
        Runner(find_project(), measure_all) as ours,
    ):
        runners = {"octave": theirs, "project": ours}
        while (left := count - tally.right.total()) > 0 and time.monotonic() < end:
            for which, name, case, ahead in in_batches(drawn, min(left, TOGETHER)):
                if time.monotonic() < end:
                    tally.judge(runners[which], name, case, ahead)
            done = f"{tally.right.total()} of {count} cases"
            print(f"\r{done}", end="", file=sys.stderr, flush=True)
    print("\r", end="", file=sys.stderr)
    found = {name: value for name, value in vars(tally).items() if name[0] != "_"}
    print(json.dumps(found))


class _Off:
    """A port whose result is off at one element."""

    def __init__(self, port: Any, where: tuple[int, int]) -> None:
        self._port, self._where = port, where

    def __call__(self, *args: Any) -> Any:
        return off_at_one(self._port(*args), self._where)


def _sizes(case: Case) -> str:
    plain = [a.vector if isinstance(a, Row) else a for a in case.args]
    return str([np.shape(a) if isinstance(a, np.ndarray) else type(a).__name__ for a in plain])


@dataclass(frozen=True)
class Part:
    """Cases that one process judges.

    Attributes
    ----------
    name : str
        Of the setting of the BLAS.
    number : int
        Which part it is of that setting's.
    cases : int
        How many.
    seed : int
        Decides which.
    """

    name: str
    number: int
    cases: int
    seed: int


def parts(count: int, jobs: int, seed: int) -> list[Part]:
    """Split cases evenly over the settings, and those of each over the jobs."""
    each = max(1, jobs // len(SETTINGS))
    total = each * len(SETTINGS)
    return [
        Part(name, i // len(SETTINGS), count // total + (i < count % total), seed + i)
        for i, name in enumerate(list(SETTINGS) * each)
    ]


def judged(part: Part, options: argparse.Namespace, end: float) -> dict[str, Any]:
    """Let a process judge a part's cases until the time is up, and return what it found."""
    command = [sys.executable, "-W", "ignore", __file__, "--worker", "--cases", str(part.cases)]
    command += ["--seed", str(part.seed), *["--all-runs"] * options.all_runs]
    if options.within is not None:
        command += ["--within", str(max(0.0, end - time.monotonic()))]
    ran = subprocess.run(
        command,
        env={**os.environ, **SETTINGS[part.name]},
        stdout=subprocess.PIPE,
        stderr=None if options.jobs == 1 else subprocess.DEVNULL,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Run the parts of the three settings and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--all-runs",
        action="store_true",
        help="run both sides as often as can be, so that the floors needed are measured and not "
        "only found to suffice",
    )
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    add_options(parser)
    options = parser.parse_args()
    if options.worker:
        work(options.cases, options.seed, options.all_runs, options.within)
        return 0
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    start = time.monotonic()
    end = start + (options.within or 0.0)
    times = 0.0
    every = parts(options.cases, options.jobs, options.seed)
    with ThreadPoolExecutor(options.jobs) as pool:
        for part, found in zip(
            every, pool.map(partial(judged, options=options, end=end), every), strict=True
        ):
            right.update(found["right"])
            wrong.update(found["wrong"])
            pairs.update(found["pairs"])
            times = max(times, found["times"])
            which = (
                f"{part.name}, part {part.number + 1}" if len(every) > len(SETTINGS) else part.name
            )
            print(f"{which}: right {found['right']}, wrong {found['wrong']}", flush=True)
            print("\n".join(f"  {note}" for note in found["notes"]), flush=True)
    needed = f"; at most {times:.1f} floors, allowed {MARGIN:.1f}" if options.all_runs else ""
    print(f"right pairs: {dict(right)}{needed}")
    print(f"off by 1e-6 at one element: {dict(wrong)}")
    theirs = len(FUNCTIONS.keys() & pairs.keys())
    print(f"{theirs} of Octave's functions, {len(pairs) - theirs} pairs of this project's")
    print(not_done(right.total(), options.cases, "cases"))
    print(f"{time.monotonic() - start:.0f} s")
    return int(bool(right["different"] or right["error"] or wrong["missed"]))


if __name__ == "__main__":
    sys.exit(main())
