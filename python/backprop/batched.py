"""nnCostFunction and multilayerCostFunction once more, made for speed.

The cost is a sum over examples. It is computed over blocks of rows that stay in cache, blocks
spread over threads, in buffers that are kept from call to call. Where the layers are small, a
block is a stack of matrices whose products OpenBLAS takes without packing them first, all in one
call; where they are large it is one matrix, and what lies between two products is done in pieces.
X is not copied.

Which block adds to which partial sum, and in which order the sums are added, depends on the
number of rows alone, so that the result does not depend on the number of threads.
"""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from math import ceil

import numpy as np
from scipy.special import expit

from backprop._octave import (
    as_array,
    as_float,
    as_matrix,
    as_scalar,
    is_positive_whole,
    is_real_float,
    is_real_number,
    numel,
    octave_class,
)

try:
    from threadpoolctl import ThreadpoolController
except ModuleNotFoundError:
    ThreadpoolController = None

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

CHECK_BYTES = 2**21
"""Size of the parts of X that are checked at a time."""

LANES = 8
"""Partial sums of the gradient: no more threads than that have work."""

SMALL_PRODUCT = 2**17
"""Multiplications up to which a product is not worth a second thread."""

FEW_NUMBERS = 2**11
"""Examples and activations together, up to which a call of NumPy takes longer than its work."""


class BatchedCost:
    """Cost and gradient of a neural network as a function of its weights.

    Parameters
    ----------
    X : array_like, m x layer_sizes[0]
        One example a row; finite. A 1-D array is one column. It may be a memory map. It is not
        copied: whoever changes it later changes the cost.
    y : array_like, m elements
        Labels: whole numbers from 1 to K, the number of outputs; 0 or 1 where K is 1.
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units; L >= 2.
    lambda_ : float
        Strength of the regularisation, >= 0. The bias columns are not regularised.
    threads : int, optional
        Threads that work; by default as many as the BLAS has. More than one needs threadpoolctl,
        to keep the BLAS to one thread inside each of them. Without it one thread works, and the
        BLAS spreads each product as it likes.
    block_rows : int, optional
        Rows of a block; by default as many as suit the cache, or all where they are few.

    Raises
    ------
    TypeError
        If `X` is not a real array of class double or single.
    ValueError
        If a size, a length, a label, a number or a value of `X` is not as said above.
    ModuleNotFoundError
        If `threads` is more than 1 and threadpoolctl is not installed.

    Notes
    -----
    All is computed in the class of `X`. Cost and gradient are those of `nnCostFunction` but for
    rounding; a cost that is NaN or Inf there is so here.

    The buffers belong to the object: no two calls at a time.

    Source: "Neural Networks: Learning", cost function and backpropagation algorithm.

    Examples
    --------
    >>> from scipy.optimize import minimize
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [1, 0, 0, 1]
    >>> cost = BatchedCost(X, y, [2, 2, 1], 0)
    >>> J, grad = cost(np.zeros(9))
    >>> bool(np.isclose(J, np.log(2)))
    True
    >>> with cost.undisturbed():
    ...     found = minimize(cost, np.sin(np.arange(9)), jac=True, method="L-BFGS-B")
    """

    def __init__(self, X, y, layer_sizes, lambda_, *, threads=None, block_rows=None):
        sizes = _checked_sizes(layer_sizes)
        X = _checked_examples(X, sizes[0])
        labels = _checked_labels(y, len(X), sizes[-1])
        if (
            not is_real_number(lambda_)
            or numel(lambda_) != 1
            or not 0 <= as_scalar(lambda_) < np.inf
        ):
            raise ValueError("BatchedCost: lambda must be a finite number >= 0")
        if threads is not None and not is_positive_whole(threads):
            raise ValueError("BatchedCost: threads must be a whole number >= 1")
        if block_rows is not None and not is_positive_whole(block_rows):
            raise ValueError("BatchedCost: block_rows must be a whole number >= 1")
        self._sizes = sizes
        self._size = _count(sizes)
        self._dtype = X.dtype
        few = len(X) * sum(sizes) <= FEW_NUMBERS and threads is None and block_rows is None
        if few:
            self._limited = nullcontext
            self._compute = _AtOnce(X, labels, sizes, as_scalar(lambda_)).compute
        else:
            in_blocks = _InBlocks(X, labels, sizes, as_scalar(lambda_), threads, block_rows)
            self._limited = in_blocks.limited
            self._compute = in_blocks.compute
        self._silence = _silence()

    def __call__(self, p):
        """Compute the cost and its gradient.

        Parameters
        ----------
        p : array_like
            The weights, unrolled column by column: Theta1, Theta2, ...; those that lead from one
            layer to the next are a matrix of layer_sizes[l + 1] x (layer_sizes[l] + 1).

        Returns
        -------
        J : float
            Regularised cross-entropy cost, of the class of `X`.
        grad : ndarray, 1-D
            Gradient of J, unrolled like `p`, of the class of `X`.

        Raises
        ------
        TypeError
            If `p` is not a real array of class double or single.
        ValueError
            If it has not as many elements as there are weights.
        """
        p = np.asarray(p)
        if p.shape != (self._size,) or p.dtype != self._dtype:
            p = _checked_weights(p, self._sizes)
        return self._silence.run(self._compute, p)

    @contextmanager
    def undisturbed(self):
        """Keep the BLAS at one thread between the calls too: for a minimisation.

        An optimiser's own sums over more than 10,000 weights wake OpenBLAS's threads, which
        then look for more work for many milliseconds, on the processors that the next call
        needs. Where this object leaves the BLAS as it is, nothing changes.

        Yields
        ------
        None
        """
        with self._limited():
            yield


class _AtOnce:
    """All examples at once, where it is the number of calls of NumPy that takes the time."""

    def __init__(self, X, labels, sizes, lambda_):
        dtype = X.dtype
        self._m = np.array(len(X), dtype)  # Python's numbers would be converted at each use
        self._one = np.array(1, dtype)
        self._strength = np.array(lambda_ / len(X), dtype)
        self._weights, Thetas = _unrolled(sizes, dtype, "F")
        self._grad, grads = _unrolled(sizes, dtype, "F")
        self._without_bias, _ = _unrolled(sizes, dtype, "F")
        self._product, _ = _unrolled(sizes, dtype, "F")
        self._is_no_bias = np.zeros(self._grad.shape, bool)
        for part in _parts_without_bias(sizes):
            self._is_no_bias[part] = True
        self._Y, self._others = _one_hot(labels, sizes[-1], dtype)
        self._chance = np.empty_like(self._Y)
        layers = _layers(sizes, len(X), dtype)
        self._h = delta = layers[-1][0]

        inputs = np.vstack([np.ones((1, len(X)), dtype), X.T])
        belows = [inputs, *(with_bias for _, with_bias, _ in layers[:-1])]
        self._forward = [
            (Theta, below, a)
            for (Theta, _, _), below, (a, _, _) in zip(Thetas, belows, layers, strict=True)
        ]
        self._backward = []
        for l in range(len(layers) - 1, 0, -1):
            a, _, delta_below = layers[l - 1]
            product = belows[l], delta.T, grads[l][0].T
            self._backward.append((product, Thetas[l][2].T, delta, a, delta_below))
            delta = delta_below
        self._last_product = inputs, delta.T, grads[0][0].T

    def compute(self, p):
        """Return cost and gradient."""
        one, h, chance, product = self._one, self._h, self._chance, self._product
        np.copyto(self._weights, p, casting="same_kind")

        # Forward
        for Theta, below, a in self._forward:
            np.dot(Theta, below, a)
            expit(a, a)

        # Cost
        delta = h
        np.subtract(h, self._others, chance)
        cost = _cost(chance, np.subtract(h, self._Y, delta))

        # Backward
        for gradient_product, W, delta, a, delta_below in self._backward:
            np.dot(*gradient_product)
            np.dot(W, delta, delta_below)
            np.multiply(delta_below, a, delta_below)
            np.subtract(one, a, a)
            np.multiply(delta_below, a, delta_below)
        np.dot(*self._last_product)

        # Regularise
        np.divide(self._grad, self._m, self._grad)
        np.copyto(self._without_bias, self._weights, where=self._is_no_bias)
        np.multiply(self._without_bias, self._strength, product)
        penalty = np.dot(self._without_bias, self._without_bias)
        J = cost / self._m + self._strength / 2 * penalty
        return J, self._grad + product


class _InBlocks:
    """Blocks of rows, spread over threads."""

    def __init__(self, X, labels, sizes, lambda_, threads, block_rows):
        self._m = len(X)
        self._lambda = lambda_

        # Blocks: each a stack of matrices, an example a column
        stack, rows, order = _shape_of_a_block(self._m, sizes, X.itemsize, block_rows)
        X = np.asarray(X)  # a memory map as an array: its slices are made faster
        self._blocks = []
        for part, count in _blocks(self._m, stack, rows):
            matrices = X[part].reshape((count, -1, sizes[0])).swapaxes(1, 2)
            self._blocks.append((matrices, labels[part]))
        shapes = {(len(matrices), matrices.shape[2]) for matrices, _ in self._blocks}

        # Threads
        largest = min(stack * rows, self._m) * _largest_product(sizes)
        lanes = min(LANES, len(self._blocks))
        self._blas, threads = _blas_and_threads(threads, largest > SMALL_PRODUCT)
        threads = min(threads, lanes)
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

        # Buffers
        dtype = X.dtype
        self._negated, self._Thetas = _unrolled(sizes, dtype, "F")
        self._grad, self._Theta_grads = _unrolled(sizes, dtype, "F")
        self._lanes = [_Sums(sizes, dtype) for _ in range(lanes)]
        self._costs = np.empty(len(self._blocks))
        self._desks = [_Desk(sizes, shapes, order, dtype) for _ in range(threads)]
        product = np.empty_like(self._grad)
        self._regularised = [
            (self._negated[part], self._grad[part], product[part])
            for part in _parts_without_bias(sizes)
        ]

    def limited(self):
        """Limit the BLAS to one thread until the context that this returns is left."""
        return self._blas.limit(limits=1) if self._blas else nullcontext()

    def compute(self, p):
        """Return cost and gradient."""
        np.negative(p, self._negated, casting="same_kind")
        with self.limited():
            lanes = iter(
                range(len(self._lanes))
            )  # each thread takes the next one until none is left
            others = [
                self._pool.submit(desk.silence.run, self._work, desk, lanes)
                for desk in self._desks[1:]
            ]
            self._work(self._desks[0], lanes)
            for other in others:
                other.result()
        return self._total()

    def _work(self, desk, lanes):
        """Sum cost and gradient over the blocks of some lanes, each lane's in their order."""
        step = len(self._lanes)
        for lane in lanes:
            sums = self._lanes[lane]
            self._costs[lane] = desk.run(self._Thetas, *self._blocks[lane], sums)
            for i in range(lane + step, len(self._blocks), step):
                self._costs[i] = desk.run(self._Thetas, *self._blocks[i], desk.sums)
                np.add(sums.vector, desk.sums.vector, sums.vector)

    def _total(self):
        """Add the lanes, divide by the number of examples, regularise."""
        total = self._lanes[0]
        for sums in self._lanes[1:]:
            np.add(total.vector, sums.vector, total.vector)
        for (_, bias, W), (bias_sum, W_sum) in zip(self._Theta_grads, total.views, strict=True):
            np.divide(bias_sum, self._m, bias)
            np.divide(W_sum, self._m, W)
        penalty = 0.0
        for W, W_grad, product in self._regularised:
            penalty += W @ W
            np.multiply(W, -self._lambda / self._m, product)
            np.add(W_grad, product, W_grad)
        J = np.sum(self._costs) / self._m + self._lambda / (2 * self._m) * penalty
        return self._grad.dtype.type(J), self._grad.copy()


def _largest_product(sizes):
    """Return how many multiplications the largest product takes for one example."""
    return max(n * s for n, s in itertools.pairwise(sizes))


def _shape_of_a_block(m, sizes, itemsize, block_rows):
    """Return how many matrices a block is, of how many examples each, and how they lie in memory.

    Order "F" is an example a row, "C" an example a column.
    """
    if block_rows is not None:
        return 1, min(int(block_rows), m), "C"
    most = UNPACKED_PRODUCT // _largest_product(sizes)
    if most in STACKED_ROWS and m > most:
        row_bytes = itemsize * (sizes[0] + 2 * sum(sizes[1:]))
        rows = -(-m // _even_count(m * row_bytes / STACK_BYTES))
        stack = -(-rows // most)
        return stack, -(-rows // stack), "F"
    return 1, -(-m // _even_count(m / BLOCK_ROWS)), "C"


def _even_count(blocks):
    """Round up to a number of blocks that lanes and threads share evenly."""
    return next((n for n in (2, 4) if blocks <= n), LANES * ceil(blocks / LANES))


def _blocks(m, stack, rows):
    """Yield the rows of each block, and of how many matrices it is."""
    start = 0
    while start < m:
        count = min(stack, (m - start) // rows)
        stop = start + count * rows if count else m
        yield slice(start, stop), max(count, 1)
        start = stop


class _Sums:
    """Sums of gradients: for each layer the biases and the weights, rows in C order."""

    def __init__(self, sizes, dtype):
        self.vector = np.empty(_count(sizes), dtype)
        self.views, start = [], 0
        for n, s in itertools.pairwise(sizes):
            end = start + s * (n + 1)
            bias, W = self.vector[start : start + s], self.vector[start + s : end]
            self.views.append((bias.reshape(s, 1), W.reshape(s, n)))
            start = end


class _Desk:
    """The buffers of one thread, and what is done in them with one block."""

    def __init__(self, sizes, shapes, order, dtype):
        self.silence = _silence()
        self.sums = _Sums(sizes, dtype)
        self._one = np.array(1, dtype)
        self._buffers = {shape: _Buffers(sizes, *shape, order, dtype) for shape in shapes}

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
        cost = _cost(buffers.flat_chance, buffers.flat_h)

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


class _Buffers:
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


def _cost(chance, delta):
    """Sum -y log(h) - (1 - y) log(1 - h).

    `chance`, which it overwrites, is h where y is 1 and h - 1 where y is 0; `delta` is h - y.
    Where delta is 0, the formula has 0 * log(0) beside log(1), and is NaN.
    """
    np.absolute(chance, chance)
    np.log(chance, chance)
    return -np.add.reduce(chance, None) if np.count_nonzero(delta) == delta.size else np.nan


def _unrolled(sizes, dtype, order):
    """Make a vector of all weights, and views of it: of each matrix, its bias column, the rest."""
    vector = np.zeros(_count(sizes), dtype)
    views, start = [], 0
    for n, s in itertools.pairwise(sizes):
        Theta = vector[start : start + s * (n + 1)].reshape((s, n + 1), order=order)
        views.append((Theta, Theta[:, :1], Theta[:, 1:]))
        start += Theta.size
    return vector, views


def _count(sizes):
    return sum(s * (n + 1) for n, s in itertools.pairwise(sizes))


def _parts_without_bias(sizes):
    """Yield where each matrix less its bias column stands in the unrolled weights."""
    start = 0
    for n, s in itertools.pairwise(sizes):
        yield slice(start + s, start + s * (n + 1))
        start += s * (n + 1)


def _layers(sizes, rows, dtype):
    """Make the layers after the first: activations, the same below a row of ones, delta."""
    layers = []
    for s in sizes[1:]:
        with_bias = np.ones((s + 1, rows), dtype)
        layers.append((with_bias[1:], with_bias, np.empty((s, rows), dtype)))
    return layers


def _classes(K):
    return np.arange(1, K + 1, dtype=np.min_scalar_type(K))[:, np.newaxis]


def _one_hot(labels, K, dtype):
    """Return Y, an example a column, and 1 - Y."""
    Y = np.equal(_classes(K), labels)
    return Y.astype(dtype), (~Y).astype(dtype)


def _silence():
    """Return a context without floating-point warnings: log(0) is -Inf, 0 * Inf is NaN.

    To run in it takes a tenth of the time of np.errstate.
    """
    with np.errstate(all="ignore"):
        return copy_context()


def _blas_and_threads(wanted, worth_it):
    """Return the BLAS, where it is to be limited to one thread, and the number of threads."""
    if wanted is None and not worth_it:
        return None, 1
    if ThreadpoolController is None:
        if wanted is not None and wanted > 1:
            raise ModuleNotFoundError(
                "BatchedCost: more than one thread needs threadpoolctl, which is not installed: "
                "pip install threadpoolctl"
            )
        return None, 1
    blas = ThreadpoolController().select(user_api="blas")
    if wanted is None:
        wanted = max((library["num_threads"] for library in blas.info()), default=1)
    return blas, int(wanted)


def _checked_sizes(layer_sizes):
    sizes = as_array(layer_sizes).ravel()
    if sizes.size < 2 or not all(is_positive_whole(size) for size in sizes):
        raise ValueError("BatchedCost: layer_sizes must be two or more whole numbers >= 1")
    return [int(size) for size in sizes]


def _checked_examples(X, columns):
    if not is_real_float(X):
        raise TypeError(
            "BatchedCost: X must be real and of class double or single, "
            f"got class {octave_class(X)}"
        )
    X = as_matrix(X)
    if X.size == 0:
        raise ValueError("BatchedCost: X is empty; it needs at least one example (row)")
    if X.ndim != 2 or X.shape[1] != columns:
        raise ValueError(
            f"BatchedCost: X must have layer_sizes[0] = {columns} columns, got {X.shape[1]}"
        )
    rows = max(1, CHECK_BYTES // X[0].nbytes)
    parts = (X[start : start + rows] for start in range(0, len(X), rows))
    wrong = sum(part.size - np.count_nonzero(np.isfinite(part)) for part in parts)
    if wrong:
        raise ValueError(f"BatchedCost: X must be finite, found {wrong} NaN or Inf")
    return X


def _checked_labels(y, m, K):
    """Return the labels in the smallest class that holds them."""
    if numel(y) != m:
        raise ValueError(
            f"BatchedCost: y must have one label for each of the {m} rows of X, got {numel(y)}"
        )
    y = as_array(y).ravel(order="F")
    if K == 1:
        right = is_real_number(y) or octave_class(y) == "logical"
        if not right or np.any((y != 0) & (y != 1)):
            raise ValueError("BatchedCost: y must hold 0 and 1 only, where there is one output")
    elif not is_real_number(y) or np.any(y != np.round(y)) or np.any(y < 1) or np.any(y > K):
        raise ValueError(f"BatchedCost: y must hold whole numbers from 1 to layer_sizes[-1] = {K}")
    return y.astype(np.min_scalar_type(K))


def _checked_weights(p, sizes):
    if not is_real_float(p):
        raise TypeError(
            "BatchedCost: p must be real and of class double or single, "
            f"got class {octave_class(p)}"
        )
    p = as_float(p).ravel(order="F")
    if p.size != _count(sizes):
        shapes = " and ".join(f"{s} x {n + 1}" for n, s in itertools.pairwise(sizes))
        raise ValueError(
            f"BatchedCost: p must have {_count(sizes)} elements, {shapes}, got {p.size}"
        )
    return p
