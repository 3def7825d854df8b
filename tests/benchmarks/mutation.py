"""Mutants of a module: each breaks one statement in one way.

A mutant is a text: the statement that it breaks is written anew on the line where it begins, and
every other line stays where it is. The statements are those of the port, and of the functions in
its module that it refers to (not of the command line beside it); of a compound statement, its head.
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

MILLIONTH = 1 + 1e-6

_SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_FLIPPED = {
    **{ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In},
}
_STRICTNESS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_DELETED = (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Break, ast.Continue, ast.Return)

Variants = Iterator[tuple[str, ast.AST]]


@dataclass(frozen=True)
class Mutant:
    """One broken statement.

    Attributes
    ----------
    pair : str
        The module.
    operator : str
        In which way.
    line, last_line : int
        Of the statement, from 1.
    statement, mutated : str
        Before and after, each in one line.
    next_line : int
        Where the statement after it begins; 0 where none does.
    number : int
        Which of several mutants that are alike in all of that, from 1 in the order of the text.
    """

    pair: str
    operator: str
    line: int
    last_line: int
    statement: str
    mutated: str
    next_line: int = 0
    number: int = 1

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What names it, wherever in the file it stands."""
        return self.pair, self.operator, self.statement, self.mutated, self.number

    def applied(self, text: str) -> str:
        """Return the text of the module with this statement broken."""
        lines = text.split("\n")
        first = lines[self.line - 1]
        indent = first[: len(first) - len(first.lstrip())]
        lines[self.line - 1 : self.last_line] = [
            indent + self.mutated,
            *[""] * (self.last_line - self.line),
        ]
        return "\n".join(lines)


def mutants(pair: str, text: str) -> list[Mutant]:
    """List the mutants of a module, in the order of its text."""
    tree = ast.parse(text)
    functions = _reached(pair, tree)
    found: list[Mutant] = []
    seen: set[tuple[int, str]] = set()
    counts: Counter[tuple[str, str, str, str, int]] = Counter()
    nodes = [node for function in functions for node in _statements([function])]
    begins = sorted(node.lineno for node in nodes if isinstance(node, ast.stmt))
    for node in nodes:
        keyword = "elif" if text.split("\n")[node.lineno - 1].lstrip().startswith("elif") else ""
        head = _head(node)
        before, last = _text(head, keyword), _last_line(node)
        after_it = next((line for line in begins if line > last), 0)
        for operator, changed in _broken(head):
            after = _text(changed, keyword)
            if after == before or (node.lineno, after) in seen:
                continue
            seen.add((node.lineno, after))
            one = Mutant(pair, operator, node.lineno, last, before, after, after_it)
            counts[one.key] += 1
            found.append(replace(one, number=counts[one.key]))
    return found


def _reached(pair: str, tree: ast.Module) -> list[ast.FunctionDef]:
    """List the function that a module is named after, and those that it refers to, in order."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached, left = set(), [pair]
    while left:
        name = left.pop()
        if name in functions and name not in reached:
            reached.add(name)
            left += [node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)]
    return [node for name, node in functions.items() if name in reached]


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        for block in _BLOCKS:
            inner = getattr(node, block, [])
            for handler in inner:
                yield from _statements([handler] if isinstance(handler, ast.stmt) else handler.body)


def _head(node: ast.stmt) -> ast.stmt:
    """Return a statement without its body."""
    head = copy.copy(node)
    if hasattr(head, "decorator_list"):
        head.decorator_list = []  # they stand on lines before it
    if isinstance(getattr(head, "body", None), list):
        head.body = [ast.Pass()]  # type: ignore[attr-defined]
        head.orelse = head.finalbody = head.handlers = []  # type: ignore[attr-defined]
    return head


def _last_line(node: ast.stmt) -> int:
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno


def _text(node: ast.AST, keyword: str) -> str:
    text = ast.unparse(ast.fix_missing_locations(node)).removesuffix("pass").strip() or "pass"
    return keyword + text.removeprefix("if") if keyword else text


def _broken(head: ast.stmt) -> Variants:
    """Yield every way to break a statement, with its operator."""
    if isinstance(head, ast.Try) or _is_docstring(head):
        return
    if isinstance(head, ast.FunctionDef):
        for default in [*head.args.defaults, *head.args.kw_defaults]:
            if isinstance(default, ast.Constant):
                yield "default changed", _with(head, default, _other_default(default))
        return
    if isinstance(head, _DELETED):
        yield "statement deleted", ast.Pass()
    yield from _rebound(head)
    parents = {id(child): node for node in ast.walk(head) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(head):
        for operator in OPERATORS:
            for name, new in operator(node, parents.get(id(node))):
                yield name, _with(head, node, new)


def _with(head: ast.stmt, old: ast.AST, new: ast.AST) -> ast.AST:
    """Copy a statement with another node in place of one of its own."""
    return copy.deepcopy(head, {id(old): new})


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _other_default(node: ast.Constant) -> ast.Constant:
    number = isinstance(node.value, (int, float))
    return ast.Constant(node.value + 1 if number else 1)


def _rebound(node: ast.stmt) -> Variants:
    """A[i] = v becomes A = v."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        place = node.targets[0].value
        if isinstance(place, ast.Name):
            yield "rebinding", ast.Assign([ast.Name(place.id, ast.Store())], node.value)


def _arithmetic(node: ast.AST, parent: ast.AST | None) -> Variants:
    """Swap operators; drop factors and terms."""
    if not isinstance(node, (ast.BinOp, ast.AugAssign)):
        return
    if type(node.op) in _SWAPPED:
        name = "+ and -" if isinstance(node.op, (ast.Add, ast.Sub)) else "* and /"
        changed = copy.copy(node)
        changed.op = _SWAPPED[type(node.op)]()
        yield name, changed
    if isinstance(node, ast.BinOp):
        factor = isinstance(node.op, (ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv))
        name = "factor dropped" if factor else "term dropped"
        yield name, node.left
        if isinstance(node.op, (ast.Mult, ast.Add, ast.MatMult)):
            yield name, node.right


def _constants(node: ast.AST, parent: ast.AST | None) -> Variants:
    """Change a number by 1, or by a millionth of itself; turn True and False."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, (bool, int, float)):
        return
    if isinstance(node.value, bool):
        yield "constant by 1", ast.Constant(not node.value)
        return
    if isinstance(parent, (ast.Subscript, ast.Slice)):
        return  # an index
    yield "constant by 1", ast.Constant(node.value + 1)
    # What whole numbers are compared with, or what is a size, may be a millionth off unseen.
    measured = isinstance(parent, (ast.BinOp, ast.Assign, ast.UnaryOp))
    if node.value and (isinstance(node.value, float) or measured):
        yield "constant by 1e-6", ast.Constant(node.value * MILLIONTH)


def _comparisons(node: ast.AST, parent: ast.AST | None) -> Variants:
    if not isinstance(node, ast.Compare):
        return
    for name, other in (("comparison flipped", _FLIPPED), ("strictness", _STRICTNESS)):
        for i, op in enumerate(node.ops):
            if type(op) in other:
                ops = [*node.ops[:i], other[type(op)](), *node.ops[i + 1 :]]
                yield name, ast.Compare(node.left, ops, node.comparators)


def _axes(node: ast.AST, parent: ast.AST | None) -> Variants:
    """Swap axis=0 and axis=1, shape[0] and shape[1]."""
    if isinstance(node, ast.keyword) and node.arg == "axis" and _is_int(node.value):
        yield "axis swapped", ast.keyword("axis", ast.Constant(1 - node.value.value))
    if isinstance(node, ast.Subscript) and _is_int(node.slice):
        shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
        if shape and node.slice.value in (0, 1):
            yield "axis swapped", _at(node, ast.Constant(1 - node.slice.value))


def _indices(node: ast.AST, parent: ast.AST | None) -> Variants:
    """Move an index, or an end of a slice, by one."""
    if not isinstance(node, ast.Subscript):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for part in parts:
        ends = [part.lower, part.upper] if isinstance(part, ast.Slice) else [part]
        for end in ends:
            text = isinstance(end, ast.Constant) and not _is_int(end)
            if end is not None and not text:
                yield "index moved", copy.deepcopy(node, {id(end): _plus_one(end)})


def _plus_one(node: ast.expr) -> ast.expr:
    if _is_int(node):
        return ast.Constant(node.value + 1)
    return ast.BinOp(node, ast.Add(), ast.Constant(1))


def _at(node: ast.Subscript, index: ast.expr) -> ast.Subscript:
    return ast.Subscript(node.value, index, node.ctx)


def _layout(node: ast.AST, parent: ast.AST | None) -> Variants:
    """Drop a transpose, or order="F"."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose dropped", node.value
    if isinstance(node, ast.Call):
        kept = [word for word in node.keywords if word.arg != "order"]
        if len(kept) < len(node.keywords):
            yield "order='F' dropped", ast.Call(node.func, node.args, kept)


def _signs(node: ast.AST, parent: ast.AST | None) -> Variants:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign dropped", node.operand


def _conditions(node: ast.AST, parent: ast.AST | None) -> Variants:
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        changed = copy.copy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition negated", changed


def _is_int(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


OPERATORS: tuple[Callable[[ast.AST, ast.AST | None], Variants], ...] = (
    _arithmetic,
    _axes,
    _indices,
    _constants,
    _comparisons,
    _layout,
    _signs,
    _conditions,
)
"""Each yields what may stand in place of a node, and the name of what was done to it."""
