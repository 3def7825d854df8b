"""What `pip install` brings: the package alone, whole, with all that it imports declared."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import lockstep

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel of a copy, so that nothing is left in the checkout; return it unpacked."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "python", folder / "python", ignore=shutil.ignore_patterns("*.egg-info"))
    subprocess.run(
        [sys.executable, "-c", BUILD, "dist"], cwd=folder, check=True, capture_output=True
    )
    (built,) = (folder / "dist").glob("*.whl")
    zipfile.ZipFile(built).extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def metadata(wheel):
    """Return what the wheel says of itself."""
    (file,) = wheel.glob("*.dist-info/METADATA")
    return HeaderParser().parsestr(file.read_text(encoding="utf-8"))


def test_the_wheel_brings_one_package(wheel):
    assert {one.name for one in wheel.iterdir() if one.suffix != ".dist-info"} == {"lockstep"}


def test_every_file_of_the_package_is_in_it(wheel):
    source = ROOT / "python" / "lockstep"
    files = {one.relative_to(source) for one in source.rglob("*") if one.is_file()}
    files = {one for one in files if "__pycache__" not in one.parts}
    assert files == {
        one.relative_to(wheel / "lockstep") for one in wheel.rglob("lockstep/**/*") if one.is_file()
    }


def test_the_command_runs_from_it(wheel):
    done = subprocess.run(
        [sys.executable, "-m", "lockstep", "--version"],
        cwd=wheel, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == f"lockstep {lockstep.__version__}\n"


def test_it_says_what_it_is(metadata):
    assert metadata["Version"] == lockstep.__version__
    assert metadata["License-Expression"] == "MIT"
    assert "Typing :: Typed" in metadata.get_all("Classifier")


def imported(file):
    """Yield the top modules that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def names(requirements):
    """Return the names in a list of requirements, in lower case."""
    return {re.match(r"[\w-]+", one)[0].lower() for one in requirements}


OPTIONAL = {"mcp": "mcp", "pytest": "pytest", "hypothesis": "fuzz"}
"""Modules that not everyone needs, by the extra that brings them."""


def test_all_that_is_imported_is_declared():
    files = sorted((ROOT / "python" / "lockstep").rglob("*.py"))
    found = {module for file in files for module in imported(file)}
    found -= sys.stdlib_module_names | {"lockstep"}
    assert OPTIONAL.keys() <= found
    by_module = packages_distributions()
    declared = names(SETTINGS["dependencies"])
    for module in found - OPTIONAL.keys():
        assert declared & {one.lower() for one in by_module[module]}, module
    for module, extra in OPTIONAL.items():
        assert names(SETTINGS["optional-dependencies"][extra]) == {module}


def test_the_command_and_the_engine_need_nothing_optional():
    code = f"import sys; sys.modules |= dict.fromkeys({list(OPTIONAL)}); "
    code += "import lockstep.cli, lockstep.engine"
    subprocess.run([sys.executable, "-c", code], check=True)
