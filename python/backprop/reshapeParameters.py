"""Port of octave/reshapeParameters.m: the weight matrices from their unrolled vector."""

import numpy as np

from backprop._octave import as_array, as_float, is_real_float, is_real_number, octave_class


def reshapeParameters(nn_params, layer_sizes):
    """Weight matrices of a network from their unrolled vector.

    Parameters
    ----------
    nn_params : array_like
        Theta1, column by column, then Theta2, and so on, as `unrollParameters` makes it.
    layer_sizes : array_like, L elements
        Units of each layer, s1, ..., sL, without the bias units; two or more whole numbers >= 1.

    Returns
    -------
    Thetas : list of L - 1 ndarrays
        Theta1, Theta2, ...: ``Thetas[l]`` leads from layer l + 1, counted from 1, to the next and
        is layer_sizes[l + 1] x (layer_sizes[l] + 1), bias column first. The weights keep their
        class, float64 or float32.

    Raises
    ------
    TypeError
        If `nn_params` is not real and of class double or single.
    ValueError
        If `layer_sizes` is not as said above, or `nn_params` has another number of elements.

    Notes
    -----
    Source: "Neural Networks: Learning", implementation note: unrolling parameters.

    Examples
    --------
    >>> Theta1, Theta2 = reshapeParameters(range(1, 14), [2, 3, 1])
    >>> Theta1.tolist()
    [[1.0, 4.0, 7.0], [2.0, 5.0, 8.0], [3.0, 6.0, 9.0]]
    >>> Theta2.tolist()
    [[10.0, 11.0, 12.0, 13.0]]
    """
    # Check
    if not isLayerSizes(layer_sizes):
        raise ValueError(
            "reshapeParameters: layer_sizes must be a vector of two or more whole numbers >= 1"
        )
    layer_sizes = [int(s) for s in as_array(layer_sizes).ravel()]
    if not is_real_float(nn_params):
        raise TypeError(
            "reshapeParameters: nn_params must be real and of class double or single, "
            f"got class {octave_class(nn_params)}"
        )
    nn_params = as_float(nn_params).flatten(order="F")
    num_params = sum(
        rows * (inputs + 1) for rows, inputs in zip(layer_sizes[1:], layer_sizes[:-1], strict=True)
    )
    if nn_params.size != num_params:
        raise ValueError(
            f"reshapeParameters: nn_params must have {num_params} elements for "
            f"layer_sizes = [{' '.join(map(str, layer_sizes))}], got {nn_params.size}"
        )

    # Reshape
    L = len(layer_sizes)
    Thetas = [None] * (L - 1)
    used = 0
    for l in range(L - 1):
        rows = layer_sizes[l + 1]
        columns = layer_sizes[l] + 1
        Thetas[l] = nn_params[used : used + rows * columns].reshape((rows, columns), order="F")
        used = used + rows * columns

    return Thetas


def isLayerSizes(s):
    """Whether `s` is a vector of two or more whole numbers >= 1."""
    if not is_real_number(s):
        return False
    s = as_array(s)
    return bool(
        s.ndim in (1, 2)
        and s.size == max(s.shape)
        and s.size >= 2
        and np.all(s >= 1)
        and np.all(s == np.round(s))
        and np.all(~np.isinf(s))
    )
