"""The cost of BatchedCost where the examples are: on a GPU by PyTorch, or in memory by NumPy.

It is written in what both libraries call by the same name; the few steps that PyTorch does in one
pass over its memory, and NumPy in several, stand side by side. May import NumPy and `_checks`; it
meets PyTorch in the arrays that it is given only.
"""

import functools
import itertools
import operator
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop._checks import checked_labels, checked_sizes, checked_strength, checked_weights
from backprop._octave import is_positive_whole

MATRIX_ROWS = 2**10
"""Rows of one product of a gradient, at least. Its result is a small matrix, which alone would
leave most of a GPU without work: many are made at a time, and added."""

BLOCK_BYTES = 2**30
"""Size of what is kept of a block of rows, about, beside X."""


class DeviceCost:
    """Cost and gradient of a neural network as a function of its weights, on the device of X.

    Parameters
    ----------
    X : torch.Tensor or numpy.ndarray, m x layer_sizes[0]
        One example a row; finite; float32 or float64. It is not copied where it lies row by row.
    y : array_like, m elements
        Labels: whole numbers from 1 to K, the number of outputs; 0 or 1 where K is 1.
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units; L >= 2.
    lambda_ : float
        Strength of the regularisation, >= 0. The bias columns are not regularised.
    block_rows : int, optional
        Rows that are done at a time; by default as many as take about 1 GiB beside X.

    Raises
    ------
    TypeError
        If `X` is no such array.
    ValueError
        If a size, a length, a label, a number or a value of `X` is not as said above.

    Notes
    -----
    All is computed in the class of `X`. Cost and gradient are those of `BatchedCost` but for
    rounding; a cost that is NaN or Inf there is so here. PyTorch's settings hold: with TF32 on,
    products of float32 are less exact.

    Examples
    --------
    >>> X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), [1, 0, 0, 1]
    >>> J, grad = DeviceCost(X, y, [2, 2, 1], 0)(np.zeros(9))
    >>> bool(np.isclose(J, np.log(2)))
    True
    """

    def __init__(self, X, y, layer_sizes, lambda_, *, block_rows=None):
        self._sizes = checked_sizes("DeviceCost", layer_sizes)
        self._lambda = checked_strength("DeviceCost", lambda_)
        self._steps = _steps_for(X)
        self._dtype = np.dtype(str(X.dtype).removeprefix("torch."))
        if X.ndim != 2 or X.shape[1] != self._sizes[0]:
            raise ValueError(
                f"DeviceCost: X must be a matrix with layer_sizes[0] = {self._sizes[0]} columns, "
                f"got the shape {tuple(X.shape)}"
            )
        if not len(X):
            raise ValueError("DeviceCost: X is empty; it needs at least one example (row)")
        if block_rows is None:
            block_rows = BLOCK_BYTES // (4 * self._dtype.itemsize * sum(self._sizes[1:]))
        elif not is_positive_whole(block_rows):
            raise ValueError("DeviceCost: block_rows must be a whole number >= 1")
        labels = checked_labels("DeviceCost", y, len(X), self._sizes[-1])
        self._m = len(X)
        X = self._steps.by_rows(X)
        self._parts = [
            self._part(X[rows], labels[rows], stack) for rows, stack in parts(len(X), block_rows)
        ]
        xp = self._steps.xp
        # on the device already, where a Python number would be waited for at each call
        self._nan = xp.asarray(xp.nan, dtype=X.dtype, device=X.device)
        wrong = sum(int(xp.count_nonzero(~xp.isfinite(part.X))) for part in self._parts)
        if wrong:
            raise ValueError(f"DeviceCost: X must be finite, found {wrong} NaN or Inf")

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
        p = checked_weights("DeviceCost", np.array(p), self._sizes)
        J, grad = self.on_device(self._placed(p.astype(self._dtype)))
        return self._dtype.type(float(J)), self._steps.to_numpy(grad)

    def on_device(self, p):
        """Compute cost and gradient at weights that are on the device, and leave them there.

        Parameters
        ----------
        p : 1-D array
            Of the library, the class and the device of X.

        Returns
        -------
        J, grad : arrays
            The device may still be at work on them.
        """
        with self._steps.quiet():
            Thetas = self._split(p)
            of_parts = zip(*(self._sum(part, Thetas) for part in self._parts), strict=True)
            cost, *gradients = (functools.reduce(operator.add, sums) for sums in of_parts)
            return self._mean(cost, gradients, Thetas)

    def _part(self, X, labels, stack):
        """Make a part of some rows."""
        K = self._sizes[-1]
        Y = labels[:, np.newaxis] == (np.arange(1, K + 1) if K > 1 else 1)
        xp, device = self._steps.xp, X.device
        return _Part(
            X,
            xp.asarray(Y.astype(np.uint8), device=device),
            xp.asarray((~Y).astype(np.uint8), device=device),
            stack,
        )

    def _placed(self, p):
        """Bring weights to where X is."""
        return self._steps.xp.asarray(p, device=self._parts[0].X.device)

    def _split(self, p):
        """Return, for each layer, the biases and the weights, of which a row is a unit below."""
        Thetas, start = [], 0
        for n, s in itertools.pairwise(self._sizes):
            Theta = p[start : start + s * (n + 1)].reshape((n + 1, s))
            Thetas.append((Theta[0], Theta[1:]))
            start += s * (n + 1)
        return Thetas

    def _sum(self, part, Thetas):
        """Sum over a part: the cost, and its gradient to the biases and weights of each layer."""
        xp, steps = self._steps.xp, self._steps

        # Forward
        activations = [part.X]
        for bias, W in Thetas:
            activations.append(steps.layer(activations[-1], W, bias))

        # Cost: where delta is 0 the formula has 0 * log(0) beside log(1), and is NaN
        h = activations.pop()
        delta = h - part.Y
        cost = -xp.sum(xp.log(xp.abs(h - part.others)))
        cost = xp.where(xp.all(delta != 0), cost, self._nan)

        # Backward
        gradients = []
        for l in range(len(Thetas) - 1, -1, -1):
            below = activations[l]
            gradients = [xp.sum(delta, axis=0), _product(xp, below, delta, part.stack), *gradients]
            if l > 0:
                delta = steps.through_sigmoid(delta @ Thetas[l][1].T, below)
        return cost, *gradients

    def _mean(self, cost, gradients, Thetas):
        """Divide the sums by the number of examples, and regularise."""
        xp, strength = self._steps.xp, self._lambda / self._m
        pieces = []
        layers = zip(Thetas, gradients[::2], gradients[1::2], strict=True)
        for (_, W), bias_sum, W_sum in layers:
            pieces += [bias_sum / self._m, (W_sum / self._m + strength * W).reshape(-1)]
        penalty = functools.reduce(operator.add, (xp.sum(W * W) for _, W in Thetas))
        return cost / self._m + strength / 2 * penalty, xp.concatenate(pieces)


@dataclass(frozen=True)
class _Part:
    """Some rows, which are a stack of so many matrices.

    Of the outputs, `Y` is 1 at the right one, and `others` at all others.
    """

    X: Any
    Y: Any
    others: Any
    stack: int


def parts(m, block_rows):
    """Part rows into blocks, and each block into a stack of matrices and what is left of it.

    Parameters
    ----------
    m : int
        Rows.
    block_rows : int
        Rows of a block.

    Returns
    -------
    list of (slice, int)
        Which rows, and of how many matrices.
    """
    found = []
    for start in range(0, m, int(block_rows)):
        rows = min(int(block_rows), m - start)
        most = max(rows // MATRIX_ROWS, 1)
        even = next((n for n in range(most, most // 2, -1) if rows % n == 0), None)
        middle = start + rows - (0 if even else rows % most)
        found.append((slice(start, middle), even or most))
        if middle < start + rows:
            found.append((slice(middle, start + rows), 1))
    return found


def _product(xp, below, delta, stack):
    """Return the sum over the rows of what each gives to the gradient of the weights."""
    if stack == 1:
        return below.T @ delta
    below = below.reshape((stack, -1, below.shape[1]))
    delta = delta.reshape((stack, -1, delta.shape[1]))
    return xp.sum(xp.matmul(below.mT, delta), axis=0)


class _NumPy:
    """Steps in NumPy."""

    xp = np

    def by_rows(self, X):
        return np.ascontiguousarray(X)

    def layer(self, a, W, bias):
        return 1 / (1 + np.exp(-(a @ W + bias)))

    def through_sigmoid(self, delta, a):
        return delta * (a * (1 - a))

    def quiet(self):
        return np.errstate(all="ignore")

    def to_numpy(self, x):
        return x


class _Torch:
    """The same steps in PyTorch."""

    def __init__(self, torch):
        self.xp = torch
        self._through_sigmoid = torch.ops.aten.sigmoid_backward

    def by_rows(self, X):
        return X.contiguous()

    def layer(self, a, W, bias):
        return self.xp.addmm(bias, a, W).sigmoid_()

    def through_sigmoid(self, delta, a):
        return self._through_sigmoid(delta, a)

    def quiet(self):
        return self.xp.no_grad()

    def to_numpy(self, x):
        return x.cpu().numpy()


def _steps_for(X):
    """Return the steps in the library of an array."""
    torch = sys.modules.get("torch")  # whoever has a tensor has imported it
    if isinstance(X, np.ndarray) and X.dtype in (np.float32, np.float64):
        return _NumPy()
    if torch and isinstance(X, torch.Tensor) and X.dtype in (torch.float32, torch.float64):
        return _Torch(torch)
    raise TypeError(
        "DeviceCost: X must be a numpy.ndarray or a torch.Tensor of float32 or float64, "
        f"got {type(X).__module__}.{type(X).__name__} of {getattr(X, 'dtype', 'no class')}"
    )
