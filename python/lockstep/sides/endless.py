"""Least squares with NaN, which LAPACK goes on with for ever, is an error.

No alarm reaches into a library: what is not stopped before is not stopped. Imports NumPy only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

_KERNELS: Any = getattr(np.linalg, "_umath_linalg", None)
"""Where `numpy.linalg.lstsq`, and what calls it, finds what does the work."""


@contextmanager
def only_finite_least_squares() -> Iterator[None]:
    """Raise a `LinAlgError` where least squares are asked for of numbers that are not finite."""
    plain = getattr(_KERNELS, "lstsq", None)
    if plain is None:
        yield
        return

    def lstsq(*args: Any, **kwargs: Any) -> Any:
        if not all(np.isfinite(one).all() for one in args[:2]):
            raise np.linalg.LinAlgError("least squares of numbers that are not finite")
        return plain(*args, **kwargs)

    _KERNELS.lstsq = lstsq
    try:
        yield
    finally:
        _KERNELS.lstsq = plain
