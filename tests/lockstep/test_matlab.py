"""MATLAB as the engine, on a stand-in that speaks the interface of matlabengine and asks Octave.

MATLAB itself has not been tried: these tests hold the session to what MathWorks documents.
"""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse

from lockstep.cli import main
from lockstep.explaining import explained
from lockstep.model.values import Handle, Map, OctaveFunction, StructArray
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair, ProjectError, find_project
from lockstep.runner import Runner
from lockstep.sides.matlab import MATLAB_HELPERS, MatlabSession
from lockstep.sides.octave import (
    OctaveDiedError,
    OctaveError,
    OctaveNotFoundError,
    OctaveTimeoutError,
)
from lockstep.sides.octave_execution import OctaveTracer

STAND_IN = Path(__file__).parents[1] / "support" / "matlab_stand_in"

SEEN = "function [v, c, s] = seen(v)\nc = class(v);\ns = size(v);\nend\n"
MADE = "function v = made(text)\nv = eval(text);\nend\n"


@pytest.fixture(scope="module")
def stand_in():
    """Let `import matlab.engine` find the stand-in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(STAND_IN)
        yield patch
        for name in ("matlab.engine", "matlab"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def matlab(stand_in, tmp_path_factory):
    """One session for the tests that end none."""
    folder = tmp_path_factory.mktemp("m")
    (folder / "seen.m").write_text(SEEN)
    (folder / "made.m").write_text(MADE)
    session = MatlabSession([folder])
    yield session
    session.close()


@pytest.fixture
def session(stand_in, tmp_path):
    """Make a session of its own for a folder of .m files."""
    made = MatlabSession([tmp_path], 20)
    yield made
    made.close()


# Values


@pytest.mark.parametrize(
    ("value", "its_class", "size"),
    [
        pytest.param(0.1, "double", (1, 1), id="a number"),
        pytest.param(np.array([1.0, np.nan, -0.0]), "double", (3, 1), id="a vector"),
        pytest.param(np.ones((2, 3), np.float32), "single", (2, 3), id="a single matrix"),
        pytest.param(np.array([[True, False]]), "logical", (1, 2), id="logical"),
        pytest.param(np.int8([[-3]]), "int8", (1, 1), id="an integer"),
        pytest.param(np.ones((2, 3, 4)), "double", (2, 3, 4), id="three dimensions"),
        pytest.param(1 + 2j, "double", (1, 1), id="complex"),
        pytest.param("text", "char", (1, 4), id="char"),
        pytest.param("", "char", (0, 0), id="no char"),
        pytest.param([1.0, "a"], "cell", (1, 2), id="a cell"),
        pytest.param({"a": 1.0}, "struct", (1, 1), id="a struct"),
        pytest.param({}, "struct", (1, 1), id="a struct without fields"),
        pytest.param({"lockstep_kind_": "x"}, "struct", (1, 1), id="a struct with our field"),
        pytest.param(None, "double", (0, 0), id="empty"),
    ],
)
def test_a_value_comes_back_as_it_went(matlab, value, its_class, size):
    back, found, its_size = matlab.call("seen", value, nargout=3).outputs
    assert found == its_class
    assert tuple(its_size.ravel()) == size
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype
        assert back.tobytes("F") == value.tobytes("F")
    elif isinstance(value, (str, dict)):
        assert back == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("@(x) x + 1", Handle("@(x) x + 1"), id="a handle"),
        pytest.param(
            "struct('a', {1, 2})", StructArray((1, 2), ({"a": 1.0}, {"a": 2.0})), id="structs"
        ),
        pytest.param("containers.Map('k', 2)", Map({"k": 2.0}), id="a map"),
    ],
)
def test_a_value_that_matlab_made_is_decoded(matlab, text, expected):
    assert matlab.call("made", text, nargout=1).outputs[0] == expected


def test_a_sparse_matrix_stays_sparse(matlab):
    sent = scipy.sparse.csc_array(np.array([[0.0, 2.5], [0.0, 0.0]]))
    back, its_class, _ = matlab.call("seen", sent, nargout=3).outputs
    assert its_class == "double"
    assert scipy.sparse.issparse(back)
    assert back.toarray().tolist() == [[0.0, 2.5], [0.0, 0.0]]


def test_a_handle_is_made_with_its_variables(matlab):
    handle = OctaveFunction("@(x) k * x", {"k": 3.0})
    assert matlab.call("feval", handle, 2.0, nargout=1).outputs[0].item() == 6


# Calls


def test_all_declared_outputs_are_asked_for(matlab):
    assert len(matlab.call("seen", 1.0).outputs) == 3


def test_a_seed_makes_random_numbers_repeat(matlab):
    first, second = (matlab.call("rand", 1.0, 3.0, nargout=1, seed=5).outputs[0] for _ in range(2))
    assert first.tolist() == second.tolist()


def test_what_is_printed_comes_with_the_reply(matlab):
    assert "7" in matlab.call("disp", 7.0, nargout=0).printed
    assert matlab.eval("disp (3)") == "3"


def test_a_script_gives_its_variables(session, tmp_path):
    (tmp_path / "made.m").write_text("clear\na = 1;\nb = 'x';\n")
    assert session.call("made", script=True).outputs == [{"a": np.array([[1.0]]), "b": "x"}]


def test_an_error_has_its_identifier_and_its_place(session, tmp_path):
    (tmp_path / "f.m").write_text("function f()\n\nerror('f:x', 'no %d', 3);\nend\n")
    with pytest.raises(OctaveError) as raised:
        session.call("f")
    assert (raised.value.message, raised.value.identifier) == ("no 3", "f:x")
    assert raised.value.stack == ["f line 3"]


def test_the_engine_is_told_apart(matlab):
    identity = matlab.identity()
    assert (identity.name, bool(re.match(r"\d+\.", identity.version))) == ("MATLAB", True)


# Its life


def test_a_call_that_takes_too_long_ends_the_engine_and_the_next_starts_another(session, tmp_path):
    (tmp_path / "f.m").write_text("function f()\nwhile true\nend\nend\n")
    session.start()
    before, session.timeout = session.pid, 1.0
    with pytest.raises(OctaveTimeoutError, match=r"MATLAB did not answer within 1 s and was ended"):
        session.call("f")
    assert session.pid is None
    session.timeout = 20
    assert session.call("plus", 1.0, 2.0, nargout=1).outputs[0].item() == 3
    assert session.pid != before


def test_an_engine_that_ends_in_a_call_is_said_so(session, tmp_path):
    (tmp_path / "f.m").write_text("function f()\nexit\nend\n")
    with pytest.raises(OctaveDiedError, match="MATLAB ended in the call"):
        session.call("f")


def test_nothing_is_left_on_disk(session):
    session.start()
    folder = session._folder
    assert folder.is_dir()
    session.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        pytest.param("missing", "MATLAB was not found: Please reinstall", id="not installed"),
        pytest.param("broken", "MATLAB does not start: Unable to launch MVM", id="no licence"),
    ],
)
def test_a_matlab_that_cannot_be_had_is_said_so(tmp_path, monkeypatch, state, said):
    monkeypatch.syspath_prepend(STAND_IN)
    monkeypatch.setenv("MATLAB_STAND_IN", state)
    for name in ("matlab.engine", "matlab"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(OctaveNotFoundError, match=said):
        MatlabSession([tmp_path]).start()


def test_without_the_package_the_error_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matlab.engine", None)
    assert main(["doctor", "--engine", "matlab"]) == 2
    assert "pip install 'lockstep-octave[matlab]'" in capsys.readouterr().out


# Traces and runs

LISTS = """
function y = f(x)
c = {1, x, 3};
y = plus(c{2:3}) + max(c{1}, x);
if y > 3 && x > 0
    y = y * 2;
end
switch numel(c)
    case 3
        y = y + c{end};
    otherwise
        y = 0;
end
for k = 1:2
    y = [y, k];
end
"""


@pytest.mark.parametrize("last", ["", "end\n"], ids=["without end", "with end"])
def test_a_trace_has_the_values_of_every_statement(session, tmp_path, last):
    (tmp_path / "f.m").write_text(LISTS.lstrip() + last)
    execution = OctaveTracer(session).trace(Pair("f", tmp_path / "f.m"), Case(2.0))
    assert execution.cut == ""
    bound = {
        execution.source.sites[node.site].name: node.value.ravel().tolist()
        for node in execution.nodes
        if execution.source.sites[node.site].kind == "binding"
        and not isinstance(node.value, dict)
        and node.value.dtype != object
    }
    assert bound == {"y": [17, 1, 2], "k": [2]}
    assert session.call("f", 2.0, nargout=1).outputs[0].tolist() == [[17, 1, 2]]


def test_a_trace_from_the_folder_of_the_files_is_refused(session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.m").write_text("function y = f(x)\ny = x;\nend\n")
    with pytest.raises(OctaveError, match="run this from another folder"):
        OctaveTracer(session).trace(Pair("f", tmp_path / "f.m"), Case(2.0))


def test_a_wrong_statement_is_named(stand_in, foreign):
    foreign.m("f", "function y = f(x)\nz = 2 * x;\ny = z + 1;\nend\n")
    foreign.py("f", "def f(x):\n    z = 3 * x\n    return z + 1\n")
    foreign.cases("f", "cases = {'one': (np.array([0.1, 0.7]),)}\n")
    project = find_project(
        foreign.root, octave="matlab", port="port", cases="cases", engine="matlab"
    )
    with Runner(project) as runner:
        finding = explained(runner, runner.project.pair("f")).finding
    assert (finding.port.line, finding.octave.line) == (4, 2)
    assert finding.proved


def test_a_run_says_which_engine_it_asked(stand_in, foreign, monkeypatch, capsys):
    foreign.pair("f", "2 * x", "2 * x")
    monkeypatch.chdir(foreign.root)
    assert main(["run", *foreign.options, "--engine", "matlab"]) == 0
    out = capsys.readouterr().out
    assert re.match(r"MATLAB \d.* against Python", out)
    assert "in what follows, Octave stands for MATLAB" in out
    assert "1 identical" in out


def test_the_settings_name_the_engine(foreign):
    foreign.settings('octave = "matlab"\nport = "port"\ncases = "cases"\nengine = "matlab"\n')
    assert find_project(foreign.root).engine == "matlab"
    foreign.settings('octave = "matlab"\nport = "port"\nengine = "scilab"\n')
    with pytest.raises(ProjectError, match="must be 'octave' or 'matlab', not 'scilab'"):
        find_project(foreign.root)


# The helpers

OCTAVE_ONLY = re.compile(
    r"^\s*#|!|\bend(if|for|function|while|switch|_try_catch)\b|\+\+|--|\+=|-=|(?<!@\(\w)\)\s*[({]\S|"
    r"\"|\bpersistent\b.*=|\b(rows|columns|sizeof|vec|size_equal|builtin|print_usage)\s*\("
)


@pytest.mark.parametrize("file", sorted(MATLAB_HELPERS.glob("*.m")), ids=lambda file: file.stem)
def test_a_helper_has_nothing_that_octave_alone_understands(file):
    code = re.sub(r"'(?:[^'\n]|'')*'", "''", re.sub(r"(?m)%.*$", "", file.read_text()))
    wrong = [line for line in code.splitlines() if OCTAVE_ONLY.search(line)]
    assert not wrong
