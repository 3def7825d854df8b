"""What an input must be for an expression to give a wanted value."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lockstep.explain.wanted import needed

ROWS = np.arange(6.0).reshape(2, 3)

MOVED = {
    "transposed": (lambda v: v.T, ROWS, ROWS.T + 1, ROWS + 1),
    "flattened": (lambda v: v.ravel(order="F"), ROWS, ROWS.T.ravel() + 1, ROWS + 1),
    "below another": (
        lambda v: np.vstack([[1, 2], v]), np.array([3, 4]), np.array([[1, 2], [5, 6]]), [5, 6],
    ),
    "a part of it": (lambda v: v[1:], np.array([1.0, 2, 3]), np.array([5.0, 6]), [1, 5, 6]),
    "where a mask holds": (
        lambda v: np.where([True, False], v, 0.0), np.array([1.0, 2]), np.array([9.0, 0]), [9, 2],
    ),
    "one of several in a list": (lambda v: np.array(v), [1.0, 2.0], np.array([1.0, 7.0]), [1, 7]),
}  # fmt: skip

SOLVED = {
    "scaled": (lambda v: 2 * np.pi * v, np.array([1.0, 1]), np.pi * np.array([2.0, 6]), [1, 3]),
    "a root": (np.sqrt, np.array([4.0, 9.0]), np.array([3.0, 4.0]), [9, 16]),
    "summed up": (
        lambda v: np.concatenate([[0.0], np.cumsum(v)]), np.array([1.0, 2]),
        np.array([0.0, 3, 4]), [3, 1],
    ),
    "a product of matrices": (
        lambda v: np.array([[1.0, 2], [0, 1]]) @ v, np.array([1.0, 1]), np.array([5.0, 2]), [1, 2],
    ),
    "an index": (lambda v: np.arange(10)[v + 1 :], 3, np.arange(10)[3:], 2),
    "a count": (lambda v: v + 1, 3, 8, 7),
}  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "own", "wanted", "expected"),
    [*MOVED.values(), *SOLVED.values()],
    ids=[*MOVED, *SOLVED],
)
def test_the_input_that_gives_the_wanted_value_is_found(operation, own, wanted, expected):
    found = needed(operation, own, wanted)
    assert type(found) is type(own)
    # Newton's method stops at a relative 1e-11 of the expression's value.
    assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("operation", "own", "wanted"),
    [
        (lambda v: v.sum(), np.array([1.0, 2.0]), 9.0),
        (lambda v: v * 0, np.array([1.0, 2.0]), np.array([1.0, 2.0])),
        (lambda v: v.T, ROWS, np.ones((2, 2))),
        (lambda v: 1 / 0, 1.0, 2.0),
        (np.tile, "text", "wanted"),
        (lambda v: np.r_[v, v], np.array([1.0]), np.array([2.0, 3.0])),
    ],
    ids=["many give it", "none gives it", "another size", "it raises", "a text", "it is torn"],
)
def test_nothing_is_said_where_no_one_input_gives_it(operation, own, wanted):
    assert needed(operation, own, wanted) is None


def test_the_class_is_kept_where_it_holds_the_numbers():
    assert needed(lambda v: v + 1, np.array([1, 2]), np.array([5, 6])).dtype == np.int64
    assert needed(lambda v: 2 * v, np.array([1, 2]), np.array([5.0, 6])).dtype == np.float64
