"""What is noticed and named of the catalogue of porting mistakes, and are right ports let be.

Every entry of tests/catalogue/entries_*.toml is an Octave function, a right port of it, and one
with a mistake. Both are compared with Octave in all their cases, as `lockstep run` does; what
disagrees is explained. From the project's folder:

    python tests/benchmarks/catalogue.py            the table by groups
    python tests/benchmarks/catalogue.py --each     every entry, too
    python tests/benchmarks/catalogue.py NAME ...   these entries alone
    python tests/benchmarks/catalogue.py --jobs N   in several processes

The expression counts as named where the named one and the true one lie in one another and the
shorter is at least half as long. The exit status is 1 where a mistake is not noticed, where less
than 95% of the statements or less than 85% of the expressions are named, or where a right port is
accused.
"""

import argparse
import contextlib
import itertools
import sys
import time
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from side_by_side import add_options, done, not_done

from lockstep.compare.verdict import Verdict
from lockstep.explaining import explain
from lockstep.model.report import Finding, Place
from lockstep.project.pairs import Project, find_project
from lockstep.runner import Runner

CATALOGUE = Path(__file__).parents[1] / "catalogue"

STATEMENTS, EXPRESSIONS = 0.95, 0.85
"""Parts of the mistakes whose statement, and whose expression, are to be named."""


TOGETHER = 6
"""Entries that are tried in one Octave."""


@dataclass(frozen=True)
class Entry:
    """A mistake of the catalogue.

    Attributes
    ----------
    name : str
        Of the function.
    group, kind : str
        What sort of mistake it is.
    line : int
        Where it is in the wrong port.
    expression : str
        What is wrong there.
    """

    name: str
    group: str
    kind: str
    line: int
    expression: str


@dataclass(frozen=True)
class Result:
    """What was said of both ports of an entry.

    Attributes
    ----------
    entry : Entry
        Which.
    detected : bool
        Whether a case of the wrong port disagrees.
    found : Finding or None
        The place that is named in the wrong port.
    note : str
        What is said where none is named.
    seconds : float
        Time of the explanation.
    accused : str
        What is said against the right port; empty for nothing.
    """

    entry: Entry
    detected: bool
    found: Finding | None
    note: str
    seconds: float
    accused: str

    @cached_property
    def statement(self) -> bool:
        """Whether the statement is named."""
        place = self.found.port if self.found else None
        return place is not None and self.entry.line in (place.line, place.span.line)

    @cached_property
    def expression(self) -> bool:
        """Whether the expression is named."""
        place = self.found.port if self.found else None
        return self.statement and place is not None and overlap(place, self.entry)

    @property
    def proved(self) -> bool:
        """Whether the place is proved by a replay."""
        return self.found is not None and self.found.proved


def entries() -> list[Entry]:
    """Read the catalogue."""
    return [
        Entry(name, one["group"], one["kind"], one["line"], one["expression"])
        for file in sorted(CATALOGUE.glob("entries_*.toml"))
        for name, one in tomllib.loads(file.read_text(encoding="utf-8")).items()
    ]


def overlap(place: Place, entry: Entry) -> bool:
    """Whether the named expression and the true one lie in one another, at least half as long."""
    text = place.file.read_text(encoding="utf-8")
    lines = text.split("\n")

    def offset(line: int, column: int) -> int:
        """Count the characters before a place, without blanks."""
        before = [*lines[: line - 1], lines[line - 1].encode()[:column].decode()]
        return len("".join("".join(before).split()))

    span = place.span
    start, end = offset(span.line, span.column), offset(span.last_line, span.last_column)
    wanted = "".join(entry.expression.split())
    compact = "".join(text.split())
    true = [
        at
        for at in range(offset(entry.line, 0), len(compact))
        if compact.startswith(wanted, at)
    ]  # fmt: skip
    return any(nested((start, end), (at, at + len(wanted))) for at in true[:3])


def nested(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether of two stretches one lies in the other and is at least half as long."""
    (shorter, longer) = sorted([one, other], key=lambda stretch: stretch[1] - stretch[0])
    inside = longer[0] <= shorter[0] and shorter[1] <= longer[1]
    return inside and 2 * (shorter[1] - shorter[0]) >= longer[1] - longer[0]


def side(name: str) -> Project:
    """Return the right or the wrong ports, with Octave's functions and the cases."""
    return find_project(
        CATALOGUE,
        octave=str(CATALOGUE / "m"),
        port=str(CATALOGUE / name),
        cases=str(CATALOGUE / "cases"),
    )


def measure(chosen: Sequence[Entry]) -> Iterator[Result]:
    """Compare and explain both ports of entries."""
    with Runner(side("right")) as runner:
        accused = {entry.name: accusation(runner, entry.name) for entry in chosen}
    with Runner(side("wrong")) as runner:
        for entry in chosen:
            yield wrong(runner, entry, accused[entry.name])


def measure_some(chosen: Sequence[Entry]) -> list[Result]:
    """Compare and explain both ports of entries, quietly."""
    with quiet():
        return list(measure(chosen))


def accusation(runner: Runner, name: str) -> str:
    """Say what a run, and an explanation, hold against a right port; empty for nothing."""
    pair = runner.project.pair(name)
    cases = runner.cases(pair).cases
    results = [runner.run_case(pair, case, cases[case]) for case in cases]
    bad = [one for one in results if not one.agrees]
    found = explain(runner, pair, cases, results)
    if bad:
        return f"{bad[0].case}: {bad[0].verdict} {bad[0].problem}"
    if found.finding is not None or found.note:
        return f"accused: {described(found.finding)} {found.note}"
    return ""


def wrong(runner: Runner, entry: Entry, accused: str) -> Result:
    """Explain a wrong port."""
    pair = runner.project.pair(entry.name)
    cases = runner.cases(pair).cases
    results = [runner.run_case(pair, case, cases[case]) for case in cases]
    detected = any(one.verdict in (Verdict.DIFFERENT, Verdict.ERROR) for one in results)
    start = time.perf_counter()
    found = explain(runner, pair, cases, results)
    seconds = time.perf_counter() - start
    return Result(entry, detected, found.finding, found.note, seconds, accused)


def described(found: Finding | None) -> str:
    """Name the place of a finding in a line."""
    if found is None or found.port is None:
        return "nothing named"
    return f"{found.fault} in {found.port.line}: {found.port.expression or found.port.statement}"


def line(result: Result) -> str:
    """Describe a result in a line, and what was to be named where another place was."""
    entry = result.entry
    marks = "".join(
        mark if holds else "-"
        for mark, holds in [
            ("D", result.detected),
            ("S", result.statement),
            ("E", result.expression),
            ("P", result.proved),
        ]
    )
    said = f"{marks} {entry.name:<20} {result.seconds:5.1f} s  {described(result.found)}"
    if not result.expression:
        said += f"   WANTED {entry.line}: {entry.expression} {result.note}"
    return said + (f"   RIGHT PORT ACCUSED {result.accused}" if result.accused else "")


def table(results: Sequence[Result]) -> Iterator[str]:
    """Count by groups."""
    head = ("detected", "statement", "expression", "proved", "accused")
    yield f"{'group':<12} {'entries':>7}" + "".join(f"{name:>11}" for name in head) + "    seconds"
    groups = dict.fromkeys(result.entry.group for result in results)
    for group in [*sorted(groups), "all"]:
        some = [one for one in results if group in (one.entry.group, "all")]
        counts = [
            sum(one.detected for one in some),
            sum(one.statement for one in some),
            sum(one.expression for one in some),
            sum(one.proved for one in some),
            sum(bool(one.accused) for one in some),
        ]
        longest = max(one.seconds for one in some)
        mean = sum(one.seconds for one in some) / len(some)
        yield (
            f"{group:<12} {len(some):>7}"
            + "".join(f"{count:>11}" for count in counts)
            + f"    {mean:.1f}, at most {longest:.1f}"
        )


def shortcomings(results: Sequence[Result]) -> Iterator[str]:
    """Say what falls short of what is asked for."""
    total = len(results)
    if not all(one.detected for one in results):
        yield "a mistake is not noticed"
    for what, least in (("statement", STATEMENTS), ("expression", EXPRESSIONS)):
        part = sum(getattr(one, what) for one in results) / total
        if part < least:
            yield f"the {what} is named in {part:.1%}, less than {least:.0%}"
    if any(one.accused for one in results):
        yield "a right port is accused"


def main(arguments: Sequence[str]) -> int:
    """Print the table; return the exit status."""
    parser = argparse.ArgumentParser(description="Measure what is said of the catalogue.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="entries; all of them if none")
    parser.add_argument("--each", action="store_true", help="a line for every entry")
    add_options(parser)
    options = parser.parse_args(arguments)
    every = entries()
    unknown = set(options.names) - {entry.name for entry in every}
    if unknown:
        parser.error(f"no such entry: {', '.join(sorted(unknown))}")
    chosen = [entry for entry in every if not options.names or entry.name in options.names]
    parts = [chosen[i : i + TOGETHER] for i in range(0, len(chosen), TOGETHER)]
    results: list[Result] = []
    for some in done(measure_some, parts, options.jobs, options.within):
        results += some
        for result in some:
            if options.each or options.names or not result.expression or result.accused:
                print(line(result), flush=True)
    print(not_done(len(results), len(chosen), "entries"))
    if not results:
        return 1
    print(*table(results), sep="\n")
    said = list(shortcomings(results))
    print(*said, sep="\n", end="\n" if said else "")
    return int(bool(said))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep to itself what wrong ports warn of."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def spread(every: Iterable[Entry], most: int) -> list[Entry]:
    """Pick some entries, a group after the other."""
    by_group: dict[str, list[Entry]] = {}
    for entry in every:
        by_group.setdefault(entry.group, []).append(entry)
    rounds = itertools.zip_longest(*by_group.values())
    return [entry for some in rounds for entry in some if entry is not None][:most]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
