"""Port of octave/checkNNGradients.m: backpropagation beside a numerical gradient."""

import numpy as np

from backprop._octave import as_scalar, is_real_number, numel
from backprop.computeNumericalGradient import computeNumericalGradient
from backprop.debugInitializeWeights import debugInitializeWeights
from backprop.nnCostFunction import nnCostFunction


def checkNNGradients(lambda_=None):
    """Compare backpropagation with a numerical gradient.

    It takes a small network (3 inputs, 5 hidden units, 3 labels, 5 examples, all of them the
    same each time) and prints two columns that should agree: the gradient by
    `computeNumericalGradient` and the gradient by `nnCostFunction`. Below them stands how far
    they are apart.

    Parameters
    ----------
    lambda_ : float, optional
        Strength of the regularisation, >= 0; 0 by default.

    Returns
    -------
    diff : float
        norm(numgrad - grad) / norm(numgrad + grad), below 1e-9 where backpropagation is right.
    numgrad, grad : ndarray, shape (38,)
        The left and the right column.

    Raises
    ------
    ValueError
        If `lambda_` is not as said above.

    Notes
    -----
    Source: "Neural Networks: Learning", gradient checking; programming exercise 4.
    """
    # Check
    if numel(lambda_) == 0:
        lambda_ = 0
    if not is_real_number(lambda_) or numel(lambda_) != 1 or not 0 <= as_scalar(lambda_) < np.inf:
        raise ValueError("checkNNGradients: lambda must be a finite number >= 0")

    # Sizes
    input_layer_size = 3
    hidden_layer_size = 5
    num_labels = 3
    m = 5

    # Network and examples
    Theta1 = debugInitializeWeights(hidden_layer_size, input_layer_size)
    Theta2 = debugInitializeWeights(num_labels, hidden_layer_size)
    X = debugInitializeWeights(m, input_layer_size - 1)
    y = 1.0 + np.arange(1, m + 1) % num_labels

    # Both gradients
    nn_params = np.concatenate([Theta1.ravel(order="F"), Theta2.ravel(order="F")])

    def costFunc(p):
        return nnCostFunction(p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_)

    _, grad = costFunc(nn_params)
    numgrad = computeNumericalGradient(costFunc, nn_params)

    # Compare
    diff = np.linalg.norm(numgrad - grad) / np.linalg.norm(numgrad + grad)
    print("   numerical  backpropagation")
    for left, right in zip(numgrad, grad, strict=True):
        print(f"{left:12.8f}  {right:15.8f}")
    print("The two columns should agree: left by differences, right by nnCostFunction.")
    print(f"Relative difference: {diff:g} (below 1e-9 where backpropagation is right)")

    return diff, numgrad, grad
