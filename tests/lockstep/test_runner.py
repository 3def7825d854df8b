"""Verdicts: what two sides of a pair are told apart by, and what they are not."""

import numpy as np
import pytest

from lockstep.compare.distance import distance
from lockstep.compare.leaves import leaves
from lockstep.compare.verdict import LeafResult, Verdict, worst
from lockstep.explaining import explained
from lockstep.project.cases import Function, row
from lockstep.sides.port import Port

TWO = "function [a, b] = f(x)\na = x; b = 2 * x;\nend\n"
REFUSES = "function y = f(x)\nerror('f:x', 'f: x must be %d', 3);\nend\n"
TENTHS = np.array([0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    ("m", "py", "argument", "verdict"),
    [
        pytest.param("2 * x", "2 * x", TENTHS, "identical", id="same bits"),
        pytest.param("sum(x)", "x[0] + (x[1] + x[2])", TENTHS, "rounding", id="other order"),
        pytest.param("exp(x)", "np.exp(x) * (1 + 2.0**-52)", TENTHS, "rounding", id="last bit"),
        pytest.param("exp(x)", "np.exp(x) * (1 + 1e-13)", TENTHS, "different", id="500 ulps"),
        pytest.param(
            "sum(x) - 0.6", "x[0] + (x[1] + x[2]) - 0.6", TENTHS, "untestable", id="cancelled"
        ),
        pytest.param("sum(x) - 0.6", "sum(x) - 0.6 + 1e-13", TENTHS, "different", id="beyond that"),
        pytest.param("x + 1", "x + 2", 0.5, "different", id="wrong"),
        pytest.param("NaN * x", "np.nan * x", 0.5, "identical", id="NaN on both sides"),
        pytest.param("NaN * x", "0.0 * x", 0.5, "different", id="NaN and number"),
        pytest.param("x / 0", "np.inf", 0.5, "identical", id="Inf on both sides"),
        pytest.param("x / 0", "1e308", 0.5, "different", id="Inf and number"),
        pytest.param("x / 0", "-np.inf", 0.5, "different", id="Inf and -Inf"),
        pytest.param("0 * x", "-0.0 * x", 0.5, "rounding", id="0 and -0"),
        pytest.param("sqrt(-x)", "np.sqrt(-x + 0j)", 0.5, "identical", id="complex"),
        pytest.param("x * (1 + 2i)", "x * (1 - 2j)", 0.5, "different", id="conjugate"),
        pytest.param("x > 0.15", "x > 0.15", TENTHS, "identical", id="logical"),
        pytest.param("x > 0.15", "x > 0.25", TENTHS, "different", id="other logical"),
        pytest.param("int8(x)", "np.int8(round(x))", 2.7, "identical", id="integer"),
        pytest.param("int8(x)", "np.int8(x)", 2.7, "different", id="other integer"),
        pytest.param("[x 'b']", "x + 'b'", "a", "identical", id="char"),
        pytest.param("[x 'b']", "x + 'c'", "a", "different", id="other letter"),
        pytest.param("x(x > 1)", "x[x > 1]", row(TENTHS), "identical", id="empty"),
        pytest.param("[]", "None", 0.5, "identical", id="[] and None"),
        pytest.param("[]", "0.0", 0.5, "different", id="[] and a number"),
        pytest.param("[x; x]", "np.array([[x, x]])", 0.5, "different", id="column and row"),
        pytest.param("single(x)", "x", 0.5, "different", id="single and double"),
        pytest.param("numel(x)", "np.int64(x.size)", TENTHS, "identical", id="int64"),
        pytest.param("struct('a', x)", "{'a': x}", 0.5, "identical", id="struct"),
        pytest.param("struct('a', x, 'b', 1)", "{'a': x}", 0.5, "different", id="missing field"),
        pytest.param("{x, 'a'}", "[x, 'a']", 0.5, "identical", id="cell"),
        pytest.param("sort(x)", "[x.sort(), x][1]", -TENTHS, "different", id="changed in place"),
        pytest.param("x", "1 / 0", 0.5, "different", id="only Python raises"),
        pytest.param("x", "exit(0)", 0.5, "different", id="Python is ended"),
        pytest.param("x{1}", "x", 0.5, "different", id="only Octave raises"),
        pytest.param("x{1}", "x[0]", 0.5, "error", id="both raise, and should not"),
        pytest.param("@sin", "np.sin", 0.5, "untestable", id="handles, which are not compared"),
    ],
)
def test_verdict(judge, m, py, argument, verdict):
    assert judge(m, py, argument).verdict == verdict


@pytest.mark.parametrize(
    ("m", "py", "said"),
    [
        pytest.param(
            "x",
            "[x.sort(), x][1]",
            "the port changed argument 1 in place; Octave passes by value: copy it first",
            id="changed in place",
        ),
        pytest.param(
            "x; error('no')",
            "x",
            "only Octave raised an error: no (f line 2)",
            id="only Octave raises",
        ),
        pytest.param(
            "x",
            "x[5]",
            "only Python raised an error: IndexError: index 5 is out of bounds for axis 0 with "
            "size 3 (f.py line 4)",
            id="only Python raises",
        ),
        pytest.param(
            "x",
            "x[:0].max()",
            "only Python raised an error: ValueError: zero-size array to reduction operation "
            "maximum which has no identity (f.py line 4)",
            id="Python raises in a library",
        ),
    ],
)
def test_what_is_wrong_is_told(judge, m, py, said):
    assert judge(m, py, -TENTHS).problem == said


@pytest.mark.parametrize(
    ("python", "raises", "verdict", "said"),
    [
        pytest.param("raise ValueError('f: x must be 3')", "f:x", "identical", "", id="the same"),
        pytest.param("raise ValueError('f: x must be 3')", "any", "identical", "", id="any"),
        pytest.param(
            "raise ValueError('x must be 3')",
            "f:x",
            "different",
            "the error messages differ\n  Octave: f: x must be 3\n"
            "  Python: ValueError: x must be 3 (f.py line 4)",
            id="other message",
        ),
        pytest.param(
            "raise ValueError('f: x must be 3')",
            "f:y",
            "different",
            "expected the error f:y, Octave raised f:x: f: x must be 3",
            id="other identifier",
        ),
        pytest.param("return x", "f:x", "different", "only Octave raised an error", id="no error"),
        pytest.param(
            "raise ValueError('f: x must be 3')",
            None,
            "error",
            "if that is what the case is for, say so with raises='IDENTIFIER'",
            id="not expected",
        ),
    ],
)
def test_errors(judge, python, raises, verdict, said):
    result = judge(REFUSES, f"def f(x):\n    {python}\n", 1.0, raises=raises)
    assert result.verdict == verdict
    assert said in result.problem


def test_an_expected_error_that_neither_side_raises(judge):
    result = judge("x", "x", 1.0, raises="f:x")
    assert result.verdict == "different"
    assert "neither did" in result.problem


@pytest.mark.parametrize(
    ("python", "options", "verdict", "compared"),
    [
        pytest.param("(x, 2 * x)", {}, "identical", ["a", "b"], id="all that are declared"),
        pytest.param("(x, 3 * x)", {}, "different", ["a", "b"], id="the second is wrong"),
        pytest.param("(x, 3 * x)", {"nargout": 1}, "identical", ["a"], id="one is asked for"),
        pytest.param("(x, 3 * x)", {"ignore": (2,)}, "identical", ["a"], id="one is ignored"),
        pytest.param("x", {}, "identical", ["a", "b"], id="the first alone is returned"),
        pytest.param("2 * x", {}, "different", ["a", "b"], id="the first alone, and wrong"),
        pytest.param("{'c': x}", {}, "error", [], id="one is returned, by another name"),
        pytest.param("[x, 2 * x]", {}, "identical", ["a", "b"], id="a list is returned"),
    ],
)
def test_outputs(judge, python, options, verdict, compared):
    result = judge(TWO, f"def f(x):\n    return {python}\n", 0.5, **options)
    assert result.verdict == verdict
    assert [leaf.name for leaf in result.leaves] == compared


def test_an_output_that_the_port_does_not_return_is_said(judge):
    assert judge(TWO, "def f(x):\n    return x\n", 0.5).verdict_text == "identical; b not returned"


OPEN = "function varargout = f (x)\n  for k = 1:max (nargout, 1), varargout{k} = k * x; end\nend\n"


@pytest.mark.parametrize(
    ("python", "verdict"),
    [("x", "identical"), ("(x, 2 * x)", "identical"), ("(x, 2 * x, 4 * x)", "different")],
)
def test_octave_is_asked_for_as_many_outputs_as_the_port_returns(judge, python, verdict):
    assert judge(OPEN, f"def f(x):\n    return {python}\n", 0.5).verdict_text == verdict


def test_whole_numbers_in_place_of_doubles_are_said(judge):
    octave = "function y = f (x)\n  y = 2 * x;\nend\n"
    result = judge(octave, "def f(x):\n    return np.int64(2 * x)\n", 3.0)
    assert result.agrees
    assert result.verdict_text == "identical; y int64 for double"


def test_outputs_that_a_case_asks_for_must_be_returned(judge):
    found = judge(TWO, "def f(x):\n    return x\n", 0.5, nargout=2)
    assert found.verdict == "error"
    assert "must return them as a tuple" in found.problem


@pytest.mark.parametrize(("python", "verdict"), [("x", "identical"), ("(x, x)", "different")])
def test_an_error_of_octaves_for_its_second_output_is_none_for_the_first(judge, python, verdict):
    octave = """
    function [a, b] = f (x)
      a = b = x;
      if (nargout > 1 && x < 0), error ("f: negative"); end
    end
    """
    assert judge(octave, f"def f(x):\n    return {python}\n", -1.0).verdict == verdict


@pytest.mark.parametrize(("second", "agrees"), [("2 * x", True), ("3 * x", False)])
def test_a_list_may_be_the_one_output_that_octave_sets(judge, second, agrees):
    octave = "function [a, b] = f (x)\n  a = [x, 2 * x];\nend\n"
    assert judge(octave, f"def f(x):\n    return [x, {second}]\n", 1.5).agrees is agrees


SETS_ONE = "function [a, b] = f (x)\n  a = x;\n  if x > 1, b = 2 * x; end\nend\n"


@pytest.mark.parametrize(
    ("python", "x", "verdict"),
    [
        ("x", 2.0, "identical; b not returned"),
        ("x", 0.5, "identical; Octave gives 1 output alone"),
        ("x + 1", 0.5, "different; Octave gives 1 output alone"),
        ("(x, None)", 0.5, "different"),
    ],
)
def test_octave_may_set_the_first_output_alone(judge, python, x, verdict):
    assert judge(SETS_ONE, f"def f(x):\n    return {python}\n", x).verdict_text == verdict


NEEDS_MORE = """
    function [a, b, c] = f (x)
      a = x;
      b = 2 * x;
      if nargout > 2, c = x.field; end
    end
"""


@pytest.mark.parametrize(
    ("python", "verdict"),
    [
        ("x", "identical; Octave gives 1 output alone"),
        ("x + 1", "different; Octave gives 1 output alone"),
        ("(x, 2 * x)", "identical; c not returned"),
        ("(x, 3 * x)", "different; c not returned"),
        ("(x, 2 * x, 1.0)", "different"),
    ],
)
def test_octave_may_need_more_for_an_output_that_the_port_does_not_return(judge, python, verdict):
    assert judge(NEEDS_MORE, f"def f(x):\n    return {python}\n", 0.5).verdict_text == verdict


ALONE = """
    function [t, y] = f (x)
      t = cumsum (x);
      if nargout > 1, y = t; t = 1:3; end
    end
"""


@pytest.mark.parametrize(
    ("python", "verdict"),
    [
        ("np.cumsum(x)", "identical; y not returned"),
        ("np.arange(1.0, 4.0)", "different; y not returned"),
        ("(np.arange(1.0, 4.0), np.cumsum(x))", "identical"),
    ],
)
def test_octave_is_asked_for_one_output_where_it_reads_how_many_and_the_port_has_one(
    judge, python, verdict
):
    port = f"def f(x):\n    return {python}\n"
    assert judge(ALONE, port, np.array([0.5, 1.0, 4.0, 2.0])).verdict_text == verdict


BY_COUNT = """
    function [a, b, c, d] = f (x)
      a = x; b = 2 * x; c = 3; d = 4;
      if nargout < 3, b = 5 * x; end
    end
"""


@pytest.mark.parametrize(
    ("python", "verdict"),
    [
        ("(x, 5 * x)", "identical; c, d not returned"),
        ("(x, 2 * x)", "different; c, d not returned"),
        ("(x, 2 * x, 3.0)", "identical; d not returned"),
        ("(x, 2 * x, 3.0, 4.0)", "identical"),
        ("(x, 2 * x, 3.0, 4.0, 5.0)", "identical"),
    ],
)
def test_octave_is_asked_for_as_many_outputs_as_a_tuple_has(judge, python, verdict):
    assert judge(BY_COUNT, f"def f(x):\n    return {python}\n", 0.5).verdict_text == verdict


@pytest.mark.parametrize(("numpy_seed", "verdict"), [(42, "identical"), (43, "different")])
def test_a_seed_starts_both_sides(judge, foreign, numpy_seed, verdict):
    foreign.py(
        "rand",
        "def rand(word, seed):\n"
        f"    rand.stream = np.random.RandomState([{numpy_seed - 42} + seed])\n",
    )
    python = "\nfrom rand import rand\ndef f():\n    return rand.stream.random_sample(3)\n"
    octave = "function y = f()\ny = rand(1, 3);\nend\n"
    assert judge(octave, python, seed=42).verdict == verdict


@pytest.mark.parametrize(
    ("python", "verdict"), [(lambda p: p**3, "identical"), (lambda p: p**2, "different")]
)
def test_a_handle_is_a_function_on_each_side(judge, python, verdict):
    octave = "function y = f(g)\ny = g(3);\nend\n"
    handle = Function(octave="@(p) p ^ k", python=python, k=3.0)
    assert judge(octave, "def f(g):\n    return g(3.0)\n", handle).verdict == verdict


def test_rounding_in_a_handle_is_rounding_in_the_result(judge):
    """What the handle returns is nudged too: here it alone decides how many digits are left."""
    octave = "function y = f(g)\ny = g(3) - 0.1;\nend\n"
    off = 0.1 * (1 + 1e-9)
    handle = Function(octave="@(p) k", python=lambda p: off + 2.0**-55, k=off)
    assert judge(octave, "def f(g):\n    return g(3.0) - 0.1\n", handle).verdict == "rounding"


def _noting(made, what, method):
    def noted(self, *args):
        made.append(what)
        return method(self, *args)

    return noted


@pytest.mark.parametrize(
    ("m", "py", "argument", "verdict", "runs"),
    [
        pytest.param("exp(x)", "np.exp(x)", TENTHS, "identical", [], id="same bits"),
        pytest.param(
            "exp(x)", "np.exp(x) * (1 + 2.0**-52)", TENTHS, "rounding", [], id="a last bit"
        ),
        pytest.param(
            "exp(x) .^ 1000",
            "np.exp(1000 * x)",
            TENTHS,
            "rounding",
            ["arguments"],
            id="nudged arguments explain it",
        ),
        pytest.param(
            "1 / (x / 3 - 0.33333)",
            "1 / (x * (1 / 3) - 0.33333)",
            1.0 - 2.0**-53,
            "rounding",
            ["arguments"],
            id="so does what they cancel",
        ),
        pytest.param(
            "exp(300 * x)",
            "np.exp(x) ** 300",
            2.0,
            "rounding",
            ["inside"],
            id="whole arguments stay",
        ),
        pytest.param(
            "sum(x) - 0.6",
            "x[0] + (x[1] + x[2]) - 0.6",
            TENTHS,
            "untestable",
            ["arguments", "inside"],
            id="nearly nothing is looked at closely",
        ),
    ],
)
def test_the_port_runs_again_only_as_often_as_it_takes(
    judge, monkeypatch, m, py, argument, verdict, runs
):
    made = []
    for name, what in (("call_with_nudged_arguments", "arguments"), ("call_perturbed", "inside")):
        monkeypatch.setattr(Port, name, _noting(made, what, getattr(Port, name)))
    assert judge(m, py, argument).verdict == verdict
    assert sorted(set(made)) == runs


@pytest.mark.parametrize(
    ("returned", "verdict", "said"),
    [
        pytest.param("{'x': 1.0, 't': 'a'}", "identical", "", id="all variables"),
        pytest.param("{'x': 1.0}", "identical", "", id="what the port returns is compared"),
        pytest.param("{'x': 2.0}", "different", "", id="wrong"),
        pytest.param(
            "{'z': 1.0}", "different", "the script has no variable of this name", id="unknown"
        ),
        pytest.param("1.0", "error", "must return a dict of its variables, not a float", id="none"),
    ],
)
def test_a_script(judge, returned, verdict, said):
    result = judge("\nx = 1;\nt = 'a';\n", f"def f():\n    return {returned}\n")
    assert result.verdict == verdict
    assert said in result.problem + "".join(leaf.leaf.mismatch for leaf in result.leaves)


@pytest.fixture
def run_pair(foreign, shared_runner):
    """Run all cases of the pair f, from the text of its cases file."""
    foreign.pair("f", "x + 1", "x + 1")

    def run(text):
        foreign.cases("f", text)
        with shared_runner(foreign.project) as runner:
            return runner.run_pair(runner.project.pair("f"))

    return run


def test_every_python_side_is_compared(run_pair):
    results = run_pair(
        "cases = {'one': (1.0,), 'refused': Case({}, raises='any')}\n"
        "sides = {'fast': lambda x: 1 + x, 'wrong': lambda x: x}\n"
    )
    assert [(result.pair, [str(case.verdict) for case in result.cases]) for result in results] == [
        ("f", ["identical", "different"]),
        ("f [fast]", ["identical"]),  # an error is the port's business
        ("f [wrong]", ["different"]),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("cases = {}", "`cases` is empty", id="no cases"),
        pytest.param("cases = {'a': 1.0}", "must be a tuple or a Case", id="not understood"),
        pytest.param("import nowhere", "cannot be imported", id="not imported"),
    ],
)
def test_cases_that_cannot_be_used_are_an_error_of_the_pair(run_pair, text, said):
    (result,) = run_pair(text)
    assert (result.verdict, result.cases) == ("error", [])
    assert said in result.problem


def test_a_pair_without_cases_says_which_file_to_write(foreign, shared_runner):
    foreign.pair("f", "x", "x")
    (foreign.root / "cases" / "f.py").unlink()
    with shared_runner(foreign.project) as runner:
        (result,) = runner.run_pair(runner.project.pair("f"))
    assert result.problem == f"f has no cases: write {foreign.root.resolve() / 'cases' / 'f.py'}"


def test_an_argument_without_a_counterpart_is_the_cases_error(judge):
    result = judge("x", "x", {1, 2})
    assert not result.verdict.agrees
    assert "set" in result.problem


def test_octave_that_dies_is_an_error_of_the_case(foreign):
    from lockstep.runner import Runner

    foreign.m("f", "function y = f(x)\nif x == 1, exit, end\ny = x;\nend\n")
    foreign.py("f", "def f(x):\n    return x\n")
    foreign.cases("f", "cases = {'dies': (1.0,), 'lives': (2.0,)}")
    with Runner(foreign.project) as runner:
        (result,) = runner.run_pair(runner.project.pair("f"))
    assert [str(case.verdict) for case in result.cases] == ["error", "identical"]
    assert "the Octave process ended in the call" in result.cases[0].problem


def test_an_m_file_that_octave_cannot_read_is_explained(foreign, shared_runner):
    foreign.pair("f", "x + (", "x")
    with shared_runner(foreign.project) as runner:
        pair = runner.project.pair("f")
        (result,) = runner.run_pair(pair)
        found = explained(runner, pair)
    assert result.verdict == "different"
    assert "only Octave raised an error: parse error" in result.cases[0].problem
    assert found.note.startswith("not traced: ")
    assert "f.m is not understood" in found.note


def test_a_difference_far_beyond_the_smallest_floor_has_a_place():
    (leaf,) = leaves(np.array([[1.0, 2.0]]), np.array([[1.0, 3.0]]))
    floor = np.full((1, 2), 5e-324)
    result = LeafResult("y", leaf, Verdict.DIFFERENT, distance(leaf.octave, leaf.python), floor)
    assert (result.worst_index, result.times_floor) == ((0, 1), np.inf)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param("    return np.random.default_rng().random(3)", "different", id="not seeded"),
        pytest.param(
            "    return np.random.RandomState([s]).random_sample(3)", "identical", id="seeded"
        ),
    ],
)
def test_a_port_that_draws_other_numbers_each_time_has_no_floor(
    foreign, shared_runner, body, verdict
):
    foreign.m("f", "function r = f(s)\nrand('twister', s);\nr = rand(3, 1);\nend\n")
    foreign.py("f", f"def f(s):\n    s = int(s)\n{body}\n")
    foreign.cases("f", "cases = {'one': (42,)}\n")
    with shared_runner(foreign.project) as runner:
        (result,) = runner.run_pair(runner.project.pair("f"))
    assert result.verdict == verdict
    if verdict == "different":
        assert "another result when it is called again" in result.cases[0].problem


def test_the_worst_verdict_counts():
    assert worst([]) == Verdict.IDENTICAL
    assert worst(list(Verdict)) == Verdict.ERROR
    assert worst([Verdict.ROUNDING, Verdict.IDENTICAL]) == Verdict.ROUNDING
    bad = [Verdict.UNTESTABLE, Verdict.DIFFERENT, Verdict.ERROR]
    assert [verdict for verdict in Verdict if not verdict.agrees] == bad
