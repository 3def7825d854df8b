"""What is on this machine: Octave, its BLAS, NumPy's BLAS; and how to get Octave.

May import `model`, `terminal`, `octave` and `session`.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from lockstep.model.identity import ENGINES, LIVE, RECORDED, Identity
from lockstep.sides.compiled_recorder import (
    CompilerError,
    compile_recorder,
    compiled_recorder,
    find_compiler,
)
from lockstep.sides.octave import OctaveError, OctaveNotFoundError, OctaveSession, find_octave
from lockstep.sides.octave_process import quoted
from lockstep.sides.session import new_session
from lockstep.terminal.screen import Screen
from lockstep.terminal.tables import Column, Columns, widest

MINIMUM_OCTAVE = (7,)
"""First version of Octave whose results the project vouches for."""

PACKAGES = ("numpy", "scipy", "oct2py", "pytest")

INSTALLERS: dict[str, list[list[str]]] = {
    "apt-get": [
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "octave", "libopenblas0-pthread"],
    ],
    "dnf": [["dnf", "install", "-y", "octave"]],
    "zypper": [["zypper", "--non-interactive", "install", "octave"]],
    "pacman": [["pacman", "-S", "--noconfirm", "octave"]],
    "apk": [["apk", "add", "octave"]],
    "brew": [["brew", "install", "octave"]],
    "winget": [["winget", "install", "--exact", "--id", "GNU.Octave"]],
}
"""Package managers, in the order in which they are looked for, and what each must run."""

NEED_NO_ROOT = ("brew", "winget")


def findings(octave: Identity) -> dict[str, str]:
    """Say what a run is made with.

    Parameters
    ----------
    octave : Identity
        Who gives the values of the Octave side.

    Returns
    -------
    dict of str to str
        Octave's program, version and BLAS; NumPy's BLAS; versions of Python and the packages.
    """
    return {
        "oracle": RECORDED if octave.recorded else LIVE,
        "recorded": octave.recorded,
        "engine": octave.name,
        "octave": octave.version,
        "octave_program": octave.program,
        "octave_blas": octave.blas,
        "numpy_blas": numpy_blas(),
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
        "processors": str(os.cpu_count()),
    }


def one_line(machine: Mapping[str, str]) -> str:
    """Return the line that heads a run."""
    octave_blas, numpy_blas = (_short_blas(machine[f"{side}_blas"]) for side in ("octave", "numpy"))
    line = (
        f"{_recorded(machine)}{machine['engine']} {machine['octave']} ({octave_blas}) against "
        f"Python {machine['python']}, NumPy {machine['numpy']} ({numpy_blas})"
    )
    other = machine["engine"] != ENGINES["octave"]
    return f"{line}\nin what follows, Octave stands for {machine['engine']}" if other else line


def _recorded(machine: Mapping[str, str]) -> str:
    return f"recorded on {machine['recorded']}: " if machine.get("recorded") else ""


def _short_blas(text: str) -> str:
    words = text.replace("(config: OpenBLAS ", "").split()
    return " ".join(words[:2]) if words else "unknown BLAS"


def numpy_blas() -> str:
    """Name the BLAS that NumPy was built with."""
    config: Any = np.show_config(mode="dicts")
    blas = config.get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def examine(engine: str = "octave") -> bool:
    """Print what was found, and what to do where something is missing.

    Parameters
    ----------
    engine : str
        A key of `lockstep.model.identity.ENGINES`.

    Returns
    -------
    bool
        Whether the engine runs and, of Octave, whether it is new enough.
    """
    session = new_session(engine, [])
    try:
        machine = findings(session.identity())
        if isinstance(session, OctaveSession):
            machine["recorder_of_traces"] = _recorder(session, machine)
    except OctaveNotFoundError as error:
        Screen().say(f"{ENGINES[engine]}: {error}")
        if engine == "octave":
            Screen().say(advice())
        return False
    finally:
        session.close()
    names = [f"{name.replace('_', ' ')}:" for name in machine]
    columns = Columns([Column("", widest("", names), gap=0), Column("", 1, gap=1)])
    screen = Screen()
    for name, value in zip(names, machine.values(), strict=True):
        screen.say(columns.row(name, value))
    return engine != "octave" or _judged(machine)


def _recorder(session: OctaveSession, machine: Mapping[str, str]) -> str:
    """Compile the recorder of traces, where that can be and is not done, and say what there is."""
    version = machine["octave"]
    known = compiled_recorder(version)
    if known is not None:
        return f"compiled, {known}"
    compiler = find_compiler(machine["octave_program"], version)
    if compiler is None:
        return f"in Octave; with mkoctfile {version} (Debian: octave-dev) it is 7 times as fast"
    Screen().say("compiling the recorder of traces ...")
    try:
        folder = compile_recorder(compiler, version)
        session.eval(f"addpath ('{quoted(folder)}'); lockstep_value_ (1, -2, 1); ")
        session.eval(f"lockstep_value_ (0, -3); rmpath ('{quoted(folder)}');")
    except (CompilerError, OctaveError) as error:
        return f"in Octave; the compiled one failed: {error}"
    return f"compiled, {folder}"


def _judged(machine: Mapping[str, str]) -> bool:
    if (
        "openblas" not in machine["octave_blas"].lower()
        and "mkl" not in machine["octave_blas"].lower()
    ):
        Screen().say(
            "note: Octave has a slow BLAS; on Debian and Ubuntu, "
            "apt-get install libopenblas0-pthread makes its matrix products many times faster"
        )
    number = tuple(int(part) for part in machine["octave"].split(".")[:2] if part.isdigit())
    if number < MINIMUM_OCTAVE:
        Screen().say(f"Octave {machine['octave']} is too old: version 7 or later is needed")
        return False
    return True


def install() -> None:
    """Install Octave with the system's package manager, if it is missing and this user may.

    Prints the commands as they run. Where this user may not, or no package manager is known,
    nothing is run; `examine` then prints the line to type.
    """
    if find_octave() is not None:
        Screen().say(f"Octave is installed: {find_octave()}")
        return
    manager = _manager()
    if manager is None or sys.platform in ("darwin", "win32"):
        return
    prefix = _root_prefix(manager)
    if prefix is None:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in INSTALLERS[manager]:
        Screen().say(f"running: {' '.join([*prefix, *command])}")
        done = subprocess.run([*prefix, *command], env=environment, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            Screen().say(
                f"{manager} failed with exit status {done.returncode}; its own words stand above"
            )
            return


def _manager() -> str | None:
    return next((name for name in INSTALLERS if shutil.which(name)), None)


def _root_prefix(manager: str) -> list[str] | None:
    """Return what goes before a command that needs root: nothing, sudo, or None if it cannot."""
    if manager in NEED_NO_ROOT or os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    if allowed.returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() else None  # it asks for the password on the terminal


def advice() -> str:
    """Return the line to type to install Octave on this machine."""
    manager = _manager()
    if manager is None:
        return (
            "install GNU Octave 7 or later (macOS: brew install octave; Windows: winget install "
            "--exact --id GNU.Octave) so that octave-cli or octave is on the PATH"
        )
    sudo = "" if manager in NEED_NO_ROOT or os.geteuid() == 0 else "sudo "
    line = " && ".join(sudo + " ".join(command) for command in INSTALLERS[manager])
    return f"to install it, type: {line}"
