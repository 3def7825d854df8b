"""The port on a machine that rounds otherwise (see `rounding`), in unmodified source.

Whole modules are compiled with ``a + b`` turned into a call that moves the result, and while the
port runs every live function of these modules has that code in place of its own: with its own
closure, defaults, decorators and globals. May import `known_functions`,
`rounding` and `scalar_rounding`.
"""

import ast
import contextlib
import copy
import functools
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from lockstep.sides.known_functions import IN_PLACE, LEFT_ALONE, OPERATORS
from lockstep.sides.rounding import Machine
from lockstep.sides.scalar_rounding import OF_SCALARS

MACHINE = "_lockstep_machine_"
PLACE = "_lockstep_place_"
"""Names under which instrumented code finds what it calls, in its module's globals."""


class _Instrument(ast.NodeTransformer):
    """Turns arithmetic and calls into calls of a machine's methods."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Turn ``a + b`` into ``machine.add(a, b)``, ``a @ b`` into a call of `machine.binary`."""
        self.generic_visit(node)
        name = type(node.op).__name__
        if name not in OPERATORS or (_is_literal(node.left) and _is_literal(node.right)):
            return node
        if name in OF_SCALARS:
            return _at(node, _machine(name.lower(), node.left, node.right))
        return _at(node, _machine("binary", ast.Constant(name), node.left, node.right))

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Turn ``a += b`` into ``a = machine.in_place("Add", a, b)``."""
        self.generic_visit(node)
        name = type(node.op).__name__
        if name not in IN_PLACE:
            return node
        target = node.target
        if isinstance(target, ast.Name):
            value = _machine("in_place", ast.Constant(name), _load(target), node.value)
            return _at(node, ast.Assign([target], value))
        if isinstance(target, ast.Attribute):
            if target.attr.startswith("__"):
                return node
            place = _place(target.value, ast.Constant(target.attr), "attribute")
            return _at(node, ast.Expr(_machine("attribute", ast.Constant(name), place, node.value)))
        place = _place(target.value, _index(target.slice), "item")
        return _at(node, ast.Expr(_machine("item", ast.Constant(name), place, node.value)))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Turn ``f(x)`` into ``machine.call(f, x)``."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in LEFT_ALONE:
            return node
        call = _machine("call", node.func, *node.args)
        call.keywords = node.keywords
        return _at(node, call)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Leave decorators and annotations alone."""
        node.body = [self.visit(item) for item in node.body]
        self._defaults(node.args)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Leave decorators and annotations alone."""
        node.body = [self.visit(item) for item in node.body]
        self._defaults(node.args)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Leave bases and decorators alone."""
        node.body = [self.visit(item) for item in node.body]
        return node

    def _defaults(self, args: ast.arguments) -> None:
        args.defaults = [self.visit(item) for item in args.defaults]
        args.kw_defaults = [item and self.visit(item) for item in args.kw_defaults]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Leave the annotation alone."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Leave patterns alone: their numbers are no arithmetic."""
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        node.body = [self.visit(item) for item in node.body]
        return node


def _is_literal(node: ast.expr) -> bool:
    """Whether it is a part of a literal: ``1 + 2j``, ``"a" "b"``, ``[0] * 3`` is none."""
    return isinstance(node, ast.Constant) and isinstance(node.value, (complex, str, bytes))


def _machine(method: str, *args: ast.expr) -> ast.Call:
    function = ast.Attribute(ast.Name(MACHINE, ast.Load()), method, ast.Load())
    return ast.Call(function, list(args), [])


def _place(value: ast.expr, index: ast.expr, kind: str) -> ast.expr:
    name = ast.Name(PLACE, ast.Load())
    return ast.Call(ast.Attribute(name, kind, ast.Load()), [value, index], [])


def _load(target: ast.expr) -> ast.expr:
    value = copy.copy(target)
    value.ctx = ast.Load()  # type: ignore[attr-defined]
    return value


def _index(node: ast.expr) -> ast.expr:
    """Write an index as an expression: ``slice(a, b)`` for ``a:b``."""
    if isinstance(node, ast.Slice):
        parts = [part or ast.Constant(None) for part in (node.lower, node.upper, node.step)]
        name = ast.Name(PLACE, ast.Load())
        return ast.Call(ast.Attribute(name, "slice", ast.Load()), parts, [])
    if isinstance(node, ast.Tuple):
        return ast.Tuple([_index(item) for item in node.elts], ast.Load())
    return node


def _at(old: ast.AST, new: ast.AST) -> ast.AST:
    return ast.fix_missing_locations(ast.copy_location(new, old))


class _Place:
    """What ``x[i] += b`` reads before it evaluates b."""

    slice = slice

    @staticmethod
    def item(x: Any, i: Any) -> tuple[Any, Any, Any]:
        return x, i, x[i]

    @staticmethod
    def attribute(x: Any, name: str) -> tuple[Any, str, Any]:
        return x, name, getattr(x, name)


_Key = tuple[str, int]


@functools.lru_cache(maxsize=256)
def _codes(file: str, changed: int) -> dict[_Key, CodeType]:
    """Compile a module that rounds otherwise; return its functions' code by name and line."""
    tree = ast.parse(Path(file).read_bytes(), file)
    module = compile(_Instrument().visit(tree), file, "exec", dont_inherit=True)
    found: dict[_Key, CodeType] = {}
    waiting = [module]
    while waiting:
        for inner in waiting.pop().co_consts:
            if isinstance(inner, CodeType):
                key = inner.co_qualname, inner.co_firstlineno
                # Two lambdas on one line cannot be told apart.
                found[key] = module if key in found else inner
                waiting.append(inner)
    return {key: code for key, code in found.items() if code is not module}


_PLAIN = (ModuleType, str, int, float, complex, type(None), np.ndarray, np.ufunc)
"""Values that lead to no function of the port."""


def _functions(namespace: dict[str, Any], file: str) -> Iterator[Any]:
    """Find the functions of a file that a namespace leads to, and what caches their results."""
    seen: set[int] = set()
    waiting = [value for name, value in namespace.items() if name != "__builtins__"]
    while waiting:
        value = waiting.pop()
        if isinstance(value, _PLAIN) or id(value) in seen:
            continue
        seen.add(id(value))
        if hasattr(value, "cache_clear") and hasattr(value, "__wrapped__"):
            yield value
        if isinstance(value, (staticmethod, classmethod)):
            waiting.append(value.__func__)
        elif isinstance(value, property):
            waiting += [value.fget, value.fset]
        elif isinstance(value, functools.partial):
            waiting += [value.func, *value.args]
        elif isinstance(value, FunctionType):
            if value.__code__.co_filename == file:
                yield value
            for cell in value.__closure__ or ():
                with contextlib.suppress(ValueError):  # a cell that is empty yet
                    waiting.append(cell.cell_contents)
            if wrapped := getattr(value, "__wrapped__", None):
                waiting.append(wrapped)
        elif isinstance(value, type):
            if value.__module__ == namespace.get("__name__"):
                waiting += vars(value).values()
        elif inspect.ismethod(value):
            waiting.append(value.__func__)
        elif isinstance(value, (list, tuple)) and len(value) < 1000:
            waiting += value
        elif isinstance(value, dict) and len(value) < 1000:
            waiting += value.values()
        elif hasattr(value, "__wrapped__"):
            waiting.append(value.__wrapped__)


@contextlib.contextmanager
def perturbed(
    namespaces: Iterable[tuple[str, dict[str, Any]]],
    run: int,
    whole: bool = False,
    single: bool = True,
) -> Iterator[Machine]:
    """Let the functions of some files run on another machine.

    Parameters
    ----------
    namespaces : iterable of (str, dict)
        Files, each with the globals of its functions.
    run : int
        Number of the machine.
    whole : bool
        Move inexact results that are whole numbers, too.
    single : bool
        Move single numbers, too: Octave has some.

    Yields
    ------
    Machine
        Which can move what other functions return, too.
    """
    files = {file: names for file, names in namespaces if Path(file).suffix == ".py"}
    machine = Machine(run, files, whole, single)
    replaced: list[tuple[FunctionType, CodeType]] = []
    caches: list[Any] = []
    try:
        for file, names in files.items():
            try:
                codes = _codes(file, Path(file).stat().st_mtime_ns)
            except (OSError, SyntaxError, ValueError, RecursionError):
                continue  # what has no source runs as it is
            names[MACHINE], names[PLACE] = machine, _Place
            for found in _functions(names, file):
                if not isinstance(found, FunctionType):
                    caches.append(found)
                    continue
                code = found.__code__
                new = codes.get((code.co_qualname, code.co_firstlineno))
                traced = any("lockstep" in name for name in code.co_names)
                if new is not None and new.co_freevars == code.co_freevars and not traced:
                    found.__code__ = new
                    replaced.append((found, code))
        for cache in caches:
            cache.cache_clear()
        with np.errstate(all="ignore"):  # the machine's own arithmetic would warn, too
            yield machine
    finally:
        for function, code in replaced:
            function.__code__ = code
        for cache in caches:
            cache.cache_clear()
        for names in files.values():
            names.pop(MACHINE, None)
            names.pop(PLACE, None)
