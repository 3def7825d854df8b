"""What went apart first where a port is read line by line beside Octave's code."""

import numpy as np
import pytest
from executions import tracing_octave

from lockstep.explain.by_line import ByLine
from lockstep.explain.match import match
from lockstep.model.execution import Kind
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort

HALVED = """
function y = f (x)
  k = 1;
  s = sum (x);
  while s > 1
    h = k / 2;
    s = s * h;
    k = k + 1;
    if k > 3, break; end
  end
  y = s + k;
end
"""

PORT = """
def f(x):
    k = 1
    s = x.sum()
    while s > 1:
        h = k / 2
        s = s * h
        k = k + 1
        if k > 3:
            break
    y = s + k
    return y
"""


@pytest.fixture
def apart(tmp_path, octave):
    """List the statements of a port that went apart, and what stands beside them in Octave."""
    with tracing_octave(tmp_path, octave) as traced:

        def apart(m, port, *args):
            case = Case(*args)
            side, pair, theirs = traced(m, port, case)
            with ObservedPort(side, pair) as observed:
                own, _ = observed.run(case)
            found = ByLine(match(theirs, own))
            apart.found, apart.sites = found, own.source.sites
            return [
                (own.source.sites[site].name, theirs.source.sites[one.site].name)
                for site, one in found.apart
            ]

        yield apart


X = np.array([0.9, 2.3, 4.1])


def test_a_right_port_goes_nowhere_apart(apart):
    assert apart(HALVED, PORT, X) == []


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("h = k / 2", "h = 1 / 2", "h"),
        ("s = s * h", "s = s", "s"),
        ("k = k + 1", "k = k + 2", "k"),
        ("k > 3", "k > 2", "test"),
    ],
)
def test_what_went_apart_first_comes_first(apart, old, new, first):
    found = apart(HALVED, PORT.replace(old, new), X)
    assert found[0][0] == first


def test_a_small_number_that_octave_has_elsewhere_is_told_by_its_line(apart):
    """1 is the value of k, too: by the values alone h would not be known to be wrong."""
    found = apart(HALVED, PORT.replace("h = k / 2", "h = 1"), X)
    assert found[0] == ("h", "h")


def test_what_counts_from_zero_is_tried_and_not_known_to_be_wrong(apart):
    port = PORT.replace("k = 1\n", "k = 0\n").replace("k / 2", "(k + 1) / 2")
    port = port.replace("k > 3", "k > 2").replace("s + k", "s + k + 1")
    assert apart(HALVED, port, X)[0] == ("k", "k")
    k, s = (
        next(one.number for one in apart.sites if one.kind is Kind.BINDING and one.name == name)
        for name in "ks"
    )
    assert not apart.found.is_right_until(s, k)


def test_a_port_in_another_order_and_with_other_names_is_not_read_so(apart):
    port = """
def f(given):
    total = given.sum()
    for turn in range(1, 4):
        if total <= 1:
            turn -= 1
            break
        total = total * (turn / 3)
    result = total + turn + 1
    return result
"""
    assert apart(HALVED, port, X) == []


PAINTED = """
function i = f (i, d)
  i(1) = 2;
  i(2) = 3;
  i(3) = d;
  i(4) = 5;
  if d < 0
    i(5) = 6;
  end
end
"""

ARGUMENTS = """
def f(image, d):
    img = image.copy()
    img[0] = 2
    img[1] = 3
    img[2] = d
    img[3] = 5
    if d <= 0:
        img[4] = 6
    return img
"""


def test_an_output_of_another_name_is_the_same_variable(apart):
    assert apart(PAINTED, ARGUMENTS, np.zeros(5), 0.0)[0][0] == "test"


def test_a_site_is_right_until_a_later_one_if_it_went_apart_after_it(apart):
    apart(HALVED, PORT.replace("h = k / 2", "h = 1 / 2"), X)
    bound = {one.name: one.number for one in apart.sites if one.kind is Kind.BINDING and one.whole}
    assert apart.found.is_right_until(bound["s"], bound["h"])
    assert apart.found.is_right_until(bound["k"], bound["h"])
    assert not apart.found.is_right_until(bound["h"], bound["s"])
    assert not apart.found.is_right_until(bound["h"], bound["k"]), "k never went apart"
