"""DeviceCost is BatchedCost's cost in NumPy, and in PyTorch where that is installed.

What a GPU makes of it is checked in tests/benchmarks/gpu.py, where there is one.
"""

import contextlib
import importlib.util
import io
import sys
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backprop import fmincg
from backprop.batched import BatchedCost
from backprop.device_cost import DeviceCost, parts

LIBRARIES = ["numpy", "torch"] if importlib.util.find_spec("torch") else ["numpy"]
SIZES = [6, 5, 3]


def problem(sizes=SIZES, m=40, dtype=np.float64):
    random = np.random.default_rng(3)
    size, K = sum(s * (n + 1) for n, s in pairwise(sizes)), sizes[-1]
    y = random.integers(0, 2, m) if K == 1 else random.integers(1, K + 1, m)
    X = random.normal(size=(m, sizes[0])).astype(dtype)
    return random.uniform(-1, 1, size).astype(dtype), X, y


def of_library(name, X):
    return X if name == "numpy" else pytest.importorskip(name).from_numpy(X)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["double", "single"])
@pytest.mark.parametrize("sizes", [SIZES, [6, 1], [6, 5, 1], [6, 4, 4, 3], [3, 2]], ids=str)
@pytest.mark.parametrize(
    ("m", "options"),
    [
        (1, {}),
        (40, {}),
        (40, {"block_rows": 7}),
        (4500, {}),  # a stack of four
        (4507, {}),  # a prime: a stack and what is left
        (4507, {"block_rows": 2100}),
    ],
)
def test_it_is_batched_cost_but_for_rounding(library, dtype, sizes, m, options):
    p, X, y = problem(sizes, m, dtype)

    J, grad = DeviceCost(of_library(library, X), y, sizes, 0.7, **options)(p)

    expected_J, expected_grad = BatchedCost(X.astype(float), y, sizes, 0.7)(p.astype(float))
    assert (type(J), type(grad), grad.dtype) == (dtype, np.ndarray, dtype)
    # m sums of a few terms each: sqrt(m) roundings at random, and some inside of each.
    tolerance = 8 * np.sqrt(m) * np.finfo(dtype).eps
    assert_allclose(J, expected_J, rtol=tolerance)
    assert_allclose(grad, expected_grad, atol=tolerance * np.max(np.abs(expected_grad)))


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("bias", "label", "expected"),
    [
        (1e4, 1, np.nan),  # -1 log(1) - 0 log(0)
        (1e4, 0, np.inf),  # -0 log(1) - 1 log(0)
        (-1e4, 0, np.nan),
        (-1e4, 1, np.inf),
        (-40, 1, 40.0),
    ],
)
def test_certain_outputs_cost_what_the_formula_says(library, bias, label, expected):
    X = of_library(library, np.zeros((20, 1)))

    J, _ = DeviceCost(X, np.full(20, label), [1, 1], 0)([bias, 0.0])

    assert_allclose(J, expected, rtol=4 * np.finfo(float).eps)


@pytest.mark.parametrize("m", [1, 1023, 1024, 2048, 4507, 10_000, 100_003])
@pytest.mark.parametrize("block_rows", [1000, 1024, 30_000])
def test_parts_are_all_rows_in_matrices_of_one_size(m, block_rows):
    found = parts(m, block_rows)

    rows = [row for part, _ in found for row in range(part.start, part.stop)]
    assert rows == list(range(m))
    for part, stack in found:
        each, left = divmod(part.stop - part.start, stack)
        assert left == 0
        assert part.stop - part.start <= block_rows
        assert stack == 1 or 1024 <= each < 2048 + 1024


def test_fmincg_takes_it_as_the_cost():
    p, X, y = problem()
    cost = DeviceCost(X, y, SIZES, 0.7)

    with contextlib.redirect_stdout(io.StringIO()):
        _, costs, _ = fmincg(cost, p, {"MaxIter": 5})

    assert costs[-1] < cost(p)[0]


@pytest.mark.parametrize("library", LIBRARIES)
def test_rows_that_lie_column_by_column(library):
    p, X, y = problem()
    turned = of_library(library, np.ascontiguousarray(X.T)).T

    _, grad = DeviceCost(turned, y, SIZES, 0.7)(p)

    assert_array_equal(grad, DeviceCost(of_library(library, X), y, SIZES, 0.7)(p)[1])


P, X, Y = problem()
ERRORS = {
    "a list": ({"X": X.tolist()}, TypeError, r"got builtins\.list of no class"),
    "whole numbers": ({"X": X.astype(int)}, TypeError, r"got numpy\.ndarray of int64"),
    "2 columns": ({"X": X[:, :2]}, ValueError, r"= 6 columns, got the shape \(40, 2\)"),
    "no rows": ({"X": X[:0]}, ValueError, "X is empty; it needs at least one example"),
    "Inf": ({"X": np.where(X > 1, np.inf, X)}, ValueError, "X must be finite, found [0-9]+ NaN"),
    "a label 0": ({"y": Y - 1}, ValueError, r"whole numbers from 1 to layer_sizes\[-1\] = 3"),
    "a layer": ({"layer_sizes": [6]}, ValueError, "two or more whole numbers"),
    "lambda": ({"lambda_": -1}, ValueError, "lambda must be a finite number >= 0"),
    "no row a block": ({"block_rows": 0}, ValueError, "block_rows must be a whole number >= 1"),
}


@pytest.mark.parametrize(("wrong", "kind", "message"), ERRORS.values(), ids=ERRORS)
def test_wrong_arguments_are_refused(wrong, kind, message):
    arguments = {"X": X, "y": Y, "layer_sizes": SIZES, "lambda_": 1} | wrong
    with pytest.raises(kind, match=f"^DeviceCost: .*{message}"):
        DeviceCost(**arguments)


def test_wrong_weights_are_refused():
    with pytest.raises(ValueError, match=r"^DeviceCost: p must have 53 elements, .* got 52$"):
        DeviceCost(X, Y, SIZES, 1)(P[:-1])


def test_pytorch_is_not_imported_for_numpy(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)

    assert np.isfinite(DeviceCost(X, Y, SIZES, 1)(P)[0])
