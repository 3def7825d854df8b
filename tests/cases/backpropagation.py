"""Cases of backpropagation: the digits, networks of two to five layers, every error."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, Network, row

DATA = Path(__file__).parents[2] / "data"

DIGITS = row([400, 25, 10])
SMALL = row([3, 5, 3])
DEEP = row([3, 4, 4, 3])
BINARY = row([3, 4, 2, 1])
LOGISTIC = row([3, 1])

views = [Network(("a",), ("Thetas",), ("delta",))]


def cases():
    return {**on_digits(), **on_small_networks(), **dict(errors())}


def on_digits():
    data, weights = loadmat(DATA / "digits.mat"), loadmat(DATA / "weights.mat")
    some = slice(0, None, 100)
    X, y = data["X"][some], data["y"].ravel()[some]
    trained = np.concatenate([weights[name].ravel(order="F") for name in ("Theta1", "Theta2")])
    deep = row([400, 15, 12, 10])
    even = row([400, 10, 1])
    return {
        "digits, trained, lambda 0": (trained, DIGITS, X, y, 0),
        "digits, trained, lambda 1": (trained, DIGITS, X, y, 1),
        "digits, saturated units": (100 * trained, DIGITS, X, y, 1),
        "digits, four layers": (random_params(1, deep), deep, X, y, 1),
        "digits, single": (*single(trained), DIGITS, *single(X), y, 1),
        "digits, even or odd": (random_params(2, even), even, X, (y + 1) % 2, 1),
    }


def on_small_networks():
    X, y, t = examples()
    p, q, d = params(38), params(29), params(51)
    w = np.array([0.1, -2.0, 3.0, 0.5])
    one = np.array([0.1, 0.2])
    wide = np.random.RandomState([3]).uniform(-40, 40, 38)
    five_layers = row([3, 2, 2, 2, 4])
    return {
        "three layers, lambda 0": (p, SMALL, X, y, 0),
        "three layers, lambda 3": (p, SMALL, X, y, 3),
        "four layers, lambda 0": (d, DEEP, X, y, 0),
        "four layers, lambda 3": (d, DEEP, X, y, 3),
        "five layers, a label that never occurs": (params(26 + 6), five_layers, X, y, 1),
        "four layers, one output, lambda 0": (q, BINARY, X, t, 0),
        "four layers, one output, lambda 3": (q, BINARY, X, t, 3),
        "two layers, one output: logistic regression": (w, LOGISTIC, X, t, 0),
        "logistic regression, lambda 3": (w, LOGISTIC, X, t, 3),
        "two layers, three outputs": (params(12), row([3, 3]), X, y, 1),
        "one input, one output, X a column": (one, row([1, 1]), X[:, 0], t, 1),
        "one input, one output, one example": (one, row([1, 1]), 0.5, 1.0, 1),
        "one unit in each of five layers": (params(8), row([1, 1, 1, 1, 1]), X[:, 1], t, 1),
        "one example, three outputs": (d, DEEP, X[:1], y[:1], 1),
        "one example, one output": (q, BINARY, X[:1], t[:1], 1),
        "all labels 0": (q, BINARY, X, 0 * t, 1),
        "all labels 1": (q, BINARY, X, 0 * t + 1, 1),
        "all weights zero": (0 * d, DEEP, X, y, 1),
        "outputs exactly 0 or 1": (wide, SMALL, 100 * X, y, 1),
        "outputs exactly 1, all of them": (0 * q + 1e4, BINARY, X + 1, t, 1),
        "a large bias": (np.array([1e4, 0, 0, 0]), LOGISTIC, X, 0 * t, 0),
        "infinite weights": (0 * d + np.inf, DEEP, X, y, 1),
        "a weight is NaN": (np.where(np.arange(29) == 20, np.nan, q), BINARY, X, t, 1),
        "weights so large that squares overflow": (1e200 * p, SMALL, X, y, 1),
        "only the gradient": Case(d, DEEP, X, y, 1, nargout=1),
        "the weights a row": (row(q), BINARY, X, t, 1),
        "the weights a matrix": (p.reshape((19, 2), order="F"), SMALL, X, y, 1),
        "layer_sizes a column of class uint8": (
            d,
            np.array([3, 4, 4, 3], np.uint8),
            *(X, y, 1),
        ),
        "y a row": (q, BINARY, X, row(t), 1),
        "y a matrix": (d, DEEP, X[:4], y[:4].reshape((2, 2), order="F"), 1),
        "y of class uint8, three outputs": (d, DEEP, X, y.astype(np.uint8), 1),
        "y of class uint8, one output": (q, BINARY, X, t.astype(np.uint8), 1),
        "y logical, one output": (q, BINARY, X, t > 0, 1),
        "y of class single, one output": (q, BINARY, X, *single(t), 1),
        "lambda of class int32": (q, BINARY, X, t, np.int32(3)),
        "lambda of class single": (q, BINARY, X, t, np.float32(0.1)),
        "single weights": (*single(d), DEEP, X, y, 1),
        "single examples": (d, DEEP, *single(X), y, 1),
        "all single, one output": (*single(q), BINARY, *single(X, t), np.float32(1)),
    }


def errors():
    X, y, t = examples()
    p, q = params(38), params(29)
    with_nan = np.where(X < -0.9, np.nan, X)
    with_inf = np.where(X < 0, np.inf, X)
    cell = np.array(["a", 1.0], dtype=object)

    def sizes(layer_sizes):
        return Case(q, layer_sizes, X, t, 0, raises="reshapeParameters:layer_sizes")

    def weights(nn_params):
        return Case(nn_params, BINARY, X, t, 0, raises="reshapeParameters:nn_params")

    def case(what, X, y, lambda_=0):
        return Case(q, BINARY, X, y, lambda_, raises=f"backpropagation:{what}")

    def classes(y):
        return Case(p, SMALL, X, y, 0, raises="backpropagation:y")

    yield "error: layer_sizes is []", sizes(None)
    yield "error: one layer", sizes(29.0)
    yield "error: an empty layer", sizes(row([3, 0, 1]))
    yield "error: layer_sizes is char", sizes("3421")
    yield "error: one weight too few", weights(q[1:])
    yield "error: weights are complex", weights(q * 1j)
    yield "error: weights are a cell", weights(cell)
    yield (
        "error: two outputs",
        Case(params(26), row([3, 4, 2]), X, t, 0, raises="backpropagation:layer_sizes"),
    )
    yield "error: X is a cell", case("X", cell, t)
    yield "error: X is int16", case("X", np.ones((5, 3), np.int16), t)
    yield "error: X is complex", case("X", X * 1j, t)
    yield "error: X is []", case("X", None, None)
    yield "error: X has no rows", case("X", X[:0], t[:0])
    yield "error: X has 2 columns", case("X", X[:, :2], t)
    yield "error: X is a column", case("X", X[:, 0], t)
    yield "error: X has 3 dimensions", case("X", np.ones((5, 3, 2)), t)
    yield "error: X has a NaN", case("X", with_nan, t)
    yield "error: X has infinities", case("X", with_inf, t)
    yield "error: one label too few", case("y", X, t[1:])
    yield "error: y is []", case("y", X, None)
    yield "error: one output, y has a 2", case("y", X, t + 1)
    yield "error: one output, y has a 0.5", case("y", X, t / 2)
    yield "error: one output, y has a NaN", case("y", X, t * np.nan)
    yield "error: one output, y is char", case("y", X, "01101")
    yield "error: one output, y is complex", case("y", X, t + 1j)
    yield "error: one output, y is a cell", case("y", X[:2], cell)
    yield "error: three outputs, y has a 0", classes(y - 1)
    yield "error: three outputs, y has a 4", classes(y + 1)
    yield "error: three outputs, y has a 1.5", classes(y + 0.5)
    yield "error: three outputs, y has a NaN", classes(y * np.nan)
    yield "error: three outputs, y is logical", classes(t > 0)
    yield "error: three outputs, y is char", classes("12312")
    yield "error: three outputs, y is complex", classes(y + 1j)
    yield "error: lambda -1", case("lambda", X, t, -1)
    yield "error: lambda NaN", case("lambda", X, t, np.nan)
    yield "error: lambda Inf", case("lambda", X, t, np.inf)
    yield "error: lambda is []", case("lambda", X, t, None)
    yield "error: two lambdas", case("lambda", X, t, np.array([1.0, 2.0]))
    yield "error: lambda is char", case("lambda", X, t, "1")
    yield "error: lambda is complex", case("lambda", X, t, 1j)


def examples():
    X = np.sin(np.arange(1.0, 16)).reshape((5, 3), order="F")
    return X, 1.0 + np.arange(1, 6) % 3, np.array([0.0, 1.0, 1.0, 0.0, 1.0])


def params(count):
    return np.cos(np.arange(1.0, count + 1)) / 2


def random_params(seed, layer_sizes):
    s = np.asarray(layer_sizes.vector)
    count = np.sum(s[1:] * (s[:-1] + 1))
    return np.random.RandomState([seed]).random_sample(count) * 2 * 0.12 - 0.12


def single(*arrays):
    return tuple(x.astype(np.float32) for x in arrays)
