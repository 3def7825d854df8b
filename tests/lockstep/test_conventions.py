"""What may be declared of a pair, and what is said where it is not understood."""

import numpy as np
import pytest

from lockstep import explaining
from lockstep.cli import main
from lockstep.compare.case_result import PairResult
from lockstep.compare.verdict import Verdict
from lockstep.project.cases import CasesError, load_cases
from lockstep.project.conventions import ConventionError, Conventions, read_conventions

F3 = "function [a, b, c] = f(x, k, opts)\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("arguments = 'x'", "`arguments` must be a list of names", id="arguments"),
        pytest.param("arguments = [1.5]", "`arguments` must be a list of names", id="a float"),
        pytest.param("outputs = {}", "`outputs` must be a list of names, places", id="outputs"),
        pytest.param("vectors = 'upright'", '`vectors` knows "columns", "rows"', id="vectors"),
        pytest.param("vectors = {'x': 3}", "`vectors` knows", id="vectors by name"),
        pytest.param("indices = 3", "`indices` must be a list of names", id="indices"),
        pytest.param("classes = 3", '`classes` must be "any", or a list of names', id="classes"),
        pytest.param("free = {'a': 'colour'}", "`free` knows a dict", id="free"),
        pytest.param("rtol = 'much'", "`rtol` must be a number from 0", id="rtol"),
        pytest.param("atol = {'a': -1}", "`atol` must be a number from 0", id="atol"),
        pytest.param(
            "keywords = {'opts': 3}", "must be names, or a dict from names", id="keywords"
        ),
        pytest.param("options_from = 0", "must be the place of an argument", id="options_from"),
        pytest.param("extra = [1]", "`extra` must be a dict", id="extra"),
        pytest.param("row_major = 5", "`row_major` must be a list of names", id="row_major"),
        pytest.param("index = ['a']", "no convention is called `index`; did you mean", id="near"),
        pytest.param("vector = 'rows'", "did you mean `vectors`?", id="near word"),
    ],
)
def test_a_convention_that_is_not_understood_is_named_with_the_file(foreign, text, said):
    file = foreign.cases("f", f"cases = {{'one': (1.0,)}}\n{text}\n")
    with pytest.raises(CasesError) as caught:
        load_cases(file)
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["vector = np.ones(3)", "output = 'text'", "_free = 3", "X = [1]"])
def test_other_names_of_a_cases_file_are_its_own(foreign, text):
    file = foreign.cases("f", f"cases = {{'one': (1.0,)}}\n{text}\n")
    assert load_cases(file).conventions == Conventions()


def test_a_name_that_the_pair_has_not_is_an_error(foreign, shared_runner):
    foreign.pair("f", "x", "x")
    file = foreign.cases("f", "cases = {'one': (1.0,)}\nindices = ['idx']\n")
    with shared_runner(foreign.project) as runner:
        result = runner.run_pair(runner.project.pair("f"))[0]
    assert result.problem.startswith(
        f"{file.resolve()}: idx is neither an argument nor an output of f; it has x, y; "
    )


def test_what_is_declared_of_all_pairs_stands_behind_what_one_declares():
    one = read_conventions({"rtol": 1e-6}, "a")
    every = read_conventions({"rtol": 1e-3, "class_": "any"}, "b", project=True)
    found = one.with_defaults(every)
    assert (found.rtol, found.classes) == ({"": 1e-6}, ("",))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param(
            {"arguments": ["x"]}, "is a pair's own; it stands in its cases file", id="own"
        ),
        pytest.param({"vector": "rows"}, "did you mean `vectors`", id="near"),
        pytest.param({"zzz": 1}, "known: arguments, keywords", id="unknown"),
    ],
)
def test_the_projects_table_holds_nothing_else(table, said):
    with pytest.raises(ConventionError, match=said):
        read_conventions(table, "pyproject.toml", project=True)


# What they do


@pytest.fixture
def agree(foreign, shared_runner):
    """Run the pair f: its .m text, its port, its cases file; return the result."""

    def run(octave, python, cases, project=None) -> PairResult:
        foreign.m("f", octave)
        foreign.py("f", python)
        foreign.cases("f", cases)
        if project is not None:
            foreign.settings(f'octave="matlab"\nport="port"\ncases="cases"\n{project}')
        with shared_runner(foreign.project) as runner:
            return runner.run_pair(runner.project.pair("f"))[0]

    return run


COLUMNS = "assert x.shape[1] == 1\n"
EYE = "np.arange(6.0).reshape(2, 3)"

AGREEING = {
    "order of arguments": (
        "y = x - 2 * k;",
        "def f(k, x):\n    return x - 2 * k",
        "arguments = ['x', 'k']\ncases = {'a': (1.0, 3.0)}",
    ),
    "keyword only": (
        "y = x - 2 * k;",
        "def f(x, *, factor):\n    return x - 2 * factor",
        "arguments = ['x', 'factor']\ncases = {'a': (1.0, 3.0)}",
    ),
    "an argument that the port has not": (
        "y = x;",
        "def f(x):\n    return x",
        "arguments = ['x', None]\ncases = {'a': (1.0, 3.0)}",
    ),
    "places in the port's call": (
        "y = x - 2 * k;",
        "def f(*args):\n    return args[1] - 2 * args[0]",
        "arguments = [1, 0]\ncases = {'a': (1.0, 3.0)}",
    ),
    "struct to keywords": (
        "y = x * k.gain + k.bias;",
        "def f(x, gain=1, bias=0):\n    return x * gain + bias",
        "keywords = ['k']\ncases = {'a': (2.0, {'gain': 3.0, 'bias': 4.0})}",
    ),
    "struct to keywords of other names": (
        "y = x * k.gain + k.bias;",
        "def f(x, factor=1, bias=0):\n    return x * factor + bias",
        "keywords = {'k': {'gain': 'factor'}}\ncases = {'a': (2.0, {'gain': 3.0, 'bias': 4.0})}",
    ),
    "names and values to keywords": (
        "y = x * varargin{2} + varargin{4};",
        "def f(x, k, *, gain, bias):\n    return x * gain + bias",
        "options_from = 3\ncases = {'a': (2.0, 0.0, 'gain', 3.0, 'bias', 4.0)}",
    ),
    "an argument that only the port has": (
        "y = x;",
        "def f(x, k, wrong=True):\n    return x + wrong",
        "extra = {'wrong': False}\ncases = {'a': (2.0, 0.0)}",
    ),
    "columns": (
        "y = 2 * x(:);",
        f"def f(x, k):\n    {COLUMNS}\n    return 2 * x",
        "vectors = 'columns'\ncases = {'a': (np.arange(3.0), 0.0), 'b': (row([1.0, 2.0]), 0.0)}",
    ),
    "rows": (
        "y = 2 * x(:);",
        "def f(x, k):\n    assert x.shape[0] == 1\n    return 2 * x",
        "vectors = 'rows'\ncases = {'a': (np.arange(3.0), 0.0)}",
    ),
    "flat": (
        "y = 2 * x;",
        "def f(x, k):\n    assert x.ndim == 1\n    return 2 * x",
        "vectors = 'flat'\ncases = {'a': (np.ones((3, 1)), 0.0)}",
    ),
    "lists": (
        "y = 2 * x;",
        "def f(x, k):\n    assert type(x) is list\n    return [2 * one for one in x]",
        "vectors = 'lists'\ncases = {'a': (np.arange(3.0), 0.0)}",
    ),
    "as Octave has them": (
        "y = 2 * x;",
        "def f(x, k):\n    assert x.ndim == 2\n    return 2 * x",
        "vectors = 'octave'\ncases = {'a': (np.arange(3.0), 0.0), 'b': (row([1.0, 2.0]), 0.0)}",
    ),
    "vectors by name": (
        "y = x + k(:);",
        "def f(x, k):\n    return x + k[:, 0]",
        "vectors = {'k': 'columns'}\ncases = {'a': (np.arange(3.0), np.arange(3.0))}",
    ),
    "vectors in a struct": (
        "y = x.v;",
        f"def f(x, k):\n    x = x['v']\n    {COLUMNS}\n    return x",
        "vectors = 'columns'\ncases = {'a': ({'v': np.arange(3.0)}, 1.0)}",
    ),
    "a list for a vector, undeclared": (
        "y = 2 * x;",
        "def f(x, k):\n    return [2 * one for one in x]",
        "cases = {'a': (np.arange(3.0), 0.0)}",
    ),
    "an array for a scalar, undeclared": (
        "y = 2 * x;",
        "def f(x, k):\n    return np.array([2 * x])",
        "cases = {'a': (3.0, 0.0)}",
    ),
    "indices out": (
        "y = find(x > k);",
        "def f(x, k):\n    return np.flatnonzero(x > k)",
        "indices = ['y']\ncases = {'a': (np.arange(5.0), 2.0)}",
    ),
    "indices in": (
        "y = x(k);",
        "def f(x, k):\n    return x[k]",
        "indices = ['k']\ncases = {'a': (np.arange(5.0), 2.0), 'b': (np.arange(5.0), np.ones(2))}",
    ),
    "indices by place": (
        "y = x(k);",
        "def f(x, k):\n    return x[k]",
        "indices = ['argument 2']\ncases = {'a': (np.arange(5.0), 2)}",
    ),
    "indices in a struct": (
        "y = struct('at', find(x > k), 'k', k);",
        "def f(x, k):\n    return {'at': np.flatnonzero(x > k), 'k': k}",
        "indices = ['y.at']\ncases = {'a': (np.arange(5.0), 2.0)}",
    ),
    "axis": (
        "y = sum(x, k);",
        "def f(x, k):\n    return x.sum(axis=k, keepdims=True)",
        f"axes = ['k']\ncases = {{'a': ({EYE}, 1.0), 'b': ({EYE}, 2.0)}}",
    ),
    "integers": (
        "y = x(1:k);",
        "def f(x, k):\n    return x[:k]",
        "integers = 'scalars'\ncases = {'a': (np.arange(5.0), 2.0)}",
    ),
    "transposed": (
        "y = x * k;",
        "def f(x, k):\n    assert x.shape == (3, 2)\n    return x * k",
        f"transposed = ['x', 'y']\ncases = {{'a': ({EYE}, 2.0)}}",
    ),
    "row by row": (
        "y = reshape(x, 2, 3) * k;",
        "def f(x, k):\n    return x.reshape(2, 3) * k",
        "row_major = ['y']\ncases = {'a': (np.arange(6.0), 2.0)}",
    ),
    "unrolled row by row": (
        "y = reshape(x, 2, 3)(:) * k;",
        "def f(x, k):\n    return x.reshape(2, 3).ravel() * k",
        "row_major = {'x': (2, 3), 'y': (2, 3)}\ncases = {'a': (np.arange(6.0), 2.0)}",
    ),
    "class": (
        "y = x > k;",
        "def f(x, k):\n    return (x > k).astype(int)",
        "classes = 'any'\ncases = {'a': (np.arange(6.0), 2.0)}",
    ),
    "class in a struct": (
        "y = struct('n', numel(x));",
        "def f(x, k):\n    return {'n': np.int64(x.size)}",
        "class_ = 'any'\ncases = {'a': (np.arange(6.0), 2.0)}",
    ),
    "class of one output": (
        "y = numel(x);",
        "def f(x, k):\n    return np.int64(x.size)",
        "classes = ['y']\ncases = {'a': (np.arange(6.0), 2.0)}",
    ),
    "signs of columns": (
        "y = x;",
        "def f(x, k):\n    return x * [1, -1, 1]",
        f"free = {{'y': 'column signs'}}\ncases = {{'a': ({EYE}, 2.0)}}",
    ),
    "signs of rows": (
        "y = x;",
        "def f(x, k):\n    return x * [[1], [-1]]",
        f"free = {{'y': 'row signs'}}\ncases = {{'a': ({EYE}, 2.0)}}",
    ),
    "order of columns": (
        "y = x;",
        "def f(x, k):\n    return x[:, [2, 0, 1]]",
        f"free = {{'y': 'column order'}}\ncases = {{'a': ({EYE}, 2.0)}}",
    ),
    "order and signs of columns": (
        "y = x;",
        "def f(x, k):\n    return x[:, [2, 0, 1]] * [-1, 1, -1]",
        f"free = {{'y': 'column signs and order'}}\ncases = {{'a': ({EYE}, 2.0)}}",
    ),
    "order of elements": (
        "y = x;",
        "def f(x, k):\n    return x[[2, 0, 1]]",
        "free = {'y': 'order'}\ncases = {'a': (np.arange(3.0), 2.0)}",
    ),
    "tolerance": (
        "y = x;",
        "def f(x, k):\n    return x * (1 + 1e-7)",
        "rtol = 1e-6\ncases = {'a': (np.arange(3.0), 2.0)}",
    ),
    "tolerance of one output": (
        "y = x;",
        "def f(x, k):\n    return x + 1e-7",
        "atol = {'y': 1e-6}\ncases = {'a': (np.arange(3.0), 2.0)}",
    ),
}


def signature(body):
    arguments = "x, k, varargin" if "varargin" in body else "x, k"
    return f"function y = f({arguments})\n{body}\nend\n"


@pytest.mark.parametrize(("m_code", "python", "cases"), AGREEING.values(), ids=AGREEING)
def test_a_port_that_is_no_twin_agrees(agree, m_code, python, cases):
    result = agree(signature(m_code), python, cases)
    assert (result.problem, [case.problem for case in result.cases if case.problem]) == ("", [])
    assert result.verdict.agrees


@pytest.mark.parametrize(
    ("python", "cases"),
    [
        pytest.param("x * [1, -1, 2]", "free = {'y': 'column signs'}", id="not just the sign"),
        pytest.param("x + 1", "classes = 'any'", id="class and value"),
        pytest.param("x + 1", "vectors = 'columns'", id="value"),
        pytest.param("x[:, ::-1] + 1", "free = {'y': 'column order'}", id="order and value"),
        pytest.param("x + 1e-5", "rtol = 1e-9", id="beyond the tolerance"),
        pytest.param("x + 0.5 * (x > 4.5)", "classes = 'any'", id="one value"),
    ],
)
def test_what_is_wrong_stays_wrong(agree, python, cases):
    result = agree(
        "function y = f(x)\ny = x;\nend\n",
        f"def f(x):\n    return {python}\n",
        f"{cases}\ncases = {{'a': ({EYE},)}}",
    )
    assert result.verdict == "different"


def test_a_float_is_not_cut_to_an_integer(agree):
    result = agree(
        "function y = f(x)\ny = int32(x);\nend\n",
        "def f(x):\n    return x + 0.25\n",
        "classes = 'any'\ncases = {'a': (np.arange(3.0),)}",
    )
    assert result.verdict == "different"


OUTPUTS = "function [centroids, labels] = f(x)\ncentroids = 2 * x; labels = x + 1;\nend\n"


@pytest.mark.parametrize(
    ("returned", "declared"),
    [
        pytest.param("{'labels': x + 1, 'centroids': 2 * x}", "", id="dict"),
        pytest.param("{'l': x + 1, 'c': 2 * x}", "outputs = ['c', 'l']", id="dict, other names"),
        pytest.param("x + 1, 2 * x", "outputs = [1, 0]", id="places"),
        pytest.param("T(x + 1, 2 * x)", "outputs = ['c', 'l']", id="named tuple"),
        pytest.param("D(x + 1, 2 * x)", "outputs = ['c', 'l']", id="dataclass"),
        pytest.param("O(x)", "outputs = ['c', 'l']", id="object"),
        pytest.param("{'r': D(x + 1, 2 * x)}", "outputs = ['r.c', 'r.l']", id="below"),
        pytest.param("{'c': 2 * x}", "outputs = ['c', None]", id="not returned"),
        pytest.param("{'c': 2 * x}", "outputs = ['c']", id="fewer"),
    ],
)
def test_outputs_by_name(agree, returned, declared):
    port = f"""
from dataclasses import dataclass
from typing import NamedTuple

class T(NamedTuple):
    l: object
    c: object

@dataclass
class D:
    l: object
    c: object

class O:
    def __init__(self, x):
        self.l, self.c = x + 1, 2 * x

def f(x):
    return {returned}
"""
    result = agree(OUTPUTS, port, f"{declared}\ncases = {{'a': (np.arange(3.0),)}}")
    assert result.cases[0].problem == ""
    assert result.verdict == "identical"
    one = agree(OUTPUTS, port, f"{declared}\ncases = {{'a': Case(np.arange(3.0), nargout=1)}}")
    assert one.verdict == "identical"


def test_an_output_that_is_not_there_is_named(agree):
    result = agree(
        OUTPUTS,
        "def f(x):\n    return {'a': x, 'b': x}",
        "outputs = ['c']\ncases = {'a': (1.0,)}",
    )
    assert (
        "`outputs` of f names 'c', which the port did not return: a, b" in result.cases[0].problem
    )


def test_one_value_where_the_case_asks_for_one(agree):
    result = agree(
        OUTPUTS, "def f(x):\n    return 2 * x", "cases = {'a': Case(np.arange(3.0), nargout=1)}"
    )
    assert result.verdict == "identical"


def test_the_projects_conventions_hold_for_a_pair(agree):
    result = agree(
        signature("y = x > k;"),
        "def f(x, k):\n    return (x > k).astype(int)",
        "cases = {'a': (np.arange(6.0), 2.0)}",
        project='[tool.lockstep.conventions]\nclasses = "any"\nindices = ["idx"]\n',
    )
    assert result.verdict == "identical"


def test_a_tolerance_is_named_in_the_line_of_the_pair(
    foreign, capsys, monkeypatch, restored_sigterm
):
    foreign.pair("f", "x", "x * (1 + 1e-7)", "{'one': (1.0,)}\nrtol = 1e-6")
    monkeypatch.chdir(foreign.root)
    assert main(["run", *foreign.options]) == 0
    assert "; within rtol=1e-06, as declared" in capsys.readouterr().out


# Trying them


@pytest.fixture
def suggested(foreign, shared_runner):
    """Return what is suggested for the first case of f."""

    def suggest(octave, python, cases):
        foreign.m("f", octave)
        foreign.py("f", python)
        foreign.cases("f", cases)
        with shared_runner(foreign.project) as runner:
            pair = runner.project.pair("f")
            cases = runner.cases(pair).cases
            name, case = next(iter(cases.items()))
            assert not runner.run_case(pair, name, case).verdict.agrees
            return explaining.suggested(runner, pair, cases, [name]).text

    return suggest


V = "cases = {'a': (np.array([3.0, 1.0, 2.0]), 2.0)}"
M = "cases = {'a': (np.random.default_rng(1).normal(size=(4, 3)), 2.0)}"


@pytest.mark.parametrize(
    ("m_code", "python", "cases", "line"),
    [
        pytest.param(
            "y = 2 * x;", "(x, k):\n    return 2 * x[:, 0]", V, 'vectors = "columns"', id="columns"
        ),
        pytest.param(
            "y = x .* (1:3)';",
            "(x, k):\n    return x * np.arange(1.0, 4.0)[:, None]",
            V,
            'vectors = "columns"',
            id="columns that broadcast",
        ),
        pytest.param(
            "y = 2 * x';",
            "(x, k):\n    return 2 * x[:, None]",
            V,
            'vectors = {"y": "columns"}',
            id="out",
        ),
        pytest.param(
            "y = x(1:k);", "(x, k):\n    return x[:k]", V, 'integers = "scalars"', id="integers"
        ),
        pytest.param(
            "y = x - 2 * k;",
            "(k, x):\n    return x - 2 * k",
            V,
            'arguments = ["x", "k"]',
            id="order",
        ),
        pytest.param(
            "y = x - 2 * k;",
            "(a, b):\n    return b - 2 * a",
            V,
            'arguments = ["b", "a"]',
            id="other",
        ),
        pytest.param(
            "[~, y] = sort(x);",
            "(x, k):\n    return np.argsort(x)",
            V,
            'indices = ["y"]',
            id="indices",
        ),
        pytest.param(
            "y = x > k;", "(x, k):\n    return 1 * (x > k)", V, 'classes = "any"', id="class"
        ),
        pytest.param("y = x;", "(x, k):\n    return x.T", M, 'transposed = ["y"]', id="transposed"),
        pytest.param(
            "y = x;",
            "(x, k):\n    return x * [1, -1, 1]",
            M,
            'free = {"y": "column signs"}',
            id="signs",
        ),
        pytest.param(
            "y = x;",
            "(x, k):\n    return x[:, ::-1]",
            M,
            'free = {"y": "column order"}',
            id="columns",
        ),
        pytest.param(
            "y = x;", "(x, k):\n    return {'b': 1, 'r': x}", M, 'outputs = ["r"]', id="dict"
        ),
        pytest.param("y = x;", "(x, k):\n    return 1.0, x", M, "outputs = [1]", id="tuple"),
        pytest.param("y = x;", "(x, k):\n    return x, 1.0", V, "outputs = [0]", id="first of two"),
        pytest.param(
            "y = x.v * k;",
            "(*, v, k=2.0):\n    return v * k",
            "cases = {'a': ({'v': 3.0}, 2.0)}",
            "",
            id="nothing that is tried",
        ),
        pytest.param(
            "y = x.v * 2;",
            "(k=1.0, *, v):\n    return v * 2",
            "cases = {'a': ({'v': 3.0}, 2.0)}",
            'keywords = ["x"]',
            id="struct",
        ),
        pytest.param("y = 2 * x;", "(x, k):\n    return 3 * x", V, "", id="wrong"),
        pytest.param("y = x + k;", "(x, k):\n    return x + k + 1", V, "", id="one too many"),
        pytest.param(
            "y = x(k);",
            "(x, k):\n    return x[int(k)]",
            "cases = {'a': (np.arange(3.0), 3)}",
            'indices = ["k"]',
            id="out of range",
        ),
    ],
)
def test_a_convention_that_would_do_is_suggested(suggested, m_code, python, cases, line):
    found = suggested(signature(m_code), f"def f{python}\n", cases)
    assert found == (
        line and f"agrees by another convention: if it is meant, add `{line}` to cases/f.py"
    )


def test_arguments_of_any_form_are_tried(suggested):
    case = "cases = {'a': ([[np.ones(2)], [np.ones((3, 3)), 'a']], {'x': [1.0, np.eye(2)]})}"
    assert suggested(signature("y = numel(x);"), "def f(x, k):\n    return 7.0\n", case) == ""


def test_what_is_suggested_agrees_once_it_is_added(suggested, agree):
    octave, python = signature("y = x(1:k)';"), "def f(x, k):\n    return x[:k, :]\n"
    found = suggested(octave, python, V)
    line = found.split("`")[1]
    assert agree(octave, python, f"{V}\n{line.replace('; ', chr(10))}\n").verdict.agrees


def test_the_run_prints_the_line(foreign, capsys, monkeypatch, restored_sigterm):
    foreign.pair("f", "2 * x", "2 * x[:, 0]", "{'one': (np.arange(3.0),)}")
    monkeypatch.chdir(foreign.root)
    assert main(["run", *foreign.options]) == 1
    assert 'add `vectors = "columns"` to cases/f.py' in capsys.readouterr().out


# Deviations


@pytest.fixture
def deviating(foreign, shared_runner):
    """Run a pair of which the second case differs, with a text of deviations.toml."""

    def run(text):
        foreign.pair("f", "x", "x + (x > 1)", "{'good': (1.0,), 'bad': (2.0,)}")
        (foreign.root / "cases" / "deviations.toml").write_text(text)
        with shared_runner(foreign.project) as runner:
            return runner.run_pair(runner.project.pair("f"))[0]

    return run


def test_a_deviation_is_counted_on_its_own(deviating):
    result = deviating('[f]\nbad = "the port is better"\n')
    assert [case.verdict for case in result.cases] == ["identical", "deviation"]
    assert result.verdict is Verdict.DEVIATION
    assert result.verdict.agrees
    assert result.cases[1].problem.startswith("the port is better")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('good = "why"', "no longer occurs, take it out: why", id="case"),
        pytest.param('worse = "why"', "names cases that f does not have: worse", id="no case"),
    ],
)
def test_a_deviation_that_does_not_occur_is_an_error(deviating, text, said):
    result = deviating(f"[f]\n{text}\n")
    assert result.verdict == "error"
    assert said in result.problem + "".join(case.problem for case in result.cases)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("ff", "no pair 'ff': no ff.m in", id="unknown"),
        pytest.param("F", "the pair 'F' is called f", id="another spelling"),
    ],
)
def test_a_deviation_of_no_pair_is_an_error(deviating, name, said):
    result = deviating(f'[{name}]\nbad = "why"\n')
    assert result.verdict == "error"
    assert said in result.problem


def test_a_deviation_of_every_case(deviating):
    assert deviating('[f]\n"*" = "the port is better"\n').verdict == "deviation"


def test_a_deviation_of_every_case_that_does_not_occur(foreign, shared_runner):
    foreign.pair("f", "x", "x")
    (foreign.root / "cases" / "deviations.toml").write_text('[f]\n"*" = "why"\n')
    with shared_runner(foreign.project) as runner:
        result = runner.run_pair(runner.project.pair("f"))[0]
    assert "no longer occurs, take it out: why" in result.problem


@pytest.mark.parametrize("text", ["f = 3", "[f]\nbad = 3", '[f]\nbad = " "'])
def test_a_deviation_needs_a_reason(deviating, text):
    result = deviating(text)
    assert result.verdict == "error"
    assert "needs a reason; write" in result.problem


def test_a_run_with_deviations_ends_well_and_names_them(
    foreign, capsys, monkeypatch, restored_sigterm
):
    foreign.pair("f", "x", "x + 1")
    (foreign.root / "cases" / "deviations.toml").write_text('[f]\none = "it counts from 1"\n')
    monkeypatch.chdir(foreign.root)
    assert main(["run", *foreign.options]) == 0
    out = capsys.readouterr().out
    assert "0 rounding, 1 deviation, 0 different" in out
    assert "f, case 'one', deviates as declared: it counts from 1" in out


def test_likening_leaves_an_unknown_shape_alone():
    from lockstep.sides.likening import freed

    value = np.arange(3.0)
    assert freed(value, np.ones((2, 2)), "order") is value
