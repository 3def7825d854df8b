"""scikit-learn's opinion of nnCostFunction: the same cost and gradient, by other people's code.

scikit-learn has no public function for the loss of its networks, so a private one is asked:
`MLPClassifier._backprop`, which `MLPClassifier._loss_grad_lbfgs` unpacks the weights for and hands
to the optimiser (scikit-learn 1.9.1; since 1.7 it takes `sample_weight`, here None). With logistic
units and a multilabel y, one-hot rows here, its loss is the cross-entropy of every output, summed
over the outputs and averaged over the m examples, plus 0.5 alpha sum(w^2) / m over all weights
but the intercepts: alpha is lambda.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat
from sklearn.neural_network import MLPClassifier

from backprop import debugInitializeWeights, nnCostFunction, rand, randInitializeWeights

DATA = Path(__file__).parents[2] / "data"

# Both sides sum the same numbers in another order. Measured: at most 1.1e-15 for the cost, and for
# the gradient at most 1.3e-15 of its largest element, which is 6 times eps; the errors of m = 5000
# summands that are rounded at random would come to sqrt(m) eps = 71 eps.
TOLERANCE = np.sqrt(5000) * np.finfo(float).eps


def sklearn_opinion(Theta1, Theta2, X, y, lambda_):
    """Return scikit-learn's cost and gradient, the gradient unrolled as nnCostFunction does."""
    network = MLPClassifier(activation="logistic", alpha=lambda_)
    network.n_layers_ = 3
    network.out_activation_ = "logistic"
    network.coefs_ = [Theta1[:, 1:].T, Theta2[:, 1:].T]
    network.intercepts_ = [Theta1[:, 0], Theta2[:, 0]]
    Y = np.equal.outer(y, np.arange(1.0, len(Theta2) + 1)).astype(float)
    hidden, output = np.empty((len(X), len(Theta1))), np.empty((len(X), len(Theta2)))
    cost, coef_grads, intercept_grads = network._backprop(
        X, Y, None, [X, hidden, output], [None, None], [None, None], [None, None]
    )
    gradients = (
        np.column_stack([intercept, coef.T])
        for intercept, coef in zip(intercept_grads, coef_grads, strict=True)
    )
    return cost, unrolled(*gradients)


def unrolled(*Thetas):
    return np.concatenate([Theta.ravel(order="F") for Theta in Thetas])


def digits(weights):
    data = loadmat(DATA / "digits.mat")
    return *weights(), data["X"], data["y"].ravel()


def trained():
    weights = loadmat(DATA / "weights.mat")
    return weights["Theta1"], weights["Theta2"]


def random():
    rand("twister", 1)
    return randInitializeWeights(400, 25), randInitializeWeights(25, 10)


def small_network():
    Theta1, Theta2 = debugInitializeWeights(5, 3), debugInitializeWeights(3, 5)
    return Theta1, Theta2, debugInitializeWeights(5, 2), 1.0 + np.arange(1, 6) % 3


EXAMPLES = {
    "digits, trained": lambda: digits(trained),
    "digits, random weights": lambda: digits(random),
    "the small network": small_network,
}


@pytest.mark.parametrize("lambda_", [0, 1, 3])
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_scikit_learn_agrees(example, lambda_):
    Theta1, Theta2, X, y = example()
    expected_J, expected_grad = sklearn_opinion(Theta1, Theta2, X, y, lambda_)
    sizes = X.shape[1], len(Theta1), len(Theta2)

    J, grad = nnCostFunction(unrolled(Theta1, Theta2), *sizes, X, y, lambda_)

    assert pytest.approx(expected_J, rel=TOLERANCE) == J
    scale = np.max(np.abs(expected_grad))
    np.testing.assert_allclose(grad, expected_grad, rtol=0, atol=TOLERANCE * scale)
