"""What Octave does and NumPy does not, for the ports: classes, sizes, number texts.

The port keeps Octave's conventions (a matrix is a 2-D array, a row or column vector a 1-D
array) and its error messages word for word. These helpers hold the few places where the two
languages differ. May import NumPy only.
"""

import numpy as np

_CLASSES = {
    "f8": "double",
    "c16": "double",
    "f4": "single",
    "c8": "single",
    "b1": "logical",
    "i1": "int8",
    "i2": "int16",
    "i4": "int32",
    "u1": "uint8",
    "u2": "uint16",
    "u4": "uint32",
    "u8": "uint64",
}


def octave_class(x):
    """Name the class that `x` has in Octave.

    Python's and NumPy's default integers (``int``, ``int64``) count as double: Octave's number
    literals are doubles, so that is what they stand for in a port.
    """
    if isinstance(x, str):
        return "char"
    if callable(x):
        return "function_handle"
    if isinstance(x, dict):
        return "struct"
    if isinstance(x, (list, tuple)):
        try:
            x = np.asarray(x)
        except ValueError:
            return "cell"
    dtype = np.asarray(x).dtype
    if dtype == np.int64:
        return "double"
    if dtype.kind in "US":
        return "char"
    return _CLASSES.get(f"{dtype.kind}{dtype.itemsize}", "cell")


def is_real_float(x):
    """Octave's ``isfloat(x) && isreal(x)``."""
    return octave_class(x) in ("double", "single") and np.asarray(x).dtype.kind != "c"


def is_real_number(x):
    """Octave's ``isnumeric(x) && isreal(x)``: logical and char are not numeric."""
    return (
        octave_class(x) not in ("logical", "char", "cell", "struct", "function_handle")
        and np.asarray(x).dtype.kind != "c"
    )


def is_positive_whole(n):
    """Whether `n` is a real scalar and a whole number of at least 1."""
    return bool(
        is_real_number(n) and np.size(n) == 1 and np.isfinite(n) and n >= 1 and n == np.round(n)
    )


def as_float(x):
    """Return `x` as a float array: float32 (Octave's single) stays, all else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
