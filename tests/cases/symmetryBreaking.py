"""Cases of symmetryBreaking: equal, different and copied units, on digits too, every error."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, row

DATA = Path(__file__).parents[2] / "data"

SMALL = (3, 5, 3)
DIGITS = (400, 25, 10)


def cases():
    yield from on_the_small_network()
    yield from on_digits()
    yield from errors()


def small_data():
    X = (np.sin(np.arange(1, 16)) / 10).reshape((5, 3), order="F")
    return X, 1.0 + np.arange(1, 6) % 3


def debug_weights(fan_out, fan_in):
    n = fan_out * (1 + fan_in)
    return np.sin(np.arange(1.0, n + 1)).reshape((fan_out, 1 + fan_in), order="F") / 10


def random_weights(fan_out, fan_in):
    return np.random.RandomState([fan_out]).uniform(-0.12, 0.12, (fan_out, 1 + fan_in))


def params(size, kinds, weights=debug_weights):
    """Unroll a network whose hidden units are of the kinds given, from 0 on."""
    inputs, _, labels = size
    Theta1 = weights(max(kinds) + 1, inputs)[kinds, :]
    Theta2 = weights(labels, max(kinds) + 1)
    Theta2 = np.hstack([Theta2[:, :1], Theta2[:, 1:][:, kinds]])
    return np.concatenate([Theta1.ravel(order="F"), Theta2.ravel(order="F")])


def on_the_small_network():
    X, y = small_data()
    p = params(SMALL, range(5))
    equal = {"zeros": np.zeros(38), "a constant": np.full(38, 0.1), "minus 2": np.full(38, -2.0)}
    for name, weights in equal.items():
        for lambda_ in (0, 1):
            start = f"small, {name}, lambda {lambda_}"
            yield f"{start}, 1 iteration", (weights, *SMALL, X, y, lambda_, 1, 1)
            yield f"{start}, 30 iterations", (weights, *SMALL, X, y, lambda_, 1, 30)
    for kinds in ([0, 1, 2, 3, 4], [0, 0, 1, 1, 1], [0, 1, 0, 2, 1], [0, 1, 2, 3, 0]):
        copies = params(SMALL, kinds)
        yield f"small, units of kinds {kinds}", (copies, *SMALL, X, y, 1, 0.5, 30)
    for i in (1, 20, 37):
        for difference in (1e-15, 1e-9, 0.5):
            weights = 0.1 + np.where(np.arange(38) == i, difference, 0)
            yield f"small, weight {i} differs by {difference}", (weights, *SMALL, X, y, 1, 0.5, 10)
    yield "small, no iterations", (p, *SMALL, X, y, 1, 0.5, 0)
    yield "small, only the numbers of units", Case(p, *SMALL, X, y, 1, 0.5, 3, nargout=1)
    yield "small, a rate of almost 0", (p, *SMALL, X, y, 1, 1e-300, 3)
    yield "small, a large rate", (p, *SMALL, 100 * X, y, 0, 30, 5)
    yield (
        "small, units that regularisation makes equal",
        (
            np.where(np.arange(38) % 5 == 4, p, 0) * (np.arange(38) >= 5) * (np.arange(38) < 20),
            *(*SMALL, 0 * X, y, 4.5, 1, 40),
        ),
    )
    yield "small, one hidden unit", (params((3, 1, 3), [0]), 3, 1, 3, X, y, 1, 0.5, 5)
    yield (
        "one unit in each layer",
        (
            np.array([0.1, 0.2, 0.3, -0.4]),
            *(1, 1, 1, X[:, 0], np.ones(5), 1, 0.5, 5),
        ),
    )
    yield "small, one example", (np.zeros(38), *SMALL, X[:1], y[:1], 0, 0.5, 5)
    yield "small, the weights a row, y a row", (row(p), *SMALL, X, row(y), 1, 0.5, 3)
    yield "small, the cost is NaN", (np.full(38, 1e4), *SMALL, X + 1, y, 0, 0.5, 3)
    yield (
        "small, weights whose differences overflow",
        (
            np.where(np.arange(38) % 2, 1.7e308, -1.7e308),
            *(*SMALL, X, y, 0, 0.5, 0),
        ),
    )
    yield (
        "small, sizes, labels, rates of other classes",
        (
            *(p, np.int8(3), np.uint8(5), np.int16(3), X, y.astype(np.uint8)),
            *(np.int32(1), np.float32(0.5), np.uint8(3)),
        ),
    )
    yield (
        "small, alpha and num_iters 1 x 1",
        (
            *(p, *SMALL, X, y, 1),
            *(np.array([[0.5]]), np.array([[2.0]])),
        ),
    )
    X32, p32 = X.astype(np.float32), p.astype(np.float32)
    yield "small, all single", (p32, *SMALL, X32, y, 1, 0.5, 3)
    yield "small, single weights", (p32, *SMALL, X, y, 1, 0.5, 3)
    yield "small, single examples, zeros", (np.zeros(38), *SMALL, X32, y, 1, 0.5, 10)


def on_digits():
    data = loadmat(DATA / "digits.mat")
    X, y = data["X"][::25], data["y"].ravel()[::25]
    n = 25 * 401 + 10 * 26
    half = [*range(12), *range(13)]
    yield "digits, zeros", (np.zeros(n), *DIGITS, X, y, 1, 1, 10)
    yield "digits, a constant", (np.full(n, 0.1), *DIGITS, X, y, 1, 1, 10)
    random = params(DIGITS, range(25), random_weights)
    yield "digits, random weights", (random, *DIGITS, X, y, 1, 1, 10)
    copies = params(DIGITS, half, random_weights)
    yield "digits, half of the units are copies", (copies, *DIGITS, X, y, 0, 1, 10)
    matrix = random.reshape((5, n // 5), order="F")
    yield "digits, the weights a matrix", (matrix, *DIGITS, X, y, 1, 1, 3)
    more = data["X"][::10], data["y"].ravel()[::10]
    yield "digits, more examples than inputs", (random, *DIGITS, *more, 1, 1, 3)
    # Without joining, Octave's units fall apart by rounding alone after 150 iterations or so.
    yield (
        "digits, zeros, 26 units, until rounding has grown",
        (*(np.zeros(26 * 401 + 10 * 27), 400, 26, 10, X, y, 1, 1, 180),),
    )


def errors():
    X, y = small_data()
    p = params(SMALL, range(5))
    wrong_number = {
        "-1": -1,
        "NaN": np.nan,
        "Inf": np.inf,
        "[]": None,
        "two numbers": np.array([1.0, 2.0]),
        "complex": 1j,
        "char": "1",
        "logical": True,
        "a struct": {"n": 1.0},
        "a cell": np.array([1.0], dtype=object),
    }
    for name, wrong in wrong_number.items():
        yield f"error: alpha is {name}", raises("alpha", p, *SMALL, X, y, 0, wrong, 1)
        yield f"error: num_iters is {name}", raises("num_iters", p, *SMALL, X, y, 0, 1, wrong)
    yield "error: alpha is 0", raises("alpha", p, *SMALL, X, y, 0, 0, 1)
    yield "error: 1.5 iterations", raises("num_iters", p, *SMALL, X, y, 0, 1, 1.5)
    for name, value in (("a NaN", np.nan), ("an Inf", np.inf)):
        wrong = np.where(np.arange(38) == 7, value, p)
        yield (
            f"error: {name} in the weights",
            raises("initial_nn_params", wrong, *SMALL, X, y, 0, 1, 1),
        )
    yield (
        "error: weights too large for single",
        raises("initial_nn_params", 1e200 * p, *SMALL, X.astype(np.float32), y, 0, 1, 1),
    )
    yield "error: weights that overflow", raises("alpha", p, *SMALL, X, y, 1e200, 1e100, 9)
    yield (
        "error: weights that overflow single",
        raises("alpha", p, *SMALL, X.astype(np.float32), y, 1e20, 1e10, 9),
    )
    own = {
        "input_layer_size": (p, 0, 5, 3, X, y, 0, 1, 1),
        "hidden_layer_size": (p, 3, None, 3, X, y, 0, 1, 1),
        "num_labels": (p, 3, 5, 1.5, X, y, 0, 1, 1),
        "nn_params": (p[1:], *SMALL, X, y, 0, 1, 1),
        "X": (p, *SMALL, X[:, 1:], y, 0, 1, 1),
        "y": (p, *SMALL, X, y + 1, 0, 1, 1),
        "lambda": (p, *SMALL, X, y, -1, 1, 1),
    }
    for name, args in own.items():
        yield f"error: nnCostFunction refuses {name}", Case(*args, raises=f"nnCostFunction:{name}")


def raises(what, *args):
    return Case(*args, raises=f"symmetryBreaking:{what}")
