"""What it costs to explain a case with arrays of 100 MB: the clock, the memory, and the answer.

`lockstep run` compares and explains one case of each pair below. What that takes by the clock and
of memory, in all its processes together, stands beside the goals, and whether it named the line of
the fault. From the project's folder (Linux only; some minutes):

    python tests/benchmarks/large_arrays.py [--part NAME] [--size FACTOR]

Exit status: 0 if every goal is met.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from long_traces import Watched, watched

SECONDS, MEGABYTES = 30.0, 2000.0
"""The goals: for the whole run, its start and that of Octave included."""

LIMIT = 600.0
"""Seconds for each side of a case."""


@dataclass(frozen=True)
class Program:
    """A pair whose port has a fault.

    Attributes
    ----------
    octave, port : str
        Bodies of ``y = f(x)`` and of ``def f(x)``; ``FAULT`` marks the lines one of which is to
        be named.
    case : str
        The argument; ``n`` is a number of elements.
    """

    octave: str
    port: str
    case: str


VECTOR = "rng.standard_normal(n)"
MATRIX = "rng.standard_normal((round(n**0.5), round(n**0.5)))"

PROGRAMS = {
    "last": Program(
        "y = x * 2 + 1;",
        "y = x * 2 + 1\ny[-1] = x[-1]  # FAULT\nreturn y",
        VECTOR,
    ),
    "statement": Program(
        "y = max(x, 0) / 3;",
        "return np.append(np.maximum(x, 0)[:-1], 0) / 3  # FAULT",
        f"np.abs({VECTOR})",
    ),
    "only": Program(  # a smaller case shows nothing
        "y = x * 2 + 1;",
        "y = x * 2 + 1\nif x.size > 5e5:  # FAULT\n    y[-1] = x[-1]  # FAULT\nreturn y",
        VECTOR,
    ),
    "made": Program(
        "a = (1:x)' / x;\ny = a .* a + a;",
        "a = np.arange(1, x + 1) / x\na[-1] = 0  # FAULT\nreturn a * a + a",
        "float(n)",
    ),
    "matrix": Program(
        "m = mean(x, 1);\nc = x - m;\ns = std(c, 0, 1);\ny = c ./ s;",
        "m = np.mean(x, axis=0)\nc = x - m\ns = np.std(c, axis=0, ddof=1)\n"
        "s[-1] = 1  # FAULT\nreturn c / s",
        MATRIX,
    ),
    "corner": Program(
        "y = x';\ny = y + x;\ny(end, end) = 0;",
        "y = x.T\ny = y + x\ny[-1, -2] = 0  # FAULT\nreturn y",
        MATRIX,
    ),
}


def write(root: Path, program: Program, elements: int) -> list[int]:
    """Write the pair `f` below a folder, and return the lines of its fault."""
    for part in ("matlab", "port", "cases"):
        (root / part).mkdir()
    (root / "matlab" / "f.m").write_text(f"function y = f(x)\n{program.octave}\nend\n")
    body = program.port.replace("\n", "\n    ")
    text = f"import numpy as np\n\n\ndef f(x):\n    {body}\n"
    (root / "port" / "f.py").write_text(text)
    (root / "cases" / "f.py").write_text(
        f"import numpy as np\n\nrng = np.random.default_rng(1)\nn = {elements}\n"
        f"cases = {{'one': ({program.case},)}}\n"
    )
    return [i for i, line in enumerate(text.splitlines(), start=1) if "FAULT" in line]


def measure(program: Program, elements: int) -> Watched:
    """Run a pair, and watch what it takes."""
    with tempfile.TemporaryDirectory() as folder:
        lines = write(Path(folder), program, elements)
        return watched(["run", "f", "--timeout", str(LIMIT)], folder, lines)


def main() -> int:
    """Measure the programs, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--part", choices=PROGRAMS, action="append", help="default: all")
    parser.add_argument("--size", type=float, default=1.0, metavar="FACTOR")
    parser.add_argument("--show", action="store_true", help="show what the runs say")
    options = parser.parse_args()
    elements = round(1.25e7 * options.size)
    met = []
    for name in options.part or list(PROGRAMS):
        found = measure(PROGRAMS[name], elements)
        met.append(found.named and found.seconds <= SECONDS and found.megabytes <= MEGABYTES)
        print(
            f"{name:<9} {elements * 8 / 1e6:g} MB: {found.seconds:.0f} s, of the processors "
            f"{found.processor_seconds:.0f} s, {found.megabytes:.0f} MB "
            f"(goals {SECONDS:g} s, {MEGABYTES:g} MB); "
            f"the fault's line is {'named' if found.named else 'not named'}",
            flush=True,
        )
        if options.show:
            print(found.said, flush=True)
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
