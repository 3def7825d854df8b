"""Cases of deltaRule: linear, logistic and other units, every size, every error."""

import numpy as np

from lockstep import Case, Function

SIGMOID = Function("sigmoid"), Function("sigmoidGradient")
LINEAR = (
    Function(octave="@(h) h", python=lambda h: h),
    Function(octave="@(h) ones(size(h))", python=np.ones_like),
)
TANH = (
    Function(octave="@(h) tanh(h)", python=np.tanh),
    Function(octave="@(h) 1 - tanh(h) .^ 2", python=lambda h: 1 - np.tanh(h) ** 2),
)
CUBE = (
    Function(octave="@(h) h .* h .* h", python=np.errstate(all="ignore")(lambda h: h * h * h)),
    Function(octave="@(h) 3 * (h .* h)", python=np.errstate(all="ignore")(lambda h: 3 * (h * h))),
)
SINGLE = (
    Function(octave="@(h) single(h)", python=lambda h: h.astype(np.float32)),
    Function(octave="@(h) single(h .* h)", python=lambda h: (h * h).astype(np.float32)),
)


def weights(fan_out, fan_in):
    """Return what debugInitializeWeights does."""
    n = fan_out * (1 + fan_in)
    return np.sin(np.arange(1.0, n + 1)).reshape((fan_out, 1 + fan_in), order="F") / 10


def single(*arrays):
    return tuple(x.astype(np.float32) for x in arrays)


def cases():
    yield from on_small_data()
    yield from of_other_sizes()
    yield from errors()


def small_data():
    return weights(2, 3), 10 * weights(4, 2), np.cos(np.arange(8.0)).reshape((4, 2), order="F")


def on_small_data():
    W, X, T = small_data()
    for epochs in (0, 1, 2, 50):
        yield f"linear, {epochs} epochs", (W, X, T, 0.1, epochs)
        yield f"logistic, {epochs} epochs", (W, X, T, 0.5, epochs, *SIGMOID)
    yield "logistic, targets 0 and 1", (W, X, np.round(np.abs(T)), 2, 20, *SIGMOID)
    yield "linear, g and gPrime are []", (W, X, T, 0.1, 5, None, None)
    yield "linear, gPrime is missing and g is []", (W, X, T, 0.1, 5, None)
    yield "linear, by handles", (W, X, T, 0.1, 5, *LINEAR)
    yield "tanh", (W, X, T, 0.2, 20, *TANH)
    yield "a slope that grows", (W, X, T, 0.1, 20, *CUBE)
    yield "weights that overflow", (W, X, T, 10, 20, *CUBE)
    yield "linear, a rate too large", (W, X, T, 100, 200)
    yield "logistic, saturated units", (1000 * W, X, T, 1, 5, *SIGMOID)
    yield "a rate of almost 0", (W, X, T, 1e-300, 5, *SIGMOID)
    yield "only the weights", Case(W, X, T, 0.1, 2, nargout=1)
    yield "handles that return single", (W, X, T, 0.1, 2, *SINGLE)
    yield "handles that return single, all single", (*single(W, X, T), 0.1, 2, *SINGLE)
    yield "all single", (*single(W, X, T), 0.1, 5)
    yield "single weights, no epochs", (*single(W), X, T, 0.1, 0)
    yield "single weights", (*single(W), X, T, 0.1, 5, *SIGMOID)
    yield "single examples", (W, *single(X), T, 0.1, 5, *SIGMOID)
    yield "single targets, double handles", (W, X, *single(T), 0.1, 5, *TANH)
    yield "single targets, no epochs", (W, X, *single(T), 0.1, 0)
    yield "alpha of class int8, epochs of class uint8", (W, X, T, np.int8(1), np.uint8(2), *SIGMOID)
    yield "alpha of class single", (W, X, T, np.float32(0.1), 2)
    yield "alpha and epochs 1 x 1", (W, X, T, np.array([[0.1]]), np.array([[2.0]]))


def of_other_sizes():
    W, X, T = small_data()
    random = np.random.RandomState([1])
    wide = random.uniform(-0.1, 0.1, (10, 41)), random.uniform(0, 1, (30, 40))
    yield "one output", (W[:1], X, T[:, 0], 0.1, 5, *SIGMOID)
    yield "one output, linear", (W[1:], X, T[:, 1], 0.1, 5)
    yield "one input", (W[:, :2], X[:, 0], T, 0.1, 5, *SIGMOID)
    yield "one input, one output, one example", (W[:1, :2], 0.5, 0.25, 0.1, 5, *SIGMOID)
    yield "one example", (W, X[:1], T[:1], 0.1, 5, *SIGMOID)
    yield "one example, linear", (W, X[:1], T[:1], 0.1, 1)
    yield "40 inputs, 10 outputs", (*wide, random.uniform(0, 1, (30, 10)), 0.05, 10, *SIGMOID)
    yield "40 inputs, 10 outputs, linear", (*wide, random.uniform(0, 1, (30, 10)), 0.05, 10)
    yield "zeros everywhere", (0 * W, 0 * X, 0 * T, 0.1, 2)


def errors():
    W, X, T = small_data()
    wrong_class = {
        "char": "abc",
        "logical": True,
        "int8": np.ones((4, 3), np.int8),
        "complex": np.ones((4, 3)) * 1j,
        "a cell": np.array(["a", 1.0], dtype=object),
        "a struct": {"W": 1.0},
        "a handle": LINEAR[0],
    }
    for name, wrong in wrong_class.items():
        yield f"error: W is {name}", raises("W", wrong, X, T, 0.1, 1)
        yield f"error: X is {name}", raises("X", W, wrong, T, 0.1, 1)
        yield f"error: T is {name}", raises("T", W, X, wrong, 0.1, 1)
    yield "error: W is []", raises("W", None, X, T, 0.1, 1)
    yield "error: W has no rows", raises("W", W[:0], X, T[:, :0], 0.1, 1)
    yield "error: W is a column", raises("W", W[:, 0], X, T, 0.1, 1)
    yield "error: W has 3 dimensions", raises("W", np.ones((2, 4, 2)), X, T, 0.1, 1)
    yield "error: X is []", raises("X", W, None, T, 0.1, 1)
    yield "error: X has no rows", raises("X", W, X[:0], T[:0], 0.1, 1)
    yield "error: X has a column too few", raises("X", W, X[:, 1:], T, 0.1, 1)
    yield "error: X has 3 dimensions", raises("X", W, np.ones((4, 3, 2)), T, 0.1, 1)
    yield "error: T is []", raises("T", W, X, None, 0.1, 1)
    yield "error: T has a row too few", raises("T", W, X, T[1:], 0.1, 1)
    yield "error: T has a column too few", raises("T", W, X, T[:, 0], 0.1, 1)
    yield "error: T is transposed", raises("T", W, X, T.T, 0.1, 1)
    yield "error: T has 3 dimensions", raises("T", W, X, np.ones((4, 2, 2)), 0.1, 1)
    for value in (np.nan, np.inf, -np.inf):
        yield f"error: W has a {value}", raises("W", with_one(value, W), X, T, 0.1, 1)
        yield f"error: X has a {value}", raises("X", W, with_one(value, X), T, 0.1, 1)
        yield f"error: T has a {value}", raises("T", W, X, with_one(value, T), 0.1, 1)
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
        yield f"error: alpha is {name}", raises("alpha", W, X, T, wrong, 1)
        yield f"error: num_epochs is {name}", raises("num_epochs", W, X, T, 0.1, wrong)
    yield "error: alpha is 0", raises("alpha", W, X, T, 0, 1)
    yield "error: 1.5 epochs", raises("num_epochs", W, X, T, 0.1, 1.5)
    yield from errors_of_handles(W, X, T)


def errors_of_handles(W, X, T):
    g, gPrime = SIGMOID
    yield "error: g alone", raises("gPrime", W, X, T, 0.1, 1, g)
    yield "error: g, and gPrime is []", raises("gPrime", W, X, T, 0.1, 1, g, None)
    yield "error: gPrime alone", raises("gPrime", W, X, T, 0.1, 1, None, gPrime)
    for name, wrong in {"char": "sigmoid", "a number": 1.0, "a struct": {"g": 1.0}}.items():
        yield f"error: g is {name}", raises("g", W, X, T, 0.1, 1, wrong, gPrime)
        yield f"error: gPrime is {name}", raises("gPrime", W, X, T, 0.1, 1, g, wrong)
    returns = {
        "one number": ("1", lambda h: 1.0),
        "[]": ("[]", lambda h: None),
        "a column too many": ("[h h]", lambda h: np.column_stack([h, h])),
        "its transpose": ("h'", lambda h: np.atleast_2d(h.T)),
        "3 dimensions": ("cat(3, h, h)", lambda h: np.dstack([h, h]).reshape((len(h), -1, 2))),
        "a logical": ("h > 0", lambda h: h > 0),
        "an int32": ("int32(h)", lambda h: np.round(h).astype(np.int32)),
        "complex numbers": ("1i * h", lambda h: 1j * h),
        "char": ("'a'", lambda h: "a"),
        "a cell": ("{h, 'a'}", lambda h: [h, "a"]),
    }
    for name, (octave, python) in returns.items():
        wrong = Function(octave=f"@(h) {octave}", python=python)
        yield f"error: g returns {name}", raises("g", W, X, T, 0.1, 1, wrong, gPrime)
        yield f"error: gPrime returns {name}", raises("gPrime", W, X, T, 0.1, 1, g, wrong)


def raises(what, *args):
    return Case(*args, raises=f"deltaRule:{what}")


def with_one(value, matrix):
    matrix = np.array(matrix)
    matrix[1, 1] = value
    return matrix
