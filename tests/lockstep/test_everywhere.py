"""A slip is found wherever it is, where no change of the place that the values name mends it."""

import ast
import textwrap
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lockstep.explain.changes import changes_of
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import rewritten
from lockstep.explain.evidence import Evidence, Turn
from lockstep.explain.mender import is_roundabout
from lockstep.explain.slips import slips_near
from lockstep.explain.statements import Statements
from lockstep.explain.ways_round import emptied
from lockstep.explaining import explained
from lockstep.model.execution import Kind
from lockstep.model.report import Fault, Mend
from lockstep.project.cases import Case
from lockstep.sides.port import Port
from lockstep.sides.port_execution import ObservedPort

LINES_BEFORE = 2
"""Lines that the fixture writes before the port: the import, a blank one, and its own first."""

SLIPS = {
    "a remainder that is lost in a helper, by the functions of math": (
        """
        function y = f (x, z)
          p = mod (atan2 (x, z), 2 * pi);
          q = mod (atan2 (z, x), 2 * pi);
          y = p + 3 * q;
        end
        """,
        """
        from math import atan2, pi
        def angle(one, other):
            return atan2(one, other)
        def f(x, z):
            return angle(x, z) + 3 * angle(z, x)
        """,
        "cases = {'one': (-0.7, 0.4), 'two': (-1.5, -2.25)}",
        (4, "atan2(one, other)"),
    ),
    "a statement that lacks in a method, of what the object keeps": (
        """
        function y = f (x, first, more)
          y = 0 * x;
          rate = first;
          total = 0;
          for k = 1:numel (x)
            total = total + rate * x(k);
            rate = rate + more;
            if total > 2
              total = 0;
              rate = first;
            end
            y(k) = total;
          end
        end
        """,
        """
        class Sum:
            def __init__(self, begin, step):
                self.begin, self.step = begin, step
                self.speed, self.total = begin, 0.0
            def add(self, one):
                self.total += self.speed * one
                self.speed += self.step
                if self.total > 2:
                    self.again()
                return self.total
            def again(self):
                self.total = 0.0
        def f(x, first, more):
            held = Sum(first, more)
            return np.array([held.add(one) for one in x])
        """,
        "cases = {'one': (np.array([1.5, 0.25, 2.75, 3.5, 1.25, 0.5, 1.75, 2.5]), 0.37, 0.113)}",
        (13, ""),
    ),
    "what a method is not given": (
        """
        function y = f (x, w)
          y = [0, 0];
          for k = 1:numel (x)
            y = y + [x(k) * w(k) / 7, x(k) / 7];
          end
        end
        """,
        """
        class Sum:
            def __init__(self, x, weights):
                self.x, self.weights = x, weights
            def summed(self, by=None):
                by = np.ones(len(self.x)) if by is None else by
                return sum(one * other / 7 for one, other in zip(self.x, by))
            def both(self):
                return np.array([self.summed(), self.summed()])
        def f(x, w):
            return Sum(x, w).both()
        """,
        "cases = {'one': (np.array([1.5, 0.25, 2.75]), np.array([0.5, 1.25, 2.0]))}",
        (9, "self.summed()"),
    ),
    "what is added to in an object": (
        """
        function y = f (x)
          total = 0;
          for k = 1:numel (x)
            total = total + x(k) / 7;
          end
          y = total;
        end
        """,
        """
        class Sum:
            def __init__(self):
                self.total = 0.0
            def add(self, one):
                self.total = one / 7
        def f(x):
            held = Sum()
            for one in x:
                held.add(one)
            return held.total
        """,
        "cases = {'one': (np.array([1.5, 0.25, 2.75, 3.5]),)}",
        (6, ""),
    ),
    "the same slip in two statements": (
        """
        function y = f (x)
          n = numel (x) - 2;
          y = struct ("a", x(2:n), "b", 2 * x(2:n), "c", x(n));
        end
        """,
        """
        def f(x):
            n = len(x) - 2
            z = 2 * x
            a = x[1:n - 1]
            b = z[1:n - 1]
            return {"a": a, "b": b, "c": x[n - 1]}
        """,
        "cases = {'one': (np.array([1.5, 0.25, 2.75, 3.5, -1.25, 0.5]),)}",
        (5, "n - 1"),
    ),
    "a condition turned round, without which nothing would be lacking": (
        """
        function y = f (x)
          low = min (x(:));
          y = (x - low) / (max (x(:)) - low);
        end
        """,
        """
        def f(x, limits="image"):
            if limits != "type":
                limits = x.dtype.type
            if limits == "image":
                low, high = x.min(), x.max()
            else:
                low, high = 0.0, 1.0
            return (x - low) / (high - low)
        """,
        "cases = {'one': (np.array([[1.5, 2.25], [0.7, 3.5]]),)}",
        (3, 'limits != "type"'),
    ),
    "what is given to a helper that hands it on": (
        """
        function y = f (x)
          a = part (x, 2);
          b = part (x, 5);
          y = sum (a) + 10 * sum (b);
        end
        function y = part (x, n)
          n = double (n);
          y = x(1:n);
        end
        """,
        """
        def f(x):
            a = part(x, 2)
            b = part(x, 3)
            return a.sum() + 10 * b.sum()

        def part(x, n):
            n = int(n)
            return x[:n]
        """,
        "cases = {'one': (np.array([0.31, 1.72, 2.13, 4.64, 0.7]),)}",
        (4, "part(x, 3)"),
    ),
    "a statement that is lacking in a loop of which it stands behind": (
        """
        function y = f (x)
          s = 0.3;
          for k = 1:20
            y = x * s + cos (k);
            s = s / 2 + sum (y) / 9;
          end
          y = y * s;
        end
        """,
        """
        def f(x):
            s = 0.3
            for k in range(1, 21):
                y = x * s + np.cos(k)
            s = s / 2 + y.sum() / 9
            return y * s
        """,
        "cases = {'one': (np.array([0.31, 1.72, 2.13]),)}",
        (6, ""),
    ),
    "floats that are to be filled with places": (
        """
        function y = f (x)
          order = zeros (1, numel (x));
          for k = 1:numel (x)
            order(k) = numel (x) + 1 - k;
          end
          y = 0.3;
          for j = order
            y = y / x(j);
            y = y + x(j);
          end
        end
        """,
        """
        def f(x):
            n = x.size
            order = np.zeros(n)
            for k in range(n):
                order[k] = n - 1 - k
            y = 0.3
            for j in order:
                y = y / x[j]
                y = y + x[j]
            return y
        """,
        "cases = {'one': (np.array([0.31, 1.72, 2.13, 4.64, 0.7]),)}",
        (4, "np.zeros(n)"),
    ),
    "a default of another type": (
        """
        function y = f (x)
          y = x * 2;
        end
        """,
        """
        def f(x, size=1):
            if size.lower() == "half":
                return x * 0.5
            elif size.lower() == "double":
                return x * 2
            return x
        """,
        "cases = {'one': (np.array([[1.5, -2.0], [0.25, 4.0]]),)}",
        (2, "1"),
    ),
    "an attribute that nothing reads": (
        """
        function y = f (x)
          low = x(1) - 2;
          y = zeros (size (x));
          for k = 1:numel (x)
            y(k) = max (x(k) * 1.5, low);
          end
        end
        """,
        """
        class Bounded:
            def __init__(self, x):
                self.first = x[0]
                self.low = x[0] - 2

            def at(self, v):
                return max(v * 1.5, self.first)

        def f(x):
            own = Bounded(x)
            return np.array([own.at(v) for v in x])
        """,
        "cases = {'one': (np.array([2.3, -1.7, 4.1, .4]),), 'two': (np.array([2.6, 7.2]),)}",
        (8, "max(v * 1.5, self.first)"),
    ),
    "a condition on a default that fits it": (
        """
        function y = f (x, n)
          if nargin < 2
            n = 3;
          end
          y = x * n;
        end
        """,
        """
        def f(x, n=None):
            if not n is None:
                n = 3
            return np.asarray(x) * (1 if n is None else n)
        """,
        "cases = {'one': (np.array([1.5, 2.25]),), 'two': (np.array([1.5, 2.25]), 7.0)}",
        (3, "n is None"),
    ),
    "a whole number without a counterpart": (
        """
        function y = f (s, n)
          gap = n - numel (s);
          y = [blanks(floor(gap / 2)), s, blanks(gap - floor(gap / 2))];
        end
        """,
        """
        def f(s, n):
            space = int(n) - len(s)
            left = (space + 1) // 2
            return " " * left + s + " " * (space - left)
        """,
        "cases = {'odd': ('ab', 5.0), 'even': ('ab', 6.0), 'none': ('abc', 3.0)}",
        (4, "space + 1"),
    ),
    "two statements in the wrong order": (
        """
        function y = f (a, b)
          while b ~= 0
            t = mod (a, b);
            a = b;
            b = t;
          end
          y = a;
        end
        """,
        """
        def f(a, b):
            while b:
                t = a % b
                b = t
                a = b
            return a
        """,
        "cases = {'one': (12.0, 18.0), 'two': (35.0, 21.0), 'three': (7.0, 0.0)}",
        (5, ""),
    ),
    "a formula for unit vectors only, in a branch of its own": (
        """
        function y = f (v, k)
          if k > 1
            y = v(1) ^ 2 + v(2) ^ 2;
          else
            y = v(2) ^ 2 + v(3) ^ 2;
          end
        end
        """,
        """
        def f(v, k):
            if k > 1:
                rest = v[1]
            else:
                rest = v[0]
            return 1 - rest**2
        """,
        """
        unit = np.array([[2.0, 3, 6], [6, -2, 3], [1, 4, 8], [4, -7, 4], [-2, 6, 9]])
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        cases = {f"first {i}": (one, 1.0) for i, one in enumerate(unit)}
        cases["third"] = (unit[0], 2.0)
        """,
        (4, "v[1]"),
    ),
    "a factor that only Octave's text has, where the port raises an error": (
        """
        function y = f (stages, x)
          level = cell (1, numel (stages) + 1);
          level{1} = x;
          for k = 2:numel (level)
            level{k} = postpad (tanh (stages{k - 1} * level{k - 1}) / k, 3);
          end
          y = level{end};
        end
        """,
        """
        def f(stages, x):
            level = [None] * (len(stages) + 1)
            level[0] = x
            for k in range(1, len(level)):
                level[k] = np.hstack([np.tanh(stages[k - 1]) / (k + 1), np.zeros(1)])
            return level[-1]
        """,
        """
        a, b = np.array([[0.3, -1.2], [2.1, 0.7]]), np.array([[0.4, 1.9, -0.6], [1.1, 0.2, 0.8]])
        cases = {"two": ([a, b], np.array([0.9, -0.2])), "one": ([a], np.array([1.3, 0.8]))}
        """,
        (6, "stages[k - 1]"),
    ),
    "a factor that only Octave's text has, in a port with names of its own": (
        """
        function u = f (u0, A, dt)
          u = u0;
          for k = 1:12
            old = u;
            rhs = (A * old) .* dt;
            u = [old(1); old(2:end-1) + rhs(2:end-1); old(end)];
          end
        end
        """,
        """
        def f(start, stiffness, step):
            state = start.copy()
            for _ in range(12):
                last = state
                increment = stiffness * step
                inner = last[1:-1] + increment[1:-1]
                state = np.concatenate([last[:1], inner, last[-1:]])
            return state
        """,
        """
        def laplace(n):
            return np.eye(n, k=1) + np.eye(n, k=-1) - 2 * np.eye(n)

        x = np.random.default_rng(3).normal(size=7)
        cases = {"five": (x[:5], laplace(5), 0.2), "seven": (x, laplace(7), 0.1)}
        """,
        (6, "stiffness * step"),
    ),
    "each time that the port reshapes": (
        """
        function y = f (x)
          q = reshape (x, 2, []) .* [1; 10];
          y = reshape (q, 1, []);
        end
        """,
        """
        def f(x):
            q = x.reshape(2, -1) * np.array([[1], [10]])
            return q.reshape(1, -1)
        """,
        "cases = {'six': (np.arange(1.0, 7),), 'eight': (np.arange(8.0, 0, -1),)}",
        (3, "x.reshape(2, -1)"),
    ),
    "a range that is gone through from the other end": (
        """
        function y = f (n)
          y = 1;
          for k = 10:-1:2
            if mod (n, k) == 0
              y = k;
              return
            end
          end
        end
        """,
        """
        def f(n):
            return next((k for k in range(2, 11) if n % k == 0), 1)
        """,
        "cases = {'one': (12.0,), 'two': (35.0,), 'three': (11.0,)}",
        (3, "range(2, 11)"),
    ),
    "an else that is too much": (
        """
        function y = f (ecc, nu, arglat)
          if ecc < 0.1
            nu = arglat;
          end
          y = cos (nu) * ecc;
        end
        """,
        """
        def f(ecc, nu, arglat):
            if ecc < 0.1:
                nu = arglat
            else:
                nu = arglat
                ecc = 0.1
            return np.cos(nu) * ecc
        """,
        "cases = {'small': (.05, .3, .7), 'one': (.5, .3, .7), 'two': (.2, 1.1, .4)}",
        (6, ""),
    ),
    "a bound that is lost": (
        """
        function y = f (pay, rate)
          y = pay;
          for k = numel (pay) - 1:-1:1
            y(k) = max (pay(k), y(k + 1) / rate);
          end
        end
        """,
        """
        def f(pay, rate):
            value = pay.copy()
            for k in range(len(pay) - 2, -1, -1):
                value[k] = value[k + 1] / rate
            return value
        """,
        "cases = {'one': (np.array([3., 1.2, 2.5]), 1.1), 'two': (np.array([.5, 4., 2.]), 1.2)}",
        (5, "value[k + 1] / rate"),
    ),
    "a factor that is lost between steps that Octave has not": (
        """
        function y = f (x, n)
          for k = 0:numel (x) - 1
            y(mod (k, n) * n + floor (k / n) + 1) = x(k + 1);
          end
        end
        """,
        """
        def f(x, n):
            row, column = np.divmod(np.arange(x.size), int(n))
            place = column + row
            y = np.zeros_like(x)
            y[place] = x
            return y
        """,
        "cases = {'one': (np.arange(9.) + .3, 3.), 'two': (np.arange(4.) * .7, 2.)}",
        (4, "column + row"),
    ),
    "an exchange without a third variable": (
        """
        function y = f (a, b)
          if a > b
            t = a; a = b; b = t;
          end
          y = b - a * 0.5;
        end
        """,
        """
        def f(low, high):
            if low > high:
                low = high
                high = low
            return high - low * 0.5
        """,
        "cases = {'in order': (1.5, 3.), 'turned': (4., 2.5), 'more': (7., 1.5)}",
        (4, ""),
    ),
    "an index that is lost where a part is assigned": (
        """
        function y = f (x)
          y = zeros (1, numel (x));
          for k = 1:numel (x)
            y(k) = x(k) ^ 2 + k;
          end
        end
        """,
        """
        def f(x):
            out = np.zeros(x.size)
            for k in range(x.size):
                out = x[k] ** 2 + k + 1
            return out
        """,
        "cases = {'three': (np.array([1.5, .2, 4.]),), 'two': (np.array([2.5, 7.]),)}",
        (5, ""),
    ),
    "the other end of a queue": (
        """
        function order = f (n)
          queue = 1; order = [];
          while ~isempty (queue)
            k = queue(1);
            queue(1) = [];
            order(end + 1) = k;
            for child = [2 * k + 1, 2 * k]
              if child <= n
                queue(end + 1) = child;
              end
            end
          end
        end
        """,
        """
        def f(n):
            waiting, order = [1], []
            while waiting:
                k = waiting.pop()
                order.append(float(k))
                waiting += [child for child in (2 * k + 1, 2 * k) if child <= n]
            return np.array(order)
        """,
        "cases = {'one': (1.,), 'seven': (7.,), 'ten': (10.,)}",
        (5, "waiting.pop()"),
    ),
    "a test of the beginning of a text the wrong way round": (
        """
        function y = f (x, way)
          if strncmpi (way, 'decreasing', numel (way))
            x = x(end:-1:1);
          end
          y = cumsum (x);
        end
        """,
        """
        def f(x, way):
            if way.lower().startswith("decreasing"):
                x = x[::-1]
            return np.cumsum(x)
        """,
        "cases = {'whole': (np.array([1., 2.5, 4.]), 'decreasing'),"
        " 'part': (np.array([1., 2.5]), 'dec'), 'other': (np.array([1., 2.5]), 'up')}",
        (3, 'way.lower().startswith("decreasing")'),
    ),
    "an argument that is not handed on": (
        """
        function y = f (x, m)
          y = spread (x, m) / m;
        end
        function s = spread (x, m)
          if nargin < 2
            m = mean (x);
          end
          s = sum ((x - m) .^ 2);
        end
        """,
        """
        def spread(x, m=None):
            m = np.mean(x) if m is None else m
            return np.sum((x - m) ** 2)

        def f(x, m):
            return spread(x) / m
        """,
        "cases = {'one': (np.array([1., 2.5, 4.]), 2.), 'two': (np.array([1., 2.]), 1.5)}",
        (7, "spread(x)"),
    ),
    "an elif for an if of its own": (
        """
        function [y, k] = f (x)
          y = 0; k = 0;
          if x > 1
            y = 1.5; x = x / 2;
          end
          if x < 2
            k = x + 2;
          end
        end
        """,
        """
        def f(x):
            y = k = 0.0
            if x > 1:
                y = 1.5
                x = x / 2
            elif x < 2:
                k = x + 2
            return y, k
        """,
        "cases = {'small': (.5,), 'middle': (3.,), 'large': (7.,), 'low': (1.2,)}",
        (7, ""),
    ),
    "a condition that is another one in Octave": (
        """
        function y = f (u, v)
          y = 0;
          if u < 0 || u > 1
            return
          end
          if v < 0 || u + v > 1
            return
          end
          y = 1 - u - v;
        end
        """,
        """
        def f(u, v):
            if not 0 <= u <= 1:
                return 0.0
            if v < 0 or v > 1:
                return 0.0
            return 1 - u - v
        """,
        "cases = {'in': (.2, .3), 'left': (-.2, .3), 'beyond': (.6, .7)}",
        (5, "v > 1"),
    ),
    "loops the other way round": (
        """
        function d = f (d)
          n = rows (d);
          for k = 1:n
            for i = 1:n
              for j = 1:n
                d(i,j) = min (d(i,j), d(i,k) + d(k,j));
              end
            end
          end
        end
        """,
        """
        def f(distances):
            best = distances.copy()
            nodes = range(len(best))
            for i in nodes:
                for j in nodes:
                    for k in nodes:
                        best[i, j] = min(best[i, j], best[i, k] + best[k, j])
            return best
        """,
        """
        inf = np.inf
        cases = {
            "ring": (np.array([[0, 1.5, inf, inf], [inf, 0, 2.5, inf], [inf, inf, 0, 3.5],
                               [4.5, inf, inf, 0]]),),
            "way back": (np.array([[0, inf, inf, 1], [3, 0, inf, inf], [inf, 2.5, 0, inf],
                                   [inf, inf, 1.5, 0]]),),
        }
        """,
        (5, ""),
    ),
    "angles that are unpacked in another order": (
        """
        function p = f (q)
          s = q(1); a = q(3); b = q(2);
          p = [s * cos(a + 2 * b); s * sin(a + 2 * b) * sin(b)];
        end
        """,
        """
        def turn(x):
            c, s = np.cos(x), np.sin(x)
            return np.array([[c, -s], [s, c]])

        def f(q):
            size, a, b = q
            p = turn(a) @ turn(b) @ turn(b) @ np.array([size, 0])
            return p * [1, np.sin(b)]
        """,
        "cases = {'one': (np.array([2.5, .3, 1.1]),), 'alike': (np.array([1.5, .7, .7]),)}",
        (7, "size, a, b"),
    ),
    "a constant at the top of the module": (
        """
        function y = f (x)
          r = 6378.137;
          y = x * r + sum (x);
        end
        """,
        """
        RADIUS = 6371.0

        def f(x):
            return x * RADIUS + np.sum(x)
        """,
        "cases = {'two': (np.array([.5, .25]),), 'three': (np.array([2.5, .25, 4]),)}",
        (2, "6371.0"),
    ),
    "one of two constants at the top of the module": (
        """
        function y = f (x)
          r = 6378.137; f = 1 / 298.25;
          y = x * r * (1 - f) + sum (x);
        end
        """,
        """
        RADIUS, FLATTENING = 6371.0, 1 / 298.25

        def f(x):
            return x * RADIUS * (1 - FLATTENING) + np.sum(x)
        """,
        "cases = {'two': (np.array([.5, .25]),), 'three': (np.array([2.5, .25, 4]),)}",
        (2, "6371.0"),
    ),
    "an array at the top of the module": (
        """
        function y = f (x)
          w = [0.2 0.5 0.3]';
          y = cumsum (w .* x(1:3)) + numel (x);
        end
        """,
        """
        WEIGHTS = np.array([0.2, 0.3, 0.5])

        def f(x):
            return np.cumsum(WEIGHTS * x[:3]) + x.size
        """,
        "cases = {'three': (np.array([.5, .25, 3]),), 'four': (np.array([2.5, .25, 4, 1]),)}",
        (2, "[0.2, 0.3, 0.5]"),
    ),
    "an entry that a table lacks": (
        """
        function y = f (x)
          y = 0.1;
          if x >= 5000
            y = 0.42;
          elseif x >= 2000
            y = 0.35;
          elseif x >= 800
            y = 0.27;
          elseif x >= 300
            y = 0.19;
          end
          y = y * x;
        end
        """,
        """
        RATES = [(5000, 0.42), (2000, 0.35), (300, 0.19)]

        def f(x):
            rate = next((r for least, r in RATES if x >= least), 0.1)
            return rate * x
        """,
        "cases = {'low': (120.5,), 'some': (900.5,), 'more': (2500.5,), 'most': (7000.5,)}",
        (2, "[(5000, 0.42), (2000, 0.35), (300, 0.19)]"),
    ),
    "a constant for what the object holds": (
        """
        function y = f (x, fill)
          y = repmat (fill, 1, 6);
          y(7 - numel (x):end) = x;
        end
        """,
        """
        class Padded:
            def __init__(self, fill):
                self.fill = fill

            def text(self, given):
                return given.rjust(6, "0")

        def f(x, fill):
            return Padded(fill).text(x)
        """,
        "cases = {'0': ('abc', '0'), 'x': ('abcd', 'x')}",
        (7, 'given.rjust(6, "0")'),
    ),
    "a statement that is outside of its condition": (
        """
        function [y, k] = f (x)
          y = x(1);
          k = 1;
          for i = 2:numel (x)
            if x(i) > y + 0.25
              y = x(i);
              k = i;
            end
          end
        end
        """,
        """
        def f(x):
            y, k = x[0], 1
            for i in range(1, x.size):
                if x[i] > y + 0.25:
                    y = x[i]
                k = i + 1
            return y, k
        """,
        "cases = {'up': (np.array([.5, 1.5, 2.5]),), 'down': (np.array([2.5, 4, .5, 1.25]),)}",
        (7, ""),
    ),
    "a variable that a statement reads three times": (
        """
        function f = f (f, n)
          for k = 1:n
            f(2:end-1) = (f(1:end-2) + 2 * f(2:end-1) + f(3:end)) / 4;
          end
        end
        """,
        """
        def f(f, n):
            out = f.copy()
            for k in range(n):
                out[1:-1] = (f[:-2] + 2 * f[1:-1] + f[2:]) / 4
            return out
        """,
        "cases = {'one': (np.array([.5, 3, 1]), 1), 'two': (np.array([.5, 3, 1, 7, 2]), 3)}",
        (5, "f[:-2] + 2 * f[1:-1] + f[2:]"),
    ),
    "bounds that belong to the other side": (
        """
        function y = f (x, n)
          y = zeros (rows (x) + n(1) + n(2), columns (x) + n(3) + n(4));
          y(n(1) + (1:rows (x)), n(3) + (1:columns (x))) = x;
        end
        """,
        """
        def f(x, n):
            n = n.astype(int)
            return np.pad(x, [(n[0], n[2]), (n[1], n[3])])
        """,
        "cases = {'all': (np.ones((2, 3)), np.array([1., 2, 3, 4])),"
        " 'alike': (np.ones((2, 3)), np.array([2., 2, 2, 2]))}",
        (4, "np.pad(x, [(n[0], n[2]), (n[1], n[3])])"),
    ),
    "a factor of Octave's": (
        """
        function y = f (x, m)
          y = zeros (1, 6);
          y(1:3) = x;
          y(4:6) = (-1) ^ m * x(3:-1:1) * 1.5;
        end
        """,
        """
        def f(x, m):
            m = int(m)
            turned = x[::-1] * 1.5
            return np.concatenate([x, turned])
        """,
        "cases = {'odd': (np.array([.5, 3, 1]), 1.), 'even': (np.array([.5, 3, 1]), 2.)}",
        (4, "x[::-1]"),
    ),
    "a term that is lost where a variable is bound, and not where it is returned": (
        """
        function w = f (x)
          e = 0.12;
          w = sin (x) * 2 * e - e;
        end
        """,
        """
        def f(x):
            e = 0.12
            w = np.sin(x) * 2 * e
            return w
        """,
        "cases = {'two': (np.array([.5, 3]),), 'three': (np.array([.5, 3, 1]),)}",
        (4, "np.sin(x) * 2 * e"),
    ),
    "an axis that both of two calls lack, one in the other": (
        """
        function s = f (x, y)
          s = sqrt (spread (y) * spread (x));
        end
        function s = spread (v)
          s = median (abs (v - median (v))) / 0.6745;
        end
        """,
        """
        def spread(v):
            return np.median(np.abs(v - np.median(v))) / 0.6745

        def f(x, y):
            return np.sqrt(spread(y.ravel()) * spread(x))
        """,
        """
        y = np.array([[0.5], [2.5], [1.25], [7.0], [3.5]])
        cases = {"one": (y**2, y), "two": (np.hstack([y, 10 * y[::-1] ** 2]), y)}
        """,
        (3, "np.median(np.abs(v - np.median(v)))"),
    ),
    "a matrix whose columns are taken for rows, which raises an error later": (
        """
        function d = f (c, w)
          [n, m] = size (c);
          d = zeros (n, 1);
          for k = 1:m
            d = d + c(:,k) * w(k) ^ 2;
          end
        end
        """,
        """
        def f(table, w):
            table = np.array(table)
            m, n = table.shape
            d = np.zeros((n, 1))
            for k in range(m):
                d += table[k, :].reshape(n, 1) * w[k] ** 2
            return d
        """,
        """
        table = np.array([[1.5, 2, 7], [0.5, 3, 1], [4, 0, 2], [1, 1, 5]])
        cases = {
            "one column": (table[:, :1], np.array([2.5])),
            "all": (table, np.array([2.5, 0.5, 1.5])),
            "symmetric": (table[:3] + table[:3].T, np.array([2.5, 0.5, 1.5])),
        }
        """,
        (3, "np.array(table)"),
    ),
    "a variable of the same shape, which is being changed": (
        """
        function a = f (a, w)
          for k = 1:numel (w)
            b = a;
            for j = w(k) + 1:numel (a)
              a(j) = max (b(j), b(j - w(k)) + k);
            end
          end
        end
        """,
        """
        def f(a, w):
            for k, width in enumerate(w.astype(int), 1):
                after = a.copy()
                for room in range(width, a.size):
                    after[room] = max(a[room], after[room - width] + k)
                a = after
            return a
        """,
        "cases = {'one': (np.array([0, .5, 0, 2.5, 0, 0]), np.array([2., 3.])),"
        " 'two': (np.zeros(7), np.array([2., 1., 4.])), 'wide': (np.zeros(3), np.array([2.]))}",
        (6, "after"),
    ),
    "Octave's words for a whole number that is an index": (
        """
        function x = f (x, t, n)
          k = round (t / 2 * n);
          x = [x(k+1:end); zeros(k, 1)];
        end
        """,
        """
        def f(x, t, n):
            shift = t // 2 * n
            rest = np.zeros((shift, 1))
            return np.concatenate([x[shift:], rest])
        """,
        """
        x = np.arange(1.5, 14)[:, None] ** 2
        cases = {"even": (x, 4, 1), "odd": (x, 5, 1), "twice": (x, 3, 2), "more": (x, 3, 3)}
        """,
        (3, "t // 2 * n"),
    ),
    "a part of a loop's condition that the break lacks": (
        """
        function s = f (x, most)
          s = zeros (size (x));
          for i = 1:numel (x)
            j = i;
            while j <= numel (x) && (s(i) + x(j) <= most || j == i)
              s(i) = s(i) + x(j);
              j = j + 1;
            end
          end
        end
        """,
        """
        def f(sizes, most):
            sums = np.zeros(sizes.shape)
            for first in range(sizes.size):
                total = 0.0
                for j in range(first, sizes.size):
                    if total + sizes[j] > most:
                        break
                    total += sizes[j]
                sums[first] = total
            return sums
        """,
        "cases = {'fit': (np.array([.5, 2, 1.25, .75]), 3.), 'not': (np.array([.5, 4, 1]), 3.)}",
        (7, "total + sizes[j] > most"),
    ),
    "outputs of one's own function taken in another order": (
        """
        function [low, high] = f (x, w)
          s = w * std (x);
          high = mean (x) + 2 * s;
          low = mean (x) - s;
        end
        """,
        """
        def bounds(x, w):
            s = w * np.std(x, ddof=1)
            return np.mean(x) + 2 * s, np.mean(x) - s

        def f(x, w):
            low, high = bounds(x, w)
            return low, high
        """,
        "cases = {'one': (np.array([.5, 2, 1.25, .75]), 3.), 'none': (np.array([.5, 4, 1]), 0.)}",
        (7, "low, high"),
    ),
    "a condition for which a statement that is Octave's would make up": (
        """
        function r = f (x)
          gains = x > 0;
          if isempty (gains)
            r = 1;
          else
            r = sum (x(gains)) - sum (abs (x));
          end
        end
        """,
        """
        def f(x):
            gains = x > 0
            if not gains.any():
                return 1.0
            return x[gains].sum() - np.abs(x).sum()
        """,
        "cases = {'both': (np.array([1.5, -2, .5]),), 'losses': (np.array([0, -1.5]),)}",
        (4, "not gains.any()"),
    ),
    "what Octave has around an argument": (
        """
        function q = f (x, p)
          m = median (x);
          [low, k] = min (abs (x - m * (1 + p)));
          q = x(k) + low;
        end
        """,
        """
        def nearest(x, value):
            gaps = np.abs(x - value)
            return gaps.min(), gaps.argmin()

        def f(x, p):
            m = np.median(x)
            low, k = nearest(x, m)
            return x[k] + low
        """,
        "cases = {'one': (np.array([.5, 2, 4.25, 7]), .3), 'none': (np.array([.5, 4, 1]), 0.)}",
        (8, "m"),
    ),
    "a column of a matrix, for which the whole is bound anew": (
        """
        function y = f (b, n)
          basis = ones (n, 2);
          basis(:, 2) = sqrt (1:n)' / n;
          y = basis * b;
        end
        """,
        """
        def f(b, n):
            basis = np.ones((int(n), 2))
            basis = np.sqrt(np.arange(1, n + 1)) / n
            return basis @ b
        """,
        "cases = {'five': (np.array([0.3, 1.7]), 5.0), 'three': (np.array([2.1, -0.4]), 3.0)}",
        (4, ""),
    ),
    "an item of a dict, for which the whole is bound anew": (
        """
        function y = f (x, p)
          y = sum (abs (x) .^ p) ^ (1 / p);
        end
        """,
        """
        def norm(x, ord=2, axis=None):
            return np.linalg.norm(x, ord, axis)

        def f(x, p, **options):
            if p != 2:
                options = p
            options.setdefault("ord", 2)
            return norm(x, **options)
        """,
        "cases = {'three': (np.array([0.3, 1.7, 2.2]), 3.0), 'two': (np.array([0.4, 1.1]), 2.0)}",
        (7, ""),
    ),
    "a default that is handed on to who knows what it may be": (
        """
        function y = f (x)
          y = cumsum (x) ./ (1:numel (x))';
        end
        """,
        """
        def smoothed(x, kind="running"):
            if kind in ("running", "run"):
                return np.cumsum(x) / np.arange(1, len(x) + 1)
            elif kind == "reversed":
                return np.cumsum(x[::-1])[::-1]
            raise ValueError(kind)

        def f(x, kind=1):
            return smoothed(x, kind)
        """,
        "cases = {'four': (np.array([0.3, 1.7, 2.2, -0.4]),), 'two': (np.array([0.4, 1.1]),)}",
        (9, "1"),
    ),
    "a default that turns on what is off in Octave": (
        """
        function y = f (x)
          y = sum (x .^ 2);
        end
        """,
        """
        def f(x, mean=1):
            squares = np.square(x)
            if mean:
                return squares.mean()
            return squares.sum()
        """,
        "cases = {'four': (np.array([0.3, 1.7, 2.2, -0.4]),), 'two': (np.array([0.4, 1.1]),)}",
        (2, "1"),
    ),
    "a default that no function of Python takes": (
        """
        function y = f (x)
          y = sum (x .^ 2);
        end
        """,
        """
        def f(x, dtype=1):
            squares = np.square(x)
            return np.sum(squares, dtype=dtype)
        """,
        "cases = {'four': (np.array([0.3, 1.7, 2.2, -0.4]),), 'two': (np.array([0.4, 1.1]),)}",
        (2, "1"),
    ),
    "a number that is to be there for each element": (
        """
        function y = f (x, w)
          y = zeros (size (x));
          above = x > w;
          y(above) = x(above) / w;
          y(! above) = x(! above) .^ 2 * w;
        end
        """,
        """
        def f(x, width):
            w = np.asarray(width)
            y = np.zeros(x.shape)
            above = x > w
            np.place(y, above, np.extract(above, x) / np.extract(above, w))
            np.place(y, ~above, np.extract(~above, x) ** 2 * np.extract(~above, w))
            return y
        """,
        """
        cases = {'one': (np.array([0.3, 1.7, 2.2, -0.4]), 1.1),
                 'two': (np.array([1.4, 0.1, 0.9, 1.3]), 0.6)}
        """,
        (3, "np.asarray(width)"),
    ),
    "a mean that is lost where an array gets a second name": (
        """
        function y = f (x)
          c = x - mean (x);
          y = sum (c .^ 3) ./ sum (c .^ 2) .^ 1.5;
        end
        """,
        """
        def centred(x, mean):
            c = x
            return c

        def moment(x, order):
            return (centred(x, x.mean(axis=0, keepdims=True)) ** order).sum(axis=0)

        def f(x):
            return moment(x, 3) / moment(x, 2) ** 1.5
        """,
        """
        cases = {'one': (np.random.default_rng(3).normal(1.5, 2.0, (5, 3)),),
                 'two': (np.random.default_rng(4).normal(0.5, 1.0, (7, 2)),)}
        """,
        (3, "x"),
    ),
    "half of a number that is lost in a function of the port's own": (
        """
        function y = f (n)
          y = 1 - abs ((-(n - 1):2:(n - 1))' / (n + mod (n, 2)));
        end
        """,
        """
        def triangle(n):
            k = np.arange(1, n + 1 + 1)
            if n % 2 == 0:
                w = (2 * k - 1.0) / n
                return np.concatenate([w, w[::-1]])
            w = 2 * k / (n + 1.0)
            return np.concatenate([w, w[:-1][::-1]])

        def f(n):
            return triangle(int(n))
        """,
        "cases = {'even': (6.0,), 'odd': (9.0,)}",
        (3, "n + 1 + 1"),
    ),
    "a transpose that is lost from a statement that is nothing without it": (
        """
        function y = f (x)
          c = x - mean (x);
          y = c' * c / (rows (x) - 1);
        end
        """,
        """
        def covariance(m, by_row):
            m = np.asarray(m)
            x = np.array(m, dtype=float)
            if not by_row:
                x = x
            x = x - x.mean(axis=1, keepdims=True)
            return x @ x.T / (x.shape[1] - 1)

        def f(x):
            return covariance(x, False)
        """,
        "cases = {'one': (np.random.default_rng(3).normal(1.5, 2.0, (5, 3)),)}",
        (6, "x"),
    ),
    "a statement that another branch, as good, leads past": (
        """
        function y = f (x, p)
          y = sum (abs (x) .^ p) ^ (1 / p);
        end
        """,
        """
        def f(x, p):
            if p == 1:
                return np.abs(x).sum()
            elif p == 2:
                squares = x / x
                return np.sqrt(squares.sum())
            return (np.abs(x) ** p).sum() ** (1 / p)
        """,
        """
        x = np.array([0.3, -1.7, 2.2, -0.4])
        cases = {'two': (x, 2.0), 'three': (x, 3.0), 'one': (x, 1.0)}
        """,
        (6, "x / x"),
    ),
    "an index beyond the end, in a loop that may as well be shorter": (
        """
        function y = f (b)
          n = numel (b) - 1;
          y = zeros (n, 1);
          for k = 1:n
            y(k) = sum (b(k + 1:end)) * 0;
          end
        end
        """,
        """
        def f(b):
            n = len(b) - 1
            y = np.zeros(n)
            for k in range(n):
                y[k + 1] = b[k + 1:].sum() * 0
            return y
        """,
        "cases = {'three': (np.array([1.0, 0.5, 0.25]),), 'four': (np.array([1.0, 0.4, 2, 3]),)}",
        (6, "k + 1"),
    ),
    "a divisor that makes no more difference than one, for the size of the only case": (
        """
        function y = f (c, n)
          k = (1:n)';
          y = c ./ (k .^ 2 - (n + 1) * k + (n + 1) ^ 2 / 4 + 1.5);
        end
        """,
        """
        def f(c, n):
            half = int(n) // 3
            place = np.arange(-half, n - half)
            return c / (1.5 + place**2)
        """,
        "cases = {'five': (2.5, 5.0)}",
        (3, "int(n) // 3"),
    ),
    "a mask that is the other way round, in a generator": (
        """
        function y = f (a, b)
          flat = a == b;
          a(flat) = [];
          b(flat) = [];
          y = sum (a ./ (b - a)) + sum (flat);
        end
        """,
        """
        def f(a, b):
            flat = a == b
            a, b = (one[flat] for one in (a, b))
            return np.sum(a / (b - a)) + np.sum(flat)
        """,
        "cases = {'one': (np.array([.5, 2, 4]), np.array([.5, 3, 7])),"
        " 'none': (np.array([.5, 2]), np.array([1.5, 3]))}",
        (4, "one[flat]"),
    ),
    "what is replaced first": (
        """
        function y = f (s)
          y = strrep (strrep (s, '.', '-.'), '*', '.*');
        end
        """,
        """
        def f(s):
            for old, new in (("*", ".*"), (".", "-.")):
                s = s.replace(old, new)
            return s
        """,
        "cases = {'both': ('a.b*c.d*',), 'dot': ('a.b',), 'none': ('ab',)}",
        (3, '(("*", ".*"), (".", "-."))'),
    ),
    "what is read after it was overwritten": (
        """
        function y = f (x, t)
          if t > 1
            w = abs (x);
          else
            w = x;
          end
          y = x * sum (w .^ 2 + w);
        end
        """,
        """
        def f(x, t):
            if t > 1:
                x = np.abs(x)
            total = np.sum(x**2 + x)
            return x * total
        """,
        "cases = {'signs': (np.array([-.5, 2, -4]), 2.), 'kept': (np.array([-.5, 2]), 0.)}",
        (4, ""),
    ),
    "two statements of which the first raises an error": (
        """
        function y = f (x, n)
          k = n - 1;
          y = x(k:end) * k;
        end
        """,
        """
        def f(x, n):
            y = x[k - 1 :] * k
            k = int(n) - 1
            return y
        """,
        "cases = {'two': (np.array([.5, 2, 4]), 2.), 'three': (np.array([.5, 2, 7]), 3.)}",
        (3, ""),
    ),
    "an end that raises an error in each case of a port with one of two outputs": (
        """
        function [s, k] = f (x)
          k = numel (x);
          s = 0;
          for i = 1:k
            s = s + i * x(i);
          end
        end
        """,
        """
        def f(x):
            total = 0.0
            for i, _ in enumerate(x, start=1):
                total += i * x[i]
            return total
        """,
        "cases = {'three': (np.array([.5, 2, 4]),), 'two': (np.array([.5, 7]),)}",
        (5, "x[i]"),
    ),
    "a remainder that leaves what it is given as it is": (
        """
        function y = f (a, start)
          y = mod (a, 2 * pi);
          y = mod (y - start, 2 * pi);
          y = sort (y);
        end
        """,
        """
        def f(a, start):
            turned = np.mod(a, 2 * np.pi)
            turned = np.fmod(turned - start, 2 * np.pi)
            return np.sort(turned)
        """,
        "cases = {'turned': (np.array([.5, 2, 4.5, -2.25]), 3.), 'kept': (np.array([.5, 2]), 0.)}",
        (4, "np.fmod(turned - start, 2 * np.pi)"),
    ),
    "a port that returns the first output alone, as Octave does in one of the cases": (
        """
        function [s, k] = f (x)
          s = sum (x);
          if s > 3
            k = numel (x);
            s = s / k;
          end
        end
        """,
        """
        def f(x):
            total = np.sum(x[1:])
            return total / x.size if total > 3 else total
        """,
        "cases = {'small': (np.array([.5, .25, 1.5]),), 'large': (np.array([2.5, .25, 4]),)}",
        (3, "x[1:]"),
    ),
    "a cut that is lost in a comprehension": (
        """
        function c = f (names, w)
          c = cell (1, numel (names));
          for k = 1:numel (names)
            s = names{k};
            if numel (s) > w
              s = s(1:w);
            end
            c{k} = [s, repmat(".", 1, w - numel (s))];
          end
        end
        """,
        """
        def f(names, w):
            return [s.ljust(int(w), ".") for s in names]
        """,
        "cases = {'long': (['ab', 'cde', 'longername'], 5.), 'short': (['x'], 3.)}",
        (3, 's.ljust(int(w), ".")'),
    ),
    "a number of the case that is one too large where it is used": (
        """
        function y = f (x, most)
          y = 0;
          while numel (x) > most
            s = find (x == 0);
            k = max (s(s < most));
            y = y + sum (x(1:k)) / 7;
            x = x(k+1:end);
          end
          y = y + sum (x);
        end
        """,
        """
        def f(x, most):
            limit, total = int(most), 0.0
            while x.size > limit:
                k = np.flatnonzero(x[:limit] == 0)[-1] + 1
                total += x[:k].sum() / 7
                x = x[k:]
            return total + x.sum()
        """,
        "cases = {'a': (np.array([1.3, 0, 2, 0, 0, 5, 7.75]), 5.),"
        " 'b': (np.array([1.25, 0, 0, 4, 2.5]), 3.), 'c': (np.array([4., 2.5]), 3.),"
        " 'd': (np.array([0., 3, 1.125, 0, 2, 0, 0.5, 1]), 6.)}",
        (5, "x[:limit]"),
    ),
    "another number of the module's top": (
        """
        function y = f (x)
          tiny = 1e-8;
          quarter = 0.75;
          if abs (x) < tiny
            y = quarter * 3;
          else
            y = atan (x) / x;
          end
        end
        """,
        """
        TINY, QUARTER = 1e-8, 0.75
        def f(x):
            return TINY * 3 if abs(x) < TINY else np.arctan(x) / x
        """.replace("TINY, QUARTER = 1e-8, 0.75", "TINY = 1e-8\n        QUARTER = 0.75"),
        "cases = {'none': (0.,), 'some': (1.5,), 'less': (-0.25,)}",
        (5, "TINY * 3"),
    ),
    "what is added to a variable": (
        """
        function a = f (x, y)
          a = atan (y / x);
          if x < 0
            a = a + pi * sign (y);
          end
        end
        """,
        """
        def f(x, y):
            angle = np.arctan(y / x)
            if x < 0:
                angle += np.pi
            return angle
        """,
        "cases = {'second': (-1.5, 2.), 'third': (-0.7, -0.4), 'first': (2., 1.)}",
        (5, "np.pi"),
    ),
    "what Octave does to some elements, in a function of one": (
        """
        function [t, d] = f (a, b)
          n = a - b;
          d = a + b;
          low = n < 0;
          n(low) = 0;
          high = ~low & n > d / 2;
          n(high) = b(high);
          d(high) = a(high);
          t = n ./ d;
        end
        """,
        """
        def f(a, b):
            found = [one(*ab) for ab in zip(a, b)]
            return np.array([n / d for n, d in found]), np.array([d for _, d in found])


        def one(a, b):
            num, den = a - b, a + b
            if num < 0:
                num = 0.0
            elif num > den / 2:
                num = b
            return num, den
        """,
        "cases = {'some': (np.array([3.25, 1.5, 7.75, 0.5]), np.array([2.5, 2.25, 1.125, 0.4])),"
        " 'none': (np.array([1.5, 0.75]), np.array([2.5, 0.7]))}",
        (12, ""),
    ),
    "the first of what is found": (
        """
        function y = f (x, low)
          k = find (x > low, 1);
          y = sum (x(k:end));
        end
        """,
        """
        def f(x, low):
            places = np.flatnonzero(x > low)
            return sum(x[k:].sum() for k in places)
        """,
        "cases = {'a': (np.array([1., 4.5, 2, 8.25]), 1.5), 'b': (np.array([3.5, 0, 2.25]), 2.),"
        " 'one': (np.array([0.5, 2.5]), 2.)}",
        (3, "np.flatnonzero(x > low)"),
    ),
    "a new value for another variable": (
        """
        function s = f (x, tol)
          n = 0;
          s = 0;
          d = 1;
          while abs (d) > tol && n < 50
            d = d * x / (n + 2);
            s = s + d;
            n = n + 1;
          end
        end
        """,
        """
        def f(x, tol):
            n, s, d = 0, 0.0, 1.0
            while abs(d) > tol and n < 50:
                step = d * x / (n + 2)
                s += d
                n += 1
            return s
        """,
        "cases = {'a': (1.5, 1e-3), 'b': (0.75, 1e-6), 'c': (2.5, 1e-4)}",
        (5, ""),
    ),
    "both ends of a slice one too small": (
        """
        function y = f (x, i, k)
          n = numel (x);
          y = x(n-i+1:n-k) * 2.5;
        end
        """,
        """
        def f(x, i, k):
            n = len(x)
            part = slice(n - int(i) - 1, n - int(k) - 1)
            return x[part] * 2.5
        """,
        "cases = {'a': (np.array([1.5, 2, 7.25, 3, 0.5, 4]), 4., 1.),"
        " 'b': (np.array([0.5, 3.75, 2]), 2., 1.)}",
        (4, "slice(n - int(i) - 1, n - int(k) - 1)"),
    ),
    "a float that is a size": (
        """
        function y = f (x, w)
          n = 2 * floor (w / 2) + 1;
          h = (n - 1) / 2;
          y = x(1:numel (x)-h) + n;
        end
        """,
        """
        def f(x, w):
            n = 2 * np.floor(w / 2) + 1
            half = (n - 1) / 2
            return x[: len(x) - half] + n
        """,
        "cases = {'a': (np.array([1.5, 2, 7.25, 3, 0.5]), 3.5),"
        " 'b': (np.array([0.5, 3.75, 2]), 2.)}",
        (5, "len(x) - half"),
    ),
    "a float in a table that is an index": (
        """
        function y = f (games, n)
          y = zeros (n, 1);
          for k = 1:rows (games)
            y(games(k, 1)) = y(games(k, 1)) + games(k, 2);
          end
        end
        """,
        """
        def f(games, n):
            y = [0.0] * int(n)
            for team, points in games:
                y[team - 1] += points
            return y
        """,
        "cases = {'a': (np.array([[1., 0.5], [3, 2.25], [1, 0.75]]), 3.),"
        " 'b': (np.array([[2., 1.5], [2, 0.25]]), 2.)}",
        (5, "team - 1"),
    ),
    "the default of another parameter, beside one that is no constant": (
        """
        function y = f (x, q, s)
          if nargin < 2, q = [0.25 0.75]; end
          if nargin < 3, s = [0.1 0.1]; end
          y = sum (x > q(1)) * s(1) + sum (x < q(2)) * s(2);
        end
        """,
        """
        EVERY = np.arange(3)

        def f(x, q=(0.25, 0.75), s=(0.25, 0.75), every=EVERY):
            return (x > q[0]).sum() * s[0] + (x < q[1]).sum() * s[1] + 0 * every[0]
        """,
        "cases = {'a': (np.array([0.5, 0.3, 0.8]),), 'b': (np.array([0.1, 0.2]),),"
        " 'c': (np.array([0.5, 0.9]), np.array([0.4, 0.6]), np.array([2.5, 1.5]))}",
        (4, "(0.25, 0.75)"),
    ),
    "all blocks of a statement": (
        """
        function F = f (N, i, j)
          F = zeros (size (N));
          F(i, j) = N(i, j) + N(i + 1, j) * 2;
        end
        """,
        """
        def f(N, i, j):
            F = np.zeros(N.shape)
            i, j = i.astype(int) - 1, j.astype(int) - 1
            F[i, j] = N[i, j] + N[i + 1, j] * 2
            return F
        """,
        "N = np.arange(1.0, 17).reshape(4, 4) ** 1.5\n"
        "cases = {'a': (N, np.array([1.0, 3]), np.array([2.0, 4])),"
        " 'b': (N[::-1], np.array([2.0, 3]), np.array([1.0, 4]))}",
        (5, "F[i, j]"),
    ),
    "the sign of what is its own transpose but for that": (
        """
        function y = f (X, Y)
          W = X' * Y - Y' * X;
          y = X + X * W;
        end
        """,
        """
        def f(x, y):
            w = y.T @ x - x.T @ y
            return x + x @ w
        """,
        "R = np.random.default_rng(5).normal(size=(2, 4, 3))\n"
        "cases = {'a': (R[0], R[1]), 'b': (R[1] * 0.5, R[0] + 1.0), 'c': (R[0, :2], R[1, :2])}",
        (3, "y.T @ x - x.T @ y"),
    ),
    "two parameters exchanged": (
        """
        function d = f (p, gs, ts, k)
          d = k * sqrt ((p(:,1) / ts) .^ 2 + (p(:,2) / gs) .^ 2);
        end
        """,
        """
        def f(points, lat, long, k):
            return k * np.hypot(points[:, 0] / lat, points[:, 1] / long)
        """,
        "cases = {'a': (np.array([[1.5, 2.0], [7.25, 3.0]]), 2., 4.5, 1.5),"
        " 'b': (np.array([[0.5, 3.75]]), 3., 0.75, 1.)}",
        (2, ""),
    ),
    "a table of which nothing reads the key": (
        """
        function [a, b] = f (x)
          parts = {x - mean(x), x * 0.5};
          n = zeros (2, 1);
          for k = 1:2
            n(k) = sum (parts{k} .^ 2);
          end
          a = n(1);
          b = n(2);
        end
        """,
        """
        class Parts:
            def __init__(self, x):
                self.x = x
                self.parts = {"centred": x - x.mean(), "half": x * 0.5}

            def size(self, key):
                part = self.x
                return (part ** 2).sum()


        def f(x):
            found = Parts(x)
            return found.size("centred"), found.size("half")
        """,
        "cases = {'a': (np.array([1.5, 2, 7.25]),), 'b': (np.array([0.5, 3.75]),)}",
        (8, "self.x"),
    ),
    "two loops nested the other way round": (
        """
        function y = f (x, w)
          y = zeros (numel (w), columns (x));
          for j = 1:columns (x)
            for i = 1:numel (w)
              y(i, j) = sum (x(:, j) * w(i)) / (1 + w(i));
            end
          end
        end
        """,
        """
        def f(x, w):
            return np.array([
                [(x[:, j] * w[i]).sum() / w[i] for j in range(x.shape[1])] for i in range(len(w))
            ])
        """,
        "cases = {'a': (np.array([[1.5, 2, 7.25], [0.5, 3, 1.25]]), np.array([0.3, 0.7])),"
        " 'b': (np.array([[0.5, 3.75], [1.25, 4]]), np.array([1.7, 0.4, 2.9]))}",
        (4, "w[i]"),
    ),
    "half of what a helper returns, which is right": (
        """
        function y = f (a, b)
          s = 0.5 * [g(a) g(b)];
          y = s(:, 1) .^ 2 - s(:, 2);
        end

        function t = g (x)
          t = 2 * sum (x .^ 2, 2);
        end
        """,
        """
        def g(x):
            return 2 * (x ** 2).sum(axis=1)


        def f(a, b):
            s = np.column_stack([g(one) for one in (a, b)])
            return s[:, 0] ** 2 - s[:, 1]
        """,
        "A = np.array([[1.5, 2.25], [0.7, 3.5]])\n"
        "cases = {'a': (A, A - 0.75), 'b': (A[:1] + 1.3, A[:1])}",
        (7, "np.column_stack([g(one) for one in (a, b)])"),
    ),
}


@pytest.mark.parametrize(("m", "port", "cases", "named"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_and_mended(foreign, shared_runner, m, port, cases, named):
    foreign.m("f", textwrap.dedent(m))
    foreign.py("f", textwrap.dedent(port))
    foreign.cases("f", cases)
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert (found.port.span.line - LINES_BEFORE, found.port.expression) == named
    assert found.is_mended


def test_what_keeps_a_variable_from_another_value_is_changed_first(foreign):
    foreign.m("f", "function n = f(x)\nn = numel(x);\nend\n")
    loop = "    while not x.size > 0:\n        n = n + 1\n        x = x[1:]\n"
    foreign.py("f", f"def f(x):\n    n = 0\n{loop}    return n\n")
    with ObservedPort(Port(foreign.project), foreign.project.pair("f")) as observed:
        execution, _ = observed.run(Case(np.arange(3.0)))
        site = next(one.number for one in execution.source.sites if one.kind is Kind.RETURN)
        matching = SimpleNamespace(port=SimpleNamespace(execution=execution))
        found = list(slips_near(matching, Statements(execution, {}), SimpleNamespace(site=site)))
    assert {one.evidence.statement.lineno for one in found} == {5}
    assert any("    while x.size > 0:\n" in one.mended for one in found)


def test_what_a_port_keeps_between_its_calls_is_copied_where_it_is_called(foreign, shared_runner):
    """With every change the port begins anew, and so agrees with each: no slip is a mend of it."""
    foreign.m("f", "function y = f(n, k)\nt = (1:n)' .^ 2;\nt(k) = 0;\ny = cumsum(t);\nend\n")
    port = """
        from functools import lru_cache

        @lru_cache
        def squares(n):
            return np.arange(1.0, n + 1) ** 2

        def f(n, k):
            table = squares(n)
            table[int(k) - 1] = 0
            return np.cumsum(table)
        """
    foreign.py("f", textwrap.dedent(port))
    foreign.cases("f", "cases = {'five': (5., 2.), 'again': (5., 4.), 'more': (5., 1.)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert "table = squares(n).copy()" in found.mend.diff
    assert found.reason.key == "sharing"


def test_conditions_under_which_nothing_but_what_is_left_out_is(foreign):
    foreign.m("f", "function y = f (x)\ny = x;\nend\n")
    text = """
        def f(x, n=None):
            if n is None:
                n = 1
            if x > 2:
                x = x - 2
                n = 2
            if x < 0:
                raise ValueError
            return x * n
    """
    foreign.py("f", textwrap.dedent(text))
    with ObservedPort(Port(foreign.project), foreign.project.pair("f")) as observed:
        port, _ = observed.run(Case(3.0))
    every = {one.number for one in port.source.statements}
    found = [port.source.statements[one].text for one in emptied(port, every)]
    assert found == ["if n is None:"]


LOST = {
    "in a comprehension": ("[n for n in x.shape]", "[n // 2 for n in x.shape]"),
    "in a comprehension in another": (
        "[[k for k in range(n)] for n in x.shape]",
        "[[k // 2 for k in range(n)] for n in x.shape]",
    ),
    "which stands beside it still": ("x * 2 - x / (m - 1)", "(x * 2) / (m - 1) - x / (m - 1)"),
    "of which a statement does nothing without": ("x", "x * np.pi"),
}


@pytest.mark.parametrize(("without", "whole"), LOST.values(), ids=LOST)
def test_what_is_lost_is_put_back(without, whole):
    text = f"def f(x, m):\n    x = {without}\n    return x\n"
    variables = {"x": np.array([[0.31, 1.72], [2.13, 4.64]]), "m": 2.5}
    turns = (Turn(None, None, variables),)
    found = [
        one
        for key in ("lost-term", "lost-function")
        for one in changed(text, key, 2, turns, {"np": np})
    ]
    assert text.replace(f"= {without}", f"= {whole}") in found


def changed(text, key, line, turns=(), live=None):
    """Return the text with each change of a kind at the statement of a line."""
    tree = ast.parse(text)
    function = tree.body[0]
    node = next(n for n in ast.walk(function) if isinstance(n, ast.stmt) and n.lineno == line)
    evidence = Evidence(None, text, tree, None, node, function, live or {}, Fault.VALUE, turns)
    context = Context(evidence)
    nodes = [node, *(n for n in ast.walk(node) if isinstance(n, ast.expr))]
    found = [c for n in nodes for _, c in changes_of(n, context) if c.key == key]
    return [rewritten(text, tree, one) for one in found]


LOOP = """\
def f(x):
    y = 0
    for v in x:
        y += v
        y *= 2
    y -= 1
    return y
"""


FIRST = "    y = 0\n    for v in x:\n"
"""What is initialized once, before the loop."""


def test_the_last_statement_of_a_loop_is_moved_behind_it_and_the_next_into_it():
    behind, inside, into = changed(LOOP, "indentation", 3)
    assert behind == LOOP.replace("        y *= 2", "    y *= 2")
    assert inside == LOOP.replace("    y -= 1", "        y -= 1")
    assert into == LOOP.replace(FIRST, "    for v in x:\n        y = 0\n")


def test_the_first_statement_of_a_loop_is_moved_before_it():
    text = LOOP.replace(FIRST, "    for v in x:\n        y = 0\n")
    assert LOOP in changed(text, "indentation", 2)


UNDER = """\
def f(x):
    y = 0
    for v in x:
        if v > 1:
            y += v
            y *= 2
        y -= 1
    return y
"""


def test_what_is_under_a_condition_is_moved_behind_it_and_the_next_under_it():
    behind, under = changed(UNDER, "indentation", 4)
    assert behind == UNDER.replace("            y *= 2", "        y *= 2")
    assert under == UNDER.replace("        y -= 1", "            y -= 1")


def test_what_is_behind_a_loop_is_moved_into_it_and_under_its_condition_too():
    text = UNDER.replace("        y -= 1\n", "    y -= 1\n")
    into, under, _ = changed(text, "indentation", 3)
    assert into == UNDER
    assert under == UNDER.replace("        y -= 1", "            y -= 1")


def test_what_is_before_an_if_is_moved_into_it():
    text = UNDER.replace("        if v > 1:", "        v = v / 2\n        if v > 1:")
    moved = UNDER.replace("            y += v", "            v = v / 2\n            y += v")
    assert moved in changed(text, "indentation", 5)


def test_a_return_in_a_loop_is_moved_behind_it():
    text = LOOP.replace("    y -= 1\n    return y\n", "        return y\n")
    assert LOOP.replace("    y -= 1\n", "") in changed(text, "indentation", 3)


def test_statements_that_hang_together_are_exchanged():
    (found,) = changed(LOOP, "statement-order", 4)
    assert found == LOOP.replace("y += v\n        y *= 2", "y *= 2\n        y += v")


def test_statements_that_have_nothing_to_do_with_each_other_stay():
    assert (
        changed("def f(x):\n    a = x\n    b = 2\n    return a + b\n", "statement-order", 2) == []
    )


def test_padding_knows_the_other_rules():
    text = "def f(x):\n    return np.pad(x, 1, mode='wrap')\n"
    found = changed(text, "padding", 2)
    modes = ["constant", "edge", "reflect", "symmetric"]
    assert [f'mode="{mode}"' in one for mode, one in zip(modes, found, strict=True)] == [True] * 4


def test_loops_are_not_exchanged_where_one_counts_to_the_other():
    text = "def f(n):\n    for i in n:\n        for j in range(i):\n            print(i, j)\n"
    assert changed(text, "statement-order", 2) == []
    assert len(changed(text.replace("range(i)", "n"), "statement-order", 2)) == 1


def test_a_return_that_is_too_early_is_left_out():
    text = "def f(x):\n    if x > 1:\n        return 2\n    return x\n"
    assert changed(text, "extra-statement", 2) == ["def f(x):\n    return x\n"]


def test_a_statement_that_is_too_much_is_left_out():
    (found,) = changed(LOOP, "extra-statement", 6)
    assert found == LOOP.replace("    y -= 1\n", "")


def test_an_else_that_is_too_much_is_left_out():
    kept = "def f(x):\n    if x > 1:\n        x = 1\n"
    text = kept + "    else:\n        x = -x\n        x += 2\n    return x\n"
    _, found = changed(text, "extra-statement", 2)
    assert found == kept + "    return x\n"


def test_pass_stands_where_a_block_is_nothing_without_its_statement():
    text = "def f(x):\n    if x:\n        x = x + 1\n    return x\n"
    (found,) = changed(text, "extra-statement", 3)
    assert found == text.replace("x = x + 1", "pass")


def test_a_statement_that_binds_a_variable_first_is_not_left_out():
    assert not changed(LOOP, "extra-statement", 2)


def test_a_slip_is_tried_for_as_long_as_the_port_runs(foreign, shared_runner):
    foreign.m("f", "function y = f (n)\n  y = 0;\n  for k = 1:n\n    y = y + k / 10;\n  end\nend\n")
    foreign.py(
        "f",
        "def f(n):\n    y = 0.0\n    for k in range(1, int(n) + 1):\n        y += k / 5\n"
        "    return y\n",
    )
    foreign.cases("f", "cases = {'few': (3.,), 'many': (3000.,)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.is_mended


def test_octaves_words_for_all_of_the_port_do_not_say_where_it_is_wrong(foreign, shared_runner):
    foreign.m("f", "function y = f (x, s)\n  y = exp (-x .^ 2 / (2 * s ^ 2));\nend\n")
    port = """
        def bell(x, s):
            below = 2 * s**2
            return values / below

        def f(x, s):
            return bell(x, s)
        """
    foreign.py("f", textwrap.dedent(port))
    foreign.cases("f", "cases = {'four': (np.array([0.3, 1.7, 2.2, -0.4]), 1.5)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.port.statement == "return values / below"


def test_a_copy_mends_what_changes_an_argument(foreign, shared_runner):
    foreign.m("f", "function y = f (x)\n  y = x;\n  y(1) = 2 * y(2);\nend\n")
    foreign.py("f", "def f(x):\n    y = x\n    y[0] = 2 * y[1]\n    return y\n")
    foreign.cases("f", "cases = {'two': (np.array([.5, 2]),), 'three': (np.array([.5, 7, 1]),)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f")).finding
    assert found.fault is Fault.CHANGED
    assert found.is_mended
    assert "+    y = x.copy()" in found.mend.diff


ONE_LINE = "--- a/f.py\n+++ b/f.py\n-    y = x\n+    y = 2 * x\n"
"""What a mend of one line changes."""


@pytest.mark.parametrize(
    ("key", "diff", "numbers", "others", "is_roundabout_"),
    [
        ("sign", ONE_LINE, 0, (12, 12), False),
        ("translation", ONE_LINE, 0, (12, 12), True),
        ("sign", ONE_LINE + "-    z = y\n+    z = 2 * y\n", 0, (12, 12), True),
        ("sign", ONE_LINE, 2, (12, 12), False),
        ("sign", ONE_LINE, 3, (12, 12), True),
        ("sign", ONE_LINE, 0, (9, 12), True),
        ("sign", ONE_LINE, 0, (1, 2), False),
    ],
    ids=[
        "plain", "Octave's words", "two lines", "few numbers of Octave's", "numbers of Octave's",
        "with which other cases disagree", "of which few other cases tell",
    ],
)  # fmt: skip
def test_a_mend_that_may_make_up_for_a_plainer_mistake(key, diff, numbers, others, is_roundabout_):
    mend = Mend(Path("f.py"), diff, 1, 1, "", "", *others)
    finding = SimpleNamespace(reason=SimpleNamespace(key=key), mend=mend)
    matching = SimpleNamespace(
        partners={7: [1]} if numbers else {},
        port=SimpleNamespace(streams={7: SimpleNamespace(flat=np.arange(float(numbers)))}),
        octave=SimpleNamespace(sites={1: SimpleNamespace(kind=Kind.BINDING)}),
    )
    best = SimpleNamespace(blamed=SimpleNamespace(site=7, shared=False))
    assert is_roundabout(finding, matching, best) is is_roundabout_
