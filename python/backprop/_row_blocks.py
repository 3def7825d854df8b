"""Cost and gradient of a neural network, summed over blocks of rows.

What BatchedCost and DistributedCost have in common: how rows are parted, what is done with a
block and in which buffers, and how the sums become the regularised cost. Where the layers are
small, a block is a stack of matrices whose products OpenBLAS takes without packing them first,
all in one call; where they are large it is one matrix, and what lies between two products is done
in pieces. May import NumPy only.
"""

import itertools
from contextvars import copy_context
from math import ceil

import numpy as np

BLOCK_ROWS = 2**11
"""Rows of a block, about: fewer, and a large product takes longer for each row."""

PIECE_BYTES = 2**19
"""Size of what is done in cache between two products."""

UNPACKED_PRODUCT = 970_000
"""Multiplications up to which OpenBLAS takes the matrices where they lie (its limit is 10^6; just
below it is where it was fastest, at it by a third slower). It packs those of larger
products first, which takes as long as half the product where a layer has few units."""

STACKED_ROWS = range(32, 513)
"""Rows of such products: of a smaller one the calls show, a larger one has too little to do."""

STACK_BYTES = 2**24
"""Size of a stack of them, one block: each stack costs as many calls of NumPy, during which the
threads wait for each other."""

LANES = 8
"""Partial sums of the gradient: no more threads than that have work."""


def largest_product(sizes):
    """Return how many multiplications the largest product takes for one example."""
    return max(n * s for n, s in itertools.pairwise(sizes))


def shape_of_a_block(m, sizes, itemsize, block_rows):
    """Return how many matrices a block is, of how many examples each, and how they lie in memory.

    Order "F" is an example a row, "C" an example a column.
    """
    if block_rows is not None:
        return 1, min(int(block_rows), m), "C"
    most = UNPACKED_PRODUCT // largest_product(sizes)
    if most in STACKED_ROWS and m > most:
        row_bytes = itemsize * (sizes[0] + 2 * sum(sizes[1:]))
        rows = -(-m // even_count(m * row_bytes / STACK_BYTES))
        stack = -(-rows // most)
        return stack, -(-rows // stack), "F"
    return 1, -(-m // even_count(m / BLOCK_ROWS)), "C"


def even_count(blocks):
    """Round up to a number of blocks that lanes and threads share evenly."""
    return next((n for n in (2, 4) if blocks <= n), LANES * ceil(blocks / LANES))


def blocks(m, stack, rows):
    """Yield the rows of each block, and of how many matrices it is."""
    start = 0
    while start < m:
        count = min(stack, (m - start) // rows)
        stop = start + count * rows if count else m
        yield slice(start, stop), max(count, 1)
        start = stop


class Sums:
    """Sums of gradients: for each layer the biases and the weights, rows in C order."""

    def __init__(self, sizes, dtype):
        self.vector = np.empty(count_weights(sizes), dtype)
        self.views, start = [], 0
        for n, s in itertools.pairwise(sizes):
            end = start + s * (n + 1)
            bias, W = self.vector[start : start + s], self.vector[start + s : end]
            self.views.append((bias.reshape(s, 1), W.reshape(s, n)))
            start = end


class Desk:
    """The buffers of one thread, and what is done in them with one block."""

    def __init__(self, sizes, shapes, order, dtype):
        self.silence = silence()
        self.sums = Sums(sizes, dtype)
        self._one = np.array(1, dtype)
        self._buffers = {shape: Buffers(sizes, *shape, order, dtype) for shape in shapes}

    def run(self, Thetas, X, labels, sums):
        """Compute the sum of the costs of a block, and the gradient of it into `sums`.

        `Thetas` are negated: 1 / (1 + e^-z) then takes no negation of its own.
        """
        buffers, one = self._buffers[len(X), X.shape[2]], self._one
        layers = buffers.layers

        # Forward
        below = X
        for (_, bias, W), (a, _, pieces) in zip(Thetas, layers, strict=True):
            np.matmul(W, below, a)
            for units, a_piece, _ in pieces:
                np.add(a_piece, bias[units], a_piece)
                np.exp(a_piece, a_piece)
                np.add(a_piece, one, a_piece)
                np.divide(one, a_piece, a_piece)
            below = a

        # Cost
        h = delta = layers[-1][0]
        np.subtract(one, h, buffers.chance)
        right = buffers.places_of(labels)
        h_right = buffers.flat_h[right]
        buffers.flat_chance[right] = h_right
        buffers.flat_h[right] = h_right - one
        cost = cost_of(buffers.flat_chance, buffers.flat_h)

        # Backward
        for l in range(len(Thetas) - 1, -1, -1):
            below = layers[l - 1][0] if l > 0 else X
            bias_parts, W_parts = buffers.gradients[l]
            bias_sum, W_sum = sums.views[l]
            np.matmul(delta, below.swapaxes(1, 2), W_parts)
            np.add.reduce(W_parts, 0, None, W_sum)
            np.matmul(delta, buffers.ones, bias_parts)
            np.add.reduce(bias_parts, 0, None, bias_sum)
            if l > 0:
                _, delta_below, pieces = layers[l - 1]
                np.matmul(Thetas[l][2].T, delta, delta_below)  # negated, and so is a - 1
                for _, a_piece, delta_piece in pieces:
                    np.multiply(delta_piece, a_piece, delta_piece)
                    np.subtract(a_piece, one, a_piece)
                    np.multiply(delta_piece, a_piece, delta_piece)
                delta = delta_below
        return cost


class Buffers:
    """Where the numbers of a block of one shape go: `stack` matrices of `rows` examples each."""

    def __init__(self, sizes, stack, rows, order, dtype):
        def matrices(units):
            if order == "C":
                return np.empty((stack, units, rows), dtype)
            return np.empty((stack, rows, units), dtype).swapaxes(1, 2)

        def flat(a):
            return (a if order == "C" else a.swapaxes(1, 2)).reshape(-1)

        self.layers = []
        for s in sizes[1:]:
            a, delta = matrices(s), matrices(s)
            # The steps from one product to the next are done in pieces that stay in cache.
            units = max(1, PIECE_BYTES // (rows * a.itemsize)) if order == "C" else s
            pieces = [
                (slice(j, j + units), a[:, j : j + units], delta[:, j : j + units])
                for j in range(0, s, units)
            ]
            self.layers.append((a, delta, pieces))
        self.chance = matrices(sizes[-1])
        self.flat_chance, self.flat_h = flat(self.chance), flat(self.layers[-1][0])
        self.ones = np.ones((rows, 1), dtype)
        self.gradients = [
            (np.empty((stack, s, 1), dtype), np.empty((stack, s, n), dtype))
            for n, s in itertools.pairwise(sizes)
        ]
        places = np.arange(stack * sizes[-1] * rows).reshape((stack, sizes[-1], rows))
        if order == "F":
            places = places.reshape((stack, rows, sizes[-1])).swapaxes(1, 2)
        self._step = places[0, 1, 0] - places[0, 0, 0] if sizes[-1] > 1 else None
        self._before_first = places[:, 0].ravel() - (self._step or 0)

    def places_of(self, labels):
        """Return where in the flat outputs y is 1."""
        if self._step is None:
            return np.flatnonzero(labels)
        return self._before_first + labels * self._step


class Mean:
    """Makes the regularised cost and its gradient of the weights and the sums over `m` rows.

    Parameters
    ----------
    sizes : list of int
        Units of each layer.
    m : int
        Rows.
    lambda_ : float
        Strength of the regularisation.
    dtype : dtype
        Class of the weights and of the results.

    Attributes
    ----------
    negated : ndarray, 1-D
        The weights, negated, to be set before `of` is called.
    Thetas : list
        Views of them, as `Desk.run` takes them.
    """

    def __init__(self, sizes, m, lambda_, dtype):
        self._m, self._lambda = m, lambda_
        self.negated, self.Thetas = unrolled(sizes, dtype, "F")
        self._grad, self._Theta_grads = unrolled(sizes, dtype, "F")
        product = np.empty_like(self._grad)
        self._regularised = [
            (self.negated[part], self._grad[part], product[part])
            for part in parts_without_bias(sizes)
        ]

    def of(self, cost, sums):
        """Return cost and gradient, from the sum of the costs and a `Sums`."""
        for (_, bias, W), (bias_sum, W_sum) in zip(self._Theta_grads, sums.views, strict=True):
            np.divide(bias_sum, self._m, bias)
            np.divide(W_sum, self._m, W)
        penalty = 0.0
        for W, W_grad, product in self._regularised:
            penalty += W @ W
            np.multiply(W, -self._lambda / self._m, product)
            np.add(W_grad, product, W_grad)
        J = cost / self._m + self._lambda / (2 * self._m) * penalty
        return self._grad.dtype.type(J), self._grad.copy()


def cost_of(chance, delta):
    """Sum -y log(h) - (1 - y) log(1 - h).

    `chance`, which it overwrites, is h where y is 1 and h - 1 where y is 0; `delta` is h - y.
    Where delta is 0, the formula has 0 * log(0) beside log(1), and is NaN.
    """
    np.absolute(chance, chance)
    np.log(chance, chance)
    return -np.add.reduce(chance, None) if np.count_nonzero(delta) == delta.size else np.nan


def unrolled(sizes, dtype, order):
    """Make a vector of all weights, and views of it: of each matrix, its bias column, the rest."""
    vector = np.zeros(count_weights(sizes), dtype)
    views, start = [], 0
    for n, s in itertools.pairwise(sizes):
        Theta = vector[start : start + s * (n + 1)].reshape((s, n + 1), order=order)
        views.append((Theta, Theta[:, :1], Theta[:, 1:]))
        start += Theta.size
    return vector, views


def count_weights(sizes):
    return sum(s * (n + 1) for n, s in itertools.pairwise(sizes))


def parts_without_bias(sizes):
    """Yield where each matrix less its bias column stands in the unrolled weights."""
    start = 0
    for n, s in itertools.pairwise(sizes):
        yield slice(start + s, start + s * (n + 1))
        start += s * (n + 1)


def silence():
    """Return a context without floating-point warnings: log(0) is -Inf, 0 * Inf is NaN.

    To run in it takes a tenth of the time of np.errstate.
    """
    with np.errstate(all="ignore"):
        return copy_context()
