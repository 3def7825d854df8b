"""What counts as the same value on both sides, and how far apart two values are."""

import math

import numpy as np
import pytest
import scipy.sparse

from lockstep.compare.conventions import apply
from lockstep.compare.distance import distance, ulp_distance
from lockstep.compare.leaves import Leaf, leaves
from lockstep.compare.raised import compare_errors
from lockstep.model.values import Handle, Map, Opaque, StructArray
from lockstep.project.cases import Case
from lockstep.sides.port import PortReply


def scalar(x, kind=None):
    return np.array([[x]], kind)


def line(*numbers):
    """Make a row as it comes from Octave."""
    return np.array([numbers])


def cell(*items):
    array = np.empty((1, len(items)), dtype=object)
    for i, item in enumerate(items):
        array[0, i] = item
    return array


EMPTY_CELL = np.empty((0, 0), object)
CHARS = np.array([["a", "b"], ["c", " "]])
STRUCTS = StructArray((1, 2), ({"a": scalar(1.0)}, {"a": scalar(2.0)}))


def mismatches(octave, python):
    return [(leaf.path, leaf.mismatch) for leaf in leaves(octave, python) if leaf.mismatch]


def differing(octave, python):
    """Return the paths of the leaves whose values differ."""
    return [
        leaf.path
        for leaf in leaves(octave, python)
        if leaf.compared and distance(leaf.octave, leaf.python).unequal.any()
    ]


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        pytest.param(scalar(1.5), 1.5, id="1 x 1 and float"),
        pytest.param(scalar(3.0), 3, id="double and int"),
        pytest.param(scalar(2.0**70), 2**70, id="double and an int beyond 64 bits"),
        pytest.param(scalar(1.5), np.float64(1.5), id="1 x 1 and NumPy scalar"),
        pytest.param(scalar(1.5), np.array(1.5), id="1 x 1 and an array without dimensions"),
        pytest.param(scalar(1.5), np.array([1.5]), id="1 x 1 and 1-D"),
        pytest.param(scalar(1.5), np.array([[1.5]]), id="1 x 1 and 2-D"),
        pytest.param(line(1.0, 2.0), np.array([1.0, 2.0]), id="row and 1-D"),
        pytest.param(line(1.0, 2.0).T, np.array([1.0, 2.0]), id="column and 1-D"),
        pytest.param(line(1.0, 2.0), np.array([[1.0, 2.0]]), id="row and 2-D"),
        pytest.param(np.ones((2, 3)), np.ones((2, 3), order="F"), id="order in memory"),
        pytest.param(np.ones((2, 3)), np.ones((2, 3, 1)), id="trailing dimension of 1"),
        pytest.param(np.ones((2, 3, 4)), np.ones((2, 3, 4)), id="three dimensions"),
        pytest.param(np.zeros((0, 0)), None, id="[] and None"),
        pytest.param(np.zeros((0, 0)), np.zeros(0), id="[] and empty 1-D"),
        pytest.param(np.zeros((1, 0)), np.zeros(0), id="1 x 0 and empty 1-D"),
        pytest.param(np.zeros((0, 1)), np.zeros(0), id="0 x 1 and empty 1-D"),
        pytest.param(np.zeros((0, 3)), np.zeros((0, 3)), id="0 x 3"),
        pytest.param(EMPTY_CELL, [], id="{} and empty list"),
        pytest.param(cell(), (), id="1 x 0 cell and empty tuple"),
        pytest.param(scalar(1.0, np.float32), np.float32(1), id="single"),
        pytest.param(scalar(1, np.int8), np.int8(1), id="integer"),
        pytest.param(scalar(2**63, np.uint64), np.uint64(2**63), id="large integer"),
        pytest.param(scalar(True), True, id="logical and bool"),
        pytest.param(scalar(True), np.True_, id="logical and NumPy's bool"),
        pytest.param(line(True, False), np.array([True, False]), id="logical array"),
        pytest.param(scalar(np.nan), -np.nan, id="NaN of any bits"),
        pytest.param(line(1.0, complex(np.nan, np.nan)), np.array([1, np.nan]), id="complex NaN"),
        pytest.param(scalar(np.inf), np.inf, id="Inf"),
        pytest.param(scalar(1.0), 1 + 0j, id="narrowed by Octave"),
        pytest.param(scalar(1 + 0j), 1.0, id="narrowed by the port"),
        pytest.param(line(1.0, np.inf), np.array([1 + 0j, complex(np.inf, 0)]), id="and with Inf"),
        pytest.param("né", "né", id="text"),
        pytest.param("", "", id="empty text"),
        pytest.param("ab", np.str_("ab"), id="NumPy's str"),
        pytest.param("ab", np.array(["ab"]), id="array of one string"),
        pytest.param(CHARS, np.array([["a", "b"], ["c", " "]]), id="char matrix"),
        pytest.param(CHARS, np.array(["ab", "c "]), id="char matrix and strings"),
        pytest.param(CHARS, np.array(["ab", "c"]), id="char matrix and strings to pad"),
        pytest.param(CHARS, ["ab", "c "], id="char matrix and a list of strings"),
        pytest.param(cell(scalar(1.0), "a"), [1.0, "a"], id="cell and list"),
        pytest.param(cell(scalar(1.0), "a"), (1.0, "a"), id="cell and tuple"),
        pytest.param(cell(scalar(1.0), "a").T, [1.0, "a"], id="cell column and list"),
        pytest.param(cell(scalar(1.0)), np.array([[1.0]], dtype=object), id="array of objects"),
        pytest.param(
            cell(line(1.0, 2.0), line(3.0, 4.0)),
            [np.array([1.0, 2.0]), np.array([3.0, 4.0])],
            id="list of arrays of one size",
        ),
        pytest.param(cell(cell("a"), EMPTY_CELL), [["a"], []], id="cells in a cell"),
        pytest.param({"a": scalar(1.0), "b": "x"}, {"b": "x", "a": 1.0}, id="fields in any order"),
        pytest.param({}, {}, id="struct without fields"),
        pytest.param(STRUCTS, [{"a": 1.0}, {"a": 2.0}], id="struct array and list of dicts"),
        pytest.param(STRUCTS, STRUCTS, id="struct array"),
        pytest.param(scipy.sparse.csc_array([[0, 1.0]]), np.array([[0, 1.0]]), id="sparse, dense"),
        pytest.param(
            scipy.sparse.csc_array([[0, 1.0]]), scipy.sparse.csr_array([[0, 1.0]]), id="sparse"
        ),
        pytest.param(Handle("sin"), np.sin, id="functions, which cannot be compared"),
        pytest.param(Opaque("inputParser", ""), {}, id="objects neither"),
    ],
)
def test_the_same(octave, python):
    assert mismatches(octave, python) == []
    assert differing(octave, python) == []


@pytest.mark.parametrize(
    ("octave", "python", "path", "said"),
    [
        pytest.param("a", 1.0, "", "char in Octave, double (float)", id="number for text"),
        pytest.param("1", scalar(1.0), "", "char in Octave, double (ndarray)", id="its digits"),
        pytest.param(line(1.0), [1.0], "", "double in Octave, cell (list)", id="list for matrix"),
        pytest.param(cell("a"), "a", "", "cell in Octave, char (str)", id="text for cell"),
        pytest.param({}, [], "", "struct in Octave, cell (list)", id="list for struct"),
        pytest.param(
            Handle("sin"), 1.0, "", "function_handle in Octave, double (float)", id="handle"
        ),
        pytest.param("", None, "", "char in Octave, double (NoneType)", id="None for text"),
        pytest.param(EMPTY_CELL, None, "", "cell in Octave, double (NoneType)", id="None for {}"),
        pytest.param(
            line(1.0, 2.0),
            np.array([[1.0], [2.0]]),
            "",
            "shape 1x2 in Octave, (2, 1) in Python",
            id="row and column",
        ),
        pytest.param(
            np.ones((2, 3)), np.ones((3, 2)), "", "2x3 in Octave, (3, 2)", id="transposed"
        ),
        pytest.param(line(1.0, 2.0), 1.0, "", "1x2 in Octave, () in", id="scalar for row"),
        pytest.param(scalar(1.0), np.zeros(0), "", "1x1 in Octave, (0,) in", id="empty for scalar"),
        pytest.param(np.zeros((0, 0)), 0.0, "", "0x0 in Octave, () in", id="scalar for empty"),
        pytest.param(np.zeros((0, 3)), None, "", "0x3 in Octave, (0, 0) in", id="None for 0 x 3"),
        pytest.param(np.zeros((3, 0)), np.zeros(0), "", "3x0 in Octave, (0,)", id="1-D for 3 x 0"),
        pytest.param(
            np.ones((1, 1, 3)), np.ones(3), "", "1x1x3 in Octave, (3,)", id="1-D for 3 dimensions"
        ),
        pytest.param("abc", "abcd", "", "'abcd'", id="texts of other lengths are shown"),
        pytest.param(cell("a"), ["a", "b"], "", "1x1 in Octave, (2,) in", id="longer cell"),
        pytest.param(
            cell("a", cell(scalar(1.0))), ["a", ["b"]], "{2}{1}", "double in", id="within cells"
        ),
        pytest.param(
            {"a": {"b": scalar(1.0)}}, {"a": {"b": "x"}}, ".a.b", "double in Octave", id="in struct"
        ),
        pytest.param(
            {"a": "", "b": ""},
            {"a": "", "c": "", "d": ""},
            "",
            "fields differ; only in Octave: b; only in Python: c, d",
            id="fields",
        ),
        pytest.param(STRUCTS, [{"a": 1.0}], "", "2 structs in Octave, 1 in Python", id="fewer"),
        pytest.param(
            STRUCTS, [{"a": 1.0}, {"a": "x"}], "(2).a", "double in Octave, char", id="in one of ()"
        ),
    ],
)
def test_not_the_same_form(octave, python, path, said):
    ((found_path, found),) = mismatches(octave, python)
    assert found_path == path
    assert said in found


@pytest.mark.parametrize(
    ("octave", "python", "paths"),
    [
        pytest.param(scalar(1.0), 1.0 + 2.0**-52, [""], id="last bit"),
        pytest.param(scalar(0.0), -0.0, [""], id="sign of zero"),
        pytest.param(scalar(np.nan), 0.0, [""], id="NaN and number"),
        pytest.param(scalar(1 + 1j), 1 - 1j, [""], id="conjugate"),
        pytest.param(scalar(1 + 1j), 1.0, [""], id="imaginary part dropped"),
        pytest.param("abc", "abd", [""], id="letter"),
        pytest.param(scalar(True), False, [""], id="logical"),
        pytest.param(scalar(2**64 - 1, np.uint64), np.uint64(2**64 - 2), [""], id="large integer"),
        pytest.param(cell("a", "b", "c"), ["x", "b", "y"], ["{1}", "{3}"], id="in a cell"),
        pytest.param({"a": scalar(1.0)}, {"a": 2.0}, [".a"], id="in a struct"),
        pytest.param(
            np.array([[1.0, 2.0], [3.0, 4.0]]),
            np.array([[1.0, 3.0], [2.0, 4.0]]),
            [""],
            id="transposed square",
        ),
    ],
)
def test_not_the_same_value(octave, python, paths):
    assert mismatches(octave, python) == []
    assert differing(octave, python) == paths


@pytest.mark.parametrize(
    ("octave", "python", "note"),
    [
        pytest.param(scalar(1.0), np.int64(1), "int64 for double", id="int64"),
        pytest.param(line(1.0, 2.0), np.array([1, 2]), "int64 for double", id="int64 array"),
        pytest.param(scalar(1.0), True, "logical for double", id="bool"),
        pytest.param(scalar(True), 1, "double for logical", id="int for logical"),
        pytest.param(scalar(1.0, np.float32), 1.0, "double for single", id="double for single"),
        pytest.param(scalar(1.0), np.float32(1), "single for double", id="single for double"),
        pytest.param(scalar(1, np.int8), 1, "double for int8", id="double for integer"),
        pytest.param(scalar(1, np.int8), np.uint16(1), "uint16 for int8", id="another integer"),
    ],
)
def test_a_class_that_differs_is_noted_beside_the_values(octave, python, note):
    (leaf,) = leaves(octave, python)
    assert (leaf.class_note, leaf.mismatch) == (note, "")
    assert not distance(leaf.octave, leaf.python).unequal.any()


def test_a_map_is_compared_by_its_keys():
    octave = Map({"a": scalar(1.0), "b": "x"})
    assert mismatches(octave, {"b": "x", "a": 1.0}) == []
    assert mismatches(octave, {"a": 1.0}) == [("", "keys differ; only in Octave: 'b'")]
    assert differing(octave, {"a": 2.0, "b": "x"}) == ["('a')"]
    assert mismatches(Map({1.0: "x"}), {1: "x"}) == []


def test_what_is_masked_is_nan():
    masked = np.ma.masked_array([1.0, 2.0], [False, True])
    assert differing(line(1.0, np.nan), masked) == []
    assert differing(line(1.0, 2.0), masked) == [""]
    assert mismatches(line(1.0, np.nan), np.ma.masked_array([1, 2], [False, True])) == []


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        pytest.param(EMPTY_CELL, [], id="cell"),
        pytest.param({}, {}, id="struct without fields"),
        pytest.param(Map({}), {}, id="Map"),
        pytest.param(StructArray((0, 0), ()), [], id="struct array"),
    ],
)
def test_what_is_empty_on_both_sides_was_compared(octave, python):
    (leaf,) = leaves(octave, python)
    assert leaf.compared
    assert not leaf.mismatch


def test_what_cannot_be_compared_says_so():
    assert [leaf.compared for leaf in leaves(cell(Handle("sin"), "a"), [np.sin, "a"])] == [
        False,
        True,
    ]


def test_a_leaf_knows_the_shape_of_the_python_value():
    (leaf,) = leaves(line(1.0, 2.0), np.array([1.0, 3.0]))
    assert (leaf.octave.shape, leaf.python.shape, leaf.python_shape) == ((1, 2), (1, 2), (2,))


# Units in the last place


TINY = 5e-324
MAX = np.finfo(float).max


@pytest.mark.parametrize(
    ("a", "b", "ulps"),
    [
        pytest.param(1.0, 1.0, 0, id="equal"),
        pytest.param(1.0, math.nextafter(1, 2), 1, id="next above"),
        pytest.param(1.0, math.nextafter(1, 0), 1, id="next below, half as far"),
        pytest.param(-1.0, math.nextafter(-1, 0), 1, id="negative"),
        pytest.param(1.0, 2.0, 2**52, id="a factor of 2"),
        pytest.param(0.0, -0.0, 1, id="signs of zero"),
        pytest.param(0.0, TINY, 1, id="zero and the smallest denormal"),
        pytest.param(-0.0, -TINY, 1, id="and below zero"),
        pytest.param(-TINY, TINY, 3, id="across both zeros"),
        pytest.param(np.finfo(float).tiny, np.nextafter(np.finfo(float).tiny, 0), 1, id="denormal"),
        pytest.param(np.nan, np.nan, 0, id="NaN is NaN"),
        pytest.param(np.nan, 1.0, np.inf, id="NaN is no number"),
        pytest.param(np.inf, np.inf, 0, id="Inf is Inf"),
        pytest.param(np.inf, -np.inf, np.inf, id="of one sign"),
        pytest.param(np.inf, MAX, np.inf, id="Inf is no number"),
        pytest.param(np.inf, np.nan, np.inf, id="nor NaN"),
        pytest.param(-MAX, MAX, 2 * (0x7FF0000000000000 - 1) + 1, id="from end to end"),
    ],
)
def test_ulp_distance(a, b, ulps):
    assert ulp_distance(np.array(a), np.array(b)) == ulps
    assert ulp_distance(np.array(b), np.array(a)) == ulps


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_ulp_distance_counts_the_steps_of_nextafter(kind):
    """From any float, n steps of nextafter are n ulps; one more where they cross 0 (0 and -0)."""
    bits = np.random.default_rng(1).bytes(4000)
    start = np.frombuffer(bits, kind)
    start = np.concatenate([start[np.isfinite(start)], np.array([0, 1e-45, -1e-45], kind)])
    moved = start
    for steps in range(1, 8):
        moved = np.nextafter(moved, kind(np.inf))
        crossed = np.signbit(start) & ~np.signbit(moved)
        assert np.array_equal(ulp_distance(start, moved), steps + crossed)


@pytest.mark.parametrize(("kind", "whole"), [(np.float64, np.int64), (np.float32, np.int32)])
def test_ulp_distance_agrees_with_whole_numbers_on_random_bits(kind, whole):
    """Python's unbounded integers are the reference; the answer is one double."""
    a, b = (np.random.default_rng(seed).bytes(4000) for seed in (2, 3))
    a, b = np.frombuffer(a, kind), np.frombuffer(b, kind)
    keep = np.isfinite(a) & np.isfinite(b)
    a, b = a[keep], b[keep]

    def place(x):
        bits = int(x.view(whole))
        return bits if bits >= 0 else -(bits & int(np.iinfo(whole).max)) - 1

    expected = [float(abs(place(x) - place(y))) for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(ulp_distance(a, b), expected, rtol=2**-52)
    assert np.array_equal(ulp_distance(a, b), ulp_distance(b, a))


def test_single_counts_where_one_of_two_is_single():
    assert ulp_distance(np.float32([1]), np.array([1 + 2.0**-23])) == 1


# Distances


@pytest.mark.parametrize(
    ("octave", "python", "absolute", "relative", "ulps"),
    [
        pytest.param(2.0, 2.5, 0.5, 0.2, 2**50, id="relative to the larger"),
        pytest.param(0.0, 0.0, 0, 0, 0, id="equal"),
        pytest.param(0.0, -0.0, 0, 0, 1, id="signs of zero"),
        pytest.param(0.0, 2.0, 2, 1, None, id="relative to zero"),
        pytest.param(np.nan, 1.0, np.inf, np.inf, np.inf, id="NaN"),
        pytest.param(np.inf, 1.0, np.inf, np.inf, np.inf, id="Inf"),
        pytest.param(np.inf, np.inf, 0, 0, 0, id="equal Inf"),
        pytest.param(-MAX, MAX, np.inf, np.inf, None, id="beyond the largest number"),
        pytest.param(3 + 4j, 3 + 0j, 4, 0.8, None, id="complex"),
        pytest.param(1 + 1j, 1 + 1j + 2j**2 * 0, 0, 0, 0, id="equal complex"),
        pytest.param(
            1 + 1j, complex(1 + 2**-52, 1 - 2**-52), 2**-51.5, 2**-52, 2, id="the farther part"
        ),
        pytest.param(complex(1, np.nan), 1 + 1j, np.inf, np.inf, np.inf, id="NaN in one part"),
        pytest.param(complex(np.inf, 1), complex(np.inf, 1), 0, 0, 0, id="equal parts, one Inf"),
        pytest.param(complex(1, np.nan), complex(np.nan, 2), 0, 0, 0, id="NaN in other parts"),
    ],
)
def test_distance(octave, python, absolute, relative, ulps):
    """The relative ones are rounded twice (a difference, or hypot, and a quotient)."""
    found = distance(np.array([[octave]]), np.array([[python]]))
    np.testing.assert_allclose(found.absolute, absolute, rtol=2**-51)
    np.testing.assert_allclose(found.relative, relative, rtol=2**-50)
    assert ulps is None or found.ulps == ulps
    assert found.unequal == (found.ulps != 0)


def test_text_and_integers_have_no_ulps():
    found = distance(np.array([[1, 2]], np.int8), np.array([[1, 3]], np.int8))
    assert found.unequal.tolist() == [[False, True]]
    np.testing.assert_equal(found.ulps, [[0, np.nan]])


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        (
            "'pdist' undefined\nThe 'pdist' function belongs to the statistics package",
            "with the line: pkg load statistics",
        ),
        ("no graphics toolkits are available!", "install gnuplot: with it Octave draws"),
    ],
)
def test_what_helps_stands_beside_an_error(said, helps):
    result = compare_errors("f", "one", Case(1.0), Exception(said), PortReply(1.0, 0.0, "", []))
    assert helps in result.problem


def test_a_list_of_numbers_that_octave_cannot_work_with_is_said_to_be_a_cell():
    error = RuntimeError("prod: wrong type argument 'cell'")
    reply = PortReply(1.0, 0.0, "", [])
    told = compare_errors("f", "one", Case(2.0, [1, 2]), error, reply).problem
    assert "argument 2 of the case is a list, which is a cell in Octave" in told
    assert "is a list" not in compare_errors("f", "one", Case(2.0, ["a"]), error, reply).problem
    other = RuntimeError("nonconformant arguments")
    assert "is a list" not in compare_errors("f", "one", Case([1, 2]), other, reply).problem


@pytest.mark.filterwarnings("error")
def test_a_real_matrix_of_the_port_is_turned_by_real_signs_to_a_complex_one_of_octave():
    octave = np.array([[1.0 + 1e-3j, 2.0], [3.0, 4.0]])
    leaf = Leaf("v", octave, octave.real * [1, -1])
    assert np.array_equal(apply(leaf, "column signs").python, octave.real)
