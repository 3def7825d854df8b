"""What is said under a case that disagrees, what `lockstep mend` prints, and what it writes.

May import `model`, `explaining` and `finding_text`.
"""

import shlex

from lockstep.explaining import Explained
from lockstep.model.report import Mend
from lockstep.reports.finding_text import finding_text


def explanation_text(found: Explained, pair: str, case: str) -> str:
    """Say what was found, under the report of a case that disagrees; empty for nothing."""
    if found.finding is None:
        return f"  {found.note}" if found.note else ""
    told = [found.note, ""] if found.note else []
    if found.case != case:
        told += [f"looked at in {found.case!r}, the smallest case that disagrees:", ""]
    lines = [*told, *finding_text(found.finding), "", f"  all of it: lockstep trace {pair} --case "]
    lines[-1] += shlex.quote(found.case)
    return "\n".join(f"  {line}".rstrip() for line in lines)


def mend_text(found: Explained, pair: str) -> str:
    """Say what was found of a pair, without the patch itself.

    Parameters
    ----------
    found : Explained
        What was found of a pair.
    pair : str
        Its name.
    """
    if not found.failing:
        return f"{pair}: all {found.cases} cases agree; nothing is to be mended"
    head = f"{pair}: {found.failing} of {found.cases} cases disagree"
    if found.finding is None:
        return f"{head}; {found.note or 'the place was not found'}"
    lines = [head, "", *finding_text(found.finding, with_lines=False)]
    if found.finding.mend is None:
        lines += ["", "  no change that was tried makes more cases agree"]
    return "\n".join(lines)


def applied(mend: Mend) -> str:
    """Write a mend into its file, and say what was done.

    Nothing is written if the file is no more as it was when it was read.
    """
    with mend.file.open(encoding="utf-8", newline="") as file:
        now = file.read()
    plain = now.removeprefix("\ufeff").replace("\r\n", "\n")
    if plain != mend.source:
        return f"{mend.file} has been changed since it was read; nothing was written"
    text = mend.mended
    if "\r\n" in now:
        text = text.replace("\n", "\r\n")
    if now.startswith("\ufeff"):
        text = "\ufeff" + text
    with mend.file.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    return f"written to {mend.file}"
