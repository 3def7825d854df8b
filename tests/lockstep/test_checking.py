"""The one call for notebooks and tests: it returns the result or raises the report."""

import numpy as np
import pytest

import lockstep
from lockstep import Checker, MismatchError, check
from lockstep.project.pairs import ProjectError
from lockstep.sides.octave import OctaveError


@pytest.fixture
def checker(foreign, shared_runner, monkeypatch):
    """Make a checker of a project with `right`, `wrong` and `refuses`."""
    foreign.pair("right", "x + 1", "x + 1")
    foreign.pair("wrong", "x + 1", "x + 2")
    foreign.m("refuses", "function y = refuses(x)\nerror('refuses:x', 'no');\nend\n")
    foreign.py("refuses", "def refuses(x):\n    raise ValueError('no')\n")
    monkeypatch.setattr("lockstep.checking.Runner", shared_runner)
    with Checker(foreign.project) as checker:
        yield checker


def test_returns_the_result_where_the_sides_agree(checker):
    result = checker.check("right", np.array([1.0, 2.0]))
    assert result.verdict == "identical"
    assert result.leaves[0].leaf.python.ravel().tolist() == [2, 3]


def test_raises_the_report_where_they_do_not(checker):
    with pytest.raises(MismatchError) as caught:
        checker.check("wrong", 1.0)
    assert isinstance(caught.value, AssertionError)
    lines = str(caught.value).splitlines()
    assert lines[:4] == [
        "wrong, case 'check': different",
        "  y: differs",
        "    Octave  2",
        "    Python  3",
    ]


def test_options_are_those_of_a_case(checker):
    assert checker.check("refuses", 1.0, raises="refuses:x").verdict == "identical"
    with pytest.raises(MismatchError, match="expected the error refuses:y"):
        checker.check("refuses", 1.0, raises="refuses:y")
    with pytest.raises(TypeError, match="nargot"):
        checker.check("right", 1.0, nargot=1)


def test_an_unknown_name_suggests_what_is_known(checker):
    with pytest.raises(ProjectError, match=r"did you mean right\?"):
        checker.check("rigth", 1.0)


@pytest.mark.parametrize(
    ("arguments", "options", "value"),
    [
        pytest.param(("sum", [1.0, 2.0]), {}, None, id="cell, which sum refuses"),
        pytest.param(("sum", np.arange(5.0)), {}, 10.0, id="scalar"),
        pytest.param(("max", np.array([1.0, 3.0])), {"nargout": 2}, (3.0, 2.0), id="two outputs"),
        pytest.param(("upper", "ab"), {}, "AB", id="text"),
        pytest.param(("right", 1.0), {}, 2.0, id="function of the project"),
        pytest.param(
            ("rand", 1.0, 2.0),
            {"seed": 3},
            np.random.RandomState([3]).random_sample(2),
            id="seed",
        ),
    ],
)
def test_octave_calls_any_function(checker, arguments, options, value):
    if value is None:
        with pytest.raises(OctaveError):
            checker.octave(*arguments, **options)
    else:
        np.testing.assert_equal(checker.octave(*arguments, **options), value)


def test_the_session_is_at_hand(checker):
    assert checker.session.eval("disp (3)") == "3"


def test_check_finds_the_project_around_the_current_folder(foreign, monkeypatch):
    """In one call, with an Octave of its own."""
    foreign.settings()
    foreign.pair("right", "x + 1", "x + 1")
    monkeypatch.chdir(foreign.root / "matlab")
    assert check("right", 1.0).verdict == "identical"


def test_check_without_a_project_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match=r"name it .* in \[tool.lockstep\] of pyproject.toml"):
        check("right", 1.0)


def test_the_package_offers_what_it_lists():
    assert all(hasattr(lockstep, name) for name in lockstep.__all__)
