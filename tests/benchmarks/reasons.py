"""Are the reasons and the mends right? Tried on the catalogue, at the place of each mistake itself.

The locating is left out: what is known of a place is built from the catalogue's truth, with the
values of the right port in the place of Octave's (they are the same; the tests of the catalogue see
to that). From the project's folder:

    python tests/benchmarks/reasons.py [NAME ...]
    python tests/benchmarks/reasons.py --located [NAME ...]

With --located both sides are run and traced, and the place is what was found there.
"""

import ast
import copy
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence, gathered, live_names
from lockstep.explain.numbers import numbers, same_numbers
from lockstep.explain.why import Answer, answer
from lockstep.explaining import explained
from lockstep.model.execution import Execution, Kind
from lockstep.model.report import Fault, Mend, Reason
from lockstep.project.cases import Case, load_cases
from lockstep.project.pairs import Pair, Project
from lockstep.reports.finding_text import finding_text
from lockstep.runner import Runner
from lockstep.sides.port import Port
from lockstep.sides.port_execution import ObservedPort

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"


@dataclass(frozen=True)
class Tried:
    """A case, and whether a result of the port agrees."""

    name: str
    case: Case
    agrees: Callable[[Any], bool]


@dataclass(frozen=True)
class Entry:
    """One mistake of the catalogue."""

    name: str
    facts: dict[str, Any]

    @cached_property
    def pair(self) -> Pair:
        """Both sides, by name."""
        return Pair(self.name, CATALOGUE / "m" / f"{self.name}.m")

    @cached_property
    def cases(self) -> dict[str, Case]:
        """What both are called with."""
        return dict(load_cases(CATALOGUE / "cases" / f"{self.name}.py").cases)

    def project(self, side: str) -> Project:
        """Return the project of the right or the wrong ports."""
        folder = CATALOGUE / side
        return Project(CATALOGUE, (CATALOGUE / "m",), str(folder), CATALOGUE / "cases")


def entries(names: Sequence[str] = ()) -> list[Entry]:
    """Read the catalogue."""
    found = []
    for file in sorted(CATALOGUE.glob("entries_*.toml")):
        for name, facts in tomllib.loads(file.read_text()).items():
            if not names or name in names:
                found.append(Entry(name, facts))
    return found


def same_result(one: Any, other: Any) -> bool:
    """Whether two results of ports are the same but for rounding: class, shape and numbers."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(type(one) is type(other) and one == other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_result(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same_result, one, other))
    if np.shape(one) != np.shape(other):
        return False
    kinds = [np.asarray(v).dtype for v in (one, other)]
    floats = all(k.kind in "fc" for k in kinds)
    if kinds[0] != kinds[1] and not floats:
        return False
    if floats and (kinds[0].itemsize in (4,)) != (kinds[1].itemsize in (4,)):
        return False
    a, b = numbers(one), numbers(other)
    if a is None or b is None:
        return bool(one == other)
    return same_numbers(a.flat, b.flat)


def tried_cases(entry: Entry) -> tuple[list[Tried], list[Tried]]:
    """Split the cases into those that fail and those that agree, by the right port."""
    failing, agreeing = [], []
    right = fresh_port(entry, "right")
    wanted: dict[str, Any] = {}
    for name, case in entry.cases.items():
        try:
            wanted[name] = right.call(entry.pair, case).result
        except Exception as error:
            wanted[name] = error
    wrong = fresh_port(entry, "wrong")
    for name, case in entry.cases.items():
        expected = wanted[name]

        def agrees(result: Any, expected: Any = expected) -> bool:
            return not isinstance(expected, Exception) and same_result(result, expected)

        tried = Tried(name, case, agrees)
        try:
            reply = wrong.call(entry.pair, case)
            good = agrees(reply.result) and not reply.changed
        except Exception:
            good = isinstance(expected, Exception)
        (agreeing if good else failing).append(tried)
    return failing, agreeing


def fresh_port(entry: Entry, side: str) -> Port:
    """Return one of the two ports, imported anew."""
    forget(entry)
    return Port(entry.project(side))


def forget(entry: Entry) -> None:
    """Forget both ports, which have the same module name."""
    sys.modules.pop(entry.name, None)
    for side in ("right", "wrong"):
        sys.modules.pop(str(CATALOGUE / side / f"{entry.name}.py"), None)
        path = str(CATALOGUE / side)
        while path in sys.path:
            sys.path.remove(path)


def _node(tree: ast.Module, text: str, line: int) -> ast.AST | None:
    """Find the node nearest to a line that reads as a text."""
    try:
        wanted = ast.parse(text).body[0]
    except SyntaxError:
        return None
    target: ast.AST = wanted.value if isinstance(wanted, ast.Expr) else wanted
    dumped = ast.dump(target)
    found = [n for n in ast.walk(tree) if hasattr(n, "lineno") and ast.dump(n) == dumped]
    return min(found, key=lambda n: abs(n.lineno - line), default=None)


def _sites(execution: Execution, node: ast.AST) -> Iterator[int]:
    order = [Kind.EXPRESSION, Kind.READ, Kind.DECISION, Kind.RETURN, Kind.BINDING]
    span = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    found = [
        (order.index(site.kind), site.number)
        for site in execution.source.sites
        if (s := site.span) and (s.line, s.column, s.last_line, s.last_column) == span
        and site.kind in order and site.number in execution.by_site
    ]  # fmt: skip
    yield from (number for _, number in sorted(found))


def observed(entry: Entry, side: str, case: Case) -> Execution:
    """Run the right or the wrong port of an entry with probes."""
    with ObservedPort(fresh_port(entry, side), entry.pair) as seen:
        return seen.run(case)[0]


def values_of(execution: Execution, site: int) -> list[Any]:
    """Return what a site gave, in order."""
    return [execution.nodes[n].value for n in execution.by_site[site]]


def truth(entry: Entry, case: Case) -> Evidence | None:
    """Build what is known of an entry's place from its truth."""
    facts = entry.facts
    own = observed(entry, "right", case)
    right = (CATALOGUE / "right" / f"{entry.name}.py").read_text()
    octave: list[Any] = []
    node = _node(ast.parse(right), facts["mend"], facts["line"])
    if node is not None and "missing" not in facts:
        for site in _sites(own, node):
            octave = values_of(own, site)
            if any(value is not None for value in octave):
                break
    wrong = observed(entry, "wrong", case)
    text = (CATALOGUE / "wrong" / f"{entry.name}.py").read_text()
    node = _node(ast.parse(text), facts["expression"], facts["line"])
    assert node is not None, f"{entry.name}: no {facts['expression']!r}"
    lines = entry.pair.m_file.read_text().splitlines()
    texts = (facts["octave"], lines[facts["octave_line"] - 1].strip(), "\n".join(lines))
    live = live_names(CATALOGUE / "wrong" / f"{entry.name}.py")
    for site in _sites(wrong, node):
        if not octave or "missing" in facts:
            octave = values_of(wrong, site)
        fault = Fault.DECISION if wrong.source.sites[site].kind is Kind.DECISION else Fault.VALUE
        return gathered(wrong, site, octave, live, fault, texts)
    return None


def answered(entry: Entry) -> Answer | None:
    """Find the reason and the mend of an entry, at its true place."""
    failing, agreeing = tried_cases(entry)
    evidence = truth(entry, failing[0].case) if failing else None
    if evidence is None:
        return None
    port = Port(entry.project("wrong"))  # the module that the evidence speaks of is imported
    return answer(port, entry.pair, failing, agreeing, evidence)


def is_equal_in_effect(entry: Entry, mended: str, count: int = 200) -> tuple[int, int]:
    """Compare a mended port with the right one on cases made of the entry's own by chance."""
    right = fresh_port(entry, "right").function(entry.name)
    names: dict[str, Any] = {"__name__": "mended"}
    exec(compile(mended, "mended", "exec"), names)
    random = np.random.default_rng(7)
    same = 0
    cases = [case for case in entry.cases.values() if case.raises is None]
    for number in range(count):
        args = fuzzed(cases[number % len(cases)].args, random)
        results = []
        for function in (right, names[entry.name]):
            exec(compile(mended, "mended", "exec"), names)
            with np.errstate(all="ignore"):
                try:
                    results.append(function(*copy.deepcopy(args)))
                except Exception as error:
                    results.append(type(error).__name__)
        same += same_result(*results)
    return same, count


def fuzzed(args: Sequence[Any], random: np.random.Generator) -> list[Any]:
    """Move the measured numbers of arguments; whole numbers, text and sizes stay."""

    def moved(value: Any) -> Any:
        if isinstance(value, float) and not value.is_integer():
            return value * (1 + 0.2 * (random.random() - 0.5))
        if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
            if np.array_equal(value, np.round(value), equal_nan=True):
                return value.copy()
            if value.ndim == 1 and np.all(np.diff(value.real) > 0):
                return value.copy()
            scale = 1 + 0.2 * (random.random(value.shape) - 0.5)
            return (value * scale).astype(value.dtype)
        return copy.deepcopy(value)

    return [moved(value.vector if hasattr(value, "vector") else value) for value in args]


def report(entry: Entry) -> str:
    """Return what the command line says of an entry."""
    fresh_port(entry, "wrong")
    with Runner(entry.project("wrong")) as runner, np.errstate(all="ignore"):
        found = explained(runner, entry.pair)
    if found.finding is None:
        return f"{found.failing} of {found.cases} cases disagree; the place was not found"
    return "\n".join(finding_text(found.finding))


@dataclass(frozen=True)
class Found:
    """A reason and a mend."""

    reason: Reason | None
    mend: Mend | None


def located(entry: Entry) -> Found:
    """Find the reason and the mend of an entry as the command line does."""
    fresh_port(entry, "wrong")
    with Runner(entry.project("wrong")) as runner:
        try:
            finding = explained(runner, entry.pair).finding
        except Exception as error:
            print(f"    {type(error).__name__}: {error}")
            return Found(None, None)
    return Found(finding.reason, finding.mend) if finding else Found(None, None)


def main(names: Sequence[str]) -> int:
    """Print a line for each entry, and the table by group."""
    is_located = "--located" in names
    names = [name for name in names if name != "--located"]
    table: dict[str, Counter[str]] = {}
    for entry in entries(names):
        start = time.monotonic()
        found = located(entry) if is_located else answered(entry)
        reason = found.reason if found else None
        mend = found.mend if found else None
        wanted = entry.facts.get("reason", [])
        if reason is None:
            verdict = "none"
        elif reason.key in wanted:
            verdict = "right"
        elif not reason.octave_rule:
            verdict = "relation"
        else:
            verdict = "wrong"
        counts = table.setdefault(entry.facts["group"], Counter())
        counts["entries"] += 1
        counts[verdict] += 1
        healed = mend is not None and mend.agreeing == mend.cases
        effect = ""
        if healed:
            counts["mended"] += 1
            same, count = is_equal_in_effect(entry, mend.mended)
            counts["equal"] += same == count
            effect = f"{same}/{count}"
        changed = ""
        if mend is not None:
            new = [x[1:].strip() for x in mend.diff.splitlines() if x[:1] == "+" and x[:2] != "++"]
            changed = f"{mend.agreeing}/{mend.cases} {' | '.join(new)}"
        print(f"{entry.name:<18} {verdict:<8} {reason.key if reason else '-':<18} {wanted}")
        print(f"    {changed}  {effect}  {time.monotonic() - start:.1f} s", flush=True)
    print(
        f"\n{'group':<12}{'entries':>8}{'right':>7}{'relation':>9}{'none':>6}{'wrong':>7}", end=""
    )
    print(f"{'mended':>8}{'equal':>7}")
    total: Counter[str] = Counter()
    for group, counts in [*sorted(table.items()), ("all", total)]:
        if group != "all":
            total.update(counts)
        print(f"{group:<12}", end="")
        columns = ("entries", 8), ("right", 7), ("relation", 9), ("none", 6), ("wrong", 7)
        print("".join(f"{counts[k]:>{w}}" for k, w in (*columns, ("mended", 8), ("equal", 7))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
