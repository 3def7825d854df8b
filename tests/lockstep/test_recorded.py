"""Recordings: made of a live Octave, then used where there is none."""

import contextlib
import io
import json
import os
import re
import shutil
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from lockstep import calling
from lockstep.checking import Checker
from lockstep.cli import main
from lockstep.engine import Engine
from lockstep.engine_process import EngineError
from lockstep.explaining import explained
from lockstep.model.phases import Phase, nobody
from lockstep.oracles.choosing import is_recorded
from lockstep.oracles.manifest import RecordingError, hash_of, read_manifest
from lockstep.oracles.recorded import LeftOutError, NotRecordedError, RecordedOracle
from lockstep.oracles.recorder import Limits, Written
from lockstep.project.cases import Case
from lockstep.project.pairs import ProjectError
from lockstep.record_command import record as record_pairs
from lockstep.recording import CallKeeper
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveError
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.terminal.progress import Progress
from lockstep.wire import GetMachine, RecordCase, WriteRecording

F_M = """
function y = f(x)
if any(x < 0)
    error('f:x', 'f: X must be positive');
end
z = helper(x);
y = sum(z) * 0.1;
end
"""
HELPER_M = "function z = helper(x)\nz = exp(x) + 1;\nend\n"
F_PY = "def f(x):\n    if np.any(x < 0):\n        raise ValueError('f: X must be positive')\n"
RIGHT = "    z = np.exp(x) + 1\n    return np.sum(z) * 0.1\n"
WRONG = "    z = np.exp(x) - 1\n    return np.sum(z) * 0.1\n"
CASES = """
x = np.array([0.3, 0.6, 0.9])
cases = {'one': (x,), 'two': (2 * x,), 'negative': Case(-x, raises='f:x')}
"""


@pytest.fixture
def pair(foreign):
    """Write the pair `f`, its helper and its cases; the port is right."""
    foreign.m("f", F_M)
    foreign.m("helper", HELPER_M)
    foreign.py("f", F_PY + RIGHT)
    foreign.cases("f", CASES)
    return foreign


@pytest.fixture
def record(shared_runner, monkeypatch):
    """Record pairs with the one Octave of the run: ``record(project, *names, **sizes)``."""

    def record(project, *names, untraced="", **sizes):
        project = replace(project, oracle="live")
        with monkeypatch.context() as patch:
            patch.setattr("lockstep.engine.Runner", shared_runner)
            engine = Engine(project, 60.0, nobody)
        written = {}
        for name in names or ("f",):
            listing = list(engine.runner.cases(project.pair(name)).cases)
            for case in listing:
                problems = list(engine.answer(RecordCase(name, case, Limits(**sizes), untraced)))
                assert problems[0] == "" or sizes, problems
            (written[name],) = engine.answer(WriteRecording(name))
            assert isinstance(written[name], Written), written[name]
        return written[names[0] if names else "f"]

    return record


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Make a folder for the recording of the pair `f`, which many tests use."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def taped(pair, record, kept):
    """Return the pair `f` with its recording, which is made once for all tests."""
    if not any(kept.iterdir()):
        record(pair.project)
        shutil.copytree(pair.project.recordings_folder, kept, dirs_exist_ok=True)
    else:
        shutil.copytree(kept, pair.project.recordings_folder)
    return pair


@pytest.fixture
def no_octave(tmp_path, monkeypatch):
    """Put a program in Octave's place, when called, that must not be started."""
    folder, log = tmp_path / "path", tmp_path / "started"
    folder.mkdir()
    for name in ("octave", "octave-cli"):
        (folder / name).write_text(f"#!/bin/sh\necho started >> {log}\nexit 1\n")
        (folder / name).chmod(0o755)

    def take_away():
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)

    yield take_away
    assert not log.exists()


@pytest.fixture
def recorded(no_octave):
    """Return the project as it is run from its recordings, and a runner of it."""

    def recorded(foreign):
        no_octave()
        project = replace(foreign.project, oracle="recorded")
        return project, Runner(project)

    return recorded


def results(runner, project, name="f"):
    (found,) = runner.run_pair(project.pair(name))
    return found


# The same verdicts


def test_a_right_port_agrees(taped, recorded):
    project, runner = recorded(taped)
    found = results(runner, project)
    assert not found.problem
    assert [case.verdict for case in found.cases] == ["identical"] * 3
    assert {case.verdict_text for case in found.cases} == {"identical; recorded"}


def test_a_wrong_statement_is_named_as_with_a_live_octave(
    pair, record, recorded, shared_runner
):  # fmt: skip
    pair.py("f", F_PY + WRONG)
    record(pair.project)
    with shared_runner(pair.project) as live:
        expected = explained(live, pair.project.pair("f"))
    project, runner = recorded(pair)
    found = explained(runner, project.pair("f"))
    assert repr(found) == repr(expected)
    assert found.finding.proved
    assert found.finding.port.expression == "np.exp(x) - 1"
    assert (found.finding.octave.file.name, found.finding.octave.line) == ("helper.m", 2)
    mend = found.finding.mend
    assert (mend.agreeing, mend.others_agreeing) == (3, mend.others)
    assert mend.others > 0


def test_an_error_is_the_same_one(taped, recorded):
    project, runner = recorded(taped)
    with pytest.raises(OctaveError) as raised:
        raise runner.oracle.outcome(project.pair("f"), Case(-np.array([0.3, 0.6, 0.9])))
    assert (raised.value.message, raised.value.identifier) == ("f: X must be positive", "f:x")
    assert raised.value.stack == ["f line 3"]


JUMPING_M = "function y = g(x)\ny = double(sum(x) > 0.6);\nend\n"
TENTHS = "{'tenths': (np.array([0.1, 0.2, 0.3]),)}"


def test_a_jump_of_octaves_own_result_is_known(foreign, record, recorded):
    foreign.m("g", JUMPING_M)
    foreign.py("g", "def g(x):\n    return float(x[0] + (x[1] + x[2]) > 0.6)\n")
    foreign.cases("g", f"cases = {TENTHS}\n")
    record(foreign.project, "g")
    project, runner = recorded(foreign)
    (case,) = results(runner, project, "g").cases
    assert case.verdict == "rounding"
    assert case.excused


def test_a_jump_is_no_excuse_where_octave_does_not_jump(foreign, record, recorded):
    foreign.m("g", "function y = g(x)\ny = 0;\nend\n")
    foreign.py("g", "def g(x):\n    return float(x[0] + x[1] + x[2] > 0.6)\n")
    foreign.cases("g", f"cases = {TENTHS}\n")
    record(foreign.project, "g")
    project, runner = recorded(foreign)
    assert results(runner, project, "g").verdict == "different"


def test_a_script_is_recorded(foreign, record, recorded):
    foreign.m("s", "a = 1;\nb = [a, 2];\n")
    foreign.py("s", "def s():\n    return {'a': 1.0, 'b': np.array([1.0, 2.0])}\n")
    foreign.cases("s", "cases = {'once': ()}\n")
    record(foreign.project, "s")
    project, runner = recorded(foreign)
    assert results(runner, project, "s").verdict == "identical"


def test_a_call_for_other_outputs_is_said_to_lack(foreign, record, recorded):
    octave = "function varargout = g(x)\nvarargout = num2cell(x * (1:max(nargout, 1)));\nend\n"
    foreign.m("g", octave)
    foreign.py("g", "def g(x):\n    return x, 2 * x\n")
    foreign.cases("g", "cases = {'open': (1.5,), 'said': Case(2.5, nargout=2)}\n")
    record(foreign.project, "g")
    project, runner = recorded(foreign)
    lacking, said = results(runner, project, "g").cases
    assert "Case(..., nargout=2), and record again" in lacking.problem
    assert said.verdict == "identical"


def test_a_function_of_octaves_own_is_recorded_without_a_trace(foreign, record, recorded):
    foreign.py("cumsum", "def cumsum(x):\n    return np.cumsum(x) + 1\n")
    foreign.cases("cumsum", "cases = {'one': (np.array([1.0, 2.0]),)}\n")
    assert record(foreign.project, "cumsum").traces == 0
    project, runner = recorded(foreign)
    found = explained(runner, project.pair("cumsum"))
    assert found.finding is None
    assert "not traced: case 'one' was recorded without a trace" in found.note
    assert "has no .m file in this project to be traced" in found.note


def test_an_argument_that_octave_cannot_get_needs_no_recording(foreign, record, recorded):
    foreign.pair("f", "x", "x", "{'one': (1.0,), 'object': (object(),)}")
    record(foreign.project)
    project, runner = recorded(foreign)
    found = {case.case: case for case in results(runner, project).cases}
    assert found["one"].verdict == "identical"
    assert "has no counterpart in Octave" in found["object"].problem


# What a recording is of


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        pytest.param("f", F_M + "% more\n", r"since then matlab/f\.m changed", id="the .m file"),
        pytest.param(
            "helper", HELPER_M.replace("1", "2"), r"then matlab/helper\.m changed", id="a helper"
        ),
        pytest.param(
            "exp", "function y = exp(x)\ny = x;\nend\n", r"matlab/exp\.m is reached", id="a new one"
        ),
    ],
)
def test_a_stale_recording_is_refused_with_what_changed(taped, recorded, file, text, said):
    taped.m(file, text)
    project, runner = recorded(taped)
    problem = results(runner, project).problem
    assert re.search(said, problem)
    assert problem.endswith("record it again where Octave is: lockstep record f")


def test_a_file_that_is_gone_is_said(taped, recorded):
    (taped.root / "matlab" / "helper.m").unlink()
    project, runner = recorded(taped)
    assert "since then matlab/helper.m is gone" in results(runner, project).problem


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("(2 * x,)", "(3 * x,)", "another call: argument 1 changed", id="argument"),
        pytest.param("(2 * x,)", "Case(2 * x, nargout=0)", "nargout is 0", id="nargout"),
        pytest.param("(2 * x,)", "Case(2 * x, seed=1)", "the seed changed", id="seed"),
        pytest.param("(2 * x,)", "(2 * x, 1)", "there are 2 arguments, and were 1", id="more"),
        pytest.param("'two': (2 *", "'three': (3 *", "has no case 'three'", id="a new case"),
    ],
)
def test_a_case_that_changed_is_an_error_and_the_others_are_compared(
    taped, recorded, old, new, said
):
    taped.cases("f", CASES.replace(old, new))
    project, runner = recorded(taped)
    first, second, third = results(runner, project).cases
    assert (first.verdict, second.verdict, third.verdict) == ("identical", "error", "identical")
    assert said in second.problem
    assert second.problem.endswith("lockstep record f")


def test_a_case_under_another_name_is_found(taped, recorded):
    taped.cases("f", CASES.replace("'two'", "'twice'"))
    project, runner = recorded(taped)
    assert results(runner, project).verdict == "identical"


def test_what_a_handle_reaches_is_watched(foreign, record, recorded):
    foreign.m("f", "function y = f(g, x)\ny = g(x);\nend\n")
    foreign.m("twice", "function y = twice(x)\ny = 2 * x;\nend\n")
    foreign.py("f", "def f(g, x):\n    return g(x)\n")
    foreign.py("twice", "def twice(x):\n    return 2 * x\n")
    foreign.cases("f", "cases = {'handle': (Function('twice'), 2.0)}\n")
    record(foreign.project)
    project, runner = recorded(foreign)
    assert results(runner, project).verdict == "identical"
    foreign.m("twice", "function y = twice(x)\ny = x + x;\nend\n")
    (case,) = results(Runner(project), project).cases
    assert "since the recording, matlab/twice.m changed" in case.problem


def test_a_recording_of_another_engine_is_refused(taped, recorded):
    project, _ = recorded(taped)
    with pytest.raises(RecordingError, match="is of Octave, and the engine is matlab"):
        Runner(replace(project, engine="matlab")).cases(project.pair("f"))


def test_a_pair_that_was_not_recorded_is_an_error(pair, record, recorded):
    project, runner = recorded(pair)
    assert "f is not recorded: there is no" in results(runner, project).problem
    with pytest.raises(RecordingError, match="there are no recordings in"):
        runner.oracle.identity()


def test_a_recording_of_another_pair_is_refused(taped, recorded):
    taped.pair("g", "x", "x")
    folder = taped.project.recordings_folder
    (folder / "g.json").write_bytes((folder / "f.json").read_bytes())
    project, runner = recorded(taped)
    assert "it is that of f, not of g" in results(runner, project, "g").problem


# Other machines


def test_arguments_whose_last_bits_are_others_are_those_that_were_recorded(
    taped, recorded
):  # fmt: skip
    taped.cases("f", CASES.replace("2 * x", "2 * x * (1 + 2.0**-52)"))
    project, runner = recorded(taped)
    one, two, _ = results(runner, project).cases
    assert two.verdict == "identical"
    assert "with the arguments as they were then" in two.verdict_text
    assert one.verdict_text == "identical; recorded"


def test_of_many_numbers_the_last_bits_count_which_is_said(foreign, record, recorded):
    foreign.pair("f", "sum(x)", "np.sum(x)", "{'many': (np.full(9000, 0.1),)}")
    record(foreign.project)
    foreign.cases("f", "cases = {'many': (np.full(9000, 0.1) * (1 + 2.0**-52),)}\n")
    project, runner = recorded(foreign)
    (case,) = results(runner, project).cases
    assert "argument 1 changed, if only in the last bits of numbers" in case.problem


def test_a_number_that_python_made_stays_one(foreign, record, recorded):
    foreign.pair("f", "2 * x", "2 * x if type(x) is float else 0.0", "{'one': (0.1,)}")
    record(foreign.project)
    foreign.cases("f", "cases = {'one': (0.1 + 2.0**-56,)}\n")
    project, runner = recorded(foreign)
    (case,) = results(runner, project).cases
    assert case.verdict == "identical"
    assert "as they were then" in case.verdict_text


# Sizes


def test_outputs_that_are_too_large_are_left_out_and_fail_nothing(pair, record, recorded):
    written = record(pair.project, outputs=4)
    assert set(written.left_out) == {"one", "two"}
    project, runner = recorded(pair)
    found = results(runner, project)
    assert found.agrees
    assert found.verdict == "identical"  # the error's; of the others nothing is said
    assert [bool(case.left_out) for case in found.cases] == [True, True, False]
    assert "its outputs take" in found.cases[0].left_out
    outcome = runner.oracle.outcome(project.pair("f"), Case(np.array([0.3, 0.6, 0.9])))
    assert isinstance(outcome, LeftOutError)


@pytest.mark.parametrize("of", ["one", "*"])
def test_what_is_left_out_is_no_deviation_and_none_that_is_gone(pair, record, recorded, of):
    record(pair.project, outputs=4)
    (pair.root / "cases" / "deviations.toml").write_text(f'[f]\n"{of}" = "it is meant"\n')
    project, runner = recorded(pair)
    found = results(runner, project)
    assert found.agrees
    assert [case.verdict for case in found.cases] == ["untestable", "untestable", "identical"]


def test_a_case_that_is_not_recorded_is_no_deviation(taped, recorded):
    taped.cases("f", CASES.replace("(2 * x,)", "(3 * x,)"))
    (taped.root / "cases" / "deviations.toml").write_text('[f]\ntwo = "it is meant"\n')
    project, runner = recorded(taped)
    assert [case.verdict for case in results(runner, project).cases] == [
        "identical", "error", "identical"
    ]  # fmt: skip


def test_a_pair_of_which_all_is_left_out_is_untestable(foreign, record, recorded):
    foreign.pair("f", "x", "x")
    record(foreign.project, outputs=4)
    project, runner = recorded(foreign)
    assert results(runner, project).verdict == "untestable"


LOOP_M = "function y = f(n)\ny = 0;\nfor k = 1:n\n    y = y + k / 10;\nend\nend\n"
LOOP_PY = (
    "def f(n):\n    y = 0.0\n    for k in range(1, n + 1):\n        y = y + k / 5\n    return y\n"
)


def test_the_largest_traces_go_first_and_a_traced_case_is_explained(foreign, record, recorded):
    foreign.m("f", LOOP_M)
    foreign.py("f", LOOP_PY)
    foreign.cases("f", "cases = {'many': (400,), 'few': (3,)}\n")
    written = record(foreign.project, traces=2000)
    assert (written.cases, written.traces) == (2, 1)
    project, runner = recorded(foreign)
    pair = project.pair("f")
    assert "k / 10" in explained(runner, pair).finding.octave.statement
    assert not runner.oracle.is_traced(pair, Case(400))
    with pytest.raises(OctaveTraceError, match="case 'many' was recorded without a trace: its tra"):
        runner.oracle.trace(pair, Case(400))


def test_without_any_trace_the_report_says_why(foreign, record, recorded):
    foreign.m("f", LOOP_M)
    foreign.py("f", LOOP_PY)
    foreign.cases("f", "cases = {'few': (3,)}\n")
    record(foreign.project, traces=0)
    project, runner = recorded(foreign)
    found = explained(runner, project.pair("f"))
    assert found.finding is None
    assert "recorded without a trace: its trace is too large" in found.note


def others(foreign):
    """Return what is recorded of cases that are like the pair's own."""
    document = json.loads((foreign.project.recordings_folder / "f.json").read_text())
    return [name for name in document["cases"] if name.startswith("[like] ")]


def test_cases_like_the_pairs_own_are_recorded_for_mends(pair, record):
    assert record(pair.project).cases == 3
    assert len(others(pair)) >= 8
    record(pair.project, traces=1000)
    assert 0 < len(others(pair)) < 8  # a quarter of the bytes of the traces is theirs
    record(pair.project, traces=0)
    assert not others(pair)


def test_a_case_in_which_nothing_can_be_changed_has_none_like_it(foreign, record):
    foreign.pair("f", "2 * x", "2 * x", "{'whole': (3.0,)}")
    record(foreign.project)
    assert not others(foreign)


def test_the_same_is_not_written_twice(pair, record):
    first = record(pair.project)
    folder = pair.project.recordings_folder
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    second = record(pair.project)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert second.bytes == sum(map(len, before.values()))


# Files of a stranger


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: file.write_bytes(b"PK" + b"\0" * 100), id="no archive"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:-40]), id="cut"),
        pytest.param(lambda file: file.unlink(), id="gone"),
    ],
)
def test_values_that_are_not_those_of_the_manifest_are_refused(taped, recorded, damage):
    damage(taped.project.recordings_folder / "f.npz")
    project, runner = recorded(taped)
    problem = results(runner, project).problem
    assert "f.npz" in problem
    assert "is not the file that f.json was written with" in problem or "cannot be read" in problem


def _forged(folder, change):
    """Change the values of a recording, and give the manifest their hash."""
    file, manifest = folder / "f.npz", folder / "f.json"
    with np.load(file) as stored:
        arrays = dict(stored)
    tree = json.loads(arrays["tree"].tobytes())
    change(arrays, tree)
    if "tree" in arrays:
        arrays["tree"] = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    np.savez_compressed(file, **arrays)
    document = json.loads(manifest.read_text())
    document["values"] = hash_of(file)
    manifest.write_text(json.dumps(document))


FORGERIES = {
    "no tree": lambda arrays, tree: arrays.pop("tree"),
    "a tree that is a list": lambda arrays, tree: (
        tree.clear(),
        tree.update(values=3, sources=[], cases={}),
    ),
    "no cases": lambda arrays, tree: tree.update(cases={}),
    "cases that are lists": lambda arrays, tree: tree.update(
        cases={name: [] for name in tree["cases"]}
    ),
    "a column of objects' bytes": lambda arrays, tree: arrays.update(f8=np.zeros(3)),
    "no column": lambda arrays, tree: arrays.pop("about"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_file_of_values_is_refused(taped, recorded, forgery):
    _forged(taped.project.recordings_folder, FORGERIES[forgery])
    project, runner = recorded(taped)
    problem = results(runner, project).problem
    assert "f.npz" in problem
    assert "is damaged" in problem or "holds no values of lockstep" in problem


@pytest.mark.parametrize(
    "outputs", [[99], [-1], ["0"], [None], "text", 3, [{}], None], ids=lambda one: json.dumps(one)
)
def test_a_forged_output_is_an_error_of_its_case(taped, recorded, outputs):
    _forged(
        taped.project.recordings_folder,
        lambda arrays, tree: tree["cases"]["one"].update(outputs=outputs),
    )
    project, runner = recorded(taped)
    one, two, _ = results(runner, project).cases
    assert (one.verdict, two.verdict) == ("error", "identical")
    assert "f.npz is damaged" in one.problem


def test_a_forged_trace_is_said(taped, recorded):
    taped.py("f", F_PY + WRONG)

    def change(arrays, tree):
        for case in ("one", "two"):
            tree["cases"][case]["trace"]["nodes"] = [0, 10**9, 0]

    _forged(taped.project.recordings_folder, change)
    project, runner = recorded(taped)
    found = explained(runner, project.pair("f"))
    assert found.finding is None
    assert "f.npz is damaged" in found.note


def test_pickles_are_not_read(taped, recorded):
    folder = taped.project.recordings_folder

    class Trap:
        def __reduce__(self):
            return os.system, ("exit 1",)

    def change(arrays, tree):
        arrays["f8"] = np.array([Trap()], dtype=object)

    _forged(folder, change)
    project, runner = recorded(taped)
    assert "Object arrays cannot be loaded" in results(runner, project).problem


def test_a_file_that_claims_to_hold_too_much_is_not_read(taped, recorded, monkeypatch):
    monkeypatch.setattr("lockstep.oracles.recorded.MOST_VALUES", 1000)
    project, runner = recorded(taped)
    assert re.search(r"claims to hold [\d,]+ bytes", results(runner, project).problem)


def test_a_path_in_a_file_of_values_leads_nowhere(taped, recorded):
    taped.py("f", F_PY + WRONG)

    def change(arrays, tree):
        for source in tree["sources"]:
            source["files"] = dict.fromkeys(source["files"], "../../../etc/passwd")

    _forged(taped.project.recordings_folder, change)
    project, runner = recorded(taped)
    assert (
        "there is no file ../../../etc/passwd in the project"
        in explained(runner, project.pair("f")).note
    )


def test_a_recording_that_nobody_would_read_is_not_written(pair, record, monkeypatch):
    monkeypatch.setattr("lockstep.oracles.recorder.MOST_VALUES", 100)
    with pytest.raises(AssertionError, match=r"of f would take .* keep less with --outputs"):
        record(pair.project)
    assert not pair.project.recordings_folder.exists()


# The oracle


def test_what_a_caller_does_to_an_output_is_not_seen_by_the_next(taped, recorded):
    project, runner = recorded(taped)
    first, second = (
        runner.oracle.outcome(project.pair("f"), Case(np.array([0.3, 0.6, 0.9]))).outputs[0]
        for _ in range(2)
    )
    first[...] = 0
    assert second != 0


def test_a_call_that_was_not_recorded_says_what_was(taped, recorded):
    project, runner = recorded(taped)
    outcome = runner.oracle.outcome(project.pair("f"), Case(5.0))
    assert isinstance(outcome, NotRecordedError)
    assert "no such call of f; it has: 'one', 'two', 'negative'" in str(outcome)


def test_there_is_no_live_session(taped, recorded):
    _, runner = recorded(taped)
    with pytest.raises(ProjectError, match="there is no live Octave"):
        _ = runner.octave


def test_it_says_which_engine_gave_the_values(taped, recorded):
    _, runner = recorded(taped)
    identity = runner.oracle.identity()
    assert identity.name == "Octave"
    assert re.match(r"\d+\.\d+", identity.version)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", identity.recorded)


def test_other_files_beside_the_recordings_do_not_matter(taped, recorded):
    (taped.project.recordings_folder / "package.json").write_text("{}")
    _, runner = recorded(taped)
    assert runner.oracle.identity().recorded


def test_no_port_is_needed_to_record(foreign, record):
    foreign.m("f", "function y = f(x)\ny = 2 * x;\nend\n")
    foreign.cases("f", "cases = {'one': (1.0,)}\n")
    assert record(foreign.project).cases == 1


# The command, and the fixture's calls


def test_the_command_records_and_runs_without_octave(pair, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(pair.root)
    pair.py("f", F_PY + WRONG)
    assert main(["record", *pair.options]) == 0
    out = capsys.readouterr().out
    assert re.search(r"(?m)^f +3 +3 +\d+ KB$", out)
    assert re.search(r"(?m)^[\d.]+ MB in all$", out)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)
    found = tmp_path / "found.json"
    recorded = [*pair.options, "--oracle", "recorded", "--in-process"]
    assert main(["run", *recorded, "--json", str(found)]) == 1
    out = capsys.readouterr().out
    assert re.match(r"recorded on \d{4}-\d\d-\d\d: Octave \d.* against Python", out)
    assert re.search(r"verdict +recorded +Python", out)
    assert "f, case 'one': different; recorded" in out
    assert "1 pair, 3 cases, recorded: 1 identical, 0 rounding, 2 different" in out
    assert "helper.m, line 2" in out
    assert json.loads(found.read_text())["oracle"] == "recorded"
    assert main(["mend", "f", *recorded]) == 0
    mend = capsys.readouterr()
    assert "-    z = np.exp(x) - 1\n+" in mend.out
    assert "Octave's values are recorded ones" in mend.err
    assert main(["trace", "f", *recorded]) == 1
    out = capsys.readouterr().out
    assert out.startswith("f, case 'one', recorded\n")
    assert "np.exp(x) - 1" in out


def test_without_octave_auto_takes_the_recording(taped, tmp_path, monkeypatch):
    taped.settings('octave = "matlab"\nport = "port"\ncases = "cases"\noracle = "auto"\n')
    assert not is_recorded(taped.project)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)
    assert is_recorded(taped.project)
    assert not is_recorded(replace(taped.project, oracle="live"))


def test_where_octave_is_lacking_the_recordings_are_mentioned(taped, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)
    (failure,) = Engine(replace(taped.project, oracle="live"), 5.0, nobody).answer(GetMachine())
    assert failure.text.endswith("recordings: --oracle recorded uses them")


def test_what_is_left_out_is_listed_and_strict_fails(pair, record, monkeypatch, capsys):
    record(pair.project, outputs=4)
    monkeypatch.chdir(pair.root)
    options = ["run", *pair.options, "--oracle", "recorded", "--in-process"]
    assert main(options) == 0
    out = capsys.readouterr().out
    assert "2 cases left out of the recording" in out
    assert "not compared, f, case 'one': left out of the recording: its outputs take" in out
    assert main([*options, "--strict"]) == 1


def test_a_case_that_octave_does_not_survive_is_not_recorded(foreign, monkeypatch, capsys):
    foreign.pair("f", "x; if x > 1, exit(1); end", "x", "{'good': (1.0,), 'bad': (2.0,)}")
    monkeypatch.chdir(foreign.root)
    assert main(["record", *foreign.options]) == 1
    out = capsys.readouterr().out
    assert "case 'bad' is not recorded: the Octave process ended in the call" in out
    assert re.search(r"(?m)^f +1 +1 ", out)
    assert main(["run", *foreign.options, "--oracle", "recorded", "--in-process"]) == 1
    assert "the recording has no case 'bad'" in capsys.readouterr().out


class DyingEngine(contextlib.AbstractContextManager):
    """Stands in for a supervisor whose engine dies when it traces `slow`, and always in `bad`."""

    def __init__(self, *_):
        self.held = []

    def __exit__(self, *_):  # noqa: D105
        pass

    def machine(self):
        """Say nothing."""

    def listing(self, pair):
        """Return four cases."""
        return dict.fromkeys(("good", "slow", "bad", "last"))

    def record_case(self, pair, case, limits, untraced):
        """Hold a case, or die."""
        if case == "bad" or (case == "slow" and not untraced):
            self.held.clear()
            raise EngineError(f"{case} ended it", Phase.EXPLAIN if case == "slow" else Phase.OCTAVE)
        self.held.append(case)

    def write_recording(self, pair):
        """Say what was written: all that does not kill."""
        assert self.held == ["good", "slow", "last"]
        return Written(3, 2, 1024)


def test_what_an_engine_that_dies_had_recorded_is_recorded_again(pair, monkeypatch, capsys):
    monkeypatch.setattr("lockstep.record_command.Supervisor", DyingEngine)
    assert not record_pairs(pair.project, ["f"], Limits(), None, Progress(io.StringIO()))
    out = capsys.readouterr().out
    assert re.search(r"(?m)^f +3 +2 +1 KB$", out)
    assert "case 'bad' is not recorded: bad ended it" in out
    assert "slow ended it" not in out


def test_a_case_can_be_recorded_without_its_trace(pair, record):
    assert record(pair.project, untraced="it takes too long").traces == 0
    manifest = read_manifest(pair.project.recordings_folder / "f.json", "f")
    assert manifest.cases["one"].untraced == "it takes too long"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("nothing", "no pair 'nothing'", id="unknown"),
        pytest.param("g", "g has no cases: write", id="without cases"),
    ],
)
def test_a_name_that_cannot_be_recorded_is_said(pair, monkeypatch, capsys, name, said):
    pair.m("g", "function g()\nend\n")
    monkeypatch.chdir(pair.root)
    assert main(["record", *pair.options, name]) == 2
    assert said in capsys.readouterr().err


def test_recordings_stand_where_the_settings_say(pair, record):
    assert pair.project.recordings_folder == pair.root / "recordings"
    pair.settings(
        'octave = "matlab"\nport = "port"\ncases = "cases"\nrecordings = "kept"\n'
        'oracle = "recorded"\n'
    )
    project = pair.project
    assert (project.recordings_folder, project.oracle) == (pair.root / "kept", "recorded")
    pair.settings('octave = "matlab"\nport = "port"\noracle = "taped"\n')
    with pytest.raises(ProjectError, match="must be 'live' or 'recorded' or 'auto', not 'taped'"):
        _ = pair.project


def test_the_calls_of_tests_stay_until_a_file_changes(pair, record, shared_runner):
    keeper = CallKeeper(shared_runner(pair.project))
    keeper.keep(pair.project.pair("f"), Case(0.5))
    keeper.write()
    assert record(pair.project).dropped == 0
    manifest = read_manifest(pair.project.recordings_folder / "f.json", "f")
    assert [name for name in manifest.cases if name.startswith("[call] ")]
    pair.m("f", F_M + "% more\n")
    assert record(pair.project).dropped == 1


def test_recorded_values_cannot_be_recorded(taped, recorded):
    _, runner = recorded(taped)
    with pytest.raises(ProjectError, match="a recording is made of a live engine"):
        CallKeeper(runner)


def test_the_fixture_reads_recordings_in_a_notebook_too(taped, recorded):
    project, _ = recorded(taped)
    with Checker(project) as checker:
        result = checker.check("f", np.array([0.3, 0.6, 0.9]))
    assert result.verdict_text == "identical; recorded"


def test_the_reports_of_a_notebook_say_that_they_are_of_recordings(taped, recorded):
    taped.py("f", F_PY + WRONG)
    project, _ = recorded(taped)
    said = str(calling.run("f", project=project))
    assert re.search(r"verdict +recorded +Python", said)
    assert "f, case 'one': different; recorded" in said
    assert calling.trace("f", project=project).text.startswith("Octave's values are recorded ones")


def test_an_oracle_of_no_recordings_names_the_command(tmp_path, foreign):
    foreign.pair("f", "x", "x")
    oracle = RecordedOracle(tmp_path, foreign.project.m_files, "octave")
    with pytest.raises(RecordingError, match="make them where Octave is: lockstep record"):
        oracle.identity()


def test_the_archive_is_an_ordinary_one(taped):
    with zipfile.ZipFile(taped.project.recordings_folder / "f.npz") as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
        assert not archive.testzip()
