"""Runs the exercise from data/recordings on a machine that can start no Octave, and proves that.

    python tests/without_octave.py

The PATH, and $OCTAVE_EXECUTABLE, name programs that write down that they were started. Without
Octave every pair must agree in the table of `lockstep run`, the cases of one must pass as tests of
pytest, and a bug that is planted in a copy of the port must be found and its statement named.
`tox -e recorded` runs this.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lockstep.project.pairs import find_project

ROOT = Path(__file__).parents[1]
RECORDED = ("--oracle", "recorded")

PAIR = "predict"
SOUND = "h2 = sigmoid(np.hstack([np.ones((m, 1), X.dtype), h1]) @ Theta2.T)"
BROKEN = SOUND.replace("ones", "zeros")
"""The bias of the second layer, and the same without it."""


class Failure(Exception):
    """What had to be did not come about; the message says what."""


def run(environment: dict[str, str], *arguments: str, status: int = 0) -> str:
    """Run a module of Python in the project's folder, show what it prints, and return it."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"$ python -m {' '.join(arguments)}\n{done.stdout}", flush=True)
    if done.returncode != status:
        raise Failure(f"{arguments[0]} ended with exit status {done.returncode}, not {status}")
    return done.stdout


def traps(folder: Path, log: Path) -> dict[str, str]:
    """Put programs in Octave's place; return an environment in which nothing else is found."""
    for name in ("octave", "octave-cli"):
        trap = folder / name
        trap.write_text(f'#!/bin/sh\necho "{name} $*" >> "{log}"\nexit 1\n')
        trap.chmod(0o755)
    return {**os.environ, "PATH": str(folder), "OCTAVE_EXECUTABLE": str(folder / "octave-cli")}


def table(environment: dict[str, str], folder: Path) -> None:
    """Compare all pairs; each that has cases must be among them."""
    found = folder / "found.json"
    run(environment, "lockstep", "run", *RECORDED, "--json", str(found))
    document = json.loads(found.read_text())
    if document["oracle"] != "recorded":
        raise Failure(f"the results are {document['oracle']}, not recorded")
    project = find_project(ROOT)
    wanted = {pair.name for pair in project.pairs() if not project.missing(pair)}
    lacking = wanted - {pair["pair"] for pair in document["pairs"]}
    if lacking:
        raise Failure(f"not compared: {', '.join(sorted(lacking))}")


def tests_pass(environment: dict[str, str]) -> None:
    """Run the cases of a pair as tests; each id must say what it is compared with."""
    options = ("-v", "-p", "no:cacheprovider")
    said = run(environment, "pytest", f"tests/cases/{PAIR}.py", *RECORDED, *options)
    passed = [line for line in said.splitlines() if " PASSED" in line]
    if not passed or not all("[recorded] PASSED" in line for line in passed):
        raise Failure("not every test says that it is one against a recording")


def planted_bug(environment: dict[str, str], folder: Path) -> None:
    """Break a copy of the port; its statement must be named."""
    copy = folder / "backprop"
    shutil.copytree(ROOT / "python" / "backprop", copy)
    file = copy / f"{PAIR}.py"
    text = file.read_text()
    if text.count(SOUND) != 1:
        raise Failure(f"{SOUND} is not in the port")
    line = text[: text.index(SOUND)].count("\n") + 1
    file.write_text(text.replace(SOUND, BROKEN))
    said = run(environment, "lockstep", "run", PAIR, "--port", str(copy), *RECORDED, status=1)
    if f"{file.name}, line {line}:" not in said or BROKEN not in said:
        raise Failure(f"the statement at line {line} is not named")


def main() -> int:
    """Run all, and return the exit status."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, log = Path(temporary, "path"), Path(temporary, "started")
        folder.mkdir()
        environment = traps(folder, log)
        try:
            table(environment, Path(temporary))
            tests_pass(environment)
            planted_bug(environment, Path(temporary))
            if log.exists():
                raise Failure(f"Octave was started:\n{log.read_text()}")
        except Failure as failure:
            print(f"without_octave: {failure}", file=sys.stderr)
            return 1
    print("no Octave was started")
    return 0


if __name__ == "__main__":
    sys.exit(main())
