"""Cases of checkNNGradients: some lambdas, every error."""

import numpy as np

from lockstep import Case

LAMBDAS = (0, 1, 3, 0.5, 100, 1e-300, np.int8(3), np.float32(0.1), np.array([[2.0]]))
WRONG = {
    "-1": -1,
    "NaN": np.nan,
    "Inf": np.inf,
    "two numbers": np.array([1.0, 2.0]),
    "complex": 1j,
    "char": "1",
    "logical": True,
    "a struct": {"lambda": 1.0},
    "a cell": np.array([1.0], dtype=object),
}


def cases():
    yield "lambda is missing", ()
    yield "lambda is []", (None,)
    for lambda_ in LAMBDAS:
        name = f"lambda is {np.ravel(lambda_)[0]:g}, {type(lambda_).__name__}"
        yield name, (lambda_,)
    yield "only the relative difference", Case(3, nargout=1)
    for name, wrong in WRONG.items():
        yield f"error: lambda is {name}", Case(wrong, raises="checkNNGradients:lambda")
