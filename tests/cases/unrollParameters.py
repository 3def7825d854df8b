"""Cases of unrollParameters: networks of some depths, degenerate matrices, every error."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, row

DATA = Path(__file__).parents[2] / "data"

A = np.array([[1.0, 3.0], [2.0, 4.0]])
B = np.array([[5.0, 6.0]])


def cases():
    weights = loadmat(DATA / "weights.mat")
    rand = np.random.RandomState([1]).random_sample
    deep = [rand((5, 4)), rand((6, 6)), rand((2, 7)), rand((1, 3))]
    yield "digits", ([weights["Theta1"], weights["Theta2"]],)
    yield "four matrices", (deep,)
    yield "two matrices of one size", ([A, A.T],)
    yield "one matrix", ([A],)
    yield "one number", ([7.0],)
    yield "a cell of class cell", (cell([A, B]),)
    yield "a column of cells", (cell([A, B]).reshape((2, 1)),)
    yield "cells in two dimensions, column by column", (cell([A, B, 7.0, 8.0]).reshape((2, 2)),)
    yield "a row and a column", ([row([1.0, 2.0]), np.array([3.0, 4.0])],)
    yield "single beside double", ([A, (B / 3).astype(np.float32)],)
    yield "all single", ([A.astype(np.float32), B.astype(np.float32)],)
    yield "an empty single beside double", ([A / 3, np.zeros((0, 2), np.float32)],)
    yield "empty matrices", ([None, np.zeros((0, 3))],)
    yield "NaN, Inf and -0", ([np.array([[np.nan, -0.0]]), np.array([[np.inf, -np.inf]])],)
    yield "error: a matrix", raises(A)
    yield "error: []", raises(None)
    yield "error: char", raises("a")
    yield "error: a struct", raises({"Theta1": A})
    yield "error: an empty cell", raises([])
    yield "error: a cell within the cell", raises([A, cell([B])])
    yield "error: char within the cell", raises(["abc"])
    yield "error: a struct within the cell", raises([A, B, {"Theta": A}])
    yield "error: complex", raises([A + 1j, B])
    yield "error: logical", raises([A > 2])
    yield "error: int8", raises([A, B.astype(np.int8)])
    yield "error: three dimensions", raises([A, np.ones((2, 3, 2))])


def raises(Thetas):
    return Case(Thetas, raises="unrollParameters:Thetas")


def cell(items):
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array
