"""A source that was saved twice within a second is imported as it is now."""

import os
import subprocess
import sys
import time

import pytest

from lockstep.cli import main
from lockstep.project.cases import load_cases
from lockstep.project.fresh_imports import SETTLED_S

IMPORTED = """
import sys
from lockstep.project.fresh_imports import import_fresh
import_fresh()
import small
print(small.VALUE)
"""


def saved(path, value, at):
    """Write a source of always the same length, with a time of its own."""
    path.write_text(f"VALUE = {value}\n", encoding="utf-8")
    os.utime(path, (at, at))


def imported(folder, code=IMPORTED):
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


@pytest.fixture(autouse=True)
def compiled_code_is_written(monkeypatch):
    """Let compiled code be written whatever the environment says."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.fixture
def soon():
    """Return a time at which any test is within the second of saving, however slow it is."""
    return time.time() + 60


@pytest.mark.parametrize("ago", [0, 3600], ids=["just now", "an hour ago"])
def test_a_module_is_as_it_was_saved_last(tmp_path, soon, ago):
    """Of a source that is old, compiled code is kept."""
    saved(tmp_path / "small.py", 1, soon - ago)
    assert imported(tmp_path) == "1"
    assert (tmp_path / "__pycache__").exists() == (ago > SETTLED_S)
    saved(tmp_path / "small.py", 2, soon)
    assert imported(tmp_path) == "2"


def test_of_a_source_that_was_changed_compiled_code_is_written_again(tmp_path, soon):
    """Once it has long been saved; later runs need not compile it."""
    for value, ago in ((1, 7200), (2, 3600)):
        saved(tmp_path / "small.py", value, soon - ago)
        assert imported(tmp_path) == str(value)
        (compiled,) = (tmp_path / "__pycache__").iterdir()
        before = compiled.stat().st_mtime_ns
        assert imported(tmp_path) == str(value)
        assert compiled.stat().st_mtime_ns == before
        os.utime(compiled, (soon - 7000, soon - 7000))


def test_what_is_installed_is_imported_as_ever(tmp_path, soon):
    """All of it is compiled within a second of being written."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    saved(folder / "small.py", 1, soon)
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\n{IMPORTED}"
    assert imported(tmp_path, code) == "1"
    assert (folder / "__pycache__").exists()


def test_what_others_compiled_within_the_second_is_not_taken(tmp_path, soon):
    saved(tmp_path / "small.py", 1, soon)
    assert imported(tmp_path, "import small; print(small.VALUE)") == "1"
    saved(tmp_path / "small.py", 2, soon)
    assert imported(tmp_path, "import small; print(small.VALUE)") == "1", "Python as it is"
    assert imported(tmp_path) == "2"


def test_cases_are_as_they_were_saved_last(tmp_path, soon):
    file = tmp_path / "plain.py"
    for value in (1.0, 2.0):
        file.write_text(f"cases = {{'one': ({value},)}}\n", encoding="utf-8")
        os.utime(file, (soon, soon))
        assert load_cases(file).cases["one"].args == (value,)


def test_a_port_is_run_as_it_was_saved_last(foreign, soon, monkeypatch, capsys):
    """Each run is a process of its own; the second port is as long as the first."""
    monkeypatch.chdir(foreign.root)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    foreign.settings()
    foreign.pair("plain", "x + 1", "x + 1")
    found = []
    for number in (2, 1):
        port = foreign.py("plain", f"def plain(x):\n    return x + {number}\n")
        os.utime(port, (soon, soon))
        found.append(main(["run"]))
    assert found == [1, 0], capsys.readouterr().out
