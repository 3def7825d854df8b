"""The benchmark of the trace's cost runs; its figures are for the pages, not for tests."""

import json

import trace_overhead


def test_prints_a_table_and_writes_it(tmp_path, capsys):
    file = tmp_path / "cost.json"
    assert trace_overhead.main(["--quick", "--json", str(file)]) == 0
    assert "scalars" in capsys.readouterr().out
    found = json.loads(file.read_text())
    assert [one["side"] for one in found["measures"]] == ["Octave", "Python"] * 2
    assert all(one["values"] > 20 for one in found["measures"])
    assert found["recorders"]["in Octave"] > 0
