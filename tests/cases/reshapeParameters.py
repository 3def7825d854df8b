"""Cases of reshapeParameters: networks of some depths, classes and shapes, every error."""

import numpy as np

from lockstep import Case, row

P = np.sin(np.arange(1.0, 101))
THIRTEEN = np.arange(1.0, 14)


def cases():
    rand = np.random.RandomState([1]).random_sample
    for layer_sizes in ([1, 1], [99, 1], [1, 50], [2, 3, 1], [3, 5, 10, 1, 1], [4, 3, 3, 3, 3]):
        yield f"layer_sizes = {layer_sizes}", (first(layer_sizes), row(layer_sizes))
    yield "digits", (rand(10285), row([400, 25, 10]))
    yield "layer_sizes a column", (THIRTEEN, np.array([2.0, 3.0, 1.0]))
    yield "layer_sizes of class int8", (THIRTEEN, np.array([2, 3, 1], np.int8))
    yield (
        "layer_sizes of class uint8 whose products exceed it",
        (
            np.zeros(40 * 201),
            row(np.array([200, 40], np.uint8)),
        ),
    )
    yield "layer_sizes of class single", (THIRTEEN, np.array([2, 3, 1], np.float32))
    yield "the weights a row", (row(THIRTEEN), row([2, 3, 1]))
    yield "the weights a matrix", (P[:20].reshape((5, 4), order="F"), row([3, 5]))
    yield "the weights single", (THIRTEEN.astype(np.float32), row([2, 3, 1]))
    yield "weights NaN, Inf and -0", (np.array([np.nan, np.inf, -0.0]), row([2, 1]))
    for name, wrong in WRONG_SIZES.items():
        yield f"error: layer_sizes is {name}", raises("layer_sizes", THIRTEEN, wrong)
    for name, wrong in WRONG_PARAMS.items():
        yield f"error: nn_params is {name}", raises("nn_params", wrong, row([2, 3, 1]))


WRONG_SIZES = {
    "[]": None,
    "one number": 3.0,
    "a vector of one": row([12.0]),
    "a matrix": np.array([[2.0, 3.0], [1.0, 1.0]]),
    "in the third dimension": np.ones((1, 1, 2)),
    "with a 0": row([2, 0, 1]),
    "negative": row([2, -3, 1]),
    "with a 1.5": row([2, 1.5, 1]),
    "with a NaN": row([2, np.nan]),
    "with an Inf": row([2, np.inf]),
    "char": "231",
    "logical": row([True, True]),
    "complex": row([2, 3j]),
    "a cell": np.array([2.0, 3.0, 1.0], dtype=object),
    "a struct": {"s": 2.0},
}
WRONG_PARAMS = {
    "[]": None,
    "one too short": THIRTEEN[1:],
    "one too long": np.append(THIRTEEN, 0),
    "char": "abcdefghijklm",
    "logical": THIRTEEN > 3,
    "int32": THIRTEEN.astype(np.int32),
    "complex": THIRTEEN * 1j,
    "a cell": np.array([1.0, 2.0], dtype=object),
    "a struct": {"Theta1": 1.0},
}


def first(layer_sizes):
    """As many numbers as the network has weights."""
    return P[: sum(layer_sizes[1:]) + np.dot(layer_sizes[1:], layer_sizes[:-1])]


def raises(what, *args):
    return Case(*args, raises=f"reshapeParameters:{what}")
