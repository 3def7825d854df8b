"""symmetryBreaking counts the units that are really different, and its costs are those of descent.

`cost_of` is the cost once more, for complex weights: Im J(p + ih) / h is its gradient, without
backpropagation and without a difference that cancels (h = 1e-20).
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.io import loadmat

from backprop import nnCostFunction, symmetryBreaking

DATA = Path(__file__).parents[2] / "data"
EPS = np.finfo(float).eps

X = np.sin(np.arange(1.0, 16)).reshape(5, 3)
y = np.array([2.0, 3, 1, 2, 3])
SMALL = (3, 5, 3)


def network(kinds, inputs=3, labels=3, seed=1):
    """Random weights, unrolled; hidden units of one kind are copies of each other."""
    random = np.random.default_rng(seed)
    Theta1 = random.uniform(-0.5, 0.5, (max(kinds) + 1, inputs + 1))[kinds]
    Theta2 = random.uniform(-0.5, 0.5, (labels, max(kinds) + 2))[:, [0, *(k + 1 for k in kinds)]]
    return np.concatenate([Theta1.ravel(order="F"), Theta2.ravel(order="F")])


def cost_of(p, lambda_):
    Theta1, Theta2 = p[:20].reshape((5, 4), order="F"), p[20:].reshape((3, 6), order="F")
    hidden = 1 / (1 + np.exp(-(Theta1[:, :1] + Theta1[:, 1:] @ X.T)))
    h = 1 / (1 + np.exp(-(Theta2[:, :1] + Theta2[:, 1:] @ hidden)))
    right = np.equal.outer([1, 2, 3], y)
    penalty = np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2)
    return -np.sum(np.log(np.where(right, h, 1 - h))) / 5 + lambda_ / 10 * penalty


# --- How many units -----------------------------------------------------------------------

STARTS = {
    "zeros": (np.zeros(38), 1),
    "a constant": (np.full(38, 0.3), 1),
    "a negative constant": (np.full(38, -2.0), 1),
    "random weights": (network([0, 1, 2, 3, 4]), 5),
    "one copy": (network([0, 1, 2, 3, 0]), 4),
    "two kinds": (network([0, 1, 1, 0, 1]), 2),
    "copies of one random unit": (network([0, 0, 0, 0, 0]), 1),
    "zeros, but for the biases of the outputs": (np.r_[np.zeros(20), 1, 2, 3, np.zeros(15)], 1),
    "zeros, but for one weight into a unit": (np.r_[np.zeros(7), 1, np.zeros(30)], 2),
    "zeros, but for one weight out of a unit": (np.r_[np.zeros(37), 1], 2),
}


@pytest.mark.parametrize("lambda_", [0, 1])
@pytest.mark.parametrize(("p", "expected"), STARTS.values(), ids=STARTS)
def test_equal_units_stay_equal_and_different_ones_different(p, expected, lambda_):
    distinct, J_history = symmetryBreaking(p, *SMALL, X, y, lambda_, 0.5, 50)
    assert distinct.tolist() == [expected] * 51
    assert np.all(np.diff(J_history) < 0)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_units_does_not_matter(seed):
    kinds = np.random.default_rng(seed).permutation([0, 0, 0, 1, 1, 2, 3, 3, 4])
    distinct, _ = symmetryBreaking(network(kinds), 3, 9, 3, X, y, 1, 0.5, 20)
    assert distinct.tolist() == [5] * 21


def test_units_that_regularisation_makes_equal():
    # The inputs are 0: nothing but lambda changes the weights of unit 5, and it halves them.
    p = np.zeros(38)
    p[9] = 1.0
    alpha, lambda_ = 1, 2.5
    distinct, _ = symmetryBreaking(p, *SMALL, 0 * X, y, lambda_, alpha, 60)
    # Equal from where 2^-k is below the tolerance on: 6 eps for the longest sum, of six terms,
    # times alpha and the largest weight of about 1 together.
    last = int(np.flatnonzero(distinct == 2)[-1])
    assert distinct.tolist() == [2] * (last + 1) + [1] * (60 - last)
    assert 12 * EPS / 2 < 2.0**-last < 12 * EPS * 4


DIGITS = {
    "zeros": (np.zeros(25 * 401 + 10 * 26), 1),
    "a constant": (np.full(25 * 401 + 10 * 26, 0.1), 1),
    "random weights": (network(range(25), 400, 10), 25),
    "half of the units are copies": (network([*range(12), *range(13)], 400, 10), 13),
}


@pytest.mark.parametrize(("p", "expected"), DIGITS.values(), ids=DIGITS)
def test_digits(p, expected):
    data = loadmat(DATA / "digits.mat")
    X, y = data["X"][::25], data["y"][::25]
    distinct, J_history = symmetryBreaking(p, 400, 25, 10, X, y, 1, 0.5, 20)
    assert distinct.tolist() == [expected] * 21
    assert J_history[-1] < J_history[0]


# --- Where rounding ends ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(EPS, 1), (4 * EPS, 1), (100 * EPS, 2), (1e-9, 2)],
    ids=["1 eps", "4 eps", "100 eps", "1e-9"],
)
def test_the_size_of_a_difference_that_counts(difference, expected):
    p = np.full(38, 0.25)
    p[7] += difference
    distinct, _ = symmetryBreaking(p, *SMALL, X, y, 0, 0.5, 20)
    assert distinct.tolist() == [expected] * 21


@pytest.mark.parametrize(("wrong_by", "expected"), [(EPS, 1), (1e-9, 2)], ids=["eps", "1e-9"])
def test_a_gradient_that_treats_equal_units_differently_is_seen(monkeypatch, wrong_by, expected):
    def uneven(*args):
        J, grad = nnCostFunction(*args)
        grad[7] += wrong_by
        return J, grad

    monkeypatch.setattr(sys.modules["backprop.symmetryBreaking"], "nnCostFunction", uneven)
    distinct, _ = symmetryBreaking(np.zeros(38), *SMALL, X, y, 0, 0.5, 20)
    assert distinct.tolist() == [1] + [expected] * 20


# --- The cost -----------------------------------------------------------------------------


@pytest.mark.parametrize("lambda_", [0, 2])
@pytest.mark.parametrize("start", ["zeros", "random weights", "two kinds"])
def test_the_cost_goes_down_the_gradient(start, lambda_):
    p, _ = STARTS[start]
    _, J_history = symmetryBreaking(p, *SMALL, X, y, lambda_, 0.5, 20)
    expected = []
    for _ in range(21):
        expected.append(cost_of(p, lambda_))
        steps = 1e-20j * np.eye(38)
        p = p - 0.5 * np.array([cost_of(p + step, lambda_).imag for step in steps]) / 1e-20
    # Sums of 15 terms in another order, 21 times. Measured: at most 2 eps of the cost.
    assert_allclose(J_history, expected, rtol=21 * EPS)


def test_zeros_start_at_log_2_for_each_output():
    _, J_history = symmetryBreaking(np.zeros(38), *SMALL, X, y, 3, 0.5, 0)
    assert J_history == pytest.approx([3 * np.log(2)], rel=4 * EPS)


def test_equal_units_cannot_learn_what_different_ones_learn():
    # Exclusive or. Equal units are one unit, which at best splits one of the four examples off and
    # gives the others the odds 2 to 1: two outputs, each with 3/4 of the entropy of a third.
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    y = np.array([1, 2, 2, 1])
    of_equal = symmetryBreaking(np.full(22, 0.1), 2, 4, 2, X, y, 0, 2, 3000)
    of_random = symmetryBreaking(4 * network(range(4), 2, 2), 2, 4, 2, X, y, 0, 2, 3000)
    assert [of_equal[0][-1], of_random[0][-1]] == [1, 4]
    assert of_equal[1][-1] > 2 * 3 / 4 * (np.log(3) - 2 / 3 * np.log(2))
    assert of_random[1][-1] < 0.02


def test_single():
    distinct, J_history = symmetryBreaking(
        np.zeros(38), *SMALL, X.astype(np.float32), y, 0, 0.5, 20
    )
    assert J_history.dtype == np.float32
    assert distinct.dtype == np.float64
    assert distinct.tolist() == [1] * 21


def test_the_arguments_stay_as_they_are():
    p = network([0, 1, 1, 0, 1])
    before = p.copy()
    symmetryBreaking(p, *SMALL, X, y, 1, 0.5, 3)
    assert_array_equal(p, before)


# --- Refused ------------------------------------------------------------------------------

P = network(range(5))
REFUSED = {
    "alpha is 0": ((P, X, y, 0, 0, 1), ValueError, "symmetryBreaking: alpha must be a finite"),
    "alpha is NaN": ((P, X, y, 0, np.nan, 1), ValueError, "alpha must be a finite number > 0"),
    "two alphas": ((P, X, y, 0, [1, 2], 1), ValueError, "alpha must be a finite number > 0"),
    "-1 iterations": ((P, X, y, 0, 1, -1), ValueError, "num_iters must be a whole number >= 0"),
    "1.5 iterations": ((P, X, y, 0, 1, 1.5), ValueError, "num_iters must be a whole number >= 0"),
    "a NaN": (
        (P * np.nan, X, y, 0, 1, 1),
        ValueError,
        "initial_nn_params must be finite, found 38",
    ),
    "overflow": ((P, X, y, 1e200, 1e100, 9), ValueError, "not finite after 2 iterations; alpha is"),
    "a weight too few": ((P[1:], X, y, 0, 1, 1), ValueError, "nnCostFunction: nn_params must have"),
    "weights are char": (("a", X, y, 0, 1, 1), TypeError, "nnCostFunction: nn_params must be real"),
    "X is too narrow": ((P, X[:, 1:], y, 0, 1, 1), ValueError, "nnCostFunction: X must have"),
    "a label is 4": ((P, X, y + 1, 0, 1, 1), ValueError, "nnCostFunction: y must hold whole"),
    "lambda is -1": ((P, X, y, -1, 1, 1), ValueError, "nnCostFunction: lambda must be a finite"),
}


@pytest.mark.parametrize(("args", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args, error, message):
    p, *others = args
    with pytest.raises(error, match=message):
        symmetryBreaking(p, *SMALL, *others)
