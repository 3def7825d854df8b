"""Which .m file goes with which Python function, and what is said where one is missing."""

import re
from pathlib import Path

import pytest

from lockstep.cli import main
from lockstep.project.pairs import Pair, Project, ProjectError, find_project
from lockstep.sides.port import Port, PortError

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
    assert find_project() == Project(root, (root / "matlab",), "port", root / "cases")


def test_what_is_named_goes_before_the_settings_and_starts_at_the_current_folder(foreign):
    foreign.settings()
    (foreign.root / "sub" / "other").mkdir(parents=True)
    project = find_project(foreign.root / "sub", octave="other")
    assert project.octave == (foreign.root.resolve() / "sub" / "other",)
    assert project.cases == foreign.root.resolve() / "cases"


def test_without_settings_the_folders_have_default_names(tmp_path):
    (tmp_path / "octave").mkdir()
    project = find_project(tmp_path, port="ported")
    assert project.octave == (tmp_path.resolve() / "octave",)
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


# Names that are not quite the same


def written(root, files):
    """Write files by their path below `root`; return what `find_project` needs."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def m(name, plus=0):
    return f"function y = {name}(x)\ny = x + {plus};\nend\n"


F = "def {}(x):\n    return x\n"


def located(root, name, port="port", octave="m", **settings):
    project = find_project(root, octave=octave, port=port, cases="cases", **settings)
    found = project.location(name)
    return found and (found.module, found.name, found.how)


FOLDED = "name but for case and underscores"


@pytest.mark.parametrize(
    ("name", "files", "found"),
    [
        pytest.param("fun", {"fun.py": F.format("fun")}, ("fun", "fun", "name"), id="exact"),
        pytest.param(
            "costFunctionReg",
            {"cost_function_reg.py": F.format("cost_function_reg")},
            ("cost_function_reg", "cost_function_reg", FOLDED),
            id="snake case",
        ),
        pytest.param(
            "costFunctionReg",
            {"costFunctionReg.py": F.format("cost_function_reg")},
            ("costFunctionReg", "cost_function_reg", FOLDED),
            id="snake case in a file of the other name",
        ),
        pytest.param(
            "MD_PolVar",
            {"all.py": F.format("md_polvar") + F.format("other")},
            ("all", "md_polvar", FOLDED),
            id="several functions to a module",
        ),
        pytest.param(
            "costFun",
            {"all.py": F.format("cost_fun"), "costFun.py": F.format("costFun")},
            ("costFun", "costFun", "name"),
            id="the exact name goes first",
        ),
        pytest.param(
            "costFun",
            {"costFun.py": F.format("port") + F.format("_helper")},
            ("costFun", "port", "the only function of costFun.py"),
            id="only public function",
        ),
        pytest.param(
            "costFun",
            {"cost_fun.py": F.format("compute")},
            ("cost_fun", "compute", "the only function of cost_fun.py"),
            id="only public function of a file that is spelt otherwise",
        ),
        pytest.param(
            "costFun", {"costFun.py": F.format("a") + F.format("b")}, None, id="two functions"
        ),
        pytest.param(
            "costFun",
            {"costFun.py": F.format("step") + "def compute(x):\n    return step(compute(x))\n"},
            ("costFun", "compute", "the only function of costFun.py that no other one calls"),
            id="a function and its helper",
        ),
        pytest.param(
            "fun",
            {"deep/er/tools.py": F.format("fun")},
            ("deep.er.tools", "fun", "name"),
            id="below",
        ),
        pytest.param(
            "fun",
            {"a.py": F.format("other"), "b.py": "from a import other as fun\n"},
            ("b", "fun", "name"),
            id="imported under another name",
        ),
        pytest.param(
            "fun", {"a.py": "fun = lambda x: x\n"}, ("a", "fun", "name"), id="a lambda with a name"
        ),
        pytest.param("fun", {"a.py": "fun = 3\n"}, None, id="a number is no function"),
        pytest.param(
            "fun",
            {"a.py": "try:\n    import q\nexcept ImportError:\n    def fun(x): ...\n"},
            ("a", "fun", "name"),
            id="defined under a condition",
        ),
        pytest.param(
            "spread",
            {"a.py": "class Stats:\n    @staticmethod\n    def spread(x):\n        return x\n"},
            ("a", "Stats.spread", "name"),
            id="method",
        ),
        pytest.param(
            "fun",
            {"fun.py": F.format("fun"), "tests/test_all.py": F.format("fun")},
            ("fun", "fun", "name"),
            id="the file of its name goes first",
        ),
    ],
)
def test_a_function_is_found_by_name(tmp_path, name, files, found):
    written(tmp_path, {f"m/{name}.m": m(name), **{f"port/{k}": v for k, v in files.items()}})
    assert located(tmp_path, name) == found


def test_a_star_from_another_package_is_looked_through(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    written(
        tmp_path,
        {
            "m/star_fun.m": m("star_fun"),
            "elsewhere/starred_pkg/__init__.py": F.format("star_fun"),
            "port/all.py": "from starred_pkg import *\n",
        },
    )
    assert located(tmp_path, "star_fun") == ("all", "star_fun", "name")
    assert Port(find_project(tmp_path, octave="m", port="port")).function("star_fun")(3) == 3


def test_what_the_module_has_is_listed_where_the_name_is_not_found(tmp_path):
    written(tmp_path, {"m/f.m": m("f"), "port/f.py": F.format("one") + F.format("two")})
    project = find_project(tmp_path, octave="m", port="port")
    with pytest.raises(PortError) as caught:
        Port(project).function("f")
    assert "no Python function f in" in str(caught.value)
    assert "there: f.one, f.two" in str(caught.value) or "there: one, two" in str(caught.value)
    assert '[tool.lockstep.pairs] f = "module:function"' in str(caught.value)


def test_two_functions_of_one_name_are_both_named(tmp_path):
    written(tmp_path, {"m/f.m": m("f"), "port/a.py": F.format("f"), "port/b.py": F.format("f")})
    project = find_project(tmp_path, octave="m", port="port")
    assert [pair.name for pair in project.pairs()] == ["f"]
    with pytest.raises(PortError, match='may be "a:f" and "b:f"; say which'):
        Port(project).function("f")


# What [tool.lockstep.pairs] says


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param("tools:other", {"tools.py": F.format("other")}, id="module and function"),
        pytest.param("other", {"tools.py": F.format("other")}, id="function"),
        pytest.param("tools.py:other", {"tools.py": F.format("other")}, id="file"),
        pytest.param(
            "tools:Kit.other",
            {"tools.py": "class Kit:\n    @staticmethod\n    def other(x):\n        return x\n"},
            id="static method",
        ),
        pytest.param(
            "tools:Kit.other",
            {"tools.py": "class Kit:\n    def other(self, x):\n        return x\n"},
            id="method of an object",
        ),
        pytest.param("operator:pos", {"a.py": ""}, id="a module elsewhere"),
        pytest.param("numpy:positive", {"a.py": ""}, id="NumPy"),
    ],
)
def test_a_declared_pair(tmp_path, text, files):
    written(tmp_path, {"m/f.m": m("f"), **{f"port/{k}": v for k, v in files.items()}})
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.lockstep]\noctave = "m"\nport = "port"\n[tool.lockstep.pairs]\nf = "{text}"\n'
    )
    project = find_project(tmp_path)
    assert Port(project).function("f")(3) == 3
    assert project.has_port(project.pair("f"))


def test_where_all_pairs_are_declared_neither_folder_is_needed(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.lockstep.pairs]\ntrapz = "numpy:trapezoid"\n')
    project = find_project(tmp_path)
    assert [pair.name for pair in project.pairs()] == ["trapz"]
    assert project.missing(project.pair("trapz")).startswith("no cases: write ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("pairs = 3", "pairs in .* must be a table", id="no table"),
        pytest.param("pairs.f = 3", 'f must be a text such as "module:function"', id="no text"),
        pytest.param("octave = [3]", "octave in .* must be a text or a list of texts", id="list"),
        pytest.param('port = ["a"]', "port in .* must be a text", id="list of ports"),
    ],
)
def test_settings_of_another_form_are_refused(foreign, text, said):
    foreign.settings(text)
    with pytest.raises(ProjectError, match=said):
        find_project(foreign.root)


def test_a_declared_function_that_is_not_there_is_named(foreign):
    foreign.settings('octave="matlab"\nport="port"\npairs.f = "tools:nothing"\n')
    foreign.py("tools", F.format("some"))
    with pytest.raises(PortError, match=r"no Python function nothing in .*tools.py; there: some"):
        Port(find_project(foreign.root)).function("f")


# Folders of .m files


def test_m_files_are_found_below_in_packages_and_beside_classes(tmp_path):
    root = written(
        tmp_path,
        {
            "m/deep/er/one.m": m("one"),
            "m/+pkg/two.m": m("two", 2),
            "m/+pkg/+sub/three.m": m("three", 3),
            "m/@cls/four.m": m("four"),
            "m/private/five.m": m("five", 5),
            "m/.git/six.m": m("six"),
            "cases/five.py": "cases = {'one': (1.0,)}",
        },
    )
    project = find_project(root, octave="m", port="numpy", cases="cases")
    files = project.m_files
    assert files.names == {"one", "pkg.two", "pkg.sub.three"}
    assert (files.private_names, files.methods) == ({"five"}, {"four": "cls"})
    folders = [path.relative_to(root / "m").as_posix() for path in project.octave_path]
    assert folders == [".", "deep/er", "private"]


def test_octave_calls_what_is_found(tmp_path, shared_runner):
    root = written(
        tmp_path,
        {
            "m/deep/one.m": m("one", 1),
            "m/+pkg/two.m": m("two", 2),
            "m/private/five.m": m("five", 5),
            "port/all.py": "".join(
                f"def {name}(x):\n    return x + {plus}\n"
                for name, plus in (("one", 1), ("two", 2), ("five", 5))
            ),
            **{f"cases/{n}.py": "cases = {'a': (1.0,)}" for n in ("one", "pkg.two", "five")},
        },
    )
    with shared_runner(find_project(root, octave="m", port="port", cases="cases")) as runner:
        verdicts = {pair.name: runner.run_pair(pair)[0].verdict for pair in runner.project.pairs()}
    assert verdicts == dict.fromkeys(["five", "one", "pkg.two"], "identical")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("five", "folder private, its neighbours alone can call it", id="private"),
        pytest.param("four", "four.m is a method of the class cls", id="method"),
    ],
)
def test_what_cannot_be_called_says_so(tmp_path, name, said):
    written(tmp_path, {"m/@cls/four.m": m("four"), "m/private/five.m": m("five")})
    with pytest.raises(ProjectError, match=said):
        find_project(tmp_path, octave="m", port="numpy").pair(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("four", "four.m is a method of the class cls: Octave calls it", id="method"),
        pytest.param("six", "there is no six.m in .*, and Octave has no six of its", id="nowhere"),
    ],
)
def test_cases_of_what_cannot_be_called_say_so(tmp_path, shared_runner, name, said):
    files = {"m/@cls/four.m": m("four"), "port/p.py": F.format(name)}
    root = written(tmp_path, {**files, f"cases/{name}.py": "cases = {'a': (1.0,)}"})
    with shared_runner(find_project(root, octave="m", port="port", cases="cases")) as runner:
        (case,) = runner.run_pair(runner.project.pair(name))[0].cases
    assert case.verdict == "error"
    assert re.match(said, case.problem)


def test_a_builtin_of_octave_is_compared_though_a_class_has_a_method_of_its_name(
    tmp_path, shared_runner
):
    root = written(
        tmp_path,
        {
            "m/@cls/plus.m": m("plus"),
            "port/p.py": "def plus(a, b):\n    return a + b\n",
            "cases/plus.py": "cases = {'a': (1.0, 2.0)}",
        },
    )
    with shared_runner(find_project(root, octave="m", port="port", cases="cases")) as runner:
        (case,) = runner.run_pair(runner.project.pair("plus"))[0].cases
    assert case.verdict == "identical"


def test_the_first_of_several_folders_goes_first(tmp_path):
    root = written(tmp_path, {"a/f.m": m("f", 1), "b/f.m": m("f", 2), "b/g.m": m("g")})
    project = find_project(root, octave=["b", "a"], port="numpy")
    assert project.pair("f").m_file == root / "b" / "f.m"
    assert project.octave_path == [root / "b", root / "a"]
    (root / "pyproject.toml").write_text('[tool.lockstep]\noctave=["a", "b"]\nport="numpy"\n')
    assert find_project(root).pair("f").m_file == root / "a" / "f.m"


def test_a_name_found_twice_is_an_error_that_names_both(tmp_path):
    root = written(tmp_path, {"m/a/f.m": m("f", 1), "m/b/f.m": m("f", 2)})
    project = find_project(root, octave="m", port="numpy")
    with pytest.raises(ProjectError, match=r"f is found twice: .*a/f.m and .*b/f.m; name the"):
        project.pair("f")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"m/f.m": m("f", 1), "m/old/f.m": m("f", 2)}, id="a folder before those below"
        ),
        pytest.param({"m/a/f.m": m("f", 1), "m/b/f.m": m("f", 1)}, id="copies are one"),
        pytest.param({"m/a/f.m": m("f", 1), "m/private/f.m": m("f", 2)}, id="public first"),
    ],
)
def test_a_name_found_twice_may_be_clear(tmp_path, files):
    root = written(tmp_path, files)
    found = find_project(root, octave="m", port="numpy").pair("f").m_file
    assert found == root / next(iter(files))


# Forms of --port


@pytest.mark.parametrize(
    ("port", "files"),
    [
        pytest.param("lone", {"lone.py": F.format("f")}, id="module in the current folder"),
        pytest.param("lone.py", {"lone.py": F.format("f")}, id="file"),
        pytest.param("sub.lone", {"sub/lone.py": F.format("f")}, id="dotted module"),
        pytest.param(
            "pack",
            {
                "pack/__init__.py": "",
                "pack/f.py": "from .g import g as f\n",
                "pack/g.py": F.format("g"),
            },
            id="folder with __init__ and relative imports",
        ),
        pytest.param(
            "pack",
            {
                "pack/__init__.py": "",
                "pack/f.py": "from sibling_g import g\ndef f(x):\n    return g(x)\n",
                "pack/sibling_g.py": F.format("g"),
            },
            id="folder with __init__ and absolute imports",
        ),
        pytest.param(
            "outer/pack",
            {
                "outer/__init__.py": "",
                "outer/base.py": F.format("g"),
                "outer/pack/__init__.py": "",
                "outer/pack/f.py": "from ..base import g\ndef f(x):\n    return g(x)\n",
            },
            id="package in a package",
        ),
        pytest.param(
            "outer/pack/f.py",
            {
                "outer/pack/__init__.py": "",
                "outer/pack/g.py": F.format("g"),
                "outer/pack/f.py": "from .g import g\ndef f(x):\n    return g(x)\n",
            },
            id="file of a package",
        ),
        pytest.param(
            "plain",
            {
                "plain/sub/f.py": "from helper_h import h\ndef f(x):\n    return h(x)\n",
                "plain/sub/helper_h.py": F.format("h"),
            },
            id="modules below a folder import their neighbours",
        ),
    ],
)
def test_a_port_is_a_package_a_module_a_file_or_a_folder(tmp_path, port, files):
    written(tmp_path, {"m/f.m": m("f"), **files})
    project = find_project(tmp_path, octave="m", port=port)
    assert Port(project).function("f")(3) == 3
    (tmp_path / "pyproject.toml").write_text(f'[tool.lockstep]\noctave="m"\nport="{port}"\n')
    assert find_project(tmp_path).has_port(Pair("f", None))


def test_the_cases_may_be_spelt_as_the_port_is(tmp_path):
    root = written(
        tmp_path,
        {
            "m/costFun.m": m("costFun"),
            "port/cost_fun.py": F.format("cost_fun"),
            "cases/cost_fun.py": "cases = {'one': (1.0,)}",
        },
    )
    project = find_project(root, octave="m", port="port", cases="cases")
    assert [pair.name for pair in project.pairs()] == ["costFun"]
    assert project.cases_file(project.pair("costFun")) == root / "cases" / "cost_fun.py"
    assert project.pair_of_cases(root / "cases" / "cost_fun.py").name == "costFun"


# What is there, and cannot be used

BROKEN = "def f(x):\n    return x\n\n\ndef g(x:\n    return x\n"


@pytest.mark.parametrize("arguments", [["run"], ["run", "f"], ["init"]])
def test_a_port_that_is_no_python_says_where(
    foreign, arguments, capsys, monkeypatch, restored_sigterm
):
    foreign.pair("f", "x", "x")
    (foreign.root / "broken.py").write_text(BROKEN)
    monkeypatch.chdir(foreign.root)
    folders = ["--octave", "matlab", "--port", "broken.py", "--cases", "cases"]
    assert main([*arguments, *folders]) == 2
    said = capsys.readouterr().err
    assert "broken.py is no Python: SyntaxError: '(' was never closed, line 5: def g(x:" in said


def test_a_broken_file_of_a_port_is_named_where_a_function_is_not_found(foreign):
    foreign.m("f", m("f"))
    (foreign.root / "port" / "tools.py").write_text(BROKEN)
    said = foreign.project.port_problem("f")
    assert "tools.py is no Python: SyntaxError: '(' was never closed, line 5" in said
    assert "there: no functions" in said


@pytest.mark.parametrize("command", ["run", "init"])
def test_a_file_is_no_folder_of_cases(foreign, command, capsys, monkeypatch, restored_sigterm):
    foreign.pair("f", "x", "x")
    monkeypatch.chdir(foreign.root)
    arguments = ["--octave", "matlab", "--port", "port", "--cases", "port/f.py"]
    assert main([command, *arguments]) == 2
    said = capsys.readouterr().err
    assert "port/f.py is a file, and the folder of the cases files is wanted; name it" in said


# Pairs that lack something


@pytest.fixture
def halves(foreign):
    """Make a whole pair, one without cases, and one without a port."""
    foreign.pair("whole", "x", "x")
    foreign.m("caseless", m("caseless"))
    foreign.py("caseless", F.format("caseless"))
    foreign.m("portless", m("portless"))
    foreign.cases("portless", "cases = {'one': (1.0,)}")
    return foreign


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 1)])
def test_a_pair_that_lacks_something_is_listed(
    halves, options, status, capsys, monkeypatch, restored_sigterm
):
    monkeypatch.chdir(halves.root)
    assert main(["run", *halves.options, *options]) == status
    out = capsys.readouterr().out
    assert f"not compared, caseless: no cases: write {halves.root}/cases/caseless.py" in out
    assert "not compared, portless: no Python function portless in" in out
    assert "1 pair, 1 case: 1 identical" in out
    assert ("failed: not all was compared, which --strict demands" in out) == (status == 1)


def test_a_quiet_run_that_compared_nothing_says_why(halves, capsys, monkeypatch, restored_sigterm):
    monkeypatch.chdir(halves.root)
    options = ["--octave", "matlab", "--port", "port", "--cases", "nosuch"]
    assert main(["run", "-q", *options]) == 1
    folder = halves.root.resolve() / "nosuch"
    said = f"not compared, no cases in {folder} (there is no such folder): caseless, whole\n"
    assert said in capsys.readouterr().out


def test_many_pairs_without_cases_are_one_line(halves, capsys, monkeypatch, restored_sigterm):
    for i in range(6):
        halves.m(f"f{i}", m(f"f{i}"))
        halves.py(f"f{i}", F.format(f"f{i}"))
    monkeypatch.chdir(halves.root)
    assert main(["run", *halves.options]) == 0
    folder = halves.root.resolve() / "cases"
    said = f"not compared, no cases in {folder}: caseless, f0, f1, f2, f3, f4, f5\n"
    assert said in capsys.readouterr().out
