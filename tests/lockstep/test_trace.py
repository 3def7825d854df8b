"""A case step by step: both programs side by side, and what is said of it."""

import numpy as np
import pytest

from lockstep import tracing, wire
from lockstep.cli import main
from lockstep.engine import Engine
from lockstep.explain.evidence import variables_at
from lockstep.explain.tracing import Relation
from lockstep.model.changed import Changed
from lockstep.page.trace_data import trace_data
from lockstep.project.cases import Case, Function
from lockstep.project.pairs import ProjectError
from lockstep.reports.trace_text import Selection, trace_text
from lockstep.sides import recorder
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.tracing import traced as trace_case

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
    """Trace a case of the pair f, as above but for one line of the port."""

    def trace(old="", new="", x=1.5, octave=M, python=PY, depth=0, forced=False):
        foreign.m("f", octave)
        assert python.count(old) == 1 or not old
        foreign.py("f", python.replace(old, new))
        cases = {"case": x if isinstance(x, Case) else Case(x)}
        with shared_runner(foreign.project) as runner:
            return trace_case(runner, runner.project.pair("f"), cases, "case", depth, forced)

    return trace


def test_a_case_that_was_run_before_is_not_run_again_for_its_trace(foreign, shared_runner):
    foreign.m("f", M)
    foreign.py("f", PY.replace("total / 3", "total / 4"))
    foreign.cases("f", "cases = {'one': (5.5,)}")
    engine = Engine(foreign.project, 60.0, lambda now: None)
    with shared_runner(foreign.project) as runner:
        engine.runner = runner
        (result,) = engine.answer(wire.RunCase("f", "one", ("f",)))
        runner.run_case = None
        (told,) = engine.answer(wire.TraceCase("f", "one", 0, False, Selection(), 100))
        del runner.run_case
    assert not result.agrees
    assert "total / 4" in told.text


def lines(found):
    """Return the lines of each row, 0 where a side has none."""
    sides = [(row.octave, row.port) for row in found.rows]
    return [tuple(0 if step is None else step.line for step in both) for both in sides]


def row_at(found, octave=0, port=0):
    """Return the first row at a line."""
    return next(
        row
        for row in found.rows
        if (not octave or (row.octave is not None and row.octave.line == octave))
        and (not port or (row.port is not None and row.port.line == port))
    )


# What stands beside what


@pytest.mark.parametrize("x", [1.5, 0.3, 9.0, -2.0])
def test_every_statement_of_a_right_port_has_its_counterpart(traced, x):
    found = traced(x=x)
    assert found.result.agrees
    assert found.finding is None
    assert {row.relation for row in found.rows} <= {Relation.SAME, Relation.INDEX}
    pairs = {(2, 4), (3, 5), (4, 6), (5, 7), (10, 11), (15, 14)}
    assert pairs <= set(lines(found))


def test_other_names_and_a_value_that_is_returned_at_once(traced):
    found = traced(
        octave="function s = f(v)\nm = mean(v);\nd = v - m;\ns = d / std(v);\nend\n",
        python="def f(v):\n    centre = v.mean()\n    rest = v - centre\n"
        "    return rest / v.std(ddof=1)\n",
        x=np.array([1.0, 2.5, 7.25]),
    )
    assert lines(found)[1:] == [(2, 4), (3, 5), (4, 6)]
    assert all(row.relation.agrees for row in found.rows)


def test_a_loop_stands_beside_the_array_that_is_made_at_once(traced):
    found = traced(
        octave="function y = f(x)\nfor k = 1:3\ny(k) = x * k;\nz = y(k) + 1;\nend\nend\n",
        python="def f(x):\n    y = x * np.arange(1, 4)\n    z = y + 1\n    return y\n",
    )
    row = row_at(found, octave=4)
    assert (row.port.line, row.relation) == (5, Relation.GATHERED)
    assert [one for one in lines(found) if one[0] == 4] == [(4, 5)]


@pytest.mark.parametrize(
    ("m_code", "py_code", "relation"),
    [
        pytest.param("a = reshape(x, 2, 3)';", "x.reshape(2, 3).T", "ORDER", id="row by row"),
        pytest.param("[~, a] = max(x);", "np.argmax(x)", "INDEX", id="an index"),
        pytest.param("a = x' * 2;", "x.reshape(2, 3, order='F') * 2", "SHAPE", id="a shape"),
        pytest.param("a = x * 2;", "x * 2 * (1 + 2**-52)", "ROUNDING", id="rounding"),
        pytest.param("a = x * 2;", "x * 2 * (1 + 1e-9)", "DIFFERENT", id="another value"),
        pytest.param("a = x > 2;", "lambda: 0", "NOT_COMPARED", id="a function"),
    ],
)
def test_how_two_values_are_to_each_other(traced, m_code, py_code, relation):
    found = traced(
        octave=f"function y = f(x)\n{m_code}\ny = x(1);\nend\n",
        python=f"def f(x):\n    a = {py_code}\n    y = x[0]\n    return y\n",
        x=np.array([1.25, 7.5, 3.0, 2.0, 5.5, 0.5]),
    )
    assert row_at(found, octave=2).relation is Relation[relation]
    assert found.result.agrees


def test_how_far_rounding_goes_is_measured(traced):
    """The difference is 8 times what is allowed unmeasured, and the condition explains it."""
    found = traced(
        octave="function y = f(x)\na = 1e9 * (x - 1.25);\ny = x;\nend\n",
        python="def f(x):\n    a = 1e9 * (x * (1 + 2**-52) - 1.25)\n    y = x\n    return y\n",
        x=np.array([1.2500001, 1.25000012, 1.25000017]),
    )
    row = row_at(found, octave=2)
    assert row.ulps > 1e4
    assert row.relation is Relation.ROUNDING


def test_a_condition_that_goes_the_other_way(traced):
    found = traced("if x > k + 1", "if x <= k + 1")
    row = row_at(found, octave=5)
    assert row.relation is Relation.DIFFERENT
    assert "true in Octave, false in Python" in trace_text(found, Selection(), 110)


def test_the_opposite_condition_of_another_kind_of_loop(traced):
    found = traced(
        octave="function k = f(x)\nk = 0;\ndo\nk = k + 1;\nx = x / 3;\nuntil x < 1\nend\n",
        python="def f(x):\n    k = 0\n    while x >= 1:\n        k = k + 1\n        x = x / 3\n"
        "    return k\n",
        x=100.0,
    )
    assert row_at(found, octave=6).relation is Relation.TURNED
    assert found.result.agrees


OUTER_M = "function y = f(x)\na = inner(x);\ny = 2 * a;\nend\n"
INNER_M = "function y = inner(x)\nb = x + 1;\ny = b * b;\nend\n"
OUTER_PY = "from inner import inner\n\n\ndef f(x):\n    a = inner(x)\n    return 2 * a\n"
INNER_PY = "def inner(x):\n    b = x + 1\n    y = b * b\n    return y\n"


@pytest.mark.parametrize(("depth", "count"), [(0, 3), (1, 6)])
def test_follows_calls_as_deep_as_is_asked(traced, foreign, depth, count):
    foreign.m("inner", INNER_M)
    foreign.py("inner", INNER_PY)
    found = traced(octave=OUTER_M, python=OUTER_PY, x=3.5, depth=depth)
    assert len(found.rows) == count
    assert all(row.relation.agrees for row in found.rows)
    assert ("argument x of inner" in trace_text(found, Selection(), 120)) == bool(depth)


def test_follows_a_pair_that_is_passed_as_a_handle(traced, foreign):
    foreign.m("inner", INNER_M)
    foreign.py("inner", INNER_PY)
    found = traced(
        octave="function y = f(g)\ny = g(1.5);\nend\n",
        python="def f(g):\n    y = g(1.5)\n    return y\n",
        x=Case(Function("inner")),
        depth=1,
    )
    assert (2, 4) in lines(found)
    assert {row.octave.depth for row in found.rows if row.octave} == {0, 1}


def test_a_declared_name_pairs_the_variables(foreign, shared_runner):
    foreign.m("f", "function [p, q] = f(x)\np = x + 0.5;\nq = x - 0.5;\nend\n")
    foreign.py("f", "def f(x):\n    q = x + 0.75\n    p = x - 0.5\n    return q, p\n")
    foreign.cases("f", "cases = {'a': (5.0,)}\nnames = {'p': 'q', 'q': 'p'}\n")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        found = trace_case(runner, pair, runner.cases(pair).cases, "a", 0, False)
    assert lines(found)[1:] == [(2, 4), (3, 5)]
    assert (found.finding.port.line, found.finding.octave.line) == (4, 2)


def test_a_port_of_which_no_step_is_one_of_octaves_is_traced(traced, monkeypatch):
    monkeypatch.setattr(tracing, "rows", lambda *_: [])
    assert trace_text(traced(), Selection(), 110).startswith("the outputs agree")


def test_ends_where_both_sides_raise(traced):
    found = traced(
        octave="function y = f(x)\na = x + 1;\nerror('f:x', 'no');\ny = a;\nend\n",
        python="def f(x):\n    a = x + 1\n    raise ValueError('no')\n",
        x=Case(1.5, raises="f:x"),
    )
    said = trace_text(found, Selection(), 120)
    assert "Octave raised, line 3: no" in said
    assert "the port raised, line 5: ValueError: no" in said


# What is said


def test_the_screen(traced):
    screen = trace_text(traced("np.exp(x)", "np.exp(-x)", x=0.5), Selection(), 110)
    table = [" ".join(line.split()) for line in screen.splitlines()]
    assert table[:8] == [
        "f.m and f.py, in the order of execution",
        "Octave Python value difference",
        "argument x argument x x double",
        "2 y = zeros(2, 1) 4 y = np.zeros(2) y 2x1 double",
        "3 total = 0 5 total = 0.0 total double",
        "4 for k = 1:2 6 for k in range(2): k double an index from 0",
        "5 if x > k 7 if x > k + 1: false",
        "> 8 y(k) = exp(x) 10 y[k] = np.exp(-x) y 2x1 double 6.5e+15 ulps, different",
    ]
    assert any(line.startswith("f.py, line 10: this expression gives another") for line in table)


def test_a_case_that_agrees_accuses_nothing(traced):
    found = traced("total = 0.0", "total = -0.0; spare = 3.5", x=0.5)
    screen = trace_text(found, Selection(), 110).splitlines()
    assert screen[0] == "the outputs agree: whatever differs below is no fault"
    assert screen[-1].endswith("0 more only in Octave, 1 only in the port")
    assert not [line for line in screen if line.startswith(">")]


def test_forcing_finds_all_that_is_wrong_in_itself(traced):
    python = PY.replace("np.exp(x)", "np.exp(-x)").replace("total - x", "total + x")
    found = traced(python=python, x=0.3, forced=True)
    assert {one.port.line for one in found.forced.wrong} == {10, 14}
    assert found.forced.agrees
    screen = trace_text(found, Selection(), 120)
    assert "2 places are wrong in themselves, given Octave's values in all before them" in screen


@pytest.mark.parametrize(
    ("selection", "shown"),
    [
        pytest.param(Selection(only="total"), [3, 10, 10], id="a variable"),
        pytest.param(Selection(first=10), [10, 10, 12], id="from a line"),
        pytest.param(Selection(last=3), [2, 3], id="up to a line"),
        pytest.param(Selection(first=2, last=4, rows=2), [2, 3], id="some rows"),
    ],
)
def test_a_selection_of_rows(traced, selection, shown):
    table = trace_text(traced(), selection, 110).split("\n\n")[1].splitlines()[2:]
    found = [line[:6].split() for line in table if "more rows" not in line]
    numbers = [int(one[0]) for one in found if one and one[0].isdigit()]
    assert numbers[: len(shown)] == shown[: len(numbers)]
    assert len(numbers) >= len(shown) or "for" in table[-1]


def test_the_rows_about_the_fault_are_shown(traced):
    found = traced("z = total - x", "z = total + x")
    screen = trace_text(found, Selection(rows=2), 110)
    assert "rows above" in screen
    assert ">   15 z = total - x" in screen


def test_nothing_is_left_in_the_port(traced):
    traced("np.exp(x)", "np.exp(-x)", x=0.5, forced=True)
    import f

    assert f.f.__code__.co_filename == f.__file__
    assert not [name for name in vars(f) if name.startswith("__lockstep")]
    assert np.array_equal(f.f(0.5)[0], np.exp([-0.5, -0.5]))


def test_a_port_without_source_is_not_traced(foreign, shared_runner):
    foreign.m("f", "function y = f(x)\ny = abs(x);\nend\n")
    foreign.py("f", "f = np.abs\n")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        with pytest.raises(ProjectError, match="not traced: absolute is not written in Python"):
            trace_case(runner, pair, {"one": Case(1.0)}, "one", 0, False)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [("x + 1", 0, "the outputs agree"), ("x + 2", 1, "line 4: this"), ("", 2, "not traced")],
)
def test_the_exit_status(foreign, monkeypatch, capsys, restored_sigterm, body, status, said):
    foreign.pair("f", "x + 1", "x + 1")
    foreign.py("f", f"def f(x):\n    y = {body}\n    return y\n" if body else "f = np.negative\n")
    monkeypatch.chdir(foreign.root)
    assert main(["trace", "f", *foreign.options]) == status
    told = capsys.readouterr()
    assert said in told.out + told.err


WRITES_M = "function y = f(x)\ny = zeros(10000, 1);\nfor k = 1:20\n  y(k) = k / x;\nend\nend\n"

WRITES_PY = """\
def f(x):
    y = np.zeros(10000)
    for k in range(20):
        y[k] = (k + 1) / x
    return y
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("(k + 1) / x", "(k + 1 if k != 15 else 7) / x", id="the value"),
        pytest.param("y[k] =", "y[k if k != 15 else 115] =", id="the place"),
    ],
)
def test_a_wrong_write_into_a_large_array_is_named(traced, old, new):
    found = traced(old, new, x=0.7, octave=WRITES_M, python=WRITES_PY)
    assert (found.finding.port.span.line, found.finding.proved) == (6, True)
    assert found.finding.turn == 15
    pictures = [step["picture"] for step in trace_data(found)["steps"] if step.get("picture")]
    assert sum("10000" in one["size"] for one in pictures) == 21  # zeros, and 20 writes


def test_the_variables_at_a_write_into_a_large_array_are_those_before_it(traced):
    found = traced(x=0.7, octave=WRITES_M, python=WRITES_PY)
    nodes = [n for n, node in enumerate(found.port.nodes) if isinstance(node.value, Changed)]
    before = variables_at(found.port, nodes[4])["y"]
    assert (np.count_nonzero(before), before.shape) == (4, (10000,))


def test_right_writes_into_a_large_array_are_not_accused(traced):
    found = traced(x=0.7, octave=WRITES_M, python=WRITES_PY)
    assert {row.relation for row in found.rows if row.port and row.port.name == "y"} == {
        Relation.SAME
    }


LONG_M = "function y = f(x)\ny = 0;\nfor k = 1:40\n  a = k / x;\n  y = y + a;\nend\nend\n"

LONG_PY = """\
def f(x):
    y = 0.0
    for k in range(1, 41):
        a = k / x
        y = y + a
    return y
"""


@pytest.fixture
def short_record(monkeypatch):
    """Let the port's record end after some turns of a loop."""
    monkeypatch.setattr(recorder, "NODE_LIMIT", 120)


def test_what_follows_the_end_of_a_record_is_not_said_to_be_lacking(traced, short_record):
    found = traced(x=0.7, octave=LONG_M, python=LONG_PY)
    assert {row.relation for row in found.rows} == {Relation.SAME, Relation.NOT_COMPARED}
    assert found.rows[-1].mismatch == "the other side was not recorded that far"
    text = trace_text(found, Selection(), 100)
    assert "0 more only in Octave, 0 only in the port" in text
    assert "more are not compared: the other side was not recorded that far" in text


def test_no_place_is_named_by_what_was_not_looked_at(traced, short_record, monkeypatch):
    monkeypatch.setitem(OctaveTracer.__init__.__kwdefaults__, "node_limit", 120)
    port = LONG_PY.replace("k / x", "k / x if k < 30 else 1.5 * x")
    found = traced("y + a", "y + a if k < 35 else 1.25 * y", x=0.7, octave=LONG_M, python=port)
    assert found.finding is None
    assert "give other values up to value 1,000: only the beginning of that block" in found.note
