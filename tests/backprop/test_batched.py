"""BatchedCost is the lectures' cost and gradient, whatever the blocks, threads and classes.

lockstep holds it to Octave on every case of nnCostFunction (`sides` in tests/cases); here stand
the networks that nnCostFunction has no place for, what it promises beyond the numbers, and its
errors.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.io import loadmat
from scipy.optimize import minimize
from threadpoolctl import threadpool_info, threadpool_limits

from backprop.batched import BatchedCost

DATA = Path(__file__).parents[2] / "data"
EPS = np.finfo(float).eps

# The differences err by step^4 / 30 = 3e-10 times the fifth derivative of the cost.
SLOPE_TOLERANCE = 1e-8


def by_the_formula(p, X, y, sizes, lambda_):
    """Return the cost as the lectures write it: example by example, unit by unit."""
    K, m, start, Thetas = sizes[-1], len(X), 0, []
    for n, s in pairwise(sizes):
        Thetas.append(p[start : start + s * (n + 1)].reshape((s, n + 1), order="F"))
        start += s * (n + 1)
    J = 0.0
    for x, label in zip(X, y, strict=True):
        a = x
        for Theta in Thetas:
            a = 1 / (1 + np.exp(-(Theta[:, 0] + Theta[:, 1:] @ a)))
        target = np.array([label]) if K == 1 else np.arange(1, K + 1) == label
        J -= np.sum(np.log(np.where(target, a, 1 - a)))
    return J / m + lambda_ / (2 * m) * sum(np.sum(Theta[:, 1:] ** 2) for Theta in Thetas)


def problem(sizes, m=20, seed=0):
    random = np.random.default_rng(seed)
    size = sum(s * (n + 1) for n, s in pairwise(sizes))
    K = sizes[-1]
    y = random.integers(0, 2, m) if K == 1 else random.integers(1, K + 1, m)
    return random.uniform(-1, 1, size), random.normal(size=(m, sizes[0])), y


def digits(rows=5000):
    data = loadmat(DATA / "digits.mat")
    p = np.random.default_rng(1).uniform(-0.12, 0.12, 25 * 401 + 10 * 26)
    return p, np.ascontiguousarray(data["X"][:rows]), data["y"].ravel()[:rows]


WAYS = {
    "at once": {},
    "in one block": {"block_rows": 20},
    "in blocks of 3": {"block_rows": 3},
    "in blocks of 1": {"block_rows": 1},
    "by 2 threads": {"block_rows": 3, "threads": 2},
    "by more threads than blocks": {"block_rows": 19, "threads": 9},
}
NETWORKS = ([1, 1], [4, 1], [4, 3], [3, 5, 3], [3, 5, 2], [3, 5, 1], [3, 4, 4, 3], [2, 3, 1, 4, 1])


@pytest.mark.parametrize("sizes", NETWORKS, ids=str)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_cost_is_the_formula_and_the_gradient_its_slope(sizes, way):
    p, X, y = problem(sizes)
    cost = BatchedCost(X, y, sizes, 0.7, **way)

    J, grad = cost(p)

    # Sums of 20 K terms of a few units in the last place each.
    assert_allclose(J, by_the_formula(p, X, y, sizes, 0.7), rtol=64 * EPS)
    assert_allclose(grad, slope(p, X, y, sizes, 0.7), atol=SLOPE_TOLERANCE)


def slope(p, X, y, sizes, lambda_, step=1e-2):
    """Return the gradient by differences over four points, whose error falls as step^4."""

    def difference(i, h):
        move = h * np.eye(len(p))[i]
        there, back = p + move, p - move
        return by_the_formula(there, X, y, sizes, lambda_) - by_the_formula(
            back, X, y, sizes, lambda_
        )

    return [
        (8 * difference(i, step) - difference(i, 2 * step)) / (12 * step) for i in range(len(p))
    ]


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_do_not_change_a_bit(threads):
    p, X, y = digits()
    J, grad = BatchedCost(X, y, [400, 25, 10], 1, threads=1)(p)

    other_J, other_grad = BatchedCost(X, y, [400, 25, 10], 1, threads=threads)(p)

    assert other_J == J
    assert_array_equal(other_grad, grad)


@pytest.mark.parametrize("limit", [1, 2])
def test_threads_of_the_blas_do_not_change_a_bit(limit):
    p, X, y = digits()
    J, grad = BatchedCost(X, y, [400, 25, 10], 1)(p)

    with threadpool_limits(limit):
        other_J, other_grad = BatchedCost(X, y, [400, 25, 10], 1)(p)

    assert other_J == J
    assert_array_equal(other_grad, grad)


def blas_threads():
    return [
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    ]


def test_undisturbed_keeps_the_blas_at_one_thread_and_gives_the_rest_back():
    p, X, y = digits()
    with threadpool_limits(2):
        before = blas_threads()
        cost = BatchedCost(X, y, [400, 25, 10], 1)
        J, grad = cost(p)

        with cost.undisturbed():
            inside = blas_threads()
            other_J, other_grad = cost(p)
            assert blas_threads() == inside

        assert set(inside) == {1}
        assert blas_threads() == before
    assert other_J == J
    assert_array_equal(other_grad, grad)


def test_undisturbed_leaves_the_blas_alone_where_the_cost_does():
    _, X, y = problem([3, 5, 3])
    with threadpool_limits(2), BatchedCost(X, y, [3, 5, 3], 1).undisturbed():
        assert 2 in blas_threads()


def test_second_call_owes_nothing_to_the_first():
    p, X, y = digits(700)
    cost = BatchedCost(X, y, [400, 25, 10], 1, block_rows=64)
    J, grad = cost(p)
    kept = grad.copy()

    cost(np.full_like(p, np.nan))

    assert_array_equal(grad, kept)
    assert_array_equal(cost(p)[1], grad)
    assert cost(p)[0] == J


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_arguments_stay_as_they_are(way):
    p, X, y = problem([3, 5, 3])
    before = p.copy(), X.copy(), y.copy()

    BatchedCost(X, y, [3, 5, 3], 1, **way)(p)

    for argument, expected in zip((p, X, y), before, strict=True):
        assert_array_equal(argument, expected)


@pytest.mark.parametrize("order", ["C", "F"])
def test_memory_map_of_single_class(tmp_path, order):
    p, X, y = digits(500)
    file = np.memmap(tmp_path / "X", np.float32, "w+", shape=X.shape, order=order)
    file[:] = X

    J, grad = BatchedCost(file, y, [400, 25, 10], 1, block_rows=64)(p)

    expected_J, expected_grad = BatchedCost(X, y, [400, 25, 10], 1)(p)
    assert (J.dtype, grad.dtype) == (np.float32, np.float32)
    # 400 products of single class are summed in each unit: sqrt(400) roundings at random.
    tolerance = np.sqrt(400) * np.finfo(np.float32).eps
    assert_allclose(J, expected_J, rtol=tolerance)
    assert_allclose(grad, expected_grad, atol=tolerance * np.max(np.abs(expected_grad)))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("bias", "label", "expected"),
    [
        (1e4, 1, np.nan),  # -1 log(1) - 0 log(0)
        (1e4, 0, np.inf),  # -0 log(1) - 1 log(0)
        (-1e4, 0, np.nan),
        (-1e4, 1, np.inf),
        (40, 1, np.nan),  # 1 / (1 + e^-40) is 1
        (-40, 0, 0.0),  # and 1 / (1 + e^40) is not 0, but 1 minus it is 1
        (-40, 1, 40.0),
    ],
)
def test_certain_outputs_cost_what_the_formula_says(way, bias, label, expected):
    J, _ = BatchedCost(np.zeros((20, 1)), np.full(20, label), [1, 1], 0, **way)([bias, 0.0])

    assert_allclose(J, expected, rtol=4 * EPS)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_infinite_bias_is_not_regularised(way):
    p = np.array([np.inf, 0.5, 0.25, -1.0])  # a hidden unit that is 1 whatever x is

    J, grad = BatchedCost(np.ones((20, 1)), np.ones(20), [1, 1, 1], 2, **way)(p)

    h = 1 / (1 + np.exp(0.75))
    assert_allclose(J, -np.log(h) + 2 / 40 * (0.25 + 1), rtol=8 * EPS)
    assert_allclose(grad, [0, 2 / 20 * 0.5, h - 1, h - 1 - 2 / 20], rtol=8 * EPS)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_squares_that_overflow(way):
    p = np.array([0.0, 1e200])  # 0 times the square of it, which is Inf

    assert np.isnan(BatchedCost(np.zeros((20, 1)), np.ones(20), [1, 1], 0, **way)(p)[0])


def test_scipy_learns_the_logical_and():
    X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), [0, 0, 0, 1]

    found = minimize(BatchedCost(X, y, [2, 1], 0), np.zeros(3), jac=True, method="L-BFGS-B")

    assert_array_equal(found.x[0] + X @ found.x[1:] > 0, y)


def test_without_threadpoolctl_one_thread_works(monkeypatch):
    p, X, y = digits(700)
    J, grad = BatchedCost(X, y, [400, 25, 10], 1, block_rows=64)(p)
    monkeypatch.setattr(sys.modules["backprop.batched"], "ThreadpoolController", None)

    other_J, other_grad = BatchedCost(X, y, [400, 25, 10], 1, block_rows=64)(p)

    assert_allclose(other_J, J, rtol=64 * EPS)  # the BLAS may sum in another order
    assert_allclose(other_grad, grad, atol=64 * EPS * np.max(np.abs(grad)))
    with pytest.raises(ModuleNotFoundError, match="pip install threadpoolctl"):
        BatchedCost(X, y, [400, 25, 10], 1, threads=2)


P, X, Y = problem([3, 5, 3])
WITH_NAN = np.where(np.arange(60).reshape(20, 3) == 7, np.nan, X)
ERRORS = {
    "a layer": ({"layer_sizes": [3]}, "layer_sizes must be two or more whole numbers >= 1"),
    "half a unit": ({"layer_sizes": [3, 2.5, 3]}, "layer_sizes must be two or more whole numbers"),
    "no unit": ({"layer_sizes": [3, 0, 3]}, "layer_sizes must be two or more whole numbers"),
    "X is int32": ({"X": X.astype(np.int32)}, "X must be real .* got class int32"),
    "X is complex": ({"X": X + 1j}, "X must be real and of class double or single"),
    "X is empty": ({"X": X[:0], "y": Y[:0]}, "X is empty; it needs at least one example"),
    "X has 2 columns": ({"X": X[:, :2]}, r"X must have layer_sizes\[0\] = 3 columns, got 2"),
    "X has a NaN": ({"X": WITH_NAN}, "X must be finite, found 1 NaN or Inf"),
    "a label too few": ({"y": Y[:-1]}, "one label for each of the 20 rows of X, got 19"),
    "a label 0": ({"y": 0 * Y}, r"whole numbers from 1 to layer_sizes\[-1\] = 3"),
    "a label 4": ({"y": 0 * Y + 4}, r"whole numbers from 1 to layer_sizes\[-1\] = 3"),
    "a label 1.5": ({"y": Y / 2 + 0.75}, "y must hold whole numbers"),
    "labels are text": ({"y": "12312312312312312312"}, "y must hold whole numbers"),
    "a label 2 of one output": ({"layer_sizes": [3, 1], "y": 0 * Y + 2}, "0 and 1 only"),
    "lambda -1": ({"lambda_": -1}, "lambda must be a finite number >= 0"),
    "lambda NaN": ({"lambda_": np.nan}, "lambda must be a finite number"),
    "two lambdas": ({"lambda_": [1, 2]}, "lambda must be a finite number"),
    "no thread": ({"threads": 0}, "threads must be a whole number >= 1"),
    "no row": ({"block_rows": 0}, "block_rows must be a whole number >= 1"),
}


@pytest.mark.parametrize(("wrong", "message"), ERRORS.values(), ids=ERRORS)
def test_wrong_arguments_are_refused(wrong, message):
    arguments = {"X": X, "y": Y, "layer_sizes": [3, 5, 3], "lambda_": 1} | wrong
    kind = TypeError if "class" in message else ValueError
    with pytest.raises(kind, match=f"^BatchedCost: .*{message}"):
        BatchedCost(**arguments)


@pytest.mark.parametrize(
    ("p", "kind", "message"),
    [
        (P[:-1], ValueError, "p must have 38 elements, 5 x 4 and 3 x 6, got 37"),
        (P + 1j, TypeError, "p must be real and of class double or single, got class double"),
        ("theta", TypeError, "p must be real and of class double or single, got class char"),
    ],
    ids=["one too few", "complex", "text"],
)
def test_wrong_weights_are_refused(p, kind, message):
    with pytest.raises(kind, match=f"^BatchedCost: {message}$"):
        BatchedCost(X, Y, [3, 5, 3], 1)(p)


@pytest.mark.parametrize(
    "p", [P.tolist(), P[np.newaxis], P.reshape((19, 2), order="F")], ids=["list", "row", "matrix"]
)
def test_weights_of_any_shape(p):
    cost = BatchedCost(X, Y, [3, 5, 3], 1)

    assert_array_equal(cost(p)[1], cost(P)[1])


def test_no_row_is_copied():
    p, X, y = digits(640)
    cost = BatchedCost(X, y, [400, 25, 10], 1, block_rows=64)
    J, _ = cost(p)

    X *= 0

    assert cost(p)[0] != J
