"""Where the report goes: a terminal that knows ASCII only, is gone, or wants no colours."""

import os
import signal
import sys

import pexpect
import pytest

from lockstep.reports import progress


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
    assert progress.ERASE_LINE in shown


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
