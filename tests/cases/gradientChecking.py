"""Cases of gradientChecking: right gradients, one and many wrong ones, NaN, every error."""

import numpy as np

from lockstep import Case, Function, row

X = np.sin(np.arange(1.0, 16)).reshape((5, 3), order="F")
Y = np.array([2.0, 3.0, 1.0, 2.0, 3.0])
T = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
WEIGHTS = np.array([0.5, -0.25, 1.5, 2.0, -1.0, 0.125, -3.0, 0.75, 1.0, -2.0, 0.3, 0.7, -0.9])
SIZES = row([2, 3, 1])


def network(layer_sizes, y, lambda_):
    return Function("multilayerCostFunction", layer_sizes, X, y, lambda_)


def squares(error):
    """Half the sum of squares, of which p is the gradient, and p + error, which is wrong."""
    return Function(
        octave="@(p) {sum(p .^ 2) / 2, p + error_}{:}",
        python=lambda p: (np.sum(p**2) / 2, p + error),
        error_=error,
    )


def returning(octave, python):
    return Function(octave=f"@(p) {{{octave}}}{{:}}", python=lambda p: python)


def one(index, error):
    return squares(np.where(np.arange(1, 14) == index, error, 0.0))


def params(count):
    return np.cos(np.arange(1.0, count + 1)) / 2


def raises(what, *args):
    return Case(*args, raises=what)


BINARY = row([3, 4, 2, 1])
DEEP = row([3, 4, 4, 3])
COST = "gradientChecking:costFunction"
GRADIENT = np.ones(13)

cases = {
    "four layers, one output, lambda 0": (network(BINARY, T, 0), params(29), BINARY),
    "four layers, one output, lambda 3": (network(BINARY, T, 3), params(29), BINARY),
    "four layers, three outputs": (network(DEEP, Y, 1), params(51), DEEP),
    "logistic regression": (network(row([3, 1]), T, 1), params(4), row([3, 1])),
    "one wrong: the first": (one(1, 0.5), WEIGHTS, SIZES),
    "one wrong: a bias": (one(3, -0.5), WEIGHTS, SIZES),
    "one wrong: the last of the first layer": (one(9, 1e-3), WEIGHTS, SIZES),
    "one wrong: the bias of the output": (one(10, 100.0), WEIGHTS, SIZES),
    "one wrong: the last": (one(13, -1e6), WEIGHTS, SIZES),
    "all wrong, each in its own way": (squares(1.0 + np.arange(13) % 5), WEIGHTS, SIZES),
    "all wrong, larger and larger": (squares(np.arange(1.0, 14)), WEIGHTS, SIZES),
    "a gradient of NaN": (one(7, np.nan), WEIGHTS, SIZES),
    "two of NaN and one of Inf": (
        squares(np.array([0, 9, np.inf, 0, np.nan, 0, np.nan, 0, 0, 0, 0, 0, 0])),
        WEIGHTS,
        SIZES,
    ),
    "the cost is NaN": (returning("NaN, ones(13, 1)", (np.nan, GRADIENT)), WEIGHTS, SIZES),
    "both are 0: 0 / 0": (returning("7, zeros(13, 1)", (7.0, 0 * GRADIENT)), WEIGHTS, SIZES),
    "the gradient a row": (returning("7, ones(1, 13)", (7.0, GRADIENT)), WEIGHTS, SIZES),
    "the gradient single": (
        returning("7, single(ones(13, 1))", (7.0, GRADIENT.astype(np.float32))),
        WEIGHTS,
        SIZES,
    ),
    "the weights a row": (one(5, 0.5), row(WEIGHTS), SIZES),
    "the weights a matrix": (
        squares(np.array([0, 0, 0.5, 0])),
        np.outer(params(2), [1.0, 3.0]),
        row([1, 2]),
    ),
    "the gradient a matrix": (
        returning("7, [1 4; 2 3]", (7.0, np.array([[1.0, 4.0], [2.0, 3.0]]))),
        params(4),
        row([1, 2]),
    ),
    "the weights single": (one(5, 0.5), WEIGHTS.astype(np.float32), SIZES),
    "layer_sizes a column of class uint8": (one(5, 0.5), WEIGHTS, np.array([2, 3, 1], np.uint8)),
    "only the difference": Case(one(5, 0.5), WEIGHTS, SIZES, nargout=1),
    "error: costFunction is char": raises(COST, "multilayerCostFunction", WEIGHTS, SIZES),
    "error: costFunction is a number": raises(COST, 1.0, WEIGHTS, SIZES),
    "error: costFunction is []": raises(COST, None, WEIGHTS, SIZES),
    "error: costFunction is a struct": raises(COST, {"f": 1.0}, WEIGHTS, SIZES),
    "error: the gradient is too short": raises(COST, returning("7, 1", (7.0, 1.0)), WEIGHTS, SIZES),
    "error: the gradient is []": raises(COST, returning("7, []", (7.0, None)), WEIGHTS, SIZES),
    "error: the gradient is complex": raises(COST, returning("7, 1i", (7.0, 1j)), WEIGHTS, SIZES),
    "error: the gradient is logical": raises(
        COST, returning("7, true", (7.0, True)), WEIGHTS, SIZES
    ),
    "error: the gradient is char": raises(COST, returning("7, 'a'", (7.0, "a")), WEIGHTS, SIZES),
    "error: two costs": raises(
        "computeNumericalGradient:J",
        returning("[1 2], ones(13, 1)", (np.ones(2), GRADIENT)),
        WEIGHTS,
        SIZES,
    ),
    "error: one weight too few": raises(
        "reshapeParameters:nn_params", one(1, 0.5), WEIGHTS[1:], SIZES
    ),
    "error: weights are logical": raises(
        "reshapeParameters:nn_params", one(1, 0.5), WEIGHTS > 0, SIZES
    ),
    "error: one layer": raises("reshapeParameters:layer_sizes", one(1, 0.5), WEIGHTS, 13.0),
    "error: layer_sizes is []": raises("reshapeParameters:layer_sizes", one(1, 0.5), WEIGHTS, None),
}
