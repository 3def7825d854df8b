"""The tasks of a benchmark in several processes, for as long as there is time.

A benchmark gives its tasks, and counts what comes back: where the time is up there is less of that
than of tasks, and the benchmark says so.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def add_options(parser: argparse.ArgumentParser, jobs: int = 1) -> None:
    """Give a benchmark's command the options --jobs and --within."""
    text = f"do it in so many processes (default {jobs})"
    parser.add_argument("--jobs", metavar="N", type=int, default=jobs, help=text)
    text = "stop after so many seconds, and count what is done until then"
    parser.add_argument("--within", metavar="SECONDS", type=float, help=text)


def done(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    jobs: int = 1,
    within: float | None = None,
) -> Iterator[Result]:
    """Yield what a function gives for the tasks: in several processes, whatever is done first.

    Parameters
    ----------
    function : callable
        Of one task. Several processes import it by its name.
    tasks : sequence
        What to do, in that order.
    jobs : int, default 1
        How many processes; one is this process.
    within : float, optional
        Seconds after which nothing more is yielded. What is at work then is ended, but in this
        process, where a task that has begun is done.
    """
    end = None if within is None else time.monotonic() + within
    if jobs == 1:
        for task in tasks:
            if end is not None and time.monotonic() > end:
                return
            yield function(task)
        return
    with multiprocessing.get_context("spawn").Pool(min(jobs, max(1, len(tasks)))) as pool:
        found = pool.imap_unordered(function, tasks)
        for _ in tasks:
            try:
                yield found.next(None if end is None else max(0.0, end - time.monotonic()))
            except multiprocessing.TimeoutError:
                return


def not_done(count: int, total: int, what: str) -> str:
    """Say how many of the tasks were done, where that is not all; nothing where it is."""
    return f"the time was up after {count} of {total} {what}" if count < total else ""
