"""`lockstep trace` copes wherever `run` does: with what dies, raises, or is oddly made."""

import pytest

from lockstep.project.pairs import ProjectError
from lockstep.supervisor import Supervisor

PORTS = {  # of y = x + 1, each in its own way
    "a_match": (
        "def a_match(x):\n    match x:\n        case _:\n            y = x + 1\n    return y\n"
    ),
    "a_group": (
        "def a_group(x):\n    try:\n        y = x + 1\n    except* ValueError:\n        y = 0\n"
        "    return y\n"
    ),
    "a_nonlocal": (
        "def a_nonlocal(x):\n    y = 0\n    def inner():\n        nonlocal y\n        y = x + 1\n"
        "    inner()\n    return y\n"
    ),
    "a_partial": (
        "import functools\ndef added(n, x):\n    y = x + n\n    return y\n"
        "a_partial = functools.partial(added, 1)\n"
    ),
    "a_cached": (
        "import functools\n@functools.lru_cache\ndef a_cached(x):\n    y = x + 1\n    return y\n"
    ),
    "a_method": (
        "class Adds:\n    def to(self, x):\n        y = x + 1\n        return y\n"
        "a_method = Adds().to\n"
    ),
}
OCTAVE = {  # of y = x + 1, too
    "o_without_end": "function y = o_without_end(x)\ny = x + 1;\n",
    "o_clears": "function y = o_clears(x)\ny = x + 1;\nclear functions\ny = y + 0;\nend\n",
    "o_fields": (
        "function y = o_fields(x)\ny = x;\nfor [v, k] = struct ('a', 1)\n y = y + v;\nend\nend\n"
    ),
}
FAILS = {  # pair: the .m file's expression, the port's, the case's argument, and what is said
    "octave_dies": ("exit (3)", "x", "1.5", "the Octave process ended in the call"),
    "octave_hangs": ("system ('sleep 600')", "x", "1.5", "Octave did not answer within 2 s"),
    "port_dies": ("x", "__import__('os')._exit(3)", "1.5", "its process ended with exit status 3"),
    "octave_raises": ("error ('my:id', 'no')", "x", "1.5", "octave_raises.m, line 2"),
    "port_raises": ("x", "1 / 0", "1.5", "ZeroDivisionError"),
    "odd_argument": ("x", "x", "__import__('threading').Lock()", "lock"),
}


@pytest.fixture(scope="module")
def supervisor(foreign_in, tmp_path_factory):
    project = foreign_in(tmp_path_factory.mktemp("traced"))
    for name in (*PORTS, *OCTAVE):
        project.pair(name, "x + 1", "x + 1", "{'one': (1.5,)}")
    for name, text in PORTS.items():
        project.py(name, text)
    for name, text in OCTAVE.items():
        project.m(name, text)
    for name, (octave, python, argument, _) in FAILS.items():
        project.pair(name, octave, python, f"{{'one': ({argument},)}}")
    project.pair("a_lambda", "x + 1", "x + 1", "{'one': (1.5,)}")
    project.py("a_lambda", "a_lambda = lambda x: x + 1\n")
    project.m("script", "a = 1;\nb = a + 1;")
    project.py("script", "def script():\n    a = 1.0\n    b = a + 1\n    return {'a': a, 'b': b}\n")
    project.cases("script", "cases = {'one': ()}\n")
    with Supervisor(project.project, timeout=2.0) as found:
        yield found


@pytest.mark.parametrize("pair", [*PORTS, *OCTAVE])
def test_it_is_traced(supervisor, pair):
    found = supervisor.trace(pair, "one")
    assert found.agrees
    assert "x + 1" in found.text or "y + v" in found.text or "x + n" in found.text, found.text


def test_the_last_statement_of_a_script_is_seen(supervisor):
    assert "b = a + 1" in supervisor.trace("script", "one").text


def test_a_lambda_is_said_not_to_be(supervisor):
    with pytest.raises(ProjectError, match=r"not traced: .* a lambda is not looked into"):
        supervisor.trace("a_lambda", "one")


@pytest.mark.parametrize("pair", FAILS)
def test_what_fails_is_said(supervisor, pair):
    try:
        found = supervisor.trace(pair, "one")
        said, agrees = found.text, found.agrees
    except ProjectError as error:
        said, agrees = str(error), False
    assert FAILS[pair][3] in said
    assert not agrees
    assert "Traceback" not in said
