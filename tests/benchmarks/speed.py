"""How fast is BatchedCost beside other ways to the same numbers? Ratios, all sides in one run.

1. One cost and gradient, at three sizes: beside the bare matrix products, PyTorch, JAX,
   scikit-learn, the line-by-line port and Octave. Every side takes the weights as a NumPy vector
   and returns a number and a NumPy vector, as an optimiser needs them.
2. The training of ex4, 50 iterations: beside Octave; and the time to Octave's final cost, beside
   the usual ways of Python.
3. How time and memory grow with the number of rows of a memory-mapped file.

The sides take turns: in each a pause, in which the threads of the side before fall asleep, calls
that do not count until the side is awake (a long call wakes it itself), and calls that do. A
figure is the median over the turns. Before that, all sides must agree: exit status 1 says that
one does not. What is not installed is named as skipped. From the project's folder, with nothing
else running:

    python tests/benchmarks/speed.py [--part N] [--size N] [--json FILE] [--plot FILE]
"""

import argparse
import contextlib
import importlib
import io
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import scipy
from scipy.io import loadmat
from scipy.optimize import minimize
from threadpoolctl import threadpool_info, threadpool_limits

from backprop import fmincg, fmincg_method, nnCostFunction
from backprop.batched import BatchedCost
from lockstep.compare.floor import MARGIN, NUDGED_RUNS
from lockstep.sides.octave import OctaveNotFoundError, OctaveSession

ROOT = Path(__file__).parents[2]
PAUSE = 0.05  # OpenBLAS's threads look for work for up to 25 ms before they sleep
AWAKE = 0.1  # an optimiser calls in a row: threads that slept may share a processor at first
SHOT = 0.05  # seconds that a measurement lasts at least: short calls are repeated
ITERATIONS = 50
ROWS = (5_000, 50_000, 500_000)


class Disagreement(Exception):
    """A side computes other numbers."""


class Skipped(Exception):
    """A side cannot run here; says why."""


@dataclass(frozen=True)
class Problem:
    """A network, its examples and the weights at which it is asked."""

    name: str
    X: np.ndarray
    y: np.ndarray
    sizes: tuple
    p: np.ndarray
    lambda_: float = 1.0

    @property
    def Y(self):
        """One-hot rows of the labels."""
        return np.equal.outer(self.y, np.arange(1, self.sizes[-1] + 1)).astype(float)

    def split(self, p):
        """Return both bias vectors and both matrices of weights, in columns."""
        n, s, K = self.sizes
        first, second = p[: s * (n + 1)].reshape(n + 1, s), p[s * (n + 1) :].reshape(s + 1, K)
        return first[0], first[1:], second[0], second[1:]


def problems():
    """Return the three sizes."""
    data = loadmat(ROOT / "data" / "digits.mat")
    digits, labels = np.ascontiguousarray(data["X"]), data["y"].ravel().astype(float)
    random = np.random.default_rng(1)
    chosen = random.integers(len(digits), size=60_000)
    framed = np.zeros((60_000, 28, 28))
    framed[:, 4:24, 4:24] = digits[chosen].reshape(-1, 20, 20)

    def weights(n, s, K):
        return random.uniform(-0.12, 0.12, s * (n + 1) + K * (s + 1))

    small = (np.sin(np.arange(15)) / 10).reshape(5, 3), 1.0 + np.arange(1, 6) % 3
    return [
        Problem("5000 x 400-25-10", digits, labels, (400, 25, 10), weights(400, 25, 10)),
        Problem(
            "60000 x 784-300-10",
            framed.reshape(60_000, 784),
            labels[chosen],
            (784, 300, 10),
            weights(784, 300, 10),
        ),
        Problem("5 x 3-5-3", *small, (3, 5, 3), weights(3, 5, 3)),
    ]


# The sides: each takes a problem and returns a function of the weights.


def floor(problem):
    """Do the matrix products only, one after the other, into kept results."""
    X, (_, W1, _, W2) = problem.X, problem.split(problem.p)
    (m, n), (_, s, K) = X.shape, problem.sizes
    z2, z3, delta2 = np.empty((m, s)), np.empty((m, K)), np.empty((m, s))
    g1, g2 = np.empty((s, n)), np.empty((K, s))

    def products(p):
        np.dot(X, W1, z2)
        np.dot(z2, W2, z3)
        np.dot(z3, W2.T, delta2)
        np.dot(delta2.T, X, g1)
        np.dot(z3.T, z2, g2)

    return products


def floor_turned(problem):
    """Do the same with an example a column, which OpenBLAS does faster for few units."""
    X, (_, W1, _, W2) = problem.X, problem.split(problem.p)
    (m, n), (_, s, K) = X.shape, problem.sizes
    z2, z3, delta2 = np.empty((s, m)), np.empty((K, m)), np.empty((s, m))
    g1, g2 = np.empty((s, n)), np.empty((K, s))

    def products(p):
        np.dot(W1.T, X.T, z2)
        np.dot(W2.T, z2, z3)
        np.dot(W2, z3, delta2)
        np.dot(delta2, X, g1)
        np.dot(z3, z2.T, g2)

    return products


def floor_of_torch(problem):
    """Do the same with PyTorch's BLAS, an example a row: how much of a difference is the BLAS."""
    torch = imported("torch")
    X, (_, W1, _, W2) = torch.from_numpy(problem.X), problem.split(torch.from_numpy(problem.p))
    (m, n), (_, s, K) = X.shape, problem.sizes
    shapes = (m, s), (m, K), (m, s), (n, s), (s, K)
    z2, z3, delta2, g1, g2 = (torch.empty(shape, dtype=torch.float64) for shape in shapes)

    @torch.inference_mode()
    def products(p):
        torch.mm(X, W1, out=z2)
        torch.mm(z2, W2, out=z3)
        torch.mm(z3, W2.T, out=delta2)
        torch.mm(X.T, delta2, out=g1)
        torch.mm(z2.T, z3, out=g2)

    return products


def batched(problem):
    return BatchedCost(problem.X, problem.y, problem.sizes, problem.lambda_)


def line_by_line(problem):
    return lambda p: nnCostFunction(p, *problem.sizes, problem.X, problem.y, problem.lambda_)


def torch_loss(problem):
    """Return the cost of a tensor of weights, for autograd."""
    torch = imported("torch")
    X, Y, m = torch.from_numpy(problem.X), torch.from_numpy(problem.Y), len(problem.X)

    def loss(p):
        b1, W1, b2, W2 = problem.split(p)
        z = torch.addmm(b2, torch.sigmoid(torch.addmm(b1, X, W1)), W2)
        J = torch.nn.functional.binary_cross_entropy_with_logits(z, Y, reduction="sum") / m
        return J + problem.lambda_ / (2 * m) * ((W1 * W1).sum() + (W2 * W2).sum())

    return loss


def torch_autograd(problem):
    """PyTorch with autograd."""
    torch, loss = imported("torch"), torch_loss(problem)

    def value_and_gradient(p):
        p = torch.from_numpy(p.copy()).requires_grad_()
        J = loss(p)
        J.backward()
        return J.item(), p.grad.numpy()

    return value_and_gradient


def torch_by_hand(problem):
    """PyTorch, the gradient written out, every result into a kept tensor."""
    torch = imported("torch")
    X, Y, m = torch.from_numpy(problem.X), torch.from_numpy(problem.Y), len(problem.X)
    _, s, K = problem.sizes
    weights = torch.empty(len(problem.p), dtype=torch.float64)
    grad, strength = torch.empty_like(weights), problem.lambda_ / m
    b1, W1, b2, W2 = problem.split(weights)
    g_b1, g_W1, g_b2, g_W2 = problem.split(grad)
    a, delta2, slope = (torch.empty((m, s), dtype=torch.float64) for _ in range(3))
    h, log_h, chance = (torch.empty((m, K), dtype=torch.float64) for _ in range(3))

    @torch.inference_mode()
    def value_and_gradient(p):
        weights.copy_(torch.from_numpy(p))
        torch.addmm(b1, X, W1, out=a).sigmoid_()
        torch.addmm(b2, a, W2, out=h).sigmoid_()
        torch.add(h, Y, out=chance).sub_(1).abs_()
        J = -torch.log(chance, out=log_h).sum() / m
        h.sub_(Y).div_(m)
        torch.mm(a.T, h, out=g_W2).add_(W2, alpha=strength)
        torch.sum(h, 0, out=g_b2)
        torch.mm(h, W2.T, out=delta2)
        torch.mul(a, a, out=slope)
        delta2.mul_(torch.sub(a, slope, out=slope))
        torch.mm(X.T, delta2, out=g_W1).add_(W1, alpha=strength)
        torch.sum(delta2, 0, out=g_b1)
        J += strength / 2 * (torch.sum(W1 * W1) + torch.sum(W2 * W2))
        return J.item(), grad.numpy().copy()

    return value_and_gradient


def jax_jit(problem):
    """JAX: grad, jit, 64 bits."""
    jax = imported("jax")
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    jnp, X, Y, m = (
        jax.numpy,
        jax.numpy.asarray(problem.X),
        jax.numpy.asarray(problem.Y),
        len(problem.X),
    )

    def loss(p):
        b1, W1, b2, W2 = problem.split(p)
        z = jax.nn.sigmoid(X @ W1 + b1) @ W2 + b2
        J = jnp.sum(jnp.logaddexp(0, z) - Y * z) / m
        return J + problem.lambda_ / (2 * m) * (jnp.sum(W1 * W1) + jnp.sum(W2 * W2))

    compiled = jax.jit(jax.value_and_grad(loss))

    def value_and_gradient(p):
        J, grad = compiled(p)
        return float(J), np.asarray(grad)

    return value_and_gradient


def scikit_learn(problem):
    """scikit-learn's loss and gradient, as its lbfgs solver calls them."""
    MLPClassifier = imported("sklearn.neural_network").MLPClassifier
    n, s, K = problem.sizes
    network = MLPClassifier(activation="logistic", alpha=problem.lambda_)
    network.n_layers_, network.out_activation_ = 3, "logistic"
    X, Y, m = problem.X, problem.Y, len(problem.X)
    activations = [X, np.empty((m, s)), np.empty((m, K))]
    deltas = [np.empty_like(a) for a in activations[1:]]
    weights, biases = [np.empty((n, s)), np.empty((s, K))], [np.empty(s), np.empty(K)]

    def value_and_gradient(p):
        b1, W1, b2, W2 = problem.split(p)
        network.coefs_, network.intercepts_ = [W1, W2], [b1, b2]
        J, (g1, g2), (c1, c2) = network._backprop(X, Y, None, activations, deltas, weights, biases)
        return J, np.concatenate([c1, g1.ravel(), c2, g2.ravel()])

    return value_and_gradient


SIDES = {
    "matrix products alone": floor,
    "matrix products, turned": floor_turned,
    "the same, PyTorch's BLAS": floor_of_torch,
    "BatchedCost": batched,
    "PyTorch, autograd": torch_autograd,
    "PyTorch, by hand": torch_by_hand,
    "JAX, jit": jax_jit,
    "scikit-learn": scikit_learn,
    "line-by-line port": line_by_line,
}
FLOORS = ("matrix products alone", "matrix products, turned", "the same, PyTorch's BLAS")


class OctaveSide:
    """nnCostFunction in Octave, timed there."""

    def __init__(self, octave, problem):
        self._octave = octave
        names = "p", "n", "s", "K", "X", "y", "lambda"
        values = problem.p, *problem.sizes, problem.X, problem.y, problem.lambda_
        for name, value in zip(names, values, strict=True):
            octave.call("assignin", "base", name, value, nargout=0)

    def __call__(self, p):
        """Return cost and gradient, whatever `p`: Octave has the problem's weights."""
        self._octave.eval("[J, grad] = nnCostFunction(p, n, s, K, X, y, lambda);")
        return self.value("J").item(), self.value("grad").ravel()

    def seconds(self, calls):
        """Time some calls, and return the seconds of one."""
        call = "[J, grad] = nnCostFunction(p, n, s, K, X, y, lambda);"
        self._octave.eval(f"tic; for i = 1:{calls}, {call} end, t = toc;")
        return self.value("t").item() / calls

    def value(self, name):
        """Return a variable of Octave's base workspace."""
        return self._octave.call("evalin", "base", name, nargout=1).outputs[0]


def imported(name):
    """Import a package, or skip the side."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Skipped("not installed") from None


def compare_one_call(problem, octave, turns):
    """Time one cost and gradient on every side; return seconds by side and turn."""
    sides, skipped = {}, {}
    for name, make in SIDES.items():
        try:
            sides[name] = make(problem)
        except Skipped as reason:
            skipped[name] = str(reason)
    if octave is None:
        skipped["Octave"] = "not installed"
    else:
        sides["Octave"] = OctaveSide(octave, problem)
    check_agreement(problem, sides)

    times = {name: [] for name in sides}
    for turn in range(turns):
        say(f"{problem.name}: turn {turn + 1} of {turns}")
        for name, side in sides.items():
            time.sleep(PAUSE)
            one = seconds_awake(side, problem.p)
            if one < AWAKE:
                one = seconds(side, problem.p, max(1, math.ceil(SHOT / one)))
            times[name].append(one)
    return times, skipped


def seconds_awake(side, p):
    """Call a side until it is awake, and return the seconds of the last call."""
    start = time.perf_counter()
    while True:
        one = seconds(side, p, 1)
        if time.perf_counter() - start >= AWAKE:
            return one


def say(text):
    """Show progress, on standard error."""
    print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


def seconds(side, p, calls):
    """Time some calls of a side, and return the seconds of one."""
    if isinstance(side, OctaveSide):
        return side.seconds(calls)
    start = time.perf_counter()
    for _ in range(calls):
        side(p)
    return (time.perf_counter() - start) / calls


def check_agreement(problem, sides):
    """Require the same cost and gradient of every side.

    The sides sum m products in different orders. Roundings at random add up to sqrt(m) ulps;
    ten times that leaves room for the shorter sums inside.
    """
    tolerance = 10 * np.sqrt(len(problem.X)) * np.finfo(float).eps
    J, grad = line_by_line(problem)(problem.p)
    for name, side in sides.items():
        if name in FLOORS:
            continue
        other_J, other_grad = side(problem.p)
        off = max(abs(other_J / J - 1), np.max(np.abs(other_grad - grad)) / np.max(np.abs(grad)))
        if not off <= tolerance:
            raise Disagreement(
                f"{name} differs at {problem.name} by {off:.1e}, relative; "
                f"rounding explains {tolerance:.1e}"
            )


class Reached(Exception):
    """The cost is as low as it was to be."""


class Watch:
    """A cost function that ends the minimisation once it returns a cost of at most `target`."""

    def __init__(self, cost, target):
        self._cost, self._target = cost, target

    def __call__(self, p):
        """Return cost and gradient, or raise Reached."""
        J, grad = self._cost(p)
        if self._target >= J:
            raise Reached
        return J, grad


def with_batched(method, options, problem, target):
    cost = batched(problem)
    options = {"maxiter": 500, **options}
    with cost.undisturbed():
        minimize(Watch(cost, target), problem.p, jac=True, method=method, options=options)


def with_scikit_learn(problem, target):
    MLPClassifier = imported("sklearn.neural_network").MLPClassifier
    b1, W1, b2, W2 = problem.split(problem.p)
    start = iter([(W1.copy(), b1.copy()), (W2.copy(), b2.copy())])

    class FromStart(MLPClassifier):
        def _init_coef(self, fan_in, fan_out, dtype):
            return next(start)

        def _loss_grad_lbfgs(self, *args):
            J, grad = super()._loss_grad_lbfgs(*args)
            if target >= J:
                raise Reached
            return J, grad

    hidden = problem.sizes[1:2]
    network = FromStart(
        hidden, activation="logistic", solver="lbfgs", alpha=problem.lambda_, max_iter=500
    )
    network.fit(problem.X, problem.Y)


def with_torch_lbfgs(problem, target):
    torch, loss = imported("torch"), torch_loss(problem)
    p = torch.from_numpy(problem.p.copy()).requires_grad_()
    optimiser = torch.optim.LBFGS([p], max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        J = loss(p)
        J.backward()
        if target >= J.item():
            raise Reached
        return J

    optimiser.step(closure)


METHODS = {
    "fmincg, BatchedCost": partial(with_batched, fmincg_method, {"gtol": 0}),
    "SciPy L-BFGS-B, BatchedCost": partial(with_batched, "L-BFGS-B", {}),
    "SciPy CG, BatchedCost": partial(with_batched, "CG", {}),
    "scikit-learn, lbfgs": with_scikit_learn,
    "PyTorch LBFGS": with_torch_lbfgs,
}


def compare_training(problem, octave, turns):
    """Time 50 iterations of fmincg on three sides, and every method to Octave's final cost.

    Returns the seconds by side and turn, the seconds by method and turn, and what was skipped.
    """
    sides = {"BatchedCost": batched(problem), "line-by-line port": line_by_line(problem)}
    costs = {name: trained(side, problem.p) for name, side in sides.items()}
    if octave is not None:
        sides["Octave"] = OctaveTraining(octave, problem)
        costs["Octave"] = sides["Octave"].costs()
    check_costs(sides["BatchedCost"], problem.p, costs)

    target = costs.get("Octave", costs["line-by-line port"])[-1]
    times, methods, skipped = {name: [] for name in sides}, {name: [] for name in METHODS}, {}
    for turn in range(turns):
        say(f"training: turn {turn + 1} of {turns}")
        for name, side in sides.items():
            time.sleep(PAUSE)
            times[name].append(training_seconds(side, problem.p))
        for name, method in METHODS.items():
            try:
                time.sleep(PAUSE)
                methods[name].append(seconds_to(target, method, problem))
            except Skipped as reason:
                skipped[name] = str(reason)
    return times, {name: found for name, found in methods.items() if found}, skipped


def trained(cost, p):
    """Train as ex4 does and return the cost of each iteration."""
    undisturbed = cost.undisturbed() if isinstance(cost, BatchedCost) else contextlib.nullcontext()
    with undisturbed, contextlib.redirect_stdout(io.StringIO()):
        return fmincg(cost, p, {"MaxIter": ITERATIONS})[1]


def training_seconds(side, p):
    if isinstance(side, OctaveTraining):
        return side.seconds()
    return seconds(partial(trained, side), p, 1)


class OctaveTraining(OctaveSide):
    """The same training in Octave."""

    def __init__(self, octave, problem):
        super().__init__(octave, problem)
        octave.eval("f = @(p) nnCostFunction(p, n, s, K, X, y, lambda);")

    def seconds(self, calls=1):
        """Time one training."""
        call = f"[~, fX] = fmincg(f, p, struct(''MaxIter'', {ITERATIONS}));"
        self._octave.eval(f"tic; printed = evalc('{call}'); t = toc;")
        return self.value("t").item()

    def costs(self):
        """Return the cost of each iteration."""
        self.seconds()
        return self.value("fX").ravel()


def check_costs(side, p, costs):
    """Require the same cost of each iteration, as far as rounding lets it.

    Each iteration multiplies the roundings of those before. By how much is measured, as lockstep
    does: with every cost and gradient moved by one ulp.
    """
    moved = np.zeros(ITERATIONS)
    for seed in range(NUDGED_RUNS):
        nudged = partial(one_ulp_off, side, np.random.default_rng(seed))
        moved = np.maximum(moved, np.abs(trained(nudged, p) - costs["BatchedCost"]))
    allowed = MARGIN * np.maximum.accumulate(moved)
    for name, found in costs.items():
        off = np.abs(found - costs["BatchedCost"])
        if np.any(off > allowed):
            i = np.argmax(off / allowed)
            raise Disagreement(
                f"the training of {name} differs in iteration {i + 1} by {off[i]:.1e}; "
                f"rounding explains {allowed[i]:.1e}"
            )


def one_ulp_off(cost, random, p):
    """Return cost and gradient, each number one ulp up or down."""
    J, grad = cost(p)
    J += random.choice([-1, 1]) * np.spacing(J)
    return J, grad + random.choice([-1, 1], grad.size) * np.spacing(grad)


def seconds_to(target, method, problem):
    """Time a method until the cost is at most `target`; infinite if it never is."""
    start = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some say that they were ended early
            method(problem, target)
    except Reached:
        return time.perf_counter() - start
    return np.inf


def measure_growth(problem, turns):
    """Measure time a row and memory for files of more and more rows, each in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "X.bin"
        found = {}
        for rows in ROWS:
            chosen = np.random.default_rng(rows).integers(len(problem.X), size=rows)
            with file.open("wb") as stream:
                for part in np.array_split(chosen, max(1, rows // 5000)):
                    problem.X[part].astype(np.float32).tofile(stream)
            np.save(file.with_suffix(".npy"), problem.y[chosen].astype(np.uint8))
            command = [sys.executable, __file__, "--rows-of", str(file), "--turns", str(turns)]
            say(f"growth: {rows} rows")
            worker = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found[rows] = json.loads(worker.stdout)
    return found


def grow(file, turns):
    """Be the process of `measure_growth` for one file."""
    y = np.load(file.with_suffix(".npy"))
    sizes = 400, 25, 10
    X = np.memmap(file, np.float32, "r", shape=(len(y), sizes[0]))
    p = np.random.default_rng(1).uniform(-0.12, 0.12, 25 * 401 + 10 * 26).astype(np.float32)
    before = private_memory()
    with MemoryWatch() as watch:
        cost = BatchedCost(X, y, sizes, 1.0)
        calls = max(1, round(SHOT / seconds(cost, p, 2)))
        times = [seconds(cost, p, calls) / len(y) for _ in range(turns)]
    print(
        json.dumps(
            {
                "seconds_a_row": statistics.median(times),
                "peak_bytes": watch.peak,
                "peak_bytes_more_than_before": watch.peak - before,
            }
        )
    )


def private_memory():
    """Return the bytes of memory of this process that are no file's; 0 where that is not told."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return 1024 * int(lines["RssAnon"].split()[0])


class MemoryWatch:
    """A thread that remembers how much memory this process had at most."""

    def __enter__(self):
        """Start to look."""
        self.peak = private_memory()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self):
        while not self._done.wait(0.005):
            self.peak = max(self.peak, private_memory())

    def __exit__(self, *error):
        """Stop."""
        self._done.set()
        self._thread.join()
        self.peak = max(self.peak, private_memory())


def medians(times):
    return {name: statistics.median(found) for name, found in times.items()}


def ratios(times, base):
    """Return by how much each side is slower than `base`: medians over turns of their ratio."""
    return {
        name: statistics.median(t / b for t, b in zip(found, times[base], strict=True))
        for name, found in times.items()
    }


def print_table(title, times, base, skipped=None):
    say("")
    print(f"\n{title}")
    print(f"  {'side':<30} {'ms':>10} {'to ' + base:>24}")
    for name, ratio in sorted(ratios(times, base).items(), key=lambda item: item[1]):
        print(f"  {name:<30} {1e3 * statistics.median(times[name]):10.4g} {ratio:24.2f}")
    for name, reason in (skipped or {}).items():
        print(f"  {name:<30} {'skipped':>10} {reason:>24}")


def plot(file, calls):
    """Draw how many times as long as BatchedCost each side takes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.6), layout="constrained")
    for axes, (title, times) in zip(figure.subplots(1, len(calls)), calls.items(), strict=True):
        found = ratios(times, "BatchedCost")
        names = [name for name in [*SIDES, "Octave"] if name in found][::-1]
        bars = axes.barh(names, [found[name] for name in names], color="C7")
        bars[names.index("BatchedCost")].set_color("C0")
        axes.bar_label(bars, fmt="%.2g", padding=2, fontsize=8)
        axes.set(title=title, xscale="log", xlim=(min(found.values()) / 2, 4 * max(found.values())))
        axes.axvline(1, color="C0", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        if axes is not figure.axes[0]:
            axes.set_yticks([])
    figure.supxlabel("time of one cost and gradient; BatchedCost = 1", fontsize=9)
    figure.savefig(file, dpi=90)


def machine(threads):
    """Say what was measured on what."""
    versions = {"NumPy": np.__version__, "SciPy": scipy.__version__}
    for name, package in {"PyTorch": "torch", "JAX": "jax", "scikit-learn": "sklearn"}.items():
        if package in sys.modules:
            versions[name] = sys.modules[package].__version__
    blas = [
        f"{b['internal_api']} {b['version']} ({b.get('architecture', 'unknown')})"
        for b in threadpool_info()
        if b["user_api"] == "blas"
    ]
    return {
        "threads": threads,
        "processor": processor(),
        "python": platform.python_version(),
        "versions": versions,
        "blas": sorted(set(blas)),
    }


def processor():
    info = Path("/proc/cpuinfo")
    names = (
        [line for line in info.read_text().splitlines() if "model name" in line]
        if info.exists()
        else []
    )
    return names[0].split(":")[1].strip() if names else platform.processor()


def limit_threads(threads):
    """Give every side the same number of threads, before the libraries of the sides are loaded."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ |= {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    threadpool_limits(threads)


def main():
    """Run all of it."""
    parser = argparse.ArgumentParser(description="Time BatchedCost beside other ways.")
    parser.add_argument("--turns", type=int, default=15, help="turns of each side (15)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each side (2)")
    parser.add_argument("--part", type=int, choices=(1, 2, 3), help="run this part only")
    parser.add_argument("--size", type=int, choices=(1, 2, 3), help="part 1: this size only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all times to FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw part 1 (PNG or SVG)")
    parser.add_argument(
        "--plot-from", type=Path, nargs="+", metavar="JSON", help="draw these runs, measure nothing"
    )
    parser.add_argument("--rows-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plot_from:
        if not options.plot:
            parser.error("--plot-from needs --plot FILE, the file to draw to")
        runs = [json.loads(file.read_text()) for file in options.plot_from]
        plot(options.plot, {k: v for run in runs for k, v in run.get("one call", {}).items()})
        return
    limit_threads(options.threads)
    if options.rows_of:
        grow(options.rows_of, options.turns)
        return
    with contextlib.suppress(Skipped):
        imported("torch").set_num_threads(options.threads)
    parts = {options.part} if options.part else {1, 2, 3}
    with OctaveSession([ROOT / "octave"]) as octave:
        try:
            octave.eval("1;")
        except OctaveNotFoundError:
            octave = None
        try:
            report(parts, octave, options)
        except Disagreement as error:
            sys.exit(str(error))


def report(parts, octave, options):
    """Measure, print, and write what was asked for."""
    first, second, third = problems()
    results = {}
    if 1 in parts:
        results["one call"] = {}
        chosen = (first, second, third)
        for problem in chosen[options.size - 1 : options.size] if options.size else chosen:
            times, skipped = compare_one_call(problem, octave, options.turns)
            results["one call"][problem.name] = times
            title = f"One cost and gradient, {problem.name}, float64, {options.threads} threads"
            print_table(title, times, "BatchedCost", skipped)
            for name in [name for name in FLOORS if name in times]:
                print(f"  BatchedCost to {name}: {1 / ratios(times, 'BatchedCost')[name]:.2f}")
    if 2 in parts:
        times, methods, skipped = compare_training(first, octave, options.turns)
        results["training"], results["to Octave's final cost"] = times, methods
        print_table(
            f"Training, {ITERATIONS} iterations of fmincg, the same costs", times, "BatchedCost"
        )
        best = min(methods, key=lambda name: statistics.median(methods[name]))
        print_table("Time to the cost at which Octave's training ends", methods, best, skipped)
    if 3 in parts:
        results["growth"] = measure_growth(first, options.turns)
        print("\nGrowth, 400-25-10, a memory-mapped file of float32")
        print(f"  {'rows':>8} {'ns a row':>10} {'peak MB beyond the file':>25} {'BatchedCost':>12}")
        for rows, found in results["growth"].items():
            peak, more = found["peak_bytes"] / 1e6, found["peak_bytes_more_than_before"] / 1e6
            nanoseconds = 1e9 * found["seconds_a_row"]
            print(f"  {rows:8} {nanoseconds:10.1f} {peak:25.1f} {more:12.1f}")
    results["machine"] = machine(options.threads)
    print(f"\n{json.dumps(results['machine'])}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    if options.plot and 1 in parts:
        plot(options.plot, results["one call"])


if __name__ == "__main__":
    main()
