"""A sample of the benchmark of detection: ports that are broken on purpose are found out."""

import pytest
from detection import all_mutants, equivalents, measure, sample, summary, table

from lockstep.pairs import find_project

SAMPLE = 20


@pytest.fixture(scope="module")
def every_mutant():
    return all_mutants(find_project())


def test_there_are_enough_mutants_of_every_operator(every_mutant):
    assert len(every_mutant) >= 400
    assert len({mutant.operator for mutant in every_mutant}) == 16


def test_what_is_listed_as_equivalent_exists(every_mutant):
    keys = {mutant.key for mutant in every_mutant}
    assert [key for key in equivalents() if key not in keys] == []
    assert all(len(reason) > 10 for reason in equivalents().values())


def test_a_sample_is_detected_and_most_of_it_localised(every_mutant):
    results = measure(sample(every_mutant, SAMPLE))
    assert len(results) == SAMPLE
    live = [result for result in results if not result.reason]
    missed = "\n".join([*table(results), *summary(results)])
    assert all(result.detected for result in live), missed
    traced = [result.outcome for result in live if result.outcome.traceable]
    assert sum(outcome.localised for outcome in traced) >= 0.8 * len(traced), missed
