"""A disk without room: that case's error, or told before anything is compared."""

import resource
import subprocess
from pathlib import Path

import pytest

LITTLE = 200_000
"""Bytes that a file may have; an array of 1,000,000 numbers does not fit."""


@pytest.fixture
def project(foreign):
    foreign.settings()
    foreign.pair("sends", "numel(x)", "float(x.size)", cases="{'one': (np.ones(1000000),)}")
    foreign.pair("returns", "ones(1000000, 1)", "np.ones(1000000)")
    foreign.pair("right", "x", "x")
    return foreign


def little():
    resource.setrlimit(resource.RLIMIT_FSIZE, (LITTLE, LITTLE))


@pytest.fixture
def tiny_disk(tmp_path):
    """Mount a file system of 200 kB, where this user may."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={LITTLE}", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("this user may not mount file systems")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_arguments_and_results_that_do_not_fit_are_that_case_s_error(project, ran):
    found = ran(project.root, "run", preexec_fn=little)
    assert found.verdict("sends") == "error"
    assert "the arguments cannot be written: " in found.report("sends")
    assert found.verdict("returns") == "error"
    assert found.verdict("right") == "identical"
    assert "Traceback" not in found.out + found.err


def test_a_full_temporary_folder_is_that_case_s_error(project, ran, tiny_disk):
    found = ran(project.root, "run", env={"TMPDIR": str(tiny_disk)})
    assert [found.verdict(name) for name in ("sends", "returns")] == ["error", "error"]
    assert "No space left on device" in found.report("sends")
    assert found.verdict("right") == "identical"
    assert "Traceback" not in found.out + found.err
    assert list(tiny_disk.iterdir()) == []


def test_a_temporary_folder_without_any_room_is_told(project, ran, tiny_disk):
    with pytest.raises(OSError, match="No space"):
        (tiny_disk / "all").write_bytes(bytes(10 * LITTLE))
    found = ran(project.root, "run", env={"TMPDIR": str(tiny_disk)})
    assert "Traceback" not in found.out + found.err
    assert [path.name for path in tiny_disk.iterdir()] == ["all"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("/dev/full", "cannot write /dev/full: No space left on device"),
        ("nowhere/out.json", "cannot write nowhere/out.json: its folder does not exist"),
        ("matlab", "cannot write matlab: Is a directory"),
    ],
)
def test_a_json_file_that_cannot_be_written_is_told_before_comparing(project, ran, file, said):
    found = ran(project.root, "run", "--json", file)
    assert (found.status, found.out, found.err) == (2, "", f"lockstep: {said}\n")


def test_a_full_disk_under_the_table_is_told(project, ran):
    with Path("/dev/full").open("w") as full:
        found = ran(project.root, "run", "right", stdout=full)
    assert (found.status, found.err) == (2, "lockstep: [Errno 28] No space left on device\n")
