"""What is being done, while it is done: bars with the time left, on a terminal; elsewhere nothing.

Bars of rich's below all that was printed, gone when something is printed again. May import rich,
and `visible`.
"""

import threading
import time
from collections.abc import Callable
from typing import TextIO

from rich import progress as bars
from rich.console import Console
from rich.table import Column

from lockstep.terminal.visible import visible

SHOWN = 3
"""Pairs that are shown at a time: those whose cases began last."""

BAR = 16
"""Columns of a bar."""

A_SECOND = 4
"""How often the bars are drawn."""


AN_HOUR = 3600.0
"""How far back the time left is reckoned from, in seconds: a case may take minutes."""


class _Terminal(Console):
    """A terminal that keeps its cursor: a process that is killed cannot give it back."""

    def show_cursor(self, show: bool = True) -> bool:
        """Leave the cursor as it is."""
        return False


class Progress:
    """Shows what is being done, from whatever thread.

    Parameters
    ----------
    stream : TextIO
        Where; nothing is shown unless it is a terminal.
    wanted : bool
        Whether anything is to be shown at all.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(
        self, stream: TextIO, wanted: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        console = _Terminal(
            file=stream, markup=False, emoji=False, highlight=False, force_jupyter=False
        )
        self._shown = wanted and stream.isatty() and not console.is_dumb_terminal
        self._lock = threading.Lock()
        self._tasks: dict[str, bars.TaskID] = {}
        self._bars = bars.Progress(
            bars.TextColumn(
                "{task.description}",
                markup=False,
                table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
            ),
            bars.BarColumn(BAR),
            bars.TextColumn("{task.fields[count]}", markup=False),
            bars.TimeRemainingColumn(compact=True),
            console=console,
            refresh_per_second=A_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            expand=True,
            speed_estimate_period=AN_HOUR,
            get_time=clock,
        )

    def of(self, pair: str) -> Callable[[int, int, str], None]:
        """Return what a run of one pair calls before each case: its number, of how many, its name.

        Parameters
        ----------
        pair : str
            Name.
        """

        def begins(number: int, total: int, case: str) -> None:
            self._show(pair, f"{pair}: {case}", total, number - 1)

        return begins

    def show(self, text: str) -> None:
        """Show what is being done, where nobody knows how much of it there is."""
        if text:
            self._show("", text, None, 0)

    def ended(self, pair: str) -> None:
        """Show no more of a pair."""
        with self._lock:
            self._remove(pair)

    def clear(self) -> None:
        """Remove the bars until there is something new to show."""
        with self._lock:
            self._remove("")
            if self._shown:
                self._bars.stop()

    def _show(self, key: str, text: str, total: int | None, done: int) -> None:
        if not self._shown:
            return
        with self._lock:
            if key not in self._tasks:
                self._tasks[key] = self._bars.add_task("", total=total, completed=done, count="")
            task = self._tasks[key] = self._tasks.pop(key)  # the last of all
            count = "" if total is None else f"{done + 1} of {total}"
            self._bars.update(task, description=visible(text), completed=done, count=count)
            for other in list(self._tasks)[:-SHOWN]:
                self._remove(other)
            self._bars.start()
            self._bars.refresh()

    def _remove(self, key: str) -> None:
        task = self._tasks.pop(key, None)
        if task is not None:
            self._bars.remove_task(task)
