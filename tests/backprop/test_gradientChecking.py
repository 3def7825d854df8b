"""gradientChecking names the parameter that is wrong, and finds nothing where none is."""

from itertools import pairwise

import numpy as np
import pytest

from backprop import gradientChecking, multilayerCostFunction, reshapeParameters

BINARY, DEEP = [3, 4, 2, 1], [3, 4, 4, 3]


def network(layer_sizes, lambda_=1):
    """Return a cost function and weights."""
    random = np.random.default_rng(1)
    X = random.normal(size=(5, layer_sizes[0]))
    y = [0, 1, 1, 0, 1] if layer_sizes[-1] == 1 else [1, 2, 3, 1, 2]
    p = random.normal(size=sum(units * (inputs + 1) for inputs, units in pairwise(layer_sizes)))
    return lambda p: multilayerCostFunction(p, layer_sizes, X, y, lambda_), p


def with_error(f, index, error):
    """Return `f` with `error` added to one element of its gradient, counted from 1."""

    def wrong(p):
        J, grad = f(p)
        grad[index - 1] += error
        return J, grad

    return wrong


def printed(capsys, *args):
    result = gradientChecking(*args)
    return capsys.readouterr().out.splitlines(), result


@pytest.mark.parametrize("lambda_", [0, 3])
@pytest.mark.parametrize("layer_sizes", [[3, 1], [3, 3], BINARY, DEEP], ids=str)
def test_a_right_gradient(layer_sizes, lambda_):
    f, p = network(layer_sizes, lambda_)
    _, grad = f(p)

    difference, worst, gradApprox = gradientChecking(f, p, layer_sizes)

    # The error of a difference quotient with step 1e-4: 1e-8 / 6 times the third derivative, and
    # rounding of a cost near 2 over the step, 4e-12. Measured: at most 2e-10 for
    # an element, and 4e-10 for the relative difference.
    np.testing.assert_allclose(gradApprox, grad, rtol=0, atol=5e-9)
    assert difference < 1e-9
    gap = np.abs(gradApprox - grad)
    assert abs(worst["gradApprox"] - worst["DVec"]) == np.max(gap) == gap[worst["index"] - 1]


@pytest.mark.parametrize("layer_sizes", [BINARY, DEEP], ids=str)
def test_each_wrong_parameter_is_named(layer_sizes):
    f, p = network(layer_sizes)
    Numbers = reshapeParameters(np.arange(1, p.size + 1), layer_sizes)
    for index in range(1, p.size + 1):
        error = 0.01 * (-1) ** index
        difference, worst, _ = gradientChecking(with_error(f, index, error), p, layer_sizes)
        assert difference > 1e-4
        assert worst["index"] == index
        assert Numbers[worst["layer"] - 1][worst["unit"] - 1, worst["input"]] == index
        assert worst["DVec"] - worst["gradApprox"] == pytest.approx(error, abs=5e-9)


def test_a_forgotten_rule_shows_in_the_difference():
    f, p = network(DEEP, lambda_=3)
    g, _ = network(DEEP, lambda_=0)
    difference, worst, _ = gradientChecking(lambda p: (f(p)[0], g(p)[1]), p, DEEP)
    assert difference > 0.01
    assert worst["input"] > 0  # the biases are not regularised


def test_the_text(capsys):
    f, p = network(BINARY)
    lines, (difference, *_) = printed(capsys, with_error(f, 22, 0.5), p, BINARY)
    assert len(lines) == 14
    assert lines[0] == "  gradApprox             DVec  weight"
    left, right, name = lines[1].split(maxsplit=2)
    assert float(right) - float(left) == pytest.approx(0.5, abs=2e-8)
    assert name == "Theta2: unit 2, input 2"
    assert lines[12].startswith("Shown are 10 of 29 weights, the furthest apart first")
    assert lines[13].startswith(f"Relative difference: {difference:g} (below 1e-9")


SQUARES = {  # the same lines stand in the tests of gradientChecking.m
    "the text of two columns, the worst first": (
        lambda p: (p @ p / 2, np.add(p, [0, 0, 0.25, -1.5])),
        [0.5, 1.0, -2.0, 3.0],
        [
            "  gradApprox             DVec  weight",
            "  3.00000000       1.50000000  Theta1: unit 1, input 3",
            " -2.00000000      -1.75000000  Theta1: unit 1, input 2",
        ],
    ),
    "NaN": (
        lambda p: (p @ p / 2, np.where(p == 1, np.nan, p + 9)),
        [0.5, 1.0, -2.0, 3.0],
        [
            "  gradApprox             DVec  weight",
            "  1.00000000              NaN  Theta1: unit 1, input 1",
        ],
    ),
}


@pytest.mark.parametrize(("f", "p", "expected"), SQUARES.values(), ids=SQUARES)
def test_lines_to_the_letter(capsys, f, p, expected):
    lines, _ = printed(capsys, f, p, [3, 1])
    assert lines[: len(expected)] == expected


def test_the_gap_of_NaN_is_the_widest():
    _, worst, _ = gradientChecking(lambda p: (p @ p, [np.inf, np.nan, 0]), [1, 2, 3], [2, 1])
    assert (worst["index"], worst["input"]) == (2, 1)


def test_of_equal_gaps_the_first():
    _, worst, _ = gradientChecking(lambda p: (0.0, [0, 1, -1]), [1, 2, 3], [2, 1])
    assert worst == {"layer": 1, "unit": 1, "input": 1, "index": 2, "gradApprox": 0, "DVec": 1}


def test_the_cost_function_cannot_change_the_weights():
    p = np.array([1.0, 2.0])

    def f(q):
        grad = 2 * q
        J = q @ q
        q[:] = 0
        return J, grad

    difference, _, gradApprox = gradientChecking(f, p, [1, 1])
    assert p.tolist() == [1, 2]
    assert gradApprox == pytest.approx([2, 4], abs=1e-10)
    assert difference < 1e-9


ONES = np.ones(2)
REFUSED = {
    "no function": (("f", ONES, [1, 1]), TypeError, "costFunction must be a function handle"),
    "one layer": ((np.sum, ONES, [1]), ValueError, "layer_sizes must be a vector of two"),
    "a weight too many": ((np.sum, ONES, [1, 2]), ValueError, "nn_params must have 4 elements"),
    "a short gradient": ((lambda p: (0.0, 1.0), ONES, [1, 1]), ValueError, "of the 2 parameters"),
    "text": ((lambda p: (0.0, "ab"), ONES, [1, 1]), TypeError, "gradient that is real .* char"),
    "two costs": ((lambda p: (p, p), ONES, [1, 1]), ValueError, "J must return one number, got 2"),
}


@pytest.mark.parametrize(("args", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args, error, message):
    with pytest.raises(error, match=message):
        gradientChecking(*args)
