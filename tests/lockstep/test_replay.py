"""Proof: the port run again with other values in the place of its own."""

import pytest
from executions import Project, port_of

from lockstep.explain.patience import Patience
from lockstep.explain.replay import Replayer, run_with
from lockstep.model.execution import Kind
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort

pytestmark = pytest.mark.usefixtures("only_new_objects")

PORT = """
    def f(x):
        y = x + 1
        z = y * 2
        for i in range(3):
            z = z + i
        return z
"""


@pytest.fixture
def replaying(tmp_path):
    """Return the port, and a function that makes its replayer: right is what returns `wanted`."""
    port, pair = port_of(tmp_path, PORT)
    with ObservedPort(port, pair) as observed:

        def replayer(wanted, seconds=60.0):
            patience = Patience(seconds)
            return Replayer(observed, Case(1.0), lambda own: own == wanted, 40, patience)

        yield Project(port, pair, observed), replayer


def test_octaves_value_in_place_heals_or_not(replaying):
    project, replayer = replaying
    site = project.site("x + 1")
    assert replayer(13.0).heals({site: [5.0]})
    assert not replayer(13.0).heals({site: [6.0]})


def test_two_sites_can_be_given_values_at_once(replaying):
    project, replayer = replaying
    sites = {project.site("x + 1"): [5.0], project.site("z + i"): [0.0, 0.0, 7.0]}
    assert replayer(7.0).heals(sites)


def test_turns_beyond_the_values_keep_their_own(replaying):
    project, replayer = replaying
    assert replayer(13.0).heals({project.site("z + i"): [10.0]})


def test_a_value_takes_the_form_of_the_ports_own_and_what_has_none_heals_nothing(replaying):
    project, replayer = replaying
    site = project.site("x + 1")
    assert replayer(13.0).heals({site: [[[5.0]]]})
    assert not replayer(7.0).heals({site: ["text"]})


def test_values_that_are_put_nowhere_prove_nothing(replaying):
    project, replayer = replaying
    assert replayer(7.0).run({})
    assert not replayer(7.0).heals({project.site("x + 1"): []})


def test_a_replay_that_raises_does_not_heal(replaying):
    project, replayer = replaying

    def broken(turn, own):
        raise ValueError

    assert not replayer(7.0).run({project.site("x + 1"): broken})


def test_a_replay_that_goes_on_without_end_is_stopped(tmp_path):
    port, pair = port_of(tmp_path, "def f(x):\n    while x > 1:\n        x = x / 2\n    return x\n")
    with ObservedPort(port, pair) as observed:
        site = Project(port, pair, observed).site("x > 1", Kind.DECISION)
        replayer = Replayer(observed, Case(4.0), lambda own: True, 10, Patience(60))
        assert not replayer.run({site: lambda turn, own: True})
        assert replayer.run({})


def test_a_replay_whose_arrays_grow_without_end_takes_no_time_from_the_others(tmp_path):
    """It takes few steps, each of them longer than the one before."""
    code = "def f(x):\n    y = 'y'\n    while x > 1:\n        y, x = y + y, x / 2\n    return x\n"
    port, pair = port_of(tmp_path, code)
    with ObservedPort(port, pair) as observed:
        site = Project(port, pair, observed).site("x > 1", Kind.DECISION)
        patience = Patience(60)
        replayer = Replayer(observed, Case(4.0), lambda own: True, 10, patience, seconds=0.0)
        assert not replayer.run({site: lambda turn, own: True})
        execution = run_with(observed, Case(4.0), {site: lambda *_: True}, 10)
    assert execution.nodes
    assert patience.left > 30


def test_what_the_port_does_with_other_values_can_be_recorded(replaying):
    project, replayer = replaying
    execution = replayer(0.0).record({project.site("x + 1"): lambda turn, own: 5.0})
    assert execution.outputs == [13.0]
    assert execution.nodes


def test_time_runs_out(replaying):
    _, replayer = replaying
    assert replayer(0.0, seconds=-1.0).is_over
    assert not replayer(0.0).is_over


def test_tries_are_counted(replaying):
    project, replayer = replaying
    counting = replayer(0.0)
    counting.heals({project.site("x + 1"): [5.0]})
    counting.run({})
    assert counting.tries == 2
