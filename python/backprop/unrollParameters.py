"""Port of octave/unrollParameters.m: one vector of all weights of a network."""

import numpy as np

from backprop._octave import as_array, as_float, is_real_float, octave_class, single_wins


def unrollParameters(Thetas):
    """One vector of all weights of a network.

    An optimiser such as `fmincg` works on one vector. Gradients are unrolled in the same way.

    Parameters
    ----------
    Thetas : list of array_like
        Theta1, Theta2, ...: real matrices; one or more. A 1-D array is one column.

    Returns
    -------
    nn_params : ndarray, 1-D
        Theta1, column by column, then Theta2, and so on. It is float64; where one of the
        matrices is float32, so is it.

    Raises
    ------
    TypeError
        If `Thetas` is no list, or one of the matrices is not real and of class double or single.
    ValueError
        If `Thetas` is empty, or one of the matrices has more than two dimensions.

    Notes
    -----
    Source: "Neural Networks: Learning", implementation note: unrolling parameters.

    Examples
    --------
    >>> unrollParameters([[[1, 3], [2, 4]], [[5, 6]]]).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    """
    # Check
    if not isinstance(Thetas, list | tuple) and octave_class(Thetas) != "cell":
        raise TypeError(
            f"unrollParameters: Thetas must be a cell of matrices, got class {octave_class(Thetas)}"
        )
    if not isinstance(Thetas, list | tuple):
        Thetas = as_array(Thetas).ravel(order="F")
    if len(Thetas) == 0:
        raise ValueError("unrollParameters: Thetas is empty; it needs at least one matrix")
    for l in range(len(Thetas)):
        if not is_real_float(Thetas[l]):
            raise TypeError(
                f"unrollParameters: Thetas{{{l + 1}}} must be real and of class double or single, "
                f"got class {octave_class(Thetas[l])}"
            )
        if np.ndim(Thetas[l]) > 2:
            raise ValueError(
                f"unrollParameters: Thetas{{{l + 1}}} must be a matrix, "
                f"got {np.ndim(Thetas[l])} dimensions"
            )

    # Unroll
    nn_params = np.zeros(0)
    for l in range(len(Thetas)):
        nn_params = np.concatenate(single_wins(nn_params, as_float(Thetas[l]).ravel(order="F")))

    return nn_params
