"""Least squares and singular values of NaN, which LAPACK may go on with for ever, are errors.

No alarm reaches into a library: what is not stopped before is not stopped. Imports NumPy only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

_KERNELS: Any = getattr(np.linalg, "_umath_linalg", None)
"""Where the functions of `numpy.linalg`, and what calls them, find what does the work."""

_NAMES = "lstsq", "svd"
"""How the kernels are called that do not end, or begin to be called."""


def _of_finite(kernel: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*args: Any, **kwargs: Any) -> Any:
        if not all(np.isfinite(one).all() for one in args[:2] if isinstance(one, np.ndarray)):
            raise np.linalg.LinAlgError(f"{kernel.__name__} of numbers that are not finite")
        return kernel(*args, **kwargs)

    return checked


_CHECKED = {
    name: _of_finite(getattr(_KERNELS, name)) for name in dir(_KERNELS) if name.startswith(_NAMES)
}
"""These kernels, each with a check before it."""


@contextmanager
def only_finite_decompositions() -> Iterator[None]:
    """Raise a `LinAlgError` where LAPACK is given numbers that are not finite, and may not end."""
    before = {name: getattr(_KERNELS, name) for name in _CHECKED}
    for name, kernel in _CHECKED.items():
        setattr(_KERNELS, name, kernel)
    try:
        yield
    finally:
        for name, kernel in before.items():
            setattr(_KERNELS, name, kernel)
