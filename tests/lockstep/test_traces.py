"""Traces in a file: an execution comes back as it was, and numbers that do not fit are refused."""

import copy
import json

import numpy as np
import pytest

from lockstep.oracles.columns import column_of, planes
from lockstep.oracles.traces import TracePacker, TraceReader, size_of_trace
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave_execution import OctaveTracer

M = """
function [y, s] = f(x)
s = struct('a', {{1, 'text'}});
y = 0;
for k = 1:3
    if x(k) > 0.5
        y = y + half(x(k));
    end
end
s.z = complex(1, y);
end

function h = half(v)
h = v / 2;
end
"""


@pytest.fixture(scope="module")
def execution(octave, tmp_path_factory):
    """Trace one call of Octave."""
    folder = tmp_path_factory.mktemp("m")
    (folder / "f.m").write_text(M.lstrip())
    octave.eval(f"addpath ('{folder}');")
    yield OctaveTracer(octave).trace(Pair("f", folder / "f.m"), Case(np.array([0.1, 0.7, 0.9])))
    octave.eval(f"rmpath ('{folder}');")


@pytest.fixture
def stored(execution):
    """Store the execution: its arrays, and the rest through JSON."""
    packer = TracePacker()
    plain = packer.execution(execution, lambda path: path.name)
    texts = json.loads(json.dumps([packer.values, packer.sources, plain]))
    return packer.packed(), *texts


def _read(stored, execution):
    arrays, values, sources, plain = stored
    files = {path.name: path for path in execution.source.files.values()}
    return TraceReader(arrays, values, sources).execution(plain, files.__getitem__)


def test_an_execution_comes_back_as_it_was(stored, execution):
    back = _read(stored, execution)
    assert back.source.statements == execution.source.statements
    assert back.source.sites == execution.source.sites
    assert back.source.files == execution.source.files
    assert back.frames == execution.frames
    assert (back.output_nodes, back.error, back.cut) == (execution.output_nodes, "", "")
    for one, other in zip(back.nodes, execution.nodes, strict=True):
        assert (one.site, one.frame, one.inputs, one.decision) == (
            other.site, other.frame, other.inputs, other.decision
        )  # fmt: skip
        assert repr(one.value) == repr(other.value)
    assert repr(back.outputs) == repr(execution.outputs)


def test_an_error_comes_back_with_its_statement(octave, tmp_path):
    (tmp_path / "g.m").write_text("function y = g(x)\ny = x;\nerror('g:x', 'no');\nend\n")
    octave.eval(f"addpath ('{tmp_path}');")
    execution = OctaveTracer(octave).trace(Pair("g", tmp_path / "g.m"), Case(1.0))
    octave.eval(f"rmpath ('{tmp_path}');")
    packer = TracePacker()
    plain = packer.execution(execution, lambda path: path.name)
    back = _read((packer.packed(), packer.values, packer.sources, plain), execution)
    assert back.error == "no"
    assert back.source.statements[back.error_statement].text.startswith("error(")


def test_what_two_executions_share_is_kept_once(execution):
    packer = TracePacker()
    plains = [packer.execution(execution, lambda path: path.name) for _ in range(2)]
    values = len(packer.values)
    assert len(packer.sources) == 1
    assert values < len(execution.nodes)
    arrays = packer.packed()
    assert column_of(arrays["site"], "<i4").size == 2 * len(execution.nodes)
    again = _read((arrays, packer.values, packer.sources, plains[1]), execution)
    assert [node.inputs for node in again.nodes] == [node.inputs for node in execution.nodes]


def test_the_size_grows_with_nodes_and_with_large_values(execution):
    small = size_of_trace(execution)
    larger = copy.copy(execution)
    node = copy.copy(execution.nodes[0])
    node.value = np.zeros(1000)
    larger.nodes = [node, *execution.nodes[1:]]
    assert size_of_trace(larger) >= small + 8000 - 100


# Files of a stranger


def _changed(what, change):
    """Change a part of a stored trace: a column of the nodes, or a field of the rest."""

    def changed(stored):
        arrays, values, sources, plain = copy.deepcopy(stored)
        if what in arrays:
            column = column_of(arrays[what], "<i4").copy()
            change(column)
            arrays[what] = planes(column)
        else:
            parts = {"values": values, "source": sources[0], "plain": plain}
            change(parts[what])
        return arrays, values, sources, plain

    return changed


def _set(place, value):
    return lambda part: part.__setitem__(place, value)


WRONG = {
    "a site that is none": _changed("site", _set(3, 10_000)),
    "a negative site": _changed("site", _set(3, -1)),
    "a frame that is none": _changed("frame", _set(0, 7)),
    "a value that is none": _changed("value", _set(2, 99_999)),
    "a negative value": _changed("value", _set(2, -1)),
    "a decision to come": _changed("decision", _set(5, -2)),
    "a decision before the first node": _changed("decision", _set(5, 500)),
    "more inputs than there are": _changed("inputs", _set(1, 10**9)),
    "fewer inputs than none": _changed("inputs", _set(1, -1)),
    "an input to come": _changed("read", _set(0, -1)),
    "itself as an input": _changed("read", _set(0, 0)),
    "an input before the first node": _changed("read", _set(0, 10_000)),
    "more nodes than there are": _changed("plain", _set("nodes", [0, 10**6, 0])),
    "nodes before the first": _changed("plain", _set("nodes", [-5, 5, 0])),
    "nodes that are no numbers": _changed("plain", _set("nodes", ["0", 5, 0])),
    "a source that is none": _changed("plain", _set("source", 1)),
    "an output that is none": _changed("plain", _set("output_nodes", [10**6])),
    "an output value that is none": _changed("plain", _set("outputs", [-1])),
    "a statement that raised and is none": _changed("plain", _set("error_statement", 999)),
    "a caller to come": _changed("plain", _set("frames", [["f", 10**6, -1]] * 9)),
    "a call made in a frame to come": _changed("plain", _set("frames", [["f", -1, 0]] * 9)),
    "no frames": _changed("plain", lambda plain: plain.pop("frames")),
    "a value of an unknown kind": _changed("values", _set(0, {"pickle": "cos"})),
    "a value that is no tree": _changed("values", _set(0, 3)),
    "a value that is an attribute": _changed("values", _set(0, {"array__": 0})),
    "a kind of statement that is none": _changed(
        "source", lambda source: source["statements"][0].__setitem__(2, "goto")
    ),
    "a statement with another number": _changed(
        "source", lambda source: source["statements"][0].__setitem__(0, 4)
    ),
    "a statement inside itself": _changed(
        "source", lambda source: source["statements"][1].__setitem__(7, 1)
    ),
    "a site in no statement": _changed(
        "source", lambda source: source["sites"][0].__setitem__(3, 10_000)
    ),
    "a site that is a part of itself": _changed(
        "source", lambda source: source["sites"][0].__setitem__(7, [0])
    ),
    "a function in no file": _changed("source", _set("files", {})),
    "a file that is none of the project's": _changed(
        "source", lambda source: source["files"].update({"f": "../../etc/passwd"})
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_refused(stored, execution, what):
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        _read(WRONG[what](stored), execution)


def test_a_column_that_is_lacking_is_refused(stored, execution):
    arrays, *rest = stored
    del arrays["decision"]
    with pytest.raises(LookupError):
        _read((arrays, *rest), execution)


def test_columns_of_several_lengths_are_refused(stored, execution):
    arrays, *rest = stored
    arrays["site"] = arrays["site"][:, :-1]
    with pytest.raises(ValueError, match="several lengths"):
        _read((arrays, *rest), execution)
