"""Limits of time and memory for Python code that this process runs itself: a port with a change.

May import `model` and `endless`.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from lockstep.model.errors import RunawayError
from lockstep.sides.endless import only_finite_decompositions

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

AGAIN = 0.05
"""Seconds after which the alarm rings again: a bare ``except`` may have caught it, or the package's
own code was at work, which is left to put in order what it has to."""

_PACKAGE = str(Path(__file__).parents[1])

MEMORY = 2 * 2**30
"""Bytes that the block may take beyond what the process has already."""

_SIZES = Path("/proc/self/statm")


@contextmanager
def within(seconds: float, memory: int | None = MEMORY) -> Iterator[None]:
    """Stop the block with a `RunawayError` after some seconds, or a `MemoryError` beyond a size.

    Only the main thread can be stopped, and only where the system has ``SIGALRM``; the size is
    limited on Linux alone. Elsewhere the block runs to its end. An alarm that was set before rings
    when the block has ended.

    Parameters
    ----------
    seconds : float
        How long.
    memory : int or None
        Bytes beyond what the process has; None for no limit.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    is_running = True

    def ring(number: int, frame: FrameType | None) -> None:
        if is_running and _is_others(frame):
            raise RunawayError(f"it went on for {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    with _within(memory), only_finite_decompositions():
        begin = time.monotonic()
        left, again = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6), AGAIN)
        try:
            try:
                yield
            finally:
                is_running = False
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if left:
                rest = max(left - (time.monotonic() - begin), 1e-6)
                signal.setitimer(signal.ITIMER_REAL, rest, again)


@contextmanager
def _within(memory: int | None) -> Iterator[None]:
    """Let the process grow by no more than some bytes."""
    if memory is None or resource is None or not _SIZES.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    size = int(_SIZES.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") + memory
    limits = [one for one in (soft, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([size, *limits]), hard))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _is_others(frame: FrameType | None) -> bool:
    """Whether what runs is others' code, and not the package's, nor a context manager's end."""
    is_others = False
    while frame is not None and not frame.f_code.co_filename.startswith(_PACKAGE):
        if frame.f_code.co_name in ("__enter__", "__exit__"):
            return False
        is_others, frame = True, frame.f_back
    return is_others
