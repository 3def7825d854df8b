"""Port of octave/randInitializeWeights.m: small random weights for one layer."""

from backprop._octave import as_scalar, is_positive_whole
from backprop.rand import rand


def randInitializeWeights(L_in, L_out):
    """Small random weights for one layer of a network.

    Weights that start equal stay equal, for all units of a layer then get the same gradient;
    random ones break this symmetry. The bound 0.12 suits the layers of the exercise; the
    course's rule for a layer of any size is sqrt(6) / sqrt(L_in + L_out).

    Parameters
    ----------
    L_in : int
        Units that the layer gets its input from, without the bias unit; >= 1.
    L_out : int
        Units of the layer; >= 1.

    Returns
    -------
    W : ndarray, shape (L_out, 1 + L_in)
        Weights, drawn uniformly from (-0.12, 0.12); the first column belongs to the bias unit.

    Raises
    ------
    ValueError
        If `L_in` or `L_out` is not as said above.

    Notes
    -----
    ``rand("twister", s)`` before it makes the weights the same each time, and the same as
    Octave's.

    Source: "Neural Networks: Learning", random initialisation; programming exercise 4.

    Examples
    --------
    >>> rand("twister", 42)
    >>> randInitializeWeights(400, 25).shape
    (25, 401)
    """
    # Check
    if not is_positive_whole(L_in):
        raise ValueError("randInitializeWeights: L_in must be a whole number >= 1")
    if not is_positive_whole(L_out):
        raise ValueError("randInitializeWeights: L_out must be a whole number >= 1")
    L_in = int(as_scalar(L_in))
    L_out = int(as_scalar(L_out))

    # Draw
    epsilon_init = 0.12
    W = rand(L_out, 1 + L_in) * 2 * epsilon_init - epsilon_init

    return W
