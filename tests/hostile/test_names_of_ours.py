"""Functions of the user's with the names of those that the helpers call: no helper meets them."""

import pytest

NAMES = [
    *("max", "load", "save", "isempty", "struct", "numel", "cell", "cellfun", "fieldnames"),
    *("isstruct", "strcmp", "tic", "toc", "setdiff", "who", "num2str", "size", "exist"),
]


@pytest.fixture(scope="module")
def shadowed(foreign_in, ran, tmp_path_factory):
    project = foreign_in(tmp_path_factory.mktemp("shadowed"))
    project.settings()
    for name in NAMES:
        project.m(
            name, f"function varargout = {name}(varargin)\nerror('own:id', 'my own {name}');\n"
        )
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
