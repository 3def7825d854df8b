"""A sample of `tests/benchmarks/faults.py`."""

from faults import faults


def test_a_random_fault_leaves_nothing_and_spoils_no_other_case():
    assert [one for one in faults(8, seed=12) if not one.is_good] == []
