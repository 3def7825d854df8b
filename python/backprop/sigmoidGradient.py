"""Port of octave/sigmoidGradient.m: the slope of the logistic function."""

from backprop._octave import as_float, is_real_float, octave_class
from backprop.sigmoid import sigmoid


def sigmoidGradient(z):
    """Slope of the logistic function at every element of `z`.

    Parameters
    ----------
    z : array_like
        Real numbers, any shape.

    Returns
    -------
    g : ndarray or scalar
        sigmoid(z) (1 - sigmoid(z)), in the shape of `z`; in [0, 1/4].

    Raises
    ------
    TypeError
        If `z` is not a real array of class double or single.

    Notes
    -----
    Source: "Neural Networks: Learning", backpropagation algorithm; programming exercise 4.

    Examples
    --------
    >>> sigmoidGradient([-1, 0, 1]).round(4).tolist()
    [0.1966, 0.25, 0.1966]
    """
    # Check
    if not is_real_float(z):
        raise TypeError(
            "sigmoidGradient: z must be real and of class double or single, "
            f"got class {octave_class(z)}"
        )
    z = as_float(z)

    # Compute
    g = sigmoid(z) * (1 - sigmoid(z))

    return g
