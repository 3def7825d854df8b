"""What the makers of changes may ask: values of expressions, words of Octave, new trees.

May import `evaluation`, `evidence`, `nodes_of_tree`, `rewriting`, `without_numpy` and `sources`.
"""

import ast
import copy
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import BuiltinFunctionType, ModuleType
from typing import Any

import numpy as np

from lockstep.explain.changes.evaluation import first_turn, guarded, placed
from lockstep.explain.changes.rewriting import substituted, written_out
from lockstep.explain.changes.without_numpy import without_numpy
from lockstep.explain.evidence import Evidence
from lockstep.explain.nodes_of_tree import functions_of, parents_of
from lockstep.explain.top import bound_at_the_top
from lockstep.model.errors import RunawayError
from lockstep.model.values import is_sparse
from lockstep.sides.alarm import within
from lockstep.sources.python_names import bound_names, dotted_base

SECONDS = 1.0
"""Time for the evaluation of one changed expression."""


class _Missing:
    """Stands for the value of an expression that cannot be evaluated."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


class Context:
    """The place in the port that is at fault, for those who make changes of it.

    Parameters
    ----------
    evidence : Evidence
        What is known of it.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.globals = evidence.globals
        self.np = self._alias("numpy")
        self._values: dict[int, Any] = {}
        self._own: set[int] | None = None
        self._functions: dict[int, str] = {}
        self._elsewhere = evidence.elsewhere
        self._kept: list[ast.AST] = []

    def _alias(self, module: str) -> str:
        for name, value in self.globals.items():
            if isinstance(value, ModuleType) and value.__name__ == module:
                return name
        return ""

    @property
    def named(self) -> ast.AST:
        """The expression that is named, else the statement."""
        return self.evidence.expression or self.evidence.statement

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node of the port's tree that a node is a part of."""
        return parents_of(self.evidence.tree).get(id(node))

    def beside(self, node: ast.AST, by: int = 1) -> ast.stmt | None:
        """Return the statement after another, in the same block, or before it."""
        parent = self.parent(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and node in block:
                place = block.index(node) + by
                return block[place] if 0 <= place < len(block) else None
        return None

    @cached_property
    def reads_memory(self) -> bool:
        """Whether the function has an array read memory at places that nobody checks."""
        return _reads_memory(self.evidence.function)

    @cached_property
    def unchecked(self) -> set[int]:
        """What is given to private functions that are no Python: they may not check it."""
        return {
            id(part)
            for one in ast.walk(self.evidence.function)
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
            and one.func.id.startswith("_")
            and isinstance(self.globals.get(one.func.id), BuiltinFunctionType)
            for part in ast.walk(one)
        }  # fmt: skip

    @cached_property
    def makers(self) -> Mapping[str, set[str]]:
        """The functions by a call of which a variable was given its value, by its name."""
        found: dict[str, set[str]] = {}
        for one in ast.walk(self.evidence.function):
            if isinstance(one, ast.Assign) and (name := called(one.value)):
                for target in one.targets:
                    for part in ast.walk(target):
                        if isinstance(part, ast.Name):
                            found.setdefault(part.id, set()).add(name)
        return found

    @cached_property
    def names(self) -> set[str]:
        """Names that the function reads or binds."""
        every = ast.walk(self.evidence.function)
        return {one.id for one in every if isinstance(one, ast.Name)}

    def bound_before(self, node: ast.stmt) -> set[str]:
        """Name what the function has bound in the lines before one of its statements."""
        return {name for name, line in self._first_bound.items() if line < node.lineno}

    @cached_property
    def _first_bound(self) -> Mapping[str, int]:
        """The line in which each variable of the function is first bound; 0 for a parameter."""
        function, found = self.evidence.function, dict[str, int]()
        for one in ast.walk(function):
            if isinstance(one, ast.stmt):
                for name in bound_names(one):
                    found[name] = min(found.get(name, one.lineno), one.lineno)
        given = (one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg))
        return {**found, **dict.fromkeys(given, 0)}

    # Values

    def executed(
        self, statements: Sequence[ast.stmt], variables: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Run statements with copies of recorded variables; None where that cannot be."""
        tree = ast.Module(list(statements), [])
        if self.reads_memory and _reads_memory(tree):
            return None
        try:
            code = compile(placed(tree), "<lockstep>", "exec")
            names = {**self.globals, **copy.deepcopy(dict(variables))}
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                with within(SECONDS):
                    exec(code, names)
        except (Exception, RunawayError):
            return None
        return names

    def evaluated(self, node: ast.expr, variables: Mapping[str, Any]) -> Any:
        """Evaluate an expression with recorded variables; MISSING where that cannot be."""
        tree = ast.Expression(node)
        if self.reads_memory and _reads_memory(tree):
            return MISSING
        try:
            code = compile(placed(tree), "<lockstep>", "eval")
        except (SyntaxError, ValueError, TypeError, RecursionError):
            return MISSING
        read = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                with within(SECONDS):
                    given = {name: guarded(variables[name]) for name in read & variables.keys()}
                    return eval(code, {**self.globals, **given})
        except (Exception, RunawayError):
            return MISSING

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression at the first turn that differs; MISSING for none."""
        if id(node) not in self._values:
            known = self._variables(node)
            found = MISSING if known is None else self.evaluated(node, known)
            if found is MISSING and known is not None:
                inner = first_turn(node, self.parent, known, self.evaluated)
                found = self.evaluated(node, {**known, **inner}) if inner else MISSING
            later = self._elsewhere.get(self.evidence.function.name)
            if found is MISSING and later is not None:
                found = self.evaluated(node, later)  # of a variable that is bound afterwards
            self._values[id(node)] = found
            self._kept.append(node)  # so that no other node is given its number
        return self._values[id(node)]

    def _variables(self, node: ast.AST) -> Mapping[str, Any] | None:
        """Return the variables that a node may read: those of its function."""
        first = self.evidence.first
        if self._own is None:
            inside = set()
            for one in ast.walk(self.evidence.function):
                inside.add(id(one))
            self._own = inside
            for function in functions_of(self.evidence.tree):
                if function.name in self._elsewhere:
                    for one in ast.walk(function):
                        self._functions[id(one)] = function.name
        if id(node) not in self._own and id(node) in self._functions:
            return self._elsewhere[self._functions[id(node)]]
        return None if first is None else first.variables

    def array(self, node: ast.expr) -> np.ndarray[Any, Any] | None:
        """Return the value of an expression as a full array; None where it is none."""
        found = self.value(node)
        found = found.toarray() if is_sparse(found) else found
        return found if isinstance(found, np.ndarray) else None

    def changed(self, old: ast.AST, new: ast.expr) -> ast.expr | ast.stmt | None:
        """Return what is named with one node of it exchanged; None for a node outside of it."""
        named = self.named
        if not any(node is old for node in ast.walk(named)):
            found = written_out(named, bound_at_the_top(self.evidence.tree), old, new)
        else:
            found = substituted(named, old, new)
        return found if isinstance(found, (ast.expr, ast.stmt)) else None

    def outcome(self, tree: ast.expr | ast.stmt, variables: Mapping[str, Any]) -> Any:
        """Return the value of an expression, what a statement binds or returns; else MISSING."""
        if isinstance(tree, ast.Return) and tree.value is not None:
            tree = tree.value
        if isinstance(tree, ast.expr):
            return self.evaluated(tree, variables)
        name = bound_name(self.evidence.statement)
        if not name or not isinstance(tree, (ast.Assign, ast.AugAssign, ast.Expr)):
            return MISSING
        names = self.executed([tree], variables)
        return MISSING if names is None else names.get(name, MISSING)

    # Octave's words

    @property
    def octave(self) -> str:
        """Octave's counterpart: its statement, or its expression."""
        return self.evidence.octave_statement or self.evidence.octave_expression

    def says(self, *words: str) -> bool:
        """Whether Octave's counterpart holds one of these words."""
        return any(re.search(rf"(?<![A-Za-z_0-9]){word}\b", self.octave) for word in words)

    def octave_numbers(self) -> list[str]:
        """List the numbers that Octave's counterpart holds, as they are written there."""
        found = re.findall(
            r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]*\w)", self.octave
        )
        return list(dict.fromkeys(found))

    def octave_texts(self) -> list[str]:
        """List the texts that Octave's counterpart holds."""
        found = re.findall(r"(?<![\w)\]}'.])'((?:[^'\n]|'')*)'|\"([^\"\\\n]*)\"", self.octave)
        return list(dict.fromkeys((one.replace("''", "'") or other) for one, other in found))

    # Trees

    def make(self, template: str, **parts: ast.AST) -> ast.expr:
        """Make an expression of a template, whose names in capitals stand for `parts`.

        ``np`` stands for NumPy, by whatever name the module has it.
        """
        name = self.np or "np"
        template = template if self.np else without_numpy([template], self.globals)[0]

        class Filler(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.AST:
                if node.id in parts:
                    return parts[node.id]
                return ast.Name(name, ast.Load()) if node.id == "np" else node

        found = Filler().visit(ast.parse(template, mode="eval").body)
        assert isinstance(found, ast.expr)
        return found

    # Calls

    def is_module(self, node: ast.expr) -> bool:
        """Whether an expression is a dotted name of a module or class, such as ``np.linalg``."""
        if dotted_base(node) not in self.globals:
            return False
        found = self.value(node)
        return isinstance(found, (ModuleType, type)) or callable(found)

    def arguments(self, call: ast.Call) -> list[ast.expr]:
        """List what a call is given by position, first the object of a method."""
        if isinstance(call.func, ast.Attribute) and not self.is_module(call.func.value):
            return [call.func.value, *call.args]
        return list(call.args)

    def is_method(self, call: ast.Call) -> bool:
        """Whether a call is of a method of its first argument."""
        return isinstance(call.func, ast.Attribute) and not self.is_module(call.func.value)


def bound_name(statement: ast.AST) -> str:
    """Return the one variable that a statement binds or changes; empty for none or several."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        base: ast.AST = statement.targets[0]
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        base = statement.target
    else:
        return ""
    while isinstance(base, (ast.Subscript, ast.Attribute)):
        base = base.value
    return base.id if isinstance(base, ast.Name) else ""


def _reads_memory(tree: ast.AST) -> bool:
    return any(called(one) == "as_strided" for one in ast.walk(tree))


def called(node: ast.AST | None) -> str:
    """Return the last part of the name of the function that is called; empty for no call."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword of a call."""
    for one in call.keywords:
        if one.arg == name:
            return one.value
    return None


def with_keywords(call: ast.Call, without: Sequence[str] = (), **values: Any) -> ast.Call:
    """Return a call with other keywords; values are trees or constants."""
    made = [one for one in call.keywords if one.arg not in (*values, *without)]
    places = [one.arg for one in call.keywords]
    for name, value in values.items():
        node = value if isinstance(value, ast.expr) else ast.parse(repr(value), mode="eval").body
        place = places.index(name) if name in places else len(made)
        made.insert(place, ast.keyword(name, node))
    return ast.Call(call.func, list(call.args), made)


def with_arguments(call: ast.Call, args: Sequence[ast.expr]) -> ast.Call:
    """Return a call with other positional arguments."""
    return ast.Call(call.func, list(args), call.keywords)


def renamed(call: ast.Call, name: str) -> ast.Call:
    """Return a call of another function of the same module or object."""
    function: ast.expr
    if isinstance(call.func, ast.Attribute):
        function = ast.Attribute(call.func.value, name, ast.Load())
    else:
        function = ast.Name(name, ast.Load())
    return ast.Call(function, list(call.args), call.keywords)


def constant(node: ast.AST | None) -> Any:
    """Return the value of a constant, negative ones too; MISSING for any other node."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(node.operand)
        return -inner if isinstance(inner, (int, float)) else MISSING
    return MISSING


def number(value: float | int) -> ast.expr:
    """Return the tree of a number."""
    return ast.parse(repr(value), mode="eval").body


def subexpressions(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions below a node and itself, outer ones first.

    Of what is assigned to, the indices alone: with something else in its place nothing is assigned.
    """
    level: list[ast.AST] = [node]
    while level:
        below: list[ast.AST] = []
        for one in level:
            is_target = isinstance(getattr(one, "ctx", None), (ast.Store, ast.Del))
            if isinstance(one, ast.expr) and not is_target:
                yield one
            if is_target and isinstance(one, (ast.Subscript, ast.Attribute)):
                below += _indices(one)
            elif not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                below += ast.iter_child_nodes(one)
        level = below


def _indices(target: ast.expr) -> Iterator[ast.expr]:
    """Yield the indices of what is assigned to."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        if isinstance(target, ast.Subscript):
            yield target.slice
        target = target.value


def comes_from(node: ast.expr, function: str, context: Context) -> bool:
    """Whether a variable was given its value by a call of a function."""
    return isinstance(node, ast.Name) and function in context.makers.get(node.id, ())
