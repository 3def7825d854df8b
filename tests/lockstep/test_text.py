"""What a person reads: the report of a case, the last lines."""

import textwrap
from dataclasses import replace

import numpy as np
import pytest
from results import ALLOWED, case_result, leaf_result, row

from lockstep.compare.case_result import PairResult
from lockstep.compare.distance import distance
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.model.values import Handle
from lockstep.reports.text import (
    SHOWN_CHARACTERS,
    failure_text,
    seconds_text,
    total_text,
    ulps_text,
    value_text,
)

EQUAL = leaf_result("J", row(1.0), 1.0, "identical")
LAST_BIT = leaf_result("grad", row(1.0, 2.0).T, np.array([1.0, 2 + 2.0**-51]), "rounding")
WRONG = leaf_result("grad", row(1.0, 2.0, 4.0).T, np.array([1.0, 2.5, 4.5]), "different")


# The report of a case


@pytest.mark.parametrize(
    ("result", "text"),
    [
        pytest.param(
            case_result(EQUAL, WRONG),
            """
            f, case 'one': different
              grad: 2 of 3 elements differ; worst at grad(2) in Octave, grad[1] in Python
                Octave  2
                Python  2.5
                off by 0.5, relative 0.2, 1.1e+15 ulps; rounding explains at most 1e-14
              agreeing: J
            """,
            id="vector",
        ),
        pytest.param(
            case_result(leaf_result("y", row(0.1), 0.1 + 0.2, "different")),
            """
            f, case 'one': different
              y: differs
                Octave  0.10000000000000001
                Python  0.30000000000000004
                off by 0.2, relative 0.667, 7.2e+15 ulps; rounding explains at most 1e-14
            """,
            id="number at full precision",
        ),
        pytest.param(
            case_result(leaf_result("y", row(np.nan), 1.0, "different")),
            """
            f, case 'one': different
              y: differs
                Octave  nan
                Python  1
                off by inf, relative inf, infinitely many ulps; rounding explains at most 1e-14
            """,
            id="NaN",
        ),
        pytest.param(
            case_result(leaf_result("t", "abc", "abd", "different")),
            """
            f, case 'one': different
              t: 1 of 3 elements differ; worst at t(3) in Octave, t[2] in Python
                Octave  'abc'
                Python  'abd'
            """,
            id="text",
        ),
        pytest.param(
            case_result(leaf_result("n", row(np.int8(3)), np.int8(2), "different")),
            """
            f, case 'one': different
              n: differs
                Octave  3
                Python  2
            """,
            id="integer",
        ),
        pytest.param(
            case_result(leaf_result("A", np.ones((2, 3)), np.ones((3, 2)), "different")),
            """
            f, case 'one': different
              A: shape 2x3 in Octave, (3, 2) in Python
            """,
            id="shape",
        ),
        pytest.param(
            case_result(problem="both sides raised an error\n  Octave: a\n  Python: b"),
            """
            f, case 'one': error
              both sides raised an error
                Octave: a
                Python: b
            """,
            id="problem",
        ),
        pytest.param(
            case_result(*(leaf_result(f"y{{{i}}}", "a", "b", "different") for i in range(7))),
            "  and 2 more outputs differ",
            id="many",
        ),
    ],
)
def test_the_report_of_a_case(result, text):
    text = textwrap.dedent(text).strip("\n") if "\n" in text else text
    found = failure_text(result)
    assert found == text or found.endswith(f"\n{text}")


UNTESTABLE = LeafResult(
    "r",
    EQUAL.leaf,
    Verdict.UNTESTABLE,
    distance(row(1e-16), row(2e-16)),
    np.full((1, 1), ALLOWED),
    floor=2e-16,
)


def test_the_report_of_an_untestable_case_proposes_what_to_do():
    text = failure_text(case_result(UNTESTABLE))
    assert "rounding alone moves r by its own size (2e-16)" in text
    assert "give a case whose result is no difference of nearly equal numbers" in text


@pytest.mark.parametrize(
    ("python", "convention", "line"),
    [
        pytest.param(
            np.int64(1),
            "class",
            "  n: right up to a convention; class: int64 for double; integers overflow and "
            "truncate where doubles do not: return float64",
            id="class",
        ),
        pytest.param(
            0.0,
            "zero-based",
            "    right up to a convention: the base of indices: 0 where Octave has 1; "
            "Case(..., allow='zero-based') allows it",
            id="base",
        ),
    ],
)
def test_what_is_right_up_to_a_convention_says_so(python, convention, line):
    result = replace(leaf_result("n", row(1.0), python, "different"), convention=convention)
    assert line in failure_text(case_result(result)).splitlines()


def test_untestable_cases_have_a_line_of_their_own():
    accepted = replace(case_result(UNTESTABLE), accepted="by nature")
    text = total_text([PairResult("f", [case_result(UNTESTABLE), accepted])], 1.0)
    assert "2 untestable, of them 1 by what their cases say: neither right nor wrong" in text
    assert text.endswith("DISAGREE: f")
    assert total_text([PairResult("f", [accepted])], 1.0).endswith("all agree")


def test_recorded_values_are_said_to_be_so():
    recorded = replace(case_result(EQUAL), oracle="recorded")
    text = total_text([PairResult("f", [recorded])], 6.0)
    assert text == (
        "1 pair, 1 case, recorded: 1 identical, 0 rounding, 0 different, 0 error\n"
        "6.0 s in all, of it 2.5 s in the port's functions\n"
        "all agree with what was recorded"
    )
    mixed = total_text([PairResult("f", [recorded, case_result(EQUAL)])], 1.0)
    assert "2 cases, 1 of them recorded:" in mixed


def test_excused_jumps_are_listed():
    excused = replace(leaf_result("n", row(3.0), 2.0, "rounding"), excused=1)
    text = total_text([PairResult("f", [case_result(excused)])], 1.0)
    assert "f, case 'one': 1 element of n depends on a decision that rounding takes either" in text


def test_a_long_problem_is_cut():
    found = failure_text(case_result(problem="x" * 10_000))
    assert len(found) < SHOWN_CHARACTERS + 50
    assert found.endswith("x ...")


# The last lines


@pytest.mark.parametrize(
    ("results", "text"),
    [
        pytest.param(
            [PairResult("f", [case_result(EQUAL), case_result(LAST_BIT)])],
            """
            1 pair, 2 cases: 1 identical, 1 rounding, 0 different, 0 error
            6.0 s in all, of it 0.0 s in Octave's functions and 5.0 s in the port's
            all agree
            """,
            id="all agree",
        ),
        pytest.param(
            [
                PairResult("f", [case_result(WRONG)]),
                PairResult("g", [], "g has no cases"),
                PairResult("h", []),
            ],
            """
            3 pairs, 1 case: 0 identical, 0 rounding, 1 different, 0 error
            6.0 s in all, of it 0.0 s in Octave's functions and 2.5 s in the port's
            DISAGREE: f, g
            """,
            id="one does not",
        ),
        pytest.param(
            [
                PairResult(
                    "f", [case_result(leaf_result("h", Handle("sin"), np.sin, "identical"), EQUAL)]
                )
            ],
            """
            1 pair, 1 case: 1 identical, 0 rounding, 0 different, 0 error
            6.0 s in all, of it 0.0 s in Octave's functions and 2.5 s in the port's
            not compared (function handles, objects): f: h
            all agree
            """,
            id="what was not compared is named",
        ),
        pytest.param(
            [],
            """
            0 pairs, 0 cases: 0 identical, 0 rounding, 0 different, 0 error
            6.0 s in all, of it 0.0 s in Octave's functions and 0.0 s in the port's
            nothing was compared
            """,
            id="nothing",
        ),
    ],
)
def test_the_last_lines(results, text):
    assert total_text(results, 6.0) == textwrap.dedent(text).strip()


# Numbers


@pytest.mark.parametrize(
    ("ulps", "text"),
    [
        (0.0, "0 ulps"),
        (1.0, "1 ulp"),
        (2.0, "2 ulps"),
        (1234.0, "1,234 ulps"),
        (3.1e12, "3.1e+12 ulps"),
        (np.inf, "infinitely many ulps"),
        (np.nan, "no ulps"),
    ],
)
def test_ulps_text(ulps, text):
    assert ulps_text(ulps) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float64(0.1), "0.10000000000000001"),
        (np.float32(0.1), "0.100000001"),
        (np.complex128(1 - 0.5j), "1-0.5j"),
        (np.int8(3), "3"),
        (np.True_, "True"),
        (np.str_("a"), "'a'"),
    ],
)
def test_value_text(value, text):
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0.0 ms"), (0.0123, "12.3 ms"), (1.0, "1.00 s"), (75.0, "75.00 s")]
)
def test_seconds_text(seconds, text):
    assert seconds_text(seconds) == text
