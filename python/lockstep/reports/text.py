"""A run in words: the report of one case that disagrees, and the last lines of all.

May import `model`, `compare`, `explaining` and `finding_text`.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.conventions import MEANING
from lockstep.compare.leaves import WHOLE
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.explaining import Explained
from lockstep.model.values import octave_index, python_index
from lockstep.reports.finding_text import what_is_wrong

SHOWN_LEAVES = 5
"""Differing outputs that one report shows in full; the rest are counted."""

SHOWN_CHARACTERS = 400
"""Where a text value or an error message is cut."""


def failure_line(result: CaseResult, found: Explained | None) -> str:
    """Report a case that disagrees in one line, with the place that was found."""
    text = f"{result.pair}, case {result.case!r}: {result.verdict_text}"
    if found is not None and found.finding is not None:
        place = found.finding.port or found.finding.octave
        what = what_is_wrong(found.finding)
        return f"{text}; {place.file.name}, line {place.span.line}: {what}" if place else text
    leaf = next((leaf for leaf in result.leaves if not leaf.verdict.agrees), None)
    said = result.problem or (leaf_text(leaf) if leaf is not None else "")
    return f"{text}; {shortened(said.splitlines()[0])}" if said else text


def headline(results: Sequence[PairResult], complete: bool) -> str:
    """Say in a line whether all agreed; `complete` is False where the run was stopped."""
    bad = [result for result in results if not result.agrees]
    cases = [case for result in results for case in result.cases]
    if not results:
        text = "Nothing was compared"
    elif bad:
        text = f"{len(bad)} of {counted(len(results), 'pair')} disagree"
    else:
        text = f"All agree: {counted(len(results), 'pair')}, {counted(len(cases), 'case')}"
    text += recorded_text(cases)
    return text if complete else f"{text}; the run was stopped"


def total_text(results: Sequence[PairResult], seconds: float) -> str:
    """Return the last lines of a run: counts, times, and whether all agreed."""
    cases = [case for result in results for case in result.cases]
    counts = [
        f"{count} {verdict}"
        for verdict in Verdict
        if verdict is not Verdict.UNTESTABLE
        if (count := sum(case.verdict is verdict for case in cases))
        or verdict is not Verdict.DEVIATION
    ]
    python = sum(result.python_seconds for result in results)
    lines = [
        f"{counted(len(results), 'pair')}, {counted(len(cases), 'case')}{recorded_text(cases)}: "
        f"{', '.join(counts)}",
        *_untestable(cases),
        f"{seconds:.1f} s in all, of it {_octave_time(results, cases)}{python:.1f} s in the port's"
        + (" functions" if recorded_text(cases) else ""),
    ]
    for what, named in (
        ("not compared (function handles, objects)", [case.not_compared for case in cases]),
        (
            "not compared (the port does not return it)",
            [[*case.not_returned, *case.not_asked] for case in cases],
        ),
        (f"{WHOLE}, which overflow and truncate where doubles do not", [c.whole for c in cases]),
    ):
        pairs = zip(cases, named, strict=True)
        found = sorted({f"{case.pair}: {name}" for case, names in pairs for name in names})
        if found:
            lines.append(f"{what}: {', '.join(found)}")
    lines += [
        f"{case.pair}, case {case.case!r}: the length of {leaf.name} depends on rounding "
        f"({leaf.leaf.mismatch}); compared as far as both go{_decided_at(case)}"
        for case in cases
        for leaf in case.cut
        if leaf.verdict.agrees
    ]
    lines += [
        f"{case.pair}, case {case.case!r}: {counted(leaf.excused, 'element')} of {leaf.name} "
        f"depend{'s' if leaf.excused == 1 else ''} on a decision that rounding takes either way; "
        f"Octave's value is one that the port gave when it rounded otherwise{_decided_at(case)}"
        for case in cases
        for leaf in case.excused
        if leaf.verdict.agrees
    ]
    lines += [
        f"{case.pair}, case {case.case!r}, deviates as declared: {case.problem.splitlines()[0]}"
        for case in cases
        if case.verdict is Verdict.DEVIATION
    ]
    lines += [
        f"not compared, {case.pair}, case {case.case!r}: {case.left_out}"
        for case in cases
        if case.left_out
    ]
    bad = [result.pair for result in results if not result.agrees]
    if bad:
        lines.append(f"DISAGREE: {', '.join(bad)}")
    elif not results:
        lines.append("nothing was compared")
    else:
        lines.append("all agree" + (" with what was recorded" if recorded_text(cases) else ""))
    return "\n".join(lines)


def _octave_time(results: Sequence[PairResult], cases: Sequence[CaseResult]) -> str:
    """Say how long Octave's functions took, in this run."""
    if recorded_text(cases):
        return ""
    seconds = sum(result.octave_seconds for result in results)
    return f"{seconds:.1f} s in Octave's functions and "


def recorded_text(cases: Sequence[CaseResult]) -> str:
    """Say how many cases were compared with recorded values; nothing where all were live."""
    count = sum(bool(case.oracle) for case in cases)
    if not count:
        return ""
    return ", recorded" if count == len(cases) else f", {count} of them recorded"


def counted(count: int, what: str) -> str:
    """Write a number of things: ``1 pair``, ``2 pairs``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def _untestable(cases: Sequence[CaseResult]) -> list[str]:
    """Count the untestable cases on a line of their own, those apart that say so themselves."""
    found = [case for case in cases if case.verdict is Verdict.UNTESTABLE and not case.left_out]
    if not found:
        return []
    said = sum(bool(case.accepted) for case in found)
    return [
        f"{len(found)} untestable"
        + (f", of them {said} by what their cases say" if said else "")
        + ": neither right nor wrong"
    ]


def failure_text(result: CaseResult) -> str:
    """Report a case that disagrees: what differs, where, and both sides' values.

    Parameters
    ----------
    result : CaseResult
        With a verdict of ``different`` or ``error``.
    """
    lines = [f"{result.pair}, case {result.case!r}: {result.verdict_text}"]
    if result.problem:
        lines += _indented(shortened(result.problem))
    bad = [leaf for leaf in result.leaves if not leaf.verdict.agrees]
    for leaf in bad[:SHOWN_LEAVES]:
        lines += _indented(leaf_text(leaf))
    if len(bad) > SHOWN_LEAVES:
        lines.append(f"  and {len(bad) - SHOWN_LEAVES} more outputs differ")
    agreeing = [leaf.name for leaf in result.leaves if leaf.verdict.agrees and leaf.leaf.compared]
    if agreeing and bad:
        lines.append(f"  agreeing: {', '.join(agreeing)}")
    return "\n".join(lines)


def leaf_text(result: LeafResult) -> str:
    """Report one value that differs: how many elements, the worst of them, and how far apart."""
    index = result.worst_index
    if result.distance is None or index is None:
        said = [result.leaf.mismatch, _up_to(result), _class_text(result)]
        return f"{result.name}: {'; '.join(part for part in said if part)}"
    size, worst = math.prod(result.shape), result.element(index)
    of = f"{result.differing} of {size} elements differ" if size > 1 else "differs"
    place = octave_index(index, result.shape)
    twin = python_index(index, result.leaf.python_shape)
    where = f"; worst at {result.name}{place} in Octave, {result.name}{twin} in Python"
    lines = [
        f"{result.name}: {of}{where if size > 1 else ''}",
        *([f"  {result.leaf.mismatch}"] if result.leaf.mismatch else []),
        f"  Octave  {_shown(result.leaf.octave, worst.octave)}",
        f"  Python  {_shown(result.leaf.python, worst.python)}",
    ]
    if result.leaf.octave.dtype.kind in "fc" and worst.allowed is not None:
        lines.append(
            f"  off by {worst.absolute:.3g}, relative {worst.relative:.3g}, "
            f"{ulps_text(worst.ulps)}; rounding explains at most {worst.allowed:.3g}"
        )
    lines += [f"  {said}" for said in (_up_to(result), _class_text(result)) if said]
    if result.verdict is Verdict.UNTESTABLE:
        lines += [f"  {line}" for line in _proposal(result)]
    return "\n".join(lines)


def _up_to(result: LeafResult) -> str:
    """Say up to which convention a value is right; the class has its own text."""
    if result.convention in ("", "class"):
        return "right up to a convention" if result.convention else ""
    return (
        f"right up to a convention: {MEANING[result.convention]}; "
        f"Case(..., allow={result.convention!r}) allows it"
    )


def _class_text(result: LeafResult) -> str:
    if not result.class_note:
        return ""
    text = f"class: {result.class_note}"
    if result.class_note == WHOLE:
        text += "; integers overflow and truncate where doubles do not: return float64"
    return text


def _proposal(result: LeafResult) -> list[str]:
    return [
        f"with these inputs rounding alone moves {result.name} by its own size "
        f"({result.floor:.3g}): nothing is left of it that could be right or wrong",
        "give a case whose result is no difference of nearly equal numbers (other or fewer inputs, "
        "fewer iterations), or say Case(..., untestable='reason')",
    ]


def _decided_at(case: CaseResult) -> str:
    return f"\n    {case.decided_at}" if case.decided_at else ""


def others_text(result: LeafResult, count: int) -> list[str]:
    """List further elements that differ, at most `count`, after the one that `leaf_text` shows."""
    found = [(index, result.element(index)) for index in result.worst_indices(count + 1)[1:]]
    return [
        f"then {result.name}{octave_index(index, result.shape)}, "
        f"{result.name}{python_index(index, result.leaf.python_shape)}: "
        f"{_shown(result.leaf.octave, one.octave)} in Octave, "
        f"{_shown(result.leaf.python, one.python)} in Python"
        for index, one in found
    ]


def _shown(values: np.ndarray[Any, Any], element: Any) -> str:
    """Write an element, or the whole text where the values are one line of it."""
    if values.dtype.kind == "U" and values.shape[0] == 1:
        return shortened(repr("".join(values.ravel())))
    return value_text(element)


def value_text(value: Any) -> str:
    """Write one element at full precision."""
    if isinstance(value, np.inexact):
        digits = 9 if value.dtype in (np.dtype(np.float32), np.dtype(np.complex64)) else 17
        return f"{value:.{digits}g}"
    return repr(value.item() if isinstance(value, np.generic) else value)


def ulps_text(ulps: float) -> str:
    """Write a difference in ulps: ``1 ulp``, ``1,234 ulps``, ``3.1e+12 ulps``."""
    if math.isnan(ulps):
        return "no ulps"
    if math.isinf(ulps):
        return "infinitely many ulps"
    if ulps == 1:
        return "1 ulp"
    return f"{ulps:,.0f} ulps" if ulps < 1e6 else f"{ulps:.1e} ulps"


def seconds_text(seconds: float) -> str:
    """Write a time: ``12 ms``, ``3.4 s``."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def shortened(text: str) -> str:
    """Cut a text that is too long for a report."""
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + " ..."


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
