"""Time and memory of the cost from 50,000 to 5,000,000 rows, out of memory-mapped files.

1. Growth: time a row and memory of BatchedCost in one process, and of DistributedCost with two
   worker processes. Each measurement is a new process; in a round all take turns, and a ratio is
   the median over the rounds. Beside the time that passes stands the processors' time, which other
   programs at work change less.
2. float32 and float64, each beside its own matrix products alone, all by one thread of one process
   and in its own time, not the clock's.

Memory is what is no file's (RssAnon): Python and the libraries are in it, mapped rows are not.
The files take 9 GB in --folder, those of float64 18 GB. What the memory cannot hold is read from
the disk, and then the disk is what is measured: the report says how much there was. From the
project's folder, on Linux, with the extra `scale`; five to ten minutes:

    python tests/benchmarks/scale.py [--folder FOLDER] [--class float64] [--part N] [--rounds N]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from scipy.io import loadmat
from threadpoolctl import threadpool_limits

from backprop.batched import BatchedCost
from backprop.distributed_cost import DistributedCost

ROOT = Path(__file__).parents[2]
SIZES = 400, 25, 10
ROWS = 50_000, 500_000, 5_000_000
SIDES = {"BatchedCost": 0, "DistributedCost": 2}
"""What is measured, and how many workers it has."""

WRITTEN_ROWS = 5000
CALLED_ROWS = 1_000_000
"""Rows that a measurement goes through, about, in as many calls as CALLS allows."""

CALLS = 2, 20

PRODUCT_ROWS = 50_000
TURNS = 11


def weights(dtype):
    count = SIZES[1] * (SIZES[0] + 1) + SIZES[2] * (SIZES[1] + 1)
    return np.random.default_rng(1).uniform(-0.12, 0.12, count).astype(dtype)


def digits(rows, dtype):
    """Return the digits, their labels, and which of them are drawn."""
    data = loadmat(ROOT / "data" / "digits.mat")
    X, y = np.ascontiguousarray(data["X"], dtype), data["y"].ravel().astype(np.uint8)
    return X, y, np.random.default_rng(rows).integers(len(X), size=rows)


def write(folder, rows, dtype):
    """Write drawn digits to X.npy and their labels to y.npy."""
    X, y, drawn = digits(rows, dtype)
    folder.mkdir()
    np.save(folder / "y.npy", y[drawn])
    file = np.lib.format.open_memmap(folder / "X.npy", "w+", dtype, (rows, X.shape[1]))
    for start in range(0, rows, WRITTEN_ROWS):
        say(f"writing {rows:,} rows: {100 * start // rows} %")
        file[start : start + WRITTEN_ROWS] = X[drawn[start : start + WRITTEN_ROWS]]


def growth(folder, dtype, rounds):
    """Measure all sides at all sizes, a process each; return what each found, by side and rows."""
    for rows in ROWS:
        write(folder / str(rows), rows, dtype)
    found = {side: {rows: [] for rows in ROWS} for side in SIDES}
    for turn in range(rounds):
        for side in SIDES:
            for rows in ROWS:
                say(f"round {turn + 1} of {rounds}: {side}, {rows:,} rows")
                found[side][rows].append(in_a_process(side, folder / str(rows)))
    say("")
    return found


def in_a_process(side, folder):
    """Measure in a new process, which workers that it starts need not import all of this for."""
    code = f"import scale; scale.print_measured({side!r}, {str(folder)!r})"
    paths = [str(Path(__file__).parent), *sys.path]
    ended = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )
    return json.loads(ended.stdout)


def print_measured(side, folder):
    """Be the process of `in_a_process`."""
    X, y = Path(folder) / "X.npy", np.load(Path(folder) / "y.npy")
    if not SIDES[side]:
        found = measured(lambda: BatchedCost(np.load(X, mmap_mode="r"), y, SIZES, 1.0), len(y))
    else:
        from distributed import Client, LocalCluster

        with (
            LocalCluster(
                n_workers=SIDES[side], threads_per_worker=1, dashboard_address=":0"
            ) as cluster,
            Client(cluster) as client,
        ):
            workers = list(client.run(os.getpid).values())
            found = measured(lambda: DistributedCost(X, y, SIZES, 1.0), len(y), workers)
    print(json.dumps(found))


def measured(make, rows, workers=()):
    """Time calls of a cost that is made, and watch the memory of who computes it."""
    with MemoryWatch(workers or [os.getpid()]) as watch:
        cost = make()
        p = weights(cost(weights(np.float64))[1].dtype)
        cost(p)
        calls, times = min(max(CALLED_ROWS // rows, CALLS[0]), CALLS[1]), []
        before = processors_seconds(workers)
        for _ in range(calls):
            start = time.perf_counter()
            cost(p)
            times.append(time.perf_counter() - start)
        used = processors_seconds(workers) - before
    return {
        "seconds": statistics.median(times) / rows,
        "processors' seconds": used / calls / rows,
        "bytes": watch.peak,
    }


def processors_seconds(workers):
    """Return how long this process and the workers have computed."""
    ticks = 0
    for pid in (os.getpid(), *workers):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def own_memory(pid):
    """Return the bytes of a process that are no file's."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


class MemoryWatch:
    """A thread that remembers how much memory one of some processes had at most."""

    def __init__(self, pids):
        self._pids = pids

    def __enter__(self):
        """Start to look."""
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self):
        while not self._done.wait(0.01):
            self._look()

    def _look(self):
        self.peak = max(self.peak, *map(own_memory, self._pids))

    def __exit__(self, *error):
        """Look a last time."""
        self._done.set()
        self._thread.join()
        self._look()


def print_growth(found, dtype):
    """Print what `growth` found."""
    name = np.dtype(dtype).name
    print(f"\nGrowth, {'-'.join(map(str, SIZES))}, memory-mapped {name}, medians over the rounds")
    print(f"  {'':<16} {'rows':>9} {'ns a row':>9} {'ratio':>6} {'computing':>9} {'ratio':>6} MB")
    for side, by_rows in found.items():
        for rows, rounds in by_rows.items():
            line = f"  {side:<16} {rows:9}"
            for key in ("seconds", "processors' seconds"):
                figures, first = of(key, rounds), of(key, by_rows[ROWS[0]])
                ratio = statistics.median(a / b for a, b in zip(figures, first, strict=True))
                line += f" {1e9 * statistics.median(figures):9.0f} {ratio:6.2f}"
            print(f"{line} {max(of('bytes', rounds)) / 1e6:.0f}")


def of(key, rounds):
    return [one[key] for one in rounds]


def products_alone(X, by_columns):
    """Return a function that does the five products of a cost and its gradient only."""
    (m, n), (_, s, K), dtype = X.shape, SIZES, X.dtype
    random = np.random.default_rng(0)
    W1, W2 = random.random((s, n)).astype(dtype), random.random((K, s)).astype(dtype)
    W1_grad, W2_grad = np.empty_like(W1), np.empty_like(W2)
    if by_columns:
        a, h, delta = np.empty((s, m), dtype), np.empty((K, m), dtype), np.empty((s, m), dtype)
        pairs = ((W1, X.T, a), (W2, a, h), (W2.T, h, delta), (delta, X, W1_grad), (h, a.T, W2_grad))
    else:
        a, h, delta = np.empty((m, s), dtype), np.empty((m, K), dtype), np.empty((m, s), dtype)
        pairs = (
            *((X, W1.T, a), (a, W2.T, h), (h, W2, delta)),
            *((delta.T, X, W1_grad), (h.T, a, W2_grad)),
        )

    def products():
        for left, right, result in pairs:
            np.matmul(left, right, out=result)

    return products


def products_of_torch(X):
    """Do the same with PyTorch's BLAS, an example a row; None where PyTorch is not installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    (n, s, K), X = SIZES, torch.from_numpy(X)
    W1, W2 = torch.rand((n, s), dtype=X.dtype), torch.rand((s, K), dtype=X.dtype)
    a, h, delta = (torch.empty((len(X), units), dtype=X.dtype) for units in (s, K, s))
    W1_grad, W2_grad = torch.empty_like(W1), torch.empty_like(W2)

    @torch.inference_mode()
    def products():
        torch.mm(X, W1, out=a)
        torch.mm(a, W2, out=h)
        torch.mm(h, W2.T, out=delta)
        torch.mm(X.T, delta, out=W1_grad)
        torch.mm(a.T, h, out=W2_grad)

    return products


def classes():
    """Time BatchedCost and the products alone in both classes, in turns; return seconds a row.

    One thread does all, and its own time is taken.
    """
    sides = {}
    for dtype in (np.float32, np.float64):
        name, p = np.dtype(dtype).name, weights(dtype)
        X, y, drawn = digits(PRODUCT_ROWS, dtype)
        X = X[drawn]
        cost = BatchedCost(X, y[drawn], SIZES, 1.0, threads=1)
        sides[name, "BatchedCost"] = lambda cost=cost, p=p: cost(p)
        sides[name, "products, an example a column"] = products_alone(X, True)
        sides[name, "products, an example a row"] = products_alone(X, False)
        sides[name, "the same, PyTorch's BLAS"] = products_of_torch(X)
    sides = {side: call for side, call in sides.items() if call}
    found = {side: [] for side in sides}
    with threadpool_limits(1):
        for turn in range(TURNS):
            say(f"turn {turn + 1} of {TURNS}")
            for side, call in sides.items():
                call()
                start = time.thread_time()
                call()
                found[side].append((time.thread_time() - start) / PRODUCT_ROWS)
    say("")
    return found


def print_classes(found):
    """Print what `classes` found."""
    print(f"\nBoth classes, {PRODUCT_ROWS} x {'-'.join(map(str, SIZES))}, one thread")
    print(f"  {'':<8} {'':<30} {'ns a row':>9} {'BatchedCost to it':>18} {'to float32':>11}")
    for (dtype, side), times in found.items():
        own = found[dtype, "BatchedCost"]
        to_own = statistics.median(a / b for a, b in zip(own, times, strict=True))
        other = found["float32", side]
        to_single = statistics.median(a / b for a, b in zip(times, other, strict=True))
        middle = 1e9 * statistics.median(times)
        print(f"  {dtype:<8} {side:<30} {middle:9.0f} {to_own:18.2f} {to_single:11.2f}")
    if ("float32", "the same, PyTorch's BLAS") not in found:
        print("  PyTorch's BLAS: skipped, not installed")


def machine():
    """Say what was measured on what."""
    cpu = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(line.split(":")[1].strip() for line in cpu if line.startswith("model name"))
    memory = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    gigabytes = {key: int(memory[key].split()[0]) / 1e6 for key in ("MemTotal", "MemAvailable")}
    return (
        f"{model}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; "
        f"{gigabytes['MemTotal']:.0f} GB of memory, {gigabytes['MemAvailable']:.0f} available; "
        f"NumPy {np.__version__}"
    )


def say(text):
    """Show progress, on standard error."""
    print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


def main():
    """Run all of it."""
    parser = argparse.ArgumentParser(description="Time the cost of many rows.")
    parser.add_argument("--folder", type=Path, help="where the files go, until it ends")
    parser.add_argument("--class", dest="dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--part", type=int, choices=(1, 2), help="run this part only")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of part 1 (3)")
    options = parser.parse_args()
    print(machine())
    if options.part != 2:
        with tempfile.TemporaryDirectory(dir=options.folder, prefix="scale_") as folder:
            print_growth(growth(Path(folder), options.dtype, options.rounds), options.dtype)
    if options.part != 1:
        print_classes(classes())


if __name__ == "__main__":
    main()
