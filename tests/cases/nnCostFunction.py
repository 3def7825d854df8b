"""Cases of nnCostFunction: the digits, the small network, saturated units, every error."""

from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy.io import loadmat

from backprop._octave import as_float, single_wins
from backprop.batched import BatchedCost
from lockstep import Case, Network, row

DATA = Path(__file__).parents[2] / "data"

SMALL = (3, 5, 3)
DIGITS = (400, 25, 10)

views = [Network(("a1", "a2", "h"), ("Theta1", "Theta2"), ("delta2", "delta3"))]


def unrolled(*Thetas):
    return np.concatenate([Theta.ravel(order="F") for Theta in Thetas])


def random_params(seed, size=DIGITS):
    input_layer_size, hidden_layer_size, num_labels = size
    rand = np.random.RandomState([seed]).random_sample
    n = hidden_layer_size * (input_layer_size + 1) + num_labels * (hidden_layer_size + 1)
    return rand(n) * 2 * 0.12 - 0.12


def cases():
    return {**on_digits(), **on_the_small_network(), **errors()}


def on_digits():
    data = loadmat(DATA / "digits.mat")
    weights = loadmat(DATA / "weights.mat")
    X, y = data["X"], data["y"].ravel()
    trained = unrolled(weights["Theta1"], weights["Theta2"])
    some = slice(0, None, 100)
    return {
        "digits, trained, lambda 0": (trained, *DIGITS, X, y, 0),
        "digits, trained, lambda 1": (trained, *DIGITS, X, y, 1),
        "digits, trained, lambda 3": (trained, *DIGITS, X, y, 3),
        "digits, random weights, seed 1": (random_params(1), *DIGITS, X, y, 1),
        "digits, random weights, seed 2": (random_params(2), *DIGITS, X, y, 0),
        "digits, one example": (trained, *DIGITS, X[:1], y[:1], 1),
        "digits, 50 examples": (trained, *DIGITS, X[some], y[some], 1),
        "digits, saturated units": (100 * trained, *DIGITS, X[some], y[some], 1),
        "digits, all of them saturated": (100 * trained, *DIGITS, X, y, 0),
        "digits, sizes of class uint8": (
            trained,
            400,
            np.uint8(25),
            np.uint8(10),
            X[some],
            y[some],
            1,
        ),
        "digits, single": (trained.astype(np.float32), *DIGITS, *single(X[some], y[some]), 1),
    }


def on_the_small_network():
    p, X, y = small_network()
    zeros = np.zeros(38)
    wide = np.random.RandomState([3]).uniform(-40, 40, 38)
    return {
        "small, lambda 0": (p, *SMALL, X, y, 0),
        "small, lambda 3": (p, *SMALL, X, y, 3),
        "small, lambda tiny": (p, *SMALL, X, y, 1e-300),
        "small, random weights": (random_params(4, SMALL), *SMALL, X, y, 1),
        "small, all weights zero": (zeros, *SMALL, X, y, 1),
        "small, saturated units": (100 * p, *SMALL, X, y, 0),
        "small, outputs exactly 0 or 1": (wide, *SMALL, 100 * X, y, 1),
        "small, the cost is NaN": (np.full(38, 1e4), *SMALL, X + 1, y, 1),
        "small, the cost is Inf": (infinite_cost(), *SMALL, X, np.full(5, 3.0), 0),
        "small, weights so large that squares overflow": (1e200 * p, *SMALL, X, y, 1),
        "small, infinite weights": (np.full(38, np.inf), *SMALL, X, y, 1),
        "small, a weight is NaN": (np.where(np.arange(38) == 25, np.nan, p), *SMALL, X, y, 1),
        "small, single weights too large for it": (1e200 * p, *SMALL, *single(X), y, 1),
        "small, one example": (p, *SMALL, X[:1], y[:1], 1),
        "small, only the cost": Case(p, *SMALL, X, y, 1, nargout=1),
        "small, the weights a row": (row(p), *SMALL, X, y, 1),
        "small, the weights a matrix": (p.reshape((19, 2), order="F"), *SMALL, X, y, 1),
        "small, y a row": (p, *SMALL, X, row(y), 1),
        "small, y a matrix": (p, *SMALL, X[:4], y[:4].reshape((2, 2), order="F"), 1),
        "small, y of class uint8": (p, *SMALL, X, y.astype(np.uint8), 1),
        "small, a label that never occurs": (p, *SMALL, X, np.array([1, 2, 1, 2, 1.0]), 1),
        "small, lambda of class int32": (p, *SMALL, X, y, np.int32(3)),
        "small, lambda of class single": (p, *SMALL, X, y, np.float32(0.1)),
        "small, all single": (*single(p), *SMALL, *single(X), y, np.float32(1)),
        "small, single weights": (*single(p), *SMALL, X, y, 1),
        "small, single examples": (p, *SMALL, *single(X), y, 1),
        "small, sizes of class int8": (p, *(np.int8(n) for n in SMALL), X, y, 1),
        "small, sizes as 1 x 1": (p, *(np.array([[n]]) for n in SMALL), X, y, np.array([[2.0]])),
        "one unit in each layer": (
            np.array([0.1, 0.2, 0.3, -0.4]),
            1,
            1,
            1,
            X[:, :1],
            np.ones(5),
            1,
        ),
        "one input, X a column": (random_params(5, (1, 5, 3)), 1, 5, 3, X[:, 0], y, 1),
        "a scalar X": (np.array([0.1, 0.2, 0.3, -0.4]), 1, 1, 1, 0.5, 1.0, 1),
        "two labels, many hidden units": (random_params(6, (3, 60, 2)), 3, 60, 2, X, y % 2 + 1, 1),
    }


def errors():
    p, X, y = small_network()
    with_nan = np.array(X)
    with_nan[0, 0] = np.nan
    with_inf = np.array(X)
    with_inf[1:3, 2] = [np.inf, -np.inf]
    cell = np.array(["a", 1.0], dtype=object)
    error = {
        name: partial(Case, raises=f"nnCostFunction:{name}")
        for name in (
            *("input_layer_size", "hidden_layer_size", "num_labels"),
            *("nn_params", "X", "y", "lambda"),
        )
    }
    return {
        "error: no inputs": error["input_layer_size"](p, 0, 5, 3, X, y, 0),
        "error: 2.5 inputs": error["input_layer_size"](p, 2.5, 5, 3, X, y, 0),
        "error: inputs is []": error["input_layer_size"](p, None, 5, 3, X, y, 0),
        "error: inputs is char": error["input_layer_size"](p, "3", 5, 3, X, y, 0),
        "error: no hidden units": error["hidden_layer_size"](p, 3, 0, 3, X, y, 0),
        "error: Inf hidden units": error["hidden_layer_size"](p, 3, np.inf, 3, X, y, 0),
        "error: hidden units is complex": error["hidden_layer_size"](p, 3, 5 + 1j, 3, X, y, 0),
        "error: hidden units is logical": error["hidden_layer_size"](p, 3, True, 3, X, y, 0),
        "error: two numbers of labels": error["num_labels"](p, 3, 5, np.array([3, 3]), X, y, 0),
        "error: NaN labels": error["num_labels"](p, 3, 5, np.nan, X, y, 0),
        "error: labels is a struct": error["num_labels"](p, 3, 5, {"n": 3.0}, X, y, 0),
        "error: one weight too few": error["nn_params"](p[:37], *SMALL, X, y, 0),
        "error: no weights": error["nn_params"](None, *SMALL, X, y, 0),
        "error: weights are char": error["nn_params"]("theta", *SMALL, X, y, 0),
        "error: weights are complex": error["nn_params"](p + 1j, *SMALL, X, y, 0),
        "error: weights are a cell": error["nn_params"](cell, *SMALL, X, y, 0),
        "error: X is a cell": error["X"](p, *SMALL, cell, y, 0),
        "error: X is int16": error["X"](p, *SMALL, np.ones((5, 3), np.int16), y, 0),
        "error: X is complex": error["X"](p, *SMALL, X + 1j, y, 0),
        "error: X is []": error["X"](p, *SMALL, None, None, 0),
        "error: X has no rows": error["X"](p, *SMALL, np.zeros((0, 3)), np.zeros(0), 0),
        "error: X has 2 columns": error["X"](p, *SMALL, X[:, :2], y, 0),
        "error: X is a column": error["X"](p, *SMALL, X[:, 0], y, 0),
        "error: X has 3 dimensions": error["X"](p, *SMALL, np.ones((5, 3, 2)), y, 0),
        "error: X has a NaN": error["X"](p, *SMALL, with_nan, y, 0),
        "error: X has two infinities": error["X"](p, *SMALL, with_inf, y, 0),
        "error: one label too few": error["y"](p, *SMALL, X, y[:4], 0),
        "error: y is []": error["y"](p, *SMALL, X[:1], None, 0),
        "error: y has a 0": error["y"](p, *SMALL, X, np.array([0, 1, 2, 3, 1.0]), 0),
        "error: y has a 4": error["y"](p, *SMALL, X, np.array([4, 1, 2, 3, 1.0]), 0),
        "error: y has a 1.5": error["y"](p, *SMALL, X, np.array([1.5, 1, 2, 3, 1]), 0),
        "error: y has a NaN": error["y"](p, *SMALL, X, np.array([np.nan, 1, 2, 3, 1]), 0),
        "error: y is logical": error["y"](p, *SMALL, X, np.ones(5, dtype=bool), 0),
        "error: y is char": error["y"](p, *SMALL, X, "12312", 0),
        "error: y is complex": error["y"](p, *SMALL, X, y + 1j, 0),
        "error: lambda -1": error["lambda"](p, *SMALL, X, y, -1),
        "error: lambda NaN": error["lambda"](p, *SMALL, X, y, np.nan),
        "error: lambda Inf": error["lambda"](p, *SMALL, X, y, np.inf),
        "error: lambda is []": error["lambda"](p, *SMALL, X, y, None),
        "error: two lambdas": error["lambda"](p, *SMALL, X, y, np.array([1.0, 2.0])),
        "error: lambda is char": error["lambda"](p, *SMALL, X, y, "1"),
        "error: lambda is complex": error["lambda"](p, *SMALL, X, y, 1j),
    }


def small_network():
    p = np.sin(np.arange(1, 39)) / 10
    X = (np.sin(np.arange(1, 16)) / 10).reshape((5, 3), order="F")
    y = 1.0 + np.arange(1, 6) % 3
    return p, X, y


def infinite_cost():
    """Weights whose third output is exactly 0 and whose others are exactly 1/2."""
    Theta2 = np.zeros((3, 6))
    Theta2[2, 0] = -1e4
    return unrolled(np.zeros((5, 4)), Theta2)


def single(*arrays):
    return tuple(x.astype(np.float32) for x in arrays)


def batched(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_, **options):
    """Return the cost and gradient of BatchedCost, called as nnCostFunction is."""
    X, nn_params = single_wins(as_float(X), as_float(nn_params))
    layer_sizes = [input_layer_size, hidden_layer_size, num_labels]
    return BatchedCost(X, y, layer_sizes, lambda_, **options)(nn_params)


sides = {"batched": batched}
if find_spec("threadpoolctl"):  # of the extra `fast`, without which there is one thread
    sides["batched, 3 rows, 2 threads"] = partial(batched, block_rows=3, threads=2)
