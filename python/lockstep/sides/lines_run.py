"""Which lines of a file run. Imports nothing of the package."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def lines_run(file: str) -> Iterator[set[int]]:
    """Collect the lines of a file that this thread runs in the block.

    Parameters
    ----------
    file : str
        As its code names it.

    Yields
    ------
    set of int
        To which they are added.
    """
    found: set[int] = set()

    def ran(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            found.add(frame.f_lineno)
        return ran

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        return ran if frame.f_code.co_filename == file else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield found
    finally:
        sys.settrace(before)
