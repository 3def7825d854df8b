"""The README and its pages: what they link, name and show is there, and comes out as shown."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lockstep.cli import main

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "python" / "lockstep" / "pages").glob("*.md")),
    ROOT / "python" / "backprop" / "README.md",
]
IDS = [str(page.relative_to(ROOT)) for page in PAGES]

NUMBERS = re.compile(r"(?<=rounding explains at most ).*$|(?<=, and )\d+(?= others)", re.MULTILINE)
"""How far rounding goes, which the machine decides, and how many cases a mend was tried on."""

LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")

OF_OTHERS = {
    *("--dist", "--junitxml", "--lockstep-html", "--lockstep-in-process", "--lockstep-record"),
    *("--pdb", "--trace", "--each", "--part", "--seed", "--size", "--fast", "--file"),
    *("--folder", "--class", "--sample", "--jobs", "--within", "--rounds", "--all-runs"),
    *("--eval", "--exact", "--id", "--no-install-recommends"),
}
"""Options of pytest, Octave, the package managers, the benchmarks and the port."""


def anchors(page):
    """Return what GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page):
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), anchor


@pytest.mark.parametrize("page", PAGES[1:], ids=IDS[1:])
def test_every_page_is_linked_from_the_readme(page):
    linked = {(ROOT / path).resolve() for path, _ in LINK.findall(README.read_text("utf-8"))}
    assert page in linked


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_option_that_is_named_exists(page, capsys, restored_sigterm):
    assert main(["completion", "bash"]) == 0
    known = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) | OF_OTHERS
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_file_and_job_that_is_named_exists(page):
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`(?:python )?((?:tests|data|python)/[\w./]+)", text):
        assert "NAME" in path or (ROOT / path).exists(), path
    jobs = (ROOT / "tox.ini").read_text(encoding="utf-8")
    for job in re.findall(r"tox\s-e\s(\w+)", text):
        assert f"[testenv:{job}]" in jobs


# What is shown


def blocks(page, language=""):
    """Return the blocks of a page that are fenced with a language."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def printed(command, folder):
    """Run a line of a shell in a folder, as typed, and return what it prints."""
    inherited = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**inherited, "PATH": path, "PYTHONPATH": str(ROOT / "python")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout + done.stderr


def assert_shown(wanted, found):
    """Compare, with ``...`` for what is left out, but for two numbers."""
    wanted, found = (NUMBERS.sub("N", one) for one in (wanted, found))
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    if not doctest.OutputChecker().check_output(wanted, found, flags):
        assert found == wanted


def test_the_first_own_pair_is_judged_as_shown(tmp_path):
    (program,) = (block for block in blocks(README, "sh") if "mkdir matlab" in block)
    (wanted,) = (block for block in blocks(README) if "running_mean.py, line" in block)
    assert_shown(wanted, printed(program, tmp_path))


def test_the_port_that_is_wrong_is_judged_as_shown(tmp_path):
    shutil.copytree(ROOT / "tests" / "catalogue", tmp_path / "tests" / "catalogue")
    page = ROOT / "python" / "lockstep" / "pages" / "wrong-port.md"
    shown = [
        block for one in (README, page) for block in blocks(one) if block.startswith("$ cd tests/")
    ]
    assert len(set(shown)) == 1
    change, command, *lines = shown[0].splitlines(keepends=True)
    text = printed(f"{change.removeprefix('$ ')}{command.removeprefix('$ ')}", tmp_path)
    assert_shown("".join(lines), text)
