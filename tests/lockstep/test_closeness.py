"""How near an expression of the port is to Octave's."""

import ast

import pytest

from lockstep.explain.closeness import distance, made_of, octave_made_of


def of(port, octave, **names):
    """Count what the two have not in common."""
    return distance(ast.parse(port, mode="eval").body, octave, names)


@pytest.mark.parametrize(
    ("port", "octave"),
    [
        ("np.max(np.abs(x))", "max(abs(x))"),
        ("a @ b.T", "a * b'"),
        ("20 * np.log10(x)", "20 * log10(x)"),
        ("np.arctan2(y, x)", "atan2(y, x)"),
        ("-x ** 2", "-x .^ 2"),
        ("x - y", "x - y"),
        ("(x > 2) & ~m", "x > 2 & ~m"),
        ("np.nanmax(x)", "max(x)"),
        ("x % 3", "mod(x, 3)"),
        ("len(x)", "numel(x)"),
        ("np.linalg.solve(a, b)", "a \\ b"),
        ("x[0]", "x(1)"),
    ],
)
def test_the_same_in_both_languages_is_nothing_apart(port, octave):
    assert of(port, octave) == 0


@pytest.mark.parametrize(
    ("nearer", "farther", "octave"),
    [
        ("np.max(np.abs(x))", "np.max(-x)", "max(abs(x))"),
        ("(x ** 2) ** 3", "x ** (2 * 3)", "x .^ 2 .^ 3"),
        ("x - y", "x + -y", "x - y"),
        ("20 * x", "10 * x + 10 * x", "20 * x"),
        ("x / n", "x / (n - 2)", "x / n"),
    ],
)
def test_what_octave_has_is_nearer(nearer, farther, octave):
    assert of(nearer, octave) < of(farther, octave)


def test_variables_count_where_it_is_known_which_is_which():
    names = {"v": ["speed"], "w": ["wind"]}
    assert of("speed * 2", "v * 2", **names) == 0
    assert of("wind * 2", "v * 2", **names) == 2


def test_zero_and_one_come_and_go_with_the_way_of_counting():
    assert not octave_made_of("x(1)", {})
    assert not made_of(ast.parse("x[0]", mode="eval").body, {})


def test_what_is_not_understood_counts_for_nothing():
    assert octave_made_of("x = 'a", {}) == {}
