"""What stands for what, told by the cases that agree, where one fails."""

import pytest
from executions import matching_octave

from lockstep.explain.by_case import is_alike, is_right, parted
from lockstep.explaining import explained
from lockstep.model.execution import Kind
from lockstep.project.cases import Case

M = """
function y = f (x)
  a = floor (x / 7);
  b = min (a, 3);
  c = mod (x, 5) + 7 * b;
  y = 10 * b + c;
end
"""

PORT = """
def f(x):
    q = x // 7
    r = x % 5
    s = r + 7 * q
    return 10 * q + s
"""

AGREEING, FAILING = (8.0, 15.0, 23.0), 30.0


@pytest.fixture
def matching(tmp_path, octave):
    """Match the failing case, with some that agree."""
    with matching_octave(tmp_path, octave) as matched:

        def matching(kept=AGREEING):
            found = matched(M, PORT, Case(FAILING))
            found.kept = [matched(M, PORT, Case(x)) for x in kept]
            return found

        yield matching


def site(matching, text, kind=Kind.EXPRESSION):
    """Return the number of a site of the port."""
    return next(s.number for s in matching.port.sites if (s.text, s.kind) == (text, kind))


def test_what_goes_along_in_the_cases_that_agree_is_told_apart_in_the_one_that_fails(matching):
    found = matching()
    pairs = [
        (found.port.sites[own].text, found.octave.sites[one.site].text)
        for own, one in parted(found)
    ]
    assert pairs[0] in {("q = x // 7", "b"), ("x // 7", "min (a, 3)")}
    assert ("x % 5", "mod (x, 5)") not in pairs


def test_what_goes_along_in_every_case_is_right_if_it_does_the_same(matching):
    found = matching()
    assert is_right(found, site(found, "x % 5"))
    assert is_right(found, site(found, "r = x % 5", Kind.BINDING)) is False  # Octave binds no such
    assert not is_alike(found, site(found, "x // 7"))  # min (a, 3) went along, too, until now


@pytest.mark.parametrize("kept", [(), (8.0,), (8.0, 8.0)], ids=["none", "one", "the same again"])
def test_a_single_small_number_tells_nothing(matching, kept):
    found = matching(kept)
    assert not parted(found)
    assert not is_alike(found, site(found, "x % 5"))


def test_the_statement_is_named_where_small_numbers_part(foreign, shared_runner):
    foreign.m("f", M)
    foreign.py("f", PORT)
    foreign.cases("f", f"cases = {{str(x): (x,) for x in {(*AGREEING, FAILING)}}}")
    with shared_runner(foreign.project) as runner:
        finding = explained(runner, runner.project.pair("f")).finding
    assert finding.port.expression == "x // 7"
    assert finding.octave.expression == "min (a, 3)"
    assert finding.is_mended


def test_what_is_right_in_every_case_is_not_named(foreign, shared_runner):
    foreign.m(
        "f",
        "function y = f (x)\n  e = mod (x, 30);\n  if (e == 25 || e == 24)\n    e = e + 1;\n  end\n"
        "  n = 44 - e;\n  y = 3 * n - mod (n, 7);\nend\n",
    )
    foreign.py(
        "f",
        "def f(x):\n    r = int(x) % 30\n    r = r + ((r == 25) | r == 24)\n    n = 44 - r\n"
        "    return 3 * n - n % 7\n",
    )
    foreign.cases("f", "cases = {str(x): (float(x),) for x in (63, 77, 85, 118)}")
    with shared_runner(foreign.project) as runner:
        finding = explained(runner, runner.project.pair("f")).finding
    assert finding.port.expression == "(r == 25) | r == 24"
    assert finding.reason.key == "precedence"


@pytest.mark.parametrize(
    ("given", "port"),
    [("numel (unique (x))", "len(x)"), ("min (n, 6)", "n")],
    ids=["another function", "a limit"],
)
def test_what_goes_along_with_another_variable_is_found_all_the_same(
    foreign, shared_runner, given, port
):
    foreign.m(
        "f",
        f"function y = f (x)\n  n = numel (x);\n  k = {given};\n"
        "  y = sum (x .^ 2) / (3 + k) + n;\nend\n",
    )
    foreign.py(
        "f",
        f"def f(x):\n    n = len(x)\n    k = {port}\n    return np.sum(x ** 2) / (3 + k) + n\n",
    )
    foreign.cases(
        "f",
        "cases = {str(len(x)): (np.array(x),) for x in"
        " ([.3, 1.2, 4.], [.3, 1.2, 4., 5.1], [.7, 1.2, 4., 5.1, 6.6],"
        " [.3, .3, 4., 5.1, 2.2, 7., 1.])}",
    )
    with shared_runner(foreign.project) as runner:
        finding = explained(runner, runner.project.pair("f")).finding
    assert finding.proved
    assert finding.port.statement == f"k = {port}"
