"""Cases of rand, whose Octave side is Octave's own function: seeds, states, sizes, classes."""

import numpy as np

from lockstep import Case, row

SEEDS = (0, 1, 2, 7, 42, 12345, 123456789, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)
OTHER_SEEDS = {
    "a half": 2.5,
    "less than a half": 2.4,
    "two numbers": np.array([1.0, 2.0]),
    "a matrix": np.array([[1.0, 2.0], [3.0, 4.0]]),
    "a state": np.append(np.arange(1.0, 625), 7.0),
    "no place in a state": np.append(np.arange(1.0, 625), 625.0),
}
SIZES = {
    "no size": (),
    "1": (1,),
    "3": (3,),
    "0": (0,),
    "1, 1": (1, 1),
    "1, 5": (1, 5),
    "5, 1": (5, 1),
    "25, 401": (25, 401),
    "0, 3": (0, 3),
    "3, 0": (3, 0),
    "a negative size": (-2, 3),
    "2, 3, 4": (2, 3, 4),
    "2, 3, 2": (2, 3, 2),
    "2, 1, 3": (2, 1, 3),
    "2, 3, 1": (2, 3, 1),
    "2, 3, 0": (2, 3, 0),
    "2, 3, 4, 5": (2, 3, 4, 5),
    "[2 3]": (row([2.0, 3.0]),),
    "[2; 3]": (np.array([2.0, 3.0]),),
    "[2 3 4]": (row([2.0, 3.0, 4.0]),),
    "[2 3; 4 5]": (np.array([[2.0, 3.0], [4.0, 5.0]]),),
    "[]": (None,),
    "true": (True,),
    "int8": (np.int8(2), np.int8(3)),
    "more numbers than the generator makes at once": (700, 1),
}
CLASSES = ("double", "single")


def cases():
    for seed in SEEDS:
        yield f"seed {seed}", Case(10, 20, seed=seed)
        yield f"seed {seed}, single", Case(10, 20, "single", seed=seed)
        yield f"seed {seed}, its state", Case("twister", seed=seed)
    for name, seed in OTHER_SEEDS.items():
        yield f"seed {name}", Case(10, 20, seed=seed)
    for name, size in SIZES.items():
        yield f"size {name}", Case(*size, seed=42)
    for name, size in SIZES.items():
        for word in CLASSES:
            yield f"size {name}, {word}", Case(*size, word, seed=42)
    yield "a million numbers", Case(1000, 1000, seed=3)
    yield "a single that is 0 is drawn again: number 172494", Case(172500, 1, "single", seed=128)
