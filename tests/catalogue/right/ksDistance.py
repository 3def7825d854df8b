import numpy as np


def ksDistance(first, second):
    first, second = np.sort(first), np.sort(second)
    grid = np.union1d(first, second)
    cdf_first = np.searchsorted(first, grid, side="right") / first.size
    cdf_second = np.searchsorted(second, grid, side="right") / second.size
    gap = np.abs(cdf_first - cdf_second)
    widest = np.argmax(gap)

    effective = first.size * second.size / (first.size + second.size)
    scaled = (np.sqrt(effective) + 0.12 + 0.11 / np.sqrt(effective)) * gap[widest]
    j = np.arange(1, 41)
    p = np.sum(2 * (-1.0) ** (j - 1) * np.exp(-2 * (scaled * j) ** 2))
    return gap[widest], grid[widest], np.clip(p, 0.0, 1.0)
