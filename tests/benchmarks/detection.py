"""Breaks the port on purpose and measures whether the tool sees it, and names the line.

From every file of the port, and of every way to break a statement (see `mutation`), the benchmark
takes `EACH` mutants, evenly spread. Each goes through the pair's cases, smallest first, until one
disagrees; what is said of that case names a statement. Octave's answers are asked for once.
From the project's folder:

    python tests/benchmarks/detection.py [--only PAIR] [--each N | --sample N] [--json FILE]

`equivalent_mutants.toml` lists the mutants that compute the same, and those that change no output
(but what is printed, drawn, saved), with a reason each; `missed_statements.toml` those for which
another statement is named, with the reason. The exit status is 1 if another mutant is not detected,
or another statement missed. Mutants stand in a temporary copy of the package; the
repository is never changed.
"""

import argparse
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from detection_worker import HARD_LIMIT, Outcome, work
from mutation import Mutant, mutants

from lockstep.project.pairs import Project, find_project

PACKAGE = "backprop"
WORKERS = 2

EACH = 4
"""Mutants of each file and operator; there are thousands in all, many of them alike."""

LEFT_OUT = {"ex4": "its one case trains for seconds"}
"""Pairs whose mutants are not made, and why; `detection_worker.SLOW` lists single cases."""

KINDS = {"equivalent": "that compute the same", "beyond": "that change no output"}

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
MISSED = Path(__file__).with_name("missed_statements.toml")

Key = tuple[str, str, str, str, int]
"""What names a mutant, wherever in its file it stands: `Mutant.key`."""


@dataclass
class Result:
    """What the tool said of one mutant, and what the reviewer says."""

    mutant: Mutant
    outcome: Outcome
    reason: str = ""

    @property
    def detected(self) -> bool:
        """Whether the outputs told."""
        return bool(self.outcome.outputs)

    @property
    def missed(self) -> bool:
        """Whether it was detected, and another statement named."""
        return self.detected and self.outcome.traceable and not self.outcome.localised


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
    idle: list[Worker] = field(default_factory=list)
    busy: list[Worker] = field(default_factory=list)

    def judged(self, tasks: Sequence[Mutant]) -> Iterator[tuple[Mutant, Outcome]]:
        """Yield the mutants with what was found, as they are done."""
        left = list(reversed(tasks))
        self.idle = [self._started(number) for number in range(min(WORKERS, len(tasks)))]
        try:
            while left or self.busy:
                while left and self.idle:
                    self._give(self.idle.pop(), left.pop())
                yield from self._answers()
        finally:
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
        worker.pipe.send(mutant)
        self.busy.append(worker)

    def _answers(self) -> Iterator[tuple[Mutant, Outcome]]:
        ready = wait([worker.pipe for worker in self.busy], timeout=1.0)
        for worker in list(self.busy):
            assert worker.mutant is not None
            late = time.monotonic() - worker.since > HARD_LIMIT
            if worker.pipe not in ready and not late:
                continue
            self.busy.remove(worker)
            try:
                outcome = worker.pipe.recv() if worker.pipe in ready else None
            except EOFError:
                outcome = None
            if outcome is None:
                _end(worker)
                outcome = Outcome("killed", seconds=time.monotonic() - worker.since)
                self.idle.append(self._started(0))
            else:
                self.idle.append(worker)
            yield worker.mutant, outcome


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


def sample(found: Sequence[Mutant], count: int) -> list[Mutant]:
    """Pick `count` mutants, evenly spread: the same ones each time."""
    count = min(count, len(found))
    return [found[i * len(found) // count] for i in range(count)]


def equivalents() -> dict[Key, str]:
    """Read the mutants that no case can detect: their kinds and reasons by what names them."""
    return {key: f"{entry['kind']}: {entry['reason']}" for key, entry in _entries(EQUIVALENT)}


def misses() -> dict[Key, str]:
    """Read the mutants for which another statement is named: the reasons by what names them."""
    return {key: entry["reason"] for key, entry in _entries(MISSED)}


def _entries(file: Path) -> Iterator[tuple[Key, dict[str, Any]]]:
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["mutant"]:
        names = (entry[name] for name in ("pair", "operator", "statement", "mutated"))
        yield (*names, entry.get("number", 1)), entry


def measure(tasks: Sequence[Mutant], show: Any = lambda done, total: None) -> list[Result]:
    """Judge mutants, in their order."""
    reasons = equivalents()
    folder = Path(tempfile.mkdtemp(prefix="detection_"))
    try:
        found = {}
        for mutant, outcome in Pool(folder).judged(tasks):
            found[mutant] = Result(mutant, outcome, reasons.get(mutant.key, ""))
            show(len(found), len(tasks))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [found[mutant] for mutant in tasks]


def table(results: Sequence[Result]) -> Iterator[str]:
    """Lay out what was found, by operator."""
    heads = ("mutants", "listed", "detected", "named", "proved")
    yield f"{'operator':<20}" + "".join(f"{head:>11}" for head in heads)
    operators = Counter(result.mutant.operator for result in results)
    for operator in [*sorted(operators), ""]:
        rows = [r for r in results if operator in ("", r.mutant.operator)]
        live = [r for r in rows if not r.reason]
        traced = [r.outcome for r in live if r.outcome.traceable]
        counts = [len(rows), len(rows) - len(live), sum(r.detected for r in live)]
        counts += [sum(one.localised for one in traced)]
        counts += [sum(one.localised and one.proved for one in traced)]
        yield f"{operator or 'all':<20}" + "".join(f"{count:>11}" for count in counts)


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Say how much was detected, how much was localised, and list every miss."""
    live = [result for result in results if not result.reason]
    traced = [r for r in live if r.outcome.traceable]
    named = [r for r in traced if r.outcome.localised]
    explained = misses()
    kinds = Counter(r.reason.partition(":")[0] for r in results if r.reason)
    said = ", ".join(f"{kinds[kind]} {text}" for kind, text in KINDS.items())
    yield f"{len(results)} mutants; listed with a reason: {said}"
    yield f"detected: {sum(r.detected for r in live)} of the other {len(live)}"
    if traced:
        share = 100 * len(named) / len(traced)
        yield f"the statement is named exactly: {len(named)} of {len(traced)} ({share:.1f}%)"
    yield f"without an Octave source to trace: {len(live) - len(traced)}"
    mean = sum(r.outcome.seconds for r in results) / max(1, len(results))
    yield f"{mean:.2f} s a mutant"
    for result in results:
        if result.reason and result.outcome.outputs:
            yield f"LISTED, and yet detected: {_described(result)}"
    for result in live:
        if not result.detected:
            yield f"NOT DETECTED: {_described(result)}"
        elif result.missed:
            said = result.outcome.named[0] or "nothing"
            why = explained.get(result.mutant.key, "NOT EXPLAINED")
            yield f"another statement named: {_described(result)}"
            yield f"    {result.outcome.case!r}: {said}\n    {why}"


def _described(result: Result) -> str:
    one = result.mutant
    return f"{one.pair}.py:{one.line} {one.operator}\n    {one.statement}\n    {one.mutated}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as a command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", metavar="PAIR", help="mutants of this pair")
    how_many = parser.add_mutually_exclusive_group()
    text = f"at most so many of each file and operator (default {EACH}); 0 for all there are"
    how_many.add_argument("--each", metavar="N", type=int, default=EACH, help=text)
    how_many.add_argument("--sample", metavar="N", type=int, help="this many, evenly spread")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every result there")
    options = parser.parse_args(arguments)
    tasks = all_mutants(find_project(), options.only)
    if options.sample:
        tasks = sample(tasks, options.sample)
    elif options.each:
        tasks = spread(tasks, options.each)
    results = measure(tasks, _progress if sys.stderr.isatty() else lambda done, total: None)
    for line in [*table(results), *summary(results)]:
        print(line)
    print("left out:", *(f"{name} ({why})" for name, why in LEFT_OUT.items()))
    if options.json:
        said = [{**asdict(r), "detected": r.detected} for r in results]
        options.json.write_text(json.dumps(said, indent=1), encoding="utf-8")
    live = [result for result in results if not result.reason]
    unexplained = [r for r in live if r.missed and r.mutant.key not in misses()]
    return int(bool(unexplained) or not all(result.detected for result in live))


def _progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} mutants", end="\n" if done == total else "", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
