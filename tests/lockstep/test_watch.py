"""A saved file runs the pairs that it concerns, and no others."""

import io
import sys
import threading

import pytest

from lockstep import spare_engines
from lockstep.cli import main
from lockstep.project.pairs import find_project
from lockstep.run_options import RunOptions
from lockstep.watch_command import Watch, saved_files, watch


@pytest.fixture
def theirs(foreign):
    """Make the pairs `plain`, and `reader`, which writes a file and reads another."""
    foreign.settings()
    foreign.pair("plain", "x + 1", "x + 1")
    foreign.pair("reader", "x + 1", "x + 1")
    foreign.py(
        "reader",
        """
        from pathlib import Path

        def reader(x):
            Path(__file__).with_name("written.txt").write_text("x")
            return x + float((Path(__file__).parent / "one.txt").read_text())
        """,
    )
    (foreign.root / "port" / "one.txt").write_text("1\n")
    return foreign


@pytest.fixture
def seen(theirs, monkeypatch):
    """Watch that project; one engine is kept ready, for those of a test are seldom taken."""
    monkeypatch.setattr(spare_engines, "SPARES", 1)
    found = Watch(lambda: find_project(theirs.root), [], RunOptions(timeout=60))
    yield found
    found.close()


def place(theirs, name):
    return (theirs.root / name).resolve()


@pytest.mark.parametrize(
    ("file", "pairs"),
    [
        ("port/plain.py", ["plain"]),
        ("matlab/reader.m", ["reader"]),
        ("cases/plain.py", ["plain"]),
        ("cases/deviations.toml", ["plain", "reader"]),
        ("port/other.py", []),
    ],
)
def test_a_file_concerns_pairs(theirs, seen, file, pairs):
    path = place(theirs, file)
    path.write_text(path.read_text() if path.exists() else "")
    assert seen.concerned({path}) == pairs


def test_a_file_that_begins_to_be_used_concerns_from_then_on(theirs, seen):
    helper = place(theirs, "port/helper.py")
    helper.write_text("def one():\n    return 1\n")
    assert seen.concerned({helper}) == []
    port = theirs.py("plain", "import helper\n\ndef plain(x):\n    return x + helper.one()\n")
    assert seen.concerned({port.resolve()}) == ["plain"]
    assert seen.concerned({helper}) == ["plain"]


def test_the_pair_that_was_saved_goes_first(theirs, seen):
    """`above` calls `plain`, and stands before it by name."""
    theirs.m("above", "function y = above(x)\ny = plain(x);\nend\n")
    theirs.py("above", "import plain\n\ndef above(x):\n    return plain.plain(x)\n")
    theirs.cases("above", "cases = {'one': (1.0,)}\n")
    seen.concerned({place(theirs, "cases/above.py")})
    assert seen.concerned({place(theirs, "port/plain.py")}) == ["plain", "above"]


def test_a_new_pair_concerns_itself(theirs, seen):
    theirs.pair("more", "x", "x")
    assert seen.concerned({place(theirs, "cases/more.py")}) == ["more"]


def test_each_change_is_run_on_the_files_as_they_are(theirs, seen, capsys):
    """What a run writes itself is no change; data that changed is one."""
    said = io.StringIO()
    data = place(theirs, "port/one.txt")

    def changes(folders):
        assert folders == [theirs.root.resolve()]
        yield {theirs.py("plain", "def plain(x):\n    return x + 2\n").resolve()}
        yield {theirs.py("plain", "def plain(x):\n    return 1 + x\n").resolve()}
        data.write_text("1.0\n")
        yield {data}
        yield {place(theirs, "port/written.txt"), data}
        (theirs.root / "pyproject.toml").write_text("[tool.lockstep]\nport = 3\n")
        yield {place(theirs, "port/plain.py")}
        theirs.settings()
        yield {place(theirs, "port/plain.py")}
        broken = theirs.py("plain", "def plain(x:\n")
        yield {broken.resolve()}
        broken.unlink()
        yield {place(theirs, "port/plain.py")}
        yield {place(theirs, "port/written.txt")}
        yield {theirs.py("plain", "def plain(x):\n    return x + 1\n").resolve()}

    watch(seen, changes, said)
    lines = said.getvalue().splitlines()
    assert lines[0] == f"watching {theirs.root.resolve()}; Ctrl-C ends it"
    headings = [line.split(" ", 1)[1] for line in lines if " changed: " in line]
    assert [heading.partition(";")[0] for heading in headings] == [
        "plain.py changed: plain",
        "plain.py changed: plain",
        "one.txt changed: reader",
        "plain.py changed: plain",
        "plain.py changed: plain",
        "plain.py changed: plain is compared no more: no Python function plain in port",
        "plain.py changed: plain",
    ]
    assert any(line.startswith("lockstep: port in [tool.lockstep]") for line in lines)
    table = [line.split()[:3] for line in capsys.readouterr().out.splitlines()]
    assert [line for line in table if line and line[0] in ("plain", "reader")] == [
        ["plain", "1", "different"],
        ["plain", "1", "identical"],
        ["reader", "1", "identical"],
        ["plain", "1", "identical"],
        ["plain", "1", "error"],
        ["plain", "1", "identical"],
    ]


def test_what_is_saved_is_told(theirs):
    """Hidden and compiled files are not."""
    found = saved_files([theirs.root.resolve()])
    made = {"cases/new.py", ".hidden/x", "port/__pycache__/x.pyc", "port/x.py~", "port/plain.py"}

    told, enough = set(), threading.Event()

    def write():
        """Save them again and again: when the watcher is ready nobody knows."""
        while not enough.wait(0.2):
            for name in made:
                path = place(theirs, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text("1\n")

    writer = threading.Thread(target=write)
    writer.start()
    while not {"new.py", "plain.py"} <= {file.name for file in told}:
        told |= next(found)
    enough.set()
    writer.join()
    assert told == {place(theirs, "cases/new.py"), place(theirs, "port/plain.py")}


def test_without_the_package_the_way_to_get_it_is_told(
    theirs, monkeypatch, restored_sigterm, capsys
):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.chdir(theirs.root)
    assert main(["watch"]) == 2
    assert "pip install 'lockstep-octave[watch]'" in capsys.readouterr().err
