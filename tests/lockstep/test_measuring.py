"""A long case is judged by few runs where these are enough, and says what was not measured."""

import numpy as np
import pytest

from lockstep import measuring, moved_runs
from lockstep.compare.floor import MARGIN, NUDGED_RUNS, PERTURBED_RUNS, is_beyond, margin_of
from lockstep.oracles.live import LiveOracle
from lockstep.sides.octave import OctaveDiedError
from lockstep.sides.port import Port

OWN = np.array([1.0, 2.0])
FEW = [np.array([1.0 + 1e-12, 2.0 - 1e-12]), np.array([1.0 - 1e-12, 2.0 + 2e-12])]


def test_fewer_runs_vouch_for_less():
    assert margin_of(PERTURBED_RUNS + NUDGED_RUNS) == MARGIN
    assert [round(margin_of(runs)) for runs in (2, 3, 4)] == [31623, 1302, 278]


@pytest.mark.parametrize(
    ("apart", "runs", "beyond"),
    [
        pytest.param([0.0, 1e-6], FEW, True, id="far beyond"),
        pytest.param([0.0, 1e-8], FEW, False, id="within the margin of so few"),
        pytest.param([0.0, 1e-6], FEW[:1], False, id="one run says nothing"),
        pytest.param([0.0, 1e-6], [], False, id="no run"),
        pytest.param([0.0, 1e-3], [OWN, np.array([1.0, 2.001])], False, id="a jump counts"),
        pytest.param([0.0, 1e-3], [OWN, np.array([1.0, np.inf])], False, id="infinite"),
        pytest.param([0.0, 1e-3], [OWN, OWN[:1]], False, id="another length"),
        pytest.param([0.0, 1e-3], [OWN, OWN], True, id="nothing moves"),
    ],
)
def test_a_difference_beyond_what_few_runs_explain(apart, runs, beyond):
    assert is_beyond(np.array(apart), OWN, runs) is beyond


@pytest.fixture
def inside(monkeypatch):
    """Count the runs that are moved inside, where the time is over from the beginning."""
    made = []
    monkeypatch.setattr(measuring, "CLEAR_SECONDS", -1.0)
    for name in ("call_perturbed", "call_nudged"):
        call = getattr(Port, name)
        monkeypatch.setattr(
            Port, name, lambda *args, call=call: made.append(args[3]) or call(*args)
        )
    return made


@pytest.fixture
def of_octave(monkeypatch):
    """Count the runs in which Octave rounds otherwise."""
    made, rounded = [], LiveOracle.rounded

    def counted(*args):
        for one in rounded(*args):
            made.append(one)
            yield one

    monkeypatch.setattr(LiveOracle, "rounded", counted)
    return made


LOOP = "\nfunction y = f(x)\ny = 0;\nfor k = 1:50\n  y = y + x / k;\nend\n"
PORT = "def f(x):\n    y = 0.0\n    for k in range(1, 51):\n        y = y + x / k\n    return {}\n"


@pytest.mark.parametrize(
    ("returned", "verdict", "runs", "octave_runs"),
    [
        pytest.param("y + 1e-7", "different", 2, 2, id="clearly wrong"),
        pytest.param("y * (1 + 1e-12)", "different", 4, 4, id="wrong by little"),
        pytest.param("y + 35 * np.spacing(y)", "rounding", 2, 0, id="right"),
    ],
)
def test_a_long_case_is_judged_by_as_many_runs_as_it_takes(
    judge, inside, of_octave, returned, verdict, runs, octave_runs
):
    result = judge(LOOP, PORT.format(returned), 3)
    assert (result.verdict, len(inside), len(of_octave)) == (verdict, runs, octave_runs)
    assert (f"judged by {runs} runs" in result.unmeasured) == (verdict == "different")


@pytest.mark.parametrize(
    ("returned", "verdict"),
    [("y + 1e-7", "different"), ("y", "identical"), ("y + 50 * np.spacing(y)", "rounding")],
)
def test_where_octave_takes_too_long_a_verdict_says_so(judge, monkeypatch, returned, verdict):
    def late(*args):
        raise OctaveDiedError("Octave did not answer within 20 s and was ended")
        yield

    monkeypatch.setattr(LiveOracle, "rounded", late)
    result = judge(LOOP, PORT.format(returned), 3)
    said = "; how far Octave's own rounding moves it was not measured: Octave did not answer"
    assert result.verdict == verdict
    assert (said in result.verdict_text) == (verdict == "different")


UNTIL = "\nfunction x = f(x)\nold = 0;\nwhile x ~= old\n  old = x;\n  x = cos(x);\nend\nend\n"
UNTIL_PORT = """
def f(x):
    old = 0.0
    while x != old:
        old, x = x, np.cos(x)
    return x{}
"""


@pytest.mark.parametrize(
    ("more", "verdict"), [(" + 1e-9", "different"), (" + 9 * np.spacing(x)", "rounding")]
)
def test_what_goes_round_in_a_circle_where_it_rounds_otherwise_is_given_up(
    judge, monkeypatch, more, verdict
):
    monkeypatch.setattr(moved_runs, "PORT_SECONDS", 0.2)
    monkeypatch.setattr(moved_runs, "OCTAVE_SECONDS", 0.5)
    result = judge(UNTIL, UNTIL_PORT.format(more), 0.5)
    assert result.verdict == verdict
    said = "a run of the port that rounds otherwise did not end within"
    assert (said in result.verdict_text) == (verdict == "different")
