"""Cases of sigmoid: every region of the curve, shapes, classes, errors."""

import numpy as np

from lockstep import Case, row

cases = {
    "zero": (0.0,),
    "minus zero": (-0.0,),
    "a Python integer": (3,),
    "a grid": (np.linspace(-6, 6, 25),),
    "the far ends: 1 - g is lost, g is tiny": (np.linspace(-745, 745, 1491),),
    "beyond the range of exp": (np.array([-1e308, -746.0, -710.0, 710.0, 746.0, 1e308]),),
    "infinities and NaN": (np.array([-np.inf, np.inf, np.nan]),),
    "next to zero": (np.array([5e-324, -5e-324, 1e-300, -1e-17, 1e-16]),),
    "a row": (row([-1.0, 0.0, 1.0]),),
    "a matrix": (np.random.RandomState([1]).uniform(-10, 10, (20, 30)),),
    "three dimensions": (np.random.RandomState([2]).uniform(-10, 10, (2, 3, 4)),),
    "empty": (None,),
    "no columns": (np.zeros((2, 0)),),
    "single": (np.linspace(-20, 20, 41, dtype=np.float32),),
    "single, beyond the range of exp": (np.array([-1e38, -104, 104, np.nan], np.float32),),
    "error: char": Case("a", raises="sigmoid:z"),
    "error: logical": Case(True, raises="sigmoid:z"),
    "error: int8": Case(np.arange(3, dtype=np.int8), raises="sigmoid:z"),
    "error: complex": Case(np.array([1 + 2j, 3]), raises="sigmoid:z"),
    "error: cell": Case(np.array([None, 1.0], dtype=object), raises="sigmoid:z"),
    "error: struct": Case({"z": 1.0}, raises="sigmoid:z"),
}
