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

from lockstep.m_source import Statement
from lockstep.port_source import PortStatement

BIND, BRANCH = "bind", "branch"

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
        What it binds, as its side spells it; empty for a condition.
    words : frozenset of str
        Identifiers in the statement, spelled as `spelling` does.
    """

    line: int
    name: str
    words: frozenset[str]


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
        if re.match(r"if\b", statement.text):
            slots.append(Slot(line, "", words))
        names = [*([statement.loop] if statement.loop else []), *statement.names]
        slots += [Slot(line, name, words) for name in names]
    return slots


def python_slots(statements: Sequence[PortStatement]) -> list[Slot]:
    """List what the statements of a port bind, and its conditions, in order."""
    slots = []
    for statement in statements:
        words = frozenset(map(spelling, statement.words))
        if statement.kind == "if":
            slots.append(Slot(statement.line, "", words))
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
    return _walk(octave, python, weights, best)


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
    if bool(a.name) != bool(b.name):
        return 0.0
    common = _likeness(a.words, b.words)
    if not a.name:
        return BRANCH_WEIGHT + common if common else 0.0
    name = spelling(a.name)
    return NAME_WEIGHT + common if other.get(name, name) == spelling(b.name) else 0.0


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    a, b = a - _NOT_TELLING, b - _NOT_TELLING
    return len(a & b) / len(a | b) if a | b else 0.0


_NOT_TELLING = frozenset({"np", "numpy", "end", *keyword.kwlist}) - {"lambda"}
