"""A limit of time for Python code that this process runs itself, such as a port with a change.

May import `model`.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lockstep.model.errors import RunawayError

AGAIN = 0.1
"""Seconds after which the alarm rings again, where a bare ``except`` has caught it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop the block with a `RunawayError` after some seconds.

    Only the main thread can be stopped, and only where the system has ``SIGALRM``; elsewhere the
    block runs to its end.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    is_running = True

    def ring(number: int, frame: FrameType | None) -> None:
        if is_running:
            raise RunawayError(f"it went on for {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6), AGAIN)
    try:
        try:
            yield
        finally:
            is_running = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
