"""Tracepoints in unmodified Octave source: every construct is read right, and nothing changes."""

import numpy as np
import pytest

from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave import OctaveError
from lockstep.sides.octave_trace import OctaveTracer, local_functions


@pytest.fixture
def traced(octave, tmp_path):
    """Trace the function f of a .m file; return its reply and the (line, name, value) it bound."""
    octave.eval(f"addpath ('{tmp_path}');")
    file = tmp_path / "f.m"

    def trace(body, *args, **options):
        file.write_text(body)
        octave.eval("clear f;")
        pair = Pair("f", file)
        reply, found = OctaveTracer(octave).trace(
            pair, Case(*args, **{"nargout": 0, **options}), local_functions(pair)
        )
        return reply, [(e.line, e.name, plain(e.value)) for e in found.events]

    yield trace
    octave.eval(f"rmpath ('{tmp_path}');")


def plain(value):
    """Numbers and lists of them, for short expectations."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value.item() if value.size == 1 else value.tolist()
    return value


def in_f(*lines):
    """Write a function whose first statement is on line 2."""
    return "\n".join(["function y = f(x)", *lines, "end", ""])


@pytest.mark.parametrize(
    ("lines", "bound"),
    [
        pytest.param(["y = x; z = 2 * y;"], [(2, "y", 5), (2, "z", 10)], id="two a line"),
        pytest.param(
            ["for k = 1:2", "  y = k;", "end"],
            [(2, "k", 1), (3, "y", 1), (2, "k", 2), (3, "y", 2)],
            id="for",
        ),
        pytest.param(
            ["y = 0;", "while y < 2", "  y = y + 1;", "end"],
            [(2, "y", 0), (4, "y", 1), (4, "y", 2)],
            id="while",
        ),
        pytest.param(
            ["while x > 3", "  x = x - 1;", "end"],
            [(3, "x", 4), (3, "x", 3)],
            id="a while as the first statement",
        ),
        pytest.param(
            ["y = 0;", "do", "  y++;", "until y > 1"],
            [(2, "y", 0), (4, "y", 1), (4, "y", 2)],
            id="do",
        ),
        pytest.param(
            ["switch x", "  case {5, 6}", "    y = 1;", "  otherwise", "    z = 2;", "end"],
            [(4, "y", 1)],
            id="switch",
        ),
        pytest.param(
            ["try", "  y = 1;", "  y = error('no');", "catch err", "  z = 3;", "end"],
            [(3, "y", 1), (6, "z", 3)],
            id="what raised bound nothing",
        ),
        pytest.param(
            [
                "unwind_protect",
                "  y = 1;",
                "unwind_protect_cleanup",
                "  z = 2;",
                "end_unwind_protect",
            ],
            [(3, "y", 1), (5, "z", 2)],
            id="unwind_protect",
        ),
        pytest.param(
            ["A = zeros(1, 2);", "A(2) = x;", "A(end+1) = 7;"],
            [(2, "A", [[0, 0]]), (3, "A", [[0, 5]]), (4, "A", [[0, 5, 7]])],
            id="indexed assignment",
        ),
        pytest.param(
            ["s.a = 1;", "s.b = 2;"],
            [(2, "s", {"a": np.array([[1.0]])}), (3, "s", {"a": 1, "b": 2})],
            id="a field",
        ),
        pytest.param(
            ["y = x;", "clear y", "y = 'text';"],
            [(2, "y", 5), (4, "y", "text")],
            id="cleared, then of another class",
        ),
        pytest.param(
            ["global G", "G = x;", "persistent P", "P = 2;"],
            [(2, "G", []), (3, "G", 5), (4, "P", []), (5, "P", 2)],
            id="global and persistent",
        ),
        pytest.param(
            ["[a, b] = max([1 x 2]);", "[~, c] = min([3 1]);"],
            [(2, "a", 5), (2, "b", 2), (3, "c", 2)],
            id="several outputs",
        ),
        pytest.param(["g = @(t) t + x;", "y = g(1);"], [(3, "y", 6)], id="an anonymous function"),
        pytest.param(["c = cellfun(@(t) t * 2, {1, 2});"], [(2, "c", [[2, 4]])], id="cellfun"),
        pytest.param(["if x, y = 1; else, y = 2; end"], [(2, "y", 1)], id="if in a line"),
        pytest.param(["z = [1, ...", "     2];"], [(2, "z", [[1, 2]])], id="a continued line"),
        pytest.param(
            ["eval('z = 3;');", "assignin('caller', 'unseen', 1);"],
            [(2, "z", 3)],
            id="what a call binds",
        ),
        pytest.param(["y = 1;", "if x, return; end", "y = 9;"], [(2, "y", 1)], id="early return"),
    ],
)
def test_reads_what_each_line_binds(traced, lines, bound):
    _, found = traced(in_f(*lines), 5.0)
    names = [(line, name) for line, name, _ in found[1:] if name != "g"]
    assert found[0] == (0, "x", 5)
    assert names == [(line, name) for line, name, _ in bound]
    for (_, _, value), (_, _, expected) in zip(
        [one for one in found[1:] if one[1] != "g"], bound, strict=True
    ):
        assert value == expected


def test_ans_is_what_it_is_without_a_trace(traced):
    reply, _ = traced(in_f("x * 2;", "z = 1;", "y = ans + z;"), 5.0, nargout=1)
    assert reply.outputs == [11]


def test_recursion_gives_each_call_a_frame(traced):
    reply, found = traced(
        in_f("if x == 0", "  y = 1;", "  return;", "end", "y = f(x - 1);", "y = x * y;"),
        3.0,
        nargout=1,
    )
    assert reply.outputs == [6]
    assert [value for line, name, value in found if line == 0] == [3, 2, 1, 0]
    assert [value for line, name, value in found if line == 6] == [1, 1, 2]


def test_sub_functions_and_handles_to_them(traced):
    text = in_f("h = @g;", "y = h(x) + g(1);").rstrip() + (
        "\nfunction z = g(t)\nz = t;\nz = z + 1;\nend\n"
    )
    _, found = traced(text, 5.0)
    assert [(line, name, value) for line, name, value in found if name in "tz"] == [
        (0, "t", 5), (6, "z", 5), (7, "z", 6), (0, "t", 1), (6, "z", 1), (7, "z", 2),
    ]  # fmt: skip


def test_nargout_is_handed_on(traced):
    body = "function varargout = f(x)\nn = nargout;\nvarargout = cell(1, n);\nend\n"
    for nargout in (0, 1, 2):
        _, found = traced(body, 5.0, nargout=nargout)
        assert (2, "n", nargout) in found


def test_an_error_keeps_what_was_recorded_and_removes_the_breakpoints(traced, octave):
    with pytest.raises(OctaveError, match="no") as caught:
        traced(in_f("y = 1;", "error('f:no', 'no');"), 5.0)
    assert [(e.line, e.name) for e in caught.value.trace.events] == [(0, "x"), (2, "y")]
    assert octave.eval("disp (numel (dbstatus ('f')))").strip() == "0"


def test_no_breakpoint_is_left(traced, octave):
    traced(in_f("y = x;", "y = 2 * y;"), 5.0)
    assert octave.eval("disp (numel (dbstatus ('f')))").strip() == "0"


@pytest.mark.parametrize("value", [3, True, 1 + 2j, "text", [1.0, "a"], np.float32(2), None, -0.0])
def test_values_of_every_class_arrive_as_they_are(traced, value):
    _, found = traced(in_f("z = x;", "y = 1;"), value)
    reply, _ = traced("function y = f(x)\ny = x;\nend\n", value, nargout=1)
    assert repr(found[1][2]) == repr(plain(reply.outputs[0]))
