"""Engines that are started, Octave and all, before they are needed.

May import `supervisor` and all before it.
"""

import contextlib
from collections import deque
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from lockstep.project.pairs import Project
from lockstep.supervisor import Supervisor

SPARES = 2
"""Engines that are kept ready: so many runs in a row wait for none."""


class SpareEngines:
    """Keeps some engines ready; those that are taken are made up for meanwhile.

    Parameters
    ----------
    timeout : float or None
        Seconds that each side of a case may take; None for what the project says.
    """

    def __init__(self, timeout: float | None) -> None:
        self._timeout = timeout
        self._starter = ThreadPoolExecutor(1)
        self._started: deque[tuple[Supervisor, Future[dict[str, str]]]] = deque()

    def fill(self, project: Project) -> None:
        """Begin to start what lacks, beside what else is done."""
        while len(self._started) < SPARES:
            both = Supervisor(project, self._timeout)
            self._started.append((both, self._starter.submit(both.machine)))

    def wait(self, project: Project) -> None:
        """Wait until there is one.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave.
        """
        self.fill(project)
        started = self._started[0][1]
        try:
            started.result()
        except Exception:
            self.close()
            raise

    def take(self, project: Project) -> Supervisor:
        """Return one, and begin to start another in its place.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave.
        """
        self.wait(project)
        both, _ = self._started.popleft()
        self.fill(project)
        return both

    def close(self) -> None:
        """End those that nobody took."""
        given_up, self._started = self._started, deque()
        for both, started in given_up:
            started.cancel()
            both.close(at_once=True)
        for both, started in given_up:
            with contextlib.suppress(Exception, CancelledError):
                started.result()
            both.close(at_once=True)  # it may have been about to start
