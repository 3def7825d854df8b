"""Cases of predict: the digits, the small network, ties, every error."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case

DATA = Path(__file__).parents[2] / "data"


def cases():
    return {**on_digits(), **on_the_small_network(), **dict(errors())}


def on_digits():
    weights = loadmat(DATA / "weights.mat")
    Theta1, Theta2 = weights["Theta1"], weights["Theta2"]
    X = loadmat(DATA / "digits.mat")["X"]
    unseen = loadmat(DATA / "digits_test.mat")["X"]
    rand = np.random.RandomState([1]).random_sample
    return {
        "digits, trained": (Theta1, Theta2, X),
        "digits it was not trained on": (Theta1, Theta2, unseen),
        "digits, one example": (Theta1, Theta2, X[1234:1235]),
        "digits, saturated units": (100 * Theta1, 100 * Theta2, unseen),
        "digits, random weights": (rand((25, 401)) - 0.5, rand((10, 26)) - 0.5, unseen),
        "digits, single": (*single(Theta1, Theta2), unseen),
    }


def on_the_small_network():
    Theta1, Theta2, X = small_network()
    zeros = np.zeros((3, 6))
    tie = np.array([-1.0, 2.0, 2.0])[:, np.newaxis] * np.ones(6)
    return {
        "small": (Theta1, Theta2, 30 * X),
        "small, one example": (Theta1, Theta2, X[:1]),
        "small, no examples": (Theta1, Theta2, X[:0]),
        "small, all outputs equal": (Theta1, zeros, X),
        "small, the last two equal": (Theta1, tie, X),
        "small, outputs that round to 1": (Theta1, 1000 * tie, X),
        "small, one label": (Theta1, Theta2[:1], X),
        "small, one input, X a column": (Theta1[:, :2], Theta2, X[:, 0]),
        "one unit in each layer": (np.array([[1.0, 2.0]]), np.array([[1.0, 2.0]]), 0.5),
        "small, single weights": (*single(Theta1, Theta2), 30 * X),
        "small, single examples": (Theta1, Theta2, *single(30 * X)),
        "products that overflow": (1e308 * np.abs(Theta1), Theta2, 1e3 * np.abs(X)),
    }


def errors():
    Theta1, Theta2, X = small_network()
    wrong_class = {
        "char": "abc",
        "logical": True,
        "int8": np.ones((5, 4), np.int8),
        "complex": np.ones((5, 4)) * 1j,
        "a cell": np.array(["a", 1.0], dtype=object),
        "a struct": {"Theta": 1.0},
    }
    for name, wrong in wrong_class.items():
        yield f"error: Theta1 is {name}", raises("Theta1", wrong, Theta2, X)
        yield f"error: Theta2 is {name}", raises("Theta2", Theta1, wrong, X)
        yield f"error: X is {name}", raises("X", Theta1, Theta2, wrong)
    yield "error: Theta1 is []", raises("Theta1", None, Theta2, X)
    yield "error: Theta1 has no rows", raises("Theta1", Theta1[:0], Theta2, X)
    yield "error: Theta1 is a column", raises("Theta1", Theta1[:, 0], Theta2, X)
    yield "error: Theta1 has 3 dimensions", raises("Theta1", np.ones((5, 4, 2)), Theta2, X)
    yield "error: Theta1 has an Inf", raises("Theta1", with_one(np.inf, Theta1), Theta2, X)
    yield "error: Theta2 is []", raises("Theta2", Theta1, None, X)
    yield "error: Theta2 has no rows", raises("Theta2", Theta1, Theta2[:0], X)
    yield "error: Theta2 has a column too few", raises("Theta2", Theta1, Theta2[:, 1:], X)
    yield "error: Theta2 has 3 dimensions", raises("Theta2", Theta1, np.ones((3, 6, 2)), X)
    yield "error: Theta2 has a NaN", raises("Theta2", Theta1, with_one(np.nan, Theta2), X)
    yield "error: X is []", raises("X", Theta1, Theta2, None)
    yield "error: X has a column too few", raises("X", Theta1, Theta2, X[:, 1:])
    yield "error: X has 3 dimensions", raises("X", Theta1, Theta2, np.ones((4, 3, 2)))
    yield "error: X has a NaN", raises("X", Theta1, Theta2, with_one(np.nan, X))


def raises(what, *args):
    return Case(*args, raises=f"predict:{what}")


def small_network():
    return tuple(
        np.sin(np.arange(1.0, rows * columns + 1)).reshape((rows, columns), order="F") / 10
        for rows, columns in ((5, 4), (3, 6), (7, 3))
    )


def with_one(value, matrix):
    matrix = np.array(matrix)
    matrix[1, 1] = value
    return matrix


def single(*arrays):
    return tuple(x.astype(np.float32) for x in arrays)
