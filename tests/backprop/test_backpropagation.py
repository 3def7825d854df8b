"""backpropagation: its deltas are derivatives and sums of deltas, its gradient that of the cost.

`cost_of` is the cost of one example, without the penalty, by the input z of every unit. It takes
complex numbers, so that Im J(z + ih) / h is a derivative without a difference that cancels
(h = 1e-20).
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat
from scipy.special import expit

from backprop import backpropagation, multilayerCostFunction, reshapeParameters

DATA = Path(__file__).parents[2] / "data"
EPS = np.finfo(float).eps
NETWORKS = [[1, 1], [3, 1], [3, 3], [2, 2, 1], [3, 5, 3], [4, 3, 6, 4], [4, 4, 4, 1]]


def network(layer_sizes, m=20):
    """Return random weights, examples and labels."""
    random = np.random.default_rng(len(layer_sizes))
    K = layer_sizes[-1]
    num_params = sum(units * (inputs + 1) for inputs, units in pairwise(layer_sizes))
    y = random.integers(0, 2, m) if K == 1 else random.integers(1, K + 1, m)
    return random.normal(size=num_params), random.normal(size=(m, layer_sizes[0])), y


def cost_of(Thetas, x, t, added):
    """Return the cost of one example, with `added[layer]` added to the inputs."""
    a = x
    for layer, Theta in enumerate(Thetas, start=1):
        z = Theta[:, 0] + Theta[:, 1:] @ a + added.get(layer, 0)
        a = 1 / (1 + np.exp(-z))
    return np.sum(np.log1p(np.exp(-z)) + (1 - t) * z)


def targets(label, K):
    return np.array([label]) if K == 1 else (np.arange(1, K + 1) == label).astype(int)


@pytest.mark.parametrize("layer_sizes", NETWORKS, ids=str)
def test_delta_is_how_the_cost_of_the_last_example_changes(layer_sizes):
    p, X, y = network(layer_sizes)
    Thetas, t = reshapeParameters(p, layer_sizes), targets(y[-1], layer_sizes[-1])

    _, _, _, delta = backpropagation(p, layer_sizes, X, y, 1)

    assert delta[0] is None
    assert len(delta) == len(layer_sizes)
    for layer in range(1, len(layer_sizes)):
        for unit, step in enumerate(1e-20j * np.eye(layer_sizes[layer])):
            slope = cost_of(Thetas, X[-1], t, {layer: step}).imag / 1e-20
            # Sums of up to 6 products in each of 3 layers, of numbers near 1; measured: 1 eps.
            assert delta[layer][unit] == pytest.approx(slope, abs=64 * EPS)


def test_intuition_a_delta_is_the_weighted_sum_of_the_next_layers_deltas():
    p, X, y = network([2, 2, 2, 1])
    Theta1, Theta2, _ = reshapeParameters(p, [2, 2, 2, 1])
    a2 = expit(Theta1[:, 0] + Theta1[:, 1:] @ X[-1])

    _, _, _, (_, delta2, delta3, _) = backpropagation(p, [2, 2, 2, 1], X, y, 0)

    for i in range(2):
        weighted = Theta2[0, i + 1] * delta3[0] + Theta2[1, i + 1] * delta3[1]
        # Five roundings on each side of numbers below 1.
        assert delta2[i] == pytest.approx(weighted * a2[i] * (1 - a2[i]), abs=8 * EPS)


@pytest.mark.parametrize("layer_sizes", NETWORKS, ids=str)
def test_the_delta_of_the_outputs_is_output_minus_target(layer_sizes):
    p, X, y = network(layer_sizes, m=1)
    a = X[0]
    for Theta in reshapeParameters(p, layer_sizes):
        a = expit(Theta[:, 0] + Theta[:, 1:] @ a)

    _, _, _, delta = backpropagation(p, layer_sizes, X, y, 0)

    expected = a - targets(y[0], layer_sizes[-1])
    np.testing.assert_allclose(delta[-1], expected, rtol=0, atol=16 * EPS)


@pytest.mark.parametrize("layer_sizes", NETWORKS, ids=str)
def test_Delta_adds_up_over_the_examples(layer_sizes):
    p, X, y = network(layer_sizes, m=3)
    apart = [backpropagation(p, layer_sizes, X[i : i + 1], y[i : i + 1], 0)[2] for i in range(3)]

    _, _, Delta, _ = backpropagation(p, layer_sizes, X, y, 0)

    for total, first, second, third in zip(Delta, *apart, strict=True):
        np.testing.assert_array_equal(total, first + second + third)


def test_the_bias_unit_is_1_so_Delta_of_one_example_has_its_deltas():
    p, X, y = network([4, 3, 6, 4], m=1)
    _, _, Delta, delta = backpropagation(p, [4, 3, 6, 4], X, y, 1)
    for i in range(3):
        np.testing.assert_array_equal(Delta[i][:, 0], delta[i + 1])


@pytest.mark.parametrize("lambda_", [0, 3])
def test_D_is_the_mean_and_the_penalty_but_for_the_bias(lambda_):
    p, X, y = network([4, 3, 6, 4])
    Thetas = reshapeParameters(p, [4, 3, 6, 4])

    grad, D, Delta, _ = backpropagation(p, [4, 3, 6, 4], X, y, lambda_)

    for D_l, Delta_l, Theta in zip(D, Delta, Thetas, strict=True):
        np.testing.assert_array_equal(D_l[:, 0], Delta_l[:, 0] / 20)
        expected = Delta_l[:, 1:] / 20 + lambda_ / 20 * Theta[:, 1:]
        np.testing.assert_array_equal(D_l[:, 1:], expected)
    np.testing.assert_array_equal(grad, np.concatenate([x.ravel(order="F") for x in D]))


# Both gradients are means of m products, summed in another order: m summands, each with some
# roundings, differ by at most about m eps of their largest. Measured: 2 eps of the largest element
# at m = 20, 10 eps at m = 500.
@pytest.mark.parametrize("lambda_", [0, 1, 10])
@pytest.mark.parametrize("layer_sizes", NETWORKS, ids=str)
def test_the_gradient_is_that_of_the_matrix_products(layer_sizes, lambda_):
    p, X, y = network(layer_sizes)
    _, expected = multilayerCostFunction(p, layer_sizes, X, y, lambda_)

    grad, *_ = backpropagation(p, layer_sizes, X, y, lambda_)

    np.testing.assert_allclose(grad, expected, rtol=0, atol=20 * EPS * np.max(np.abs(expected)))


def test_the_gradient_on_digits_is_that_of_the_matrix_products():
    data, weights = loadmat(DATA / "digits.mat"), loadmat(DATA / "weights.mat")
    p = np.concatenate([weights[name].ravel(order="F") for name in ("Theta1", "Theta2")])
    X, y = data["X"][::10], data["y"][::10]
    _, expected = multilayerCostFunction(p, [400, 25, 10], X, y, 1)

    grad, *_ = backpropagation(p, [400, 25, 10], X, y, 1)

    np.testing.assert_allclose(grad, expected, rtol=0, atol=500 * EPS * np.max(np.abs(expected)))


def test_single():
    grad, D, Delta, delta = backpropagation(np.ones(4, np.float32), [1, 1, 1], [0.5], [0], 1)
    assert {x.dtype for x in (grad, *D, *Delta, *delta[1:])} == {np.dtype(np.float32)}


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
        backpropagation(*args)


@pytest.mark.parametrize(("position", "name"), [(0, "nn_params"), (2, "X")])
def test_a_wrong_class_is_refused(position, name):
    args = [np.ones(4), [3, 1], X3, T3, 0]
    args[position] = args[position] > 0
    with pytest.raises(TypeError, match=f"{name} must be real .* got class logical"):
        backpropagation(*args)
