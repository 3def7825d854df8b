"""Cases of debugInitializeWeights: small and large layers, classes, every error."""

import numpy as np

from lockstep import Case

SIZES = ((5, 3), (3, 5), (5, 2), (1, 1), (1, 7), (7, 1), (25, 400))


def cases():
    for fan_out, fan_in in SIZES:
        yield f"{fan_out} from {fan_in}", (fan_out, fan_in)
    yield "of class int8, single", (np.int8(100), np.float32(2))
    yield "as 1 x 1", (np.array([[5.0]]), np.array([3.0]))
    for name, wrong in WRONG.items():
        yield f"error: fan_out is {name}", Case(wrong, 5, raises="debugInitializeWeights:fan_out")
        yield f"error: fan_in is {name}", Case(3, wrong, raises="debugInitializeWeights:fan_in")


WRONG = {
    "0": 0,
    "-1": -1,
    "2.5": 2.5,
    "NaN": np.nan,
    "Inf": np.inf,
    "[]": None,
    "two numbers": np.array([3.0, 5.0]),
    "complex": 3 + 1j,
    "char": "3",
    "logical": True,
    "a struct": {"n": 3.0},
    "a cell": np.array([3.0], dtype=object),
}
