"""The line that says which case is running: on a terminal, in one line, with the time left."""

import io
import os

import pytest

from lockstep.reports.progress import ERASE_LINE, Progress


class Terminal(io.StringIO):
    """Remembers what was written."""

    def isatty(self):  # noqa: D102
        return True

    @property
    def line(self):
        """Return what is seen."""
        return self.getvalue().rpartition(ERASE_LINE)[2]


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    size = os.terminal_size((80, 24))
    monkeypatch.setattr("shutil.get_terminal_size", lambda fallback=(80, 24): size)


def test_nothing_is_written_where_there_is_no_terminal():
    stream = io.StringIO()
    progress = Progress(stream)
    progress.of("f")(1, 2, "one")
    progress.clear()
    assert stream.getvalue() == ""


def test_each_line_is_written_over_the_one_before():
    terminal = Terminal()
    progress = Progress(terminal, clock=lambda: 0.0).of("f")
    progress(1, 2, "one")
    assert terminal.line == "f: case 1 of 2, one"
    progress(2, 2, "two")
    assert terminal.line == "f: case 2 of 2, two"


def test_a_long_name_stays_in_one_line():
    terminal = Terminal()
    Progress(terminal).of("f")(1, 2, "x" * 200)
    assert len(terminal.line) == 79
    assert terminal.line.endswith("x~")


@pytest.mark.parametrize(
    ("seconds", "left"),
    [
        pytest.param(0.1, "", id="soon"),
        pytest.param(1.0, ", about 8 s left", id="a second a case"),
        pytest.param(60.0, ", about 480 s left", id="a minute a case"),
    ],
)
def test_the_time_left_follows_from_the_cases_that_are_done(seconds, left):
    terminal, now = Terminal(), [0.0]
    progress = Progress(terminal, clock=lambda: now[0]).of("f")
    progress(1, 10, "one")
    assert terminal.line == "f: case 1 of 10, one"
    now[0] = 2 * seconds
    progress(3, 10, "three")
    assert terminal.line == f"f: case 3 of 10{left}, three"
