"""Every command of the README's table of lectures runs as typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| `(.+)` \|$", re.MULTILINE)

LECTURES = dict(ROW.findall((ROOT / "README.md").read_text().split("## The lectures")[1]))


def test_the_table_has_the_nine_topics():
    assert len(LECTURES) == 9


@pytest.mark.parametrize("command", LECTURES.values(), ids=LECTURES)
def test_a_command_of_the_lectures_runs(command, tmp_path):
    for name in ("octave", "data", "tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "python")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
