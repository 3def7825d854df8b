"""Port of octave/sigmoid.m: the logistic function."""

import numpy as np

from backprop._octave import as_float, is_real_float, octave_class


def sigmoid(z):
    """Logistic function of every element of `z`.

    Parameters
    ----------
    z : array_like
        Real numbers, any shape.

    Returns
    -------
    g : ndarray or scalar
        1 / (1 + e^-z), in the shape of `z`; in [0, 1].

    Raises
    ------
    TypeError
        If `z` is not a real array of class double or single.

    Notes
    -----
    Source: "Neural Networks: Representation", logistic units.

    Examples
    --------
    >>> sigmoid([-1, 0, 1]).round(4).tolist()
    [0.2689, 0.5, 0.7311]
    """
    # Check
    if not is_real_float(z):
        raise TypeError(
            f"sigmoid: z must be real and of class double or single, got class {octave_class(z)}"
        )
    z = as_float(z)

    # Compute
    with np.errstate(over="ignore"):
        g = 1 / (1 + np.exp(-z))

    return g
