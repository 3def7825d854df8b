"""What is said of code that nobody here wrote: Octave's scripts against Python's libraries.

`foreign.toml` pairs functions of Octave's own scripts, and of Debian's octave-signal,
octave-statistics, octave-image and octave-linear-algebra, with the function of the same purpose in
NumPy, SciPy, statsmodels or scikit-image, as they are installed. Where the outputs agree, nothing
may be accused. Then `EACH` mutants of every function, of as many kinds as can be, are made in a
copy of its module: every one that changes an output has to be detected, and its statement named.
From the project's folder:

    tox -e foreign                                      installs what is needed, and runs it
    python tests/benchmarks/foreign.py [NAME ...] [--each N] [--json FILE]

The exit status is 1 where less than 40 functions agree, something right is accused, a mutant is not
detected, or less than 90% of the statements are named.
"""

import argparse
import ast
import contextlib
import functools
import importlib
import inspect
import json
import re
import resource
import shutil
import sys
import tempfile
import tomllib
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from detection_worker import (
    MEMORY,
    RememberedOracle,
    SharedRunner,
    TimeUpError,
    count_computed_time,
    limited,
)
from mutation import Mutant, mutants

from lockstep.explain.numbers import numbers, same_numbers
from lockstep.explaining import explain
from lockstep.model.report import Finding
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair, ProjectError, find_project
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveSession
from lockstep.sides.port import PortError
from lockstep.tracing import traced

TABLE = Path(__file__).with_name("foreign.toml")

EACH = 4
"""Mutants of each function."""

TRIED = 60
"""Mutants of a function that are tried until so many change an output."""

LEAST_PAIRS, LEAST_NAMED = 40, 0.9
"""Functions that are to agree, and part of the statements that are to be named."""

CALL_LIMIT, EXPLANATION_LIMIT = 10.0, 90.0
"""Seconds that a mutant may compute, and that its explanation may."""

PACKAGES = Path("/usr/share/octave/packages"), Path("/usr/lib")
"""Where Debian puts the packages of Octave, and what is compiled of them."""

CASES = """
import numpy as np

from lockstep import Case, row

generator = np.random.default_rng(11)
A = np.round(generator.normal(1.0, 2.0, (6, 4)), 3)
B = np.abs(A) + 0.25
V = np.round(generator.uniform(0.2, 5.0, 9), 3)
W = np.round(generator.normal(0.0, 2.0, 9), 3)
S = np.round(generator.normal(0.0, 1.0, (3, 3)), 3)
G = generator.integers(0, 256, (12, 10)).astype(np.uint8)
C = np.round(generator.uniform(0.0, 1.0, (3, 4, 3)), 3)

vectors = "flat"
cases = {{str(number): case for number, case in enumerate([{cases}], start=1)}}
"""


@dataclass(frozen=True)
class Entry:
    """A row of the table.

    Attributes
    ----------
    name : str
        Octave's function.
    package : str
        Octave's package; empty for a script of Octave itself.
    python : str
        The module and the function, with a colon between.
    port : str
        The port: head and statements of a function, which has the copy of the module as `m`.
    cases : str
        The arguments, in Python.
    """

    name: str
    python: str
    port: str
    cases: str
    package: str = ""


@dataclass
class Outcome:
    """What was said of one function.

    Attributes
    ----------
    name : str
        Of the function.
    trouble : str
        Why it could not be compared, or how it disagrees; empty where it agrees.
    accused : str
        What is said against it though it agrees; empty for nothing.
    untraced : str
        Why it could not be traced; empty where it was.
    mutants : list of Judged
        Of its mutants, those that change an output.
    """

    name: str
    trouble: str = ""
    accused: str = ""
    untraced: str = ""
    mutants: list["Judged"] = field(default_factory=list)


@dataclass
class Judged:
    """What was said of one mutant: whether a case told, and what was named."""

    mutant: Mutant
    detected: bool
    statement: bool = False
    proved: bool = False
    said: str = ""


class Workshop:
    """Makes the project of one entry in a folder, and judges its mutants there.

    Parameters
    ----------
    entry : Entry
        Which.
    root : Path
        An empty folder.

    Raises
    ------
    LookupError
        If a side is not installed.
    """

    def __init__(self, entry: Entry, root: Path) -> None:
        self.entry = entry
        self._function, self._text = source(entry.python)
        self._copy = root / "port" / f"copied_{entry.name}.py"
        for folder in ("port", "cases"):
            (root / folder).mkdir(parents=True)
        head = f"import numpy as np\n\nimport copied_{entry.name} as m\n\n\n"
        signature, _, body = entry.port.partition(": ")
        lines = "".join(f"    {line}\n" for line in body.split("; "))
        port = f"{head}def {signature}:\n{lines}"
        (root / "port" / f"{entry.name}.py").write_text(port)
        (root / "cases" / f"{entry.name}.py").write_text(CASES.format(cases=entry.cases))
        folders = octave_folders(entry)
        own = root / "m"
        own.mkdir()
        shutil.copy(folders[0] / f"{entry.name}.m", own)
        if (folders[0] / "private").is_dir():
            shutil.copytree(folders[0] / "private", own / "private")
        self.project = find_project(
            root, octave=str(own), port=str(root / "port"), cases=str(root / "cases")
        )
        beside = folders if entry.package else []
        self._oracle = RememberedOracle(OctaveSession([own, *beside]), [own])

    def close(self) -> None:
        """End Octave."""
        self._oracle.close()

    @contextlib.contextmanager
    def runner(self, text: str) -> Iterator[tuple[Runner, Pair]]:
        """Run with a text as the copy of the module."""
        self._copy.write_text(text, encoding="utf-8")
        folder = str(self._copy.parent)
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(folder):
                del sys.modules[name]
        importlib.invalidate_caches()
        yield SharedRunner(self.project, self._oracle), self.project.pair(self.entry.name)

    def outcome(self, each: int, wanted: Counter[str]) -> Outcome:
        """Compare the function, then break it.

        Parameters
        ----------
        each : int
            How many mutants.
        wanted : Counter
            How often each kind of mutant has been judged; the rarest go first.
        """
        found = Outcome(self.entry.name)
        with self.runner(self._text) as (runner, pair):
            cases = runner.cases(pair).cases
            results = [runner.run_case(pair, name, case) for name, case in cases.items()]
            bad = next((one for one in results if not one.agrees), None)
            if bad is not None:
                wrong = [f"{leaf.name} {leaf.verdict}" for leaf in bad.leaves]
                found.trouble = bad.problem or ", ".join(wrong)
                return found
            try:
                found.accused = self._accusation(runner, pair)
            except ProjectError as error:
                found.untraced = str(error)
            right = self._results(runner, pair)
        for mutant in self._candidates(wanted)[:TRIED]:
            if len(found.mutants) == each:
                break
            judged = self._judged(mutant, right)
            if judged is not None:
                found.mutants.append(judged)
                wanted[mutant.operator] += 1
        return found

    def _accusation(self, runner: Runner, pair: Pair) -> str:
        """Say what a trace holds against the function; empty for nothing."""
        cases = runner.cases(pair).cases
        for name in cases:
            found = traced(runner, pair, cases, name, 1, True)
            if found.finding is not None or found.forced is not None:
                return f"{name}: {described(found.finding)}"
        return ""

    def _candidates(self, wanted: Counter[str]) -> list[Mutant]:
        tree = ast.parse(self._text)
        beside = lines_of_decorators(tree)
        every = [one for one in mutants(self._function, self._text) if one.line not in beside]
        turns: Counter[str] = Counter()
        ranked = []
        for place, mutant in enumerate(every):
            turns[mutant.operator] += 1
            ranked.append((turns[mutant.operator], wanted[mutant.operator], place, mutant))
        return [mutant for *_, mutant in sorted(ranked, key=lambda one: one[:3])]

    def _results(self, runner: Runner, pair: Pair) -> list[Any]:
        """Call the port alone."""
        found: list[Any] = []
        for case in runner.cases(pair).cases.values():
            try:
                with limited(CALL_LIMIT):
                    found.append(compared_part(runner.port.call(pair, case).result, case))
            except (Exception, TimeUpError) as error:
                found.append(error)
        return found

    def _judged(self, mutant: Mutant, right: Sequence[Any]) -> Judged | None:
        """Judge a mutant; None where it changes no output."""
        with self.runner(mutant.applied(self._text)) as (runner, pair):
            try:
                runner.port.function(pair.name)
            except PortError:
                return None  # the module cannot be imported
            changed = self._results(runner, pair)
            if all(is_same(a, b) for a, b in zip(changed, right, strict=True)):
                return None
            if any(isinstance(one, TimeUpError) for one in changed):
                return None
        with self.runner(mutant.applied(self._text)) as (runner, pair):
            return self._explained(runner, pair, mutant)

    def _explained(self, runner: Runner, pair: Pair, mutant: Mutant) -> Judged:
        cases = runner.cases(pair).cases
        try:
            with limited(EXPLANATION_LIMIT):
                results = [runner.run_case(pair, name, case) for name, case in cases.items()]
                judged = Judged(mutant, not all(one.agrees for one in results))
                found = explain(runner, pair, cases, results)
        except TimeUpError:
            return Judged(mutant, True, said="time out")
        except Exception as error:  # of the tool itself: a miss
            return Judged(mutant, True, said=f"not explained: {type(error).__name__}: {error}")
        place = found.finding.port if found.finding is not None else None
        if place is not None and place.file.name == self._copy.name:
            near = set(range(mutant.line, mutant.last_line + 1))
            if mutant.mutated == "pass":
                near |= places_of_loss(mutant, self._text)
            judged.statement = bool(near & {place.line, place.span.line})
        judged.proved = found.finding is not None and found.finding.proved
        judged.said = f"{described(found.finding)} {found.note}".strip()
        return judged


def compared_part(result: Any, case: Case) -> Any:
    """Return what is compared of a result: of a tuple as many outputs as Octave is asked for."""
    if not isinstance(result, tuple):
        return result
    return result[: case.nargout] if (case.nargout or 1) > 1 else result[0]


def is_same(one: Any, other: Any) -> bool:
    """Whether two results are the same but for rounding."""
    if isinstance(one, BaseException) or isinstance(other, BaseException):
        return type(one) is type(other)
    a, b = numbers(one), numbers(other)
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and same_numbers(a.flat, b.flat)


def described(found: Finding | None) -> str:
    """Name the place of a finding in a line."""
    if found is None:
        return "nothing named"
    place = found.port or found.octave
    assert place is not None
    return f"{found.fault}, {place.file.name}:{place.line} {place.expression or place.statement}"


def places_of_loss(mutant: Mutant, text: str) -> set[int]:
    """Return the lines where a statement that is deleted is missed: as near as can be to it.

    They are the next statement, the one that first reads what it would have bound, and the head
    of its block where it was all of that.
    """
    found = {mutant.next_line, first_reader(mutant, text)}
    for node in ast.walk(ast.parse(text)):
        for block in ("body", "orelse"):
            inner = getattr(node, block, None)
            if isinstance(inner, list) and [one.lineno for one in inner] == [mutant.line]:
                found.add(getattr(node, "lineno", 0))
    return found


def first_reader(mutant: Mutant, text: str) -> int:
    """Return the line that first reads what a deleted statement would have bound; 0 for none."""
    deleted = ast.parse(mutant.statement + ("\n    pass" if mutant.statement[-1:] == ":" else ""))
    bound = {node.id for node in ast.walk(deleted) if is_stored(node)}
    reads = (
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and node.id in bound and not is_stored(node)
    )
    return min((line for line in reads if line > mutant.last_line), default=0)


def is_stored(node: ast.AST) -> bool:
    """Whether a node of a tree is a name that is bound there."""
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def lines_of_decorators(tree: ast.Module) -> set[int]:
    """List the lines of functions of a module that its decorators call: they are no computation."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: set[int] = set()
    for function in functions.values():
        named = {
            node.id
            for decorator in function.decorator_list
            for node in ast.walk(decorator)
            if isinstance(node, ast.Name)
        }
        for name in named & functions.keys():
            found |= set(range(functions[name].lineno, functions[name].end_lineno + 1))
    return found


@functools.cache
def source(python: str) -> tuple[str, str]:
    """Return the name of a function, and the text of its module, with absolute imports.

    Raises
    ------
    LookupError
        If it is not installed, or not written in Python.
    """
    module, _, name = python.partition(":")
    try:
        found = inspect.unwrap(getattr(importlib.import_module(module), name))
        file = found.__code__.co_filename
    except (ImportError, AttributeError) as error:
        raise LookupError(f"{python} is not there: {error}") from error
    home = next(one for one in sys.modules.values() if getattr(one, "__file__", None) == file)
    lines = Path(file).read_text(encoding="utf-8").split("\n")
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = str(home.__package__).split(".")
            above = package[: len(package) - node.level + 1]
            whole = ".".join([*above, *filter(None, [node.module])])
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = re.sub(r"from\s+\.[\w.]*", f"from {whole}", line, count=1)
    return found.__name__, "\n".join(lines)


def octave_folders(entry: Entry) -> list[Path]:
    """Return the folders that an entry's function is in, its package's compiled part with it.

    Raises
    ------
    LookupError
        If it is not there.
    """
    if entry.package:
        found = [
            folder
            for root in (PACKAGES[0], *sorted(PACKAGES[1].glob("*/octave/packages")))
            for folder in sorted(root.glob(f"{entry.package}-[0-9]*"))
        ]
        compiled = [one for folder in found for one in sorted(folder.glob("*-*-*"))]
        if not found or not (found[0] / f"{entry.name}.m").is_file():
            raise LookupError(f"octave-{entry.package} is not installed")
        return [found[0], *compiled]
    for file in sorted(Path("/usr/share/octave").glob(f"*/m/*/{entry.name}.m")):
        return [file.parent]
    raise LookupError(f"Octave has no script {entry.name}.m")


def entries() -> list[Entry]:
    """Read the table."""
    found = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return [Entry(name, **fields) for name, fields in found.items()]


def measure(chosen: Sequence[Entry], each: int) -> Iterator[Outcome]:
    """Compare and break the functions of some entries."""
    wanted: Counter[str] = Counter()
    for entry in chosen:
        root = Path(tempfile.mkdtemp(prefix="foreign_"))
        path = list(sys.path)
        try:
            shop = Workshop(entry, root)
            try:
                yield shop.outcome(each, wanted)
            finally:
                shop.close()
        except LookupError as error:
            yield Outcome(entry.name, f"left out: {error}")
        finally:
            sys.path[:] = path
            shutil.rmtree(root, ignore_errors=True)


def line(one: Outcome) -> str:
    """Describe an outcome in a line, and each miss in one more."""
    if one.trouble:
        return f"{one.name:<24} {one.trouble}"
    detected = sum(judged.detected for judged in one.mutants)
    named = sum(judged.statement for judged in one.mutants)
    said = f"{one.name:<24} agrees; mutants {len(one.mutants)}, detected {detected}, named {named}"
    if one.accused or one.untraced:
        said += f"   {one.untraced}" if one.untraced else f"   ACCUSED {one.accused}"
    for judged in one.mutants:
        if not (judged.detected and judged.statement):
            mutant = judged.mutant
            said += f"\n    {mutant.operator}, line {mutant.line}: {mutant.statement}"
            said += f"\n        {mutant.mutated}\n        {judged.said or 'NOT DETECTED'}"
    return said


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Count what was found."""
    agreeing = [one for one in outcomes if not one.trouble]
    judged = [judged for one in agreeing for judged in one.mutants]
    detected = [one for one in judged if one.detected]
    named = sum(one.statement for one in detected)
    proved = sum(one.statement and one.proved for one in detected)
    yield f"{len(agreeing)} of {len(outcomes)} functions agree"
    untraced = sum(bool(one.untraced) for one in agreeing)
    accused = sum(bool(one.accused) for one in agreeing)
    yield f"of them not traced: {untraced}; accused though they agree: {accused}"
    kinds = len({one.mutant.operator for one in judged})
    yield f"{len(judged)} mutants of {kinds} kinds change an output; detected: {len(detected)}"
    share = 100 * named / max(1, len(detected))
    yield f"the statement is named: {named} of {len(detected)} ({share:.1f}%), {proved} proved"


def is_enough(outcomes: Sequence[Outcome]) -> bool:
    """Whether all that is asked for holds."""
    agreeing = [one for one in outcomes if not one.trouble]
    judged = [judged for one in agreeing for judged in one.mutants]
    named = sum(one.statement for one in judged)
    return (
        len(agreeing) >= LEAST_PAIRS
        and not any(one.accused for one in agreeing)
        and all(one.detected for one in judged)
        and named >= LEAST_NAMED * len(judged)
    )


def main(arguments: Sequence[str]) -> int:
    """Print a line for each function, and a summary; return the exit status."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="functions; all if none")
    parser.add_argument("--each", type=int, default=EACH, metavar="N", help="mutants of each")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every result there")
    options = parser.parse_args(arguments)
    chosen = [one for one in entries() if not options.names or one.name in options.names]
    count_computed_time()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcomes = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for one in measure(chosen, options.each):
            print(line(one), flush=True)
            outcomes.append(one)
    print("", *summary(outcomes), sep="\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
    return int(not is_enough(outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
