"""What a difference is traced back to: the statement that is wrong, not the one that shows it."""

import numpy as np
import pytest

from lockstep.explain.finding import Fault, first_finding
from lockstep.project.cases import Case
from lockstep.reports.trace_text import finding_text


@pytest.fixture
def first(foreign, shared_runner):
    """Name the first wrong statement of a pair f, given as two texts, in one case."""

    def found(octave, python, *args, **options):
        foreign.m("f", octave)
        foreign.py("f", python)
        with shared_runner(foreign.project) as runner:
            pair = runner.project.pair("f")
            return first_finding(runner.trace(pair, "case", Case(*args), **options))

    return found


UNROLLED = "function s = f(x)\nw = (1:numel(x))';\ns = sum(w .* x(:));\nend\n"
MATRIX = np.array([[1.5, 2.5], [3.5, 4.5]])


@pytest.mark.parametrize(
    ("order", "line"),
    [pytest.param('order="F"', None, id="right"), ("", 4)],
    ids=["right", "wrong"],
)
def test_what_only_the_port_prepares_has_to_hold_octaves_numbers(first, order, line):
    python = (
        f"def f(x):\n    x = x.ravel({order})\n    x = x.astype(float)\n"
        "    w = np.arange(1.0, x.size + 1)\n    s = np.sum(w * x)\n    return s\n"
    )
    found = first(UNROLLED, python, MATRIX)
    assert (found and found.python_line) == line
    if found:
        text = finding_text(found)
        assert "only the port has it; column by column it is not x of Octave" in text
        assert "it shows first at f.py, line 7 (f.m, line 3)" in text


DEFAULTS = (
    "function y = f(x, rate)\nif nargin < 2\n    rate = 0.5;\n"
    "end\nstep = rate * x;\ny = x - step;\nend\n"
)


@pytest.mark.parametrize(
    ("default", "line"), [("0.5", None), ("0.25", 3)], ids=["the same", "another"]
)
def test_a_default_has_to_be_what_octave_goes_on_with(first, default, line):
    python = f"def f(x, rate={default}):\n    step = rate * x\n    y = x - step\n    return y\n"
    found = first(DEFAULTS, python, 3.7)
    assert (found and found.python_line) == line
    assert found is None or "a default stands in" in finding_text(found)


BRANCHES = "function y = f(x)\nif x > 1\n    y = exp(x);\nelse\n    y = exp(-x);\nend\nend\n"


@pytest.mark.parametrize(
    ("x", "lost", "m_line"), [(2.0, "y = np.exp(x)", 3), (0.5, "y = np.exp(-x)", 5)]
)
def test_an_else_keeps_apart_what_looks_alike(first, x, lost, m_line):
    python = (
        "def f(x):\n    if x > 1:\n        y = np.exp(x)\n    else:\n"
        "        y = np.exp(-x)\n    return y\n"
    )
    assert first(BRANCHES, python, x) is None
    found = first(BRANCHES, python.replace(lost, "pass"), x)
    assert (found.fault, found.octave_line) == (Fault.MISSING, m_line)


HELPER = (
    "function y = f(x)\na = x + 1;\ny = g(2 * a, x);\nend\nfunction b = g(a, x)\nb = a * x;\nend\n"
)


def test_an_argument_is_wrong_where_it_was_passed(first):
    python = (
        "def f(x):\n    a = x + 1\n    return g({}, x)\n\n\n"
        "def g(a, x):\n    b = a * x\n    return b\n"
    )
    assert first(HELPER, python.format("2 * a"), 0.3) is None
    found = first(HELPER, python.format("3 * a"), 0.3)
    assert found.python_line == 5


def test_an_error_of_the_port_is_named_though_octave_raises_one_later(first):
    octave = (
        "function y = f(x)\ny = x(1);\nz = y + 1;\nif z > 0\n    error('f:z', 'z');\nend\nend\n"
    )
    python = (
        "def f(x):\n    y = x[5]\n    z = y + 1\n    if z > 0:\n"
        "        raise ValueError('z')\n    return y\n"
    )
    found = first(octave, python, np.array([1.5, 2.5]))
    assert (found.fault, found.python_line, found.octave_line) == (Fault.ERROR, 4, 2)


def test_a_loop_left_early_is_named_before_the_error_that_follows(first):
    octave = "function y = f(x)\nfor k = 1:3\n    a(k) = x * k;\nend\ny = a(3);\nend\n"
    python = (
        "def f(x):\n    a = []\n    for k in range({}):\n        a.append(x * (k + 1))\n"
        "    y = a[2]\n    return y\n"
    )
    assert first(octave, python.format("1, 2"), 1.5).python_line == 5


def test_what_changes_nothing_may_stand_under_a_condition_on_one_side(first):
    octave = (
        "function y = f(x)\nif isa(x, 'single')\n    x = single(x);\n"
        "end\nz = 2 * x;\ny = z + x;\nend\n"
    )
    python = "def f(x):\n    x = np.array(x)\n    z = 2 * x\n    y = z + x\n    return y\n"
    assert first(octave, python, np.array([1.5, 2.5])) is None


@pytest.mark.parametrize("forced", [False, True])
def test_a_port_may_be_single_earlier_than_octave(first, forced):
    octave = "function y = f(x, t)\nz = x / 3;\ny = single(z) * t;\nend\n"
    python = "def f(x, t):\n    z = (x / 3).astype(np.float32)\n    y = z * t\n    return y\n"
    args = np.array([1.0, 2.0, 1e30]), np.float32(2.5)
    assert first(octave, python, *args, forced=forced) is None
    found = first(octave, python.replace("/ 3", "/ 3.001"), *args, forced=forced)
    assert found.python_line == 4


def test_a_size_in_an_index_is_no_index(first):
    octave = "function y = f(x)\nn = 3;\nk = 1;\ny = x(k * n:end);\nend\n"
    python = "def f(x):\n    n = 2\n    k = 1\n    y = x[k * 3 - 1 :]\n    return y\n"
    assert first(octave, python, np.arange(1.5, 7)).python_line == 4


def test_what_nudged_arguments_decide_excuses_nothing(first):
    """How often the loop turns hangs on the last bits of x, which are the same on both sides."""
    octave = (
        "function z = f(x)\nn = mod(round(x * 1e17), 5);\ny = x;\nwhile n > 0\n"
        "    y = y * x;\n    n = n - 1;\nend\nz = y / 7;\nend\n"
    )
    python = (
        "def f(x):\n    n = np.round(x * 1e17) % 5\n    y = x\n    while n > 0:\n"
        "        y = y * x\n        n = n - 1\n    z = y / {}\n    return z\n"
    )
    x = 0.1 + 2e-17
    assert first(octave, python.format(7), x) is None
    assert first(octave, python.format(8), x) is not None
    assert first(octave, python.format(8), x, forced=True).python_line == 9
