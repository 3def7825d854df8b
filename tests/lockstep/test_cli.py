"""The command: exit statuses, what it prints where, and what it leaves behind."""

import json
import signal
import subprocess
import sys

import jsonschema
import pexpect
import pytest

import lockstep
from lockstep.cli import SHELLS, main
from lockstep.reports.json_file import schema

SLOW = """
function y = slow(x)
file = fopen('started', 'w'); fprintf(file, '%d', getpid()); fclose(file);
pause(600);
y = x;
end
"""


@pytest.fixture
def run(foreign, shared_runner, monkeypatch, restored_sigterm, capsys):
    """Run the command in the foreign project, with `right` and `wrong`, in this process.

    Returns exit status, standard output and standard error.
    """
    foreign.settings()
    foreign.pair("right", "x + 1", "x + 1")
    foreign.pair("wrong", "x + 1", "3 * x", cases="{'one': (1.0,), 'two': (2.0,)}")
    foreign.py("wrong", "def wrong(x):\n    y = 3 * x\n    return y\n")
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.chdir(foreign.root)

    def called(*arguments):
        status = main([*arguments, "--in-process"])
        return status, *capsys.readouterr()

    return called


@pytest.mark.parametrize(
    ("arguments", "status", "last"),
    [
        pytest.param(["run", "right"], 0, "all agree", id="all agree"),
        pytest.param(["run", "wrong"], 1, "DISAGREE: wrong", id="one does not"),
        pytest.param(["run"], 1, "DISAGREE: wrong", id="all pairs are run"),
        pytest.param(["trace", "right"], 0, None, id="trace that agrees"),
        pytest.param(["trace", "wrong"], 1, None, id="trace that does not"),
    ],
)
def test_the_exit_status_is_the_answer(run, arguments, status, last):
    found, out, err = run(*arguments)
    assert (found, err) == (status, "")
    assert last is None or out.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["run", "rigth"],
            "no pair 'rigth': no rigth.m in {root}/matlab; did you mean right?",
            id="unknown pair",
        ),
        pytest.param(
            ["run", "--json", "nowhere/results.json"],
            "cannot write nowhere/results.json: its folder does not exist",
            id="no folder for JSON",
        ),
        pytest.param(
            ["run", "--octave", "nowhere"],
            "no folder {root}/nowhere with .m files; name it with --octave DIR or as octave in "
            "[tool.lockstep] of pyproject.toml",
            id="no folder of .m files",
        ),
        pytest.param(
            ["trace", "right", "--case", "tow"],
            "right has no case 'tow'; it has one",
            id="unknown case",
        ),
    ],
)
def test_what_cannot_run_is_told_in_one_line(run, foreign, arguments, said):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err == f"lockstep: {said.format(root=foreign.root.resolve())}\n"


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "two"])
def test_a_number_of_jobs_that_is_none_is_told(number, capsys, restored_sigterm):
    with pytest.raises(SystemExit):
        main(["run", "--jobs", number])
    said = capsys.readouterr().err
    assert said.endswith(f"argument --jobs: {number!r} is no whole number from 1 on\n")


@pytest.mark.parametrize("arguments", [[], ["rnu"], ["run", "--jsn"], ["trace"]])
def test_a_wrong_command_line_shows_the_usage(arguments, capsys, restored_sigterm):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: lockstep")


def test_a_run_prints_a_table_and_the_reports(run):
    out = run("run")[1]
    head, table, reports = out.split("\n\n")[0].splitlines(), *out.split("\n\n", 2)[1:]
    assert head[0].startswith("Octave ")
    assert [line.split()[:3] for line in head[1:]] == [
        ["pair", "cases", "verdict"],
        ["right", "1", "identical"],
        ["wrong", "2", "different"],
    ]
    assert table.startswith("wrong, case 'one': different\n  y: differs\n    Octave  2\n")
    assert "wrong.py, line 4: this expression gives another value than Octave's" in table
    assert "all of it: lockstep trace wrong --case one\n\nwrong, case 'two': different" in reports


def test_many_cases_that_disagree_are_counted(run, foreign):
    foreign.cases("wrong", "cases = {str(i): (float(i),) for i in range(8)}")
    out = run("run", "wrong")[1]
    assert out.count(": different") == 5
    assert "wrong: 3 more cases disagree" in out


def test_a_file_without_a_port_is_named_unless_pairs_are(run, foreign):
    foreign.m("alone", "function y = alone(x)\ny = x;\nend\n")
    assert run("run")[1].endswith("\nnot compared, no Python port yet: alone\n")
    assert "alone" not in run("run", "right")[1]


def test_options_name_the_folders_of_any_project(run, foreign):
    (foreign.root / "pyproject.toml").unlink()
    assert run("run", "right")[0] == 2
    assert run("run", "right", *foreign.options)[0] == 0


def test_json_is_written_beside_the_table(run, foreign):
    status, out, _ = run("run", "--json", "results.json")
    document = json.loads((foreign.root / "results.json").read_text())
    assert (status, document["complete"], document["verdict"]) == (1, True, "different")
    assert [pair["pair"] for pair in document["pairs"]] == ["right", "wrong"]
    assert "wrong, case 'one'" in out


def test_json_holds_what_was_found(run, foreign):
    run("run", "wrong", "--json", "results.json")
    document = json.loads((foreign.root / "results.json").read_text())
    jsonschema.validate(document, schema())
    finding = document["pairs"][0]["explanation"]["finding"]
    assert finding["port"]["file"] == "port/wrong.py"
    assert finding["port"]["expression"] == "3 * x"


def test_github_gets_annotations_and_a_summary(run, foreign, monkeypatch):
    summary = foreign.root / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    out = run("run", "--format", "github")[1]
    assert out.splitlines()[-1].startswith("::error file=port/wrong.py,line=4,")
    assert summary.read_text().startswith("## 1 of 2 pairs disagree\n")


def test_the_summary_can_be_a_file(run, foreign):
    run("run", "right", "--markdown", "summary.md")
    text = (foreign.root / "summary.md").read_text()
    assert text.startswith("## All agree: 1 pair, 1 case\n")


def ran(out):
    """Name the cases that a verbose run printed."""
    return [line.split()[0] for line in out.splitlines() if line.startswith("  ") and " ms" in line]


@pytest.mark.parametrize(
    ("arguments", "cases"),
    [
        pytest.param([], ["one", "one", "two"], id="all"),
        pytest.param(["--case", "two"], ["two"], id="a name"),
        pytest.param(["--case", "t*"], ["two"], id="a pattern"),
        pytest.param(["wrong", "--case", "o?e", "--case", "two"], ["one", "two"], id="several"),
        pytest.param(["-x"], ["one", "one"], id="up to the first that disagrees"),
    ],
)
def test_cases_are_chosen(run, arguments, cases):
    assert ran(run("run", "-v", *arguments)[1]) == cases


def test_a_pattern_that_fits_nothing_is_an_error(run):
    status, _, err = run("run", "right", "--case", "tow")
    assert (status, err) == (2, "lockstep: no case of right fits --case 'tow'\n")


def test_the_last_failed_are_run_again(run, foreign):
    foreign.cases("wrong", "cases = {'half': (0.5,), 'two': (2.0,)}")
    assert run("run", "-v", "--lf")[1].startswith("--lf: no case is known to have disagreed")
    assert ran(run("run", "-v", "--lf")[1]) == ["two"]
    foreign.py("wrong", "def wrong(x):\n    return x + 1\n")
    sys.modules.pop("wrong", None)
    assert run("run", "--lf")[0] == 0
    assert run("run", "--lf")[1].startswith("--lf: no case is known")


def test_a_stopped_run_says_so(run, foreign):
    status, out, _ = run("run", "-x", "--json", "results.json")
    assert (status, out.splitlines()[-1]) == (1, "stopped at the first case that disagrees (-x)")
    assert json.loads((foreign.root / "results.json").read_text())["complete"] is False


def test_a_quiet_run_has_a_line_a_case(run):
    status, out, _ = run("run", "-q")
    assert status == 1
    assert out.splitlines() == [
        "wrong, case 'one': different; wrong.py, line 4: this expression gives another value than "
        "Octave's",
        "wrong, case 'two': different; y: differs",
        "DISAGREE: wrong",
    ]


def test_a_quiet_run_says_why_a_pair_has_no_cases(run, foreign):
    (foreign.root / "cases" / "right.py").write_text("cases = 3\n")
    lines = run("run", "-q", "right")[1].splitlines()
    assert lines[0].startswith("right: error; ")
    assert lines[1:] == ["DISAGREE: right"]


def test_capture_wants_a_script_alone(capsys, restored_sigterm):
    with pytest.raises(SystemExit, match="2"):
        main(["capture"])
    assert capsys.readouterr().err.endswith("the following arguments are required: SCRIPT.m\n")


def test_the_version_is_that_of_the_package(capsys, restored_sigterm):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"lockstep {lockstep.__version__}\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_can_complete(shell, capsys, restored_sigterm):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "lockstep" in script
    assert "markdown" in script


def test_bash_completes_commands_and_options(capsys, restored_sigterm):
    main(["completion", "bash"])
    script = capsys.readouterr().out + (
        'COMP_WORDS=(lockstep run --js); COMP_CWORD=2; COMP_LINE="lockstep run --js"\n'
        'function=$(complete -p lockstep | sed "s/.*-F \\([^ ]*\\).*/\\1/"); $function\n'
        'echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["--json"]


def test_a_port_that_ends_python_does_not_end_the_run(run, foreign):
    foreign.pair("ends", "x", "exit(0)")
    status, out, _ = run("run", "ends")
    assert status == 1
    assert "the port ended Python with exit(0)" in out


# A process of its own


def test_a_run_says_nothing_on_standard_error(start, foreign):
    """Debian's Octave ends with a complaint that is none; progress is for terminals."""
    foreign.pair("right", "x + 1", "x + 1")
    process = start("-m", "lockstep", "run", *foreign.options, cwd=foreign.root)
    status, out, err = process.end()
    assert (status, err) == (0, "")
    assert "\x1b" not in out
    assert "\r" not in out
    assert [folder for folder in process.folders_made if folder.exists()] == []


def test_a_terminal_shows_progress_and_colours(foreign):
    foreign.pair("right", "x + 1", "x + 1")
    arguments = ["-m", "lockstep", "run", *foreign.options]
    child = pexpect.spawn(sys.executable, arguments, cwd=foreign.root, encoding="utf-8")
    out = child.read()
    child.close()
    assert child.exitstatus == 0
    assert "right: one" in out
    assert "1 of 1" in out
    assert "\x1b[32midentical" in out


def test_without_octave_the_way_to_get_it_is_told(start, foreign, tmp_path):
    foreign.pair("right", "x + 1", "x + 1")
    environment = {"PATH": str(tmp_path), "OCTAVE_EXECUTABLE": ""}
    process = start("-m", "lockstep", "run", *foreign.options, cwd=foreign.root, env=environment)
    assert process.end() == (
        2,
        "",
        "lockstep: Octave was not found on the PATH; install it with: lockstep doctor --install\n",
    )


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        pytest.param(signal.SIGINT, 130, "lockstep: interrupted", id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 143, "stopped; the pair above was compared", id="SIGTERM"),
    ],
)
def test_a_run_that_is_stopped_leaves_nothing_but_its_results(
    start, foreign, is_running, wait_until, number, status, said
):
    foreign.pair("quick", "x + 1", "x + 1")
    foreign.pair("slow", "x", "x")
    foreign.m("slow", SLOW)
    process = start(
        "-m", "lockstep", "run", *foreign.options, "--json", "results.json", cwd=foreign.root
    )
    started = foreign.root / "started"
    wait_until(lambda: started.exists() and started.read_text())
    process.popen.send_signal(number)
    found, out, err = process.end()
    assert found == status, err
    assert said in err
    assert "Traceback" not in err
    assert "quick" in out
    wait_until(lambda: not is_running(int(started.read_text())))
    assert [folder for folder in process.folders_made if folder.exists()] == []
    assert not list(foreign.root.glob("octave-workspace*"))
    document = json.loads((foreign.root / "results.json").read_text())
    assert document["complete"] is False
    assert [pair["pair"] for pair in document["pairs"]] == ["quick"]


def test_a_pipe_that_closes_early_is_no_traceback(start, foreign):
    """As `lockstep run | head -1` does."""
    foreign.pair("right", "x + 1; pause(0.5)", "x + 1")
    with start("-m", "lockstep", "run", *foreign.options, cwd=foreign.root).popen as process:
        assert process.stdout.readline().startswith("Octave")
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 2
