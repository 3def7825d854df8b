"""Compares one function of `foreign.toml` with Octave's, then breaks it and judges what is said."""

import ast
import contextlib
import importlib
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detection_worker import RememberedOracle, SharedRunner, TimeUpError, limited
from foreign_sources import Entry, lines_of_decorators, octave_folders, source
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

TRIED = 60
"""Mutants of a function that are tried until so many change an output."""

CALL_LIMIT, EXPLANATION_LIMIT = 10.0, 90.0
"""Seconds that a mutant may compute, and that its explanation may."""

UNBOUND = re.compile(r"it raises (?:UnboundLocal|Name)Error")
"""What is said where the report names the statement that first missed a variable as it ran."""

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
                if found.finding is not None and UNBOUND.search(found.finding.note):
                    near |= set(readers(mutant, self._text))
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
    return min(readers(mutant, text), default=0)


def readers(mutant: Mutant, text: str) -> Iterator[int]:
    """Yield the lines that read what a deleted statement would have bound."""
    deleted = ast.parse(mutant.statement + ("\n    pass" if mutant.statement[-1:] == ":" else ""))
    bound = {node.id for node in ast.walk(deleted) if is_stored(node)}
    for node in ast.walk(ast.parse(text)):
        is_read = isinstance(node, ast.Name) and node.id in bound and not is_stored(node)
        if is_read and node.lineno > mutant.last_line:
            yield node.lineno


def is_stored(node: ast.AST) -> bool:
    """Whether a node of a tree is a name that is bound there."""
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
