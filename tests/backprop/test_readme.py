"""Every command of the table of lectures runs as typed, and shows what it is there for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| `(.+)` \|$", re.MULTILINE)

PAGE = ROOT / "python" / "backprop" / "README.md"
LECTURES = dict(ROW.findall(PAGE.read_text().split("## The lectures")[1]))

SHOWN = {
    "Cost function": [r"J = sum\(sum\(-Y", "the outputs agree"],
    "Backpropagation algorithm": [r"Delta\{l\} = Delta\{l\} \+ delta", "the outputs agree"],
    "Backpropagation intuition": [r"weighted_sum =", r"delta2 =\s+-8\.0911e-04\s+1\.5360e-02"],
    "Unrolling parameters": [r"1 +4 +7\s+2 +5 +8\s+3 +6 +9", r"1 +2 +3 .* 11 +12 +13"],
    "Gradient checking": [r"numerical +backpropagation", r"gradApprox +DVec", r"Theta2: unit 3"],
    "Random initialisation": [r"( +1){11}\n( +1){11}\n( +5){11}\n"],
    "Putting it together": [r"Round 10 of 10", r"Accuracy on digits_test\.mat: 9[1-9]"],
    "Predicting": [r"0\s+0\s+1\s+1"],
    "The delta rule": [r"W =\s+1 +2", r"E_history =\s+8\.2500e\+01"],
    "The step-by-step example": [
        r"out_h1 = 0\.593269992",
        r"out_o1 = 0\.751365069",
        r"w1 = 0\.149780716",
        r"w5 = 0\.358916479",
        r"E_history =\s+0\.298371108760\d+\s+0\.291027773\d+",
    ],
}


def test_the_table_has_a_row_for_each_lecture():
    assert list(LECTURES) == list(SHOWN)


@pytest.mark.parametrize("lecture", SHOWN)
def test_a_command_of_the_lectures_runs(lecture, tmp_path):
    for name in ("octave", "data", "tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    # pytest-xdist tells its workers a width, which would cut the statements short.
    inherited = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        LECTURES[lecture],
        shell=True,
        cwd=tmp_path,
        env={**inherited, "PATH": path, "PYTHONPATH": str(ROOT / "python")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for pattern in SHOWN[lecture]:
        assert re.search(pattern, done.stdout), done.stdout
