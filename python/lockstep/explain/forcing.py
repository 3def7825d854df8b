"""Every statement of the port that is wrong in itself, given Octave's values in all before it.

The port is run once more. What a statement gives is noted; then Octave's value takes its place, so
that what comes after starts from there. A value that does not fit the port's is left out. Two
statements that were taken for the same, and are not, would spoil what reads them: what is accused
has to feed something that then agrees, or to bear Octave's name. May import `steps`, `tracing`,
`explainer`, `forms`, `match` and `model`.
"""

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lockstep.explain.forms import NoFormError, in_form_of, one_less
from lockstep.explain.match import Matching
from lockstep.explain.numbers import is_whole
from lockstep.explain.places import place_of_site, place_of_statement
from lockstep.explain.steps import Pairing, is_loop, is_turned, paired_steps
from lockstep.explain.tracing import Relation, compared
from lockstep.model.execution import Kind, NotKept
from lockstep.model.report import Fault, Finding, Place
from lockstep.project.cases import Case
from lockstep.sides.port import PortReply
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.recorder import Replacement

STEPS_MORE = 20_000
"""Probes that the run may pass beyond ten times those of the port's own."""

ROUNDS = 4
"""How often the port is run again without the values that spoiled others."""

MOST_TURNS = 12
"""Turns of a statement at which it is looked at what it reads."""

OUTPUT = -1
"""Stands for what is returned, among the sites that read others."""


@dataclass(frozen=True)
class Forced:
    """What was found.

    Attributes
    ----------
    wrong : list of Finding
        The statements, in the order in which they went wrong first.
    agrees : bool
        Whether the outputs agree with Octave's values in the place of theirs alone.
    stopped : str
        What the port raised when it was given Octave's values; empty where nothing.
    place : Place or None
        Where it stopped.
    """

    wrong: list[Finding]
    agrees: bool
    stopped: str = ""
    place: Place | None = None


@dataclass
class _Statement:
    """A place of the port, what Octave gave there, and what the port gives, turn by turn.

    Attributes
    ----------
    site, octave_site : int
        The place on both sides.
    octave : sequence of Any
        Octave's values.
    values : sequence of Any
        The same as the port has them: an index from 0.
    is_decision : bool
        Whether it is a condition.
    less : sequence of Any
        Octave's values less one, where no turn tells whether the port counts from 0; else empty.
    own : list of Any
        What the port gave when it was run last.
    fitted : list of bool
        Whether Octave's value could be put there.
    """

    site: int
    octave_site: int
    octave: Sequence[Any]
    values: Sequence[Any]
    is_decision: bool
    less: Sequence[Any] = ()
    own: list[Any] = field(default_factory=list)
    fitted: list[bool] = field(default_factory=list)

    def put(self, turn: int, own: Any) -> Any:
        """Note the port's own value, and return Octave's in its form; its own where none fits."""
        self.own.append(_snapshot(own))
        try:
            found = self._placed(turn, own)
        except NoFormError:
            self.fitted.append(False)
            return own
        self.fitted.append(True)
        return found

    def _placed(self, turn: int, own: Any) -> Any:
        if turn >= len(self.values) or isinstance(self.values[turn], NotKept):
            raise NoFormError
        if self.is_decision:
            return self.values[turn]
        value = self.values[turn]
        if compared(value, own).relation in (Relation.SHAPE, Relation.ORDER, Relation.INDEX):
            return own  # it is the same, in a form of the port's
        if isinstance(own, np.ndarray) and np.size(value) != own.size:
            raise NoFormError
        return in_form_of(own, value)

    def wrong_turn(self) -> int:
        """Return the first turn at which Octave's value is another one that fits; -1 for none."""
        turns = zip(self.own, self.values, self.fitted, strict=False)
        for turn, (own, value, fits) in enumerate(turns):
            if fits and self._is_different(own, value):
                return turn
        return -1

    def _is_different(self, own: Any, value: Any) -> bool:
        if self.is_decision:
            return _truth(own) not in (value, None)
        return compared(value, own).is_different


def wrong_in_themselves(
    matching: Matching,
    observed: ObservedPort,
    case: Case,
    agrees: Callable[[Any], bool],
    depth: int,
) -> Forced:
    """List the statements that are wrong in themselves.

    Parameters
    ----------
    matching : Matching
        Both executions.
    observed : ObservedPort
        The port.
    case : Case
        The arguments.
    agrees : callable
        Says of a result of the port whether every output agrees with Octave's.
    depth : int
        Levels of calls to look into.
    """
    return _Forcing(matching, observed, case, agrees).found(depth)


class _Forcing:
    """Runs the port with Octave's values, again without those that spoil others."""

    def __init__(
        self,
        matching: Matching,
        observed: ObservedPort,
        case: Case,
        agrees: Callable[[Any], bool],
    ) -> None:
        self._matching = matching
        self._observed = observed
        self._case = case
        self._agrees = agrees
        self._limit = 10 * len(matching.port.execution.nodes) + STEPS_MORE
        self._time: dict[int, int] = {}
        self._stopped = ""
        self._place: Place | None = None

    def found(self, depth: int) -> Forced:
        """Return the statements that are wrong in themselves."""
        left = {one.site: one for one in _statements(self._matching, depth)}
        readers = _readers(self._matching, left.keys())
        self._settle_bases(left.values(), readers)
        for _ in range(ROUNDS):
            right = self._right(left.values())
            wrong = [one for one in left.values() if one.wrong_turn() >= 0]
            doubtful = [one for one in wrong if not self._is_sure(one, readers, right)]
            if not doubtful:
                break
            left = {site: one for site, one in left.items() if one not in doubtful}
        wrong = [one for one in wrong if one not in doubtful]
        wrong.sort(key=lambda one: self._time[one.site])
        findings = [self._finding(one) for one in wrong]
        stopped, place = self._stopped, self._place
        return Forced(findings, bool(wrong) and self._run(wrong), stopped, place)

    def _settle_bases(
        self, statements: Collection[_Statement], readers: Mapping[int, set[int]]
    ) -> None:
        """Take one from a statement's values where no turn tells, and what reads it then agrees."""
        for one in statements:
            read_by = readers.get(one.site, set())
            if not one.less or not read_by or read_by & self._right(statements):
                continue
            plain, one.values = one.values, one.less
            if not read_by & self._right(statements):
                one.values = plain

    def _right(self, statements: Collection[_Statement]) -> set[int]:
        """Run the port; say which statements agree, and `OUTPUT` if the outputs do."""
        outputs_agree = self._run(statements)
        found = {one.site for one in statements if one.own and one.wrong_turn() < 0}
        return found | ({OUTPUT} if outputs_agree else set())

    def _run(self, statements: Iterable[_Statement]) -> bool:
        """Run the port with the values of some statements; say whether the outputs agree."""
        self._time = {}
        changes: dict[int, Replacement] = {}
        for one in statements:
            one.own, one.fitted = [], []
            changes[one.site] = self._noting(one)
        execution, reply = self._observed.run(self._case, changes, record=False, limit=self._limit)
        if isinstance(reply, PortReply):
            self._stopped, self._place = "", None
            return self._agrees(reply.result)
        self._stopped = execution.error
        if execution.error_statement >= 0:
            self._place = place_of_statement(execution.source, execution.error_statement)
        return False

    def _noting(self, one: _Statement) -> Replacement:
        def change(turn: int, own: Any) -> Any:
            self._time.setdefault(one.site, len(self._time))
            return one.put(turn, own)

        return change

    def _is_sure(self, one: _Statement, readers: Mapping[int, set[int]], right: set[int]) -> bool:
        """Whether a statement stands for Octave's: what reads it agrees, or the name is Octave's.

        What nothing reads makes no output differ, and is never accused.
        """
        read_by = readers.get(one.site, set())
        if one.is_decision or not read_by:
            return one.is_decision
        port, octave = self._matching.port, self._matching.octave
        own, other = port.sites[one.site], octave.sites[one.octave_site]
        return bool(read_by & right) or self._matching.is_called(own.name, other.name)

    def _finding(self, one: _Statement) -> Finding:
        port = self._matching.port.execution.source
        octave = self._matching.octave.execution.source
        turn = one.wrong_turn()
        return Finding(
            Fault.DECISION if one.is_decision else Fault.VALUE,
            place_of_site(port, one.site),
            place_of_site(octave, one.octave_site),
            one.own[turn],
            one.octave[turn],
            turn=turn,
            turns=len(one.own),
            note="Octave's values were put in the place of all before it",
        )


def _statements(matching: Matching, depth: int) -> list[_Statement]:
    """List the places that are matched turn by turn, with what Octave gave there."""
    found: dict[int, _Statement] = {}
    for pair in paired_steps(matching, depth):
        if pair.octave < 0 or pair.port < 0 or pair.turns[0]:
            continue
        site = matching.port.execution.nodes[pair.port].site
        place = matching.port.sites[site]
        is_given = place.kind in (Kind.ARGUMENT, Kind.DEFAULT)
        if not is_given and not is_loop(matching.port, place) and site not in found:
            found[site] = _statement(matching, pair, site)
    return list(found.values())


def _statement(matching: Matching, pair: Pairing, site: int) -> _Statement:
    other = matching.octave.execution.nodes[pair.octave].site
    octave = matching.octave.streams[other].values
    is_decision = matching.port.sites[site].kind is Kind.DECISION
    if is_decision:
        turned = is_turned(matching, site, other)
        octave = [bool(np.all(value)) != turned for value in octave]
        octave = [True, *octave] if turned else octave  # it looks before the first turn, too
    stream = matching.port.streams[site]
    less = [] if is_decision else one_less(stream, list(octave)) or []
    told = _bases(stream.values, octave) if less else set()
    values = less if told == {Relation.INDEX} else octave
    return _Statement(site, other, octave, values, is_decision, [] if told else less)


def _bases(port: Sequence[Any], octave: Sequence[Any]) -> set[Relation]:
    """Say whether the values of a statement are Octave's (SAME), or those less one (INDEX)."""
    pairs = zip(port, octave, strict=False)
    found = {compared(theirs, own).relation for own, theirs in pairs if is_whole(own)}
    return found & {Relation.INDEX, Relation.SAME}


def _readers(matching: Matching, sites: Iterable[int]) -> dict[int, set[int]]:
    """Say which of some sites, or the outputs, read each of them with none of them between."""
    execution = matching.port.execution
    wanted = set(sites)
    found: dict[int, set[int]] = {}
    readers: list[tuple[int, int]] = [(OUTPUT, node) for node in execution.output_nodes]
    for site in wanted:
        readers += [(site, node) for node in execution.by_site[site][:MOST_TURNS]]
    for reader, node in readers:
        if node < 0:
            continue
        is_output = reader == OUTPUT and execution.nodes[node].site in wanted
        level = [node] if is_output else list(execution.nodes[node].inputs)
        seen: set[int] = set()
        while level:
            one = level.pop()
            if one in seen:
                continue
            seen.add(one)
            if execution.nodes[one].site in wanted:
                found.setdefault(execution.nodes[one].site, set()).add(reader)
            else:
                level += execution.nodes[one].inputs
    return found


def _snapshot(own: Any) -> Any:
    try:
        return copy.deepcopy(own)
    except Exception:
        return NotKept(type(own).__name__)


def _truth(value: Any) -> bool | None:
    try:
        return bool(value)
    except (TypeError, ValueError):
        return None
