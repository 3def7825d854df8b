"""reshapeParameters gives each layer its weights: each element is found by counting."""

import numpy as np
import pytest

from backprop import reshapeParameters

NETWORKS = [[1, 1], [2, 1], [1, 2], [2, 3, 1], [4, 3, 3, 3], [5, 1, 4, 2, 1, 1], [400, 25, 10]]


def num_params(layer_sizes):
    return sum(layer_sizes[i + 1] * (layer_sizes[i] + 1) for i in range(len(layer_sizes) - 1))


@pytest.mark.parametrize("layer_sizes", NETWORKS, ids=str)
def test_every_weight_is_in_its_place(layer_sizes):
    Thetas = reshapeParameters(np.arange(num_params(layer_sizes)), layer_sizes)

    number = 0
    for Theta, rows, inputs in zip(Thetas, layer_sizes[1:], layer_sizes[:-1], strict=True):
        assert Theta.shape == (rows, inputs + 1)
        for j in range(inputs + 1):
            for i in range(rows):
                assert Theta[i, j] == number
                number += 1


@pytest.mark.parametrize(
    "layer_sizes",
    [(2, 3, 1), np.array([2, 3, 1]), np.array([[2.0], [3], [1]]), np.array([2, 3, 1], np.uint8)],
    ids=["tuple", "int64", "column of floats", "uint8"],
)
def test_layer_sizes_of_any_kind(layer_sizes):
    Theta1, Theta2 = reshapeParameters(range(1, 14), layer_sizes)
    assert Theta1.tolist() == [[1, 4, 7], [2, 5, 8], [3, 6, 9]]
    assert Theta2.tolist() == [[10, 11, 12, 13]]


def test_small_integers_do_not_overflow():
    (Theta1,) = reshapeParameters(np.zeros(40 * 201), np.array([200, 40], np.uint8))
    assert Theta1.shape == (40, 201)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_weights_keep_their_class(dtype):
    assert reshapeParameters(np.ones(2, dtype), [1, 1])[0].dtype == dtype


def test_the_weights_are_a_copy():
    nn_params = np.ones(2)
    reshapeParameters(nn_params, [1, 1])[0][0, 0] = 5
    assert nn_params.tolist() == [1, 1]


@pytest.mark.parametrize(
    "layer_sizes",
    [None, 3, [], [3], [2, 0, 1], [2, 1.5, 1], [2, np.nan], [2, np.inf], [[2, 3], [1, 1]], "23",
     [2, 3j], [True, True], {"s": 2}, np.ones((1, 1, 2))],
    ids=repr,
)  # fmt: skip
def test_layer_sizes_is_refused(layer_sizes):
    with pytest.raises(ValueError, match="layer_sizes must be a vector of two or more whole"):
        reshapeParameters(np.ones(13), layer_sizes)


@pytest.mark.parametrize("count", [0, 12, 14])
def test_another_number_of_weights_is_refused(count):
    message = rf"must have 13 elements for layer_sizes = \[2 3 1\], got {count}"
    with pytest.raises(ValueError, match=message):
        reshapeParameters(np.ones(count), [2, 3, 1])


@pytest.mark.parametrize(
    ("nn_params", "name"),
    [("ab", "char"), ([True] * 13, "logical"), (np.ones(13, np.int32), "int32"),
     (np.ones(13) * 1j, "double")],
)  # fmt: skip
def test_a_wrong_class_is_refused(nn_params, name):
    with pytest.raises(TypeError, match=f"nn_params must be real .* got class {name}"):
        reshapeParameters(nn_params, [2, 3, 1])
