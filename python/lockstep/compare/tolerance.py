"""Tolerances that somebody declared, and that are therefore named wherever they were needed.

May import `leaves` and `verdict`.
"""

from dataclasses import replace

import numpy as np

from lockstep.compare.verdict import LeafResult, Verdict


def tolerated(result: LeafResult, rtol: float | None, atol: float | None) -> LeafResult:
    """Let a leaf agree that differs by no more than was declared.

    Parameters
    ----------
    result : LeafResult
        As it was judged.
    rtol, atol : float or None
        A difference up to ``atol + rtol * abs(octave)`` is agreed to.

    Returns
    -------
    LeafResult
        The same, or one that agrees and says by which tolerance.
    """
    if rtol is None and atol is None:
        return result
    if result.verdict.agrees or result.leaf.mismatch or result.distance is None:
        return result
    octave = result.leaf.octave
    if octave.dtype.kind not in "fc":
        return result
    sizes = np.where(np.isfinite(octave), np.abs(octave), 0.0)
    allowed = (atol or 0.0) + (rtol or 0.0) * sizes
    if not np.all(~result.distance.unequal | (result.distance.absolute <= allowed)):
        return result
    named = {"rtol": rtol, "atol": atol}
    said = ", ".join(f"{name}={value:g}" for name, value in named.items() if value is not None)
    return replace(result, verdict=Verdict.ROUNDING, allowed=allowed, tolerance=said)
