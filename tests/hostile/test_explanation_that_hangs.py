"""An explanation beyond the limit is given up; the verdict stands, and the run goes on."""

import pytest

from lockstep.model.phases import EXPLANATION_LIMITS
from lockstep.sources.python_expressions import ENTER

LIMIT = 1.5

HANGS = f"""
import time

def hangs(x):
    if {ENTER!r} in hangs.__code__.co_names:  # while it is observed
        time.sleep(600)
    return x + (x > 1)
"""


@pytest.fixture(scope="module")
def found(foreign_in, tmp_path_factory, ran):
    """Run a pair whose explanation hangs, and one after it that is wrong, too."""
    project = foreign_in(tmp_path_factory.mktemp("observed"))
    project.settings()
    for name in ("hangs", "wrong"):
        project.m(name, f"function y = {name}(x)\ny = x;\nend\n")
        project.cases(name, "cases = {'low': (0.5,), 'high': (1.5,), 'higher': (2.5,)}\n")
    project.py("hangs", HANGS)
    project.py("wrong", "def wrong(x):\n    return x + 0.25\n")
    return ran(project.root, "run", "--timeout", str(LIMIT))


def test_it_is_said_to_be_given_up(found):
    said = f"not explained: the explanation did not end within {EXPLANATION_LIMITS * LIMIT:g} s"
    assert said in found.report("hangs, case 'high'")
    assert "hangs.py line 8" in found.report("hangs, case 'high'")


def test_the_verdict_stands(found):
    assert found.verdict("hangs") == "different"
    assert "2 of 3 cases disagree" in found.out
    assert found.status == 1


def test_what_comes_after_it_is_compared_and_explained(found):
    assert found.verdict("wrong") == "different"
    assert "return x + 0.25" in found.report("wrong, case 'low'")
    assert "2 pairs, 6 cases: 1 identical, 0 rounding, 5 different" in found.out


def test_nothing_of_ours_is_shown(found):
    assert "Traceback" not in found.out + found.err
    assert "supervisor.py" not in found.out + found.err
