"""A finding in words: places underlined, values told apart, the reason and the mend."""

import numpy as np
import pytest

from lockstep.model.execution import Span
from lockstep.model.report import Fault, Finding, Mend, Place, Reason
from lockstep.reports.finding_text import WIDTH, finding_text


@pytest.fixture
def place(tmp_path):
    """Write a file, and name an expression of its line."""

    def made(line, expression, number=3, name="f.py"):
        file = tmp_path / name
        file.write_text("\n" * (number - 1) + line + "\n")
        start = len(line[: line.index(expression)].encode())
        stop = start + len(expression.encode())
        span = Span(number, start, number, stop)
        return Place(file, "f", span, number, line.strip(), expression)

    return made


def test_a_whole_finding(place):
    own = np.linspace(1, 2, 12)
    octave = own * np.sqrt(12 / 11)
    found = Finding(
        Fault.VALUE,
        place("    normalized = (data - center) / data.std(axis=0)", "data.std(axis=0)"),
        place("Z = (X - mu) ./ std(X);", "std(X)", 7, "f.m"),
        own,
        octave[:, None],
        proved=True,
        explained=3,
        failing=4,
        turn=1,
        turns=5,
        reason=Reason("ddof", "a factor sqrt(12/11), in all 12 elements", "Octave.", "NumPy."),
        mend=Mend(None, "--- a\n+++ b\n-old\n+new\n", 12, 12, "", ""),
    )
    assert finding_text(found) == [
        "f.py, line 3: this expression gives another value than Octave's, first at turn 2 of 5",
        "      3  normalized = (data - center) / data.std(axis=0)",
        "                                        ^^^^^^^^^^^^^^^^",
        "f.m, line 7: its counterpart",
        "      7  Z = (X - mu) ./ std(X);",
        "                         ^^^^^^",
        "",
        "  Python  12 float64                   at [11]           2",
        "  Octave  12x1 float64                 at (12)           2.08893",
        "          the farthest of 12 of 12 elements that differ",
        "  proof   with Octave's value here every output of the case agrees; so it does in 3 of 4 "
        "cases",
        "          that disagree",
        "  why     NumPy. Octave. (a factor sqrt(12/11), in all 12 elements)",
        "  page    tests/catalogue/README.md#ddof",
        "",
        "  a mend that was tried: all 12 cases agree with it",
        "    -old",
        "    +new",
    ]


@pytest.mark.parametrize(
    ("own", "octave", "shown"),
    [
        (True, False, ("true", "false")),
        (1.5, np.array([[2.5]]), ("1.5", "2.5")),
        ("ab", "abc", ("'ab'", "'abc'")),
        (np.array([1.0, 2.0]), np.array([[1.0], [3.0]]), ("[1, 2]", "[1, 3]")),
        (np.eye(2), 2 * np.eye(2), ("[1, 0; 0, 1]", "[2, 0; 0, 2]")),
        (np.zeros(9), np.zeros((4, 1)), ("9 float64: 0, 0, 0, 0, ...", "[0, 0, 0, 0]")),
        (1 + 2j, np.array([[1 - 2j]]), ("1+2j", "1-2j")),
        ({"a": 1.0}, {"a": np.array([[2.0]])}, ("{a: 1}", "{a: 2}")),
    ],
)
def test_values_are_shown_as_one_would_write_them(place, own, octave, shown):
    lines = finding_text(Finding(Fault.VALUE, place("y = x", "x"), None, own, octave))
    assert f"  Python  {shown[0]}" in lines
    assert f"  Octave  {shown[1]}" in lines


def test_numbers_that_nearly_agree_are_told_apart(place):
    own = np.arange(10.0)
    octave = own.copy()
    octave[4] += 1e-12
    text = "\n".join(finding_text(Finding(Fault.VALUE, place("y = x", "x"), None, own, octave)))
    assert "at [4]            4\n" in text
    assert "at (5)            4.000000000001\n" in text
    assert "the farthest of 1 of 10 elements" in text


def test_a_place_where_the_file_was_changed_is_shown_as_it_was(place):
    found = place("y = g(x) + 1", "g(x)")
    found.file.write_text("z = 1\n" * 9)
    lines = finding_text(Finding(Fault.VALUE, found, None))
    assert "      3  y = g(x) + 1" in lines
    assert "             ^^^^" in lines


def test_a_long_line_is_cut_around_what_is_underlined(place):
    line = "y = " + "a + " * 40 + "wrong(x)" + " + b" * 40
    lines = finding_text(Finding(Fault.DECISION, place(line, "wrong(x)"), None))
    assert all(len(one) <= WIDTH for one in lines)
    mark = lines[2].index("^")
    assert lines[1][mark : mark + 8] == "wrong(x)"


def test_an_expression_on_several_lines_is_underlined_on_each(tmp_path):
    file = tmp_path / "f.py"
    file.write_text("y = f(\n    a,\n    b)\n")
    found = Place(file, "f", Span(1, 4, 3, 6), 1, "y = f( a, b)", "f( a, b)")
    lines = finding_text(Finding(Fault.VALUE, found, None))
    assert lines[1:7] == [
        "      1  y = f(",
        "             ^^",
        "      2  a,",
        "         ^^",
        "      3  b)",
        "         ^^",
    ]


def test_letters_beyond_ascii_are_underlined_where_they_stand(place):
    lines = finding_text(Finding(Fault.VALUE, place("größe = länge + ü", "ü"), None))
    assert lines[2] == " " * (9 + 16) + "^"


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_has_a_headline(place, fault):
    found = Finding(fault, place("y = x", "x"), None, note="it raises ValueError: no")
    lines = finding_text(found)
    assert lines[0].startswith("f.py, line 3: ")
    assert any("it raises ValueError" in line for line in lines)


def test_a_mend_of_all_cases_proves_the_place(place):
    mend = Mend(None, "", 2, 2, "", "")
    lines = finding_text(Finding(Fault.VALUE, place("y = x", "x"), None, mend=mend))
    assert "  proof   with the mend below every output of every case agrees" in lines
    assert "  a mend that was tried: both cases agree with it" in lines


def test_what_is_only_added_is_shown_behind_what_it_follows(place):
    diff = "--- a\n+++ b\n@@ -1,3 +1,4 @@\n def f(x):\n     y = x\n+    y = y + 1\n     return y\n"
    mend = Mend(None, diff, 2, 2, "", "")
    lines = finding_text(Finding(Fault.MISSING, place("return y", ""), None, mend=mend))
    assert lines[-2:] == ["         y = x", "    +    y = y + 1"]


def test_a_change_that_heals_some_says_how_many(place):
    mend = Mend(None, "", 2, 5, "", "")
    lines = finding_text(Finding(Fault.VALUE, place("y = x", "x"), None, 1.0, 2.0, mend=mend))
    assert "  a change that was tried: 2 of 5 cases agree with it" in lines
    assert any(line.startswith("  proof   not proved") for line in lines)


def test_of_a_statement_without_an_expression_at_fault_what_it_does_is_wrong(place):
    loop = place("    for i in range(n):", "")
    said = "f.py, line 3: what this does is not what Octave does"
    assert finding_text(Finding(Fault.VALUE, loop, None))[0] == said
