"""A port that is wrong at several places: each is named with what shows it, and all are mended."""

import textwrap
from pathlib import Path

import numpy as np
import pytest

from lockstep.explain.failing_case import FailingCase
from lockstep.explain.further import faults
from lockstep.explain.mending import merged
from lockstep.explaining import explained
from lockstep.model.report import Fault, Finding, Mend
from lockstep.project.cases import Case
from lockstep.reports.finding_text import faults_text

TWICE_WRONG = {
    "one fault in each of two outputs": (
        """
        function [total, middle] = f (x, w)
          total = sum (w .* x) / sum (w);
          s = sort (x);
          middle = s(ceil (numel (s) / 2)) * 1.5;
        end
        """,
        """
        def f(x, w):
            total = np.sum(w * x) * np.sum(w)
            s = np.sort(x)
            middle = s[-(-x.size // 2) - 1] * 2.5
            return total, middle
        """,
        "cases = {'a': (np.array([3., 1., 4.2]), np.array([1., 2., .5])),"
        " 'b': (np.array([3.3, 1.]), np.array([.2, .4]))}",
        {2: "in total", 4: "in middle"},
    ),
    "one fault on each way": (
        """
        function p = f (kwh, night)
          if night
            p = 0.11 * kwh;
          else
            p = 0.23 * min (kwh, 100);
            if kwh > 100
              p = p + 0.31 * (kwh - 100);
            end
          end
          p = p + 4.5;
        end
        """,
        """
        def f(kwh, night):
            if night:
                price = 0.11 + kwh
            else:
                price = 0.23 * min(kwh, 100)
                if kwh > 100:
                    price = price + 0.31 * kwh - 100
            return price + 4.5
        """,
        "cases = {'night': (50., True), 'day': (80., False), 'more': (180., False),"
        " 'most': (250., False)}",
        {3: "shown by 'night'", 7: "shown by 'more', 'most'"},
    ),
    "two faults in the same output of every case": (
        """
        function y = f (x, k)
          s = sum (2.5 * x);
          t = exp (k) / 3;
          y = s + max (x) * t;
        end
        """,
        """
        def f(x, k):
            s = np.sum(3.5 * x)
            t = np.exp(k) / 2
            return s + np.max(x) * t
        """,
        "cases = {'a': (np.array([1.3, 2.2, .4]), 1.2), 'b': (np.array([2.3, 1.7]), .3)}",
        {2: "together with the other place", 3: "together with the other place"},
    ),
}


@pytest.mark.parametrize(("m", "port", "cases", "scopes"), TWICE_WRONG.values(), ids=TWICE_WRONG)
def test_every_fault_is_named_with_what_shows_it_and_all_are_mended(
    foreign, shared_runner, m, port, cases, scopes
):
    foreign.m("f", textwrap.dedent(m))
    foreign.py("f", textwrap.dedent(port))
    foreign.cases("f", cases)
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    places = {one.port.line: one.scope for one in (found.finding, *found.further)}
    first = min(places) - min(scopes)
    assert {line - first: scope for line, scope in places.items()} == scopes
    assert found.together.agreeing == found.together.cases == found.cases
    text = "\n".join(faults_text(found.finding, found.further, found.together))
    assert "the port is wrong at 2 places:" in text
    assert "all of these changes were tried together" in text


def test_one_fault_that_shows_in_two_outputs_is_one(foreign, shared_runner):
    foreign.m("f", "function [a, b] = f (x)\n  s = 2.5 * x;\n  a = s + 1;\n  b = s .^ 2;\nend\n")
    foreign.py("f", "def f(x):\n    s = 2.5 + x\n    return s + 1, s ** 2\n")
    foreign.cases("f", "cases = {'a': (np.array([3., 1., 4.2]),)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert (found.further, found.together) == ((), None)
    assert found.finding.is_mended


def test_a_second_fault_is_named_though_only_cases_that_were_not_looked_at_show_it(
    foreign, shared_runner
):
    foreign.m(
        "f",
        """
        function y = f (x, flag)
          a = sum (x .* sin (x + 0.5)) + 0.3;
          y = a * 1.5;
          if (flag > 0)
            b = sum (x .* cos (x - 0.2)) + 1.7;
            y = b / 2.5;
          end
        end
        """,
    )
    foreign.py(
        "f",
        "def f(x, flag):\n"
        "    a = np.sum(x * np.sin(x + 0.5)) * np.exp(0.01 * len(x)) - 0.2\n"
        "    y = a * 1.5\n"
        "    if flag > 0:\n"
        "        b = np.sum(x * np.cos(x - 0.2)) + 2.7\n"
        "        y = b / 2.5\n"
        "    return y\n",
    )
    foreign.cases(
        "f",
        "cases = {**{f'a{i}': (np.arange(3.) + i / 7, 0.) for i in range(9)},"
        " **{f'b{i}': (np.arange(9.) + i / 3, 1.) for i in range(2)}}",
    )
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert len({one.port.line for one in (found.finding, *found.further)}) == 2


def test_cases_that_were_not_looked_at_show_no_second_fault(foreign, shared_runner):
    foreign.m(
        "f",
        """
        function total = f (x, rows)
          expected = sum (rows .* (rows + 1));
          if numel (x) ~= expected
            error ("f:x", "x must have %d elements", expected);
          end
          total = sum (x);
        end
        """,
    )
    foreign.py(
        "f",
        "def f(x, rows):\n"
        "    expected = sum(n for n in rows)\n"
        "    if x.size != expected:\n"
        "        raise ValueError(f'x must have {expected:.0f} elements')\n"
        "    return x.sum()\n",
    )
    foreign.cases(
        "f",
        "cases = {f'rows to {n}': (np.arange(sum(i * i + i for i in range(1, n + 1))) + .5,"
        " np.arange(1., n + 1)) for n in range(1, 14)}",
    )
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert (found.finding.port.expression, found.further) == ("sum(n for n in rows)", ())


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["A\nb\nc\n", "a\nb\nC\n"], "A\nb\nC\n"),
        (["a\nx\nb\nc\n", "a\nb\n"], "a\nx\nb\n"),
        (["a\nB\nc\n", "a\nbb\nc\n"], ""),
    ],
)
def test_changes_are_written_into_one_text_unless_they_overlap(texts, expected):
    assert merged("a\nb\nc\n", texts) == expected


class Explained:
    """Explains cases as it was told to, and keeps which were looked at first."""

    unseen, both = "", None

    def __init__(self, findings):
        self._findings = findings
        self.healed, self.looked_at = [], []

    def explain(self, failing, agreeing=(), recorded=None):
        """Say what it was told to say of the first of some cases."""
        self.looked_at.append(failing[0].name)
        return self._findings.get(failing[0].name)


def failing(name, size, **more):
    return FailingCase(name, Case(np.ones(size)), lambda own: False, (0,), names=("y",), **more)


MENDED = Finding(
    Fault.VALUE, None, None, mend=Mend(Path("f.py"), "", agreeing=3, cases=3, source="", mended="")
)


@pytest.mark.parametrize(
    ("cases", "findings", "looked_at", "named"),
    [
        ([("a", 1), ("b", 9), ("c", 4)], {"b": MENDED}, ["a", "b"], "b"),
        ([("a", 1), ("b", 4), ("c", 9)], {"a": MENDED}, ["a"], ""),
        ([("a", 1), ("b", 4), ("c", 9)], {"b": MENDED}, ["a", "c"], None),
        ([("a", 1)], {}, ["a"], None),
    ],
    ids=["the largest", "the first", "no other", "there is no other"],
)
def test_another_case_is_looked_at_where_the_first_gives_no_mend(cases, findings, looked_at, named):
    explainer = Explained(findings)
    found = faults(explainer, None, [failing(*one) for one in cases])
    assert explainer.looked_at == looked_at
    assert (found.case if found.findings else None) == named


def test_a_case_that_is_large_or_slow_is_not_the_other_one():
    explainer = Explained({"large": MENDED, "slow": MENDED})
    cases = [failing("a", 1), failing("large", 9, is_large=True), failing("slow", 9, seconds=2.0)]
    assert not faults(explainer, None, cases).findings
    assert explainer.looked_at == ["a"]
