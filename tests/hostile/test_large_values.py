"""Large arrays: judged as small ones are, and explained without a copy for every step."""

import gc
import tracemalloc

import numpy as np
import pytest

from lockstep.explain.thinned import thinned
from lockstep.explaining import LOOKED_AT_SMALLER, explained
from lockstep.project.cases import Case, row
from lockstep.sides.port_execution import ObservedPort

VECTOR = np.random.default_rng(2).normal(size=6000)
MATRIX = VECTOR.reshape(60, 100)
ELEMENTS = 1_100_000
"""Of the array of which the memory is measured: a large one, of 8.8 MB."""

MOST = 15
"""Times the memory of an array that a run and its explanation may take."""


@pytest.fixture
def all_are_large(monkeypatch):
    """Let arrays of a thousand elements be large, so that a test need not make larger ones."""

    def take_effect():
        monkeypatch.setattr("lockstep.compare.large.LARGE", 1000)
        monkeypatch.setattr("lockstep.compare.large.PORTION", 1000)
        monkeypatch.setattr("lockstep.compare.large.SAMPLE", 200)
        monkeypatch.setattr("lockstep.compare.large.WORST", 20)
        monkeypatch.setattr("lockstep.compare.conventions.LARGE", 1000)
        monkeypatch.setattr("lockstep.model.blocks.BLOCK", 512)

    return take_effect


def changed(at, text, of="x / 3"):
    """Write a port that changes some elements of its result."""
    return f"\ndef f(x):\n    y = {of}\n    y[{at}] {text}\n    return y\n"


@pytest.mark.parametrize(
    ("m", "py", "argument"),
    [
        pytest.param("x / 3", "x / 3", VECTOR, id="the same"),
        pytest.param("x / 3", changed("-1", "*= 1 + 1e-9"), VECTOR, id="the last is wrong"),
        pytest.param("x / 3", changed("17", "*= 1 + 2.0**-52"), VECTOR, id="one by rounding"),
        pytest.param("x / 3", "x * (1 / 3)", VECTOR, id="all by rounding"),
        pytest.param("x / 3", "x / 3.001", VECTOR, id="all are wrong"),
        pytest.param("x / 3", changed("-1, 7", "= 5"), MATRIX, id="in a matrix"),
        pytest.param("x / 3", "np.asfortranarray(x / 3 + (x == x.max()))", MATRIX, id="by column"),
        pytest.param("round(x)", "np.round(x).astype(int)", VECTOR, id="of another class"),
        pytest.param("x > 0", "x >= 1", VECTOR, id="masks"),
        pytest.param("x(:, 1:60)'", "x[:, :60] * 1.0", MATRIX, id="transposed"),
        pytest.param("(1:numel(x))'", "np.arange(x.size) * 1.0", VECTOR, id="zero-based"),
        pytest.param(
            "x / 3", "np.where(np.arange(100) % 2, x, -x) / 3", MATRIX, id="signs of columns"
        ),
        pytest.param("[x x]", "x", row(VECTOR), id="half of it"),
        pytest.param("complex(x, 1) / 3", changed("9", "+= 1j", "(x + 1j) / 3"), VECTOR, id="1j"),
        pytest.param("x ./ (x > 9)", "x / np.where(x > 9, 1, -1e-300)", VECTOR, id="infinite"),
    ],
)
def test_a_large_array_is_judged_as_a_small_one(judge, all_are_large, m, py, argument):
    small = judge(m, py, argument)
    all_are_large()
    large = judge(m, py, argument)
    assert large.verdict == small.verdict
    (one,), (other,) = small.leaves, large.leaves
    for name in ("shape", "differing", "convention", "class_note"):
        assert getattr(other, name) == getattr(one, name), name
    if one.differing < 20:
        assert other.worst_indices(20) == one.worst_indices(20)


def test_the_one_that_is_wrong_among_many_that_are_rounded_is_named(judge, all_are_large):
    all_are_large()
    (found,) = judge("x / 3", changed("4321", "+= 1e-9", "x * (1 / 3)"), VECTOR).leaves
    assert found.worst_index == (4321, 0)
    assert found.element((4321, 0)).absolute == pytest.approx(1e-9, rel=1e-6)
    assert found.differing > 1000


def test_the_memory_that_an_explanation_takes(foreign, shared_runner):
    foreign.m("f", "function y = f(x)\ny = x * 2 + 1;\nend\n")
    foreign.py("f", "def f(x):\n    y = x * 2 + 1\n    y[-1] = x[-1]\n    return y\n")
    foreign.cases(
        "f",
        "import numpy as np\n"
        f"cases = {{'one': (np.random.default_rng(1).normal(size={ELEMENTS}),)}}\n",
    )
    tracemalloc.start()
    try:
        with shared_runner(foreign.project) as runner:
            found = explained(runner, runner.project.pair("f"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST * 8 * ELEMENTS
    assert found.finding.port.statement == "y[-1] = x[-1]"
    assert found.finding.mend.agreeing == found.finding.mend.cases == 1
    assert (found.note, found.case) == (LOOKED_AT_SMALLER, "one")


def test_what_only_a_large_case_shows_is_looked_at_as_it_is(foreign, shared_runner, monkeypatch):
    monkeypatch.setattr("lockstep.tried_cases.LARGE", 1000)
    monkeypatch.setattr("lockstep.explain.thinned.SIZES", (10, 100))
    foreign.m("f", "function y = f(x)\ny = x * 2 + 1;\nend\n")
    foreign.py("f", "def f(x):\n    k = x.size // 300\n    return x * 2 + 1 + k * k\n")
    foreign.cases("f", "import numpy as np\ncases = {'one': (np.linspace(0.1, 7, 400),)}\n")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert found.finding.port.statement in ("k = x.size // 300", "return x * 2 + 1 + k * k")
    assert found.note == ""


def test_an_error_of_a_replay_keeps_no_array(foreign, shared_runner):
    foreign.py("f", "def f(x):\n    y = x + 1\n    raise ValueError(y.shape)\n")
    foreign.m("f", "function y = f(x)\ny = x + 1;\nend\n")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        with ObservedPort(runner.port, pair) as observed:
            gc.disable()
            tracemalloc.start()
            try:
                for _ in range(8):
                    observed.run(Case(np.zeros(100_000)), record=False)
                kept, _ = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
                gc.enable()
    assert kept < 2 * 800_000


@pytest.mark.parametrize(
    ("args", "smaller"),
    [
        pytest.param((np.arange(50.0),), [(10,)], id="a vector"),
        pytest.param((np.zeros((50, 2)), np.zeros(50)), [(5, 2), (5,)], id="of one length"),
        pytest.param((np.zeros((40, 40)),), [(3, 3)], id="a matrix"),
        pytest.param((np.zeros(50), 50.0, 7.0), [(10,), 10.0, 7.0], id="and its length"),
        pytest.param((np.zeros((8, 9)), 72), [(3, 3), 10], id="and its number of elements"),
        pytest.param((5000.0, 0.5), [10.0, 0.5], id="a number of elements alone"),
        pytest.param((row(np.zeros(50)), "text"), [(10,), "text"], id="a row"),
        pytest.param(([np.zeros(50), np.zeros(3)],), [[(10,), (3,)]], id="a cell"),
    ],
)
def test_smaller_cases(monkeypatch, args, smaller):
    monkeypatch.setattr("lockstep.explain.thinned.SIZES", (10,))

    def shown(value):
        value = getattr(value, "vector", value)
        return (
            [shown(one) for one in value] if isinstance(value, list) else np.shape(value) or value
        )

    for one in thinned(Case(*args), {}):
        assert [shown(value) for value in one.args] == smaller


def test_a_smaller_case_has_the_elements_around_the_worst():
    first = next(thinned(Case(np.arange(5000.0)), {5000: 4321}))
    assert 4321.0 in first.args[0]
    assert np.all(np.diff(first.args[0]) == 1)
