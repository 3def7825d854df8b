"""A small process that outlives us and ends what we leave behind, however we end.

A process that is killed cannot end what it started, and Octave may be too busy to notice that its
terminal is gone. So the first Octave, or engine, of a process brings a guardian, which waits for
the end of a pipe, kills the process groups it was told of, and removes the folders. A process that
left its group is known by a mark in its environment. This module is also the guardian's program,
and may import the standard library only.
"""

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

MARK = "LOCKSTEP_ENGINE"
"""The variable that an engine gives to whatever it starts; each has its own value."""

TICK = 1.0
"""Seconds between two looks at whether the parent lives, should a child of its hold the pipe."""


class Guardian:
    """Our end of the pipe to a guardian; use `guardian`, which makes one for each process."""

    def __init__(self) -> None:
        theirs, self._pipe = os.pipe()
        program = [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(theirs)]
        self._owner = os.getpid()
        try:
            self._popen = subprocess.Popen(
                program,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs],
                start_new_session=True,
                env={name: value for name, value in os.environ.items() if name != MARK},
            )
        finally:
            os.close(theirs)
        atexit.register(self._dismiss)

    def watch(
        self, group: int | None = None, folder: str | None = None, mark: str | None = None
    ) -> None:
        """Have processes killed, or a folder removed, when this process is gone."""
        self._tell(["+", group, folder, mark])

    def forget(
        self, group: int | None = None, folder: str | None = None, mark: str | None = None
    ) -> None:
        """Take back what `watch` was told."""
        self._tell(["-", group, folder, mark])

    def _tell(self, words: list[object]) -> None:
        if os.getpid() == self._owner:  # not in a process that was forked off
            with contextlib.suppress(OSError):
                os.write(self._pipe, f"{json.dumps(words)}\n".encode())

    def _dismiss(self) -> None:
        if os.getpid() == self._owner:
            os.close(self._pipe)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(2 * TICK)


@cache
def guardian() -> Guardian:
    """Return the guardian of this process."""
    return Guardian()


def kill_marked(mark: str) -> None:
    """Kill the processes that an engine has left, wherever they went, where the system tells."""
    value = f"{MARK}={mark}\0".encode()
    for file in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if value in file.read_bytes():
                os.kill(int(file.parent.name), signal.SIGKILL)


def _guard(parent: int, pipe: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: set[tuple[int | None, str | None, str | None]] = set()
    data = b""
    while os.getppid() == parent:
        if not select.select([pipe], [], [], TICK)[0]:
            continue
        chunk = os.read(pipe, 1 << 16)
        if not chunk:
            break
        *lines, data = (data + chunk).split(b"\n")
        for line in lines:
            sign, group, folder, mark = json.loads(line)
            (watched.add if sign == "+" else watched.discard)((group, folder, mark))
    for group, _, mark in watched:
        if group is not None:
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)
        if mark is not None:
            kill_marked(mark)
    for _, folder, _ in watched:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _guard(int(sys.argv[1]), int(sys.argv[2]))
