"""Port of octave/deltaRule.m: trains a network of one layer, example by example."""

import numpy as np

from backprop._octave import (
    as_matrix,
    as_scalar,
    is_real_float,
    is_real_number,
    numel,
    octave_class,
    single_wins,
    with_own_errstate,
)


def deltaRule(W, X, T, alpha, num_epochs, g=None, gPrime=None):
    """Train a network of one layer, example by example.

    It goes `num_epochs` times through the m examples, in their order. For each, with input x and
    target t, it has h = W [1; x] and the outputs y = g(h), and changes each weight, from input i
    to output j, by::

        alpha (t_j - y_j) g'(h_j) x_i

    which is a step down the slope of that example's error, the sum over its outputs of
    (t_j - y_j)^2 / 2. The bias belongs to the input 1.

    Parameters
    ----------
    W : array_like, K x (n + 1)
        Where to start, bias column first; finite.
    X : array_like, m x n
        One example a row; finite, m >= 1. A 1-D array is one column.
    T : array_like, m x K
        The targets; finite. A 1-D array is one column.
    alpha : float
        Learning rate, a finite number > 0.
    num_epochs : int
        A whole number >= 0.
    g, gPrime : callable, optional
        The units' function and its derivative; each takes an array and returns a real one of
        the same size: h of one example, shape (K,), or of all of them, (m, K), for the error. Of
        a tuple, the first element counts. Without both: linear units, g(h) = h, for which this
        is the rule of Widrow and Hoff (LMS).

    Returns
    -------
    W : ndarray, shape (K, n + 1)
        The weights in the end.
    E_history : ndarray, shape (num_epochs + 1,)
        The error of all examples together, before the first epoch and after each one: the
        learning curve. `W` and `E_history` are float64; where `W`, `X` or `T` is float32, so
        are they.

    Raises
    ------
    TypeError
        If `W`, `X` or `T`, or what `g` or `gPrime` returns, is not real and of class double or
        single, or if `g` or `gPrime` is no function.
    ValueError
        If a size or a value is not as said above, or if only one of `g` and `gPrime` is given.

    Notes
    -----
    With linear units `alpha` must stay below 2 / (x' x + 1) for every example: at larger rates
    the weights may grow without bound.

    Source: "Neural Networks: Learning", the delta rule.

    Examples
    --------
    >>> X = np.arange(5.0)
    >>> W, E_history = deltaRule([[0, 0]], X, 1 + 2 * X, 0.1, 100)
    >>> W.round(4).tolist()
    [[1.0, 2.0]]
    """
    # Check
    if not is_real_float(W):
        raise TypeError(
            f"deltaRule: W must be real and of class double or single, got class {octave_class(W)}"
        )
    if not is_real_float(X):
        raise TypeError(
            f"deltaRule: X must be real and of class double or single, got class {octave_class(X)}"
        )
    if not is_real_float(T):
        raise TypeError(
            f"deltaRule: T must be real and of class double or single, got class {octave_class(T)}"
        )
    W, X, T = as_matrix(W), as_matrix(X), as_matrix(T)
    if W.ndim != 2 or W.shape[0] < 1 or W.shape[1] < 2:
        raise ValueError(
            "deltaRule: W must be a matrix with at least 1 row and 2 columns, "
            f"got {W.shape[0]} x {W.shape[1]}"
        )
    if X.ndim != 2 or X.shape[0] < 1 or X.shape[1] != W.shape[1] - 1:
        raise ValueError(
            "deltaRule: X must be a matrix with at least 1 row and, "
            f"for the {W.shape[1]} columns of W, {W.shape[1] - 1} columns, "
            f"got {X.shape[0]} x {X.shape[1]}"
        )
    if T.ndim != 2 or T.shape[0] != X.shape[0] or T.shape[1] != W.shape[0]:
        raise ValueError(
            f"deltaRule: T must be a matrix with the {X.shape[0]} rows of X and, "
            f"for the {W.shape[0]} rows of W, {W.shape[0]} columns, "
            f"got {T.shape[0]} x {T.shape[1]}"
        )
    if np.any(~np.isfinite(W)):
        raise ValueError(f"deltaRule: W must be finite, found {np.sum(~np.isfinite(W))} NaN or Inf")
    if np.any(~np.isfinite(X)):
        raise ValueError(f"deltaRule: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf")
    if np.any(~np.isfinite(T)):
        raise ValueError(f"deltaRule: T must be finite, found {np.sum(~np.isfinite(T))} NaN or Inf")
    if not is_real_number(alpha) or numel(alpha) != 1 or not 0 < as_scalar(alpha) < np.inf:
        raise ValueError("deltaRule: alpha must be a finite number > 0")
    if (
        not is_real_number(num_epochs)
        or numel(num_epochs) != 1
        or not 0 <= as_scalar(num_epochs) < np.inf
        or as_scalar(num_epochs) != np.round(as_scalar(num_epochs))
    ):
        raise ValueError("deltaRule: num_epochs must be a whole number >= 0")
    alpha = as_scalar(alpha)
    num_epochs = int(as_scalar(num_epochs))
    no_g = numel(g) == 0
    no_gPrime = numel(gPrime) == 0
    if no_g != no_gPrime:
        raise ValueError(
            "deltaRule: g and gPrime belong together: give both, or neither for linear units"
        )
    if no_g:
        g = lambda h: h  # noqa: E731
        gPrime = np.ones_like
    if not callable(g):
        raise TypeError(f"deltaRule: g must be a function handle, got class {octave_class(g)}")
    if not callable(gPrime):
        raise TypeError(
            f"deltaRule: gPrime must be a function handle, got class {octave_class(gPrime)}"
        )
    W, X, T = single_wins(W, X, T)

    # Sizes
    m = X.shape[0]
    X = np.hstack([np.ones((m, 1), X.dtype), X])
    E_history = np.zeros(num_epochs + 1, W.dtype)

    g = with_own_errstate(g)
    gPrime = with_own_errstate(gPrime)
    with np.errstate(all="ignore"):  # the weights may grow without bound
        # Train
        E_history[0] = totalError(W, X, T, g)
        for epoch in range(num_epochs):
            for i in range(m):
                x = X[i, :]
                t = T[i, :]
                h = W @ x
                y = evaluate(g, h, "g")
                delta = (t - y) * evaluate(gPrime, h, "gPrime")
                W = W + np.outer(alpha * delta, x)
            E_history[epoch + 1] = totalError(W, X, T, g)

    return W, E_history


def totalError(W, X, T, g):
    """Sum the error of all examples."""
    Y = evaluate(g, X @ W.T, "g")
    return np.sum(np.sum((T - Y) ** 2, axis=0)) / 2


def evaluate(f, h, name):
    """Call `f` and check what it returns."""
    y = f(h)
    if isinstance(y, tuple):
        y = y[0]
    if not is_real_float(y):
        raise TypeError(
            f"deltaRule: {name} must return real numbers of class double or single, "
            f"got class {octave_class(y)}"
        )
    if as_matrix(y).shape != as_matrix(h).shape:
        rows, columns = as_matrix(h).shape
        raise ValueError(
            f"deltaRule: {name} must return an array of the size of its argument, "
            f"{rows} x {columns}, got {as_matrix(y).shape[0]} x {as_matrix(y).shape[1]}"
        )
    y = as_matrix(y).reshape(h.shape).astype(h.dtype)
    return y
