"""From the cases that disagree to what is said of them."""

import numpy as np
import pytest

from lockstep.explain.failing_case import FailingCase, to_be_traced
from lockstep.explain.varied import size
from lockstep.explaining import explained
from lockstep.project.cases import Case
from lockstep.reports.mend_text import explanation_text
from lockstep.runner import Runner
from lockstep.tried_cases import wider_than

CASES = """
import numpy as np

cases = {
    "many": (np.linspace(0.1, 2.3, 500),),
    "right": (np.zeros(3),),
    "few": (np.array([0.3, 1.7, 2.2]),),
}
"""


@pytest.fixture
def found(foreign, shared_runner):
    """Explain a port that squares where Octave cubes."""
    foreign.m("f", "function y = f(x)\ny = x .^ 3;\nend\n")
    foreign.py("f", "def f(x):\n    y = x**2\n    return y\n")
    foreign.cases("f", CASES)
    with shared_runner(foreign.project) as runner:
        return explained(runner, runner.project.pair("f"))


def test_the_smallest_case_that_disagrees_is_looked_at(found):
    assert found.case == "few"
    assert (found.failing, found.cases) == (2, 3)
    assert (found.finding.explained, found.finding.failing) == (2, 2)


def test_a_case_with_octaves_values_is_looked_at_before_one_with_its_error(foreign, shared_runner):
    foreign.m("f", "function y = f(x)\nif x < 0, error ('f:x', 'x'); end\ny = [x; 2] .^ 3;\nend\n")
    foreign.py("f", "import numpy as np\ndef f(x):\n    return np.array([x, 2]) ** 2\n")
    foreign.cases(
        "f", "import numpy as np\ncases = {'less': (-1.0,), 'more': (np.array([3.0]),)}\n"
    )
    with shared_runner(foreign.project) as runner:
        assert explained(runner, runner.project.pair("f")).case == "more"


def test_slow_cases_are_not_traced_beside_the_first():
    quick, slow, large = (
        FailingCase(name, Case(1.0), bool, seconds=seconds, is_large=name == "large")
        for name, seconds in (("quick", 0.01), ("slow", 0.5), ("large", 0.01))
    )
    assert to_be_traced([slow, quick, large]) == [quick]


def test_the_text_names_it_where_another_case_is_shown(found):
    assert "looked at in 'few', the smallest case that disagrees:" in explanation_text(
        found, "f", "many"
    )
    assert "looked at" not in explanation_text(found, "f", "few")
    assert explanation_text(found, "f", "many").endswith("lockstep trace f --case few")


@pytest.mark.parametrize(
    ("args", "least"),
    [
        pytest.param((np.zeros(100),), 800, id="an array"),
        pytest.param(([np.zeros(10), np.zeros(10)],), 160, id="a cell"),
        pytest.param((1.0, "text"), 2, id="scalars"),
    ],
)
def test_the_size_of_a_case(args, least):
    assert least <= size(Case(*args)) < 2 * least + 10


def test_cases_of_other_sizes_are_judged_by_what_octave_gives_for_them(foreign, shared_runner):
    foreign.m("f", "function y = f(n)\nif n == 4, error('no'), end\ny = floor(n / 2);\nend\n")
    foreign.py("f", "def f(n):\n    return n // 3 + 1\n")
    foreign.cases("f", "cases = {'three': (3.0,)}")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        made = wider_than(runner, pair, [Case(3.0)])
    assert [one.case.args for one in made] == [(2.0,), (5.0,), (1.0,), (6.0,), (7.0,)]
    assert [one.agrees(one.case.args[0] // 2) for one in made] == [True] * 5
    assert not any(one.agrees(9.0) for one in made)


VARIABLE = """
    function varargout = f(varargin)
    varargout{1} = varargin{1};
    for n = 2:nargin
        varargout{n} = varargin{n} - sum([varargout{1:n-1}]);
    end
    end
"""

VARIABLE_PORT = """
    def f(*numbers):
        found = [numbers[0]]
        for n in range(1, len(numbers)):
            before = 0.0
            for k in range(n):
                before += found[k + 1]
            found.append(numbers[n] - before)
        return tuple(found)
"""


def test_a_port_that_raised_may_return_as_many_outputs_as_it_wants(foreign, shared_runner):
    """How many those are is known of the mended port alone; Octave is asked for as many."""
    foreign.m("f", VARIABLE)
    foreign.py("f", VARIABLE_PORT)
    foreign.cases("f", "cases = {'three': (2.5, 3.75, 1.5), 'two': (1.25, 0.5)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.port.expression == "k + 1"
    assert found.mend is not None
    assert (found.mend.agreeing, found.mend.cases) == (2, 2)
    assert "+            before += found[k]\n" in found.mend.diff


def test_a_port_that_is_endless_by_another_convention_is_explained(
    foreign, shared_runner, monkeypatch
):
    monkeypatch.setattr("lockstep.explaining.SECONDS_FOR_A_CALL", 0.2)
    foreign.m("f", "function y = f(x)\ny = 2.5 * x;\nend\n")
    foreign.py(
        "f",
        """
        def f(x):
            while not isinstance(x, float):
                pass
            return 2.25 * x
        """,
    )
    foreign.cases("f", "cases = {'one': (1.75,)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.port.expression == "2.25 * x"


def test_a_case_that_was_made_and_has_no_end_in_octave_is_left_out(foreign, monkeypatch):
    monkeypatch.setattr("lockstep.tried_cases.SECONDS_FOR_OTHERS", 1.0)
    foreign.m("f", "function y = f(x)\nwhile x ~= 1.75, end\ny = 2.5 * x;\nend\n")
    foreign.py("f", "def f(x):\n    return 2.25 * x\n")
    foreign.cases("f", "cases = {'one': (1.75,)}")
    with Runner(foreign.project) as runner:  # its Octave ends
        found = explained(runner, runner.project.pair("f")).finding
    assert (found.mend.agreeing, found.mend.others) == (1, 0)
