"""`lockstep fuzz`: inputs made up after the cases, on which the two sides disagree."""

import re
import textwrap

import numpy as np
import pytest

from lockstep.cli import main
from lockstep.fuzz.findings import Counted, Told
from lockstep.fuzz.fuzzing import Fuzzing
from lockstep.fuzz.memory import remember, remembered
from lockstep.fuzz.search import Found, Search
from lockstep.fuzz.strategies import Input
from lockstep.fuzz.telling import case_line
from lockstep.model.archive import write_archive
from lockstep.model.values import Row
from lockstep.project.cases import Case, CasesError, Function, row
from lockstep.project.memory import memory_folder

pytestmark = pytest.mark.usefixtures("restored_sigterm")

VECTORS = "{'a': (np.array([1.0, 5.25, 2.25, 8.0, 3.0]),), 'b': (np.arange(4.0) * 1.3 + 1,)}"
MATRICES = "{'a': (np.arange(6.0).reshape(3, 2) + 0.5,), 'b': (np.eye(2) - 1.5,)}"
BYTES = "{'a': (np.array([1, 7, 9], np.uint8),), 'b': (np.array([[3, 4]], np.uint8),)}"

SLIPS = {
    "NaN": ("median (x)", "np.nanmedian(x)", VECTORS, "nan"),
    "halves": ("round (x)", "np.round(x)", VECTORS, r"\.5"),
    "ties": ("sum (x == max (x))", "1.0", VECTORS, None),
    "infinite": ("x", "np.where(np.isinf(x), 9.0, x)", VECTORS, "inf"),
    "empty": ("numel (x)", "x.size or 1", VECTORS, r"np\.zeros\("),
    "1 x 1": ("x + 1", "x + (2 if np.size(x) == 1 else 1)", MATRICES, r"\[\[[^ ]*\]\]"),
    "wide": (
        "sum (x, 2)",
        "x.sum(1) if x.shape[0] >= x.shape[1] else x.sum(1) + 1",
        MATRICES,
        None,
    ),
    "rank": ("rank (x)", "float(min(x.shape))", MATRICES, None),
    "intmax": ("x + 1", "x + np.uint8(1)", BYTES, "255"),
    "negative": ("abs (x)", "x", VECTORS, "-"),
}
"""Slips by what shows them: both sides, cases that do not, and what the input found must hold."""


@pytest.fixture
def fuzzed(foreign, shared_runner, octave):
    """Search a pair f for some batches; return the findings and the counts."""

    def search(octave_side, port, cases, batches=1, limit=10.0):
        foreign.pair("f", octave_side, port, cases)
        with shared_runner(foreign.project) as runner:
            fuzzing = Fuzzing(runner, foreign.project.pair("f"), limit)
            told = list(fuzzing.again())
            for seed in range(batches):
                told += fuzzing.batch(seed)
        found = [one for one in told if isinstance(one, Told)]
        counts = sum((one for one in told if isinstance(one, Counted)), Counted())
        return found, counts, [one for one in told if isinstance(one, str)]

    before = octave.timeout
    yield search
    octave.timeout = before


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_that_no_case_shows_is_found(foreign, shared_runner, octave, name):
    octave_side, port, cases, shows = SLIPS[name]
    foreign.pair("f", octave_side, port, cases)
    before = octave.timeout
    with shared_runner(foreign.project) as runner:
        pair = foreign.project.pair("f")
        cases = runner.cases(pair).cases
        assert all(runner.run_case(pair, name, case).agrees for name, case in cases.items())
        search = Search(runner, pair, cases, 10.0)
        lines = [
            case_line("n", one.case, one.like, cases)
            for one in search.tried(0)
            if isinstance(one, Found)
        ]
    octave.timeout = before
    assert lines
    assert shows is None or any(re.search(shows, line) for line in lines)


def test_what_is_found_is_small_and_explained(fuzzed):
    (found, *_), _, _ = fuzzed("round (x)", "np.round(x)", VECTORS)
    assert re.fullmatch(r'"fuzz 1": \((np\.array\(\[-?\d+\.5\]\)|-?\d+\.5),\),', found.line)
    assert "f, case 'fuzz 1': different" in found.text
    assert "np.round rounds halves to the even neighbour" in found.text


def test_a_right_port_is_not_accused(fuzzed):
    found, counts, _ = fuzzed(
        "cumsum (x .^ 2) / sum (exp (-abs (x)))",
        "np.cumsum(x**2) / np.sum(np.exp(-np.abs(x)))",
        VECTORS,
        batches=2,
    )
    assert [one.text for one in found if "only " not in one.text] == []
    assert counts.calls > 400
    assert counts.small > 10


def test_errors_of_both_sides_are_agreement(fuzzed):
    found, counts, _ = fuzzed(
        "x * error ('no')", "(_ for _ in ()).throw(ValueError('another'))", VECTORS
    )
    assert found == []
    assert counts.raised == counts.calls


def test_an_error_of_one_side_alone_is_said_to_be_one(fuzzed):
    found, _, _ = fuzzed("x", "x if np.all(x > 0) else [][1]", VECTORS)
    assert "only Python raised an error: IndexError" in found[0].text
    assert "one side alone refuses this input: decide which is meant" in found[0].text


def test_errors_of_octave_alone_are_one_finding_whatever_the_values_in_them(fuzzed):
    octave = "x;\nif any (x(:) < 0)\n  error ('%g is negative', min (x(:)));\nend\ny = x"
    (found,), _, _ = fuzzed(octave, "x + 0.0", VECTORS, batches=2)
    assert "only Octave raised an error" in found.text
    assert "is negative" in found.text


def test_a_difference_that_is_meant_is_passed_over(foreign, fuzzed):
    cases = VECTORS[:-1] + ", 'half': (2.5,)}"
    (foreign.root / "cases" / "deviations.toml").write_text('[f]\nhalf = "as NumPy does"\n')
    found, _, _ = fuzzed("round (x)", "np.round(x)", cases)
    assert found == []


# Remembered


def test_what_failed_is_tried_first_the_next_time(foreign, fuzzed):
    before, _, _ = fuzzed("round (x)", "np.round(x)", VECTORS)
    found, _, _ = fuzzed("round (x)", "np.round(x)", VECTORS, batches=0)
    assert [one.line for one in found] == [one.line for one in before]
    found, _, said = fuzzed("round (x)", "np.trunc(x + np.copysign(0.5, x))", VECTORS, batches=0)
    assert (found, said) == ([], ["1 of 1 inputs that failed before agree now"])
    assert not list((foreign.root / ".lockstep" / "fuzz").iterdir())


def test_functions_are_remembered_by_the_case_that_has_them(foreign):
    pair = foreign.project
    foreign.pair("f", "x", "x")
    cases = {"a": Case(Function("f"), np.eye(2)), "b": Case(row([1.0]))}
    inputs = [Input((cases["a"].args[0], np.ones((3, 1))), "a"), Input((row([np.nan, 2.0]),), "b")]
    remember(pair, pair.pair("f"), inputs)
    again = remembered(pair, pair.pair("f"), cases)
    assert again[0].args[0] is cases["a"].args[0]
    assert again[0].args[1].shape == (3, 1)
    assert isinstance(again[1].args[0], Row)
    assert len(remembered(pair, pair.pair("f"), {"b": cases["b"]})) == 1


@pytest.mark.parametrize("damage", ["text", "strange"])
def test_a_damaged_memory_is_said(foreign, fuzzed, damage):
    folder = memory_folder(foreign.project) / "fuzz"
    folder.mkdir()
    if damage == "text":
        (folder / "f.npz").write_text("no")
    else:
        write_archive(folder / "f.npz", [1])
    _, _, said = fuzzed("x", "x", VECTORS, batches=0)
    assert "what an earlier search found is lost: " in said[0]


# Lines to paste


@pytest.mark.parametrize(
    ("case", "line"),
    [
        (Case(1), '"n": (1,),'),
        (Case(row([0.5]), "a"), "\"n\": (row([0.5]), 'a'),"),
        (Case(np.zeros((2, 0)), nargout=1), '"n": Case(np.zeros((2, 0)), nargout=1),'),
        (
            Case(1, seed=3, ignore=(2,), allow="class"),
            "\"n\": Case(1, seed=3, ignore=(2,), allow=('class',)),",
        ),
        (Case(np.ones((2, 1, 2))), '"n": (np.array([[[1.0, 1.0]], [[1.0, 1.0]]]),),'),
    ],
)
def test_a_case_as_a_line(case, line):
    assert case_line("n", case, "like", {}) == line


def test_a_function_that_has_no_text_is_taken_from_its_case():
    function = Function(octave="@(x) x", python=lambda x: x)
    like = Case(function, 1)
    line = case_line("n", Case(function, 2.5), "like", {"like": like})
    assert line == "cases[\"n\"] = (cases['like'].args[0], 2.5)  # where cases['like'] is a Case"


# The command


@pytest.fixture
def command(foreign, monkeypatch, capsys):
    """Run the command on a pair f; return its exit status and what it printed."""
    foreign.settings()
    monkeypatch.chdir(foreign.root)

    def run(octave_side, port, *options, cases=VECTORS, whole_port=""):
        foreign.pair("f", octave_side, port, cases)
        if whole_port:
            foreign.py("f", textwrap.dedent(whole_port))
        status = main(["fuzz", "f", "--seed", "1", *options])
        out, err = capsys.readouterr()
        return status, out + err

    return run


def test_the_command_prints_a_case_and_ends_with_one(command):
    status, said = command("round (x)", "np.round(x)", "--seconds", "0")
    assert status == 1
    assert '  to keep it, and to trace it, add to f.py:\n    "fuzz 1": (' in said
    assert re.search(r"f: \d+ calls, \d+ a second; 1 found in", said)


def test_the_command_ends_with_nought_where_nothing_is_found(command):
    status, said = command("x", "x", "--seconds", "0")
    assert status == 0
    assert "; nothing found in" in said


def test_a_port_that_ends_its_process_is_found(command):
    status, said = command(
        "x",
        "",
        *("--seconds", "0"),
        whole_port="""
        import os

        def f(x):
            if np.size(x) < 3:
                os._exit(5)
            return x
        """,
    )
    assert status == 1
    assert "f: the port: its process ended with exit status 5" in said
    assert '"fuzz 1": (' in said


def test_a_port_that_hangs_is_found(command):
    status, said = command(
        "x",
        "",
        *("--seconds", "0", "--timeout", "1"),
        whole_port="def f(x):\n    while np.size(x) < 3:\n        pass\n    return x\n",
    )
    assert status == 1
    assert "f: the port did not end within 1 s and was stopped, at f.py line " in said
    assert '"fuzz 1": (' in said


def test_an_octave_that_dies_says_nothing_of_the_port(foreign, command):
    foreign.m(
        "die",
        "function y = die(x)\nif numel (x) < 3\n  kill (getpid (), 9);\nend\ny = x;\nend\n",
    )
    status, said = command("die (x)", "x", "--seconds", "0")
    assert status == 0
    assert re.search(r"in \d+ Octave itself did not end, or died: these say nothing", said)


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ("{'none': (None,)}", "f has no case with numbers or texts among its arguments"),
        ("{'nothing': ()}", "f has no case with numbers or texts among its arguments"),
        ("{'error': Case(1, raises='f:x')}", "f has no case with numbers or texts among"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_searched_is_said(fuzzed, cases, said):
    with pytest.raises(CasesError, match=said):
        fuzzed("x", "x", cases)


def test_a_port_that_cannot_be_imported_is_said(command):
    status, said = command("x", "", whole_port="1 / 0\n\ndef f(x):\n    return x\n")
    assert status == 2
    assert "f cannot be searched: " in said
    assert "ZeroDivisionError" in said


def test_an_unknown_pair_is_said(foreign, monkeypatch, capsys):
    foreign.settings()
    foreign.pair("f", "x", "x")
    monkeypatch.chdir(foreign.root)
    assert main(["fuzz", "nothing"]) == 2
    assert "no pair 'nothing'" in capsys.readouterr().err


def test_where_hypothesis_is_missing_it_is_said(foreign, monkeypatch, capsys):
    foreign.settings()
    foreign.pair("f", "x", "x")
    monkeypatch.chdir(foreign.root)
    monkeypatch.setattr("lockstep.fuzz_command.find_spec", lambda name: None)
    assert main(["fuzz", "f"]) == 2
    assert "pip install 'lockstep-octave[fuzz]'" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon"])
def test_a_strange_time_is_refused(capsys, seconds):
    with pytest.raises(SystemExit):
        main(["fuzz", "f", "--seconds", seconds])
    assert f"'{seconds}' is no number of seconds from 0 on" in capsys.readouterr().err
