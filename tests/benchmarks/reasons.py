"""Are the reasons and the mends right? Tried on the catalogue, at the place of each mistake itself.

The locating is left out: what is known of a place is built from the catalogue's truth, with the
values of the right port in the place of Octave's (they are the same; the tests of the catalogue see
to that). From the project's folder:

    python tests/benchmarks/reasons.py [NAME ...]
    python tests/benchmarks/reasons.py --located [NAME ...] [--jobs N] [--within SECONDS]

With --located both sides are run and traced, and the place is what was found there. A mend is equal
in effect to the right port if it gives the same on 200 arguments like those of the cases, which
Hypothesis draws (see `fuzzing`). The exit status is 1 where less than 90% of the reasons are right,
more than 2% wrong, less than 60% of the entries are mended, or less than 95% of the mends equal.
"""

import argparse
import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from fuzzing import EXAMPLES, difference
from side_by_side import add_options, done, not_done

from lockstep.explain.evidence import Evidence, gathered, live_names
from lockstep.explain.gathering import most_steps
from lockstep.explain.nothing import nothing_returned, nothing_used
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

RIGHT, WRONG, MENDED, EQUAL = 0.9, 0.02, 0.6, 0.95
"""What part of the entries is to have the right reason, at most a wrong one, and a mend; what part
of the mends is to be equal in effect to the right port."""

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"


@dataclass(frozen=True)
class Tried:
    """A case, and whether a result of the port agrees."""

    name: str
    case: Case
    agrees: Callable[[Any], bool]
    is_made: bool = False
    raised: str | None = None
    agrees_live: Callable[[Any], bool] | None = None
    is_endless: bool = False


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
        return _project(side)


@cache
def _project(side: str) -> Project:
    """Return the project of the right or the wrong ports, whose files are read once."""
    return Project(CATALOGUE, (CATALOGUE / "m",), str(CATALOGUE / side), CATALOGUE / "cases")


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


def truth(entry: Entry, case: Case) -> tuple[Evidence, int] | None:
    """Build what is known of an entry's place from its truth; with the steps that are enough."""
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
    if (nothing_used if wrong.error else nothing_returned)(wrong) is not None:
        return None  # what stands there gives None, and has no value to be compared
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
        return gathered(wrong, site, octave, live, fault, texts), most_steps(wrong)
    return None


def answered(entry: Entry) -> "Answer | Found":
    """Find the reason and the mend of an entry, at its true place."""
    failing, agreeing = tried_cases(entry)
    known = truth(entry, failing[0].case) if failing else None
    if known is None:  # an error, or what is kept between calls: no value is known there
        return located(entry)
    port = Port(entry.project("wrong"))  # the module that the evidence speaks of is imported
    return answer(port, entry.pair, failing, agreeing, *known)


def differing_arguments(entry: Entry, mended: str, count: int = EXAMPLES) -> Any:
    """Find arguments like the entry's for which a mended port and the right one differ, or None."""
    right = (CATALOGUE / "right" / f"{entry.name}.py").read_text(encoding="utf-8")

    def made(text: str) -> Callable[[], Callable[..., Any]]:
        code = compile(text, f"{entry.name}.py", "exec")

        def make() -> Callable[..., Any]:
            names: dict[str, Any] = {"__name__": entry.name}
            exec(code, names)
            function: Callable[..., Any] = names[entry.name]
            return function

        return make

    cases = list(entry.cases.values())
    return difference(made(right), made(mended), cases, same_result, count)


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


def judged(entry: Entry, found: "Answer | Found") -> tuple[str, str]:
    """Say how a reason stands to the true ones, and how a mend to the right port.

    Returns
    -------
    verdict : str
        "right", "relation", "none" or "wrong".
    effect : str
        "equal", "not equal", or empty for no mend after which every case agrees.
    """
    reason, mend = found.reason, found.mend
    if reason is None:
        verdict = "none"
    elif reason.key in entry.facts["reason"]:
        verdict = "right"
    else:
        verdict = "wrong" if reason.octave_rule else "relation"
    if mend is None or mend.agreeing < mend.cases:
        return verdict, ""
    return verdict, "not equal" if differing_arguments(entry, mend.mended) else "equal"


def line(entry: Entry, found: "Answer | Found", verdict: str, effect: str) -> str:
    """Return what is printed of one entry."""
    reason, mend = found.reason, found.mend
    said = f"{entry.name:<18} {verdict:<8} {reason.key if reason else '-':<20}"
    if mend is None:
        return said
    new = [x[1:].strip() for x in mend.diff.splitlines() if x[:1] == "+" and x[:2] != "++"]
    others = f", {mend.others_agreeing}/{mend.others} others" if mend.others else ""
    return f"{said}\n    {mend.agreeing}/{mend.cases}{others} {effect}: {' | '.join(new)}"


COLUMNS = ("entries", "right", "relation", "none", "wrong", "mended", "equal")


def table(counts: dict[str, Counter[str]]) -> Iterator[str]:
    """Lay out what was found, by group."""
    yield f"{'group':<12}" + "".join(f"{name:>10}" for name in COLUMNS)
    total: Counter[str] = Counter()
    for one in counts.values():
        total.update(one)
    for group, one in [*sorted(counts.items()), ("all", total)]:
        yield f"{group:<12}" + "".join(f"{one[name]:>10}" for name in COLUMNS)


def shortcomings(counts: dict[str, Counter[str]]) -> list[str]:
    """Say what is less than it is to be."""
    total: Counter[str] = Counter()
    for one in counts.values():
        total.update(one)
    shares = (
        ("right reasons", total["right"], total["entries"], RIGHT),
        ("mends", total["mended"], total["entries"], MENDED),
        ("mends equal to the right port", total["equal"], total["mended"], EQUAL),
    )
    found = [
        f"{name}: {part} of {whole}, less than {share:.0%}"
        for name, part, whole, share in shares
        if part < share * whole
    ]
    if total["wrong"] > WRONG * total["entries"]:
        found.append(
            f"wrong reasons: {total['wrong']} of {total['entries']}, more than {WRONG:.0%}"
        )
    return found


@dataclass(frozen=True)
class Said:
    """What is counted and printed of one entry."""

    group: str
    verdict: str
    effect: str
    line: str


def said_of(is_located: bool, entry: Entry) -> Said:
    """Find the reason and the mend of an entry, and judge them."""
    found = located(entry) if is_located else answered(entry)
    verdict, effect = judged(entry, found)
    return Said(entry.facts["group"], verdict, effect, line(entry, found, verdict, effect))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each entry, and the table by group."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="entries (default: all)")
    parser.add_argument("--located", action="store_true", help="find the place, too")
    add_options(parser)
    options = parser.parse_args(arguments)
    counts: dict[str, Counter[str]] = {}
    every = entries(options.names)
    for said in done(partial(said_of, options.located), every, options.jobs, options.within):
        one = counts.setdefault(said.group, Counter())
        one.update(["entries", said.verdict, *(["mended"] if said.effect else [])])
        one["equal"] += said.effect == "equal"
        print(said.line, flush=True)
    tried = sum(one["entries"] for one in counts.values())
    print(not_done(tried, len(every), "entries"))
    for text in ["", *table(counts), *shortcomings(counts)]:
        print(text)
    return int(bool(shortcomings(counts)))


if __name__ == "__main__":
    sys.exit(main())
