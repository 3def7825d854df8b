"""Recordings in a pytest run of somebody else's project: the cases, and the calls of tests."""

import json

import pytest

from lockstep.cli import main

pytest_plugins = ["pytester"]

FILES = {
    "matlab/f.m": "function y = f(x)\ny = 2 * x;\nend\n",
    "port/f.py": "def f(x):\n    return 2 * x\n",
    "cases/f.py": "cases = {'one': (1.0,), 'two': (2.0,)}\n",
    "test_mine.py": """
import numpy as np

def test_mine(lockstep):
    lockstep.check("f", np.array([0.5]))
    assert lockstep.octave("sum", np.arange(5.0)) == 10
""",
}


@pytest.fixture
def theirs(pytester, monkeypatch):
    """Make a project, go to its folder."""
    pytester.makepyprojecttoml(
        '[tool.lockstep]\noctave = "matlab"\nport = "port"\ncases = "cases"\n'
    )
    for name, text in FILES.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(pytester.path)
    return pytester


@pytest.fixture
def no_octave(monkeypatch, tmp_path):
    """Leave no program on the PATH, when called."""

    def take_away():
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)

    return take_away


def run(pytester, *arguments):
    """Run pytest in a process of its own, where the plugin is loaded as any user's."""
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rs", "-v", *arguments)


def calls(pytester, pair):
    """Return the names of what is recorded of a pair."""
    return list(json.loads((pytester.path / "recordings" / f"{pair}.json").read_text())["cases"])


def test_every_id_says_that_it_is_recorded(theirs, no_octave):
    assert main(["record"]) == 0
    no_octave()
    result = run(theirs, "cases", "--oracle", "recorded")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["cases/f.py::one [[]recorded] PASSED*"])


def test_a_failure_says_so_too_and_names_the_statement(theirs, no_octave):
    (theirs.path / "port" / "f.py").write_text("def f(x):\n    return 3 * x\n")
    assert main(["record"]) == 0
    no_octave()
    result = run(theirs, "cases", "--oracle", "recorded")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["f, case 'one': different; recorded", "*f.py, line 2: *"])


def test_what_was_left_out_is_skipped(theirs):
    assert main(["record", "--outputs", "0"]) == 0
    result = run(theirs, "cases", "--oracle", "recorded")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*left out of the recording: its outputs take*"])


def test_without_a_recording_the_cases_file_is_an_error(theirs):
    result = run(theirs, "cases", "--oracle", "recorded")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*f is not recorded: there is no *"])


def test_the_calls_of_tests_are_recorded_and_repeated(theirs, no_octave, monkeypatch):
    assert main(["record"]) == 0
    run(theirs, "test_mine.py", "--lockstep-record").assert_outcomes(passed=1)
    (name,) = set(calls(theirs, "f")) - {"one", "two"}
    assert name.startswith("[call] ")
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(theirs.path))
        patch.delenv("OCTAVE_EXECUTABLE", raising=False)
        result = run(theirs, "test_mine.py", "cases", "--oracle", "recorded")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["test_mine.py::test_mine[[]recorded] PASSED*"])
    assert main(["record", "f"]) == 0
    assert calls(theirs, "f") == [name, "one", "two"]


def test_calls_of_another_m_file_are_dropped(theirs):
    run(theirs, "test_mine.py", "--lockstep-record").assert_outcomes(passed=1)
    (theirs.path / "matlab" / "f.m").write_text("function y = f(x)\ny = x + x;\nend\n")
    assert main(["record"]) == 0
    assert calls(theirs, "f") == ["one", "two"]


def test_a_call_that_was_not_recorded_fails_with_the_reason(theirs):
    assert main(["record"]) == 0
    result = run(theirs, "test_mine.py", "--oracle", "recorded")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the recording has no such call*pytest --lockstep-record*"])
