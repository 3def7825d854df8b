"""A run that is killed: nothing is left by the end of the next one."""

import os
import signal
import subprocess
import sys

import pytest

SLOW_OCTAVE = "touch = fopen('started', 'w'); fclose(touch); system('sleep 323'); y = x"
SLOW_PORT = """
import subprocess
def slow(x):
    with subprocess.Popen(['sleep', '323']) as child:
        try:
            open('started', 'w').close()
            child.wait()
        finally:
            child.kill()
"""
"""It has started once its child has: one that an interrupt left would hold the run's output."""
COMMANDS = {
    "run": ["-m", "lockstep", "run"],
    "in process": ["-m", "lockstep", "run", "--in-process"],
    "pytest": ["-m", "pytest", "-p", "no:cacheprovider"],
}


@pytest.fixture
def slow(foreign, tmp_path):
    """Start a command in a project that hangs on one side; returns when it does."""
    foreign.settings()
    foreign.pair("right", "x", "x")
    foreign.pair("slow", "x", "x")
    foreign.temporary = tmp_path / "temporary"
    foreign.temporary.mkdir()
    started = []

    def begun(command, side, wait_until):
        if side == "octave":
            foreign.m("slow", f"function y = slow(x)\n{SLOW_OCTAVE};\nend\n")
        else:
            foreign.py("slow", SLOW_PORT)
        process = subprocess.Popen(
            [sys.executable, *COMMANDS[command]],
            cwd=foreign.root,
            env={**os.environ, "TMPDIR": str(foreign.temporary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        wait_until((foreign.root / "started").exists)
        return process

    yield begun
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize(
    ("command", "side", "number", "status"),
    [
        ("run", "octave", signal.SIGKILL, -9),
        ("run", "port", signal.SIGKILL, -9),
        ("run", "octave", signal.SIGHUP, 129),
        ("run", "port", signal.SIGTERM, 143),
        ("run", "port", signal.SIGINT, 130),
        ("in process", "port", signal.SIGTERM, 143),
        ("in process", "port", signal.SIGINT, 130),
        ("in process", "octave", signal.SIGTERM, 143),
        ("in process", "octave", signal.SIGINT, 130),
        ("pytest", "octave", signal.SIGKILL, -9),
        ("pytest", "port", signal.SIGTERM, -15),
        ("pytest", "octave", signal.SIGHUP, -1),
        ("pytest", "port", signal.SIGINT, 2),
    ],
)
def test_nothing_is_left(
    slow, foreign, ran, wait_until, processes_with, command, side, number, status
):
    process = slow(command, side, wait_until)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == status, out
    assert "Traceback" not in out
    environment = {"TMPDIR": str(foreign.temporary)}
    marker = f"TMPDIR={foreign.temporary}"
    if side == "octave":
        wait_until(lambda: not processes_with(marker))
    assert ran(foreign.root, "run", "right", env=environment).status == 0
    assert list(foreign.temporary.iterdir()) == []
    wait_until(lambda: not processes_with(marker))


def test_an_interrupt_while_it_is_imported_is_told(tmp_path, ran):
    (tmp_path / "rich.py").write_text("raise KeyboardInterrupt\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    found = ran(tmp_path, "run", env={"PYTHONPATH": path})
    assert (found.status, found.out, found.err) == (130, "", "\nlockstep: interrupted\n")
