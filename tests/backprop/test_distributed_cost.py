"""DistributedCost is BatchedCost's cost, with the same bits whoever computes it from whatever.

Here stand the blocks, their sources and the workers; what is done inside of a block is tested with
BatchedCost.
"""

import contextlib
import io
import os
import signal
import sys
import threading
import time
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize

from backprop import fmincg
from backprop.batched import BatchedCost
from backprop.distributed_cost import DistributedCost
from backprop.row_files import Hdf5Rows, NpyRows

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

EPS = np.finfo(float).eps
SIZES, ROWS, BLOCK = [6, 5, 3], 1000, 16  # 63 blocks, the last of 8 rows


def problem(sizes=SIZES, m=ROWS, dtype=float):
    random = np.random.default_rng(3)
    size, K = sum(s * (n + 1) for n, s in pairwise(sizes)), sizes[-1]
    y = random.integers(0, 2, m) if K == 1 else random.integers(1, K + 1, m)
    return random.uniform(-1, 1, size), random.normal(size=(m, sizes[0])).astype(dtype), y


def chunked(X, rows):
    return da.from_array(X, chunks=(rows, -1))


def distributed_cost(X, y, sizes=SIZES, lambda_=0.7, **options):
    options = {"scheduler": "synchronous", "block_rows": BLOCK} | options
    return DistributedCost(X, y, sizes, lambda_, **options)


@pytest.fixture(scope="module", params=["float64", "float32"])
def case(request):
    """Return weights, examples and labels, and what a single thread makes of one chunk of them."""
    p, X, y = problem(dtype=request.param)
    return p, X, y, distributed_cost(chunked(X, ROWS), y)(p)


def assert_same_bits(found, expected):
    assert [type(x) for x in found] == [type(x) for x in expected]
    assert found[0] == expected[0]
    assert found[1].dtype == expected[1].dtype
    assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("sizes", [SIZES, [6, 1], [6, 5, 1], [6, 4, 4, 3], [3, 2]], ids=str)
@pytest.mark.parametrize("m", [1, 15, 16, 17, 300], ids="{} rows".format)
def test_it_is_batched_cost_but_for_rounding(sizes, m):
    p, X, y = problem(sizes, m)

    J, grad = distributed_cost(chunked(X, 50), y, sizes)(p)

    expected_J, expected_grad = BatchedCost(X, y, sizes, 0.7)(p)
    # m sums of a few terms each, in another order: sqrt(m) roundings at random, and some inside.
    tolerance = 8 * np.sqrt(m) * EPS
    assert_allclose(J, expected_J, rtol=tolerance)
    assert_allclose(grad, expected_grad, atol=tolerance * np.max(np.abs(expected_grad)))


def test_single_class_is_double_class_but_for_its_own_rounding():
    p, X, y = problem(dtype=np.float32)
    p = p.astype(np.float32)

    J, grad = distributed_cost(chunked(X, 50), y)(p)

    expected_J, expected_grad = distributed_cost(chunked(X.astype(float), 50), y)(p.astype(float))
    assert (J.dtype, grad.dtype) == (np.float32, np.float32)
    assert (expected_J.dtype, expected_grad.dtype) == (np.float64, np.float64)
    # A block is summed in single class: sqrt(BLOCK) roundings at random; the tree adds log2(63) = 6
    # more. Each term has the roundings of two layers of up to 7 products: again a handful.
    tolerance = (np.sqrt(BLOCK) + 6 + 2 * 7) * np.finfo(np.float32).eps
    assert_allclose(J, expected_J, rtol=tolerance)
    assert_allclose(grad, expected_grad, atol=tolerance * np.max(np.abs(expected_grad)))


def npy(X, y, folder):
    np.save(folder / "X.npy", X)
    return folder / "X.npy", y


def npy_of_both(X, y, folder):
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", y)
    return NpyRows(folder / "X.npy"), str(folder / "y.npy")


def npy_by_columns(X, y, folder):
    np.save(folder / "X.npy", np.asfortranarray(X))
    return folder / "X.npy", y


def hdf5(X, y, folder):
    with pytest.importorskip("h5py").File(folder / "rows.h5", "w") as file:
        file["X"], file["y"] = X, y
    return Hdf5Rows(folder / "rows.h5", "X"), Hdf5Rows(folder / "rows.h5", "y")


def zarr(X, y, folder):
    pytest.importorskip("zarr")
    chunked(X, 100).to_zarr(str(folder / "X.zarr"))
    return da.from_zarr(str(folder / "X.zarr")), y


SOURCES = {
    "a .npy file": npy,
    ".npy files of both": npy_of_both,
    "a .npy file, column by column": npy_by_columns,
    "an HDF5 file": hdf5,
    "a zarr store": zarr,
    "chunks of whole blocks": lambda X, y, _: (chunked(X, 4 * BLOCK), y),
    "chunks of 7 rows": lambda X, y, _: (chunked(X, 7), da.from_array(y, chunks=11)),
    "chunks of columns": lambda X, y, _: (da.from_array(X, chunks=(300, 2)), y),
    "column by column": lambda X, y, _: (chunked(np.asfortranarray(X), 100), y.astype(float)),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_bits_do_not_hang_on_where_the_rows_are(case, source, tmp_path):
    p, X, y, expected = case

    assert_same_bits(distributed_cost(*source(X, y, tmp_path))(p), expected)


def test_bits_do_not_hang_on_the_memory_order_of_long_rows(tmp_path):
    p, X, y = problem([300, 20, 3], 200)
    by_rows, by_columns = chunked(X, 100), npy_by_columns(X, y, tmp_path)[0]

    found = [distributed_cost(one, y, [300, 20, 3])(p) for one in (by_rows, by_columns)]

    assert_same_bits(*found)


@pytest.mark.parametrize("blocks", [1, 2, 8, 64], ids="{} blocks a task".format)
@pytest.mark.parametrize("branches", [2, 8], ids="{} sums a task".format)
def test_bits_do_not_hang_on_the_size_of_a_task(case, blocks, branches, monkeypatch):
    p, X, y, expected = case
    module = sys.modules["backprop.distributed_cost"]
    monkeypatch.setattr(module, "TASK_BLOCKS", blocks)
    monkeypatch.setattr(module, "TASKS", 1)
    monkeypatch.setattr(module, "BRANCHES", branches)

    assert_same_bits(distributed_cost(chunked(X, 100), y)(p), expected)


@pytest.mark.parametrize("workers", [1, 2, 4], ids="{} threads".format)
def test_bits_do_not_hang_on_the_number_of_threads(case, workers):
    p, X, y, expected = case
    cost = distributed_cost(chunked(X, 100), y, scheduler="threads")

    with dask.config.set(num_workers=workers):
        assert_same_bits(cost(p), expected)


@pytest.fixture(scope="module")
def client():
    """Start a scheduler and two workers, each a process."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.mark.parametrize("source", [npy_of_both, hdf5], ids=[".npy", "HDF5"])
def test_bits_do_not_hang_on_processes(source, client, tmp_path):
    p, X, y = problem()
    expected = distributed_cost(chunked(X, ROWS), y)(p)

    assert_same_bits(distributed_cost(*source(X, y, tmp_path), scheduler=client)(p), expected)


def test_a_worker_killed_in_the_middle_changes_no_bit(client, tmp_path):
    p, X, y = problem(m=10 * BLOCK)
    expected = distributed_cost(chunked(X, BLOCK), y)(p)
    (tmp_path / "go on").touch()

    def waiting(rows):
        """Say who reads rows, and wait until it may go on."""
        (tmp_path / f"worker {os.getpid()}").touch()
        while not (tmp_path / "go on").exists():
            time.sleep(0.02)
        return rows

    cost = distributed_cost(chunked(X, BLOCK).map_blocks(waiting, dtype=float), y, scheduler=client)
    for file in tmp_path.iterdir():
        file.unlink()
    over, killed = threading.Event(), []

    def kill_one():
        """Kill a worker once both are at work, and let the other go on."""
        while len(workers := list(tmp_path.glob("worker *"))) < 2 and not over.wait(0.05):
            pass
        killed.append(int(workers[0].name.split()[1]))
        os.kill(killed[0], signal.SIGKILL)
        (tmp_path / "go on").touch()

    killer = threading.Thread(target=kill_one)
    killer.start()
    found = cost(p)
    over.set()
    killer.join()

    assert len(killed) == 1
    assert_same_bits(found, expected)


@pytest.mark.parametrize("value", [0.0, 1e4], ids=["no weights", "certain outputs"])
def test_what_is_no_number_is_so_here(value):
    _, X, y = problem([6, 1])
    p = np.full(7, value)

    J, grad = distributed_cost(chunked(X, 100), y, [6, 1])(p)

    assert_array_equal(np.isfinite(J), value == 0)
    assert_array_equal(np.isfinite(J), np.isfinite(BatchedCost(X, y, [6, 1], 0.7)(p)[0]))
    assert np.all(np.isfinite(grad))


def test_optimisers_take_it_as_the_cost():
    p, X, y = problem(m=200)
    cost = distributed_cost(chunked(X, 100), y)

    with contextlib.redirect_stdout(io.StringIO()):
        _, costs, _ = fmincg(cost, p, {"MaxIter": 5})
    found = minimize(cost, p, jac=True, method="L-BFGS-B", options={"maxiter": 5})

    assert costs[-1] < cost(p)[0]
    assert found.fun < cost(p)[0]


P, X, Y = problem(m=40)
WITH_NAN = np.where(np.arange(240).reshape(40, 6) % 100 == 7, np.nan, X)
ERRORS = {
    "an array": ({"X": X}, TypeError, "dask array, .* got ndarray; .* there is BatchedCost"),
    "whole numbers": ({"X": chunked(X.astype(int), 9)}, TypeError, "X must be float32 or float64"),
    "2 columns": ({"X": chunked(X[:, :2], 9)}, ValueError, "= 6 columns, got the shape"),
    "no matrix": ({"X": chunked(X, 9)[:, 0]}, ValueError, r"= 6 columns, got the shape \(40,\)"),
    "no rows": ({"X": chunked(X, 9)[:0]}, ValueError, "X is empty; it needs at least one example"),
    "unknown rows": (
        {"X": chunked(X, 9)[chunked(X, 9)[:, 0] > 0]},
        ValueError,
        r"X has chunks of unknown sizes: call X.compute_chunk_sizes\(\) first",
    ),
    "NaN": ({"X": chunked(WITH_NAN, 9)}, ValueError, "X must be finite, found 3 NaN or Inf"),
    "a label too few": ({"y": Y[1:]}, ValueError, "each of the 40 rows of X, got 39"),
    "a label 0": ({"y": Y - 1}, ValueError, r"whole numbers from 1 to layer_sizes\[-1\] = 3"),
    "chunks: a label too few": ({"y": da.asarray(Y[1:])}, ValueError, r"40 rows.* shape \(39,\)"),
    "chunks: text": ({"y": da.asarray(Y.astype(str))}, ValueError, "y must be a vector of one"),
    "chunks: a label 4": ({"y": da.asarray(Y + 1)}, ValueError, "= 3, found .* other values"),
    "a layer": ({"layer_sizes": [6]}, ValueError, "two or more whole numbers"),
    "lambda": ({"lambda_": -1}, ValueError, "lambda must be a finite number >= 0"),
    "no row a block": ({"block_rows": 0}, ValueError, "block_rows must be a whole number >= 1"),
}


@pytest.mark.parametrize(("wrong", "kind", "message"), ERRORS.values(), ids=ERRORS)
def test_wrong_arguments_are_refused(wrong, kind, message):
    arguments = {"X": chunked(X, 9), "y": Y, "layer_sizes": SIZES, "lambda_": 1} | wrong
    with pytest.raises(kind, match=f"^DistributedCost: .*{message}"):
        DistributedCost(**arguments, scheduler="synchronous")


@pytest.mark.parametrize(
    ("p", "kind", "message"),
    [
        (P[:-1], ValueError, "p must have 53 elements, 5 x 7 and 3 x 6, got 52"),
        (P + 1j, TypeError, "p must be real and of class double or single, got class double"),
    ],
    ids=["one too few", "complex"],
)
def test_wrong_weights_are_refused(p, kind, message):
    with pytest.raises(kind, match=f"^DistributedCost: {message}$"):
        distributed_cost(chunked(X, 9), Y)(p)


@pytest.mark.parametrize("package", ["dask", "threadpoolctl"])
def test_what_is_not_installed_is_named(package, monkeypatch, tmp_path):
    path, _ = npy(X, Y, tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, "backprop._sums_of_rows")

    with pytest.raises(ModuleNotFoundError, match=rf"the package {package}, .*\[scale\]"):
        DistributedCost(path, Y, SIZES, 1)


def test_files_that_are_none_are_named(tmp_path):
    (tmp_path / "X.npy").write_bytes(b"no array")
    with pytest.raises(ValueError, match=r"X\.npy is no \.npy file"):
        DistributedCost(tmp_path / "X.npy", Y, SIZES, 1)
    with pytest.raises(FileNotFoundError, match=r"other\.npy"):
        NpyRows(tmp_path / "other.npy")


def test_datasets_that_are_not_there_are_named(tmp_path):
    hdf5(X, Y, tmp_path)
    with pytest.raises(KeyError, match=r"has no dataset 'Z', it has \['X', 'y'\]"):
        Hdf5Rows(tmp_path / "rows.h5", "Z")


def test_without_h5py_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ModuleNotFoundError, match=r"needs the package h5py, .*\[scale\]"):
        Hdf5Rows("rows.h5", "X")
