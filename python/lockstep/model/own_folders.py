"""Temporary folders that tell whose they are, so that what a dead run left is removed.

A process that is killed cannot remove its folders; the next run does. A folder's name holds the
process that owns it: its id, the time at which it started, and the namespace that numbers it (a
container's processes are not ours to judge). May import the standard library only.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PREFIX = "lockstep_"

_NAME = re.compile(PREFIX + r"(?P<space>\d+)_(?P<pid>\d+)_(?P<start>\d+)_")


def make_folder() -> Path:
    """Make a folder that belongs to this process; the first time, remove those of dead ones.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    sweep_once()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{_namespace()}_{os.getpid()}_{_own_start()}_"))


@contextlib.contextmanager
def temporary_folder() -> Iterator[str]:
    """Make a folder that belongs to this process, and remove it in the end."""
    folder = make_folder()
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def sweep_once() -> None:
    """Remove, once in the life of this process, the folders of processes that are dead."""
    sweep()


def sweep() -> None:
    """Remove the folders of processes of this user that are dead."""
    with contextlib.suppress(OSError):
        for folder in list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
            if _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    found = _NAME.match(folder.name)
    if found is None or found["space"] != _namespace():
        return False
    with contextlib.suppress(OSError):
        if folder.lstat().st_uid == os.getuid():
            return started(int(found["pid"])) != int(found["start"])
    return False


def started(pid: int) -> int | None:
    """Return when a process started, in ticks since the boot; None where it is dead.

    Where the system does not tell, a process that lives started at 0.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return _started_unknown(pid)
    return None if fields[0] in ("Z", "X") else int(fields[19])


def _started_unknown(pid: int) -> int | None:
    if Path("/proc/self/stat").exists():
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    return 0


def _own_start() -> int:
    return started(os.getpid()) or 0


@cache
def _namespace() -> str:
    try:
        return re.sub(r"\D", "", str(Path("/proc/self/ns/pid").readlink())) or "0"
    except OSError:
        return "0"
