"""Where a port is wrong: which sites heal its outputs, and which of them is named first."""

import contextlib

import numpy as np
import pytest
from executions import tracing_octave

from lockstep.explain.blame import Search
from lockstep.explain.by_value import unshared
from lockstep.explain.likeness import functions_alike
from lockstep.explain.match import match
from lockstep.explain.patience import Patience
from lockstep.explain.replay import Replayer
from lockstep.model.execution import Kind
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort

pytestmark = pytest.mark.usefixtures("only_new_objects")

X = np.array([0.31, 1.72, 2.13, 4.64])


@pytest.fixture
def blamed(tmp_path, octave):
    """Search for the fault of a port; return the likeliest in words, and all that is known."""
    with tracing_octave(tmp_path, octave) as traced, contextlib.ExitStack() as opened:

        def blamed(m, port, *args, seconds=20.0, wrong=(0,)):
            case = Case(*args)
            side, pair, theirs = traced(m, port, case)
            observed = opened.enter_context(ObservedPort(side, pair))
            own, _ = observed.run(case)

            def agrees(result):
                if result is None:
                    return False
                outputs = result if isinstance(result, tuple) else (result,)
                pairs = zip(outputs, theirs.outputs, strict=False)
                return all(
                    np.allclose(np.ravel(a), np.ravel(b, order="F"), rtol=1e-9)
                    if np.size(a) == np.size(b) else False for a, b in pairs
                )  # fmt: skip

            patience = Patience(seconds)
            replayer = Replayer(observed, case, agrees, len(own.nodes), patience)
            outputs = [own.output_nodes[place] for place in wrong]
            matching = match(theirs, own)
            search = Search(matching, replayer, outputs, len(args))
            found = next(search.found(), None)
            blamed.search, blamed.found, blamed.matching = search, found, matching
            if found is None:
                return None, None
            named = found.site if found.first_step < 0 else found.first_step
            there = found.octave_site
            octaves = theirs.source.sites[there].text if there >= 0 else ""
            return own.source.sites[named].text, octaves

        yield blamed


def test_the_earliest_place_that_heals_is_named_with_its_counterpart(blamed):
    texts = blamed(
        "function y = f (x)\n  s = std (x);\n  z = (x - mean (x)) / s;\n  y = z * 2;\nend\n",
        "def f(x):\n    s = x.std()\n    z = (x - x.mean()) / s\n    return z * 2\n",
        X,
    )
    assert texts == ("x.std()", "std (x)")
    assert blamed.found.proved


def test_names_are_of_no_matter(blamed):
    texts = blamed(
        "function y = f (x)\n  s = std (x);\n  z = (x - mean (x)) / s;\n  y = z * 2;\nend\n",
        "def f(v1):\n    v2 = v1.std()\n    v3 = v1 - v1.mean()\n    return v3 / v2 * 2\n",
        X,
    )
    assert texts == ("v1.std()", "std (x)")


def test_what_makes_no_output_differ_is_not_accused(blamed):
    texts = blamed(
        "function y = f (x)\n  unused = std (x);\n  y = sum (x) * 0.3;\nend\n",
        "def f(x):\n    unused = x.std()\n    return x.sum() * 0.4\n",
        X,
    )
    assert texts[0] == "x.sum() * 0.4"


def test_the_output_that_agrees_is_not_looked_into(blamed):
    texts = blamed(
        "function [a, b] = f (x)\n  a = prod (x);\n  b = var (x) + 1;\nend\n",
        "def f(x):\n    a = np.prod(x)\n    b = x.var() + 1\n    return a, b\n",
        X,
        wrong=(1,),
    )
    assert texts == ("x.var()", "var (x)")


def test_a_condition_is_named_with_its_counterpart(blamed):
    texts = blamed(
        "function y = f (x)\n  y = x * 0.7;\n  if x >= 2.5\n    y = x * 0.1;\n  end\nend\n",
        "def f(x):\n    y = x * 0.7\n    if x > 2.5:\n        y = x * 0.1\n    return y\n",
        2.5,
    )
    assert texts == ("x > 2.5", "x >= 2.5")
    assert blamed.found.proved


def test_a_decision_is_turned_round_at_the_turn_that_went_wrong(blamed):
    blamed(
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
        X,
    )
    assert (blamed.found.flipped, blamed.found.proved) == (True, True)
    assert blamed.found.values == (False, False, True, True)
    assert blamed.search.port.sites[blamed.found.site].text == "value > 2.13"


def test_a_loop_that_ended_too_early_goes_on_with_octaves_values(blamed):
    texts = blamed(
        """
        function y = f (x)
          y = x; before = 0 * x;
          while max (abs (y - before)) > 1e-6
            before = y;
            y = (y + x ./ (4 + y)) / 2;
          end
          y = 3 * y;
        end
        """,
        """
        import numpy as np

        def f(x):
            now, last = x, np.zeros_like(x)
            while np.max(np.abs(now - last)) > 1e-6:
                last, now = now, (now + x / (1 + now**2)) / 2
            return 3 * now
        """,
        X,
    )
    turns = [one.streams for one in (blamed.matching.port, blamed.matching.octave)]
    own, theirs = turns[0][blamed.found.site], turns[1][blamed.found.octave_site]
    assert len(own.values) < len(theirs.values)
    assert texts == ("1 + now**2", "4 + y")
    assert blamed.found.proved


@pytest.mark.parametrize("names", ["p q total", "a b y"], ids=["other names", "same names"])
def test_two_variables_that_one_statement_binds_are_put_right_at_once(blamed, names):
    first, second, total = names.split()
    texts = blamed(
        """
        function y = f (x)
          a = x; b = x .^ 2; y = 0;
          for k = 1:3
            a = diff (a .* 1.7) + k; b = diff (b .* 1.7) + k;
            y = y + sum (a .* b);
          end
        end
        """,
        f"""
        import numpy as np

        def f(x):
            {first}, {second}, {total} = x, x**2, 0.0
            for k in range(3):
                {first}, {second} = (np.diff(z * 1.7) + k + 1 for z in (x, x**2))
                {total} += ({first} * {second}).sum()
            return {total}
        """,
        X,
    )
    assert texts[0] == f"{first}, {second} = (np.diff(z * 1.7) + k + 1 for z in (x, x**2))"
    assert blamed.found.proved
    assert blamed.found.also is not None


def test_a_count_may_be_no_more_than_a_truth_value_in_the_port(blamed):
    texts = blamed(
        """
        function y = f (x)
          n = 0;
          for k = 1:numel (x)
            n = n + (x(k) > 1);
          end
          y = 10 * n;
        end
        """,
        """
        def f(x):
            n = 0
            for k in range(x.size):
                n = x[k] > 1
            return 10 * n
        """,
        X,
    )
    assert texts[0] == "n = x[k] > 1"
    assert blamed.found.proved


def test_what_is_kept_in_an_element_may_be_right_elsewhere(blamed):
    texts = blamed(
        """
        function y = f (x, w)
          a = {[1; x], []}; z = cell (1, 2);
          z{2} = w * a{1};
          y = s (z{2});
        end
        function g = s (z)
          g = 1 ./ (1 + exp (-z));
        end
        """,
        """
        import numpy as np

        def f(x, w):
            a, z = [np.append(1.0, x), None], {"names": {"one", "two"}}
            z["out"] = a[0]
            return s(z["out"])

        def s(z):
            return 1 / (1 + np.exp(-z))
        """,
        X,
        np.arange(10.0).reshape(2, 5) / 7,
    )
    assert texts == ("a[0]", "w * a{1}")


def test_the_expression_that_gave_what_octave_reads_is_the_counterpart(blamed):
    texts = blamed(
        """
        function y = f (x)
          q = zeros (size (x)); y = q;
          for k = 1:numel (x)
            q(k) = max (0, x(k) - 2);
            y(k) = q(k) + x(k) / 3;
          end
        end
        """,
        """
        import numpy as np

        def f(x):
            y = np.zeros(x.size)
            for k in range(x.size):
                q = x[k] - max(0, 2)
                y[k] = q + x[k] / 3
            return y
        """,
        X,
    )
    assert texts[1] == "max (0, x(k) - 2)"


def test_a_lost_copy_is_found_by_making_it(blamed):
    blamed(
        "function y = f (x)\n  old = x;\n  x(1) = 9.3;\n  y = old - 2 * x;\nend\n",
        "def f(x):\n    old = x\n    x[0] = 9.3\n    return old - 2 * x\n",
        X,
    )
    assert (blamed.found.shared, blamed.found.proved) == (True, True)


def test_two_faults_are_found_as_a_pair(blamed):
    blamed(
        "function [a, b] = f (x)\n  a = std (x) * 3.1;\n  b = prod (x + 0.2);\nend\n",
        "def f(x):\n    a = x.std() * 3.1\n    b = np.prod(x + 0.3)\n    return a, b\n",
        X,
        wrong=(0, 1),
    )
    sites = blamed.search.port.sites
    named = {sites[blamed.found.site].text, sites[blamed.found.also.site].text}
    assert named == {"x.std()", "x + 0.3"}


def test_a_pair_heals_a_case_that_comes_to_one_of_its_places_alone(blamed):
    texts = (
        """
        function y = f (x, k)
          y = sum (x .^ 3);
          if k > 0
            y = [y, prod(x + 2.5)];
          end
        end
        """,
        """
        import numpy as np

        def f(x, k):
            y = (x**2).sum()
            if k > 0:
                y = np.array([y, (x + 1.5).prod()])
            return y
        """,
    )
    blamed(*texts, X, 1.0)
    pair = blamed.search.paired()
    assert pair is not None
    blamed(*texts, X, 0.0)
    assert pair.also.site not in blamed.matching.port.streams
    assert blamed.search.is_healed_by(pair)


def test_without_time_the_first_that_is_wrong_is_named_unproved(blamed):
    texts = blamed(
        "function y = f (x)\n  s = std (x);\n  y = (x - 1) / s;\nend\n",
        "def f(x):\n    s = x.std()\n    return (x - 1) / s\n",
        X,
        seconds=0.0,
    )
    assert texts[0] == "x.std()"
    assert not blamed.found.proved


def test_a_copy_shares_nothing_not_even_with_itself():
    row = [0]
    grid = unshared([row, row])
    grid[0][0] = 1
    assert (grid[1], row) == ([0], [0])
    array = np.zeros(2)
    assert not np.may_share_memory(unshared({"a": array})["a"], array)


JUMPS = {
    "a lost break": (
        """
        function y = f (x)
          y = 0.1;
          for i = 1:numel (x)
            y = y + 0.3;
            if x(i) > 1.5
              y = y * x(i);
              break
            end
          end
        end
        """,
        """
        def f(x):
            y = 0.1
            for value in x:
                y = y + 0.3
                if value > 1.5:
                    y = y * value
            return y
        """,
        ("break", "y = y * value"),
    ),
    "a lost continue": (
        """
        function y = f (x)
          y = 0.1;
          n = 0;
          for i = 1:numel (x)
            if x(i) > 2
              n = n + 1;
              continue
            end
            y = y + x(i);
          end
          y = y * (n + 0.7);
        end
        """,
        """
        def f(x):
            y = 0.1
            n = 0
            for value in x:
                if value > 2:
                    n = n + 1
                y = y + value
            return y * (n + 0.7)
        """,
        ("continue", "n = n + 1"),
    ),
    "a lost return": (
        """
        function y = f (x)
          y = x(1) * 0.7;
          if y < 1
            y = y + 0.2;
            return
          end
          y = y * 3.1;
        end
        """,
        """
        def f(x):
            y = x[0] * 0.7
            if y < 1:
                y = y + 0.2
            y = y * 3.1
            return y
        """,
        ("return", "y = y + 0.2"),
    ),
    "a return in a loop": (
        """
        function y = f (x)
          y = 0.1;
          for i = 1:numel (x)
            y = y * x(i) + 1;
          end
        end
        """,
        """
        def f(x):
            y = 0.1
            for value in x:
                y = y * value + 1
                return y
        """,
        ("return", "return y"),
    ),
}


@pytest.mark.parametrize(("m", "port", "named"), JUMPS.values(), ids=JUMPS)
def test_a_jump_that_is_lacking_or_too_early_is_named(blamed, m, port, named):
    blamed(m, port, X)
    assert (blamed.found.jumped, blamed.found.proved) == (True, True)
    site = blamed.search.port.sites[blamed.found.site]
    assert (site.name, site.text) == named


LOOP = """
    function y = f (x)
      k = 1;
      s = sum (x);
      for i = 1:3
        h = k / (1 + s);
        s = s * h + x(1);
        k = k + 1;
      end
      y = s;
    end
"""

IN_LINE = """
    def f(x):
        k = 1
        s = x.sum()
        for i in range(3):
            h = 1 / 1
            s = s * h + x[0]
            k = k + 1
        return s
"""


def test_a_number_that_octave_has_elsewhere_is_named_where_the_lines_went_apart(blamed):
    assert blamed(LOOP, IN_LINE, X) == ("1 / 1", "k / (1 + s)")
    assert blamed.found.proved


def test_functions_stand_for_each_other_by_their_names_else_by_their_values(blamed):
    blamed(
        """
        function y = f (x)
          y = scale_it (x) + offset (x) + 1;
        end
        function y = scale_it (x)
          y = x * 3.7;
        end
        function y = offset (x)
          y = sum (x .^ 2);
        end
        """,
        """
        def scaleIt(x):
            return x * 3.6

        def norm(x):
            return (x**2).sum()

        def f(x):
            return scaleIt(x) + norm(x) + 1
        """,
        X,
    )
    alike = functions_alike(blamed.matching)
    assert alike >= {("f", "f"), ("scaleIt", "f>scale_it"), ("norm", "f>offset")}
    assert ("norm", "f>scale_it") not in alike


def test_one_function_alone_says_nothing_of_which_stands_for_which(blamed):
    blamed("function y = f (x)\n  y = 2 * x;\nend\n", "def f(x):\n    return 3 * x\n", X)
    assert functions_alike(blamed.matching) == set()


def test_what_octave_makes_the_wanted_value_of_is_right(blamed):
    """Both have the floor: what lacks is what Octave does to it where the port only reads it."""
    texts = blamed(
        """
        function y = f (x)
          whole = floor (x);
          y = (x - whole) .* g (whole + 1);
        end
        function y = g (n)
          y = sqrt (mod (n, 4) + 0.3);
        end
        """,
        """
        import numpy as np

        def g(n):
            return np.sqrt(n % 4 + 0.3)

        def f(x):
            whole = np.floor(x)
            return (x - whole) * g(whole)
        """,
        10 * X,
    )
    assert texts[1] == "whole + 1"
    place = blamed.search.port.sites[blamed.found.site]
    assert (place.kind, place.text) != (Kind.BINDING, "whole = np.floor(x)")
