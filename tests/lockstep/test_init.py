"""`lockstep init`: the pairs that it proposes, and the cases that it takes out of .m files."""

import sys

import numpy as np
import pytest

from lockstep.cli import main
from lockstep.init_command import cases_text, find_cases, proposals, table
from lockstep.model.values import Handle, Opaque, StructArray
from lockstep.project.arguments import NoArgumentError, as_argument
from lockstep.project.cases import load_cases
from lockstep.project.literals import Literals
from lockstep.project.pairs import Pair, find_project
from lockstep.sides.helpers import HELPERS
from lockstep.sources.m_examples import examples

RUNNING_MEAN = """
function m = running_mean(x, k)
% RUNNING_MEAN  Mean of each K neighbours.
%
%   m = RUNNING_MEAN(x, k) is a usage line: x is not known.
%
%   Example:
%     v = [1 2 3 4];
%     m = running_mean(v, 2)
%
% delete everything = nothing

m = filter(ones(1, k) / k, 1, x);
end
%!shared base
%! base = [4 5 6];
%!assert (running_mean (base, 1), base)
%!assert <*123> (running_mean ([1; 2], 2), [0.5; 1.5])
%!test
%! for k = 1:2
%!   assert (numel (running_mean (twice (base), k)), 3);
%! end
%!function y = twice (x)
%!  y = 2 * x;
%!endfunction
%!demo
%! running_mean (1:50, 3)
%!error <nonconformant> running_mean ()
%!test assert (sum ([1 2]), 3)
"""

PORT = "import numpy as np\n\ndef running_mean(x, k):\n    x = x + 0.0\n    return x\n"


@pytest.fixture
def mean(tmp_path, monkeypatch):
    """Make a project of one pair that has no settings and no cases."""
    for folder in ("matlab", "python"):
        (tmp_path / folder).mkdir()
    (tmp_path / "matlab" / "running_mean.m").write_text(RUNNING_MEAN.lstrip())
    (tmp_path / "python" / "means.py").write_text(PORT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_examples_are_found(mean):
    found, functions = examples(mean / "matlab" / "running_mean.m", "running_mean")
    assert [one.name for one in found] == [
        "assert at line 16",
        "assert at line 17",
        "test at line 18",
        "demo at line 25",
        "example at line 4",
        "example at line 7",
    ]
    assert functions == ["function y = twice (x)\n  y = 2 * x;\nendfunction"]
    assert found[0].setup == ["base = [];", " base = [4 5 6];"]
    assert found[1].lines == ["assert  (running_mean ([1; 2], 2), [0.5; 1.5])"]
    assert found[-1].lines == ["v = [1 2 3 4];", "m = running_mean(v, 2)"]


def test_examples_of_texinfo_are_found(tmp_path):
    file = tmp_path / "f.m"
    file.write_text(
        "## Copyright\n\n## -*- texinfo -*-\n## @deftypefn {} {@var{y} =} f (@var{x})\n"
        "## Text about f (1).\n## @example\n## @group\n## f ([1, 2])\n##    @result{} 3\n"
        "## c = @{1@};\n## @end group\n## @end example\n## @end deftypefn\n\n"
        "function y = f (x)\n  y = sum (x);\nendfunction\n"
    )
    found, _ = examples(file, "f")
    assert [one.lines for one in found] == [["f ([1, 2])", "c = {1};"]]


@pytest.fixture
def session(octave):
    """Give the one Octave the helpers of the package."""
    octave.eval(f"addpath ('{HELPERS}');")
    return octave


def test_calls_become_cases(mean, session):
    session.eval(f"addpath ('{mean / 'matlab'}');")
    pair = Pair("running_mean", mean / "matlab" / "running_mean.m")
    found = find_cases(pair, session)
    session.eval(f"rmpath ('{mean / 'matlab'}');")
    assert found.left_out == []
    assert found.cases == {
        "assert at line 16": "(row([4.0, 5.0, 6.0]), 1)",
        "assert at line 17": "(np.array([1.0, 2.0]), 2)",
        "test at line 18, call 1": "(row([8.0, 10.0, 12.0]), 1)",
        "test at line 18, call 2": "(row([8.0, 10.0, 12.0]), 2)",
        "demo at line 25": '(row(data["a0"]), 3)',
        "example at line 7": "(row([1.0, 2.0, 3.0, 4.0]), 2)",
    }
    assert found.literals.arrays["a0"].tolist() == list(range(1, 51))


@pytest.fixture
def cases_of(tmp_path, session):
    """Return the cases out of a .m file with these blocks, and what is left out."""

    def found(function, *blocks):
        file = tmp_path / "f.m"
        file.write_text(function + "\n" + "\n".join(blocks) + "\n")
        session.eval(f"addpath ('{tmp_path}');")
        try:
            return find_cases(Pair("f", file), session)
        finally:
            session.eval(f"rmpath ('{tmp_path}');")

    return found


def test_what_is_random_is_left_out(cases_of):
    found = cases_of("function y = f(n)\ny = rand(n, 1);\nend", "%!test f(3);")
    assert found.cases == {}
    assert found.left_out[0].startswith("test at line 4: it gives another result each time")


def test_a_handle_is_left_out_unless_numpy_has_it(cases_of):
    found = cases_of(
        "function y = f(g)\ny = g(1);\nend", "%!test f(@(x) x + 1);", "%!assert (f(@sin), sin(1))"
    )
    assert found.cases == {"assert at line 5": '(Function(octave="@sin", python=np.sin),)'}
    assert found.left_out[0].startswith("test at line 4: a function handle, @(x) x + 1: write")


def test_fewer_outputs_where_all_cannot_be_asked_for(cases_of):
    found = cases_of(
        "function [a, b] = f(x)\na = x;\nif nargout > 1, error('no'); end\nend", "%!test y = f(3);"
    )
    assert found.cases == {"test at line 5": "Case(3, nargout=1)"}


def test_a_function_without_outputs(cases_of):
    found = cases_of("function f(x)\nx;\nend", "%!test f(3);")
    assert found.cases == {"test at line 4": "(3,)"}


def test_a_block_that_fails_says_why(cases_of):
    found = cases_of("function y = f(x)\ny = x;\nend", "%!test f(nothing_of_the_kind);")
    assert "'nothing_of_the_kind' undefined" in found.left_out[0]


def test_the_same_call_is_one_case(cases_of):
    found = cases_of("function y = f(x)\ny = x;\nend", "%!test f(3);", "%!test f(3); f(4);")
    assert list(found.cases.values()) == ["(3,)", "(4,)"]


def test_a_function_of_a_package(tmp_path, session):
    folder = tmp_path / "+pkg"
    folder.mkdir()
    (folder / "g.m").write_text("function y = g(x)\ny = x;\nend\n%!assert (pkg.g (3), 3)\n")
    session.eval(f"addpath ('{tmp_path}');")
    found = find_cases(Pair("pkg.g", folder / "g.m"), session)
    session.eval(f"rmpath ('{tmp_path}');")
    assert found.cases == {"assert at line 4": "(3,)"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([[2.0]]), "2"),
        (np.array([[-0.0]]), "-0.0"),
        (np.array([[0.1]]), "0.1"),
        (np.array([[np.nan]]), "np.nan"),
        (np.array([[-np.inf]]), "-np.inf"),
        (np.array([[1e300]]), "1e+300"),
        (np.array([[True]]), "True"),
        (np.array([[1 + 2j]]), "(1+2j)"),
        (np.array([[3]], np.int8), "np.int8(3)"),
        (np.array([[0.5]], np.float32), "np.float32(0.5)"),
        (np.zeros((0, 3)), "np.zeros((0, 3))"),
        (np.array([[1.0], [2.5]]), "np.array([1.0, 2.5])"),
        (np.array([[1.0, np.nan]]), "row([1.0, np.nan])"),
        (np.array([[1, 2]], np.uint8), "row(np.array([1, 2], dtype=np.uint8))"),
        (np.array([[True, False]]), "row([True, False])"),
        (np.eye(2), "np.array([[1.0, 0.0], [0.0, 1.0]])"),
        ("a'b", '"a\'b"'),
        ({"a": np.array([[1.0]])}, "{'a': 1}"),
    ],
)
def test_values_as_text(value, text):
    assert Literals().text(as_argument(value)) == text


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Handle("@(x) x"), id="handle"),
        pytest.param(Opaque("cls", ""), id="object"),
        pytest.param(StructArray((0, 0), ()), id="struct array"),
    ],
)
def test_values_that_are_no_argument(value):
    with pytest.raises(NoArgumentError):
        as_argument(value)


def test_the_file_of_cases_can_be_read(tmp_path, cases_of):
    found = cases_of(
        "function y = f(x, varargin)\ny = x;\nend",
        "%!test f(magic(8)); f({1, 'a'}); f(struct('a', 1)); f(sparse(eye(2)));",
        "%!test f(1:100, @sin); f(true); f(int8([1 2])); f([]); f([1+2i 3]); f(ones(2,2,2));",
    )
    assert found.left_out == []
    file = tmp_path / "cases" / "f.py"
    file.parent.mkdir()
    file.write_text(cases_text(Pair("f", None), found))
    np.savez(file.with_suffix(".npz"), **found.literals.arrays)
    cases = load_cases(file).cases
    assert len(cases) == 10
    assert cases["test at line 4, call 1"].args[0].shape == (8, 8)


# The command


def test_init_writes_settings_and_cases_and_a_run_follows(
    mean, capsys, monkeypatch, restored_sigterm
):
    assert main(["init"]) == 0
    out = capsys.readouterr().out
    assert "running_mean  means:running_mean  name" in out
    assert (mean / "pyproject.toml").read_text() == (
        '[tool.lockstep]\noctave = "matlab"\nport = "python"\ncases = "tests/cases"\n'
    )
    assert f"wrote 6 cases to {mean}/tests/cases/running_mean.py" in out
    assert main(["run"]) == 1
    assert "4 of 6 cases disagree" in capsys.readouterr().out


def test_init_adds_to_a_pyproject(mean, restored_sigterm):
    (mean / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert main(["init", "--cases", "kept"]) == 0
    text = (mean / "pyproject.toml").read_text()
    assert text.startswith('[project]\nname = "x"\n\n[tool.lockstep]\n')
    assert (mean / "kept" / "running_mean.py").is_file()


@pytest.mark.parametrize(("options", "kept"), [([], True), (["--yes"], False)])
def test_init_overwrites_nothing_unasked(
    mean, capsys, monkeypatch, options, kept, restored_sigterm
):
    file = mean / "tests" / "cases" / "running_mean.py"
    file.parent.mkdir(parents=True)
    file.write_text("cases = {}\n")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["init", *options]) == 0
    assert (file.read_text() == "cases = {}\n") is kept
    assert (f"{file} is kept" in capsys.readouterr().out) is kept


@pytest.mark.parametrize(("answer", "kept"), [("y", False), ("", True)])
def test_init_asks_on_a_terminal(mean, monkeypatch, answer, kept, restored_sigterm):
    file = mean / "tests" / "cases" / "running_mean.py"
    file.parent.mkdir(parents=True)
    file.write_text("cases = {}\n")
    asked = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or answer)
    assert main(["init"]) == 0
    assert (file.read_text() == "cases = {}\n") is kept
    assert asked == [f"overwrite {file}? [y/N] "]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        pytest.param("matlab", "there are no .m files in or below", id="no .m file"),
        pytest.param("python", "is the port? name it: --port NAME", id="no port"),
    ],
)
def test_init_says_which_side_is_missing(mean, capsys, missing, said, restored_sigterm):
    for file in (mean / missing).iterdir():
        file.unlink()
    assert main(["init"]) == 2
    assert said in capsys.readouterr().err


def test_init_without_a_pair_says_what_to_declare(mean, capsys, restored_sigterm):
    (mean / "python" / "means.py").write_text("def a(): ...\ndef b(): ...\n")
    assert main(["init"]) == 2
    assert "no pair was found: " in capsys.readouterr().err


def test_the_table_says_how_sure_it_is(tmp_path):
    for name in ("exactly", "withCase", "file_name", "meanOfAll", "twice", "none"):
        (tmp_path / f"{name}.m").write_text(f"function y = {name}(x)\ny = x;\nend\n")
    (tmp_path / "script.m").write_text("x = 1;\n")
    port = tmp_path / "port"
    port.mkdir()
    (port / "all.py").write_text(
        "".join(f"def {n}(x): ...\n" for n in ("exactly", "with_case", "mean_of_them_all", "twice"))
    )
    (port / "other.py").write_text("def twice(x): ...\n")
    (port / "file_name.py").write_text("def anything(x): ...\n")
    project = find_project(tmp_path, octave=".", port="port")
    assert [row.cells[-1] for row in table(proposals(project))] == [
        "found by",
        "name",
        "the only function of file_name.py",
        "name but for case and underscores",
        "perhaps all:mean_of_them_all",
        "no function of that name",
        "a script",
        'the port of twice may be "all:twice" and "other:twice"; say which in pyproject.toml:',
    ]
