"""Probes in a copy of the port: every construct is read right, when it is bound."""

import numpy as np
import pytest

from lockstep.model.events import Step
from lockstep.project.cases import Case
from lockstep.sides.port import Port
from lockstep.sides.port_trace import PortTracer


@pytest.fixture
def traced(foreign):
    """Trace f(x) of the port, whose body begins on line 4; return the reply and its events."""

    def trace(*lines, x=5.0, before=""):
        body = "\n".join(f"    {line}" for line in lines)
        foreign.m("f", "function y = f(x)\ny = x;\nend\n")
        foreign.py("f", f"{before}def f(x):\n{body}\n")
        project = foreign.project
        outcome = PortTracer(Port(project)).trace(project.pair("f"), Case(x))
        return outcome.reply, outcome.trace

    return trace


def bound(trace):
    """Return (line of the body, name, value) of what was bound, arguments and returns left out."""
    found = [(e.line - 3, e.name, e.value) for e in trace.events if e.line and e.name != "return"]
    return [(n, name, v.tolist() if isinstance(v, np.ndarray) else v) for n, name, v in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["y = 1", "return y"], [(1, "y", 1)], id="a name"),
        pytest.param(["a = b = 2", "return a"], [(1, "a", 2), (1, "b", 2)], id="two targets"),
        pytest.param(
            ["a, (b, *c) = 1, (2, 3, 4)", "return a"],
            [(1, "a", 1), (1, "b", 2), (1, "c", [3, 4])],
            id="unpacking",
        ),
        pytest.param(["y = 1", "y += 2"], [(1, "y", 1), (2, "y", 3)], id="augmented"),
        pytest.param(
            ["y = np.zeros(2)", "y[1] = 3", "y[:] += 1"],
            [(1, "y", [0, 0]), (2, "y", [0, 3]), (3, "y", [1, 4])],
            id="indexed; a later change does not rewrite history",
        ),
        pytest.param(
            ["y = [3, 1]", "y.sort()", "y.append(2)"],
            [(1, "y", [3, 1]), (2, "y", [1, 3]), (3, "y", [1, 3, 2])],
            id="methods in place",
        ),
        pytest.param(
            ["y = np.zeros(2)", "np.add(y, 1, out=y)"],
            [(1, "y", [0, 0]), (2, "y", [1, 1])],
            id="out=",
        ),
        pytest.param(["if (n := 3) > 2:", "    y = n"], [(1, "n", 3), (2, "y", 3)], id="walrus"),
        pytest.param(
            ["for k, v in enumerate('ab'):", "    pass"],
            [(1, "k", 0), (1, "v", "a"), (1, "k", 1), (1, "v", "b")],
            id="for",
        ),
        pytest.param(
            ["with np.errstate(all='ignore') as e, open(__file__) as g:", "    y = 1"],
            [(1, "e", None), (1, "g", ...), (2, "y", 1)],
            id="with",
        ),
        pytest.param(
            ["y = sum(k * k for k in range(3))", "z = [k for k in range(2)]"],
            [(1, "y", 5), (2, "z", [0, 1])],
            id="comprehensions",
        ),
        pytest.param(
            ["y = 1", "def g():", "    nonlocal y", "    y = 2", "g()", "z = y"],
            [(1, "y", 1), (2, "g", ...), (6, "z", 2)],
            id="a closure",
        ),
        pytest.param(
            [
                *("try:", "    y = 1", "    y = [][0]", "except IndexError:", "    z = 2"),
                *("else:", "    z = 3", "finally:", "    w = 4"),
            ],
            [(2, "y", 1), (5, "z", 2), (9, "w", 4)],
            id="try",
        ),
        pytest.param(
            ["match x:", "    case 5.0:", "        y = 1", "    case _:", "        y = 2"],
            [(3, "y", 1)],
            id="match",
        ),
        pytest.param(["y = 1", "if x:", "    return y", "y = 2"], [(1, "y", 1)], id="return"),
        pytest.param(["s = {}", "s['a'] = 1"], [(1, "s", {}), (2, "s", {"a": 1})], id="a dict"),
    ],
)
def test_reads_what_each_statement_binds(traced, lines, expected):
    _, trace = traced(*lines)
    found = bound(trace)
    assert [one[:2] for one in found] == [one[:2] for one in expected]
    for (*_, value), (*_, wanted) in zip(found, expected, strict=True):
        assert wanted is ... or value == wanted


def test_a_decorated_function_is_traced(traced):
    before = "import functools\n\ndef twice(g):\n    @functools.wraps(g)\n    def call(x):\n"
    before += "        return 2 * g(x)\n    return call\n\n@twice\n"
    reply, trace = traced("y = x + 1", "return y", before=before)
    assert reply.result == 12
    assert [e.name for e in trace.events] == ["x", "y", "return"]


def test_conditions_are_steps_with_their_outcome(traced):
    _, trace = traced("while x > 4:", "    x = x - 1", "if x:", "    pass")
    steps = [(s.line - 3, s.outcome) for s in trace.items if isinstance(s, Step)]
    assert steps == [(1, True), (1, False), (3, True)]


def test_an_exception_keeps_what_was_recorded(traced):
    reply, trace = traced("y = 1", "raise ValueError('no')")
    assert isinstance(reply, ValueError)
    assert bound(trace) == [(1, "y", 1)]


def test_recursion_gives_each_call_a_frame(traced):
    reply, trace = traced("if x == 0:", "    return 1", "y = x * f(x - 1)", "return y", x=2.0)
    assert reply.result == 2
    assert [(e.frame, e.value) for e in trace.events if e.name == "y"] == [(2, 1.0), (1, 2.0)]
