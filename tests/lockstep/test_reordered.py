"""What Octave does several times, taken in the order in which a port does it."""

import numpy as np
import pytest
from executions import matching_octave

from lockstep.explain import reordered
from lockstep.explain.likeness import Ranking
from lockstep.project.cases import Case

X = np.array([0.3, 1.7, 2.9, 4.1])

CALLS = """
function y = f (x)
  y = part (x, 1) + 2 * part (x, 2) - part (x, 3) / part (x, 4);
end
function p = part (x, k)
  m = sum (x .^ k);
  p = shifted (m) / k;
end
function s = shifted (m)
  s = sqrt (m + 0.7);
end
"""

CALLED = """
def _part(x, k):
    total = np.sum(x ** k)
    return np.sqrt(total + 0.7) / k
def f(x):
    d, c, b, a = (_part(x, k) for k in (4, 3, 2, 1))
    return a + 2 * b - c / d
"""

LOOP = """
function y = f (x)
  y = 0;
  for k = 1:4
    m = sum (x .^ k);
    y = y + sqrt (m + 0.7) / k;
  end
end
"""

LOOPED = """
def f(x):
    y = 0
    for k in range(4, 0, -1):
        total = np.sum(x ** k)
        y += np.sqrt(total + 0.7) / k
    return y
"""


@pytest.fixture
def matched(tmp_path, octave):
    """Match a port with Octave's code."""
    with matching_octave(tmp_path, octave) as matched:
        yield lambda m, port: matched(m, port, Case(X))


def partners(matching, text):
    """Return what of Octave stands for an expression of the port."""
    site = next(one for one in matching.port.sites if one.text == text)
    return {matching.octave.sites[one].text for one in matching.partners.get(site.number, ())}


@pytest.mark.parametrize(
    ("m", "port"),
    [
        (CALLS, CALLED),
        (CALLS, CALLED.replace("(4, 3, 2, 1)", "(1, 2, 3, 4)").replace("d, c, b, a", "a, b, c, d")),
        (LOOP, LOOPED),
        (CALLS, LOOPED),
        (LOOP, CALLED),
    ],
    ids=["calls", "calls in the same order", "a loop", "calls as a loop", "a loop as calls"],
)
def test_what_is_done_in_another_order_stands_for_each_other(matched, m, port):
    found = matched(m, port)
    assert "sum (x .^ k)" in partners(found, "np.sum(x ** k)")
    assert "sqrt (m + 0.7)" in partners(found, "np.sqrt(total + 0.7)")


def test_what_is_wrong_in_some_turns_is_wrong_where_what_it_reads_is_right(matched):
    found = matched(CALLS, CALLED.replace("/ k", "/ (k if k < 3 else 3)"))
    site = next(one for one in found.port.sites if one.text.endswith("(k if k < 3 else 3)"))
    assert found.is_first_wrong(site.number)
    assert not found.partners.get(site.number)
    assert partners(found, "np.sqrt(total + 0.7)") >= {"sqrt (m + 0.7)", "shifted (m)"}


@pytest.mark.parametrize(
    "port",
    [
        CALLED.replace("d, c, b, a = ", "c, b = ").replace("(4, 3, 2, 1)", "(3, 2)")
        .replace("a + 2 * b - c / d", "2 * b - c"),
        CALLED.replace("d, c, b, a = ", "d, c, b, a, _ = ")
        .replace("(4, 3, 2, 1)", "(4, 3, 2, 1, 2)"),
    ],
    ids=["fewer calls", "one again"],
)  # fmt: skip
def test_turns_may_be_left_out_and_taken_again(matched, port):
    found = matched(CALLS, port)
    assert "sum (x .^ k)" in partners(found, "np.sum(x ** k)")
    assert "shifted (m) / k" in partners(found, "np.sqrt(total + 0.7) / k")


def test_values_that_others_have_by_chance_give_no_order(matched):
    m = LOOP.replace("sum (x .^ k)", "2 * k").replace("sqrt (m + 0.7) / k", "m")
    port = LOOPED.replace("np.sum(x ** k)", "2 * k").replace("np.sqrt(total + 0.7) / k", "total")
    assert not partners(matched(m, port), "2 * k")


def test_what_is_taken_in_another_order_is_not_counted_twice(matched):
    found = matched(CALLS, CALLED)
    site = next(one for one in found.port.sites if one.text == "np.sum(x ** k)")
    turns = {len(one.stream.values) for one in Ranking(found).of(site.number)}
    assert 2 * 4 not in turns


def test_orders_are_looked_for_once_for_all_that_takes_its_turns_together(matched, monkeypatch):
    lines = [f"    a{i} = {i + 1}.3 * k + 0.11;" for i in range(40)]
    body = "\n".join(lines)
    m = f"function y = f (x)\n  y = 0;\n  for k = 1:9\n{body}\n    y = y + a39;\n  end\nend\n"
    python = body.replace("    a", "        a").replace(";", "")
    head = "def f(x):\n    y = 0\n    for k in range(9, 0, -1):\n"
    port = f"{head}{python}\n        y += a39\n    return y\n"
    calls = []
    together = reordered._together
    monkeypatch.setattr(
        reordered, "_together", lambda *given: calls.append(given) or together(*given)
    )
    found = matched(m, port)
    assert partners(found, "1.3 * k + 0.11") == {"1.3 * k + 0.11", "a0"}
    assert len(calls) <= reordered.MOST_ORDERS
