"""Sparse matrices whose indices are looked at."""

import numpy as np
import pytest
import scipy.sparse

from lockstep.sides.sparse_indices import checked_indices

BEYOND = ([1.0], [5], [0, 1])
"""Data, indices and their ends; with two columns there is none of number 5."""


@pytest.mark.parametrize("name", ["csr_matrix", "csr_array", "csc_matrix"])
def test_an_index_beyond_the_shape_is_an_error(name):
    shape = (1, 2) if name.startswith("csr") else (2, 1)
    with checked_indices(), pytest.raises(ValueError, match="indices"):
        getattr(scipy.sparse, name)(BEYOND, shape=shape)


def test_what_is_right_is_made_and_all_is_as_before_afterwards():
    base = next(k for k in scipy.sparse.csr_matrix.__mro__ if "check_format" in vars(k))
    before = vars(base)["check_format"]
    with checked_indices():
        made = scipy.sparse.csr_matrix(([1.0, 2.0], [0, 1], [0, 1, 2]), shape=(2, 2))
    assert np.array_equal(made.toarray(), [[1, 0], [0, 2]])
    assert vars(base)["check_format"] is before


def test_it_ends_with_an_error_in_the_block():
    base = next(k for k in scipy.sparse.csr_matrix.__mro__ if "check_format" in vars(k))
    before = vars(base)["check_format"]
    with pytest.raises(KeyError), checked_indices():
        raise KeyError
    assert vars(base)["check_format"] is before
