"""Faults beyond the first: a port that is wrong at several places, each with what shows it.

Where no one change mends a port, the outputs that disagree are looked at one by one, or else the
cases that the named place explains apart from the others. May import `explainer`, `failing_case`,
`mending`, `patience`, `varied`, `sides` and `model`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lockstep.explain.explainer import Explainer, Recorded
from lockstep.explain.failing_case import FailingCase, own_cases, to_be_traced
from lockstep.explain.mending import agreeing_with, merged, shown, unified_diff
from lockstep.explain.patience import Patience
from lockstep.explain.varied import size
from lockstep.model.report import Finding, Mend
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.sides.port_execution import ObservedPort

SECONDS = 20.0
"""Time in which a further group of cases is begun with."""

MOST = 3
"""Places that are named of one port."""

BOTH = "together with the other place"
IN_BOTH = "with Octave's values in both places every output of the case agrees, with neither alone"
"""What is said of two places that are at fault in the same case and the same output."""

MOST_NAMES = 3
"""Cases that are named as those that show a fault."""


@dataclass(frozen=True)
class Faults:
    """What is wrong with a port.

    Attributes
    ----------
    findings : tuple of Finding
        The places, with `Finding.scope` where they are several; none where none was found.
    together : Mend or None
        The changes of all of them, where every case agrees with them.
    case : str
        The case that was looked at, where that is another than the first.
    """

    findings: tuple[Finding, ...] = ()
    together: Mend | None = None
    case: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether the first of them was seen to be one."""
        return any(one.proved for one in self.findings[:1])


@dataclass(frozen=True)
class _Group:
    """Cases that may show one fault.

    Attributes
    ----------
    scope : str
        What they are, as a report says it.
    failing, agreeing : sequence of FailingCase
        Those that disagree, and those that agree.
    """

    scope: str
    failing: Sequence[FailingCase]
    agreeing: Sequence[FailingCase]


def faults(
    explainer: Explainer,
    observed: ObservedPort,
    failing: Sequence[FailingCase],
    agreeing: Sequence[FailingCase] = (),
    recorded: Recorded | None = None,
) -> Faults:
    """Name the places that are at fault in cases that disagree.

    Parameters
    ----------
    explainer : Explainer
        Names one.
    observed : ObservedPort
        The port.
    failing, agreeing : sequence of FailingCase
        All cases; the first that disagrees is looked at first.
    recorded : tuple, optional
        What the port does in that, or in a part of it, where that is known.
    """
    first = explainer.explain(failing, agreeing, recorded)
    alone, both = Faults(() if first is None else (first,)), explainer.both
    is_part = recorded is not None and bool(recorded[0].ends_early)
    if (first is not None and first.is_mended) or is_part or any(one.is_large for one in failing):
        return alone
    cases, patience = [*failing, *agreeing], Patience(SECONDS)
    by_case = _by_case(failing, agreeing, explainer.healed)
    again = _in_another_case(explainer, failing, agreeing)
    if again is not None:
        return again
    found = list[Finding]()
    for groups in (list(_by_output(failing, agreeing)), by_case if alone.is_proved else []):
        found = _of_groups(explainer, groups, patience)
        alone_after_all = (_of_all(one, observed, failing, cases) for one in found)
        for one in filter(None, alone_after_all):
            return Faults((one,))
        if len(found) > 1:
            break
    if len(found) < 2 and both is not None:
        found = [replace(one, scope=BOTH, proved=False, note=IN_BOTH) for one in both]
    if len(found) < 2:
        return alone
    mends = [one.mend for one in found if one.mend is not None and one.is_mended]
    together = _together(observed, mends, cases) if len(mends) == len(found) else None
    return Faults(tuple(_counted(one, observed, cases) for one in found), together)


def _in_another_case(
    explainer: Explainer, failing: Sequence[FailingCase], agreeing: Sequence[FailingCase]
) -> Faults | None:
    """Look at the largest of the other cases, which tells most; None unless that gives a mend."""
    others = to_be_traced(failing[1:])
    if not others:
        return None
    largest = max(others, key=lambda one: size(one.case))
    try:
        found = explainer.explain(
            [largest, *(one for one in failing if one is not largest)], agreeing
        )
    except OctaveTraceError:  # a recording may be without its trace
        return None
    return Faults((found,), case=largest.name) if found is not None and found.is_mended else None


def _by_output(failing: Sequence[FailingCase], agreeing: Sequence[FailingCase]) -> Iterator[_Group]:
    """Split the cases by the outputs that disagree, where they are several."""
    outputs = {number: name for one in failing for number, name in one.named_outputs()}
    if len(outputs) < 2 or any(not one.wrong for one in failing):
        return
    for number, name in sorted(outputs.items())[:MOST]:
        wrong = [one.of(number) for one in failing if number in one.wrong]
        right = [one.of(number) for one in failing if number not in one.wrong]
        yield _Group(f"in {name}", wrong, [*right, *(one.of(number) for one in agreeing)])


def _by_case(
    failing: Sequence[FailingCase], agreeing: Sequence[FailingCase], healed: Sequence[str]
) -> list[_Group]:
    """Split the cases by whether a place explains them."""
    explained = [one for one in failing if one.name in healed]
    rest = [one for one in failing if one.name not in healed]
    if not explained or not rest:
        return []
    return [_Group(_shown_by(part), part, agreeing) for part in (explained, rest)]


def _shown_by(cases: Sequence[FailingCase]) -> str:
    names = ", ".join(repr(one.name) for one in cases[:MOST_NAMES])
    more = len(cases) - MOST_NAMES
    return f"shown by {names}" + (f" and {more} more" if more > 0 else "")


def _of_groups(explainer: Explainer, groups: Sequence[_Group], patience: Patience) -> list[Finding]:
    """Name the place of each group; nothing unless these are proved, and different ones.

    Unless one of them has a mend, they may be where the outputs part that come from one mistake.
    """
    found: list[Finding] = []
    for group in groups:
        if patience.is_over:
            return []
        try:
            one = explainer.explain(group.failing, group.agreeing)
        except OctaveTraceError:  # a recording may be without its trace
            return []
        if one is None or not (one.proved or one.is_mended):
            return []
        found.append(replace(one, scope=group.scope))
    places = {(one.port.file, one.port.line) for one in found if one.port is not None}
    is_sure = len(places) == len(found) and any(one.is_mended for one in found)
    return found if is_sure else []


def _of_all(
    found: Finding,
    observed: ObservedPort,
    failing: Sequence[FailingCase],
    cases: Sequence[FailingCase],
) -> Finding | None:
    """Return a fault as the only one, where with its mend every case agrees; else None."""
    if not found.is_mended:
        return None
    told = _counted(found, observed, cases)
    if not told.is_mended:
        return None
    count = own_cases(failing)
    return replace(told, scope="", explained=count, failing=count)


def _counted(found: Finding, observed: ObservedPort, cases: Sequence[FailingCase]) -> Finding:
    """Say how many of all cases agree with the mend of one fault alone."""
    mend = found.mend if found.is_mended else None
    if mend is not None:
        own = [one for one in cases if not one.is_made]
        count = sum(agreeing_with(observed, mend.file, mend.source, mend.mended, own))
        mend = replace(mend, agreeing=count, cases=len(own), others=0, others_agreeing=0)
    return replace(found, mend=mend)


def _together(
    observed: ObservedPort, mends: Sequence[Mend], cases: Sequence[FailingCase]
) -> Mend | None:
    """Make all changes at once; None where they are not of one file, or not enough."""
    file, source = mends[0].file, mends[0].source
    text = merged(source, [one.mended for one in mends])
    if not text or any(one.file != file for one in mends):
        return None
    if not all(agreeing_with(observed, file, source, text, cases)):
        return None
    count = sum(not one.is_made for one in cases)
    return Mend(file, unified_diff(source, text, shown(file)), count, count, source, text)
