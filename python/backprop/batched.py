"""nnCostFunction and multilayerCostFunction once more, made for speed.

The cost is a sum over examples. It is computed over blocks of rows that stay in cache
(`_row_blocks`), blocks spread over threads, in buffers that are kept from call to call. X is not
copied.

Which block adds to which partial sum, and in which order the sums are added, depends on the
number of rows alone, so that the result does not depend on the number of threads.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import numpy as np
from scipy.special import expit

from backprop._checks import checked_labels, checked_sizes, checked_strength, checked_weights
from backprop._octave import as_matrix, is_positive_whole, is_real_float, octave_class
from backprop._row_blocks import (
    LANES,
    Desk,
    Mean,
    Sums,
    blocks,
    cost_of,
    count_weights,
    largest_product,
    parts_without_bias,
    shape_of_a_block,
    silence,
    unrolled,
)

try:
    from threadpoolctl import ThreadpoolController
except ModuleNotFoundError:
    ThreadpoolController = None

CHECK_BYTES = 2**21
"""Size of the parts of X that are checked at a time."""

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
        sizes = checked_sizes("BatchedCost", layer_sizes)
        X = _checked_examples(X, sizes[0])
        labels = checked_labels("BatchedCost", y, len(X), sizes[-1])
        lambda_ = checked_strength("BatchedCost", lambda_)
        if threads is not None and not is_positive_whole(threads):
            raise ValueError("BatchedCost: threads must be a whole number >= 1")
        if block_rows is not None and not is_positive_whole(block_rows):
            raise ValueError("BatchedCost: block_rows must be a whole number >= 1")
        self._sizes = sizes
        self._size = count_weights(sizes)
        self._dtype = X.dtype
        few = len(X) * sum(sizes) <= FEW_NUMBERS and threads is None and block_rows is None
        if few:
            self._limited = nullcontext
            self._compute = _AtOnce(X, labels, sizes, lambda_).compute
        else:
            in_blocks = _InBlocks(X, labels, sizes, lambda_, threads, block_rows)
            self._limited = in_blocks.limited
            self._compute = in_blocks.compute
        self._silence = silence()

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
            p = checked_weights("BatchedCost", p, self._sizes)
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
        self._weights, Thetas = unrolled(sizes, dtype, "F")
        self._grad, grads = unrolled(sizes, dtype, "F")
        self._without_bias, _ = unrolled(sizes, dtype, "F")
        self._product, _ = unrolled(sizes, dtype, "F")
        self._is_no_bias = np.zeros(self._grad.shape, bool)
        for part in parts_without_bias(sizes):
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
        cost = cost_of(chance, np.subtract(h, self._Y, delta))

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
        m = len(X)

        # Blocks: each a stack of matrices, an example a column
        stack, rows, order = shape_of_a_block(m, sizes, X.itemsize, block_rows)
        X = np.asarray(X)  # a memory map as an array: its slices are made faster
        self._blocks = []
        for part, count in blocks(m, stack, rows):
            matrices = X[part].reshape((count, -1, sizes[0])).swapaxes(1, 2)
            self._blocks.append((matrices, labels[part]))
        shapes = {(len(matrices), matrices.shape[2]) for matrices, _ in self._blocks}

        # Threads
        largest = min(stack * rows, m) * largest_product(sizes)
        lanes = min(LANES, len(self._blocks))
        self._blas, threads = _blas_and_threads(threads, largest > SMALL_PRODUCT)
        threads = min(threads, lanes)
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

        # Buffers
        dtype = X.dtype
        self._mean = Mean(sizes, m, lambda_, dtype)
        self._lanes = [Sums(sizes, dtype) for _ in range(lanes)]
        self._costs = np.empty(len(self._blocks))
        self._desks = [Desk(sizes, shapes, order, dtype) for _ in range(threads)]

    def limited(self):
        """Limit the BLAS to one thread until the context that this returns is left."""
        return self._blas.limit(limits=1) if self._blas else nullcontext()

    def compute(self, p):
        """Return cost and gradient."""
        np.negative(p, self._mean.negated, casting="same_kind")
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
            self._costs[lane] = desk.run(self._mean.Thetas, *self._blocks[lane], sums)
            for i in range(lane + step, len(self._blocks), step):
                self._costs[i] = desk.run(self._mean.Thetas, *self._blocks[i], desk.sums)
                np.add(sums.vector, desk.sums.vector, sums.vector)

    def _total(self):
        """Add the lanes, divide by the number of examples, regularise."""
        total = self._lanes[0]
        for sums in self._lanes[1:]:
            np.add(total.vector, sums.vector, total.vector)
        return self._mean.of(np.sum(self._costs), total)


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
