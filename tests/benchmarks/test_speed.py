"""The sides of the speed benchmark agree, a wrong one is found, and the table names every side."""

import numpy as np
import pytest
import speed

SIDES = ["matrix products alone", "BatchedCost", "scikit-learn", "line-by-line port"]


@pytest.fixture(scope="module")
def small():
    return speed.problems()[2]


@pytest.fixture
def quick(monkeypatch):
    for name in ("PAUSE", "AWAKE", "SHOT"):
        monkeypatch.setattr(speed, name, 1e-9)


def missing(name):
    raise speed.Skipped("not installed")


def only(monkeypatch, *names):
    monkeypatch.setattr(speed, "SIDES", {name: speed.SIDES[name] for name in names})


def test_every_side_is_timed_once_a_turn_and_stands_in_the_table(small, quick, monkeypatch, capsys):
    only(monkeypatch, *SIDES)

    times, skipped = speed.compare_one_call(small, None, turns=3)
    speed.print_table("One call", times, "BatchedCost", skipped)

    assert {name: len(found) for name, found in times.items()} == dict.fromkeys(SIDES, 3)
    title, head, *rows = capsys.readouterr().out.strip().splitlines()
    assert (title, head.split()) == ("One call", ["side", "ms", "to", "BatchedCost"])
    assert sorted(row[:32].strip() for row in rows) == sorted([*SIDES, "Octave"])
    assert any(row.split() == ["Octave", "skipped", "not", "installed"] for row in rows)
    assert any(row.startswith("  BatchedCost ") and row.endswith(" 1.00") for row in rows)


def test_what_is_not_installed_is_named(small, quick, monkeypatch):
    only(monkeypatch, "BatchedCost", "JAX, jit")
    monkeypatch.setattr(speed, "imported", missing)

    times, skipped = speed.compare_one_call(small, None, turns=1)

    assert list(times) == ["BatchedCost"]
    assert skipped == {"JAX, jit": "not installed", "Octave": "not installed"}


def test_octave_agrees(small, octave_session):
    speed.check_agreement(small, {"Octave": speed.OctaveSide(octave_session, small)})


@pytest.fixture
def octave_session():
    with speed.OctaveSession([speed.ROOT / "octave"]) as octave:
        yield octave


@pytest.mark.parametrize("off", [(1e-9, 0.0), (0.0, 1e-9), (np.nan, 0.0)], ids=str)
def test_a_side_with_other_numbers_ends_it(small, off):
    right = speed.batched(small)

    def wrong(p):
        J, grad = right(p)
        return J + off[0], grad + off[1]

    with pytest.raises(speed.Disagreement, match=r"^wrong differs at 5 x 3-5-3 by "):
        speed.check_agreement(small, {"right": right, "wrong": wrong})


def test_training_with_other_costs_is_found(small, monkeypatch):
    monkeypatch.setattr(speed, "ITERATIONS", 3)
    side = speed.batched(small)
    costs = speed.trained(side, small.p)

    speed.check_costs(side, small.p, {"BatchedCost": costs, "same": costs})
    with pytest.raises(speed.Disagreement, match="the training of other differs in iteration"):
        speed.check_costs(side, small.p, {"BatchedCost": costs, "other": costs + 1e-6})


def test_a_method_that_does_not_get_there_takes_for_ever(small):
    def stops(problem, target):
        return None

    assert speed.seconds_to(0.0, stops, small) == np.inf
    assert 0 < speed.seconds_to(10.0, speed.METHODS["fmincg, BatchedCost"], small) < np.inf


@pytest.mark.parametrize("method", ["fmincg, BatchedCost", "scikit-learn, lbfgs"])
def test_methods_reach_a_cost_below_the_first(small, method):
    target = speed.batched(small)(small.p)[0] - 1e-3

    assert speed.seconds_to(target, speed.METHODS[method], small) < np.inf


def test_files_of_rows_are_measured_in_a_process_each(small, monkeypatch):
    monkeypatch.setattr(speed, "ROWS", (64, 200))

    found = speed.measure_growth(speed.problems()[0], turns=1)

    assert list(found) == [64, 200]
    for result in found.values():
        assert result["seconds_a_row"] > 0
        assert result["peak_bytes"] >= result["peak_bytes_more_than_before"] >= 0
