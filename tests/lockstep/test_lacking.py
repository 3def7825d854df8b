"""A statement that the port lacks is translated from Octave's and put where it belongs."""

import textwrap

import pytest

from lockstep.explaining import explained
from lockstep.model.report import Fault

LINES_BEFORE = 2
"""Lines that the fixture writes before the port: the import, a blank one, and its own first."""

LACKING = {
    "under a condition that the port has": (
        """
        function [n, saved] = f (x)
          n = 0;
          first = 0;
          saved = 0;
          for k = 1:numel (x)
            n = n + x(k);
            if x(k) < 0
              if first == 0
                first = k;
                saved = n;
              end
            end
          end
        end
        """,
        """
        def f(values):
            total = 0.0
            first = saved = 0
            saved = 0
            for k, value in enumerate(values, 1):
                total += value
                if value < 0:
                    if first == 0:
                        first = k
            return total, saved
        """,
        "cases = {'one': (np.array([2.3, -1.7, 4.1, -3.9]),), 'two': (np.array([1.9, -7.1]),)}",
        10,
        "                saved = total",
    ),
    "elements of what is one of several outputs": (
        """
        function y = f (x)
          [m, y] = max (x);
          y = y * 0.5 + 1;
          y(m == 0) = 0;
        end
        """,
        """
        def f(x):
            top = x.max(axis=0)
            y = x.argmax(axis=0)
            y = (y + 1) * 0.5 + 1
            return y
        """,
        "cases = {'none': (np.array([[0.0, 1.5, 2.5], [0, 3.5, 1.25]]),), 'one': (np.eye(2),)}",
        6,
        "    y[top == 0] = 0",
    ),
    "the deletion of elements": (
        """
        function y = f (x, w)
          x = x(:);
          gone = isnan (x);
          x(gone) = [];
          w(gone) = [];
          y = sum (x .* w(:)) + numel (w);
        end
        """,
        """
        def f(x, weight):
            gone = np.isnan(x)
            x = x[~gone]
            return np.nansum(np.resize(x, weight.size) * weight) + weight.size
        """,
        "cases = {'one': (np.array([1.3, np.nan, 2.9]), np.array([3.1, 4.7, 5.3])),"
        " 'none': (np.array([1.3, 2.9]), np.array([3.1, 4.7]))}",
        5,
        "    weight = np.delete(weight, gone)",
    ),
    "a part of an array, under a condition of its own": (
        """
        function y = f (x, top)
          y = x ./ max (x);
          if top > 0
            y(x > top) = 1;
          end
          y = y + top;
        end
        """,
        """
        def f(x, limit):
            share = x / x.max()
            share = share + limit
            return share
        """,
        "cases = {'one': (np.array([1.3, 2.9, 4.7]), 2.0), 'none': (np.array([1.3, 2.9]), -1.0)}",
        4,
        "        share[x > limit] = 1",
    ),
    "two that go together": (
        """
        function [a, b] = f (x)
          a = cumsum (x);
          b = cumprod (x);
          a = a / 7;
          b = b + a;
          a = a - b(1);
        end
        """,
        """
        def f(x):
            total = np.cumsum(x)
            product = np.cumprod(x)
            total = total - product[0]
            return total, product
        """,
        "cases = {'one': (np.array([1.3, 2.9, 4.7]),), 'two': (np.array([0.3, -2.9]),)}",
        5,
        "    product = product + total",
    ),
    "what fills an array that is made before": (
        """
        function z = f (x, y)
          [s, i] = sort (x);
          z(i) = cumsum (s) + 2 * y;
          z = z / 2;
        end
        """,
        """
        def f(x, y):
            order = np.argsort(x, kind="stable")
            gathered = np.cumsum(x[order]) + 2 * y
            found = np.zeros_like(x)
            return found / 2
        """,
        "cases = {'one': (np.array([5.3, 2.9, 4.7, 1.1]), np.array([1.5, 0.3, 2.2, 7.1])),"
        " 'two': (np.array([2.9, 0.3, 1.7]), np.array([9.3, 0.2, 0.4]))}",
        6,
        "    found[order] = gathered",
    ),
    "a branch of an if": (
        """
        function y = f (x, kind)
          if kind == 1
            y = x * 2;
            w = x(1);
          elseif kind == 2
            y = x .^ 2;
            w = x(2);
          elseif kind == 3
            y = sqrt (x);
            w = x(end);
          else
            error ('f:kind', 'no such kind');
          end
          y = y + w;
        end
        """,
        """
        def f(x, kind):
            if kind == 1:
                y = x * 2
                w = x[0]
            elif kind == 2:
                y = x ** 2
                w = x[1]
            else:
                raise ValueError("no such kind")
            return y + w
        """,
        "cases = {n: (np.array([5.3, 2.9, 4.7, 1.1]), float(n[-1])) for n in ('k1', 'k2', 'k3')}",
        3,
        "        y = np.sqrt(x)",
    ),
    "a case of a switch": (
        """
        function y = f (x, kind)
          switch kind
            case 'mean'
              y = mean (x);
            case 'last'
              y = x(end);
            case 'sum'
              y = sum (x) / 2;
          end
        end
        """,
        """
        def f(x, kind):
            if kind == "mean":
                y = np.mean(x)
            elif kind == "last":
                y = x[-1]
            else:
                raise ValueError(kind)
            return y
        """,
        "cases = {n: (np.array([5.3, 2.9, 4.7, 1.1]), n) for n in ('mean', 'last', 'sum')}",
        3,
        "    elif kind == 'sum':",
    ),
    "an else": (
        """
        function y = f (x, k)
          if k > 2
            x = x * k;
          else
            x = x - k;
          end
          y = x / 3;
        end
        """,
        """
        def f(x, k):
            if k > 2:
                x = x * k
            return x / 3
        """,
        "cases = {'more': (np.array([5.3, 2.9]), 3.0), 'less': (np.array([0.3, 2.9]), 1.5)}",
        3,
        "        x = x - k",
    ),
    "a break with its condition": (
        """
        function [s, n] = f (x)
          s = 0;
          n = 0;
          for k = 1:numel (x)
            n = n + 1;
            if s + x(k) > 10
              break
            end
            s = s + x(k);
          end
        end
        """,
        """
        def f(x):
            s = 0.0
            n = 0
            for k in range(x.size):
                n = n + 1
                s = s + x[k]
            return s, n
        """,
        "cases = {'one': (np.array([5.3, 2.9, 4.7, 1.1]),), 'all': (np.array([0.3, 2.9]),)}",
        7,
        "        if s + x[k] > 10:",
    ),
    "between two changes of its variable": (
        """
        function y = f (a, b)
          h = (a + b) / 2;
          h = h - (abs (a - b) > 3) * 3;
          h = h + (h < 0) * 6;
          h(b == 0) = 1;
          s = a .^ 2;
          y = s + cos (h);
        end
        """,
        """
        def f(first, second):
            mean = (first + second) / 2
            mean = mean - (np.abs(first - second) > 3) * 3
            mean[second == 0] = 1
            square = first ** 2
            return square + np.cos(mean)
        """,
        "cases = {'one': (np.array([0.3, 1.7, 4.9, 6.1]), np.array([4.1, 1.2, 0.8, 2.3])),"
        " 'none': (np.array([1.5, 2.3]), np.array([1.1, 0.0]))}",
        5,
        "    mean = mean + (mean < 0) * 6",
    ),
    "for all elements at once, what Octave does to one under a condition": (
        """
        function y = f (x)
          for k = 1:numel (x)
            h = sqrt (abs (x(k))) * x(k);
            if h < 0
              h = 1000 + h;
            end
            y(k) = h;
          end
        end
        """,
        """
        def f(values):
            heights = np.sqrt(np.abs(values)) * values
            return heights
        """,
        "cases = {'one': (np.array([5.3, -2.9, 4.7, -1.1]),), 'all': (np.array([0.3, 2.9]),)}",
        4,
        "    heights = np.where(heights < 0, 1000 + heights, heights)",
    ),
    "a continue with its condition": (
        """
        function y = f (x)
          y = 1;
          for k = 1:numel (x)
            if x(k) < 0, continue; end
            y = y * 2 + x(k);
          end
        end
        """,
        """
        def f(values):
            product = 1.0
            for value in values:
                product = product * 2 + value
            return product
        """,
        "cases = {'one': (np.array([5.3, -2.9, 4.7, -1.1]),), 'all': (np.array([0.3, 2.9]),)}",
        5,
        "        if value < 0:",
    ),
}


@pytest.mark.parametrize(("m", "port", "cases", "line", "added"), LACKING.values(), ids=LACKING)
def test_what_lacks_is_added_in_its_place(foreign, shared_runner, m, port, cases, line, added):
    foreign.m("f", textwrap.dedent(m))
    foreign.py("f", textwrap.dedent(port))
    foreign.cases("f", cases)
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.is_mended
    assert f"+{added}" in found.mend.diff.splitlines()
    assert found.reason.key == "missing-statement"
    if found.fault is Fault.MISSING:
        assert " ".join(found.octave.statement.split()) in " ".join(m.split())
    assert found.port.line - LINES_BEFORE == line
