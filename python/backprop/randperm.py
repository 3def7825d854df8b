"""Octave's randperm: the same random permutations, from the stream of `rand`."""

import numpy as np

from backprop._octave import as_scalar, is_real_number, numel
from backprop.rand import rand


def randperm(n, m=None):
    """Random permutation of 1, ..., n, or its first m numbers.

    Parameters
    ----------
    n : int
        How many numbers to permute, >= 0.
    m : int, optional
        How many of them to return, from 0 to `n`; all by default.

    Returns
    -------
    ndarray of float64, shape (m,)
        Different whole numbers from 1 to `n`.

    Raises
    ------
    ValueError
        If `n` or `m` is not as said above.

    Notes
    -----
    Octave's algorithm: of the numbers in order, that at place i changes places with one that is
    drawn from those at place i and after it, for the first m places. It draws m numbers from the
    stream of `rand`, which also seeds it.

    Examples
    --------
    >>> rand("twister", 42)
    >>> randperm(5)
    array([4., 2., 3., 1., 5.])
    """
    # Check
    if not _is_whole(n):
        raise ValueError("randperm: n must be a whole number >= 0")
    n = int(as_scalar(n))
    m = n if m is None else m
    if not _is_whole(m) or as_scalar(m) > n:
        raise ValueError(f"randperm: m must be a whole number from 0 to n = {n}")
    m = int(as_scalar(m))

    # Draw
    u = rand(m, 1)[:, 0]
    k = [i + int(np.floor(u[i] * (n - i))) for i in range(m)]

    # Swap
    moved = {}  # place: the number there, where it is no longer the one that started there
    p = np.zeros(m)
    for i in range(m):
        p[i] = 1 + moved.get(k[i], k[i])
        moved[k[i]] = moved.get(i, i)

    return p


def _is_whole(n):
    return bool(is_real_number(n) and numel(n) == 1 and np.isfinite(n) and n >= 0 and n % 1 == 0)
