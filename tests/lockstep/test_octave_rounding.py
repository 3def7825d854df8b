"""Octave on a machine that rounds otherwise: what is moved in a copy, and by how much."""

import textwrap

import numpy as np
import pytest

from lockstep.project.cases import Case
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.sources.octave_reader import read_m_file
from lockstep.sources.octave_rounding import otherwise_rounded

RUNS = 8


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("y = x + 1;", "y = lockstep_moved_(x ,'+', 1);"),
        ("y(i + 1) = 2*x';", "y(lockstep_moved_(i ,'+', 1)) = lockstep_moved_(2,'*',x');"),
        ("y = sum (x);", "y = lockstep_moved_(sum (x));"),
        (
            "y = 1 - fcdf (x, 2, 3);",
            "y = lockstep_moved_(1 ,'-', lockstep_moved_(fcdf (x, 2, 3)));",
        ),
        ("y = a*b - c;", "y = lockstep_moved_(lockstep_moved_(a,'*',b) ,'-', c);"),
        ("if(x+1)>y, y = 1; end", "if(lockstep_moved_(x,'+',1))>y, y = 1; end"),
        ("if x > 1/3, y = 1; end", "if x > lockstep_moved_(1,'/',3), y = 1; end"),
        ("[y, i] = max (x / 3);", "[y, i] = max (lockstep_moved_(x ,'/', 3));"),
        ("y = max (x); y(2) = []; y = {x}; y = 0:0.1:x;", None),
        ("[y, v] = eig (x);", "[y, v] = eig (lockstep_moved_(x,'all',0));"),
        ("[y, v] = max (x);", None),
        (
            "y = a \\ b;",
            "y = lockstep_moved_(lockstep_moved_(a,'all',0) \\ lockstep_moved_(b,'all',0));",
        ),
        ("y = inv (x (:, 1));", "y = lockstep_moved_(inv (lockstep_moved_(x (:, 1),'all',0)));"),
        (
            "y = inv (2 * x);",
            "y = lockstep_moved_(inv (lockstep_moved_(lockstep_moved_(2 ,'*', x),'all',0)));",
        ),
        ("y = roots (x);", "y = lockstep_moved_(roots (lockstep_moved_(x,'all',1)));"),
        (
            "y = interp1 (a, 2 * x, 3);",
            "y = lockstep_moved_(interp1 (lockstep_moved_(a), lockstep_moved_(2 ,'*', x), 3));",
        ),
        ("y = det (x{:});", "y = lockstep_moved_(det (x{:}));"),
        ("y = @(t) t / 3;", None),
        ("y = x ... in two\n  + 1;", "y = lockstep_moved_(x ... in two\n  ,'+', 1);"),
        ("y = [a - b c'];", "y = [lockstep_moved_(a ,'-', b) c'];"),
        ("disp (x);", None),
    ],
)
def test_what_rounds_is_moved(tmp_path, before, after):
    file = tmp_path / "f.m"
    text = "function y = f (x)\n{}\nend\n"
    file.write_text(text.format(before))
    written = otherwise_rounded(read_m_file(file))
    assert written == text.format(after or before)


def test_what_is_whole_may_move_as_well(tmp_path):
    file = tmp_path / "f.m"
    file.write_text("function y = f (x)\ny = sin (x + 1);\nend\n")
    written = otherwise_rounded(read_m_file(file), whole=True)
    assert "y = lockstep_moved_(sin (lockstep_moved_(x ,'+', 1,true)));" in written


@pytest.fixture(scope="module")
def rounded(foreign_in, octave, tmp_path_factory):
    """Run y = f (x) of a text on several machines; return the outputs of the runs."""
    project = foreign_in(tmp_path_factory.mktemp("rounded"))
    octave.eval(f"addpath ('{project.root / 'matlab'}');")

    def run(name, text, *args):
        project.m(name, f"function y = {name} (x)\n{textwrap.dedent(text)}\nend\n")
        octave.eval("rehash ();")
        pair = project.project.pair(name)
        tracer = OctaveTracer(octave, [project.root / "matlab"])
        replies = tracer.rounded(pair, Case(*args), RUNS)
        plain = octave.call(name, *args, nargout=1).outputs[0]
        return np.ravel(plain), [np.ravel(reply.outputs[0]) for reply in replies]

    yield run
    octave.eval(f"rmpath ('{project.root / 'matlab'}');")


def test_broken_numbers_go_to_a_neighbour(rounded):
    plain, runs = rounded("third", "y = x / 3;", np.array([1.0, 2.0, 3.0, -4.0, np.inf, np.nan]))
    assert len(runs) == RUNS
    steps = np.array([(run[:4] - plain[:4]) / np.spacing(np.abs(plain[:4])) for run in runs])
    assert np.array_equal(np.abs(steps), np.tile([1, 1, 0, 1], (RUNS, 1)))
    assert set(steps[:, 0]) == {-1.0, 1.0}


def test_what_was_equal_stays_equal(rounded):
    _, runs = rounded("same", "a = x / 3; b = x / 3; y = [a - b, a == b, -(a - 1) - (1 - b)];", 2.0)
    assert [list(run) for run in runs] == [[0.0, 1.0, 0.0]] * RUNS


@pytest.mark.parametrize(
    "exact",
    [
        "y = x + 0.25;",
        "y = 2 * x - (x > 0.5);",
        "y = x .* [1, 4; 0.5, 2](1, :);",
        "y = [x, x / 8, x .\\ 0.5, x ^ 2];",
    ],
)
def test_what_is_exact_stays(rounded, exact):
    plain, runs = rounded("exactly", exact, 0.75 if "/" not in exact else 0.5)
    assert all(np.array_equal(run, plain) for run in runs)


@pytest.mark.parametrize(
    "solved",
    ["inv ([4 1; 2 3])", "[4 1; 2 3] \\ [1; 2]", "[1 2] / [4 1; 2 3]", "roots ([1 -3 3 -1])"],
)
def test_what_the_library_solves_gets_other_whole_numbers(rounded, solved):
    plain, runs = rounded("solved", f"y = {solved};", 1.0)
    assert all(np.any(run != plain) for run in runs)


def test_equal_numbers_of_a_sequence_go_different_ways(rounded):
    _, runs = rounded("wave", "y = abs (fft (ones (1, 4) / 3))(3);", 1.0)
    assert any(run[0] > 0 for run in runs)


def test_a_size_stays(rounded):
    _, runs = rounded("sized", "y = abs (fft ([1 2 3], x));", 4.0)
    assert {run.size for run in runs} == {4}
    assert len(runs) == RUNS


def test_what_octave_loses_is_seen(rounded):
    plain, runs = rounded("lost", "y = log (1 + x);", 1e-9)
    assert 1e-8 < max(abs(run / plain - 1)[0] for run in runs) < 1e-5


def test_the_file_itself_is_as_before(rounded):
    plain, _ = rounded("again", "y = x / 3;", 1.0)
    assert plain[0] == 1 / 3
