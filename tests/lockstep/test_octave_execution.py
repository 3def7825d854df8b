"""The Octave side of a trace: values, what they were made of, and that nothing else changes."""

import os
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import pytest

from lockstep.model.execution import Kind, NotKept
from lockstep.model.values import OctaveFunction
from lockstep.project.cases import Case, Function, load_cases, octave_side, row
from lockstep.project.pairs import Pair, ProjectError, find_project
from lockstep.sides.compiled_recorder import PLAIN
from lockstep.sides.octave import OctaveError, OctaveSession
from lockstep.sides.octave_execution import OctaveTraceError, OctaveTracer

PROJECT = find_project(Path(__file__))


class Traced:
    """An execution, asked in words."""

    def __init__(self, execution):
        self.execution = execution
        self.nodes = execution.nodes

    def find(self, text, kind=None):
        """Return the numbers of the nodes of sites of this text, in order."""
        return [
            number
            for number, node in enumerate(self.nodes)
            if self.execution.site(number).text == text
            and (kind is None or self.execution.site(number).kind is kind)
        ]

    def values(self, text, kind=None):
        """Return the values of the nodes of sites of this text."""
        return [plain(self.nodes[number].value) for number in self.find(text, kind)]

    def inputs(self, number):
        """Describe the inputs of a node: kind and text."""
        return [self.described(one) for one in self.nodes[number].inputs]

    def described(self, number):
        """Name a node: kind and text."""
        site = self.execution.site(number)
        return f"{site.kind.value} {site.text}"

    def decision(self, number):
        """Describe the decision of a node; empty where there is none."""
        decision = self.nodes[number].decision
        return "" if decision < 0 else self.described(decision)


def plain(value):
    """Turn Octave's values into Python's plain ones."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.item() if value.size == 1 else value.tolist()
    return value


@pytest.fixture(scope="module")
def session():
    with OctaveSession() as live:
        yield live


@pytest.fixture
def traced(tmp_path, session):
    """Trace a call of a function, whose text is given, and compare it with the plain call.

    The folder is put on the path once the file is there: Octave reads a folder again only where its
    time is another, which is no finer than the clock of the file system.
    """
    session.eval(f"addpath ('{tmp_path}');")

    def traced(text, *args, name="f", nargout=None, files=(), **limits):
        for other, content in dict(files).items():
            path = tmp_path / other
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
        path = tmp_path / f"{name}.m"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        session.eval(f"rmpath ('{tmp_path}'); addpath ('{tmp_path}'); clear -f {name};")
        pair, case = Pair(name, path), Case(*args, nargout=nargout)
        plainly = called(session, pair, case)
        execution = OctaveTracer(session, **limits).trace(pair, case)
        assert repr((execution.outputs, execution.error)) == repr(plainly)
        assert_sound(execution)
        return Traced(execution)

    yield traced
    session.eval(f"rmpath ('{tmp_path}');")


def called(session, pair, case):
    """Return the outputs of a call without a trace, and its error."""
    args = [octave_side(argument) for argument in case.args]
    try:
        reply = session.call(
            pair.name, *args, nargout=case.nargout, seed=case.seed, script=pair.is_script
        )
    except OctaveError as error:
        return [], error.message
    return reply.outputs, ""


def assert_sound(execution):
    """Check what holds of every execution."""
    for number, node in enumerate(execution.nodes):
        assert all(0 <= one < number for one in node.inputs)
        assert -1 <= node.decision < number
        assert node.frame < len(execution.frames)
        function = execution.source.sites[node.site].function
        assert function == execution.frames[node.frame].function
        if node.decision >= 0:
            assert execution.nodes[node.decision].frame == node.frame
    for node in execution.output_nodes:
        assert node < len(execution.nodes)


# Values and what they are made of


def test_an_assignment(traced):
    f = traced("function y = f(x)\ny = 2 * x + x;\n", 3.0)
    assert [f.described(n) for n in range(len(f.nodes))] == [
        "argument x",
        "read x",
        "expression 2 * x",
        "read x",
        "expression 2 * x + x",
        "binding y",
        "return y",
    ]
    assert [node.inputs for node in f.nodes] == [(), (0,), (1,), (0,), (2, 3), (4,), (5,)]
    assert [plain(node.value) for node in f.nodes] == [3, 3, 6, 3, 9, 9, 9]
    assert f.execution.output_nodes == [6]


@pytest.mark.parametrize(
    ("text", "values", "inputs"),
    [
        ("y = x;", [2], ["read x"]),
        ("y = pi;", [np.pi], []),
        ("y = []; y(2) = x;", [[], [[0, 2]]], ["read x", "binding y"]),
        ("y = 1:3; y(x) = [];", [[[1, 2, 3]], [[1, 3]]], ["read x", "binding y"]),
        ("y = 1; y += x;", [1, 3], ["read y", "read x"]),
        ("y = 1; y++;", [1, 2], ["read y"]),
        ("y = z = x;", [2], ["binding z"]),
        ("[y, k] = max ([1 x]);", [2], ["expression max ([1 x])"]),
        ("y = (x + 1);", [3], ["expression x + 1"]),
        ("y = 'abc'(x);", ["b"], ["expression 'abc'(x)"]),
        ("c = {1, x}; y = c{2};", [2], ["expression c{2}"]),
        ("c = {1, x}; y = [c{:}];", [[[1, 2]]], ["expression [c{:}]"]),
        ("s.a = x; y = s.a;", [2], ["expression s.a"]),
        ("y = x'; y = y' * y;", [2, 4], ["expression y' * y"]),
        ("y = (1:3)(end);", [3], ["expression (1:3)(end)"]),
        ("y = x; eval ('y = 5;'); y = y;", [2, 5], ["read y"]),
        ("y = mine (x);\nfunction r = mine (a)\nr = a;", [2], ["expression mine (x)"]),
        ("x + 4; y = ans;", [6], ["expression ans"]),
        ("h = @(t) t + x; y = h (1);", [3], ["expression h (1)"]),
        ("y = cellfun (@(t) t * x, {1, 2});", [[[2, 4]]], ["expression cellfun"]),
        ("if x y = 7; else y = 8; end", [7], []),
        ("y = 3 - ...\n x;", [1], ["expression 3 - x"]),
    ],
)
def test_bindings(traced, text, values, inputs):
    f = traced(f"function y = f(x)\n{text}\n", 2.0)
    bound = [n for n, _ in enumerate(f.nodes) if f.described(n).startswith("binding y")]
    assert [plain(f.nodes[n].value) for n in bound] == values
    for found, expected in zip(f.inputs(bound[-1]), inputs, strict=True):
        assert found.startswith(expected)


@pytest.mark.parametrize(
    ("text", "site", "value"),
    [
        ("y = x(end - 1);", "end - 1", 2),
        ("y = x([1 end])(2);", "[1 end]", [[1, 3]]),
        ("y = sum (x(2:end));", "x(2:end)", [[2, 3]]),
        ("y = x(min (end, 9));", "min (end, 9)", 3),
        ("y = -x';", "x'", [[1], [2], [3]]),
        ("y = x' * x;", "x'", [[1], [2], [3]]),
        ("y = [x(1) -x(2)];", "-x(2)", -2),
        ("y = max (x)(1) > 2 && true;", "max (x)(1) > 2", True),
        ("disp (x + 1); y = 1;", "x + 1", [[2, 3, 4]]),
        ("s.f = 'a'; y = s.('f');", "s.('f')", "a"),
        ("y = single (x(1));", "single (x(1))", 1),
        ("y = int8 (x(3));", "int8 (x(3))", 3),
        ("y = sparse (x)(2);", "sparse (x)(2)", None),
        ("c{x(1)} = 5; y = c{end};", "x(1)", 1),
        ("[y, k] = deal (x(1), x(2) * 3);", "x(2) * 3", 6),
    ],
)
def test_expressions(traced, text, site, value):
    f = traced(f"function y = f(x)\n{text}\n", row([1.0, 2.0, 3.0]))
    found = f.values(site, Kind.EXPRESSION)
    assert len(found) == 1
    assert value is None or found[0] == value


def test_each_version_of_a_variable_is_its_own_node(traced):
    f = traced("function y = f(x)\ny = 0;\nfor k = 1:3\ny(k) = x * k;\nend\n", 2.0)
    assert f.values("y(k)") == [2, [[2, 4]], [[2, 4, 6]]]
    assert f.inputs(f.find("y(k)")[1]) == ["expression x * k", "read k", "binding y(k)"]
    assert f.values("k", Kind.BINDING) == [1, 2, 3]
    assert f.inputs(f.find("k", Kind.BINDING)[2]) == ["expression 1:3"]


def test_several_outputs(traced):
    f = traced("function [m, k] = f(x)\n[m, k] = max (x);\n", row([1.0, 5.0]))
    (call,) = f.find("max (x)")
    assert [plain(item) for item in f.nodes[call].value.ravel()] == [5, 2]
    assert f.inputs(f.find("k", Kind.BINDING)[0]) == ["expression max (x)"]
    assert [f.described(n) for n in f.execution.output_nodes] == ["return m", "return k"]


def test_a_multiplication_with_a_transpose_is_left_whole(traced):
    x = np.random.default_rng(1).standard_normal((7, 5))
    f = traced("function y = f(x)\ny = x' * x + (x.' * x)' + (x * x')(1);\n", x)
    (transposed, *_) = f.find("x'")
    assert np.array_equal(f.nodes[transposed].value, x.T)


# Decisions


def test_an_if_and_what_runs_under_it(traced):
    text = """
        function y = f(x)
        if x > 2, y = 1; elseif x > 1, y = 2;
        else y = 3; end
        """
    f = traced(text, 1.5)
    assert f.values("x > 2", Kind.DECISION) == [False]
    assert f.values("x > 1", Kind.DECISION) == [True]
    assert f.decision(f.find("x > 1", Kind.DECISION)[0]) == "decision x > 2"
    assert f.decision(f.find("y", Kind.BINDING)[0]) == "decision x > 1"
    f = traced(text, 0.5)
    assert f.values("x > 1", Kind.DECISION) == [False]
    assert f.decision(f.find("y", Kind.BINDING)[0]) == "decision x > 1"


@pytest.mark.parametrize(
    ("x", "decisions"),
    [
        (0.0, ["x == 0 | x == 5 True"]),
        (5.0, ["x == 0 | x == 5 True"]),
        (1.0, ["x == 0 | x == 5 False", "x > 0 & x < 2 True"]),
        (2.0, ["x == 0 | x == 5 False", "x > 0 & x < 2 False", "x == 2 True"]),
        (3.0, ["x == 0 | x == 5 False", "x > 0 & x < 2 False", "x == 2 False"]),
    ],
)
def test_a_condition_that_octave_cuts_short_is_recorded_around_it(traced, x, decisions):
    f = traced(
        """
        function y = f(x)
        y = 0;
        if x == 0 | x == 5
          y = 1;
        elseif x > 0 & x < 2
          y = 2;
        elseif x == 2
          y = 3;
        end
        """,
        x,
    )
    found = [n for n in f.nodes if f.execution.source.sites[n.site].kind is Kind.DECISION]
    sites = f.execution.source.sites
    assert [f"{sites[n.site].text} {plain(n.value)}" for n in found] == decisions


def test_a_condition_that_octave_cuts_short_does_so_in_the_copy(traced):
    f = traced(
        """
        function y = f(x)
        y = 0;
        if isempty (x) | x(1) > 0
          y = 1;
        end
        while y < 3 & [1 1]
          y++;
        end
        do
          y--;
        until y < 1 | y > 5
        if (isempty (x) | numel (x) > 0) == 1, y = 9; end
        """,
        None,
    )
    assert f.values("y < 1 | y > 5", Kind.DECISION) == [False, False, True]
    assert f.values("numel (x) > 0") == [False]
    assert not f.find("x(1)")
    assert f.values("y < 3 & [1 1]", Kind.DECISION) == [True, True]


@pytest.mark.parametrize(
    ("x", "cases", "taken"),
    [("a", [True], 1), ("c", [False, True], 2), ("z", [False, False], 3)],
)
def test_a_switch(traced, x, cases, taken):
    f = traced(
        """
        function y = f(x)
        switch x
          case {'a', 'b'}
            y = 1;
          case 'c'
            y = 2;
          otherwise
            y = 3;
        end
        """,
        x,
    )
    assert f.values("x", Kind.DECISION) == [x]
    assert f.values("{'a', 'b'}", Kind.DECISION) + f.values("'c'", Kind.DECISION) == cases
    assert f.values("y", Kind.BINDING) == [taken]
    assert f.decision(f.find("y", Kind.BINDING)[0]) == (
        "decision {'a', 'b'}" if taken == 1 else "decision 'c'"
    )
    assert "decision x" in f.inputs(f.find("{'a', 'b'}", Kind.DECISION)[0])


def test_a_switch_without_otherwise_that_no_case_fits(traced):
    f = traced("function y = f(x)\ny = 0;\nswitch x\n case 1\n  y = 1;\nend\n", 2.0)
    assert f.values("1", Kind.DECISION) == [False]


def test_loops(traced):
    f = traced(
        """
        function y = f(x)
        y = 0;
        while y < x
          y++;
        end
        do
          y--;
        until y <= 1
        for k = [5 6; 7 8], y = y + k(2); if k(1) > 5, break, end, end
        """,
        3.0,
    )
    assert f.values("y < x", Kind.DECISION) == [True, True, True, False]
    assert f.values("y <= 1", Kind.DECISION) == [False, True]
    assert f.values("k", Kind.BINDING) == [[[5], [7]], [[6], [8]]]
    assert f.values("k(1) > 5", Kind.DECISION) == [False, True]
    assert f.decision(f.find("y + k(2)")[0]) == "binding k"
    assert f.decision(f.find("y++")[0] if f.find("y++") else f.find("y")[3]).startswith("decision")


def test_what_was_not_evaluated_is_not_read(traced):
    f = traced("function y = f(x)\nz = 1;\ny = x > 5 && z > 0;\nw = x < 5 || z;\n", 2.0)
    assert f.inputs(f.find("x > 5 && z > 0")[0]) == ["expression x > 5"]
    assert f.inputs(f.find("x < 5 || z")[0]) == ["expression x < 5"]


def test_a_part_of_an_earlier_turn_is_not_read(traced):
    f = traced(
        "function y = f(x)\nfor k = 1:2\ny = k == 1 && x > 0;\nend\n",
        2.0,
    )
    first, second = f.find("k == 1 && x > 0")
    assert f.inputs(first) == ["expression k == 1", "expression x > 0"]
    assert f.inputs(second) == ["expression k == 1"]


# Calls

SUB = """
function y = f(x)
y = g (x, x + 1) + g (2, x);
h (x * 2);
function z = g(a, b)
z = a * b;
function h(t)
t = t + 1;
"""


def test_calls_of_traced_functions(traced):
    f = traced(SUB, 3.0)
    frames = f.execution.frames
    assert [frame.function for frame in frames] == ["f", "f>g", "f>g", "f>h"]
    callers = [f.execution.site(frame.caller).text for frame in frames[1:]]
    assert callers == ["g (x, x + 1)", "g (2, x)", "h (x * 2)"]
    assert f.inputs(f.find("g (x, x + 1)")[0]) == ["read x", "expression x + 1", "return z"]
    arguments = [f.inputs(n) for name in "ab" for n in f.find(name, Kind.ARGUMENT)]
    assert arguments == [["read x"], [], ["expression x + 1"], ["read x"]]
    assert isinstance(f.nodes[f.find("h (x * 2)")[0]].value, NotKept)
    assert f.inputs(f.find("t", Kind.ARGUMENT)[0]) == ["expression x * 2"]


def test_recursion(traced):
    f = traced(
        "function r = f(n)\nif n <= 1, r = 1; return; end\nr = n * f (n - 1);\n",
        4.0,
    )
    assert f.values("r", Kind.RETURN) == [1, 2, 6, 24]
    assert [frame.caller for frame in f.execution.frames[1:]] == f.find("f (n - 1)")[::-1]
    assert f.execution.output_nodes == [f.find("r", Kind.RETURN)[-1]]


@pytest.mark.parametrize(
    "call", ["cellfun (@g, {x, 3})", "arrayfun (@(t) g (t), [x 3])", "feval ('g', x)"]
)
def test_calls_through_handles(traced, call):
    f = traced(f"function y = f(x)\ny = {call};\nend\nfunction r = g(a)\nr = a + 1;\nend\n", 2.0)
    frames = [frame for frame in f.execution.frames if frame.function == "f>g"]
    assert frames
    assert {f.execution.site(frame.caller).text for frame in frames} == {call}
    assert "return r" in f.inputs(f.find(call)[0])


def test_arguments_that_were_not_given(traced):
    f = traced("function y = f(x, n)\nif nargin < 2, n = 4; end\ny = x * n;\n", 2.0)
    assert f.values("n", Kind.ARGUMENT) == []
    assert isinstance(f.values("n", Kind.DEFAULT)[0], NotKept)
    assert f.inputs(f.find("x * n")[0]) == ["read x", "read n"]
    assert f.inputs(f.find("n", Kind.READ)[0]) == ["binding n"]


def test_varargin_and_varargout(traced):
    f = traced(
        """
        function varargout = f(varargin)
        for k = 1:nargin
          varargout{k} = varargin{k} * 2;
        end
        """,
        1.0,
        2.0,
        nargout=2,
    )
    assert len(f.values("varargin", Kind.ARGUMENT)) == 1
    assert f.values("varargin{k} * 2") == [2, 4]
    assert f.execution.output_nodes == f.find("varargout", Kind.RETURN) * 2


def test_other_files_and_private_functions(traced):
    f = traced(
        "function y = f(x)\ny = other (x) + hidden (x);\n",
        2.0,
        files={
            "other.m": "function y = other(x)\ny = x + 1;\n",
            "private/hidden.m": "function y = hidden(x)\ny = deeper (x) * 2;\n",
            "private/deeper.m": "function y = deeper(x)\ny = x - 1;\n",
            "unused.m": "function y = unused(x)\ny = x\n",
        },
    )
    assert [frame.function for frame in f.execution.frames] == ["f", "other", "hidden", "deeper"]
    assert "unused" not in f.execution.source.files


def test_a_nested_function(traced):
    f = traced(
        """
        function y = f(x)
          k = 2;
          function add (n)
            k = k + n;
          end
          add (x);
          y = k;
        end
        """,
        3.0,
    )
    assert f.values("y", Kind.BINDING) == [5]


@pytest.mark.parametrize(
    ("step", "taken", "versions"),
    [("k++ == 1", 1, [1, 2]), ("++k == 2", 1, [1, 2]), ("x(k--) > 5", 0, [1, 0])],
)
def test_a_step_in_a_condition_makes_a_new_version(traced, step, taken, versions):
    text = (
        "function y = f (x)\n  k = 1;\n  y = 0;\n  if ({})\n    y = 1;\n  end\n  y = [y, k];\nend\n"
    )
    f = traced(text.replace("{}", step), np.array([3.0, 4.0]))
    assert f.execution.outputs[0].ravel().tolist() == [taken, versions[-1]]
    assert f.values("k", Kind.READ)[-1] == versions[-1]
    bound = [
        node
        for node in f.execution.nodes
        if f.execution.source.sites[node.site].name == "k"
        and f.execution.source.sites[node.site].kind is Kind.BINDING
    ]
    assert [float(np.ravel(node.value)[0]) for node in bound] == versions


def test_state_that_is_kept(traced):
    f = traced(
        """
        function y = f(x)
        y = count () + count ();
        end
        function n = count ()
        persistent k = 0;
        global g
        n = ++k;
        end
        """,
        1.0,
    )
    assert f.values("k", Kind.BINDING)[:1] == [0]
    assert f.values("count ()") == [1, 2] or sorted(f.values("count ()")) == [1, 2]


def test_a_script(traced):
    f = traced("a = 2;\nfor k = 1:2\n  a = a * k;\nend\nclear k\n", name="s")
    assert f.values("a", Kind.BINDING) == [2, 2, 4]
    (output,) = f.execution.output_nodes
    assert f.execution.site(output).kind is Kind.RETURN


def test_a_script_that_clears_all_and_defines_functions(traced):
    f = traced(
        """
        clear all; close all; clc
        function r = twice(x)
          r = 2 * x;
        end
        b = twice (4);
        """,
        name="s",
    )
    assert f.values("b", Kind.BINDING) == [8]
    assert f.values("r", Kind.RETURN) == [8]


def test_a_function_that_clears_its_variables(traced):
    f = traced("function y = f(x)\nz = x;\nclear\ny = 3;\ny = y * 2;\n", 1.0)
    assert f.values("y", Kind.BINDING) == [3, 6]


# Errors


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("if x > 1, y = 2; error ('f:a', 'bad %d', x); end", "error ('f:a', 'bad %d', x)"),
        ("y = 1;\ny = y + nosuchname (x);", "y = y + nosuchname (x)"),
        ("y = x(3);", "y = x(3)"),
        ("y = 1; y = inner (x);\nend\nfunction r = inner (a)\nr = a;\nr = r(4);", "r = r(4)"),
        ("c = {1, 2}; if x, y = c{:} + 1; end", "y = c{:} + 1"),
        ("print_usage ();", "print_usage ()"),
        ("y = [1 2] * [3 4];", "y = [1 2] * [3 4]"),
        ("try, error ('a'); catch e, y = e.message; end, y = y{3};", "y = y{3}"),
    ],
)
def test_errors(traced, text, statement):
    f = traced(f"function y = f(x)\n{text}\nend\n", 2.0)
    assert f.execution.error
    assert f.execution.outputs == []
    raised = f.execution.source.statements[f.execution.error_statement]
    assert statement in (raised.text, "print_usage ()")


def test_an_error_that_is_caught(traced):
    f = traced(
        """
        function y = f(x)
        y = 0;
        for k = 1:3
          try
            y = y + risky (k);
          catch err
            y = y + numel (err.message);
          end
        end
        end
        function r = risky (k)
        if k == 2, error ("four"); end
        r = 10;
        end
        """,
        2.0,
    )
    assert f.values("err", Kind.BINDING) == ["four"]
    assert f.values("y", Kind.BINDING) == [0, 10, 14, 24]
    assert len(f.find("r", Kind.RETURN)) == 2


def test_a_list_where_one_value_must_stand_falls_back_to_statements(traced):
    f = traced("function y = f(x)\nc = {1, 2};\ny = x;\ny = c{:} + 1;\n", 2.0)
    assert "statements alone were recorded" in f.execution.cut
    assert f.values("y", Kind.BINDING) == [2]


def test_one_of_octaves_own_functions_has_no_file(session):
    with pytest.raises(ProjectError, match=r"std has no \.m file"):
        OctaveTracer(session).trace(Pair("std", None), Case(1.0))


def test_a_file_that_is_not_understood(session, tmp_path):
    (tmp_path / "bad.m").write_text("function bad\nx = (1;\n")
    with pytest.raises(OctaveTraceError, match=r"bad\.m is not understood: "):
        OctaveTracer(session).trace(Pair("bad", tmp_path / "bad.m"), Case())


# Limits


WRITES = ("y(k, 2)", "y(2, :)", "y(1)")


@pytest.mark.parametrize("recorder", ["", "plain"])
def test_of_a_large_array_only_what_was_changed_is_kept(traced, monkeypatch, recorder):
    monkeypatch.setenv(PLAIN, recorder)
    text = """
        function y = f(x)
        y = zeros(5000, 2);
        for k = 1:4
        y(k, 2) = k * x;
        end
        y(2, :) = [NaN, 9];
        y(:, 1) = x;
        y(1) = 7;
        """
    f = traced(text, 0.5, byte_limit=2**20)
    values = {text: [f.nodes[n].value for n in f.find(text)] for text in WRITES}
    places = [[one.places.tolist() for one in values[text]] for text in WRITES]
    assert f.execution.cut == ""
    assert places == [[[5000], [5001], [5002], [5003]], [[1, 5001]], [[0]]]
    assert values["y(k, 2)"][-1].whole()[:5, 1].tolist() == [0.5, 1, 1.5, 2, 0]
    assert values["y(2, :)"][0].part.tolist() == [pytest.approx(np.nan, nan_ok=True), 9]
    assert values["y(1)"][0].whole()[:2, 0].tolist() == [7, 0.5]
    assert isinstance(f.nodes[f.find("y(:, 1)")[0]].value, np.ndarray)  # half of it was changed


def test_the_limit_of_nodes(traced):
    text = "function y = f(x)\ny = 0;\nfor k = 1:100\ny = y + k;\nend\n"
    f = traced(text, 1.0, node_limit=50)
    assert "only the first 50 of" in f.execution.cut
    assert f.execution.output_nodes == [-1]


def test_the_limit_of_bytes(traced):
    text = "function y = f(x)\na = x + 1;\nb = a + 1;\ny = b(1) + 1;\n"
    f = traced(text, np.zeros((100, 100)), byte_limit=200_000)
    assert f.execution.cut == "1 large values were not kept, beyond 0 MiB"
    (value,) = f.values("b", Kind.BINDING)
    assert isinstance(value, NotKept)
    assert value.shape == (100, 100)
    assert f.values("y", Kind.BINDING) == [3]


def test_a_large_argument_is_kept_once(traced):
    text = """
        function y = f(x)
        y = 0;
        for k = 1:20, y = y + g (x); end
        function r = g(x)
        r = x(end);
        """
    x = np.zeros((500, 500))
    f = traced(text, x, byte_limit=3_000_000)
    assert f.execution.cut == ""
    assert all(np.array_equal(f.nodes[n].value, x) for n in f.find("x", Kind.ARGUMENT))


# Nothing is left behind, and nothing else changes


def test_nothing_is_left_behind(session, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "here"))

    def state():
        where = session.eval("disp (path ()); disp (pwd ()); disp (mislocked ('lockstep_value_'));")
        return where, list((tmp_path / "here").iterdir())

    session.eval(f"addpath ('{tmp_path}');")
    path = tmp_path / "f.m"
    path.write_text("function y = f(x)\ny = mfilename ('fullpath');\nif x, error ('a'); end\n")
    pair = Pair("f", path)
    before = state()
    tracer = OctaveTracer(session)
    assert tracer.trace(pair, Case(0.0)).outputs == [str(path.with_suffix(""))]
    assert tracer.trace(pair, Case(1.0)).error == "a"
    assert state() == before
    path.write_text("function y = f(x)\ny = 5;\n")
    os.utime(path, ns=(1, 1))
    session.eval("clear -f f")
    assert plain(session.call("f", 0.0).outputs[0]) == 5
    session.eval(f"rmpath ('{tmp_path}');")


def test_octave_in_the_folder_of_the_functions(session, tmp_path):
    (tmp_path / "f.m").write_text("function y = f(x)\ny = load ('data.txt') + x;\n")
    (tmp_path / "data.txt").write_text("41\n")
    before = session.eval("disp (pwd ())")
    session.eval(f"cd ('{tmp_path}');")
    try:
        execution = OctaveTracer(session).trace(Pair("f", tmp_path / "f.m"), Case(1.0))
        assert [plain(one) for one in execution.outputs] == [42]
        assert len(execution.nodes) > 3
        assert session.eval("disp (pwd ())") == str(tmp_path)
    finally:
        session.eval(f"cd ('{before}');")


@pytest.mark.parametrize("name", ["setdiff", "fullfile"])
@pytest.mark.parametrize("is_current", [False, True])
def test_a_function_that_the_helpers_call_by_its_name(tmp_path, monkeypatch, name, is_current):
    (tmp_path / f"{name}.m").write_text(f"function y = {name}(x)\ny = x + 1;\nend\n")
    if is_current:
        monkeypatch.chdir(tmp_path)
    with OctaveSession([tmp_path]) as live:
        tracer, pair = OctaveTracer(live), Pair(name, tmp_path / f"{name}.m")
        for x in (1.0, 2.0):
            execution = tracer.trace(pair, Case(x))
            assert [plain(one) for one in execution.outputs] == [x + 1]
            assert len(execution.nodes) > 3
        assert "lockstep_" not in live.eval("disp (pwd ())")


def test_a_session_that_dies_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "f.m").write_text("function f\nkill (getpid (), 9);\n")
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "here"))
    with OctaveSession([tmp_path]) as live, pytest.raises(Exception, match="ended in the call"):
        OctaveTracer(live).trace(Pair("f", tmp_path / "f.m"), Case())
    assert not list((tmp_path / "here").glob("lockstep_*"))


def test_random_numbers_are_drawn_as_often(traced):
    f = traced("function y = f(x)\nrand ('twister', x);\ny = [rand, rand(1, 2) + rand];\n", 3.0)
    assert len(f.find("rand")) == 2


def test_what_is_printed_may_be_caught(traced):
    traced(
        "function y = f(x)\ny = evalc ('g (x)');\nend\nfunction g(x)\nz = x\nz(2) = 3\nend\n", 1.0
    )


CONSTRUCTS = {
    "a map": "m = containers.Map ({'a'}, {x}); m('b') = 2; y = [values(m){:}, m.Count, "
    "m.isKey('a'), numel(keys(m)), m('a')];",
    "an input parser": "p = inputParser; p.addParameter ('k', 3); p.parse ('k', x); "
    "y = p.Results.k + 1;",
    "an array of structs": "s = struct ('v', {1, 2, x}); y = [s.v] * 2; s(2).v = 7; "
    "y = [y, s(2:3).v, s(end).v]; [s.v] = deal (0); y(end + 1) = sum ([s.v]); t = {s.v}; "
    "s(2) = []; y(end + 1) = numel (s); s(4).v = 1; y(end + 1) = max (s(4).v, s(1).v);",
    "lists as arguments": "c = {1, x, 3}; e = {}; y = plus (c{2:3}) + max (c{1}, e{:}); "
    "z = sprintf ('%d-', c{:}); y = [y, c{:}, e{:}, numel(z)]; d = {c{:}, e{:}, c{end}};"
    "y(end + 1) = numel (d);",
    "an assignment in a condition": "y = 0; k = 3; while ((k = k - 1) > 0) y += k; end, "
    "if ((y = y + x) > 2) y *= 2; end",
    "steps in indices": "a = 1:5; k = 1; y = a(k++) + a(++k) * k; a(k++) = 9; y(2) = a(3) + k;",
    "loops over all kinds": "y = []; for v = {1, 'b'; 2, 'c'}, y(end + 1) = numel (v); end, "
    "for v = [], y(end + 1) = 9; end, for v = zeros (0, 3), y(end + 1) = 8; end, "
    "for v = 'ab', y(end + 1) = v; end, for v = x, y(end + 1) = v; end, "
    "for [v, k] = struct ('p', 1, 'q', 2), y(end + 1) = v + k; end, "
    "q = struct (); for q.w = 1:2, y(end + 1) = q.w; end",
    "deleting": "y = 1:6; y([1 end]) = []; y(y == x) = []; c = {1, 2, 3}; c(2) = []; "
    "y(end + 1) = numel (c); y(:, 1) = [];",
    "growing": "y(3) = x; q.a.b(2).c = 4; y(end + 1) = q.a.b(end).c; z{3} = 1; "
    "y(end + 1) = numel (z); w = []; w(end + 1) = 5; y = [y w]; q.list = {}; "
    "q.list{end + 1} = 3; y += numel (q.list);",
    "cleaning up": "y = 0; unwind_protect, y = helped (x); unwind_protect_cleanup, y++; "
    "end_unwind_protect",
    "strings": "y = \"a\\tb\"; z = 'a\\tb'; y = [y, z; 'abcdefg']; y = [y(1, :) 'it''s' \"\\n\"]'; "
    "y = [double(y')];",
    "ranges": "r = -(0:x); y = 1 ./ r; y = [y, (0:0.1:1)(4), -0:-1:-x]; "
    "k = 5:-1:1; y(end+1) = k(2);",
    "integers and singles": "y = int8 (100) + x * 50; z = single (1) / 3; y = {y, z, 5:int8(7)};",
    "diagonal matrices": "d = eye (3) * x; y = {inv(d), d \\ [1; 2; 3], d', d(2, 2), full(d)};",
    "complex": "y = {complex(1, 0), sqrt(-x), [1i 2]', (1 + 2i).'};",
    "logicals": "y = {!x, ~[0 1], xor(1, 0), (x > 1) + true, any([0 x]) && ![], 1:0};",
    "an empty condition": "y = 1; if [], y = 2; end, if zeros (0, 3), y = 3; "
    "elseif 'a', y = 4; end",
    "globals": "global zoo; zoo = x; y = shared (); zoo(2) = 3; y += sum (zoo);",
    "handles": "h = {@sin, @(a, b = 2) a}; g = @plus; y = g (1, x) + h{1}(x) + feval (@(varargin) "
    "numel (varargin), 1, 2); k = @() deal (1, x); [a, b] = k (); y += a + b;",
    "names of arguments": "y = named (x, x + 1);",
    "what was given": "y = counted (1, x);  [a, b] = counted (); y = [y, a, b]; counted (1);",
    "ignored outputs": "[~, y] = ignoring (x); y(2) = nthargout (2, @max, [1 x]);",
    "errors as values": "try, error ('a:b', 'c %d', x); catch err, "
    "y = {err.message, err.identifier}; end, z = [1 2]; try, z(3); catch, y{3} = lasterr (); end",
    "eval and friends": "eval ('q = x + 1;'); y = q; assignin ('caller', 'zzz', 1); "
    "eval ('error (\"a\")', 'y += 2;'); y += evalin ('base', '1;');",
    "one line": "y = 0; if x > 1 y = 1; elseif x > 0 y = 2; else y = 3; end; "
    "switch x case 2 y += 5; otherwise y += 6; end; while y < 9 y++; end; do y--; until y < 5",
    "comments": "y = [1, 2 % two\n  3, 4]; # after\n%{\ny = 2;\n%}\ny = y ... more\n  * x;",
    "cellfun with an error handler": "y = cellfun (@(t) error ('no'), {1, 2}, 'ErrorHandler', "
    "@(s, t) s.index * t);",
    "accumulating text": "y = ''; for k = 1:3, y = [y, sprintf('%d,', k)]; end, "
    "y(end) = []; y = y';",
    "breaking out": "y = 0; for k = 1:5, for m = 1:5, if m > k, break; end, "
    "if mod (m, 2), continue; end, y += m; end, if y > 6, break, end, end",
}

HELPERS_OF_CONSTRUCTS = """
end
function r = helped (x)
  unwind_protect
    r = 1;
    return;
  unwind_protect_cleanup
    r = 5;
  end_unwind_protect
end
function r = shared ()
  global zoo
  r = zoo * 2;
end
function r = named (a, b)
  r = inputname (1);
end
function [p, q] = counted (varargin)
  p = [nargin, nargout, isargout(1)];
  if nargout > 1, q = 7; end
end
function [p, q] = ignoring (x)
  p = isargout (1); q = [isargout(1), isargout(2), x];
end
"""


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_outputs_of_constructs_do_not_change(traced, name):
    f = traced(f"function y = f(x)\n{CONSTRUCTS[name]}\n{HELPERS_OF_CONSTRUCTS}", 2.0)
    assert f.execution.cut == ""
    assert f.execution.error == ""
    assert len(f.nodes) > 2


def pairs_and_cases():
    for pair in PROJECT.pairs():
        if pair.m_file is not None and PROJECT.cases_file(pair).is_file():
            cases = load_cases(PROJECT.cases_file(pair)).cases
            for name in list(cases)[:: max(1, len(cases) - 1)][:2]:
                if pair.name != "ex4":
                    yield pytest.param(pair, cases[name], id=f"{pair.name}: {name}")


@pytest.fixture(scope="module")
def own_session():
    with OctaveSession(PROJECT.octave_path) as live:
        yield live


@pytest.mark.parametrize(("pair", "case"), list(pairs_and_cases()))
def test_outputs_of_the_exercise_do_not_change(own_session, pair, case):
    outputs, error = called(own_session, pair, case)
    execution = OctaveTracer(own_session, PROJECT.octave_path).trace(pair, case)
    assert repr((execution.outputs, execution.error)) == repr((outputs, error))
    assert execution.cut == ""
    assert_sound(execution)


TABLE = np.arange(12.0).reshape(4, 3)


def handle(text):
    return OctaveFunction(text, {})


SCRIPTS = {
    "trapz": (row([0.0, 1.0, 3.0]), row([2.0, 4.0, 1.0])),
    "cumtrapz": (TABLE,),
    "polyfit": (np.arange(6.0), np.arange(6.0) ** 2 + 1, 2.0),
    "interp1": (np.arange(5.0), np.arange(5.0) ** 2, np.array([0.5, 2.5]), "pchip"),
    "fzero": (handle("@(x) cos (x) - x"), row([0.0, 1.0])),
    "fminsearch": (handle("@(x) sum ((x - 1) .^ 2)"), row([0.5, 2.0])),
    "fminunc": (handle("@(x) sum ((x - 1) .^ 2)"), row([0.5, 2.0])),
    "quadgk": (handle("@(x) exp (-x .^ 2)"), 0.0, 1.0),
    "ode45": (handle("@(t, y) -y"), row([0.0, 1.0]), 1.0),
    "sqp": (np.zeros(2), handle("@(x) sum ((x - 1) .^ 2)")),
    "null": (np.array([[1.0, 2.0], [2.0, 4.0]]),),
    "expm": (TABLE[:3] / 10,),
    "rref": (TABLE,),
    "strsplit": ("a foo bar", " ", "CollapseDelimiters", False),
    "strjoin": (["a", "b", "c"], "-"),
    "validatestring": ("r", ["red", "green", "blue"]),
    "circshift": (TABLE, 1.0, 2.0),
    "nthargout": (2.0, handle("@max"), row([1.0, 5.0, 3.0])),
    "datestr": (730736.65,),
    "num2str": (np.eye(2),),
    "mat2str": (np.array([[True, False]]),),
    "accumarray": (np.array([1.0, 2.0, 1.0]), np.array([10.0, 20.0, 30.0])),
    "median": (TABLE,),
    "mode": (TABLE,),
    "std": (TABLE,),
    "histc": (TABLE, np.arange(5.0)),
    "residue": (row([1.0, 2.0]), row([1.0, 3.0, 2.0])),
    "nchoosek": (row([1.0, 2.0, 3.0]), 2.0),
    "magic": (6.0,),
    "unique": (row([3.0, 1.0, 1.0, 2.0]),),
    "gradient": (TABLE,),
    "fftfilt": (np.arange(3.0), np.arange(8.0)),
    "gammainc": (row([1.0, 5.0, 10.0]), 2.0),
    "cplxpair": (row([1 + 1j, 1 - 1j]),),
    "inpolygon": (0.5, 0.5, row([0.0, 1.0, 1.0, 0.0]), row([0.0, 0.0, 1.0, 1.0])),
    "optimset": ("TolX", 1e-3),
    "polyder": (row([1.0, 2.0, 3.0]),),
    "strread": ("1 2 3", "%f"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_outputs_of_octaves_own_scripts_do_not_change(session, tmp_path, name):
    original = Path(session.call("file_in_loadpath", f"{name}.m").outputs[0])
    (tmp_path / f"{name}.m").write_bytes(original.read_bytes())
    if (original.parent / "private").is_dir():
        (tmp_path / "private").symlink_to(original.parent / "private")
    pair, case = Pair(name, tmp_path / f"{name}.m"), Case(*SCRIPTS[name])
    session.eval(f"addpath ('{tmp_path}');")
    try:
        outputs, error = called(session, pair, case)
        execution = OctaveTracer(session).trace(pair, case)
    finally:
        session.eval(f"rmpath ('{tmp_path}'); clear -f {name};")
    assert repr((execution.outputs, execution.error)) == repr((outputs, error))
    assert execution.cut == ""
    assert len(execution.nodes) > len(case.args)
    assert_sound(execution)


def test_a_function_of_the_project_that_comes_as_a_handle_is_traced(own_session):
    pair = PROJECT.pair("computeNumericalGradient")
    case = Case(Function("sigmoid"), np.array([0.5]))
    execution = OctaveTracer(own_session, PROJECT.octave_path).trace(pair, case)
    assert "sigmoid" in {frame.function for frame in execution.frames}
