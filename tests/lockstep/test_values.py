"""Values on their way to Octave and back: class, size and every bit."""

import numpy as np
import pytest
import scipy.sparse

from lockstep.model.values import (
    Handle,
    Map,
    Opaque,
    StructArray,
    UnsupportedValueError,
    octave_class,
    octave_index,
    python_index,
    size_text,
    to_python,
)
from lockstep.project.cases import Function, octave_side, row

DENORMAL = np.nextafter(0.0, 1.0)
NA = np.array([0x7FF840F440000000], np.uint64).view(np.float64)[0]
INTEGERS = (np.int8, np.int16, np.int32, np.uint8, np.uint16, np.uint32, np.uint64)


def limits(kind):
    return np.array([[np.iinfo(kind).min, 1, np.iinfo(kind).max]], kind)


def cell(*items, shape=None):
    """Make the array of objects of a cell: {}, a row, or of `shape` column by column."""
    array = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    return array.reshape(shape or ((1, len(items)) if items else (0, 0)), order="F")


def scalar(x):
    return np.array([[x]])


def column(*numbers):
    return np.array(numbers)[:, np.newaxis]


def same_bits(a, b):
    """Tell whether two decoded values agree in type, size and every bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, StructArray):
        return a.shape == b.shape and all(map(same_bits, a.items, b.items))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same_bits(a[name], b[name]) for name in a)
    if scipy.sparse.issparse(a):
        return same_bits(a.toarray(), b.toarray())
    if not isinstance(a, np.ndarray):
        return a == b
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype == object:
        return all(map(same_bits, a.ravel(), b.ravel()))
    return a.tobytes() == b.tobytes()


NUMBERS = [
    pytest.param(1.5, scalar(1.5), "double", (1, 1), id="float"),
    pytest.param(-0.0, scalar(-0.0), "double", (1, 1), id="minus zero keeps its sign"),
    pytest.param(np.nan, scalar(np.nan), "double", (1, 1), id="NaN"),
    pytest.param(-np.inf, scalar(-np.inf), "double", (1, 1), id="-Inf"),
    pytest.param(DENORMAL, scalar(DENORMAL), "double", (1, 1), id="smallest denormal"),
    pytest.param(3, scalar(3.0), "double", (1, 1), id="int is a double"),
    pytest.param(np.int64(3), scalar(3.0), "double", (1, 1), id="int64 is a double"),
    pytest.param(np.array([1, 2]), column(1.0, 2.0), "double", (2, 1), id="int64 array too"),
    pytest.param(2**63, scalar(2.0**63), "double", (1, 1), id="int beyond int64 is a double"),
    pytest.param(2**70, scalar(2.0**70), "double", (1, 1), id="int beyond uint64 is a double"),
    pytest.param(np.array(1.5), scalar(1.5), "double", (1, 1), id="array without dimensions"),
    pytest.param(np.array([1.5]), scalar(1.5), "double", (1, 1), id="array of one"),
    pytest.param(range(2), column(0.0, 1.0), "double", (2, 1), id="range"),
    pytest.param(
        np.array([1.0, 2.0], ">f8"), column(1.0, 2.0), "double", (2, 1), id="other byte order"
    ),
    pytest.param(np.float32(0.1), scalar(np.float32(0.1)), "single", (1, 1), id="single"),
    pytest.param(
        np.float32([[-0.0, np.nan]]), np.float32([[-0.0, np.nan]]), "single", (1, 2), id="singles"
    ),
    *(
        pytest.param(limits(kind), limits(kind), kind.__name__, (1, 3), id=f"{kind.__name__} range")
        for kind in INTEGERS
    ),
    pytest.param(np.int8(-128), scalar(np.int8(-128)), "int8", (1, 1), id="integer scalar"),
    pytest.param(True, scalar(True), "logical", (1, 1), id="bool"),
    pytest.param(
        np.array([True, False]), column(True, False), "logical", (2, 1), id="array of bool"
    ),
]

COMPLEX = [
    pytest.param(1 + 2j, scalar(1 + 2j), "double", (1, 1), id="complex"),
    pytest.param(
        complex(-0.0, -0.0), scalar(complex(-0.0, -0.0)), "double", (1, 1), id="two minus zeros"
    ),
    pytest.param(
        complex(np.inf, -0.0), scalar(complex(np.inf, -0.0)), "double", (1, 1), id="Inf - 0i"
    ),
    pytest.param(
        complex(np.nan, np.inf), scalar(complex(np.nan, np.inf)), "double", (1, 1), id="NaN + Inf i"
    ),
    pytest.param(complex(1, 0), scalar(1 + 0j), "double", (1, 1), id="without imaginary part"),
    pytest.param(
        np.array([[1j, 2], [3, complex(0, -np.inf)]]),
        np.array([[1j, 2], [3, complex(0, -np.inf)]]),
        "double",
        (2, 2),
        id="complex matrix",
    ),
    pytest.param(
        np.complex64(complex(-0.0, 0.1)),
        np.array([[complex(-0.0, 0.1)]], np.complex64),
        "single",
        (1, 1),
        id="complex single",
    ),
]

SIZES = [
    pytest.param(np.arange(3.0), column(0.0, 1.0, 2.0), "double", (3, 1), id="1-D is a column"),
    pytest.param(row(np.arange(3.0)), np.array([[0.0, 1, 2]]), "double", (1, 3), id="row is a row"),
    pytest.param(row([1j, 2]), np.array([[1j, 2]]), "double", (1, 2), id="row of complex"),
    pytest.param(
        np.arange(24.0).reshape(2, 3, 4),
        np.arange(24.0).reshape(2, 3, 4),
        "double",
        (2, 3, 4),
        id="three dimensions",
    ),
    pytest.param(
        np.ones((2, 3, 1)), np.ones((2, 3)), "double", (2, 3), id="trailing 1 is dropped by Octave"
    ),
    pytest.param(
        np.arange(12.0).reshape(3, 4)[::2, ::-1],
        np.array([[3.0, 2, 1, 0], [11, 10, 9, 8]]),
        "double",
        (2, 4),
        id="strided view",
    ),
    pytest.param(None, np.zeros((0, 0)), "double", (0, 0), id="None is []"),
    pytest.param(np.zeros((0, 0)), np.zeros((0, 0)), "double", (0, 0), id="0 x 0"),
    pytest.param(np.zeros((0, 3)), np.zeros((0, 3)), "double", (0, 3), id="0 x 3"),
    pytest.param(np.zeros((1, 0)), np.zeros((1, 0)), "double", (1, 0), id="1 x 0"),
    pytest.param(np.zeros(0), np.zeros((0, 1)), "double", (0, 1), id="1-D and empty is a column"),
    pytest.param(row([]), np.zeros((1, 0)), "double", (1, 0), id="empty row"),
    pytest.param(np.zeros((0, 3, 2)), np.zeros((0, 3, 2)), "double", (0, 3, 2), id="0 x 3 x 2"),
    pytest.param(
        np.zeros((0, 3), bool), np.zeros((0, 3), bool), "logical", (0, 3), id="empty logical"
    ),
]

TEXTS = [
    pytest.param("abc", "abc", "char", (1, 3), id="ASCII"),
    pytest.param("", "", "char", (0, 0), id="empty text"),
    pytest.param("né", "né", "char", (1, 3), id="Octave counts bytes of UTF-8"),
    pytest.param("😀", "😀", "char", (1, 4), id="beyond the basic plane"),
    pytest.param(" a\tb\n ", " a\tb\n ", "char", (1, 6), id="blanks and line breaks stay"),
    pytest.param("a\0b", "a\0b", "char", (1, 3), id="NUL stays"),
    pytest.param("\udcc8", "\udcc8", "char", (1, 1), id="a byte that is not UTF-8"),
    pytest.param("'%d\\n\"", "'%d\\n\"", "char", (1, 6), id="quotes and backslashes"),
    pytest.param(np.str_("ab"), "ab", "char", (1, 2), id="NumPy's str"),
    pytest.param(
        np.array([["a", "b"], ["c", "d"]]),
        np.array([["a", "b"], ["c", "d"]]),
        "char",
        (2, 2),
        id="char matrix",
    ),
    pytest.param(
        np.array(["ab", "c"]),
        np.array([["a", "b"], ["c", " "]]),
        "char",
        (2, 2),
        id="array of strings is a padded char matrix",
    ),
    pytest.param(np.array([["a"], ["b"]]), np.array([["a"], ["b"]]), "char", (2, 1), id="column"),
]

TREES = [
    pytest.param([], cell(), "cell", (0, 0), id="empty list"),
    pytest.param(
        [1.0, ["a", []], True],
        cell(scalar(1.0), cell("a", cell()), scalar(True)),
        "cell",
        (1, 3),
        id="nested lists",
    ),
    pytest.param((1.0, "né"), cell(scalar(1.0), "né"), "cell", (1, 2), id="tuple"),
    pytest.param([1 + 0j], cell(scalar(1 + 0j)), "cell", (1, 1), id="complex in a cell"),
    pytest.param(
        [row([1.0, 2.0]), np.zeros(2)],
        cell(np.array([[1.0, 2.0]]), np.zeros((2, 1))),
        "cell",
        (1, 2),
        id="row and column in a cell",
    ),
    pytest.param(
        cell(1.0, "a", None, [], shape=(2, 2)),
        cell(scalar(1.0), "a", np.zeros((0, 0)), cell(), shape=(2, 2)),
        "cell",
        (2, 2),
        id="array of objects",
    ),
    pytest.param(np.empty((0, 3), object), np.empty((0, 3), object), "cell", (0, 3), id="0 x 3"),
    pytest.param({}, {}, "struct", (1, 1), id="struct without fields"),
    pytest.param(
        {"a": 1.0, "b": "né", "c": {"d": {}}},
        {"a": scalar(1.0), "b": "né", "c": {"d": {}}},
        "struct",
        (1, 1),
        id="nested struct",
    ),
    pytest.param(
        {"a": [1.0, "x"], "b": []},
        {"a": cell(scalar(1.0), "x"), "b": cell()},
        "struct",
        (1, 1),
        id="cell in a struct",
    ),
    pytest.param(
        {"end": 1.0}, {"end": scalar(1.0)}, "struct", (1, 1), id="keyword of Octave as a field"
    ),
]

SPARSE = [
    pytest.param(
        scipy.sparse.csc_array([[0, -1.5], [2, 0]]),
        scipy.sparse.csc_array([[0, -1.5], [2, 0]]),
        "double",
        (2, 2),
        id="sparse",
    ),
    pytest.param(
        scipy.sparse.coo_matrix([[0.0, 1.0]]),
        scipy.sparse.csc_array([[0.0, 1.0]]),
        "double",
        (1, 2),
        id="of another layout",
    ),
    pytest.param(
        scipy.sparse.csc_array((3, 2)),
        scipy.sparse.csc_array((3, 2)),
        "double",
        (3, 2),
        id="all zero",
    ),
    pytest.param(
        scipy.sparse.csc_array([[0, 1 - 2j]]),
        scipy.sparse.csc_array([[0, 1 - 2j]]),
        "double",
        (1, 2),
        id="sparse complex",
    ),
    pytest.param(
        scipy.sparse.csc_array([[True, False]]),
        scipy.sparse.csc_array([[True, False]]),
        "logical",
        (1, 2),
        id="logical, sparse",
    ),
    pytest.param(
        scipy.sparse.csc_array([[0, 1]]),
        scipy.sparse.csc_array([[0.0, 1.0]]),
        "double",
        (1, 2),
        id="sparse int64 is a double",
    ),
]


@pytest.mark.parametrize(
    ("value", "returned", "its_class", "its_size"),
    [*NUMBERS, *COMPLEX, *SIZES, *TEXTS, *TREES, *SPARSE],
)
def test_arrives_with_class_size_and_every_bit(octave, value, returned, its_class, its_size):
    found, found_class, found_size = octave.call("seen", value).outputs
    assert (found_class, tuple(found_size.ravel())) == (its_class, its_size)
    assert same_bits(found, returned), found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("NA", scalar(NA), id="NA, a NaN of its own bits"),
        pytest.param("1:3", np.array([[1.0, 2.0, 3.0]]), id="range"),
        pytest.param("eye(2)", np.eye(2), id="diagonal matrix"),
        pytest.param("eye(2)([2 1],:)", np.eye(2)[::-1], id="permutation matrix"),
        pytest.param("int64(9007199254740993)", scalar(np.int64(2**53 + 1)), id="int64, odd"),
        pytest.param("intmin('int64')", scalar(np.int64(-(2**63))), id="int64, smallest"),
        pytest.param("single([])", np.zeros((0, 0), np.float32), id="empty single"),
        pytest.param("zeros(2,0,3)", np.zeros((2, 0, 3)), id="empty, three dimensions"),
        pytest.param("complex(1,0)", scalar(1 + 0j), id="complex() is not narrowed"),
        pytest.param("{complex(1,0)}", cell(scalar(1 + 0j)), id="nor in a cell"),
        pytest.param("[complex(1,0) 2]", np.array([[1.0, 2.0]]), id="Octave's own narrowing"),
        pytest.param("''", "", id="empty char"),
        pytest.param("char(zeros(1,0))", "", id="char row of none"),
        pytest.param("char(zeros(0,3))", np.empty((0, 3), "U1"), id="char 0 x 3"),
        pytest.param("char(zeros(3,0))", np.empty((3, 0), "U1"), id="char 3 x 0"),
        pytest.param("['ab';'cd']", np.array([["a", "b"], ["c", "d"]]), id="char matrix"),
        pytest.param(
            "cat(3,'ab','cd')",
            np.array([[["a", "c"], ["b", "d"]]]),
            id="char of three dimensions",
        ),
        pytest.param("{}", np.empty((0, 0), object), id="empty cell"),
        pytest.param("cell(1,2)", cell(np.zeros((0, 0)), np.zeros((0, 0))), id="cell of []"),
        pytest.param("struct('a',{{}})", {"a": np.empty((0, 0), object)}, id="{} in a struct"),
        pytest.param(
            "struct('a',{1,'x'})",
            StructArray((1, 2), ({"a": scalar(1.0)}, {"a": "x"})),
            id="struct array",
        ),
        pytest.param(
            "struct('a',{1,2;3,4})",
            StructArray((2, 2), tuple({"a": scalar(x)} for x in (1.0, 3.0, 2.0, 4.0))),
            id="struct array, column by column",
        ),
        pytest.param("struct('a',{})", StructArray((0, 0), ()), id="struct array of none"),
        pytest.param("repmat(struct(),2,1)", StructArray((2, 1), ({}, {})), id="without fields"),
        pytest.param(
            "struct('abcdefghijklmnopqrstuvwxyzabcdefghi',1)",
            {"abcdefghijklmnopqrstuvwxyzabcdefghi": scalar(1.0)},
            id="field name beyond 31 letters",
        ),
        pytest.param("@sin", Handle("sin"), id="handle"),
        pytest.param("@(x) x+1", Handle("@(x) x + 1"), id="anonymous function"),
        pytest.param("{@sin}", cell(Handle("sin")), id="handle in a cell"),
        pytest.param(
            "sparse([0 1; -2 0])", scipy.sparse.csc_array([[0.0, 1.0], [-2.0, 0.0]]), id="sparse"
        ),
        pytest.param(
            "sparse([true false])", scipy.sparse.csc_array([[True, False]]), id="sparse logical"
        ),
        pytest.param(
            "sparse([1i complex(0,Inf)])",
            scipy.sparse.csc_array([[1j, complex(0, np.inf)]]),
            id="sparse complex Inf",
        ),
    ],
)
def test_returns_with_class_size_and_every_bit(octave, text, value):
    assert same_bits(octave.call("made", text).outputs[0], value)


def test_an_object_stays_in_octave_and_is_named(octave):
    found = octave.call("made", "inputParser()").outputs[0]
    assert isinstance(found, Opaque)
    assert found.octave_class == "inputParser"


@pytest.mark.parametrize(
    ("made", "items"),
    [
        pytest.param("containers.Map({'b', 'a'}, {'x', 'y'})", {"a": "y", "b": "x"}, id="texts"),
        pytest.param("containers.Map([2 1], {'x', 'y'})", {1.0: "y", 2.0: "x"}, id="numbers"),
        pytest.param("containers.Map()", {}, id="empty"),
    ],
)
def test_a_map_comes_with_its_keys(octave, made, items):
    found = octave.call("made", made).outputs[0]
    assert isinstance(found, Map)
    assert found.items == items


@pytest.mark.parametrize(
    ("function", "value"),
    [
        pytest.param(Function("plus", 2.0), 5.0, id="name and bound argument"),
        pytest.param(Function(octave="@(x) x * k", python=abs, k=3.0), 9.0, id="variable"),
        pytest.param(Function(octave="@sin", python=abs), np.sin(3.0), id="plain handle"),
        pytest.param(
            Function(octave="@(x) g(g(x))", python=abs, g=Function("plus", 2.0)),
            7.0,
            id="handle in a handle",
        ),
        pytest.param(
            Function(octave="@(x) x + numel(text)", python=abs, text="né"), 6.0, id="text"
        ),
    ],
)
def test_a_function_arrives_as_a_handle_that_can_be_called(octave, function, value):
    assert octave.call("feval", octave_side(function), 3.0).outputs[0].item() == value


@pytest.mark.parametrize(
    ("value", "named"),
    [
        pytest.param(np.float16(1), "float16", id="half precision"),
        pytest.param(np.longdouble(1), "extended precision", id="extended precision"),
        pytest.param(np.clongdouble(1), "clongdouble", id="complex of extended precision"),
        pytest.param(object(), "object", id="object"),
        pytest.param({1}, "set", id="set"),
        pytest.param(b"ab", "bytes", id="bytes"),
        pytest.param(np.datetime64("2020"), "datetime64", id="date"),
        pytest.param(np.array([b"a"]), "S1", id="array of bytes"),
        pytest.param(np.zeros(1, [("a", float)]), "ndarray", id="structured array"),
        pytest.param(len, "builtin_function_or_method", id="function without Function"),
        pytest.param([{"a": object()}], "object", id="below a cell and a struct"),
        pytest.param({"a b": 1.0}, "'a b'", id="field with a blank"),
        pytest.param({1: 1.0}, "1", id="field that is not a text"),
        pytest.param({"né": 1.0}, "'né'", id="field that is not ASCII"),
        pytest.param({"_a": 1.0}, "'_a'", id="field with underscore, which SciPy leaves out"),
        pytest.param({"a" * 64: 1.0}, "a" * 64, id="field beyond 63 letters"),
    ],
)
def test_refuses_what_octave_has_no_counterpart_of(octave, value, named):
    with pytest.raises(UnsupportedValueError) as caught:
        octave.call("seen", value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param(1, "double", id="int"),
        pytest.param(1j, "double", id="complex"),
        pytest.param(None, "double", id="None"),
        pytest.param(True, "logical", id="bool"),
        pytest.param(np.True_, "logical", id="NumPy's bool"),
        pytest.param(np.complex64(1), "single", id="complex single"),
        pytest.param(np.int64(1), "int64", id="int64 is not a double when it returns"),
        pytest.param(np.uint8(1), "uint8", id="integer"),
        pytest.param("a", "char", id="str"),
        pytest.param(np.array(["a"]), "char", id="array of strings"),
        pytest.param([1], "cell", id="list"),
        pytest.param(np.empty(1, object), "cell", id="array of objects"),
        pytest.param({}, "struct", id="dict"),
        pytest.param(StructArray((0, 0), ()), "struct", id="struct array"),
        pytest.param(len, "function_handle", id="function"),
        pytest.param(Handle("sin"), "function_handle", id="handle"),
        pytest.param(Opaque("containers.Map", ""), "containers.Map", id="object"),
        pytest.param(scipy.sparse.csc_array([[True]]), "logical", id="sparse logical"),
    ],
)
def test_octave_class(value, name):
    assert octave_class(value) == name


@pytest.mark.parametrize(
    ("decoded", "plain"),
    [
        pytest.param(scalar(1.5), 1.5, id="1 x 1 is a scalar"),
        pytest.param(scalar(True), True, id="logical"),
        pytest.param(scalar(1j), 1j, id="complex"),
        pytest.param("né", "né", id="text"),
        pytest.param(column(1.0, 2.0), np.array([1.0, 2.0]), id="column is 1-D"),
        pytest.param(np.array([[1.0, 2.0]]), np.array([1.0, 2.0]), id="row is 1-D"),
        pytest.param(np.ones((2, 2)), np.ones((2, 2)), id="matrix stays"),
        pytest.param(np.zeros((0, 0)), np.zeros((0, 0)), id="[] stays"),
        pytest.param(cell(scalar(1.0), "a"), [1.0, "a"], id="cell row is a list"),
        pytest.param(np.empty((0, 0), object), [], id="empty cell"),
        pytest.param({"a": {"b": scalar(1.0)}}, {"a": {"b": 1.0}}, id="struct"),
        pytest.param(
            StructArray((1, 2), ({"a": scalar(1.0)}, {"a": "x"})), [{"a": 1.0}, {"a": "x"}], id="()"
        ),
    ],
)
def test_to_python(decoded, plain):
    found = to_python(decoded)
    assert type(found) is type(plain)
    np.testing.assert_equal(found, plain)


@pytest.mark.parametrize(
    ("index", "shape", "octave_text", "python_shape", "python_text"),
    [
        pytest.param((0, 0), (1, 1), "", (), "", id="scalar"),
        pytest.param((0, 0), (1, 1), "", (1, 1), "[0, 0]", id="1 x 1 array"),
        pytest.param((2, 0), (3, 1), "(3)", (3,), "[2]", id="column"),
        pytest.param((0, 2), (1, 3), "(3)", (3,), "[2]", id="row"),
        pytest.param((0, 2), (1, 3), "(3)", (1, 3), "[0, 2]", id="row kept 2-D"),
        pytest.param((1, 2), (3, 4), "(2,3)", (3, 4), "[1, 2]", id="matrix"),
        pytest.param((1, 0, 3), (2, 1, 4), "(2,1,4)", (2, 1, 4), "[1, 0, 3]", id="3 dimensions"),
    ],
)
def test_an_index_is_written_in_both_notations(
    index, shape, octave_text, python_shape, python_text
):
    assert octave_index(index, shape) == octave_text
    assert python_index(index, python_shape) == python_text


def test_a_size_is_written_as_octave_does():
    assert size_text((5, 400)) == "5x400"
