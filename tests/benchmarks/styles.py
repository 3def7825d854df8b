"""A port rewritten in the style of another writer, who would say the same in other words.

The rewritten module computes what the module computed. A mutant is rewritten after it was broken,
and it is known where the broken statement, and the expression that is broken in it, stand then.
"""

import ast
import builtins
import keyword
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mutation import Mutant

AS_IT_IS = "as it is"

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_OPERATIONS = (ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp)

Stretch = tuple[int, int, int, int]
"""First line from 1, column from 0, last line, and the column after the end."""


@dataclass(frozen=True)
class Broken:
    """A broken module in some style.

    Attributes
    ----------
    text : str
        The module.
    lines : frozenset of int
        Where the broken statement begins.
    next_lines : frozenset of int
        Where the statement after it begins.
    expressions : tuple of Stretch
        Where the broken expression stands, and the operation around it; empty for none.
    """

    text: str
    lines: frozenset[int]
    next_lines: frozenset[int]
    expressions: tuple[Stretch, ...]


def restyled(text: str, style: str, called_with: Sequence[str] = ()) -> str:
    """Rewrite a module.

    Parameters
    ----------
    text : str
        The module.
    style : str
        One of `STYLES`.
    called_with : sequence of str
        Parameters that are given by name somewhere: they keep it.
    """
    if style == AS_IT_IS:
        return text
    tree = ast.parse(text)
    STYLES[style](tree, frozenset(called_with))
    return ast.unparse(ast.fix_missing_locations(tree))


def broken(text: str, mutant: Mutant, style: str, called_with: Sequence[str] = ()) -> Broken:
    """Break a module and rewrite it then (see `restyled`)."""
    changed = mutant.applied(text)
    tree = ast.parse(changed)
    _mark(tree, ast.parse(text), mutant)
    if style != AS_IT_IS:
        STYLES[style](tree, frozenset(called_with))
        changed = ast.unparse(ast.fix_missing_locations(tree))
    return _found(changed, tree)


# What is broken, and where it stands then


def _mark(tree: ast.Module, original: ast.Module, mutant: Mutant) -> None:
    """Mark the broken statement, the broken expression in it, and the statement after it."""
    before = {node.lineno: node for node in reversed(list(_statements(original)))}
    for node in _statements(tree):
        if node.lineno == mutant.line:
            node.is_broken = True  # type: ignore[attr-defined]
            for one in _differing(node, before[mutant.line]):
                one.is_wrong = True  # type: ignore[attr-defined]
        elif node.lineno == mutant.next_line:
            node.is_next = True  # type: ignore[attr-defined]


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            yield node


def _differing(new: ast.AST, old: ast.AST) -> list[ast.expr]:
    """Return the smallest expression that differs, and the operation that it is in."""
    around: list[ast.expr] = []
    while type(new) is type(old):
        if isinstance(new, ast.expr):
            around.append(new)
        pairs = list(zip(_parts(new), _parts(old), strict=False))
        apart = [(a, b) for a, b in pairs if ast.dump(a) != ast.dump(b)]
        if len(_parts(new)) != len(_parts(old)) or len(apart) != 1:
            break
        new, old = apart[0]
    if isinstance(new, ast.expr) and new not in around:
        around.append(new)
    operations = [one for one in around if isinstance(one, _OPERATIONS)]
    return [*around[-1:], *operations[-1:]]


def _parts(node: ast.AST) -> list[ast.AST]:
    """List what a node is made of; of a compound statement, its head."""
    left_out = ("body", "orelse", "finalbody", "handlers") if isinstance(node, ast.stmt) else ()
    found: list[ast.AST] = []
    for name, value in ast.iter_fields(node):
        if name not in left_out:
            found += [
                one
                for one in (value if isinstance(value, list) else [value])
                if isinstance(one, ast.AST)
            ]
    return found


def _found(text: str, marked: ast.Module) -> Broken:
    """Find the marks in a text of which the tree is known."""
    lines, after, stretches = set(), set(), []
    holding = {
        id(node)
        for node in _statements(marked)
        if any(hasattr(one, "is_wrong") for part in _parts(node) for one in ast.walk(part))
    }
    for mark, node in zip(ast.walk(marked), ast.walk(ast.parse(text)), strict=True):
        assert type(mark) is type(node)
        if hasattr(mark, "is_wrong"):
            assert isinstance(node, ast.expr)
            stretches.append(_stretch(node))
        if hasattr(mark, "is_broken") and (not holding or id(mark) in holding):
            assert isinstance(node, ast.stmt)
            lines.add(node.lineno)
        if hasattr(mark, "is_next"):
            assert isinstance(node, ast.stmt)
            after.add(node.lineno)
    return Broken(text, frozenset(lines), frozenset(after), tuple(stretches))


def _stretch(node: ast.expr) -> Stretch:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _take_marks(node: ast.stmt, other: ast.stmt) -> None:
    """Give a statement the marks of another that it holds a part of."""
    for mark in ("is_broken", "is_next"):
        if hasattr(other, mark):
            setattr(node, mark, True)


# Other names


def _renamed(tree: ast.Module, name_of: Callable[[str, int], str], kept: frozenset[str]) -> None:
    """Give the local variables of each function other names: of the old one and its number."""
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        taken |= set(keyword.kwlist) | set(dir(builtins)) | kept
        names: dict[str, str] = {}
        for old in _locals(function):
            if old in kept or old.startswith("__"):
                continue
            new = name_of(old, len(names) + 1)
            while new != old and new in taken:
                new += "_"
            names[old] = new
            taken.add(new)
        _rename(function, names)


def _locals(function: ast.FunctionDef) -> list[str]:
    """List the names that a function, or one inside it, binds as variables, in order."""
    found: dict[str, None] = {}
    left_out: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            found[node.arg] = None
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found[node.id] = None
        elif isinstance(node, ast.Global):
            left_out.update(node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            left_out.update((one.asname or one.name).split(".")[0] for one in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            left_out.add(node.name)
    return [name for name in found if name not in left_out]


def _rename(function: ast.FunctionDef, names: dict[str, str]) -> None:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif isinstance(node, ast.Nonlocal):
            node.names = [names.get(name, name) for name in node.names]


def numbered(tree: ast.Module, kept: frozenset[str]) -> None:
    """Call every local variable v1, v2 ..."""
    _renamed(tree, lambda old, number: f"v{number}", kept)


def snake_cased(tree: ast.Module, kept: frozenset[str]) -> None:
    """Write every local variable in small letters, words apart."""
    _renamed(tree, lambda old, number: _in_snake_case(old), kept)


def _in_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


# Fewer statements


def inlined(tree: ast.Module, kept: frozenset[str]) -> None:
    """Put what is computed for one later statement alone into that statement."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            while any(_put_one_in_place(function, block) for block in _blocks(function)):
                pass


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    """List the blocks of a function, but not those of functions in it."""
    found = []
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            found.append(block)
            for inner in block:
                if not isinstance(inner, ast.FunctionDef):
                    found += _blocks(inner)
    for handler in getattr(node, "handlers", []):
        found += _blocks(handler)
    return found


def _put_one_in_place(function: ast.FunctionDef, block: list[ast.stmt]) -> bool:
    """Put the first temporary of a block that may be put in place there; say whether one was."""
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    loads = Counter(node.id for node in nodes if isinstance(node.ctx, ast.Load))
    stores = Counter(node.id for node in nodes if not isinstance(node.ctx, ast.Load))
    stores.update(node.arg for node in ast.walk(function) if isinstance(node, ast.arg))
    for place, node in enumerate(block):
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
            continue
        target = node.targets[0]
        if not isinstance(target, ast.Name) or not loads[target.id] == stores[target.id] == 1:
            continue
        reader = _reader(block, place, target.id, node.value)
        if reader is not None and len(block) > 1:
            _replace(reader, target.id, node.value)
            _take_marks(reader, node)
            del block[place]
            return True
    return False


def _reader(block: list[ast.stmt], place: int, name: str, value: ast.expr) -> ast.stmt | None:
    """Return the statement that reads a variable, where its value may be computed there instead."""
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    for node in block[place + 1 :]:
        if name in _read_once(node):
            return node
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(target, ast.Name) or target.id in used:
            return None
        if any(isinstance(one, ast.Call) for one in [*ast.walk(value), *ast.walk(node)]):
            return None
    return None


def _read_once(node: ast.stmt) -> set[str]:
    """List what a statement reads where it is evaluated once: not in a loop, nor later."""
    found: set[str] = set()
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.If)):
        left = _parts(node)
    elif isinstance(node, ast.For):
        left = [node.iter]
    else:
        left = []
    while left:
        one = left.pop()
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            found.add(one.id)
        if not isinstance(one, (*_FUNCTIONS, *_COMPREHENSIONS)):
            left += _parts(one)
    return found


def _replace(statement: ast.stmt, name: str, value: ast.expr) -> None:
    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            is_read = node.id == name and isinstance(node.ctx, ast.Load)
            return value if is_read else node

    Put().visit(statement)


# More statements


def split(tree: ast.Module, kept: frozenset[str]) -> None:
    """Give every operation inside another a statement of its own."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            taken = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            prefix = "part"
            while any(name.startswith(prefix) for name in taken):
                prefix += "_"
            for block in _blocks(function):
                block[:] = [one for node in block for one in _pieces(node, prefix)]


def _pieces(node: ast.stmt, prefix: str) -> list[ast.stmt]:
    found: list[ast.stmt] = []

    def atom(part: ast.expr) -> ast.expr:
        """Give an expression a statement of its own, if it is more than a name."""
        if isinstance(part, (ast.Tuple, ast.List)):
            flat(part)
        if _is_simple(part):
            return part
        flat(part)
        name = f"{prefix}{len(found) + 1}"
        found.append(ast.Assign([ast.Name(name, ast.Store())], part, lineno=node.lineno))
        return ast.Name(name, ast.Load())

    def flat(part: ast.expr) -> None:
        """Do so with the operands of an expression."""
        match part:
            case ast.BinOp():
                part.left, part.right = atom(part.left), atom(part.right)
            case ast.UnaryOp():
                part.operand = atom(part.operand)
            case ast.Compare(comparators=[_]):
                part.left, part.comparators = atom(part.left), [atom(part.comparators[0])]
            case ast.Call():
                if isinstance(part.func, ast.Attribute):
                    part.func.value = atom(part.func.value)
                part.args = [atom(one) for one in part.args]
                for one in part.keywords:
                    one.value = atom(one.value)
            case ast.Subscript() | ast.Attribute():
                part.value = atom(part.value)
            case ast.Tuple() | ast.List():
                part.elts = [atom(one) for one in part.elts]

    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    match node:
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.Expr() if not is_text:
            if node.value is not None:
                flat(node.value)
        case ast.If():
            flat(node.test)
        case ast.For():
            flat(node.iter)
    for piece in found:
        _take_marks(piece, node)
    if hasattr(node, "is_next") and found:
        del node.is_next
        for piece in found[1:]:
            del piece.is_next  # type: ignore[attr-defined]
    return [*found, node]


def _is_simple(part: ast.expr) -> bool:
    """Whether an expression is a name, a dotted name, a number, or no operation at all."""
    while isinstance(part, ast.Attribute):
        part = part.value
    if isinstance(part, ast.UnaryOp):
        part = part.operand
        return isinstance(part, ast.Constant)
    return not isinstance(part, (ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.UnaryOp))


STYLES: dict[str, Callable[[ast.Module, frozenset[str]], None]] = {
    AS_IT_IS: lambda tree, kept: None,
    "other names": numbered,
    "temporaries put in place": inlined,
    "expressions split": split,
    "snake_case": snake_cased,
}


def given_by_name(texts: Sequence[str]) -> list[str]:
    """List the names by which arguments are given in some modules."""
    return sorted(
        {
            node.arg
            for text in texts
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.keyword) and node.arg
        }
    )
