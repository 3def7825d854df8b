"""The short way of a recorder keeps what the long way keeps."""

import numpy as np
import pytest

from lockstep.project.cases import Case
from lockstep.sides import recorder
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.quick_recorder import QuickRecorder
from lockstep.sides.recorder import Recorder

SCALARS = """
def f(n):
    y, a = 0.0, 1.0
    for k in range(1, int(n) + 1):
        a = a * 0.5 + k
        if a > 3 and k != 2:
            a -= min(a, 2.0, y)
        y = y + step(a, k) if k % 3 else -y
    name = "x" + str(y)
    return y, name


def step(a, k):
    if k == 4:
        return None or a
    total = sum([one * a for one in (1.0, 2.0) if one < k])
    return step(total, 4) - a
"""

ARRAYS = """
import numpy as np


def f(n):
    A = np.arange(6.0).reshape((2, 3))
    B, seen = A, []
    for k in range(3):
        A[0, k] = n / (k + 1)
        A[1] += B[0]
        seen.append(A.sum())
        n = np.float64(n) + A[0, k]
    match len(seen):
        case 3:
            n = n * 2
    try:
        B[5, 5] = n
    except IndexError:
        n = 1j * n
    return n, seen, B
"""


@pytest.fixture
def executions(foreign, shared_runner, monkeypatch):
    """Run a port with the short way, and with the long way; return both executions."""

    def run(text):
        foreign.m("f", "function y = f(n)\ny = n;\nend\n")
        foreign.py("f", text)
        taken = []
        probe = QuickRecorder._quick_value

        def noting(self, frame, site, value):
            taken.append(site)
            return probe(self, frame, site, value)

        monkeypatch.setattr(QuickRecorder, "_quick_value", noting)
        with (
            shared_runner(foreign.project) as runner,
            ObservedPort(runner.port, runner.project.pair("f")) as observed,
        ):
            quick, _ = observed.run(Case(5.0))
            count = len(taken)
            monkeypatch.setattr(QuickRecorder, "probes", Recorder.probes)
            long, _ = observed.run(Case(5.0))
        assert count
        assert len(taken) == count
        return quick, long

    return run


def told(execution):
    """Return the nodes without their values, and what else is the same in every run."""
    nodes = [(one.site, one.frame, one.inputs, one.decision) for one in execution.nodes]
    return nodes, execution.frames, execution.output_nodes, execution.changes, execution.cut


def same_values(one, other):
    return all(
        type(a.value) is type(b.value) and np.array_equal(a.value, b.value)
        for a, b in zip(one.nodes, other.nodes, strict=True)
        if not hasattr(a.value, "part")
    )


@pytest.mark.parametrize(
    "text", [pytest.param(SCALARS, id="scalars"), pytest.param(ARRAYS, id="arrays")]
)
@pytest.mark.parametrize("limit", [400_000, 23])
def test_both_ways_keep_the_same(executions, monkeypatch, text, limit):
    monkeypatch.setattr(recorder, "NODE_LIMIT", limit)
    quick, long = executions(text)
    assert told(quick) == told(long)
    assert same_values(quick, long)
    assert min(limit, 60) <= len(quick.nodes) <= limit
    assert bool(quick.cut) == quick.ends_early == (limit == 23)
