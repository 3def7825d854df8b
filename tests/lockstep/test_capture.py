"""`lockstep capture`: the calls that a user's own script makes become cases."""

import signal
import sys
import textwrap

import numpy as np
import pytest

from lockstep.capture_command import most_different
from lockstep.cli import main
from lockstep.model.archive import write_archive
from lockstep.project import captured
from lockstep.project.captured import (
    Captured,
    Shelf,
    captured_cases,
    captured_file,
    read_captured,
    write_captured,
)
from lockstep.project.cases import CasesError, Function
from lockstep.runner import Runner

pytestmark = pytest.mark.usefixtures("restored_sigterm")


@pytest.fixture
def project(foreign, monkeypatch):
    """Make a project of a pair f, which returns its first argument, and a script that calls it."""
    foreign.m("f", "function y = f(x, varargin)\ny = x;\nend\n")
    foreign.py("f", "def f(x, *args):\n    return x\n")
    foreign.settings()
    monkeypatch.chdir(foreign.root)
    return foreign


@pytest.fixture
def captured_from(project, capsys):
    """Write a script, capture it, and return the arguments of each case and what was said."""

    def run(text, *options, name="script"):
        (project.root / f"{name}.m").write_text(textwrap.dedent(text))
        status = main(["capture", f"{name}.m", *options])
        out, err = capsys.readouterr()
        found = captured_cases(project.root / "cases" / "f.py")
        found = [found[case].args for case in sorted(found, key=lambda case: int(case.split()[-1]))]
        return found, out + err, status

    return run


def _numbers(found):
    return [args[0] for args in found]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("f(1); f(2); f(2); f(3);", id="by name"),
        pytest.param("g = @f; g(1); g(2); h = @(x) f(x); h(3);", id="by handle"),
        pytest.param("cellfun (@f, {1, 2, 3});", id="in cellfun"),
        pytest.param("for i = 1:3, x(i) = f(i); end", id="in a loop"),
        pytest.param("clear all; close all; clc\nf(1); f(2); clear all\nf(3);", id="clear all"),
        pytest.param("f(1); clear f; f(2); clear functions\nf(3);", id="clear of the function"),
        pytest.param("addpath ([pwd '/matlab']); f(1); f(2); f(3);", id="its own addpath"),
        pytest.param("cd matlab; f(1); f(2); cd ..; f(3);", id="its own cd"),
        pytest.param("f(1); pause; f(2); x = input (''); f(3);", id="pause and input"),
        pytest.param("f(1); f(2); f(3); exit; f(4);", id="exit"),
        pytest.param("g(1); g(2); g(3);\nfunction g(x)\n  f(x);\nend\n", id="functions at its end"),
        pytest.param("function script()\nf(1); f(2); f(3);\nend\n", id="a function as the script"),
        pytest.param("eval ('f(1);'); x = 2; evalin ('base', 'f(x);'); feval ('f', 3);", id="eval"),
        pytest.param("try, f(1); f(2); error ('x'); end; f(3);", id="an error that is caught"),
    ],
)
def test_the_calls_of_a_script_are_seen(captured_from, text):
    found, _, status = captured_from(text)
    assert _numbers(found) == [1, 2, 3]
    assert status == 0


def test_clear_still_clears_variables(captured_from):
    found, _, _ = captured_from(
        """
        x = 1; xx = 2; y = 3; global g; g = 4;
        clear x*
        f (exist ('x') + 10 * exist ('y'));
        clear
        f (20 * (1 + exist ('y')));
        g = 5; y = 1;
        h (30);
        clear -x y
        f (exist ('g') + 40 * exist ('y'));
        function h (z)
          clear z
          f (30 * (1 + exist ('z')));
        end
        """
    )
    assert _numbers(found) == [10, 20, 30, 40]


def test_every_kind_of_value_comes_back(captured_from):
    found, said, _ = captured_from(
        """
        f (1); f (0.5); f ([]); f (zeros (0, 3)); f (1:3); f ((1:3)'); f (eye (2)); f (1 + 2i);
        f (true); f ([true false]); f (int8 (3)); f (uint16 ([1 2; 3 4])); f (single (0.1));
        f ('text'); f (''); f (['ab'; 'cd']); f ({1, 'a', {2}}); f ({'a'; 'b'});
        f (struct ('a', 1)); f (ones (2, 2, 2)); f (sparse (eye (2))); f (NaN);
        f (1, 'more', {}); f (@sin); f (@f);
        """
    )
    assert len(found) == 25
    assert "left out" not in said
    by_type = {str(type(args[0])) for args in found}
    assert len(by_type) >= 12
    assert found[22][1:] == ("more", [])
    assert (found[23][0].octave, found[23][0].python, found[24][0].pair) == ("@sin", np.sin, "f")


def test_the_captured_cases_are_run_beside_those_of_the_cases_file(project, captured_from, capsys):
    captured_from("f (1); f ({1; 'a'}, 2); f (single ([1 2])); f ('text');")
    assert (
        (project.root / "cases" / "f.py").read_text().startswith('"""Cases of f: those in f.capt')
    )
    assert main(["run"]) == 0
    assert "1 pair, 4 cases: 4 identical" in capsys.readouterr().out
    project.cases("f", "cases = {'own': (5,)}\n")
    assert main(["run"]) == 0
    assert "1 pair, 5 cases: 5 identical" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("f (@(x) x.^2)", "a function handle, @(x) x .^ 2: write Function("),
        ("f (struct ('a', {1, 2}))", "a value of class struct array cannot be sent"),
        ("f (containers.Map ('a', 1))", "a value of class containers.Map cannot be sent"),
        ("f (int64 (3))", "a value of class int64 would reach Octave as a double"),
    ],
)
def test_what_cannot_be_kept_is_said(captured_from, call, reason):
    found, said, _ = captured_from(f"{call}; f (7);")
    assert _numbers(found) == [7]
    assert f"f: 1 call dropped: {reason}" in said


def test_a_handle_that_gives_a_pair_more_arguments_is_kept(project, captured_from, capsys):
    project.m("cost", "function y = cost(p, a, b)\ny = sum(p .* a) + b;\nend\n")
    project.py("cost", "def cost(p, a, b):\n    return np.sum(p * a) + b\n")
    project.m("f", "function y = f(g, x)\ny = g(x) + g(2 * x);\nend\n")
    project.py("f", "def f(g, x):\n    return g(x) + g(2 * x)\n")
    found, _, _ = captured_from("a = [1 2]; b = 3; f (@(p) cost (p, a, b), [4 5]);")
    ((function, _),) = found
    assert (
        function.pair,
        [np.ravel(getattr(one, "vector", one)).tolist() for one in function.bound],
    ) == (
        "cost",
        [[1, 2], [3]],
    )
    assert main(["run"]) == 0
    assert "2 pairs, 3 cases: 3 identical" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("y = x * rand ();", "it gives another result each time: write a Case with a seed"),
        ("global scale; y = x * scale(1);", "made again, alone, it raises an error: scale(1): "),
    ],
)
def test_a_call_that_hangs_on_more_than_its_arguments_is_left_out(
    project, captured_from, text, reason
):
    project.m("f", f"function y = f(x)\n{text}\nend\n")
    found, said, status = captured_from("global scale; scale = 3; f (1); f (2);")
    assert found == []
    assert reason in said
    assert status == 1


def test_fewer_outputs_are_asked_for_where_not_all_can_be(project, captured_from):
    project.m("f", "function [y, z] = f(x)\ny = x;\nif x > 1\n  z = 2;\nend\nend\n")
    captured_from("f (1); a = f (1.5); f (2); [a, b] = f (3);")
    cases = captured_cases(project.root / "cases" / "f.py")
    assert {name: one.nargout for name, one in cases.items()} == {
        "script, call 1": 0,
        "script, call 2": None,
        "script, call 3": None,
        "script, call 4": None,
    }


def test_calls_inside_other_functions_and_recursion_are_seen(project, captured_from):
    project.m("f", "function y = f(x)\nif x < 2, y = 1; else y = x * f(x - 1); end\nend\n")
    project.m("outer", "function y = outer(x)\ny = f(x);\nend\n")
    found, _, _ = captured_from("outer (4);")
    assert sorted(_numbers(found)) == [1, 2, 3, 4]


def test_a_loop_at_the_beginning_is_one_call(project, captured_from):
    project.m("f", "function y = f(x)\nwhile x > 1\n  x = x - 1;\nend\ny = x;\nend\n")
    found, _, _ = captured_from("f (5); f (4);")
    assert _numbers(found) == [5, 4]


def test_an_argument_that_the_function_ignores_is_empty(project, captured_from):
    project.m("f", "function y = f(~, x)\ny = x;\nend\n")
    ((first, second),), _, _ = captured_from("f (3, 4);")
    assert (first.shape, second) == ((0, 0), 4)


def test_functions_of_packages_and_octaves_own_are_seen(project, captured_from, capsys):
    package = project.root / "matlab" / "+tools"
    package.mkdir()
    (package / "g.m").write_text("function y = g(x)\ny = 2 * x;\nend\n")
    project.settings(
        'octave = "matlab"\nport = "port"\ncases = "cases"\n[tool.lockstep.pairs]\n'
        '"tools.g" = "f:f"\ntrapz = "numpy:trapezoid"\nsort = "numpy:sort"\n'
    )
    _, said, _ = captured_from("tools.g (1); trapz ([1 2 3]); sort ([3 1]);")
    assert "sort: its calls cannot be seen: it is built into Octave" in said
    for name in ("tools.g", "trapz"):
        assert len(read_captured(project.root / "cases" / f"{name}.captured.npz")) == 1


def test_a_script_that_calls_another_function_of_that_name_is_told(project, captured_from):
    (project.root / "sub").mkdir()
    (project.root / "f.m").write_text("function y = f(x)\ny = 0;\nend\n")
    found, said, _ = captured_from("f (1);")
    assert found == []
    assert f"its calls cannot be seen: Octave would call another one, {project.root}/f.m" in said


def test_a_script_that_fails_keeps_what_was_seen(captured_from):
    found, said, status = captured_from("f (1);\nf (2);\nerror ('no more');\nf (3);")
    assert _numbers(found) == [1, 2]
    assert "script.m did not come to its end: no more (script line 3" in said
    assert status == 0


def test_a_script_that_goes_on_without_end_is_interrupted(captured_from):
    found, said, status = captured_from("f (1);\nwhile true, x = 1; end", "--timeout", "1")
    assert _numbers(found) == [1]
    assert "script.m did not come to its end: it was interrupted" in said
    assert status == 0


def test_ctrl_c_keeps_what_was_seen(project, start, wait_until):
    (project.root / "script.m").write_text(
        "f (1);\nfclose (fopen ('begun', 'w'));\nwhile true, x = 1; end\n"
    )
    process = start(
        "-m",
        "lockstep",
        "capture",
        "script.m",
        cwd=project.root,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    wait_until((project.root / "begun").exists)
    process.popen.send_signal(signal.SIGINT)
    status, out, _ = process.end()
    assert "did not come to its end: it was interrupted" in out
    assert "f: wrote 1 case to cases/f.captured.npz" in out
    assert status == 0


def test_an_octave_that_dies_is_said(captured_from):
    found, said, status = captured_from("f (1); kill (getpid (), 9);")
    assert (found, status) == ([], 2)
    assert "script.m cannot be captured: the Octave process ended" in said


def test_of_many_calls_those_that_differ_most_are_kept(project, captured_from):
    project.m("f", "function y = f(x)\ny = x;\nif numel (x) == 1 && x == 777\n  y = 0;\nend\nend\n")
    found, said, _ = captured_from("for i = 1:900, f (i); end; f ([1 2]); f ('text');")
    shapes = [np.shape(getattr(args[0], "vector", args[0])) for args in found]
    assert len(found) == 50
    assert 777 in [args[0] for args, shape in zip(found, shapes, strict=True) if shape == ()]
    assert (2,) in shapes
    assert "text" in [args[0] for args in found if isinstance(args[0], str)]
    assert "f         902        902    50      852" in said
    assert "f: 852 calls dropped: of a pair 50 cases, or 16 MB, are kept" in said
    assert "f: what must be a case all the same can be written in cases/f.py" in said


def test_equal_calls_are_counted_as_dropped(captured_from):
    found, said, _ = captured_from("for i = 1:5, f (1); f (2); end")
    assert _numbers(found) == [1, 2]
    assert "f          10          2     2        8" in said
    assert "f: 8 calls dropped: equal to others" in said


def test_no_room_beside_the_cases_of_other_scripts_says_whose_they_are(captured_from):
    captured_from("for i = 1:50, f (i); end", name="one")
    found, said, status = captured_from("f (51); f (52);", name="two")
    assert (len(found), status) == (50, 1)
    assert "f           2          2     0        2" in said
    assert "f: 2 calls dropped: of a pair 50 cases" in said
    assert "f: cases/f.captured.npz holds 50 of one.m; to make room, delete it and capt" in said


def test_very_many_calls_are_thinned_while_the_script_runs(captured_from):
    found, said, _ = captured_from("for i = 1:6000, f (i); end")
    assert len(found) == 50
    assert max(_numbers(found)) > 4000
    assert int(said.split("f  ")[1].split()[1]) <= 2000


# Files


@pytest.mark.parametrize(("options", "kept"), [([], [1]), (["--yes"], [2])])
def test_nothing_is_replaced_unasked(captured_from, options, kept, monkeypatch):
    captured_from("f (1);")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    found, said, status = captured_from("f (2);", *options)
    assert _numbers(found) == kept
    assert ("f: cases/f.captured.npz is kept as it is" in said) is (kept == [1])
    assert status == (1 if kept == [1] else 0)


def test_cases_of_other_scripts_stay(captured_from):
    captured_from("f (1);", name="one")
    found, _, _ = captured_from("f (1); f (2);", name="two")
    assert _numbers(found) == [1, 2]
    found, _, _ = captured_from("f (3);", "--yes", name="two")
    assert _numbers(found) == [1, 3]


def test_only_the_pairs_that_are_named_are_captured(project, captured_from):
    project.m("g", "function y = g(x)\ny = x;\nend\n")
    project.py("g", "def g(x):\n    return x\n")
    captured_from("f (1); g (1);", "g")
    assert [file.name for file in (project.root / "cases").iterdir()] == [
        "g.captured.npz",
        "g.py",
    ] or [file.name for file in (project.root / "cases").iterdir()] == ["g.py", "g.captured.npz"]


def _damaged(file):
    file.write_bytes(file.read_bytes()[:-100])


def _strange(file):
    write_archive(file, [1, 2])


@pytest.mark.parametrize("damage", [_damaged, _strange])
def test_a_damaged_file_is_an_error_that_says_what_to_do(project, captured_from, damage, capsys):
    captured_from("f (1);")
    file = captured_file(project.root / "cases" / "f.py")
    damage(file)
    with pytest.raises(CasesError, match=r"f\.captured\.npz.*delete .* and capture it again"):
        captured_cases(project.root / "cases" / "f.py")
    assert main(["run"]) == 1
    assert "and capture it again" in capsys.readouterr().out
    assert _numbers(captured_from("f (2);", "--yes")[0]) == [2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.m"], "none.m is no .m file that is there"),
        (["pyproject.toml"], "pyproject.toml is no .m file that is there"),
        (["script.m", "nothing"], "no pair 'nothing'"),
    ],
)
def test_what_cannot_be_captured_is_said(project, capsys, arguments, said):
    (project.root / "script.m").write_text("x = 1;\n")
    assert main(["capture", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_script_without_a_call_says_so(captured_from):
    _, said, status = captured_from("x = 1;")
    assert "no call was seen of f" in said
    assert status == 1


# Choosing


def test_the_most_different_come_first():
    features = {0: {1, 2}, 1: {1, 2}, 2: {1, 2, 3, 4}, 3: {5}, 4: {1}, 5: {1}}
    assert most_different({k: frozenset(v) for k, v in features.items()}) == [2, 3, 0, 4, 1, 5]


def test_a_shelf_holds_so_many_bytes(monkeypatch):
    monkeypatch.setattr(captured, "MOST_BYTES", 20_000)
    noise = np.random.default_rng(1).normal(size=(4, 1000))
    calls = [Captured("s.m", i, (one, one), None) for i, one in enumerate(noise, start=1)]
    shelf = Shelf(calls[:2])
    assert [one.number for one in shelf.calls] == [1, 2]
    assert not shelf.add(calls[2])
    assert shelf.add(Captured("s.m", 9, (noise[0], noise[1]), None))
    assert shelf.add(calls[0])
    assert [one.number for one in shelf.calls] == [1, 2, 9]


def test_a_file_is_as_large_as_the_shelf_says(tmp_path):
    noise = np.random.default_rng(1).normal(size=(10, 1000))
    write_captured(tmp_path / "f.captured.npz", [Captured("s.m", 1, (noise, noise.T), None)] * 3)
    assert (tmp_path / "f.captured.npz").stat().st_size < 200_000


def test_a_captured_case_can_be_traced(project, captured_from, capsys):
    captured_from("f (4);")
    assert main(["trace", "f", "--case", "script, call 1"]) == 0


def test_the_functions_of_captured_cases_are_made_on_both_sides(project, captured_from):
    captured_from("f (@sin);")
    with Runner(project.project) as runner:
        (case,) = runner.cases(project.project.pair("f")).cases.values()
    assert isinstance(case.args[0], Function)
