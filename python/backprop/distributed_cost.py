"""The cost of BatchedCost over more rows than memory holds, by several processes or machines.

Rows are read in blocks, from files or from a dask array, and each block is summed by the code of
BatchedCost (`_sums_of_rows`). The blocks are of a fixed number of rows and their sums are added in
a fixed tree: neither the number of workers nor who of them does what changes a bit of the result,
and what a worker that dies was doing is done again by another.
"""

from importlib import import_module
from pathlib import Path

import numpy as np

from backprop._checks import (
    checked_labels,
    checked_sizes,
    checked_strength,
    checked_weights,
)
from backprop._labels import labels_text
from backprop._octave import is_positive_whole
from backprop._row_blocks import Mean, Sums
from backprop.row_files import Hdf5Rows, NpyRows

BLOCK_ROWS = 2**13
"""Rows of a block."""

TASK_BLOCKS = 64
"""Blocks of a task, at most; a power of two."""

TASK_BYTES = 2**25
"""Size of the rows of a task, about, where they are not mapped: they are all in memory at once."""

TASKS = 16
"""Tasks that several workers share evenly: as long as there are fewer, a task has fewer blocks."""

BRANCHES = 8
"""Sums that are added in one task; a power of two."""


class DistributedCost:
    """Cost and gradient of a neural network as a function of its weights, by dask.

    Parameters
    ----------
    X : dask.array.Array, NpyRows, Hdf5Rows, or the path of a .npy file, m x layer_sizes[0]
        One example a row; finite; float32 or float64. It is read again at each call, a few blocks
        at a time. Chunks of a dask array that are no whole blocks are parted anew.
    y : array_like, or as X, m elements
        Labels: whole numbers from 1 to K, the number of outputs; 0 or 1 where K is 1. An array in
        memory is sent along at each call.
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units; L >= 2.
    lambda_ : float
        Strength of the regularisation, >= 0. The bias columns are not regularised.
    scheduler : distributed.Client or str, optional
        Who works, as `dask.compute` takes it: "threads", "processes", "synchronous" or a client;
        by default the client that there is, or threads.
    block_rows : int, optional
        Rows of a block.

    Raises
    ------
    TypeError
        If `X` is none of these, or not of class double or single.
    ValueError
        If a size, a length, a label, a number or a value of `X` is not as said above.
    ModuleNotFoundError
        If dask is not installed.

    Notes
    -----
    All is computed in the class of `X`. Cost and gradient are those of `BatchedCost` but for
    rounding. Their bits depend on `X`, `y`, the weights, `lambda_` and `block_rows`, and on the
    kind of processor and the version of NumPy, which should be the same for all workers.

    The files must be there, under the same path, for every worker, and this package, too.

    Examples
    --------
    >>> import dask.array as da
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [1, 0, 0, 1]
    >>> cost = DistributedCost(da.asarray(X), y, [2, 2, 1], 0)
    >>> J, grad = cost(np.zeros(9))
    >>> bool(np.isclose(J, np.log(2)))
    True
    """

    def __init__(self, X, y, layer_sizes, lambda_, *, scheduler=None, block_rows=BLOCK_ROWS):
        self._dask, self._worker = _imported("dask"), _imported("backprop._sums_of_rows")
        sizes = checked_sizes("DistributedCost", layer_sizes)
        lambda_ = checked_strength("DistributedCost", lambda_)
        if not is_positive_whole(block_rows):
            raise ValueError("DistributedCost: block_rows must be a whole number >= 1")
        self._scheduler = scheduler
        X = _checked_examples(X, sizes[0])
        y = _checked_targets(y, len(X), sizes[-1])
        rows = int(block_rows) * _blocks_of_a_task(X, int(block_rows))
        self._X, self._y = _in_parts(X, (rows, sizes[0])), _in_parts(y, (rows,))
        self._network = self._worker.Network(tuple(sizes), X.dtype, int(block_rows))
        self._mean = Mean(sizes, len(X), lambda_, X.dtype)
        self._check_values()

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
        network, worker = self._network, self._worker
        p = checked_weights("DistributedCost", np.asarray(p), network.sizes)
        with np.errstate(over="ignore"):
            p = p.astype(network.dtype, copy=False)
        sums = self._of_each_task(worker.sum_of_rows, p=self._dask.delayed(p), network=network)
        add = self._dask.delayed(worker.sum_of_branches, pure=False)
        while len(sums) > 1:
            sums = [add(sums[i : i + BRANCHES]) for i in range(0, len(sums), BRANCHES)]
        found = self._computed(sums)[0]
        total = Sums(network.sizes, network.dtype)
        total.vector[:] = found.vector
        with np.errstate(all="ignore"):
            np.negative(p, self._mean.negated)
            return self._mean.of(found.cost, total)

    def _of_each_task(self, function, **arguments):
        """Call a function, later, with the rows and the labels of each task."""
        rows = _imported("dask.array").blockwise(
            function, "ij", self._X, "ij", self._y, "i", **arguments,
            adjust_chunks={"i": 1, "j": 1}, dtype=object, meta=np.empty((0, 0), object),
        )  # fmt: skip
        return rows.to_delayed().ravel().tolist()

    def _computed(self, delayed):
        return self._dask.compute(*delayed, scheduler=self._scheduler)

    def _check_values(self):
        """Read all rows once."""
        found = self._computed(self._of_each_task(self._worker.count_faults, network=self._network))
        numbers, labels = np.sum(found, axis=0)
        if numbers:
            raise ValueError(f"DistributedCost: X must be finite, found {numbers} NaN or Inf")
        if labels:
            right = labels_text(self._network.sizes[-1])
            raise ValueError(f"DistributedCost: y must hold {right}, found {labels} other values")


def _blocks_of_a_task(X, block_rows):
    """Choose how many blocks a task has: a power of two, so that it is a branch of the tree."""
    most = min(TASK_BLOCKS, len(X) // (block_rows * TASKS))
    if not isinstance(X, NpyRows):
        most = min(most, TASK_BYTES // (block_rows * X.shape[1] * X.dtype.itemsize))
    return 1 << max(most.bit_length() - 1, 0)


def _in_parts(rows, chunks):
    """Return rows, whatever holds them, as a dask array of these chunks."""
    array = _imported("dask.array")
    if isinstance(rows, array.Array):
        return rows.rechunk(chunks)
    return array.from_array(rows, chunks)


def _opened(rows):
    """Return what holds rows: of a path, the file."""
    return NpyRows(rows) if isinstance(rows, str | Path) else rows


def _checked_examples(X, columns):
    """Return X, of which no value is looked at."""
    X = _opened(X)
    if not isinstance(X, (NpyRows, Hdf5Rows, _imported("dask.array").Array)):
        raise TypeError(
            "DistributedCost: X must be a dask array, NpyRows, Hdf5Rows or the path of a .npy "
            f"file, got {type(X).__name__}; for an array in memory there is BatchedCost"
        )
    if X.dtype not in (np.float32, np.float64):
        raise TypeError(f"DistributedCost: X must be float32 or float64, got {X.dtype}")
    if X.ndim != 2 or X.shape[1] != columns:
        raise ValueError(
            f"DistributedCost: X must be a matrix with layer_sizes[0] = {columns} columns, "
            f"got the shape {X.shape}"
        )
    _check_length("X", X)
    return X


def _checked_targets(y, m, K):
    """Return the labels, of which no value is looked at where they are not in memory."""
    y = _opened(y)
    if not isinstance(y, (NpyRows, Hdf5Rows, _imported("dask.array").Array)):
        return checked_labels("DistributedCost", y, m, K)
    _check_length("y", y)
    if y.ndim != 1 or len(y) != m or y.dtype.kind not in "iufb":
        raise ValueError(
            f"DistributedCost: y must be a vector of one label for each of the {m} rows of X, "
            f"got the shape {y.shape} of {y.dtype}"
        )
    return y


def _check_length(name, rows):
    if np.isnan(rows.shape[0]):
        raise ValueError(
            f"DistributedCost: {name} has chunks of unknown sizes: "
            f"call {name}.compute_chunk_sizes() first"
        )
    if not rows.shape[0]:
        raise ValueError(f"DistributedCost: {name} is empty; it needs at least one example (row)")


def _imported(name):
    """Import a module that needs what only the extra `scale` brings."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"DistributedCost needs the package {error.name}, which is not installed: "
            "pip install 'lockstep-octave[scale]'"
        ) from None
