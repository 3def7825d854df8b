"""Several engines at a time; results come in the order of the pairs, as from one.

Each engine takes whole pairs. When all are begun, an engine that has nothing left to do takes half
of the cases that another has still before it. May import `project`, `compare`, `supervisor` and
`reports`.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.plan import PairPlan
from lockstep.oracles.batches import AHEAD
from lockstep.project.choosing import EVERY_CASE, CaseChoice
from lockstep.supervisor import PLAN_ERRORS, Supervisor
from lockstep.terminal.progress import Progress

HELP_SECONDS = 3.0
"""Cases that will take less than this are not shared: an engine takes about as long to start."""

LOOK_SECONDS = 0.25
"""How often an engine with nothing to do looks for cases to take."""


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
        One that is started already; it stays open, and learns what the others have run.
    make : callable
        Makes the others, none of which starts before it is needed; they are closed at the end.
    jobs : int
        How many engines there are at a time.
    progress : Progress
        Shows the case that began last.
    choice : CaseChoice
        Which cases; by default every one.
    """
    board = _Board(pairs, choice)
    workers = [first, *(make() for _ in range(jobs - 1))]

    def work(both: Supervisor) -> None:
        _work(both, board, progress)
        if both is not first:
            both.close()

    threads = [threading.Thread(target=work, args=[one], daemon=True) for one in workers]
    try:
        for thread in threads:
            thread.start()
        for pair in pairs:
            found = board.result(pair)
            first.learn(found)
            yield found
    finally:
        board.end()
        for one in workers[1:]:
            one.close(at_once=True)
        for thread in threads:
            thread.join(0.1)


@dataclass
class _Piece:
    """Cases of a pair that one engine runs, one after the other."""

    pair: "_Begun"
    left: deque[str]
    since: float = field(default_factory=time.monotonic)
    done: int = 0

    @property
    def seconds_left(self) -> float:
        """How long what is left of it will take, if it goes on as it began."""
        return (time.monotonic() - self.since) / max(self.done, 1) * len(self.left)


@dataclass
class _Begun:
    """A pair whose cases are known, and what those gave that were run."""

    plan: PairPlan
    wanted: int
    found: dict[str, list[CaseResult]] = field(default_factory=dict)
    begun: int = 0


class _Board:
    """What is left to do, and what was found; every engine's thread takes from it.

    Parameters
    ----------
    pairs : sequence of str
        Names.
    choice : CaseChoice
        Which cases.
    """

    def __init__(self, pairs: Sequence[str], choice: CaseChoice) -> None:
        self._choice = choice
        self._changed = threading.Condition()
        self._waiting = deque(pairs)
        self._unknown = 0
        self._pieces: list[_Piece] = []
        self._results: dict[str, list[PairResult] | BaseException] = {}

    def result(self, pair: str) -> list[PairResult]:
        """Wait for what a pair gives; an error that ended its engine's work is raised."""
        with self._changed:
            self._changed.wait_for(lambda: pair in self._results)
            found = self._results[pair]
        if isinstance(found, BaseException):
            raise found
        return found

    def end(self) -> None:
        """Leave nothing to do."""
        with self._changed:
            self._waiting.clear()
            for piece in self._pieces:
                piece.left.clear()
            self._changed.notify_all()

    def next_pair(self) -> str | None:
        """Return a pair that nobody has begun; None where there is none."""
        with self._changed:
            if not self._waiting:
                return None
            self._unknown += 1
            return self._waiting.popleft()

    def begin(self, plan: PairPlan) -> _Piece:
        """Return the cases of a pair for the engine that asked for them."""
        plan = plan.chosen(self._choice)
        with self._changed:
            self._unknown -= 1
            piece = _Piece(_Begun(plan, len(plan.cases)), deque(plan.cases))
            self._pieces.append(piece)
            self._conclude(piece.pair)
            return piece

    def fail(self, pair: str, result: list[PairResult] | BaseException, unknown: bool) -> None:
        """Take note of why a pair has no results; `unknown` where its cases are not known."""
        with self._changed:
            self._unknown -= unknown
            for piece in self._pieces:
                if piece.pair.plan.pair == pair:
                    piece.left.clear()
            self._results.setdefault(pair, result)
            self._changed.notify_all()

    def next_piece(self) -> _Piece | None:
        """Wait for cases of another engine that are worth sharing; None where none are left."""
        with self._changed:
            while self._unknown or any(piece.left for piece in self._pieces):
                longest = max(self._pieces, key=lambda piece: piece.seconds_left, default=None)
                if longest is not None and self._is_shared(longest):
                    return self._half_of(longest)
                self._changed.wait(LOOK_SECONDS)
            return None

    def _is_shared(self, piece: _Piece) -> bool:
        if self._choice.stops:  # at the first case that disagrees: their order matters
            return False
        return len(piece.left) > 1 and piece.seconds_left > HELP_SECONDS

    def _half_of(self, piece: _Piece) -> _Piece:
        count = len(piece.left) // 2
        last = [piece.left.pop() for _ in range(count)]
        taken = _Piece(piece.pair, deque(reversed(last)))
        self._pieces.append(taken)
        return taken

    def take(self, piece: _Piece) -> tuple[str, list[str], int] | None:
        """Return the next case of a piece, those that follow, and how many are begun with it."""
        with self._changed:
            if not piece.left:
                return None
            case = piece.left.popleft()
            piece.pair.begun += 1
            return case, list(piece.left)[:AHEAD], piece.pair.begun

    def done(self, piece: _Piece, case: str, found: list[CaseResult]) -> None:
        """Keep what a case gave."""
        with self._changed:
            piece.done += 1
            piece.pair.found[case] = found
            if self._choice.stops and not all(result.agrees for result in found):
                piece.left.clear()
                piece.pair.wanted = len(piece.pair.found)
            self._conclude(piece.pair)

    def _conclude(self, pair: _Begun) -> None:
        """Put the results of a pair together once all are there."""
        if len(pair.found) == pair.wanted:
            self._results.setdefault(pair.plan.pair, pair.plan.result(pair.found))
            self._changed.notify_all()


def _work(both: Supervisor, board: _Board, progress: Progress) -> None:
    """Run whole pairs, then parts of those of others, until nothing is left."""
    while (pair := board.next_pair()) is not None:
        try:
            plan = both.plan(pair)
        except PLAN_ERRORS as error:
            board.fail(pair, [PairResult(pair, [], str(error))], unknown=True)
        except BaseException as error:
            board.fail(pair, error, unknown=True)
        else:
            _run(board.begin(plan), both, board, progress)
    while (piece := board.next_piece()) is not None:
        _run(piece, both, board, progress)


def _run(piece: _Piece, both: Supervisor, board: _Board, progress: Progress) -> None:
    plan = piece.pair.plan
    show = progress.of(plan.pair)
    while (taken := board.take(piece)) is not None:
        case, ahead, begun = taken
        try:
            show(begun, len(plan.cases), case)  # the terminal may be gone
            board.done(piece, case, both.run_case(plan.pair, case, plan.cases[case], ahead))
        except BaseException as error:
            board.fail(plan.pair, error, unknown=False)
            return
    progress.ended(plan.pair)
