"""Has a live engine give all that a recording keeps of a case. May import `runner` and before."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np

from lockstep.explain.varied import NEAR, OTHERS, like, near, size
from lockstep.model.phases import EXPLANATION_LIMITS, Phase
from lockstep.model.values import UnsupportedValueError
from lockstep.model.version import VERSION
from lockstep.oracles.calls import call_of, with_floats
from lockstep.oracles.freshness import MCode
from lockstep.oracles.live import OCTAVE_RUNS, LiveOracle
from lockstep.oracles.manifest import (
    OF_TESTS,
    RecordingError,
    manifest_file,
    read_manifest,
)
from lockstep.oracles.recorded import RecordedOracle
from lockstep.oracles.recorder import ARGUMENTS, Limits, Recorder
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair, ProjectError
from lockstep.runner import Runner
from lockstep.sides.nudging import Nudge
from lockstep.sides.octave import OctaveDiedError, OctaveError, Reply
from lockstep.sides.octave_execution import (
    BYTE_LIMIT,
    NODE_LIMIT,
    OctaveTraceError,
    OctaveTracer,
)

COMPRESSED = 16
"""How many times smaller than in memory the values of a trace may be in a file, at best."""

WRITING_LIMIT = 600.0
"""Seconds that the writing of a recording may take."""


def new_recorder(
    runner: Runner, pair: Pair, limits: Limits, stays: Callable[[str], bool]
) -> Recorder:
    """Return what collects the cases of a pair; the engine is started to say what it is.

    Parameters
    ----------
    runner, pair : Runner, Pair
        What is recorded.
    limits : Limits
        How much is kept.
    stays : callable
        Whether a case of a name stays as it was recorded before, of the same .m files.
    """
    recorder = Recorder(
        pair,
        MCode(runner.project.m_files),
        runner.oracle.identity(),
        date.today().isoformat(),
        VERSION,
        limits,
    )
    folder = runner.project.recordings_folder
    before = RecordedOracle(folder, runner.project.m_files, runner.project.engine)
    try:
        kept = before.kept(pair)
    except RecordingError:  # there is none, or it no longer holds
        recorder.dropped = sum(map(stays, _names(folder, pair)))
        return recorder
    for name, one in kept.items():
        if stays(name):
            recorder.keep(name, one)
    return recorder


def _names(folder: Path, pair: Pair) -> list[str]:
    """Return the names of what is recorded of a pair, whether it still holds or not."""
    with contextlib.suppress(RecordingError):
        return list(read_manifest(manifest_file(folder, pair.name), pair.name).cases)
    return []


class CaseRecorder:
    """Records the cases of one pair after the other.

    Parameters
    ----------
    runner : Runner
        With a live engine.
    limits : Limits
        How much is kept.

    Raises
    ------
    ProjectError
        If the runner's values are recorded ones themselves.
    """

    def __init__(self, runner: Runner, limits: Limits) -> None:
        if not isinstance(runner.oracle, LiveOracle):
            raise ProjectError("a recording is made of a live engine: use --oracle live")
        self._runner = runner
        self._oracle = runner.oracle
        # what does not fit into the file need not be brought here
        self._tracer = OctaveTracer(
            runner.oracle.session,
            runner.project.octave_path,
            node_limit=min(NODE_LIMIT, limits.traces),
            byte_limit=min(BYTE_LIMIT, COMPRESSED * limits.traces),
        )

    def record(
        self, recorder: Recorder, pair: Pair, name: str, case: Case, untraced: str = ""
    ) -> str:
        """Call the Octave side of a case, nudge it and trace it.

        Parameters
        ----------
        recorder : Recorder
            What collects the cases.
        pair, name, case : Pair, str, Case
            The case.
        untraced : str
            Why it is not to be traced; empty where it is.

        Returns
        -------
        str
            Why its values are left out; empty where they are kept.

        Raises
        ------
        ProjectError
            If the engine gives no answer.
        """
        outcome = self._runner.octave_outcome(pair, case)
        if isinstance(outcome, UnsupportedValueError):
            return ""  # no engine is needed to say so again
        if not isinstance(outcome, (Reply, OctaveError)):
            raise ProjectError(str(outcome))
        jumps: Iterable[str] = ()
        if isinstance(outcome, Reply) and _can_be_nudged(case):
            limit = case.timeout or self._runner.timeout
            self._runner.now(Phase.OCTAVE, OCTAVE_RUNS * limit)
            try:
                jumps = self._oracle.jumping(pair, case, outcome.outputs)
            except OctaveDiedError as error:
                raise ProjectError(f"with nudged arguments, {error}") from None
        left_out = recorder.add(name, case, outcome, jumps)
        if untraced:
            recorder.add_trace(name, untraced)
        elif not left_out:
            self._trace(recorder, pair, name, case)
        return left_out

    def record_others(self, recorder: Recorder, pair: Pair, cases: Mapping[str, Case]) -> None:
        """Record cases like those of a pair, the smallest first, as far as there is room.

        There are as many as an explanation may ask for, whichever of the cases disagree.
        """
        sizes = {name: size(one) for name, one in cases.items() if not one.raises}
        small = sorted((size, name) for name, size in sizes.items() if size <= ARGUMENTS)
        for make, most in ((like, OTHERS), (near, NEAR)):
            for turn in range(min(most, most // (len(sizes) // 2 + 1) + 1)):
                for _, name in small:
                    self._runner.now(Phase.RECORD, WRITING_LIMIT)
                    with np.errstate(all="ignore"):
                        case = make(cases[name], turn)
                    outcome = self._runner.octave_outcome(pair, case) if case else None
                    if case is None or not isinstance(outcome, Reply):
                        continue
                    if not recorder.add_like(f"{name}, {make.__name__} {turn}", case, outcome):
                        return

    def _trace(self, recorder: Recorder, pair: Pair, name: str, case: Case) -> None:
        limit = case.timeout or self._runner.timeout
        self._runner.begin_explanation(case)
        self._runner.now(Phase.EXPLAIN, EXPLANATION_LIMITS * limit)
        try:
            trace = self._tracer.trace(pair, case)
        except (ProjectError, OctaveTraceError, OctaveError, OctaveDiedError) as error:
            recorder.add_trace(name, str(error))
            return
        too_large = self._tracer.was_cut
        recorder.add_trace(name, f"its trace is too large: {trace.cut}" if too_large else trace)


class CallKeeper:
    """Records the calls that tests make, beside the cases of their pairs.

    Parameters
    ----------
    runner : Runner
        With a live engine.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._limits = Limits()
        self._cases = CaseRecorder(runner, self._limits)
        self._recorders: dict[str, Recorder] = {}

    def keep(self, pair: Pair, case: Case) -> None:
        """Record a call.

        Raises
        ------
        ProjectError
            If the engine gives no answer.
        """
        if pair.name not in self._recorders:
            self._recorders[pair.name] = new_recorder(
                self._runner, pair, self._limits, lambda name: True
            )
        name = f"{OF_TESTS}{sha256(repr(call_of(case)).encode()).hexdigest()[:12]}"
        self._cases.record(self._recorders[pair.name], pair, name, case)

    def write(self) -> None:
        """Write the recordings of all pairs that were called."""
        for recorder in self._recorders.values():
            recorder.write(self._runner.project.recordings_folder)


def _can_be_nudged(case: Case) -> bool:
    """Whether nudging moves anything: whole numbers stay."""
    return call_of(with_floats(case, Nudge(0).number)) != call_of(case)
