"""Several pairs at a time, each in an engine of its own; results come in the pairs' order.

May import `project`, `supervisor` and `reports`.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

from lockstep.compare.case_result import PairResult
from lockstep.project.choosing import EVERY_CASE, CaseChoice
from lockstep.reports.progress import Progress
from lockstep.supervisor import Supervisor


def several(
    pairs: Sequence[str],
    first: Supervisor,
    make: Callable[[], Supervisor],
    jobs: int,
    progress: Progress,
    choice: CaseChoice = EVERY_CASE,
) -> Iterator[list[PairResult]]:
    """Yield what `Supervisor.run_pair` gives for each pair, in order.

    Parameters
    ----------
    pairs : sequence of str
        Names.
    first : Supervisor
        One that is started already; it stays open.
    make : callable
        Makes the others; they are closed at the end.
    jobs : int
        How many pairs are run at a time.
    progress : Progress
        Shows the case that began last.
    choice : CaseChoice
        Which cases; by default every one.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for pair in pairs:
        waiting.put(pair)
    results: dict[str, queue.SimpleQueue[list[PairResult] | BaseException]] = {
        pair: queue.SimpleQueue() for pair in pairs
    }

    def work(both: Supervisor) -> None:
        while True:
            try:
                pair = waiting.get_nowait()
            except queue.Empty:
                break
            try:
                results[pair].put(both.run_pair(pair, progress.of(pair), choice))
            except BaseException as error:
                results[pair].put(error)
        if both is not first:
            both.close()

    workers = [first, *(make() for _ in range(jobs - 1))]
    threads = [threading.Thread(target=work, args=[one], daemon=True) for one in workers]
    try:
        for thread in threads:
            thread.start()
        for pair in pairs:
            found = results[pair].get()
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        while not waiting.empty():
            waiting.get_nowait()
        for one in workers[1:]:
            one.close(at_once=True)
        for thread in threads:
            thread.join(0.1)
