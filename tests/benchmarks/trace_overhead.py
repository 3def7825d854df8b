"""Measures what tracing costs, against the same call untraced.

Each measure calls a pair untraced and traced in turn, in one session, and takes the medians. A
statement is a line that Octave reached (the header of a for loop: at each turn), or a value,
condition or jump that the port recorded. All that a trace costs is in it: setting the
tracepoints, recording, and the way of the values from Octave to Python. From the project's folder:

    python tests/benchmarks/trace_overhead.py [--quick] [--json FILE]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from scipy.io import loadmat

from lockstep.model.events import Step
from lockstep.project.cases import Case, Function, octave_side
from lockstep.project.pairs import Pair, find_project
from lockstep.runner import Runner
from lockstep.sides.octave_trace import OctaveTracer
from lockstep.sides.port_trace import PortTracer

DATA = Path(__file__).parents[2] / "data"

OCTAVE_TARGET, PYTHON_TARGET = 60.0, 30.0
"""µs a statement, for functions of scalars and small arrays."""

RATIO_TARGET = 10.0
"""Of the traced nnCostFunction on all digits to the untraced one."""

SECONDS_TARGET = 10.0
"""For fmincg, 50 iterations on a small network, traced and forced."""

SCALARS_M = """
function y = scalars(n)
y = 0;
a = 1;
for k = 1:n
    a = a * 0.5;
    b = a + k;
    if b > 100
        b = b - 100;
    end
    y = y + b;
end
end
"""

SCALARS_PY = """
def scalars(n):
    y = 0.0
    a = 1.0
    for k in range(1, int(n) + 1):
        a = a * 0.5
        b = a + k
        if b > 100:
            b = b - 100
        y = y + b
    return y
"""

ARRAYS_M = """
function y = arrays(n)
A = reshape(1:25, 5, 5) / 25;
y = zeros(5, 1);
for k = 1:n
    v = A * (y + k);
    y = v / norm(v);
    A(2, 3) = k / n;
    w = y .^ 2;
end
end
"""

ARRAYS_PY = """
import numpy as np

def arrays(n):
    A = np.arange(1.0, 26.0).reshape((5, 5), order="F") / 25
    y = np.zeros(5)
    for k in range(1, int(n) + 1):
        v = A @ (y + k)
        y = v / np.linalg.norm(v)
        A[1, 2] = k / n
        w = y ** 2
    return y
"""


SMALL = {"scalars": (SCALARS_M, SCALARS_PY), "arrays": (ARRAYS_M, ARRAYS_PY)}


@dataclass(frozen=True)
class Measure:
    """One side of one function: seconds untraced and traced, and what was traced."""

    what: str
    side: str
    statements: int
    untraced: float
    traced: float
    target: str

    @property
    def microseconds(self) -> float:
        """What tracing adds to each statement, in µs."""
        return (self.traced - self.untraced) / self.statements * 1e6

    @property
    def ratio(self) -> float:
        """Traced to untraced."""
        return self.traced / self.untraced

    @property
    def line(self) -> str:
        """A line of the table."""
        return (
            f"{self.what:<32} {self.side:<7} {self.statements:>10,} {self.untraced * 1e3:>9.1f} "
            f"{self.traced * 1e3:>9.1f} {self.ratio:>7.1f} {self.microseconds:>9.1f}  {self.target}"
        )


HEADER = (
    f"{'function':<32} {'side':<7} {'statements':>10} {'ms':>9} {'ms traced':>9} {'ratio':>7} "
    f"{'µs a stmt':>9}  target"
)


def medians(calls: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Time calls in turn, and return the median seconds of each; the first turn is not counted."""
    times: list[list[float]] = [[] for _ in calls]
    for turn in range(repeats + 1):
        for call, taken in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            if turn:
                taken.append(time.perf_counter() - start)
    return [median(taken) for taken in times]


def both_sides(
    runner: Runner, pair: Pair, case: Case, targets: Sequence[str], repeats: int
) -> list[Measure]:
    """Measure each side of one case, untraced and traced."""
    octave, python = OctaveTracer(runner.octave), PortTracer(runner.port)
    sent = [octave_side(argument) for argument in case.args]
    seconds = medians(
        [
            lambda: runner.octave.call(pair.name, *sent, nargout=case.nargout),
            lambda: octave.trace(pair, case),
            lambda: runner.port.call(pair, case),
            lambda: python.trace(pair, case),
        ],
        repeats,
    )
    _, theirs = octave.trace(pair, case)
    loops = {(line, one.loop) for line, one in octave.statements(pair).items() if one.loop}
    turns = sum((event.line, event.name) in loops for event in theirs.events)
    reached = turns + sum(isinstance(item, Step) for item in theirs.items)
    recorded = len(python.trace(pair, case).trace.items)
    return [
        Measure(pair.name, "Octave", reached, *seconds[:2], targets[0]),
        Measure(pair.name, "Python", recorded, *seconds[2:], targets[1]),
    ]


def small_functions(turns: int, repeats: int) -> list[Measure]:
    """Measure two functions of their own project: one of scalars, one of small arrays."""
    targets = [f"{OCTAVE_TARGET:g} µs", f"{PYTHON_TARGET:g} µs"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in ("matlab", "port", "cases"):
            (root / part).mkdir()
        for name, (m, py) in SMALL.items():
            (root / "matlab" / f"{name}.m").write_text(m)
            (root / "port" / f"{name}.py").write_text(py)
        project = find_project(root, octave="matlab", port="port", cases="cases")
        with Runner(project) as runner:
            return [
                one
                for name in SMALL
                for one in both_sides(
                    runner, project.pair(name), Case(float(turns)), targets, repeats
                )
            ]


def digits(repeats: int) -> list[Measure]:
    """Measure nnCostFunction on all 5,000 digits."""
    data = loadmat(DATA / "digits.mat")
    weights = loadmat(DATA / "weights.mat")
    params = np.concatenate([weights[name].ravel(order="F") for name in ("Theta1", "Theta2")])
    case = Case(params, 400, 25, 10, data["X"] / 1.0, data["y"].ravel() / 1.0, 1.0)
    with Runner(find_project()) as runner:
        pair = runner.project.pair("nnCostFunction")
        return both_sides(runner, pair, case, [f"{RATIO_TARGET:g} times"] * 2, repeats)


def fmincg_forced(repeats: int, iterations: int) -> float:
    """Return the seconds of a whole forced trace of fmincg: both sides, nudged runs, comparison."""
    with Runner(find_project()) as runner:
        pair = runner.project.pair("fmincg")
        cost = Function("nnCostFunction", 3, 5, 3, *_small_network(), 1.0)
        start_at = np.sin(np.arange(1.0, 39.0))
        case = Case(cost, start_at, {"MaxIter": float(iterations)})
        return medians([lambda: runner.trace(pair, "benchmark", case, forced=True)], repeats)[0]


def _small_network() -> tuple[np.ndarray, np.ndarray]:
    rows = np.sin(np.arange(1.0, 16.0)).reshape((5, 3), order="F")
    return rows, np.array([2.0, 3.0, 1.0, 2.0, 3.0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few turns: only that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    options = parser.parse_args(arguments)
    repeats = 1 if options.quick else 5
    measures = small_functions(20 if options.quick else 2000, repeats)
    measures += [] if options.quick else digits(repeats)
    print(HEADER)
    for one in measures:
        print(one.line)
    seconds = fmincg_forced(1, 2 if options.quick else 50)
    print(f"fmincg, forced: {seconds:.1f} s; target {SECONDS_TARGET:g} s")
    if options.json:
        found = {"measures": [asdict(one) for one in measures], "fmincg_forced_seconds": seconds}
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
