"""Silence for libraries that write to standard error by themselves, past Python.

LAPACK complains there of NaN, which a port with a change may well hand to it. Imports the standard
library only.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STANDARD_ERROR = 2


@contextmanager
def silent_libraries() -> Iterator[None]:
    """Let nothing be seen that is written to the descriptor of standard error."""
    try:
        kept = os.dup(STANDARD_ERROR)
    except OSError:  # it is closed
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        with suppress(AttributeError, OSError, ValueError):
            sys.stderr.flush()
        os.dup2(nothing, STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, STANDARD_ERROR)
        os.close(kept)
        os.close(nothing)
