"""Arrays as parts of columns: what comes back is what was kept, and a wrong table is refused."""

import numpy as np
import pytest

from lockstep.model.changed import History
from lockstep.model.execution import NotKept
from lockstep.oracles.columns import ColumnPacker, ColumnUnpacker, column_of, planes

ARRAYS = {
    "double": np.array([[0.1, np.nan], [np.inf, -0.0]]),
    "a payload of NaN": np.array([0x7FF8000000000123], np.uint64).view(np.float64),
    "column-major": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "row-major": np.arange(6.0).reshape(2, 3),
    "a scalar": np.array(0.1),
    "no element": np.zeros((0, 3)),
    "three dimensions": np.arange(24.0).reshape(2, 3, 4),
    "single": np.array([1.5], np.float32),
    "complex": np.array([1 + 2j, np.nan]),
    "single complex": np.array([1 + 2j], np.complex64),
    "logical": np.array([[True, False]]),
    "int8": np.array([[-1, 2]], np.int8),
    "uint64": np.array([2**64 - 1], np.uint64),
    "big-endian": np.array([1.5, 2.5], ">f8"),
    "char": np.array([["a", "é"], ["\0", "c"]]),
    "no char": np.zeros((0, 2), "U1"),
    "texts": np.array(["long", "s"]),
}


def _stored(*arrays):
    packer = ColumnPacker()
    numbers = [packer.array(array) for array in arrays]
    return numbers, packer.packed()


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_comes_back_bit_for_bit(name):
    array = ARRAYS[name]
    numbers, stored = _stored(np.zeros(3), array, np.array(["x"]), array)
    assert numbers[1] == numbers[3]
    back = ColumnUnpacker(stored).array(numbers[1])
    assert (back.dtype, back.shape) == (array.dtype.newbyteorder("="), array.shape)
    assert back.tobytes() == array.astype(back.dtype).tobytes()
    assert back.flags.f_contiguous == array.flags.f_contiguous


def test_values_that_hold_arrays_come_back(tmp_path):
    value = {"a": [np.eye(2), "text"], "b": NotKept("too large", (3, 4))}
    packer = ColumnPacker()
    tree = packer.tree(value)
    back = ColumnUnpacker(packer.packed()).value(tree)
    assert back["a"][0].tolist() == np.eye(2).tolist()
    assert (back["a"][1], back["b"]) == ("text", NotKept("too large", (3, 4)))


def _changes(places, part):
    history = History(np.zeros((100, 2)))
    history.changed(np.array([3]), np.array([0.5]))
    value = history.changed(np.array(places), np.array(part))
    packer = ColumnPacker()
    tree = packer.tree(value)
    return value, ColumnUnpacker(packer.packed()), tree


def test_what_was_changed_comes_back():
    value, reader, tree = _changes([7, 150], [0.1, 0.2])
    back = reader.value(tree)
    assert (back.why, back.version) == (value.why, 2)
    assert np.array_equal(back.whole(), value.whole())


@pytest.mark.parametrize(
    ("places", "part"),
    [
        pytest.param([200], [0.1], id="beyond the array"),
        pytest.param([-1], [0.1], id="before it"),
        pytest.param([1, 2], [0.1], id="fewer values than places"),
        pytest.param([0.5], [0.1], id="no whole number"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(places, part):
    _, reader, tree = _changes(places, part)
    with pytest.raises(ValueError, match="change"):
        reader.value(tree)


def test_a_version_that_there_is_not_is_refused():
    _, reader, tree = _changes([1], [0.1])
    with pytest.raises(ValueError, match="there is no number"):
        reader.value({"changed": [tree["changed"][0], 3]})


def test_the_same_array_is_one_object():
    (number,), stored = _stored(np.ones(3))
    reader = ColumnUnpacker(stored)
    assert reader.array(number) is reader.array(number)


def test_what_has_no_column_is_refused():
    with pytest.raises(TypeError, match="an array of datetime64"):
        ColumnPacker().array(np.array(["2026-01-01"], "M8[D]"))


def test_planes_put_like_bytes_together():
    column = np.array([1, 2, 3], "<i4")
    assert planes(column).tolist() == [[1, 2, 3], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert column_of(planes(column), "<i4").tolist() == [1, 2, 3]


# Files of a stranger


def _with_table(change):
    (number,), stored = _stored(np.arange(6.0).reshape(2, 3))
    table = column_of(stored["about"], "<i8").copy()
    change(table)
    return number, {**stored, "about": planes(table)}


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        pytest.param(0, 99, "no number 99", id="an unknown dtype"),
        pytest.param(0, -1, "no number -1", id="a dtype from the end"),
        pytest.param(1, 5, "ends beyond the values", id="a begin too far"),
        pytest.param(1, -3, "ends beyond the values", id="a begin before the first"),
        pytest.param(4, 1000, "1000 dimensions", id="too many dimensions"),
        pytest.param(4, -1, "-1 dimensions", id="fewer than no dimensions"),
        pytest.param(4, 3, "has no size", id="a size beyond the table"),
        pytest.param(5, 2**40, "ends beyond the values", id="more elements than there are"),
        pytest.param(5, -2, "has no size", id="a negative size"),
        pytest.param(6, 2**62, "ends beyond the values", id="a size that overflows"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(place, value, said):
    def change(table):
        table[place] = value

    number, stored = _with_table(change)
    with pytest.raises(ValueError, match=said):
        ColumnUnpacker(stored).array(number)


@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        pytest.param(3, 0, [97, 98], id="texts without width"),
        pytest.param(3, -1, [97, 98], id="texts of negative width"),
        pytest.param(3, 1, [97, 0x110000], id="no character"),
    ],
)
def test_texts_that_are_none_are_refused(place, value, column):
    (number,), stored = _stored(np.array(["a", "b"]))
    table = column_of(stored["about"], "<i8").copy()
    table[place] = value
    stored |= {"about": planes(table), "u4": planes(np.array(column, "<u4"))}
    with pytest.raises(ValueError, match=r"holds no texts|ends beyond"):
        ColumnUnpacker(stored).array(number)


def test_a_part_that_is_named_many_times_is_in_memory_once():
    numbers, stored = _stored(np.arange(6.0), np.arange(6.0).reshape(2, 3))
    one, other = map(ColumnUnpacker(stored | {"about": _same_begin(stored)}).array, numbers)
    assert np.shares_memory(one, other)


def _same_begin(stored):
    table = column_of(stored["about"], "<i8").copy()
    begins = column_of(stored["begins"], "<i8")
    table[begins[1] + 1] = table[begins[0] + 1]
    return planes(table)


@pytest.mark.parametrize("number", [1, -1, "0", 0.0, True, None])
def test_a_number_of_no_array_is_refused(number):
    _, stored = _stored(np.ones(2))
    with pytest.raises((ValueError, TypeError)):
        ColumnUnpacker(stored).array(number)


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.zeros(8), id="a dtype of its own"),
        pytest.param(np.zeros(8, np.uint8), id="one dimension"),
        pytest.param(np.zeros((4, 2), np.uint8), id="too few bytes"),
    ],
)
def test_a_column_that_is_none_is_refused(array):
    _, stored = _stored(np.ones(2))
    with pytest.raises(ValueError, match="is no column"):
        ColumnUnpacker({**stored, "f8": array})
