"""The command `lockstep capture`: calls that a user's own script makes become cases.

Those are kept first that differ most, in the shapes of their arguments and the branches they take.
May import everything but `cli` and `case_commands`.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockstep.model.archive import ArchiveError
from lockstep.project.arguments import NoArgumentError
from lockstep.project.captured import (
    MOST_BYTES,
    MOST_CASES,
    Captured,
    Shelf,
    captured_file,
    read_captured,
    write_captured,
)
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.sides.octave import OctaveDiedError, OctaveError, OctaveSession
from lockstep.sides.octave_capture import MOST_CALLS, Call, Capture, Seen
from lockstep.terminal.progress import Progress
from lockstep.terminal.tables import Column, Columns, Row, widest

FETCHED = 10
"""Calls whose arguments are fetched at a time."""

FULL = f"of a pair {MOST_CASES} cases, or {MOST_BYTES // 2**20} MB, are kept"
ALIKE = f"equal to others, or more than {MOST_CALLS} that can be looked at"

Ask = Callable[[str], bool]
Say = Callable[[str | Row], None]


@dataclass
class Kept:
    """What is kept of the calls of one pair.

    Attributes
    ----------
    pair : Pair
        The pair.
    seen : Seen
        Its calls.
    calls : list of Captured
        What its file is to hold, calls of other scripts too.
    left_out : Counter
        Why calls were not kept, and how many.
    """

    pair: Pair
    seen: Seen
    calls: list[Captured] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def dropped(self, script: str) -> int:
        """Count the calls that a script made and that are not kept."""
        return self.seen.count - len(self.of_script(script))

    def of_script(self, script: str) -> list[Captured]:
        """Return the calls that a script made."""
        return [one for one in self.calls if one.script == script]


def capture(
    project: Project,
    script: Path,
    names: Sequence[str],
    timeout: float | None,
    ask: Ask,
    progress: Progress,
    say: Say = print,
) -> bool:
    """Run a script, and keep the calls of pairs that it makes.

    Parameters
    ----------
    project : Project
        The pairs.
    script : Path
        A script, or a function without arguments.
    names : sequence of str
        Pairs whose calls are kept; all where none is named.
    timeout : float or None
        Seconds after which the script is interrupted; what was seen until then is kept.
    ask : callable
        Answers whether captured cases may be replaced.
    progress : Progress
        Where to show what is being done.
    say : callable
        Prints a line.

    Returns
    -------
    bool
        Whether any call is kept.

    Raises
    ------
    ProjectError
        If the script cannot be run, or a name is unknown.
    OctaveNotFoundError
        If there is no Octave.
    """
    if script.suffix != ".m" or not script.is_file():
        raise ProjectError(f"{script} is no .m file that is there")
    pairs = [project.pair(name) for name in names] or project.pairs()
    pairs = [pair for pair in pairs if not pair.is_script]
    if not pairs:
        raise ProjectError(
            "there is no pair whose calls could be kept; lockstep init proposes some"
        )
    with OctaveSession([*project.octave_path, Path.cwd()], None) as session:
        try:
            run = Capture(session, project, pairs)
            for name, problem in run.problems.items():
                say(f"{name}: its calls cannot be seen: {problem}")
            _play(run, script, timeout, progress, say)
            found = list(_chosen(run, project, pairs, script.name, progress))
        except (OctaveDiedError, OctaveError) as error:
            raise ProjectError(f"{script} cannot be captured: {error}") from None
        finally:
            progress.clear()
    for line in _told(found, script.name, project):
        say(line)
    written = [one.pair.name for one in found if _written(project, one, script.name, ask, say)]
    if written:
        say(f"\nnext: lockstep run {' '.join(written)}")
    return bool(written)


def _play(run: Capture, script: Path, timeout: float | None, progress: Progress, say: Say) -> None:
    def waiting(seconds: float) -> None:
        progress.show(f"{script.name} is running: {seconds:.0f} s")

    problem = run.play(script.resolve(), timeout, waiting)
    progress.clear()
    if problem:
        say(f"{script.name} did not come to its end: {problem}")


def _chosen(
    run: Capture, project: Project, pairs: Sequence[Pair], script: str, progress: Progress
) -> Iterator[Kept]:
    """Choose, for each pair, the calls to be kept."""
    known = frozenset(pair.name for pair in project.pairs())
    for k, (pair, seen) in enumerate(zip(pairs, run.seen(), strict=True)):
        kept = Kept(pair, seen)
        if seen.calls:
            progress.show(f"{pair.name}: {len(seen.calls)} calls are made again")
            calls = run.tried(k, seen)
            kept.left_out.update(one.problem for one in calls if one.problem)
            order = most_different(
                {i: _features(one) for i, one in enumerate(calls) if not one.problem}
            )
            shelf = Shelf(_of_others(captured_file(project.cases_file(pair)), script))
            _fill(shelf, run, k, calls, order, script, known, kept.left_out)
            kept.calls = shelf.calls
        yield kept


def _of_others(file: Path, script: str) -> list[Captured]:
    """Return the calls of other scripts in a file."""
    with contextlib.suppress(ArchiveError):
        return [one for one in read_captured(file) if one.script != script]
    return []


def _fill(
    shelf: Shelf,
    run: Capture,
    k: int,
    calls: Sequence[Call],
    order: Sequence[int],
    script: str,
    known: frozenset[str],
    left_out: Counter[str],
) -> None:
    """Fetch calls and put them on a shelf, until it is full."""
    for first in range(0, len(order), FETCHED):
        some = order[first : first + FETCHED]
        if shelf.is_full:
            left_out[FULL] += len(order) - first
            break
        for i, args in zip(some, run.arguments(k, some), strict=True):
            one = Captured(script, calls[i].number, args, calls[i].nargout)
            try:
                one.case(known)
            except NoArgumentError as error:
                left_out[str(error)] += 1
                continue
            if not shelf.add(one):
                left_out[FULL] += 1


def _features(call: Call) -> frozenset[Any]:
    """Return what tells a call from others: the shapes of its arguments, the branches it takes."""
    marks = (("mark", mark) for mark in call.marks)
    return frozenset([("all", *call.sizes), *enumerate(call.sizes), *marks])


def most_different(features: Mapping[int, frozenset[Any]]) -> list[int]:
    """Order calls: each time the one comes next that has most of what those before it have not.

    Where none has anything new, those follow that lie farthest apart in time.
    """
    known: set[Any] = set()
    left = dict(sorted(features.items()))
    order: list[int] = []
    while left:
        best = max(left, key=lambda i: len(left[i] - known))
        if not left[best] - known:
            break
        known |= left.pop(best)
        order.append(best)
    return [*order, *_spread(list(left))]


def _spread(items: Sequence[int]) -> Iterator[int]:
    """Yield items so that the first ones, however many, are spread evenly."""
    bits = max(1, (len(items) - 1).bit_length())
    for i in range(2**bits):
        place = int(f"{i:0{bits}b}"[::-1], 2)
        if place < len(items):
            yield items[place]


def _written(project: Project, one: Kept, script: str, ask: Ask, say: Say) -> bool:
    """Write the calls of a pair, unless there are none, or its file is to be kept as it is."""
    new = one.of_script(script)
    if not new:
        return False
    cases = project.cases_file(one.pair)
    file = captured_file(cases)
    if not _may_be_written(file, script, ask):
        say(f"{one.pair.name}: {shown(file)} is kept as it is")
        return False
    try:
        write_captured(file, one.calls)
    except ArchiveError as error:
        raise ProjectError(str(error)) from None
    if not cases.is_file():
        text = f'"""Cases of {one.pair.name}: those in {file.name}, which lockstep capture wrote.'
        text += '\n\nMore cases, and conventions, may stand here.\n"""\n'
        cases.write_text(text, encoding="utf-8")
    size = file.stat().st_size
    say(f"{one.pair.name}: wrote {_counted(len(new), 'case')} to {shown(file)}, {_size(size)}")
    return True


def _may_be_written(file: Path, script: str, ask: Ask) -> bool:
    try:
        old = [one for one in read_captured(file) if one.script == script]
    except ArchiveError as error:
        return ask(f"{error}; replace it?")
    return not old or ask(f"replace the {_counted(len(old), 'case')} of {script} in {shown(file)}?")


def shown(file: Path) -> str:
    """Write a path from the current folder, where it is below that."""
    with contextlib.suppress(ValueError):
        return str(file.relative_to(Path.cwd()))
    return str(file)


def _dropped(one: Kept, script: str, project: Project) -> Iterator[str]:
    """Say why calls of a pair are dropped, and what to do where there was no room for them."""
    reasons = one.left_out.copy()
    others = one.dropped(script) - reasons.total()
    if others:
        reasons[ALIKE] = others
    for reason, count in reasons.most_common():
        yield f"{one.pair.name}: {_counted(count, 'call')} dropped: {reason}"
    if FULL not in reasons:
        return
    cases = project.cases_file(one.pair)
    before = Counter(call.script for call in one.calls if call.script != script)
    if before:
        said = ", ".join(f"{count} of {name}" for name, count in before.most_common())
        file = shown(captured_file(cases))
        yield f"{one.pair.name}: {file} holds {said}; to make room, delete it and capture again"
    else:
        yield f"{one.pair.name}: what must be a case all the same can be written in {shown(cases)}"


def _table(seen: Sequence[Kept], script: str) -> Iterator[Row]:
    """Count the calls of each pair."""
    columns = Columns(
        [
            Column("pair", widest("pair", [one.pair.name for one in seen]), gap=0),
            Column("calls", 7, right=True),
            Column("looked at", 9, right=True),
            Column("kept", 4, right=True),
            Column("dropped", 7, right=True),
        ]
    )
    yield columns.head()
    for one in seen:
        counts = one.seen.count, len(one.seen.calls), len(one.of_script(script))
        yield columns.row(one.pair.name, *counts, one.dropped(script))


def _told(found: Sequence[Kept], script: str, project: Project) -> Iterator[str | Row]:
    """Say what was seen: a table, why calls are left out, and of which pairs there were none."""
    seen = [one for one in found if one.seen.count]
    if seen:
        yield from _table(seen, script)
    for one in seen:
        yield from _dropped(one, script, project)
    unseen = [one.pair.name for one in found if not one.seen.count]
    if unseen:
        yield f"no call was seen of {', '.join(unseen)}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
