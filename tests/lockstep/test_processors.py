"""How many processors may be used, and linear algebra in one thread."""

import os

import pytest

from lockstep.model import processors as module
from lockstep.model.processors import THREAD_VARIABLES, one_thread, processors
from lockstep.supervisor import Supervisor


@pytest.mark.parametrize(
    ("quota", "count"),
    [
        pytest.param("max 100000\n", 8, id="no quota"),
        pytest.param("300000 100000\n", 3, id="a container of three"),
        pytest.param("50000 100000\n", 1, id="half of one"),
        pytest.param("9900000 100000\n", 8, id="more than there are"),
        pytest.param(None, 8, id="not said"),
    ],
)
def test_processors_of_a_container(monkeypatch, tmp_path, quota, count):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    monkeypatch.setattr(module, "_QUOTA", tmp_path / "cpu.max")
    if quota is not None:
        (tmp_path / "cpu.max").write_text(quota)
    assert processors() == count


def test_linear_algebra_has_one_thread():
    found = one_thread({"HOME": "/home/x"})
    assert found == {"HOME": "/home/x", **dict.fromkeys(THREAD_VARIABLES, "1")}


@pytest.mark.parametrize("name", THREAD_VARIABLES)
def test_a_number_that_is_set_stays(name):
    assert one_thread({name: "4"}) == {name: "4"}


def test_an_engine_computes_in_one_thread(foreign, monkeypatch):
    """On both sides: the port and Octave are asked for what they were given."""
    for name in THREAD_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    foreign.m("threads", "function y = threads()\ny = getenv('OPENBLAS_NUM_THREADS');\nend\n")
    foreign.py("threads", "import os\n\ndef threads():\n    return os.environ['OMP_NUM_THREADS']\n")
    foreign.cases("threads", "cases = {'none': ()}")
    with Supervisor(foreign.project) as both:
        (result,) = both.run_pair("threads")
    (leaf,) = result.cases[0].leaves
    assert (leaf.leaf.octave, leaf.leaf.python) == ("1", "1")
