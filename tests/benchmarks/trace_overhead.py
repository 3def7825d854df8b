"""Measures what tracing costs, against the same call untraced.

Each measure calls a pair untraced and traced in turn, in one session, and takes the medians. A
value is what an expression, a binding or a condition gave. All that a trace costs is in it: making
the copies, recording, and the way of the values from Octave to Python. Octave's side is measured by
the clock, the port's, which runs in this process, by the processor's time. From the project's
folder:

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

from lockstep.project.cases import Case, Function, octave_side
from lockstep.project.pairs import Pair, find_project
from lockstep.runner import Runner
from lockstep.sides.compiled_recorder import compiled_recorder
from lockstep.sides.octave import OctaveSession
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.sides.port_execution import ObservedPort
from lockstep.tracing import traced

DATA = Path(__file__).parents[2] / "data"

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
    """One side of one function: seconds untraced and traced, and how many values were recorded."""

    what: str
    side: str
    values: int
    untraced: float
    traced: float

    @property
    def microseconds(self) -> float:
        """What tracing adds for each value, in µs."""
        return (self.traced - self.untraced) / self.values * 1e6

    @property
    def ratio(self) -> float:
        """Traced to untraced."""
        return self.traced / self.untraced

    @property
    def line(self) -> str:
        """A line of the table."""
        return (
            f"{self.what:<32} {self.side:<7} {self.values:>10,} {self.untraced * 1e3:>9.1f} "
            f"{self.traced * 1e3:>9.1f} {self.ratio:>7.1f} {self.microseconds:>10.1f}"
        )


HEADER = (
    f"{'function':<32} {'side':<7} {'values':>10} {'ms':>9} {'ms traced':>9} {'ratio':>7} "
    f"{'µs a value':>10}"
)


def medians(
    calls: Sequence[Callable[[], object]],
    repeats: int,
    clocks: Sequence[Callable[[], float]] = (time.perf_counter, time.process_time),
) -> list[float]:
    """Time calls in turn, and return the median seconds of each; the first turn is not counted."""
    times: list[list[float]] = [[] for _ in calls]
    for turn in range(repeats + 1):
        for call, taken, clock in zip(calls, times, clocks, strict=True):
            start = clock()
            call()
            if turn:
                taken.append(clock() - start)
    return [median(taken) for taken in times]


def both_sides(runner: Runner, pair: Pair, case: Case, repeats: int) -> list[Measure]:
    """Measure each side of one case, untraced and traced."""
    octave = OctaveTracer(runner.octave, runner.project.octave_path)
    sent = [octave_side(argument) for argument in case.args]
    untraced = medians(
        [
            lambda: runner.octave.call(pair.name, *sent, nargout=case.nargout),
            lambda: runner.port.call(pair, case),
        ],
        repeats,
    )
    with ObservedPort(runner.port, pair) as observed:
        with_trace = medians(
            [lambda: octave.trace(pair, case), lambda: observed.run(case)], repeats
        )
        counts = len(octave.trace(pair, case).nodes), len(observed.run(case)[0].nodes)
    return [
        Measure(pair.name, side, count, before, after)
        for side, count, before, after in zip(
            ("Octave", "Python"), counts, untraced, with_trace, strict=True
        )
    ]


def small_functions(turns: int, repeats: int) -> list[Measure]:
    """Measure two functions of their own project: one of scalars, one of small arrays."""
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
                for one in both_sides(runner, project.pair(name), Case(float(turns)), repeats)
            ]


RECORDS_M = """
function microseconds = records(n)
y = 0;
start = cputime();
for k = 1:n
    y = y + k;
end
untraced = cputime() - start;
lockstep_value_(n + 1, -2, 2^28);
frame = lockstep_value_(1, -1, 1);
y = 0;
start = cputime();
for k = 1:n
    y = lockstep_value_(frame, 3, y + k);
end
microseconds = 1e6 * (cputime() - start - untraced) / n;
lockstep_value_(0, -3);
end
"""


def recorders(records: int) -> dict[str, float]:
    """Return the processor time of a record, in µs, of each recorder that is there."""
    with tempfile.TemporaryDirectory() as folder, OctaveSession([Path(folder)]) as session:
        (Path(folder) / "records.m").write_text(RECORDS_M)
        compiled = compiled_recorder(session.identity().version)
        found = {}
        for name, place in (("in Octave", None), ("compiled", compiled)):
            if place is not None:
                session.eval(f"addpath ('{place}'); clear -f lockstep_value_")
            if name == "in Octave" or place is not None:
                found[name] = float(session.call("records", float(records)).outputs[0].item())
        return found


def digits(repeats: int) -> list[Measure]:
    """Measure nnCostFunction on all 5,000 digits."""
    data = loadmat(DATA / "digits.mat")
    weights = loadmat(DATA / "weights.mat")
    params = np.concatenate([weights[name].ravel(order="F") for name in ("Theta1", "Theta2")])
    case = Case(params, 400, 25, 10, data["X"] / 1.0, data["y"].ravel() / 1.0, 1.0)
    with Runner(find_project()) as runner:
        pair = runner.project.pair("nnCostFunction")
        return both_sides(runner, pair, case, repeats)


def whole_trace(repeats: int, iterations: int) -> float:
    """Return the seconds of a whole trace of fmincg: run, both sides, comparison."""
    with Runner(find_project()) as runner:
        pair = runner.project.pair("fmincg")
        cost = Function("nnCostFunction", 3, 5, 3, *_small_network(), 1.0)
        start_at = np.sin(np.arange(1.0, 39.0))
        cases = {"one": Case(cost, start_at, {"MaxIter": float(iterations)})}
        return medians(
            [lambda: traced(runner, pair, cases, "one", 0, False)], repeats, [time.perf_counter]
        )[0]


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
    of_recorders = recorders(1_000 if options.quick else 100_000)
    for name, microseconds in of_recorders.items():
        print(f"recorder {name}: {microseconds:.2f} µs a record of Octave, of processor time")
    seconds = whole_trace(1, 2 if options.quick else 50)
    print(f"lockstep trace fmincg: {seconds:.1f} s")
    if options.json:
        found = {
            "measures": [asdict(one) for one in measures],
            "recorders": of_recorders,
            "fmincg_seconds": seconds,
        }
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
