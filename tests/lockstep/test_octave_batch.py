"""Many calls of Octave in one exchange give what as many calls one by one give."""

import numpy as np
import pytest
import scipy.sparse

from lockstep.model.values import OctaveFunction, UnsupportedValueError
from lockstep.project.cases import row
from lockstep.sides.octave import Call, OctaveDiedError, OctaveError, OctaveSession
from lockstep.sides.octave_batch import AT_ONCE, call_batch

VALUES = {
    "int": 3,
    "large int": 2**60,
    "float": 0.1,
    "bool": True,
    "complex": 1 - 2j,
    "complex without imaginary part": complex(2, 0),
    "matrix": np.arange(6.0).reshape(2, 3),
    "column-major matrix": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "row": row([1.0, 2.0]),
    "column": np.array([1.0, np.nan, -0.0]),
    "no rows": np.zeros((0, 3)),
    "no element": np.zeros(0),
    "int64": np.arange(3),
    "int8": np.array([[-1, 2]], np.int8),
    "uint64": np.array([2**64 - 1], np.uint64),
    "single": np.float32(1.5),
    "logical": np.array([[True], [False]]),
    "complex matrix": np.array([[1j, 2], [np.inf, 0]]),
    "complex single": np.array([1j], np.complex64),
    "three dimensions": np.arange(8.0).reshape(2, 2, 2),
    "text": "a'b",
    "nothing": None,
    "cell": [1, "a", [2]],
    "struct": {"a": 1},
    "sparse": scipy.sparse.csc_array(np.eye(2)),
}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Make a session that knows `same`, which returns its arguments, `refuse` and `die`."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "same.m").write_text(
        "function varargout = same (varargin)\nvarargout = varargin;\nend\n"
    )
    (folder / "refuse.m").write_text(
        "function y = refuse (x)\nif x > 1\n  error ('refuse:x', 'no %d', x);\nend\ny = x;\nend\n"
    )
    (folder / "two.m").write_text("function [a, b] = two (x)\na = x;\nb = 2 * x;\nend\n")
    (folder / "die.m").write_text("function die (x)\nif x\n  kill (getpid (), 9);\nend\nend\n")
    with OctaveSession([folder], 20) as session:
        yield session


def test_every_kind_of_value_goes_and_comes_as_one_by_one(session):
    calls = [Call([value], 1) for value in VALUES.values()]
    calls.append(Call(list(VALUES.values()), len(VALUES)))
    for call, reply in zip(calls, call_batch(session, "same", calls), strict=True):
        alone = session.call("same", *call.args, nargout=call.nargout)
        assert repr(reply.outputs) == repr(alone.outputs)


def test_an_error_is_that_of_its_call_alone(session):
    found = call_batch(session, "refuse", [Call([float(x)]) for x in (1, 2, 0)])
    assert [type(one) for one in found[::2]] != [OctaveError, OctaveError]
    assert (found[1].message, found[1].identifier) == ("no 2", "refuse:x")
    assert [one.outputs[0].item() for one in found[::2]] == [1, 0]


@pytest.mark.parametrize(("nargout", "count"), [(None, 2), (2, 2), (1, 1), (0, 0)])
def test_as_many_outputs_come_as_are_asked_for(session, nargout, count):
    (found,) = call_batch(session, "two", [Call([1.0], nargout)])
    assert len(found.outputs) == count


def test_no_more_go_into_an_exchange_than_may(session):
    calls = [Call([float(x)], 1) for x in range(2 * AT_ONCE)]
    assert len(call_batch(session, "same", calls)) == AT_ONCE


def test_a_function_is_sent(session):
    handle = OctaveFunction("@(x) x + a", {"a": 2.0})
    (found,) = call_batch(session, "feval", [Call([handle, 3.0], 1)])
    assert found.outputs[0].item() == 5


def test_what_cannot_be_sent_ends_the_exchange_before_it(session):
    calls = [Call([1.0], 1), Call([object()], 1)]
    assert len(call_batch(session, "same", calls)) == 1
    with pytest.raises(UnsupportedValueError):
        call_batch(session, "same", calls[1:])


def test_a_death_of_octave_is_raised(session):
    with pytest.raises(OctaveDiedError):
        call_batch(session, "die", [Call([0.0]), Call([1.0])])
    assert len(call_batch(session, "die", [Call([0.0])])) == 1
