"""A text with something inserted, or put in the place of a part of it.

May import the standard library only.
"""

from enum import IntEnum


class Order(IntEnum):
    """What goes first of what is inserted at one place."""

    SUFFIX = 0
    STATEMENT = 1
    PREFIX = 2
    REPLACED = 3


class Insertions:
    """Collects insertions into a text.

    Parameters
    ----------
    text : str
        As it is.
    """

    def __init__(self, text: str) -> None:
        self.before = text
        self._all: list[tuple[int, Order, str, int]] = []

    def add(self, place: int, text: str, order: Order = Order.STATEMENT, replaced: int = 0) -> None:
        """Insert a text at a place, for the next `replaced` characters."""
        self._all.append((place, order, text, replaced))

    def text(self) -> str:
        """Return the text with all that was inserted."""
        pieces, at = [], 0
        for place, _, inserted, replaced in sorted(self._all, key=lambda one: one[:2]):
            pieces += [self.before[at:place], inserted]
            at = place + replaced
        return "".join([*pieces, self.before[at:]])
