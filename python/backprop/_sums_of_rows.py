"""What one task of a DistributedCost does: it sums cost and gradient over some rows.

The rows are parted into blocks, and the sums of the blocks are added in a binary tree: the first
half of the tree has as many blocks as the largest power of two below their number. So blocks 0 to
7, or 8 to 15, are a branch of it, however many there are, and it makes no difference to a single
bit how many of such branches a task is given. May import NumPy, threadpoolctl, `_labels` and
`_row_blocks` only: a worker needs no more.
"""

import threading
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from threadpoolctl import ThreadpoolController

from backprop._labels import are_labels
from backprop._row_blocks import Desk, Sums, blocks, shape_of_a_block, unrolled

KEPT = 4
"""Shapes of blocks whose buffers a thread keeps: whole blocks, a last one; of two networks."""


@dataclass
class RowSum:
    """The sum of the costs of some rows, and the gradient of it as the vector of a `Sums`."""

    cost: float
    vector: np.ndarray


@dataclass(frozen=True)
class Network:
    """What a task has to know of a network: sizes, class, and how rows are parted into blocks."""

    sizes: tuple
    dtype: np.dtype
    block_rows: int


def sum_of_rows(X, labels, p, network):
    """Sum cost and gradient over some rows, a branch of the tree."""
    negated, Thetas = unrolled(network.sizes, network.dtype, "F")
    np.negative(p, negated)
    labels = labels.astype(np.min_scalar_type(network.sizes[-1]), copy=False)
    starts = range(0, len(X), network.block_rows)

    def of_block(i):
        rows = slice(starts[i], starts[i] + network.block_rows)
        return _kernel(network, len(X[rows])).sum(X[rows], labels[rows], Thetas)

    with _blas.one_thread(), np.errstate(all="ignore"):
        return _in_a_tree(of_block, 0, len(starts))


def sum_of_branches(branches):
    """Add sums of branches of one height, the last of which may be lower."""
    return _in_a_tree(
        lambda i: RowSum(branches[i].cost, branches[i].vector.copy()), 0, len(branches)
    )


def count_faults(X, labels, network):
    """Return how many numbers of X are NaN or Inf, and how many labels are no labels."""
    blocks_of_X = (X[i : i + network.block_rows] for i in range(0, len(X), network.block_rows))
    finite = sum(np.count_nonzero(np.isfinite(block)) for block in blocks_of_X)
    right = np.count_nonzero(are_labels(labels, network.sizes[-1]))
    return X.size - finite, len(labels) - right


def _in_a_tree(leaf, start, stop):
    """Add the leaves from `start` to `stop`, each made when it is wanted."""
    if stop - start == 1:
        return leaf(start)
    half = 1 << ((stop - start - 1).bit_length() - 1)
    left = _in_a_tree(leaf, start, start + half)
    right = _in_a_tree(leaf, start + half, stop)
    np.add(left.vector, right.vector, left.vector)
    return RowSum(left.cost + right.cost, left.vector)


class _Kernel:
    """Sums over one block, in buffers that are kept for the next."""

    def __init__(self, network, rows):
        stack, each, order = shape_of_a_block(rows, network.sizes, network.dtype.itemsize, None)
        self._parts = list(blocks(rows, stack, each))
        shapes = {(count, (part.stop - part.start) // count) for part, count in self._parts}
        self._desk = Desk(network.sizes, shapes, order, network.dtype)
        self._network = network

    def sum(self, X, labels, Thetas):
        """Return the sum over a block."""
        X = np.ascontiguousarray(X)  # rows in other memory orders would be multiplied otherwise

        def of_part(i):
            part, count = self._parts[i]
            matrices = X[part].reshape((count, -1, X.shape[1])).swapaxes(1, 2)
            sums = Sums(self._network.sizes, self._network.dtype)
            return RowSum(float(self._desk.run(Thetas, matrices, labels[part], sums)), sums.vector)

        return _in_a_tree(of_part, 0, len(self._parts))


_of_this_thread = threading.local()


def _kernel(network, rows):
    """Return this thread's kernel for blocks of so many rows."""
    kernels = _of_this_thread.__dict__.setdefault("kernels", {})
    if (network, rows) not in kernels:
        if len(kernels) == KEPT:
            kernels.clear()
        kernels[network, rows] = _Kernel(network, rows)
    return kernels[network, rows]


class _Blas:
    """Keeps the BLAS of this process at one thread while any of its threads sums rows."""

    def __init__(self):
        self._lock = threading.Lock()
        self._users = 0
        self._libraries = ThreadpoolController().select(user_api="blas")

    @contextmanager
    def one_thread(self):
        """Limit the BLAS; the last thread to leave gives back what the first one found."""
        with self._lock:
            if not self._users:
                self._limited = self._libraries.limit(limits=1)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._limited.restore_original_limits()


_blas = _Blas()
