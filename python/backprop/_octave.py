"""What Octave does and NumPy does not, for the ports: classes, sizes, number texts.

The port keeps Octave's conventions (a matrix is a 2-D array, a row or column vector a 1-D
array) and its error messages word for word. These helpers hold the few places where the two
languages differ. May import NumPy and SciPy only.
"""

import numpy as np
from scipy.linalg import get_blas_funcs

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


def as_array(x):
    """Return `x` as an array; None stands for ``[]``, and a ragged list for a cell."""
    if x is None:
        return np.zeros((0, 0))
    try:
        return np.asarray(x)
    except ValueError:
        return np.empty(len(x), dtype=object)


def numel(x):
    """Octave's ``numel``: a str counts its characters, a dict and a function are one."""
    return len(x) if isinstance(x, str) else as_array(x).size


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
    dtype = as_array(x).dtype
    if dtype == np.int64:
        return "double"
    if dtype.kind in "US":
        return "char"
    return _CLASSES.get(f"{dtype.kind}{dtype.itemsize}", "cell")


def is_real_float(x):
    """Octave's ``isfloat(x) && isreal(x)``."""
    return octave_class(x) in ("double", "single") and as_array(x).dtype.kind != "c"


def is_real_number(x):
    """Octave's ``isnumeric(x) && isreal(x)``: logical and char are not numeric."""
    return (
        octave_class(x) not in ("logical", "char", "cell", "struct", "function_handle")
        and as_array(x).dtype.kind != "c"
    )


def is_positive_whole(n):
    """Whether `n` is a real scalar and a whole number of at least 1."""
    return bool(
        is_real_number(n) and numel(n) == 1 and np.isfinite(n) and n >= 1 and n == np.round(n)
    )


def as_float(x):
    """Return `x` as a float array: float32 (Octave's single) stays, all else becomes float64."""
    x = as_array(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def as_matrix(x):
    """Return `x` as a float array of two or more dimensions: a 1-D array is one column."""
    x = as_float(x)
    return x if x.ndim > 1 else x.reshape((-1, 1))


def as_scalar(x):
    """Return the one number that `x` holds as a float: Octave's ``double`` of a scalar."""
    return float(as_float(x).item())


def single_wins(*arrays):
    """Bring float arrays to one class as Octave's operators do: single where any is single.

    NumPy decides the other way round: float32 and float64 give float64.
    """
    dtype = np.float32 if any(x.dtype == np.float32 for x in arrays) else np.float64
    with np.errstate(over="ignore"):
        return tuple(x.astype(dtype, copy=False) for x in arrays)


def octave_sqrt(x):
    """Octave's ``sqrt`` of a real number: complex where the number is negative."""
    return complex(0.0, np.sqrt(-x)) if x < 0 else np.sqrt(x)


@np.errstate(all="ignore")
def octave_divide(x, y):
    """Octave's ``x / y`` of two numbers, real or complex, bit for bit.

    NumPy's complex division rounds in other ways than Octave's; Python's own does as Octave.
    """
    if np.iscomplexobj(y):
        return _narrowed(complex(x) / complex(y))
    if np.iscomplexobj(x):
        return _narrowed(complex(np.divide(x.real, y), np.divide(x.imag, y)))
    return np.divide(x, y)


def octave_square(x):
    """Octave's ``x' * x`` of a vector, bit for bit.

    Octave leaves it to another routine of the BLAS than ``x' * y``; the two round differently.
    """
    return get_blas_funcs("syrk", (x,))(1.0, x[:, np.newaxis], trans=1)[0, 0]


def octave_min(x, y):
    """Octave's ``min`` of two numbers: the smaller modulus where one of them is complex."""
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        return _narrowed(x if _modulus(x) <= _modulus(y) or np.isnan(x) else y)
    return x if x <= y or np.isnan(y) else y


def octave_max(x, y):
    """Octave's ``max`` of two numbers: the larger modulus where one of them is complex."""
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        return _narrowed(x if _modulus(x) >= _modulus(y) or np.isnan(x) else y)
    return x if x >= y or np.isnan(y) else y


def _modulus(z):
    return np.hypot(np.real(z), np.imag(z))


def _narrowed(z):
    """Do as Octave does with a result: without an imaginary part it becomes a real number."""
    return z if np.imag(z) else np.real(z)


def number_text(x, spec):
    """Write `x` as ``sprintf`` does with the conversion `spec`, such as ``4.6e``."""
    return format(x, spec).replace("nan", "NaN").replace("inf", "Inf")


def with_own_errstate(f):
    """Let `f` run under the floating-point settings of now, whatever they are when it is called.

    A port that computes under Octave's silence about 1 / 0 does not silence its caller's `f`.
    """
    settings = np.geterr()

    def called(*args):
        with np.errstate(**settings):
            return f(*args)

    return called
