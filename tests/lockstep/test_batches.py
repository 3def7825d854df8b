"""Several calls in one exchange with Octave: the same outcomes as one by one, in less time."""

import numpy as np
import pytest

from lockstep.oracles.batches import Batches
from lockstep.oracles.oracle import BatchError
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides import octave_calls
from lockstep.sides.octave import Call, OctaveDiedError, OctaveError, OctaveSession, Reply
from lockstep.supervisor import Supervisor

LIMIT = 3.0

M_FILES = {
    "twice": "function y = twice(x)\nprintf('%g', x);\nif x == 3, error('a:b', 'not 3'); end\n"
    "y = 2 * x;\nend\n",
    "draws": "function y = draws()\ny = rand();\nend\n",
    "big": "function y = big(x)\ny = zeros(1, 1e5 * x);\nend\n",
    "sleeps": "function y = sleeps(x)\npause(x);\ny = x;\nend\n",
    "pages": "function y = pages(x)\nmore on\nfor i = 1:200, disp(i); end\ny = x;\nend\n",
    "touchy": "function y = touchy(x)\nif x == 3, exit(1); end\n"
    "if x == 4, pause(600); end\ny = x;\nend\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder with the functions above."""
    made = tmp_path_factory.mktemp("batches")
    for name, text in M_FILES.items():
        (made / f"{name}.m").write_text(text)
    return made


@pytest.fixture(scope="module")
def session(folder):
    """One Octave for the calls that it survives."""
    with OctaveSession([folder]) as session:
        yield session


def plain(outcome):
    """Return a scalar that a call gave, or the error's message."""
    return outcome.message if isinstance(outcome, OctaveError) else outcome.outputs[0].item()


# One exchange


def test_each_call_has_its_outcome_and_what_it_printed(session):
    found = session.call_each("twice", [Call([float(i)]) for i in range(1, 5)])
    assert [plain(one) for one in found] == [2, 4, "not 3", 8]
    assert found[2].identifier == "a:b"
    assert [one.printed for one in found if isinstance(one, Reply)] == ["1", "2", "4"]


def test_each_call_has_its_own_number_of_outputs(session):
    calls = [Call([np.array([[2.0, 1.0]])], nargout=n) for n in (1, 2, 2)]
    assert [len(one.outputs) for one in session.call_each("sort", calls)] == [1, 2, 2]


def test_each_call_has_its_own_seed(session):
    found = session.call_each("draws", [Call(seed=seed) for seed in (1, 2, 1)])
    assert found[0].outputs == found[2].outputs != found[1].outputs


def test_a_script_starts_afresh_each_time(session, folder):
    (folder / "scripted.m").write_text("if exist('a', 'var'), b = 2; else, a = 1; end\n")
    found = session.call_each("scripted", [Call(), Call()], script=True)
    assert [sorted(one.outputs[0]) for one in found] == [["a"], ["a"]]


def test_no_call_waits_for_a_reader_of_pages(session):
    assert [plain(one) for one in session.call_each("pages", [Call([1.0]), Call([2.0])])] == [1, 2]


def test_an_exchange_ends_once_there_is_much_to_return(session):
    assert len(session.call_each("big", [Call([3.0])] * 10)) == 2


def test_an_exchange_ends_once_it_took_long(session):
    found = session.call_each("sleeps", [Call([x]) for x in (0.0, octave_calls.SECONDS, 0.0)])
    assert len(found) == 2


def test_an_exchange_holds_no_more_than_so_much(session):
    calls = [Call([np.zeros(10**5 * n)]) for n in (10, 1, 1)]  # the first alone is too much
    assert len(session.call_each("numel", calls)) == 1
    assert len(session.call_each("numel", calls[1:])) == 2


def test_an_exchange_ends_before_an_argument_that_octave_has_not(session):
    calls = [Call([1.0]), Call([object()]), Call([2.0])]
    assert len(session.call_each("twice", calls)) == 1


@pytest.mark.parametrize(("wrong", "said"), [(3.0, "ended"), (4.0, "did not answer")])
def test_the_call_in_which_octave_failed_is_known(folder, wrong, said):
    with OctaveSession([folder], timeout=LIMIT) as session:
        with pytest.raises(OctaveDiedError, match=said) as caught:
            session.call_each("touchy", [Call([x]) for x in (1.0, 2.0, wrong, 5.0)])
        assert caught.value.reached == 2
        assert session.pid is None


# One case after the other


class Counting:
    """A session that notes what is sent."""

    def __init__(self, session):
        self._session = session
        self.sent = []

    def call_each(self, name, calls, script=False):
        """Call, and note the first arguments."""
        self.sent.append([call.args[0] if call.args else None for call in calls])
        return self._session.call_each(name, calls, script)


def outcomes(batches, name, cases):
    """Ask for cases in turn, as a run does."""
    found = []
    for i, case in enumerate(cases, start=1):
        try:
            found.append(batches.outcome(Pair(name, None), case, cases[i:]))
        except BatchError:
            found.append(batches.outcome(Pair(name, None), case))
    return found


def test_more_and_more_cases_go_together(session):
    counting = Counting(session)
    cases = [Case(float(i)) for i in range(10, 20)]
    found = outcomes(Batches(counting), "twice", cases)
    assert [plain(one) for one in found] == [2.0 * i for i in range(10, 20)]
    assert [len(sent) for sent in counting.sent] == [1, 2, 4, 3]


def test_only_cases_that_come_next_are_called(session):
    counting = Counting(session)
    batches = Batches(counting)
    for i in range(10, 15):
        batches.outcome(Pair("twice", None), Case(float(i)))
    assert [len(sent) for sent in counting.sent] == [1] * 5


def test_a_case_that_octave_has_no_value_for_is_that_case_s_error(session):
    counting = Counting(session)
    cases = [Case(x) for x in (10.0, 11.0, object(), 12.0, 13.0)]
    found = outcomes(Batches(counting), "twice", cases)
    assert [plain(found[i]) for i in (0, 1, 3, 4)] == [20, 22, 24, 26]
    assert "no counterpart in Octave" in str(found[2])


def test_one_by_one_again_where_octave_ends(folder):
    with OctaveSession([folder]) as session:
        counting = Counting(session)
        cases = [Case(x) for x in (1.0, 2.0, 3.0, 5.0, 6.0, 7.0)]
        found = outcomes(Batches(counting), "touchy", cases)
    assert [plain(found[i]) for i in (0, 1, 3, 4, 5)] == [1, 2, 5, 6, 7]
    assert "ended in the call" in str(found[2])
    assert counting.sent[:4] == [[1.0], [2.0, 3.0], [2.0], [3.0]]


def test_what_hung_has_had_its_time(folder):
    with OctaveSession([folder], timeout=LIMIT) as session:
        counting = Counting(session)
        cases = [Case(x) for x in (1.0, 2.0, 4.0, 5.0)]
        found = outcomes(Batches(counting), "touchy", cases)
    assert [plain(found[i]) for i in (0, 1, 3)] == [1, 2, 5]
    assert f"did not answer within {LIMIT:g} s" in str(found[2])
    assert sum(4.0 in sent for sent in counting.sent) == 1


def test_cases_of_another_pair_are_not_mixed_up(session):
    batches = Batches(session)
    cases = [Case(float(i)) for i in range(10, 13)]
    outcomes(batches, "twice", cases[:2])
    assert plain(batches.outcome(Pair("abs", None), cases[2])) == 12


# A run


CASES = "{**{f'{i}': Case(i / 7, seed=i) for i in range(40)}, 'long': Case(0.5, timeout=50.0)}"
RAND = "def rand(word, seed):\n    rand.last = np.random.RandomState([seed]).random_sample()\n"


def test_a_run_finds_the_same_one_by_one(foreign):
    foreign.py("rand", RAND)
    foreign.m("f", "function y = f(x)\nif x == 3, error('no'); end\ny = exp(x) + rand();\nend\n")
    foreign.py(
        "f",
        "from rand import rand\ndef f(x):\n    if x == 3:\n        raise ValueError('no')\n"
        "    return np.exp(x) + rand.last * (1 + 1e-9 * (x > 4))\n",
    )
    foreign.cases("f", f"cases = {CASES}\n")
    with Runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        (together,) = runner.run_pair(pair)
        alone = [
            runner.run_case(pair, name, case) for name, case in runner.cases(pair).cases.items()
        ]
    assert len(together.cases) == 41
    for one, other in zip(together.cases, alone, strict=True):
        assert (one.case, one.verdict, one.problem) == (other.case, other.verdict, other.problem)
        assert [leaf.largest_ulps for leaf in one.leaves] == [
            leaf.largest_ulps for leaf in other.leaves
        ]


def test_a_port_that_dies_does_not_take_the_other_cases_along(foreign):
    foreign.pair("f", "x", "x", "{f'{i}': (float(i),) for i in range(12)}")
    foreign.py(
        "f", "import os\ndef f(x):\n    if x in (4, 8):\n        os._exit(3)\n    return x\n"
    )
    with Supervisor(foreign.project) as both:
        (result,) = both.run_pair("f")
    wrong = [case.case for case in result.cases if not case.agrees]
    assert (len(result.cases), wrong) == (12, ["4", "8"])
