"""Runs the cases of a pair on both sides and gives each a verdict.

May import all folders before it in the line of `lockstep/__init__.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lockstep.both_sides import BothSides
from lockstep.compare.case_result import CaseResult, PairResult, deviating
from lockstep.compare.raised import compare_errors
from lockstep.compare.tolerance import tolerated
from lockstep.compare.verdict import LeafResult, Verdict, worst
from lockstep.measuring import Measured
from lockstep.model.phases import Watch, nobody
from lockstep.model.values import UnsupportedValueError
from lockstep.oracles.batches import AHEAD
from lockstep.oracles.recorded import LeftOutError, NotRecordedError
from lockstep.project.cases import Case, with_nargout
from lockstep.project.deviations import EVERY
from lockstep.project.pairs import Pair, Project
from lockstep.sides.octave import OctaveDiedError, OctaveError, Reply
from lockstep.sides.port import PortReply
from lockstep.sides.port_modules import NoPortError
from lockstep.sides.results import is_but_the_first, is_first_alone


class Runner(BothSides):
    """Both sides of a project, compared; use it as a context manager, or close it.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    measure_all : bool
        Run both sides as often as can be, also where less explains the difference.
    timeout : float, optional
        Seconds that each call of Octave may take; by default what the project says. Only an
        engine of its own can end a port (see `lockstep.supervisor`).
    watch : callable
        Is told what begins.
    """

    def __init__(
        self,
        project: Project,
        measure_all: bool = False,
        timeout: float | None = None,
        watch: Watch = nobody,
    ) -> None:
        super().__init__(project, timeout, watch)
        self._measure_all = measure_all

    def run_pair(
        self, pair: Pair, progress: Callable[[int, int, str], None] = lambda done, total, name: None
    ) -> list[PairResult]:
        """Run every case of a pair.

        Parameters
        ----------
        pair : Pair
            The pair.
        progress : callable
            Called before each case with its number, how many there are, and its name.

        Returns
        -------
        list of PairResult
            One for the port, then one for each other Python side, named ``PAIR [SIDE]``.
        """
        try:
            found = self.cases(pair)
        except Exception as error:
            return [PairResult(pair.name, [], str(error))]
        sides: dict[str, Callable[..., Any] | None] = {pair.name: None}
        sides |= {f"{pair.name} [{name}]": side for name, side in found.sides.items()}
        results = {label: PairResult(label, []) for label in sides}
        for done, (name, case) in enumerate(found.cases.items(), start=1):
            progress(done, len(found.cases), name)
            compared = {k: side for k, side in sides.items() if side is None or not case.raises}
            ahead = list(found.cases.values())[done : done + AHEAD]
            for result in self.run_sides(pair, name, case, compared, ahead):
                results[result.pair].cases.append(result)
        results[pair.name] = results[pair.name].with_deviation(self.deviation(pair))
        return list(results.values())

    def run_sides(
        self,
        pair: Pair,
        name: str,
        case: Case,
        sides: Mapping[str, Callable[..., Any] | None],
        ahead: Sequence[Case] = (),
    ) -> Iterator[CaseResult]:
        """Run one case in Octave once, and on each of several Python sides.

        Parameters
        ----------
        pair, name, case : Pair, str, Case
            What to run.
        sides : mapping
            Python functions by the label that names them in the result; None for the port.
        ahead : sequence of Case
            The cases that come next: Octave may be asked for them as well.
        """
        octave = self.octave_outcome(pair, case, ahead)
        for label, side in sides.items():
            yield self._compared(pair, name, case, octave, side, label)

    def run_case(
        self, pair: Pair, name: str, case: Case, side: Callable[..., Any] | None = None
    ) -> CaseResult:
        """Run one case on both sides and compare.

        Parameters
        ----------
        pair : Pair
            The pair.
        name : str
            Name of the case.
        case : Case
            Its arguments.
        side : callable, optional
            Another Python side, in place of the port.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave.
        KeyboardInterrupt
            On Ctrl-C; Octave is ended then.
        """
        return next(self.run_sides(pair, name, case, {pair.name: side}))

    def _compared(
        self,
        pair: Pair,
        name: str,
        case: Case,
        octave: Reply | Exception,
        side: Callable[..., Any] | None,
        label: str,
    ) -> CaseResult:
        """Run the Python side of a case and compare; `label` names the pair in the result."""
        result = self._outcome(pair, name, case, octave, side, label)
        result = replace(result, oracle=self.oracle.said(pair, case))
        if isinstance(octave, NotRecordedError):
            return result  # nothing was compared: neither a deviation nor one that is gone
        reasons = self.deviations.get(pair.name, {}) if side is None else {}
        return deviating(result, reasons.get(name), reasons.get(EVERY))

    def _outcome(
        self,
        pair: Pair,
        name: str,
        case: Case,
        octave: Reply | Exception,
        side: Callable[..., Any] | None,
        label: str,
    ) -> CaseResult:
        if isinstance(octave, LeftOutError):
            return CaseResult(label, name, Verdict.UNTESTABLE, left_out=str(octave))
        if isinstance(octave, OctaveDiedError):
            return CaseResult(label, name, Verdict.ERROR, problem=str(octave), dead=True)
        if isinstance(octave, UnsupportedValueError):
            problem = f"the case cannot be given to Octave: {octave}"
            return CaseResult(label, name, Verdict.ERROR, problem=problem)
        if _is_unknown(pair, octave):
            problem = self.project.uncallable(pair)
            return CaseResult(label, name, Verdict.ERROR, problem=problem)
        python = self.python_outcome(pair, case, side)
        if isinstance(python, NoPortError):
            return CaseResult(label, name, Verdict.ERROR, problem=str(python))
        count = self.outputs_to_ask(pair, case, octave, python, side)
        if not count:
            return self.judged(pair, name, case, octave, python, side, label)
        asked = with_nargout(case, count)
        outcome = self.octave_outcome(pair, asked)
        if isinstance(outcome, Exception):
            result = self.judged(pair, name, case, octave, python, side, label)
            if isinstance(outcome, NotRecordedError) and not result.agrees:
                problem = OTHER_COUNT.format(count)
                return CaseResult(label, name, Verdict.ERROR, problem=problem)
            return result
        result = self.judged(pair, name, asked, outcome, python, side, label)
        given = len(pair.output_names) if isinstance(octave, Exception) else len(octave.outputs)
        is_alone = isinstance(octave, Exception) and count == 1
        left = () if is_alone or count >= given else tuple(pair.output_names[count:])
        return replace(result, nargout=count, not_asked=left)

    def outputs_to_ask(
        self,
        pair: Pair,
        case: Case,
        octave: Reply | Exception,
        python: PortReply | Exception,
        side: Callable[..., Any] | None = None,
    ) -> int:
        """Say for how many outputs Octave is better asked; 0 for as it was."""
        declared = self.port.adapter(pair, side).conventions.outputs
        return _returned(pair, case, octave, python) if declared is None else 0

    def judged(
        self,
        pair: Pair,
        name: str,
        case: Case,
        octave: Reply | Exception,
        python: PortReply | Exception,
        side: Callable[..., Any] | None = None,
        label: str = "",
    ) -> CaseResult:
        """Compare what both sides of a case gave.

        Parameters
        ----------
        pair, name, case : Pair, str, Case
            What was run.
        octave, python : Reply or PortReply or Exception
            What it gave.
        side : callable, optional
            The Python side, where it is not the port.
        label : str
            Names the pair in the result, where its name does not.
        """
        label = label or pair.name
        if isinstance(octave, Exception) or isinstance(python, Exception):
            return compare_errors(label, name, case, octave, python)
        if case.raises is not None:
            problem = f"both sides were to raise an error ({case.raises}), and neither did"
            return CaseResult(label, name, Verdict.DIFFERENT, problem=problem)
        try:
            compared = list(self.leaves(pair, case, side, octave.outputs, python.result))
        except Exception as error:
            return CaseResult(label, name, Verdict.ERROR, problem=str(error))
        measured = Measured(self, pair, case, side, octave, python.seconds, compared)
        results = measured.judged(self._measure_all)
        results = self._tolerated(pair, side, results)
        problem = _changed_arguments(python.changed)
        if not problem and any(result.is_measured for result in results):
            problem = measured.unsteady()
        verdict = worst([result.verdict for result in results])
        if not problem and python.result is None and not verdict.agrees:
            problem = "the port returned None: does it lack a return?"
        if problem:
            verdict = worst([verdict, Verdict.DIFFERENT])
        elif not any(result.leaf.compared for result in results):
            verdict, problem = worst([verdict, Verdict.UNTESTABLE]), NOTHING_COMPARED
        accepted = case.untestable if isinstance(case.untestable, str) else "untestable=True"
        return CaseResult(
            label,
            name,
            verdict,
            results,
            problem,
            octave.seconds,
            python.seconds,
            accepted=accepted if case.untestable else "",
            decided_at=measured.decided_at,
            unmeasured="" if verdict.agrees else measured.unmeasured,
        )

    def _tolerated(
        self, pair: Pair, side: Callable[..., Any] | None, results: list[LeafResult]
    ) -> list[LeafResult]:
        """Apply the tolerances that are declared."""
        own = self.port.adapter(pair, side).conventions
        places = {name: f"output {i}" for i, name in enumerate(pair.output_names, start=1)}

        def of(tolerance: Mapping[str, float], name: str) -> Any:
            output = re.split(r"[.({]", name)[0]
            return own.of(tolerance, name, output, places.get(output, output))

        return [tolerated(one, of(own.rtol, one.name), of(own.atol, one.name)) for one in results]


def _returned(
    pair: Pair, case: Case, octave: Reply | Exception, python: PortReply | Exception
) -> int:
    """Say for how many outputs Octave is better asked: as many as the port returns; 0 for as now.

    Many a function sets its second output in some cases only, or gives as many as it is asked for,
    or another first one then, or needs more for it; and a port may leave out the last ones.
    """
    if isinstance(python, Exception) or case.nargout is not None or case.raises:
        return 0
    names, result = pair.output_names, python.result
    if isinstance(octave, Exception):
        lacks = isinstance(octave, OctaveError) and LACKING.search(octave.message) is not None
        if len(names) < 2 or not (lacks or pair.reads_nargout):
            return 0
        is_alone = is_first_alone(result) or isinstance(result, list)
        count = len(result) if isinstance(result, tuple) else int(is_alone)
        return count if count < len(names) else 0
    if not isinstance(result, tuple):
        may_matter = len(octave.outputs) > 1 and pair.reads_nargout
        return int(may_matter and is_but_the_first(result, octave.outputs))
    is_more = names[-1:] == ["varargout"] and len(result) > len(octave.outputs)
    is_fewer = 1 < len(result) < min(len(octave.outputs), len(names))
    return len(result) if is_more or is_fewer else 0


LACKING = re.compile(r"undefined|not defined")
"""What Octave says where a function sets no value of an output that is asked for."""

OTHER_COUNT = (
    "the recording is of a call for other outputs than the port returns: say how many these are, "
    "Case(..., nargout={}), and record again"
)

NOTHING_COMPARED = (
    "nothing was compared: the function gives no value that could be; if it is called for what it "
    "prints or draws, say so with Case(..., untestable='reason')"
)


UNKNOWN = re.compile(r"not found|undefined|unrecognized", re.IGNORECASE)
"""What engines say of a function that there is not, whatever else they say."""


def _is_unknown(pair: Pair, octave: Reply | Exception) -> bool:
    """Whether Octave has no function of the name of a pair that has no .m file."""
    if pair.m_file is not None or not isinstance(octave, OctaveError) or octave.stack:
        return False
    said = octave.message
    return f"'{pair.name}'" in said and UNKNOWN.search(said) is not None


def _changed_arguments(changed: list[int]) -> str:
    if not changed:
        return ""
    which = ", ".join(str(i) for i in changed)
    return f"the port changed argument {which} in place; Octave passes by value: copy it first"
