"""Excused jumps and cut lengths are listed with the statement that rounding takes either way."""

import json

import numpy as np
import pytest

from lockstep.cli import main
from lockstep.locating import decided_at
from lockstep.project.cases import Case

TENTHS = np.array([0.1, 0.2, 0.3])

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
def test_the_statement_of_a_decision(foreign, shared_runner, m, port, place):
    foreign.m("f", m)
    foreign.py("f", port)
    with shared_runner(foreign.project) as runner:
        pair, case = runner.project.pair("f"), Case(TENTHS)
        result = runner.run_case(pair, "one", case)
        assert result.hangs_on_a_decision
        assert decided_at(runner, pair, case, result) == place


def test_a_case_that_hangs_on_none_is_left_alone(judge):
    assert not judge("x / 3", "x * (1 / 3)", TENTHS).hangs_on_a_decision
    assert not judge("x / 3", "x / 4", TENTHS).hangs_on_a_decision


def test_a_run_lists_it(foreign, shared_runner, monkeypatch, restored_sigterm, capsys, tmp_path):
    foreign.settings()
    foreign.m("f", IF[0])
    foreign.py("f", IF[1])
    foreign.cases("f", "import numpy as np\ncases = {'one': (np.array([0.1, 0.2, 0.3]),)}\n")
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.chdir(foreign.root)
    assert main(["run", "f", "--in-process", "--json", str(tmp_path / "found.json")]) == 0
    out = capsys.readouterr().out
    assert "f, case 'one': 1 element of y hangs on a decision that rounding takes either way" in out
    (case,) = json.loads((tmp_path / "found.json").read_text())["pairs"][0]["cases"]
    assert case["decided_at"] == IF[2]
    assert f"\n    {IF[2]}\n" in out
