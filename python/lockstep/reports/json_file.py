"""A run for programs: one JSON document with every case of every pair, and what was found of it.

`lockstep/schema.json` says what is in it. May import `model`, `compare`, `explaining` and `plain`.
"""

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.verdict import LeafResult, Verdict, worst
from lockstep.explaining import Explained
from lockstep.model.identity import LIVE
from lockstep.model.values import octave_index, python_index
from lockstep.reports.plain import explanation_data, number_data

SCHEMA = 1
"""Raised when a reader of an older document would misread a newer one."""


def write_json(
    path: Path,
    results: Sequence[PairResult],
    machine: Mapping[str, str],
    seconds: float,
    complete: bool = True,
    explanations: Mapping[str, Explained] | None = None,
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
        False where the run was stopped: cases or pairs are missing.
    explanations : mapping, optional
        What was found of pairs that disagree, by the name of the pair.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_text(
        json.dumps(
            run_data(results, machine, seconds, complete, explanations or {}),
            indent=1,
            allow_nan=False,
        )
        + "\n",
        encoding="utf-8",
    )


def run_data(
    results: Sequence[PairResult],
    machine: Mapping[str, str],
    seconds: float,
    complete: bool,
    explanations: Mapping[str, Explained],
) -> dict[str, Any]:
    """Return a run as plain data (see `write_json`)."""
    return {
        "schema": SCHEMA,
        "oracle": machine.get("oracle", LIVE),
        "complete": complete,
        "verdict": worst([result.verdict for result in results] or [Verdict.ERROR]),
        "seconds": seconds,
        "machine": dict(machine),
        "pairs": [_pair(result, explanations.get(result.pair)) for result in results],
    }


def _pair(result: PairResult, found: Explained | None) -> dict[str, Any]:
    return {
        "pair": result.pair,
        "verdict": result.verdict,
        "agrees": result.agrees,
        "problem": result.problem,
        "octave_seconds": result.octave_seconds,
        "python_seconds": result.python_seconds,
        "explanation": None if found is None else explanation_data(found),
        "cases": [case_data(case) for case in result.cases],
    }


def case_data(result: CaseResult) -> dict[str, Any]:
    """Return one case: its verdict, and each of its outputs with the worst element."""
    return {
        "case": result.case,
        "verdict": result.verdict,
        "agrees": result.agrees,
        "problem": result.problem,
        "untestable": result.accepted,
        "oracle": result.oracle or LIVE,
        "left_out": result.left_out,
        "decided_at": result.decided_at,
        **({"unmeasured": result.unmeasured} if result.unmeasured else {}),
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
        summary["shape"] = list(result.shape)
        summary["differing"] = result.differing
        summary["largest_ulps"] = number_data(result.largest_ulps)
        summary["times_floor"] = number_data(result.times_floor)
    if index is not None:
        worst = result.element(index)
        summary["worst"] = {
            "octave_index": octave_index(index, result.shape),
            "python_index": python_index(index, leaf.python_shape),
            "octave": number_data(worst.octave),
            "python": number_data(worst.python),
            "absolute": number_data(worst.absolute),
            "relative": number_data(worst.relative),
            "ulps": number_data(worst.ulps),
            "allowed": None if worst.allowed is None else number_data(worst.allowed),
        }
    return summary


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what is written."""
    text = (resources.files("lockstep") / "schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
