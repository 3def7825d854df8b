"""The cases as pytest items, and the fixture, in a pytest run of somebody else's project."""

from pathlib import Path

import pytest

import lockstep

pytest_plugins = ["pytester"]

PACKAGE = Path(lockstep.__file__).parent

SETTINGS = '[tool.lockstep]\noctave = "matlab"\nport = "port"\ncases = "cases"\n'


@pytest.fixture
def theirs(pytester):
    """Make a project with the pairs `right` and `wrong`, each with two cases."""
    pytester.makepyprojecttoml(SETTINGS)
    files = {
        "matlab/right.m": "function y = right(x)\ny = x + 1;\nend\n",
        "matlab/wrong.m": "function y = wrong(x)\ny = x + 1;\nend\n",
        "port/right.py": "def right(x):\n    y = x + 1\n    return y\n",
        "port/wrong.py": "def wrong(x):\n    y = x * 2\n    return y\n",
        "cases/right.py": "cases = {'one': (1.0,), 'two': (2.0,)}\n",
        "cases/wrong.py": "cases = {'one': (1.0,), 'two': (2.0,)}\n",
    }
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return pytester


def run(pytester, *arguments):
    """Run pytest in a process of its own, where the plugin is loaded as any user's."""
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_a_case_that_fails_shows_the_report_alone(theirs):
    result = run(theirs)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*wrong, case 'two'*",
            "wrong, case 'two': different",
            "  y: differs",
            "    Octave  3",
            "    Python  4",
            "  wrong.py, line 2: this expression gives another value than Octave's",
            "*all of it: lockstep trace wrong --case two",
        ]
    )
    result.stdout.no_fnmatch_line("*MismatchError*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_quiet_run_shows_one_line_of_a_case_that_fails(theirs):
    lines = run(theirs, "-q", "cases/wrong.py").outlines
    said = "wrong, case 'two': different; wrong.py, line 2: this expression gives another value"
    assert [line for line in lines if line.startswith(said)] == [f"{said} than Octave's"]
    assert not [line for line in lines if "Octave  3" in line or "checking.py" in line]


def test_a_call_that_fails_shows_the_line_of_the_test_and_the_report(theirs):
    theirs.makepyfile(
        test_own="""
        def test_wrong(lockstep):
            lockstep.check("wrong", 3.0)

        def test_no_such_pair(lockstep):
            lockstep.check("wrnog", 3.0)
        """
    )
    result = run(theirs, "test_own.py")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            '>       lockstep.check("wrong", 3.0)',
            "E       lockstep.checking.MismatchError: wrong, case 'check': different",
            "E           Python  6",
            '>       lockstep.check("wrnog", 3.0)',
            "E       *ProjectError: no pair 'wrnog': no wrnog.m in *; did you mean wrong?",
        ]
    )
    assert not [line for line in result.outlines if line.startswith(str(PACKAGE))]


HOSTILE = [
    "plain",
    "two words",
    "a, [b::c]",
    "d::e",
    'it\'s "$so"',
    "line\nline\t",
    "x\x1b[2J",
    "\u202e",
    "\udc80",
    "é/\\",
    " ",
]


def test_an_id_can_be_pasted_back(theirs):
    cases = {name: (float(number),) for number, name in enumerate(HOSTILE)}
    (theirs.path / "cases" / "right.py").write_text(f"cases = {cases!r}\n", encoding="utf-8")
    arguments = ["--collect-only", "-q", "cases/right.py"]
    ids = [line for line in run(theirs, *arguments).outlines if line.startswith("cases/")]
    assert len(ids) == len(HOSTILE)
    assert all(one.isprintable() for one in ids)
    run(theirs, *ids).assert_outcomes(passed=len(HOSTILE))


def test_the_last_failed_alone_are_run_again(theirs):
    theirs.runpytest_subprocess("cases").assert_outcomes(passed=3, failed=1)
    (theirs.path / "port" / "wrong.py").write_text("def wrong(x):\n    return x + 1\n")
    theirs.runpytest_subprocess("cases", "--lf").assert_outcomes(passed=1)


def test_a_run_stops_at_the_first_that_fails(theirs):
    (theirs.path / "port" / "right.py").write_text("def right(x):\n    return x * 2\n")
    run(theirs, "-x", "cases").assert_outcomes(passed=1, failed=1)


def test_a_worker_of_xdist_hands_the_report_on(theirs):
    result = run(theirs, "-n", "1", "cases/wrong.py")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["wrong, case 'two': different", "  y: differs", "*Octave  3"])
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


@pytest.mark.parametrize(
    ("arguments", "items"),
    [
        pytest.param(
            [], ["right.py::one", "right.py::two", "wrong.py::one", "wrong.py::two"], id="all"
        ),
        pytest.param(["cases/right.py"], ["right.py::one", "right.py::two"], id="a file"),
        pytest.param(["cases/wrong.py::two"], ["wrong.py::two"], id="a case"),
        pytest.param(["cases", "-k", "one"], ["right.py::one", "wrong.py::one"], id="by name"),
        pytest.param(["port", "matlab"], [], id="other folders hold no cases"),
    ],
)
def test_cases_are_selected_as_tests_are(theirs, arguments, items):
    lines = run(theirs, "--collect-only", "-q", *arguments).outlines
    assert [line.removeprefix("cases/") for line in lines if "::" in line] == items


LOGS = """
function y = logs(x)
fid = fopen(fullfile(fileparts(mfilename('fullpath')), 'log'), 'a');
fprintf(fid, '%g\\n', x);
fclose(fid);
y = x + 1;
end
"""


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        pytest.param([], "01234567", id="all"),
        pytest.param(["-k", "case1 or case2 or case5"], "125", id="some of them"),
    ],
)
def test_octave_is_asked_for_each_case_once_and_for_no_other(theirs, arguments, called):
    (theirs.path / "matlab" / "logs.m").write_text(LOGS)
    (theirs.path / "port" / "logs.py").write_text("def logs(x):\n    return x + 1\n")
    (theirs.path / "cases" / "logs.py").write_text(
        "cases = {f'case{i}': (float(i),) for i in range(8)}\n"
    )
    run(theirs, *arguments, "cases/logs.py").assert_outcomes(
        passed=len(called), deselected=8 - len(called)
    )
    assert "".join((theirs.path / "matlab" / "log").read_text().split()) == called


def test_the_page_of_a_run_is_written(theirs):
    run(theirs, "cases", "--lockstep-html=page.html").assert_outcomes(passed=3, failed=1)
    text = (theirs.path / "page.html").read_text(encoding="utf-8")
    assert "<title>1 of 2 pairs disagree</title>" in text
    assert text.count('<tr class="case"') == 4
    assert "<mark>x * 2</mark>" in text


def test_a_page_that_cannot_be_written_is_an_error_before_the_run(theirs):
    result = run(theirs, "cases", "--lockstep-html=nowhere/page.html")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*cannot write nowhere/page.html: its folder does not exist*"])


@pytest.mark.parametrize(
    ("how", "octaves"),
    [pytest.param("load", 2, id="cases"), pytest.param("loadfile", 1, id="files")],
)
def test_each_worker_of_xdist_has_an_octave_of_its_own(theirs, how, octaves):
    """Each case is called once, whether a file's cases go to several workers or to one."""
    text = LOGS.replace("'%g\\n', x", "'%g %d\\n', x, getpid()")
    (theirs.path / "matlab" / "logs.m").write_text(text)
    (theirs.path / "port" / "logs.py").write_text("def logs(x):\n    return x + 1\n")
    (theirs.path / "cases" / "logs.py").write_text(
        "cases = {f'case{i}': (float(i),) for i in range(8)}\n"
    )
    run(theirs, "-n", "2", "--dist", how, "cases/logs.py").assert_outcomes(passed=8)
    log = [line.split() for line in (theirs.path / "matlab" / "log").read_text().splitlines()]
    assert sorted(case for case, _ in log) == list("01234567")
    assert len({pid for _, pid in log}) == octaves


def test_other_python_sides_are_items_too(theirs):
    with (theirs.path / "cases" / "right.py").open("a") as file:
        file.write("sides = {'fast': lambda x: 1 + x, 'slow': lambda x: x + 1.5}\n")
    result = run(theirs, "cases/right.py")
    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(["FAILED *right.py::one [[]slow]*"])


def test_a_cases_file_that_cannot_be_used_is_an_error(theirs):
    (theirs.path / "cases" / "right.py").write_text("cases = {'one': 1.0}\n")
    result = run(theirs, "cases/right.py")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the arguments of case 'one' must be a tuple or a Case*"])


def test_the_fixture_serves_tests_of_ones_own(theirs):
    theirs.makepyfile(
        test_own="""
        import pytest
        from lockstep import MismatchError

        def test_right(lockstep):
            assert lockstep.check("right", 3.0).verdict == "identical"

        def test_wrong(lockstep):
            with pytest.raises(MismatchError, match="wrong, case 'check': different"):
                lockstep.check("wrong", 3.0)

        def test_octave(lockstep):
            assert lockstep.octave("plus", 1.0, 2.0) == 3

        def test_one_octave_for_all(lockstep):
            lockstep.session.eval("kept = 3;")

        def test_one_octave_for_all_indeed(lockstep):
            assert lockstep.session.eval("disp (kept)") == "3"
        """
    )
    run(theirs, "test_own.py").assert_outcomes(passed=5)


def test_without_octave_the_cases_fail_and_say_why(theirs, monkeypatch):
    """A skip would be taken for agreement."""
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nonexistent/octave")
    result = run(theirs, "cases/right.py")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["$OCTAVE_EXECUTABLE names /nonexistent/octave, *"])


def test_a_project_without_lockstep_is_left_alone(pytester):
    pytester.makepyfile(test_own="def test_nothing():\n    pass\n", helper="cases = 3\n")
    run(pytester).assert_outcomes(passed=1)


def test_tests_that_do_not_need_octave_do_not_start_it(theirs, monkeypatch):
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nonexistent/octave")
    theirs.makepyfile(test_own="def test_nothing():\n    pass\n")
    run(theirs, "test_own.py").assert_outcomes(passed=1)
