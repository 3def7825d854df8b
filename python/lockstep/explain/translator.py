"""What Octave has, translated as it would stand at one place in the port; each once.

May import `changes`, `dialects` and `translating`.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from lockstep.explain.changes.context import Context, bound_name
from lockstep.explain.changes.translation import around, names_at, parsed
from lockstep.explain.changes.without_numpy import without_numpy
from lockstep.explain.translating import UntranslatableError, statements, translations

MOST_WAYS = 8
"""Ways in which an expression may be meant that are tried."""


@dataclass(frozen=True)
class Spot:
    """A place in the port at which something of Octave's may stand.

    Attributes
    ----------
    context : Context
        What is known there.
    more : mapping, optional
        For variables, and expressions, of Octave those of the port that may stand for them, too.
    """

    context: Context
    more: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True)

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The variables of the port that may stand for those of Octave."""
        found = names_at(self.context)
        more = {name: [*found.get(name, ()), *own] for name, own in self.more.items()}
        return {**found, **more}

    @cached_property
    def bound(self) -> frozenset[str]:
        """The variables that statements of the port's function give values to."""
        every = ast.walk(self.context.evidence.function)
        return frozenset(bound_name(one) for one in every if isinstance(one, ast.stmt))

    @cached_property
    def key(self) -> str:
        """What translations here depend on, as a text."""
        about = around(self.context)
        lists, floats = sorted(about.sequences), sorted(about.floats)
        return repr((self.context.evidence.file, sorted(self.names.items()), lists, floats))


class Translator:
    """Translates what Octave has, once for all places at which the names are the same."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], list[str]] = {}

    def statements(self, text: str, spot: Spot, octave: str) -> list[str]:
        """Translate an assignment of a file of Octave in each way that it may be meant."""
        return self._made("statement", text, spot, octave, statements)

    def expressions(self, text: str, spot: Spot, octave: str) -> list[str]:
        """Translate an expression in each way that it may be meant; nothing for none."""
        return self._made("expression", text, spot, octave, translations) if text else []

    def trees(self, text: str, spot: Spot, octave: str) -> list[ast.expr]:
        """Translate an expression in the likeliest ways, each as a tree."""
        return list(parsed(self.expressions(text, spot, octave)[:MOST_WAYS]))

    def _made(
        self, what: str, text: str, spot: Spot, octave: str, make: Callable[..., list[str]]
    ) -> list[str]:
        key = what, text, spot.key
        if key not in self._found:
            surroundings = replace(around(spot.context), octave=octave)
            try:
                found = make(text, spot.names, spot.context.np or "np", surroundings)
            except UntranslatableError:
                found = []
            if not spot.context.np:
                found = without_numpy(found, spot.context.globals)
            self._found[key] = found
        return self._found[key]
