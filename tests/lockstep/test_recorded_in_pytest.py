"""Recordings in a pytest run of somebody else's project: the cases, and the calls of tests.

One project is recorded and run for all tests of this file: a pair that is right, one that is wrong,
one whose outputs are too large, one that was not recorded, and tests that use the fixture.
"""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from lockstep.cli import main
from lockstep.pytest_plugin import pytest_configure

FILES = {
    "pyproject.toml": '[tool.lockstep]\noctave = "matlab"\nport = "port"\ncases = "cases"\n',
    "matlab/right.m": "function y = right(x)\ny = 2 * x;\nend\n",
    "port/right.py": "def right(x):\n    return 2 * x\n",
    "cases/right.py": "cases = {'one': (1.0,), 'two': (2.0,)}\n",
    "matlab/wrong.m": "function y = wrong(x)\ny = 2 * x;\nend\n",
    "port/wrong.py": "def wrong(x):\n    return 3 * x\n",
    "cases/wrong.py": "cases = {'one': (1.0,)}\n",
    "matlab/large.m": "function y = large(n)\ny = zeros(n, 1);\nend\n",
    "port/large.py": "import numpy as np\n\n\ndef large(n):\n    return np.zeros(n)\n",
    "cases/large.py": "cases = {'many': (200000,)}\n",
    "matlab/late.m": "function y = late(x)\ny = x;\nend\n",
    "port/late.py": "def late(x):\n    return x\n",
    "test_mine.py": """
import numpy as np

def test_mine(lockstep):
    lockstep.check("right", np.array([0.5]))
    assert lockstep.octave("sum", np.arange(5.0)) == 10
""",
}
LATER = {
    "cases/late.py": "cases = {'one': (1.0,)}\n",
    "test_new.py": """
def test_new(lockstep):
    lockstep.check("right", 7.0)
""",
}


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(*arguments):
    """Run pytest in a process of its own, where the plugin is loaded as any user's."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "-v", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Record a project, run it where no program is on the PATH, and return what pytest prints."""
    root = tmp_path_factory.mktemp("theirs")
    write(root, FILES)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main(["record"]) == 0
        assert "1 passed" in run("test_mine.py", "--lockstep-record")
        write(root, LATER)
        patch.setenv("PATH", str(root))
        patch.delenv("OCTAVE_EXECUTABLE", raising=False)
        goes_on = "--continue-on-collection-errors"
        return run("cases", "test_mine.py", "test_new.py", "--oracle", "recorded", goes_on)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(r"cases/right\.py::one \[recorded\] PASSED", id="a case"),
        pytest.param(r"test_mine\.py::test_mine\[recorded\] PASSED", id="a call that was recorded"),
        pytest.param(r"cases/wrong\.py::one \[recorded\] FAILED", id="a wrong one"),
        pytest.param(r"wrong, case 'one': different; recorded$", id="its report"),
        pytest.param(r"  wrong\.py, line 2: ", id="its statement"),
        pytest.param(r"cases/large\.py::many \[recorded\] SKIPPED", id="one that is left out"),
        pytest.param(r"SKIPPED .* left out of the recording: its outputs take 1\.5 MB", id="why"),
        pytest.param(r"late is not recorded: there is no .*late\.json", id="an unrecorded pair"),
        pytest.param(r"test_new\.py::test_new\[recorded\] FAILED", id="an unrecorded call"),
        pytest.param(r".*no such call; .* pytest --lockstep-record$", id="what to do about it"),
        pytest.param(r"=.* 2 failed, 3 passed, 1 skipped, 1 error in", id="all of it"),
    ],
)
def test_a_run_without_octave_says(said, line):
    assert re.search(f"(?m)^{line}", said), said


def test_several_processes_cannot_record():
    option = SimpleNamespace(lockstep_record=True, numprocesses=2)
    with pytest.raises(pytest.UsageError, match="--lockstep-record needs one process: leave out"):
        pytest_configure(SimpleNamespace(option=option))
