"""What NumPy's functions are called in a module that does not import NumPy."""

import math

import pytest

from lockstep.explain.changes.without_numpy import without_numpy


@pytest.mark.parametrize(
    ("text", "names", "written"),
    [
        ("np.sqrt(x) + 2 * np.pi", {"math": math}, "math.sqrt(x) + 2 * math.pi"),
        ("np.arctan2(y, x)", {"m": math}, "m.atan2(y, x)"),
        ("np.arctan2(y, x)", {"atan2": math.atan2}, "atan2(y, x)"),
        ("np.sqrt(x)", {"root": math.sqrt, "math": math}, "root(x)"),
        ("2 * np.pi", {"_PI": 3.141592653589793}, "2 * _PI"),
        ("2 * np.pi", {}, "2 * 3.141592653589793"),
        ("y = np.abs(x)", {}, "y = abs(x)"),
        ("np.amax(x)", {}, "max(x)"),
        ("np.maximum(x, 0)", {}, "max(x, 0)"),
        ("np.floor(x / 7)", {}, "x // 7"),
        ("np.floor(x / y)", {}, "x / y // 1"),
        ("np.fix(x)", {}, "int(x)"),
        ("np.floor(x + y)", {}, "(x + y) // 1"),
        ("np.ceil(x)", {}, "-(-x // 1)"),
        ("np.sqrt(x)", {}, "x ** 0.5"),
        ("np.floor(x / 7)", {"math": math}, "math.floor(x / 7)"),
        ("np.sqrt(np.floor(x))", {"sqrt": math.sqrt, "floor": math.floor}, "sqrt(floor(x))"),
    ],
)
def test_a_function_has_the_name_that_the_module_has_for_it(text, names, written):
    assert without_numpy([text], names) == [written]


@pytest.mark.parametrize("text", ["np.exp(x)", "np.remainder(x, y)"])
def test_what_a_module_has_no_name_for_stays(text):
    assert without_numpy([text], {}) == [text]


def test_what_is_no_python_stays():
    assert without_numpy(["x +* y"], {"math": math}) == ["x +* y"]
