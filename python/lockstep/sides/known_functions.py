"""What is known of the functions that a port calls: exact, sums, products, or stable as a whole.

Names are those of Python's, NumPy's and SciPy's functions, which few others have. Imports nothing
of the package.
"""

import operator
from collections.abc import Callable
from typing import Any

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "Pow": operator.pow,
    "MatMult": operator.matmul,
}
IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.iadd,
    "Sub": operator.isub,
    "Mult": operator.imul,
    "Div": operator.itruediv,
    "Pow": operator.ipow,
    "MatMult": operator.imatmul,
}
UFUNCS = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mult",
    "divide": "Div",
    "true_divide": "Div",
    "power": "Pow",
    "float_power": "Pow",
    "matmul": "MatMult",
    "dot": "MatMult",
    "mul": "Mult",
    "sub": "Sub",
    "truediv": "Div",
    "div": "Div",
    "pow": "Pow",
}

EXACT = frozenset(
    # what copies, selects, orders, compares, rounds or makes constants
    """
    abs absolute fabs negative positive sign signbit copysign real imag conj conjugate floor ceil
    trunc rint fix round around round_ floor_divide mod fmod remainder frexp ldexp modf nextafter
    spacing min max amin amax nanmin nanmax maximum minimum fmax fmin clip sort argsort partition
    argpartition argmin argmax nanargmin nanargmax searchsorted digitize unique lexsort where
    select choose compress extract take take_along_axis put put_along_axis place putmask copyto
    nonzero flatnonzero argwhere count_nonzero isclose allclose array_equal concatenate hstack
    vstack dstack stack column_stack row_stack block split array_split hsplit vsplit append insert
    delete pad repeat tile roll rollaxis moveaxis swapaxes transpose flip fliplr flipud rot90
    reshape ravel flatten resize squeeze expand_dims atleast_1d atleast_2d atleast_3d
    broadcast_to broadcast_arrays meshgrid ix_ diag diagonal diagflat tril triu eye identity
    zeros ones full empty zeros_like ones_like full_like empty_like array asarray
    ascontiguousarray asfortranarray asanyarray copy deepcopy astype view item tolist fill
    nan_to_num get pop setdefault append extend values keys items next iter fromiter frombuffer
    load loadtxt genfromtxt loadmat toarray todense tocsr tocsc sorted reversed filter zip
    enumerate getattr sliding_window_view block_diag triu_indices itemgetter float64 float32
    complex128 to_numpy to_list to_frame dropna fillna ffill bfill head tail reindex reset_index
    set_index sort_values sort_index rename isna notna isnull notnull idxmin idxmax nlargest
    nsmallest drop drop_duplicates groupby rolling expanding ewm apply_along_axis apply_over_axes
    """.split()  # noqa: SIM905 -- a list would fill the page
)

SUMS = frozenset(
    ["sum", "nansum", "fsum", "mean", "nanmean", "average", "cumsum", "inner", "vdot", "trapz"]
)
SQUARES = frozenset(["var", "std", "nanvar", "nanstd", "norm"])
PRODUCTS = frozenset(["prod", "nanprod", "cumprod"])

SPECIAL = frozenset(["gamma", "lgamma", "erf", "erfc"])
"""Special functions that are no ufuncs."""

STABLE_MODULES = (
    "numpy.linalg",
    "numpy.fft",
    "scipy.linalg",
    "scipy.fft",
    "scipy.signal",
    "scipy.interpolate",
    "scipy.sparse.linalg",
    "scipy.ndimage",
    "scipy.stats",
)
TIES = frozenset(
    """
    rankdata spearmanr kendalltau weightedtau somersd mode find_repeats tiecorrect mannwhitneyu
    ranksums wilcoxon kruskal friedmanchisquare ks_1samp ks_2samp kstest cumfreq percentileofscore
    """.split()  # noqa: SIM905 -- a list would fill the page
)
"""Of SciPy's statistics those that ask which numbers are equal."""

DISTRIBUTIONS = "scipy.stats._distn_infrastructure"
"""Where the methods of SciPy's distributions are: they work number by number."""

STABLE = frozenset(
    """
    inv pinv solve lstsq det slogdet eig eigh eigvals eigvalsh svd svdvals qr cholesky lu
    matrix_power matrix_rank cond expm logm sqrtm schur fft ifft fft2 ifft2 fftn ifftn rfft irfft
    convolve correlate polyfit polyval roots poly interp cov corrcoef einsum tensordot gradient
    lfilter filtfilt detrend spline trapezoid cross kron percentile quantile nanpercentile
    nanquantile
    """.split()  # noqa: SIM905 -- a list would fill the page
)

MULTILINEAR = frozenset(["convolve", "correlate", "einsum", "tensordot", "kron", "trapezoid"])
"""Of these NumPy's: each element is a sum of products, and off by what its own terms make."""

OPERANDS = {"einsum": 2, "trapezoid": 1}
"""Of such a function, how much is given by position at least; of the others two."""

NEARBY = frozenset(
    """
    interp percentile quantile nanpercentile nanquantile gradient cross polyval median nanmedian
    outer vander ptp
    """.split()  # noqa: SIM905 -- as above
)
"""Of these each element is made of a few of the numbers, and the others may have any size."""

POWERS = frozenset(["logspace", "geomspace"])
"""These are off by an ulp of what they raise a number to."""

LEFT_ALONE = frozenset(
    """
    super locals globals vars dir eval exec compile print input open range len isinstance
    issubclass hasattr getattr setattr delattr type id repr str bytes bytearray int bool float
    complex list tuple dict set frozenset slice enumerate zip map filter reversed sorted iter next
    callable hash object property staticmethod classmethod min max abs any all format ord chr bin
    hex oct memoryview breakpoint __import__ round
    """.split()  # noqa: SIM905 -- a list would fill the page
)
"""Builtins that are called as they stand: they are exact, or look at who calls them."""
