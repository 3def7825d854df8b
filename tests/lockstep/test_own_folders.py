"""Temporary folders: those of the dead are removed, those of the living are not."""

import os
import subprocess
import sys
import tempfile

import pytest

from lockstep.model import own_folders


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_of_ours_stays(temporary):
    folder = own_folders.make_folder()
    own_folders.sweep()
    assert folder.is_dir()
    assert folder.parent == temporary


def test_a_folder_of_a_process_that_is_dead_goes(temporary):
    code = "from lockstep.model.own_folders import make_folder as make; print(make())"
    environment = {**os.environ, "TMPDIR": str(temporary)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    (folder,) = temporary.iterdir()
    (folder / "sub").mkdir()
    own_folders.sweep()
    assert list(temporary.iterdir()) == []


def test_a_folder_of_another_process_with_its_number_goes(temporary):
    folder = own_folders.make_folder()
    start = own_folders.started(os.getpid())
    folder.rename(folder.with_name(folder.name.replace(f"_{start}_", f"_{start - 1}_")))
    own_folders.sweep()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", ["lockstep_notes", "lockstep_1_2_3_x", "other"])
def test_what_is_not_known_to_be_ours_stays(temporary, name):
    (temporary / name).mkdir()
    own_folders.sweep()
    assert (temporary / name).is_dir()
