"""The lines of both programs as the page shows them: level, marked, and folded where idle.

May import `side_by_side`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

LEAST_FOLD = 4
"""Rows in which nothing was done that are folded; fewer are shown."""


def sections(
    program: Mapping[str, Any], finding: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a program, in sections that are folded or not.

    Parameters
    ----------
    program : mapping
        One of `lockstep.page.side_by_side.programs`.
    finding : mapping or None
        What is marked (see `lockstep.reports.plain.finding_data`).
    """
    sides = {side: _Side(program[side], (finding or {}).get(side)) for side in ("octave", "port")}
    rows = [
        {side: sides[side].line(number) for side, number in zip(sides, level, strict=True)}
        for level in program["levels"]
    ]
    for idle, group in groupby(rows, key=_is_idle):
        found = list(group)
        yield {"folded": idle and len(found) >= LEAST_FOLD, "rows": found}


def _is_idle(row: Mapping[str, Any]) -> bool:
    return not any(line is not None and line["touched"] for line in row.values())


class _Side:
    """The lines of one file."""

    def __init__(self, file: Mapping[str, Any], place: Mapping[str, Any] | None) -> None:
        self._lines: Sequence[str] = file["lines"]
        self._touched = frozenset(file["touched"])
        self._span = place["span"] if place is not None and place["file"] == file["file"] else None

    def line(self, number: int | None) -> dict[str, Any] | None:
        """Return a line: its number, its parts, and whether anything was done in it."""
        if number is None:
            return None
        text = self._lines[number - 1]
        touched = number in self._touched or self._has_mark(number)
        return {"number": number, "parts": self._parts(number, text), "touched": touched}

    def _has_mark(self, number: int) -> bool:
        return self._span is not None and self._span[0] <= number <= self._span[2]

    def _parts(self, number: int, text: str) -> list[tuple[str, bool]]:
        """Cut a line at the ends of what is marked, which are given in bytes."""
        if self._span is None or not self._has_mark(number):
            return [(text, False)]
        first_line, first, last_line, last = self._span
        octets = text.encode()
        indent = len(octets) - len(octets.lstrip())
        begin = first if number == first_line else indent
        end = last if number == last_line else len(octets)
        cut = octets[:begin], octets[begin:end], octets[end:]
        parts = [(one.decode(errors="replace"), i == 1) for i, one in enumerate(cut)]
        return [part for part in parts if part[0]]
