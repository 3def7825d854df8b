"""What a case costs in Octave beyond the function's own time, beside plain oct2py.

A function of one number, y = 2 * x, is called so many times: with oct2py's `feval`, with our
session call by call, and with our session as a run does it, several cases in an exchange. All
three in turn, several times over; the best of each counts. From the project's folder:
python tests/benchmarks/calls.py

Exit status: 0 if a case of a run costs at most 2 ms.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lockstep.doctor import findings, one_line
from lockstep.oracles.batches import AHEAD, Batches
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave import OctaveSession
from lockstep.sides.octave_process import import_oct2py

ALLOWED = 2e-3
"""Seconds that a case may cost."""

TIMES = 3


def best(calls: dict[str, Callable[[], float]], count: int) -> dict[str, float]:
    """Return the least seconds a call took, beyond those inside the function."""
    found = dict.fromkeys(calls, float("inf"))
    for _ in range(TIMES):
        for name, call in calls.items():
            start = time.perf_counter()
            inside = call()
            found[name] = min(found[name], (time.perf_counter() - start - inside) / count)
    return found


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=500)
    count = parser.parse_args().calls
    cases = [Case(float(i)) for i in range(count)]
    with tempfile.TemporaryDirectory() as name, OctaveSession([Path(name)]) as session:
        (Path(name) / "twice.m").write_text("function y = twice(x)\ny = 2 * x;\nend\n")
        plain = import_oct2py().Oct2Py(logger=logging.getLogger("calls"))
        plain.addpath(name)

        def with_oct2py() -> float:
            for i in range(count):
                plain.feval("twice", float(i))
            return 0.0

        def one_by_one() -> float:
            return sum(session.call("twice", float(i)).seconds for i in range(count))

        def in_a_run() -> float:
            batches, pair, inside = Batches(session), Pair("twice", None), 0.0
            for i, case in enumerate(cases, start=1):
                inside += batches.outcome(pair, case, cases[i : i + AHEAD]).seconds
            return inside

        ways = {"plain oct2py": with_oct2py, "call by call": one_by_one, "in a run": in_a_run}
        found = best(ways, count)
        print(one_line(findings(session.identity())))
        plain.exit()
    for way, seconds in found.items():
        times = found["plain oct2py"] / seconds
        print(f"{way:<14}{seconds * 1e3:8.2f} ms a call{1 / seconds:10,.0f} a second{times:7.1f} x")
    return int(found["in a run"] > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
