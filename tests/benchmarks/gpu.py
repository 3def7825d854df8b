"""Time DeviceCost on a GPU, beside what the GPU can do at most.

For three sizes, in float64 and in float32 without TF32: the cost and gradient of DeviceCost by
PyTorch, checked against NumPy's BatchedCost in float64, then timed with CUDA events after a
warm-up. Beside it stand the matrix products alone, of the same shapes and stacks; as a graph, all
that it does is started at once, not kernel by kernel. The limits are measured in the same run: a
large product of the same class, and a copy from memory to memory.

    python tests/benchmarks/gpu.py [--out FILE] [--rows N] [--cpu]

Needs PyTorch, NumPy, SciPy, threadpoolctl and a CUDA device; about a minute. Without one it says
so, and ends with status 2. --cpu goes through the same on the CPU at small sizes, to try the
script. From the project's folder, with python/ on PYTHONPATH where nothing is installed.
"""

import argparse
import functools
import itertools
import math
import platform
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop.batched import BatchedCost
from backprop.device_cost import BLOCK_BYTES, MATRIX_ROWS, DeviceCost, parts

SECONDS = 0.5
"""How long a measurement lasts, about."""

CALLS = range(5, 201)
"""Calls of a measurement."""

CHECKED_ROWS = 500_000
"""Rows that are checked at a time: they are brought to memory, as float64."""

LAMBDA = 1.0


@dataclass(frozen=True)
class Problem:
    """Examples, as many as fit, and the weights at which the cost is asked."""

    rows: int
    sizes: tuple

    def __str__(self):
        """Name it."""
        return f"{self.rows} x {'-'.join(map(str, self.sizes))}"

    def weights(self):
        """Return the weights, which are the same each time."""
        count = sum(s * (n + 1) for n, s in itertools.pairwise(self.sizes))
        return np.random.default_rng(1).uniform(-0.12, 0.12, count).astype(np.float32)

    def labels(self):
        """Return the labels, likewise."""
        return np.random.default_rng(2).integers(1, self.sizes[-1] + 1, self.rows)

    def operations(self):
        """Count the multiplications and additions of the products."""
        each = [n * s for n, s in itertools.pairwise(self.sizes)]
        return 2 * self.rows * (2 * sum(each) + sum(each[1:]))

    def traffic(self, itemsize):
        """Count the bytes that must move: X for the first layer, and again for its gradient."""
        return 2 * self.rows * self.sizes[0] * itemsize


class Device:
    """Where it runs, and how it is timed there."""

    def __init__(self, torch, name):
        self.torch, self.name = torch, name
        torch.set_float32_matmul_precision("highest")  # no TF32

    def seconds(self, call):
        """Return the seconds of one call: the median of many, after a warm-up."""
        for _ in range(3):
            call()
        first = self._times(call, 3)
        calls = min(max(round(SECONDS / statistics.median(first)), CALLS[0]), CALLS[-1])
        return statistics.median(self._times(call, calls))

    def _times(self, call, calls):
        if self.name == "cpu":
            return [seconds_of(call) for _ in range(calls)]
        event = functools.partial(self.torch.cuda.Event, enable_timing=True)
        events = [(event(), event()) for _ in range(calls)]
        for start, end in events:
            start.record()
            call()
            end.record()
        self.torch.cuda.synchronize()
        return [start.elapsed_time(end) / 1e3 for start, end in events]

    def graph_of(self, call):
        """Return a function that starts all that `call` does at once; on the CPU, the call."""
        if self.name == "cpu":
            return call
        graph, stream = self.torch.cuda.CUDAGraph(), self.torch.cuda.Stream()
        stream.wait_stream(self.torch.cuda.current_stream())
        with self.torch.cuda.stream(stream):
            for _ in range(3):  # what a library does at a first call is no part of a graph
                call()
        self.torch.cuda.current_stream().wait_stream(stream)
        with self.torch.cuda.graph(graph):
            call()
        return graph.replay

    def limits(self, dtype):
        """Measure a large product and a copy."""
        n = 8192 if self.name == "cuda" else 1024
        a, b = (self.torch.rand((n, n), dtype=dtype, device=self.name) for _ in range(2))
        c = self.torch.empty_like(a)
        products = 2 * n**3 / self.seconds(lambda: self.torch.mm(a, b, out=c))
        source = self.torch.rand(2**29 if self.name == "cuda" else 2**24, device=self.name)
        target = self.torch.empty_like(source)
        copied = 2 * source.nbytes / self.seconds(lambda: target.copy_(source))
        return Limits(products, copied)

    def describe(self):
        """Say what was measured on what."""
        torch = self.torch
        name = processor() if self.name == "cpu" else torch.cuda.get_device_name()
        return f"{name}; PyTorch {torch.__version__}, NumPy {np.__version__}"


def seconds_of(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def products_alone(device, problem, X):
    """Return a function that does the products of DeviceCost only, of the same shapes."""
    torch, sizes = device.torch, problem.sizes
    block_rows = BLOCK_BYTES // (4 * X.element_size() * sum(sizes[1:]))
    make = functools.partial(torch.rand, dtype=X.dtype, device=X.device)
    weights = [make((n, s)) for n, s in itertools.pairwise(sizes)]
    of_parts = [
        ([X[rows], *(make((rows.stop - rows.start, s)) for s in sizes[1:])], stack)
        for rows, stack in parts(problem.rows, block_rows)
    ]
    results = [[torch.empty_like(a) for a in layers[1:]] for layers, _ in of_parts]

    def stacked(a, stack):
        return a.view(stack, -1, a.shape[1])

    def products():
        for (layers, stack), into in zip(of_parts, results, strict=True):
            for i, W in enumerate(weights):
                below, above = layers[i : i + 2]
                torch.mm(below, W, out=into[i])
                torch.bmm(stacked(below, stack).mT, stacked(above, stack))
                if i > 0:
                    torch.mm(above, W.T, out=into[i - 1])

    return products


def expected(problem, X):
    """Return the cost and gradient of BatchedCost in float64, summed over slices of the rows."""
    p, y = problem.weights().astype(float), problem.labels()
    J, grad = 0.0, np.zeros(len(p))
    for start in range(0, problem.rows, CHECKED_ROWS):
        rows = slice(start, min(start + CHECKED_ROWS, problem.rows))
        share = (rows.stop - rows.start) / problem.rows
        of_rows = BatchedCost(X[rows].cpu().double().numpy(), y[rows], problem.sizes, 0)(p)
        J, grad = J + share * of_rows[0], grad + share * of_rows[1]
    start = 0
    for n, s in itertools.pairwise(problem.sizes):  # the biases are not regularised
        W = slice(start + s, start + s * (n + 1))
        J += LAMBDA / (2 * problem.rows) * np.sum(p[W] ** 2)
        grad[W] += LAMBDA / problem.rows * p[W]
        start += s * (n + 1)
    return J, grad


def difference(found, right):
    """Return by how much cost and gradient differ, relative to the cost and the largest slope."""
    (J, grad), (right_J, right_grad) = found, right
    off = np.max(np.abs(grad - right_grad)) / np.max(np.abs(right_grad))
    return max(abs(float(J) / right_J - 1), off)


def rounding(sizes, dtype):
    """Return the difference that rounding explains.

    One product sums up to 3 MATRIX_ROWS rows, each of which is a sum over the widest layer.
    Roundings at random add up to the roots of these numbers.
    """
    return (math.sqrt(3 * MATRIX_ROWS) + math.sqrt(max(sizes))) * np.finfo(dtype).eps


@dataclass(frozen=True)
class Limits:
    """What the device does at most in a second: operations in one class, bytes moved."""

    operations: float
    bytes: float


COLUMNS = {
    "problem": "24",
    "class": "8",
    "ms": "9.3f",
    "graph ms": "9.3f",
    "ns a row": "9.3f",
    "/products": "9.2f",
    "TFLOP/s": "8.2f",
    "of limit": "8.2f",
    "GB/s": "8.1f",
    "of limit ": "9.2f",
    "error": "8.1e",
    "allowed": "8.1e",
}


def head():
    """Return the first line of the table."""
    return " ".join(format(name, form.split(".")[0]) for name, form in COLUMNS.items())


def measure(device, problem, X, limits, right):
    """Check and time one size in one class; return a line of the table, and whether it is right."""
    dtype = np.dtype(str(X.dtype).removeprefix("torch."))
    cost = DeviceCost(X, problem.labels(), problem.sizes, LAMBDA)
    p = problem.weights().astype(dtype)
    off, allowed = difference(cost(p), right), rounding(problem.sizes, dtype)

    on_device = device.torch.asarray(p, device=device.name)
    kernels = device.seconds(lambda: cost.on_device(on_device))
    products = device.seconds(products_alone(device, problem, X))
    try:
        graph = device.seconds(device.graph_of(lambda: cost.on_device(on_device)))
    except RuntimeError as error:  # what was measured before is worth telling
        print(f"{problem}: no graph: {error}", file=sys.stderr)
        graph = math.inf

    best = min(kernels, graph)
    operations, moved = problem.operations() / best, problem.traffic(dtype.itemsize) / best
    numbers = (
        *(1e3 * kernels, 1e3 * graph, 1e9 * best / problem.rows, best / products),
        *(operations / 1e12, operations / limits.operations),
        *(moved / 1e9, moved / limits.bytes, off, allowed),
    )
    cells = zip((str(problem), dtype.name, *numbers), COLUMNS.values(), strict=True)
    return " ".join(format(cell, form) for cell, form in cells), off <= allowed


def lines_of(device, problems):
    """Yield the lines of the report as they are found, each with whether it is right."""
    torch, classes = device.torch, (device.torch.float32, device.torch.float64)
    yield device.describe(), True
    limits = {dtype: device.limits(dtype) for dtype in classes}
    for dtype, limit in limits.items():
        text = f"{limit.operations / 1e12:.1f} TFLOP/s in a large product"
        yield f"limits, {dtype}: {text}, {limit.bytes / 1e9:.0f} GB/s in a copy", True
    yield head(), True
    for problem in problems:
        torch.manual_seed(0)
        X = torch.rand((problem.rows, problem.sizes[0]), device=device.name)
        right = expected(problem, X)
        for dtype in classes:
            X = X.to(dtype)
            yield measure(device, problem, X, limits[dtype], right)


def processor():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def not_run(why):
    """End without a figure."""
    print(f"not run: {why}", file=sys.stderr)
    sys.exit(2)


def main():
    """Run all of it."""
    parser = argparse.ArgumentParser(description="Time DeviceCost on a GPU beside its limits.")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table to FILE, too")
    parser.add_argument("--rows", type=int, default=5_000_000, help="of the third size (5000000)")
    parser.add_argument("--cpu", action="store_true", help="try the script on the CPU")
    options = parser.parse_args()
    try:
        import torch
    except ImportError:
        not_run("PyTorch is not installed")
    if not options.cpu and not torch.cuda.is_available():
        not_run("no CUDA device")
    large = 50_000 if options.cpu else options.rows
    problems = (
        Problem(5000, (400, 25, 10)),
        Problem(large // 10 if options.cpu else 60_000, (784, 300, 10)),
        Problem(large, (400, 25, 10)),
    )
    found, all_right = [], True
    for line, is_right in lines_of(Device(torch, "cpu" if options.cpu else "cuda"), problems):
        print(line, flush=True)
        found.append(line)
        all_right = all_right and is_right
    if options.out:
        options.out.write_text("\n".join(found) + "\n")
    if not all_right:
        sys.exit("an error is larger than rounding explains")


if __name__ == "__main__":
    main()
