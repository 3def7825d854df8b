"""A matrix for its transpose. May import `change` and `context`."""

import ast
import re
from collections.abc import Iterator
from itertools import combinations

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant

ORDER = 20
KEYS = (
    "chol-upper",
    "right-division",
    "transpose",
)


_SUBSCRIPTS = re.compile(r"[A-Za-z]+(,[A-Za-z]+)*->[A-Za-z]*")
"""What `einsum` is told, wherever it is written."""


def transposed(node: ast.AST, context: Context) -> Iterator[Change]:
    """Transpose a matrix."""
    if not isinstance(node, ast.expr):
        return
    octave = "Octave has the transpose of this matrix here."
    if isinstance(node, ast.Attribute) and node.attr == "T":
        python = ".T turns rows into columns once too often."
        yield Change("transpose", node, node.value, octave, python)
        return
    array = context.array(node)
    if array is None or array.ndim != 2 or array.size < 2:
        return
    if called(node) == "cholesky":
        octave = "chol gives the upper triangle R with R'*R the matrix."
        python = "np.linalg.cholesky gives the lower triangle L with L @ L.T the matrix."
        yield Change("chol-upper", node, context.make("X.T", X=node), octave, python)
        return
    if "lstsq" in _functions(node) or "solve" in _functions(node):
        octave = "B / A is (A' \\ B')'."
        python = "Solving with A.T and B.T gives the transpose of it."
        yield Change("right-division", node, context.make("X.T", X=node), octave, python)
        return
    python = "It is used as it is, rows as rows."
    yield Change("transpose", node, context.make("X.T", X=node), octave, python)


def summed_letters(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two letters of an operand of ``einsum``, or of its result."""
    spelt = constant(node)
    if not isinstance(node, ast.Constant) or not isinstance(spelt, str):
        return
    is_given = called(context.parent(node)) == "einsum"
    is_held = "einsum" in context.evidence.text and _SUBSCRIPTS.fullmatch(spelt)
    if not (is_given or is_held):
        return
    parts = re.split(r"(\W+)", spelt)
    for place, letters in enumerate(parts):
        for i, j in combinations(range(len(letters) if letters.isalpha() else 0), 2):
            turned = list(letters)
            turned[i], turned[j] = turned[j], turned[i]
            other = [*parts[:place], "".join(turned), *parts[place + 1 :]]
            octave = f"Octave sums over dimension {i + 1} where the port does over {j + 1}."
            python = f"einsum reads an operand as {letters}."
            new = ast.Constant("".join(other))
            yield Change("transpose", node, new, octave, python)


def _functions(node: ast.AST) -> set[str]:
    return {called(one) for one in ast.walk(node) if isinstance(one, ast.Call)}


CHANGES = (transposed, summed_letters)
