"""A change of the port after which its cases agree, found by trying.

May import `evidence`, `candidates`, `changes`, `repeated`, `trying`, `sides` and `model`.
"""

import ast
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import FunctionType

from lockstep.explain.candidates import Candidate, candidates
from lockstep.explain.evidence import Evidence, live_names
from lockstep.explain.outcomes import Match
from lockstep.explain.patience import Patience
from lockstep.explain.repeated import repeated
from lockstep.explain.trying import (
    STEPS,
    TIMES,
    Limit,
    TriedCase,
    Varied,
    agrees_with,
    limit_of,
)
from lockstep.model.report import Mend
from lockstep.project.pairs import Pair
from lockstep.sides.mended import RUN_SECONDS, MendedPort, MendError
from lockstep.sides.port import Port
from lockstep.sides.port_execution import ObservedPort, live_functions

MOST_TRIED = 20
"""Changes of the place itself that are run on the cases ..."""

MOST_SLIPS = 150
"""Plain slips in the statement, of which nothing is known before they are run, that are tried on
the first case that fails, in the time that is left."""

MOST_REPEATED = 4
"""Changes of the place that are made at other places, too, where alone they do not mend it."""

MOST_AROUND = 20
"""... and changes of what it reads."""

MOST_RUN = 20
"""Changes that heal the first case that fails, and so are run on all."""

SECONDS = 10.0
"""Time after which no other change is tried; one that is being run is given as long again."""


@dataclass(frozen=True)
class Tried:
    """What trying changes gave.

    Attributes
    ----------
    candidate : Candidate or None
        The change that makes most cases agree; None where none makes more agree than before.
    mend : Mend or None
        What to say of it.
    healing : tuple of Candidate
        The changes after which the first case that failed agrees.
    """

    candidate: Candidate | None = None
    mend: Mend | None = None
    healing: tuple[Candidate, ...] = ()

    @property
    def heals_all(self) -> bool:
        """Whether every case agrees with the change."""
        return self.mend is not None and self.mend.agreeing == self.mend.cases


def mends(
    port: Port,
    pair: Pair,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    evidence: Evidence,
    steps: int = STEPS,
    seconds: float = SECONDS,
    found: Sequence[Candidate] | None = None,
) -> Tried:
    """Try changes of a place until every case of the pair agrees.

    Parameters
    ----------
    port, pair : Port, Pair
        The Python side.
    failing, agreeing : sequence of TriedCase
        The cases that disagree, at least one, and those that agree. Where the first is `Varied`, a
        change is tried on the cases that it comes with, too.
    evidence : Evidence
        What is known of the place.
    steps : int
        Probes after which a run of the first case is stopped.
    seconds : float
        Time for the runs.
    found : sequence of Candidate, optional
        The candidates, where they are known.

    Returns
    -------
    Tried
        The first change after which every case agrees, those that were made of them as well; where
        there is none, the one after which most do, if they are more than agree without it.
    """
    if not evidence.live:
        return Tried()
    trial = _Trial(port, pair, failing, agreeing, evidence, steps, seconds)
    known = _in_turn(candidates(evidence) if found is None else found)
    again = (more for one in known[:MOST_REPEATED] for more in repeated(one, evidence))
    for candidate in chain(known, again):
        if trial.is_over:
            break
        trial.run(candidate)
    return trial.result()


STEPS_OF_OTHERS, SECONDS_UNCHANGED = 50_000_000, 1.0
"""Probes and seconds after which the port as it is is stopped in a case beyond the first."""

OF_OTHERS = Limit(STEPS_OF_OTHERS, 20.0)
"""When a change is given up in such a case that takes the port as it is longer than that."""


class _Trial:
    """Runs changes on the cases of a pair, and keeps the best."""

    def __init__(
        self,
        port: Port,
        pair: Pair,
        failing: Sequence[TriedCase],
        agreeing: Sequence[TriedCase],
        evidence: Evidence,
        steps: int,
        seconds: float,
    ) -> None:
        self._port, self._pair, self._evidence = port, pair, evidence
        self._cases = [*failing, *agreeing]
        self._first = failing[0]
        self._best: tuple[int, int, Candidate] | None = None
        self._least = len(agreeing)
        self._steps = steps
        self._patience, self._last = Patience(seconds), Patience(2 * seconds)
        self._healing: list[Candidate] = []
        self._is_sure = False
        self._limits: dict[int, Limit] = {}

    @property
    def is_over(self) -> bool:
        """Whether no more is to be tried."""
        return self._is_sure or self._patience.is_over or len(self._healing) >= MOST_RUN

    def run(self, candidate: Candidate) -> None:
        """Try one change."""
        if not self._agreeing(candidate.mended, self._cases[:1]):
            return
        count = self._agreeing(candidate.mended, self._cases)
        if not count:
            return
        self._healing.append(candidate)
        others = 0
        if count == len(self._cases):
            others = self._agreeing(candidate.mended, self._others, to_the_end=True)
            if self._others and others < len(self._others) and others <= self._others_before:
                return  # it heals these very arguments, and no others like them
            self._is_sure = others == len(self._others)
        elif not candidate.is_plausible:
            return
        is_better = self._best is None or (count, others) > self._best[:2]
        if is_better and count > self._least:
            self._best = count, others, candidate

    def result(self) -> Tried:
        """Return the best change."""
        if self._best is None:
            return Tried(healing=tuple(self._healing))
        count, others, candidate = self._best
        made = sum(one.is_made for one in self._cases)  # the first at most, which agrees
        mend = Mend(
            self._evidence.file,
            unified_diff(self._evidence.text, candidate.mended, shown(self._evidence.file)),
            count - made,
            len(self._cases) - made,
            self._evidence.text,
            candidate.mended,
            others,
            len(self._others) if count == len(self._cases) else 0,
        )
        return Tried(candidate, mend, tuple(self._healing))

    @cached_property
    def _others(self) -> Sequence[TriedCase]:
        return self._first.others() if isinstance(self._first, Varied) else ()

    @cached_property
    def _others_before(self) -> int:
        """How many of the other cases agree without a change."""
        return self._agreeing(self._evidence.text, self._others, to_the_end=True)

    @cached_property
    def _keeps(self) -> bool:
        """Whether it is what the port keeps between calls that makes the first case fail."""
        return self._agreeing(self._evidence.text, self._cases[:1], keeps=False) == 1

    @cached_property
    def _functions(self) -> list[FunctionType]:
        return live_functions({str(self._evidence.file)})

    def _mended(self, text: str) -> MendedPort:
        evidence = self._evidence
        return MendedPort(
            self._port, self._pair, evidence.live, evidence.file, text, self._functions,
            original=evidence.text,
        )  # fmt: skip

    def _limits_of(self, cases: Sequence[TriedCase]) -> list[Limit]:
        """Say when a run of each case is given up; the first is known to be short."""
        new = [one for one in cases if id(one) not in self._limits]
        if new and new != [self._first]:
            with self._mended(self._evidence.text) as unchanged:
                for one in new:
                    limit = limit_of(unchanged, one, STEPS_OF_OTHERS, SECONDS_UNCHANGED)
                    is_short = limit.seconds < TIMES * SECONDS_UNCHANGED  # it was not stopped
                    self._limits[id(one)] = limit if is_short else OF_OTHERS
        self._limits[id(self._first)] = Limit(self._steps, RUN_SECONDS)
        return [self._limits[id(one)] for one in cases]

    def _agreeing(
        self,
        text: str,
        cases: Sequence[TriedCase],
        to_the_end: bool = False,
        keeps: bool | None = None,
    ) -> int:
        """Count the cases that agree with a text; 0 where the first fails, unless `to_the_end`.

        Where the port keeps what it should not, the cases are run twice in a row, with nothing
        forgotten between them, and must agree both times.
        """
        keeps = self._keeps if keeps is None else keeps
        good = [True] * len(cases)
        try:
            limits = self._limits_of(cases)
            with self._mended(text) as mended:
                for number in range((1 + keeps) * len(cases)):
                    if self._last.is_over:
                        return 0  # nothing is said of what was not run to its end
                    one, limit = cases[number % len(cases)], limits[number % len(cases)]
                    fresh = not keeps or number == 0
                    reply = mended.run(one.case, limit.steps, fresh, limit.seconds)
                    good[number % len(cases)] &= agrees_with(reply, one)
                    if not good[0] and not to_the_end:
                        return 0
        except MendError:
            return 0
        return sum(good)


def _in_turn(found: Sequence[Candidate]) -> list[Candidate]:
    """Choose which candidates are tried: those that give Octave's value, then the others.

    A value that is had by chance (one whole number, a truth value) speaks for a change only where
    it is a plain one: another variable in the place of a whole expression comes last of all.
    """
    here = [one for one in found if one.distance < AROUND]
    right = [one for one in here if one.match <= Match.MOSTLY]
    sure = [one for one in right if one.is_telling or not one.change.is_guess]
    weak = [one for one in right if one not in sure and not _is_far_fetched(one)]
    last = [one for one in right if one not in sure and _is_far_fetched(one)]
    open_ = [one for one in here if one.match is Match.UNKNOWN and not one.change.is_guess]
    other = [one for one in here if one.match is Match.ANOTHER and not one.change.is_guess]
    kept = [*sure[: MOST_TRIED - 6], *open_[:6], *weak, *open_[6:], *other][:MOST_TRIED]
    around = [one for one in found if one.distance >= AROUND and not one.change.is_guess]
    slips = [one for one in here if one.match >= Match.UNKNOWN and one.change.is_guess]
    return [*kept, *around[:MOST_AROUND], *slips[:MOST_SLIPS], *last[:MOST_TRIED]]


def _is_far_fetched(one: Candidate) -> bool:
    return one.change.key == "variable" and not isinstance(one.change.old, ast.Name)


AROUND = 2
"""Distance from which on a candidate is not of the named statement."""


def agreeing_with(
    observed: ObservedPort, file: Path, source: str, text: str, cases: Sequence[TriedCase]
) -> list[bool]:
    """Say of each case whether it agrees with another text of a file of the port."""
    live = live_names(file)
    try:
        with MendedPort(observed.port, observed.pair, live, file, text, original=source) as port:
            return [agrees_with(port.run(one.case), one) for one in cases]
    except MendError:
        return [False] * len(cases)


def shown(file: Path) -> str:
    """Name a file as `git apply` wants it in the current folder."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.name


def unified_diff(text: str, mended: str, name: str) -> str:
    """Return the difference of two texts as a patch."""
    lines = difflib.unified_diff(_lines(text), _lines(mended), f"a/{name}", f"b/{name}")
    return "".join(line.replace(_NO_END, f"\n{_NO_END}") for line in lines)


def merged(source: str, texts: Sequence[str]) -> str:
    """Write the changes of several texts into their source; empty where they overlap."""
    lines = source.splitlines(keepends=True)
    changes: list[tuple[int, int, list[str]]] = []
    for text in texts:
        new = text.splitlines(keepends=True)
        parts = difflib.SequenceMatcher(None, lines, new, autojunk=False).get_opcodes()
        changes += [(i, j, new[k:m]) for kind, i, j, k, m in parts if kind != "equal"]
    changes.sort(key=lambda one: one[:2])
    made, place = [], 0
    for begin, end, new in changes:
        if begin < place:
            return ""
        made += [*lines[place:begin], *new]
        place = end
    return "".join([*made, *lines[place:]])


_NO_END = "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    found = re.findall(r"[^\n]*\n|[^\n]+", text)
    if found and not found[-1].endswith("\n"):
        found[-1] += _NO_END
    return found
