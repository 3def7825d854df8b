"""A run in Markdown, for a pull request: the count, a table, and what was found, failing first.

May import `model`, `compare`, `explaining`, `doctor`, `finding_text`, `run_table` and
`text`.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from lockstep.compare.case_result import PairResult
from lockstep.doctor import one_line
from lockstep.explaining import Explained
from lockstep.reports.finding_text import faults_text
from lockstep.reports.run_table import disagreeing_text, largest_text
from lockstep.reports.text import failure_text, headline, seconds_text, total_text

SHOWN_PAIRS = 20
"""Pairs that disagree of which the report is written."""


def markdown_text(
    results: Sequence[PairResult],
    explained: Mapping[str, Explained],
    machine: Mapping[str, str],
    seconds: float,
    complete: bool,
) -> str:
    """Return a run as Markdown (see `lockstep.reports.json_file.write_json`)."""
    bad = [result for result in results if not result.agrees]
    lines = [f"## {headline(results, complete)}", ""]
    if results:
        lines += _table([*bad, *(result for result in results if result.agrees)])
    for result in bad[:SHOWN_PAIRS]:
        lines += _report(result, explained.get(result.pair))
    if len(bad) > SHOWN_PAIRS:
        lines += ["", f"{len(bad) - SHOWN_PAIRS} more pairs disagree."]
    lines += ["", *_fenced(total_text(results, seconds).splitlines())]
    if machine:
        lines += ["", _text(one_line(machine))]
    return "\n".join(lines) + "\n"


def _table(results: Sequence[PairResult]) -> Iterator[str]:
    octave = "recorded" if any(case.oracle for one in results for case in one.cases) else "Octave"
    yield f"| pair | cases | verdict | {octave} | Python | largest difference |"
    yield "| --- | ---: | --- | ---: | ---: | --- |"
    for result in results:
        verdict = str(result.verdict) if result.agrees else f"**{result.verdict}**"
        cells = [
            _text(result.pair),
            str(len(result.cases)),
            verdict,
            seconds_text(result.octave_seconds),
            seconds_text(result.python_seconds),
            _text(largest_text(result)),
        ]
        yield f"| {' | '.join(cells)} |"


def _report(result: PairResult, found: Explained | None) -> Iterator[str]:
    bad = [case for case in result.cases if not case.agrees]
    said = [line for case in bad[:1] for line in failure_text(case).splitlines()]
    if found is not None and found.finding is not None:
        said += ["", *faults_text(found.finding, found.further, found.together, with_lines=False)]
    elif found is not None and found.note:
        said += ["", found.note]
    if result.problem:
        said = [*result.problem.splitlines(), *said]
    yield from ("", f"<details><summary>{_text(result.pair)}: {disagreeing_text(result)}</summary>")
    yield from ("", *_fenced(said))
    if found is not None and found.mend is not None:
        yield from ("", *_fenced(found.mend.diff.splitlines(), "diff"))
    yield from ("", "</details>")


def _fenced(lines: Sequence[str], language: str = "") -> list[str]:
    """Put lines into a block that none of them can end."""
    ticks = max((len(run) for run in re.findall("`+", "\n".join(lines))), default=0)
    fence = "`" * max(3, ticks + 1)
    return [f"{fence}{language}", *lines, fence]


def _text(text: str) -> str:
    """Write a text so that nothing in it is taken for Markdown or HTML."""
    text = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~#!@])", r"\\\1", text)
