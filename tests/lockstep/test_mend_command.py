"""`lockstep mend`: the patch, what is said beside it, and when it is written."""

import subprocess

import pytest

from lockstep.cli import main

DATA = "np.array([1.0, 2.5, 4.0, 7.5])"
CASES = f"cases = {{'four': ({DATA},), 'two': ({DATA}[1:3],)}}"
SPREAD = "def spread(x):\n    s = np.std(x)\n    return x / s\n"


@pytest.fixture
def mend(foreign, shared_runner, monkeypatch, restored_sigterm, capsys):
    """Run the command in the foreign project, in this process.

    Returns exit status, standard output and standard error.
    """
    foreign.settings()
    foreign.m("spread", "function y = spread(x)\ns = std(x);\ny = x / s;\nend\n")
    foreign.py("spread", SPREAD)
    foreign.cases("spread", CASES)
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.chdir(foreign.root)

    def called(*arguments):
        status = main(["mend", *arguments, "--in-process"])
        return status, *capsys.readouterr()

    return called


def test_the_patch_alone_is_on_standard_output_and_nothing_is_written(mend, foreign):
    file = foreign.root / "port" / "spread.py"
    before = file.read_text()
    status, out, err = mend("spread")
    assert status == 0
    assert file.read_text() == before
    assert "-    s = np.std(x)\n+    s = np.std(x, ddof=1)\n" in out
    assert "spread: 2 of 2 cases disagree" in err
    assert "NumPy's std divides by n unless ddof=1. Octave's std divides by n - 1." in err
    assert "tests/catalogue/README.md#ddof" in err
    assert "a mend that was tried: both cases agree with it, and 12 others like them" in err
    patched = subprocess.run(["git", "apply", "-"], input=out, text=True, cwd=foreign.root)
    assert patched.returncode == 0
    assert file.read_text() == before.replace("np.std(x)", "np.std(x, ddof=1)")


def test_applied_it_is_written_and_the_pair_agrees(mend, foreign):
    file, octave = foreign.root / "port" / "spread.py", foreign.root / "matlab" / "spread.m"
    before, source = file.read_text(), octave.read_text()
    status, _, err = mend("spread", "--apply")
    assert status == 0
    assert err.endswith(f"written to {file}\n")
    assert file.read_text() == before.replace("np.std(x)", "np.std(x, ddof=1)")
    assert octave.read_text() == source


def test_where_all_agrees_there_is_nothing_to_be_mended(mend, foreign):
    foreign.py("spread", SPREAD.replace("np.std(x)", "np.std(x, ddof=1)"))
    assert mend("spread", "--apply") == (
        0, "", "spread: all 2 cases agree; nothing is to be mended\n",
    )  # fmt: skip


def test_a_change_that_mends_some_cases_says_how_many_and_is_not_written(mend, foreign):
    octave = "function y = spread (x)\ny = besselj (0, 0 * x) .* x ./ std (x);\nend\n"
    foreign.m("spread", octave)  # which has no plain translation
    file = foreign.py("spread", SPREAD.replace("x / s", "np.maximum(x, 0) / s"))
    foreign.cases("spread", f"{CASES}\ncases['less'] = ({DATA} - 3,)")
    before = file.read_text()
    status, out, err = mend("spread", "--apply")
    assert status == 1
    assert "np.std(x, ddof=1)" in out
    assert "the port is wrong at 2 places" in err
    assert "the fault is gone with it (shown by 'two', 'four')" in err
    assert err.endswith("not applied: not all cases agree\n")
    assert file.read_text() == before


def test_what_no_change_mends_is_told(mend, foreign):
    foreign.m("spread", "function y = spread(x)\ny = besselj(1, x) + gamma(x + 0.25);\nend\n")
    status, out, err = mend("spread")
    assert (status, out) == (1, "")
    assert "no change that was tried makes more cases agree" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["sprad"], "no pair 'sprad'", id="unknown pair"),
        pytest.param(["other"], "other", id="no port"),
        pytest.param(["spread", "--cases", "nowhere"], "nowhere", id="no cases"),
    ],
)
def test_what_cannot_be_mended_is_told_in_one_line(mend, foreign, arguments, said):
    foreign.m("other", "function y = other(x)\ny = x;\nend\n")
    status, out, err = mend(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert said in err
