"""The oracle that reads recordings: no engine is started, and none need be there.

May import `model`, `project`, `sides` and the other modules of this folder.
"""

import contextlib
import copy
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.archive import TREE, ArchiveError, opened
from lockstep.model.execution import Execution
from lockstep.model.identity import ENGINES, RECORDED, Identity
from lockstep.model.summed import Blocks, Window
from lockstep.model.values import UnsupportedValueError
from lockstep.oracles.calls import Call, call_of, called_names, floats, like, shape_of, with_floats
from lockstep.oracles.freshness import MCode, changes
from lockstep.oracles.manifest import (
    MOST_JSON,
    MOST_VALUES,
    Entry,
    Kept,
    Manifest,
    RecordingError,
    again,
    hash_of,
    manifest_file,
    read_manifest,
    values_file,
)
from lockstep.oracles.traces import TraceReader, size_of_trace
from lockstep.project.cases import CALL, Case
from lockstep.project.m_files import MFiles
from lockstep.project.pairs import Pair
from lockstep.sides.octave import OctaveDiedError, OctaveError, Reply
from lockstep.sides.octave_execution import OctaveTraceError

ULPS = 16.0
"""Numbers that are off by no more than this, in ulps of the largest beside them, are made by the
same code on another machine: another CPU, another version of NumPy."""


ADJUSTED = ", with the arguments as they were then: made here, their last bits are others"
"""What a verdict says beside `RECORDED` where the arguments are not those of the case."""


class NotRecordedError(OctaveDiedError):
    """The recording has no answer to this call; the message says why."""


class LeftOutError(NotRecordedError):
    """The call was made when the pair was recorded, and what it gave was too large to be kept."""


@dataclass
class _Recording:
    """The recording of one pair, open."""

    pair: Pair
    manifest: Manifest
    cases: Mapping[str, Any]
    reader: TraceReader

    def __post_init__(self) -> None:
        self.by_call: dict[Call, str] = {}
        for name, entry in self.manifest.cases.items():
            self.by_call.setdefault(entry.call, name)


class RecordedOracle:
    """Reads what an engine gave when the pairs were recorded.

    Parameters
    ----------
    folder : Path
        Of the recordings.
    m_files : MFiles
        Of the project, which must be those that were recorded.
    engine : str
        The engine that must have given the values.
    """

    def __init__(self, folder: Path, m_files: MFiles, engine: str) -> None:
        self.timeout: float | None = None
        self._folder = folder
        self._engine = engine
        self._code = MCode(m_files)
        self._open: dict[str, _Recording] = {}
        self._wanting: dict[tuple[str, Call], str] = {}
        self._adjusted: set[tuple[str, Call]] = set()

    @property
    def pid(self) -> int | None:
        """None: no engine runs."""
        return None

    def start(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Forget what was read."""
        self._open.clear()

    def identity(self) -> Identity:
        """Say which engine, or engines, gave what is recorded.

        Raises
        ------
        RecordingError
            If there are no recordings.
        """
        found = [one for one in self._manifests() if one.engine.engine == self._engine]
        if not found:
            raise RecordingError(
                f"there are no recordings in {self._folder}; make them where "
                f"{ENGINES[self._engine]} is: lockstep record"
            )
        dates = sorted({one.date for one in found})
        return Identity(
            self._engine,
            ", ".join(sorted({one.engine.version for one in found})),
            ", ".join(sorted({one.engine.blas for one in found})),
            recorded=dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}",
        )

    def _manifests(self) -> Iterator[Manifest]:
        """Yield the manifests that can be read; of another, the run of its pair says why not."""
        for file in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(RecordingError):
                yield read_manifest(file, file.stem)

    def adopted(self, pair: Pair, cases: Mapping[str, Case]) -> dict[str, Case]:
        """Return cases with the arguments that were recorded, bit for bit, where they are like.

        The last bits of ``np.sin(x)`` are not the same on all machines. What differs by more, or
        was not recorded, is remembered: `outcome` says so.

        Raises
        ------
        RecordingError
            If there is no recording, or it is of other .m files.
        """
        recording = self._recording(pair)
        try:
            return {name: self._adopted(recording, name, case) for name, case in cases.items()}
        except _DAMAGE as error:
            raise RecordingError(self._damaged(pair, error)) from None

    def _adopted(self, recording: _Recording, name: str, case: Case) -> Case:
        try:
            call = call_of(case)
        except UnsupportedValueError:
            return case  # as with a live engine, calling it says so
        if call in recording.by_call:
            return case
        shape = shape_of(case)
        for other, entry in recording.manifest.cases.items():
            if entry.shape == shape and not entry.left_out:
                changed = _with_numbers(case, self._arguments(recording, other))
                if changed is not None and call_of(changed) == entry.call:
                    self._adjusted.add((recording.pair.name, entry.call))
                    return changed
        self._wanting[recording.pair.name, call] = self._why_wanting(recording, name, call, shape)
        return case

    def _why_wanting(self, recording: _Recording, name: str, call: Call, shape: str) -> str:
        """Say why there is no recording of a call."""
        named = recording.manifest.cases.get(name)
        if named is None and name == CALL:
            return (
                "the recording has no such call; record it where Octave is: "
                "pytest --lockstep-record"
            )
        if named is None:
            return f"the recording has no case {name!r}; {again(recording.pair.name)}"
        changed = call.differences(named.call)
        if named.shape == shape and (named.left_out or not self._arguments(recording, name)):
            changed += ", if only in the last bits of numbers, which are too many to be kept"
        return f"the recording is of another call: {changed}; {again(recording.pair.name)}"

    def _arguments(self, recording: _Recording, name: str) -> list[Any]:
        return self._values(recording, recording.cases[name].get("arguments", []))

    def said(self, pair: Pair, case: Case) -> str:
        """Say that values are recorded, and whether the arguments are, too."""
        try:
            adjusted = (pair.name, call_of(case)) in self._adjusted
        except UnsupportedValueError:
            adjusted = False
        return RECORDED + (ADJUSTED if adjusted else "")

    def kept(self, pair: Pair) -> dict[str, Kept]:
        """Return all that is recorded of a pair, by name of the case.

        Raises
        ------
        RecordingError
            If there is no recording, or it is of other .m files.
        """
        recording = self._recording(pair)
        found: dict[str, Kept] = {}
        try:
            for name, entry in recording.manifest.cases.items():
                if entry.left_out:
                    found[name] = Kept(entry, None)
                    continue
                outcome = self._outcome(recording, entry, recording.cases[name])
                trace = None if entry.untraced else self._trace(recording, name)
                size = 0 if trace is None else size_of_trace(trace)
                found[name] = Kept(entry, outcome, self._arguments(recording, name), trace, size)
        except _DAMAGE as error:
            raise RecordingError(self._damaged(pair, error)) from None
        return found

    def outcome(self, pair: Pair, case: Case, ahead: Sequence[Case] = ()) -> Reply | Exception:
        """Return what the engine gave, or why that is not known."""
        try:
            recording, name = self._found(pair, case)
            entry = recording.manifest.cases[name]
            if entry.left_out:
                return LeftOutError(f"left out of the recording: {entry.left_out}")
            changed = self._changed_files(recording, entry, case)
            if changed:
                return NotRecordedError(changed)
            return self._outcome(recording, entry, recording.cases[name])
        except (UnsupportedValueError, NotRecordedError) as error:
            return error
        except _DAMAGE as error:
            return NotRecordedError(self._damaged(pair, error))

    def _outcome(self, recording: _Recording, entry: Entry, plain: Any) -> Reply | OctaveError:
        if "error" in plain:
            message, identifier, stack = plain["error"]
            return OctaveError(str(message), str(identifier), [str(one) for one in stack])
        outputs = copy.deepcopy(self._values(recording, plain["outputs"]))  # may be changed
        return Reply(outputs, entry.seconds, "")

    def jumping(self, pair: Pair, case: Case, outputs: list[Any]) -> dict[str, list[Any]]:
        """Name the leaves of the outputs that jumped when the arguments were nudged, no values."""
        recording, name = self._found(pair, case)
        return {jumped: [] for jumped in recording.manifest.cases[name].jumps}

    def rounded(
        self, pair: Pair, case: Case, outputs: list[Any]
    ) -> Generator[dict[str, Any], None, None]:
        """Yield nothing: how the engine itself rounds is not kept.

        So a port that is more exact than it may be `different` here and `rounding` with an engine.
        """
        yield from ()

    def is_traced(self, pair: Pair, case: Case) -> bool:
        """Whether the trace of a case was kept."""
        try:
            recording, name = self._found(pair, case)
        except (NotRecordedError, UnsupportedValueError):
            return False
        return not recording.manifest.cases[name].untraced

    def trace_part(self, pair: Pair, case: Case, part: Window) -> Execution:
        """Refuse: only whole traces are kept."""
        raise OctaveTraceError("a recording has no other part of it")

    def summed(self, pair: Pair, case: Case, size: int) -> Blocks:
        """Refuse: what was bound is kept in traces only."""
        raise OctaveTraceError("a recording has no other part of it")

    def trace(self, pair: Pair, case: Case) -> Execution:
        """Return what the engine did in a case.

        Raises
        ------
        OctaveTraceError
            If that was not kept; the message says why.
        """
        recording, name = self._found(pair, case)
        entry = recording.manifest.cases[name]
        if entry.untraced or entry.left_out:
            raise OctaveTraceError(
                f"case {name!r} was recorded without a trace: {entry.untraced or entry.left_out}"
            )
        try:
            return self._trace(recording, name)
        except _DAMAGE as error:
            said = self._damaged(pair, error)
            raise OctaveTraceError(said) from None

    def _trace(self, recording: _Recording, name: str) -> Execution:
        return recording.reader.execution(recording.cases[name]["trace"], self._code.file)

    # The files

    def _values(self, recording: _Recording, numbers: Any) -> list[Any]:
        return [recording.reader.value(one) for one in numbers]

    def _found(self, pair: Pair, case: Case) -> tuple[_Recording, str]:
        recording, call = self._recording(pair), call_of(case)
        name = recording.by_call.get(call)
        if name is None:
            nothing = f"the recording has no such call of {pair.name}; it has: " + ", ".join(
                map(repr, list(recording.manifest.cases)[:5])
            )
            raise NotRecordedError(self._wanting.get((pair.name, call), nothing))
        return recording, name

    def _recording(self, pair: Pair) -> _Recording:
        if pair.name not in self._open:
            file = manifest_file(self._folder, pair.name)
            manifest = read_manifest(file, pair.name)
            self._check(pair, file, manifest)
            self._open[pair.name] = self._read(pair, manifest)
        return self._open[pair.name]

    def _check(self, pair: Pair, file: Path, manifest: Manifest) -> None:
        """Refuse what is foreign or stale."""
        if manifest.engine.engine != self._engine:
            raise RecordingError(
                f"{file} is of {manifest.engine.name}, and the engine is {self._engine}; "
                f"{again(pair.name)}"
            )
        changed = changes(manifest.files, self._code.reached(pair))
        if changed:
            raise RecordingError(
                f"{pair.name} was recorded on {manifest.date}, and since then {changed}; "
                f"{again(pair.name)}"
            )
        values = values_file(self._folder, pair.name)
        if hash_of(values) != manifest.values:
            raise RecordingError(
                f"{values} is not the file that {file.name} was written with; {again(pair.name)}"
            )

    def _changed_files(self, recording: _Recording, entry: Entry, case: Case) -> str:
        """Say what became of the files that the handles of a case reach."""
        names = called_names(case)
        if not names:
            return ""
        reached = self._code.reached(recording.pair, names)
        extra = {k: v for k, v in reached.items() if k not in recording.manifest.files}
        changed = changes(entry.files, extra)
        said = f"since the recording, {changed}; {again(recording.pair.name)}"
        return said if changed else ""

    def _read(self, pair: Pair, manifest: Manifest) -> _Recording:
        file = values_file(self._folder, pair.name)
        try:
            with opened(file, MOST_VALUES) as stored:
                arrays: dict[str, np.ndarray[Any, Any]] = {name: stored[name] for name in stored}
                text = arrays.pop(TREE).tobytes()
                if len(text) > MOST_JSON:
                    raise ValueError(f"its tree takes {len(text):,} bytes")
                tree = json.loads(text)
                reader = TraceReader(arrays, list(tree["values"]), list(tree["sources"]))
                cases = dict(tree["cases"])
            left = [name for name, one in manifest.cases.items() if not one.left_out]
            if not all(isinstance(cases[name], dict) for name in left):
                raise ValueError("its cases are not those of the manifest")
        except ArchiveError as error:
            raise RecordingError(f"{error}; {again(pair.name)}") from None
        except _DAMAGE as error:
            raise RecordingError(self._damaged(pair, error)) from None
        return _Recording(pair, manifest, cases, reader)

    def _damaged(self, pair: Pair, error: Exception) -> str:
        file = values_file(self._folder, pair.name)
        return f"{file} is damaged: {str(error) or type(error).__name__}; {again(pair.name)}"


_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    MemoryError,
)
"""What is raised where the numbers of a file do not fit together."""


def _with_numbers(case: Case, numbers: list[Any]) -> Case | None:
    """Return a case with these numbers in the place of its own; None where they are not alike."""
    if not numbers or not like(floats(case), numbers, ULPS):
        return None
    left = iter(numbers)

    def recorded(own: Any) -> Any:
        number = next(left)
        return type(own)(number) if isinstance(own, (float, complex)) else number

    return with_floats(case, recorded)
