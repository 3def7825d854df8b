"""Cases of randInitializeWeights: the layers of the exercise, seeds, classes, every error."""

import numpy as np

from lockstep import Case

SIZES = ((400, 25), (25, 10), (3, 5), (1, 1), (1, 7), (7, 1))
SEEDS = (0, 1, 42, 2**32 - 1)


def cases():
    for L_in, L_out in SIZES:
        for seed in SEEDS:
            yield f"{L_in} to {L_out}, seed {seed}", Case(L_in, L_out, seed=seed)
    yield "of class int8, single", Case(np.int8(127), np.float32(2), seed=1)
    yield "as 1 x 1", Case(np.array([[3.0]]), np.array([5.0]), seed=1)
    for name, wrong in WRONG.items():
        yield f"error: L_in is {name}", Case(wrong, 5, raises="randInitializeWeights:L_in")
        yield f"error: L_out is {name}", Case(3, wrong, raises="randInitializeWeights:L_out")


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
