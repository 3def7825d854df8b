"""The tasks of a benchmark in several processes, and until the time is up."""

import math
import random

import detection
import mended_mutants
import pytest
from detection import sample
from side_by_side import done, not_done
from verdicts import SETTINGS, parts


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_done_once(jobs):
    assert sorted(done(math.sqrt, [1.0, 4.0, 9.0], jobs)) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_done_when_the_time_is_up(jobs):
    assert list(done(math.sqrt, [1.0, 4.0, 9.0], jobs, within=-1.0)) == []


def test_no_tasks_need_no_process():
    assert list(done(math.sqrt, [], 2)) == []


def test_an_error_in_a_process_is_told():
    with pytest.raises(ValueError, match="math domain"):
        list(done(math.sqrt, [-1.0], 2))


def test_what_is_not_done_is_said():
    assert not_done(2, 5, "faults") == "the time was up after 2 of 5 faults"
    assert not_done(5, 5, "faults") == ""


@pytest.mark.parametrize(("jobs", "each"), [(1, 1), (2, 1), (3, 1), (7, 2)])
def test_the_cases_of_verdicts_are_split_over_the_settings_and_the_jobs(jobs, each):
    found = parts(1000, jobs, 5)
    assert sum(part.cases for part in found) == 1000
    assert max(part.cases for part in found) - min(part.cases for part in found) <= 1
    assert [part.name for part in found] == list(SETTINGS) * each
    assert len({part.seed for part in found}) == len(found)


def test_a_random_sample_is_the_same_for_a_seed_and_another_for_another():
    every = list(range(1000))
    drawn = sample(every, 10, seed=3)
    assert drawn == sample(every, 10, seed=3) == random.Random(3).sample(every, 10)
    assert drawn != sample(every, 10, seed=4)


@pytest.mark.parametrize("command", [detection.main, mended_mutants.main])
def test_the_first_of_a_sample_in_the_order_of_the_files_are_not_counted(command, capsys):
    with pytest.raises(SystemExit):
        command(["--sample", "9", "--within", "60"])
    assert "--within needs" in capsys.readouterr().err
