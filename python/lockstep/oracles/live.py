"""The oracle that asks a running engine. May import `sides`, `compare` and `project`."""

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.compare.distance import distance
from lockstep.compare.large import LARGE
from lockstep.compare.leaves import Leaf, leaves
from lockstep.compare.outputs import output_name
from lockstep.model.execution import Execution
from lockstep.model.identity import Identity
from lockstep.model.summed import Blocks, Window
from lockstep.oracles.batches import Batches
from lockstep.project.cases import Case, map_leaves, octave_side
from lockstep.project.pairs import Pair
from lockstep.sides.nudging import Nudge
from lockstep.sides.octave import Call, OctaveDiedError, Reply
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.sides.session import Session

OCTAVE_RUNS = 8
"""How often Octave runs with nudged arguments, to see whether its own result jumps."""

ROUNDED_RUNS = 8
"""How often it runs with its own arithmetic moved, to see what that makes of its result."""

JUMP = 1e-9
"""A change of Octave's value beyond this part of it, when its arguments move by one ulp, may be a
jump: what is no jump was not excused as one."""


class LiveOracle:
    """Asks an engine.

    Parameters
    ----------
    session : Session
        Started with the first call.
    folders : sequence of Path
        Of the project's .m files, for a trace.
    """

    def __init__(self, session: Session, folders: Sequence[Path]) -> None:
        self.session = session
        self._batches = Batches(session)
        self._tracer = OctaveTracer(session, folders)

    @property
    def timeout(self) -> float | None:
        """Seconds that a call may take."""
        return self.session.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self.session.timeout = seconds

    @property
    def pid(self) -> int | None:
        """Process id of the engine; None while none runs."""
        return self.session.pid

    def start(self) -> None:
        """Start the engine, if it does not run yet."""
        self.session.start()

    def close(self) -> None:
        """End the engine."""
        self.session.close()

    def identity(self) -> Identity:
        """Say which engine it is."""
        return self.session.identity()

    def adopted(self, pair: Pair, cases: Mapping[str, Case]) -> Mapping[str, Case]:
        """Return the cases as they are."""
        return cases

    def said(self, pair: Pair, case: Case) -> str:
        """Return nothing: the values are live."""
        return ""

    def is_traced(self, pair: Pair, case: Case) -> bool:
        """Whether there is a source to be traced."""
        return pair.m_file is not None

    def outcome(self, pair: Pair, case: Case, ahead: Sequence[Case] = ()) -> Reply | Exception:
        """Call the Octave side of a case; an error of it is returned.

        With it, cases are called that will be asked for next (see `lockstep.oracles.batches`).
        """
        return self._batches.outcome(pair, case, ahead)

    def jumping(self, pair: Pair, case: Case, outputs: list[Any]) -> dict[str, list[Any]]:
        """Call the Octave side with nudged arguments, and return the leaves that change then.

        It is called on machines that round otherwise as well: whole arguments cannot be nudged.
        What is whole is exact, and decides alike on all of them.
        """
        rounded: list[Reply] = []
        with contextlib.suppress(OctaveDiedError):
            rounded += self._tracer.rounded(pair, case, ROUNDED_RUNS, wholes=False)
        moved: set[str] = set()
        given: dict[str, list[Any]] = {}
        for reply in (*rounded, *self._nudged(pair, case)):
            for name, leaf in _named_leaves(pair, outputs, reply.outputs):
                if leaf.mismatch or _is_moved(leaf):
                    moved.add(name)
                if np.size(leaf.python) <= LARGE:
                    given.setdefault(name, []).append(leaf.python)
        return {name: given.get(name, []) for name in moved}

    def rounded(
        self, pair: Pair, case: Case, outputs: list[Any]
    ) -> Generator[dict[str, Any], None, None]:
        """Call the Octave side with its arithmetic moved, and yield the leaves by name.

        A result that is whole throughout is a count: what a library works with is no reason for
        another one.
        """
        plain = dict(_named_leaves(pair, outputs, outputs))
        whole = {name for name, leaf in plain.items() if _is_whole(leaf.octave)}
        wholes = len(whole) < len(plain)
        replies = self._tracer.rounded(pair, case, ROUNDED_RUNS, wholes)
        with contextlib.closing(replies):
            for reply in replies:
                yield {
                    name: leaf.octave if wholes and name in whole else leaf.python
                    for name, leaf in _named_leaves(pair, outputs, reply.outputs)
                    if not leaf.mismatch
                }

    def _nudged(self, pair: Pair, case: Case) -> Iterator[Reply]:
        """Yield what the Octave side gives for nudged arguments; several calls go together."""
        calls = [
            Call(_nudged_arguments(case, Nudge(run)), case.nargout, case.seed)
            for run in range(OCTAVE_RUNS)
        ]
        while calls:
            found = self.session.call_each(pair.name, calls, pair.is_script)
            yield from (one for one in found if isinstance(one, Reply))
            del calls[: len(found)]

    def trace(self, pair: Pair, case: Case) -> Execution:
        """Trace the Octave side of a case."""
        return self._tracer.trace(pair, case)

    def trace_part(self, pair: Pair, case: Case, part: Window) -> Execution:
        """Trace a part of what the Octave side of a case does."""
        return self._tracer.trace(pair, case, part)

    def summed(self, pair: Pair, case: Case, size: int) -> Blocks:
        """Sum up what the Octave side of a case binds."""
        return self._tracer.summed(pair, case, size)


def _nudged_arguments(case: Case, nudge: Nudge) -> list[Any]:
    return [octave_side(map_leaves(one, nudge.argument)) for one in case.args]


def _named_leaves(pair: Pair, before: list[Any], after: list[Any]) -> Iterator[tuple[str, Leaf]]:
    """Pair the leaves of two replies of Octave's, each with its name in a report."""
    for i, (one, other) in enumerate(zip(before, after, strict=False), start=1):
        for leaf in leaves(one, other):
            own = leaf.path.lstrip(".") if pair.is_script else output_name(pair, i) + leaf.path
            yield own, leaf


def _is_whole(value: Any) -> bool:
    """Whether a value has no number that is not whole."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fc":
        return True
    return bool(np.array_equal(value, np.round(value), equal_nan=True))


def _is_moved(leaf: Leaf) -> bool:
    """Whether a leaf of Octave's changed by more than rounding."""
    apart = distance(leaf.octave, leaf.python)
    if leaf.octave.dtype.kind not in "fc":
        return bool(apart.unequal.any())
    return bool(np.any(apart.relative > JUMP))
