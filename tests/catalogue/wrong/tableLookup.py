import numpy as np


def tableLookup(grid, values, queries):
    cell = np.searchsorted(grid, queries, side="right")
    cell = cell.clip(0, grid.size - 2)
    slopes = np.diff(values) / np.diff(grid)
    return values[cell] + slopes[cell] * (queries - grid[cell]), slopes[cell]
