"""Functions that Octave itself brings are traced as they are: no error, and the same outputs."""

from pathlib import Path

import numpy as np
import pytest

from lockstep.cli import main
from lockstep.model.values import OctaveFunction
from lockstep.project.cases import Case, octave_side, row
from lockstep.project.pairs import Pair
from lockstep.sides.octave_execution import OctaveTracer

CALLS = {
    "trapz": [(row([0.0, 1.0, 3.0]), row([2.0, 4.0, 1.0])), (np.eye(3),)],
    "cumtrapz": [(np.arange(12.0).reshape(4, 3),)],
    "polyfit": [(np.arange(6.0), np.arange(6.0) ** 2 + 1, 2)],
    "interp1": [
        (np.arange(5.0), np.arange(5.0) ** 2, np.array([0.5, 2.5]), method)
        for method in ("linear", "nearest", "pchip", "spline")
    ],
    "fzero": [(OctaveFunction("@(x) cos (x) - x", {}), row([0.0, 1.0]))],
    "fminsearch": [(OctaveFunction("@(x) sum ((x - 1) .^ 2)", {}), row([0.5, 2.0]))],
    "quadgk": [(OctaveFunction("@(x) exp (-x .^ 2)", {}), 0.0, 1.0)],
    "ode45": [(OctaveFunction("@(t, y) -y", {}), row([0.0, 1.0]), 1.0)],
    "normest": [(np.arange(9.0).reshape(3, 3),)],
    "null": [(np.array([[1.0, 2.0], [2.0, 4.0]]),)],
    "strsplit": [("a,b,,c", ","), ("a foo bar", " ", "CollapseDelimiters", False)],
    "strjoin": [(["a", "b", "c"], "-")],
    "validatestring": [("r", ["red", "green", "blue"])],
    "circshift": [(np.arange(6.0).reshape(2, 3), 1, 2)],
    "nthargout": [(2, OctaveFunction("@max", {}), row([1.0, 5.0, 3.0]))],
    "datestr": [(730736.65,)],
    "num2str": [(np.pi,), (np.eye(2),)],
    "cell2mat": [([1.0, 3.0],)],
    "accumarray": [(np.array([1.0, 2.0, 1.0]), np.array([10.0, 20.0, 30.0]))],
}


@pytest.mark.parametrize(
    ("name", "args"),
    [pytest.param(name, args, id=name) for name, calls in CALLS.items() for args in calls],
)
def test_outputs_are_the_same_traced_and_untraced(octave, name, args):
    pair = Pair(name, Path(octave.call("file_in_loadpath", f"{name}.m").outputs[0]))
    sent = [octave_side(argument) for argument in args]
    untraced = octave.call(name, *sent, seed=1).outputs
    execution = OctaveTracer(octave).trace(pair, Case(*args, seed=1))
    assert repr(execution.outputs) == repr(untraced)
    assert len(execution.nodes) > len(args)


CIRCSHIFT = """
def circshift(x, n):
    if x.size == 0:
        y = x
        return y
    y = np.roll(x, int(n), axis=0)
    return y
"""

NEXTPOW2 = """
def nextpow2(x):
    f, n = np.frexp(np.abs(x))
    n[f == 0.5] = n[f == 0.5] - 1
    return n.astype(float)
"""


@pytest.fixture
def outside(foreign, octave, monkeypatch, restored_sigterm):
    """Make a project of two of Octave's own .m files, with ports of them and cases."""
    for name, port, case in (
        ("circshift", CIRCSHIFT, "(np.arange(6.0), 2.0)"),
        ("nextpow2", NEXTPOW2, "(np.array([3.0, 8.0, -5.0, 0.3]),)"),
    ):
        file = Path(octave.call("file_in_loadpath", f"{name}.m").outputs[0])
        (foreign.root / "matlab" / f"{name}.m").write_bytes(file.read_bytes())
        foreign.py(name, port)
        foreign.cases(name, f"cases = {{'one': {case}}}\n")
    monkeypatch.chdir(foreign.root)
    return foreign


@pytest.mark.parametrize("name", ["circshift", "nextpow2"])
def test_a_port_of_an_octave_script_is_traced_from_the_command_line(outside, capsys, name):
    assert main(["trace", name, *outside.options]) == 0
    said = capsys.readouterr().out
    assert "the outputs agree" in said
    assert f"{name}.m and {name}.py, in the order of execution" in said


def test_a_wrong_line_of_a_port_of_an_octave_script_is_named(outside, capsys):
    outside.py("circshift", CIRCSHIFT.replace("int(n)", "-int(n)"))
    assert main(["trace", "circshift", *outside.options]) == 1
    said = capsys.readouterr().out
    assert "circshift.py, line 8: this expression gives another value than Octave's" in said
    assert "y = np.roll(x, -int(n), axis=0)" in said
