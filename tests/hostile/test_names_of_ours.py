"""Functions of the user's with the names of those that the helpers call: no helper meets them."""

import pytest

from lockstep.sides.helpers import HELPERS, helper_words, write_helpers
from lockstep.sides.octave import OctaveNotFoundError, OctaveSession

NAMES = [
    *("max", "load", "save", "isempty", "struct", "numel", "cell", "cellfun", "exit"),
    *("isstruct", "strcmp", "tic", "toc", "who", "size", "exist", "addpath"),
    *("setdiff", "isargout", "print_usage", "fieldnames", "num2str"),
]
"""Names that the helpers call; and some that those of Octave's library call."""

FAILS = "function varargout = {0}(varargin)\nerror('own:id', 'my own {0}');\nend\n"
CALLS_NOTHING = "function varargout = {0}(varargin)\nit_is_the_users;\nend\n"

SOME = "{{'one': (np.array([{}]),)}}".format
PAIRS = {  # functions of Octave that call none
    "wrong": ("x / 3 + 1", "x / 3 + 2", SOME("0.1, 0.2, 0.4")),
    "lost": ("((1 + x) - 1) ./ x", "x / x", SOME("1e-5")),
    "decided": (
        "(x(1) + x(2) + x(3) > 0.6) * 1",
        "float(x[0] + (x[1] + x[2]) > 0.6)",
        SOME("0.1, 0.2, 0.3"),
    ),
}


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


def every_name():
    """Return all names that a helper calls, but that by which it calls Octave's own."""
    return [word for word in helper_words() if is_octave_s(word) and word != "builtin"]


def is_octave_s(word):
    return not word.startswith("lockstep_")


def run_amid(project, ran, names, pairs):
    """Run pairs in the folder of the .m files, where there are files of some names."""
    for name in names:
        project.m(name, CALLS_NOTHING.format(name))
    for name in pairs:
        project.pair(name, *PAIRS[name])
    folders = ["--octave", ".", "--port", "../port", "--cases", "../cases"]
    return ran(project.root / "matlab", "run", *pairs, *folders)


@pytest.fixture(scope="module")
def surrounded(foreign_in, ran, tmp_path_factory):
    project = foreign_in(tmp_path_factory.mktemp("surrounded"))
    return run_amid(project, ran, every_name(), PAIRS)


def is_explained(found):
    return "x / 3 + 2" in found.report("wrong, case") and "with Octave's value here" in found.out


def test_a_trace_meets_no_function_of_the_user_s(surrounded):
    assert is_explained(surrounded), surrounded.out


def test_nor_does_it_where_builtin_is_the_user_s(foreign, ran):
    found = run_amid(foreign, ran, ["builtin"], ["wrong"])
    assert is_explained(found), found.out


def test_what_rounds_otherwise_meets_none(surrounded):
    assert surrounded.verdict("lost") == "rounding", surrounded.out


def test_what_is_decided_is_found(surrounded):
    assert surrounded.verdict("decided") == "rounding"
    assert "decided.py, line" in surrounded.out


def test_what_the_helpers_call_calls_no_file_of_the_library():
    """Such a file calls others, whose names the user's files may have."""
    with OctaveSession([]) as session:
        names = sorted(filter(is_octave_s, helper_words()))
        kinds = session.call("cellfun", "exist", names, nargout=1).outputs[0].ravel()
    files = [name for name, kind in zip(names, kinds, strict=True) if kind == 2]
    variables = {"lines", "open", "text", "which"}
    assert set(files) <= variables


def test_without_builtin_nothing_else_can_be_told_apart(tmp_path):
    for name in ("builtin", "size"):
        (tmp_path / f"{name}.m").write_text(CALLS_NOTHING.format(name))
    said = r"builtin\.m stands in the way .* the project's size\.m; rename builtin\.m"
    with OctaveSession([tmp_path]) as session, pytest.raises(OctaveNotFoundError, match=said):
        session.start()


def test_where_builtin_is_the_user_s_it_is_not_used(tmp_path):
    write_helpers(tmp_path / "helpers", ["builtin"])
    texts = {file.name: file.read_text() for file in (tmp_path / "helpers").glob("*.m")}
    assert texts.keys() == {file.name for file in HELPERS.glob("*.m")}
    assert not [name for name, text in texts.items() if "builtin" in text]
