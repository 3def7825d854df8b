"""Small pairs with one mistake each: what is named, why it is, and what is put in its place."""

import textwrap

import numpy as np
import pytest
from executions import write_pair

from lockstep.explain import mender
from lockstep.explaining import explained
from lockstep.model.report import Fault

pytestmark = pytest.mark.usefixtures("only_new_objects")

CASES = """
    import numpy as np
    from lockstep import Case

    x = np.array([0.31, 1.72, 2.13, 4.64])
    cases = {CASES}
"""


@pytest.fixture
def explain(tmp_path, shared_runner):
    """Explain the pair `f`: both texts, and the cases as the text of a dict."""

    def explain(m, port, cases="{'one': (x,)}", helpers=None):
        text = textwrap.dedent(CASES).lstrip().replace("{CASES}", cases)
        project = write_pair(tmp_path, m, port, {"cases/f.py": text, **(helpers or {})})
        with np.errstate(all="ignore"), shared_runner(project) as runner:
            runner.octave.eval("clear -f f; rehash ();")
            return explained(runner, project.pair("f"))

    return explain


def named(found):
    """Return the fault, the line of the port, and the expressions of both sides."""
    assert found.finding is not None, found.note
    finding = found.finding
    octave = finding.octave and (finding.octave.expression or finding.octave.statement)
    return finding.fault, finding.port.expression or finding.port.statement, octave


LOOP = """
    function y = f (x)
      y = 0;
      for i = 1:numel (x)
        y = y + x(i) ^ 2 * 0.1;
      end
    end
"""

# Each: Octave, the port, what is named, and of what fault.
MISTAKES = {
    "a value": (
        "function y = f (x)\n  s = std (x);\n  y = x / s + 1;\nend\n",
        "def f(x):\n    s = np.std(x)\n    return x / s + 1\n",
        Fault.VALUE, "np.std(x)", "std (x)",
    ),
    "all locals renamed": (
        "function y = f (x)\n  s = std (x);\n  y = x / s + 1;\nend\n",
        "def f(a):\n    b = np.std(a)\n    return a / b + 1\n",
        Fault.VALUE, "np.std(a)", "std (x)",
    ),
    "a vectorised port of a loop": (
        LOOP, "def f(x):\n    return (x**2 * 0.2).sum()\n",
        Fault.VALUE, "x**2 * 0.2", "x(i) ^ 2 * 0.1",
    ),
    "a helper for what Octave has once for each variable": (
        """
        function y = f (x)
          x = x(:);
          z = x .^ 2;
          p = [0; x(1:end-1) + x(2:end)] * 1.5;
          q = [0; z(1:end-1) + z(2:end)] * 1.5;
          y = p / max (p) - q / max (q);
        end
        """,
        """
        def near(v):
            both = v + np.roll(v, 1)
            return both * 1.5

        def f(x):
            p, q = near(x), near(x**2)
            return p / p.max() - q / q.max()
        """,
        Fault.VALUE, "v + np.roll(v, 1)", "[0; x(1:end-1) + x(2:end)] * 1.5",
    ),
    "an attribute that an object's maker computes": (
        """
        function y = f (x)
          centre = mean (x) * 3;
          width = (max (x) - centre) / 7;
          y = x * width + 1.5;
        end
        """,
        """
        class Shape:
            def __init__(self, x):
                self.centre = np.median(x) * 3
                self.width = (x.max() - self.centre) / 7

        def scaled(x, shape):
            return x * shape.width + 1.5

        def f(x):
            return scaled(x, Shape(x))
        """,
        Fault.VALUE, "np.median(x)", "mean (x)",
    ),
    "a loop in the place of a vector expression": (
        "function y = f (x)\n  y = sqrt (x + 1.5) * 0.3;\nend\n",
        """
        def f(x):
            y = np.zeros(len(x))
            for i in range(len(x)):
                y[i] = np.sqrt(x[i] + 2.5) * 0.3
            return y
        """,
        Fault.VALUE, "x[i] + 2.5", "x + 1.5",
    ),
    "a text that stays whole, which Octave has as an argument": (
        """
        function parts = f (x)
          s = 'one;two:three';
          parts = {};
          from = 1;
          for k = [find(s == ':' | s == ';'), numel(s) + 1]
            parts{end + 1} = s(from:k - 1);
            from = k + 1;
          end
        end
        """,
        """
        def f(x):
            text = "one;two:three"
            found = text.split(";:")
            return found
        """,
        Fault.VALUE, 'text.split(";:")', None,
    ),
    "a set": (
        "function y = f (x)\n  y = sort ([2.5, 4.5, 7.5]);\n  y(end) = [];\nend\n",
        """
        def f(x):
            known = {2.5, 7.5}
            return np.array(sorted(known))
        """,
        None, ("known", "{2.5, 7.5}", "sorted(known)", "np.array(sorted(known))"), None,
    ),
    "a wrong decision": (
        """
        function y = f (x)
          y = 0.5;
          for i = 1:numel (x)
            if x(i) >= 2.13
              y = y + x(i);
            end
          end
        end
        """,
        """
        def f(x):
            y = 0.5
            for value in x:
                if value > 2.13:
                    y = y + value
            return y
        """,
        Fault.DECISION, "value > 2.13", "x(i) >= 2.13",
    ),
    "a wrong default": (
        """
        function y = f (x, k)
          if nargin < 2
            k = 0.7;
          end
          y = x * k + 1;
        end
        """,
        "def f(x, k=0.3):\n    return x * k + 1\n",
        Fault.DEFAULT, "0.3", "k = 0.7",
    ),
    "a missing statement": (
        "function y = f (x)\n  x = x - mean (x);\n  y = x .^ 3 + 1;\nend\n",
        "def f(x):\n    return x**3 + 1\n",
        None, ("x", "x**3"), None,
    ),
    "a lost copy": (
        "function y = f (x)\n  old = x;\n  x(1) = 9.3;\n  y = old - 2 * x;\nend\n",
        "def f(x):\n    x = x + 0\n    old = x\n    x[0] = 9.3\n    return old - 2 * x\n",
        Fault.CHANGED, ("x", "old = x"), None,
    ),
    "an argument changed by a helper": (
        """
        function y = f (x)
          z = x * 1.5;
          s = scaled (z);
          y = z + s;
        end
        function v = scaled (v)
          v = v / sum (v);
        end
        """,
        """
        def scaled(v):
            v /= v.sum()
            return v

        def f(x):
            z = x * 1.5
            s = scaled(z)
            return z + s
        """,
        Fault.CHANGED, "v /= v.sum()", None,
    ),
    "a helper that is called twice": (
        """
        function y = f (x)
          y = half (x) + half (x + 1) .^ 2;
        end
        function v = half (v)
          v = v / 2 + 0.1;
        end
        """,
        """
        def half(v):
            return v / 2 + 0.2

        def f(x):
            return half(x) + half(x + 1) ** 2
        """,
        Fault.VALUE, "v / 2 + 0.2", "v / 2 + 0.1",
    ),
    "an index that Octave has nowhere": (
        "function y = f (x)\n  n = numel (x);\n  y = x(n - 1) * 3.3;\nend\n",
        "def f(x):\n    n = len(x)\n    return x[n - 3] * 3.3\n",
        Fault.VALUE, ("n - 3", "x[n - 3]"), None,
    ),
    "a list that is made too short": (
        """
        function y = f (x)
          parts = cell (1, numel (x));
          for i = 1:numel (x)
            parts{i} = x(i) * [1.5, 2.5];
          end
          y = [parts{:}] * 2;
        end
        """,
        """
        def f(x):
            parts = [None] * (len(x) - 1)
            for i, v in enumerate(x):
                parts[i] = v * np.array([1.5, 2.5])
            return np.concatenate(parts) * 2
        """,
        Fault.VALUE, ("len(x) - 1", "[None] * (len(x) - 1)"), None,
    ),
    "an error that Octave does not raise": (
        "function y = f (x)\n  y = x(end) * 2.2;\nend\n",
        "def f(x):\n    n = len(x)\n    return x[n] * 2.2\n",
        None, ("n", "x[n]", "return x[n] * 2.2", "n = len(x)", "len(x)"), None,
    ),
    "a number that a check of sizes asks for": (
        """
        function y = f (x)
          n = 2;
          m = 1;
          total = n * (m + 1);
          if numel (x) ~= total
            error ("f:size", "f: x must have %d elements", total);
          end
          y = x * 1.5 + (n + 1);
        end
        """,
        """
        def f(x):
            n = 2
            m = 1
            total = n + m
            if x.size != total:
                raise ValueError(f"x must have {total} elements")
            return x * 1.5 + (n + 1)
        """,
        Fault.VALUE, "n + m", "total = n * (m + 1)",
    ),
    "a small number that was handed on before it went wrong": (
        "function y = f (x)\n  y = g (x, 2);\nend\n"
        "function y = g (x, n)\n  p = vander (x, n + 1);\n  y = sum (p, 2);\nend\n",
        """
        def powers(x, deg):
            order = int(deg) + 2
            return np.vander(x, order)

        def g(x, n):
            return powers(x, int(n)).sum(axis=1)

        def f(x):
            return g(x, 2)
        """,
        Fault.VALUE, "int(deg) + 2", "n + 1",
    ),
    "a default that stands for nothing that is known": (
        "function y = f (x)\n  y = diff (x) * 1.5;\nend\n",
        """
        def f(x, step=0):
            if step is None:
                step = 1.5
            return np.diff(x) * step
        """,
        None, "0", None,
    ),
    "a decision before steps that Octave has not, and that nobody may change": (
        "function y = f (x)\n  y = x((1:2)' + (0:2)) + 0.5;\nend\n",
        """
        from numpy.lib.stride_tricks import as_strided

        def joined(c, r):
            if r is not None:
                r = np.zeros_like(r)
            kept = np.concatenate((c, r[1:]))
            step = kept.strides[0]
            return as_strided(kept, (len(c), len(r)), (step, step)) + 0.5

        def f(x):
            return joined(x[:2], x[1:])
        """,
        Fault.DECISION, "r is not None", None,
    ),
    "an error that can be mended where it is raised, or gone round": (
        "function y = f (x)\n  y = x(2:end) - x(1:end-1);\nend\n",
        """
        def f(x, fast=False):
            if fast:
                return np.diff(x)
            parts = (x,)
            a = parts[1]
            return a[1:] - a[:-1]
        """,
        Fault.ERROR, "parts[1]", None,
    ),
    "an error that does not come about where a size is another": (
        "function y = f (x)\n  y = x(:) * 2.5;\nend\n",
        """
        def unpacked(parts):
            if len(parts) == 1:
                return parts[1]
            return parts[0]

        def f(x):
            return unpacked((x,)) * 2.5
        """,
        Fault.ERROR, "parts[1]", None,
    ),
    "an argument that is given by way of a function that is not traced": (
        "function y = f (x)\n  k = 1.5;\n  y = sum (x * k) + k;\nend\n",
        """
        from functools import partial

        def scaled(v, k):
            return (v * k).sum() + k

        def f(x):
            return partial(scaled, k=2.5)(x)
        """,
        Fault.VALUE, "partial(scaled, k=2.5)(x)", "k = 1.5",
    ),
    "an error that is raised on purpose": (
        "function y = f (x)\n  y = 2.5 * x;\nend\n",
        """
        def f(x):
            if x.size > 2:
                raise ValueError("too many")
            return 2.5 * x
        """,
        None, ("x.size > 2", "if x.size > 2:"), None,
    ),
    "a slip before the error that it leads to": (
        "function y = f (x)\n  y = zeros (size (x));\n  y(2:end-1) = x(3:end) - x(1:end-2);\nend\n",
        """
        def f(x):
            out = np.zeros(len(x))
            inner = slice(1, 1)
            out[inner] = x[2:] - x[:-2]
            return out
        """,
        None, "slice(1, 1)", None,
    ),
    "a small number that is handed on and was to be changed": (
        "function y = f (x)\n  n = numel (x);\n  y = sum (vander (x, n + 1), 2);\nend\n",
        """
        def powers(x, deg):
            order = int(deg)
            return np.vander(x, order).sum(axis=1)

        def f(x):
            return powers(x, len(x))
        """,
        None, ("order = int(deg)", "int(deg)"), "n + 1",
    ),
    "a fraction where a whole number must stand": (
        "function y = f (x)\n  n = numel (x);\n  y = sum (vander (x, n - 1), 2);\nend\n",
        """
        def f(x):
            n = len(x)
            order = n - 1.5
            return np.vander(x, order).sum(axis=1)
        """,
        Fault.VALUE, "n - 1.5", "n - 1",
    ),
}  # fmt: skip


# Octave does in one expression what the port does in several: the port's first step is wrong.
STEPS = {
    "before a join": (
        "function y = f (x)\n  y = [0; cumsum(x .* exp (x))];\nend\n",
        """
        def f(x):
            terms = x * np.exp(-x)
            return np.concatenate([[0.0], np.cumsum(terms)])
        """,
        "-x",
    ),
    "before a factor": (
        "function y = f (x)\n  y = arrayfun (@(v) sqrt (v) * 2 * pi * exp (v), x) - x;\nend\n",
        """
        def f(x):
            turns = np.tanh(x)
            return turns * (2 * np.pi) - x
        """,
        "np.tanh(x)",
    ),
    "in what a function of the port's own is given": (
        """
        function y = f (x)
          y = x;
          for k = 1:2
            y = y([2:end, 1]) * 1.5;
          end
        end
        """,
        """
        def turned(v):
            return np.roll(v, -1) * 1.5

        def f(x):
            y = x
            for k in range(2):
                y = turned(x)
            return y
        """,
        "x",
    ),
}


@pytest.mark.parametrize(("m", "port", "place"), STEPS.values(), ids=STEPS)
def test_the_step_is_named_of_which_octave_has_no_value(explain, m, port, place):
    found = explain(m, port).finding
    assert found.port.expression == place
    assert found.is_mended or found.is_derived


@pytest.mark.parametrize(
    ("m", "port", "fault", "place", "counterpart"), MISTAKES.values(), ids=MISTAKES.keys()
)
def test_the_place_is_named(explain, m, port, fault, place, counterpart):
    found = explain(m, port)
    kind, own, theirs = named(found)
    assert own in (place if isinstance(place, tuple) else (place,))
    assert fault in (None, kind)
    assert counterpart in (None, theirs)
    assert found.failing == found.cases == 1


OF_TYPE = {
    "a number that is not Octave's": (
        "function y = f (x)\n  y = x(1:2) + cumsum (1 ./ [1.5, 2.5]);\nend\n",
        "def f(x):\n    w = 7.25\n    return x[:2] + np.tanh(w[:2])\n",
        "w = 7.25",
    ),
    "a number that is Octave's": (
        "function y = f (x)\n  w = 2.5;\n  y = x(1:2) * w(1) + 1 / w;\nend\n",
        "def f(x):\n    w = 2.5\n    return np.tanh(x[:2] * w[0] + 1 / w)\n",
        "np.tanh(x[:2] * w[0] + 1 / w)",
    ),
    "an argument": (
        "function y = f (x)\n  y = cumsum (x);\nend\n",
        "def f(x):\n    return np.tanh(x.total)\n",
        "np.tanh(x.total)",
    ),
}


@pytest.mark.parametrize(("m", "port", "place"), OF_TYPE.values(), ids=OF_TYPE)
def test_what_bound_a_value_of_a_wrong_type_is_named(explain, m, port, place):
    assert named(explain(m, port))[1] == place


def test_a_way_round_a_variable_without_a_value_has_to_help_in_every_case(explain):
    m = """
        function n = f (x)
          n = 1;
          if numel (x) > 1, n = numel (find (x > 2)); end
        end
    """
    port = """
        def made(v):
            wrap = getattr(v, "wrap", new.copy)
            return new, wrap

        def f(x):
            if x.size < 2:
                return 1
            values, wrap = made(x)
            return (values > 2).sum()
    """
    found = explain(m, port, "{'one': (x[1:3],), 'two': (x,)}")
    assert found.finding.port.statement.startswith("wrap = ")


CHANGED = {
    "an index of what is assigned to": (
        "function y = f (x)\n  y = x;\n  y(2) = 7.3;\nend\n",
        "def f(x):\n    y = x.copy()\n    y[2] = 7.3\n    return y\n",
        "y[2]",
        "the values are those of y after this statement",
    ),
    "a comparison around what is read": (
        """
        function n = f (x)
          n = 2;
          while n * n <= 9
            n = n + 1;
          end
        end
        """,
        """
        def f(x):
            n = 2
            while n * n < 9:
                n += 1
            return n
        """,
        "n * n < 9",
        None,
    ),
    "the right side of the statement": (
        "function y = f (x)\n  y = sign (x) + (x == 2.13);\nend\n",
        "def f(x):\n    y = np.sign(x)\n    return y\n",
        "np.sign(x)",
        "",
    ),
}


@pytest.mark.parametrize(("m", "port", "place", "note"), CHANGED.values(), ids=CHANGED)
def test_the_expression_is_named_that_the_mend_changes(explain, m, port, place, note):
    finding = explain(m, port).finding
    assert finding.is_mended
    assert finding.port.expression == place
    assert note in (None, finding.note)


def test_it_is_said_where_the_time_is_over_before_all_changes_were_tried(explain, monkeypatch):
    m = "function y = f (x)\n  y = cellfun (@(v) v * 0.37, num2cell (x(1:3)));\nend\n"
    port = "def f(x):\n    return np.tanh(np.cbrt(x[:3] + x[1:4])) * 1.7\n"
    assert mender.CUT_SHORT not in explain(m, port).finding.note
    monkeypatch.setattr(mender, "SECONDS_ANYWHERE", 0.0)
    monkeypatch.setattr(mender, "SECONDS_WHERE_PROVED", 0.0)
    assert mender.CUT_SHORT in explain(m, port).finding.note


def test_a_proved_place_has_both_values_and_what_it_read(explain):
    finding = explain(*MISTAKES["a value"][:2]).finding
    assert finding.proved
    assert (finding.explained, finding.failing) == (1, 1)
    x = np.array([0.31, 1.72, 2.13, 4.64])
    assert finding.port_value == pytest.approx(x.std())
    assert float(np.squeeze(finding.octave_value)) == pytest.approx(x.std(ddof=1))
    assert [name for name, _ in finding.inputs] == ["x"]
    assert finding.port.line == 4


def test_the_first_turn_that_differs_is_told(explain):
    finding = explain(*MISTAKES["a wrong decision"][:2]).finding
    assert (finding.turn, finding.turns) == (2, 4)
    assert (finding.port_value, finding.octave_value) == (False, True)


def test_two_faults_at_once_are_named_and_neither_is_a_right_place(explain):
    found = explain(
        "function [a, b] = f (x)\n  a = std (x) * 3.1;\n  b = prod (x + 0.2);\nend\n",
        "def f(x):\n    a = np.std(x) * 3.1\n    b = np.prod(x + 0.3)\n    return a, b\n",
    )
    assert named(found)[1] in ("np.std(x)", "x + 0.3")


def test_all_cases_that_disagree_are_counted_and_those_that_agree_are_not(explain):
    found = explain(
        "function y = f (x, k)\n  y = x * 0.1;\n  if k > 2\n    y = x * 0.7;\n  end\nend\n",
        "def f(x, k):\n    return x * 0.6 if k > 2 else x * 0.1\n",
        "{'a': (x, 1.0), 'b': (x, 3.0), 'c': (x + 1, 4.0)}",
    )
    assert named(found)[1] == "x * 0.6"
    assert (found.failing, found.cases) == (2, 3)
    assert (found.finding.explained, found.finding.failing) == (2, 2)


def test_a_state_that_the_module_keeps_is_put_back_for_each_replay(explain):
    found = explain(
        "function y = f (x)\n  y = cumsum (x * 1.1);\nend\n",
        """
        total = np.zeros(1)

        def f(x):
            total[0] = 0.0
            found = []
            for value in x:
                total[0] += value * 1.2
                found.append(float(total[0]))
            return np.array(found)
        """,
    )
    assert named(found)[1] == "value * 1.2"


def test_nothing_is_said_of_a_port_that_agrees(explain):
    found = explain(LOOP, "def f(x):\n    return (x**2 * 0.1).sum()\n")
    assert (found.finding, found.failing, found.note) == (None, 0, "")


def test_a_port_that_cannot_be_traced_is_said_to_be_such(explain):
    found = explain("function y = f (x)\n  y = x + 1.3;\nend\n", "f = lambda x: x + 1.4\n")
    assert found.finding is None
    assert "a lambda is not looked into" in found.note


def test_what_octave_never_had_is_not_said_to_be_read_as_it_was_before(explain):
    octave = (
        "function y = f (x)\n  y = 0;\n  for k = 1:numel (x)\n    y = y + x(k) / k;\n  end\nend"
    )
    port = """
        def f(x):
            y = 0
            for k in range(x.size):
                y += x[k] / (k or 0.5)
            return y
        """
    found = explain(octave, port).finding
    assert (found.fault, found.port.expression) == (Fault.VALUE, "k or 0.5")


def test_an_error_with_other_words_is_named_where_it_is_raised(explain):
    found = explain(
        "function y = f (x)\n  if numel (x) > 2\n    error ('f:many', 'f: at most 2');\n  end\n"
        "  y = x;\nend\n",
        """
        def f(x):
            if x.size > 2:
                raise ValueError("f: at most 3")
            return x
        """,
        "{'one': Case(x, raises='f:many')}",
    ).finding
    assert (found.fault, found.port.statement) == (
        Fault.OTHER_ERROR, 'raise ValueError("f: at most 3")'
    )  # fmt: skip
    assert "error ('f:many', 'f: at most 2')" in found.octave.statement


def test_a_mend_is_judged_by_what_rounding_does_to_the_port_with_it(explain):
    """Both sides are right and move apart by thousands of ulps; the port as it is shows no such."""
    m = """
        function y = f (x)
          rate = 3.9;
          y = x(1) / 5;
          for k = 1:35
            y = rate * y * (1 - y);
          end
        end
    """
    port = """
        def f(x):
            y = x[0] / 5
            for _ in range(35):
                y = rate * (y - y * y)
            return y
    """
    found = explain(m, port).finding
    assert found.is_mended
    assert "+    rate = 3.9" in found.mend.diff.replace("        rate", "    rate")


def test_a_replay_is_as_long_as_octaves_run_where_the_port_raised_an_error(explain):
    m = """
        function y = f (x)
          n = 2400 + x(1) * 0;
          y = 0;
          for k = 1:n
            y = y * 0.5 + x(1) * k - x(2) / k;
          end
        end
    """
    port = """
        def f(x):
            n = 2400.5 + x[0] * 0
            if n != np.round(n):
                raise ValueError("n must be whole")
            y = 0.0
            for k in range(1, int(n) + 1):
                y = y * 0.5 + x[0] * k - x[1] / k
            return y
    """
    found = explain(m, port).finding
    assert found.proved
    assert found.port.statement.startswith("n = 2400.5")


LOST = {
    "variable": (
        "function y = f (x)\n  z = 2 * x;\n  a = [1; tanh(z)];\n  y = sum (a) * z;\nend\n",
        "def f(x):\n    z = 2 * x\n    return sum(a) * lost(z)\n",
        "a = [1; tanh(z)]",
    ),
    "field": (
        "function y = f (x)\n  s.top = max (x);\n  s.all = cumsum (x);\n  y = s.all / s.top;\nend",
        "def f(x):\n    s = {'all': np.cumsum(x)}\n    return s['all'] / s['top'] * lost\n",
        "s.top = max (x)",
    ),
}


@pytest.mark.parametrize(("m", "port", "statement"), LOST.values(), ids=LOST)
def test_what_gives_octave_the_value_is_shown_where_the_port_has_not_the_name(
    explain, m, port, statement
):
    found = explain(m, port).finding
    assert found.fault is Fault.ERROR
    assert found.octave.statement == statement


def test_a_jump_that_no_value_comes_from_is_named(explain):
    m = """
    function y = f (x)
      y = 0;
      for k = 1:numel (x)
        if x(k) > 2
          y = y + 1; break
        end
        y = y + x(k);
      end
    end
    """
    port = """
    def f(x):
        y = 0
        for k in range(len(x)):
            if x[k] > 2: y = y + 1; k = 0
            else: y = y + x[k]
        return y
    """
    assert explain(m, port).finding.fault is Fault.JUMP


def test_what_a_loop_hands_on_is_named_in_a_port_whose_loop_does_so_once_more(explain):
    found = explain(
        """
        function r = f (x)
          x = x(:);
          a = x(2:end);
          b = x(1:end - 1);
          r = [];
          for p = 1:3
            k = -2 * (b' * a) / (a' * a + b' * b);
            r = [r, k];
            if p < 3
              c = a(2:end) + k * b(2:end);
              b = b(1:end - 1) + conj (k) * a(1:end - 1);
              a = c;
            end
          end
        end
        """,
        """
        def f(x):
            ahead, behind, found = x[1:], x[:-1], []
            for _ in range(3):
                own = (np.vdot(ahead, ahead) + np.vdot(behind, behind)).real
                k = -2 * np.vdot(behind, ahead) / own
                found.append(k)
                ahead, behind = ahead[1:] + k * behind[1:], behind[:-1] + k * ahead[:-1]
            return np.array(found)
        """,
        "{'one': (np.exp(1j * np.arange(40.) ** 1.3) + np.sin(np.arange(40.) ** 2),)}",
    )
    fault, place, octave = named(found)
    assert (fault, place) == (Fault.VALUE, "behind[:-1] + k * ahead[:-1]")
    assert octave == "b(1:end - 1) + conj (k) * a(1:end - 1)"
