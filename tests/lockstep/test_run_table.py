"""The table of a run: what stands in it, where, and in which colour."""

import pytest
from results import case_result, leaf_result, row

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.verdict import Verdict
from lockstep.reports.run_table import COLOURS, RunTable

EQUAL = leaf_result("J", row(1.0), 1.0, "identical")
LAST_BIT = leaf_result("grad", row(1.0, 2.0).T, row(1.0, 2 + 2.0**-51)[0], "rounding")
WRONG = leaf_result("grad", row(1.0, 2.0, 4.0).T, row(1.0, 2.5, 4.5)[0], "different")


@pytest.mark.parametrize(
    ("cases", "problem", "line"),
    [
        pytest.param(
            [case_result(EQUAL)],
            "",
            "f                            1  identical    12.5 ms    2.50 s  none",
            id="identical",
        ),
        pytest.param(
            [case_result(EQUAL), case_result(EQUAL, LAST_BIT, case="b")],
            "",
            "f                            2  rounding     25.0 ms    5.00 s  "
            "1 ulp in grad(2), case 'b'",
            id="rounding",
        ),
        pytest.param(
            [case_result(EQUAL), case_result(WRONG)],
            "",
            "f                            2  different    25.0 ms    5.00 s  "
            "1 of 2 cases disagree; see below",
            id="different",
        ),
        pytest.param(
            [],
            "f has no cases: write f.py",
            "f                            0  error         0.0 ms    0.0 ms  "
            "f has no cases: write f.py",
            id="error",
        ),
    ],
)
def test_a_row_of_the_table(cases, problem, line):
    assert str(RunTable(["f"]).pair(PairResult("f", cases, problem))) == line


def test_the_head_stands_above_the_columns():
    table = RunTable(["f"])
    head, line = str(table.head()), str(table.pair(PairResult("f", [case_result(EQUAL)])))
    assert head == (
        "pair                     cases  verdict       Octave    Python  largest difference"
    )
    assert line.index("identical") == head.index("verdict")
    assert line.index("none") == head.index("largest")


def test_a_long_name_makes_the_column_wider():
    table = RunTable(["f", "n" * 30])
    assert str(table.head()).index("cases") == 31
    assert str(table.pair(PairResult("f", [case_result(EQUAL)]))).index("identical") == 38


def test_the_name_of_another_side_moves_what_follows_it():
    pair = PairResult("f [in blocks of three rows, threads]", [case_result(EQUAL)])
    line = str(RunTable(["f"]).pair(pair))
    assert line.startswith("f [in blocks of three rows, threads]     1  identical")


def test_a_case_stands_below_its_pair():
    table = RunTable(["f"])
    line = str(table.case(case_result(LAST_BIT, case="the second")))
    assert line == (
        "  the second                    rounding     12.5 ms    2.50 s  1 ulp in grad(2)"
    )
    left_out = CaseResult("f", "one", Verdict.UNTESTABLE, oracle="recorded", left_out="too large")
    assert str(table.case(left_out)).endswith("too large")


def test_what_the_cases_do_not_reach_is_marked():
    line = str(RunTable(["f"]).pair(PairResult("f", [case_result(EQUAL)]), reached=0.996))
    assert line.endswith("none; its cases reach 99%")


def test_every_verdict_has_a_colour():
    assert COLOURS.keys() == set(Verdict)
