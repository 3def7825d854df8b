"""Port of octave/backpropagation.m: the algorithm as it is taught."""

import numpy as np

from backprop._octave import (
    as_array,
    as_matrix,
    as_scalar,
    is_real_float,
    is_real_number,
    numel,
    octave_class,
    single_wins,
)
from backprop.reshapeParameters import reshapeParameters
from backprop.sigmoid import sigmoid
from backprop.unrollParameters import unrollParameters


def backpropagation(nn_params, layer_sizes, X, y, lambda_):
    """Backpropagation as it is taught, one example at a time.

    It is there to be read. `multilayerCostFunction` gives the same gradient with matrix products
    in place of the loop over the examples, and faster.

    Parameters
    ----------
    nn_params : array_like
        The weights, unrolled column by column: Theta1, Theta2, ...; those that lead from one
        layer to the next are a matrix of layer_sizes[l + 1] x (layer_sizes[l] + 1).
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units; L >= 2. The last is the number of outputs,
        K: 1 for two classes, or 3 or more, one for each class.
    X : array_like, m x layer_sizes[0]
        One example a row; finite. A 1-D array is one column.
    y : array_like, m elements
        Labels: 0 or 1 where K is 1, whole numbers from 1 to K otherwise.
    lambda_ : float
        Strength of the regularisation, >= 0. The bias columns, the first of each matrix, are not
        regularised.

    Returns
    -------
    grad : ndarray, 1-D
        The gradient of the cost, unrolled like `nn_params`: `D`.
    D : list of L - 1 ndarrays
        Each has the size of its Theta and is Delta / m plus, but for the bias column, lambda / m
        times Theta.
    Delta : list of L - 1 ndarrays
        The sum over the examples of delta, of the layer to which the weights lead, times a', of
        the layer from which they come.
    delta : list of L vectors
        The errors of the last example: ``delta[l][j]`` is how its cost changes with the input of
        unit j of layer l. ``delta[0]`` is None, as inputs have no error.

        All outputs are float64; where `nn_params` or `X` is float32, so are they.

    Raises
    ------
    TypeError
        If `nn_params` or `X` is not a real array of class double or single.
    ValueError
        If a size, a length, a label, `lambda_` or a value of `X` is not as said above.

    Notes
    -----
    Source: "Neural Networks: Learning", backpropagation algorithm, backpropagation intuition.
    """
    # Check
    Thetas = reshapeParameters(nn_params, layer_sizes)
    layer_sizes = as_array(layer_sizes).astype(int).ravel()
    K = layer_sizes[-1]
    if K == 2:
        raise ValueError(
            "backpropagation: layer_sizes must not end in 2: two classes need one output, "
            "which is near 1 for the one and near 0 for the other"
        )
    if not is_real_float(X):
        raise TypeError(
            "backpropagation: X must be real and of class double or single, "
            f"got class {octave_class(X)}"
        )
    X = as_matrix(X)
    if X.size == 0:
        raise ValueError("backpropagation: X is empty; it needs at least one example (row)")
    if X.ndim != 2 or X.shape[1] != layer_sizes[0]:
        raise ValueError(
            f"backpropagation: X must be a matrix with layer_sizes(1) = {layer_sizes[0]} "
            f"columns, got {X.shape[1]}"
        )
    if np.any(~np.isfinite(X)):
        raise ValueError(
            f"backpropagation: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf"
        )
    if numel(y) != X.shape[0]:
        raise ValueError(
            "backpropagation: y must have one label for each of "
            f"the {X.shape[0]} rows of X, got {numel(y)}"
        )
    y = as_array(y).ravel(order="F")
    if K == 1 and (
        not (is_real_number(y) or octave_class(y) == "logical") or np.any((y != 0) & (y != 1))
    ):
        raise ValueError("backpropagation: y must hold 0 and 1 only, the labels of two classes")
    if K > 1 and (
        not is_real_number(y) or np.any(y != np.round(y)) or np.any(y < 1) or np.any(y > K)
    ):
        raise ValueError(
            f"backpropagation: y must hold whole numbers from 1 to layer_sizes(end) = {K}"
        )
    if not is_real_number(lambda_) or numel(lambda_) != 1 or not 0 <= as_scalar(lambda_) < np.inf:
        raise ValueError("backpropagation: lambda must be a finite number >= 0")
    lambda_ = as_scalar(lambda_)
    X, *Thetas = single_wins(X, *Thetas)

    # Sizes
    L = layer_sizes.size
    m = X.shape[0]
    if K == 1:
        Y = as_matrix(y.astype(X.dtype))
    else:
        I = np.eye(K, dtype=X.dtype)
        Y = I[y.astype(int) - 1, :]

    # Example by example
    a = [None] * L
    delta = [None] * L
    Delta = [None] * (L - 1)
    for l in range(L - 1):
        Delta[l] = np.zeros(Thetas[l].shape, X.dtype)
    with np.errstate(all="ignore"):  # the products may overflow
        for t in range(m):
            # Forward
            a[0] = np.hstack([np.ones(1, X.dtype), X[t, :]])
            for l in range(1, L - 1):
                a[l] = np.hstack([np.ones(1, X.dtype), sigmoid(Thetas[l - 1] @ a[l - 1])])
            a[-1] = sigmoid(Thetas[-1] @ a[-2])

            # Backward: a unit's error is the sum of the next layer's, weighted; the bias unit's
            # is dropped
            delta[-1] = a[-1] - Y[t, :]
            for l in range(L - 2, 0, -1):
                error_l = (Thetas[l].T @ delta[l + 1]) * a[l] * (1 - a[l])
                delta[l] = error_l[1:]

            # Accumulate
            for l in range(L - 1):
                Delta[l] = Delta[l] + np.outer(delta[l + 1], a[l])

        # Average and regularise
        D = [None] * (L - 1)
        for l in range(L - 1):
            D[l] = Delta[l] / m
            D[l][:, 1:] = D[l][:, 1:] + lambda_ / m * Thetas[l][:, 1:]

    # Unroll
    grad = unrollParameters(D)

    return grad, D, Delta, delta
