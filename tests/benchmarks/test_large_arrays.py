"""The benchmark of large arrays runs; its figures are for people, not for tests."""

import large_arrays


def test_measures_a_small_one():
    """Of a small array the fault is named, so that a goal that is not met says something."""
    found = large_arrays.measure(large_arrays.PROGRAMS["last"], 200)
    assert found.named, found.said
    assert 0 < found.seconds < large_arrays.LIMIT
    assert found.megabytes > 0
