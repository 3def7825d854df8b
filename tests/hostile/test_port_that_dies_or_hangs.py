"""A port that ends its process, never ends, or raises what nobody catches: that case's error."""

import pytest

PAIRS = {
    "crashes": (None, "import ctypes\ndef crashes(x):\n    ctypes.string_at(0)\n"),
    "exits": (None, "import os\ndef exits(x):\n    os._exit(3)\n"),
    "kills": (None, "import os\ndef kills(x):\n    os.kill(os.getpid(), 9)\n"),
    "loops": (None, "def loops(x):\n    while True:\n        pass\n"),
    "holds": (None, "import re\ndef holds(x):\n    re.match('(a+)+b', 40 * 'a')\n"),
    "sleeps": (
        None,
        "import subprocess\ndef sleeps(x):\n    subprocess.run(['sleep', '4321'])\n",
    ),
    "ignores": (
        None,
        "import signal, time\ndef ignores(x):\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    time.sleep(600)\n",
    ),
    "leaves": (
        None,
        "import os, time\ndef leaves(x):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n            time.sleep(600)\n        os._exit(0)\n"
        "    return x\n",
    ),
    "fills": (None, "def fills(x):\n    return np.ones(2**40)\n"),
    "quits": (None, "def quits(x):\n    raise SystemExit(4)\n"),
    "interrupts": (None, "def interrupts(x):\n    raise KeyboardInterrupt\n"),
    "raises": (
        None,
        "class Odd(BaseException):\n    def __str__(self):\n        raise TypeError\n"
        "def raises(x):\n    raise Odd\n",
    ),
    "imports": (None, "import os\nos._exit(5)\n"),
    "returns": (None, "def returns(x):\n    y = x\n"),
    "calls": (None, "def calls(x, y):\n    return x\n"),
}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("crashes", "the port: its process was ended by SIGSEGV (Segmentation fault), at"),
        ("exits", "the port: its process ended with exit status 3, after 0."),
        ("kills", "the port: its process was ended by SIGKILL (Killed), after 0."),
        ("loops", "the port did not end within 2 s and was stopped, at loops.py line "),
        ("holds", "the port did not end within 2 s and was stopped, at holds.py line 5"),
        ("sleeps", "the port did not end within 2 s and was stopped, at sleeps.py line 5"),
        ("ignores", "the port did not end within 2 s and was stopped, at ignores.py line 6"),
        ("fills", "MemoryError: Unable to allocate 8.00 TiB"),
        ("quits", "the port ended Python with exit(4)"),
        ("interrupts", "KeyboardInterrupt"),
        ("raises", "Odd"),
        ("imports", "the port: its process ended with exit status 5"),
        ("returns", "the port returned None: does it lack a return?"),
        ("calls", "calls() missing 1 required positional argument: 'y'"),
    ],
)
def test_it_is_an_error_of_that_case(troubled, pair, said):
    assert troubled.verdict(pair) in ("error", "different")
    assert said in troubled.report(pair)


def test_the_others_are_compared(troubled):
    assert troubled.verdict("leaves") == troubled.verdict("zz_right") == "identical"
    assert troubled.status == 1


def test_nothing_of_ours_is_shown(troubled):
    assert "Traceback" not in troubled.out + troubled.err
    for file in ("runner.py", "port.py", "engine.py", "supervisor.py", "lockstep_"):
        assert file not in troubled.out + troubled.err


def test_nothing_is_left(troubled, processes_with, wait_until):
    assert list(troubled.temporary.iterdir()) == []
    wait_until(lambda: not processes_with(f"TMPDIR={troubled.temporary}"))
