"""unrollParameters puts the elements of all matrices in one vector, column by column."""

import numpy as np
import pytest

from backprop import reshapeParameters, unrollParameters

A = np.array([[1.0, 3.0], [2.0, 4.0]])
B = np.array([[5.0, 6.0]])

UNROLLED = {
    "two matrices": ([A, B], [1, 2, 3, 4, 5, 6]),
    "in their order": ([B, A], [5, 6, 1, 2, 3, 4]),
    "two of one size": ([A, A.T], [1, 2, 3, 4, 1, 3, 2, 4]),
    "a tuple": ((A, B), [1, 2, 3, 4, 5, 6]),
    "rows of C order and of F order": ([np.asfortranarray(A), B], [1, 2, 3, 4, 5, 6]),
    "nested lists": ([[[1, 3], [2, 4]], [[5, 6]]], [1, 2, 3, 4, 5, 6]),
    "a vector": ([np.array([1.0, 2.0])], [1, 2]),
    "a number": ([7], [7]),
    "empty matrices": ([np.zeros((0, 3)), B, None], [5, 6]),
}


@pytest.mark.parametrize(("Thetas", "expected"), UNROLLED.values(), ids=UNROLLED)
def test_unrolled(Thetas, expected):
    nn_params = unrollParameters(Thetas)
    np.testing.assert_array_equal(nn_params, expected)
    assert nn_params.dtype == np.float64


@pytest.mark.parametrize("layer_sizes", [[1, 1], [3, 5, 3], [4, 3, 3, 2, 1], [400, 25, 10]])
def test_there_and_back_again(layer_sizes):
    random = np.random.default_rng(1)
    shapes = zip(layer_sizes[1:], layer_sizes[:-1], strict=True)
    Thetas = [random.normal(size=(rows, inputs + 1)) for rows, inputs in shapes]

    again = reshapeParameters(unrollParameters(Thetas), layer_sizes)

    assert len(again) == len(Thetas)
    for one, other in zip(again, Thetas, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_single_matrix_makes_all_single(position):
    Thetas = [A, B, A]
    Thetas[position] = Thetas[position].astype(np.float32)
    assert unrollParameters(Thetas).dtype == np.float32


def test_the_vector_is_a_copy():
    Theta = np.ones((1, 2))
    unrollParameters([Theta])[0] = 5
    assert Theta.tolist() == [[1, 1]]


REFUSED = {
    "no list": (A, TypeError, r"Thetas must be a cell of matrices, got class double"),
    "text": ("ab", TypeError, r"Thetas must be a cell of matrices, got class char"),
    "empty": ([], ValueError, r"Thetas is empty; it needs at least one matrix"),
    "complex": ([A, 1j * B], TypeError, r"Thetas\{2\} must be real .* got class double"),
    "bool": ([A > 1], TypeError, r"Thetas\{1\} must be real .* got class logical"),
    "three dimensions": ([A, B, np.ones((1, 2, 3))], ValueError, r"Thetas\{3\} .* 3 dimensions"),
}


@pytest.mark.parametrize(("Thetas", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(Thetas, error, message):
    with pytest.raises(error, match=message):
        unrollParameters(Thetas)
