"""Cases of trainNeuralNetwork: depths, options, early stops, digits, every error but a file's.

None saves to a file, which the other side would go on from: tests/backprop does.
"""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, Function, row

DATA = Path(__file__).parents[2] / "data"
FEW = {"rounds": 2, "iterations": 5}
WRONG_NUMBERS = {
    "-1": -1,
    "NaN": np.nan,
    "Inf": np.inf,
    "two numbers": np.array([1.0, 2.0]),
    "complex": 1j,
    "char": "1",
    "logical": True,
    "a struct": {"n": 1.0},
    "a cell": np.array([1.0], dtype=object),
}


def cases():
    return {**dict(networks()), **dict(options()), **dict(errors())}


def examples(labels):
    """Return 20 examples of 3 inputs, with labels 0 and 1, or 1 to 3."""
    X = np.sin(np.arange(1.0, 61)).reshape((20, 3), order="F")
    return X, np.arange(20.0) % 2 if labels == 1 else 1 + np.arange(20.0) % labels


def networks():
    """Yield cases by network and by examples."""
    for sizes in (
        [3, 5, 3],
        [3, 4, 5, 3],
        [3, 2, 2, 2, 3],
        [3, 3],
        [3, 1],
        [3, 5, 1],
        [3, 4, 2, 1],
    ):
        name = "-".join(map(str, sizes))
        yield f"network {name}", (*examples(sizes[-1]), row(sizes), FEW)
    X, y = examples(3)
    sizes = row([3, 5, 3])
    yield "y a row", (X, row(y), sizes, FEW)
    fitted = {"rounds": 1, "iterations": 40, "lambda": 0}
    yield "y a matrix", (10 * X, y.reshape((5, 4), order="F"), sizes, fitted)
    yield "y uint8", (X, y.astype(np.uint8), sizes, FEW)
    yield "y logical", (X, y == 2, row([3, 5, 1]), FEW)
    yield "layer_sizes a column of class int8", (X, y, np.array([3, 5, 3], np.int8), FEW)
    yield "X single", (X.astype(np.float32), y, sizes, {"rounds": 1, "iterations": 3})
    yield "one example", (X[:1], y[:1], sizes, FEW)
    yield "X a column", (X[:, 0], y, row([1, 3]), FEW)
    yield "NaN as the cost", (1e4 * X, y, row([3, 3]), FEW)
    digits = loadmat(DATA / "digits.mat")
    X, y = digits["X"][::10], digits["y"][::10]
    yield "500 digits", (X, y, row([400, 25, 10]), FEW)


def options():
    """Yield cases by options."""
    X, y = examples(3)
    for name, option in {
        "lambda 0": {"lambda": 0},
        "lambda int8": {"lambda": np.int8(3)},
        "lambda that leaves nothing to learn": {"lambda": 1e300},
        "lambda []": {"lambda": None},
        "one iteration": {"iterations": 1},
        "counts of integer class": {"rounds": np.uint8(2), "iterations": np.int32(3)},
        "seed 0": {"seed": 0},
        "the largest seed": {"seed": 2**32 - 1},
        "without the check": {"checkGradient": False},
        "the check as a number": {"checkGradient": 1},
        "no file": {"file": ""},
        "stopBelow, early": {"stopBelow": 100},
        "stopBelow, late": {"rounds": 9, "stopBelow": 0.05},
        "stopBelow []": {"stopBelow": None},
        "stop by round": {
            "rounds": 9,
            "stop": Function(octave="@(round, J) round == 3", python=lambda round, J: round == 3),
        },
        "stop by cost, late": {
            "rounds": 9,
            "stop": Function(octave="@(round, J) J < 1.90576", python=lambda round, J: J < 1.90576),
        },
        "stop by cost": {
            "rounds": 9,
            "stop": Function(octave="@(round, J) J < 1.95", python=lambda round, J: J < 1.95),
        },
    }.items():
        yield name, (X, y, row([3, 5, 3]), {**FEW, **option})
    yield "only the weights", Case(X, y, row([3, 5, 3]), FEW, nargout=1)
    yield "rounds by default", (X, y, row([3, 5, 3]), {"iterations": 1})
    yield "iterations by default", (X, y, row([3, 5, 3]), {"rounds": 1})
    yield "options {}", (X[:4], y[:4], row([3, 3]), {})
    yield "options []", (X[:4], y[:4], row([3, 3]), None)
    yield "options are missing", (X[:4], y[:4], row([3, 3]))


def errors():
    """Yield a case for every error."""
    X, y = examples(3)
    sizes = row([3, 5, 3])
    for name, wrong in {
        "one number": 3,
        "[]": None,
        "with a 0": row([3, 0, 3]),
        "with 1.5": row([3, 1.5, 3]),
        "with Inf": row([3, np.inf, 3]),
        "a matrix": np.ones((2, 2)),
        "char": "353",
        "complex": np.array([3, 1j]),
    }.items():
        yield f"layer_sizes {name}", raises("layer_sizes", X, y, wrong)
    for name, wrong in {
        "a number": 5.0,
        "char": "rounds",
        "a cell": np.array([1.0, 2.0], dtype=object),
        "with an unknown field": {"round": 2},
        "with lambda_": {"lambda_": 2},
    }.items():
        yield f"options {name}", raises("options", X, y, sizes, wrong)
    for field in ("lambda", "rounds", "iterations", "seed", "stopBelow"):
        for name, wrong in WRONG_NUMBERS.items():
            yield f"{field} is {name}", raises("options", X, y, sizes, {field: wrong})
    for field, wrong in {
        "rounds": (0, 1.5),
        "iterations": (0, 1.5),
        "seed": (0.5, 2**32),
        "file": ("run.txt", ".mat", "run.mat.", 5.0, True, np.array(["a.mat"], dtype=object)),
        "checkGradient": (2, np.nan, "1", np.array([True, False]), {"a": 1.0}),
        "stop": (True, 5.0, "stop", {"a": 1.0}),
    }.items():
        for value in wrong:
            yield f"{field} is {value!r}", raises("options", X, y, sizes, {field: value})
    for name, raised, args in (
        ("K = 2", "multilayerCostFunction:layer_sizes", (X, y, row([3, 2]))),
        ("X char", "multilayerCostFunction:X", ("abc", y, sizes)),
        ("X logical", "multilayerCostFunction:X", (X > 0, y, sizes)),
        ("X empty", "multilayerCostFunction:X", (X[:0], y[:0], sizes)),
        ("X too wide", "multilayerCostFunction:X", (X, y, row([2, 5, 3]))),
        ("X with NaN", "multilayerCostFunction:X", (X * np.nan, y, sizes)),
        ("y too short", "multilayerCostFunction:y", (X, y[1:], sizes)),
        ("y with a 0", "multilayerCostFunction:y", (X, y - 1, sizes)),
    ):
        yield name, Case(*args, raises=raised)


def raises(what, *args):
    return Case(*args, raises=f"trainNeuralNetwork:{what}")
