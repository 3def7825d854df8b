"""multilayerCostFunction against the formula, nnCostFunction, and logistic regression.

`cost_of` is the formula of the cost, written without log(h): -log g(z) is log(1 + e^-z), which
keeps its digits. It takes complex weights, so that Im J(p + ih) / h is a derivative without a
difference that cancels (h = 1e-20).
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat
from scipy.optimize import minimize
from scipy.special import expit, xlog1py, xlogy
from sklearn.linear_model import LogisticRegression

from backprop import multilayerCostFunction, nnCostFunction, reshapeParameters

DATA = Path(__file__).parents[2] / "data"
EPS = np.finfo(float).eps


def cost_of(p, layer_sizes, X, y, lambda_):
    """Return the cost; the layers are taken apart by hand."""
    J, used, h = 0, 0, X
    for inputs, units in pairwise(layer_sizes):
        bias, weights = np.split(p[used : used + units * (inputs + 1)], [units])
        weights = weights.reshape(inputs, units)
        z = h @ weights + bias
        h = 1 / (1 + np.exp(-z))
        J = J + lambda_ / 2 * np.sum(weights * weights)
        used += units * (inputs + 1)
    Y = y[:, np.newaxis] if layer_sizes[-1] == 1 else np.equal.outer(y, 1 + np.arange(z.shape[1]))
    return (J + np.sum(np.log1p(np.exp(-z)) + (1 - Y) * z)) / len(X)


def gradient_of(p, *args):
    return np.array([cost_of(p + 1e-20j * e, *args).imag / 1e-20 for e in np.eye(p.size)])


def num_params(layer_sizes):
    return sum(units * (inputs + 1) for inputs, units in pairwise(layer_sizes))


def network(layer_sizes, m=20):
    """Return random weights, examples and labels."""
    random = np.random.default_rng(len(layer_sizes))
    K = layer_sizes[-1]
    y = random.integers(0, 2, m) if K == 1 else random.integers(1, K + 1, m)
    return random.normal(size=num_params(layer_sizes)), random.normal(size=(m, layer_sizes[0])), y


NETWORKS = [[1, 1], [3, 1], [3, 3], [3, 5, 1], [3, 5, 3], [4, 3, 6, 4], [4, 4, 4, 1], [2] * 6 + [3]]


@pytest.mark.parametrize("lambda_", [0, 1, 10])
@pytest.mark.parametrize("layer_sizes", NETWORKS, ids=str)
def test_the_formula(layer_sizes, lambda_):
    p, X, y = network(layer_sizes)
    expected = gradient_of(p, layer_sizes, X, y, lambda_)

    J, grad = multilayerCostFunction(p, layer_sizes, X, y, lambda_)

    # Sums of up to m K = 80 terms, each with the roundings of up to six layers. Measured: at
    # most 2 eps, of the largest element for the gradient.
    assert cost_of(p, layer_sizes, X, y, lambda_) == pytest.approx(J, rel=64 * EPS)
    np.testing.assert_allclose(grad, expected, rtol=0, atol=64 * EPS * np.max(np.abs(expected)))


@pytest.mark.parametrize("lambda_", [0, 1, 3])
@pytest.mark.parametrize("sizes", [(3, 5, 3), (7, 2, 4), (2, 6, 1)], ids=str)
def test_three_layers_are_nnCostFunction_bit_for_bit(sizes, lambda_):
    p, X, y = network(sizes)
    if sizes[-1] == 1:
        y[:] = 1  # the one label of one output that nnCostFunction knows too
    expected_J, expected_grad = nnCostFunction(p, *sizes, X, y, lambda_)

    J, grad = multilayerCostFunction(p, sizes, X, y, lambda_)

    assert expected_J == J
    np.testing.assert_array_equal(grad, expected_grad)


@pytest.mark.parametrize("lambda_", [0, 1])
def test_the_digits_are_nnCostFunction_bit_for_bit(lambda_):
    data, weights = loadmat(DATA / "digits.mat"), loadmat(DATA / "weights.mat")
    p = np.concatenate([weights[name].ravel(order="F") for name in ("Theta1", "Theta2")])
    expected_J, expected_grad = nnCostFunction(p, 400, 25, 10, data["X"], data["y"], lambda_)

    J, grad = multilayerCostFunction(p, [400, 25, 10], data["X"], data["y"], lambda_)

    assert expected_J == J
    np.testing.assert_array_equal(grad, expected_grad)


@pytest.mark.parametrize("lambda_", [0, 0.5, 20])
def test_two_layers_and_one_output_are_logistic_regression(lambda_):
    w, X, y = network([3, 1])
    h = expit(X @ w[1:] + w[0])
    expected = -np.mean(xlogy(y, h) + xlog1py(1 - y, -h)) + lambda_ / 40 * np.sum(w[1:] ** 2)
    slopes = np.append(np.mean(h - y), X.T @ (h - y) / 20 + lambda_ / 20 * w[1:])

    J, grad = multilayerCostFunction(w, [3, 1], X, y, lambda_)

    # Means of 20 terms in another order; measured: at most 2 eps.
    assert pytest.approx(expected, rel=32 * EPS) == J
    np.testing.assert_allclose(grad, slopes, rtol=0, atol=32 * EPS * np.max(np.abs(slopes)))


@pytest.mark.parametrize("lambda_", [0.5, 1, 20])
def test_its_minimiser_is_that_of_scikit_learn(lambda_):
    _, X, y = network([3, 1], m=200)
    # scikit-learn minimises C times the sum of the losses, plus w'w / 2 without the intercept.
    model = LogisticRegression(C=1 / lambda_, solver="newton-cholesky", tol=1e-12).fit(X, y)
    theirs = np.append(model.intercept_, model.coef_)

    ours = minimize(
        lambda p: multilayerCostFunction(p, [3, 1], X, y, lambda_),
        np.zeros(4),
        jac=True,
        method="BFGS",
        options={"gtol": 1e-10},
    ).x

    # A convex function with curvature of at least c has its minimum within |gradient| / c.
    A = np.column_stack([np.ones(200), X])
    h = expit(A @ theirs)
    H = (A.T * (h * (1 - h))) @ A / 200 + np.diag([0, 1, 1, 1]) * lambda_ / 200
    c = np.linalg.eigvalsh(H)[0] / 2  # half of that at the minimum, as it varies around it
    gradients = [multilayerCostFunction(p, [3, 1], X, y, lambda_)[1] for p in (ours, theirs)]
    assert np.all(np.linalg.norm(gradients, axis=1) < 1e-8)
    assert np.linalg.norm(ours - theirs) <= np.sum(np.linalg.norm(gradients, axis=1)) / c


def test_two_layers_and_K_outputs_are_one_logistic_regression_for_each_class():
    p, X, y = network([4, 3])
    (Theta,) = reshapeParameters(p, [4, 3])
    apart = [multilayerCostFunction(Theta[k], [4, 1], X, y == k + 1, 2) for k in range(3)]

    J, grad = multilayerCostFunction(p, [4, 3], X, y, 2)

    # Sums of 60 terms in another order; measured: at most 1 eps.
    assert pytest.approx(sum(J for J, _ in apart), rel=16 * EPS) == J
    np.testing.assert_allclose(
        reshapeParameters(grad, [4, 3])[0], [grad for _, grad in apart], rtol=0, atol=16 * EPS
    )


@pytest.mark.parametrize("layer_sizes", [[3, 5, 1], [3, 5, 3], [3, 2, 2, 4]], ids=str)
def test_all_weights_zero_make_every_output_one_half(layer_sizes):
    p, X, y = network(layer_sizes)
    J, _ = multilayerCostFunction(0 * p, layer_sizes, X, y, 1)
    assert layer_sizes[-1] * np.log(2) == pytest.approx(J, rel=8 * EPS)


def test_the_bias_columns_are_not_regularised():
    p, X, y = network([4, 3, 6, 4])
    _, without = multilayerCostFunction(p, [4, 3, 6, 4], X, y, 0)
    _, with_ = multilayerCostFunction(p, [4, 3, 6, 4], X, y, 40)
    for g, g0, Theta in zip(
        *(reshapeParameters(v, [4, 3, 6, 4]) for v in (with_, without, p)), strict=True
    ):
        np.testing.assert_array_equal(g[:, 0], g0[:, 0])
        np.testing.assert_allclose(g[:, 1:] - g0[:, 1:], 2 * Theta[:, 1:], rtol=0, atol=16 * EPS)


@pytest.mark.parametrize(
    ("p", "dtype"), [(0.5, np.float64), (np.float32(0.5), np.float32)], ids=["double", "single"]
)
def test_the_class_of_the_outputs(p, dtype):
    J, grad = multilayerCostFunction(np.full(4, p), [1, 1, 1], [0.5, 1.5], [0, 1], 1)
    assert (J.dtype, grad.dtype) == (dtype, dtype)


def test_outputs_of_exactly_1_make_the_cost_NaN_in_silence():
    J, _ = multilayerCostFunction([1e4, 0], [1, 1], [0, 0], [1, 1], 0)
    assert np.isnan(J)


X3, T3 = np.ones((2, 3)), [0, 1]
REFUSED = {
    "two outputs": ((np.ones(8), [3, 2], X3, T3, 0), "two classes need one output"),
    "one layer": ((np.ones(8), [3], X3, T3, 0), "layer_sizes must be a vector of two or more"),
    "a weight too few": ((np.ones(3), [3, 1], X3, T3, 0), "nn_params must have 4 elements"),
    "no examples": ((np.ones(4), [3, 1], X3[:0], [], 0), "X is empty"),
    "two columns": ((np.ones(4), [3, 1], X3[:, 1:], T3, 0), r"layer_sizes\(1\) = 3 columns, got 2"),
    "NaN": ((np.ones(4), [3, 1], X3 * np.nan, T3, 0), "X must be finite, found 6 NaN or Inf"),
    "a label too few": ((np.ones(4), [3, 1], X3, [1], 0), "one label for each of the 2 rows"),
    "label 2 of two": ((np.ones(4), [3, 1], X3, [1, 2], 0), "y must hold 0 and 1 only"),
    "label 0 of three": ((np.ones(12), [3, 3], X3, T3, 0), r"from 1 to layer_sizes\(end\) = 3"),
    "lambda": ((np.ones(4), [3, 1], X3, T3, -1), "lambda must be a finite number >= 0"),
}


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args, message):
    with pytest.raises(ValueError, match=message):
        multilayerCostFunction(*args)


@pytest.mark.parametrize(("position", "name"), [(0, "nn_params"), (2, "X")])
def test_a_wrong_class_is_refused(position, name):
    args = [np.ones(4), [3, 1], X3, T3, 0]
    args[position] = args[position] > 0
    with pytest.raises(TypeError, match=f"{name} must be real .* got class logical"):
        multilayerCostFunction(*args)
