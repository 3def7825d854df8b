"""rand and randperm go on as Octave's do, however the stream was seeded, and refuse what is wrong.

The numbers after whole seeds are compared in tests/cases/rand.py and randperm.py.
"""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from backprop import rand, randperm

SEEDS = {
    "a half is rounded up": 2.5,
    "another half": 3.5,
    "less than a half": 2.4,
    "negative": -7.0,
    "too large": 2.0**40,
    "NaN": np.nan,
    "Inf": np.inf,
    "-Inf": -np.inf,
    "true": True,
    "single": np.float32(1.5),
    "uint8": np.uint8(200),
    "two numbers": np.array([1.0, 2.0]),
    "a matrix": np.array([[1.0, 2.0], [3.0, 4.0]]),
    "624 numbers": np.arange(624.0),
    "625 numbers that are a state": np.append(np.arange(1.0, 625), 7.0),
    "625 numbers of which the last is no place in a state": np.append(np.arange(1.0, 625), 625.0),
    "626 numbers": np.arange(626.0),
}


@pytest.mark.parametrize("word", ["twister", "state"])
@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_the_numbers_after_a_seed(lockstep, word, seed):
    lockstep.runner.octave.call("rand", word, seed, nargout=0)
    rand(word, seed)
    assert_array_equal(rand(40, 20), lockstep.octave("rand", 40.0, 20.0))


def test_the_stream_goes_on_whatever_is_drawn_from_it(lockstep):
    """400 draws of random kinds and sizes, all from one seed."""
    random = np.random.default_rng(5)
    lockstep.runner.octave.call("rand", "twister", 5, nargout=0)
    rand("twister", 5)
    for _ in range(400):
        n = int(random.integers(1, 10 ** random.integers(1, 6)))
        m = int(random.integers(0, min(n, 900) + 1))
        name, port, *args = [
            ("rand", rand, m, 3),
            ("rand", rand, m, 2, "single"),
            ("randperm", randperm, n % 2000),
            ("randperm", randperm, n, m),
        ][random.integers(4)]
        assert_array_equal(np.ravel(port(*args)), np.ravel(lockstep.octave(name, *args)), str(args))


@pytest.mark.parametrize("n", [99_999, 2**31 - 1, 2**31, 2**32 + 5, 2**40, 2**53])
@pytest.mark.parametrize("m", [1, 2, 50])
def test_a_few_of_very_many(lockstep, n, m):
    lockstep.runner.octave.call("rand", "twister", 9, nargout=0)
    rand("twister", 9)
    assert_array_equal(randperm(n, m), np.ravel(lockstep.octave("randperm", float(n), float(m))))


def test_a_state_puts_the_stream_back():
    rand("twister", 3)
    rand(7, 1)
    state = rand("twister")
    ahead = rand(5, 5)
    rand("twister", state)
    assert_array_equal(rand(5, 5), ahead)


REFUSED = {
    "a text as seed": (("twister", "a"), TypeError, "the seed must be real and numeric"),
    "a complex seed": (("twister", 1j), TypeError, "the seed must be real and numeric"),
    "no seed": (("twister", []), ValueError, "the seed is empty"),
    "two seeds": (("twister", 1, 2), ValueError, "expected rand"),
    "a state of zeros": (
        ("twister", np.append(np.zeros(624), 1.0)),
        ValueError,
        "a state must not be all zeros",
    ),
    "Octave's old generator": (("seed", 1), ValueError, '"seed" is not supported'),
    "a size of 1.5": ((1.5,), ValueError, "a size must be a whole number"),
    "a size that is NaN": ((np.nan, 2), ValueError, "a size must be a whole number"),
    "a cell": ((["a"],), TypeError, "a size must be a number"),
    "a mix": (([2, 3], 4), ValueError, "got a mix"),
}


@pytest.mark.parametrize(("args", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_rand_refuses(args, error, message):
    with pytest.raises(error, match=message):
        rand(*args)


@pytest.mark.parametrize("n", [-1, 1.5, np.nan, np.inf, "5", True, [2, 3], None, 1j], ids=repr)
def test_randperm_refuses_n(n):
    with pytest.raises(ValueError, match="n must be a whole number >= 0"):
        randperm(n)


@pytest.mark.parametrize("m", [-1, 6, 1.5, np.nan, "2", [1, 2], 1j], ids=repr)
def test_randperm_refuses_m(m):
    with pytest.raises(ValueError, match="m must be a whole number from 0 to n = 5"):
        randperm(5, m)
