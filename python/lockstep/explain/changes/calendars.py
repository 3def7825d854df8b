"""Days counted from another day, and weeks that begin with another one.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 13
KEYS = ("calendar",)

BEFORE = 366
"""Days between the first day of datenum and that of date.toordinal."""

_WEEKDAYS = ("weekday", "isoweekday", "monthrange")


def days(node: ast.AST, context: Context) -> Iterator[Change]:
    """Count days as datenum does, and days of the week from Sunday."""
    if called(node) in ("toordinal", "fromordinal") and isinstance(node, ast.Call):
        python = "toordinal counts from the first of January of the year 1."
        octave = "datenum counts from the year 0, which has 366 days."
        if called(node) == "toordinal":
            new = context.make(f"X + {BEFORE}", X=node)
        else:
            earlier = context.make(f"X - {BEFORE}", X=node.args[0])
            new = ast.Call(node.func, [earlier, *node.args[1:]], node.keywords)
        yield Change("calendar", node, new, octave, python)
    if isinstance(node, (ast.Call, ast.Name)):
        name = _of_week(node, context)
        octave = "weekday is 1 on a Sunday, and 7 on a Saturday."
        python = f"{name} counts from another day."
        for text in ("(X + 1) % 7 + 1", "X % 7 + 1", "(X + 1) % 7", "X % 7") if name else ():
            yield Change("calendar", node, context.make(text, X=node), octave, python)


def _of_week(node: ast.Call | ast.Name, context: Context) -> str:
    """Name the function that gave a day of the week; empty where it is none."""
    if isinstance(node, ast.Call):
        return called(node) if called(node) in _WEEKDAYS[:2] else ""
    if not isinstance(node.ctx, ast.Load):
        return ""
    found = context.makers.get(node.id, set()) & set(_WEEKDAYS)
    return min(found, default="")


CHANGES = (days,)
