"""The calls for a notebook: what they return, print, and show."""

import html
import re
from functools import partial

import pytest

import lockstep
from lockstep.project.pairs import ProjectError
from lockstep.supervisor import Supervisor


@pytest.fixture
def project(foreign, shared_runner, monkeypatch):
    """Make a project with `right` and `wrong`, whose calls stay in this process."""
    foreign.settings()
    foreign.pair("right", "x + 1", "x + 1")
    foreign.m("wrong", "function y = wrong(x)\ny = x + 1;\nend\n")
    foreign.py("wrong", "def wrong(x):\n    y = 3 * x\n    return y\n")
    foreign.cases("wrong", "cases = {'half': (0.5,), '<two>': (2.0,)}")
    foreign.m("unported", "function y = unported(x)\ny = x;\nend\n")
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.setattr("lockstep.checking.Runner", shared_runner)
    monkeypatch.setattr("lockstep.calling.Supervisor", partial(Supervisor, in_process=True))
    monkeypatch.chdir(foreign.root)
    return foreign


def page_in(report):
    """Return the page in the frame that a notebook shows."""
    frame = report._repr_html_()
    assert frame.startswith('<iframe title="lockstep" sandbox="allow-scripts" ')
    assert frame.count("<") == 2  # the frame's own: nothing of the page can leave it
    return html.unescape(re.search('srcdoc="([^"]*)"', frame)[1])


def test_a_run_has_every_pair_that_has_cases(project):
    report = lockstep.run()
    assert [result.pair for result in report.results] == ["right", "wrong"]
    assert not report.agrees
    assert "<title>1 of 2 pairs disagree</title>" in page_in(report)
    assert "<mark>3 * x</mark>" in page_in(report)


def test_a_run_prints_the_table_and_the_report(project):
    text = str(lockstep.run("wrong"))
    assert re.search(r"^wrong +2 +different ", text, re.MULTILINE)
    assert "wrong, case '<two>': different" in text
    assert "wrong.py, line 4: this expression gives another value than Octave's" in text


@pytest.mark.parametrize(
    ("names", "cases", "agrees"),
    [
        pytest.param(["right"], (), True, id="a pair"),
        pytest.param(["wrong"], ("half",), True, id="a case"),
        pytest.param(["wrong"], ("<t*",), False, id="a pattern"),
        pytest.param(["wrong"], ("nothing",), False, id="nothing is no agreement"),
    ],
)
def test_a_run_may_be_of_some(project, names, cases, agrees):
    assert lockstep.run(*names, cases=cases).agrees is agrees


def test_a_trace_is_of_the_first_case_that_disagrees(project):
    report = lockstep.trace("wrong")
    assert (report.pair, report.case, report.agrees) == ("wrong", "<two>", False)
    assert report.finding["port"]["expression"] == "3 * x"
    assert "this expression gives another value" in str(report)
    assert "&lt;two&gt;" in page_in(report)


def test_a_trace_that_agrees_has_no_finding(project):
    report = lockstep.trace("right")
    assert report.agrees
    assert report.finding is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (partial(lockstep.run, "rigth"), "did you mean right"),
        (partial(lockstep.trace, "rigth"), "did you mean right"),
        (partial(lockstep.trace, "wrong", "haf"), "wrong has no case 'haf'; it has half"),
        (partial(lockstep.trace, "unported"), "unported"),
    ],
)
def test_what_cannot_be_done_says_why(project, call, said):
    with pytest.raises(ProjectError, match=re.escape(said)):
        call()


def test_a_check_is_shown_too(project):
    report = lockstep.check("right", 1.0)
    assert isinstance(report, lockstep.CaseReport)
    assert str(report) == "right, case 'check': identical"
    assert "<title>right: identical</title>" in page_in(report)
