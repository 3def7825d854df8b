"""Which .m file goes with which Python function, and what is said where one is missing."""

from pathlib import Path

import pytest

from lockstep.project.pairs import Pair, Project, ProjectError, find_project

BODY = "a = 1; b = 2; y = 3;\nend\n"


@pytest.mark.parametrize(
    ("head", "outputs"),
    [
        pytest.param("function y = f(x)", ["y"], id="one output"),
        pytest.param("function y = f", ["y"], id="no parentheses"),
        pytest.param("function f(x)", [], id="no output"),
        pytest.param("function [] = f(x)", [], id="empty brackets"),
        pytest.param("function [y] = f(x)", ["y"], id="brackets around one"),
        pytest.param("function [a, b] = f(x)", ["a", "b"], id="two outputs"),
        pytest.param("function [a b] = f(x)", ["a", "b"], id="blanks between"),
        pytest.param("function  [ a ,b ]=f( x )", ["a", "b"], id="other spacing"),
        pytest.param("function[a, b] = f(x)", ["a", "b"], id="no blank after function"),
        pytest.param("function\ty = f(x)", ["y"], id="tab"),
        pytest.param("   function y = f(x)", ["y"], id="indented"),
        pytest.param("function [a, ...\n   b] = f(x)", ["a", "b"], id="continued"),
        pytest.param("function [a, ... first\n   b] = f(x)", ["a", "b"], id="continued, comment"),
        pytest.param("function [a, b] = f(x) % [c, d]", ["a", "b"], id="comment behind"),
        pytest.param("function varargout = f(x)", ["varargout"], id="varargout"),
        pytest.param("% what it does\n\n# more\nfunction y = f(x)", ["y"], id="comment before"),
        pytest.param("% and so on ...\nfunction y = f(x)", ["y"], id="comment that ends in ..."),
        pytest.param("%{\nfunction z = g\n%}\nfunction y = f(x)", ["y"], id="block comment"),
        pytest.param("#{\nz = 1\n#}\nfunction y = f(x)", ["y"], id="Octave's block comment"),
        pytest.param("% c\r\nfunction [a, b] = f(x)\r", ["a", "b"], id="line ends of Windows"),
        pytest.param("\ufefffunction y = f(x)", ["y"], id="byte order mark"),
    ],
)
def test_reads_the_outputs_of_a_function(tmp_path, head, outputs):
    file = tmp_path / "f.m"
    file.write_bytes(f"{head}\n{BODY}".encode())
    pair = Pair("f", file)
    assert (pair.is_script, pair.output_names) == (False, outputs)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = 1;\n", id="statement"),
        pytest.param("% what it does\nx = 1;\n", id="comment before"),
        pytest.param("1;\nfunction y = g(x)\ny = x;\nend\nz = g(1);\n", id="function inside"),
        pytest.param("functional = 1;\n", id="name that begins like function"),
        pytest.param("% function y = f(x)\nx = 1;\n", id="function in a comment"),
        pytest.param("", id="empty"),
    ],
)
def test_tells_a_script(tmp_path, text):
    file = tmp_path / "f.m"
    file.write_text(text)
    pair = Pair("f", file)
    assert (pair.is_script, pair.output_names) == (True, [])


def test_a_file_that_is_not_utf8_is_read(tmp_path):
    file = tmp_path / "f.m"
    file.write_bytes("% größe\nfunction y = f(x)\ny = x;\nend\n".encode("latin-1"))
    assert Pair("f", file).output_names == ["y"]


def test_octaves_own_function_is_no_script():
    pair = Pair("cumsum", None)
    assert (pair.is_script, pair.output_names) == (False, [])


@pytest.fixture
def four(foreign):
    """both.m with its port, alone.m without, a case of cumsum without .m, a port without .m."""
    foreign.m("both", "function y = both(x)\ny = x;\nend\n")
    foreign.m("alone", "function y = alone(x)\ny = x;\nend\n")
    foreign.py("both", "def both(x):\n    return x\n")
    foreign.py("unpaired", "def unpaired(x):\n    return x\n")
    foreign.cases("cumsum", "cases = {'zero': (0.0,)}\n")
    foreign.cases("_data", "")
    foreign.cases("conftest", "")
    return foreign


def test_a_pair_has_two_sides_or_cases(four):
    assert [pair.name for pair in four.project.pairs()] == ["both", "cumsum"]


def test_names_the_files_without_a_port(four):
    assert four.project.unported() == ["alone"]


def test_pairs_are_sorted_without_regard_to_case(foreign):
    for name in ("b", "A", "C"):
        foreign.pair(name, "x", "x")
    assert [pair.name for pair in foreign.project.pairs()] == ["A", "b", "C"]


def test_knows_where_the_cases_of_a_pair_are(four):
    project = four.project
    assert project.cases_file(project.pair("alone")) == four.root / "cases" / "alone.py"


def test_a_module_of_functions_is_no_missing_port(foreign, monkeypatch):
    (foreign.root / "all_in_one.py").write_text("def f(x):\n    return x\n")
    monkeypatch.syspath_prepend(foreign.root)
    foreign.m("f", "function y = f(x)\ny = x;\nend\n")
    project = find_project(foreign.root, octave="matlab", port="all_in_one", cases="cases")
    assert project.unported() == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("bot", "did you mean both?", id="near one"),
        pytest.param("cumsun", "did you mean cumsum?", id="near one that has cases only"),
        pytest.param("zzz", "known: alone, both, cumsum", id="none is near"),
    ],
)
def test_an_unknown_name_suggests_what_is_known(four, name, said):
    with pytest.raises(ProjectError) as caught:
        four.project.pair(name)
    assert f"no pair {name!r}" in str(caught.value)
    assert str(caught.value).endswith(said)


def test_finds_the_project_above_the_current_folder(foreign, monkeypatch):
    foreign.settings()
    below = foreign.root / "matlab"
    monkeypatch.chdir(below)
    root = foreign.root.resolve()
    assert find_project() == Project(root, root / "matlab", "port", root / "cases")


def test_what_is_named_goes_before_the_settings_and_starts_at_the_current_folder(foreign):
    foreign.settings()
    (foreign.root / "sub" / "other").mkdir(parents=True)
    project = find_project(foreign.root / "sub", octave="other")
    assert project.octave == foreign.root.resolve() / "sub" / "other"
    assert project.cases == foreign.root.resolve() / "cases"


def test_without_settings_the_folders_have_default_names(tmp_path):
    (tmp_path / "octave").mkdir()
    project = find_project(tmp_path, port="ported")
    assert project.octave == tmp_path.resolve() / "octave"
    assert project.cases == tmp_path.resolve() / "tests" / "cases"


def test_a_pyproject_without_the_table_is_passed_by(foreign):
    foreign.settings()
    inner = foreign.root / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert find_project(inner).root == foreign.root.resolve()


def test_a_package_is_a_port(package):
    project = find_project(package.root)
    assert [pair.name for pair in project.pairs()] == ["double", "half"]
    assert project.unported() == []


@pytest.mark.parametrize(
    ("settings", "options", "said"),
    [
        pytest.param("", {}, "no folder {root}/octave with .m files; name it with", id="no .m"),
        pytest.param('octave = "matlab"', {}, "no Python port is named", id="no port"),
        pytest.param("", {"octave": "nowhere"}, "no folder {root}/nowhere", id="option"),
        pytest.param('octav = "matlab"', {}, "unknown keys: octav; known: octave, port", id="key"),
        pytest.param("octave = ", {}, "pyproject.toml is not valid TOML", id="not TOML"),
    ],
)
def test_says_what_is_wrong_with_the_project(foreign, settings, options, said):
    foreign.settings(settings)
    with pytest.raises(ProjectError) as caught:
        find_project(foreign.root, **options)
    assert said.format(root=foreign.root.resolve()) in str(caught.value)


@pytest.mark.parametrize(
    "port",
    [
        pytest.param("nowhere", id="name"),
        pytest.param("nowhere.at.all", id="name with dots"),
        pytest.param("./nowhere", id="path"),
        pytest.param("../nowhere", id="path upwards"),
    ],
)
def test_a_port_that_is_not_there_is_named(foreign, port):
    project = find_project(foreign.root, octave="matlab", port=port, cases="cases")
    with pytest.raises(ProjectError, match=r"neither a folder below .* nor a package") as caught:
        project.pairs()
    assert port in str(caught.value)


def test_the_folders_of_this_repository_are_found():
    root = Path(__file__).parents[2]
    project = find_project(root)
    assert project.root == root
    assert "nnCostFunction" in [pair.name for pair in project.pairs()]
