"""Cases of randperm, whose Octave side is Octave's own function: sizes, parts, seeds."""

import numpy as np

from lockstep import Case

SIZES = (*range(61), 100, 1000, 12345)
SEEDS = (0, 1, 42, 123456789, 2**32 - 1)
PARTS = ((0, 0), (1, 0), (1, 1), (5, 0), (5, 2), (60, 59), (100, 19), (100, 20), (100, 21))
HUGE = ((12345, 7), (2**31, 4), (10**10, 3))


def cases():
    for n in SIZES:
        yield f"{n}", Case(n, seed=n)
    for seed in SEEDS:
        yield f"17, seed {seed}", Case(17, seed=seed)
        yield f"17 of 1000, seed {seed}", Case(1000, 17, seed=seed)
    for n, m in (*PARTS, *HUGE):
        yield f"{m} of {n}", Case(n, m, seed=7)
    yield "of class uint8", Case(np.uint8(9), np.uint8(4), seed=1)
    yield "of class single", Case(np.float32(9), seed=1)
