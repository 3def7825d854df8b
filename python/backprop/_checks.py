"""What BatchedCost, DistributedCost and DeviceCost ask of their arguments.

`name` is that of the class, with which each error begins. May import NumPy, `_labels`,
`_octave` and `_row_blocks` only.
"""

import itertools

import numpy as np

from backprop._labels import are_labels, labels_text
from backprop._octave import (
    as_array,
    as_float,
    as_scalar,
    is_positive_whole,
    is_real_float,
    is_real_number,
    numel,
    octave_class,
)
from backprop._row_blocks import count_weights


def checked_sizes(name, layer_sizes):
    """Return the units of each layer."""
    sizes = as_array(layer_sizes).ravel()
    if sizes.size < 2 or not all(is_positive_whole(size) for size in sizes):
        raise ValueError(f"{name}: layer_sizes must be two or more whole numbers >= 1")
    return [int(size) for size in sizes]


def checked_strength(name, lambda_):
    """Return the strength of the regularisation."""
    if not is_real_number(lambda_) or numel(lambda_) != 1 or not 0 <= as_scalar(lambda_) < np.inf:
        raise ValueError(f"{name}: lambda must be a finite number >= 0")
    return as_scalar(lambda_)


def checked_labels(name, y, m, K):
    """Return the labels in the smallest class that holds them."""
    if numel(y) != m:
        raise ValueError(
            f"{name}: y must have one label for each of the {m} rows of X, got {numel(y)}"
        )
    y = as_array(y).ravel(order="F")
    is_class_right = is_real_number(y) or (K == 1 and octave_class(y) == "logical")
    if not is_class_right or not np.all(are_labels(y, K)):
        raise ValueError(f"{name}: y must hold {labels_text(K)}")
    return y.astype(np.min_scalar_type(K))


def checked_weights(name, p, sizes):
    """Return the weights as a vector."""
    if not is_real_float(p):
        raise TypeError(
            f"{name}: p must be real and of class double or single, got class {octave_class(p)}"
        )
    p = as_float(p).ravel(order="F")
    if p.size != count_weights(sizes):
        shapes = " and ".join(f"{s} x {n + 1}" for n, s in itertools.pairwise(sizes))
        raise ValueError(
            f"{name}: p must have {count_weights(sizes)} elements, {shapes}, got {p.size}"
        )
    return p
