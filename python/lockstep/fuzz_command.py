"""The command `lockstep fuzz`: inputs made up after the cases of a pair, tried on both sides.

May import all folders before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

import time
from collections.abc import Callable
from importlib.util import find_spec

from lockstep import wire
from lockstep.engine_process import EngineError
from lockstep.fuzz.findings import Counted, Doing, Told
from lockstep.model.phases import Phase
from lockstep.project.cases import CasesError
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.supervisor import Supervisor
from lockstep.terminal.progress import Progress

SECONDS = 30.0
"""How long a search takes, if nobody says otherwise."""

LIMIT = 10.0
"""Seconds that each side may take for one input."""

MOST_FOUND = 10
"""A search ends when it has found so much."""

MOST_ENDED = 5
"""... or when the port has ended its process, or Octave has died, so often."""

Say = Callable[[str], None]


class Fuzz:
    """One search of the command.

    Parameters
    ----------
    project, pair : Project, Pair
        Where to search.
    seconds : float
        How long, after what failed before was tried; one batch is tried in any case.
    seed : int
        The first batch is drawn from this seed, the next from the next.
    limit : float or None
        Seconds that each side may take for one input.
    progress : Progress
        Where to show what is being done.

    Raises
    ------
    ProjectError
        If Hypothesis is missing.
    """

    def __init__(
        self,
        project: Project,
        pair: Pair,
        seconds: float,
        seed: int,
        limit: float | None,
        progress: Progress,
    ) -> None:
        if find_spec("hypothesis") is None:
            raise ProjectError(
                "lockstep fuzz draws its inputs with Hypothesis, which is not installed: "
                "pip install 'lockstep-octave[fuzz]'"
            )
        self._pair = pair
        self._project = project
        self._seconds = seconds
        self._seed = seed
        self._limit = limit or LIMIT
        self._progress = progress
        self._found: set[str] = set()
        self._counted = Counted()
        self._ended = 0

    def searched(self, say: Say = print) -> bool:
        """Search, and return whether nothing was found.

        Raises
        ------
        ProjectError
            If there is nothing to search, or what is found cannot be kept.
        OctaveNotFoundError
            If there is no Octave.
        """
        start = time.monotonic()
        with Supervisor(self._project) as both:
            try:
                self._earlier(both, say)
                start, seed = time.monotonic(), self._seed
                while seed == self._seed or self._goes_on(start):
                    self._batch(both, seed, start, say)
                    seed += 1
            except (CasesError, EngineError) as error:
                raise ProjectError(str(error)) from error
            except KeyboardInterrupt as error:
                if type(error) is not KeyboardInterrupt or not self._counted.calls:
                    raise
                both.close(at_once=True)
            finally:
                self._progress.clear()
        self._say_counts(time.monotonic() - start, say)
        return not self._found

    def _goes_on(self, start: float) -> bool:
        in_time = time.monotonic() - start < self._seconds
        ended = max(self._ended, self._counted.died)
        return in_time and len(self._found) < MOST_FOUND and ended < MOST_ENDED

    def _earlier(self, both: Supervisor, say: Say) -> None:
        self._progress.show(f"{self._pair.name}: what failed before is tried first")
        try:
            again = wire.FuzzAgain(self._pair.name, self._limit)
            both.each(again, lambda one: self._say(one, say))
        except EngineError as error:
            self._ended += 1
            self._found.add(str(error))
            self._progress.clear()
            say(f"an input that failed before still does: {error}\n")

    def _batch(self, both: Supervisor, seed: int, start: float, say: Say) -> None:
        name = self._pair.name
        took = time.monotonic() - start
        found = f", {len(self._found)} found" if self._found else ""
        self._progress.show(
            f"{name}: {self._counted.calls} calls, {took:.0f} of {self._seconds:g} s{found}"
        )
        try:
            batch = wire.FuzzBatch(name, seed, self._limit)
            both.each(batch, lambda one: self._say(one, say))
        except EngineError as error:
            self._ended += 1
            if error.phase is not Phase.PORT:
                raise
            self._say(self._culprit(both, seed, error), say)

    def _culprit(self, both: Supervisor, seed: int, error: EngineError) -> Told:
        """Tell the input on which the port ended its process, or did not end."""
        name, limit = self._pair.name, self._limit
        told: list[Told] = []
        try:
            both.each(wire.FuzzPort(name, seed, limit, max(error.number, 0)), told.append)
        except EngineError as again:
            request = wire.FuzzInput(name, seed, limit, again.number, str(again))
            both.each(request, told.append)
            return told[0]
        # An input that was being made small: it is not of the batch.
        return Told("", str(error), f"{name}: {error}", "")

    def _say(self, one: Told | Counted | Doing | str, say: Say) -> None:
        if isinstance(one, Counted):
            self._counted += one
            return
        if isinstance(one, Doing):
            self._progress.show(f"{self._pair.name}: {one.text}")
            return
        self._progress.clear()
        if isinstance(one, str):
            say(f"{one}\n")
            return
        if one.key in self._found:
            return  # found by an engine that died since
        self._found.add(one.key)
        say(one.text)
        if one.line:
            file = self._project.cases_file(self._pair)
            say(f"  to keep it, and to trace it, add to {file.name}:")
            say(f"    {one.line}")
        say("")

    def _say_counts(self, seconds: float, say: Say) -> None:
        total = self._counted
        rate = f", {total.calls / total.seconds:.0f} a second" if total.seconds else ""
        say(
            f"{self._pair.name}: {total.calls} calls{rate}; {len(self._found) or 'nothing'} found "
            f"in {seconds:.0f} s"
        )
        say(f"  {total.same} gave the same bits; in {total.raised} both sides raised an error")
        if total.small:
            say(
                f"  {total.small} are less than 1e-7 apart, which may be rounding: the largest of "
                "each batch was judged"
            )
        if total.died:
            say(f"  in {total.died} Octave itself did not end, or died: these say nothing")
        if self._found:
            say("  what was found is tried first the next time")
