"""What a run is to do, as the command line says it.

May import `project`.
"""

from dataclasses import dataclass
from pathlib import Path

from lockstep.project.choosing import EVERY_CASE, CaseChoice

QUIET, NORMAL, VERBOSE = -1, 0, 1
"""How much is printed: a line for each case that disagrees; the table and the reports; a line
for each case as well."""


@dataclass(frozen=True)
class RunOptions:
    """What a run is to do, beside comparing.

    Attributes
    ----------
    choice : CaseChoice
        Which cases.
    last_failed : bool
        Whether to run only what disagreed the last time.
    changed : bool
        Whether to leave out pairs of which nothing changed since all their cases agreed.
    json, markdown, html : Path or None
        Files to write the results to.
    github : bool
        Whether to annotate the port's lines for GitHub, and to write its summary.
    timeout : float or None
        Seconds that each side of a case may take.
    strict : bool
        Whether a pair without cases or port, or a case that a recording leaves out, counts as one
        that disagrees.
    jobs : int
        How many engines compare at a time.
    scheduler : str
        Address of a dask scheduler whose workers compare; empty for this machine alone.
    in_process : bool
        Whether the port runs in this process.
    shown : int
        How much is printed: `QUIET`, `NORMAL` or `VERBOSE`.
    progress : bool
        Whether a terminal shows what is being done.
    """

    choice: CaseChoice = EVERY_CASE
    last_failed: bool = False
    changed: bool = False
    json: Path | None = None
    markdown: Path | None = None
    html: Path | None = None
    github: bool = False
    timeout: float | None = None
    strict: bool = False
    jobs: int = 1
    scheduler: str = ""
    in_process: bool = False
    shown: int = NORMAL
    progress: bool = True
