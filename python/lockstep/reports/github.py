"""Annotations for GitHub's checks: one for each pair that disagrees, at the port's line.

May import `model`, `compare`, `explaining`, `finding_text`, `plain`, `run_table` and `text`.
"""

from collections.abc import Iterator, Mapping, Sequence

from lockstep.compare.case_result import PairResult
from lockstep.explaining import Explained
from lockstep.reports.finding_text import finding_text
from lockstep.reports.plain import file_text
from lockstep.reports.run_table import disagreeing_text
from lockstep.reports.text import failure_text


def annotations(results: Sequence[PairResult], explained: Mapping[str, Explained]) -> Iterator[str]:
    """Yield a line for each pair that disagrees.

    Parameters
    ----------
    results : sequence of PairResult
        The pairs.
    explained : mapping
        What was found of pairs, by name. Where no place was found, the annotation has none.
    """
    for result in results:
        if not result.agrees:
            yield _annotation(result, explained.get(result.pair))


def _annotation(result: PairResult, found: Explained | None) -> str:
    bad = [case for case in result.cases if not case.agrees]
    finding = found.finding if found is not None else None
    place = finding and (finding.port or finding.octave)
    properties = {}
    if place:
        span = place.span
        properties = {"file": file_text(place.file), "line": span.line, "endLine": span.last_line}
    properties["title"] = f"lockstep: {result.pair}, {disagreeing_text(result)}"
    if finding is not None:
        text = "\n".join(finding_text(finding))
    else:
        text = "\n".join(filter(None, [result.problem, *map(failure_text, bad[:1])]))
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::error {said}::{_message(text)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
