"""A sample of the mutants, in every run of the tests; all of them: tox -e detection."""

import pytest
from detection import (
    EACH,
    Result,
    all_mutants,
    equivalents,
    measure,
    misses,
    sample,
    spread,
    summary,
)
from detection_worker import Outcome
from mutation import Mutant

from lockstep.project.pairs import find_project

SAMPLE = 24
"""Of some 900 mutants; each takes a second."""


@pytest.fixture(scope="module")
def everyone():
    return all_mutants(find_project())


def test_a_sample_of_broken_ports_is_detected_and_the_statement_named(everyone):
    results = measure(sample(spread(everyone, EACH), SAMPLE))
    live = [result for result in results if not result.reason]
    assert len(live) > SAMPLE / 2
    assert [r.mutant for r in live if not r.detected] == []
    assert [r.mutant for r in live if r.missed and r.mutant.key not in misses()] == []


@pytest.mark.parametrize("listed", [equivalents, misses])
def test_every_mutant_with_a_reason_is_one(everyone, listed):
    """A reason outlives its statement only until this fails."""
    known = {mutant.key for mutant in everyone}
    assert [key for key in listed() if key not in known] == []


def test_the_spread_takes_from_every_file_and_operator(everyone):
    picked = spread(everyone, 2)
    kinds = {(mutant.pair, mutant.operator) for mutant in everyone}
    assert {(mutant.pair, mutant.operator) for mutant in picked} == kinds
    assert len(picked) <= 2 * len(kinds)


def test_a_sample_is_the_same_each_time():
    found = [Mutant("f", "deleted", line, line, f"a{line} = 1", "pass") for line in range(10)]
    assert [mutant.line for mutant in sample(found, 4)] == [0, 2, 5, 7]
    assert sample(found, 20) == found


def test_the_summary_counts_and_lists_every_miss():
    one = Mutant("f", "+ and -", 3, 3, "a = b + c", "a = b - c")
    results = [
        Result(one, Outcome("different", named=("value", True))),
        Result(one, Outcome("different", named=("value", False))),
        Result(one, Outcome()),
        Result(one, Outcome(), reason="equivalent: it computes the same"),
    ]
    said = list(summary(results))
    assert said[:3] == [
        "4 mutants; listed with a reason: 1 that compute the same, 0 that change no output",
        "detected: 2 of the other 3",
        "the statement is named exactly: 1 of 3 (33.3%)",
    ]
    assert said[5].startswith("another statement named")
    assert sum(line.startswith("NOT DETECTED") for line in said) == 1
    assert any("NOT EXPLAINED" in line for line in said)
