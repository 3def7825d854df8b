"""One line on a terminal that says which case is running; nothing elsewhere.

May import the standard library only.
"""

from typing import TextIO

ERASE_LINE = "\r\x1b[K"


class Progress:
    """Writes over one line again and again.

    Parameters
    ----------
    stream : TextIO
        Where; nothing is written unless it is a terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()

    def of(self, pair: str) -> "PairProgress":
        """Return what a run of one pair calls before each case."""
        return PairProgress(self, pair)

    def show(self, text: str) -> None:
        """Write a line in place of the one before."""
        if self._shown:
            print(f"{ERASE_LINE}{text}", end="", file=self._stream, flush=True)

    def clear(self) -> None:
        """Remove the line."""
        self.show("")


class PairProgress:
    """Names the case of one pair that is running."""

    def __init__(self, progress: Progress, pair: str) -> None:
        self._progress = progress
        self._pair = pair

    def __call__(self, done: int, total: int, case: str) -> None:
        """Say that a case begins."""
        self._progress.show(f"{self._pair}: case {done} of {total}, {case}")
