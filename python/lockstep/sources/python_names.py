"""What the statements of a Python tree bind and read. May import the standard library only."""

import ast
from collections.abc import Iterator
from typing import TypeVar

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.LShift: "<<", ast.RShift: ">>", ast.USub: "-", ast.UAdd: "+", ast.Not: "not",
    ast.Invert: "~", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
    ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip
"""The signs of the operators."""

_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Tree = TypeVar("Tree", bound=ast.AST)


def one_line(text: str) -> str:
    """Join the lines of a piece of source."""
    return " ".join(text.split())


def assigned_name(statement: ast.AST) -> str:
    """Name the one variable that an assignment gives a value; empty for any other statement."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return ""
    target = statement.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def assigned(statement: ast.AST) -> list[tuple[str, ast.expr]]:
    """List the variables that an assignment gives values, and these: one, or several of a tuple."""
    if name := assigned_name(statement):
        assert isinstance(statement, ast.Assign)
        return [(name, statement.value)]
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return []
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return []
    names = [one.id for one in target.elts if isinstance(one, ast.Name)]
    is_each = len(names) == len(target.elts) == len(value.elts)
    starred = any(isinstance(one, ast.Starred) for one in value.elts)
    return list(zip(names, value.elts, strict=True)) if is_each and not starred else []


def first_line(node: ast.AST) -> int:
    """Return the line on which a statement, or its first decorator, begins; 0 for none."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([getattr(node, "lineno", 0), *(one.lineno for one in decorators)])


def targets(target: ast.expr) -> Iterator[str]:
    """Name the variables that an assignment to `target` binds or changes."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from targets(item)
        return
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


def targets_of(node: ast.stmt) -> list[ast.expr]:
    """List what a statement assigns to."""
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, (ast.AugAssign, ast.For, ast.AsyncFor)):
        return [node.target]
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return [node.target]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.optional_vars for item in node.items if item.optional_vars is not None]
    return node.targets if isinstance(node, ast.Delete) else []


def bound_names(node: ast.stmt) -> Iterator[str]:
    """Name what a statement binds or changes itself, not in its body."""
    for target in targets_of(node):
        if not (isinstance(node, ast.Delete) and isinstance(target, ast.Name)):
            yield from targets(target)
    yield from _out_names(node)


def _out_names(node: ast.stmt) -> Iterator[str]:
    """Name what the calls of a statement write to: ``out=x``."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)) and node.value:
        for call in ast.walk(node.value):
            if isinstance(call, ast.Call):
                for keyword in call.keywords:
                    if keyword.arg == "out":
                        yield from targets(keyword.value)


def read_names(node: ast.AST) -> set[str]:
    """Name what a tree reads."""
    names = (one for one in ast.walk(node) if isinstance(one, ast.Name))
    return {one.id for one in names if isinstance(one.ctx, ast.Load)}


def whole_names(node: ast.stmt) -> Iterator[str]:
    """Name those variables that a statement gives a value without regard to the one before."""
    if isinstance(node, ast.AugAssign):
        return
    for target in targets_of(node):
        items = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        for item in items:
            inner = item.value if isinstance(item, ast.Starred) else item
            if isinstance(inner, (ast.Name, ast.Tuple, ast.List)):
                yield from targets(inner)


def body(node: ast.AST) -> list[ast.AST]:
    """Return what a compound statement holds, first things first; nothing for a simple one."""
    if isinstance(node, ast.Match):
        return [case.pattern for case in node.cases]
    inner = getattr(node, "body", None)
    return list(inner) if isinstance(inner, list) else []


def head_end(node: ast.stmt) -> tuple[int, int]:
    """Return the line and column where the header of a compound statement ends."""
    ends = [(part.end_lineno or 0, part.end_col_offset or 0) for part in own_expressions(node)]
    return max([(node.lineno, node.col_offset + len("try:")), *ends])


def own_expressions(node: ast.AST) -> Iterator[ast.expr]:
    """List the expressions of a statement itself, not those of its body."""
    for _, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.expr):
                yield item
            elif isinstance(item, (ast.withitem, ast.arguments, ast.arg)):
                yield from own_expressions(item)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the nodes of a function, but not those of the functions in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            yield from own_nodes(child)


def local_names(function: ast.AST) -> set[str]:
    """Name what the statements of a function bind; the variables of comprehensions are not."""
    found: set[str] = set()
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            found.add(child.id)
        if isinstance(child, ast.match_case):
            found.update(pattern_names(child.pattern))
        if isinstance(child, _SCOPES):
            child_names = (n for n in ast.walk(child) if isinstance(n, ast.NamedExpr))
            found.update(n.target.id for n in child_names)
        elif not isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            found |= local_names(child)
    return found


def pattern_names(pattern: ast.pattern) -> Iterator[str]:
    """Name what a pattern of a match statement binds."""
    for node in ast.walk(pattern):
        name = getattr(node, "rest" if isinstance(node, ast.MatchMapping) else "name", None)
        if name is not None:
            yield name


def passed_names(node: ast.stmt) -> Iterator[str]:
    """Name the variables that the calls of a statement were given, where they surely ran."""
    for call in _sure_nodes(node):
        if isinstance(call, ast.Call):
            for inner in _sure_nodes(call):
                if isinstance(inner, ast.Name):
                    yield inner.id


def _sure_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the nodes of a statement that are evaluated whenever it is, in its own scope."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*_SCOPES, ast.Lambda, ast.BoolOp, ast.IfExp, ast.stmt)):
            yield child
            yield from _sure_nodes(child)


def is_module_path(node: ast.expr, variables: frozenset[str]) -> bool:
    """Whether an expression is a dotted name that starts with no variable: ``np.linalg``."""
    base = dotted_base(node)
    return isinstance(node, ast.Attribute) and base != "" and base not in variables


def dotted_base(node: ast.expr) -> str:
    """Return the name that a dotted name starts with: ``np`` of ``np.linalg``; empty for none."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def name_of(node: ast.expr) -> str:
    """Say in a word what an expression does: the function it calls, its operator."""
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute):
            return function.attr
        return function.id if isinstance(function, ast.Name) else "call"
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp)):
        return OPERATORS[type(node.op)]
    if isinstance(node, ast.Compare):
        return OPERATORS[type(node.ops[0])]
    return {ast.Subscript: "index", ast.Attribute: "attribute"}.get(
        type(node), type(node).__name__.lower()
    )


def placed(new: Tree, old: ast.AST) -> Tree:
    """Give a new node the place of an old one."""
    return ast.fix_missing_locations(ast.copy_location(new, old))


def at_end(new: Tree, last: ast.stmt) -> Tree:
    """Give a new statement the place where a function ends."""
    for node in ast.walk(placed(new, last)):
        if hasattr(node, "lineno"):
            node.lineno = last.end_lineno or last.lineno
            node.end_lineno = node.lineno  # type: ignore[attr-defined]
    return new
