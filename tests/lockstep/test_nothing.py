"""None where a value is needed: a return that is lacking, a call that changes its object."""

import textwrap

import numpy as np
import pytest
from executions import write_pair

from lockstep.explaining import explained
from lockstep.model.report import Fault
from lockstep.reports.finding_text import finding_text

pytestmark = pytest.mark.usefixtures("only_new_objects")

CASES = """
    import numpy as np

    cases = {"two": (np.array([2.5, -1.0]),), "four": (np.array([3.5, 1.0, -2.0, 0.25]),)}
"""

ONE = "function y = f (x)\n  y = scaled (x) + 1;\nend\nfunction z = scaled (x)\n  z = 2 * x;\nend\n"
TWO = """
    function [y, n] = f (x)
      y = sort (x);
      if numel (y) > 2
        n = y(2);
      else
        n = 0;
      end
    end
"""

GAPS = """
    function y = f (x)
      y = gaps (sort (x));
    end
    function d = gaps (s)
      d = diff (s);
    end
"""

# Each: Octave, the port, where it ends or what gives None, and the lines that mend it.
PORTS = {
    "the function itself": (
        "function y = f (x)\n  y = 2 * x;\nend\n", "def f(x):\n    y = 2 * x\n",
        "y = 2 * x", ["return y"],
    ),
    "a function of its own": (
        ONE, "def f(x):\n    return scaled(x) + 1\ndef scaled(x):\n    z = 2 * x\n",
        "z = 2 * x", ["return z"],
    ),
    "one branch of several outputs": (
        TWO,
        """
        def f(x):
            y = np.sort(x)
            if y.size > 2:
                n = y[1]
            else:
                n = 0.0
                return y, n
        """,
        "n = y[1]", ["return y, n"],
    ),
    "outputs that are returned nowhere": (
        TWO, "def f(x):\n    y = np.sort(x)\n    n = y[1] if y.size > 2 else 0.0\n",
        "n = y[1] if y.size > 2 else 0.0", ["return y, n"],
    ),
    "a return without the values that Octave computes": (
        "function [y, n] = f (x)\n  if numel (x) > 1\n    y = 2 * x;\n    n = zeros (size (x));\n"
        "    return\n  end\n  y = x;\n  n = 1;\nend\n",
        "def f(x):\n    if x.size > 1:\n        return\n    return x, 1.0\n",
        "return", ["return 2 * x, np.zeros(np.shape(x))"],
    ),
    "a loop that ends by its else": (
        "function y = f (x)\n  for k = 1:3\n    y = x * k;\n    if max (y) > 1e3\n      return\n"
        "    end\n  end\nend\n",
        """
        def f(x):
            for k in range(1, 4):
                y = x * k
                if y.max() > 1e3:
                    return y
            else:
                k = 3
        """,
        "k = 3", ["return y"],
    ),
    "a sort in place": (
        "function y = f (x)\n  y = 2 * sort (x);\nend\n",
        "def f(x):\n    y = x.copy()\n    y = y.sort()\n    return 2 * y\n",
        "y.sort()", ["y.sort()"],
    ),
    "a sort of another": (
        "function y = f (x)\n  y = 2 * sort (x);\nend\n",
        "def f(x):\n    x = x + 0\n    y = x.sort()\n    return 2 * y\n",
        "x.sort()", ["y = x.copy()", "y.sort()"],
    ),
    "a sort whose None is handed to a function that raises another error": (
        GAPS,
        """
        def f(x):
            y = x + 0
            return gaps(y.sort())

        def gaps(s):
            return np.diff(s)
        """,
        "y.sort()", ["return gaps(np.sort(y))"],
    ),
    "a list that is turned round in an expression": (
        "function y = f (x)\n  y = flipud (x) + 1;\nend\n",
        "def f(x):\n    x = x.tolist()\n    return np.array(x.reverse()) + 1\n",
        "x.reverse()", ["return np.array(x[::-1]) + 1"],
    ),
    "a function that changes what it is given": (
        "function y = f (x)\n  a = x * x';\n  y = a - diag (diag (a)) + 1;\nend\n",
        "def f(x):\n    a = np.outer(x, x)\n    b = np.fill_diagonal(a, 0)\n    return b + 1\n",
        "np.fill_diagonal(a, 0)", ["b = a.copy()", "np.fill_diagonal(b, 0)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("m", "port", "place", "added"), PORTS.values(), ids=[name.replace(" ", "_") for name in PORTS]
)
def test_what_gives_none_is_named_and_mended(tmp_path, shared_runner, m, port, place, added):
    files = {"cases/f.py": textwrap.dedent(CASES)}
    project = write_pair(tmp_path, textwrap.dedent(m).lstrip(), port, files)
    with np.errstate(all="ignore"), shared_runner(project) as runner:
        runner.octave.eval("clear -f f; rehash ();")
        finding = explained(runner, project.pair("f")).finding
    assert finding is not None
    assert finding.fault is Fault.NOTHING
    assert (finding.port.expression or finding.port.statement) == place
    assert finding.is_mended
    lines = [line[1:].strip() for line in finding.mend.diff.splitlines()[2:] if line[0] == "+"]
    assert lines == added


def test_a_function_that_gives_none_on_purpose_is_not_named(tmp_path, shared_runner):
    m = "function y = f (x)\n  y = sort (x);\nend\n"
    port = """
        def f(x):
            y = x + 0
            arrange(y)
            return y + 1

        def arrange(y):
            y.sort()
    """
    project = write_pair(tmp_path, m, port, {"cases/f.py": textwrap.dedent(CASES)})
    with shared_runner(project) as runner:
        runner.octave.eval("clear -f f; rehash ();")
        finding = explained(runner, project.pair("f")).finding
    assert finding is not None
    assert finding.fault is not Fault.NOTHING


def test_a_return_without_a_value_is_named_where_octave_has_outputs(tmp_path, shared_runner):
    m = """
        function [y, n] = f (x)
          if numel (x) > 2
            y = zeros (size (x));
            n = 0;
            return
          end
          y = 2 * x;
          n = numel (x);
        end
    """
    port = """
        def f(x):
            if x.size > 2:
                return
            return 2 * x, float(x.size)
    """
    files = {"cases/f.py": textwrap.dedent(CASES)}
    project = write_pair(tmp_path, textwrap.dedent(m), port, files)
    with shared_runner(project) as runner:
        runner.octave.eval("clear -f f; rehash ();")
        finding = explained(runner, project.pair("f")).finding
    assert (finding.fault, finding.port.statement) == (Fault.NOTHING, "return")
    said = finding_text(finding)
    assert said[0].endswith("f ends here without a value, and so gives None")
    assert not any("proved" in one for one in said)
