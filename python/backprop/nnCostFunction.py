"""Port of octave/nnCostFunction.m: cost and gradient of the three-layer network."""

import numpy as np

from backprop._octave import (
    as_array,
    as_float,
    as_matrix,
    as_scalar,
    is_positive_whole,
    is_real_float,
    is_real_number,
    numel,
    octave_class,
    single_wins,
)
from backprop.sigmoid import sigmoid
from backprop.sigmoidGradient import sigmoidGradient


def nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    """Cost and gradient of a three-layer neural network.

    Parameters
    ----------
    nn_params : array_like, hidden_layer_size (input_layer_size + 1) + \
num_labels (hidden_layer_size + 1) elements
        The weights, unrolled column by column: Theta1, hidden_layer_size x
        (input_layer_size + 1), then Theta2, num_labels x (hidden_layer_size + 1).
    input_layer_size, hidden_layer_size, num_labels : int
        Units in each layer, without the bias units; each >= 1.
    X : array_like, m x input_layer_size
        One example a row; finite. A 1-D array is one column.
    y : array_like, m elements
        Labels, whole numbers from 1 to `num_labels`.
    lambda_ : float
        Strength of the regularisation, >= 0. The bias columns, the first of Theta1 and of
        Theta2, are not regularised.

    Returns
    -------
    J : float
        Regularised cross-entropy cost. NaN or Inf where an output is exactly 0 or 1, as
        log(0) and 0 * Inf give them: very large weights show it.
    grad : ndarray, shape (nn_params.size,)
        Gradient of J, unrolled like `nn_params`. J and `grad` are float64; where `nn_params`
        or `X` is float32, so are they.

    Raises
    ------
    TypeError
        If `nn_params` or `X` is not a real array of class double or single.
    ValueError
        If a size, a length, a label, `lambda_` or a value of `X` is not as said above.

    Notes
    -----
    Source: "Neural Networks: Learning", cost function and backpropagation algorithm;
    programming exercise 4.
    """
    # Check
    if not is_positive_whole(input_layer_size):
        raise ValueError("nnCostFunction: input_layer_size must be a whole number >= 1")
    if not is_positive_whole(hidden_layer_size):
        raise ValueError("nnCostFunction: hidden_layer_size must be a whole number >= 1")
    if not is_positive_whole(num_labels):
        raise ValueError("nnCostFunction: num_labels must be a whole number >= 1")
    input_layer_size = int(as_scalar(input_layer_size))
    hidden_layer_size = int(as_scalar(hidden_layer_size))
    num_labels = int(as_scalar(num_labels))
    if not is_real_float(nn_params):
        raise TypeError(
            "nnCostFunction: nn_params must be real and of class double or single, "
            f"got class {octave_class(nn_params)}"
        )
    nn_params = as_float(nn_params).ravel(order="F")
    num_params = hidden_layer_size * (input_layer_size + 1) + num_labels * (hidden_layer_size + 1)
    if nn_params.size != num_params:
        raise ValueError(
            f"nnCostFunction: nn_params must have {num_params} elements, "
            f"{hidden_layer_size} x {input_layer_size + 1} for Theta1 and "
            f"{num_labels} x {hidden_layer_size + 1} for Theta2, got {nn_params.size}"
        )
    if not is_real_float(X):
        raise TypeError(
            "nnCostFunction: X must be real and of class double or single, "
            f"got class {octave_class(X)}"
        )
    X = as_matrix(X)
    if X.size == 0:
        raise ValueError("nnCostFunction: X is empty; it needs at least one example (row)")
    if X.ndim != 2 or X.shape[1] != input_layer_size:
        raise ValueError(
            f"nnCostFunction: X must have input_layer_size = {input_layer_size} columns, "
            f"got {X.shape[1]}"
        )
    if np.any(~np.isfinite(X)):
        raise ValueError(
            f"nnCostFunction: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf"
        )
    if numel(y) != X.shape[0]:
        raise ValueError(
            f"nnCostFunction: y must have one label for each of the {X.shape[0]} rows of X, "
            f"got {numel(y)}"
        )
    y = as_array(y).ravel(order="F")
    if not is_real_number(y) or np.any(y != np.round(y)) or np.any(y < 1) or np.any(y > num_labels):
        raise ValueError(
            f"nnCostFunction: y must hold whole numbers from 1 to num_labels = {num_labels}"
        )
    if not is_real_number(lambda_) or numel(lambda_) != 1 or not 0 <= as_scalar(lambda_) < np.inf:
        raise ValueError("nnCostFunction: lambda must be a finite number >= 0")
    lambda_ = as_scalar(lambda_)
    nn_params, X = single_wins(nn_params, X)

    # Sizes
    Theta1 = nn_params[: hidden_layer_size * (input_layer_size + 1)].reshape(
        (hidden_layer_size, input_layer_size + 1), order="F"
    )
    Theta2 = nn_params[hidden_layer_size * (input_layer_size + 1) :].reshape(
        (num_labels, hidden_layer_size + 1), order="F"
    )
    m = X.shape[0]
    I = np.eye(num_labels, dtype=X.dtype)
    Y = I[y.astype(int) - 1, :]

    with np.errstate(all="ignore"):  # log(0) is -Inf, 0 * Inf is NaN
        # Forward
        a1 = np.hstack([np.ones((m, 1), X.dtype), X])
        z2 = a1 @ Theta1.T
        a2 = np.hstack([np.ones((m, 1), X.dtype), sigmoid(z2)])
        z3 = a2 @ Theta2.T
        h = sigmoid(z3)

        # Cost
        J = np.sum(np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h), axis=0)) / m
        penalty = np.sum(np.sum(Theta1[:, 1:] ** 2, axis=0)) + np.sum(
            np.sum(Theta2[:, 1:] ** 2, axis=0)
        )
        J = J + lambda_ / (2 * m) * penalty

        # Backward
        delta3 = h - Y
        delta2 = (delta3 @ Theta2[:, 1:]) * sigmoidGradient(z2)
        Theta1_grad = delta2.T @ a1 / m
        Theta2_grad = delta3.T @ a2 / m
        Theta1_grad[:, 1:] = Theta1_grad[:, 1:] + lambda_ / m * Theta1[:, 1:]
        Theta2_grad[:, 1:] = Theta2_grad[:, 1:] + lambda_ / m * Theta2[:, 1:]

        # Unroll
        grad = np.concatenate([Theta1_grad.ravel(order="F"), Theta2_grad.ravel(order="F")])

    return J, grad
