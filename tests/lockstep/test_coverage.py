"""`lockstep coverage`: which lines and branches of both sides the cases of a pair reach."""

import textwrap

import pytest

from lockstep.cli import main
from lockstep.model.coverage import Branch, Places
from lockstep.project.memory import known_shares
from lockstep.sides.octave_marks import NoMarksError, octave_marks
from lockstep.sides.port import Port
from lockstep.sides.port_marks import port_marks
from lockstep.supervisor import Supervisor

pytestmark = pytest.mark.usefixtures("restored_sigterm")

M_SIDES = {
    "if": (
        """
        function y = f(x)
        y = 0;
        if x > 1
          y = 1;
        elseif x > 0, y = 2;
        else
          y = 3;
        end
        end
        """,
        {2: {2, 3, 4}, 0.5: {2, 3, 5}, -1: {2, 3, 5, 7}},
        {2: {(3, True)}, 0.5: {(3, False), (5, True)}, -1: {(3, False), (5, False)}},
    ),
    "if on a line": (
        "function y = f(x)\ny = x; if(x > 1) y = 2; end\nend\n",
        {2: {2}, 0: {2}},
        {2: {(2, True)}, 0: {(2, False)}},
    ),
    "while": (
        "function y = f(x)\ny = 0;\nwhile y < x\n  y = y + 1;\nend\nend\n",
        {0: {2, 3}, 1: {2, 3, 4}},
        {0: {(3, False)}, 1: {(3, True), (3, False)}},
    ),
    "while that is left": (
        "function y = f(x)\ny = x;\nwhile true\n  if y > 3, break; end\n  y = y + 1;\nend\nend\n",
        {9: {2, 3, 4}, 3: {2, 3, 4, 5}},
        {9: {(4, True)}, 3: {(4, True), (4, False)}},
    ),
    "while of | and &": (
        "function y = f(x)\ny = 0;\nwhile y < x | [](1)\n  y = 9;\n  if 1, break; end\nend\nend\n",
        {1: {2, 3, 4, 5}},
        {1: {(3, True)}},
    ),
    "do": (
        "function y = f(x)\ny = 0;\ndo\n  y = y + 1;\nuntil y > x\nend\n",
        {0: {2, 3, 4}, 1: {2, 3, 4}},
        {0: {(5, True)}, 1: {(5, True), (5, False)}},
    ),
    "switch": (
        """
        function y = f(x)
        switch x
          case {1, 2}
            y = 1;
          case 3, y = 2;
        end
        y = 3;
        end
        """,
        {1: {2, 3, 4, 7}, 3: {2, 3, 5, 7}, 4: {2, 3, 5, 7}},
        {1: {(3, True)}, 3: {(5, True)}, 4: {(2, True)}},
    ),
    "for": (
        "function y = f(x)\ny = 0;\nfor i = 1:x\n  y = y + i;\nend\nend\n",
        {0: {2, 3}, 2: {2, 3, 4}},
        {0: set(), 2: set()},
    ),
    "try": (
        "function y = f(x)\ny = 0;\ntry\n  y = ones(2)(x);\ncatch err\n  y = 1;\nend\nend\n",
        {1: {2, 4}, 9: {2, 4, 6}},
        {1: set(), 9: set()},
    ),
    "early return": (
        "function y = f(x)\ny = x;\nif x > 1 || x < 0, return, end\ny = 5;\nend\n",
        {2: {2, 3}, 1: {2, 3, 4}},
        {2: {(3, True)}, 1: {(3, False)}},
    ),
    "sub-function": (
        "function y = f(x)\ny = g(x);\nend\n"
        "function y = g(x)\nif x\n  y = 1;\nelse\n  y = 2;\nend\nend\n",
        {1: {2, 5, 6}, 0: {2, 5, 8}},
        {1: {(5, True)}, 0: {(5, False)}},
    ),
}


def _branches(found):
    return {(branch.line, branch.held) for branch in found}


@pytest.mark.parametrize("name", M_SIDES)
def test_what_a_call_of_octave_reaches(tmp_path, octave, name):
    text, lines, branches = M_SIDES[name]
    file = tmp_path / "f.m"
    file.write_text(textwrap.dedent(text).lstrip("\n"))
    octave.eval(f"addpath ('{tmp_path}');")
    try:
        with octave_marks(octave, file) as marks:
            for x, expected in lines.items():
                octave.call("f", float(x))
                reach = marks.places.reached("f.m", marks.taken())
                assert (reach.reached, _branches(reach.taken)) == (expected, branches[x]), x
    finally:
        octave.eval(f"rmpath ('{tmp_path}'); clear ('f');")


def test_the_original_runs_again_afterwards(tmp_path, octave):
    (tmp_path / "f.m").write_text("function y = f(x)\ny = mfilename ('fullpath');\nend\n")
    octave.eval(f"addpath ('{tmp_path}');")
    with octave_marks(octave, tmp_path / "f.m"):
        assert octave.call("f", 1.0).outputs == [str(tmp_path / "f")]
        assert octave.call("which", "f", nargout=1).outputs != [str(tmp_path / "f.m")]
    assert octave.call("which", "f", nargout=1).outputs == [str(tmp_path / "f.m")]
    octave.eval(f"rmpath ('{tmp_path}');")


def test_a_package_is_looked_into(tmp_path, octave):
    file = tmp_path / "+pkg" / "g.m"
    file.parent.mkdir()
    file.write_text("function y = g(x)\ny = x;\nif x\n  y = 3;\nend\nend\n")
    octave.eval(f"addpath ('{tmp_path}');")
    with octave_marks(octave, file) as marks:
        octave.call("pkg.g", 1.0)
        assert marks.places.reached("g.m", marks.taken()).reached == {2, 3, 4}
    octave.eval(f"rmpath ('{tmp_path}');")


def test_a_file_that_is_not_understood_is_said(tmp_path, octave):
    (tmp_path / "f.m").write_text("classdef f\nend\n")
    with (
        pytest.raises(NoMarksError, match=r"f\.m is not understood"),
        octave_marks(octave, tmp_path / "f.m"),
    ):
        pass


PORTS = {
    "if": (
        """
        def f(x):
            "Say what it does."
            if x > 1:
                return 1
            elif x > 0:
                return 2
            return 3
        """,
        {2: {3, 4}, 0.5: {3, 5, 6}, -1: {3, 5, 7}},
        {2: {(3, True)}, 0.5: {(3, False), (5, True)}, -1: {(3, False), (5, False)}},
    ),
    "while": (
        "def f(x):\n    while x < 1:\n        x += 1\n    else:\n        x = 3\n    return x\n",
        {2: {2, 5, 6}, 0: {2, 3, 5, 6}},
        {2: {(2, False)}, 0: {(2, True), (2, False)}},
    ),
    "conditional expression": (
        "def f(x):\n    y = (3\n         if x else 4)\n    return y\n",
        {1: {2, 4}, 0: {2, 4}},
        {1: {(2, True)}, 0: {(2, False)}},
    ),
    "try": (
        "def f(x):\n    try:\n        return 1 / x\n    except ZeroDivisionError:\n"
        "        return 0\n    finally:\n        x = 3\n",
        {1: {2, 3, 7}, 0: {2, 3, 5, 7}},
        {1: set(), 0: set()},
    ),
    "match and with": (
        "import contextlib\ndef f(x):\n    with contextlib.suppress(ValueError):\n"
        "        match x:\n            case 1:\n                return 2\n    return 3\n",
        {1: {3, 4, 6}, 0: {3, 4, 7}},
        {1: set(), 0: set()},
    ),
    "nested and lambda": (
        "def f(x):\n    def g(y):\n        if y:\n            return 1\n        return 2\n"
        "    h = lambda y: 3 if y else 4\n    return g(x) + h(x)\n",
        {1: {2, 3, 4, 6, 7}, 0: {2, 3, 5, 6, 7}},
        {1: {(3, True), (6, True)}, 0: {(3, False), (6, False)}},
    ),
    "helper, but no other pair": (
        "def helper(x):\n    return x\n\n\ndef unused(x):\n    return x\n\n\ndef other(x):\n"
        "    return x\n\n\ndef f(x):\n    return helper(x) + other(x)\n",
        {1: {2, 14}},
        {1: set()},
    ),
}


@pytest.mark.parametrize("name", PORTS)
def test_what_a_call_of_the_port_reaches(foreign, name):
    text, lines, branches = PORTS[name]
    (foreign.root / "port" / "f.py").write_text(textwrap.dedent(text).lstrip("\n"))
    for pair in ("f", "other"):
        foreign.m(pair, f"function y = {pair}(x)\ny = x;\nend\n")
    port = Port(foreign.project)
    with port_marks(port, foreign.project.pair("f")) as marks:
        for x, expected in lines.items():
            port.function("f")(x)
            reach = marks.places.reached("f.py", marks.taken())
            assert (reach.reached, _branches(reach.taken)) == (expected, branches[x]), x
    assert "lockstep_mark" not in port.function("f").__globals__
    assert port.function("f")(1) is not None


def test_what_is_missed_is_named():
    places = Places()
    for line in (1, 2, 3, 5, 9):
        places.add_line(line, [places.mark()])
    places.add_branch(Branch(2, "x", True), [2])
    places.add_branch(Branch(2, "x", False), [99])
    places.add_branch(Branch(9, "y", True), [98])
    first, second = (places.reached("f", frozenset(marks)) for marks in ({1, 2}, {1, 3}))
    both = first | second
    assert both.missed_lines == [5, 9]
    assert both.missed_branches == [Branch(2, "x", False)]
    assert both.share == (3 + 1) / (5 + 3)


@pytest.fixture
def project(foreign, monkeypatch):
    """Make a pair whose cases reach less than all of either side."""
    foreign.m(
        "f",
        """
        function y = f(x)
        if x > 3
          y = 1;
          return;
        end
        y = 2;
        end
        """,
    )
    foreign.py("f", "def f(x):\n    y = 1 if x > 3 else 2\n    return y\n")
    foreign.cases("f", "cases = {'small': (1,), 'smaller': (0,)}\n")
    foreign.settings()
    monkeypatch.chdir(foreign.root)
    return foreign


def test_the_command_says_what_is_missed(project, capsys):
    assert main(["coverage"]) == 0
    assert capsys.readouterr().out == textwrap.dedent(
        """\
        pair  cases   .m file      port
        f         2       50%       75%

        f:
          f.m: 2 of 4 lines, 1 of 2 branches
            not reached: lines 3-4
            line 2: x > 3 was never true
          f.py: 2 of 2 lines, 1 of 2 branches
            line 4: x > 3 was never true
        """
    )


def test_a_run_marks_the_pair_until_a_file_changes(project, capsys):
    assert main(["run"]) == 0
    assert "reach" not in capsys.readouterr().out
    assert main(["coverage"]) == 0
    assert (project.root / ".lockstep" / ".gitignore").read_text() == "*\n"
    assert main(["run"]) == 0
    assert "none; its cases reach 50%\n" in capsys.readouterr().out
    project.cases("f", "cases = {'small': (1,), 'large': (9,)}\n")
    assert main(["run"]) == 0
    assert "reach" not in capsys.readouterr().out
    assert main(["coverage"]) == 0
    assert "f         2      100%      100%" in capsys.readouterr().out
    assert main(["run"]) == 0
    assert "reach" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"f": 1}', '{"f": ["a", "b"]}', '{"f": [NaN, ""]}']
)
def test_a_memory_that_is_damaged_is_none(project, text):
    (project.root / ".lockstep").mkdir()
    (project.root / ".lockstep" / "coverage.json").write_text(text)
    assert known_shares(project.project, ["f"]) == {}


def test_a_case_in_which_the_port_dies_is_not_counted(project):
    project.py("f", "import os\ndef f(x):\n    if x == 0:\n        os._exit(3)\n    return 2\n")
    with Supervisor(project.project) as both:
        found = both.cover("f")
    assert found.cases == 1
    assert "case 'smaller' is not counted: the port: its process ended with" in found.notes[0]
    assert found.port.reached == {5, 7}


def test_a_case_in_which_octave_dies_is_counted_for_the_port(project):
    project.m("f", "function y = f(x)\nif x == 1\n  quit (0);\nend\ny = 2;\nend\n")
    with Supervisor(project.project) as both:
        found = both.cover("f")
    assert "Octave did not end in case 'small'" in found.notes
    assert found.octave.reached == {2, 5}
    assert found.cases == 2


@pytest.mark.parametrize(
    ("port", "said"),
    [
        pytest.param('numpy:trapezoid"', "the port is not looked into: numpy", id="library"),
        pytest.param('math:hypot"', "the port is not looked into: hypot is not written", id="C"),
    ],
)
def test_a_port_that_is_a_librarys_is_not_looked_into(project, capsys, port, said):
    project.settings(
        f'octave = "matlab"\nport = "port"\ncases = "cases"\n[tool.lockstep.pairs]\nf = "{port}\n'
    )
    assert main(["coverage", "f"]) == 0
    out = capsys.readouterr().out
    assert said in out
    assert "f         2       50%         -" in out


@pytest.mark.parametrize(
    ("names", "said"), [(["g"], "no pair 'g'"), (["nothing"], "no pair has cases and a port")]
)
def test_what_cannot_be_measured_is_said(project, capsys, names, said):
    project.m("nothing", "function nothing()\nend\n")
    assert main(["coverage", *names]) == 2
    assert said in capsys.readouterr().err


def test_cases_that_cannot_be_used_are_said(project, capsys):
    project.cases("f", "cases = 1 / 0\n")
    assert main(["coverage"]) == 0
    assert "ZeroDivisionError" in capsys.readouterr().out
