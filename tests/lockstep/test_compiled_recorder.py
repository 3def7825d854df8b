"""The compiled recorder gives the executions that the one in Octave's language gives."""

import shutil
import subprocess

import numpy as np
import pytest

from lockstep import doctor
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides import compiled_recorder as module
from lockstep.sides.compiled_recorder import (
    PLAIN,
    SOURCES,
    CompilerError,
    compile_recorder,
    compiled_recorder,
    find_compiler,
)
from lockstep.sides.octave import OctaveDiedError, OctaveSession, find_octave
from lockstep.sides.octave_execution import OctaveTracer

PROGRAMS = {
    "a loop": """
        function y = f(x)
        y = 0;
        for k = 1:3
          if x(k) > 0.5
            y = y + x(k);
          end
        end
        end
        """,
    "calls": """
        function [y, n] = f(x)
        n = depth(4);
        y = cellfun(@(a) a * 2, {x(1), x(2)});
        show(y);
        end
        function n = depth(k)
        n = 0;
        if k > 0
          n = 1 + depth(k - 1);
        end
        end
        function show(y)
        end
        """,
    "lists": """
        function y = f(x)
        c = {x(1), x(2), 'text'};
        y = max(c{1:2});
        s.a = c;
        s.b = [c{1:2}];
        y = y + numel(s.a{:, 3}) + sum(s.b);
        end
        """,
    "an error": """
        function y = f(x)
        y = x + 1;
        error('f:bad', 'bad %d', 3);
        end
        """,
    "a function without a value": """
        function y = f(x)
        y = 1;
        try
          y = nothing(x);
        catch
          y = 2;
        end
        end
        function nothing(x)
        end
        """,
    "parts of large arrays": """
        function y = f(x)
        y = zeros(100, 100);
        c = {};
        for k = 1:3
          y(k, 2) = x(k);
          c{k} = y(k);
        end
        y(:, 1:50) = 1;
        y(end) = NaN;
        y(end) = NaN;
        z = single(y) > 2;
        z(7) = true;
        end
        """,
    "every place of an expression": """
        function y = f(x)
        k = 0;
        do
          k = k + (x(end) > 0.5);
        until k * 2 > 3
        while ~(k < 1) && numel(x(1:end)) > k
          k -= 1;
        end
        if any(x' > 0.8) || k, k = -x(end - 1)'; elseif k(1), k = 2; end
        switch k + 1
          case {0.3, -k}
            k = [x(1), x(2) * 2; -k, 4]';
        end
        z.a = {x' * x, x * x', 1:2:numel(x) + 1};
        z.b(2).c = z.a{1}(1, end);
        y = abs(z.b(end).c) + k(1)^2;
        y += max([z.a{:, 1}], [], 1);
        [y, i] = sort([y, x'], 'descend');
        x(i(1)) = y(end)';
        unwind_protect
          y = y(x > 0.5) .* 2.1;
        unwind_protect_cleanup
          y(1) = ~isempty(y) + 1;
        end_unwind_protect
        end
        """,
    "functions that are forgotten while they run": """
        function y = f(x)
        y = g(x(1)) + 1;
        clear -all
        h = @() feval('g', 2) * 2;
        y = h() + 1;
        end
        function y = g(x)
        y = x / 3;
        end
        """,
    "a value that is none": """
        function y = f(x)
        y = x(1) + 1;
        z = nothing(x);
        end
        function nothing(x)
        end
        """,
    "other classes": """
        function y = f(x)
        a = int8(x * 100);
        b = single(x) > 0.5;
        c = sparse(diag(x));
        d = x(1) + 2i;
        e = @(t) t + d;
        y = {a, b, full(c * x), e(1), 1:5, ''};
        end
        """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Compile the recorder, for the Octave that is here."""
    octave = find_octave()
    version = (
        octave
        and subprocess.run(
            [octave, "--eval", "disp (version ())"], capture_output=True, text=True
        ).stdout.strip()
    )
    compiler = octave and find_compiler(octave, version)
    if compiler is None:
        pytest.skip("mkoctfile of this Octave is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv(PLAIN, raising=False)
        assert compiled_recorder(version) is None
        made = compile_recorder(compiler, version)
        assert compiled_recorder(version) == made
        yield made


def described(execution):
    """Return all that an execution says, its values as texts of full precision."""
    with np.printoptions(floatmode="unique", threshold=100_000):
        nodes = [
            (one.site, one.frame, repr(one.value), one.inputs, one.decision)
            for one in execution.nodes
        ]
    frames = [(one.function, one.caller, one.parent) for one in execution.frames]
    return nodes, frames, execution.output_nodes, execution.error, execution.cut


def both(octave, tmp_path, text, case, monkeypatch, **limits):
    """Trace a program with either recorder; Octave tells which was in use."""
    found = []
    (tmp_path / "f.m").write_text(text)
    octave.eval(f"addpath ('{tmp_path}');")
    for plain in ("", "yes"):
        monkeypatch.setenv(PLAIN, plain)
        tracer = OctaveTracer(octave, **limits)
        assert (tracer._recorder is None) == bool(plain)
        found.append(described(tracer.trace(Pair("f", tmp_path / "f.m"), case)))
        assert octave.call("exist", "lockstep_value_", nargout=1).outputs[0] == 2  # a .m file
    octave.eval(f"rmpath ('{tmp_path}');")
    return found


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_both_recorders_say_the_same(folder, octave, tmp_path, monkeypatch, text):
    case = Case(np.array([0.1, 0.7, 0.9]))
    compiled, plain = both(octave, tmp_path, text, case, monkeypatch)
    assert compiled == plain
    assert len(compiled[0]) > 3


@pytest.mark.parametrize("limits", [{"node_limit": 7}, {"byte_limit": 30_000}, {"byte_limit": 0}])
def test_both_keep_as_much(folder, octave, tmp_path, monkeypatch, limits):
    text = "function y = f(x)\na = x + 1;\nb = a * 2;\nc = b(1);\ny = sum(b) + c;\nend\n"
    compiled, plain = both(octave, tmp_path, text, Case(np.zeros(2000)), monkeypatch, **limits)
    assert compiled == plain
    assert compiled[-1]


MOVED = {
    "scalars": np.array([[0.3]]),
    "all kinds": np.array([0.3, -0.7, 2.0, np.nan, -np.inf, 5e-324, 1e-310, 1e308, 0.0]),
    "complex": np.array([0.1 + 2.5j, -3.0 + 1e-9j]),
    "single": np.array([0.3], np.float32),
    "whole": np.array([1, 2], np.int8),
    "none": np.zeros((0, 3)),
    "logical": np.array([True]),
    "text": "abc",
}

COLUMN = np.array([[0.75], [1 / 3], [-2.5]])
OPERATED = [
    (a, operator, b)
    for a in (0.3, COLUMN)
    for b in (0.75, 2.0, np.array([[0.1, 4.0]]), 0.5 + 0.1j)
    for operator in ("+", "-", ".*", "./", ".^", ".\\", "*", "/", "^")
    if operator in "+-" or operator[0] == "." or (np.ndim(a) == 0 and np.ndim(b) == 0)
] + [(COLUMN, "*", np.array([[0.1, 4.0]])), (COLUMN, "*", 0.75), (COLUMN, "/", 3.0)]
OPERATED += [(COLUMN, "-", COLUMN), (np.array([[True]]), "-", COLUMN)]
OPERATED += [(np.array([[1.0, 2.0]]), "/", np.array([[4.0, 1.0], [2.0, 3.0]]))]
OPERATED += [
    (a, operator, 180.0, True)
    for a in (1e-200, 180.0, 0.5 + 0.1j, np.array([[1e-200, 0.3, 360.0]]))
    for operator in ("-", ".*", "^" if np.ndim(a) == 0 else ".^")
]
OPERATED += [
    (value, "all", places) for places in (0.0, 1.0) for value in (COLUMN, 2.0, *MOVED.values())
]


def test_both_move_numbers_the_same_way(folder, octave):
    def moved(run):
        octave.call("lockstep_moved_", 0.0, float(run), nargout=0)
        replies = [octave.call("lockstep_moved_", one, nargout=1) for one in MOVED.values()]
        if run == 0:
            replies += [octave.call("lockstep_moved_", *one, nargout=1) for one in OPERATED]
        return [repr(reply.outputs[0]) for reply in replies]

    with np.printoptions(floatmode="unique"):
        plain = [moved(run) for run in range(5)]
        octave.eval(f"addpath ('{folder}'); clear ('-f', 'lockstep_moved_');")
        assert octave.call("exist", "lockstep_moved_", nargout=1).outputs[0] == 3  # compiled
        compiled = [moved(run) for run in range(5)]
        octave.eval(f"rmpath ('{folder}'); clear ('-f', 'lockstep_moved_');")
    assert compiled == plain
    assert len(set(map(tuple, plain))) > 1


def test_both_give_the_same_on_machines_that_round_otherwise(folder, octave, tmp_path, monkeypatch):
    (tmp_path / "f.m").write_text(PROGRAMS["every place of an expression"])
    octave.eval(f"addpath ('{tmp_path}');")
    case = Case(np.array([0.1, 0.7, 0.9]))
    found = []
    for plain in ("", "yes"):
        monkeypatch.setenv(PLAIN, plain)
        replies = OctaveTracer(octave).rounded(Pair("f", tmp_path / "f.m"), case, 4)
        found.append([reply.outputs[0].tolist() for reply in replies])
    octave.eval(f"rmpath ('{tmp_path}');")
    assert found[0] == found[1]
    assert len(found[0]) == 4
    assert found[0][0] != found[0][1]


def test_a_traced_function_that_is_kept_runs_on(folder, octave, tmp_path, monkeypatch):
    monkeypatch.setenv(PLAIN, "")
    (tmp_path / "kept.m").write_text(
        "function y = kept(f)\npersistent g;\nif nargin, g = f; end\ny = g(4);\nmlock();\nend\n"
    )
    text = "function y = f(x)\ny = 2 * x;\nif x == 1, feval(['ke', 'pt'], @f); end\nend\n"
    (tmp_path / "f.m").write_text(text)
    octave.eval(f"addpath ('{tmp_path}');")
    OctaveTracer(octave).trace(Pair("f", tmp_path / "f.m"), Case(1.0))
    assert octave.call("kept", nargout=1).outputs[0] == 8
    octave.eval(f"munlock ('kept'); clear -f kept; rmpath ('{tmp_path}');")


def test_a_program_that_ends_octave_ends_it(folder, tmp_path, monkeypatch):
    monkeypatch.setenv(PLAIN, "")
    (tmp_path / "f.m").write_text("function y = f(x)\ny = x + 1;\nexit (3);\nend\n")
    with (
        OctaveSession([tmp_path]) as session,
        pytest.raises(OctaveDiedError, match="process ended"),
    ):
        OctaveTracer(session).trace(Pair("f", tmp_path / "f.m"), Case(1.0))


def test_a_compiler_of_another_octave_is_not_used(tmp_path, monkeypatch):
    other = tmp_path / "mkoctfile"
    other.write_text("#!/bin/sh\necho mkoctfile, version 6.4.0\n")
    other.chmod(0o755)
    assert find_compiler(str(tmp_path / "octave-cli"), "6.4.0") == str(other)
    assert find_compiler(str(tmp_path / "octave-cli"), "7.3.0") is None
    other.unlink()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert find_compiler(str(tmp_path / "octave-cli"), "7.3.0") is None


def test_a_compiler_that_fails_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    bad = tmp_path / "mkoctfile"
    bad.write_text(
        "#!/bin/sh\ntouch $TMPDIR/x.o\necho 'x.cc:1: error: no such header' >&2\nexit 1\n"
    )
    bad.chmod(0o755)
    with pytest.raises(CompilerError, match="error: no such header"):
        compile_recorder(str(bad), "7.3.0")
    assert compiled_recorder("7.3.0") is None
    assert not list(module._folder("7.3.0").iterdir())


def test_without_a_home_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert compiled_recorder("7.3.0") is None
    with pytest.raises(CompilerError, match="set XDG_CACHE_HOME"):
        compile_recorder("mkoctfile", "7.3.0")
    assert not list(tmp_path.iterdir())


def test_another_source_is_compiled_anew(tmp_path, monkeypatch):
    before = module._folder("7.3.0")
    changed = tmp_path / SOURCES[-1].name
    changed.write_bytes(SOURCES[-1].read_bytes() + b"\n")
    monkeypatch.setattr(module, "SOURCES", (*SOURCES[:-1], changed))
    assert module._folder("7.3.0") != before


@pytest.mark.parametrize("compiler", ["", "mkoctfile"])
def test_the_doctor_says_which_there_is(monkeypatch, tmp_path, compiler):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(doctor, "find_compiler", lambda program, version: compiler or None)

    def fails(compiler, version):
        raise CompilerError("mkoctfile failed: no disk")

    monkeypatch.setattr(doctor, "compile_recorder", fails)
    said = doctor._recorder(None, {"octave": "7.3.0", "octave_program": "octave-cli"})
    assert said.startswith("in Octave; ")
    assert ("no disk" if compiler else "octave-dev") in said
