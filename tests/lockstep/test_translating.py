"""Plain translations of Octave's expressions, as the port might have them."""

import ast

import pytest

from lockstep.explain.assigned import assignments
from lockstep.explain.translating import (
    Surroundings,
    UntranslatableError,
    indices,
    statements,
    translations,
)

NAMES = {name: [name] for name in "abckmnptuvwxy"} | {"A": ["grid"]}


def plain(text):
    """Write an expression as Python writes it, so that only the meaning is compared."""
    return ast.unparse(ast.parse(text))


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        ("max(abs(x))", "np.max(np.abs(x))"),
        ("sum(w .* x) / sum(w)", "np.sum(w * x) / np.sum(w)"),
        ("permute(A, [3 1 2])", "np.transpose(grid, (2, 0, 1))"),
        ("trapz(t, y)", "np.trapezoid(y, t)"),
        ("sum(A(:))", 'np.sum(grid.ravel(order="F"))'),
        ("max(x, [], 2)", "np.max(x, axis=1)"),
        ("max(x, y)", "np.maximum(x, y)"),
        ("chol(A)", "np.linalg.cholesky(grid).T"),
        ("ismember(x, y)", "np.isin(x, y)"),
        ("std(x, 0, 2)", "np.std(x, axis=1, ddof=1)"),
        ("std(x, 1)", "np.std(x)"),
        ("[0; x]", "np.r_[0, x]"),
        ("x(2:2:end)", "x[1::2]"),
        ("x(1:end-1)", "x[:-1]"),
        ("x(end:-1:1)", "x[::-1]"),
        ("A(k, :)", "grid[k - 1, :]"),
        ("x(x > 0)", "x[x > 0]"),
        ("mod(n - 2, k) + 1", "(n - 2) % k + 1"),
        ("linspace(a, b)", "np.linspace(a, b, 100)"),
        ("reshape(x, [], 2)", 'np.reshape(x, (-1, 2), order="F")'),
        ("circshift(A, 1, 2)", "np.roll(grid, 1, axis=1)"),
        ("sort(x, 'descend')", "-np.sort(-x)"),
        ("zeros(n, 1)", "np.zeros(n)"),
        ("sprintf('%g m', x)", "'%g m' % x"),
        ("strcmpi(a, b)", "a.lower() == b.lower()"),
        ("round(x)", "np.trunc(x + np.copysign(0.5, x))"),
        ("~ischar(a)", "not isinstance(a, str)"),
        ("isnumeric(x) && isreal(x)", 'np.asarray(x).dtype.kind in "iufc" and np.isrealobj(x)'),
        (
            "isscalar(n) || isvector(x)",
            "np.size(n) == 1 or np.size(x) == max(np.shape(x), default=1)",
        ),
        ("-2 ^ 2", "-2 ** 2"),
        ("2 ^ 3 ^ 2", "(2 ** 3) ** 2"),
        ("1:n", "np.arange(1, n + 1)"),
        ("x'", "x.T"),
        ("eps", "np.finfo(float).eps"),
        ("isempty(x)", "x.size == 0"),
    ],
)
def test_translation(octave, python):
    assert plain(python) in [plain(one) for one in translations(octave, NAMES, "np")]


def test_the_functions_of_the_port_go_first():
    around = Surroundings({"sigmoidgradient": "sigmoid_gradient"})
    found = translations("sigmoidGradient(x)", NAMES, "np", around)
    assert found[0] == "sigmoid_gradient(x)"


@pytest.mark.parametrize("octave", ["besselj(1, x)", "unknown + 1", "x{", "@(x) x", "f.g(x)"])
def test_what_has_no_plain_translation_is_left(octave):
    try:
        found = translations(octave, NAMES, "np")
    except UntranslatableError:
        found = []
    assert found == []


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        ("y = 2 * x", "y = (2 * x)"),
        ("x(k) = 0", "x[k - 1] = 0"),
        ("x += 1", "x += 1"),
        ("x(end + 1) = y", "x = np.append(x, y)"),
        ("x(numel (x) + 1) = y", "x = np.append(x, y)"),
        ("x{end + 1} = y", "x.append(y)"),
        ("x(k) = y", "x.append(y)"),
        ("A(end + 1, :) = y", "grid = np.vstack([grid, y])"),
    ],
)
def test_statement(octave, python):
    assert plain(python) in [plain(one) for one in statements(octave, NAMES, "np")]


def test_a_statement_that_is_no_assignment_is_left():
    assert statements("disp(x)", NAMES, "np") == []


def test_a_variable_that_the_port_has_not_is_written_out():
    around = Surroundings(octave="function s = f(x)\nn = numel(x);\ns = sum(x) / n;\nend\n")
    assert plain(translations("sum(x) / n", {"x": ["x"]}, "np", around)[0]) == "np.sum(x) / x.size"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("n = 1;\nn = numel(x);\n", id="bound twice"),
        pytest.param("n(2) = numel(x);\n", id="a part of it"),
        pytest.param("for n = 1:3\nend\n", id="a loop's"),
        pytest.param("[n, m] = size(x);\n", id="one of several"),
        pytest.param("n = n + 1;\n", id="by itself"),
    ],
)
def test_a_variable_that_has_several_values_is_not_written_out(text):
    around = Surroundings(octave=f"function s = f(x)\n{text}s = sum(x) / n;\nend\n")
    assert translations("sum(x) / n", {"x": ["x"]}, "np", around) == []


def test_the_statements_that_give_a_variable_a_value():
    text = "function R = f(R, x)\nn = 2;\nR(1, 1) = 0;\nx = x / n;\ny = x;\nx += 1;\nend\n"
    wanted = ["n = 2", "R(1, 1) = 0", "x = x / n", "y = x", "x += 1"]
    assert [one[1] for one in assignments(text)] == wanted
    assert [one[0] for one in assignments(text)] == ["n", "R", "x", "y", "x"]
    assert all(text[start:].startswith(one) for _, one, start in assignments(text))


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        ("i == 1 || i == n", "i + 1 == 1 or i + 1 == n"),
        ("x(i) / i", "x[i] / (i + 1)"),
        ("x(i + 1)", "x[i + 1]"),
        ("i - 1", "i"),
        ("i + 1", "i + 2"),
    ],
)
def test_a_variable_that_counts_from_0_is_one_less_than_octaves(octave, python):
    around = Surroundings(less_one={"i": "i"})
    assert plain(python) in map(plain, translations(octave, NAMES | {"n": ["n"]}, "np", around))


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        ("[1:i-1, i+1:n]", "np.r_[np.arange(0, i), np.arange(i + 1, n)]"),
        ("1:2:n", "np.arange(0, n, 2)"),
        ("[i, 3]", "np.r_[i, 2]"),
        ("x + n", "(x + n) - 1"),
    ],
)
def test_indices_count_from_0(octave, python):
    around = Surroundings(less_one={"i": "i"})
    names = {"x": ["x"], "n": ["n"], "i": ["i"]}
    assert plain(python) in map(plain, indices(octave, names, "np", around))


@pytest.mark.parametrize(
    ("octave", "python"),
    [("x(k)", "x[np.array(k) - 1]"), ("k * 2", "np.array(k) * 2"), ("k(1)", "k[0]")],
)
def test_there_is_no_arithmetic_of_a_list(octave, python):
    around = Surroundings(sequences=frozenset({"k"}))
    found = translations(octave, {"x": ["x"], "k": ["k"]}, "np", around)
    assert plain(python) in map(plain, found)
