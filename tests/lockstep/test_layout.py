"""The layout is the explanation: imports go one way, and no module is too long to be read."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lockstep

ROOT = Path(lockstep.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
MOST_LINES = 400
IDS = [str(file.relative_to(ROOT)) for file in MODULES]


def ranks() -> dict[str, int]:
    """Read the place of each folder and module in the line of the package's docstring."""
    line = re.search(r"::\n\n(.*?)\n\n", lockstep.__doc__, re.DOTALL)[1]
    steps = [step.strip() for step in " ".join(line.split()).split("->")]
    return {name.strip(): i for i, step in enumerate(steps) for name in step.split(",")}


def name_of(file: Path) -> str:
    """Return the dotted name of a module, without that of the package."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(file: Path) -> Iterator[str]:
    """Yield the modules of the package that a file imports, wherever it does."""
    known = {name_of(one) for one in MODULES}
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lockstep":
            base = node.module.removeprefix("lockstep").lstrip(".")
            inner = [f"{base}.{alias.name}".lstrip(".") for alias in node.names]
            yield from {one if one in known else base for one in inner}
        elif isinstance(node, ast.Import):
            found = (alias.name.partition(".") for alias in node.names)
            yield from (rest for top, _, rest in found if top == "lockstep")


def test_every_folder_and_module_stands_in_the_line():
    units = {name_of(file).split(".")[0] for file in MODULES} - {"", "__main__"}
    assert units == set(ranks())


@pytest.mark.parametrize("file", MODULES, ids=IDS)
def test_a_module_imports_only_what_stands_before_it(file):
    unit = name_of(file).split(".")[0]
    if unit in ("", "__main__"):
        return
    rank = ranks()
    others = {one.split(".")[0] for one in imported(file)} - {unit}
    assert not {other for other in others if rank[other] >= rank[unit]}


def test_no_module_imports_itself_through_others():
    graph = {name_of(file): set(imported(file)) - {name_of(file)} for file in MODULES}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("file", MODULES, ids=IDS)
def test_a_module_says_what_it_is_for(file):
    assert ast.get_docstring(ast.parse(file.read_text()))


@pytest.mark.parametrize("file", MODULES, ids=IDS)
def test_a_module_can_be_read_at_once(file):
    assert len(file.read_text().splitlines()) <= MOST_LINES


def test_no_start_waits_for_what_few_runs_need():
    program = "import sys, lockstep.cli, lockstep.engine; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "lockstep.engine" in done.stdout.split()
    assert "scipy" not in done.stdout.split()
