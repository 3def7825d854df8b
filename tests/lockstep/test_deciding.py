"""What depends on a decision: excused with the statement that takes it, never on the same bits."""

import json

import numpy as np
import pytest

from lockstep.cli import main
from lockstep.tried_cases import tried

TENTHS = np.array([0.1, 0.2, 0.3])
FIVE = np.array([0.1, 0.2, 0.3, 0.4, 0.5])

IF = (
    "function y = f(x)\ns = sum(x);\nif s > 0.6\n  y = 2;\nelse\n  y = 1;\nend\nend\n",
    "def f(x):\n    s = x[0] + (x[1] + x[2])\n    if s > 0.6:\n        y = 2.0\n"
    "    else:\n        y = 1.0\n    return y\n",
    "f.py, line 5: if s > 0.6:",
)
MASK = (
    "function y = f(x)\ns = cumsum(x);\ny = double(s > 0.6);\nend\n",
    "def f(x):\n    s = np.array([x[0], x[0] + x[1], x[0] + (x[1] + x[2])])\n"
    "    y = (s > 0.6).astype(float)\n    return y\n",
    "f.py, line 5: y = (s > 0.6).astype(float)",
)
POWER = (
    """
function n = f(A)
v = ones(rows(A), 1);
size = 0;
n = 0;
do
  old = size;
  w = A*v;
  size = norm(w);
  v = w/size;
  n++;
until abs(size - old) <= 2*eps(size)
end
""",
    """
def f(A):
    v, size, n = np.ones(len(A)), 0.0, 0
    while True:
        old, w = size, A @ v
        size = np.sqrt(w @ w)
        v, n = w / size, n + 1
        if abs(size - old) <= 2 * np.spacing(size):
            return float(n)
""",
)
DAYS = np.round(np.random.default_rng(10).normal(size=30), 1)
ROOT = np.random.default_rng(104).normal(size=(5, 5))
LENGTH = (
    "function y = f(x)\ns = cumsum(x);\ny = s(s <= 0.6) / 3;\nend\n",
    "def f(x):\n    s = np.array([x[0], x[0] + x[1], x[0] + (x[1] + x[2])])\n"
    "    y = s[s <= 0.6] / 3\n    return y\n",
    "f.py, line 5: y = s[s <= 0.6] / 3",
)


@pytest.mark.parametrize(
    ("m", "port", "place"),
    [
        pytest.param(*IF, id="a condition"),
        pytest.param(*MASK, id="a mask"),
        pytest.param(*LENGTH, id="a length"),
    ],
)
def test_the_statement_of_a_decision(judge, m, port, place):
    result = judge(m, port, TENTHS)
    assert (result.verdict, result.decided_at) == ("rounding", place)


@pytest.mark.parametrize("port", ["x * (1 / 3)", "x / 4"])
def test_a_case_that_hangs_on_none_names_none(judge, port):
    assert judge("x / 3", port, TENTHS).decided_at == ""


def test_a_run_lists_it(foreign, shared_runner, monkeypatch, restored_sigterm, capsys, tmp_path):
    foreign.settings()
    foreign.m("f", IF[0])
    foreign.py("f", IF[1])
    foreign.cases("f", "import numpy as np\ncases = {'one': (np.array([0.1, 0.2, 0.3]),)}\n")
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.chdir(foreign.root)
    assert main(["run", "f", "--in-process", "--json", str(tmp_path / "found.json")]) == 0
    out = capsys.readouterr().out
    told = "1 element of y depends on a decision that rounding takes either way"
    assert f"f, case 'one': {told}" in out
    (case,) = json.loads((tmp_path / "found.json").read_text())["pairs"][0]["cases"]
    assert case["decided_at"] == IF[2]
    assert f"\n    {IF[2]}\n" in out


@pytest.mark.parametrize(
    ("port", "agrees"),
    [
        pytest.param(IF[1], True, id="where rounding decides"),
        pytest.param("def f(x):\n    return 1.0\n", False, id="where it decides nothing"),
    ],
)
def test_another_result_far_off_is_judged_by_its_own_floor(foreign, shared_runner, port, agrees):
    """1 for Octave's 2: with a port that rounding sends the other way it may be right."""
    foreign.m("f", IF[0])
    foreign.py("f", port)
    foreign.cases("f", "import numpy as np\ncases = {'one': (np.array([0.1, 0.2, 0.3]),)}\n")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        case = runner.cases(pair).cases["one"]
        one = tried(runner, pair, case, runner.run_case(pair, "one", case))
        assert one.agrees_live(np.nextafter(1.0, 2.0)) is agrees


ON_THE_SAME_BITS = [
    pytest.param("round(x*100)", "np.round(x*100)", 49.985, id="halves to even"),
    pytest.param("round(x*100)", "float(round(x*100))", 49.985, id="Python's round"),
    pytest.param("sum(x > mean(x))", "float(np.sum(x >= x.mean()))", FIVE, id="> and >= a mean"),
    pytest.param(
        "floor((x - x(1))/0.05) + 1", "np.ceil((x - x[0])/0.05) + 1", 0.05 * np.arange(8), id="ceil"
    ),
    pytest.param(
        "find(cumsum(x) >= 0.5, 1)",
        "float(np.argmax(np.cumsum(x) > 0.5) + 1)",
        np.full(8, 0.1),
        id="the first that reaches it",
    ),
    pytest.param(
        "\nfunction y = f(x)\ny = 0;\nfor i = 1:numel(x)\n  if x(i)/10 >= 0.3\n    y = y + 1;\n"
        "  end\nend\nend\n",
        "\ndef f(x):\n    y = 0.0\n    for one in x:\n        if one / 10 > 0.3:\n"
        "            y = y + 1\n    return y\n",
        np.arange(1.0, 6),
        id="in a loop",
    ),
    pytest.param(
        "\nfunction y = f(x)\ny = 0;\nfor i = 1:numel(x)\n  y = y + (x(i)/10 >= 0.3);\nend\nend\n",
        "\ndef f(x):\n    return float(np.sum(x / 10 > 0.3))\n",
        np.arange(1.0, 6),
        id="a loop on one side",
    ),
    pytest.param(
        "sum(x/10 >= 0.3)",
        "\ndef f(x, least=0.3):\n    return float(np.sum(x / 10 > least))\n",
        np.arange(1.0, 6),
        id="a literal that the port has as a name",
    ),
    pytest.param(
        "\nfunction y = f(x)\nw = cumsum(x) / sum(x);\ny = sum(x(w >= 0.5));\nend\n",
        "\ndef f(x):\n    w = np.cumsum(x) / np.sum(x)\n    return x[w > 0.5].sum()\n",
        np.array([0.1, 0.2, 0.2, 0.3, 0.2]),
        id="beside a sum that is whole by chance",
    ),
    pytest.param(
        "\nfunction y = f(x)\ny = x / norm(x);\nif norm(y) >= 1, y = y * 2; end\nend\n",
        "\ndef f(x):\n    y = x / np.linalg.norm(x)\n    if np.linalg.norm(y) > 1:\n"
        "        y = y * 2\n    return y\n",
        np.array([3.0, 4.0]),
        id="of a norm that is whole by chance",
    ),
    pytest.param(
        "\nfunction y = f(x)\ny = x;\nfor i = 1:4\n  y = y / norm(y);\n"
        "  if norm(y) >= 1, y = y * 2; end\nend\nend\n",
        "\ndef f(x):\n    y = x\n    for i in range(4):\n        y = y / np.linalg.norm(y)\n"
        "        if np.linalg.norm(y) > 1:\n            y = y * 2\n    return y\n",
        np.array([3.0, 4.0]),
        id="of such norms in a loop",
    ),
    pytest.param(
        "\nfunction y = f(x)\np = cumsum(x) / sum(x);\nv = [5; 7; 9];\n"
        "y = v(4 - lookup(sort(p, 'descend'), [0.2; 0.3; 0.6; 0.61]));\nend\n",
        "\ndef f(x):\n    p = np.cumsum(x) / np.sum(x)\n    v = np.array([5.0, 7.0, 9.0])\n"
        "    return v[np.searchsorted(p, [0.2, 0.3, 0.6, 0.61], side='right')]\n",
        np.array([1.0, 2.0, 2.0]),
        id="places that are looked up",
    ),
]


@pytest.mark.parametrize(("m", "port", "argument"), ON_THE_SAME_BITS)
def test_what_is_decided_on_the_same_bits_is_not_rounding(judge, m, port, argument):
    assert judge(m, port, argument).verdict == "different"


@pytest.mark.parametrize(
    ("m", "port", "argument"),
    [
        pytest.param(
            "floor(sum(x)/0.1)", "np.floor((x[2] + x[1] + x[0])/0.1)", TENTHS, id="another order"
        ),
        pytest.param(
            "sum(x > mean(x))", "float(np.sum(x > x[::-1].cumsum()[-1]/5))", FIVE, id="another mean"
        ),
        pytest.param(
            "\nfunction y = f(x)\nv = [3; 5; 7; 9];\ny = v(1 + lookup(cumsum(x), 0.6));\nend\n",
            "\ndef f(x):\n    s = np.array([x[0], x[0] + x[1], x[0] + (x[1] + x[2])])\n"
            "    return np.arange(3.0, 10, 2)[np.searchsorted(s, 0.6, side='right')]\n",
            np.array([0.1, 0.2, 0.3]),
            id="a place in other sums",
        ),
        pytest.param(
            *POWER,
            ROOT @ ROOT.T + np.eye(5),
            id="a difference that is as large as what it is held against, by chance",
        ),
        pytest.param(
            "sum(cumsum(x - mean(x)) > 0)",
            "float(np.sum(np.cumsum(x) - np.arange(1, len(x) + 1)*x.sum()/len(x) > 0))",
            DAYS,
            id="how many there are, which stands for no mean",
        ),
    ],
)
def test_what_is_decided_on_other_bits_is(judge, m, port, argument):
    assert judge(m, port, argument).agrees
