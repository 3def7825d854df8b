"""Cases of stepByStepExample: the lecture's step, more rounds, other rates, every error."""

import numpy as np

from lockstep import Case, Chain

ROUNDS = (0, 1, 2, 10, 500)
RATES = (0.5, 0.1, 3, 1e-300)
WRONG = {
    "NaN": np.nan,
    "Inf": np.inf,
    "-1": -1,
    "two numbers": np.array([1.0, 2.0]),
    "complex": 1j,
    "char": "1",
    "logical": True,
    "a struct": {"n": 1.0},
    "a cell": np.array([1.0], dtype=object),
}

views = [Chain("values.E", f"w({i})", beside=f"values.dE_dw{i}") for i in (5, 1)]


def cases():
    yield "no arguments", ()
    yield "both are []", (None, None)
    yield "rate is missing", (3,)
    yield "num_rounds is []", (None, 0.25)
    yield "new weights, no rounds", (0, 0.5, True)
    yield "new weights, one round: the published error", (1, 0.5, True)
    yield "new weights, 100 rounds", (100, 0.5, True)
    yield "old weights by name", (3, 0.5, False)
    yield "use_new is []", (3, 0.5, None)
    yield "use_new of class uint8", (3, 0.5, np.uint8(1))
    yield "2,000 rounds", (2000, 0.5)
    yield "only the values", Case(2, 0.5, nargout=1)
    for num_rounds in ROUNDS:
        for rate in RATES:
            yield f"{num_rounds} rounds, rate {rate}", (num_rounds, rate)
    yield "a rate that saturates the units", (20, 1e4)
    yield "a rate that overflows the weights", (3, 1.7e308)
    yield "num_rounds of class int8", (np.int8(127), 0.5)
    yield "num_rounds of class single", (np.float32(4), 0.5)
    yield "rate of class uint8", (2, np.uint8(3))
    yield "rate of class single", (2, np.float32(0.1))
    yield "both 1 x 1", (np.array([[2.0]]), np.array([[0.5]]))
    yield "error: 1.5 rounds", Case(1.5, 0.5, raises="stepByStepExample:num_rounds")
    yield "error: rate is 0", Case(1, 0, raises="stepByStepExample:rate")
    wrong_flags = {**WRONG, "2": 2, "logical": np.array([True, False])}
    for name, wrong in wrong_flags.items():
        yield f"error: use_new is {name}", Case(1, 0.5, wrong, raises="stepByStepExample:use_new")
    for name, wrong in WRONG.items():
        yield f"error: num_rounds is {name}", Case(wrong, raises="stepByStepExample:num_rounds")
        yield f"error: rate is {name}", Case(1, wrong, raises="stepByStepExample:rate")
