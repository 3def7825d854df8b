"""Code of an observed port with the probes of a few sites alone: a long run costs what it is.

May import `sources.python_expressions`.
"""

import ast
import copy
from collections.abc import Collection
from types import CodeType

from lockstep.sources.python_expressions import (
    BOUND,
    CAUGHT,
    CHANGED,
    JUMP,
    RETURN,
    STEP,
    TEST,
    VALUE,
)

_OF_VALUES = (VALUE, BOUND, TEST, RETURN)


def sites_in(tree: ast.Module) -> frozenset[int]:
    """Return the sites of which a tree has probes."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(site for call in calls if (site := _site_of(call)) >= 0)


def sites_bound_in(tree: ast.Module) -> frozenset[int]:
    """Return the sites of a tree that bind a variable."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(_site_of(call) for call in calls if _name_of(call) == BOUND)


def with_few_probes(tree: ast.Module, sites: Collection[int], file: str) -> CodeType:
    """Compile a tree with the probes of these sites, and one in each loop that counts its turns.

    Parameters
    ----------
    tree : Module
        With all probes; it stays as it is.
    sites : collection of int
        Whose probes are kept.
    file : str
        As the code is to name it.
    """
    few = _Few(sites).visit(copy.deepcopy(tree))
    return compile(ast.fix_missing_locations(few), file, "exec", dont_inherit=True)


class _Few(ast.NodeTransformer):
    """Takes the probes of other sites out of a tree."""

    def __init__(self, sites: Collection[int]) -> None:
        self._sites = sites

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Leave what a probe is given in its place."""
        self.generic_visit(node)
        if _site_of(node) in self._sites or _name_of(node) not in (*_OF_VALUES, JUMP):
            return node
        return node.args[-1]

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Leave out probes that give no value."""
        if isinstance(node.value, ast.Call) and _name_of(node.value) in (CHANGED, CAUGHT):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        """Count the turns."""
        return self._counted(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        """Count the turns."""
        return self._counted(node)

    def _counted(self, node: ast.While | ast.For) -> ast.AST:
        self.generic_visit(node)
        count = ast.Expr(ast.Call(ast.Name(STEP, ast.Load()), [], []))
        node.body.insert(0, ast.copy_location(count, node.body[0]))
        return node


def _name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _site_of(call: ast.Call) -> int:
    """Return the site of a probe; -1 of another call."""
    name, place = _name_of(call), 0
    if name in _OF_VALUES:
        place = 1
    elif name != JUMP:
        return -1
    site = call.args[place]
    return site.value if isinstance(site, ast.Constant) and isinstance(site.value, int) else -1
