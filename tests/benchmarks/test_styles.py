"""The styles in which the port is broken: what they make of a function, and what stays marked."""

import textwrap

import pytest
from mutation import mutants
from styles import AS_IT_IS, STYLES, broken, restyled

PORT = textwrap.dedent(
    """
    import numpy as np


    def slope(xValues, Y, scale=2.0):
        shift = Y.mean()
        total = np.sum(xValues * (Y - shift), axis=0)
        if total > scale + 1:
            total = total - 1

        def inner(k):
            return k * shift

        for k in range(len(xValues)):
            total = total + inner(k)
        rest = total ** 2
        return rest / scale
    """
).lstrip()


def changed(style, kept=()):
    return restyled(PORT, style, kept)


def test_all_locals_have_other_names():
    text = changed("other names")
    assert "def slope(v1, v2, v3=2.0):" in text
    assert "v4 = v2.mean()" in text
    assert "return v6 * v4" in text or "return v7 * v4" in text
    assert "xValues" not in text


def test_what_is_given_by_name_keeps_its_name():
    assert "def slope(v1, v2, scale=2.0):" in changed("other names", ["scale"])


def test_snake_case_does_not_join_two_names():
    text = restyled("def f(x, X):\n    return x - X\n", "snake_case")
    assert "def f(x, x_):" in text
    assert "return x - x_" in text
    assert "x_values" in changed("snake_case")


def test_a_temporary_that_is_used_once_is_put_in_place():
    text = changed("temporaries put in place")
    assert "return total ** 2 / scale" in text
    assert "shift = Y.mean()" in text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("t = x + 1\n    y = t * t", id="used twice"),
        pytest.param("t = x.sum()\n    for k in range(3):\n        y = t", id="in a loop"),
        pytest.param("t = x + 1\n    x[0] = 5\n    y = t", id="what it reads is changed between"),
        pytest.param("t = x + 1\n    y = [t for k in x]", id="in a comprehension"),
        pytest.param("t = x + 1\n    y = lambda: t", id="later"),
        pytest.param("t = 1\n    t = x\n    y = t", id="bound twice"),
    ],
)
def test_what_must_stay_a_temporary(body):
    text = f"def f(x):\n    {body}\n    return (y, y)\n"
    assert restyled(text, "temporaries put in place") == text.rstrip()


def test_every_operation_has_a_statement():
    lines = changed("expressions split").splitlines()
    start = lines.index("    part1 = Y - shift")
    assert lines[start : start + 5] == [
        "    part1 = Y - shift",
        "    part2 = xValues * part1",
        "    total = np.sum(part2, axis=0)",
        "    part1 = scale + 1",
        "    if total > part1:",
    ]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("y", [[1.5, 2.5, 9.0], [0.0, 0.5, 1.0]])
def test_the_same_is_computed(style, y):
    import numpy as np

    found = []
    for text in (PORT, changed(style)):
        names = {}
        exec(text, names)
        found.append(names["slope"](np.array([1.0, 2.0, 4.0]), np.array(y)))
    assert found[0] == found[1]


@pytest.mark.parametrize("style", STYLES)
def test_the_broken_statement_and_expression_are_found_again(style):
    for mutant in mutants("slope", PORT):
        one = broken(PORT, mutant, style)
        assert len(one.lines) == 1
        (line,) = one.lines
        if mutant.mutated != "pass" and style == AS_IT_IS:
            assert line == mutant.line
        if mutant.operator == "+ and -" and one.expressions:
            first, start, last, end = one.expressions[0]
            assert line == first == last
            assert any(sign in one.text.splitlines()[line - 1][start:end] for sign in "+-")
