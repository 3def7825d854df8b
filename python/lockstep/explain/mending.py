"""A change of the port after which its cases agree, found by trying.

May import `evidence`, `candidates`, `changes`, `sides` and `model`.
"""

import ast
import difflib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from lockstep.explain.candidates import Candidate, Match, candidates
from lockstep.explain.evidence import Evidence
from lockstep.model.report import Mend
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.mended import MendedPort, MendError
from lockstep.sides.port import Port, PortReply

MOST_TRIED = 20
"""Changes of the place itself that are run on the cases ..."""

MOST_SLIPS = 150
"""Plain slips in the statement, of which nothing is known before they are run, that are tried on
the first case that fails, in the time that is left."""

MOST_AROUND = 20
"""... and changes of what it reads."""

SECONDS = 10.0
"""Time for these runs."""

STEPS = 200_000
"""Probes after which a run is stopped where the steps of the port's own run are not known."""


class TriedCase(Protocol):
    """A case of the pair, whether or not it agrees without a change."""

    @property
    def case(self) -> Case:
        """The arguments."""
        ...

    @property
    def agrees(self) -> Callable[[Any], bool]:
        """Says of a result of the port whether every output agrees with Octave's."""
        ...


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
        The cases that disagree, at least one, and those that agree.
    evidence : Evidence
        What is known of the place.
    steps : int
        Probes after which a run is stopped.
    seconds : float
        Time for the runs.
    found : sequence of Candidate, optional
        The candidates, where they are known.

    Returns
    -------
    Tried
        The first change after which every case agrees; where there is none, the one after which
        most do, if they are more than agree without it.
    """
    deadline = time.monotonic() + seconds
    best: tuple[int, Candidate] | None = None
    everyone = [*failing, *agreeing]
    healing: list[Candidate] = []
    for candidate in _in_turn(candidates(evidence) if found is None else found):
        if time.monotonic() > deadline:
            break
        count = _agreeing(port, pair, failing, agreeing, evidence, candidate, steps, deadline)
        if count:
            healing.append(candidate)
        if count > (best[0] if best else len(agreeing)):
            best = count, candidate
        if count == len(everyone):
            break
    if best is None:
        return Tried(healing=tuple(healing))
    count, candidate = best
    return Tried(candidate, _mend(evidence, candidate, count, len(everyone)), tuple(healing))


def _in_turn(found: Sequence[Candidate]) -> list[Candidate]:
    """Choose which candidates are tried: those that give Octave's value, then the others.

    A value that is had by chance (one whole number, a truth value) speaks for a change only where
    it is a plain one: another variable in the place of a whole expression comes last of all.
    """
    here = [one for one in found if one.distance < AROUND]
    right = [one for one in here if one.match <= Match.RELATED]
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


def _agreeing(
    port: Port,
    pair: Pair,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    evidence: Evidence,
    candidate: Candidate,
    steps: int,
    deadline: float,
) -> int:
    """Count the cases that agree with a change; 0 where the first that failed fails still."""
    if not evidence.live:
        return 0
    count = 0
    try:
        with MendedPort(port, pair, evidence.live, evidence.file, candidate.mended) as mended:
            for number, one in enumerate([*failing, *agreeing]):
                if time.monotonic() > deadline:
                    return 0  # nothing is said of what was not run to its end
                agrees = agrees_with(mended.run(one.case, steps), one)
                if number == 0 and not agrees:
                    return 0
                count += agrees
    except MendError:
        return 0
    return count


def agrees_with(reply: PortReply | Exception, tried: TriedCase) -> bool:
    """Whether the outcome of a changed port is that of Octave in a case."""
    if tried.case.raises is not None:
        return isinstance(reply, Exception)
    if isinstance(reply, Exception) or reply.changed:
        return False
    return tried.agrees(reply.result)


def _mend(evidence: Evidence, candidate: Candidate, agreeing: int, cases: int) -> Mend:
    return Mend(
        evidence.file,
        unified_diff(evidence.text, candidate.mended, shown(evidence.file)),
        agreeing,
        cases,
        evidence.text,
        candidate.mended,
    )


def shown(file: Path) -> str:
    """Name a file as `git apply` wants it in the current folder."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.name


def unified_diff(text: str, mended: str, name: str) -> str:
    """Return the difference of two texts as a patch."""
    return "".join(
        difflib.unified_diff(
            text.splitlines(keepends=True),
            mended.splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
        )
    )
