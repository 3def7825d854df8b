"""Makes the recording of a pair from what a live engine gives, case by case.

May import `model`, `project`, `sides` and the other modules of this folder.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.archive import TREE, ArchiveError, write_arrays
from lockstep.model.execution import Execution
from lockstep.model.identity import Identity
from lockstep.oracles.calls import call_of, called_names, floats, shape_of
from lockstep.oracles.freshness import MCode
from lockstep.oracles.manifest import (
    MOST_JSON,
    MOST_VALUES,
    OF_CASES,
    OF_TESTS,
    Entry,
    Kept,
    Manifest,
    RecordingError,
    hash_of,
    manifest_file,
    read_manifest,
    values_file,
    write_manifest,
)
from lockstep.oracles.traces import TracePacker, size_in_bytes, size_of_trace
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave import OctaveError, Reply

OUTPUTS = 2**20
"""Bytes that the outputs of a case may take, by default."""

TRACES = 2**20
"""Bytes that the traces of a pair may take in the file, by default: about that."""

ARGUMENTS = 2**16
"""Bytes of a case's measured numbers that are kept, for machines that make their last bits
otherwise."""


@dataclass(frozen=True)
class Limits:
    """How much is kept: bytes of a case's outputs, and of a pair's traces."""

    outputs: int = OUTPUTS
    traces: int = TRACES

    @property
    def others(self) -> int:
        """Bytes that the outputs of all cases may take that are like the pair's own."""
        return self.traces // 4


@dataclass(frozen=True)
class Written:
    """What became of a recording.

    Attributes
    ----------
    cases, traces : int
        How many are in it.
    bytes : int
        Of both files.
    left_out : dict of str to str
        Cases whose values were not kept, with the reason.
    unchanged : bool
        Whether the files were there already, but for the date.
    dropped : int
        How many calls were in the recording before, and are not in this one.
    """

    cases: int
    traces: int
    bytes: int
    left_out: dict[str, str] = field(default_factory=dict)
    unchanged: bool = False
    dropped: int = 0


class Recorder:
    """Collects the cases of a pair.

    Parameters
    ----------
    pair, code : Pair, MCode
        What is recorded.
    engine, date, tool : Identity, str, str
        From what, when, by which version.
    limits : Limits
        How much is kept.

    Attributes
    ----------
    dropped : int
        How many calls of the recording before could not be kept.
    """

    def __init__(
        self, pair: Pair, code: MCode, engine: Identity, date: str, tool: str, limits: Limits
    ) -> None:
        self._pair = pair
        self._code = code
        self._limits = limits
        self.dropped = 0
        self._kept: dict[str, Kept] = {}
        self._others_bytes = 0
        files = code.reached(pair)
        self._manifest = Manifest(pair.name, engine, date, tool, files, "", {})

    def add(
        self, name: str, case: Case, outcome: Reply | OctaveError, jumps: Iterable[str] = ()
    ) -> str:
        """Keep what a case gave; return why its values are left out, where they are.

        Raises
        ------
        UnsupportedValueError
            If an argument has no counterpart in Octave: such a case needs no recording.
        """
        entry = Entry(
            call_of(case),
            shape_of(case),
            outcome.seconds if isinstance(outcome, Reply) else 0.0,
            tuple(sorted(jumps)),
            "it was not traced",
            files=self._files_of(case),
        )
        size = size_in_bytes(outcome.outputs) if isinstance(outcome, Reply) else 0
        if size > self._limits.outputs:
            why = f"its outputs take {_megabytes(size)}, and {_megabytes(self._limits.outputs)}"
            entry = replace(entry, left_out=f"{why} of a case are kept")
            self._kept[name] = Kept(entry, None)
            return entry.left_out
        arguments = floats(case)
        if size_in_bytes(arguments) > ARGUMENTS:
            arguments = []
        self._kept[name] = Kept(entry, outcome, arguments)
        return ""

    def keep(self, name: str, kept: Kept) -> None:
        """Keep a case as another recording has it."""
        self._kept[name] = kept

    def add_like(self, name: str, case: Case, outcome: Reply) -> bool:
        """Keep what a case gave that is like another; return whether there was room for it."""
        call = call_of(case)
        if any(kept.entry.call == call for kept in self._kept.values()):
            return True  # nothing in it could be changed
        arguments = floats(case)
        size = size_in_bytes([outcome.outputs, arguments])
        if self._others_bytes + size > self._limits.others or size_in_bytes(arguments) > ARGUMENTS:
            return False
        self._others_bytes += size
        files = self._files_of(case)
        entry = Entry(call, shape_of(case), untraced="none is needed", files=files)
        self._kept[f"{OF_CASES}{name}"] = Kept(entry, outcome, arguments)
        return True

    def add_trace(self, name: str, trace: Execution | str) -> None:
        """Keep the trace of a case that was added; a text says why there is none."""
        kept = self._kept[name]
        if isinstance(trace, str):
            kept.entry = replace(kept.entry, untraced=trace)
            return
        kept.entry = replace(kept.entry, untraced="")
        kept.trace, kept.trace_bytes = trace, size_of_trace(trace)
        self._drop_largest()

    def _drop_largest(self) -> None:
        """Keep within the limit: what is dropped first is the largest."""
        traced = sorted(
            (one for one in self._kept.values() if one.trace is not None),
            key=lambda one: one.trace_bytes,
        )
        total = sum(one.trace_bytes for one in traced)
        while total > self._limits.traces:
            largest = traced.pop()
            total -= largest.trace_bytes
            largest.trace = None
            size, most = _megabytes(largest.trace_bytes), _megabytes(self._limits.traces)
            why = f"its trace takes about {size}, and those of a pair {most} at most"
            largest.entry = replace(largest.entry, untraced=why)

    def _files_of(self, case: Case) -> Mapping[str, str]:
        names = called_names(case)
        reached = self._code.reached(self._pair, names) if names else {}
        return {name: one for name, one in reached.items() if name not in self._manifest.files}

    def write(self, folder: Path) -> Written:
        """Write both files; what is there stays where it says the same, but for date and times.

        Raises
        ------
        RecordingError
            If they cannot be written, or nobody would read them again for their size.
        """
        name = self._pair.name
        values, said = values_file(folder, name), manifest_file(folder, name)
        before = _before(said, name)
        self._drop_largest()
        packed = self._packed()
        size = sum(array.nbytes for array in packed.values())
        if size > MOST_VALUES or packed[TREE].nbytes > MOST_JSON:
            raise RecordingError(
                f"the recording of {name} would take {_megabytes(size)} in memory, "
                f"{_megabytes(packed[TREE].nbytes)} of them in words; at most "
                f"{_megabytes(MOST_VALUES)} and {_megabytes(MOST_JSON)} are read: "
                "keep less with --outputs and --traces"
            )
        try:
            write_arrays(values, packed)
        except ArchiveError as error:
            raise RecordingError(str(error)) from None
        made = replace(
            self._manifest,
            values=hash_of(values),
            cases={name: one.entry for name, one in self._kept.items()},
        )
        unchanged = before is not None and _undated(before) == _undated(made)
        if not unchanged:
            write_manifest(said, made)
        own = [name for name in made.cases if not name.startswith((OF_TESTS, OF_CASES))]
        return Written(
            len(own),
            sum(not one.untraced for one in made.cases.values()),
            said.stat().st_size + values.stat().st_size,
            {name: one.left_out for name, one in made.cases.items() if one.left_out},
            unchanged,
            self.dropped,
        )

    def _packed(self) -> dict[str, np.ndarray[Any, Any]]:
        packer = TracePacker()
        cases = {}
        for name, kept in self._kept.items():
            if kept.outcome is None:
                continue
            plain: dict[str, Any] = {"arguments": [packer.value(one) for one in kept.arguments]}
            if isinstance(kept.outcome, Reply):
                plain["outputs"] = [packer.value(one) for one in kept.outcome.outputs]
            else:
                raised = kept.outcome
                plain["error"] = [raised.message, raised.identifier, raised.stack]
            if kept.trace is not None:
                plain["trace"] = packer.execution(kept.trace, self._code.name)
            cases[name] = plain
        tree = {"values": packer.values, "sources": packer.sources, "cases": cases}
        text = np.frombuffer(json.dumps(tree).encode(), np.uint8)
        return {TREE: text, **packer.packed()}


def _before(file: Path, pair: str) -> Manifest | None:
    with contextlib.suppress(RecordingError):
        return read_manifest(file, pair)
    return None


def _undated(manifest: Manifest) -> Manifest:
    cases = {name: replace(one, seconds=0.0) for name, one in manifest.cases.items()}
    return replace(manifest, date="", engine=replace(manifest.engine, program=""), cases=cases)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.2g} MB" if size < 10 * 2**20 else f"{size / 2**20:.0f} MB"
