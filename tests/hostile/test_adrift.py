"""How many steps a minimiser takes may be rounding's to decide: that is no mistake, others are."""

import numpy as np
import pytest

from lockstep.compare.decisions import are_adrift, are_together, counts, part_ways

DESCENT = """
function [x, n, costs] = f(A, b, most)
x = zeros(size(b));
cost = 0;
costs = [];
n = 0;
while n < most
  r = b - A*x;
  y = x + (r'*r) / (r'*A*r) * r;
  new = y'*A*y/2 - b'*y;
  if new >= cost
    break;
  end
  x = y;
  cost = new;
  costs(end+1, 1) = cost;
  n = n + 1;
end
end
"""
PORT = """
def f(A, b, most):
    x, cost, costs = np.zeros(b.size), 0.0, []
    while len(costs) < most{most}:
        r = b - A @ x
        y = x + {part}(r @ r) / np.einsum("i,ij,j", r, A, r) * r
        new = 0.5 * (y @ (A @ y)) - np.sum(b * y)
        if new >= cost{falls}:
            break
        x, cost = y, new
        costs.append(cost)
    return x, float(len(costs){steps}), np.array(costs)
"""


def descent(seed, most):
    """Return a convex quadratic function, and how many steps down there may be."""
    random = np.random.default_rng(seed)
    root = random.normal(size=(6, 6))
    return root @ root.T + 0.3 * np.eye(6), random.normal(size=6), most


def port(**mistake):
    return PORT.format(**{"most": "", "part": "", "falls": "", "steps": "", **mistake})


def test_how_many_steps_rounding_leaves_may_be_what_no_run_gave(judge):
    found = judge(DESCENT, port(), *descent(10, 1000.0))
    assert found.verdict == "rounding"
    assert [leaf.name for leaf in found.leaves if leaf.is_adrift] == ["n", "costs"]
    assert [leaf.name for leaf in found.excused] == ["n"]


@pytest.mark.parametrize(
    ("mistake", "most"),
    [
        pytest.param({"falls": " - 1e-12"}, 1000.0, id="stops early"),
        pytest.param({"part": "0.98 * "}, 1000.0, id="shorter steps"),
        pytest.param({"steps": " + 40"}, 1000.0, id="counts too many"),
        pytest.param({"steps": " + 1"}, 1000.0, id="counts one more than its history has"),
        pytest.param({"most": " - 1"}, 15.0, id="one step less"),
        pytest.param({"steps": " + 1"}, 15.0, id="counts one too many"),
    ],
)
def test_but_not_what_a_mistake_makes_of_it(judge, mistake, most):
    assert judge(DESCENT, port(**mistake), *descent(10, most)).verdict == "different"


def test_a_port_that_stops_by_chance_is_no_port_of_what_stops_for_a_reason(judge):
    stops = DESCENT.replace("new >= cost", "new >= cost - 1e-12")
    assert judge(stops, port(), *descent(10, 1000.0)).verdict == "different"


def numbers(*values):
    return [np.array([float(value)]) for value in values]


@pytest.mark.parametrize(
    ("values", "adrift"), [((5, 6, 7), False), ((5, 6, 7, 8), True), ((4, 5, 6, 4, 5), False)]
)
def test_a_number_of_many_values_is_adrift(values, adrift):
    own, *runs = numbers(*values)
    assert are_adrift(own, np.array(runs)) == [adrift]


@pytest.mark.parametrize(
    ("octave", "theirs", "together"),
    [
        pytest.param(50, None, True, id="Octave was not asked yet"),
        pytest.param(50, (38, 41), True, id="its runs are where the port's are"),
        pytest.param(50, (42, 47), False, id="all are beyond the port's"),
        pytest.param(20, (30, 34), False, id="all are below"),
        pytest.param(47, (), True, id="a recording, near"),
        pytest.param(48, (), False, id="a recording, far"),
    ],
)
def test_two_samples_are_of_one_kind_unless_they_lie_apart(octave, theirs, together):
    others = None if theirs is None else numbers(*theirs)
    assert are_together(np.array([octave]), numbers(35, 36, 37, 41), others) == [together]


@pytest.mark.parametrize(
    ("theirs", "parts"),
    [
        pytest.param([(7, 7), (8, 8), (9, 9), (8, 8)], True, id="another distance"),
        pytest.param([(7, 6), (8, 7), (9, 8), (8, 7)], False, id="the same"),
        pytest.param([(7, 7), (8, 8), (9, 8), (8, 8)], False, id="none that is kept"),
        pytest.param([(7, 7), (8, 8), (9, 9)], False, id="too few runs"),
    ],
)
def test_counts_that_keep_another_distance_part_ways(theirs, parts):
    assert part_ways([(5, 4), (6, 5), (8, 7), (9, 8)], theirs) == parts


def test_a_count_is_a_whole_number_or_a_length():
    values = [np.array([[3.0]]), np.zeros((4, 1)), np.array([[0.5]]), "text"]
    assert counts(values, values) == [(3, 3), (4, 4)]
