"""A process that is stopped, between two requests, too: no more than its limit is waited for."""

import os
import signal

import pytest

from lockstep.model.phases import START_LIMIT
from lockstep.supervisor import Supervisor


@pytest.fixture
def supervisor(foreign):
    """Both sides of a pair, started, with a short limit."""
    foreign.pair("right", "x", "x", cases="{'one': (1.0,), 'two': (2.0,)}")
    with Supervisor(foreign.project, timeout=1.0) as found:
        found.machine()
        yield found


def test_an_engine_between_two_requests(supervisor):
    assert supervisor._engine._limit == START_LIMIT
    supervisor._engine._limit = 1.0
    os.kill(supervisor._engine._popen.pid, signal.SIGSTOP)
    (one,) = supervisor.run_case("right", "one")
    assert one.problem.startswith("the engine's answer did not end within 1 s and was stopped")
    (two,) = supervisor.run_case("right", "two")
    assert two.verdict == "identical"


def test_octave_between_two_requests(supervisor):
    supervisor.run_case("right", "one")
    os.kill(supervisor._engine._octave, signal.SIGSTOP)
    (one,) = supervisor.run_case("right", "two")
    assert "Octave did not answer within 1 s and was ended" in one.problem
    (two,) = supervisor.run_case("right", "two")
    assert two.verdict == "identical"
