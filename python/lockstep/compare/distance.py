"""How far apart two arrays are, element by element: in absolute, in relative and in ulps.

- NaN equals NaN, whatever its bits (Octave's NA too); NaN never equals a number.
- 0 and -0 differ, by one ulp: 1 / x tells them apart.
- An infinity differs from every other number by infinitely many ulps.
- A complex number is as many ulps away as the farther of its two parts; it is NaN where one of
  them is, as isnan says in both languages.
- Logical, integer and char values are equal or not; they have no ulps.

May import NumPy only.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Distance:
    """How far apart the elements of a leaf are.

    Attributes
    ----------
    absolute, relative, ulps : ndarray
        Elementwise, in the leaf's shape; relative to the larger magnitude. `ulps` is NaN where
        a class has none (and the values differ), 0 where they are equal.
    unequal : ndarray of bool
        Where the two differ in any way.
    """

    absolute: np.ndarray[Any, Any]
    relative: np.ndarray[Any, Any]
    ulps: np.ndarray[Any, Any]
    unequal: np.ndarray[Any, Any]


def distance(octave: np.ndarray[Any, Any], python: np.ndarray[Any, Any]) -> Distance:
    """Measure how far apart two arrays of one shape are, element by element.

    Parameters
    ----------
    octave, python : ndarray
        Of one shape and one class in Octave's sense.
    """
    if octave.dtype.kind not in "fc":
        unequal = np.asarray(octave != python)
        nothing = np.where(unequal, np.nan, 0.0)
        return Distance(nothing, nothing, nothing, unequal)
    if octave.dtype.kind == "c" or python.dtype.kind == "c":
        return _complex_distance(octave, python)
    return _real_distance(octave, python)


def _complex_distance(octave: np.ndarray[Any, Any], python: np.ndarray[Any, Any]) -> Distance:
    re = _real_distance(np.real(octave), np.real(python))
    im = _real_distance(np.imag(octave), np.imag(python))
    both_nan = np.isnan(octave) & np.isnan(python)
    absolute = np.where(both_nan, 0.0, np.hypot(re.absolute, im.absolute))
    size = np.maximum(np.abs(octave), np.abs(python))
    return Distance(
        absolute,
        _relative(absolute, size),
        np.where(both_nan, 0.0, np.maximum(re.ulps, im.ulps)),
        (re.unequal | im.unequal) & ~both_nan,
    )


def _real_distance(octave: np.ndarray[Any, Any], python: np.ndarray[Any, Any]) -> Distance:
    ulps = ulp_distance(octave, python)
    with np.errstate(invalid="ignore", over="ignore"):
        absolute = np.where(ulps == 0, 0.0, np.abs(octave - python))
        absolute = np.where(np.isinf(ulps), np.inf, absolute)
    size = np.maximum(np.abs(octave), np.abs(python))
    return Distance(absolute, _relative(absolute, size), ulps, ulps != 0)


def _relative(absolute: np.ndarray[Any, Any], size: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(absolute == 0, 0.0, absolute / size)
    return np.where(np.isnan(relative), np.inf, relative)


def ulp_distance(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Count the floating-point numbers from `a` to `b`, element by element.

    Parameters
    ----------
    a, b : ndarray of float64 or float32
        Of one shape; where the precisions differ, single counts.

    Returns
    -------
    ndarray of float64
        0 where the bits agree and where both are NaN; infinite where just one is NaN, or one is
        an infinity and the other is not the same.

    Notes
    -----
    The bits of a float, read as a sign and a whole number, are its place among all floats; -0
    comes one place before 0.
    """
    single = np.float32 in (a.dtype, b.dtype)
    float_type, int_type = (np.float32, np.int32) if single else (np.float64, np.int64)
    shape = np.shape(a)
    a, b = (np.ascontiguousarray(x, dtype=float_type) for x in (a, b))
    place_a, place_b = (_place(x.view(int_type).astype(np.int64), int_type) for x in (a, b))
    same_side = (place_a < 0) == (place_b < 0)
    near = np.abs(np.where(same_side, place_a, 0) - np.where(same_side, place_b, 0))
    far = np.abs(place_a.astype(np.float64)) + np.abs(place_b.astype(np.float64))
    ulps = np.where(same_side, near.astype(np.float64), far)
    both_nan = np.isnan(a) & np.isnan(b)
    apart = (np.isnan(a) != np.isnan(b)) | ((np.isinf(a) | np.isinf(b)) & (a != b))
    return np.where(both_nan, 0.0, np.where(apart, np.inf, ulps)).reshape(shape)


def _place(bits: np.ndarray[Any, Any], int_type: Any) -> np.ndarray[Any, Any]:
    magnitude = bits & np.iinfo(int_type).max
    return np.where(bits < 0, -magnitude - 1, magnitude)
