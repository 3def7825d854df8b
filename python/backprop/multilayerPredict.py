"""Port of octave/multilayerPredict.m: the labels that a network of any depth gives."""

import numpy as np

from backprop._octave import as_array, as_matrix, is_real_float, octave_class, single_wins
from backprop.reshapeParameters import reshapeParameters
from backprop.sigmoid import sigmoid


def multilayerPredict(nn_params, layer_sizes, X):
    """Labels that a network of any depth gives to examples.

    Parameters
    ----------
    nn_params : array_like
        The weights, unrolled column by column: Theta1, Theta2, ...; those that lead from one
        layer to the next are a matrix of layer_sizes[l + 1] x (layer_sizes[l] + 1); finite.
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units; L >= 2, and the last is 1, or 3 or more.
    X : array_like, m x layer_sizes[0]
        One example a row; finite. A 1-D array is one column. m may be 0.

    Returns
    -------
    p : ndarray of float64, shape (m,)
        A label for each row of `X`. Where the network has K >= 3 outputs, it is the number of the
        largest, from 1 to K; of equal outputs the first counts. Where it has one, it is 1 for an
        output of 0.5 or more, and 0 otherwise.

    Raises
    ------
    TypeError
        If `nn_params` or `X` is not a real array of class double or single.
    ValueError
        If a size or a value is not as said above.

    Notes
    -----
    With layer_sizes = [n, h, K] it is `predict`.

    Source: "Neural Networks: Learning", putting it together; "Neural Networks: Representation",
    multiclass classification.

    Examples
    --------
    >>> multilayerPredict([-10, 20], [1, 1], [0, 0.4, 0.5, 1]).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    # Check
    Thetas = reshapeParameters(nn_params, layer_sizes)
    layer_sizes = as_array(layer_sizes).astype(int).ravel()
    K = layer_sizes[-1]
    if K == 2:
        raise ValueError(
            "multilayerPredict: layer_sizes must not end in 2: two classes need one output, "
            "which is near 1 for the one and near 0 for the other"
        )
    if np.any(~np.isfinite(nn_params)):
        raise ValueError(
            "multilayerPredict: nn_params must be finite, "
            f"found {np.sum(~np.isfinite(nn_params))} NaN or Inf"
        )
    if not is_real_float(X):
        raise TypeError(
            "multilayerPredict: X must be real and of class double or single, "
            f"got class {octave_class(X)}"
        )
    X = as_matrix(X)
    if X.ndim != 2 or X.shape[1] != layer_sizes[0]:
        raise ValueError(
            f"multilayerPredict: X must be a matrix with layer_sizes(1) = {layer_sizes[0]} "
            f"columns, got {X.shape[0]} x {X.shape[1]}"
        )
    if np.any(~np.isfinite(X)):
        raise ValueError(
            f"multilayerPredict: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf"
        )
    X, *Thetas = single_wins(X, *Thetas)

    # Sizes
    L = layer_sizes.size
    m = X.shape[0]

    with np.errstate(all="ignore"):  # the products may overflow
        # Forward
        h = X
        for l in range(L - 1):
            h = sigmoid(np.hstack([np.ones((m, 1), X.dtype), h]) @ Thetas[l].T)

    # Label, where a NaN is no output
    if K == 1:
        p = 1.0 * (h[:, 0] >= 0.5)
    else:
        p = 1.0 + np.argmax(np.where(np.isnan(h), -np.inf, h), axis=1)

    return p
