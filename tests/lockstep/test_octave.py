"""The live Octave session: calls, errors, and an end without a trace, however it comes."""

import signal
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from lockstep.sides.octave import (
    OctaveDiedError,
    OctaveError,
    OctaveNotFoundError,
    OctaveSession,
    find_octave,
)

SECONDS = 30
"""How long a test waits for something that should take one or two."""

FUNCTIONS = {
    "two": "function [a, b] = two()\na = 1; b = nargout;\nend\n",
    "none": "function none()\nend\n",
    "maybe": "function [a, varargout] = maybe()\na = 1;\nend\n",
    "talks": "function talks(text)\nprintf('%s', text);\nend\n",
    "fails": "function fails(n)\nerror('fails:id', 'n is %d', n);\nend\n",
    "fails_within": (
        "function fails_within()\ninner(3);\nend\nfunction inner(n)\nerror('n is %d', n);\nend\n"
    ),
    "sets": "x = 1; t = 'né'; clear z\n",
    "sets_nothing": "1;\n",
    "clears": "clear all; close all; x = 2;\n",
    "fails_as_script": "x = 1;\nerror('script:id', 'no');\n",
    "defines": "1;\nfunction y = twice(x)\ny = 2 * x;\nend\nx = twice(3);\n",
}


@pytest.fixture(scope="module")
def session(octave, tmp_path_factory):
    """Return the Octave of the run, with the functions above."""
    folder = tmp_path_factory.mktemp("m")
    for name, text in FUNCTIONS.items():
        (folder / f"{name}.m").write_text(text)
    octave.eval(f"addpath ('{folder}');")
    yield octave
    octave.eval(f"rmpath ('{folder}');")


# Calls


@pytest.mark.parametrize(
    ("nargout", "outputs"),
    [
        pytest.param(None, [1, 2], id="as many as declared"),
        pytest.param(1, [1], id="one"),
        pytest.param(2, [1, 2], id="two"),
    ],
)
def test_asks_for_outputs(session, nargout, outputs):
    reply = session.call("two", nargout=nargout)
    assert [value.item() for value in reply.outputs] == outputs


def test_nargout_0_asks_for_none(session):
    assert session.call("two", nargout=0).outputs == []


def test_a_function_without_outputs_gives_none(session):
    assert session.call("none").outputs == []


def test_varargout_is_not_asked_for_unless_said(session):
    assert [value.item() for value in session.call("maybe").outputs] == [1]


def test_octaves_own_function_gives_one_output(session):
    assert session.call("max", np.array([1.0, 3.0])).outputs[0].item() == 3


def test_octaves_own_function_gives_as_many_as_asked_for(session):
    outputs = session.call("max", np.array([1.0, 3.0]), nargout=2).outputs
    assert [value.item() for value in outputs] == [3, 2]


def test_a_seed_starts_the_random_numbers_of_octave(session):
    first = session.call("rand", 3.0, seed=42).outputs[0]
    assert np.array_equal(first, session.call("rand", 3.0, seed=42).outputs[0])
    assert np.array_equal(first.ravel("F"), np.random.RandomState([42]).random_sample(9))


@pytest.mark.parametrize("seed", [0, 1, 123456789, 2**32 - 1])
def test_a_seed_gives_numpys_stream(session, seed):
    found = session.call("rand", 1.0, 5.0, seed=seed).outputs[0]
    assert np.array_equal(found.ravel(), np.random.RandomState([seed]).random_sample(5))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("a\nb\n", "a\nb", id="lines"),
        pytest.param("né\n", "né", id="not ASCII"),
        pytest.param("error: a\n", "error: a", id="what looks like an error"),
        pytest.param("octave:1> a\n", "octave:1> a", id="what looks like a prompt"),
        pytest.param("x" * 5000 + "\n", "x" * 5000, id="a line wider than any terminal"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_returns_what_the_call_printed(session, text, printed):
    assert session.call("talks", text).printed == printed


def test_measures_the_time_inside_octave(session):
    assert 0 < session.call("two").seconds < SECONDS


@pytest.mark.parametrize("text", ["né", "Übungen für alle", "😀"])
def test_eval_takes_text_that_is_not_ascii(session, text):
    assert session.eval(f"disp ('{text}')") == text


def test_eval_returns_what_was_printed_and_keeps_the_variables(session):
    session.eval("lockstep_test_x = 2;")
    assert session.eval("disp (lockstep_test_x + 1)") == "3"


# Scripts


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        pytest.param("sets", {"x": 1, "t": "né"}, id="variables"),
        pytest.param("sets_nothing", {}, id="none"),
        pytest.param("clears", {"x": 2}, id="clear all"),
        pytest.param("defines", {"x": 6}, id="function in a script"),
    ],
)
def test_a_script_gives_its_variables(session, name, variables):
    (found,) = session.call(name, script=True).outputs
    plain = {key: value if isinstance(value, str) else value.item() for key, value in found.items()}
    assert plain == variables


def test_a_script_has_a_frame_of_its_own(session):
    session.eval("x = 7;")
    session.call("sets", script=True)
    assert session.eval("disp (x)") == "7"
    assert "x" not in session.call("sets_nothing", script=True).outputs[0]


# Errors


@pytest.mark.parametrize(
    ("name", "args", "message", "identifier", "stack"),
    [
        pytest.param("fails", (3.0,), "n is 3", "fails:id", ["fails line 2"], id="identifier"),
        pytest.param(
            "fails_within",
            (),
            "n is 3",
            "",
            ["fails_within>inner line 5", "fails_within line 2"],
            id="sub-function",
        ),
        pytest.param(
            "str2func",
            (1.0,),
            "str2func: FCN_NAME must be a string",
            "",
            [],
            id="Octave's own function",
        ),
    ],
)
def test_an_error_has_message_identifier_and_stack(session, name, args, message, identifier, stack):
    with pytest.raises(OctaveError) as caught:
        session.call(name, *args)
    error = caught.value
    assert str(error) == error.message
    assert (error.message, error.identifier, error.stack) == (message, identifier, stack)


def test_an_error_of_a_script(session):
    with pytest.raises(OctaveError, match=r"^no$") as caught:
        session.call("fails_as_script", script=True)
    assert caught.value.identifier == "script:id"


def test_an_unknown_function_is_named(session):
    with pytest.raises(OctaveError, match="no_such_function"):
        session.call("no_such_function")


def test_an_error_of_eval_has_its_message(session):
    with pytest.raises(OctaveError, match=r"^n is 3"):
        session.eval("fails (3)")


def test_a_call_after_an_error_works(session):
    with pytest.raises(OctaveError):
        session.call("fails", 3.0)
    assert session.call("two").outputs[0].item() == 1


# Waiting for a person


WAITS = """
from lockstep.sides.octave import OctaveError, OctaveSession
with OctaveSession() as session:
    for text in ("pause", "input ('give: ');", "input ('');", "keyboard"):
        try:
            session.eval(text)
        except OctaveError:
            pass
        print(session.eval(f"disp (3)"), flush=True)
"""


def test_what_waits_for_a_key_does_not_wait_for_ever(start):
    """Scripts of the course say `pause` between their parts."""
    status, out, err = start("-c", WAITS).end(SECONDS)
    assert (status, out) == (0, 4 * "3\n"), err


# Beginning and end


def test_nothing_starts_before_the_first_call(monkeypatch):
    monkeypatch.setattr(tempfile, "mkdtemp", pytest.fail)
    with OctaveSession() as session:
        assert session.pid is None


@pytest.fixture
def folders_made(monkeypatch):
    """Every temporary folder made from now on."""
    made, make = [], tempfile.mkdtemp

    def mkdtemp(*args, **kwargs):
        folder = Path(make(*args, **kwargs))
        made.append(folder)
        return str(folder)

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    return made


def test_the_end_leaves_no_process_and_no_file(folders_made, is_running, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with OctaveSession() as session:
        session.call("version")
        pid = session.pid
        assert is_running(pid)
    assert session.pid is None
    assert not is_running(pid)
    assert folders_made
    assert [folder for folder in folders_made if folder.exists()] == []
    assert list(tmp_path.iterdir()) == []


def test_a_closed_session_can_be_closed_again_and_starts_afresh(session):
    with OctaveSession(session.paths) as other:
        other.call("version")
        other.close()
        other.close()
        assert other.call("seen", 1.0).outputs[0].item() == 1


def test_a_call_that_ends_octave_is_told_and_the_next_one_works(folders_made):
    with OctaveSession() as session:
        session.call("version")
        first = session.pid
        with pytest.raises(OctaveDiedError, match="ended in the call"):
            session.call("exit", nargout=0)
        assert session.pid is None
        assert [folder for folder in folders_made if folder.exists()] == []
        assert session.call("plus", 1.0, 2.0).outputs[0].item() == 3
        assert session.pid != first


def test_two_sessions_at_once_do_not_meet(octave):
    with OctaveSession() as other:
        octave.eval("shared = 1;")
        other.eval("shared = 2;")
        assert other.pid != octave.pid
        assert (octave.eval("disp (shared)"), other.eval("disp (shared)")) == ("1", "2")
    assert octave.eval("disp (shared)") == "1"


def test_a_session_works_in_a_thread(octave):
    found = []
    thread = threading.Thread(
        target=lambda: found.append(octave.call("plus", 1.0, 2.0).outputs[0].item())
    )
    thread.start()
    thread.join(SECONDS)
    assert found == [3]


@pytest.mark.parametrize("name", ['it\'s a "folder"', "für Übungen", "100%\\n"])
def test_any_name_of_a_folder_will_do(tmp_path, monkeypatch, name):
    odd = tmp_path / name
    odd.mkdir()
    (odd / "f.m").write_text("function y = f()\ny = 4;\nend\n")
    monkeypatch.setattr(tempfile, "tempdir", str(odd))  # its temporary files go there too
    with OctaveSession([odd]) as session:
        assert session.call("f").outputs[0].item() == 4


def test_the_first_folder_is_found_first(tmp_path):
    for i in (1, 2):
        (tmp_path / f"{i}").mkdir()
        (tmp_path / f"{i}" / "f.m").write_text(f"function y = f()\ny = {i};\nend\n")
    with OctaveSession([tmp_path / "1", tmp_path / "2"]) as session:
        assert session.call("f").outputs[0].item() == 1


def test_a_clean_run_leaves_nothing(start, is_running):
    code = (
        "from lockstep.sides.octave import OctaveSession\n"
        "session = OctaveSession()\n"
        "session.call('version')\n"
        "print(session.pid)\n"  # never closed: the end of Python must do it
    )
    process = start("-c", code)
    status, out, err = process.end()
    assert (status, err) == (0, "")
    assert not is_running(int(out))
    assert [folder for folder in process.folders_made if folder.exists()] == []


PAUSES = """
from lockstep.sides.octave import OctaveSession
with OctaveSession() as session:
    session.call("version")
    print(session.pid, flush=True)
    session.eval("fclose (fopen ('started', 'w')); pause (600)")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_octave_ends_with_a_python_that_is_stopped_in_a_call(
    start, is_running, wait_until, tmp_path, number
):
    process = start("-c", PAUSES, cwd=tmp_path)
    octave = int(process.popen.stdout.readline())
    wait_until((tmp_path / "started").exists)
    process.popen.send_signal(number)
    status, _, err = process.end(SECONDS)
    assert status == -number
    assert ("KeyboardInterrupt" in err) == (number is signal.SIGINT)
    wait_until(lambda: not is_running(octave))
    wait_until(lambda: not any(folder.exists() for folder in process.folders_made))
    assert not list(tmp_path.glob("octave-workspace*"))


# No Octave


@pytest.fixture
def no_octave(tmp_path, monkeypatch):
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_without_octave_the_way_to_get_it_is_told(no_octave):
    with OctaveSession() as session, pytest.raises(OctaveNotFoundError) as caught:
        session.call("version")
    assert "lockstep doctor --install" in str(caught.value)
    assert session.pid is None


def test_a_named_program_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nonexistent/octave")
    with OctaveSession() as session, pytest.raises(OctaveNotFoundError) as caught:
        session.call("version")
    assert "/nonexistent/octave" in str(caught.value)
    assert "OCTAVE_EXECUTABLE" in str(caught.value)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exit 1", id="it fails"),
        pytest.param("exit 0", id="it says nothing"),
        pytest.param("echo 'Julia 1.0'", id="it is something else"),
    ],
)
def test_a_named_program_that_is_no_octave_is_named(tmp_path, start, script):
    program = tmp_path / "octave"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    code = "from lockstep.sides.octave import OctaveSession\nOctaveSession().call('version')\n"
    status, _, err = start("-c", code, env={"OCTAVE_EXECUTABLE": str(program)}).end(20)
    assert status == 1
    assert err.splitlines()[-1:] != [""]
    assert f"OctaveNotFoundError: {program} does not start as Octave does" in err


@pytest.mark.parametrize(
    ("named", "on_path", "found"),
    [
        pytest.param(None, ["octave-cli", "octave"], "octave-cli", id="octave-cli first"),
        pytest.param(None, ["octave"], "octave", id="octave"),
        pytest.param(None, [], None, id="none"),
        pytest.param("other", ["octave-cli", "other"], "other", id="the named one first"),
        pytest.param("/nonexistent", ["octave-cli"], None, id="only the named one"),
    ],
)
def test_finds_the_program(tmp_path, monkeypatch, named, on_path, found):
    for name in on_path:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("OCTAVE_EXECUTABLE", named or "")
    assert find_octave() == (found and str(tmp_path / found))


def test_octave_runs_a_file_pkg_add_in_a_folder_of_the_project(foreign):
    foreign.m("f", "function y = f (x)\ny = x + str2double (getenv ('OF_PKG_ADD'));\nend\n")
    (foreign.root / "matlab" / "PKG_ADD").write_text("setenv ('OF_PKG_ADD', '7')\n")
    with OctaveSession(foreign.project.octave_path) as session:
        assert session.call("f", 1.0).outputs == [8.0]
