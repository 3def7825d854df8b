"""A Python module that says which of its statements and branches were reached.

A call stands before each statement of its functions, and around each condition. What is at the top
of a module or of a class runs once, at its import, and is left alone. May import `model`.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from lockstep.model.coverage import Branch, Places

MARK, TEST = "lockstep_mark", "lockstep_test"
"""Functions that the module's names must hold: of a mark; of a mark and a condition."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_UNMARKED = (ast.Global, ast.Nonlocal)


@dataclass
class MarkedModule:
    """A module with marks.

    Attributes
    ----------
    tree : ast.Module
        To be compiled.
    places : dict
        What the marks of each function say, nested functions included, by its qualified name.
    names : dict
        The names that each function reads.
    """

    tree: ast.Module
    places: dict[str, Places] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)


def marked(text: str, file: str) -> MarkedModule:
    """Read the text of a module and put marks in it.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    module = MarkedModule(ast.parse(text, file))
    marker = _Marker()
    _find(module, marker, module.tree.body, "")
    ast.fix_missing_locations(module.tree)
    return module


def _find(module: MarkedModule, marker: "_Marker", body: Iterable[ast.AST], prefix: str) -> None:
    """Mark the functions and methods in a body of a module or class."""
    for node in body:
        if isinstance(node, _FUNCTIONS):
            names = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
            names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
            module.names[prefix + node.name] = names
            module.places[prefix + node.name] = marker.places = Places(count=marker.places.count)
            marker.function(node)
        elif isinstance(node, ast.ClassDef):
            _find(module, marker, node.body, f"{prefix}{node.name}.")
        else:
            for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
                _find(module, marker, getattr(node, inner, []), prefix)


class _Marker:
    """Puts marks into functions, in place; marks count on from one to the next."""

    def __init__(self) -> None:
        self.places = Places()
        self._line = 0

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Mark the statements of a function, but not its docstring."""
        described = 0 if ast.get_docstring(node, clean=False) is None else 1
        node.body = [*node.body[:described], *self._block(node.body[described:])]

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for node in body:
            self._line = node.lineno
            if not isinstance(node, _UNMARKED):
                mark = self.places.mark()
                self.places.add_line(node.lineno, [mark])
                call = ast.Expr(_call(MARK, ast.Constant(mark)))
                made.append(ast.copy_location(call, node))
            self._inside(node)
            made.append(node)
        return made

    def _inside(self, node: ast.stmt) -> None:
        if isinstance(node, _FUNCTIONS):
            self.function(node)
            return
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                self._inside(inner)
            return
        _Conditions(self).visit_own(node)
        if isinstance(node, (ast.If, ast.While)):
            node.test = self.test(node.test)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                setattr(node, name, self._block(block))
        for handler in getattr(node, "handlers", []):
            handler.body = self._block(handler.body)
        for case in getattr(node, "cases", []):
            case.body = self._block(case.body)

    def test(self, condition: ast.expr) -> ast.expr:
        """Put marks around a condition: one for each way that it goes."""
        if isinstance(condition, ast.Constant):
            return condition
        held, failed = self.places.mark(), self.places.mark()
        text = ast.unparse(condition)
        for mark, way in ((held, True), (failed, False)):
            self.places.add_branch(Branch(self._line, text, way), [mark])
        call = _call(TEST, ast.Constant(held), condition)
        return ast.copy_location(call, condition)


class _Conditions(ast.NodeTransformer):
    """Marks the conditional expressions of a statement, but not those of the statements in it."""

    def __init__(self, marker: _Marker) -> None:
        self._marker = marker

    def visit_own(self, node: ast.stmt) -> None:
        """Visit the expressions of a statement."""
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, name, self.visit(value))
            elif isinstance(value, list) and value and isinstance(value[0], ast.expr):
                setattr(node, name, [self.visit(one) for one in value])
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.withitem):
                        self.generic_visit(item)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Mark a conditional expression."""
        self.generic_visit(node)
        node.test = self._marker.test(node.test)
        return node


def _call(name: str, *args: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])
