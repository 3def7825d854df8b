"""Statements as they are written, at the margin. May import `context` and `rewriting`."""

import ast

from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import segment

SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)
"""Statements that hold no others, and do not jump."""


def written(node: ast.stmt, context: Context) -> str:
    """Return the text of a statement as if it stood at the margin."""
    first, *rest = segment(context.evidence.text, node).split("\n")
    return "\n".join([first, *(line[min(node.col_offset, _indent(line)) :] for line in rest)])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def last_line(node: ast.stmt) -> int:
    """Return the number of the last line of a statement."""
    return node.end_lineno or node.lineno
