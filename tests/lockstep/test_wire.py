"""What passes between supervisor and engine: our own values, and stand-ins for all others."""

import pickle
import socket
import threading

import numpy as np
import pytest
import scipy.sparse

from lockstep import wire
from lockstep.model.phases import Now, Phase
from lockstep.model.values import Handle, Opaque


class Theirs:
    """A class of the user's, whose pickle would run a function."""

    def __reduce__(self):  # noqa: D105
        return print, ("it ran",)


@pytest.mark.parametrize(
    "value",
    [
        Now(Phase.PORT, 60.0, 12),
        wire.RunCase("f", "one", ("f", "f [fast]")),
        {"a": [1, 2.5, "é", None, True, 2**70, 1j], "b": (b"x", {1}, frozenset({2}))},
        Handle("@sin"),
        np.float32(1.5),
        "\udc80",
    ],
)
def test_our_own_values_arrive(value):
    assert wire.loads(wire.dumps(value)) == value


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.array(["é", "b"]),
        np.array([1 + 2j, np.nan]),
        np.ma.masked_array([1.0, 2.0], [True, False]),
        np.zeros((0, 3), np.int8),
    ],
)
def test_arrays_arrive(array):
    found = wire.loads(wire.dumps(array))
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.tobytes() == array.tobytes()


def test_sparse_arrays_arrive():
    found = wire.loads(wire.dumps(scipy.sparse.csc_array([[0.0, 1.0]])))
    assert found.toarray().tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Theirs(), f"{__name__}.Theirs"),
        (Theirs, "type"),
        (lambda x: x, "function"),
        (print, "builtin_function_or_method"),
        (np.add, "numpy.ufunc"),
        (threading.Lock(), "_thread.lock"),
        (np.random.default_rng(1), "numpy.random._generator.Generator"),
    ],
)
def test_any_other_value_becomes_a_stand_in(value, name, capsys):
    array = np.array([value, 1.0], dtype=object)
    assert wire.loads(wire.dumps({"a": [value]})) == {"a": [Opaque(name, name)]}
    assert wire.loads(wire.dumps(array)).tolist() == [Opaque(name, name), 1.0]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", [Theirs(), print, pytest.raises, wire.dumps])
def test_what_is_no_message_is_refused(value, capsys):
    with pytest.raises(pickle.UnpicklingError):
        wire.loads(pickle.dumps(value))
    assert capsys.readouterr().out == ""


@pytest.fixture
def channels():
    ends = [wire.Channel(end) for end in socket.socketpair()]
    yield ends
    for end in ends:
        end.close()


def test_a_channel_carries_what_is_larger_than_its_buffer(channels):
    ours, theirs = channels
    thread = threading.Thread(target=ours.send, args=[np.ones(1_000_000)])
    thread.start()
    assert theirs.receive(10).sum() == 1_000_000
    thread.join()


def test_a_channel_waits_no_longer_than_it_may(channels):
    ours, theirs = channels
    assert not ours.has_message()
    with pytest.raises(TimeoutError):
        ours.receive(0.05)
    theirs._end.send(bytes(4))  # the half of a head
    assert ours.has_message()
    with pytest.raises(TimeoutError):
        ours.receive(0.05)
    with pytest.raises(TimeoutError):
        ours.send(np.ones(1_000_000), 0.05)


def test_a_closed_channel_is_told(channels):
    ours, theirs = channels
    theirs.close()
    with pytest.raises(wire.ClosedError):
        ours.receive(1)
    with pytest.raises(wire.ClosedError):
        ours.send("text", 1)
