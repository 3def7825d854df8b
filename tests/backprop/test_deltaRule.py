"""deltaRule steps down the slope of each example's error, and finds what least squares finds."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backprop import deltaRule, sigmoid, sigmoidGradient

EPS = np.finfo(float).eps
LOGISTIC = (sigmoid, sigmoidGradient)
TANH = (np.tanh, lambda h: 1 - np.tanh(h) ** 2)
SQUARE = (lambda h: h**2, lambda h: 2 * h)
LINEAR = (lambda h: h, np.ones_like)


def with_bias(X):
    return np.column_stack([np.ones(len(X)), X])


def some_data(m=6, n=3, K=2, seed=1):
    random = np.random.default_rng(seed)
    return random.normal(size=(K, n + 1)), random.normal(size=(m, n)), random.normal(size=(m, K))


# --- One step -----------------------------------------------------------------------------

# w = [1, 2] and x = 3 make h = 7; the target is 10.
BY_HAND = {
    "linear: t - y = 3, slope 1": ((), 1.5, 4.5),
    "square: t - y = -39, slope 14": (SQUARE, -273.0, -819.0),
    "a half-way step: y = 3.5, slope 1/2": (
        (lambda h: h / 2, lambda h: 0 * h + 0.5),
        1.625,
        4.875,
    ),
}


@pytest.mark.parametrize(("units", "bias", "weight"), BY_HAND.values(), ids=BY_HAND)
def test_one_step_by_hand(units, bias, weight):
    W, _ = deltaRule([[1, 2]], [3], [10], 0.5, 1, *units)
    assert_array_equal(W, [[1 + bias, 2 + weight]])


@pytest.mark.parametrize(
    "g",
    [sigmoid, np.tanh, lambda h: h, lambda h: np.sin(h) * h],
    ids=["logistic", "tanh", "linear", "a wave"],
)
@pytest.mark.parametrize("K", [1, 2, 5])
def test_the_step_is_minus_alpha_times_the_gradient_of_the_error(g, K):
    W, X, T = some_data(m=1, K=K)
    alpha, e = 0.7, 6e-6  # about the cube root of eps
    gPrime = {sigmoid: sigmoidGradient, np.tanh: TANH[1]}.get(
        g, lambda h: (g(h + e) - g(h - e)) / (2 * e)
    )

    def error(W):
        return np.sum((T[0] - g(W @ [1, *X[0]])) ** 2) / 2

    moves = (e * move.reshape(W.shape) for move in np.eye(W.size))
    gradient = np.reshape([(error(W + d) - error(W - d)) / (2 * e) for d in moves], W.shape)

    # A difference is wrong by e^2 times the third derivative, and by an ulp of the error over e:
    # both about 4e-11. Measured: at most 2e-10.
    assert_allclose(
        deltaRule(W, X, T, alpha, 1, g, gPrime)[0] - W, -alpha * gradient, rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("units", [LOGISTIC, TANH, LINEAR], ids=["logistic", "tanh", "linear"])
def test_the_examples_come_one_after_the_other(units):
    W, X, T = some_data()
    expected, (g, gPrime) = W, units
    for x, t in [*zip(with_bias(X), T, strict=True)] * 3:
        for j, h in enumerate(expected @ x):
            step = 0.1 * (t[j] - g(h)) * gPrime(h) * x
            expected = expected + np.outer(np.eye(len(W))[j], step)

    found, _ = deltaRule(W, X, T, 0.1, 3, *units)

    # 18 steps, each rounded in its own way. Measured: at most 1 eps.
    assert_allclose(found, expected, rtol=0, atol=18 * EPS)


def test_without_handles_the_units_are_linear():
    W, X, T = some_data()
    expected = deltaRule(W, X, T, 0.1, 3, *LINEAR)
    for units in ((), (None,), (None, None)):
        for one, other in zip(deltaRule(W, X, T, 0.1, 3, *units), expected, strict=True):
            assert_array_equal(one, other)


# --- Training -----------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "n", "K"), [(10, 3, 1), (10, 3, 4), (30, 6, 2), (2, 1, 1)])
def test_lms_finds_the_solution_of_least_squares(m, n, K):
    W, X, _ = some_data(m, n, K, seed=m)
    T = with_bias(X) @ np.random.default_rng(2).normal(size=(n + 1, K))
    solution, *_ = np.linalg.lstsq(with_bias(X), T)
    alpha = 0.5 / np.max(np.sum(with_bias(X) ** 2, axis=1))

    found, E_history = deltaRule(W, X, T, alpha, 500)

    # Every epoch multiplies what is wrong by a constant below 1, until rounding is left: that of
    # `lstsq` and of the last steps, times the condition number (below 4 here). Measured, from 250
    # epochs on: at most 26 eps for the weights, and 24 eps^2 for the error of an output.
    assert_allclose(found, solution.T, rtol=0, atol=100 * EPS)
    assert E_history[-1] < EPS**2 * 100 * m * K


def test_lms_with_a_small_rate_comes_close_to_least_squares_on_noisy_data():
    W, X, T = some_data(m=20, K=1)
    solution, *_ = np.linalg.lstsq(with_bias(X), T)
    distances = [
        np.linalg.norm(deltaRule(W, X, T, alpha, int(4 / alpha))[0] - solution.T)
        for alpha in (0.02, 0.01, 0.005)
    ]
    # The fixed point of the online rule is off by alpha times a constant.
    assert_allclose(np.divide(distances[:-1], distances[1:]), 2, rtol=0.1)


def test_lms_never_moves_away_from_a_solution():
    W, X, _ = some_data()
    solution = np.array([[1.0, -2, 3, 0.5], [0, 1, -1, 2]])
    T = with_bias(X) @ solution.T
    alpha = 1.9 / np.max(np.sum(with_bias(X) ** 2, axis=1))
    distances = [
        np.linalg.norm(deltaRule(W, X, T, alpha, epochs)[0] - solution) for epochs in range(20)
    ]
    assert np.all(np.diff(distances) < 0)


@pytest.mark.parametrize(
    ("truth", "epochs"),
    [(np.logical_and, 2000), (np.logical_or, 2000)],
    ids=["and", "or"],
)
def test_a_logistic_unit_learns(truth, epochs):
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    T = truth(X[:, 0], X[:, 1]).astype(float)
    W, E_history = deltaRule(np.zeros((1, 3)), X, T, 1, epochs, *LOGISTIC)
    y = sigmoid(with_bias(X) @ W.T)[:, 0]
    assert_array_equal(np.round(y), T)
    assert np.all(np.diff(E_history[10:]) < 0)


def test_one_layer_cannot_learn_exclusive_or():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    _, E_history = deltaRule(np.zeros((1, 3)), X, [0, 1, 1, 0], 0.1, 2000, *LOGISTIC)
    # Its best is 1/2 for each of the four: an error of 4 (1/2)^2 / 2.
    assert E_history[-1] == pytest.approx(0.5, abs=0.01)
    assert E_history[-1] >= 0.5


@pytest.mark.parametrize("units", [LOGISTIC, LINEAR, TANH], ids=["logistic", "linear", "tanh"])
def test_the_learning_curve_is_the_error_after_each_epoch(units):
    W, X, T = some_data()
    _, E_history = deltaRule(W, X, T, 0.1, 4, *units)
    assert E_history.shape == (5,)
    for epochs, E in enumerate(E_history):
        V, start = deltaRule(W, X, T, 0.1, epochs, *units)
        Y = units[0](np.einsum("jk,ik->ij", V, with_bias(X)))
        assert pytest.approx(np.sum((T - Y) ** 2) / 2, rel=16 * EPS) == E
        assert_array_equal(start, E_history[: epochs + 1])


def test_no_epochs_leave_the_weights():
    W, X, T = some_data()
    assert_array_equal(deltaRule(W, X, T, 0.1, 0)[0], W)


def test_handles_see_one_example_or_all_of_them():
    W, X, T = some_data(m=6, K=2)
    shapes = []

    def g(h):
        shapes.append(h.shape)
        return h

    deltaRule(W, X, T, 0.1, 2, g, np.ones_like)
    assert shapes == [(6, 2), *[(2,)] * 6, (6, 2), *[(2,)] * 6, (6, 2)]


def test_a_warning_of_a_handle_reaches_its_caller():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        deltaRule([[0.0, 0.0]], [1.0], [1.0], 0.1, 0, lambda h: 1 / h, np.ones_like)


# --- Refused ------------------------------------------------------------------------------

W, X, T = some_data(m=4)
REFUSED = {
    "W is logical": ({"W": W > 0}, TypeError, "W must be real .* got class logical"),
    "X is complex": ({"X": X * 1j}, TypeError, "X must be real"),
    "T is char": ({"T": "a"}, TypeError, "T must be real .* got class char"),
    "W is 1-D": ({"W": W[0]}, ValueError, "at least 1 row and 2 columns, got 4 x 1"),
    "X is too narrow": ({"X": X[:, 1:]}, ValueError, "for the 4 columns of W, 3 columns, got 4 x"),
    "no examples": ({"X": X[:0], "T": T[:0]}, ValueError, "X must be a matrix with at least 1 row"),
    "T is too short": ({"T": T[1:]}, ValueError, "the 4 rows of X .* 2 columns, got 3 x 2"),
    "T is too narrow": ({"T": T[:, 1]}, ValueError, "the 2 rows of W, 2 columns, got 4 x 1"),
    "W has a NaN": ({"W": W * [np.nan, 1, 1, 1]}, ValueError, "W must be finite, found 2"),
    "X has an Inf": ({"X": X * [np.inf, 1, 1]}, ValueError, "X must be finite, found 4"),
    "T has a NaN": ({"T": T * [np.nan, 1]}, ValueError, "T must be finite, found 4"),
    "alpha is 0": ({"alpha": 0}, ValueError, "alpha must be a finite number > 0"),
    "alpha is negative": ({"alpha": -0.1}, ValueError, "alpha must be a finite number > 0"),
    "alpha is NaN": ({"alpha": np.nan}, ValueError, "alpha must be a finite number > 0"),
    "half an epoch": ({"num_epochs": 0.5}, ValueError, "num_epochs must be a whole number >= 0"),
    "-1 epochs": ({"num_epochs": -1}, ValueError, "num_epochs must be a whole number >= 0"),
    "g alone": ({"gPrime": None}, ValueError, "g and gPrime belong together"),
    "gPrime alone": ({"g": None}, ValueError, "g and gPrime belong together"),
    "g is a name": ({"g": "sigmoid"}, TypeError, "g must be a function handle, got class char"),
    "gPrime is 1": ({"gPrime": 1}, TypeError, "gPrime must be a function handle"),
    "g sums up": ({"g": np.sum}, ValueError, "g must return .* 4 x 2, got 1 x 1"),
    "gPrime is scalar": ({"gPrime": lambda h: 1.0}, ValueError, "gPrime must .* 2 x 1, got 1 x 1"),
    "g is a step": ({"g": lambda h: h > 0}, TypeError, "g must return .* got class logical"),
    "gPrime is complex": ({"gPrime": lambda h: 1j * h}, TypeError, "gPrime must return real"),
}


@pytest.mark.parametrize(("change", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(change, error, message):
    right = {
        "W": W,
        "X": X,
        "T": T,
        "alpha": 0.1,
        "num_epochs": 1,
        "g": sigmoid,
        "gPrime": sigmoidGradient,
    }
    with pytest.raises(error, match=f"deltaRule: .*{message}"):
        deltaRule(**right | change)
