"""What a pair's results depend on, and which pairs are left out because none of it changed."""

import os

import pytest

from lockstep.cli import main
from lockstep.project import agreed
from lockstep.project.agreed import digests, remember_agreed, stamps, unchanged
from lockstep.project.inputs import InputFinder, data_files, digest_of

BESIDE = "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent))\n"
"""What lets a cases file import what lies beside it."""

MACHINE = {"octave": "7.3.0"}


@pytest.fixture
def theirs(foreign):
    """Make the pairs `outer`, which calls helpers on both sides, and `plain`, which does not."""
    foreign.settings()
    foreign.m("outer", "function y = outer(x)\n% as plain does\ny = inner(x);\nend\n")
    foreign.m("inner", "function y = inner(x)\ny = x + 1;\nend\n")
    foreign.py("outer", "from helpers.deep import inner\n\ndef outer(x):\n    return inner(x)\n")
    (foreign.root / "port" / "helpers").mkdir()
    foreign.py("helpers/__init__", "")
    foreign.py("helpers/deep", "def inner(x):\n    return x + 1\n")
    foreign.cases("outer", f"{BESIDE}import _shared\n\ncases = {{'one': (_shared.ONE,)}}\n")
    foreign.cases("_shared", "ONE = 1.0\n")
    foreign.pair("plain", "x + 1", "x + 1")
    return foreign


def inputs_of(project, pair):
    return InputFinder(project).of(project.pair(pair))


def test_what_is_called_and_imported_counts(theirs):
    found = inputs_of(theirs.project, "outer").files
    inside = {str(file.relative_to(theirs.root.resolve())) for file in found}
    assert inside == {
        *("matlab/outer.m", "matlab/inner.m", "port/outer.py", "port/helpers/__init__.py"),
        *("port/helpers/deep.py", "cases/outer.py", "cases/_shared.py"),
        *("cases/outer.captured.npz", "cases/deviations.toml"),
    }


def test_pairs_that_the_cases_name_count(theirs):
    theirs.m("apply", "function y = apply(f, x)\ny = f(x);\nend\n")
    theirs.py("apply", "def apply(f, x):\n    return f(x)\n")
    theirs.cases("apply", "cases = {'one': (Function('outer'), 1.0)}\n")
    names = {file.name for file in inputs_of(theirs.project, "apply").files}
    assert {"outer.m", "inner.m", "outer.py", "deep.py"} <= names
    assert "plain.m" not in names


CHANGES = {
    "the .m file": ("matlab/outer.m", {"outer"}),
    "what it calls": ("matlab/inner.m", {"outer"}),
    "the port": ("port/plain.py", {"plain"}),
    "what it imports": ("port/helpers/deep.py", {"outer"}),
    "the cases": ("cases/plain.py", {"plain"}),
    "what they import": ("cases/_shared.py", {"outer"}),
    "what is declared of all": ("cases/deviations.toml", {"outer", "plain"}),
    "data that nobody reads": ("table.csv", set()),
}


@pytest.mark.parametrize(("file", "concerned"), CHANGES.values(), ids=CHANGES)
def test_a_change_concerns_the_pairs_that_hang_on_it(theirs, file, concerned):
    names = ["outer", "plain"]
    before = stamps(theirs.project, digests(theirs.project, names), MACHINE)
    remember_agreed(theirs.project, before, dict.fromkeys(names, True))
    path = theirs.root / file
    path.write_text(f"{path.read_text() if path.exists() else ''}\n")
    now = stamps(theirs.project, digests(theirs.project, names), MACHINE)
    assert set(unchanged(theirs.project, now)) == set(names) - concerned
    for name in names:
        assert inputs_of(theirs.project, name).hang_on([path.resolve()]) == (name in concerned)


@pytest.mark.parametrize(
    ("side", "text"),
    [
        pytest.param(
            "port", "import numpy\n\ndef plain(x):\n    return np.load('a.npy')", id="port"
        ),
        pytest.param("matlab", "function y = plain(x)\ny = load('a.txt');\nend", id="octave"),
    ],
)
def test_data_count_where_files_are_read(theirs, side, text):
    (theirs.py if side == "port" else theirs.m)("plain", text)
    data = theirs.root / "a.txt"
    data.write_text("1\n")
    found = inputs_of(theirs.project, "plain")
    before = digest_of(found, data_files(theirs.project))
    os.utime(data, ns=(1, 1))
    assert digest_of(found, data_files(theirs.project)) != before
    assert found.hang_on([data.resolve()])


@pytest.mark.parametrize(
    ("side", "text", "what"),
    [
        ("port", "import os\n\ndef plain(x):\n    return os.environ['X']\n", "environ"),
        ("port", "def plain(x):\n    return open('/etc/hostname')\n", "/etc/hostname"),
        ("matlab", "function y = plain(x)\ny = getenv('X');\nend\n", "getenv"),
        ("matlab", "function y = plain(x)\ny = load('../x.mat');\nend\n", "../x.mat"),
    ],
)
def test_what_may_look_beyond_the_project_is_never_left_out(theirs, side, text, what):
    (theirs.py if side == "port" else theirs.m)("plain", text)
    found = digests(theirs.project, ["plain"])
    assert found["plain"].beyond == what
    assert stamps(theirs.project, found, MACHINE) == {}


def test_words_in_comments_and_documentation_do_not_count(theirs):
    theirs.m("plain", "function y = plain(x)\n% load, getenv\ny = x + 1;\nend\n")
    theirs.py("plain", 'def plain(x):\n    """/etc/hostname"""\n    return x + 1  # open\n')
    found = inputs_of(theirs.project, "plain")
    assert (found.reads, found.beyond) == (False, "")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text, root: {"octave": "8.1.0"}, id="Octave"),
        pytest.param(lambda text, root: text.setenv("OMP_NUM_THREADS", "7"), id="threads"),
        pytest.param(
            lambda text, root: text.setattr("lockstep.project.agreed.tool_digest", lambda: "x"),
            id="tool",
        ),
        pytest.param(
            lambda text, root: (root / "pyproject.toml").write_text(
                '[tool.lockstep]\noctave = "matlab"\nport = "port"\ncases = "cases"\ntimeout = 9\n'
            ),
            id="settings",
        ),
    ],
)
def test_tool_engines_and_settings_concern_all(theirs, monkeypatch, change):
    from lockstep.project.pairs import find_project

    def now(machine):
        project = find_project(theirs.root)
        return stamps(project, digests(project, ["plain"]), machine)

    before = now(MACHINE)
    assert now(MACHINE) == before
    machine = change(monkeypatch, theirs.root)
    assert now(machine if isinstance(machine, dict) else MACHINE) != before


@pytest.mark.parametrize("kind", [".py", ".m", ".cc", ".h"])
def test_the_tool_is_all_its_code(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(agreed, "__file__", str(tmp_path / "project" / "agreed.py"))
    file = tmp_path / f"one{kind}"
    found = []
    for text in ("1", "2", "2"):
        file.write_text(text)
        found.append(agreed.tool_digest.__wrapped__())
    assert found[0] != found[1] == found[2]


@pytest.fixture
def run(theirs, shared_runner, monkeypatch, restored_sigterm, capsys):
    """Run the command in this process, and return exit status, first words and last line."""
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.chdir(theirs.root)

    def called(*arguments):
        status = main(["run", *arguments, "--in-process"])
        lines = capsys.readouterr().out.splitlines()
        table = [line.split() for line in lines[2:]]
        return status, {one[0] for one in table if one[2:3] == ["identical"]}, lines[-1]

    return called


def test_only_what_changed_is_run(run, theirs):
    left_out = "not run, nothing changed since all their cases agreed: "
    assert run()[:2] == (0, {"outer", "plain"})
    assert run("--changed") == (0, set(), f"{left_out}outer, plain")
    theirs.py("helpers/deep", "def inner(x):\n    return 1 + x\n")
    assert run("--changed") == (0, {"outer"}, f"{left_out}plain")
    theirs.cases("plain", "cases = {'one': (1.0, 'too many')}\n")
    assert run("--changed")[0] == 1
    assert run("--changed")[0] == 1  # it has not agreed since
    assert run()[0] == 1


def test_a_part_of_the_cases_is_not_taken_for_all(run, theirs):
    assert run("plain", "--case", "one")[0] == 0
    assert run("plain", "--changed")[:2] == (0, {"plain"})


def test_a_report_for_others_is_whole(theirs, monkeypatch, restored_sigterm, capsys):
    monkeypatch.chdir(theirs.root)
    assert main(["run", "--changed", "--json", "found.json"]) == 2
    assert capsys.readouterr().err.startswith("lockstep: --changed leaves pairs out")
