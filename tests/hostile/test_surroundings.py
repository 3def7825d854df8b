"""What a port sets for its whole process ends with its call; and results of odd classes."""

import json

import pytest

SETS = """
    import os, signal, sys, warnings
    np.seterr(all='raise')
    warnings.simplefilter('error')
    os.chdir('/')
    sys.path.clear()
    sys.stdout = sys.stderr = None
    sys.setrecursionlimit(120)
    np.set_printoptions(precision=1)
    signal.alarm(1)
    return x
"""
NEEDS = """
    import json.tool, os, time, warnings
    warnings.warn('careful')
    y = x * 1e-200 * 1e-200
    z = open(os.path.join('port', 'b_needs.py')).read()
    time.sleep(1.1)
    return x / 3 + y
"""
PAIRS = {  # in the order of their names
    "a_sets": ("x", SETS, "identical", ""),
    "b_needs": ("x / 3", NEEDS, "identical", ""),
    "c_generator": ("x", "yield x", "error", "returned a generator, of which nothing is computed"),
    "c_map": ("x", "return map(float, [x])", "error", "returned a map, of which nothing"),
    "c_set": ("{x}", "return {x}", "error", "returned a set, which has no order"),
    "d_date": ("x", "return np.datetime64('2020-08-01')", "different", "datetime64"),
    "d_long": ("x / 3", "return np.longdouble(x) / 3", "different", "float128"),
    "e_dataclass": (
        "struct('a', x, 'b', [1 2])",
        "return Both(x, np.array([1., 2.]))",
        "identical",
        "",
    ),
    "e_named": (
        "struct('a', x, 'b', [1 2])",
        "return Named(x, np.array([1., 2.]))",
        "identical",
        "",
    ),
    "e_namespace": (
        "struct('a', x, 'b', struct('c', x))",
        "return SimpleNamespace(a=x, b=SimpleNamespace(c=x))",
        "identical",
        "",
    ),
    "e_record": (
        "struct('a', x, 'b', 2)",
        "return np.array((x, 2.0), dtype=[('a', float), ('b', float)])",
        "identical",
        "",
    ),
    "f_async": ("x", "async", "error", "is `async` and returned a coroutine: await it"),
}
HEAD = """
from collections import namedtuple
from dataclasses import dataclass
from types import SimpleNamespace

Named = namedtuple('Named', 'a b')

@dataclass
class Both:
    a: float
    b: object
"""


@pytest.fixture(scope="module")
def found(foreign_in, ran, tmp_path_factory):
    project = foreign_in(tmp_path_factory.mktemp("surroundings"))
    project.settings()
    for name, (octave, python, *_) in PAIRS.items():
        project.pair(name, octave, "x", cases="{'one': (0.5,)}")
        if python == "async":
            project.py(name, f"async def {name}(x):\n    return x\n")
        else:
            body = python if python.startswith("\n") else f"\n    {python}\n"
            project.py(name, f"{HEAD}\ndef {name}(x):{body}")
    return ran(project.root, "run", "--json", "out.json")


@pytest.mark.parametrize("pair", PAIRS)
def test_what_a_call_sets_or_returns(found, pair):
    _, _, verdict, said = PAIRS[pair]
    assert (found.verdict(pair), said in found.report(pair)) == (verdict, True), found.report(pair)


def test_the_results_are_written_whatever_their_class(found):
    pairs = json.loads((found.root / "out.json").read_text())["pairs"]
    assert [one["pair"] for one in pairs] == list(PAIRS)


def test_nothing_of_ours_is_shown(found):
    assert "Traceback" not in found.out + found.err
    assert "lockstep/" not in found.err
    assert found.err.count("careful") == 2  # the warning, and its line


def test_what_a_port_does_to_numpy_spoils_no_other_pair(foreign, ran):
    """Neither what was compared before it, and is explained after it, nor what comes then."""
    foreign.settings()
    foreign.pair("a_wrong", "x + 1", "x + 2")
    foreign.pair("b_spoils", "x / 3", "x")
    foreign.py("b_spoils", "def b_spoils(x):\n    np.abs = lambda x: 1 / 0\n    return x / 2\n")
    foreign.pair("c_right", "x / 3", "x * (1 / 3)", cases="{'one': (0.7,)}")
    found = ran(foreign.root, "run")
    assert found.verdict("b_spoils") == "error"
    assert "it cannot be compared: ZeroDivisionError" in found.report("b_spoils")
    assert found.verdict("c_right") in ("identical", "rounding")
    assert "x + 2" in found.report("a_wrong, case")


def test_what_a_port_does_to_python_ends_with_its_call(foreign, ran):
    foreign.settings()
    for name, line in {
        "a_builtins": "import builtins; builtins.isinstance = builtins.open = None",
        "c_forks": "import os; os.fork()",
        "d_finds_nothing": "import sys; sys.meta_path.clear(); del sys.modules['numpy']",
        "d_limits": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (3, 3))",
        "d_no_file": "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (0, 0))",
        "d_times": "import os, time; time.sleep = time.monotonic = os.getpid = None",
        "e_breaks": "import pickle; pickle.dumps = None",
    }.items():
        foreign.pair(name, "x", "x")
        foreign.py(name, f"def {name}(x):\n    {line}\n    return x\n")
        foreign.pair(f"{name}_next", "x", "x")
    found = ran(foreign.root, "run", "--jobs", "1")
    assert "Traceback" not in found.out + found.err
    rights = "a_builtins", "c_forks", "d_finds_nothing", "d_limits", "d_no_file", "d_times"
    for name in (*rights, *(f"{one}_next" for one in rights), "e_breaks_next"):
        assert found.verdict(name) == "identical"
