"""A constant factor, with a name where it has one."""

import math

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same, same_size
from lockstep.model.report import Reason

ORDER = 45
KEYS = {
    "factor": "All elements are off by one factor; a count, its root or pi is named.",
    "opposite-sign": "All elements have the opposite sign.",
}

MOST = 5000
"""Counts that are looked for in a factor."""


def detect(evidence: Evidence) -> Reason | None:
    """State that all elements are off by one factor."""
    found = same_size(evidence)
    if found is None:
        return None
    own, octave = found.own, found.octave
    usable = np.isfinite(own) & np.isfinite(octave) & (octave != 0) & (own != 0)
    if not usable.any():
        return None
    factor = complex(np.median((octave[usable] / own[usable]).real))
    if factor.real in (0.0, 1.0) or not same(own * factor.real, octave):
        return None
    name = _name(factor.real)
    if own.size < 2 and not name:
        return None
    if factor.real == -1:
        return Reason("opposite-sign", f"the port's value has the opposite sign, in {found.count}")
    shown = name or f"{factor.real:.10g}"
    return Reason("factor", f"Octave's value is {shown} times the port's, in {found.count}")


def _name(factor: float) -> str:
    """Name a factor: a small fraction, pi, a count or the root of one."""
    for text, value in (
        ("pi", math.pi), ("2 pi", 2 * math.pi), ("pi/180", math.pi / 180), ("-1", -1.0),
        ("180/pi", 180 / math.pi), ("sqrt(2)", math.sqrt(2)), ("log(2)", math.log(2)),
    ):  # fmt: skip
        if _is(factor, value):
            return text
        if _is(factor, 1 / value):
            return f"1/({text})"
    for power, shape in ((1, "{}"), (2, "sqrt({})")):
        ratio = abs(factor) ** power
        sign = "-" if factor < 0 else ""
        for n in range(2, MOST):
            for text, value in (
                (f"{n - 1}/{n}", (n - 1) / n), (f"{n}/{n - 1}", n / (n - 1)),
                (f"{n}", float(n)), (f"1/{n}", 1 / n),
            ):  # fmt: skip
                if _is(ratio, value):
                    return sign + shape.format(text)
    return ""


def _is(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-11 * abs(other)
