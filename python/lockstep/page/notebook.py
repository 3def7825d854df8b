"""Pages in a notebook: a frame that holds the whole page, and what a check gives.

May import `compare` and the rest of this folder.
"""

import html

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.page.render import page_html
from lockstep.page.table import pair_data
from lockstep.reports.text import failure_text
from lockstep.terminal.visible import visible


def framed(page: str, height: int = 700) -> str:
    """Return a frame with a page in it, which can do nothing to the notebook around it.

    Parameters
    ----------
    page : str
        The page.
    height : int
        Of the frame, in pixels.
    """
    return (
        f'<iframe title="lockstep" sandbox="allow-scripts" width="100%" height="{height}" '
        f'style="border: 0" srcdoc="{html.escape(page)}"></iframe>'
    )


class CaseReport(CaseResult):
    """What one call of `check` gave; a notebook shows it as a table."""

    def __str__(self) -> str:
        """Return the verdict, or the report where the two sides disagree."""
        if self.agrees:
            return visible(f"{self.pair}, case {self.case!r}: {self.verdict_text}")
        return visible(failure_text(self))

    def _repr_html_(self) -> str:
        title = f"{self.pair}: {self.verdict_text}"
        return framed(page_html(title, [pair_data(PairResult(self.pair, [self]))]), 330)
