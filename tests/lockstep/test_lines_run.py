"""Which lines of a file run is seen, and of no other file."""

import sys

import pytest

from lockstep.sides.lines_run import lines_run

TEXT = "def f(x):\n    if x > 0:\n        return 1\n    return g(2)\n\n\ndef g(x):\n    return x\n"


@pytest.fixture(scope="module")
def function():
    names = {}
    exec(compile(TEXT, "own.py", "exec"), names)
    return names["f"]


@pytest.mark.parametrize(("argument", "lines"), [(1, {2, 3}), (0, {2, 4, 8})])
def test_the_lines_that_run_are_collected(function, argument, lines):
    with lines_run("own.py") as found:
        function(argument)
    assert found == lines


def test_other_files_are_not_looked_at(function):
    with lines_run("other.py") as found:
        function(1)
    assert found == set()


def test_afterwards_it_is_as_before(function):
    before = sys.gettrace()
    with pytest.raises(ValueError, match="inside"), lines_run("own.py"):
        raise ValueError("inside")
    assert sys.gettrace() is before
