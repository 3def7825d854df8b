"""The benchmark of many rows measures both sides, each in a process of its own."""

import importlib.util
import os
import re

import numpy as np
import pytest
import scale


def test_growth_is_measured_and_told(tmp_path, monkeypatch, capsys):
    pytest.importorskip("distributed")
    monkeypatch.setattr(scale, "ROWS", (2000,))

    found = scale.growth(tmp_path, "float32", rounds=1)
    scale.print_growth(found, "float32")

    assert list(found) == ["BatchedCost", "DistributedCost"]
    assert np.load(tmp_path / "2000" / "X.npy").shape == (2000, 400)
    for by_rows in found.values():
        (measured,) = by_rows[2000]
        assert measured["seconds"] > 0
        assert 2**24 < measured["bytes"] < 2**30
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[-2:]]
    assert [(row[0], row[1], row[3], row[5]) for row in rows] == [
        ("BatchedCost", "2000", "1.00", "1.00"),
        ("DistributedCost", "2000", "1.00", "1.00"),
    ]


def test_memory_is_watched():
    before = scale.own_memory(os.getpid())

    with scale.MemoryWatch([os.getpid()]) as watch:
        block = np.ones(2**24)

    assert watch.peak > before + 0.9 * block.nbytes


@pytest.mark.parametrize("by_columns", [False, True], ids=["an example a row", "a column"])
def test_products_alone_go_through_both_classes(by_columns):
    for dtype in (np.float32, np.float64):
        scale.products_alone(np.ones((20, 400), dtype), by_columns)()


def test_both_classes_stand_beside_their_products(monkeypatch, capsys):
    monkeypatch.setattr(scale, "PRODUCT_ROWS", 300)
    monkeypatch.setattr(scale, "TURNS", 1)

    scale.print_classes(scale.classes())

    lines = capsys.readouterr().out.splitlines()[3:]
    last = lines.pop() if "skipped" in lines[-1] else ""
    each = 3 if last else 4
    assert [line.split()[0] for line in lines] == each * ["float32"] + each * ["float64"]
    assert all(re.search(r"\d \s*\d+\.\d\d \s*\d+\.\d\d$", line) for line in lines)
    assert not last or not importlib.util.find_spec("torch")
