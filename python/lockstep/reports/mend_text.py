"""What is said under a case that disagrees, what `lockstep mend` prints, and what it writes.

May import `model`, `explaining` and `finding_text`.
"""

import difflib
import re
import shlex
from collections.abc import Iterator, Sequence

from lockstep.explaining import Explained
from lockstep.model.report import Mend
from lockstep.reports.finding_text import faults_text

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class NotWrittenError(Exception):
    """A mend was not written; the message says why."""


def explanation_text(found: Explained, pair: str, case: str) -> str:
    """Say what was found, under the report of a case that disagrees; empty for nothing."""
    if found.finding is None:
        return "\n".join(f"  {said}" for said in (found.part, found.note) if said)
    told = [line for said in (found.part, found.note) if said for line in (said, "")]
    if found.case != case:
        told += [f"looked at in {found.case!r}, the smallest case that disagrees:", ""]
    faults = faults_text(found.finding, found.further, found.together)
    lines = [*told, *faults, "", f"  all of it: lockstep trace {pair} --case "]
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
        said = found.note or "the place was not found"
        return "; ".join(filter(None, [head, found.part, said]))
    part = ["", found.part] if found.part else []
    faults = faults_text(found.finding, found.further, found.together, with_lines=False)
    lines = [head, *part, "", *faults]
    if found.mend is None:
        lines += ["", "  no change that was tried makes more cases agree"]
    return "\n".join(lines)


def applied(mend: Mend) -> str:
    """Write the lines that a mend changes into its file, and say what was done.

    Every other line stays as it is, byte by byte.

    Raises
    ------
    NotWrittenError
        If the file is no more as it was when it was read, or cannot be written.
    """
    try:
        with mend.file.open(encoding="utf-8", newline="") as file:
            now = file.read()
        mark, text = ("\ufeff", now[1:]) if now.startswith("\ufeff") else ("", now)
        lines = _LINE.findall(text)
        if [_bare(line) for line in lines] != [_bare(line) for line in _LINE.findall(mend.source)]:
            raise NotWrittenError(
                f"{mend.file} has been changed since it was read; nothing was written"
            )
        with mend.file.open("w", encoding="utf-8", newline="") as file:
            file.write(mark + "".join(_mended(lines, mend)))
    except (OSError, UnicodeDecodeError) as error:
        raise NotWrittenError(f"{mend.file} was not written: {error}") from None
    return f"written to {mend.file}"


def _mended(lines: Sequence[str], mend: Mend) -> Iterator[str]:
    """Yield the lines of the file with those of the mend in their places."""
    source, mended = _LINE.findall(mend.source), _LINE.findall(mend.mended)
    ending = lines[0][len(_bare(lines[0])) :] if lines else ""
    changes = difflib.SequenceMatcher(None, source, mended, autojunk=False)
    for kind, start, end, first, last in changes.get_opcodes():
        if kind == "equal":
            yield from lines[start:end]
        else:
            yield from (line.replace("\n", ending or "\n") for line in mended[first:last])


def _bare(line: str) -> str:
    return line.rstrip("\r\n")
