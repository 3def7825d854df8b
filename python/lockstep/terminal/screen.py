"""Where a command writes: on a terminal in colours and at its width, elsewhere as plain text.

On a terminal text is not cut and not broken by us: what is copied is what was printed. May import
rich, `tables` and `visible`.
"""

import sys
from typing import TextIO

from rich.console import Console
from rich.highlighter import RegexHighlighter
from rich.theme import Theme

from lockstep.terminal.tables import Row
from lockstep.terminal.visible import visible

THEME = Theme({"report.wrong": "red", "report.right": "green", "report.removed": "red"})


class _Report(RegexHighlighter):
    """Colours what is wrong in a report, and what mends it."""

    base_style = "report."
    highlights = [  # noqa: RUF012
        r"(?m)^ +(?P<wrong>\^+)$",
        r"(?m), case .*: (?P<wrong>different|error)$",
        r"(?m)^(?P<wrong>DISAGREE: .*)$",
        r"(?m)^(?P<right>all agree.*)$",
        r"(?m)^(?P<wrong>> .*)$",
        r"(?m)^ {4,6}(?P<removed>-.*)$",
        r"(?m)^ {4,6}(?P<right>\+.*)$",
    ]


class Screen:
    """Writes what a person reads; characters that would turn or control it are shown as codes.

    Parameters
    ----------
    stream : TextIO, optional
        Where to; standard output by default.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._console: Console | None = None
        if self._stream.isatty():
            self._console = Console(
                file=self._stream,
                highlighter=_Report(),
                theme=THEME,
                markup=False,
                emoji=False,
                force_terminal=True,
                force_jupyter=False,
            )

    @property
    def width(self) -> int | None:
        """Columns of the terminal; None where it is none."""
        return None if self._console is None else self._console.width

    def say(self, said: str | Row = "") -> None:
        """Write a text, or a row of a table."""
        if self._console is None:
            text = str(said) if isinstance(said, Row) else visible(said)
            print(text, file=self._stream, flush=True)
        elif isinstance(said, Row):
            self._console.print(said)
        else:
            self._console.print(visible(said), soft_wrap=True)

    def patch(self, text: str) -> None:
        """Write a patch: into a file as it is, since a program reads it there."""
        if self._console is None:
            print(text, end="", file=self._stream, flush=True)
        else:
            self.say(text.removesuffix("\n"))
