"""Which statement of the port stands for which statement of the .m file.

Both sources are read, not run: the statements of each, in the order of the text, are matched so
that names agree and the words in them agree as far as can be. A port keeps the order of its
original, so the best matching that crosses no line is found by dynamic programming, as `diff`
finds it. May import `m_source` and `port_source`.
"""

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lockstep.sources.m_source import Statement
from lockstep.sources.port_source import PortStatement

JUMPS = ("raise", "break", "continue")

NAME_WEIGHT = 1.0
"""What it is worth that two statements bind the same name; common words add up to 1 more."""

BRANCH_WEIGHT = 0.25
"""What it is worth that both are conditions."""


@dataclass(frozen=True)
class Slot:
    """One name that a statement binds, or one condition.

    Attributes
    ----------
    line : int
        Where the statement begins.
    name : str
        What it binds, as its side spells it; empty for a condition; the kind of a jump.
    words : frozenset of str
        Identifiers in the statement, spelled as `spelling` does.
    jump : bool
        Whether it raises an error, breaks a loop or continues it.
    marker : bool
        Whether it stands for an else before the line: it only keeps apart what is on either side.
    """

    line: int
    name: str
    words: frozenset[str]
    jump: bool = False
    marker: bool = False


@dataclass(frozen=True)
class Alignment:
    """Matched statements of a pair.

    Attributes
    ----------
    pairs : list of (Slot, Slot)
        Octave's and the port's, in the order of the text.
    octave_only, python_only : list of Slot
        Those without a counterpart.
    """

    pairs: list[tuple[Slot, Slot]]
    octave_only: list[Slot]
    python_only: list[Slot]


def spelling(name: str) -> str:
    """Bring names to one spelling: theta1_grad, Theta1Grad and theta1grad_ are the same."""
    return name.replace("_", "").lower()


def octave_slots(statements: Mapping[int, Statement]) -> list[Slot]:
    """List what the statements of a .m file bind, and their conditions, in order."""
    slots = []
    for line in sorted(statements):
        statement = statements[line]
        words = _words(statement.text)
        if statement.otherwise:
            slots.append(Slot(line, "else", frozenset(), marker=True))
        if re.match(r"if\b", statement.text):
            slots.append(Slot(line, "", words))
        names = [*([statement.loop] if statement.loop else []), *statement.names]
        slots += [Slot(line, name, words) for name in names]
        if statement.jump:
            slots.append(Slot(line, statement.jump, words, jump=True))
    return slots


def python_slots(statements: Sequence[PortStatement]) -> list[Slot]:
    """List what the statements of a port bind, and its conditions, in order."""
    slots = []
    for statement in statements:
        words = frozenset(map(spelling, statement.words))
        if statement.otherwise:
            slots.append(Slot(statement.line, "else", frozenset(), marker=True))
        if statement.kind == "if":
            slots.append(Slot(statement.line, "", words))
        elif statement.kind in JUMPS:
            slots.append(Slot(statement.line, statement.kind, words, jump=True))
        slots += [Slot(statement.line, name, words) for name in statement.names]
    return slots


def _words(text: str) -> frozenset[str]:
    return frozenset(spelling(word) for word in re.findall(r"[A-Za-z_]\w*", text))


def align(
    octave: Sequence[Slot], python: Sequence[Slot], names: Mapping[str, str] | None = None
) -> Alignment:
    """Match the statements of two sources.

    Parameters
    ----------
    octave, python : sequence of Slot
        In the order of the text.
    names : mapping, optional
        Names of the port by Octave's names, where the spelling does not tell.
    """
    other = {spelling(a): spelling(b) for a, b in (names or {}).items()}
    rows, columns = len(octave), len(python)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    weights = [[_weight(a, b, other) for b in python] for a in octave]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if weights[i][j]:
                best[i][j] = max(best[i][j], weights[i][j] + best[i + 1][j + 1])
    found = _without_markers(_walk(octave, python, weights, best))
    return _with_conditions(found, octave, python)


def _without_markers(found: Alignment) -> Alignment:
    return Alignment(
        [(a, b) for a, b in found.pairs if not a.marker],
        [slot for slot in found.octave_only if not slot.marker],
        [slot for slot in found.python_only if not slot.marker],
    )


def _with_conditions(found: Alignment, octave: Sequence[Slot], python: Sequence[Slot]) -> Alignment:
    """Keep a pair of jumps only where the conditions before them are a pair too."""
    conditions = {(a.line, b.line) for a, b in found.pairs if not a.name}

    def lost(a: Slot, b: Slot) -> bool:
        return a.jump and (_condition(octave, a), _condition(python, b)) not in conditions

    single = [(a, b) for a, b in found.pairs if lost(a, b)]
    return Alignment(
        [(a, b) for a, b in found.pairs if not lost(a, b)],
        sorted([*found.octave_only, *(a for a, _ in single)], key=lambda slot: slot.line),
        sorted([*found.python_only, *(b for _, b in single)], key=lambda slot: slot.line),
    )


def _condition(slots: Sequence[Slot], jump: Slot) -> int:
    """Return the line of the last condition before a jump."""
    return max((slot.line for slot in slots if not slot.name and slot.line < jump.line), default=0)


def _walk(
    octave: Sequence[Slot],
    python: Sequence[Slot],
    weights: Sequence[Sequence[float]],
    best: Sequence[Sequence[float]],
) -> Alignment:
    found = Alignment([], [], [])
    i = j = 0
    while i < len(octave) and j < len(python):
        if weights[i][j] and best[i][j] == weights[i][j] + best[i + 1][j + 1]:
            found.pairs.append((octave[i], python[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.octave_only.append(octave[i])
            i += 1
        else:
            found.python_only.append(python[j])
            j += 1
    found.octave_only.extend(octave[i:])
    found.python_only.extend(python[j:])
    return found


def _weight(a: Slot, b: Slot, other: Mapping[str, str]) -> float:
    """Say how well two slots match; 0 where they cannot."""
    if bool(a.name) != bool(b.name) or (a.jump, a.marker) != (b.jump, b.marker):
        return 0.0
    if a.marker:
        return BRANCH_WEIGHT
    if a.jump:
        return BRANCH_WEIGHT + _likeness(a.words, b.words) if a.name == b.name else 0.0
    common = _likeness(a.words, b.words)
    if not a.name:
        return BRANCH_WEIGHT + common if common else 0.0
    name = spelling(a.name)
    return NAME_WEIGHT + common if other.get(name, name) == spelling(b.name) else 0.0


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    a, b = a - _NOT_TELLING, b - _NOT_TELLING
    return len(a & b) / len(a | b) if a | b else 0.0


_NOT_TELLING = frozenset({"np", "numpy", "end", *keyword.kwlist}) - {"lambda"}
