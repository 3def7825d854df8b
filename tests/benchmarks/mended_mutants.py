"""Breaks the exercise's port on purpose, and counts how often a mend is found that was tried.

The mutants are those of `detection`, evenly spread over files and ways to break a statement; those
that compute the same are left out. Each stands in a project of its own, of which all cases are run
as `lockstep mend` does. From the project's folder:

    python tests/benchmarks/mended_mutants.py [--sample N [--seed S]] [--only PAIR] [--skip N]
                                              [--jobs N] [--within SECONDS]

A mutant counts if a case of it disagrees, with a value that is another one. The exit status is 1
if a mend after which every case agrees is found for less than half of them.
"""

import argparse
import ast
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from detection import PACKAGE, all_mutants, equivalents, sample
from mutation import Mutant
from side_by_side import add_options, done, not_done

from lockstep.model.report import Mend
from lockstep.project.pairs import Project, ProjectError, find_project
from lockstep.supervisor import Supervisor

SAMPLE = 100
"""Mutants that are tried."""

LEAST = 0.5
"""What part of them is to be mended."""

SETTINGS = '[tool.lockstep]\noctave = "octave"\nport = "{package}"\ncases = "tests/cases"\n'


@dataclass(frozen=True)
class Result:
    """What was found of a mutant.

    Attributes
    ----------
    mutant : Mutant
        Which.
    mend : Mend or None
        The change after which most cases agree.
    restored : bool
        Whether with it the module is the right one again.
    seconds : float
        For the search.
    """

    mutant: Mutant
    mend: Mend | None
    restored: bool
    seconds: float

    @property
    def mended(self) -> bool:
        """Whether every case agrees with the mend."""
        return self.mend is not None and self.mend.agreeing == self.mend.cases


@contextmanager
def broken(project: Project, mutant: Mutant) -> Iterator[Project]:
    """Make a project of the same cases, with one module broken."""
    with tempfile.TemporaryDirectory(prefix="mutant_") as folder:
        root = Path(folder)
        (root / "python").mkdir()
        (root / "tests").mkdir()
        for part in ("octave", "data", "tests/cases"):
            (root / part).symlink_to(project.root / part)
        shutil.copytree(
            project.root / "python" / PACKAGE,
            root / "python" / PACKAGE,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        (root / "pyproject.toml").write_text(SETTINGS.format(package=PACKAGE), encoding="utf-8")
        file = root / "python" / PACKAGE / f"{mutant.pair}.py"
        file.write_text(mutant.applied(file.read_text(encoding="utf-8")), encoding="utf-8")
        sys.path.insert(0, str(root / "python"))  # the engine is given it
        try:
            yield find_project(root)
        finally:
            sys.path.remove(str(root / "python"))


def measured(project: Project, mutant: Mutant) -> Result | None:
    """Look for a mend of a mutant; None where no case shows it by a value."""
    right = (project.root / "python" / PACKAGE / f"{mutant.pair}.py").read_text(encoding="utf-8")
    with broken(project, mutant) as other, Supervisor(other) as both:
        for name, labels in both.listing(mutant.pair).items():
            both.run_case(mutant.pair, name, labels[:1])
        start = time.monotonic()
        try:
            found = both.mend(mutant.pair)
            failing, mend = found.failing, found.mend
        except ProjectError:  # it took too long
            failing, mend = 1, None
        seconds = time.monotonic() - start
    if not failing:
        return None
    return Result(mutant, mend, mend is not None and _same(mend.mended, right), seconds)


def _same(one: str, other: str) -> bool:
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


def line(result: Result) -> str:
    """Return what is printed of one mutant."""
    one = result.mutant
    said = f"{'mended' if result.mended else '-':<7}{one.pair}.py:{one.line} {one.operator}"
    said += f" ({result.seconds:.0f} s)\n    {one.statement[:90]}\n    {one.mutated[:90]}"
    if result.mend is not None:
        new = [x[1:].strip() for x in result.mend.diff.splitlines() if x[:1] == "+"][1:]
        said += f"\n    {result.mend.agreeing}/{result.mend.cases}: {' | '.join(new)}"
    return said


def table(results: Sequence[Result]) -> Iterator[str]:
    """Lay out what was found, by the way in which the statement is broken."""
    yield f"{'operator':<20}{'mutants':>9}{'mended':>9}{'restored':>10}"
    counts: dict[str, Counter[str]] = {}
    for one in results:
        for name in (one.mutant.operator, "all"):
            count = counts.setdefault(name, Counter())
            count.update({"mutants": 1, "mended": one.mended, "restored": one.restored})
    for name in [*sorted(counts.keys() - {"all"}), *(["all"] if results else [])]:
        one = counts[name]
        yield f"{name:<20}{one['mutants']:>9}{one['mended']:>9}{one['restored']:>10}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as a command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sample", metavar="N", type=int, default=SAMPLE, help="how many mutants")
    parser.add_argument("--skip", metavar="N", type=int, default=0, help="leave out the first N")
    parser.add_argument("--only", metavar="PAIR", help="mutants of this pair")
    text = "draw the sample at random, by this seed"
    parser.add_argument("--seed", metavar="S", type=int, help=text)
    add_options(parser)
    options = parser.parse_args(arguments)
    if options.within is not None and options.seed is None:
        parser.error("--within needs --seed S: without it the first are of one file")
    project = find_project()
    same = equivalents()
    found = [one for one in all_mutants(project, options.only) if one.key not in same]
    tasks = sample(found, options.sample, options.seed)[options.skip :]
    results: list[Result] = []
    number = 0
    each = done(partial(measured, project), tasks, options.jobs, options.within)
    for number, result in enumerate(each, start=1):
        if sys.stderr.isatty():
            print(f"\r{number} of {len(tasks)} mutants", end="", file=sys.stderr)
        if result is not None:
            results.append(result)
            print(line(result), flush=True)
    print(not_done(number, len(tasks), "mutants"))
    for text in ["", *table(results)]:
        print(text)
    return int(sum(one.mended for one in results) < LEAST * len(results))


if __name__ == "__main__":
    sys.exit(main())
