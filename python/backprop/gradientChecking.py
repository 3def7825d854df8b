"""Port of octave/gradientChecking.m: a network's gradient beside differences of its cost."""

import numpy as np

from backprop._octave import as_float, is_real_float, number_text, numel, octave_class
from backprop.computeNumericalGradient import computeNumericalGradient
from backprop.reshapeParameters import reshapeParameters


def gradientChecking(costFunction, nn_params, layer_sizes):
    """Compare a network's gradient with differences of its cost.

    It prints two columns that should agree, with the name of each parameter: gradApprox, by
    `computeNumericalGradient`, and DVec, the gradient that `costFunction` returns. Of more than
    10 parameters it prints the 10 whose values are furthest apart, the worst first.

    Parameters
    ----------
    costFunction : callable
        ``J, grad = costFunction(p)`` returns the cost and its gradient, which has as many
        elements as p.
    nn_params : array_like
        Theta1, column by column, then Theta2, and so on; `costFunction` gets them as a 1-D array
        of float64.
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units.

    Returns
    -------
    difference : float
        norm(gradApprox - DVec) / norm(gradApprox + DVec), below 1e-9 where the gradient is right.
    worst : dict
        Names the parameter whose two values are furthest apart; NaN is further than any number:
        layer (weights lead from this layer to the next, from 1), unit (of the next layer, from
        1), input (unit of this layer, from 1; 0 is the bias), index (place in `nn_params`, from
        1, as in Octave), and the two values, gradApprox and DVec. It is
        ``Thetas[layer - 1][unit - 1, input]``.
    gradApprox : ndarray, 1-D
        The left column, for all of `nn_params`.

    Raises
    ------
    TypeError
        If `costFunction` is no function, or if `nn_params` or what `costFunction` returns is not
        real and of class double or single.
    ValueError
        If `layer_sizes`, or the number of elements of `nn_params`, of the cost or of the
        gradient, is not as said above.

    Notes
    -----
    It evaluates the cost twice for each parameter. So switch it off once the gradient is right,
    and check a small network: training with it would take thousands of times as long.

    Source: "Neural Networks: Learning", gradient checking.
    """
    # Check
    if not callable(costFunction):
        raise TypeError(
            "gradientChecking: costFunction must be a function handle, "
            f"got class {octave_class(costFunction)}"
        )
    Thetas = reshapeParameters(nn_params, layer_sizes)
    nn_params = np.array(nn_params, np.float64).ravel(order="F")

    # Both gradients
    _, DVec = costFunction(nn_params.copy())
    if not is_real_float(DVec):
        raise TypeError(
            "gradientChecking: costFunction must return a gradient that is real and of class "
            f"double or single, got class {octave_class(DVec)}"
        )
    if numel(DVec) != nn_params.size:
        raise ValueError(
            "gradientChecking: costFunction must return a gradient with one element for each of "
            f"the {nn_params.size} parameters, got {numel(DVec)}"
        )
    DVec = as_float(DVec).astype(np.float64).ravel(order="F")
    gradApprox = computeNumericalGradient(costFunction, nn_params)

    # Compare
    with np.errstate(all="ignore"):  # Inf - Inf, 0 / 0
        difference = np.linalg.norm(gradApprox - DVec) / np.linalg.norm(gradApprox + DVec)
        order = descending(np.abs(gradApprox - DVec))
    worst = place(order[0], Thetas, gradApprox, DVec)

    # Print
    shown = min(10, nn_params.size)
    print("  gradApprox             DVec  weight")
    for k in range(shown):
        w = place(order[k], Thetas, gradApprox, DVec)
        left, right = number_text(w["gradApprox"], "12.8f"), number_text(w["DVec"], "15.8f")
        print(f"{left}  {right}  Theta{w['layer']}: unit {w['unit']}, input {w['input']}")
    print("The two columns should agree: left by differences, right by the cost function.")
    print(
        f"Shown are {shown} of {nn_params.size} weights, the furthest apart first; "
        "input 0 is the bias."
    )
    text = number_text(difference, "g")
    print(f"Relative difference: {text} (below 1e-9 where the gradient is right)")

    return difference, worst, gradApprox


def descending(x):
    """Places from 1 on of the elements of `x`, the largest first: Octave puts NaN before all."""
    return 1 + np.lexsort((-x, ~np.isnan(x)))


def place(index, Thetas, gradApprox, DVec):
    """Name the parameter with a number from 1 on, and give its two values."""
    l = 1
    number = index
    while number > Thetas[l - 1].size:
        number = number - Thetas[l - 1].size
        l = l + 1
    rows = Thetas[l - 1].shape[0]
    return {
        "layer": l,
        "unit": int(1 + (number - 1) % rows),
        "input": int((number - 1) // rows),
        "index": int(index),
        "gradApprox": gradApprox[index - 1],
        "DVec": DVec[index - 1],
    }
