"""A change of one place of the port's source, with what each language does there.

May import the standard library only.
"""

import ast
from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """How the new text of a statement stands to the old."""

    IN_PLACE = "in place"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, eq=False)
class Change:
    """A change that may be what the port needs.

    Attributes
    ----------
    key : str
        Name of the reason that it stands for, as in the catalogue: ``ddof``.
    old : ast.AST
        The node of the port's tree that is changed.
    new : ast.expr or None
        What stands in its place, of an expression. Nodes of the port's own tree in it keep their
        text.
    octave_rule, python_rule : str
        What each side does, in one sentence each.
    lines : str
        Of a statement: its new text, without indentation.
    where : Where
        Of a statement: in place of the old one, after or before it.
    is_guess : bool
        Whether it is one of very many changes of its kind, so that only the data can speak for it.
    keeps_value : bool
        Whether the value of the expression itself is the same with it (a copy, or the same number
        once for each element).
    about : ast.stmt, ast.expr or None
        What is wrong, in `old` or elsewhere; None where it is the whole.
    """

    key: str
    old: ast.AST
    new: ast.expr | None
    octave_rule: str
    python_rule: str
    lines: str = ""
    where: Where = Where.IN_PLACE
    is_guess: bool = False
    keeps_value: bool = False
    about: ast.stmt | ast.expr | None = None
