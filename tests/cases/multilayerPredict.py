"""Cases of multilayerPredict: the digits, networks of two to five layers, ties, every error."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, row

DATA = Path(__file__).parents[2] / "data"

DIGITS = row([400, 25, 10])
DEEP = row([3, 4, 4, 3])
BINARY = row([3, 4, 2, 1])


def cases():
    return {**on_digits(), **on_small_networks(), **dict(errors())}


def on_digits():
    weights = loadmat(DATA / "weights.mat")
    trained = np.concatenate([weights[name].ravel(order="F") for name in ("Theta1", "Theta2")])
    X = loadmat(DATA / "digits.mat")["X"]
    unseen = loadmat(DATA / "digits_test.mat")["X"]
    rand = np.random.RandomState([1]).random_sample
    return {
        "digits, trained": (trained, DIGITS, X),
        "digits it was not trained on": (trained, DIGITS, unseen),
        "digits, saturated units": (100 * trained, DIGITS, unseen),
        "digits, single": (*single(trained), DIGITS, unseen),
        "digits, five layers": (rand(9203) - 0.5, row([400, 20, 30, 15, 3, 10]), unseen),
        "digits, one output": (rand(401 * 20 + 21) - 0.5, row([400, 20, 1]), unseen),
    }


def on_small_networks():
    d, q, X = params(51), params(29), examples()
    tie = np.array([-1.0, 2, 2, 0, 0, 0])
    large = np.array([0, 0, 0, -1e308, 1e308, 0])
    return {
        "four layers": (d, DEEP, X),
        "four layers, one output": (q, BINARY, X),
        "two layers, one output": (params(4), row([3, 1]), X),
        "two layers, three outputs": (params(12), row([3, 3]), X),
        "one input, X a column": (np.array([-10.0, 20.0]), row([1, 1]), X[:, 0]),
        "an output of exactly 0.5": (np.array([-10.0, 20.0]), row([1, 1]), np.array([0.4, 0.5])),
        "one example": (d, DEEP, X[:1]),
        "one example, one output": (q, BINARY, X[:1]),
        "no examples": (d, DEEP, X[:0]),
        "no examples, one output": (q, BINARY, X[:0]),
        "all weights zero": (0 * d, DEEP, X),
        "all weights zero, one output": (0 * q, BINARY, X),
        "the last two of three are equal": (tie, row([1, 3]), X[:, 0]),
        "outputs that round to 1": (1000 * tie, row([1, 3]), X[:, 0]),
        "products that overflow": (large, row([1, 3]), 1e3 * X[:, 0]),
        "products that overflow, one output": (large[2:4], row([1, 1]), 1e3 * X[:, 0]),
        "the weights a row": (row(d), DEEP, X),
        "the weights a matrix": (d.reshape((17, 3), order="F"), DEEP, X),
        "layer_sizes a column of class uint8": (d, np.array([3, 4, 4, 3], np.uint8), X),
        "single weights": (*single(d), DEEP, X),
        "single weights, one output": (*single(q), BINARY, X),
        "single examples": (d, DEEP, *single(X)),
    }


def errors():
    q, X = params(29), examples()
    cell = np.array(["a", 1.0], dtype=object)

    def sizes(layer_sizes):
        return Case(q, layer_sizes, X, raises="reshapeParameters:layer_sizes")

    def weights(nn_params):
        return Case(nn_params, BINARY, X, raises="reshapeParameters:nn_params")

    def case(what, nn_params, layer_sizes, X):
        return Case(nn_params, layer_sizes, X, raises=f"multilayerPredict:{what}")

    yield "error: layer_sizes is []", sizes(None)
    yield "error: one layer", sizes(29.0)
    yield "error: an empty layer", sizes(row([3, 0, 1]))
    yield "error: layer_sizes is char", sizes("3421")
    yield "error: one weight too few", weights(q[1:])
    yield "error: weights are complex", weights(q * 1j)
    yield "error: weights are a cell", weights(cell)
    yield "error: two outputs", case("layer_sizes", params(26), row([3, 4, 2]), X)
    yield "error: a weight is NaN", case("nn_params", np.append(q[1:], np.nan), BINARY, X)
    yield "error: weights are infinite", case("nn_params", np.inf * q, BINARY, X)
    yield "error: X is a cell", case("X", q, BINARY, cell)
    yield "error: X is char", case("X", q, BINARY, "abc")
    yield "error: X is int16", case("X", q, BINARY, np.ones((5, 3), np.int16))
    yield "error: X is complex", case("X", q, BINARY, X * 1j)
    yield "error: X is []", case("X", q, BINARY, None)
    yield "error: X has 2 columns", case("X", q, BINARY, X[:, :2])
    yield "error: X is a column", case("X", q, BINARY, X[:, 0])
    yield "error: X has 3 dimensions", case("X", q, BINARY, np.ones((5, 3, 2)))
    yield "error: X has NaNs", case("X", q, BINARY, np.where(X < 0, np.nan, X))


def examples():
    return 3 * np.sin(np.arange(1.0, 25)).reshape((8, 3), order="F")


def params(count):
    return np.cos(np.arange(1.0, count + 1)) * 2


def single(*arrays):
    return tuple(x.astype(np.float32) for x in arrays)
