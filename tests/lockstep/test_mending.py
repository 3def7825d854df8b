"""Mends: tried on live functions that are put back, judged on all cases, written with care."""

import ast
import importlib

import numpy as np
import pytest

from lockstep.explain.candidates import candidates
from lockstep.explain.evidence import gathered, live_names
from lockstep.explain.mending import MOST_AROUND, MOST_TRIED, mends, unified_diff
from lockstep.explaining import explained
from lockstep.model.execution import Kind
from lockstep.model.report import Fault, Mend
from lockstep.project.cases import Case
from lockstep.reports.mend_text import applied
from lockstep.sides.mended import MendedPort, MendError
from lockstep.sides.port import Port
from lockstep.sides.port_execution import ObservedPort


class Tried:
    """A case, and whether a result of the port agrees."""

    def __init__(self, wanted, *args):
        self.case = Case(*args)
        self.agrees = lambda result: bool(np.allclose(result, wanted, rtol=1e-12, atol=0))


@pytest.fixture
def port(foreign):
    """Write the port `f`, and return it with its pair."""

    def made(text):
        foreign.m("f", "function y = f(x)\ny = x;\nend\n")
        foreign.py("f", text)
        project = foreign.project
        return Port(project), project.pair("f")

    return made


def evidence_at(port, pair, case, text, octave, fault=Fault.VALUE):
    """Gather what is known of the expression that reads as `text`."""
    with ObservedPort(port, pair) as observed:
        execution, _ = observed.run(case)
    site = next(
        s.number
        for s in execution.source.sites
        if s.text == text
        and s.kind in (Kind.EXPRESSION, Kind.READ) and s.number in execution.by_site
    )  # fmt: skip
    file = execution.source.files["f"]
    return gathered(execution, site, octave, live_names(file), fault)


DATA = np.array([3.0, 1.0, 2.5, 7.25])
OTHER = np.array([1.5, 2.0, -4.0])


def test_the_first_change_after_which_every_case_agrees_wins(port):
    live, pair = port("def f(x):\n    return 2 * x.std()\n")
    failing = [Tried(2 * v.std(ddof=1), v) for v in (DATA, OTHER)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, [], evidence)
    assert found.heals_all
    assert found.candidate.change.key == "ddof"
    assert "+    return 2 * x.std(ddof=1)" in found.mend.diff
    assert live.call(pair, failing[0].case).result == 2 * DATA.std()


def test_a_change_that_breaks_a_case_that_agreed_is_no_mend(port):
    live, pair = port("def f(x):\n    return x.std()\n")
    failing, agreeing = [Tried(DATA.std(ddof=1), DATA)], [Tried(OTHER.std(), OTHER)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, agreeing, evidence)
    assert not found.heals_all
    assert found.mend is None


def test_a_change_that_heals_some_cases_says_how_many(port):
    live, pair = port("def f(x):\n    return x.std()\n")
    failing = [Tried(v.std(ddof=1), v) for v in (DATA, OTHER)] + [Tried(0.123, DATA * 2)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, [], evidence)
    assert (found.mend.agreeing, found.mend.cases) == (2, 3)


def test_a_change_that_runs_for_ever_is_stopped(port):
    text = "def f(x):\n    k = 0\n    while k < 3:\n        k = k + 1\n    return k\n"
    live, pair = port(text)
    file = python_file(live)
    endless = text.replace("k + 1", "k - 1")
    with MendedPort(live, pair, live_names(file), file, f"import numpy as np\n\n{endless}") as one:
        assert "it went on" in str(one.run(Case(1.0), 1000))
    assert live.call(pair, Case(1.0)).result == 3


def python_file(port):
    """Return the file of the port `f`."""
    return importlib.import_module(port.function("f").__module__).__file__


def test_what_is_kept_between_calls_is_fresh_in_every_run(port):
    text = (
        "SEEN = []\n\ndef f(x, memory={}):\n    SEEN.append(x)\n"
        "    memory[x] = 1\n    return len(SEEN) + 10 * len(memory)\n"
    )
    live, pair = port(text)
    file = python_file(live)
    seen = live.function("f").__globals__["SEEN"]
    with MendedPort(live, pair, live_names(file), file, f"import numpy as np\n\n{text}") as one:
        assert [one.run(Case(float(n))).result for n in range(3)] == [11, 11, 11]
    assert live.function("f").__globals__["SEEN"] is seen
    assert live.function("f").__defaults__ == ({},)


def test_a_text_with_other_functions_is_refused(port):
    live, pair = port("def f(x):\n    return x\n")
    file = python_file(live)
    code = live.function("f").__code__
    with pytest.raises(MendError), MendedPort(live, pair, live_names(file), file, "def g(): pass"):
        pass
    with pytest.raises(MendError):
        MendedPort(live, pair, live_names(file), file, "def f(:")
    assert live.function("f").__code__ is code


def test_a_change_of_an_argument_is_no_mend(port):
    live, pair = port("def f(x):\n    y = x\n    y += 1\n    return y - x\n")
    failing = [Tried(np.ones(4), DATA)]
    evidence = evidence_at(live, pair, failing[0].case, "x", [DATA])
    found = mends(live, pair, failing, [], evidence)
    assert found.heals_all
    assert found.candidate.change.key == "sharing"


@pytest.mark.usefixtures("octave")
def test_a_pair_is_explained_with_its_reason_and_mend(foreign, shared_runner):
    foreign.m("f", "function y = f(x)\ns = std(x);\ny = mean(x) / s;\nend\n")
    foreign.py("f", "def f(x):\n    spread = np.std(x)\n    return np.mean(x) / spread\n")
    foreign.cases("f", "cases = {'one': (np.array([1.0, 2.5, 4.0]),), 'two': (np.arange(9.0),)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert (found.failing, found.cases) == (2, 2)
    assert found.finding.reason.key == "ddof"
    assert found.finding.reason.octave_rule == "Octave's std divides by n - 1."
    assert found.finding.mend.agreeing == 2


def mend_of(file, text, mended):
    return Mend(file, unified_diff(text, mended, file.name), 1, 1, text, mended)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_lines_of_the_diff_are_written(tmp_path, newline):
    file = tmp_path / "f.py"
    text = "# ü\na = 1  \nb = 2\n"
    file.write_bytes(text.replace("\n", newline).encode())
    assert applied(mend_of(file, text, text.replace("b = 2", "b = 3"))).startswith("written to")
    assert file.read_bytes().decode() == text.replace("b = 2", "b = 3").replace("\n", newline)


def test_a_file_that_was_changed_since_is_left_alone(tmp_path):
    file = tmp_path / "f.py"
    file.write_text("a = 5\n")
    assert "nothing was written" in applied(mend_of(file, "a = 1\n", "a = 2\n"))
    assert file.read_text() == "a = 5\n"


def test_the_limits_are_those_that_are_promised():
    assert MOST_TRIED == MOST_AROUND == 20


def test_every_mend_is_python(port):
    live, pair = port("def f(x):\n    return x.std() if len(x) > 1 else 0.0\n")
    case = Case(DATA)
    evidence = evidence_at(live, pair, case, "x.std()", [DATA.std(ddof=1)])
    for one in candidates(evidence):
        ast.parse(one.mended)
