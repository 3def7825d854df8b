"""What the port raises is brought to be what Octave raises: the condition, the text, the check."""

import textwrap

import pytest

from lockstep.explain.error_calls import VALUE, error_calls
from lockstep.explain.octave_files import OctaveFile
from lockstep.explaining import explained
from lockstep.model.report import Fault
from lockstep.sources.m_parser import parse

OCTAVE = """
function y = f (x, w)
  if isempty (x) || any (x(:) < 0)
    error ('f:x', 'f: x must hold numbers >= 0');
  end
  if numel (x) ~= numel (w)
    error ('f:w', 'f: w must have %d elements, got %d', numel (x), numel (w));
  end
  if any (isnan (x(:)))
    error ('f:x', 'f: x must be finite');
  end
  if any (isnan (w(:)))
    error ('f:w', 'f: w must be finite');
  end
  y = sum (x(:) .* w(:));
end
"""
PORT = """
def f(x, w):
    if x.size == 0 or np.any(x < 0):
        raise ValueError("f: x must hold numbers >= 0")
    if x.size != w.size:
        raise ValueError(f"f: w must have {x.size} elements, got {w.size}")
    if np.any(np.isnan(x)):
        raise ValueError("f: x must be finite")
    if np.any(np.isnan(w)):
        raise ValueError("f: w must be finite")
    return np.sum(x * w)
"""
CASES = """
A, B = np.array([1.3, 2.9, 4.7]), np.array([0.3, 1.9, 7.1])
N = np.array([1.3, np.nan, 4.7])
cases = {
    'one': (A, B), 'two': (B, A[::-1]), 'a zero': (np.array([0.0, 2.9]), B[1:]),
    'nothing': Case(A[:0], B[:0], raises='f:x'), 'below': Case(A - 2, B, raises='f:x'),
    'fewer': Case(A, B[:2], raises='f:w'), 'more': Case(A[1:], B, raises='f:w'),
    'x is no number': Case(N, B, raises='f:x'), 'w is no number': Case(A, N, raises='f:w'),
    'neither is': Case(N, N, raises='f:x'),
}
"""
UNFIT = """
function no = unfit (x)
  no = false;
  for i = 1:numel (x)
    no = no || x(i) < 0;
  end
end
"""

WRONG = {
    "a part of the condition is lost": (
        "x.size == 0 or np.any(x < 0)", "np.any(x < 0)",
        Fault.NO_ERROR,
    ),
    "the text is another": (
        "x must be finite", "x has a NaN",
        Fault.OTHER_ERROR,
    ),
    "a value in the text is another": (
        "got {w.size}", "got {x.size}",
        Fault.OTHER_ERROR,
    ),
    "the condition does nothing": (
        'raise ValueError("f: x must be finite")', "pass",
        Fault.NO_ERROR,
    ),
    "the check is lacking": (
        '    if np.any(np.isnan(w)):\n        raise ValueError("f: w must be finite")\n', "",
        Fault.NO_ERROR,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "fault"), WRONG.values(), ids=WRONG)
def test_the_port_is_brought_to_raise_octaves_error(foreign, shared_runner, right, wrong, fault):
    foreign.m("f", textwrap.dedent(OCTAVE))
    written = foreign.py("f", PORT.replace(right, wrong))
    foreign.cases("f", CASES)
    text = written.read_text()
    assert PORT.replace(right, wrong).strip() in text
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.is_mended
    assert found.fault is fault
    mended = "".join(found.mend.mended.split())
    for part in right.split("\n"):
        assert "".join(part.split()) in mended.replace('.ravel(order="F")', "")


def test_an_error_of_octave_that_is_not_declared_is_looked_for_too(foreign, shared_runner):
    foreign.m("f", "function y = f (x)\nif x < 0\n  error ('f: below 0');\nend\ny = 2 * x;\nend\n")
    foreign.py("f", "def f(x):\n    if x < -1:\n        raise ValueError('f: below 0')\n"
                    "    return 2 * x\n")  # fmt: skip
    foreign.cases("f", "cases = {'one': (2.3,), 'below': (-0.7,), 'far below': (-1.9,)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.fault is Fault.NO_ERROR
    assert found.is_mended
    assert "+    if x < 0:" in found.mend.diff.splitlines()


def test_the_check_that_says_what_octave_raises_is_named_where_nothing_mends_it(
    foreign, shared_runner
):
    foreign.m("f", OCTAVE.lstrip().replace("any (x(:) < 0)", "unfit (x)") + UNFIT)
    wrong = PORT.replace("np.any(x < 0)", "x.size > 8")
    foreign.py("f", "import numpy as np\n" + wrong)
    foreign.cases("f", "import numpy as np\nfrom lockstep import Case\n" + CASES)
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.fault is Fault.NO_ERROR
    assert not found.is_mended
    assert found.port.statement == "if x.size == 0 or x.size > 8:"


def test_the_errors_of_a_file_with_their_conditions_and_values():
    text = textwrap.dedent(OCTAVE)
    found = error_calls(OctaveFile(text, parse(text), {}))
    assert found[0].condition == "isempty (x) || any (x(:) < 0)"
    assert found[1].frame == f"f: w must have {VALUE} elements, got {VALUE}"
    assert found[1].arguments == ("numel (x)", "numel (w)")
    assert [one.line for one in found] == [4, 7, 10, 13]
