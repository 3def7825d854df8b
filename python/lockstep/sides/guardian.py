"""A small process that outlives us and ends what we leave behind, however we end.

A process that is killed cannot end what it started, and Octave may be too busy to notice that its
terminal is gone. So the first Octave, or engine, of a process brings a guardian, which waits for
the end of a pipe, kills the process groups it was told of, and removes the folders. This module is
also the guardian's program, and may import the standard library only.
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
            )
        finally:
            os.close(theirs)
        atexit.register(self._dismiss)

    def watch(self, group: int | None = None, folder: str | None = None) -> None:
        """Have a process group killed, or a folder removed, when this process is gone."""
        self._tell(["+", group, folder])

    def forget(self, group: int | None = None, folder: str | None = None) -> None:
        """Take back what `watch` was told."""
        self._tell(["-", group, folder])

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


def _guard(parent: int, pipe: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: set[tuple[int | None, str | None]] = set()
    data = b""
    while os.getppid() == parent:
        if not select.select([pipe], [], [], TICK)[0]:
            continue
        chunk = os.read(pipe, 1 << 16)
        if not chunk:
            break
        *lines, data = (data + chunk).split(b"\n")
        for line in lines:
            sign, group, folder = json.loads(line)
            (watched.add if sign == "+" else watched.discard)((group, folder))
    for group, _ in watched:
        if group is not None:
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)
    for _, folder in watched:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _guard(int(sys.argv[1]), int(sys.argv[2]))
