"""What is changed in place though it is held elsewhere, too: it is to be bound anew.

May import `change`, `context` and `indices`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.indices import takes_all
from lockstep.sources.python_names import OPERATORS

ORDER = 30
KEYS = ("sharing",)

OCTAVE = "What Octave kept of a variable stays as it was."


def rebound(node: ast.AST, context: Context) -> Iterator[Change]:
    """Bind ``x = ...`` for ``x[:] = ...``, and ``self.x = self.x + y`` for ``self.x += y``."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        whole = node.targets[0]
        if isinstance(whole, ast.Subscript) and takes_all(whole.slice):
            target = ast.unparse(whole.value)
            python = f"{target}[:] = changes the array itself, also where it is kept."
            lines = f"{target} = {ast.unparse(node.value)}"
            yield Change("sharing", node, None, OCTAVE, python, lines=lines, keeps_value=True)
    if not isinstance(node, ast.AugAssign) or isinstance(node.target, ast.Name):
        return
    if not _has_slice(node.target):
        target, operator = ast.unparse(node.target), OPERATORS[type(node.op)]
        python = f"{operator}= changes an array itself, also where it is kept."
        lines = f"{target} = {ast.unparse(ast.BinOp(node.target, node.op, node.value))}"
        yield Change("sharing", node, None, OCTAVE, python, lines=lines, keeps_value=True)


def _has_slice(target: ast.expr) -> bool:
    return any(isinstance(one, ast.Slice) for one in ast.walk(target))


CHANGES = (rebound,)
