"""Silence for a port with a change: what it warns of is no news of the port.

LAPACK writes to standard error by itself, past Python: it complains there of NaN, which a port with
a change may well hand to it. Imports nothing of the package.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np

STANDARD_ERROR = 2


@contextmanager
def quiet() -> Iterator[None]:
    """Let nothing be seen of what Python, NumPy and libraries warn of."""
    with silent_libraries(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


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
