"""The machine that rounds otherwise: what it moves, what it leaves, and how far."""

import itertools
import math

import numpy as np
import pytest
from scipy import special, stats

from lockstep.sides import scales
from lockstep.sides.exactness import is_inexact, on_grid
from lockstep.sides.moving import PIECE, Mover
from lockstep.sides.rounding import Machine
from lockstep.sides.scalar_rounding import OF_SCALARS

RANDOM = np.random.default_rng(1)
NORMALS = RANDOM.normal(size=1000)
BEGIN = RANDOM.bit_generator.state


@pytest.fixture(autouse=True)
def the_same_numbers_in_any_order():
    """Give each test the same random numbers, whatever ran before it."""
    RANDOM.bit_generator.state = BEGIN


EPS = 2.0**-52


def ulps(after, before):
    """Count how far each number was moved."""
    return np.abs(after - before) / np.spacing(np.abs(before))


# Moving


def test_every_broken_number_goes_to_a_neighbour_about_as_often_up_as_down():
    after = Mover(0).some(NORMALS, True)
    assert np.all((ulps(after, NORMALS) == 1) | (ulps(after, NORMALS) == 0.5))
    assert 400 < np.sum(after > NORMALS) < 600


def test_another_machine_moves_otherwise_and_the_same_machine_alike():
    assert np.array_equal(Mover(3).some(NORMALS, True), Mover(3).some(NORMALS, True))
    assert not np.array_equal(Mover(3).some(NORMALS, True), Mover(4).some(NORMALS, True))


@pytest.mark.parametrize("number", [0.0, 0.1, -0.1, 1e300, 5e-324, 0.1 + 2.0**40])
@pytest.mark.parametrize("run", range(3))
def test_a_float_moves_as_an_array_of_it_does(run, number):
    assert Mover(run).one(number) == Mover(run).all(np.array([number]))[0]


SPECIAL = [0.0, -0.0, 3.0, -7, 12, True, 0.1, -0.3, 1 / 3, 5e-324, 2.0**53, 2.0**60 + 0.1]
SPECIAL += [1e16, 1e308, -1e-300, np.inf, -np.inf, np.nan, *NORMALS[:8].tolist()]


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("name", OF_SCALARS)
def test_the_short_way_of_a_scalar_gives_the_bits_of_the_long_one(name, whole):
    for run in range(3):
        machine = Machine(run, whole=whole)
        short = getattr(machine, name.lower())
        for a, b in itertools.product(SPECIAL, SPECIAL):
            if name == "Div" and not b:
                continue
            one, other = short(a, b), machine.binary(name, a, b)
            assert (type(one), repr(one)) == (type(other), repr(other))


def test_a_scalar_operation_takes_arrays_too():
    machine = Machine(0)
    assert np.array_equal(machine.div(NORMALS, 3), machine.binary("Div", NORMALS, 3))
    assert machine.add("a", "b") == "ab"


@pytest.mark.parametrize(
    "where", [True, np.arange(3 * PIECE).reshape(3, -1) % 2 == 0], ids=["all", "some"]
)
@pytest.mark.parametrize("scale", [None, 1e-9, np.full((3, PIECE), 1e-9)], ids=["ulp", "1", "each"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_array_moves_as_its_parts_do(where, scale, order):
    numbers = RANDOM.normal(size=(3, PIECE)).copy(order)
    after = Mover(0).some(numbers, where, scale)
    for i, row in enumerate(numbers):
        one_where = where if where is True else where[i]
        one_scale = scale[i] if isinstance(scale, np.ndarray) else scale
        assert np.array_equal(after[i], Mover(0).some(row.copy(), one_where, one_scale))


@pytest.mark.parametrize("number", [0.0, np.inf, -np.inf, np.nan, 3.0])
@pytest.mark.parametrize("scale", [None, 1e-300])
def test_what_is_whole_or_no_number_stays(number, scale):
    assert np.array_equal(Mover(0).some(np.array([number]), True, scale), [number], equal_nan=True)


@pytest.mark.parametrize("number", [np.nan, -np.nan])
def test_what_is_no_number_keeps_its_bits(number):
    before = np.array([number, 0.1])
    for run in range(8):
        after = Mover(run).some(before, True)
        assert after.view(np.int64)[0] == before.view(np.int64)[0]


def test_whole_numbers_move_where_that_is_asked_for():
    assert Mover(0, whole=True).some(np.array([3.0]), True)[0] != 3
    assert Mover(0).some(np.array([3.0]), True, whole=True)[0] != 3
    assert Mover(0).some(np.array([2.0**60]), True)[0] != 2.0**60  # there, all are whole


def test_a_scale_moves_that_far_in_either_direction():
    after = Mover(0).some(NORMALS, True, 1e-6)
    assert np.allclose(np.abs(after - NORMALS), 1e-6)


@pytest.mark.parametrize("dtype", [np.complex128, np.float32, np.complex64])
def test_other_floating_classes_move_and_stay_what_they_are(dtype):
    numbers = (NORMALS + 0.5j * NORMALS if dtype != np.float32 else NORMALS).astype(dtype)
    after = Mover(0).some(numbers, True)
    assert after.dtype == dtype
    assert np.all(after != numbers)


def test_singles_stay_where_octave_has_none():
    numbers = NORMALS.astype(np.float32)
    assert np.array_equal(Mover(0, single=False).some(numbers, True), numbers)


# Exactness


@pytest.mark.parametrize(
    ("name", "a", "b", "result", "inexact"),
    [
        ("Add", 0.5, 0.25, 0.75, False),
        ("Add", 0.1, 0.2, 0.1 + 0.2, True),
        ("Sub", 0.3, 0.25, 0.3 - 0.25, False),
        ("Sub", 1.0, 1e-17, 1.0, True),
        ("Mult", 0.1, 4, 0.4, False),
        ("Mult", 0.1, 3, 0.1 * 3, True),
        ("Div", 0.75, 3, 0.25, False),
        ("Div", 1, 3, 1 / 3, True),
        ("Pow", 1.5, 2, 2.25, False),
        ("Pow", 0.1, 2, 0.1**2, True),
        ("Pow", 4.0, 0.5, 2.0, True),
    ],
)
@pytest.mark.parametrize("form", [float, lambda x: np.array([x, x])], ids=["float", "array"])
def test_exact_results_are_told_from_others(name, a, b, result, inexact, form):
    assert np.all(is_inexact(name, form(a), form(b), form(result)) == inexact)


def test_many_elements_are_judged_by_some():
    many = np.full(10**5, 0.1)
    assert is_inexact("Add", many, 0.2, many + 0.2) is True
    assert is_inexact("Mult", many, 2.0, many * 2.0) is False


@pytest.mark.parametrize(
    ("numbers", "exact"),
    [
        (np.array([0.5, 1.25]), True),
        (np.array([0.0, 0.1]), False),
        (np.r_[np.zeros(1000), 0.1], False),
        (np.array([np.inf]), False),
        (np.array([np.nan]), False),
        (np.array([2.0**52]), False),
        (np.array([1 + 0.1j]), False),
        (np.arange(5), True),
    ],
)
def test_sums_of_multiples_of_a_power_of_two_are_exact(numbers, exact):
    assert on_grid(numbers) is exact


# Scales: of the size of what really is lost


def exact_sum(numbers):
    return math.fsum(numbers)


@pytest.mark.parametrize("count", [10, 1000, 10**5])
@pytest.mark.parametrize("size", [1.0, 1e-200, 1e200])
def test_a_sum_is_off_by_about_its_scale(count, size):
    errors, measured = [], []
    for _ in range(20):
        numbers = RANDOM.normal(size=count) * size
        one_by_one = float(np.cumsum(numbers)[-1])
        errors.append(one_by_one - exact_sum(numbers))
        measured.append(scales.of_sum(numbers, 0, np.sum(numbers), 1))
    root = np.sqrt(np.mean(np.square(np.array(errors) / size)))
    assert 0.2 < np.mean(measured) / size / root < 5


def test_a_sum_of_one_number_is_exact():
    assert scales.of_sum(np.array([0.0, 0.1, 0.0]), 0, 0.1, 1) == 0


@pytest.mark.parametrize("count", [3, 40, 3000])
def test_a_product_is_off_by_about_its_scale(count):
    left, right = RANDOM.normal(size=(20, count)), RANDOM.normal(size=(count, 30))
    result = np.zeros((20, 30))
    for k in range(count):
        result += left[:, k, np.newaxis] * right[k]
    exact = left.astype(np.longdouble) @ right.astype(np.longdouble)
    where, scale = scales.of_product(left, right, result)
    root = np.sqrt(np.mean(np.square((result - exact).astype(float))))
    assert np.all(where)
    assert 0.2 < np.sqrt(np.mean(np.square(scale))) / root < 5


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_squares_in_a_scale_do_not_overflow(size):
    left, right = RANDOM.normal(size=(3, 20)) * size, RANDOM.normal(size=(20, 4))
    _, scale = scales.of_product(left, right, left @ right)
    assert np.all((scale > 1e-17 * size) & (scale < 1e-14 * size))


@pytest.mark.parametrize("factor", [1.0, -0.25])
def test_a_product_that_only_selects_is_exact(factor):
    numbers, selection = RANDOM.normal(size=(4, 4)), factor * np.eye(4)[[2, 0, 3, 1]]
    for pair in ((selection, numbers), (numbers, selection)):
        assert np.array_equal(Machine(0).binary("MatMult", *pair), pair[0] @ pair[1])


# The machine


def test_a_dot_product_moves_by_the_roundings_of_its_sum_though_it_is_one_number():
    a, b = RANDOM.normal(size=10**4), RANDOM.normal(size=10**4)
    moves = [abs(Machine(run).binary("MatMult", a, b) - a @ b) for run in range(5)]
    assert min(moves) > 4 * np.spacing(abs(a @ b))


@pytest.mark.parametrize("function", [np.sum, np.add.reduce], ids=["known", "not known"])
def test_what_a_function_gives_is_moved(function):
    assert Machine(0).call(function, NORMALS) != function(NORMALS)


LACKING = np.where(np.arange(60).reshape(20, 3) % 7 == 4, np.nan, NORMALS[:60].reshape(20, 3))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [0, 1, None])
@pytest.mark.parametrize("function", [np.nanmean, np.nansum, np.ma.mean, np.ma.sum])
def test_what_is_not_summed_is_not_counted(function, axis, keepdims):
    """A mean of those that are there is none of all, and no rounding lies between the two."""
    given = np.ma.masked_invalid(LACKING) if function.__module__.startswith("numpy.ma") else LACKING
    found = function(given, axis=axis, keepdims=keepdims)
    for run in range(4):
        after = Machine(run).call(function, given, axis=axis, keepdims=keepdims)
        assert np.allclose(after, found, rtol=1e-12, atol=0)


MATRIX = NORMALS[:6].reshape(2, 3).view(np.matrix)
MASKED = np.ma.masked_invalid(LACKING)

OF_CLASSES = {
    "a function of a matrix": lambda machine: (machine.call(np.sin, MATRIX), np.sin(MATRIX)),
    "a product of matrices": lambda machine: (
        machine.binary("Mult", MATRIX, MATRIX.T),
        MATRIX * MATRIX.T,
    ),
    "a power of a matrix": lambda machine: (
        machine.binary("Pow", MATRIX[:, :2], 3),
        MATRIX[:, :2] ** 3,
    ),
    "a number times a matrix": lambda machine: (machine.mult(0.3, MATRIX), 0.3 * MATRIX),
    "masked numbers": lambda machine: (machine.add(MASKED, 0.1), MASKED + 0.1),
    "a function of masked numbers": lambda machine: (
        machine.call(np.exp, MASKED),
        np.exp(MASKED),
    ),
    "masked numbers in place": lambda machine: (
        machine.in_place("Add", MASKED.copy(), 0.1),
        MASKED + 0.1,
    ),
}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("made", OF_CLASSES.values(), ids=OF_CLASSES)
def test_an_array_with_rules_of_its_own_stays_one(made):
    moved, found = made(Machine(1))
    assert type(moved) is type(found)
    assert np.array_equal(np.ma.getmaskarray(moved), np.ma.getmaskarray(found))
    assert np.ma.allclose(moved, found, rtol=1e-13, atol=1e-13)
    assert not np.array_equal(np.ma.getdata(moved), np.ma.getdata(found), equal_nan=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sum_in_single_precision_may_be_off_by_what_that_loses(dtype):
    numbers = NORMALS.astype(dtype) + dtype(100)
    off = scales.of_sum(numbers, 0, np.float64(np.sum(numbers, dtype=float)), 1)
    lost = np.finfo(dtype).eps * 1e5
    assert 0.1 * lost < off < 100 * lost


@pytest.mark.parametrize("function", [np.sort, np.max, np.floor, np.abs, NORMALS.copy])
def test_what_an_exact_function_gives_is_not(function):
    args = () if function == NORMALS.copy else (NORMALS,)
    assert np.array_equal(Machine(0).call(function, *args), function(*args))


def test_what_is_written_to_an_array_stays_in_it():
    out = np.empty(1000)
    assert Machine(0).call(np.add, NORMALS, 0.1, out) is out
    assert not np.array_equal(out, NORMALS + 0.1)


KEYWORDS = {
    "convolve": (np.convolve, {"a": NORMALS[:9], "v": NORMALS[9:14]}),
    "trapezoid": (np.trapezoid, {"y": NORMALS[:9], "x": np.cumsum(np.abs(NORMALS[:9]))}),
    "poly": (np.poly, {"seq_of_zeros": NORMALS[:5]}),
}


@pytest.mark.parametrize(("function", "given"), KEYWORDS.values(), ids=KEYWORDS)
def test_what_is_given_by_keyword_is_moved_too(function, given):
    moved = Machine(0).call(function, **given)
    assert np.allclose(moved, function(**given))
    assert not np.array_equal(moved, function(**given))


def test_what_a_sum_of_products_is_written_to_holds_that_sum():
    first, second = NORMALS[:6].reshape(2, 3), NORMALS[6:12].reshape(3, 2)
    out = np.empty((2, 2))
    Machine(0).call(np.einsum, "ij,jk->ik", first, second, out=out)
    assert np.allclose(out, first @ second)


@pytest.mark.parametrize("given", [{"axis": 0}, {"n": 1}, {}], ids=str)
def test_a_difference_moves_by_its_own_rounding_though_a_larger_one_is_beside_it(given):
    numbers = np.array([1e9, 2e9 + 0.1, 0.7, 0.1, 0.5])
    moved = Machine(0).call(np.diff, numbers, **given)
    assert np.max(ulps(moved, np.diff(numbers))[2:]) < 64


# Special functions


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        pytest.param(special.gamma, 0.7, id="gamma"),
        pytest.param(math.lgamma, 0.7, id="lgamma"),
        pytest.param(math.erf, 0.7, id="erf"),
    ],
)
def test_a_special_function_is_good_to_some_ulps(function, argument):
    after = [Machine(run).call(function, argument) for run in range(8)]
    assert 4 < max(ulps(np.array(after), function(argument))) < 40


@pytest.mark.parametrize(
    ("function", "argument", "least", "most"),
    [
        pytest.param(special.j0, 2.404825557695773, 1e-17, 1e-15, id="at a zero"),
        pytest.param(special.erfinv, 1 - 1e-10, 1e-8, 1e-6, id="near a pole"),
    ],
)
def test_and_where_it_is_steep_by_what_an_ulp_of_its_argument_makes(
    function, argument, least, most
):
    moved = max(abs(Machine(run).call(function, argument) - function(argument)) for run in range(4))
    assert least < moved < most


def test_a_whole_argument_of_a_special_function_stays():
    assert math.isfinite(Machine(0).call(special.jv, 2.0, -1.5))


@pytest.mark.parametrize(
    ("size", "least"),
    [
        pytest.param(1.0, 1, id="near 1"),
        pytest.param(1e10, 50, id="large"),
        pytest.param(1e-10, 50, id="small"),
    ],
)
def test_a_determinant_is_off_by_an_ulp_of_its_logarithm(size, least):
    matrix = size * (np.eye(4) + 0.1 * RANDOM.random((4, 4)))
    found = np.linalg.det(matrix)
    after = np.array([Machine(run).call(np.linalg.det, matrix) for run in range(8)])
    assert least <= max(ulps(after, found)) < 400
    assert np.all(after != found)


def test_a_right_side_moves_also_where_it_is_a_column_of_the_matrix():
    matrix = RANDOM.random((4, 4))
    found = Machine(0).call(np.linalg.solve, matrix, matrix[:, 0])
    assert 1e-17 < np.max(np.abs(found[1:])) < 1e-13


def test_what_a_function_makes_of_many_numbers_is_off_by_the_sum_of_them():
    many = np.tile(NORMALS, 300)
    found = stats.kurtosis(many)
    after = np.array([Machine(run).call(stats.kurtosis, many) for run in range(4)])
    assert 200 < max(ulps(after, found)) < 1e5


def test_a_determinant_of_nothing_stays():
    assert Machine(0).call(np.linalg.det, np.zeros((3, 3))) == 0


# Tables, as pandas and xarray have them, and SciPy's statistics


class Table:
    """Numbers with names; its means leave out what is lacking."""

    def __init__(self, numbers):
        self.numbers = np.array(numbers)

    def __array__(self, dtype=None, copy=None):
        """Return the numbers alone."""
        return np.array(self.numbers, dtype)

    def __add__(self, other):
        """Add number by number."""
        return Table(self.numbers + np.asarray(other))

    def __truediv__(self, other):
        """Divide number by number."""
        return Table(self.numbers / np.asarray(other))

    def mean(self):
        """Return the mean of each column, or of all."""
        found = np.nanmean(self.numbers, axis=0)
        return float(found) if found.ndim == 0 else Table(found)

    def to_numpy(self):
        """Return a copy."""
        return self.numbers.copy()

    def second(self):
        """Return a part."""
        return Table(self.numbers[1:2])

    def skew(self):
        """Return what no table sums itself."""
        return float(stats.skew(self.numbers))


COLUMN = np.array([0.1, np.nan, np.inf, 3.0])
COLUMNS = NORMALS[:8].reshape(4, 2)
OF_TABLES = {
    "arithmetic": (
        lambda machine: machine.div(Table(COLUMN), 7),
        lambda machine: machine.div(COLUMN, 7),
    ),
    "a mean": (
        lambda machine: machine.call(Table(COLUMN[:2]).mean),
        lambda machine: machine.call(np.nanmean, COLUMN[:2]),
    ),
    "means of columns": (
        lambda machine: machine.call(Table(COLUMNS).mean),
        lambda machine: machine.call(np.nanmean, COLUMNS, axis=0),
    ),
    "a copy": (lambda machine: machine.call(Table(COLUMN).to_numpy), lambda machine: COLUMN),
    "a part": (
        lambda machine: machine.call(Table(NORMALS).second),
        lambda machine: NORMALS[1:2],
    ),
}


class Stored(Table):
    """Numbers to which nothing can be added."""

    __add__ = None


def test_a_table_that_cannot_be_moved_stays():
    stored = Stored(NORMALS)
    assert Machine(0).call(stored.skew) == pytest.approx(stored.skew(), rel=1e-12)


@pytest.mark.parametrize(("of_table", "of_array"), OF_TABLES.values(), ids=OF_TABLES)
def test_a_table_moves_as_its_numbers_do(of_table, of_array):
    for run in range(4):
        with np.errstate(invalid="ignore"):
            one, other = of_table(Machine(run)), of_array(Machine(run))
        assert np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda machine, x: machine.call(Table(x).skew), id="of a table"),
        pytest.param(lambda machine, x: machine.call(stats.skew, x), id="of SciPy's"),
        pytest.param(lambda machine, x: machine.call(stats.pearsonr, x, x**2)[0], id="of two"),
    ],
)
def test_what_cancels_in_a_library_moves_by_what_is_left(call):
    found = [abs(call(Machine(run), np.arange(-7, 8.0) / 3 + 1e-3)) for run in range(4)]
    assert len(set(found)) > 1


def test_results_with_names_keep_them():
    found = Machine(0).call(stats.linregress, NORMALS, NORMALS**2)
    before = stats.linregress(NORMALS, NORMALS**2)
    assert type(found) is type(before)
    assert found.slope == found[0]
    assert 0 < abs(found.slope - before.slope) < 1e-12
    assert found.intercept_stderr == pytest.approx(before.intercept_stderr)


def test_ranks_stay():
    tied = np.array([0.1, 0.3, 0.1, 0.2, 0.3])
    after = np.array([Machine(run).call(stats.rankdata, tied) for run in range(8)])
    assert np.max(ulps(after, stats.rankdata(tied))) < 10


def test_the_tail_of_a_distribution_is_good_to_some_ulps():
    found = stats.norm.cdf([-30.0, 0.3])
    after = np.array([Machine(run).call(stats.norm.cdf, [-30.0, 0.3]) for run in range(4)])
    assert 1 <= np.max(ulps(after, found)) < 10
