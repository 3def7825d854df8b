"""A mistake that is made at several places is mended at all of them."""

import ast

import numpy as np
import pytest

from lockstep.explain.candidates import candidates
from lockstep.explain.evidence import Evidence, Turn
from lockstep.explain.repeated import repeated

X, W = np.array([1.1, 2.3, 4.7]), np.array([3.1, 1.3, 0.7])


def evidence_of(text, expression, octave):
    """Return what is known of an expression of a function of `x` and `w`."""
    tree = ast.parse(text)
    function = tree.body[0]
    node = next(n for n in ast.walk(function) if ast.unparse(n) == expression)
    statement = next(s for s in function.body if node in list(ast.walk(s)))
    own = eval(expression, {"np": np}, {"x": X, "w": W})
    turn = Turn(own, octave, {"x": X, "w": W})
    return Evidence(None, text, tree, node, statement, function, {"np": np}, turns=(turn,))


@pytest.mark.parametrize(
    ("lines", "mended"),
    [
        (
            ["a = np.std(x)", "b = np.std(w)", "return a / b"],
            ["a = np.std(x, ddof=1)", "b = np.std(w, ddof=1)", "return a / b"],
        ),
        (
            ["a = np.std(x)", "return a / np.std(w) + np.std(x - w)"],
            ["a = np.std(x, ddof=1)", "return a / np.std(w, ddof=1) + np.std(x - w, ddof=1)"],
        ),
    ],
)
def test_a_change_is_made_wherever_the_port_does_the_same(lines, mended):
    text, wanted = ("def f(x, w):\n    " + "\n    ".join(one) + "\n" for one in (lines, mended))
    evidence = evidence_of(text, "np.std(x)", X.std(ddof=1))
    first = next(one for one in candidates(evidence) if "ddof=1" in one.mended)
    assert wanted == next(repeated(first, evidence)).mended


def test_statements_that_differ_by_their_names_alone_are_left_out_together():
    lines = ["x = x + x[::-1]", "w = w + w[::-1]", "return x, w"]
    text = "def f(x, w):\n    " + "\n    ".join(lines) + "\n"
    evidence = evidence_of(text, "x + x[::-1]", X)
    first = next(one for one in candidates(evidence) if one.change.key == "extra-statement")
    both = [more.mended for more in repeated(first, evidence)]
    assert "def f(x, w):\n    return x, w\n" in both


def test_a_change_that_does_not_give_octaves_value_is_made_nowhere_else():
    evidence = evidence_of("def f(x, w):\n    return np.std(x) / np.std(w)\n", "np.std(x)", 2.0)
    assert not [more for one in candidates(evidence) for more in repeated(one, evidence)]
