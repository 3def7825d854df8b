"""Several engines at a time: the same results, in the same order, as from one."""

import io
import threading

import pytest

from lockstep import several as module
from lockstep.cli import main
from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.plan import PairPlan
from lockstep.compare.verdict import Verdict
from lockstep.project.choosing import CaseChoice
from lockstep.project.pairs import ProjectError
from lockstep.several import several
from lockstep.terminal.progress import Progress


class Engines:
    """Stand-ins for supervisors: case "bad" disagrees, pair "broken" has no cases.

    `run` is called in the thread of each before a case is done.
    """

    def __init__(self, cases, run=lambda case: None):
        self.cases = cases
        self.run = run
        self.made = []
        self.learned = []
        self.ran = []

    def make(self):
        """Count one more."""
        self.made.append(self)
        return self

    def plan(self, pair):
        """Return all cases of a pair, each with another Python side."""
        if pair == "broken":
            raise ProjectError("broken has no cases")
        labels = (pair, f"{pair} [fast]")
        return PairPlan(pair, dict.fromkeys(self.cases[pair], labels), len(self.cases[pair]))

    def run_case(self, pair, case, labels, ahead):
        """Give a case the verdict that its name says."""
        self.run(case)
        self.ran.append(case)
        verdict = Verdict.DIFFERENT if case == "bad" else Verdict.IDENTICAL
        return [CaseResult(label, case, verdict) for label in labels]

    def learn(self, found):
        """Keep what is told."""
        self.learned += found

    def close(self, at_once=False):
        """Do nothing: there is no engine."""

    def compared(self, jobs, choice=None):
        """Run all pairs."""
        choice = choice or CaseChoice()
        progress = Progress(io.StringIO())
        return list(several(list(self.cases), self, self.make, jobs, progress, choice))


CASES = {"f": ["a", "b", "c"], "broken": [], "g": ["d"], "h": [str(i) for i in range(40)]}


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_stand_in_order_however_many_engines_there_are(monkeypatch, jobs):
    monkeypatch.setattr(module, "HELP_SECONDS", 0.0)
    found = Engines(CASES).compared(jobs)
    assert [one.pair for pair in found for one in pair] == [
        *("f", "f [fast]", "broken", "g", "g [fast]", "h", "h [fast]")
    ]
    for name, (result, *_) in zip(CASES, found, strict=True):
        assert [case.case for case in result.cases] == CASES[name]
    assert found[1] == [PairResult("broken", [], "broken has no cases")]


def test_the_cases_of_one_pair_are_shared(monkeypatch):
    """The barrier lets nobody through before two engines run a case each at the same time."""
    monkeypatch.setattr(module, "HELP_SECONDS", 0.0)
    barrier = threading.Barrier(2)
    met = threading.Event()

    def meet(case):
        if not met.is_set():
            barrier.wait(timeout=60)
            met.set()

    engines = Engines({"f": [str(i) for i in range(10)]}, meet)
    (found,) = engines.compared(2)
    assert [case.case for case in found[0].cases] == engines.cases["f"]
    assert sorted(engines.ran, key=int) == engines.cases["f"]


def test_cases_that_are_soon_done_are_not_shared():
    engines = Engines({"f": [str(i) for i in range(100)]})
    engines.compared(3)
    assert engines.ran == engines.cases["f"]


def test_at_the_first_case_that_disagrees_its_pair_ends(monkeypatch):
    monkeypatch.setattr(module, "HELP_SECONDS", 0.0)
    engines = Engines({"f": ["a", "bad", "c", "d"]})
    (found,) = engines.compared(2, CaseChoice(stops=True))
    assert [case.case for case in found[0].cases] == engines.ran == ["a", "bad"]


def test_a_terminal_that_is_gone_ends_the_run(monkeypatch):
    def gone(self, pair):
        def show(begun, cases, name):
            raise OSError("the terminal is gone")

        return show

    monkeypatch.setattr(Progress, "of", gone)
    with pytest.raises(OSError, match="the terminal is gone"):
        Engines({"f": ["a", "b"]}).compared(2)


def test_only_the_chosen_cases_are_run():
    engines = Engines(CASES)
    found = engines.compared(2, CaseChoice(("b", "3?")))
    assert [[case.case for case in pair[0].cases] for pair in found if pair and pair[0].cases] == [
        ["b"],
        [str(i) for i in range(30, 40)],
    ]


def test_an_error_of_one_engine_ends_the_run():
    def fail(case):
        raise ZeroDivisionError(case)

    with pytest.raises(ZeroDivisionError):
        Engines(CASES, fail).compared(2)


def test_the_engine_that_explains_learns_of_all_cases():
    engines = Engines(CASES)
    found = engines.compared(4)
    assert engines.learned == [one for pair in found for one in pair]


def test_the_report_of_two_engines_is_that_of_one(foreign, monkeypatch, restored_sigterm, capsys):
    foreign.settings()
    foreign.pair("right", "x + 1", "x + 1")
    foreign.pair("wrong", "x + 1", "3 * x", cases="{str(i): (i / 4,) for i in range(4)}")
    monkeypatch.chdir(foreign.root)
    reports = []
    for jobs in ("1", "2"):
        assert main(["run", "--jobs", jobs]) == 1
        head, _, rest = capsys.readouterr().out.partition("\n\n")
        table = [line.split()[:3] for line in head.splitlines()]
        reports.append((table, [line for line in rest.splitlines() if " s in all" not in line]))
    assert reports[0] == reports[1]
    assert "in 3 of 3 cases that disagree" in " ".join(" ".join(reports[1][1]).split())
