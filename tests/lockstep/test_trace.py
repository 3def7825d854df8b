"""Two traces are walked side by side: the first statement that went wrong is named."""

import numpy as np
import pytest

from lockstep.explain.finding import Fault, first_finding
from lockstep.project.cases import Case, Function
from lockstep.reports.trace_text import Selection, finding_text, trace_text

M = """
function [y, z] = f(x)
y = zeros(2, 1);
total = 0;
for k = 1:2
    if x > k
        y(k) = x * k;
    else
        y(k) = exp(x);
    end
    total = total + y(k);
end
while total > 10
    total = total / 3;
end
z = total - x;
end
"""

PY = """\
def f(x):
    y = np.zeros(2)
    total = 0.0
    for k in range(2):
        if x > k + 1:
            y[k] = x * (k + 1)
        else:
            y[k] = np.exp(x)
        total = total + y[k]
    while total > 10:
        total = total / 3
    z = total - x
    return y, z
"""


@pytest.fixture
def traced(foreign, shared_runner):
    """Trace the pair f, as above but for one line of the port."""

    def compare(old="", new="", x=1.5, octave=M, python=PY, **options):
        foreign.m("f", octave)
        assert python.count(old) == 1 or not old
        foreign.py("f", python.replace(old, new))
        with shared_runner(foreign.project) as runner:
            pair = runner.project.pair("f")
            return runner.trace(pair, "case", Case(x), **options)

    return compare


@pytest.mark.parametrize("x", [1.5, 0.3, 9.0, -2.0])
@pytest.mark.parametrize("forced", [False, True])
def test_a_right_port_agrees_in_every_statement(traced, x, forced):
    found = traced(x=x, forced=forced)
    assert first_finding(found) is None
    assert not found.frames[0].alignment.octave_only
    assert not found.frames[0].alignment.python_only


@pytest.mark.parametrize("forced", [False, True])
@pytest.mark.parametrize(
    ("old", "new", "fault", "octave_line", "python_line"),
    [
        pytest.param("np.exp(x)", "np.exp(x) * (1 + 1e-9)", Fault.VALUE, 8, 10, id="a factor"),
        pytest.param("x * (k + 1)", "x / (k + 2)", Fault.VALUE, 6, 8, id="an operator"),
        pytest.param("total = 0.0", "total = 1.0", Fault.VALUE, 3, 5, id="a constant"),
        pytest.param("if x > k + 1", "if x <= k + 1", Fault.BRANCH, 5, 7, id="a condition"),
        pytest.param("y[k] = x", "y[k - 1] = x", Fault.VALUE, 6, 8, id="an index"),
        pytest.param("np.zeros(2)", "np.zeros(3)", Fault.VALUE, 2, 4, id="a shape"),
        pytest.param("np.zeros(2)", "np.zeros(2, bool)", Fault.VALUE, 2, 4, id="a class"),
        pytest.param("z = total - x", "z = total + x", Fault.VALUE, 15, 14, id="the last line"),
    ],
)
def test_names_the_statement_that_is_wrong(
    traced, old, new, fault, octave_line, python_line, forced
):
    found = first_finding(traced(old, new, forced=forced))
    assert (found.fault, found.octave_line, found.python_line) == (fault, octave_line, python_line)


@pytest.mark.parametrize(
    ("old", "new", "x", "python_line"),
    [
        pytest.param("while total > 10", "while total > 1", 1.5, 12, id="a while's condition"),
        pytest.param("range(2)", "range(1)", 1.5, 6, id="a turn less"),
        pytest.param("range(2)", "range(3)", 1.5, 6, id="a turn more"),
    ],
)
def test_names_the_loop_at_which_the_ways_part(traced, old, new, x, python_line):
    found = first_finding(traced(old, new, x=x))
    assert (found.fault, found.python_line) == (Fault.FLOW, python_line)
    assert "from here Octave went on to" in finding_text(found)


def test_names_the_line_that_raised(traced):
    found = first_finding(traced("total = total / 3", "total = [][0]", x=9.0))
    assert (found.fault, found.python_line) == (Fault.ERROR, 13)
    assert "the port raised IndexError" in finding_text(found)


def test_names_a_statement_that_is_missing(traced):
    found = first_finding(traced("        total = total + y[k]\n", ""))
    assert (found.fault, found.octave_line, found.python_line) == (Fault.MISSING, 10, 0)
    assert finding_text(found).splitlines()[:3] == [
        "first statement that went wrong: f.m, line 10, which f.py lacks",
        "  f.m:10  total = total + y(k);",
        "it shows first at f.py, line 13 (f.m, line 15)",
    ]


def test_forcing_finds_all_that_is_wrong_in_itself(traced):
    python = PY.replace("np.exp(x)", "np.exp(-x)").replace("total - x", "total + x")
    python = python.replace("total = 0.0", "total = 1.0")
    unforced = traced(python=python)
    forced = traced(python=python, forced=True)
    assert {row.python_line for row in unforced.frames[0].wrong} == {5, 10, 11, 14, 15}
    assert {row.python_line for row in forced.frames[0].wrong} == {5, 10, 14}
    assert "wrong in themselves, given Octave's values: 3 statements" in trace_text(
        forced, Selection(), 120
    )


def test_an_error_on_both_sides_is_compared_up_to_it(traced):
    found = traced(
        octave="function y = f(x)\na = x + 1;\nerror('f:x', 'no');\ny = a;\nend\n",
        python="def f(x):\n    a = x + 2\n    raise ValueError('no')\n",
    )
    assert first_finding(found).python_line == 4


def test_rounding_is_no_fault(traced):
    found = traced(
        octave="function y = f(x)\na = exp(x) * 3;\ny = a - exp(x) - exp(x) - exp(x);\nend\n",
        python="def f(x):\n    a = np.exp(x) * 3 * (1 + 2**-52)\n"
        "    y = a - np.exp(x) - np.exp(x) - np.exp(x)\n    return y\n",
    )
    assert first_finding(found) is None
    assert {row.verdict.value for row in found.frames[0].rows} == {"identical", "rounding"}


LARGE_M = "function y = f(x)\nA = x * ones(100, 50);\ny = A(7, 3);\nend\n"
LARGE_PY = "def f(x):\n    A = x * np.ones((100, 50))\n    y = A[6, 2]\n    return y\n"
ONE_OFF = "np.ones((100, 50)) * (1 + 1e-12 * (np.arange(5000) == 2503).reshape(100, 50, order='F'))"
"""One element of 5,000 is off: the digest's 1,000 samples do not hold it."""


@pytest.fixture
def small_budget(monkeypatch):
    """Keep values of up to `budget` bytes whole, in the first run and in the second."""

    def set_to(first, second):
        for module, budget in (
            ("sides.octave_trace", first),
            ("sides.port_trace", first),
            ("explain.trace", second),
        ):
            monkeypatch.setattr(f"lockstep.{module}.VALUE_BUDGET", budget)

    return set_to


def test_what_a_digest_does_not_show_is_fetched_by_a_second_run(traced, small_budget):
    small_budget(0, 10**6)
    assert first_finding(traced(octave=LARGE_M, python=LARGE_PY)) is None
    wrong = first_finding(traced("np.ones((100, 50))", ONE_OFF, octave=LARGE_M, python=LARGE_PY))
    assert wrong.python_line == 4
    assert "1 of 5000 elements differ; worst at A(4,26) in Octave, A[3, 25]" in finding_text(wrong)


def test_a_trace_says_what_was_compared_by_samples_only(traced, small_budget):
    small_budget(0, 0)
    screen = trace_text(
        traced("np.ones((100, 50))", ONE_OFF, octave=LARGE_M, python=LARGE_PY), Selection(), 120
    )
    assert "1 large values that are not the same in every bit were compared by 1,000 of" in screen
    same = trace_text(traced(octave=LARGE_M, python=LARGE_PY), Selection(), 120)
    assert "large values" not in same


def test_follows_calls_of_other_pairs(foreign, shared_runner):
    foreign.m("outer", "function y = outer(x)\na = inner(x);\ny = 2 * a;\nend\n")
    foreign.m("inner", "function y = inner(x)\nb = x + 1;\ny = b * b;\nend\n")
    foreign.py(
        "outer",
        "from inner import inner\n\ndef outer(x):\n    a = inner(x)\n    y = 2 * a\n    return y\n",
    )
    foreign.py("inner", "def inner(x):\n    b = x + 2\n    y = b * b\n    return y\n")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("outer")
        flat = runner.trace(pair, "case", Case(3.0))
        deep = runner.trace(pair, "case", Case(3.0), depth=1)
    assert [frame.function for frame in flat.frames] == ["outer"]
    assert [frame.function for frame in deep.frames] == ["outer", "inner"]
    assert first_finding(flat).python_line == 6
    assert [row.python_line for row in deep.frames[1].wrong] == [4, 5, 6]


def test_follows_a_pair_that_is_passed_as_a_handle(foreign, shared_runner):
    foreign.m("outer", "function y = outer(f)\ny = f(1);\nend\n")
    foreign.m("inner", "function y = inner(x)\ny = x + 1;\nend\n")
    foreign.py("outer", "def outer(f):\n    y = f(1)\n    return y\n")
    foreign.py("inner", "def inner(x):\n    y = x + 1.0\n    return y\n")
    with shared_runner(foreign.project) as runner:
        case = Case(Function("inner"))
        found = runner.trace(runner.project.pair("outer"), "case", case, depth=1)
    assert [frame.function for frame in found.frames] == ["outer", "inner"]
    assert first_finding(found) is None


def test_declared_names_are_compared(foreign, shared_runner):
    foreign.m("f", "function y = f(x)\nA = [x 1; 2 3];\ny = sum(A(:));\nend\n")
    foreign.py(
        "f",
        "def f(x):\n    b = np.array([[x, 2.0], [1.0, 3.5]])\n    y = b.sum()\n    return y\n",
    )
    foreign.cases("f", "cases = {'a': (5.0,)}\nnames = {'A': 'b.T'}\n")
    with shared_runner(foreign.project) as runner:
        found = first_finding(runner.trace(runner.project.pair("f"), "a", Case(5.0)))
    assert (found.octave_line, found.python_line) == (2, 4)
    (leaf,) = found.row.leaves
    assert (leaf.leaf.octave[1, 1], leaf.leaf.python[1, 1]) == (3.0, 3.5)


def test_several_of_the_worst_elements_are_shown(traced):
    octave = "function y = f(x)\ny = x * (1:4);\nend\n"
    python = "def f(x):\n    y = x * np.array([1, 2.5, 3, 5])\n    return y\n"
    screen = trace_text(traced(octave=octave, python=python), Selection(), 110)
    assert "2 of 4 elements differ; worst at y(4) in Octave, y[3] in Python" in screen
    assert "then y(2), y[1]: 3 in Octave, 3.75 in Python" in screen


def test_where_all_agrees_it_says_how_much_was_seen(traced):
    assert trace_text(traced(), Selection(), 110).splitlines()[-1] == (
        "all agree: 14 executions of 10 lines of Octave and 10 of Python; largest difference none"
    )


def test_the_screen(traced):
    screen = trace_text(traced("np.exp(x)", "np.exp(-x)", x=0.5), Selection(), 110)
    table = [" ".join(line.split()) for line in screen.splitlines()]
    assert table[:8] == [
        "f.m and f.py, in the order of execution",
        "Octave Python value difference",
        "argument x argument x x double",
        "2 y = zeros(2, 1); 4 y = np.zeros(2) y 2x1 double",
        "3 total = 0; 5 total = 0.0 total double",
        "4 for k = 1:2 6 for k in range(2): index Octave counts from 1",
        "5 if x > k 7 if x > k + 1: false",
        "> 8 y(k) = exp(x); 10 y[k] = np.exp(-x) y 2x1 double 6.5e+15 ulps, different",
    ]
    assert screen.splitlines()[-7:] == [
        "first statement that went wrong: f.py, line 10 (f.m, line 8)",
        "  f.m:8  y(k) = exp(x);",
        "  f.py:10  y[k] = np.exp(-x)",
        "  y: 1 of 2 elements differ; worst at y(1) in Octave, y[0] in Python",
        "    Octave  1.6487212707001282",
        "    Python  0.60653065971263342",
        "    off by 1.04, relative 0.632, 6.5e+15 ulps; rounding explains at most 7.1e-15",
    ]


@pytest.mark.parametrize(
    ("selection", "lines"),
    [
        pytest.param(Selection(only="total"), [3, 10, 10], id="a variable"),
        pytest.param(Selection(first=10), [10, 10, 15], id="from a line"),
        pytest.param(Selection(last=3), [2, 3], id="up to a line"),
        pytest.param(Selection(first=2, last=4, rows=2), [2, 3], id="some rows"),
    ],
)
def test_a_selection_of_rows(traced, selection, lines):
    table = trace_text(traced(), selection, 110).split("\n\n")[0].splitlines()[2:]
    assert [int(line[:6]) for line in table if "more rows" not in line] == lines


def test_nothing_is_left_in_the_port(foreign, shared_runner, traced):
    traced(forced=True)
    import f

    assert f.f.__code__.co_filename == f.__file__
    assert not [name for name in vars(f) if name.startswith("lockstep")]
    assert np.array_equal(f.f(0.5)[0], np.exp([0.5, 0.5]))
