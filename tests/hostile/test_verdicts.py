"""A wrong port never passes, and a right one is not accused: what the verdict is trusted for."""

import numpy as np
import pytest

from lockstep.project.cases import Case, Function, row

TENTHS = np.array([0.1, 0.2, 0.3])
RATINGS = np.array([[5.0, 4.0, 0.0, 0.0], [3.0, 0.0, 0.0, 1.0], [0.0, 2.0, 4.0, 5.0]])
GIVEN = np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 1.0]])
NORMALS = np.random.default_rng(1).normal(size=40)

SHRINK = """
function [Ynorm, base] = f(Y, R)
[m, n] = size(Y);
base = zeros(m, 1);
Ynorm = zeros(size(Y));
for i = 1:m
  idx = find(R(i, :) == 1);
  base(i) = sum(Y(i, idx)) / (numel(idx) + 1);
  Ynorm(i, idx) = Y(i, idx) - base(i);
end
end
"""
SHRINK_PORT = """
def f(ratings, given):
    mask = given == 1
    level = np.where(mask, ratings, 0).sum(axis=1) / (mask.sum(axis=1){})
    return np.where(mask, ratings - level[:, None], 0.0), level
"""


# A decision taken on the same bits is not rounding


@pytest.mark.parametrize(
    ("m", "py", "argument"),
    [
        pytest.param("round(x)", "np.round(x)", np.array([0.5, 1.5, 2.5]), id="halves"),
        pytest.param("round(x)", "float(round(x))", 2.5, id="half"),
        pytest.param("x(x >= 0.2)", "x[x > 0.2]", row([0.1, 0.2, 0.3, 0.4]), id="> for >="),
        pytest.param("double(x >= 1.5)", "float(x > 1.5)", 1.5, id="> for >=, one number"),
        pytest.param("sum(x >= 0.2) * x", "(x > 0.2).sum() * x", TENTHS, id="and then a product"),
        pytest.param(
            "sum(conv(x, [1 1 1]) >= 3)",
            "(np.convolve(x, np.ones(3)) > 3).sum() * 1.0",
            row([1.0, 1.0, 1.0, 0.0, 2.0]),
            id="whole numbers in conv",
        ),
        pytest.param(
            "5000 + sum(conv(x, [1 1 1]) >= 3)",
            "(np.convolve(x, np.ones(3)) > 3).sum() + 5000.0",
            row([1.0, 1.0, 1.0, 0.0, 2.0]),
            id="a large count of them",
        ),
        pytest.param(
            "double(polyval([1 0 0], x) >= 4)",
            "(np.polyval([1.0, 0, 0], x) > 4) * 1.0",
            row([1.0, 2.0, 3.0]),
            id="whole numbers in polyval",
        ),
        pytest.param(
            "double(filter([1 1], 1, x) >= 2)",
            "(np.convolve(x, np.ones(2))[:-1] > 2) * 1.0",
            row([1.0, 1.0, 3.0]),
            id="whole numbers in filter",
        ),
        pytest.param(
            r"100 * floor([2 0; 0 4] \ x)",
            "100 * (np.ceil(np.linalg.solve(np.diag([2.0, 4.0]), x)) - 1)",
            np.array([4.0, 8.0]),
            id="whole numbers that are solved",
        ),
        pytest.param(
            "nthargout(2, @max, x)",
            "float(len(x) - np.argmax(x[::-1]))",
            row([0.1, 0.7, 0.7]),
            id="the last of a tie",
        ),
        pytest.param(
            "nthargout(2, @sort, x)",
            "(len(x) - np.argsort(x[::-1], kind='stable')).astype(float)",
            row([0.1, 0.7, 0.1]),
            id="ties in sort",
        ),
        pytest.param(
            "histc(x, [0 .25 .5])",
            "np.append(np.histogram(x, [0, 0.25, 0.5])[0], 0.0)",
            row([0.1, 0.3, 0.5]),
            id="histc's last bin",
        ),
        pytest.param(
            "\nfunction y = f(x)\nswitch x\ncase 1.5\ny = 10;\notherwise\ny = 20;\nend\nend\n",
            "20.0",
            1.5,
            id="switch on 1.5",
        ),
        pytest.param(
            "numel(unique(x))",
            "float(np.unique(x).size + 2)",
            row([0.1, 0.2, 0.2, 0.7]),
            id="2 more than are unique",
        ),
        pytest.param(
            "double(ismember(x, [0.2 0.3]))",
            "(~np.isin(x, [0.2, 0.3])).astype(float)",
            row(TENTHS),
            id="ismember inverted",
        ),
        pytest.param(
            "nnz(x)", "float(np.sum(x == 0))", row([0.0, 0.5, 0.25, 0.0, 0.1]), id="nnz inverted"
        ),
        pytest.param(
            "floor(x*10)*100", "np.floor(x * 10) * 100 + 37", row(TENTHS), id="37 more than a jump"
        ),
        pytest.param(
            "floor(x*10)*100 + .5", "np.floor(x * 10) * 100 + 37.5", row(TENTHS), id="not whole"
        ),
        pytest.param(
            "round(x * 250) + 1",
            "np.ceil(x * 250 + 1e-9) + 1",
            row([0.1, 0.2, 0.4]),
            id="events on the sample grid",
        ),
        pytest.param("1 + 1e-6*(x >= 0.2)", "1 + 1e-6*(x > 0.2)", 0.2, id="a small jump"),
        pytest.param(
            "x + 1e-5*round(x)", "x + 1e-5*np.round(x)", row([0.5, 1.5, 2.5]), id="small halves"
        ),
        pytest.param("rank(x)", "3.0", np.outer(TENTHS, TENTHS), id="rank"),
        pytest.param("[realmin; 1]", "np.array([2.0**-52, 1.0])", 0.5, id="eps for realmin"),
        pytest.param(
            "[1; realmin; 1] * x",
            "np.array([1.0, 2.0**-52, 1.0]) * (x * 3 / 3)",
            0.3,
            id="eps for realmin beside large ones",
        ),
    ],
)
def test_a_decision_on_the_same_bits_is_no_rounding(judge, m, py, argument):
    assert judge(m, py, argument).verdict == "different"


@pytest.mark.parametrize("kind", [float, int, bool])
@pytest.mark.parametrize(("more", "verdict"), [(" + 1", "agrees"), ("", "different")])
def test_a_mask_is_exact_whatever_its_class(judge, kind, more, verdict):
    mask = GIVEN.astype(np.int32 if kind is int else kind)
    result = judge(SHRINK, SHRINK_PORT.format(more), RATINGS, mask)
    assert "agrees" if result.agrees else result.verdict == verdict
    assert result.agrees == (verdict == "agrees")


def test_a_measured_mask_beside_whole_ratings_is_exact(judge):
    result = judge(SHRINK, SHRINK_PORT.format(""), RATINGS * 1.1, GIVEN)
    assert result.verdict == "different"


# What jumps with rounding is excused where Octave's value was given


@pytest.mark.parametrize(
    ("m", "py", "argument", "agrees"),
    [
        pytest.param(
            "double(sum(x) > 0.6)", "float(x[0] + (x[1] + x[2]) > 0.6)", TENTHS, True, id="taken"
        ),
        pytest.param(
            "double(sum(x) > 0.6)",
            "float(x[0] + (x[1] + x[2]) > 0.6) + 2",
            TENTHS,
            False,
            id="never given",
        ),
        pytest.param(
            "1 + 1e-4*floor(sum(x) / 0.1)",
            "1 + 1e-4*(np.floor(sum(x) / 0.1) + 2)",
            TENTHS,
            False,
            id="a small one, never given",
        ),
        pytest.param(
            "1 + 1e-4*floor(sum(x) / 0.1)",
            "1 + 1e-4*np.floor((x[2] + x[1] + x[0]) / 0.1)",
            TENTHS,
            True,
            id="a small one",
        ),
        pytest.param(
            "floor(sum(x) / 0.1)", "np.floor((x[2] + x[1] + x[0]) / 0.1)", TENTHS, True, id="floor"
        ),
        pytest.param(
            "x(cumsum(x) < 0.6)",
            "x[np.array([x[0], x[0] + x[1], x[0] + (x[1] + x[2])]) < 0.6]",
            TENTHS,
            True,
            id="length",
        ),
    ],
)
def test_a_jump_is_excused_where_octaves_value_was_given(judge, m, py, argument, agrees):
    assert judge(m, py, argument).agrees == agrees


def test_an_excused_jump_is_counted(judge):
    result = judge("double(sum(x) > 0.6)", "float(x[0] + (x[1] + x[2]) > 0.6)", TENTHS)
    assert [(leaf.name, leaf.excused) for leaf in result.excused] == [("y", 1)]


# What rounding leaves nothing of


def test_what_is_all_rounding_is_untestable(judge):
    result = judge("sum(x) - 0.6", "x[0] + (x[1] + x[2]) - 0.6", TENTHS)
    assert (result.verdict, result.agrees) == ("untestable", False)


@pytest.mark.parametrize(("angle", "verdict"), [(2e-8, "untestable"), (1e-4, "rounding")])
def test_a_port_that_loses_what_octave_keeps_is_right_only_where_digits_are_left(
    judge, angle, verdict
):
    assert judge("2*asin(x/2)", "np.arccos(1 - x**2/2)", angle).verdict == verdict


def test_a_case_may_say_that_it_is_untestable(judge):
    options = {"untestable": "the sum is 0.6"}
    result = judge("sum(x) - 0.6", "x[0] + (x[1] + x[2]) - 0.6", TENTHS, **options)
    assert (result.verdict, result.agrees, result.accepted) == (
        "untestable",
        True,
        "the sum is 0.6",
    )


@pytest.mark.parametrize("untestable", [True, "it prints"])
def test_what_is_wrong_is_wrong_in_an_untestable_case(judge, untestable):
    assert judge("x + 1", "x + 2", 0.5, untestable=untestable).verdict == "different"


@pytest.mark.parametrize(
    ("m", "py"),
    [
        pytest.param("std(x)", "np.std(x, ddof=1)", id="std"),
        pytest.param("std(x)", "np.sqrt(np.var(x, ddof=1))", id="its square"),
        pytest.param("x - mean(x)", "x - x.mean()", id="deviations"),
    ],
)
def test_what_equal_numbers_deviate_from_their_mean_is_all_rounding(judge, m, py):
    assert judge(m, py, np.full(10, 0.1)).verdict == "untestable"


@pytest.mark.parametrize(
    ("py", "verdict"),
    [("0.0", "untestable"), ("1e-9", "different")],
)
def test_what_is_nothing_but_octave_s_rounding_is_untestable(judge, py, verdict):
    magic = np.array([[16.0, 2, 3, 13], [5, 11, 10, 8], [9, 7, 6, 12], [4, 14, 15, 1]])
    assert judge("det (x)", py, magic).verdict == verdict


@pytest.mark.parametrize("number", [0.5, 3.0])
def test_what_equal_numbers_deviate_from_an_exact_mean_is_nothing(judge, number):
    assert judge("std(x)", "np.std(x, ddof=1) + 1e-17", np.full(10, number)).verdict == "different"


# Rounding inside


@pytest.mark.parametrize(
    ("m", "py", "arguments"),
    [
        pytest.param("x / 3 / 7 * 21", "x * (1 / 3 / 7) * 21", [row([1.0, 2.0, 5.0])], id="whole"),
        pytest.param(
            "sum(x ./ 7) - x(1)", "sum(v / 7 for v in x) - x[0]", [row([6.0, 8.0, 29.0])], id="sums"
        ),
        pytest.param(
            "20*log10(abs((1 + exp(-1i*x)) ./ (1 + exp(1i*x))) .* [1 1 1 2])",
            "20 * np.log10(np.abs(np.exp(-1j * x) * np.array([1, 1, 1, 2])))",
            [row([0.1, 0.7, 1.3, 2.1])],
            id="dB near zero",
        ),
        pytest.param(
            "0.5*(1-cos(2*pi*(0:x-1)'/(x-1)))", "np.hanning(int(x))", [64.0], id="ends of a window"
        ),
        pytest.param(
            "[fft(x); 1]",
            "np.append(np.array([np.sum(x * np.exp(-2j * np.pi * k * np.arange(8) / 8)) "
            "for k in range(8)]), 1)",
            [np.array([1.0, 0, 1, 0, 0, 3, 0, 2])],
            id="zeros of an FFT",
        ),
        pytest.param(
            "x(1)*1e4 + x(2) - x(1)*1e4 + 0.4",
            "(x[0] * 1e4 + (x[1] + 0.4)) - x[0] * 1e4",
            [TENTHS / 3],
            id="a sum after cancellation",
        ),
        pytest.param("inv(x)", "np.linalg.inv(x)", [np.vander(np.arange(1.0, 8))], id="inverse"),
        pytest.param("mean(x)", "np.mean(x)", [np.tile(NORMALS, 5000)], id="a mean of many"),
        pytest.param("std(x)", "np.std(x, ddof=1)", [np.tile(NORMALS, 5000)], id="a deviation"),
        pytest.param("sum(x)", "np.sum(x)", [np.full(10**6, 0.1)], id="a sum of equal terms"),
        pytest.param(
            "erfinv(x)",
            "def f(x):\n    from scipy import special\n    return special.erfinv(x)\n",
            [np.array([0.5, 1 - 1e-10])],
            id="near a pole",
        ),
        pytest.param(
            "[besselj(0, x); 1]",
            "def f(x):\n    from scipy import special\n    return np.append(special.j0(x), 1)\n",
            [np.array([2.404825557695773])],
            id="at a zero",
        ),
        pytest.param(
            "single(x) * 3 / 7", "np.float32(x) * np.float32(3) / 7", [row(TENTHS)], id="single"
        ),
    ],
)
def test_rounding_inside_is_rounding(judge, m, py, arguments):
    result = judge(m, py, *arguments)
    assert result.agrees, result.leaves


MORE_EXACT = [
    pytest.param("log(1 + x)", "np.log1p(x)", 1e-6 * TENTHS, id="log1p"),
    pytest.param("1 - cos(x)", "2 * np.sin(x / 2) ** 2", 1e-2 * TENTHS, id="half the angle"),
    pytest.param("mean(x.^2) - mean(x)^2", "np.var(x)", NORMALS + 1000, id="var"),
    pytest.param(
        "sum(x.^2, 2) + sum(x(1, :).^2) - 2*x*x(1, :)' + 1e-3",
        "((x - x[0]) ** 2).sum(-1) + 1e-3",
        NORMALS.reshape(10, 4) + 100,
        id="distances",
    ),
    pytest.param(
        "inv(x'*x)*x'*x(:, 1).^2",
        "np.linalg.lstsq(x, x[:, 0] ** 2, rcond=None)[0]",
        NORMALS.reshape(10, 4) + 100,
        id="normal equations",
    ),
]


@pytest.mark.parametrize(("m", "py", "argument"), MORE_EXACT)
def test_a_port_may_be_more_exact_than_octave(judge, m, py, argument):
    assert judge(m, py, argument).verdict == "rounding"


@pytest.mark.parametrize(("m", "py", "argument"), MORE_EXACT)
def test_and_must_be_right_all_the_same(judge, m, py, argument):
    assert judge(m, f"({py}) * (1 + 1e-5)", argument).verdict == "different"


LOST_BY_OCTAVE = [
    pytest.param(
        "(-x + sqrt(x^2 - 4)) / 2", "2 / (-x - np.sqrt(x * x - 4))", 1e5, id="a root that cancels"
    ),
    pytest.param(
        "(1 - cos(x)) ./ x.^2", "2 * np.sin(x / 2) ** 2 / x**2", np.array([1e-5]), id="1 - cos"
    ),
    pytest.param(
        "sqrt(max(sum(x.^2, 2) + sum(x.^2, 2)' - 2*x*x', 0))",
        "np.sqrt(((x[:, None] - x) ** 2).sum(-1))",
        NORMALS.reshape(10, 4) + 100,
        id="distances",
    ),
    pytest.param(
        "hilb(x) \\ ones(x, 1)",
        "np.array([-6.0, 210.0, -1680.0, 5040.0, -6300.0, 2772.0])",
        6.0,
        id="a Hilbert matrix",
    ),
    pytest.param(
        "\nfunction y = f(x)\ny = x;\nfor i = 1:1000\n  y = y - 0.01*y;\nend\nend\n",
        "x * 0.99**1000",
        3.0,
        id="a thousand steps",
    ),
    pytest.param("sort (roots (poly (1:x)))", "np.arange(1.0, x + 1)", 15.0, id="Wilkinson's"),
    pytest.param(
        "sind (x)", "np.sin(np.deg2rad(x))", np.array([3e-17, 1e-12, 1e-3]), id="few degrees"
    ),
    pytest.param(
        "cosd (x)", "-np.sin(np.deg2rad(x - 90))", 90 + np.array([1e-9, 1e-3]), id="beside 90"
    ),
    pytest.param("roots ([1 -3 3 -1]) * x", "np.ones(3) * x", 2.0, id="a root of three"),
    pytest.param(
        "sort (real (roots (poly (x))))",
        "np.sort(np.linalg.eigvals(x).real)",
        np.vander(np.arange(1.0, 10) / 9) + np.vander(np.arange(1.0, 10) / 9).T,
        id="eigenvalues",
    ),
]


@pytest.mark.parametrize(("m", "py", "argument"), LOST_BY_OCTAVE)
def test_octave_may_have_lost_more_than_half_of_the_digits(judge, m, py, argument):
    assert judge(m, py, argument).verdict == "rounding"


@pytest.mark.parametrize(("m", "py", "argument"), LOST_BY_OCTAVE)
def test_but_not_what_is_wrong(judge, m, py, argument):
    assert judge(m, f"({py}) * 1.001", argument).verdict == "different"


@pytest.mark.parametrize(("factor", "verdict"), [(1, "rounding"), (1.1, "different")])
def test_octave_may_have_left_three_digits(judge, factor, verdict):
    port = f"np.var(x) * {factor}"
    assert judge("mean(x.^2) - mean(x)^2", port, NORMALS + 1e6).verdict == verdict


WILKINSON = "sort (roots (poly (1:x)))"


@pytest.mark.parametrize(
    ("port", "number", "verdict"),
    [
        pytest.param("np.arange(1.0, x + 1)", 20.0, "rounding", id="one digit is left"),
        pytest.param("2 * np.arange(1.0, x + 1)", 20.0, "different", id="and it is another"),
        pytest.param("np.arange(1.0, x + 1)", 22.0, "untestable", id="no digit is left"),
    ],
)
def test_octave_may_have_left_one_digit(judge, port, number, verdict):
    assert judge(WILKINSON, port, number).verdict == verdict


COMPANION = """
def f(n):
    p = np.array([1.0])
    for k in range(1, int(n) + 1):
        p = np.convolve(p, [1.0, -k])
    companion = np.vstack([-p[1:], np.eye(int(n))[:-1]])
    return np.sort(np.linalg.eigvals(companion[::-1, ::-1])){}
"""


@pytest.mark.parametrize(
    ("number", "factor", "verdict"),
    [
        (15.0, "", "rounding"),
        (15.0, " * 1.001", "different"),
        (20.0, "", "rounding"),
    ],
)
def test_coefficients_are_as_exact_as_their_own_terms(judge, number, factor, verdict):
    assert judge(WILKINSON, COMPANION.format(factor), number).verdict == verdict


SIZES = np.logspace(-9, 9, 19) / 3


OF_MANY_SIZES = [
    pytest.param("conv (x, [0.3 0.7])", "np.convolve(x, [0.3, 0.7])", id="convolve"),
    pytest.param("kron (x, [0.3; 0.7])", "np.kron(x, [0.3, 0.7])", id="kron"),
    pytest.param("x.^2", "np.einsum('i,i->i', x, x)", id="einsum"),
    pytest.param("gradient (x)", "np.gradient(x)", id="gradient"),
    pytest.param(
        "prctile (x, [10 90])", "np.percentile(x, [10, 90], method='hazen')", id="percentile"
    ),
    pytest.param("interp1 (1:19, x, [1.3 8.7])", "np.interp([1.3, 8.7], np.r_[1:20], x)"),
    pytest.param("poly (x(1:5))", "np.poly(x[:5])", id="poly"),
    pytest.param("diff (x)", "np.diff(x)", id="diff"),
    pytest.param("x(1:2) * x'", "np.outer(x[:2], x)", id="outer"),
    pytest.param("vander (x(1:3))", "np.vander(x[:3])", id="vander"),
    pytest.param("polyval ([1 1 0], x)", "np.polyval([1, 1, 0], x)", id="polyval"),
    pytest.param("logspace (-9, 9, 7)", "np.logspace(-9, 9, 7)", id="logspace"),
    pytest.param("std ([x, -x], 0, 2)", "np.std(np.stack([x, -x]), axis=0, ddof=1)", id="std"),
    pytest.param("var ([x, -x], 0, 2)", "np.stack([x, -x]).var(0, ddof=1)", id="var"),
    pytest.param("median ([x, x]')", "np.median([x, x], axis=0)", id="median"),
    pytest.param("cov ([x, -x]')", "np.cov([x, -x], rowvar=False)", id="cov"),
    pytest.param("trapz ([x, x]')", "np.trapezoid([x, x], axis=0)", id="trapezoid"),
    pytest.param("fft ([x, 2*x], [], 2)(:, 1)", "np.fft.fft(np.array([x, 2 * x]).T)[:, 0].real"),
    pytest.param("[4 1; 1 3] \\ [x, x]'", "np.linalg.solve([[4.0, 1], [1, 3]], [x, x])"),
]


@pytest.mark.parametrize(("m", "py"), OF_MANY_SIZES)
def test_numbers_of_many_sizes_round(judge, m, py):
    assert judge(m, py, SIZES).agrees


@pytest.mark.parametrize(("m", "py"), OF_MANY_SIZES)
def test_a_small_number_beside_large_ones_has_a_floor_of_its_own(judge, m, py):
    port = f"def f(x):\n    y = {py}\n    return np.where(np.abs(y) < 2e-7, 1.001, 1.0) * y\n"
    assert judge(m, port, SIZES).verdict == "different"


def test_a_function_that_is_given_rounds_too(judge):
    octave = "function y = f(g)\ny = g(3) - 0.1;\nend\n"
    off = 0.1 * (1 + 1e-9)
    handle = Function(octave="@(p) k", python=lambda p: off + 2.0**-55, k=off)
    assert judge(octave, "def f(g):\n    return g(3.0) - 0.1\n", handle).verdict == "rounding"


# Classes and conventions

EIGEN = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 5.0]])
CONVENTIONS = [
    pytest.param("numel(x)", "np.int32(x.size)", "class", id="int32"),
    pytest.param("cumsum(x > 0.1)", "np.cumsum(x > 0.1, dtype=np.int16)", "class", id="int16"),
    pytest.param("x > 0.1", "(x > 0.1).astype(float)", "class", id="double for logical"),
    pytest.param("double(x > 0.1)", "x > 0.1", "class", id="logical for double"),
    pytest.param("x / 3", "(x / 3).astype(np.float32)", "class", id="single for double"),
    pytest.param("int32(x * 10)", "(x * 10).round()", "class", id="double for int32"),
    pytest.param("find(x > 0.1)", "np.flatnonzero(x > 0.1) * 1.0", "zero-based", id="indices"),
    pytest.param("[x x/3]'", "np.column_stack([x, x / 3])", "transposed", id="transposed"),
    pytest.param("x'", "x[:, None]", "transposed", id="column for row"),
    pytest.param("[-x, x/3]", "np.column_stack([x, x / 3])", "column signs", id="signs"),
    pytest.param("[x, x/3]", "np.column_stack([x / 3, x])", "column order", id="order"),
]


def test_a_vector_in_another_order_is_another_vector(judge):
    result = judge("x", "x[::-1].copy()", TENTHS)
    assert (result.verdict, result.leaves[0].convention) == ("different", "")


@pytest.mark.parametrize(("m", "py", "named"), CONVENTIONS)
def test_what_is_right_up_to_a_convention_says_so_once(judge, m, py, named):
    result = judge(m, py, TENTHS)
    assert (result.verdict, result.leaves[0].convention) == ("different", named)


@pytest.mark.parametrize(("m", "py", "named"), CONVENTIONS)
def test_a_case_may_allow_a_convention(judge, m, py, named):
    assert judge(m, py, TENTHS, allow=named).agrees


@pytest.mark.parametrize(
    ("m", "py"),
    [
        pytest.param("numel(x)", "np.int64(x.size + 1)", id="int64 and another number"),
        pytest.param("x > 0.1", "(x > 0.2).astype(float)", id="double and another mask"),
        pytest.param("x / 3", "(x / 3).astype(np.float32) * np.float32(1.001)", id="single"),
    ],
)
def test_a_class_hides_no_difference(judge, m, py):
    result = judge(m, py, TENTHS, allow="class")
    assert result.verdict == "different"
    assert result.leaves[0].distance.unequal.any()
    assert result.leaves[0].class_note


def test_a_convention_that_nobody_knows_is_named():
    with pytest.raises(ValueError, match=r"allow knows 'class', .*; not 'sign'"):
        Case(1.0, allow="sign")


# What was not compared


@pytest.mark.parametrize(
    ("m", "py", "argument", "text"),
    [
        pytest.param("@sin", "np.sin", 0.5, "untestable; 1 handle not compared", id="handle"),
        pytest.param(
            "{@sin, x}", "[np.sin, x]", 0.5, "identical; 1 handle not compared", id="and a number"
        ),
        pytest.param(
            "{inputParser(), x}",
            "[object(), x]",
            0.5,
            "identical; 1 inputParser not compared",
            id="object",
        ),
        pytest.param(
            "\nfunction f(x)\nx;\nend\n",
            "def f(x):\n    pass\n",
            0.5,
            "untestable",
            id="no outputs",
        ),
        pytest.param(
            "containers.Map({'a', 'b'}, {x, 2})", "{'a': x, 'b': 2.0}", 0.5, "identical", id="Map"
        ),
        pytest.param(
            "containers.Map({'a', 'b'}, {x, 2})", "{'a': x, 'b': 3.0}", 0.5, "different", id="value"
        ),
        pytest.param("containers.Map('a', x)", "{'b': x}", 0.5, "different", id="another key"),
        pytest.param(
            "containers.Map([1 2], {x, 2})",
            "{1: x, 2: 2.0}",
            0.5,
            "identical",
            id="numbers as keys",
        ),
        pytest.param(
            "x .* [1; NaN; 1]",
            "np.ma.masked_array(x, [False, True, False])",
            TENTHS,
            "identical",
            id="masked and NaN",
        ),
        pytest.param(
            "x", "np.ma.masked_array(x, [False, True, False])", TENTHS, "different", id="masked"
        ),
        pytest.param("x", "np.ma.masked_array(x)", TENTHS, "identical", id="nothing masked"),
    ],
)
def test_what_was_not_compared_is_said(judge, m, py, argument, text):
    assert judge(m, py, argument).verdict_text == text


# What rounding alone moves across all that it could be tells nothing of a port

MAPPED = """
function x = f(x, r)
for k = 1:{}
  x = {};
end
end
"""
MAPPED_PORT = """
def f(x, r):
    for _ in range({}):
        x = {}
    return x
"""
LOGISTIC, DOUBLING = "r*x*(1 - x)", "2*x - (x > .5)"


@pytest.mark.parametrize(
    ("turns", "step", "other", "verdict"),
    [
        pytest.param(100, LOGISTIC, "r*x - r*x*x", "untestable", id="chaos"),
        pytest.param(100, LOGISTIC, "(r + 1e-4)*x*(1 - x)", "untestable", id="chaos, wrong"),
        pytest.param(10, LOGISTIC, "r*x - r*x*x", "rounding", id="before chaos"),
        pytest.param(10, LOGISTIC, "(r + 1e-9)*x*(1 - x)", "different", id="before, wrong"),
        pytest.param(40, DOUBLING, DOUBLING, "identical", id="doubling"),
        pytest.param(
            40, DOUBLING, DOUBLING + " + 2.0**-10 * (_ == 39)", "different", id="doubling, wrong"
        ),
    ],
)
def test_chaos_is_untestable_and_what_is_exact_is_no_chaos(judge, turns, step, other, verdict):
    m, py = MAPPED.format(turns, step), MAPPED_PORT.format(turns, other)
    assert judge(m, py, 0.37, 3.9).verdict == verdict


def test_a_remainder_of_a_cancellation_is_rounding(judge):
    slope = "((x + 1e-5).^3 - (x - 1e-5).^3) / 2e-5 - 3*x.^2"
    other = "((x + 1e-5)*(x + 1e-5)*(x + 1e-5) - (x - 1e-5)**3) / 2e-5 - 3*x*x"
    assert judge(slope, other, TENTHS + 0.6).verdict == "rounding"


def test_a_remainder_without_an_argument_is_rounding(judge):
    slope = "((0.7 + 1e-5)^3 - (0.7 - 1e-5)^3) / 2e-5 - 3*0.7^2"
    other = "((0.7 + 1e-5)*(0.7 + 1e-5)*(0.7 + 1e-5) - (0.7 - 1e-5)**3) / 2e-5 - 3*0.7*0.7"
    m = f"\nfunction y = f()\ny = {slope};\nend\n"
    assert judge(m, f"def f():\n    return {other}\n").verdict in ("identical", "rounding")
