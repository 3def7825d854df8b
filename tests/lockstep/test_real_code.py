"""What ports of real code do on purpose, beside a mistake: the mistake is named, and nothing else.

Each port differs from its original in one way that makes no output differ, and has one mistake.
"""

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

x = np.array([0.31, 1.72, 2.13, 4.64, 3.05])
grid = np.array([[1.5, 2.25, 0.5], [3.75, 0.25, 4.5]])

cases = {ARGUMENTS}
"""

# Each: Octave, the port, what may be named, and the arguments.
PORTS = {
    "a dead first value": (
        "function y = f (x)\n  y = sum (x .^ 2) / 3;\nend\n",
        "def f(x):\n    y = 0.0\n    y = (x**2).sum() / 4\n    return y\n",
        "(x**2).sum() / 4", "x",
    ),
    "a preallocation": (
        "function y = f (x)\n  y = [];\n  for k = 1:numel (x)\n    y(k) = 2.5 * x(k);\n"
        "  end\nend\n",
        "def f(x):\n    y = np.zeros(len(x))\n    for k in range(len(x)):\n"
        "        y[k] = 1.5 * x[k]\n    return y[None, :]\n",
        "1.5 * x[k]", "x",
    ),
    "a matrix that is filled in another order": (
        "function d = f (x)\n  d = inf (1, 5);\n  d(2) = 0;\n  d(4) = x(1) * 3;\nend\n",
        "def f(x):\n    d = np.full((1, 5), np.inf)\n    d[0, 3] = x[0] * 4\n    d[0, 1] = 0\n"
        "    return d\n",
        "x[0] * 4", "x",
    ),
    "positions in another order": (
        "function y = f (g)\n  k = find (g > 2);\n  y = sort (g(k)) * 1.5;\nend\n",
        "def f(g):\n    rows, columns = np.where(g > 2)\n"
        "    return np.sort(g[rows, columns]) * 2.5\n",
        "np.sort(g[rows, columns]) * 2.5", "grid",
    ),
    "positions from 0 that become an index steps later": (
        "function y = f (x)\n  [~, k] = sort (x);\n  best = k(end);\n  y = x(best) + 0.5;\nend\n",
        "def f(x):\n    k = np.argsort(x)\n    best = k[-1]\n    return x[best] + 0.25\n",
        "x[best] + 0.25", "x",
    ),
    "a shape that broadcasts": (
        "function y = f (x)\n  w = repmat (x, 1, 4);\n  y = sum (w .* 2.5, 2);\nend\n",
        "def f(x):\n    w = x[:, None]\n    return (np.ones((1, 4)) * w * 3.5).sum(axis=1)\n",
        ("np.ones((1, 4)) * w * 3.5", "(np.ones((1, 4)) * w * 3.5).sum(axis=1)"), "x",
    ),
    "a logical value for a number": (
        "function y = f (x)\n  on = zeros (size (x));\n  on(x > 2) = 1;\n"
        "  y = sum (on .* x) / 3;\nend\n",
        "def f(x):\n    on = x > 2\n    return (on * x).sum() / 2\n",
        "(on * x).sum() / 2", "x",
    ),
    "a check and a default that one side has alone": (
        "function y = f (x, p)\n  if nargin < 2\n    p = 2;\n  end\n"
        "  y = sum (abs (x) .^ p) / 3;\nend\n",
        "def f(x):\n    if x.ndim != 1:\n        raise ValueError('a vector')\n"
        "    return (np.abs(x) ** 2).sum() / 4\n",
        "(np.abs(x) ** 2).sum() / 4", "x",
    ),
    "an error code of which only that it is not 0 matters": (
        "function y = f (x)\n  code = -3;\n  y = x;\n  if code ~= 0\n    y = x * 1.5;\n"
        "  end\nend\n",
        "def f(x):\n    code = 1\n    y = x\n    if code:\n        y = x * 2.5\n    return y\n",
        "x * 2.5", "x",
    ),
    "a copy that is made later": (
        "function y = f (x)\n  z = x;\n  s = sum (x);\n  z(1) = s;\n  y = z * 1.5;\nend\n",
        "def f(x):\n    s = x.sum()\n    z = x.copy()\n    z[0] = s\n    return z * 2.5\n",
        "z * 2.5", "x",
    ),
    "a cache": (
        "function y = f (x)\n  persistent seen\n  if isempty (seen)\n    seen = 0.5;\n  end\n"
        "  y = x * seen + 1;\nend\n",
        "def f(x):\n    seen = 0.5\n    return x * seen + 2\n",
        "x * seen + 2", "x",
    ),
    "names that differ in their case": (
        "function y = f (x)\n  N = numel (x);\n  n = N / 2;\n  y = x * n + N;\nend\n",
        "def f(x):\n    n = len(x)\n    half = n / 4\n    return x * half + n\n",
        "n / 4", "x",
    ),
    "an argument that is given under another name": (
        "function y = f (x, tol)\n  if nargin < 2\n    tol = 0.1;\n  end\n"
        "  y = x(x > tol) * 1.5;\nend\n",
        "def f(x, eps=0.1):\n    return x[x > eps] * 2.5\n",
        "x[x > eps] * 2.5", "x, 1.0",
    ),
    "a count that is no index": (
        "function y = f (x)\n  n = numel (x);\n  y = sum (x) / n;\nend\n",
        "def f(x):\n    n = len(x) - 1\n    return x.sum() / n\n",
        ("len(x) - 1", "n = len(x) - 1"), "x",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("m", "port", "place", "given"), PORTS.values(), ids=PORTS.keys())
def test_the_mistake_is_named_and_not_what_is_only_written_otherwise(
    tmp_path, shared_runner, m, port, place, given
):
    text = CASES.replace("{ARGUMENTS}", "{'one': (" + given + ",)}")
    project = write_pair(tmp_path, m, textwrap.dedent(port), {"cases/f.py": text})
    with np.errstate(all="ignore"), shared_runner(project) as runner:
        runner.octave.eval("clear -f f; rehash ();")
        found = explained(runner, project.pair("f")).finding
    assert found is not None
    assert found.fault is Fault.VALUE
    named = found.port.expression or found.port.statement
    assert named in (place if isinstance(place, tuple) else (place,))
    assert "line 0" not in "\n".join(finding_text(found))
