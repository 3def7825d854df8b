"""The recorder of Octave's traces, and what moves its numbers, compiled: many times as fast.

They are made where Octave's compiler (mkoctfile, of Debian's octave-dev) is, once for each version
of Octave and of their sources, and kept in the user's cache. Without them all is the same, and
slower. May import the standard library only.
"""

import os
import platform
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

SOURCES = tuple(sorted((Path(__file__).parents[1] / "mfiles" / "compiled").glob("*.cc")))
"""Each has a twin of its name among the .m files."""

HEADER = Path(__file__).parents[1] / "mfiles" / "compiled" / "lockstep_tree_.h"
"""What they share."""

PLAIN = "LOCKSTEP_PLAIN_RECORDER"
"""Variable of the environment that keeps traces from using what was compiled."""

SECONDS = 300
"""How long the compiler may take."""


class CompilerError(Exception):
    """The recorder cannot be compiled; the message says why."""


def compiled_recorder(version: str) -> Path | None:
    """Return the folder of what was compiled; None where there is none for that Octave."""
    folder = _folder(version)
    is_there = all((folder / f"{one.stem}.oct").is_file() for one in SOURCES)
    return folder if is_there and not os.environ.get(PLAIN) else None


def find_compiler(program: str, version: str) -> str | None:
    """Return the compiler that belongs to an Octave; None where there is none.

    Parameters
    ----------
    program : str
        That Octave.
    version : str
        Its version.
    """
    beside = Path(program).resolve().with_name("mkoctfile")
    found = str(beside) if beside.is_file() else shutil.which("mkoctfile")
    if found is None:
        return None
    try:
        told = subprocess.run(
            [found, "--version"], capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found if told.stdout.split()[-1:] == [version] else None


def compile_recorder(compiler: str, version: str) -> Path:
    """Compile the recorder for a version of Octave, and return the folder that it is in.

    Raises
    ------
    CompilerError
        If that fails.
    """
    folder = _folder(version)
    if not folder.is_absolute():
        raise CompilerError("there is no home folder to keep it in; set XDG_CACHE_HOME")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in SOURCES:
            _compile(compiler, source, folder)
    except subprocess.TimeoutExpired:
        raise CompilerError(f"{compiler} did not end within {SECONDS} s") from None
    except OSError as error:
        raise CompilerError(str(error)) from None
    return folder


def _compile(compiler: str, source: Path, folder: Path) -> None:
    made = f"{source.stem}.oct"
    with tempfile.TemporaryDirectory(dir=folder) as place:
        done = subprocess.run(
            [compiler, "-O2", "-o", str(Path(place) / made), str(source)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            cwd=place,
            env={**os.environ, "TMPDIR": place},  # a compiler that is stopped leaves files there
        )
        if done.returncode:
            raise CompilerError(f"{compiler} failed: {_first_error(done.stderr)}")
        (Path(place) / made).replace(folder / made)  # at once, whoever else compiles it


def _folder(version: str) -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    sources = sha256(b"".join(one.read_bytes() for one in (*SOURCES, HEADER))).hexdigest()[:12]
    return Path(cache) / "lockstep" / f"octave-{version}-{platform.machine()}-{sources}"


def _first_error(text: str) -> str:
    lines = text.strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), (lines or ["no reason"])[-1])
