"""An Octave that does not answer, ends, or is bent out of shape by what it runs."""

import pytest

from lockstep.sides.octave import OctaveNotFoundError, OctaveSession, find_octave

PAIRS = {
    "loops": ("function y = loops(x)\nwhile true, y = x; end\nend\n", None),
    "recurses": ("function y = recurses(x)\ny = recurses(x);\nend\n", None),
    "prints": ("function y = prints(x)\nwhile true, disp('more'); end\nend\n", None),
    "one_line": ("function y = one_line(x)\ny = x; printf('%s\\n', repmat('a', 1, 5e6));\n", None),
    "pages": ("function y = pages(x)\nmore on\nfor i = 1:200, disp(i); end\ny = x;\nend\n", None),
    "waits": (
        "function y = waits(x)\nunwind_protect\ny = x; error('no');\nunwind_protect_cleanup\n"
        "pause(600);\nend_unwind_protect\nend\n",
        None,
    ),
    "cleans": (
        "function y = cleans(x)\nc = onCleanup(@() pause(600));\ny = x;\nend\n",
        None,
    ),
    "asks": ("function y = asks(x)\ny = x;\ninput('');\nkeyboard;\npause;\nend\n", None),
    "starts": ("function y = starts(x)\ny = x; system('sleep 4322');\nend\n", None),
    "ends": ("function y = ends(x)\nexit(3);\nend\n", None),
    "kills": ("function y = kills(x)\nkill(getpid(), 9); pause(600);\nend\n", None),
    "prompts": ("function y = prompts(x)\ny = x; PS1('>> '); PS2('');\nend\n", None),
    "forgets": ("function y = forgets(x)\ny = x; restoredefaultpath();\nend\n", None),
    "clears": ("function y = clears(x)\ny = x; clear functions; clear -all; y = 1;\nend\n", None),
    "moves": ("function y = moves(x)\ny = x; cd('/');\nend\n", None),
    "lasting": (
        "function y = lasting(x)\ny = x; dbstop('if', 'error'); max_recursion_depth(9);\n",
        None,
    ),
}


@pytest.mark.parametrize(
    ("pair", "verdict", "said"),
    [
        ("loops", "error", "Octave did not answer within 2 s and was ended"),
        ("recurses", "different", "max_recursion_depth exceeded (recurses)"),
        ("prints", "error", "Octave did not answer within 2 s"),
        ("one_line", "identical", ""),
        ("pages", "identical", ""),
        ("waits", "error", "Octave did not answer within 2 s"),
        ("cleans", "error", "Octave did not answer within 2 s"),
        ("asks", "identical", ""),
        ("starts", "error", "Octave did not answer within 2 s"),
        ("ends", "error", "the Octave process ended in the call"),
        ("kills", "error", "the Octave process ended in the call"),
        ("prompts", "identical", ""),
        ("forgets", "different", "forgets left no result"),
        ("clears", "identical", ""),
        ("moves", "identical", ""),
        ("lasting", "identical", ""),
        ("zz_right", "identical", ""),
    ],
)
def test_it_is_that_case_s_alone(troubled, pair, verdict, said):
    assert (troubled.verdict(pair), said in troubled.report(pair)) == (verdict, True)


def test_nothing_of_ours_is_shown(troubled):
    assert "Traceback" not in troubled.out + troubled.err
    for name in ("lockstep_", "octave.py", "engine.py"):
        assert name not in troubled.out + troubled.err


def test_nothing_is_left(troubled, processes_with, wait_until):
    assert list(troubled.temporary.iterdir()) == []
    wait_until(lambda: not processes_with(f"TMPDIR={troubled.temporary}"))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param("sleep 600", "was not ready after 1 s; see: lockstep doctor", id="it hangs"),
        pytest.param(
            "echo 'octave:1>'; sleep 600", "was not ready after 1 s", id="it hangs at the prompt"
        ),
        pytest.param("exit 0", "does not start as Octave does", id="it says nothing"),
        pytest.param("exec cat", "", id="it is an echo"),
        pytest.param("exec sh", "", id="it is a shell"),
    ],
)
def test_a_start_that_fails_is_told(tmp_path, monkeypatch, script, said):
    program = tmp_path / "octave"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("OCTAVE_EXECUTABLE", str(program))
    monkeypatch.setattr("lockstep.model.phases.START_LIMIT", 0.5)
    with (
        OctaveSession(timeout=1) as session,
        pytest.raises(OctaveNotFoundError, match=f"^{program} .*{said}"),
    ):
        session.start()
    assert session.pid is None


def test_a_program_that_is_none_is_told(foreign, ran):
    foreign.settings()
    foreign.pair("right", "x", "x")
    found = ran(foreign.root, "run", env={"OCTAVE_EXECUTABLE": "/bin/true"}, seconds=20)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("lockstep: /bin/true does not start as Octave does")


def test_an_octave_that_starts_no_more_is_the_error_of_its_cases(foreign, ran, tmp_path):
    """The first starts; a crash makes the second necessary, and that one fails."""
    program = tmp_path / "octave"
    program.write_text(
        f"#!/bin/sh\n[ -e {tmp_path}/once ] && exit 1\ntouch {tmp_path}/once\n"
        f'exec {find_octave()} "$@"\n'
    )
    program.chmod(0o755)
    foreign.settings()
    foreign.pair("ends", "x; exit (1)", "x", cases="{'one': (1.0,), 'two': (2.0,)}")
    found = ran(foreign.root, "run", env={"OCTAVE_EXECUTABLE": str(program)})
    assert found.status == 1
    assert "1 pair, 2 cases: 0 identical" in found.out
    assert f"ends, case 'two': error\n  {program} does not start as Octave does" in found.out
