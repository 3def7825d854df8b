"""Files and values that are odd: one line for each, and all else is compared."""

import json

import pytest

SAME = "function y = {0}(x)\ny = x;\nend\n"
MORE = "def {0}(x):\n    y = x + 1\n    return y\n"
ONE = "cases = {'one': (1.0,)}\n"

PORTS = {
    "big": "def big(x):\n    return 2**70\n",
    "bigs": "def bigs(x):\n    return [2**70]\n",
    "surrogate": "def surrogate(x):\n    return '\\udc80'\n",
    "objects": (
        "import threading\ndef objects(x):\n"
        "    return {'x': x, 'lock': threading.Lock(), 'f': lambda x: x}\n"
    ),
    "unshown": (
        "class Odd:\n    def __repr__(self):\n        raise ValueError\n"
        "def unshown(x):\n    return Odd()\n"
    ),
    "deep": (
        "def deep(x):\n    a = []\n    for i in range(5000):\n        a = [a]\n    return a\n"
    ),
    "circle": "def circle(x):\n    a = []\n    a.append(a)\n    return a\n",
    "null": "def null(\0x): return x\n",
    "relative": "from .bigs import bigs\ndef relative(x):\n    return x\n",
    "asks": "def asks(x):\n    return float(input('x? '))\n",
    "debugged": "def debugged(x):\n    breakpoint()\n    return x\n",
    "wrong_names": MORE.format("wrong_names"),
    "odd_names": MORE.format("odd_names"),
    "missing_names": MORE.format("missing_names"),
}
CASES = {
    "argument": "cases = {'one': (2**70,)}\n",
    "object": "cases = {'one': (object(),)}\n",
    "surrogate": "cases = {'\\udc80': ('\\udc80é',)}\n",
    "wrong_names": f"names = {{'y': 3}}\n{ONE}",
    "odd_names": f"names = {{'y': 'no ['}}\n{ONE}",
    "missing_names": f"names = {{'y': 'nowhere'}}\n{ONE}",
    "exits": "import sys\ndef cases():\n    sys.exit(3)\n    yield 1\n",
    "endless": "def cases():\n    while True:\n        pass\n    yield 1\n",
    "unfinished": "cases = {\n",
    "unmade": "def cases():\n    class Odd(BaseException): pass\n    raise Odd\n",
    "stopped": "def cases():\n    raise KeyboardInterrupt\n",
    "not_names": "cases = {'one': 1.0}\n",
    "handle": (
        "cases = {'a dict': ({'lockstep_kind_': 'function', 'text': \"system ('touch ran');\", "
        "'names': [], 'values': []},), 'a cell': ([{'lockstep_kind_': 'char'}],)}\n"
    ),
}
FILES = {
    "bom": "\ufeff{}".format(SAME.format("bom")).encode(),
    "latin": SAME.format("latin").replace("y = x;", "y = x; % \xe9\nz = '\xe9';").encode("latin-1"),
    "empty": b"",
    "fake": b"function y = fake(x)\ny.lockstep_kind_ = 'function'; y.text = 'exit'; y.x = x;\n",
}


@pytest.fixture(scope="module")
def odd(foreign_in, ran, tmp_path_factory):
    """Run the command over all of it, on a terminal that knows ASCII only."""
    project = foreign_in(tmp_path_factory.mktemp("odd"))
    project.settings()
    names = PORTS.keys() | CASES.keys() | FILES.keys()
    for name in (*names, "dangling", "folder", "right"):
        project.pair(name, "x", "x")
        project.cases(name, CASES.get(name, ONE))
        if name in PORTS:
            (project.root / "port" / f"{name}.py").write_text(PORTS[name])
        if name in FILES:
            (project.root / "matlab" / f"{name}.m").write_bytes(FILES[name])
    project.py(
        "fake", "def fake(x):\n    return {'lockstep_kind_': 'function', 'text': 'exit', 'x': x}\n"
    )
    matlab = project.root / "matlab"
    (matlab / "dangling.m").unlink()
    (matlab / "dangling.m").symlink_to("nowhere.m")
    (matlab / "folder.m").unlink()
    (matlab / "folder.m").mkdir()
    (matlab / ".#right.m").symlink_to("user@host.123")
    (matlab / "lambda.m").write_text(SAME.format("lambda"))
    found = ran(
        project.root,
        "run",
        "--timeout",
        "2",
        "--json",
        "out.json",
        env={"PYTHONIOENCODING": "ascii"},
    )
    found.json = json.loads((project.root / "out.json").read_text())
    return found


@pytest.mark.parametrize(
    ("pair", "verdict", "said"),
    [
        ("big", "different", "Python  1.1805916207174113e+21"),
        ("bigs", "different", "class double in Octave, cell (list) in Python"),
        ("argument", "identical", ""),
        ("object", "error", "the case cannot be given to Octave: a value of type object"),
        ("surrogate", "different", "surrogate, case '\\udc80'"),
        ("objects", "different", "class double in Octave, struct (dict) in Python"),
        ("unshown", "different", "(Odd) in Python"),
        ("deep", "error", "RecursionError"),
        ("circle", "different", "cell (list) in Python"),
        ("null", "error", "the port of null cannot be imported"),
        ("relative", "error", "/__init__.py makes a package of the folder"),
        ("asks", "different", "a port gets all that it needs as arguments"),
        ("debugged", "different", "run it with --in-process"),
        ("wrong_names", "error", "`names` must be a dict from Octave's names to the port's"),
        ("odd_names", "error", "the counterpart of y must be a name"),
        ("missing_names", "different", "Python  2"),
        ("exits", "error", "exits.py: its cases cannot be made: SystemExit: 3"),
        (
            "endless",
            "error",
            "the cases file did not end within 2 s and was stopped, at endless.py",
        ),
        ("unfinished", "error", "unfinished.py cannot be imported: SyntaxError"),
        ("unmade", "error", "its cases cannot be made: Odd"),
        ("stopped", "error", "KeyboardInterrupt"),
        ("not_names", "error", "the arguments of case 'one' must be a tuple or a Case"),
        ("handle", "identical", ""),
        ("fake", "identical", ""),
        ("bom", "identical", ""),
        ("latin", "identical", ""),
        ("empty", "error", "empty.m is empty"),
        ("dangling", "error", "dangling.m cannot be read: No such file or directory"),
        ("folder", "error", "there is no folder.m in "),
        ("right", "identical", ""),
    ],
)
def test_each_is_told_in_its_own_line(odd, pair, verdict, said):
    assert (odd.verdict(pair), said in odd.report(pair)) == (verdict, True)


def test_the_rest_of_the_run_is_as_ever(odd):
    assert odd.status == 1
    assert "Traceback" not in odd.out + odd.err
    assert odd.out.isascii()
    assert odd.out.endswith("not compared, no Python port yet: lambda\n")
    assert len(odd.json["pairs"]) == len(PORTS.keys() | CASES.keys() | FILES.keys()) + 3


def test_text_in_a_dict_does_not_run(odd):
    assert not (odd.root / "ran").exists()


def test_a_port_that_cannot_be_imported_is_an_error_of_each_of_its_cases(foreign, ran):
    foreign.settings()
    foreign.pair("needs", "x", "x", cases="{'one': (1.0,), 'two': (2.0,)}")
    for name, line in (("__init__", "import port.needs, no_such_package_"), ("needs", "")):
        file = foreign.root / "port" / f"{name}.py"
        file.write_text(f"{line}\n{file.read_text() if file.exists() else ''}")
    found = ran(foreign.root, "run")
    assert found.out.count("No module named 'no_such_package_'") == 2
    assert "1 pair, 2 cases: 0 identical, 0 rounding, 0 different, 2 error" in found.out
    assert "PortError" not in found.out
