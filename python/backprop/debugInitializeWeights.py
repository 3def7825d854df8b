"""Port of octave/debugInitializeWeights.m: weights to check with."""

import numpy as np

from backprop._octave import as_scalar, is_positive_whole


def debugInitializeWeights(fan_out, fan_in):
    """Weights that are the same each time, to check with.

    Parameters
    ----------
    fan_out : int
        Units of the layer; >= 1.
    fan_in : int
        Units that the layer gets its input from, without the bias unit; >= 1.

    Returns
    -------
    W : ndarray, shape (fan_out, 1 + fan_in)
        sin(1) / 10, sin(2) / 10, ..., filled column by column; in (-0.1, 0.1), no two equal.

    Raises
    ------
    ValueError
        If `fan_out` or `fan_in` is not as said above.

    Notes
    -----
    The order of the arguments is that of the sizes of W, and not that of
    `randInitializeWeights`.

    Source: programming exercise 4, gradient checking.

    Examples
    --------
    >>> debugInitializeWeights(2, 1).round(4).tolist()
    [[0.0841, 0.0141], [0.0909, -0.0757]]
    """
    # Check
    if not is_positive_whole(fan_out):
        raise ValueError("debugInitializeWeights: fan_out must be a whole number >= 1")
    if not is_positive_whole(fan_in):
        raise ValueError("debugInitializeWeights: fan_in must be a whole number >= 1")
    fan_out = int(as_scalar(fan_out))
    fan_in = int(as_scalar(fan_in))

    # Fill
    W = np.zeros((fan_out, 1 + fan_in))
    W = np.sin(np.arange(1.0, W.size + 1)).reshape(W.shape, order="F") / 10

    return W
