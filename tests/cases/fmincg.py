"""Cases of fmincg: smooth and rough functions, wrong gradients, every option, every error."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from lockstep import Case, Function, row

DATA = Path(__file__).parents[2] / "data"

HILLS = "@(x) deal(sum(x .* x .* x .* x / 4 - x .* x), x .* x .* x - 2 * x)"


def quadratic(c, b):
    """Half of x' diag(c) x, minus b'x."""
    c, b = np.array(c, dtype=float), np.array(b, dtype=float)
    return Function(
        octave="@(x) deal(x' * (c .* x) / 2 - b' * x, c .* x - b)",
        python=np.errstate(over="ignore")(lambda x: (x @ (c * x) / 2 - b @ x, c * x - b)),
        c=c,
        b=b,
    )


def rosenbrock(factor=1.0):
    """Return the banana valley; the gradient is right where `factor` is 1."""

    def python(x):
        bend, slope = x[1] - x[0] * x[0], 1 - x[0]
        gradient = np.array([-400 * x[0] * bend - 2 * slope, 200 * bend])
        return 100 * bend * bend + slope * slope, factor * gradient

    bend, slope = "(x(2) - x(1) * x(1))", "(1 - x(1))"
    return Function(
        octave=f"@(x) deal(100 * {bend} * {bend} + {slope} * {slope}, "
        f"factor * [-400 * x(1) * {bend} - 2 * {slope}; 200 * {bend}])",
        python=python,
        factor=factor,
    )


def walled(octave_wall, python_wall, in_gradient=0.0):
    """Sum of x - log(x), smallest at 1, plus a wall: 0 where x > 0, NaN or Inf elsewhere."""

    def python(x):
        with np.errstate(all="ignore"):
            wall = python_wall(x > 0)
            return np.sum(x + wall - np.log(np.abs(x))), 1 - 1 / x + in_gradient * wall

    return Function(
        octave=f"@(x) deal(sum(x + {octave_wall} - log(abs(x))), "
        f"1 - 1 ./ x + in_gradient * ({octave_wall}))",
        python=python,
        in_gradient=in_gradient,
    )


def nan_wall(in_gradient):
    return walled("0 ./ (x > 0)", lambda inside: 0.0 / inside, in_gradient)


def inf_wall():
    return walled("(1 ./ (x > 0) - 1)", lambda inside: 1.0 / inside - 1)


def hills():
    """Return x^4 / 4 - x^2, summed: concave around 0, two minima an element."""
    return Function(
        octave=HILLS, python=lambda x: (np.sum(x * x * x * x / 4 - x * x), x * x * x - 2 * x)
    )


def noise(rough):
    """Return a cost and a gradient that jump about; every tenth cost is infinite if `rough`."""

    def python(x):
        u, v = 9301 * (x[0] + 7 * x[1]), 4801 * (x[0] - 3 * x[1])
        u, v = u - np.floor(u), v - np.floor(v)
        with np.errstate(divide="ignore"):
            return (u - 0.5) / (u * rough < 0.9), np.array([v - 0.5, u - v])

    u, v = "9301 * (x(1) + 7 * x(2))", "4801 * (x(1) - 3 * x(2))"
    u, v = f"({u} - floor({u}))", f"({v} - floor({v}))"
    return Function(
        octave=f"@(x) deal(({u} - 0.5) / ({u} * rough < 0.9), [{v} - 0.5; {u} - {v}])",
        python=python,
        rough=float(rough),
    )


WAVES = (  # found by trying: each takes turns of the line search that no other case takes
    (4.49, -2.84, 0.3, -0.39),
    (6.2, 0.03, 2.27, -1.91),
    (3.46, 0.12, 1.61, 1.74),
    (4.66, -1.15, -1.61, -1.34),
    (7.27, 0.81, -1.51, 1.55),
    (4.36, -0.82, -1.89, 0.11),
    (8.35, 0.85, 1.52, -2.16),
    (2.87, -2.79, 0.48, -2.23),
    (2.73, 2.38, -1.76, -2.23),
    (4.03, -0.58, 1.1, 2.5),
    (8.96, -0.4, 1.56, 2.57),
    (7.07, 2.4, -2.37, 1.72),
)


def waves(a, b, c):
    """Return a bowl with waves of frequency `a`; `b` and `c` make its gradient wrong."""
    return Function(
        octave="@(x) deal(cos(a * x) + x * x / 9, b * sin(a * x) + c * x / 3)",
        python=lambda x: (np.cos(a * x[0]) + x[0] * x[0] / 9, b * np.sin(a * x) + c * x / 3),
        a=a,
        b=b,
        c=c,
    )


STEPS = Function(
    octave="@(x) deal((x < 0.01) + 2 * (x > 0.3) + 0.9999 * (x >= 0.01 & x <= 0.3), "
    "5 * (x > 0.3) - (x < 0.01) + 0.1 * (x >= 0.01 & x <= 0.3))",
    python=lambda x: (1.0, -1.0) if x < 0.01 else (2.0, 5.0) if x > 0.3 else (0.9999, 0.1),
)
"""1 at the start; 2 after the first step; then, by a little, not low enough for a success."""

MATRIX = Function(
    octave="@(x) deal(sum((x - 2) .^ 4), reshape(4 * (x - 2) .^ 3, 2, 2))",
    python=lambda x: (np.sum((x - 2) ** 4), (4 * (x - 2) ** 3).reshape((2, 2), order="F")),
)


def returning(octave, python):
    """Return a function of X that gives what fmincg is to refuse."""
    return Function(octave=f"@(x) deal({octave})", python=lambda x: python)


def functions():
    """Yield cases by the kind of function that is minimised."""
    bowl = quadratic([1, 10, 100], [1, -2, 3])
    origin = np.zeros(3)
    yield "quadratic", (bowl, origin)
    yield "quadratic, one element", (quadratic([4], [2]), 0.0)
    yield "quadratic, X a row", (bowl, row([1.0, 2.0, 3.0]), {"MaxIter": 5})
    yield "quadratic, 40 elements", (quadratic(np.arange(1, 41), np.ones(40)), np.zeros(40))
    yield "quadratic, huge", (quadratic([1e200, 1], [1, 1]), np.array([1e150, -1.0]))
    yield "quadratic, tiny", (quadratic([1e-200, 1e-180], [0, 0]), np.array([1.0, -1.0]))
    yield "Rosenbrock", (rosenbrock(), np.array([-1.2, 1.0]), {"MaxIter": 60})
    yield "Rosenbrock, far away", (rosenbrock(), np.array([30.0, -40.0]), {"MaxIter": 60})
    yield "hills", (hills(), np.array([0.1, -0.2, 1.7]), {"MaxIter": 20})
    yield "hills, X single", (hills(), np.array([0.1, -0.2, 1.7], dtype=np.float32), {"MaxIter": 5})
    yield "start at the minimum", (quadratic([1, 2], [0, 0]), np.zeros(2))
    yield "start at a maximum", (hills(), np.zeros(2))
    yield (
        "no minimum",
        (
            Function(octave="@(x) deal(sum(x), 0 * x + 1)", python=lambda x: (sum(x), 0 * x + 1)),
            origin,
        ),
    )
    yield "NaN outside", (nan_wall(0.0), np.array([0.05, 3.0]), {"MaxIter": 20})
    yield (
        "NaN outside, in the gradient too",
        (nan_wall(1.0), np.array([0.05, 3.0]), {"MaxIter": 20}),
    )
    yield "Inf outside", (inf_wall(), np.array([0.05, 3.0]), {"MaxIter": 20})
    yield "NaN at the start", (nan_wall(1.0), np.array([-1.0, 2.0]))
    yield "NaN at the start, finite gradient", (nan_wall(0.0), np.array([-1.0, 2.0]))
    yield "Inf at the start", (inf_wall(), np.array([-1.0, 2.0]))
    yield (
        "the cost is always NaN",
        (Function(octave="@(x) deal(NaN, x)", python=lambda x: (np.nan, x)), np.array([1.0, 2.0])),
    )
    # That of 3 is left out: on some processors rounding decides on all that it gives.
    for k, n in ((0, 30), (1, -60), (2, 30), (4, 30), (5, -60)):
        yield f"noise {k}", (noise(k > 1), np.array([0.3 * k, 1.0]), {"MaxIter": n})
    for k, (a, b, c, start) in enumerate(WAVES):
        yield f"waves {k}", (waves(a, b, c), start, {"MaxIter": 4})
    yield "gradient with the wrong sign", (rosenbrock(-1.0), np.array([-1.2, 1.0]))
    yield "gradient a thousand times too long", (rosenbrock(1000.0), np.array([-1.2, 1.0]))
    yield "a fall too small, and no evaluations left", (STEPS, 0.0, {"MaxIter": -3})
    yield "gradient a matrix", (MATRIX, np.array([1.0, 2.0, 3.0, 4.0]), {"MaxIter": 3})
    yield "gradient too short", (rosenbrock(0.01), np.array([-1.2, 1.0]), {"MaxIter": 30})
    yield (
        "gradient a row",
        (
            Function(
                octave="@(x) deal(sum(x .* x), 2 * x')",
                python=lambda x: (np.sum(x * x), 2 * x[np.newaxis]),
            ),
            np.array([1.0, 2.0]),
        ),
    )
    yield (
        "P1 and P2",
        (
            Function(
                octave="@(x, a, b) deal(a * (x - b)' * (x - b), 2 * a * (x - b))",
                python=lambda x, a, b: (a * (x - b) @ (x - b), 2 * a * (x - b)),
            ),
            np.array([3.0, 4.0]),
            {"MaxIter": 5},
            2.5,
            np.array([1.0, -1.0]),
        ),
    )


def options():
    """Yield cases by options."""
    start = np.array([-1.2, 1.0])
    for n in (1, 2, 7, 25, -1, -2, -3, -10, -30, -75):
        yield f"MaxIter {n}", (rosenbrock(), start, {"MaxIter": n})
    for n, red in ((10, 0.001), (10, 0.5), (10, 100.0), (-20, 0.1), (-20, 10.0)):
        yield f"MaxIter [{n} {red}]", (rosenbrock(), start, {"MaxIter": row([n, red])})
    yield "options []", (quadratic([1, 3], [1, 1]), np.zeros(2), None)
    yield "options without fields", (quadratic([1, 3], [1, 1]), np.zeros(2), {})
    yield "options without MaxIter", (quadratic([1, 3], [1, 1]), np.zeros(2), {"TolX": 1e-3})
    yield "MaxIter []", (quadratic([1, 3], [1, 1]), np.zeros(2), {"MaxIter": None})
    yield "MaxIter among others", (rosenbrock(), start, {"Display": "off", "MaxIter": 3})
    yield "MaxIter int32", (rosenbrock(), start, {"MaxIter": np.int32(-15)})


def networks():
    """Yield the training of a small network, and the one of the exercise."""
    p, X = np.sin(np.arange(1, 39)) / 2, np.sin(np.arange(1, 61)).reshape(20, 3, order="F")
    y = 1.0 + np.arange(20) % 3
    small = Function("nnCostFunction", 3, 5, 3, X, y, 1.0)
    yield "network 3-5-3", (small, p, {"MaxIter": 50})
    yield "network 3-5-3, by name", ("nnCostFunction", p, {"MaxIter": 5}, 3, 5, 3, X, y, 1.0)
    digits = loadmat(DATA / "digits.mat")
    X, y = digits["X"], digits["y"]
    weights = np.random.RandomState([42]).random_sample(25 * 401 + 10 * 26) * 0.24 - 0.12
    costFunction = Function("nnCostFunction", 400, 25, 10, X, y, 1.0)
    yield "5,000 digits", (costFunction, weights, {"MaxIter": 50})


def errors():
    """Yield a case for every error."""
    f, start = quadratic([1, 3], [1, 1]), np.zeros(2)
    for name, args in {
        "f is a number": (5.0, start),
        "f is empty text": ("", start),
        "f names nothing": ("noSuchFunction", start),
        "cost complex": (returning("1i, x", (1j, start)), start),
        "cost logical": (returning("true, x", (True, start)), start),
        "two costs": (returning("[1 2], x", (np.array([[1.0, 2.0]]), start)), start),
        "gradient complex": (returning("1, [1i; 2]", (1.0, np.array([1j, 2]))), start),
        "gradient text": (returning("1, 'ab'", (1.0, "ab")), start),
        "gradient too long": (returning("1, [1 2 3]", (1.0, np.array([[1.0, 2.0, 3.0]]))), start),
    }.items():
        yield name, Case(*args, raises="fmincg:f")
    for name, X in {
        "X is text": "start",
        "X complex": np.array([1.0, 2j]),
        "X int32": np.array([1, 2], dtype=np.int32),
        "X empty": np.zeros(0),
        "X a matrix": np.zeros((2, 3)),
        "X has NaN and Inf": np.array([np.nan, 1.0, np.inf]),
    }.items():
        yield name, Case(f, X, raises="fmincg:X")
    for name, wrong in {
        "options a number": 50.0,
        "options text": "MaxIter",
        "MaxIter text": {"MaxIter": "ten"},
        "MaxIter logical": {"MaxIter": True},
        "MaxIter complex": {"MaxIter": 1j},
        "MaxIter of three": {"MaxIter": row([1.0, 2.0, 3.0])},
        "n is 0": {"MaxIter": 0},
        "n is 1.5": {"MaxIter": 1.5},
        "n is NaN": {"MaxIter": np.nan},
        "n is infinite": {"MaxIter": np.inf},
        "red is 0": {"MaxIter": row([5.0, 0.0])},
        "red is NaN": {"MaxIter": row([5.0, np.nan])},
        "red is infinite": {"MaxIter": row([5.0, np.inf])},
    }.items():
        yield name, Case(f, start, wrong, raises="fmincg:options")


def cases():
    """Yield all of them."""
    yield from functions()
    yield from options()
    yield from networks()
    yield from errors()
