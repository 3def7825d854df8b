"""Variables that hold the same numbers are proposed as counterparts; declared ones are read."""

import numpy as np
import pytest

from lockstep.explain.counterparts import Proposal, declared, laid_out, proposals
from lockstep.model.events import Event

A = np.arange(6.0).reshape(2, 3) / 7
COLUMN = A.ravel(order="F")[:, np.newaxis]


def bound(**values):
    return [Event("f", 1, 1 + i, name, value) for i, (name, value) in enumerate(values.items())]


@pytest.mark.parametrize(
    ("octave", "python", "layout"),
    [
        pytest.param(A, A, "", id="the same"),
        pytest.param(A, A.T, ".T", id="transposed"),
        pytest.param(COLUMN, A.ravel(order="F"), "", id="a column as 1-D"),
        pytest.param(A.ravel()[:, np.newaxis], A, ".ravel()", id="flattened row by row"),
        pytest.param(A, A * (1 + 1e-12), "", id="but for rounding"),
        pytest.param(np.array([[3.0], [1.0], [2.0]]), np.array([2, 0, 1]), " + 1", id="indices"),
    ],
)
def test_proposes(octave, python, layout):
    found = proposals(bound(beta=octave), bound(b=python), [])
    assert found == [Proposal("beta", "b", layout)]
    np.testing.assert_allclose(np.ravel(laid_out(python, layout), "F"), np.ravel(octave, "F"))


@pytest.mark.parametrize(
    ("octave", "python", "matched"),
    [
        pytest.param(A, A + 1, [], id="other numbers"),
        pytest.param(A, A[:1], [], id="fewer"),
        pytest.param(np.ones((3, 3)), np.ones((3, 3)), [], id="numbers that tell nothing"),
        pytest.param(np.array([[2.0]]), 2.0, [], id="one number"),
        pytest.param(A, A, [("beta", "other")], id="Octave's is matched by name"),
        pytest.param(A, A, [("other", "b")], id="the port's is matched by name"),
        pytest.param("text", "text", [], id="text"),
    ],
)
def test_proposes_nothing(octave, python, matched):
    assert proposals(bound(beta=octave), bound(b=python), matched) == []


def test_proposes_each_variable_once():
    found = proposals(bound(p=A, q=A), bound(b=A), [])
    assert [(one.octave_name, one.python_name) for one in found] == [("p", "b")]


def test_reads_declared_names():
    plain, layouts = declared({"a": "b", "c": "d.T", "e": "f.ravel()", "i": "k + 1"})
    assert plain == {"a": "b", "c": "d", "e": "f", "i": "k"}
    assert layouts == {"a": "", "c": ".T", "e": ".ravel()", "i": " + 1"}


@pytest.mark.parametrize("text", ["", "b.t", "b + 2", "b[0]", "1"])
def test_refuses_what_is_no_name(text):
    with pytest.raises(ValueError, match="the counterpart of a must be a name"):
        declared({"a": text})
