"""A sample of the catalogue in every run of the tests; all of it: tox -e catalogue."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue import (
    CATALOGUE,
    Entry,
    Result,
    entries,
    line,
    measure,
    nested,
    overlap,
    quiet,
    shortcomings,
    spread,
    table,
)
from lockstep.model.execution import Span
from lockstep.model.report import Fault, Finding, Place

SAMPLE = 8
"""Of some 150 entries; each takes one to three seconds."""


def test_of_a_sample_each_mistake_is_noticed_and_no_right_port_accused():
    with quiet():
        results = list(measure(spread(entries(), SAMPLE)))
    assert [one.entry.name for one in results if not one.detected] == []
    assert [one.accused for one in results if one.accused] == []
    named = sum(one.statement for one in results)
    assert named >= SAMPLE - 1, "\n".join(map(line, results))


def test_the_sample_takes_from_every_group():
    picked = spread(entries(), SAMPLE)
    assert len(picked) == SAMPLE
    assert {one.group for one in picked} == {one.group for one in entries()}


def test_every_entry_has_its_files_and_its_expression_is_in_its_line():
    for entry in entries():
        files = [CATALOGUE / "m" / f"{entry.name}.m"]
        files += [CATALOGUE / side / f"{entry.name}.py" for side in ("right", "wrong", "cases")]
        assert [file for file in files if not file.is_file()] == []
        source = files[2].read_text(encoding="utf-8").split("\n")
        rest = "".join("".join(source[entry.line - 1 :]).split())
        assert "".join(entry.expression.split()) in rest


@pytest.fixture
def result(tmp_path):
    """Make a result whose named expression is `text`."""
    file = tmp_path / "port.py"
    file.write_text("def f(x):\n    y = x + np.std(x, 0)\n    return y\n")

    def result(text, number=2, **changes):
        source = file.read_text().split("\n")[number - 1]
        column = source.index(text)
        span = Span(number, column, number, column + len(text))
        place = Place(Path(file), "f", span, number, source.strip(), text)
        entry = Entry("f", "statistics", "ddof", 2, "np.std(x, 0)")
        found = Finding(Fault.VALUE, place, None, proved=True)
        return replace(Result(entry, True, found, "", 1.0, ""), **changes)

    return result


@pytest.mark.parametrize(
    ("text", "number", "statement", "expression"),
    [
        ("np.std(x, 0)", 2, True, True),
        ("x + np.std(x, 0)", 2, True, True),
        ("y = x + np.std(x, 0)", 2, True, True),
        ("np.std", 2, True, True),
        ("x", 2, True, False),
        ("y", 3, False, False),
    ],
)
def test_a_place_is_held_against_the_truth(result, text, number, statement, expression):
    found = result(text, number)
    assert (found.statement, found.expression) == (statement, expression)


def test_stretches_lie_in_one_another_or_not():
    assert nested((0, 10), (2, 8))
    assert nested((2, 8), (0, 10))
    assert not nested((0, 10), (2, 4))
    assert not nested((0, 10), (5, 12))


def test_a_place_in_another_line_does_not_count(result):
    found = result("x + np.std(x, 0)")
    assert not overlap(found.found.port, replace(found.entry, line=3))


def test_the_table_counts_by_groups(result):
    right = result("np.std(x, 0)")
    missed = replace(result("y", 3), detected=False, accused="one: different", seconds=3.0)
    rows = [one.split() for one in table([right, missed])]
    assert rows[1][:7] == ["statistics", "2", "1", "1", "1", "2", "1"]
    assert rows[-1][0] == "all"
    assert list(shortcomings([right])) == []
    assert len(list(shortcomings([right, missed]))) == 4
    assert "RIGHT PORT ACCUSED" in line(missed)
