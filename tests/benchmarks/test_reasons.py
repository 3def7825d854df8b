"""The benchmark of reasons: arguments drawn like those of cases, verdicts, the table."""

from collections import Counter

import numpy as np
import pytest
from fuzzing import arguments_like, difference
from hypothesis import given, settings
from hypothesis.errors import Unsatisfiable
from reasons import COLUMNS, Entry, Found, judged, line, shortcomings, table

from lockstep import Case, row
from lockstep.model.report import Mend, Reason

NOISE = np.array([0.5, -1.25, 2.75, 0.0])
CASES = [Case(NOISE), Case(np.array([-3.0, 1.0, 2.5]))]


def found_by(one, other, cases=CASES, examples=100):
    """Find arguments for which two functions differ."""

    def same(a, b):
        return bool(np.allclose(a, b, equal_nan=True))

    return difference(lambda: one, lambda: other, cases, same, examples)


def test_functions_that_are_the_same_on_the_cases_alone_are_told_apart():
    assert np.max(np.abs(CASES[1].args[0])) == np.max(-CASES[1].args[0])
    args = found_by(lambda x: np.max(np.abs(x)), lambda x: np.max(-x))
    assert args is not None
    assert np.max(np.abs(args[0])) != np.max(-args[0])


def test_functions_that_are_equal_are_not():
    assert found_by(lambda x: np.sum(np.abs(x)), lambda x: np.abs(x).sum()) is None


def test_an_error_of_the_second_function_alone_is_a_difference():
    assert found_by(lambda x: 1.0, lambda x: 1 / 0) is not None


def test_where_the_first_function_refuses_all_arguments_nothing_is_said_to_be_equal():
    with pytest.raises(Unsatisfiable):
        found_by(lambda x: 1 / 0, lambda x: 1.0)


def test_what_a_function_does_to_its_arguments_the_other_does_not_see():
    def changes(x):
        x += 1
        return x

    assert found_by(changes, lambda x: x + 1) is None


LABELS, EDGES = np.array([3.0, 1.0, 2.0, 2.0]), np.array([0.0, 0.5, 1.5])
SYMMETRIC = np.array([[2.5, 0.5], [0.5, 3.5]])
KEPT = Case(LABELS, EDGES, SYMMETRIC, 3, 4.0, "Ab-1", {"k": [0.5, None]}, row(NOISE))


@settings(max_examples=50, database=None, derandomize=True)
@given(arguments_like([KEPT]))
def test_arguments_keep_what_makes_them_what_they_are(args):
    labels, edges, symmetric, size, whole, text, fields, vector = args
    assert sorted(labels) == sorted(LABELS)
    assert (np.diff(edges) >= 0).all()
    assert np.array_equal(symmetric, symmetric.T)
    assert (size, whole) == (3, 4.0)
    assert text[0].isupper() and text[1].islower() and text[2:] == "-1"  # noqa: PT018
    assert fields["k"][1] is None
    assert 0.0 in vector


def test_a_case_that_ends_in_an_error_is_no_model():
    assert found_by(lambda x: x, lambda x: x, [Case(NOISE), Case("a", raises="any")]) is None


ENTRY = Entry("peakLevel", {"reason": ["lost-function"], "group": "slips"})
RIGHT = (Reason("lost-function", "", "a", "b"), "right")


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        (None, "none"),
        (Reason("offset", "x"), "relation"),
        (Reason("sign", "x", "a", "b"), "wrong"),
        RIGHT,
    ],
)
def test_a_reason_is_right_wrong_or_a_mere_relation(reason, verdict):
    assert judged(ENTRY, Found(reason, None)) == (verdict, "")
    assert verdict in line(ENTRY, Found(reason, None), verdict, "")


def test_a_mend_of_some_cases_is_none(tmp_path):
    mend = Mend(tmp_path, "", 1, 2, "", "")
    assert judged(ENTRY, Found(None, mend)) == ("none", "")


@pytest.mark.parametrize(
    ("text", "effect"),
    [("np.max(np.abs(x))", "equal"), ("np.max(-x)", "not equal"), ("1 / 0", "not equal")],
)
def test_a_mend_is_equal_in_effect_to_the_right_port_or_not(tmp_path, text, effect):
    source = f"import numpy as np\n\ndef peakLevel(x, level):\n    return x / ({text}) * level\n"
    mend = Mend(tmp_path, "", 2, 2, "", source)
    assert judged(ENTRY, Found(RIGHT[0], mend)) == ("right", effect)


def counts(**numbers):
    """Count the entries of one group."""
    return {"slips": Counter(numbers)}


def test_the_table_has_a_line_for_each_group_and_one_for_all():
    lines = list(table(counts(entries=4, right=3, none=1)))
    assert [text.split()[0] for text in lines] == ["group", "slips", "all"]
    assert lines[-1].split()[1:] == ["4", "3", "0", "1", "0", "0", "0"]
    assert lines[0].split()[1:] == list(COLUMNS)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"right": 90, "wrong": 2, "mended": 60, "equal": 57}, []),
        ({"right": 89, "mended": 60, "equal": 60}, ["right reasons: 89 of 100, less than 90%"]),
        ({"right": 95, "mended": 59, "equal": 59}, ["mends: 59 of 100, less than 60%"]),
        (
            {"right": 95, "mended": 60, "equal": 56},
            ["mends equal to the right port: 56 of 60, less than 95%"],
        ),
        (
            {"right": 95, "wrong": 3, "mended": 60, "equal": 60},
            ["wrong reasons: 3 of 100, more than 2%"],
        ),
    ],
)
def test_what_is_less_than_it_is_to_be_is_said(numbers, said):
    assert shortcomings(counts(entries=100, **numbers)) == said
