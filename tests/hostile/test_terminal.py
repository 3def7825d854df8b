"""Where the report goes: a terminal that knows ASCII only, is gone, or wants no colours."""

import json
import os
import signal
import subprocess
import sys

import pexpect
import pytest

ERASED = "\r\x1b[2K"
"""What is written before a bar is drawn anew."""


@pytest.fixture
def project(foreign):
    foreign.settings()
    foreign.pair("right", "x", "x")
    foreign.pair("wrong", "x", "'é\\udc80'", cases="{'ünïcode \\udc80': (1.0,)}")
    return foreign


def on_terminal(root, *arguments, env=None, until=pexpect.EOF):
    """Run the command on a terminal, which is closed then; return what it showed, and the child."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "lockstep", *arguments],
        cwd=root,
        env={**os.environ, "TERM": "xterm", **(env or {})},
        encoding="utf-8",
        timeout=60,
    )
    child.expect(until)
    shown = child.before
    os.close(child.child_fd)
    return shown, os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])


def test_characters_that_the_terminal_cannot_show_are_escaped(project, ran):
    found = ran(project.root, "run", env={"PYTHONIOENCODING": "ascii"})
    assert (found.status, found.err) == (1, "")
    assert "wrong, case '\\xfcn\\xefcode \\udc80': different" in found.out
    assert found.out.isascii()


@pytest.mark.parametrize(
    ("value", "coloured"),
    [("", True), ("1", False)],
)
def test_no_color_is_respected(project, value, coloured):
    shown, status = on_terminal(project.root, "run", "right", env={"NO_COLOR": value})
    assert status == 0
    assert ("\x1b[32m" in shown) == coloured
    assert ERASED in shown


def test_progress_can_be_left_out(project):
    shown, status = on_terminal(project.root, "run", "right", "--no-progress")
    assert status == 0
    assert "\x1b[32m" in shown
    assert ERASED not in shown


HOSTILE = "a\x1b[2Jb\u202ec\x07"


@pytest.mark.parametrize("where", ["a pipe", "a terminal"])
def test_names_and_values_cannot_write_to_the_terminal(foreign, ran, where):
    foreign.settings()
    foreign.pair("f", "['x' char(27) '[2J']", repr(HOSTILE), cases=f"{{{HOSTILE!r}: (1.0,)}}")
    if where == "a pipe":
        shown = ran(foreign.root, "run", "-v").out
    else:
        shown, _ = on_terminal(foreign.root, "run", "-v", "--no-progress", env={"COLUMNS": "200"})
    assert "\x1b[2J" not in shown
    assert not {"\u202e", "\x07"} & set(shown)
    assert "a\\u001b[2Jb\\u202ec\\u0007" in shown


def test_a_terminal_that_is_closed_ends_the_run(project, wait_until, processes_with, tmp_path):
    project.pair("slow", "x; pause (600)", "x")
    environment = {"TMPDIR": str(tmp_path)}
    _, status = on_terminal(project.root, "run", "slow", env=environment, until="one")
    assert status in (2, 128 + signal.SIGHUP)
    wait_until(lambda: not processes_with(f"TMPDIR={tmp_path}"))
    assert [path for path in tmp_path.iterdir() if path.name.startswith("lockstep_")] == []


def test_a_warning_of_the_port_is_shown_once(foreign, ran):
    foreign.settings()
    foreign.pair("f", "x", "x / np.float64(0) + x", cases="{'one': (1.0,), 'two': (2.0,)}")
    found = ran(foreign.root, "run")
    assert found.status == 1
    assert found.err.count("divide by zero") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_what_is_closed_from_the_start_is_not_written_to(project, ran, closed):
    found = run_in_shell(f"run right --json found.json {closed}", project.root)
    assert (found.returncode, b"Traceback" in found.stderr) == (0, False)
    (pair,) = json.loads((project.root / "found.json").read_text())["pairs"]
    assert [case["verdict"] for case in pair["cases"]] == ["identical"]


def test_an_engine_closes_what_it_opened(project):
    found = run_in_shell("run right", project.root, PYTHONDEVMODE="1")
    assert b"ResourceWarning" not in found.stderr


def run_in_shell(words, folder, before="", **environment):
    """Run the command with what a shell does before, closes or sets for it."""
    command = f"{before} {sys.executable} -m lockstep {words}"
    env = {**os.environ, **environment}
    return subprocess.run(["sh", "-c", command], cwd=folder, env=env, capture_output=True)


def test_a_folder_that_is_gone_is_named(tmp_path):
    found = run_in_shell("run", tmp_path, "mkdir gone && cd gone && rmdir ../gone &&")
    assert found.stderr == b"lockstep: the folder that it was called in is gone\n"
