"""Sparse matrices that look at their indices: what a change made of them may be anything.

SciPy takes the three arrays of a compressed matrix as they are, and reads, and writes, memory where
they say. Imports nothing of the package.
"""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

COMPRESSED = "csr_matrix", "bsr_matrix"
"""Classes of `scipy.sparse` whose bases hold all that checks three arrays."""


@contextmanager
def checked_indices() -> Iterator[None]:
    """Let a sparse matrix raise ValueError where an index is beyond its shape."""
    sparse = sys.modules.get("scipy.sparse")
    kinds = [getattr(sparse, name) for name in COMPRESSED] if sparse is not None else []
    bases = {base for kind in kinds for base in kind.__mro__ if "check_format" in vars(base)}
    before = {base: vars(base)["check_format"] for base in bases}
    try:
        for base, check in before.items():
            base.check_format = _in_full(check)
        yield
    finally:
        for base, check in before.items():
            base.check_format = check


def _in_full(check: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(check)
    def checked(self: Any, full_check: bool = True) -> None:
        check(self, True)

    return checked
