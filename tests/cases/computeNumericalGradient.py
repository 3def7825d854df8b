"""Cases of computeNumericalGradient: known functions, the network, odd costs, every error."""

import numpy as np

from backprop.rand import rand
from backprop.randperm import randperm
from lockstep import Case, Function, row

A = np.cos(np.arange(1.0, 17)).reshape((4, 4), order="F")
SQUARES = Function(octave="@(t) sum(t(:) .^ 2)", python=lambda t: np.sum(np.ravel(t, "F") ** 2))
QUADRATIC = Function(octave="@(t) t' * A * t / 2", python=lambda t: t @ A @ t / 2, A=A)
CURVED = Function(
    octave="@(t) sum(exp(t) .* sin(t))", python=lambda t: np.sum(np.exp(t) * np.sin(t))
)
PICKED = Function(
    octave="@(t) 3 * t(2, 1) + t(1, 3) ^ 2", python=lambda t: 3 * t[1, 0] + t[0, 2] ** 2
)
RANDOM = Function(
    octave="@(t) sum(rand(3, 1) .* t) + randperm(9, 1)",
    python=lambda t: np.sum(rand(3, 1)[:, 0] * t) + randperm(9, 1)[0],
)


def network(lambda_):
    X = (np.sin(np.arange(1, 16)) / 10).reshape((5, 3), order="F")
    return Function("nnCostFunction", 3, 5, 3, X, 1.0 + np.arange(1, 6) % 3, lambda_)


def constant(octave, python):
    return Function(octave=f"@(t) {octave}", python=lambda t: python)


def raises(J, theta, what):
    return Case(J, theta, raises=f"computeNumericalGradient:{what}")


p = np.sin(np.arange(1, 39)) / 10

cases = {
    "squares, one number": (SQUARES, 3.0),
    "squares, a column": (SQUARES, np.array([1.0, -2.0, 0.0, 0.5])),
    "squares, a row": (SQUARES, row([1.0, -2.0, 0.0])),
    "squares, a matrix": (SQUARES, A),
    "squares, three dimensions": (SQUARES, np.arange(24.0).reshape((2, 3, 4))),
    "squares, far from 0": (SQUARES, np.array([1e6, -1e9])),
    "squares, further than the step is wide": (SQUARES, np.array([1e20])),
    "squares, single": (SQUARES, np.array([1.0, 2.0], np.float32)),
    "a quadratic function": (QUADRATIC, np.array([1.0, 2.0, 3.0, 4.0])),
    "a curved function": (CURVED, np.linspace(-2, 2, 9)),
    "elements of a matrix, in their places": (PICKED, np.ones((2, 3))),
    "the small network, lambda 0": (network(0), p),
    "the small network, lambda 3": (network(3), p),
    "J draws random numbers, rand and randperm in turn": Case(RANDOM, np.ones(3), seed=42),
    "the cost is NaN": (constant("NaN", np.nan), np.ones(2)),
    "the cost is Inf: Inf - Inf": (constant("Inf", np.inf), np.ones(2)),
    "the cost is single": (constant("single(1)", np.float32(1)), np.ones(2)),
    "the cost overflows": (
        Function(octave="@(t) 1e308 * sign(t - 1)", python=lambda t: 1e308 * np.sign(t - 1)),
        1.0,
    ),
    "error: J is char": raises("sum", np.ones(2), "J"),
    "error: J is a number": raises(1.0, np.ones(2), "J"),
    "error: J is []": raises(None, np.ones(2), "J"),
    "error: J is a struct": raises({"f": 1.0}, np.ones(2), "J"),
    "error: theta is logical": raises(SQUARES, True, "theta"),
    "error: theta is char": raises(SQUARES, "ab", "theta"),
    "error: theta is int32": raises(SQUARES, np.ones(2, np.int32), "theta"),
    "error: theta is complex": raises(SQUARES, np.ones(2) + 1j, "theta"),
    "error: theta is a cell": raises(SQUARES, np.array([1.0], dtype=object), "theta"),
    "error: theta is []": raises(SQUARES, None, "theta"),
    "error: theta has no rows": raises(SQUARES, np.zeros((0, 3)), "theta"),
    "error: J returns two numbers": raises(constant("[1 2]", np.arange(1.0, 3)), np.ones(2), "J"),
    "error: J returns []": raises(constant("[]", None), np.ones(2), "J"),
    "error: J returns a logical": raises(constant("true", True), np.ones(2), "J"),
    "error: J returns an int8": raises(constant("int8(1)", np.int8(1)), np.ones(2), "J"),
    "error: J returns a complex number": raises(constant("1i", 1j), np.ones(2), "J"),
    "error: J returns char": raises(constant("'a'", "a"), np.ones(2), "J"),
}
