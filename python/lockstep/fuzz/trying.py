"""Inputs given to both sides: Octave's calls in one exchange, the port's beside them.

May import `runner`, `places` and all before them.
"""

import re
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult
from lockstep.compare.distance import distance
from lockstep.compare.leaves import Leaf
from lockstep.compare.raised import compare_errors
from lockstep.compare.verdict import Verdict
from lockstep.fuzz.places import elements, places
from lockstep.model.phases import Phase
from lockstep.model.values import UnsupportedValueError
from lockstep.project.cases import Case, octave_side
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.octave import Call, OctaveDiedError, OctaveError, OctaveSession, Reply
from lockstep.sides.octave_batch import AT_ONCE, call_batch
from lockstep.sides.port import PortReply

Outcome = Reply | PortReply | Exception

LARGE = 1e-7
"""A relative difference beyond this is judged; of smaller ones, which may be rounding, the largest
of each batch is."""

ANNOUNCED = 0.2
"""Seconds between two words on which input the port has."""

MOST_DIED = 3
"""When Octave has died so often, the other inputs of a batch are not tried."""

TICK = 1.0
"""Seconds between two words that Octave is still at work."""


NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?(e[-+]?\d+)?|Inf|NaN)")


@dataclass(frozen=True)
class Key:
    """What makes two findings one: who raised what, or which outputs differ in which way.

    Attributes
    ----------
    kind, what : str
        In which way, and who or which.
    traits : frozenset of str
        What is odd about the input: "empty", "NaN", "infinite".
    """

    kind: str
    what: str
    traits: frozenset[str] = frozenset()

    def includes(self, other: "Key") -> bool:
        """Whether another finding need not be another fault.

        It is not where one side alone raises the same kind of error; nor where the same outputs
        differ in the same way, or, of an odder input, in any.
        """
        if self.what != other.what:
            return False
        if self.is_alone or other.is_alone:
            return self.kind == other.kind
        return self == other or self.traits < other.traits

    @property
    def is_alone(self) -> bool:
        """Whether one side alone raised an error."""
        return self.kind.startswith("only ")


@dataclass(frozen=True)
class Suspect:
    """An input on which the two sides did not give the same.

    Attributes
    ----------
    number : int
        Which input.
    key : Key
        In which way.
    weight : float
        How far apart they are: infinite where that is no matter of distance.
    """

    number: int
    key: Key
    weight: float


class Trial:
    """Gives inputs to both sides of a pair.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    limit : float
        Seconds that each side may take for one input.
    """

    def __init__(self, runner: Runner, pair: Pair, limit: float) -> None:
        self.runner = runner
        self.pair = pair
        self.limit = limit
        self.died: int = 0
        self._announced = 0.0

    def outcomes(
        self, cases: Sequence[Case], meanwhile: Callable[[], None] = lambda: None
    ) -> list[tuple[Outcome, Outcome]]:
        """Return what Octave and the port gave for each of some cases, in order.

        They are fewer where Octave died too often.

        Parameters
        ----------
        cases : sequence of Case
            The inputs, one at least.
        meanwhile : callable
            Called while Octave may still be at work.
        """
        octave: list[Outcome] = []
        failed: list[BaseException] = []
        self.runner.begin_explanation(cases[0])

        def work() -> None:
            try:
                octave.extend(self._octave(cases))
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of what is planted
            port = [self._port(i, case) for i, case in enumerate(cases)]
        self.runner.now(Phase.COMPARE, self.runner.timeout)
        meanwhile()
        while thread.is_alive():
            self.runner.now(Phase.OCTAVE, self.limit + TICK)
            thread.join(TICK)
        if failed:
            raise failed[0]
        self.runner.now(Phase.COMPARE, self.runner.timeout)
        return list(zip(octave, port, strict=False))

    def port_alone(self, cases: Sequence[Case], first: int) -> None:
        """Call the port with cases from some number on, announcing each."""
        for number, case in enumerate(cases):
            if number >= first:
                self._announced = 0.0
                self._port(number, case)

    def _port(self, number: int, case: Case) -> Outcome:
        """Call the port; it is announced now and then only, for that takes as long as a call."""
        now = time.monotonic()
        if number == 0 or now - self._announced > ANNOUNCED:
            self.runner.now(Phase.PORT, self.limit, number)
            self._announced = now
        try:
            return self.runner.port.call(self.pair, case)
        except Exception as error:
            return error

    def _octave(self, cases: Sequence[Case]) -> list[Outcome]:
        session = self.runner.octave
        session.timeout = self.limit
        found: list[Outcome] = []
        before = self.died
        while len(found) < len(cases) and self.died < before + MOST_DIED:
            left = cases[len(found) :]
            try:
                found += _exchanged(session, self.pair.name, left)
            except OctaveDiedError:
                found += self._until_one_dies(session, left[:AT_ONCE])
            except UnsupportedValueError as error:
                found.append(error)
        return found

    def _until_one_dies(self, session: Any, cases: Sequence[Case]) -> list[Outcome]:
        """Call Octave with one case after the other, up to that in which it dies."""
        found: list[Outcome] = []
        for case in cases:
            try:
                found += _exchanged(session, self.pair.name, [case])
            except OctaveDiedError as error:
                self.died += 1
                found.append(error)
                break
        return found

    def suspects(
        self, cases: Sequence[Case], outcomes: Sequence[tuple[Outcome, Outcome]]
    ) -> list[Suspect]:
        """List those of the cases tried for which the sides gave other bits, or one raised."""
        return [
            replace(found, key=replace(found.key, traits=_traits(case)))
            for number, (case, (octave, port)) in enumerate(zip(cases, outcomes, strict=False))
            if (found := self._suspect(number, case, octave, port)) is not None
        ]

    def _suspect(self, number: int, case: Case, octave: Outcome, port: Outcome) -> Suspect | None:
        if isinstance(octave, OctaveDiedError):
            return None
        if isinstance(octave, Exception) and isinstance(port, Exception):
            return None
        if isinstance(port, Exception):
            return Suspect(number, Key("only Python raises", type(port).__name__), np.inf)
        if isinstance(octave, Exception):
            return Suspect(number, Key("only Octave raises", _worded(octave)), np.inf)
        assert isinstance(port, PortReply)
        assert isinstance(octave, Reply)
        if port.changed:
            return Suspect(number, Key("arguments", "changed"), np.inf)
        try:
            compared = list(self.runner.leaves(self.pair, case, None, octave.outputs, port.result))
        except Exception as error:
            return Suspect(number, Key("form", str(error)), np.inf)
        return _of_leaves(number, compared)

    def judged(self, name: str, case: Case, octave: Outcome, port: Outcome) -> CaseResult:
        """Give a verdict; that both sides raise an error is agreement here."""
        one_raised = isinstance(octave, Exception) != isinstance(port, Exception)
        if one_raised:
            return compare_errors(self.pair.name, name, case, octave, port)  # type: ignore[arg-type]
        if isinstance(octave, Exception):
            return CaseResult(self.pair.name, name, Verdict.IDENTICAL)
        return self.runner.judged(self.pair, name, case, octave, port)  # type: ignore[arg-type]


def _exchanged(session: Any, name: str, cases: Sequence[Case]) -> list[Outcome]:
    """Call Octave with as many cases as go into one exchange; another engine, with one."""
    if not cases:
        return []
    calls = [
        Call([octave_side(one) for one in case.args], case.nargout, case.seed) for case in cases
    ]
    if isinstance(session, OctaveSession):
        seeded = any(call.seed is not None for call in calls)
        return list(session.call_each(name, calls) if seeded else call_batch(session, name, calls))
    try:
        return [session.call(name, *calls[0].args, nargout=calls[0].nargout, seed=calls[0].seed)]
    except OctaveError as error:
        return [error]


def _traits(case: Case) -> frozenset[str]:
    """Say what is odd about an input."""
    found = set()
    for _, value in places(case.args):
        array = elements(value)
        if array is None or array.dtype.kind not in "fciub":
            continue
        odd = {"empty": array.size == 0, "NaN": np.isnan(array), "infinite": np.isinf(array)}
        found |= {name for name, where in odd.items() if np.any(where)}
    return frozenset(found)


def _worded(error: Exception) -> str:
    """Return an error's identifier; without one its message without the numbers in it."""
    identifier = error.identifier if isinstance(error, OctaveError) else ""
    return identifier or NUMBER.sub("", str(error))[:120]


def _of_leaves(number: int, compared: Sequence[tuple[str, Leaf]]) -> Suspect | None:
    kinds: dict[str, list[str]] = {}
    weight = 0.0
    for name, leaf in compared:
        if not leaf.compared:
            continue
        kind, own = _apart(leaf)
        if kind:
            kinds.setdefault(kind, []).append(name)
            weight = max(weight, own)
    if not kinds:
        return None
    worst = min(kinds, key=_ORDER.index)
    return Suspect(number, Key(worst, ", ".join(kinds[worst])), weight)


_ORDER = ("shape", "NaN", "infinite", "value", "class")


def _apart(leaf: Leaf) -> tuple[str, float]:
    """Say in which way, and how far, the two values of a leaf are apart."""
    if leaf.mismatch:
        return "shape", np.inf
    apart = distance(leaf.octave, leaf.python)
    if not apart.unequal.any():
        return ("class", np.inf) if leaf.class_note else ("", 0.0)
    if leaf.octave.dtype.kind not in "fc":
        return "value", np.inf
    a, b = (np.asarray(one)[apart.unequal] for one in (leaf.octave, leaf.python))
    if np.any(np.isnan(a) != np.isnan(b)):
        return "NaN", np.inf
    if np.any(np.isinf(a) != np.isinf(b)):
        return "infinite", np.inf
    return "value", float(np.nanmax(apart.relative, initial=0.0))
