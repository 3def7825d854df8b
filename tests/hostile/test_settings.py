"""Settings that cannot be used, and limits: told in one line, by the command and by pytest."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('octave = "nowhere"\nport = "port"\n', "with .m files; name it with --octave DIR"),
        ('octave = "matlab"\nprot = "port"\n', "has unknown keys: prot; known: octave, port"),
        ('octave = [3]\nport = "port"\n', "must be a text or a list of texts"),
        ('octave = "matlab"\nport = 3\n', "pyproject.toml must be a text"),
        (
            'octave = "matlab"\nport = "port"\ncases = "nowhere"\n',
            "there is no such folder|nowhere",
        ),
        ('octave = "matlab"\nport = "port"\ntimeout = "long"\n', "must be seconds above 0"),
        ('octave = "matlab"\nport = "port"\ntimeout = true\n', "must be seconds above 0"),
        ('octave = "matlab"\nport = "port"\ntimeout = 0\n', "must be seconds above 0"),
    ],
)
@pytest.mark.parametrize("command", ["lockstep run", "pytest"])
def test_settings_that_cannot_be_used(foreign, ran, command, text, said):
    foreign.settings(text)
    foreign.pair("right", "x", "x")
    if command == "pytest":
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
            cwd=foreign.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == pytest.ExitCode.USAGE_ERROR
        told = done.stderr.strip()
        assert told.startswith("ERROR: lockstep: ")
    else:
        found = ran(foreign.root, "run")
        assert (found.status, found.out) == (2, "")
        told = found.err.strip()
    assert any(part in told for part in said.split("|"))
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_limit_that_is_none_is_refused(foreign, ran, seconds):
    found = ran(foreign.root, "run", "--timeout", seconds)
    assert found.status == 2
    assert "argument --timeout: invalid" in found.err


SLEEPS = "import time\ndef sleeps(x):\n    time.sleep(x)\n    return x\n"


def test_a_case_and_the_settings_have_limits_of_their_own(foreign, ran):
    foreign.settings('octave = "matlab"\nport = "port"\ncases = "cases"\ntimeout = 1\n')
    foreign.pair("sleeps", "x", "x")
    foreign.py("sleeps", SLEEPS)
    foreign.cases(
        "sleeps",
        "cases = {'short': (2.5,), 'long': Case(1.5, timeout=20), 'shorter': Case(.9, timeout=.3)}",
    )
    found = ran(foreign.root, "run")
    assert "sleeps, case 'short': error\n  the port did not end within 1 s" in found.out
    assert "sleeps, case 'shorter': error\n  the port did not end within 0.3 s" in found.out
    assert "1 pair, 3 cases: 1 identical" in found.out


def test_in_process_the_port_has_no_limit(foreign, ran):
    foreign.pair("sleeps", "x", "x", cases="{'one': (1.5,)}")
    foreign.py("sleeps", SLEEPS)
    found = ran(foreign.root, "run", *foreign.options, "--timeout", "1", "--in-process")
    assert found.verdict("sleeps") == "identical"


@pytest.mark.parametrize("arguments", [[], ["--lockstep-in-process"]])
def test_pytest_has_the_limits_too(foreign, arguments):
    foreign.settings('octave = "matlab"\nport = "port"\ncases = "cases"\ntimeout = 1\n')
    foreign.pair("dies", "x", "x")
    foreign.py("dies", "import os\ndef dies(x):\n    os._exit(3)\n")
    foreign.pair("hangs", "x; while true, end", "x")
    foreign.pair("right", "x", "x")
    files = ["hangs", "right"] if arguments else ["dies", "hangs", "right"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        + [f"cases/{name}.py" for name in files],
        cwd=foreign.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{len(files) - 1} failed, 1 passed" in done.stdout
    assert "Octave did not answer within 1 s and was ended" in done.stdout
    assert arguments or "the port: its process ended with exit status 3" in done.stdout


def test_several_pairs_at_a_time_come_in_order(foreign, ran):
    foreign.settings()
    for name in "abcde":
        foreign.pair(name, "x", "x" if name != "c" else "x + 1")
    foreign.py("b", "import os\ndef b(x):\n    os._exit(3)\n")
    found = ran(foreign.root, "run", "--jobs", "3")
    rows = [line.split()[:3] for line in found.out.splitlines()[2:7]]
    verdicts = ["identical", "error", "different", "identical", "identical"]
    assert rows == [[name, "1", verdict] for name, verdict in zip("abcde", verdicts, strict=True)]
    assert found.status == 1


def test_an_engine_that_another_thread_started_outlives_it(foreign, ran):
    """The report of `c` comes after the threads that compared are gone."""
    foreign.settings()
    foreign.pair("c", "x * 3", "x")
    foreign.py("c", "def c(x):\n    y = x\n    return y\n")
    for name in "defg":
        foreign.pair(name, "x", "x", cases="{'one': (1.0,), 'two': (2.0,)}")
        foreign.py(
            name, f"import os\ndef {name}(x):\n    if x == 1:\n        os._exit(3)\n    return x\n"
        )
    found = ran(foreign.root, "run", "--jobs", "2")
    assert "5 pairs, 9 cases: 4 identical, 0 rounding" in found.out
    assert "not explained" not in found.out
    assert "c.py" in found.report("c")
