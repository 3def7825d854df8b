"""The page of a run of pytest: what its cases gave, collected as they end, in whatever process.

May import the rest of this folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lockstep.page.render import page_html
from lockstep.page.table import pair_of_cases
from lockstep.reports.text import counted


@dataclass
class Collected:
    """Cases, by the label of their pair, and what was found of pairs.

    Attributes
    ----------
    cases : dict
        Of each pair its cases (see `lockstep.page.table.case_data`).
    explanations, traces : dict
        Of each pair what was found first (see `lockstep.page.table.found_data` and
        `lockstep.page.trace_data.trace_data`).
    """

    cases: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    explanations: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    traces: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, part: Mapping[str, Any]) -> None:
        """Add a case: a mapping with `pair`, `case`, and maybe `explanation` and `trace`."""
        pair = part["pair"]
        self.cases.setdefault(pair, []).append(part["case"])
        if part.get("explanation"):
            self.explanations.setdefault(pair, part["explanation"])
        if part.get("trace"):
            self.traces.setdefault(pair, part["trace"])

    def html(self) -> str:
        """Return the page."""
        pairs = [
            pair_of_cases(name, cases, explanation=self.explanations.get(name))
            for name, cases in self.cases.items()
        ]
        bad = sum(not pair["agrees"] for pair in pairs)
        cases = sum(len(pair["cases"]) for pair in pairs)
        title = f"All agree: {counted(len(pairs), 'pair')}, {counted(cases, 'case')}"
        if bad:
            title = f"{bad} of {counted(len(pairs), 'pair')} disagree"
        if any(case["oracle"] for pair in pairs for case in pair["cases"]):
            title += ", recorded"
        return page_html(title if pairs else "Nothing was compared", pairs, [*self.traces.values()])
