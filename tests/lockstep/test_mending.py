"""Mends: tried on live functions that are put back, judged on all cases, written with care."""

import ast
import importlib
from dataclasses import replace

import numpy as np
import pytest

from lockstep.explain.candidates import candidates
from lockstep.explain.evidence import gathered, live_names
from lockstep.explain.gathering import most_steps
from lockstep.explain.mending import (
    MOST_AROUND,
    MOST_RUN,
    MOST_TRIED,
    SECONDS,
    mends,
    unified_diff,
)
from lockstep.explain.trying import STEPS
from lockstep.explaining import explained
from lockstep.model.execution import Kind
from lockstep.model.report import Fault, Mend
from lockstep.project.cases import Case
from lockstep.reports.mend_text import NotWrittenError, applied
from lockstep.sides.mended import MendedPort, MendError
from lockstep.sides.port import Port
from lockstep.sides.port_execution import ObservedPort


class Tried:
    """A case, and whether a result of the port agrees."""

    is_made = False
    raised = None
    agrees_live = None
    is_endless = False

    def __init__(self, wanted, *args):
        self.case = Case(*args)
        self.agrees = lambda result: bool(np.allclose(result, wanted, rtol=1e-12, atol=0))


class Made(Tried):
    """A case that is none of the pair's own."""

    is_made = True


@pytest.fixture
def port(foreign):
    """Write the port `f`, and return it with its pair."""

    def made(text):
        foreign.m("f", "function y = f(x)\ny = x;\nend\n")
        foreign.py("f", text)
        project = foreign.project
        return Port(project), project.pair("f")

    return made


def evidence_at(port, pair, case, text, octave, fault=Fault.VALUE):
    """Gather what is known of the expression that reads as `text`."""
    with ObservedPort(port, pair) as observed:
        execution, _ = observed.run(case)
    site = next(
        s.number
        for s in execution.source.sites
        if s.text == text
        and s.kind in (Kind.EXPRESSION, Kind.READ) and s.number in execution.by_site
    )  # fmt: skip
    file = execution.source.files["f"]
    return gathered(execution, site, octave, live_names(file), fault)


DATA = np.array([3.0, 1.0, 2.5, 7.25])
OTHER = np.array([1.5, 2.0, -4.0])


def test_a_case_that_was_made_is_not_counted(port):
    live, pair = port("def f(x):\n    return 2 * x.std()\n")
    failing = [Made(2 * DATA.std(ddof=1), DATA), Tried(2 * OTHER.std(ddof=1), OTHER)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, [], evidence)
    assert (found.mend.agreeing, found.mend.cases) == (1, 1)


def test_the_first_change_after_which_every_case_agrees_wins(port):
    live, pair = port("def f(x):\n    return 2 * x.std()\n")
    failing = [Tried(2 * v.std(ddof=1), v) for v in (DATA, OTHER)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, [], evidence)
    assert found.heals_all
    assert found.candidate.change.key == "ddof"
    assert "+    return 2 * x.std(ddof=1)" in found.mend.diff
    assert live.call(pair, failing[0].case).result == 2 * DATA.std()


def test_a_change_that_breaks_a_case_that_agreed_is_no_mend(port):
    live, pair = port("def f(x):\n    return x.std()\n")
    failing, agreeing = [Tried(DATA.std(ddof=1), DATA)], [Tried(OTHER.std(), OTHER)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, agreeing, evidence)
    assert not found.heals_all
    assert found.mend is None


def test_a_change_that_heals_some_cases_says_how_many(port):
    live, pair = port("def f(x):\n    return x.std()\n")
    failing = [Tried(v.std(ddof=1), v) for v in (DATA, OTHER)] + [Tried(0.123, DATA * 2)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    found = mends(live, pair, failing, [], evidence)
    assert (found.mend.agreeing, found.mend.cases) == (2, 3)


def test_a_change_that_runs_for_ever_is_stopped(port):
    text = "def f(x):\n    k = 0\n    while k < 3:\n        k = k + 1\n    return k\n"
    live, pair = port(text)
    file = python_file(live)
    endless = text.replace("k + 1", "k - 1")
    with MendedPort(live, pair, live_names(file), file, f"import numpy as np\n\n{endless}") as one:
        assert "it went on" in str(one.run(Case(1.0), 1000))
    assert live.call(pair, Case(1.0)).result == 3


def test_a_case_far_longer_than_the_first_is_run_to_its_end(port):
    text = "def f(x, n):\n    for _ in range(n):\n        pass\n    return x.std()\n"
    live, pair = port(text)
    failing = [Tried(DATA.std(ddof=1), DATA, n) for n in (1, 3000)]
    evidence = evidence_at(live, pair, failing[0].case, "x.std()", [DATA.std(ddof=1)])
    assert mends(live, pair, failing, [], evidence, steps=1000).heals_all


def test_a_port_that_raises_an_error_has_not_shown_how_long_it_would_run(port):
    live, pair = port("def f(x):\n    return x + unknown\n")
    with ObservedPort(live, pair) as observed:
        execution, _ = observed.run(Case(1.0))
    assert execution.error
    assert most_steps(execution) == STEPS > most_steps(replace(execution, error=""))


def test_who_runs_a_changed_port_further_is_not_stopped(port):
    text = "def f(x):\n    for _ in range(300):\n        pass\n    return x\n"
    live, pair = port(text)
    file = python_file(live)
    with MendedPort(live, pair, live_names(file), file, f"import numpy as np\n\n{text}") as one:
        assert one.run(Case(1.0), 4000).result == 1
        passed = one.steps
        assert [live.call(pair, Case(2.0)).result for _ in range(9)] == [2] * 9
        assert one.steps == passed > 100


def python_file(port):
    """Return the file of the port `f`."""
    return importlib.import_module(port.function("f").__module__).__file__


def test_what_is_kept_between_calls_is_fresh_in_every_run(port):
    text = (
        "SEEN = []\n\ndef f(x, memory={}):\n    SEEN.append(x)\n"
        "    memory[x] = 1\n    return len(SEEN) + 10 * len(memory)\n"
    )
    live, pair = port(text)
    file = python_file(live)
    seen = live.function("f").__globals__["SEEN"]
    with MendedPort(live, pair, live_names(file), file, f"import numpy as np\n\n{text}") as one:
        assert [one.run(Case(float(n))).result for n in range(3)] == [11, 11, 11]
    assert live.function("f").__globals__["SEEN"] is seen
    assert live.function("f").__defaults__ == ({},)


def test_a_text_with_other_functions_is_refused(port):
    live, pair = port("def f(x):\n    return x\n")
    file = python_file(live)
    code = live.function("f").__code__
    with pytest.raises(MendError), MendedPort(live, pair, live_names(file), file, "def g(): pass"):
        pass
    with pytest.raises(MendError):
        MendedPort(live, pair, live_names(file), file, "def f(:")
    assert live.function("f").__code__ is code


def test_what_a_call_has_left_behind_hinders_no_change(port):
    text = "LEFT = []\n\ndef f(x):\n    LEFT.append(lambda: x)\n    return 2 * x\n"
    live, pair = port(text)
    assert live.call(pair, Case(1.0)).result == 2
    changed = "import numpy as np\n\n" + text.replace("LEFT.append(lambda: x)", "x = x + 1")
    with MendedPort(live, pair, live_names(python_file(live)), python_file(live), changed) as one:
        assert one.run(Case(1.0)).result == 4


def test_a_change_of_an_argument_is_no_mend(port):
    live, pair = port("def f(x):\n    y = x\n    y += 1\n    return y - x\n")
    failing = [Tried(np.ones(4), DATA)]
    evidence = evidence_at(live, pair, failing[0].case, "x", [DATA])
    found = mends(live, pair, failing, [], evidence)
    assert found.heals_all
    assert found.candidate.change.key == "sharing"


@pytest.mark.usefixtures("octave")
def test_a_pair_is_explained_with_its_reason_and_mend(foreign, shared_runner):
    foreign.m("f", "function y = f(x)\ns = std(x);\ny = mean(x) / s;\nend\n")
    foreign.py("f", "def f(x):\n    spread = np.std(x)\n    return np.mean(x) / spread\n")
    foreign.cases("f", "cases = {'one': (np.array([1.0, 2.5, 4.0]),), 'two': (np.arange(9.0),)}")
    with shared_runner(foreign.project) as runner:
        found = explained(runner, runner.project.pair("f"))
    assert (found.failing, found.cases) == (2, 2)
    assert found.finding.reason.key == "ddof"
    assert found.finding.reason.octave_rule == "Octave's std divides by n - 1."
    assert found.finding.mend.agreeing == 2


def mend_of(file, text, mended):
    return Mend(file, unified_diff(text, mended, file.name), 1, 1, text, mended)


@pytest.mark.parametrize("begin", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_only_the_lines_of_the_diff_are_written(tmp_path, newline, begin):
    file = tmp_path / "f.py"
    text = "# ü\na = 1  \nb = 2\n"
    file.write_bytes((begin + text.replace("\n", newline)).encode())
    assert applied(mend_of(file, text, text.replace("b = 2", "b = 3"))) == f"written to {file}"
    wanted = begin + text.replace("b = 2", "b = 3").replace("\n", newline)
    assert file.read_bytes().decode() == wanted


def test_lines_with_other_ends_than_the_rest_keep_them(tmp_path):
    file = tmp_path / "f.py"
    file.write_bytes(b"a = 1\r\nb = 2\nc = '\x0c'\nd = 4")
    source = "a = 1\nb = 2\nc = '\x0c'\nd = 4"
    applied(mend_of(file, source, source.replace("a = 1", "a = 5")))
    assert file.read_bytes() == b"a = 5\r\nb = 2\nc = '\x0c'\nd = 4"


def test_a_statement_that_is_put_in_moves_no_other(tmp_path):
    file = tmp_path / "f.py"
    file.write_text("a = 1\nc = 3\n")
    applied(mend_of(file, "a = 1\nc = 3\n", "a = 1\nb = 2\nc = 3\n"))
    assert file.read_text() == "a = 1\nb = 2\nc = 3\n"


@pytest.mark.parametrize("now", ["a = 5\n", "a = 1\n\n", "a = 1\nb = 2\n", "a=1\n", ""])
def test_a_file_that_was_changed_since_is_left_alone(tmp_path, now):
    file = tmp_path / "f.py"
    file.write_text(now)
    with pytest.raises(NotWrittenError, match="changed since it was read; nothing was written"):
        applied(mend_of(file, "a = 1\n", "a = 2\n"))
    assert file.read_text() == now


def test_a_file_that_is_gone_is_an_error_that_says_so(tmp_path):
    with pytest.raises(NotWrittenError, match=r"was not written: .*No such file"):
        applied(mend_of(tmp_path / "f.py", "a = 1\n", "a = 2\n"))


def test_a_patch_says_where_a_last_line_has_no_end():
    found = unified_diff("a = 1\nb = 2", "a = 1\nb = 3", "f.py")
    no_end = "\\ No newline at end of file\n"
    assert found.endswith(f"-b = 2\n{no_end}+b = 3\n{no_end}")


def test_the_limits_are_those_that_are_promised():
    assert MOST_RUN == MOST_TRIED == MOST_AROUND == 20
    assert SECONDS == 10


class Like(Tried):
    """A case with others like it."""

    def __init__(self, wanted, *args, others=()):
        super().__init__(wanted, *args)
        self.others, self.wider = lambda: others, tuple


def test_a_change_that_heals_these_arguments_and_no_others_is_not_offered(port):
    live, pair = port("def f(x):\n    return x.max()\n")
    sizes = [np.array([0.5, -2.5, 1.0]), np.array([-4.0, 3.0]), np.array([6.5, -1.0])]
    others = [Tried(np.abs(v).max(), v) for v in sizes]
    failing = [Like(2.5, -DATA[2:3], others=others)]
    evidence = evidence_at(live, pair, failing[0].case, "x.max()", [2.5])
    found = mends(live, pair, failing, [], evidence)
    assert "return np.abs(x).max()" in found.mend.mended
    assert (found.mend.others_agreeing, found.mend.others) == (3, 3)


def test_what_is_kept_between_calls_is_not_healed_by_any_change(port):
    text = "def f(x, seen=[]):\n    seen.append(x)\n    total = sum(seen)\n    return 1.0 * total\n"
    live, pair = port(text)
    failing = [Tried(2.0, 2.0), Tried(3.5, 3.5)]
    live.call(pair, Case(1.0))
    evidence = evidence_at(live, pair, failing[0].case, "sum(seen)", [2.0])
    found = mends(live, pair, failing, [], evidence)
    assert found.heals_all
    assert found.candidate.change.key == "mutable-default"


def test_a_guess_that_heals_some_cases_by_chance_is_not_offered(port):
    live, pair = port("def f(x):\n    return 2.0 * len(x)\n")
    failing = [Tried(10.0, DATA), Tried(0.77, OTHER)]
    evidence = evidence_at(live, pair, failing[0].case, "len(x)", [5.0])
    found = mends(live, pair, failing, [], evidence)
    assert found.mend is None


def test_every_mend_is_python(port):
    live, pair = port("def f(x):\n    return x.std() if len(x) > 1 else 0.0\n")
    case = Case(DATA)
    evidence = evidence_at(live, pair, case, "x.std()", [DATA.std(ddof=1)])
    for one in candidates(evidence):
        ast.parse(one.mended)
