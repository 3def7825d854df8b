"""Functions of the user's with the names of those that the helpers call: no helper meets them."""

import pytest

from lockstep.sides.helpers import helper_words

NAMES = [
    *("max", "load", "save", "isempty", "struct", "numel", "cell", "cellfun", "fieldnames"),
    *("isstruct", "strcmp", "tic", "toc", "setdiff", "who", "num2str", "size", "exist"),
]

USED = ("builtin", "cos", "double", "error", "sum")
"""What calls Octave's own, and what the functions below call themselves."""

FAILS = "function varargout = {0}(varargin)\nerror('own:id', 'my own {0}');\nend\n"


@pytest.fixture(scope="module")
def shadowed(foreign_in, ran, tmp_path_factory):
    project = foreign_in(tmp_path_factory.mktemp("shadowed"))
    project.settings()
    for name in NAMES:
        project.m(name, FAILS.format(name))
        project.py(name, f"def {name}(x):\n    raise ValueError('my own {name}')\n")
        project.cases(name, "cases = {'one': Case(1.0, raises='own:id')}\n")
    project.pair("right", "{x, 'a', true}", "[x, 'a', True]")
    project.m("script", "a = 1;\nb.c = 'text';\n")
    project.py("script", "def script():\n    return {'a': 1.0, 'b': {'c': 'text'}}\n")
    project.cases("script", "cases = {'one': ()}\n")
    return ran(project.root, "run")


@pytest.mark.parametrize("pair", [*NAMES, "right", "script"])
def test_both_sides_are_the_user_s(shadowed, pair):
    assert shadowed.verdict(pair) == "identical", shadowed.report(pair)


def test_nothing_else_is_said(shadowed):
    assert (shadowed.status, shadowed.err) == (0, "")


@pytest.fixture(scope="module")
def surrounded(foreign_in, ran, tmp_path_factory):
    """Run in the folder of the .m files, of which every name is one that a helper calls."""
    project = foreign_in(tmp_path_factory.mktemp("surrounded"))
    for name in helper_words():
        if name.isidentifier() and not name.startswith("lockstep_") and name not in USED:
            project.m(name, FAILS.format(name))
    some = "{{'one': (np.array([{}]),)}}".format
    project.pair("wrong", "x / 3 + 1", "x / 3 + 2", some("0.1, 0.2, 0.4"))
    project.pair("lost", "(1 - cos(x)) ./ x.^2", "2 * np.sin(x / 2) ** 2 / x**2", some("1e-5"))
    project.pair(
        "decided",
        "double(sum(x) > 0.6)",
        "float(x[0] + (x[1] + x[2]) > 0.6)",
        some("0.1, 0.2, 0.3"),
    )
    folders = ["--octave", ".", "--port", "../port", "--cases", "../cases"]
    return ran(project.root / "matlab", "run", "wrong", "lost", "decided", *folders)


def test_a_trace_meets_no_function_of_the_user_s(surrounded):
    report = surrounded.report("wrong, case")
    assert "x / 3 + 2" in report
    assert "with Octave's value here" in surrounded.out


def test_what_rounds_otherwise_meets_none(surrounded):
    assert surrounded.verdict("lost") == "rounding", surrounded.out


def test_what_is_decided_is_found(surrounded):
    assert surrounded.verdict("decided") == "rounding"
    assert "decided.py, line" in surrounded.out
