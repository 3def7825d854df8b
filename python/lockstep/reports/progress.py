"""One line on a terminal that says which case is running, and how long; nothing elsewhere.

May import the standard library only.
"""

import shutil
import time
from collections.abc import Callable
from typing import TextIO

ERASE_LINE = "\r\x1b[K"

LEAST_SECONDS = 2.0
"""Time left that is worth being told."""


class Progress:
    """Writes over one line again and again.

    Parameters
    ----------
    stream : TextIO
        Where; nothing is written unless it is a terminal.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self._clock = clock

    def of(self, pair: str) -> "PairProgress":
        """Return what a run of one pair calls before each case."""
        return PairProgress(self, pair, self._clock)

    def show(self, text: str) -> None:
        """Write a line in place of the one before, cut to one line of the terminal."""
        if self._shown:
            width = shutil.get_terminal_size().columns
            text = text if len(text) < width else f"{text[: width - 2]}~"
            print(f"{ERASE_LINE}{text}", end="", file=self._stream, flush=True)

    def clear(self) -> None:
        """Remove the line."""
        self.show("")


class PairProgress:
    """Names the case of one pair that is running, and says how long the rest will take."""

    def __init__(self, progress: Progress, pair: str, clock: Callable[[], float]) -> None:
        self._progress = progress
        self._pair = pair
        self._clock = clock
        self._start = clock()

    def __call__(self, done: int, total: int, case: str) -> None:
        """Say that a case begins."""
        left = self._left(done - 1, total)
        self._progress.show(f"{self._pair}: case {done} of {total}{left}, {case}")

    def _left(self, done: int, total: int) -> str:
        """Say how long it takes if the other cases take as long as those that are done."""
        if not done:
            return ""
        seconds = (self._clock() - self._start) / done * (total - done)
        return f", about {seconds:.0f} s left" if seconds >= LEAST_SECONDS else ""
