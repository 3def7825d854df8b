"""A sample of the mutants, in every run of the tests; more of them: tox -e detection."""

from pathlib import Path

import pytest
from detection import (
    EACH,
    Result,
    all_mutants,
    count,
    equivalents,
    measure,
    misses,
    sample,
    shortcomings,
    spread,
    table,
)
from detection_worker import Outcome
from mutation import Mutant
from styles import AS_IT_IS, STYLES, given_by_name, restyled

from lockstep.project.pairs import find_project

SAMPLE = 5
"""Of thousands of mutants; in one style each takes eight seconds."""

STYLES_EACH = 2
"""In how many styles each is tried: in turn, so that every style has as many mutants."""


@pytest.fixture(scope="module")
def everyone():
    return all_mutants(find_project())


def test_a_sample_of_broken_ports_is_detected_and_the_statement_named(everyone):
    """Of one mutant at most it may not be named, in whatever style."""
    picked = sample(spread(everyone, EACH), SAMPLE)
    in_turn = [*STYLES, *STYLES]
    styles = {one: in_turn[place : place + STYLES_EACH] for place, one in enumerate(picked)}
    results = measure(picked, styles.__getitem__)
    counts = [count(results, style) for style in STYLES]
    said = "\n".join(misses(results, list(STYLES)))
    assert all(one.detected == one.mutants > 0 for one in counts), said
    missed = [one for one in results if any(count([one], style).missed for style in STYLES)]
    assert len(missed) <= 1, said


def test_every_mutant_with_a_reason_is_one(everyone):
    """A reason outlives its statement only until this fails."""
    known = {mutant.key for mutant in everyone}
    assert [key for key in equivalents() if key not in known] == []


def test_the_spread_takes_from_every_file_and_operator(everyone):
    picked = spread(everyone, 2)
    kinds = {(mutant.pair, mutant.operator) for mutant in everyone}
    assert {(mutant.pair, mutant.operator) for mutant in picked} == kinds
    assert len(picked) <= 2 * len(kinds)


def test_a_sample_is_the_same_each_time():
    found = list(range(10))
    assert sample(found, 3) == sample(found, 3) == [0, 3, 6]
    assert sample(found, 20) == found


ONE = Mutant("f", "+ and -", 3, 3, "a = b + c", "a = b - c")
RIGHT = Outcome("different", statement=True, expression=True, proved=True)


def test_the_table_counts_in_each_style():
    results = [
        Result(ONE, {"as it is": RIGHT, "split": RIGHT}),
        Result(ONE, {"as it is": RIGHT, "split": Outcome("different", said="line 9")}),
        Result(ONE, {"as it is": Outcome(), "split": Outcome("different", traceable=False)}),
        Result(ONE, {"as it is": Outcome(), "split": Outcome()}, reason="equivalent: the same"),
    ]
    styles = ["as it is", "split"]
    lines = [line.split() for line in table(results, styles)]
    assert lines[1][-6:] == ["3", "2", "2", "100.0%", "100.0%", "100.0%"]
    assert lines[2][-6:] == ["3", "3", "2", "50.0%", "50.0%", "50.0%"]
    assert ["+", "and", "-", "2", "2", "1"] in lines
    said = "\n".join(misses(results, styles))
    assert "1 that compute the same" in said
    assert "another place named (split): f.py:3 + and -" in said
    assert "NOT DETECTED (as it is)" in said
    assert list(shortcomings(results, styles)) == [
        "as it is: 1 mutants are not detected",
        "split: the statement is named in 50.0%, less than 95%",
        "split: the statement is named in 50.0%, as it is in 100.0%",
    ]


PORT = Path(find_project().root / "python" / "backprop")


@pytest.mark.parametrize("file", sorted(PORT.glob("*.py")), ids=lambda file: file.stem)
@pytest.mark.parametrize("style", STYLES)
def test_the_port_can_be_written_in_every_style(file, style):
    text = file.read_text(encoding="utf-8")
    changed = restyled(text, style, given_by_name([text]))
    compile(changed, file.name, "exec")
    assert (changed == text) == (style == AS_IT_IS) or "def " not in text
