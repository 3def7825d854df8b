"""Which statement of the port stands for which of the .m file, from the sources alone."""

import ast
from pathlib import Path

import pytest

from lockstep.explain.alignment import align, octave_slots, python_slots, spelling
from lockstep.sources.m_source import statements as octave_statements
from lockstep.sources.port_source import PortSource
from lockstep.sources.port_source import statements as python_statements


def matched(octave, python, names=None):
    """Align two bodies; return the matched lines, and the names without a counterpart."""
    lines = [i for i, line in enumerate(octave.splitlines(), 1) if line.strip() not in ("", "end")]
    body = "\n".join(f"    {line}" for line in python.splitlines())
    text = f"def f():\n{body}\n"
    source = PortSource(Path("f.py"), ast.parse(text).body[0], tuple(text.splitlines()))
    found = align(
        octave_slots(octave_statements(octave, lines)),
        python_slots(python_statements(source)),
        names,
    )
    return (
        [(a.line, b.line - 1) for a, b in found.pairs],
        [slot.name for slot in found.octave_only],
        [slot.name for slot in found.python_only],
    )


@pytest.mark.parametrize(
    ("octave", "python", "pairs"),
    [
        pytest.param("a = 1;\nb = 2;", "a = 1\nb = 2", [(1, 1), (2, 2)], id="line by line"),
        pytest.param("a = 1;", "# why\na = 1", [(1, 2)], id="a comment more"),
        pytest.param("Theta1_grad = 1;", "theta1Grad = 1", [(1, 1)], id="other spelling"),
        pytest.param("lambda = 1;", "lambda_ = 1", [(1, 1)], id="a word of Python"),
        pytest.param("[a, b] = f(x);", "a, b = f(x)", [(1, 1), (1, 1)], id="several outputs"),
        pytest.param("A(2, :) = 1;", "A[1, :] = 1", [(1, 1)], id="an element"),
        pytest.param("s.x = 1;", "s.x = 1", [(1, 1)], id="a field"),
        pytest.param("x = x + 1;", "x += 1", [(1, 1)], id="an update"),
        pytest.param("for k = 1:3\nend", "for k in range(3):\n    pass", [(1, 1)], id="a loop"),
        pytest.param("if a > 1\nb = 1;\nend", "if a > 1:\n    b = 1", [(1, 1), (2, 2)], id="if"),
    ],
)
def test_matches(octave, python, pairs):
    assert matched(octave, python) == (pairs, [], [])


@pytest.mark.parametrize(
    ("octave", "python", "pairs"),
    [
        pytest.param(
            "X = X + z * s;", "X = as_float(X)\nX = X + z * s", [(1, 2)], id="the likelier of two"
        ),
        pytest.param(
            "J = a / m;\nJ = J + r;", "J = J + r", [(2, 1)], id="a statement that is missing"
        ),
        pytest.param(
            "a = 1;\nb = 2;\nc = 3;", "c = 3\na = 1\nb = 2", [(1, 2), (2, 3)], id="in order"
        ),
    ],
)
def test_matches_what_words_and_order_tell(octave, python, pairs):
    assert matched(octave, python)[0] == pairs


def test_names_what_has_no_counterpart():
    assert matched("a = 1;\nb = 2;", "a = 1\nc = 2") == ([(1, 1)], ["b"], ["c"])


def test_declared_names_match():
    assert matched("beta = 1;", "b = 1", {"beta": "b"}) == ([(1, 1)], [], [])


@pytest.mark.parametrize("other", ["theta1_grad", "Theta1Grad", "theta1grad_", "THETA1_GRAD"])
def test_spelling(other):
    assert spelling(other) == spelling("Theta1_grad")
