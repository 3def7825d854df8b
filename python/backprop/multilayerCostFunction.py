"""Port of octave/multilayerCostFunction.m: cost and gradient of a network of any depth."""

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
from backprop.sigmoidGradient import sigmoidGradient
from backprop.unrollParameters import unrollParameters


def multilayerCostFunction(nn_params, layer_sizes, X, y, lambda_):
    """Cost and gradient of a network of any depth.

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
    J : float
        Regularised cross-entropy cost. NaN or Inf where an output is exactly 0 or 1, as log(0)
        and 0 * Inf give them.
    grad : ndarray, 1-D
        Gradient of J, unrolled like `nn_params`. J and `grad` are float64; where `nn_params` or
        `X` is float32, so are they.

    Raises
    ------
    TypeError
        If `nn_params` or `X` is not a real array of class double or single.
    ValueError
        If a size, a length, a label, `lambda_` or a value of `X` is not as said above.

    Notes
    -----
    With layer_sizes = [n, h, K] it is `nnCostFunction`, and with [n, 1] it is logistic
    regression.

    Source: "Neural Networks: Learning", cost function, backpropagation algorithm, putting it
    together.
    """
    # Check
    Thetas = reshapeParameters(nn_params, layer_sizes)
    layer_sizes = as_array(layer_sizes).astype(int).ravel()
    K = layer_sizes[-1]
    if K == 2:
        raise ValueError(
            "multilayerCostFunction: layer_sizes must not end in 2: two classes need one output, "
            "which is near 1 for the one and near 0 for the other"
        )
    if not is_real_float(X):
        raise TypeError(
            "multilayerCostFunction: X must be real and of class double or single, "
            f"got class {octave_class(X)}"
        )
    X = as_matrix(X)
    if X.size == 0:
        raise ValueError("multilayerCostFunction: X is empty; it needs at least one example (row)")
    if X.ndim != 2 or X.shape[1] != layer_sizes[0]:
        raise ValueError(
            f"multilayerCostFunction: X must be a matrix with layer_sizes(1) = {layer_sizes[0]} "
            f"columns, got {X.shape[1]}"
        )
    if np.any(~np.isfinite(X)):
        raise ValueError(
            f"multilayerCostFunction: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf"
        )
    if numel(y) != X.shape[0]:
        raise ValueError(
            "multilayerCostFunction: y must have one label for each of "
            f"the {X.shape[0]} rows of X, got {numel(y)}"
        )
    y = as_array(y).ravel(order="F")
    if K == 1 and (
        not (is_real_number(y) or octave_class(y) == "logical") or np.any((y != 0) & (y != 1))
    ):
        raise ValueError(
            "multilayerCostFunction: y must hold 0 and 1 only, the labels of two classes"
        )
    if K > 1 and (
        not is_real_number(y) or np.any(y != np.round(y)) or np.any(y < 1) or np.any(y > K)
    ):
        raise ValueError(
            f"multilayerCostFunction: y must hold whole numbers from 1 to layer_sizes(end) = {K}"
        )
    if not is_real_number(lambda_) or numel(lambda_) != 1 or not 0 <= as_scalar(lambda_) < np.inf:
        raise ValueError("multilayerCostFunction: lambda must be a finite number >= 0")
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

    with np.errstate(all="ignore"):  # log(0) is -Inf, 0 * Inf is NaN
        # Forward
        a = [None] * L
        z = [None] * L
        a[0] = np.hstack([np.ones((m, 1), X.dtype), X])
        for l in range(1, L - 1):
            z[l] = a[l - 1] @ Thetas[l - 1].T
            a[l] = np.hstack([np.ones((m, 1), X.dtype), sigmoid(z[l])])
        z[-1] = a[-2] @ Thetas[-1].T
        h = sigmoid(z[-1])

        # Cost
        J = np.sum(np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h), axis=0)) / m
        penalty = 0
        for l in range(L - 1):
            penalty = penalty + np.sum(np.sum(Thetas[l][:, 1:] ** 2, axis=0))
        J = J + lambda_ / (2 * m) * penalty

        # Backward
        delta = [None] * L
        delta[-1] = h - Y
        for l in range(L - 2, 0, -1):
            delta[l] = (delta[l + 1] @ Thetas[l][:, 1:]) * sigmoidGradient(z[l])
        Theta_grads = [None] * (L - 1)
        for l in range(L - 1):
            Theta_grads[l] = delta[l + 1].T @ a[l] / m
            Theta_grads[l][:, 1:] = Theta_grads[l][:, 1:] + lambda_ / m * Thetas[l][:, 1:]

        # Unroll
        grad = unrollParameters(Theta_grads)

    return J, grad
