"""How far a trace reaches: three programs that are long or large, each with a fault late in it.

`lockstep trace` runs on each, in processes of its own; what it takes by the clock, of the
processors and of memory, in all its processes, stands beside the goals, and whether it named the
line of the fault. Of the large arrays both sides are run untraced as well, each in a process of its
own: the goal is four times the memory that these take. From the project's folder (Linux only; some
minutes):

    python tests/benchmarks/long_traces.py [--part NAME] [--size FACTOR]

Exit status: 0 if every goal is met.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MB = 2**20

LOOK_SECONDS = 0.02
"""How often it is looked what a command takes."""


@dataclass(frozen=True)
class Program:
    """A pair whose port has a fault, and what its trace may take.

    Attributes
    ----------
    octave, port : str
        Bodies of ``y = f(n)`` and of ``def f(n)``; ``FAULT`` marks the line of the fault.
    size : float
        The argument.
    seconds, megabytes : float
        The goals.
    times_untraced : float
        A goal, too: how many times the memory of both sides untraced.
    """

    octave: str
    port: str
    size: float
    seconds: float = float("inf")
    megabytes: float = float("inf")
    times_untraced: float = float("inf")


PROGRAMS = {
    "loop": Program(
        "y = 0; a = 1; k = 0;\nwhile k < n\n  k = k + 1;\n  a = a * 0.999 + k;\n"
        "  y = y + a / k;\nend",
        "y = 0.0\na = 1.0\nk = 0\nwhile k < n:\n    k = k + 1\n"
        "    a = a * 0.999 + (k if 10 * k != 9 * n else 2 * k)  # FAULT\n"
        "    y = y + a / k\nreturn y",
        1e6,
        seconds=60,
        megabytes=1000,
    ),
    "arrays": Program(
        "a = (1:n)' / n;\nb = a .* a;\nc = b + a;\nd = c - 2 * b;\ny = sum(d .* c);",
        "a = np.arange(1.0, n + 1) / n\nb = a * a\nc = b + a\nd = c - 3 * b  # FAULT\n"
        "y = np.sum(d * c)\nreturn y",
        1e7,
        times_untraced=4,
    ),
    "writes": Program(
        "y = zeros(n, 1);\nfor k = 1:2000\n  y(k) = k / 3;\nend",
        "y = np.zeros(int(n))\nfor k in range(1, 2001):\n"
        "    y[k - 1] = k / 3 if k != 1500 else 7.0  # FAULT\nreturn y",
        1e6,
        seconds=20,
    ),
}


def write(root: Path, program: Program, size: float) -> int:
    """Write the pair `f` below a folder, and return the line of its fault."""
    for part in ("matlab", "port", "cases"):
        (root / part).mkdir()
    (root / "matlab" / "f.m").write_text(f"function y = f(n)\n{program.octave}\nend\n")
    body = program.port.replace("\n", "\n    ")
    text = f"import numpy as np\n\n\ndef f(n):\n    {body}\n"
    (root / "port" / "f.py").write_text(text)
    (root / "cases" / "f.py").write_text(f"cases = {{'one': ({size},)}}\n")
    return next(i for i, line in enumerate(text.splitlines(), start=1) if "FAULT" in line)


def descendants(pid: int) -> list[int]:
    """Return a process and all that it has started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(after_name[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def used(pids: list[int]) -> tuple[dict[int, float], float]:
    """Return the processor seconds of processes, and the memory of all together, in MB."""
    seconds, memory = {}, 0.0
    for pid in pids:
        try:
            times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
        seconds[pid] = (int(times[11]) + int(times[12])) / TICK
        memory += pages * PAGE / MB
    return seconds, memory


@dataclass(frozen=True)
class Watched:
    """What a command took, in all its processes together, and what it said.

    Attributes
    ----------
    seconds, processor_seconds : float
        By the clock, and of the processors.
    megabytes : float
        Of memory, where that was most.
    named : bool
        Whether it named the line of the fault.
    said : str
        All that it printed.
    """

    seconds: float
    processor_seconds: float
    megabytes: float
    named: bool
    said: str


def watched(command: list[str], folder: str, lines: list[int]) -> Watched:
    """Run a command of lockstep on the pair `f` in a folder, and watch what it takes.

    Parameters
    ----------
    command : list of str
        The command and its options, but for the folders of the pair.
    folder : str
        Where they are.
    lines : list of int
        Lines of the port one of which is to be named.
    """
    command = [sys.executable, "-m", "lockstep", *command]
    command += ["--octave", "matlab", "--port", "port", "--cases", "cases"]
    return watched_program(command, folder, lines)


def watched_program(command: list[str], folder: str, lines: list[int]) -> Watched:
    """Run any command in a folder, and watch what it takes, as `watched` does."""
    begin, peak, seconds = time.monotonic(), 0.0, dict[int, float]()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
        while process.poll() is None:
            now, memory = used(descendants(process.pid))
            seconds.update(now)
            peak = max(peak, memory)
            time.sleep(LOOK_SECONDS)
        took = time.monotonic() - begin
        out.seek(0)
        said = out.read()
    named = any(f"f.py, line {line}:" in said for line in lines)
    return Watched(took, sum(seconds.values()), peak, named, said)


def untraced_megabytes(folder: str, size: float) -> float:
    """Return the memory of both sides untraced, beside what they take with hardly any numbers."""

    def most(n: float) -> float:
        octave = ["octave-cli", "--eval", f"addpath matlab; f({n});"]
        port = [sys.executable, "-c", f"import sys; sys.path += ['port']; import f; f.f({n})"]
        return sum(watched_program(one, folder, []).megabytes for one in (octave, port))

    return most(size) - most(1.0)


def measure(name: str, factor: float, limit: float) -> bool:
    """Trace a program, print what it took, and return whether its goals are met."""
    program = PROGRAMS[name]
    with tempfile.TemporaryDirectory() as folder:
        line = write(Path(folder), program, program.size * factor)
        most = program.megabytes
        if program.times_untraced < float("inf"):
            alive = untraced_megabytes(folder, program.size * factor)
            most = min(most, program.times_untraced * alive)
            print(f"{name:<8} both sides untraced: {alive:.0f} MB", flush=True)
        found = watched(["trace", "f", "--timeout", str(limit)], folder, [line])
    in_time = found.seconds <= program.seconds
    met = found.named and in_time and found.megabytes <= most
    goals = f"goals {program.seconds:g} s, {most:.0f} MB"
    print(
        f"{name:<8} size {program.size * factor:g}: {found.seconds:.0f} s, of the processors "
        f"{found.processor_seconds:.0f} s, {found.megabytes:.0f} MB ({goals}); "
        f"the fault's line is {'named' if found.named else 'not named'}",
        flush=True,
    )
    if not found.named:
        print("".join(f"    {text}\n" for text in found.said.splitlines()[-3:]), end="", flush=True)
    return met


def main() -> int:
    """Measure the programs, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--part", choices=PROGRAMS, action="append", help="default: all")
    parser.add_argument("--size", type=float, default=1.0, metavar="FACTOR")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each side")
    options = parser.parse_args()
    parts = options.part or list(PROGRAMS)
    met = [measure(name, options.size, options.limit) for name in parts]
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
