"""The bars that say what is being done: on a terminal, in a line each, with the time left."""

import io
import re

import pytest

from lockstep.terminal.progress import Progress

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """Remembers what was written to it."""

    def isatty(self):
        """Say that this is a terminal."""
        return True

    @property
    def lines(self):
        """Return the bars that were drawn last."""
        drawn = self.getvalue().rpartition("\r\x1b[2K")[2]
        return [line.strip() for line in CONTROL.sub("", drawn).splitlines()]


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def terminal():
    return Terminal()


@pytest.fixture
def drawn(terminal):
    """Return progress on the terminal, and its clock as a list of one time."""
    now = [0.0]
    progress = Progress(terminal, clock=lambda: now[0])
    yield progress, now
    progress.clear()


@pytest.mark.parametrize(
    ("stream", "options"),
    [
        pytest.param(io.StringIO(), {}, id="a pipe"),
        pytest.param(Terminal(), {"wanted": False}, id="--no-progress"),
    ],
)
def test_nothing_is_written_where_none_is_wanted(stream, options):
    progress = Progress(stream, **options)
    progress.of("f")(1, 2, "one")
    progress.show("tracing")
    progress.clear()
    assert stream.getvalue() == ""


def test_a_terminal_that_can_only_write_on_shows_none(monkeypatch, terminal):
    monkeypatch.setenv("TERM", "dumb")
    Progress(terminal).show("tracing")
    assert terminal.getvalue() == ""


def test_a_case_is_named_and_counted(terminal, drawn):
    begins = drawn[0].of("f")
    begins(1, 2, "one")
    assert terminal.lines[-1].startswith("f: one ")
    assert "1 of 2" in terminal.lines[-1]
    begins(2, 2, "two")
    assert terminal.lines[-1].startswith("f: two ")
    assert "2 of 2" in terminal.lines[-1]


@pytest.mark.parametrize(
    ("seconds", "left"),
    [
        pytest.param(1.0, "00:08", id="a second a case"),
        pytest.param(60.0, "08:00", id="a minute a case"),
    ],
)
def test_the_time_left_follows_from_the_cases_that_are_done(terminal, drawn, seconds, left):
    progress, now = drawn
    begins = progress.of("f")
    begins(1, 10, "one")
    assert terminal.lines[-1].endswith("--:--")
    for number in (2, 3):
        now[0] += seconds
        begins(number, 10, f"case {number}")
    assert terminal.lines[-1].endswith(left)


def test_a_long_name_stays_in_one_line(terminal, drawn):
    drawn[0].of("f")(1, 2, "x" * 200)
    (line,) = terminal.lines
    assert len(line) <= 80
    assert "x…" in line
    assert "1 of 2" in line


def test_pairs_that_run_at_a_time_have_a_line_each_those_that_began_last(terminal, drawn):
    progress = drawn[0]
    for name in "abcd":
        progress.of(name)(1, 2, "one")
    assert [line[:6] for line in terminal.lines] == ["b: one", "c: one", "d: one"]
    progress.of("a")(2, 2, "two")
    assert [line[:6] for line in terminal.lines] == ["c: one", "d: one", "a: two"]
    progress.ended("d")
    progress.of("c")(2, 2, "two")
    assert [line[:6] for line in terminal.lines] == ["c: two", "a: two"]


def test_what_has_no_end_is_named(terminal, drawn):
    drawn[0].show("f: tracing 'one'")
    assert terminal.lines[-1].startswith("f: tracing 'one'")


def test_names_are_text_and_their_characters_harmless(terminal, drawn):
    drawn[0].of("[red]f")(1, 1, "a\x1b[2Jb\u202e")
    assert terminal.lines[-1].startswith("[red]f: a\\u001b[2Jb\\u202e")


def test_what_is_cleared_is_gone_until_there_is_something_new(terminal):
    progress = Progress(terminal)
    progress.show("tracing")
    progress.clear()
    assert "".join(terminal.lines) == ""
    progress.show("again")
    assert terminal.lines[-1].startswith("again")
    progress.clear()


def test_the_cursor_is_never_hidden(terminal, drawn):
    """A process that is killed cannot show it again."""
    drawn[0].show("tracing")
    assert "\x1b[?25l" not in terminal.getvalue()
