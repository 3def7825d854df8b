"""One run of the command over a project full of trouble; each test looks at one pair of it."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 2
"""The limit of the runs: what hangs costs as much."""


@pytest.fixture(scope="session")
def processes_with():
    """List the processes whose environment has a text; zombies have none."""

    def found(text):
        pids = []
        for file in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if text.encode() in file.read_bytes():
                    pids.append(int(file.parent.name))
        return pids

    return found


class Ran:
    """What one run of the command gave."""

    def __init__(self, root, process, out, err):
        self.root, self.status, self.out, self.err = root, process.returncode, out, err

    def verdict(self, pair):
        """Return the verdict that the table has for a pair."""
        (line,) = [line for line in self.out.splitlines() if line.split()[:1] == [pair]]
        return line.split()[2]

    def report(self, pair):
        """Return all that is said about a pair."""
        texts = self.out.split("\n\n") + self.out.splitlines()
        return "\n".join(text for text in texts if text.startswith(pair))


def run_command(root, *arguments, env=None, seconds=120, **options):
    """Run the command and return what it gave; kill it, and fail, where it does not end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lockstep", *arguments],
        cwd=root,
        env={**os.environ, **(env or {})},
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        **options,
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ran(root, process, out or "", err)


@pytest.fixture(scope="session")
def ran():
    """Run the command in a folder: ``ran(root, *arguments)``."""
    return run_command


@pytest.fixture(scope="module")
def troubled(request, foreign_in, tmp_path_factory):
    """Run the command once over the pairs of the module's `PAIRS`, with one that is right.

    `PAIRS` has, for each name, an .m text or None (y = x), and a port or None (return x).
    """
    project = foreign_in(tmp_path_factory.mktemp("troubled"))
    project.settings()
    for name, (octave, python) in {**request.module.PAIRS, "zz_right": (None, None)}.items():
        project.pair(name, "x", "x")
        if octave is not None:
            project.m(name, octave)
        if python is not None:
            project.py(name, python)
    temporary = tmp_path_factory.mktemp("temporary")
    found = run_command(
        project.root, "run", "--timeout", str(SECONDS), env={"TMPDIR": str(temporary)}
    )
    found.temporary = temporary
    return found
