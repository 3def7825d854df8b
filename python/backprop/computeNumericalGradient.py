"""Port of octave/computeNumericalGradient.m: a gradient by two-sided differences."""

import numpy as np

from backprop._octave import as_float, is_real_float, numel, octave_class


def computeNumericalGradient(J, theta):
    """Gradient of a function by two-sided differences.

    One element of `theta` at a time is moved by e = 1e-4, down and up; its slope is
    (J(theta + e) - J(theta - e)) / (2 e).

    Parameters
    ----------
    J : callable
        ``J(theta)`` returns a real number; of a tuple, the first element counts.
    theta : array_like
        Where the gradient is wanted: real, one or more elements.

    Returns
    -------
    numgrad : ndarray
        The slopes, in the shape of `theta`.

    Raises
    ------
    TypeError
        If `J` is no function, or if `theta` or what `J` returns is not real and of class double
        or single.
    ValueError
        If `theta` is empty, or if `J` does not return one number.

    Notes
    -----
    It calls `J` twice for each element, so it is slow: it is there to check a gradient that was
    computed in another way, and not to train with. Its error is about e^2 times the third
    derivative, plus the rounding error of `J` divided by e.

    Source: "Neural Networks: Learning", gradient checking; programming exercise 4.

    Examples
    --------
    >>> computeNumericalGradient(lambda t: t[0] ** 2 + 3 * t[1], [1, 2]).round(8).tolist()
    [2.0, 3.0]
    """
    # Check
    if not callable(J):
        raise TypeError(
            f"computeNumericalGradient: J must be a function handle, got class {octave_class(J)}"
        )
    if not is_real_float(theta):
        raise TypeError(
            "computeNumericalGradient: theta must be real and of class double or single, "
            f"got class {octave_class(theta)}"
        )
    theta = as_float(theta)
    if theta.size == 0:
        raise ValueError("computeNumericalGradient: theta is empty; it needs at least one element")

    # Differences
    numgrad = np.zeros(theta.shape, theta.dtype)
    perturb = np.zeros(theta.shape, theta.dtype)
    e = 1e-4
    for p in range(theta.size):
        p = np.unravel_index(p, theta.shape, order="F")
        perturb[p] = e
        loss1 = evaluate(J, theta - perturb)
        loss2 = evaluate(J, theta + perturb)
        with np.errstate(over="ignore", invalid="ignore"):
            numgrad[p] = (loss2 - loss1) / (2 * e)
        perturb[p] = 0

    return numgrad


def evaluate(J, theta):
    """Call `J` and check what it returns."""
    loss = J(theta)
    if isinstance(loss, tuple):
        loss = loss[0]
    if not is_real_float(loss):
        raise TypeError(
            "computeNumericalGradient: J must return a real number of class double or single, "
            f"got class {octave_class(loss)}"
        )
    if numel(loss) != 1:
        raise ValueError(f"computeNumericalGradient: J must return one number, got {numel(loss)}")
    return as_float(loss).ravel()[0]
