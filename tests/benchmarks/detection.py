"""Breaks the port on purpose and measures whether the tool sees it, and names the place.

From every file of the port, and of every way to break a statement (see `mutation`), the benchmark
takes `EACH` mutants, evenly spread, each in five styles of the same port (see `styles`). Each goes
through the pair's cases, smallest first, until one disagrees; what is said of that one and a few
others names a place. Octave's answers are asked for once. From the project's folder:

    python tests/benchmarks/detection.py [--only PAIR] [--each N | --sample N [--seed S]]
                                         [--style NAME] [--json FILE]
                                         [--jobs N] [--within SECONDS]

`equivalent_mutants.toml` lists the mutants that compute the same, and those that change no output
(but what is printed, drawn, saved), with a reason each. The exit status is 1 if another mutant is
not detected, if the statement is named in less than 95% of any style, or in a style in 2 points
less than in the port as it is. Mutants stand in a temporary copy of the package; the repository is
never changed.
"""

import argparse
import json
import math
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from detection_worker import HARD_LIMIT, Outcome, work
from mutation import Mutant, mutants
from side_by_side import add_options, not_done
from styles import STYLES

from lockstep.project.pairs import Project, find_project

PACKAGE = "backprop"

JOBS = 2
"""Processes that judge mutants, where the command does not say how many."""

EACH = 1
"""Mutants of each file and operator; there are thousands in all, many of them alike."""

LEAST, MOST_APART = 0.95, 0.02
"""Part of the statements to be named in every style, and how far below the first one may be."""

LEFT_OUT = {"ex4": "its one case trains for seconds"}
"""Pairs whose mutants are not made, and why; `detection_worker.SLOW` lists single cases."""

KINDS = {"equivalent": "that compute the same", "beyond": "that change no output"}

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")

Key = tuple[str, str, str, str, int]
"""What names a mutant, wherever in its file it stands: `Mutant.key`."""


@dataclass
class Result:
    """What the tool said of one mutant in each style, and what the reviewer says."""

    mutant: Mutant
    outcomes: dict[str, Outcome]
    reason: str = ""


@dataclass
class Worker:
    """A process that judges mutants, and what it is at."""

    process: Any
    pipe: Connection
    mutant: Mutant | None = None
    since: float = 0.0


@dataclass
class Pool:
    """Worker processes; one that does not answer is killed, and another takes its place."""

    folder: Path
    styles: Callable[[Mutant], Sequence[str]]
    jobs: int = JOBS
    idle: list[Worker] = field(default_factory=list)
    busy: list[Worker] = field(default_factory=list)

    def judged(
        self, tasks: Sequence[Mutant], end: float = math.inf
    ) -> Iterator[tuple[Mutant, dict[str, Outcome]]]:
        """Yield the mutants with what was found, as they are done, until some time."""
        left = list(reversed(tasks))
        self.idle = [self._started(number) for number in range(min(self.jobs, len(tasks)))]
        try:
            while (left or self.busy) and time.monotonic() < end:
                while left and self.idle:
                    self._give(self.idle.pop(), left.pop())
                yield from self._answers()
        finally:
            for worker in self.busy:
                worker.process.kill()
            for worker in [*self.idle, *self.busy]:
                _end(worker)

    def _started(self, number: int) -> Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        place = Path(tempfile.mkdtemp(prefix=f"worker_{number}_", dir=self.folder))
        process = context.Process(target=work, args=(theirs, place, PACKAGE), daemon=True)
        process.start()
        theirs.close()
        return Worker(process, ours)

    def _give(self, worker: Worker, mutant: Mutant) -> None:
        worker.mutant, worker.since = mutant, time.monotonic()
        worker.pipe.send((mutant, self.styles(mutant)))
        self.busy.append(worker)

    def _answers(self) -> Iterator[tuple[Mutant, dict[str, Outcome]]]:
        ready = wait([worker.pipe for worker in self.busy], timeout=1.0)
        for worker in list(self.busy):
            assert worker.mutant is not None
            late = time.monotonic() - worker.since > HARD_LIMIT
            if worker.pipe not in ready and not late:
                continue
            self.busy.remove(worker)
            try:
                outcomes = worker.pipe.recv() if worker.pipe in ready else None
            except EOFError:
                outcomes = None
            if isinstance(outcomes, str):
                raise RuntimeError(outcomes)
            if outcomes is None:
                _end(worker)
                killed = Outcome("killed", seconds=time.monotonic() - worker.since)
                outcomes = dict.fromkeys(self.styles(worker.mutant), killed)
                self.idle.append(self._started(0))
            else:
                self.idle.append(worker)
            yield worker.mutant, outcomes


def _end(worker: Worker) -> None:
    worker.pipe.close()
    worker.process.join(5)
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()


def all_mutants(project: Project, only: str | None = None) -> list[Mutant]:
    """List the mutants of all pairs that have cases."""
    found = []
    for pair in project.pairs():
        ours = project.has_port(pair) and project.cases_file(pair).is_file()
        if ours and pair.name not in LEFT_OUT and only in (None, pair.name):
            file = project.root / "python" / PACKAGE / f"{pair.name}.py"
            found += mutants(pair.name, file.read_text(encoding="utf-8"))
    return found


def spread(found: Sequence[Mutant], each: int) -> list[Mutant]:
    """Pick at most `each` mutants of every file and operator, in the order that they have."""
    groups: dict[tuple[str, str], list[Mutant]] = {}
    for mutant in found:
        groups.setdefault((mutant.pair, mutant.operator), []).append(mutant)
    picked = {mutant for group in groups.values() for mutant in sample(group, each)}
    return [mutant for mutant in found if mutant in picked]


def sample(found: Sequence[Mutant], count: int, seed: int | None = None) -> list[Mutant]:
    """Pick `count` mutants, the same ones each time: evenly spread, or at random by a seed."""
    count = min(count, len(found))
    if seed is not None:
        return random.Random(seed).sample(found, count)
    return [found[i * len(found) // count] for i in range(count)]


def equivalents() -> dict[Key, str]:
    """Read the mutants that no case can detect: their kinds and reasons by what names them."""
    found = {}
    for entry in tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]:
        names = (entry[name] for name in ("pair", "operator", "statement", "mutated"))
        found[(*names, entry.get("number", 1))] = f"{entry['kind']}: {entry['reason']}"
    return found


def measure(
    tasks: Sequence[Mutant],
    styles: Callable[[Mutant], Sequence[str]] = lambda mutant: tuple(STYLES),
    show: Callable[[int, int], None] = lambda done, total: None,
    jobs: int = JOBS,
    within: float | None = None,
) -> list[Result]:
    """Judge mutants, each in its styles, in their order; where the time is up, not all."""
    end = math.inf if within is None else time.monotonic() + within
    reasons = equivalents()
    folder = Path(tempfile.mkdtemp(prefix="detection_"))
    try:
        found = {}
        for mutant, outcomes in Pool(folder, styles, jobs).judged(tasks, end):
            found[mutant] = Result(mutant, outcomes, reasons.get(mutant.key, ""))
            show(len(found), len(tasks))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [found[mutant] for mutant in tasks if mutant in found]


@dataclass(frozen=True)
class Count:
    """How often each thing was seen to in one style.

    Attributes
    ----------
    mutants, detected : int
        Of the mutants that change an output: all, and those that a case told.
    traced, statement, expression, proved : int
        Of the detected with an Octave source: all, and those of which the statement was named, the
        expression, and the statement with a proof.
    """

    mutants: int
    detected: int
    traced: int
    statement: int
    expression: int
    proved: int

    @property
    def missed(self) -> int:
        """How many of the traced have another statement named."""
        return self.traced - self.statement

    @property
    def share(self) -> float:
        """Part of the traced mutants of which the statement was named."""
        return self.statement / self.traced if self.traced else 1.0


def count(results: Sequence[Result], style: str) -> Count:
    """Count what was seen to in one style."""
    live = [
        result.outcomes[style]
        for result in results
        if not result.reason and style in result.outcomes
    ]
    traced = [one for one in live if one.outputs and one.traceable]
    named = [one for one in traced if one.statement]
    return Count(
        len(live),
        sum(bool(one.outputs) for one in live),
        len(traced),
        len(named),
        sum(one.expression for one in named),
        sum(one.proved for one in named),
    )


def table(results: Sequence[Result], styles: Sequence[str]) -> Iterator[str]:
    """Lay out what was found in each style, and the statements named by operator."""
    heads = ("mutants", "detected", "traced", "statement", "expression", "proved")
    yield f"{'style':<26}" + "".join(f"{head:>11}" for head in heads)
    for style in styles:
        one = count(results, style)
        cells = [str(one.mutants), str(one.detected), str(one.traced)]
        total = max(1, one.traced)
        cells += [f"{100 * n / total:.1f}%" for n in (one.statement, one.expression, one.proved)]
        yield f"{style:<26}" + "".join(f"{cell:>11}" for cell in cells)
    yield ""
    yield f"{'statements named, of':<31}" + "".join(f"{style[:14]:>16}" for style in styles)
    for operator in sorted({result.mutant.operator for result in results}):
        rows = [result for result in results if result.mutant.operator == operator]
        counts = [count(rows, style) for style in styles]
        yield f"{operator:<26}{counts[0].traced:>5}" + "".join(
            f"{one.statement:>16}" for one in counts
        )


def misses(results: Sequence[Result], styles: Sequence[str]) -> Iterator[str]:
    """Say what is listed, and name every mutant that was not seen to."""
    kinds = Counter(r.reason.partition(":")[0] for r in results if r.reason)
    said = ", ".join(f"{kinds[kind]} {text}" for kind, text in KINDS.items())
    yield f"{len(results)} mutants; listed with a reason: {said}"
    for result in results:
        for style in [style for style in styles if style in result.outcomes]:
            outcome = result.outcomes[style]
            if result.reason:
                if outcome.outputs:
                    yield f"LISTED, and yet detected ({style}): {_described(result.mutant)}"
            elif not outcome.outputs:
                yield f"NOT DETECTED ({style}): {_described(result.mutant)}"
            elif outcome.traceable and not outcome.statement:
                yield f"another place named ({style}): {_described(result.mutant)}"
                yield f"    {outcome.case!r}, {outcome.outputs}: {outcome.said or 'nothing'}"


def _described(one: Mutant) -> str:
    return f"{one.pair}.py:{one.line} {one.operator}\n    {one.statement}\n    {one.mutated}"


def shortcomings(results: Sequence[Result], styles: Sequence[str]) -> Iterator[str]:
    """Say what falls short of what is asked for."""
    counts = {style: count(results, style) for style in styles}
    first = counts[styles[0]].share
    for style, one in counts.items():
        if one.detected < one.mutants:
            yield f"{style}: {one.mutants - one.detected} mutants are not detected"
        if one.share < LEAST:
            yield f"{style}: the statement is named in {one.share:.1%}, less than {LEAST:.0%}"
        if one.share < first - MOST_APART:
            yield f"{style}: the statement is named in {one.share:.1%}, as it is in {first:.1%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as a command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", metavar="PAIR", help="mutants of this pair")
    how_many = parser.add_mutually_exclusive_group()
    text = f"at most so many of each file and operator (default {EACH}); 0 for all there are"
    how_many.add_argument("--each", metavar="N", type=int, default=EACH, help=text)
    how_many.add_argument("--sample", metavar="N", type=int, help="this many, evenly spread")
    text = "draw the sample at random, by this seed"
    parser.add_argument("--seed", metavar="S", type=int, help=text)
    parser.add_argument("--style", choices=list(STYLES), help="this style alone")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every result there")
    add_options(parser, JOBS)
    options = parser.parse_args(arguments)
    if options.within is not None and options.seed is None:
        parser.error("--within needs --sample N --seed S: the first of others are of one file")
    styles = [options.style] if options.style else list(STYLES)
    tasks = all_mutants(find_project(), options.only)
    if options.sample:
        tasks = sample(tasks, options.sample, options.seed)
    elif options.each:
        tasks = spread(tasks, options.each)
    results = measure(tasks, lambda mutant: styles, _progress, options.jobs, options.within)
    short = list(shortcomings(results, styles))
    print(not_done(len(results), len(tasks), "mutants"))
    for line in [*misses(results, styles), "", *table(results, styles), "", *short]:
        print(line)
    print("left out:", *(f"{name} ({why})" for name, why in LEFT_OUT.items()))
    if options.json:
        said = [asdict(result) for result in results]
        options.json.write_text(json.dumps(said, indent=1), encoding="utf-8")
    return int(bool(short))


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total} mutants", end="\n" if done == total else "", file=sys.stderr)
    elif done % 10 == 0 or done == total:
        print(f"{done} of {total} mutants", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
