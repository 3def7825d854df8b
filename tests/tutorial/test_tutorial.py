"""The tutorial: its commands, one after the other, give what stands below them.

The package is installed from the checkout into a folder of its own, and the commands run from
there. What a machine decides is not compared: times, rates, how many of the results that agree do
so to the last bit, and digits after the sixth.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
STEPS = [
    tuple(part.split("\n", 1))
    for block in BLOCKS
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
]
"""Commands, and what they print."""

END = "-- the end of a command --"

DECIDED_BY_THE_MACHINE = [
    (r"^Octave \d.* against Python .*$", "VERSIONS"),
    (r"[\d.]+ ?(ms|s)\b", "TIME"),
    (r"\d+ calls, \d+ a second", "CALLS"),
    (r"\d+ identical, \d+ rounding", "AGREEING"),
    (r"\b(identical|rounding) +TIME", "AGREES TIME"),
    (r"(TIME +)(none|\d\S* ulps in .*?, case '.*?')(?=;|$)", r"\1SMALL"),
    (r"rounding explains at most \S+", "ROUNDING"),
    (r"\d+\.\d+(e[+-]\d+)?", lambda found: f"{float(found[0]):.6g}"),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Run all commands in one shell, and return what each printed."""
    root = tmp_path_factory.mktemp("tutorial")
    clone, home, site = root / "clone", root / "home", root / "site"
    home.mkdir()
    shutil.copytree(ROOT / "python", clone / "python", ignore=shutil.ignore_patterns("*.egg-info"))
    shutil.copytree(Path(__file__).parent, clone / "tests" / "tutorial")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clone)
    program = "exec 2>&1\n" + "".join(f"{command}\necho '{END}'\n" for command, _ in STEPS)
    done = subprocess.run(
        ["bash"], cwd=clone, input=program, env=environment(home, site),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [one.replace(str(home), "/home/you") for one in done.stdout.split(f"{END}\n")]


def environment(home, site):
    """Return variables with which pip installs into a folder, and fetches nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    path = [str(site / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
    return kept | {
        "HOME": str(home),
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": str(site),
        "PIP_TARGET": str(site),
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which switches it off
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "COLUMNS": "100",
    }


def plain(text):
    """Replace what the machine decides."""
    for pattern, instead in DECIDED_BY_THE_MACHINE:
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[command for command, _ in STEPS])
def test_a_command_prints_what_the_page_says(printed, number):
    wanted, found = plain(STEPS[number][1]), plain(printed[number])
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    if not doctest.OutputChecker().check_output(wanted, found, flags):
        assert found == wanted


def test_it_takes_ten_minutes():
    """At 150 words a minute, and a glance at each line that is printed."""
    prose = re.sub(r"^```console\n.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
    lines = sum(output.count("\n") for _, output in STEPS)
    assert len(prose.split()) / 150 + lines / 60 < 10
