"""A block that goes on without end is stopped, whatever it does."""

import contextlib
import io
import signal
import sys
import threading

import pytest

from lockstep.model.errors import RunawayError
from lockstep.sides import alarm
from lockstep.sides.alarm import within


def spins():
    while True:
        pass


def grows():
    number = 3
    while True:
        number = number**3


def catches():
    while True:
        try:
            spins()
        except Exception:
            continue


@pytest.mark.parametrize("work", [spins, grows, catches])
def test_what_has_no_end_is_stopped(work):
    with pytest.raises(RunawayError, match=r"it went on for 0\.05 s"), within(0.05):
        work()


def test_a_bare_except_is_stopped_at_the_second_ring():
    def swallows_once():
        try:
            spins()
        except:  # noqa: E722
            spins()

    with pytest.raises(RunawayError), within(0.05):
        swallows_once()


def test_an_alarm_that_was_set_before_is_set_again():
    with within(60.0):
        with pytest.raises(RunawayError), within(0.05):
            spins()
        left, again = signal.getitimer(signal.ITIMER_REAL)
    assert 59 < left < 60
    assert again == alarm.AGAIN


def test_and_rings_where_it_is_late():
    def spins_twice():
        with contextlib.suppress(RunawayError), within(0.2):
            spins()
        spins()

    with pytest.raises(RunawayError, match=r"it went on for 0\.1 s"), within(0.1):
        spins_twice()


def test_what_ends_in_time_is_left_alone_and_so_is_the_handler():
    before = signal.getsignal(signal.SIGALRM)
    with within(60.0):
        found = sum(range(10))
    assert found == 45
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_in_another_thread_nothing_rings():
    found = []

    def work():
        with within(1e-3):
            found.append(sum(range(100_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [sum(range(100_000))]


def test_what_takes_all_memory_is_stopped_and_the_limit_is_lifted():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), within(60.0, memory=2**26):
        bytearray(2**28)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(2**28)) == 2**28


def test_what_a_context_manager_puts_in_order_is_put_in_order(monkeypatch):
    """The alarm rings again and again while the output is being given back."""
    before = sys.stdout
    monkeypatch.setattr(alarm, "AGAIN", 1e-4)

    class Slow(contextlib.redirect_stdout):
        def __exit__(self, *error):
            for _ in range(100_000):
                pass
            return super().__exit__(*error)

    with pytest.raises(RunawayError):
        alarm_within_redirected(Slow(io.StringIO()))
    assert sys.stdout is before


def alarm_within_redirected(redirected):
    with within(0.01), redirected:
        spins()
