"""multilayerPredict: known gates, the largest output, predict's labels, the digits."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat
from scipy.special import expit

from backprop import multilayerPredict, predict

DATA = Path(__file__).parents[2] / "data"

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {  # the lecture's units: bias, weight of x1, weight of x2
    "and": ([-30, 20, 20], [2, 1], [0, 0, 0, 1]),
    "or": ([-10, 20, 20], [2, 1], [0, 1, 1, 1]),
    "neither": ([10, -20, -20], [2, 1], [1, 0, 0, 0]),
    # The hidden units are "and" and "neither", column by column; the output is "or" of them.
    "xnor": ([-30, 10, 20, -20, 20, -20, -10, 20, 20], [2, 2, 1], [1, 0, 0, 1]),
    # A further layer of one unit says "not".
    "xor": ([-30, 10, 20, -20, 20, -20, -10, 20, 20, 10, -20], [2, 2, 1, 1], [0, 1, 1, 0]),
}


@pytest.mark.parametrize(("p", "layer_sizes", "expected"), GATES.values(), ids=GATES)
def test_logical_gates(p, layer_sizes, expected):
    assert multilayerPredict(p, layer_sizes, CORNERS).tolist() == expected


@pytest.mark.parametrize("x", [-1, -1e-12, 0, 1e-12, 1])
def test_an_output_of_one_half_counts_as_1(x):
    assert multilayerPredict([0, 1], [1, 1], [x]).tolist() == [1 if x >= 0 else 0]


@pytest.mark.parametrize(
    ("biases", "label"),
    [([0, 0, 0], 1), ([-1, 0, 0], 2), ([-1, 2, 2], 2), ([3, 2, 3], 1), ([0, 1, 2, 3, 1], 4)],
)
def test_the_first_of_the_largest_outputs(biases, label):
    p = np.append(biases, np.zeros(len(biases)))
    assert multilayerPredict(p, [1, len(biases)], [7.0]).tolist() == [label]


@pytest.mark.parametrize(
    "layer_sizes", [[3, 1], [3, 3], [3, 5, 1], [4, 6, 5, 4], [3, 7, 7, 7, 5]], ids=str
)
def test_every_example_on_its_own(layer_sizes):
    random = np.random.default_rng(1)
    shapes = [(units, inputs + 1) for inputs, units in pairwise(layer_sizes)]
    Thetas = [3 * random.normal(size=shape) for shape in shapes]
    X = random.normal(size=(50, layer_sizes[0]))
    expected = []
    for x in X:
        a = x
        for Theta in Thetas:
            a = expit(Theta[:, 0] + Theta[:, 1:] @ a)
        expected.append(a[0] >= 0.5 if a.size == 1 else 1 + np.argmax(a))

    p = multilayerPredict(np.concatenate([T.ravel(order="F") for T in Thetas]), layer_sizes, X)

    np.testing.assert_array_equal(p, expected)
    assert np.unique(p).size > 1


def test_the_digits_are_those_of_predict():
    weights, data = loadmat(DATA / "weights.mat"), loadmat(DATA / "digits.mat")
    Theta1, Theta2 = weights["Theta1"], weights["Theta2"]
    nn_params = np.concatenate([Theta1.ravel(order="F"), Theta2.ravel(order="F")])

    p = multilayerPredict(nn_params, [400, 25, 10], data["X"])

    np.testing.assert_array_equal(p, predict(Theta1, Theta2, data["X"]))
    assert np.mean(p == data["y"].ravel()) > 0.95


@pytest.mark.parametrize("layer_sizes", [[2, 1], [2, 3]], ids=str)
def test_no_examples(layer_sizes):
    p = multilayerPredict(np.ones(3 * layer_sizes[1]), layer_sizes, np.zeros((0, 2)))
    assert (p.shape, p.dtype) == ((0,), np.float64)


REFUSED = {
    "two outputs": ((np.ones(6), [2, 2], CORNERS), "two classes need one output"),
    "one layer": ((np.ones(6), [2], CORNERS), "layer_sizes must be a vector of two or more"),
    "a weight too few": ((np.ones(2), [2, 1], CORNERS), "nn_params must have 3 elements"),
    "a weight is NaN": (([1, np.nan, 1], [2, 1], CORNERS), "nn_params must be finite, found 1"),
    "one column": ((np.ones(3), [2, 1], CORNERS[:, 1:]), "= 2 columns, got 4 x 1"),
    "an infinite X": ((np.ones(2), [1, 1], [np.inf, 1]), "X must be finite, found 1"),
}


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args, message):
    with pytest.raises(ValueError, match=message):
        multilayerPredict(*args)


@pytest.mark.parametrize("X", ["ab", CORNERS > 0, CORNERS * 1j], ids=["text", "bool", "complex"])
def test_a_wrong_class_is_refused(X):
    with pytest.raises(TypeError, match="X must be real and of class double or single"):
        multilayerPredict(np.ones(3), [2, 1], X)
