"""fmincg takes the steps that the method prescribes, stops where it should, and says what is wrong.

`Reference` is the method once more, written from its description and shaped otherwise than the
port: both must evaluate the same points in the same order, to the last bit.
"""

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from backprop import fmincg, nnCostFunction
from backprop._octave import octave_divide, octave_max, octave_min, octave_sqrt, octave_square

# --- The method, written a second time ----------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A point on the line of a search."""

    x: np.ndarray
    cost: float
    gradient: np.ndarray
    slope: float


@dataclass(frozen=True)
class Bracket:
    """State of a line search: its newest point, and another one `gap` away from it."""

    new: Point
    step: float
    gap: float
    other_cost: float
    other_slope: float
    limit: float | None
    left: int

    @property
    def cubic(self):
        """A, B and the root of B^2 - A d2 z3^2; the root is complex where that is negative."""
        f2, d2, f3, d3, z3 = (
            self.new.cost, self.new.slope, self.other_cost, self.other_slope, self.gap,
        )  # fmt: skip
        A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3)
        B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
        return A, B, np.emath.sqrt(B * B - A * d2 * z3 * z3)


class Reference:
    """One run of the method."""

    def __init__(self, f, n, red=1.0):
        self.f, self.n, self.red = f, n, red
        self.evaluations = self.searches = 0

    @property
    def count(self):
        """What n limits."""
        return self.searches if self.n > 0 else self.evaluations

    def evaluate(self, x):
        """Return cost and gradient at x."""
        self.evaluations += 1
        cost, gradient = self.f(x.copy())
        return np.float64(cost), np.array(gradient)

    def at(self, x, direction):
        """Return the point x of a search along `direction`."""
        cost, gradient = self.evaluate(x)
        return Point(x, cost, gradient, gradient @ direction)

    @np.errstate(all="ignore")
    def run(self, x):
        """Return the best point from x on, the costs on the way, and the count."""
        costs = []
        cost, gradient = self.evaluate(x)
        direction = -gradient
        start = Point(x, cost, gradient, -direction @ direction)
        step, failed_before = self.red / (1 - start.slope), False
        while self.count < abs(self.n):
            self.searches += 1
            found, end, step = self.search(start, direction, step)
            if found:
                costs.append(end.cost)
                old, new = start.gradient, end.gradient
                direction = (octave_square(new) - old @ new) / octave_square(old) * direction - new
                slope = new @ direction
                if slope > 0:
                    direction = -new
                    slope = -direction @ direction
                step = step * np.fmin(100, start.slope / (slope - np.finfo(float).tiny))
                start, failed_before = replace(end, slope=slope), False
            elif failed_before or self.count > abs(self.n):
                break
            else:
                direction = -end.gradient  # of the last point tried, though the start is kept
                slope = -direction @ direction
                start = Point(start.x, start.cost, end.gradient, slope)
                step, failed_before = 1 / (1 - slope), True
        return start.x, np.array(costs), self.count

    def search(self, start, direction, step):
        """Return whether an acceptable point was found, the last point, and its step."""

        def too_long(b):
            falls_too_little = b.new.cost > start.cost + b.step * 0.01 * start.slope
            return falls_too_little or b.new.slope > -0.5 * start.slope

        first = self.at(start.x + step * direction, direction)
        left = 20 if self.n > 0 else min(20, -self.n - self.count)
        b = Bracket(first, step, -step, start.cost, start.slope, None, left)
        while True:
            while too_long(b) and b.left > 0:
                by = self.interpolated(b, start.cost)
                new = self.at(b.new.x + by * direction, direction)
                b = replace(
                    b, new=new, step=b.step + by, gap=b.gap - by, limit=b.step, left=b.left - 1
                )
            success = not too_long(b) and b.new.slope > 0.5 * start.slope
            if success or too_long(b) or b.left == 0:
                return success, b.new, b.step
            by = self.extrapolated(b)
            new = self.at(b.new.x + by * direction, direction)
            b = Bracket(new, b.step + by, -by, b.new.cost, b.new.slope, b.limit, b.left - 1)

    @staticmethod
    def interpolated(b, start_cost):
        """Return how far to step back."""
        z3, d3 = b.gap, b.other_slope
        if b.new.cost > start_cost:
            by = z3 - (0.5 * d3 * z3 * z3) / (d3 * z3 + b.new.cost - b.other_cost)
        else:
            A, B, root = b.cubic
            by = (root - B) / A
        if not np.isfinite(by):
            by = z3 / 2
        near, far = 0.1 * z3, (1 - 0.1) * z3
        if np.imag(by):  # min and max go by modulus until a real number is left
            return far if abs(by) <= abs(near) else max(near, far)
        return max(min(np.real(by), near), far)

    @staticmethod
    def extrapolated(b):
        """Return how far to step on."""
        _, B, root = b.cubic
        by = -b.new.slope * b.gap * b.gap / (B + root)
        no_use = np.imag(by) or not np.isfinite(by) or np.real(by) < 0
        by = np.real(by)
        if b.limit is None:
            longest = b.step * (3 - 1)
            if no_use or by + b.step > b.step * 3:
                return longest
            return max(by, -b.gap * 0.1)
        if no_use or by + b.step > b.limit:
            return (b.limit - b.step) / 2
        if by < -b.gap * 0.1:
            return -b.gap * 0.1
        return max(by, (b.limit - b.step) * (1 - 0.1))


# --- Functions to minimise ----------------------------------------------------------------


def banana(x):
    bend, slope = x[1] - x[0] ** 2, 1 - x[0]
    return 100 * bend**2 + slope**2, np.array([-400 * x[0] * bend - 2 * slope, 200 * bend])


def bowl(x):
    return (x - 3) @ (x - 3), 2 * (x - 3)


def random_quadratic(rng):
    size = rng.integers(1, 9)
    half = rng.normal(size=(size, size)) * 10 ** rng.uniform(-3, 3)
    A, b = half @ half.T, rng.normal(size=size)
    return lambda x: (x @ A @ x / 2 - b @ x, A @ x - b), rng.normal(size=size)


def random_banana(rng):
    return banana, rng.normal(size=2) * 10 ** rng.uniform(-1, 2)


def random_hills(rng):
    waves = rng.uniform(0.5, 9, size=3)
    return (
        lambda x: (np.sum(np.sin(waves * x) + x**4 / 50), waves * np.cos(waves * x) + 2 * x**3 / 25)
    ), rng.normal(size=3) * 3


def random_barrier(rng):
    """Return x - log(x), with NaN, Inf or -Inf where x < 0, in the gradient too or not."""
    outside, in_gradient = rng.choice([np.nan, np.inf, -np.inf]), rng.random() < 0.5
    pull = 10 ** rng.uniform(-2, 3)

    def barrier(x):
        behind, x = x <= 0, np.where(x == 0, 1e-300, x)
        wall = np.where(behind, outside, 0.0)
        with np.errstate(all="ignore"):
            gradient = pull - 1 / x + (wall if in_gradient else 0)
            return np.sum(pull * x - np.log(np.abs(x)) + wall), gradient

    return barrier, rng.uniform(0.001, 5, size=2)


def random_wrong_gradient(rng):
    f, x = random_quadratic(rng)
    factor, noise = rng.choice([-1, 0.01, 1, 100]), rng.normal(size=x.size) * rng.uniform(0, 1)
    return (lambda x: (f(x)[0], factor * f(x)[1] + noise)), x


def random_terraces(rng):
    f, x = random_quadratic(rng)
    return (lambda x: (np.floor(f(x)[0] * 4) / 4, f(x)[1])), x


def random_extreme(rng):
    f, x = random_quadratic(rng)
    scale = 10.0 ** rng.choice([-300, -160, 150, 160, 300])
    return np.errstate(all="ignore")(lambda x: (scale * f(x)[0], scale * f(x)[1])), x


def random_noise(rng):
    """Return a function whose costs and gradients have nothing to do with x."""
    seed, scale, rough = rng.integers(10**6), 10 ** rng.uniform(-2, 2), rng.random() < 0.2
    made = {}

    def noise(x):
        rng = made.setdefault("rng", np.random.default_rng(seed))
        cost, gradient = rng.normal() * scale, rng.normal(size=x.size)
        return (rng.choice([cost, np.nan, np.inf, -np.inf, 0.0]) if rough else cost), gradient

    return noise, rng.normal(size=2)


PROBLEMS = {
    "quadratic": random_quadratic,
    "banana": random_banana,
    "hills": random_hills,
    "barrier": random_barrier,
    "wrong gradient": random_wrong_gradient,
    "terraces": random_terraces,
    "extreme": random_extreme,
    "noise": random_noise,
}
NUMBERS = [1, 2, 5, 30, -1, -2, -3, -9, -50]


class Recorder:
    """A function that keeps the points where it was evaluated, and what it gave."""

    def __init__(self, f):
        self.f, self.points, self.costs = f, [], []

    def __call__(self, x, *P):
        """Call the function."""
        cost, gradient = self.f(x, *P)
        self.points.append(x.copy())
        self.costs.append(cost)
        return cost, gradient


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_evaluation_is_the_reference_s(problem, seed):
    rng = np.random.default_rng(seed)
    n, red = int(rng.choice(NUMBERS)), float(rng.choice([1, 0.01, 0.5, 20]))
    problem_seed = int(rng.integers(10**6))
    f, x = PROBLEMS[problem](np.random.default_rng(problem_seed))
    g, _ = PROBLEMS[problem](np.random.default_rng(problem_seed))
    port, reference = Recorder(f), Recorder(g)

    X, fX, i = fmincg(port, x, {"MaxIter": [n, red]})
    expected_X, expected_fX, expected_i = Reference(reference, n, red).run(x)

    assert_array_equal(port.points, reference.points)
    assert_array_equal(port.costs, reference.costs)
    assert_array_equal(X, expected_X)
    assert_array_equal(fX, expected_fX)
    assert i == expected_i


# --- What it finds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "start", "minimum"),
    [
        pytest.param(bowl, [0.0, 0.0], [3, 3], id="bowl"),
        pytest.param(bowl, [[0.0], [9.0], [1.0]], [3, 3, 3], id="start as a column"),
        pytest.param(bowl, [0, 9], [3, 3], id="start of whole numbers"),
        pytest.param(lambda x: ((x - 3) ** 2, 2 * (x - 3)), 7.0, [3], id="one element"),
        pytest.param(banana, [-1.2, 1.0], [1, 1], id="banana"),
    ],
)
def test_it_finds_the_minimum(f, start, minimum):
    X, _, _ = fmincg(f, start, {"MaxIter": 100})
    assert X.shape == (len(minimum),)
    np.testing.assert_allclose(X, minimum, atol=1e-7)  # costs are flat there: sqrt(eps)


def test_the_outputs_fit_each_other():
    X, fX, i = fmincg(banana, [-1.2, 1.0], {"MaxIter": 12})
    assert (X.shape, fX.shape, i, type(i)) == ((2,), (12,), 12, int)
    assert np.all(np.diff(fX) < 0)
    assert fX[-1] == banana(X)[0]


@pytest.mark.parametrize("n", [-1, -2, -3, -10, -40])
def test_a_negative_n_counts_evaluations(n):
    f = Recorder(banana)
    _, _, i = fmincg(f, [-1.2, 1.0], {"MaxIter": n})
    assert i == len(f.costs) == -n


@pytest.mark.parametrize("red", [0.25, 1.0, 8.0])
def test_red_sets_the_first_step(red):
    f, start = Recorder(bowl), np.array([1.0, 2.0])
    fmincg(f, start, {"MaxIter": [-2, red]})
    gradient = bowl(start)[1]
    assert_array_equal(f.points[1], start - red / (1 + gradient @ gradient) * gradient)


@pytest.mark.parametrize(
    "options",
    [None, [], {}, {"TolX": 1e-3}, {"MaxIter": None}, {"MaxIter": []}, {"MaxIter": 100}],
    ids=str,
)
def test_100_is_the_default(options):
    c = np.logspace(0, 6, 50)
    _, fX, i = fmincg(lambda x: (x @ (c * x), 2 * c * x), np.ones(50), options)
    assert (fX.size, i) == (100, 100)


def test_further_arguments_go_to_f():
    def f(x, a, b):
        return a * (x - b) @ (x - b), 2 * a * (x - b)

    X, _, _ = fmincg(f, np.zeros(2), {"MaxIter": 9}, 2.5, np.array([1.0, -1.0]))
    np.testing.assert_allclose(X, [1, -1], atol=1e-7)


def test_a_name_stands_for_a_function_of_the_package():
    p, X, y = np.sin(np.arange(38)), np.sin(np.arange(15)).reshape(5, 3), [1, 2, 3, 1, 2]
    by_name = fmincg("nnCostFunction", p, {"MaxIter": 3}, 3, 5, 3, X, y, 1.0)
    by_function = fmincg(nnCostFunction, p, {"MaxIter": 3}, 3, 5, 3, X, y, 1.0)
    assert_array_equal(by_name[0], by_function[0])
    assert np.all(np.diff(by_name[1]) < 0)


@pytest.mark.parametrize(
    ("f", "start"),
    [
        pytest.param(lambda x: (banana(x)[0], -banana(x)[1]), [-1.2, 1.0], id="wrong gradient"),
        pytest.param(lambda x: (x @ x, 2 * x), [0.0, 0.0], id="start at the minimum"),
        pytest.param(lambda x: (np.sum(x), np.ones(2)), [1.0, 2.0], id="no minimum"),
        pytest.param(lambda x: (np.nan, np.full(2, np.nan)), [1.0, 2.0], id="all NaN"),
    ],
)
def test_it_stops_after_two_searches_that_failed(f, start, capsys):
    X, fX, i = fmincg(f, start)
    assert (X.tolist(), fX.tolist(), i) == (start, [], 2)
    assert capsys.readouterr().out == "\n"


def test_an_infinite_cost_is_stepped_back_from():
    def walled(x):
        return (x[0] - np.log(x[0]), 1 - 1 / x) if x[0] > 0 else (np.inf, -np.ones(1))

    f = Recorder(walled)
    X, _, _ = fmincg(f, [30.0], {"MaxIter": [20, 1000.0]})
    assert min(f.points)[0] < 0, "it never stepped through the wall"
    np.testing.assert_allclose(X, 1, atol=1e-7)


# --- How it treats what it is given -------------------------------------------------------


def test_arguments_stay_as_they_are():
    start, options = np.array([-1.2, 1.0]), {"MaxIter": np.array([5.0, 2.0])}
    fmincg(banana, start, options)
    assert start.tolist() == [-1.2, 1.0]
    assert options["MaxIter"].tolist() == [5.0, 2.0]


def test_f_may_change_its_argument_and_use_its_gradient_again():
    gradient = np.zeros(2)

    def careless(x):
        cost, gradient[:] = banana(x)
        x[:] = np.nan
        return cost, gradient

    assert_array_equal(fmincg(careless, [-1.2, 1.0])[0], fmincg(banana, [-1.2, 1.0])[0])


def test_f_runs_under_the_caller_s_floating_point_settings():
    def f(x):
        return np.float64(1) / x[0], x

    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        fmincg(f, [0.0])


def test_single_precision_stays():
    X, fX, _ = fmincg(lambda x: (np.sum(x * x), 2 * x), np.array([1, 2], dtype=np.float32))
    assert X.dtype == fX.dtype == np.float32


def test_each_iteration_is_reported_on_the_same_line(capsys):
    _, fX, _ = fmincg(banana, [-1.2, 1.0], {"MaxIter": 2})
    assert capsys.readouterr().out == (
        f"Iteration    1 | Cost: {fX[0]:.6e}\rIteration    2 | Cost: {fX[1]:.6e}\r\n"
    )


def test_a_cost_that_is_not_a_number_is_reported_as_octave_does(capsys):
    fmincg(lambda x: (np.nan, x), [2.0], {"MaxIter": 1})
    assert capsys.readouterr().out == "Iteration    1 | Cost:  NaN\r\n"


# --- What it refuses ----------------------------------------------------------------------


def gives(cost, gradient):
    return lambda x: (cost, gradient)


START = [1.0, 2.0]
NOT_F = "f must be a function handle or the name of a function, got class "
NO_FUNCTION = "f must be the name of a function, and there is none called "
NOT_OPTIONS = "options must be [] or one struct, such as optimset('MaxIter', 50), got class "
NOT_MAXITER = "options.MaxIter must be a number n or two numbers [n red]"
NOT_N = "n in options.MaxIter must be a whole number, and not 0"
NOT_RED = "red in options.MaxIter must be a finite number > 0"
NOT_COST = "f must return a cost that is real and of class double or single, got class "
NOT_ONE = "f must return one number as the cost, got "
NOT_GRADIENT = "f must return a gradient that is real and of class double or single, got class "
NOT_X = "X must be real and of class double or single, got class "


@pytest.mark.parametrize(
    ("error", "message", "args"),
    [
        (TypeError, NOT_F + "double", (5.0, START)),
        (TypeError, NOT_F + "char", ("", START)),
        (
            ValueError,
            NO_FUNCTION + "'f'",
            ("f", START),
        ),
        (TypeError, NOT_X + "char", (bowl, "start")),
        (TypeError, NOT_X + "logical", (bowl, [True, False])),
        (TypeError, NOT_X + "double", (bowl, [1j, 2])),
        (ValueError, "X is empty; it needs at least one element", (bowl, [])),
        (ValueError, "X must be a column, got 2 x 3; unroll it with X(:)", (bowl, np.ones((2, 3)))),
        (ValueError, "X must be finite, found 2 NaN or Inf", (bowl, [np.nan, 1, -np.inf])),
        (TypeError, NOT_OPTIONS + "double", (bowl, START, 50)),
        (TypeError, NOT_OPTIONS + "char", (bowl, START, "MaxIter")),
        (ValueError, NOT_MAXITER, (bowl, START, {"MaxIter": "ten"})),
        (ValueError, NOT_MAXITER, (bowl, START, {"MaxIter": True})),
        (ValueError, NOT_MAXITER, (bowl, START, {"MaxIter": 1j})),
        (ValueError, NOT_MAXITER, (bowl, START, {"MaxIter": [1, 2, 3]})),
        (ValueError, NOT_N, (bowl, START, {"MaxIter": 0})),
        (ValueError, NOT_N, (bowl, START, {"MaxIter": 1.5})),
        (ValueError, NOT_N, (bowl, START, {"MaxIter": np.nan})),
        (ValueError, NOT_N, (bowl, START, {"MaxIter": [np.inf, 1]})),
        (ValueError, NOT_RED, (bowl, START, {"MaxIter": [5, 0]})),
        (ValueError, NOT_RED, (bowl, START, {"MaxIter": [5, -1]})),
        (ValueError, NOT_RED, (bowl, START, {"MaxIter": [5, np.nan]})),
        (ValueError, NOT_RED, (bowl, START, {"MaxIter": [5, np.inf]})),
        (TypeError, NOT_COST + "double", (gives(1j, START), START)),
        (TypeError, NOT_COST + "logical", (gives(True, START), START)),
        (
            ValueError,
            NOT_ONE + "2 x 1",
            (gives(START, START), START),
        ),
        (
            ValueError,
            NOT_ONE + "1 x 2",
            (gives([START], START), START),
        ),
        (TypeError, NOT_GRADIENT + "char", (gives(1.0, "ab"), START)),
        (TypeError, NOT_GRADIENT + "double", (gives(1.0, [1j, 2]), START)),
        (
            ValueError,
            "f must return a gradient with the 2 elements of X, got 3",
            (gives(1.0, [1, 2, 3]), START),
        ),
    ],
)
def test_errors(error, message, args):
    with pytest.raises(error, match=f"^{re.escape('fmincg: ' + message)}$"):
        fmincg(*args)


# --- Octave's arithmetic: each value is what Octave 7.3 gives ------------------------------


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (octave_sqrt(np.float64(-4)), 2j),
        (octave_sqrt(np.float64(9)), 3.0),
        (octave_sqrt(np.float64(np.nan)), np.nan),
        (octave_min(np.nan, 3.0), 3.0),
        (octave_max(3.0, np.nan), 3.0),
        (octave_min(complex(-0.01, 0.02), -0.1), complex(-0.01, 0.02)),
        (octave_min(complex(-5, 5), -0.1), -0.1),
        (octave_max(complex(-0.01, 0.02), -0.9), -0.9),
        (octave_min(3.0, complex(np.nan, 1)), complex(np.nan, 1)),
        (octave_min(complex(1, 2), np.nan), np.nan),
        (octave_min(complex(1, 2), complex(2, 1)), complex(1, 2)),
        (octave_max(complex(1, 2), complex(2, 1)), complex(1, 2)),
        (octave_divide(1.0, 0.0), np.inf),
        (octave_divide(complex(1, 2), 0.0), complex(np.inf, np.inf)),
        (octave_divide(complex(0, 1), np.inf), 0.0),
        (octave_divide(1.0, complex(2, np.inf)), 0.0),
        (
            octave_divide(0.1, complex(0.3, 0.7)),
            complex(0.051724137931034496, -0.12068965517241381),
        ),
    ],
)
def test_octave_s_arithmetic(got, expected):
    assert np.iscomplexobj(got) == np.iscomplexobj(expected)
    assert_array_equal(got, expected)
