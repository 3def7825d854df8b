"""Values in an .npz file: what comes back is what was written, and a bad file is a clear error."""

import zipfile

import numpy as np
import pytest
import scipy.sparse

from lockstep.model.archive import ArchiveError, read_archive, write_archive
from lockstep.model.values import Handle, Map, Opaque, Row, StructArray


def _cell(*items, shape):
    cell = np.empty(len(items), dtype=object)
    cell[:] = items
    return cell.reshape(shape, order="F")


VALUES = {
    "nothing": None,
    "bool": True,
    "int": 10**30,
    "float": 0.1,
    "NaN": float("nan"),
    "negative zero": -0.0,
    "infinite": -float("inf"),
    "complex": complex(-0.0, float("inf")),
    "text": "a'b\n\udc80é",
    "list": [1, "a", [2.5]],
    "tuple": (1, ()),
    "dict": {"a": 1, "b": {"c": np.eye(2)}},
    "double": np.array([[1.0, np.nan], [np.inf, -0.0]]),
    "column-major": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "no element": np.zeros((0, 3)),
    "three dimensions": np.arange(8.0).reshape(2, 2, 2),
    "single": np.array([1.5], np.float32),
    "int8": np.array([[-1, 2]], np.int8),
    "uint64": np.array([2**64 - 1], np.uint64),
    "logical": np.array([[True, False]]),
    "complex array": np.array([1 + 2j, np.nan]),
    "char matrix": np.array([["a", "b"], ["c", "é"]]),
    "scalar of a class": np.int8(3),
    "row": Row(np.arange(3.0)),
    "cell": _cell(np.eye(2), "a", shape=(2, 1)),
    "sparse": scipy.sparse.csc_array(np.array([[0.0, 2.0], [0.0, 0.0]])),
    "handle": Handle("@(x) f (x, a)", {"a": np.eye(2)}),
    "struct array": StructArray((1, 2), ({"a": np.eye(1)}, {"a": "b"})),
    "map": Map({"a": np.eye(1), 2.0: "b"}),
    "object": Opaque("cls", "what it shows"),
}


def _same(a, b):
    if isinstance(a, np.ndarray):
        return (
            a.dtype == b.dtype and a.shape == b.shape and list(map(repr, a)) == list(map(repr, b))
        )
    if scipy.sparse.issparse(a):
        return a.shape == b.shape and _same(a.toarray(), b.toarray())
    return type(a) is type(b) and repr(a) == repr(b)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_comes_back_as_it_was(tmp_path, name):
    write_archive(tmp_path / "v.npz", VALUES[name])
    assert _same(read_archive(tmp_path / "v.npz"), VALUES[name])


def test_an_array_that_occurs_twice_is_kept_once_and_comes_back_as_two(tmp_path):
    big = np.random.default_rng(1).normal(size=10_000)
    write_archive(tmp_path / "v.npz", [big, big.copy()])
    assert (tmp_path / "v.npz").stat().st_size < 100_000
    first, second = read_archive(tmp_path / "v.npz")
    first[0] = 7
    assert second[0] == big[0]


def test_nothing_is_pickled(tmp_path):
    write_archive(tmp_path / "v.npz", list(VALUES.values()))
    with np.load(tmp_path / "v.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_a_value_of_a_strange_class_is_refused(tmp_path):
    with pytest.raises(TypeError, match="type object cannot be kept"):
        write_archive(tmp_path / "v.npz", object())
    assert list(tmp_path.iterdir()) == []


def _cut(file):
    file.write_bytes(file.read_bytes()[:-200])


def _other_tree(text):
    def change(file):
        np.savez(file, tree=np.frombuffer(text.encode(), np.uint8))

    return change


def _pickled(file):
    np.savez(file, tree=np.array([{}], dtype=object))


def _bomb(file):
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr("tree.npy", b"")
        whole.infolist()[0].file_size = 2**40


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(lambda file: file.unlink(), "cannot be read: No such file", id="none"),
        pytest.param(lambda file: file.write_bytes(b""), "holds no values of", id="empty"),
        pytest.param(lambda file: file.write_text("PK"), "holds no values of", id="text"),
        pytest.param(_cut, "holds no values of", id="cut"),
        pytest.param(_pickled, "holds no values of", id="pickle"),
        pytest.param(_other_tree("{"), "holds no values of", id="no JSON"),
        pytest.param(_other_tree('{"array": "a9"}'), "holds no values of", id="no such array"),
        pytest.param(_other_tree('{"__class__": 1}'), "unknown kind '__class__'", id="kind"),
        pytest.param(_other_tree('{"a": 1, "b": 2}'), "holds no values of", id="two kinds"),
        pytest.param(_other_tree("7"), "holds no values of", id="a number"),
        pytest.param(_bomb, "claims to hold", id="too large"),
    ],
)
def test_a_file_that_is_damaged_or_hostile_is_a_clear_error(tmp_path, damage, said):
    file = tmp_path / "v.npz"
    write_archive(file, [np.random.default_rng(1).normal(size=100)])
    damage(file)
    with pytest.raises(ArchiveError, match=said):
        read_archive(file)


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be written"):
        write_archive(tmp_path / "file" / "v.npz", 1)
