"""The benchmark of long traces runs; its figures are for people, not for tests."""

import long_traces


def test_measures_a_short_one(capsys):
    """Of a short loop the fault is named, so that a goal that is not met says something."""
    assert long_traces.measure("loop", 2e-5, 60)
    out = capsys.readouterr().out
    assert out.startswith("loop     size 20: ")
    assert "the fault's line is named" in out
