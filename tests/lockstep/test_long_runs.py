"""A case that is too long to be recorded whole: the part that differs is found, and recorded."""

import numpy as np
import pytest

from lockstep import long_runs
from lockstep.explain.tracing import Relation
from lockstep.explaining import explained
from lockstep.long_runs import looked_at
from lockstep.model.errors import RunawayError
from lockstep.model.summed import Difference, Window, first_difference
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.reports.mend_text import explanation_text, mend_text
from lockstep.reports.trace_text import Selection, trace_text
from lockstep.sides import recorder
from lockstep.sides.compiled_recorder import PLAIN
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.recorder import Recorder
from lockstep.sides.windows import PROBES_OF_A_STEP, Keeping, Summing, passing
from lockstep.sources.python_expressions import BOUND, STEP, VALUE
from lockstep.tracing import traced

M = """
function y = f(n)
y = 0; a = 1; k = 0;
while k < n
  k = k + 1;
  a = a * 0.999 + k;
  y = y + step(a, k);
end
end
function y = step(a, k)
y = a / k;
end
"""

PY = """\
def f(n):
    y = 0.0
    a = 1.0
    k = 0
    while k < n:
        k = k + 1
        a = a * 0.999 + k
        y = y + step(a, k)
    return y


def step(a, k):
    y = a / k
    return y
"""

IN_THE_LOOP = ("a * 0.999 + k", "a * 0.999 + (k if k != 360 else k + 1)")

IN_A_FUNCTION = ("= a / k", "= a / k if k != 360 else 0.5")


@pytest.fixture
def short_records(monkeypatch):
    """Record no more than some turns of a loop, in small blocks."""
    monkeypatch.setattr(recorder, "NODE_LIMIT", 2500)
    monkeypatch.setitem(OctaveTracer.__init__.__kwdefaults__, "node_limit", 2500)
    monkeypatch.setattr(long_runs, "SIZE", 20)


@pytest.fixture
def trace(foreign, shared_runner):
    """Trace 400 turns of the loop."""

    def trace(old, new):
        foreign.m("f", M)
        foreign.py("f", PY.replace(old, new))
        with shared_runner(foreign.project) as runner:
            cases = {"case": Case(400.0)}
            return traced(runner, runner.project.pair("f"), cases, "case", 0, False)

    return trace


@pytest.mark.parametrize(
    ("fault", "line", "plain"),
    [
        pytest.param(IN_THE_LOOP, 9, "", id="in the loop"),
        pytest.param(IN_THE_LOOP, 9, "yes", id="in the loop, with the plain recorder"),
        pytest.param(IN_A_FUNCTION, 15, "", id="in a function"),
    ],
)
def test_a_fault_late_in_a_loop_is_named(trace, short_records, monkeypatch, fault, line, plain):
    monkeypatch.setenv(PLAIN, plain)
    found = trace(*fault)
    assert (found.finding.port.line, found.finding.proved) == (line, True)
    assert max(len(found.octave.nodes), len(found.port.nodes)) < 2500
    said = trace_text(found, Selection(), 100)
    assert "by sums of blocks of 20, line" in said
    assert "the same up to value 340 and other values from there up to value 360" in said
    assert "only what happened from value 321 to value 380 of line" in said


def test_a_run_looks_at_the_part_too_and_finds_the_mend(foreign, shared_runner, short_records):
    foreign.m("f", M)
    foreign.py("f", PY.replace(*IN_THE_LOOP))
    foreign.cases("f", "cases = {'long': (400.0,), 'right': (300.0,)}\n")
    watched = []
    with shared_runner(foreign.project, watch=watched.append) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert [now.doing for now in watched if now.doing] == [
        "it is too long to be recorded: summing up what it binds",
        "recording the part in which both sides first differ",
        "looking for the fault in that part",
    ]
    assert found.finding.port.line == 9
    assert found.finding.is_mended
    said = "that block and those beside it were looked at, and nothing else was"
    assert found.part.startswith("by sums of blocks of 20, line")
    assert found.part.endswith(said)
    assert said in mend_text(found, "f")
    assert said in explanation_text(found, "f", "long")


def test_a_replay_goes_as_far_as_a_long_run_does(foreign, shared_runner):
    foreign.m("f", M)
    foreign.py("f", PY)
    with shared_runner(foreign.project) as runner:
        pair, case = runner.project.pair("f"), Case(400.0)
        with ObservedPort(runner.port, pair) as observed:
            site = next(one.number for one in observed.source.sites if one.text == "a / k")
            observed.keep(Window(site + 1, 300, 310))
            observed.run(case)
            seen = []
            changes = {site: lambda turn, own: seen.append(turn) or own}
            _, reply = observed.run(case, changes, record=False, limit=100)
    assert not isinstance(reply, Exception)
    assert seen == list(range(100))  # from turn 300 on


def test_a_right_pair_is_not_accused(trace, short_records):
    found = trace("", "")
    assert found.result.agrees
    assert found.finding is None
    assert {row.relation for row in found.rows} <= {Relation.SAME, Relation.NOT_COMPARED}


def test_where_no_part_differs_only_the_beginning_is_looked_at(
    foreign, shared_runner, short_records
):
    foreign.m("f", M)
    foreign.py("f", PY)
    with shared_runner(foreign.project) as runner:
        pair, case = runner.project.pair("f"), Case(400.0)
        with ObservedPort(runner.port, pair) as observed:
            found = looked_at(runner, pair, observed, case, 20)
    said = "only the beginning was looked at: no block of 20 values of one statement was found"
    assert found.note.startswith(said)
    assert len(found.port.nodes) == 2500
    assert found.port.ends_early
    assert found.octave.nodes


def test_of_a_short_case_all_is_looked_at(foreign, shared_runner):
    foreign.m("f", M)
    foreign.py("f", PY)
    with shared_runner(foreign.project) as runner:
        pair, case = runner.project.pair("f"), Case(50.0)
        with ObservedPort(runner.port, pair) as observed:
            found = looked_at(runner, pair, observed, case)
    assert (found.note, found.octave.cut, found.port.cut) == ("", "", "")
    assert found.reply.result == found.octave.outputs[0]


# Sums


def sums(size, **places):
    """Sum up what some places bound, in turn."""
    summing = Summing(size)
    longest = max(map(len, places.values()))
    for turn in range(longest):
        for site, values in enumerate(places.values()):
            if turn < len(values):
                summing.bound(0, site, values[turn])
    return summing.finish()


RIGHT = [np.sin(k) for k in range(25)]
WRONG = [value if k != 17 else 5.0 for k, value in enumerate(RIGHT)]


@pytest.mark.parametrize(
    ("octave", "port", "block"),
    [
        pytest.param({"a": RIGHT}, {"a": WRONG}, 1, id="a value"),
        pytest.param({"a": RIGHT}, {"a": RIGHT}, None, id="nothing"),
        pytest.param({"a": RIGHT}, {"a": RIGHT[:24]}, 2, id="the end of the last block"),
        pytest.param({"a": RIGHT}, {"a": RIGHT[:20]}, 2, id="a block that is lacking"),
        pytest.param({"a": RIGHT}, {"a": [*RIGHT[:11], *RIGHT[11:][::-1]]}, 1, id="the order"),
        pytest.param(
            {"a": RIGHT}, {"a": [x * (1 + 2e-16) for x in RIGHT]}, None, id="rounding only"
        ),
        pytest.param(
            {"a": [np.ones(3) * x for x in RIGHT]},
            {"a": [np.ones(3) * x for x in WRONG]},
            1,
            id="arrays",
        ),
        pytest.param({"a": RIGHT}, {"a": ["text"] * 25}, None, id="no numbers"),
    ],
)
def test_the_first_block_that_differs(octave, port, block):
    found = first_difference(sums(10, **octave), sums(10, **port), {0: [0]})
    assert (None if found is None else found.block) == block


def test_places_correspond_by_their_first_block_and_not_by_name():
    octave = sums(10, a=RIGHT, b=[2 * x for x in RIGHT])
    port = sums(10, b=[2 * x for x in RIGHT], a=WRONG)
    assert first_difference(octave, port, {0: [0], 1: [1]}) == Difference(0, 1, 1, 10)


def test_a_place_that_differs_from_the_first_block_on_is_the_last_to_be_taken():
    octave = sums(10, a=RIGHT, b=RIGHT[::-1])
    port = sums(10, a=[3.0] * 25, b=[*RIGHT[:0:-1], 3.0])
    assert first_difference(octave, port, {0: [0], 1: [1]}) == Difference(1, 1, 2, 10)


def test_what_corresponds_to_nothing_is_not_compared():
    assert first_difference(sums(10, a=RIGHT), sums(10, b=WRONG[::-1]), {}) is None


@pytest.mark.parametrize("plain", ["", "yes"])
def test_octave_sums_up_as_python_does(octave, tmp_path, monkeypatch, plain):
    monkeypatch.setenv(PLAIN, plain)
    text = """function f(n)
    for k = 1:n
    a = [k, 1 / k; NaN, -Inf];
    b = int8(k) > 3;
    c = k + 2i;
    d = {k};
    e = 'c';
    end
    end
    """
    (tmp_path / "f.m").write_text(text)
    octave.eval(f"addpath ('{tmp_path}');")
    found = OctaveTracer(octave).summed(Pair("f", tmp_path / "f.m"), Case(5.0, nargout=0), 2)
    octave.eval(f"rmpath ('{tmp_path}');")
    turns = range(1, 6)
    values = {
        "k": [float(k) for k in turns],
        "a": [np.array([[k, 1 / k], [np.nan, -np.inf]]) for k in turns],
        "b": [k > 3 for k in turns],
        "c": [k + 2j for k in turns],
        "d": [[k] for k in turns],
        "e": ["c"] * 5,
    }
    for theirs, ours in zip(found.sums.values(), sums(2, **values).sums.values(), strict=True):
        assert np.allclose(theirs, ours, rtol=1e-13)


# Parts


@pytest.mark.parametrize(
    ("first", "last", "kept"),
    [
        pytest.param(0, 2, "....--", id="from the beginning"),
        pytest.param(1, 2, "--..--", id="in the middle"),
        pytest.param(2, 9, "----..", id="to the end"),
        pytest.param(8, 9, "------", id="never"),
    ],
)
def test_a_part_is_kept(first, last, kept):
    state, seen = [], ""
    keeping = Keeping(Window(1, first, last), state.append, 2)
    keeping.begin()
    for site in (0, 1) * 3:
        seen += ".-"[not state[-1]]
        if state[-1]:
            keeping.bound(site)
        else:
            assert keeping.passing(lambda frame, site, value: value)[BOUND](0, site, 0.5) == 0.5
    assert seen == kept
    assert (sum(keeping.before), keeping.passed) == (min(6, 2 * first), 6 - kept.count("."))


def test_the_windows_of_a_difference_are_its_block_and_those_beside():
    assert Difference(3, 4, 5, 10).windows() == (Window(3, 40, 70), Window(4, 40, 70))
    assert Difference(3, 4, 0, 10).windows()[0] == Window(3, 0, 20)


def test_values_pass_where_nothing_is_recorded():
    probe = passing({3}, lambda site, value: -value, 6)[0][VALUE]
    assert [probe(0, site, 2.0) for site in (1, 3, 3, 1, 1)] == [2, -2, -2, 2, 2]
    with pytest.raises(RunawayError, match="it went on for 6 steps"):
        probe(0, 1, 2.0)


def test_where_sums_are_asked_for_only_what_is_bound_is_seen(foreign, shared_runner, monkeypatch):
    foreign.m("f", M)
    foreign.py("f", PY)
    values = []

    def probes(self):
        return {**full(self), VALUE: lambda frame, site, value: values.append(site) or value}

    full = Recorder.probes
    monkeypatch.setattr(Recorder, "probes", probes)
    with (
        shared_runner(foreign.project) as runner,
        ObservedPort(runner.port, runner.project.pair("f")) as observed,
    ):
        sums = observed.summed(Case(40.0), 10).sums
    names = {observed.source.sites[site].name for site in sums}
    assert (names, values) == ({"n", "y", "a", "k"}, [])


@pytest.mark.parametrize(("limit", "turns"), [(35, 3), (0, 20)])
def test_turns_count_for_several_values(limit, turns):
    probes, count = passing({}, lambda site, value: value, limit)
    step = probes[STEP]
    for _ in range(turns):
        step()
    assert count() == turns * PROBES_OF_A_STEP
    if limit:
        with pytest.raises(RunawayError, match="it went on for 35 steps"):
            step()
