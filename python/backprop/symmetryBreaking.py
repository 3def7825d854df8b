"""Port of octave/symmetryBreaking.m: counts the different hidden units while a network trains."""

import numpy as np

from backprop._octave import as_float, as_matrix, as_scalar, is_real_number, numel
from backprop.nnCostFunction import nnCostFunction


def symmetryBreaking(
    initial_nn_params,
    input_layer_size,
    hidden_layer_size,
    num_labels,
    X,
    y,
    lambda_,
    alpha,
    num_iters,
):
    """Count the different hidden units while a network trains.

    It trains the three-layer network by gradient descent, p = p - alpha * grad, and says how many
    hidden units have weights of their own: a unit is its row of Theta1 together with its column
    of Theta2. Equal units get equal gradients and stay equal for ever, so that from all zeros
    the network computes with one unit only; random weights break the symmetry.

    Parameters
    ----------
    initial_nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_
        As for `nnCostFunction`, which checks them; the weights finite.
    alpha : float
        Learning rate, a finite number > 0.
    num_iters : int
        A whole number >= 0.

    Returns
    -------
    distinct : ndarray of float64, shape (num_iters + 1,)
        Different hidden units before training and after each iteration.
    J_history : ndarray, shape (num_iters + 1,)
        The cost at the same times.

    Raises
    ------
    TypeError
        If `initial_nn_params` or `X` is not a real array of class double or single.
    ValueError
        If a size or a value is not as said above, or if the weights grow beyond all numbers.

    Notes
    -----
    Two units count as the same where none of their weights differ by more than the rounding of
    one step may make them: N eps times the largest weight plus alpha times the largest input (1
    at least), N being the longest sum in the step's matrix products, which may add up in another
    order for one unit than for its twin. Such units are made the same again after each step,
    since training lets even rounding grow without bound.

    Source: "Neural Networks: Learning", random initialisation.

    Examples
    --------
    >>> X = np.sin(np.arange(15.0)).reshape(5, 3)
    >>> symmetryBreaking(np.zeros(38), 3, 5, 3, X, [2, 3, 1, 2, 3], 0, 1, 4)[0].tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    # Check
    if not is_real_number(alpha) or numel(alpha) != 1 or not 0 < as_scalar(alpha) < np.inf:
        raise ValueError("symmetryBreaking: alpha must be a finite number > 0")
    if (
        not is_real_number(num_iters)
        or numel(num_iters) != 1
        or not 0 <= as_scalar(num_iters) < np.inf
        or as_scalar(num_iters) != np.round(as_scalar(num_iters))
    ):
        raise ValueError("symmetryBreaking: num_iters must be a whole number >= 0")
    J, grad = nnCostFunction(
        initial_nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_
    )
    with np.errstate(over="ignore"):
        p = as_float(initial_nn_params).ravel(order="F").astype(grad.dtype)
    if np.any(~np.isfinite(p)):
        raise ValueError(
            "symmetryBreaking: initial_nn_params must be finite, "
            f"found {np.sum(~np.isfinite(p))} NaN or Inf"
        )
    alpha = as_scalar(alpha)
    num_iters = int(as_scalar(num_iters))

    # Sizes
    sizes = [int(as_scalar(n)) for n in (input_layer_size, hidden_layer_size, num_labels)]
    N = max(as_matrix(X).shape[0], *(n + 1 for n in sizes))
    largest_input = max(1.0, float(np.max(np.abs(as_float(X)))))
    rounding = N * float(np.finfo(p.dtype).eps)
    distinct = np.zeros(num_iters + 1)
    J_history = np.zeros(num_iters + 1, grad.dtype)

    # Before training
    tol = rounding * float(np.max(np.abs(p))) + rounding * alpha * largest_input
    distinct[0], _ = joinTwins(p, sizes, tol)
    J_history[0] = J

    # Train
    for k in range(num_iters):
        with np.errstate(over="ignore", invalid="ignore"):
            p = p - alpha * grad
        if np.any(~np.isfinite(p)):
            raise ValueError(
                f"symmetryBreaking: the weights are not finite after {k + 1} iterations; "
                "alpha is too large"
            )
        tol = rounding * float(np.max(np.abs(p))) + rounding * alpha * largest_input
        distinct[k + 1], p = joinTwins(p, sizes, tol)
        J_history[k + 1], grad = nnCostFunction(
            p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_
        )

    return distinct, J_history


def joinTwins(p, sizes, tol):
    """Count the different units, and give those that are the same the weights of the first."""
    # One unit a row
    Theta1 = p[: sizes[1] * (sizes[0] + 1)].reshape((sizes[1], sizes[0] + 1), order="F")
    Theta2 = p[sizes[1] * (sizes[0] + 1) :].reshape((sizes[2], sizes[1] + 1), order="F").copy()
    units = np.hstack([Theta1, Theta2[:, 1:].T])

    # Each unit in its turn takes all that are left and the same
    distinct = 0
    left = np.arange(sizes[1])
    while left.size > 0:
        first = units[left[0], :]
        with np.errstate(over="ignore"):
            same = np.max(np.abs(units[left, :] - first), axis=1) <= tol
        units[left[same], :] = first
        left = left[~same]
        distinct = distinct + 1

    # Unroll
    Theta1 = units[:, : sizes[0] + 1]
    Theta2[:, 1:] = units[:, sizes[0] + 1 :].T
    p = np.concatenate([Theta1.ravel(order="F"), Theta2.ravel(order="F")])
    return distinct, p
