"""What libraries write to standard error by themselves is not seen."""

import os
from pathlib import Path

import pytest

from lockstep.sides.silence import silent_libraries


def test_what_is_written_within_is_not_seen_and_what_is_written_after_is(capfd):
    os.write(2, b"before ")
    with silent_libraries():
        os.write(2, b"within ")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after"


def test_an_error_within_ends_the_silence(capfd):
    with pytest.raises(KeyError), silent_libraries():
        raise KeyError
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


OPEN = Path("/proc/self/fd")


@pytest.mark.skipif(not OPEN.is_dir(), reason="the system does not list open descriptors")
def test_no_descriptor_is_left():
    before = len(list(OPEN.iterdir()))
    with silent_libraries():
        pass
    assert len(list(OPEN.iterdir())) == before
