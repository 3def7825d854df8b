"""Every statement that is wrong in itself: Octave's values put in the place of all before it."""

import numpy as np
import pytest

from lockstep.project.cases import Case
from lockstep.reports.trace_text import Selection, trace_text
from lockstep.tracing import traced


@pytest.fixture
def forced(foreign, shared_runner):
    """Force a case of the pair f, given as the bodies of both functions."""

    def force(octave, python, *args):
        foreign.m("f", f"function y = f(x)\n{octave}\nend\n")
        lines = "".join(f"    {line}\n" for line in python.splitlines())
        foreign.py("f", f"def f(x):\n{lines}    return y\n")
        with shared_runner(foreign.project) as runner:
            pair = runner.project.pair("f")
            return traced(runner, pair, {"case": Case(*args)}, "case", 0, True)

    return force


X = np.array([0.3, 1.7, 2.9, 0.8])


def lines(found):
    """Return the lines of the port that are wrong in themselves, counted in its body."""
    return [one.port.line - 3 for one in found.forced.wrong]


@pytest.mark.parametrize(
    ("m_code", "py_code", "wrong"),
    [
        pytest.param(
            "a = x + 1;\nb = a .* 2;\ny = b - 3;",
            "a = x + 1.5\nb = a * 2\ny = b - 3",
            [1],
            id="the first",
        ),
        pytest.param(
            "a = x + 1;\nb = a .* 2;\ny = b - 3;",
            "a = x + 1.5\nb = a * 2\ny = b - 3.5",
            [1, 3],
            id="one hides the other",
        ),
        pytest.param(
            "a = x + 1;\nb = a .* 2;\ny = b - 3;",
            "u = x + 1.5\nv = u * 2\ny = v - 3.5",
            [1, 3],
            id="other names",
        ),
        pytest.param(
            "y = 0;\nfor k = 1:4\nif x(k) > 1\ny = y + x(k);\nend\nend",
            "y = 0.0\nfor k in range(4):\n    if x[k] < 1:\n        y = y + 2 * x[k]",
            [3, 4],
            id="a condition",
        ),
        pytest.param(
            "[m, k] = max(x);\ny = x(k) + 2 * m;",
            "k = np.argmin(x)\nm = x.max()\ny = x[k] + 2 * m",
            [1],
            id="an index from 0",
        ),
        pytest.param(
            "spare = x + 1;\ny = 3 * x;",
            "spare = x + 2\ny = 4 * x",
            [2],
            id="what nobody reads",
        ),
    ],
)
def test_each_statement_is_judged_alone(forced, m_code, py_code, wrong):
    found = forced(m_code, py_code, X)
    assert lines(found) == wrong
    assert found.forced.agrees


def test_a_value_that_does_not_fit_is_not_forced(forced):
    found = forced(
        "total = sum(x);\nscale = 2 * total;\ny = x / scale;",
        "total = np.cumsum(x)\nscale = 2.5 * total[-1]\ny = x / scale",
        X,
    )
    assert lines(found) == [2]
    assert not found.forced.stopped


def test_where_a_port_stops_on_octaves_values_is_said(forced):
    found = forced(
        "n = 3;\ny = x(1:n) * 2;",
        "n = 5\nif n < 5:\n    raise ValueError('too few')\ny = x[: n - 2] * 3",
        X,
    )
    assert found.forced.stopped == "ValueError: too few"
    assert found.forced.place.line == 6
    assert "given Octave's values the port stopped at f.py, line 6: ValueError: too few" in (
        trace_text(found, Selection(), 120)
    )


def test_where_the_outputs_agree_nothing_is_looked_for(forced):
    found = forced("a = x + 1;\ny = a - 1;", "a = x + 2\ny = a - 2", X)
    assert found.forced is None
    assert "the outputs agree" in trace_text(found, Selection(), 120)


def test_what_only_a_replay_finds_is_said_after_it(forced):
    found = forced("s = std(x);\ny = (x - mean(x)) / s;", "y = (x - x.mean()) / x.std()", X)
    screen = trace_text(found, Selection(), 120)
    assert "x.std()" in screen
    assert "proof   with Octave's value here" in screen
