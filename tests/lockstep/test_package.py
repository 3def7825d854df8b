"""The port as a package: NAME.py is enough for `from backprop import NAME`."""

import subprocess
import sys
from types import FunctionType, ModuleType

import pytest

import backprop

NAMES = [name for name in dir(backprop) if not name.startswith("_")]
# A module with classes instead of a function of its own name stays what it is.
OF_CLASSES = {"batched", "device_cost", "distributed_cost", "row_files"}
FUNCTIONS = [name for name in NAMES if name not in OF_CLASSES]


def test_names_its_functions():
    assert {"sigmoid", "nnCostFunction", "fmincg", "batched"} <= set(NAMES)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_name_is_the_function_not_its_module(name):
    assert isinstance(getattr(backprop, name), FunctionType)


def test_a_module_without_a_function_of_its_name_is_the_module():
    assert isinstance(backprop.batched, ModuleType)
    assert backprop.batched.BatchedCost.__name__ == "BatchedCost"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from backprop import sigmoid; sigmoid(0.0)", id="from the package"),
        pytest.param("from backprop.sigmoid import sigmoid; sigmoid(0.0)", id="from the module"),
        pytest.param("import backprop; backprop.sigmoid(0.0)", id="attribute"),
        pytest.param(
            "import backprop.sigmoid; from backprop import sigmoid; sigmoid(0.0)", id="after it"
        ),
        pytest.param("import backprop, sys; assert 'numpy' not in sys.modules", id="lazy"),
    ],
)
def test_every_way_of_importing(code):
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'backprop' has no attribute 'sigmiod'"):
        backprop.sigmiod  # noqa: B018
    with pytest.raises(ImportError):
        from backprop import sigmiod  # noqa: F401
