"""A finding in words: where the port is wrong, what it should have, why, and what mends it.

May import `model` only.
"""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.report import Fault, Finding, Mend, Place
from lockstep.model.values import octave_index, python_index, to_python

WIDTH = 96
"""Columns of a report."""

SHOWN_ELEMENTS = 6
"""Elements of an array that are shown as they are; of a larger one the worst is."""

SHOWN_LINES = 4
"""Lines of an expression that is spread over several."""

SHOWN_CHARACTERS = 64
"""Where a text is cut."""

_HEADLINES = {
    Fault.VALUE: "this expression gives another value than Octave's",
    Fault.DECISION: "this condition goes the other way than Octave's",
    Fault.JUMP: "here the port goes another way than Octave",
    Fault.MISSING: "here the port lacks a statement that Octave has",
    Fault.DEFAULT: "this default is another one than Octave's",
    Fault.KIND: "this value is right, but not of the class or shape that is needed",
    Fault.STALE: "this is read as it was before Octave changed it",
    Fault.CHANGED: "this was changed in place, where Octave's was not",
    Fault.ERROR: "this raises an error where Octave does not",
    Fault.ENDLESS: "this goes on without end, where Octave ends",
    Fault.NOTHING: "this gives None, and what comes after it takes it for a value",
    Fault.NO_ERROR: "this raises no error, and Octave does",
    Fault.OTHER_ERROR: "this raises another error than Octave",
}

_STATEMENT = "what this does is not what Octave does"
"""Of a statement none of whose expressions is at fault."""

_DERIVED = "with this value, what comes after it cannot have Octave's"


def what_is_wrong(finding: Finding) -> str:
    """Say in a line what is wrong at the place."""
    if finding.is_derived:
        return _DERIVED
    place = finding.port
    if finding.fault is Fault.VALUE and place is not None and not place.expression:
        return _STATEMENT
    if finding.fault is Fault.NOTHING and place is not None and not place.expression:
        without = "a value" if place.statement == "return" else "a return"
        return f"{place.function} ends here without {without}, and so gives None"
    return _HEADLINES[finding.fault]


def finding_text(finding: Finding, with_lines: bool = True) -> list[str]:
    """Report a finding.

    Parameters
    ----------
    finding : Finding
        What was found.
    with_lines : bool
        Whether the lines that a mend changes are shown.

    Returns
    -------
    list of str
        Lines of at most `WIDTH` columns, but for lines of a patch that are longer.
    """
    said = list(_values(finding))
    if proof := proof_text(finding):
        said += _labelled("proof", proof)
    if finding.note:
        said += _labelled("note", finding.note)
    said += _why(finding)
    lines = [*_places(finding), *([""] if said else []), *said]
    if finding.mend is not None:
        lines += ["", *_mend(finding.mend, with_lines, finding.scope)]
    return lines


def faults_text(
    first: Finding, further: Sequence[Finding], together: Mend | None, with_lines: bool = True
) -> list[str]:
    """Report all that was found of a pair: one place, or several with what shows each of them."""
    if not further:
        return finding_text(first, with_lines)
    lines = [f"the port is wrong at {1 + len(further)} places:"]
    for number, one in enumerate((first, *further), 1):
        lines += ["", f"{number}. {one.scope}", "", *finding_text(one, with_lines)]
    if together is not None:
        lines += ["", f"  all of these changes were tried together: {_all_agree(together)}"]
    return lines


# Places


def _places(finding: Finding) -> Iterator[str]:
    if finding.port is not None:
        place = finding.port
        turn = ""
        if finding.turns > 1:
            turn = f", first at turn {finding.turn + 1} of {finding.turns}"
        yield f"{place.file.name}, line {place.span.line}: {what_is_wrong(finding)}{turn}"
        yield from _marked(place)
    if finding.octave is not None:
        place = finding.octave
        what = "its counterpart" if finding.port is not None else "the port has no such statement"
        if finding.is_derived:
            what = "Octave's value that needs it"
        if finding.fault is Fault.NO_ERROR:
            what = "Octave raises its error here"
        if finding.fault in (Fault.ERROR, Fault.ENDLESS):
            what = "what Octave does"
        if finding.fault is Fault.MISSING:
            what = "the port has no such statement"
        yield f"{place.file.name}, line {place.span.line}: {what}"
        yield from _marked(place)


def _marked(place: Place) -> Iterator[str]:
    """Show the lines of a place, what is named underlined."""
    span = place.span
    source = _lines(place.file)
    if span.last_line > len(source) or not _fits(place, source):
        yield f"  {span.line:>5}  {_cut(place.statement, WIDTH - 9)}"
        start = place.statement.find(place.expression) if place.expression else -1
        if 0 <= start < WIDTH - 9:
            yield " " * (9 + start) + "^" * min(len(place.expression), WIDTH - 9 - start)
        return
    for number in range(span.line, min(span.last_line, span.line + SHOWN_LINES - 1) + 1):
        text = source[number - 1]
        first = span.column if number == span.line else _indent(text)
        last = span.last_column if number == span.last_line else len(text.encode())
        begins, ends = (len(text.encode()[:n].decode(errors="replace")) for n in (first, last))
        yield from _line(number, text, begins, ends)
    if span.last_line - span.line >= SHOWN_LINES:
        yield f"         ... {span.last_line - span.line - SHOWN_LINES + 1} more lines"


def _line(number: int, text: str, begins: int, ends: int) -> Iterator[str]:
    """Show one line, cut so that what is underlined is seen."""
    indent = _indent(text)
    text, begins, ends = text.strip(), begins - indent, ends - indent
    room = WIDTH - 9
    if len(text) > room:
        start = max(0, min(begins - 20, len(text) - room + 3))
        dots = "..." if start else ""
        text = dots + text[start:]
        begins, ends = begins - start + len(dots), ends - start + len(dots)
        if len(text) > room:
            text = text[: room - 3] + "..."
        ends = min(ends, room)
    yield f"  {number:>5}  {text}"
    if ends > begins:
        yield " " * (9 + begins) + "^" * (ends - begins)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []


def _fits(place: Place, source: Sequence[str]) -> bool:
    """Whether the file still has at the place what was found there."""
    wanted = "".join((place.expression or place.statement).split())
    found = "".join("".join(source[place.span.line - 1 : place.span.last_line]).split())
    return wanted in found


# Values


def _values(finding: Finding) -> Iterator[str]:
    unknown = Fault.ERROR, Fault.ENDLESS, Fault.NO_ERROR
    if finding.fault in unknown and finding.octave_value is None:
        return
    own, octave = finding.port_value, finding.octave_value
    other = "needed" if finding.is_derived else "Octave"
    if octave is None and (own is None or finding.fault is Fault.CHANGED):
        return  # nothing is known of the values
    worst = _worst(own, octave)
    if worst is None:
        yield from _labelled("Python", shown_value(own))
        yield from _labelled(other, shown_value(octave))
        return
    places, pair, apart = worst
    for label, value, place, number in zip(
        ("Python", other), (own, octave), places, pair, strict=True
    ):
        shown = _described(value)
        yield f"  {label:<7} {shown:<28} at {place:<14} {number}".rstrip()
    yield from _labelled("", apart)


def _worst(own: Any, octave: Any) -> tuple[tuple[str, str], tuple[str, str], str] | None:
    """Find the element that is farthest off, where two arrays are too large to be shown."""
    one, other = _array(own), _array(octave)
    if one is None or other is None or one.size != other.size or one.size <= SHOWN_ELEMENTS:
        return None
    if one.shape != other.shape:
        squeezed = [tuple(n for n in v.shape if n != 1) for v in (one, other)]
        if squeezed[0] != squeezed[1]:
            return None
    mine, theirs = one.ravel(order="F"), other.ravel(order="F")
    with np.errstate(all="ignore"):
        apart = np.abs(mine.astype(complex) - theirs.astype(complex))
    same = (mine == theirs) | (_isnan(mine) & _isnan(theirs))
    apart = np.where(same, 0.0, np.where(np.isnan(apart), np.inf, apart))
    place = int(np.argmax(apart))
    index = tuple(int(i) for i in np.unravel_index(place, one.shape, order="F"))
    octave_at = np.unravel_index(place, other.shape, order="F")
    places = (
        python_index(index, one.shape),
        octave_index(tuple(int(i) for i in octave_at), other.shape),
    )
    count = int((~same).sum())
    rest = f"the farthest of {count} of {one.size} elements that differ"
    return places, _digits(mine[place], theirs[place]), rest


def _isnan(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.isnan(values) if values.dtype.kind in "fc" else np.zeros(values.shape, bool)


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    if isinstance(value, (list, tuple)):
        try:
            value = np.asarray(value)
        except ValueError:
            return None
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return value
    return None


def _digits(one: Any, other: Any) -> tuple[str, str]:
    """Write two numbers with as many digits as tell them apart."""
    if np.iscomplexobj(one) or np.iscomplexobj(other):
        return f"{complex(one):.6g}", f"{complex(other):.6g}"
    if all(isinstance(v, (bool, np.bool_)) for v in (one, other)):
        return str(bool(one)), str(bool(other))
    a, b = float(one), float(other)
    for digits in range(6, 18):
        shown = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if shown[0] != shown[1]:
            break
    return shown


def _described(value: Any) -> str:
    array = _array(value)
    if array is None:
        return type(value).__name__
    size = "x".join(map(str, array.shape)) or "1"
    return f"{size} {array.dtype.name}"


def shown_value(value: Any) -> str:
    """Write a value of either side in a few words."""
    plain = to_python(value)
    if isinstance(plain, str):
        return _cut(repr(plain), SHOWN_CHARACTERS)
    if isinstance(plain, (bool, np.bool_)):
        return "true" if plain else "false"
    if isinstance(plain, (int, float, complex, np.number)):
        return _number(plain)
    array = _array(plain)
    if array is not None:
        if array.size <= SHOWN_ELEMENTS and array.ndim <= 2:
            return _small(array)
        return f"{_described(plain)}: {', '.join(map(_number, array.ravel(order='F')[:4]))}, ..."
    if isinstance(plain, dict):
        inside = ", ".join(f"{k}: {shown_value(v)}" for k, v in list(plain.items())[:4])
        return _cut("{" + inside + "}", SHOWN_CHARACTERS)
    return _cut(repr(plain), SHOWN_CHARACTERS)


def _small(array: np.ndarray[Any, Any]) -> str:
    if array.ndim == 2:
        return "[" + "; ".join(", ".join(map(_number, row)) for row in array) + "]"
    size = "" if array.size else f" ({'x'.join(map(str, array.shape))})"
    return "[" + ", ".join(map(_number, array.ravel())) + "]" + size


def _number(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (complex, np.complexfloating)):
        return f"{complex(value):.6g}"
    return f"{float(value):.10g}"


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 3] + "..."


# What is said of it


def proof_text(finding: Finding) -> str:
    """Say how it is known that the place is at fault; empty where the note says it."""
    if finding.proved:
        text = "with Octave's value here every output of the case agrees"
        if finding.is_derived:
            return "with the value that is needed here every output of the case agrees"
        if finding.fault is Fault.CHANGED and finding.octave_value is None:
            text = "with a copy here every output of the case agrees"
    elif finding.mend is not None and finding.mend.agreeing == finding.mend.cases:
        text = "with the mend below every output of every case agrees"
    elif finding.note or finding.fault is Fault.NOTHING:
        return ""
    else:
        return "not proved: no value of Octave in its place was seen to make the outputs agree"
    if finding.failing > 1 and finding.proved:
        text += f"; so it does in {finding.explained} of {finding.failing} cases that disagree"
    return text


def _why(finding: Finding) -> Iterator[str]:
    reason = finding.reason
    if reason is None:
        return
    rules = " ".join(rule for rule in (reason.python_rule, reason.octave_rule) if rule)
    yield from _labelled("why", f"{rules} ({reason.text})" if rules else reason.text)
    yield from _labelled("page", reason.page)


def _labelled(label: str, text: str) -> list[str]:
    wrapped = textwrap.wrap(text, WIDTH - 10, break_long_words=False) or [""]
    return [f"  {label:<7} {wrapped[0]}", *(" " * 10 + line for line in wrapped[1:])]


def _others(mend: Mend) -> str:
    if not mend.others:
        return ""
    if mend.others_agreeing == mend.others:
        return f", and {mend.others} others like {'it' if mend.cases == 1 else 'them'}"
    return f", but only {mend.others_agreeing} of {mend.others} others that are like them"


def _all_agree(mend: Mend) -> str:
    words = {1: "the one case agrees", 2: "both cases agree"}
    return words.get(mend.cases, f"all {mend.cases} cases agree")


def _mend(mend: Mend, with_lines: bool, scope: str) -> Iterator[str]:
    if scope:
        yield f"  a mend that was tried: the fault is gone with it ({scope})"
    elif mend.agreeing == mend.cases:
        yield f"  a mend that was tried: {_all_agree(mend)} with it{_others(mend)}"
    else:
        yield f"  a change that was tried: {mend.agreeing} of {mend.cases} cases agree with it"
    if not with_lines:
        return
    lines = [one for one in mend.diff.splitlines() if not one.startswith(("+++", "---", "@@"))]
    for number, line in enumerate(lines):
        is_changed, after = line[:1] in "+-", lines[number + 1 : number + 2]
        is_before = not is_changed and after and after[0].startswith("+")
        if is_changed or is_before:  # what is only added is seen behind what it follows
            yield f"    {line}".rstrip()
