"""Cases of displayData: the digits, grids, widths, images of zeros, every error.

The first output, the handle of the picture, is each side's own: only the picture is compared.
"""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, row

DATA = Path(__file__).parents[2] / "data"


def cases():
    X = loadmat(DATA / "digits.mat")["X"]
    Theta1 = loadmat(DATA / "weights.mat")["Theta1"]
    yield "100 digits", picture(X[::50])
    yield "one digit", picture(X[:1])
    yield "digits, 10 pixels wide", picture(X[::500], 10)
    yield "what the hidden units look for", picture(Theta1[:, 1:])
    images = np.random.RandomState([1]).uniform(-3, 3, (13, 12))
    for m in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13):
        yield f"{m} images", picture(images[:m], 3)
    for width in (1, 2, 3, 4, 6, 12):
        yield f"{width} pixels wide", picture(images, width)
    zeros = np.array(images)
    zeros[[0, 4]] = 0
    yield "two images of zeros", picture(zeros, 4)
    yield "all images are zeros", picture(np.zeros((3, 4)))
    yield "negative zeros", picture(-np.zeros((1, 4)))
    yield "the width is []", picture(images[:, :9], None)
    yield "the width is int8", picture(images, np.int8(4))
    yield "the width is 1 x 1", picture(images, np.array([[4.0]]))
    yield "X is a row", picture(np.array([[1.0, 2.0, 3.0, 4.0]]))
    yield "X is a column", picture(np.array([1.0, -2.0, 3.0]))
    yield "X is a number", picture(-2.0)
    yield "X is single", picture(images.astype(np.float32), 3)
    yield "tiny and huge values", picture(np.array([[5e-324, 0, 0, 0], [1e308, 1, -1e308, 0]]))
    yield from errors(images)


def picture(*args):
    return Case(*args, ignore=(1,))


def errors(images):
    wrong_X = {
        "char": "abcd",
        "logical": True,
        "uint8": np.ones((2, 4), np.uint8),
        "complex": images + 1j,
        "a cell": np.array([1.0, "a"], dtype=object),
        "a struct": {"X": 1.0},
        "[]": None,
        "without rows": np.zeros((0, 4)),
        "without columns": np.zeros((4, 0)),
        "of 3 dimensions": np.ones((2, 4, 3)),
        "NaN and Inf": np.array([[np.nan, 1, np.inf, 0]]),
    }
    for name, X in wrong_X.items():
        yield f"error: X is {name}", Case(X, raises="displayData:X")
    wrong_width = {
        "0": 0,
        "-4": -4,
        "1.5": 1.5,
        "NaN": np.nan,
        "Inf": np.inf,
        "two numbers": row([2.0, 6.0]),
        "complex": 4 + 1j,
        "char": "4",
        "logical": True,
        "a struct": {"width": 4.0},
        "no divisor": 5,
        "larger than the images": 24,
    }
    for name, width in wrong_width.items():
        yield f"error: the width is {name}", Case(images, width, raises="displayData:example_width")
    yield "error: no square", Case(images[:, :7], raises="displayData:example_width")
