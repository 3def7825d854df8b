"""A run for programs: one JSON document with every case of every pair.

Numbers that JSON has no form for (NaN, Inf) are written as the texts "NaN", "Infinity",
"-Infinity". May import `values` and `runner`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.verdict import LeafResult, Verdict, worst
from lockstep.model.values import octave_index, python_index

SCHEMA = 1
"""Raised when a reader of an older document would misread a newer one."""


def write_json(
    path: Path,
    results: Sequence[PairResult],
    machine: Mapping[str, str],
    seconds: float,
    complete: bool = True,
) -> None:
    """Write a run to `path`.

    Parameters
    ----------
    path : Path
        Overwritten if it is there.
    results : sequence of PairResult
        The pairs, in order.
    machine : mapping
        What the run was made with (see `lockstep.doctor`).
    seconds : float
        Duration of the whole run.
    complete : bool
        False where the run was interrupted: later pairs are missing.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    document = {
        "schema": SCHEMA,
        "oracle": machine.get("oracle", "live"),
        "complete": complete,
        "verdict": worst([result.verdict for result in results] or [Verdict.ERROR]),
        "seconds": seconds,
        "machine": dict(machine),
        "pairs": [_pair(result) for result in results],
    }
    path.write_text(json.dumps(document, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _pair(result: PairResult) -> dict[str, Any]:
    return {
        "pair": result.pair,
        "verdict": result.verdict,
        "problem": result.problem,
        "octave_seconds": result.octave_seconds,
        "python_seconds": result.python_seconds,
        "cases": [_case(case) for case in result.cases],
    }


def _case(result: CaseResult) -> dict[str, Any]:
    return {
        "case": result.case,
        "verdict": result.verdict,
        "problem": result.problem,
        "untestable": result.accepted,
        "oracle": result.oracle or "live",
        "left_out": result.left_out,
        "octave_seconds": result.octave_seconds,
        "python_seconds": result.python_seconds,
        "outputs": [_leaf(leaf) for leaf in result.leaves],
    }


def _leaf(result: LeafResult) -> dict[str, Any]:
    leaf, index = result.leaf, result.worst_index
    summary: dict[str, Any] = {
        "name": result.name,
        "verdict": result.verdict,
        "compared": leaf.compared,
        "mismatch": leaf.mismatch,
        "class_note": leaf.class_note,
        "convention": result.convention,
        "excused": result.excused,
    }
    if result.distance is not None:
        summary["shape"] = list(leaf.octave.shape)
        summary["differing"] = int(result.distance.unequal.sum())
        summary["largest_ulps"] = _number(result.largest_ulps)
        summary["times_floor"] = _number(result.times_floor)
    if result.distance is not None and index is not None:
        summary["worst"] = {
            "octave_index": octave_index(index, leaf.octave.shape),
            "python_index": python_index(index, leaf.python_shape),
            "octave": _number(leaf.octave[index]),
            "python": _number(leaf.python[index]),
            "absolute": _number(result.distance.absolute[index]),
            "relative": _number(result.distance.relative[index]),
            "ulps": _number(result.distance.ulps[index]),
            "allowed": None if result.allowed is None else _number(result.allowed[index]),
        }
    return summary


def _number(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, complex):
        return [_number(plain.real), _number(plain.imag)]
    if isinstance(plain, float) and not math.isfinite(plain):
        return "NaN" if math.isnan(plain) else ("Infinity" if plain > 0 else "-Infinity")
    return plain
