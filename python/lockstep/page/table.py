"""The table of a run as plain data for the page: pairs and cases, what disagrees first.

May import `compare`, `explaining` and `reports`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.floor import MARGIN
from lockstep.compare.verdict import LeafResult
from lockstep.explaining import Explained
from lockstep.model.values import octave_index
from lockstep.reports.finding_text import proof_text, shown_value
from lockstep.reports.plain import explanation_data
from lockstep.reports.text import counted, failure_text, seconds_text, ulps_text

FEWEST, MOST = -1.0, 17.0
"""Ends of the scale of differences, as powers of ten of the rounding floor."""


def pair_data(
    result: PairResult, found: Explained | None = None, reached: float | None = None
) -> dict[str, Any]:
    """Return a pair with its cases, and what was found of it.

    Parameters
    ----------
    result : PairResult
        What the pair gave.
    found : Explained, optional
        What was found of it.
    reached : float, optional
        Which part of its lines and branches its cases are known to reach.
    """
    return pair_of_cases(
        result.pair,
        [case_data(case) for case in result.cases],
        result.problem,
        None if found is None else found_data(found),
        reached,
    )


def pair_of_cases(
    name: str,
    cases: Sequence[Mapping[str, Any]],
    problem: str = "",
    explanation: Mapping[str, Any] | None = None,
    reached: float | None = None,
) -> dict[str, Any]:
    """Return a pair whose cases, and what was found of it, are plain data already."""
    order = sorted(cases, key=lambda case: (case["agrees"], -case["rank"]))
    largest = max(cases, key=lambda case: (not case["agrees"], case["rank"]), default=None)
    return {
        "name": name,
        "verdict": "error" if problem or largest is None else _worst(cases),
        "agrees": not problem and all(case["agrees"] for case in cases),
        "problem": problem,
        "cases": order,
        "failing": sum(not case["agrees"] for case in cases),
        "octave": sum(case["octave"] for case in cases),
        "python": sum(case["python"] for case in cases),
        "times": [seconds_text(sum(case[side] for case in cases)) for side in ("octave", "python")],
        "largest": largest,
        "reached": reached,
        "explanation": explanation,
    }


def _worst(cases: Sequence[Mapping[str, Any]]) -> str:
    """Return the worst verdict; what a recording leaves out counts where there is nothing else."""
    verdicts = ["identical", "rounding", "deviation", "untestable", "different", "error"]
    compared = [case for case in cases if not case["left_out"]] or cases
    return str(max((case["verdict"] for case in compared), key=verdicts.index))


def case_data(result: CaseResult) -> dict[str, Any]:
    """Return a case: its verdict, its largest difference, its times, and why it disagrees."""
    leaf = max(result.leaves, key=_rank, default=None)
    rank = 0.0 if leaf is None else _rank(leaf)
    return {
        "name": result.case,
        "verdict": str(result.verdict),
        "agrees": result.agrees,
        "said": result.verdict_text,
        "oracle": result.oracle,
        "left_out": result.left_out,
        "octave": result.octave_seconds,
        "python": result.python_seconds,
        "times": [seconds_text(one) for one in (result.octave_seconds, result.python_seconds)],
        "rank": _bounded(rank),
        "scale": _place(rank),
        "largest": _largest(result, leaf),
        "report": "" if result.agrees else failure_text(result),
    }


def _rank(leaf: LeafResult) -> float:
    """Say how many floors a value is off; where no floor was measured, an ulp is taken for it."""
    if leaf.distance is None:
        return 0.0 if leaf.verdict.agrees else math.inf
    found = leaf.times_floor if leaf.allowed is not None else leaf.largest_ulps
    return min(found, MARGIN) if leaf.verdict.agrees else found


def _bounded(rank: float) -> float:
    return min(rank, 1e300)


def _place(rank: float) -> float:
    """Say where on the logarithmic scale a difference is: from 0 to 1; 0 where there is none."""
    if rank <= 0:
        return 0.0
    power = math.log10(_bounded(rank))
    return round(min(1.0, max(0.0, (power - FEWEST) / (MOST - FEWEST))), 4)


LIMIT_PLACE = _place(MARGIN)
"""Where on the scale rounding ends."""


def _largest(result: CaseResult, leaf: LeafResult | None) -> str:
    if leaf is None:
        return (result.problem or result.left_out).partition("\n")[0]
    if leaf.distance is None:
        return f"{leaf.name}: {leaf.leaf.mismatch or leaf.leaf.class_note or 'not compared'}"
    if not leaf.differing:
        return "none"
    index = leaf.worst_index
    place = leaf.name if index is None else leaf.name + octave_index(index, leaf.shape)
    if leaf.excused and leaf.verdict.agrees:
        many = counted(leaf.excused, "element")
        return f"{many} of {leaf.name} depend{'s' if leaf.excused == 1 else ''} on rounding"
    if leaf.allowed is None:
        return f"{ulps_text(leaf.largest_ulps)} in {place}"
    return f"{floors_text(leaf.times_floor)} in {place}"


def floors_text(floors: float) -> str:
    """Write a difference in rounding floors: ``3.4 floors``, ``2.1e+09 floors``."""
    if math.isinf(floors):
        return "beyond all rounding"
    number = f"{floors:.2g}" if floors < 100 else f"{floors:,.0f}"
    return f"{number if floors < 1e6 else f'{floors:.1e}'} floors"


def found_data(found: Explained) -> dict[str, Any]:
    """Return what was found, with the sentences and values that the page shows."""
    data = explanation_data(found)
    finding = found.finding
    if finding is not None:
        data["proof"] = proof_text(finding)
        data["values"] = {
            "octave": shown_value(finding.octave_value),
            "port": shown_value(finding.port_value),
        }
    return data
