"""A search as an engine runs it: batch after batch, with what it found in words.

May import all of this folder.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import count

from lockstep.fuzz.findings import Counted, Doing, Told
from lockstep.fuzz.memory import remember, remembered
from lockstep.fuzz.search import Found, Search
from lockstep.fuzz.strategies import Input
from lockstep.fuzz.telling import case_line, told
from lockstep.model.archive import ArchiveError
from lockstep.model.errors import described
from lockstep.model.phases import Phase
from lockstep.project.cases import CasesError
from lockstep.project.pairs import Pair
from lockstep.runner import Runner


class Fuzzing:
    """The search of one pair in one engine.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    limit : float
        Seconds that each side may take for one input.

    Raises
    ------
    ProjectError, CasesError
        If the pair has no cases, or none to make inputs after, or no port that can be imported.
    """

    def __init__(self, runner: Runner, pair: Pair, limit: float) -> None:
        self.pair = pair
        self._runner = runner
        self._cases = {n: case for n, case in runner.cases(pair).cases.items() if not case.raises}
        self._search = Search(runner, pair, self._cases, limit)
        self._names = set(self._cases)
        self._kept, self._lost = self._remembered()
        if not self._search.is_possible:
            raise CasesError(
                f"{pair.name} has no case with numbers or texts among its arguments, "
                "after which inputs could be made"
            )
        runner.now(Phase.PORT, runner.timeout)  # to import it is no input's time
        try:
            runner.port.function(pair.name)
        except Exception as error:
            raise CasesError(f"{pair.name} cannot be searched: {described(error)}") from None

    def _remembered(self) -> tuple[list[Input], str]:
        """Return what an earlier search found, and why it cannot be read."""
        try:
            return remembered(self._runner.project, self.pair, self._cases), ""
        except (OSError, ArchiveError) as error:
            return [], f"what an earlier search found is lost: {error}"

    def again(self) -> Iterator[Told | str]:
        """Try what failed in an earlier search; yield what still does, and how many do not."""
        if self._lost:
            yield self._lost
        meant = self._runner.deviations.get(self.pair.name, {})
        self._search.expect([case for name, case in self._cases.items() if name in meant])
        before = list(self._kept)
        for one in before:
            found = self._search.again(self._search.case(one), one.like)
            if found is None:
                self._kept.remove(one)
            else:
                yield self._told(found)
        mended = len(before) - len(self._kept)
        if mended:
            yield f"{mended} of {len(before)} inputs that failed before agree now"
        self._remember()

    def batch(self, seed: int) -> Iterator[Told | Counted | Doing]:
        """Draw a batch and try it; yield what is found, and what was counted."""
        for found in self._search.tried(seed):
            if isinstance(found, Doing):
                yield found
                continue
            yield Doing(f"{found.key.kind}: {found.key.what}; looking for the place in the port")
            self._kept.append(Input(found.case.args, found.like))
            self._remember()
            yield self._told(found)
        counts, self._search.counts = self._search.counts, Counter()
        died, self._search.trial.died = self._search.trial.died, 0
        seconds, self._search.seconds = self._search.seconds, 0.0
        yield Counted(**counts, died=died, seconds=seconds)

    def one_by_one(self, seed: int, first: int) -> None:
        """Call the port with the inputs of a batch from some number on, announcing each."""
        inputs = [one for example in self._search.batch(seed) for one in example]
        self._search.trial.port_alone([self._search.case(one) for one in inputs], first)

    def input(self, seed: int, number: int, why: str) -> Told:
        """Put an input that ended the engine into words, and remember it."""
        one = [one for example in self._search.batch(seed) for one in example][number]
        self._kept.append(one)
        self._remember()
        name = self._name()
        line = case_line(name, self._search.case(one), one.like, self._cases)
        return Told(name, why, f"{self.pair.name}: {why}", line)

    def _told(self, found: Found) -> Told:
        return told(self._runner, self._search, found, self._cases, self._name())

    def _name(self) -> str:
        """Return a name that no case has, and none before."""
        name = next(f"fuzz {i}" for i in count(1) if f"fuzz {i}" not in self._names)
        self._names.add(name)
        return name

    def _remember(self) -> None:
        try:
            remember(self._runner.project, self.pair, self._kept)
        except (OSError, ArchiveError) as error:
            raise CasesError(f"what was found cannot be remembered: {error}") from None
