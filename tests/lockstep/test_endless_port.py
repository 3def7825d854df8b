"""A port that does not end is stopped, and explained as well as one that raises an error."""

import pytest

from lockstep.cases_run import CasesRun, Usable
from lockstep.cli import main
from lockstep.compare.case_result import CaseResult, without_end
from lockstep.compare.verdict import Verdict
from lockstep.explain.mender import Mender
from lockstep.explain.trying import MORE_SECONDS, STEPS
from lockstep.explaining import explain
from lockstep.model.report import Fault
from lockstep.sides.mended import MendedPort

SUM = """
    function [s, k] = f(x)
    s = 0;
    k = 1;
    while k <= numel(x)
      s = s + x(k) ^ 2;
      k = k + 1;
    end
    end
"""

LACKS = """
    def f(x):
        s = 0.0
        k = 0
        while k < x.size:
            s = s + x[k] ** 2
        return s, k + 1
"""

TOO_LONG = """
    def f(x):
        s = 0.0
        k = 0
        while k <= x.size:
            s = s + x[min(k, x.size - 1)] ** 2
            k = min(k + 1, x.size)
        return s, k + 1
"""

ENDS = """
    def f(x):
        s = 0.0
        k = 0
        while k < x.size and s < 5:
            s = s + x[k] ** 2
        return s, k + 1
"""

CASES = """
import numpy as np

cases = {"three": (np.array([0.5, 1.5, 0.25]),), "zero": (np.array([0.0, 2.5]),)}
"""


@pytest.fixture
def found(foreign, shared_runner):
    """Return a function that explains a port of `SUM`; in some cases it is known not to end."""

    def explained(port, *endless):
        foreign.m("f", SUM)
        foreign.py("f", port)
        foreign.cases("f", CASES)
        with shared_runner(foreign.project) as runner:
            pair = runner.project.pair("f")
            cases = runner.cases(pair).cases
            results = [
                without_end("f", name) if name in endless else runner.run_case(pair, name, case)
                for name, case in cases.items()
            ]
            return explain(runner, pair, cases, results).finding

    return explained


def test_a_statement_without_which_a_loop_goes_on_is_found(found):
    finding = found(LACKS, "three", "zero")
    assert finding.fault is Fault.MISSING
    assert "+        k = k + 1" in finding.mend.diff.splitlines()
    assert (finding.mend.agreeing, finding.mend.cases) == (2, 2)


def test_the_loop_that_goes_on_is_named(found):
    finding = found(TOO_LONG, "three", "zero")
    assert finding.fault is Fault.ENDLESS
    assert finding.port.statement == "while k <= x.size:"
    assert finding.port.expression == "k <= x.size"
    assert "+    while k < x.size:" in finding.mend.diff.splitlines()
    assert "raises" not in finding.note


@pytest.mark.parametrize(
    "port",
    [
        pytest.param(
            """
            def f(x):
                s, k = 0.0, 0
                while k < x.size:
                    for power in range(1, 3):
                        s = s + x[k] * (power == 2) * x[k]
                return s, k + 1
            """,
            id="around one that ends",
        ),
        pytest.param(
            """
            def f(x):
                s, k = 0.0, 0
                while k < x.size:
                    s = s + squared(x[k])
                return s, k + 1
            def squared(v):
                return sum([v * one for one in [v]])
            """,
            id="around a call",
        ),
        pytest.param(
            """
            def f(x):
                s = 0.0
                for turn in range(1):
                    k = 0
                    while k < x.size:
                        s = s + x[k] ** 2
                return s, k + 1
            """,
            id="in one that goes round no more",
        ),
    ],
)
def test_of_several_loops_that_is_named_which_goes_on(found, monkeypatch, port):
    monkeypatch.setattr(Mender, "_slip", lambda *_, **__: None)
    finding = found(port, "three", "zero")
    assert finding.fault is Fault.ENDLESS
    assert finding.port.statement == "while k < x.size:"


def test_a_change_is_soon_given_up_that_does_not_end_it_either(found, monkeypatch):
    """Most do not; a run of each case would take as long as one may that raised an error."""
    allowed = []
    run = MendedPort.run

    def seen(self, case, *steps, **options):
        if steps and "seconds" in options:
            allowed.append((*steps, options["seconds"]))
        return run(self, case, *steps, **options)

    monkeypatch.setattr(MendedPort, "run", seen)
    found(LACKS, "three", "zero")
    assert allowed
    assert {seconds for _, seconds in allowed} == {MORE_SECONDS}
    assert max(steps for steps, _ in allowed) <= STEPS // 10


def test_a_port_that_is_but_slow_is_not_called_endless(found):
    told = found(LACKS.replace("+ x[k] ** 2", "+ x[k] ** 2\n            k = k + 1"), "three")
    assert told is None


def test_a_mend_must_end_the_cases_without_end_as_well(found):
    """The case that ends is looked at, and would agree with less."""
    finding = found(ENDS, "zero")
    assert (finding.mend.agreeing, finding.mend.cases) == (2, 2)


def test_a_run_stops_and_explains_it(foreign, monkeypatch, capsys):
    monkeypatch.chdir(foreign.root)
    foreign.settings()
    foreign.m("f", SUM)
    foreign.py("f", LACKS)
    foreign.cases("f", "import numpy as np\ncases = {'one': (np.array([0.0, 0.5]),)}\n")
    assert main(["run", "--timeout", "5"]) == 1
    said = capsys.readouterr().out
    assert "the port did not end within 5 s and was stopped, at f.py line" in said
    assert "+        k = k + 1" in said


@pytest.mark.parametrize(
    ("first", "cases", "endless"),
    [
        (None, ("wrong", "right", "without end"), ("without end",)),
        ("without end", ("without end", "wrong", "right"), ("without end",)),
    ],
)
def test_what_died_is_not_looked_at_again(first, cases, endless):
    ran = CasesRun()
    ran.remember(
        [
            CaseResult("f", "right", Verdict.IDENTICAL),
            CaseResult("f", "died", Verdict.ERROR, dead=True),
            CaseResult("f", "without end", Verdict.ERROR, dead=True, endless=True),
            CaseResult("f", "wrong", Verdict.DIFFERENT),
            CaseResult("g", "wrong", Verdict.DIFFERENT),
        ]
    )
    assert ran.usable("f", first) == Usable(cases, endless)
    assert ran.usable("h", "one") == Usable(("one",))
