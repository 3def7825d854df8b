"""How often is a right port called different, and a wrong one right? Random cases, both ways.

Right pairs are this project's, on their own cases with arguments an ulp off, and functions of
Octave's own beside NumPy's and SciPy's, on random arguments. A wrong port is a right one whose
result is off by a factor of 1 + 1e-6 at one element. The cases are spread over three settings of
the BLAS, which sums in another order in each. From the project's folder:
python tests/benchmarks/verdicts.py --cases 10000

Exit status: 0 if no right case was called different, and every wrong one was whose floor is below
1e-8 of the value.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult
from lockstep.compare.floor import MARGIN
from lockstep.compare.verdict import Verdict
from lockstep.model.values import Row
from lockstep.oracles.batches import AHEAD
from lockstep.project.cases import Case, map_leaves
from lockstep.project.pairs import Project, find_project
from lockstep.runner import Runner
from lockstep.sides.nudging import Nudge

SETTINGS: dict[str, dict[str, str]] = {
    "1 thread": {"OPENBLAS_NUM_THREADS": "1"},
    "2 threads": {"OPENBLAS_NUM_THREADS": "2"},
    "1 thread, kernels of Nehalem": {
        "OPENBLAS_NUM_THREADS": "1",
        "OPENBLAS_CORETYPE": "Nehalem",
    },
}
FACTOR = 1 + 1e-6
CLEAR = 1e-8
"""A wrong element must be found where the floor is below this part of it."""

SECONDS = 0.02
"""Cases of this project's pairs whose port takes longer are left out: it runs up to 30 times."""

OCTAVE_SECONDS = 0.2
"""So are those that take longer in Octave."""

SHARE = 0.02
"""No pair takes more than this part of the time, but for its first `FIRST` seconds."""

FIRST = 5.0

TOGETHER = 500
"""So many cases are drawn at a time, and run pair by pair: Octave gets them in few exchanges."""

FUNCTIONS: dict[str, tuple[str, str, str]] = {
    # name: (kind of the arguments, in Octave, in Python)
    "sums": ("vector", "sum(x)", "np.sum(x)"),
    "means": ("vector", "mean(x)", "np.mean(x)"),
    "stds": ("vector", "std(x)", "np.std(x, ddof=1)"),
    "vars": ("vector", "var(x)", "np.var(x, ddof=1)"),
    "medians": ("vector", "median(x)", "np.median(x)"),
    "cumsums": ("vector", "cumsum(x)", "np.cumsum(x)"),
    "cumprods": ("vector", "cumprod(x)", "np.cumprod(x)"),
    "prods": ("vector", "prod(x)", "np.prod(x)"),
    "norms": ("vector", "norm(x)", "np.linalg.norm(x)"),
    "diffs": ("vector", "diff(x)", "np.diff(x)"),
    "trapezes": ("vector", "trapz(x)", "np.trapezoid(x)"),
    "sorts": ("vector", "sort(x)", "np.sort(x)"),
    "ffts": ("vector", "fft(x)", "np.fft.fft(x)"),
    "iffts": ("vector", "real(ifft(fft(x)))", "np.fft.ifft(np.fft.fft(x)).real"),
    "convs": ("vector", "conv(x, x(1:3))", "np.convolve(x, x[:3])"),
    "filters": ("vector", "filter([1 2], [1 -0.5], x)", "signal.lfilter([1, 2], [1, -0.5], x)"),
    "polyfits": (
        "vector",
        "polyfit((1:numel(x))', x, 2)",
        "np.polyfit(np.arange(1.0, x.size + 1), x, 2)",
    ),
    "polyvals": ("vector", "polyval(x(1:4), x)", "np.polyval(x[:4], x)"),
    "exps": ("vector", "exp(x)", "np.exp(x)"),
    "logs": ("vector", "log(abs(x))", "np.log(np.abs(x))"),
    "sines": ("vector", "sin(10*x)", "np.sin(10 * x)"),
    "tanhs": ("vector", "tanh(x)", "np.tanh(x)"),
    "powers": ("vector", "abs(x).^1.7", "np.abs(x) ** 1.7"),
    "gammas": ("vector", "gamma(abs(x) + 0.5)", "special.gamma(np.abs(x) + 0.5)"),
    "erfs": ("vector", "erf(x)", "special.erf(x)"),
    "zscores": ("vector", "(x - mean(x)) / std(x)", "(x - x.mean()) / x.std(ddof=1)"),
    "softmaxes": (
        "vector",
        "exp(x - max(x)) / sum(exp(x - max(x)))",
        "np.exp(x) / np.sum(np.exp(x))",
    ),
    "windows": (
        "vector",
        "x .* (0.5*(1-cos(2*pi*(0:numel(x)-1)'/(numel(x)-1))))",
        "x * np.hanning(x.size)",
    ),
    "decibels": (
        "vector",
        "20*log10(abs((1 + 0.5*exp(1i*x)) ./ (1 + 0.5*exp(-1i*x))) .* (1 + abs(x)))",
        "20 * np.log10(np.abs((1 + 0.5 * np.exp(1j * x)) / (1 + 0.5 * np.exp(-1j * x)))"
        " * (1 + np.abs(x)))",
    ),
    "interpolations": (
        "vector",
        "interp1((1:numel(x))', x, 1.5 + abs(sin(x)))",
        "np.interp(1.5 + np.abs(np.sin(x)), np.arange(1.0, x.size + 1), x)",
    ),
    "products": ("matrix", "x * x'", "x @ x.T"),
    "solutions": ("square", "x \\ x(:, 1:2).^2", "np.linalg.solve(x, x[:, :2] ** 2)"),
    "inverses": ("square", "inv(x)", "np.linalg.inv(x)"),
    "determinants": ("square", "det(x)", "np.linalg.det(x)"),
    "singular_values": ("matrix", "svd(x)", "np.linalg.svd(x)[1]"),
    "symmetric_eigenvalues": ("square", "eig(x + x')", "np.linalg.eigvalsh(x + x.T)"),
    "covariances": ("matrix", "cov(x)", "np.cov(x, rowvar=False)"),
    "correlations": ("matrix", "corr(x)", "np.corrcoef(x, rowvar=False)"),
    "column_means": ("matrix", "mean(x)", "x.mean(axis=0)"),
    "row_sums": ("matrix", "sum(x, 2)", "x.sum(axis=1)"),
    "least_squares": (
        "matrix",
        "x \\ sum(x, 2)",
        "np.linalg.lstsq(x, x.sum(axis=1), rcond=None)[0]",
    ),
    "distances": (
        "matrix",
        "sqrt(max(sum(x.^2, 2) + sum(x.^2, 2)' - 2*x*x', 0)) + 1",
        "np.sqrt(np.maximum((x**2).sum(axis=1)[:, None] + (x**2).sum(axis=1) - 2 * x @ x.T, 0))"
        " + 1",
    ),
    "exponentials": ("square", "expm(x / 4)", "linalg.expm(x / 4)"),
    "pseudoinverses": ("matrix", "pinv(x)", "np.linalg.pinv(x)"),
    "cholesky": (
        "square",
        "chol(x*x' + eye(rows(x)))",
        "linalg.cholesky(x @ x.T + np.eye(len(x)))",
    ),
}


def own_project(folder: Path) -> Project:
    """Write the functions as pairs of a project."""
    for name in ("matlab", "port", "cases"):
        (folder / name).mkdir()
    for name, (_, octave, python) in FUNCTIONS.items():
        (folder / "matlab" / f"{name}.m").write_text(
            f"function y = {name}(x)\ny = {octave};\nend\n"
        )
        (folder / "port" / f"{name}.py").write_text(
            f"import numpy as np\nfrom scipy import linalg, signal, special\n\n"
            f"def {name}(x):\n    return {python}\n"
        )
    return find_project(octave=[folder / "matlab"], port=folder / "port", cases=folder / "cases")


def argument(kind: str, random: np.random.Generator) -> Any:
    """Make a random argument: normal, or positive, or whole, or of many sizes."""
    rows = int(random.integers(4, 9) if kind == "square" else random.integers(5, 200))
    shape = {"vector": (rows,), "matrix": (rows + 6, 4), "square": (rows, rows)}[kind]
    style = random.integers(4)
    x = random.normal(size=shape)
    if style == 1:
        x = random.random(shape)
    elif style == 2:
        x = np.round(9 * x) + (10 * rows * np.eye(rows) if kind == "square" else 0)
    elif style == 3:
        x = x * 10.0 ** random.integers(-2, 2, shape)
    return x


def cases(seed: int) -> Iterator[tuple[str, str, Case]]:
    """Yield (which project, pair, case) without end."""
    random = np.random.default_rng(seed)
    project = find_project()
    with Runner(project) as runner:
        theirs = [
            (pair.name, case)
            for pair in project.pairs()
            for case in runner.cases(pair).cases.values()
            if pair.name != "ex4" and case.raises is None
        ]
    names = list(FUNCTIONS)
    while True:
        name = names[random.integers(len(names))]
        yield "octave", name, Case(argument(FUNCTIONS[name][0], random))
        pair, case = theirs[random.integers(len(theirs))]
        nudge = Nudge(int(random.integers(2**31)))
        args = [map_leaves(item, nudge.argument) for item in case.args]
        yield (
            "project",
            pair,
            Case(*args, nargout=case.nargout, ignore=case.ignore, seed=case.seed,
                 allow=case.allow, untestable=case.untestable),
        )  # fmt: skip


def in_batches(
    drawn: Iterator[tuple[str, str, Case]], count: int
) -> Iterator[tuple[str, str, Case, list[Case]]]:
    """Yield so many of the cases, pair by pair, each with those that follow it."""
    some = sorted(itertools.islice(drawn, count), key=lambda one: one[:2])
    for (which, name), group in itertools.groupby(some, key=lambda one: one[:2]):
        of_pair = [case for *_, case in group]
        for i, case in enumerate(of_pair, start=1):
            yield which, name, case, of_pair[i : i + AHEAD]


def off_at_one(result: Any, where: tuple[int, int]) -> Any:
    """Return a result with one element off; `where` is which array, and which element of it."""
    seen = iter(range(10**9))

    def change(value: Any) -> Any:
        if not _is_floating(value) or next(seen) != where[0]:
            return value
        array = np.array(value)
        array.reshape(-1)[where[1]] *= array.dtype.type(FACTOR)
        return array if isinstance(value, np.ndarray) else type(value)(array[()])

    return map_leaves(result, change)


def _is_floating(value: Any) -> bool:
    return isinstance(value, (float, np.ndarray, np.floating)) and np.asarray(value).dtype == float


def places(result: Any, case: Case, count: int) -> list[tuple[int, int]]:
    """List the elements of a result that a factor changes, of the outputs that are compared."""
    found: list[tuple[int, int]] = []
    number = 0
    for position, output in enumerate(result if isinstance(result, tuple) else (result,), start=1):
        arrays: list[Any] = []
        map_leaves(output, lambda value: arrays.append(value) if _is_floating(value) else None)  # noqa: B023
        for array in arrays:
            flat = np.ravel(array)
            if position <= count and position not in case.ignore:
                some = np.flatnonzero(np.isfinite(flat) & (np.abs(flat) > 1e-290))
                found += [(number, int(i)) for i in some]
            number += 1
    return found


def wrong_kind(result: CaseResult) -> str:
    """Say what became of a wrong element: caught, missed, within the floor, or never compared."""
    if result.verdict is Verdict.DIFFERENT:
        return "caught"
    found = "not compared"
    for leaf in result.leaves:
        if leaf.distance is None or leaf.allowed is None:
            continue
        off = np.isclose(leaf.distance.relative, FACTOR - 1, rtol=1e-2)
        with np.errstate(invalid="ignore"):
            floor = leaf.allowed / MARGIN
            if np.any(off & (floor < CLEAR * np.abs(leaf.leaf.octave))):
                return "missed"
        found = "within the floor" if off.any() else found
    return found


class Tally:
    """What was found so far.

    Parameters
    ----------
    seed : int
        Decides which elements go wrong.
    """

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self.notes: list[str] = []
        self.times = 0.0

    def judge(self, runner: Runner, name: str, case: Case, ahead: Sequence[Case]) -> None:
        """Judge a case both ways, unless its pair has had its share of the time."""
        if self._seconds[name] > FIRST + SHARE * sum(self._seconds.values()):
            return
        start = time.process_time()
        self._judge(runner, name, case, ahead)
        self._seconds[name] += time.process_time() - start

    def _judge(self, runner: Runner, name: str, case: Case, ahead: Sequence[Case]) -> None:
        """Judge a case both ways, unless it raises an error or takes long."""
        pair = runner.project.pair(name)
        octave = runner.octave_outcome(pair, case, ahead)
        start = time.process_time()
        reply = runner.python_outcome(pair, case, None)
        if isinstance(octave, Exception) or isinstance(reply, Exception):
            return
        if time.process_time() - start > SECONDS or octave.seconds > OCTAVE_SECONDS:
            return
        found = runner._compared(pair, "right", case, octave, None, name)
        self._count_right(name, case, found)
        choice = places(reply.result, case, len(octave.outputs))
        if not choice or pair.is_script or not found.agrees:
            return
        where = choice[self._random.integers(len(choice))]
        side = _Off(runner.port.function(name), where)
        result = runner._compared(pair, "wrong", case, octave, side, name)
        kind = wrong_kind(result)
        self.wrong[kind] += 1
        if kind == "missed":
            self.notes.append(f"wrong, but {result.verdict}: {name} at {where}, {_sizes(case)}")

    def _count_right(self, name: str, case: Case, found: CaseResult) -> None:
        self.right[str(found.verdict)] += 1
        self.pairs[name] += 1
        for leaf in found.leaves:
            rounds = leaf.verdict is Verdict.ROUNDING and not leaf.excused
            self.times = max(self.times, leaf.times_floor if rounds else 0.0)
        if found.verdict in (Verdict.DIFFERENT, Verdict.ERROR):
            worst = max((leaf.times_floor for leaf in found.leaves), default=0.0)
            said = f"{worst:.3g} floors {found.problem} {_sizes(case)}"
            self.notes.append(f"right, but {found.verdict}: {name}, {said}")


def work(count: int, seed: int, measure_all: bool) -> None:
    """Judge so many random cases both ways; print what was found as JSON."""
    tally, drawn = Tally(seed + 10**6), cases(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        Runner(own_project(Path(folder)), measure_all) as theirs,
        Runner(find_project(), measure_all) as ours,
    ):
        runners = {"octave": theirs, "project": ours}
        while (left := count - tally.right.total()) > 0:
            for which, name, case, ahead in in_batches(drawn, min(left, TOGETHER)):
                tally.judge(runners[which], name, case, ahead)
            done = f"{tally.right.total()} of {count} cases"
            print(f"\r{done}", end="", file=sys.stderr, flush=True)
    print("\r", end="", file=sys.stderr)
    found = {name: value for name, value in vars(tally).items() if name[0] != "_"}
    print(json.dumps(found))


class _Off:
    """A port whose result is off at one element."""

    def __init__(self, port: Any, where: tuple[int, int]) -> None:
        self._port, self._where = port, where

    def __call__(self, *args: Any) -> Any:
        return off_at_one(self._port(*args), self._where)


def _sizes(case: Case) -> str:
    plain = [a.vector if isinstance(a, Row) else a for a in case.args]
    return str([np.shape(a) if isinstance(a, np.ndarray) else type(a).__name__ for a in plain])


def main() -> int:
    """Run the three settings one after the other and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--all-runs",
        action="store_true",
        help="run each port as often as can be, so that the floors needed are measured and not "
        "only found to suffice",
    )
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.cases, options.seed, options.all_runs)
        return 0
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    start = time.monotonic()
    times = 0.0
    for i, (name, setting) in enumerate(SETTINGS.items()):
        count = options.cases // 3 + (i < options.cases % 3)
        command = [sys.executable, "-W", "ignore", __file__, "--worker", "--cases", str(count)]
        command += ["--seed", str(options.seed + i), *["--all-runs"] * options.all_runs]
        done = subprocess.run(
            command, env={**os.environ, **setting}, stdout=subprocess.PIPE, text=True, check=True
        )
        found = json.loads(done.stdout.splitlines()[-1])
        right.update(found["right"])
        wrong.update(found["wrong"])
        pairs.update(found["pairs"])
        times = max(times, found["times"])
        print(f"{name}: right {found['right']}, wrong {found['wrong']}", flush=True)
        print("\n".join(f"  {note}" for note in found["notes"]), flush=True)
    print(f"right pairs: {dict(right)}; at most {times:.1f} floors, allowed {MARGIN:.1f}")
    print(f"off by 1e-6 at one element: {dict(wrong)}")
    theirs = len(FUNCTIONS.keys() & pairs.keys())
    print(f"{theirs} of Octave's functions, {len(pairs) - theirs} pairs of this project's")
    print(f"{time.monotonic() - start:.0f} s")
    return int(bool(right["different"] or right["error"] or wrong["missed"]))


if __name__ == "__main__":
    sys.exit(main())
