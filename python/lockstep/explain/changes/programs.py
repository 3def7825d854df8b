"""Conditions, defaults, sharing, jumps: the programs around the numbers.

May import `change`, `context`, `summed_up` and `sources`.
"""

import ast
import re
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, called, constant, renamed
from lockstep.explain.changes.summed_up import is_in_loop
from lockstep.sources.python_names import OPERATORS

ORDER = 15
KEYS = (
    "and-or",
    "any-all",
    "comparison",
    "condition",
    "constant",
    "empty-condition",
    "falsy-default",
    "jump",
    "missing-break",
    "missing-continue",
    "negation",
    "order-of-branches",
    "repeated-subscripts",
    "sharing",
    "strictness",
    "tuple-of-one",
)

SHARED = "An assignment copies in Octave."


def copies(node: ast.AST, context: Context) -> Iterator[Change]:
    """Copy what is shared."""
    items = node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else None
    if isinstance(node, ast.BinOp) and isinstance(items, ast.List) and len(items.elts) == 1:
        new = context.make("[X for _ in range(N)]", X=items.elts[0], N=node.right)
        octave = "Each cell has a value of its own."
        python = "Multiplying a list repeats the reference: all items are one object."
        yield Change("sharing", node, new, octave, python, keeps_value=True)
    if not isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)):
        return
    if not isinstance(node.ctx, ast.Load):
        return
    value = context.value(node)
    if isinstance(value, (np.ndarray, list, dict, set)) and _is_handed_on(node, context):
        octave = SHARED
        kind = {np.ndarray: "array", list: "list", dict: "dict", set: "set"}[type(value)]
        python = f"{ast.unparse(node)} is the same {kind} under a second name: it changes with it."
        if isinstance(node, ast.Subscript) and isinstance(value, np.ndarray):
            python = f"{ast.unparse(node)} is a view: it changes when the array is written to."
        new = context.make("X.copy()", X=node)
        yield Change("sharing", node, new, octave, python, keeps_value=True)
        if (
            isinstance(value, (list, dict))
            and any(
                isinstance(v, (list, dict, np.ndarray))
                for v in (value.values() if isinstance(value, dict) else value)
            )
            and "copy" in context.globals
        ):
            new = context.make("copy.deepcopy(X)", X=node)
            yield Change("sharing", node, new, octave, python, keeps_value=True)


def _is_handed_on(node: ast.AST, context: Context) -> bool:
    """Whether the object itself gets another name, or a place in another object."""
    parent = context.parent(node)
    if isinstance(parent, ast.Call):
        return node is not parent.func and not context.is_module(parent.func)
    return isinstance(
        parent, (ast.Assign, ast.AnnAssign, ast.Return, ast.List, ast.Tuple, ast.Dict,
                 ast.keyword, ast.ListComp, ast.DictComp, ast.IfExp, ast.NamedExpr)
    )  # fmt: skip


def in_place(node: ast.AST, context: Context) -> Iterator[Change]:
    """``x += y``: of an argument, or with an index that occurs several times."""
    if not isinstance(node, ast.AugAssign):
        return
    operator = OPERATORS[type(node.op)]
    if isinstance(node.target, ast.Name):
        new = ast.unparse(ast.BinOp(node.target, node.op, node.value))
        yield Change(
            "sharing", node, None, "An argument that a function changes is its own copy.",
            f"{operator}= changes the array itself, the caller's too.",
            lines=f"{node.target.id} = {new}", keeps_value=True,
        )  # fmt: skip
    if isinstance(node.target, ast.Subscript) and operator in "+-" and context.np:
        array, index = ast.unparse(node.target.value), ast.unparse(node.target.slice)
        if any(isinstance(one, ast.Slice) for one in ast.walk(node.target.slice)):
            index = f"{context.np}.s_{ast.unparse(node.target)[len(array) :]}"
        ufunc = {"+": "add", "-": "subtract"}[operator]
        value = ast.unparse(node.value)
        yield Change(
            "repeated-subscripts", node, None,
            "accumarray adds all the values that have the same subscript.",
            f"With an index that occurs several times, {operator}= keeps only the last of them.",
            lines=f"{context.np}.{ufunc}.at({array}, {index}, {value})",
        )  # fmt: skip


def defaults(node: ast.AST, context: Context) -> Iterator[Change]:
    """Replace ``a or b`` for a default."""
    if not isinstance(node, ast.BoolOp) or not isinstance(node.op, ast.Or):
        return
    if len(node.values) != 2 or isinstance(node.values[0], (ast.Compare, ast.BoolOp)):
        return  # what is true or false is given
    given, other = node.values
    octave = "The default holds only where nothing was given."
    python = "a or b takes b for a value of 0, too."
    if called(given) == "get" and isinstance(given, ast.Call) and len(given.args) == 1:
        new: ast.expr = ast.Call(given.func, [*given.args, other], given.keywords)
        yield Change("falsy-default", node, new, octave, python)
    else:
        new = context.make("Y if X is None else X", X=given, Y=other)
        yield Change("falsy-default", node, new, octave, python)


_STRICT = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_NAMED = {
    "less": "less_equal", "less_equal": "less", "greater": "greater_equal",
    "greater_equal": "greater", "lt": "le", "le": "lt", "gt": "ge", "ge": "gt",
}  # fmt: skip
_TURNED = {
    ast.Lt: (ast.Gt, ast.GtE), ast.Gt: (ast.Lt, ast.LtE), ast.LtE: (ast.GtE, ast.Gt, ast.Eq),
    ast.GtE: (ast.LtE, ast.Lt, ast.Eq), ast.Eq: (ast.NotEq, ast.GtE, ast.LtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


OTHER_END = "Octave's interval has the other one of its ends.", "The port's has this one."


def intervals(node: ast.AST, context: Context) -> Iterator[Change]:
    """Which end belongs to an interval: ``(a <= x) & (x < b)`` for ``(a < x) & (x <= b)``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        one, other = _other_end(node.left), _other_end(node.right)
        if one is not None and other is not None:
            yield Change("strictness", node, ast.BinOp(one, node.op, other), *OTHER_END)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) and len(node.values) == 2:
        one, other = map(_other_end, node.values)
        if one is not None and other is not None:
            yield Change("strictness", node, ast.BoolOp(node.op, [one, other]), *OTHER_END)


def _other_end(node: ast.expr) -> ast.expr | None:
    """Make comparisons that are strict not so, and those that are not; None for others."""
    if not isinstance(node, ast.Compare) or any(type(one) not in _STRICT for one in node.ops):
        return None
    return ast.Compare(node.left, [_STRICT[type(one)]() for one in node.ops], node.comparators)


_SIGN = re.compile(r"[<>=!]=|[<>]")

_MIRRORED = str.maketrans("<>", "><")


def comparisons(node: ast.AST, context: Context) -> Iterator[Change]:
    """``<`` for ``<=`` and the like."""
    if isinstance(node, ast.Compare):
        known = set(_SIGN.findall(context.octave.replace("~=", "!=")))
        for place, operator in enumerate(node.ops):
            kinds = [_STRICT[type(operator)]] if type(operator) in _STRICT else []
            for kind in (*kinds, *_TURNED[type(operator)]):
                ops = [*node.ops[:place], kind(), *node.ops[place + 1 :]]
                new: ast.expr = ast.Compare(node.left, ops, node.comparators)
                one, other = _SIGNS[kind], _SIGNS[type(operator)]
                strict = kind in kinds
                key = "strictness" if strict else "comparison"
                octave = f"Octave compares with {one.replace('!=', '~=')}."
                python = f"The port compares with {other}."
                is_told = known and _SIGN.fullmatch(one)
                is_guess = bool(is_told) and known.isdisjoint((one, one.translate(_MIRRORED)))
                yield Change(key, node, new, octave, python, is_guess=is_guess)
        if len(node.ops) == 2:
            turned = _other_end(node)
            if turned is not None:
                yield Change("strictness", node, turned, *OTHER_END)
        last = node.comparators[-1]
        looks_up = isinstance(node.ops[-1], (ast.In, ast.NotIn))
        if looks_up and isinstance(context.value(last), str):
            single = ast.Tuple([last], ast.Load())
            new = ast.Compare(node.left, node.ops, [*node.comparators[:-1], single])
            octave = "A case with a cell matches if the whole text equals one of the cells."
            python = '("a") is a str and no tuple, and in looks for a substring of it.'
            yield Change("tuple-of-one", node, new, octave, python)


def named_comparisons(node: ast.AST, context: Context) -> Iterator[Change]:
    """``np.less`` for ``np.less_equal`` and the like, called here or handed on."""
    if isinstance(node, ast.Attribute) and node.attr in _NAMED and context.is_module(node.value):
        other = _NAMED[node.attr]
        new = ast.Attribute(node.value, other, ast.Load())
        octave = f"Octave compares as {other} does."
        yield Change("strictness", node, new, octave, f"The port compares with {node.attr}.")


def logic(node: ast.AST, context: Context) -> Iterator[Change]:
    """``and`` for ``or``, ``any`` for ``all``, a condition turned round."""
    if isinstance(node, ast.BoolOp):
        one, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        operator = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        new: ast.expr = ast.BoolOp(operator, node.values)
        octave = f"Octave's conditions are joined by {'||' if other == 'or' else '&&'} here."
        if context.says("until"):
            octave = "A do loop ends as soon as the condition after until holds."
        yield Change("and-or", node, new, octave, f"The port joins them by {one}.")
        for value in node.values:
            rest = [v for v in node.values if v is not value]
            new = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            octave = "Octave has one condition fewer."
            python = f"The port also asks for {ast.unparse(value)}."
            yield Change("condition", node, new, octave, python, is_guess=True)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        to_or = isinstance(node.op, ast.BitAnd)
        new = ast.BinOp(node.left, ast.BitOr() if to_or else ast.BitAnd(), node.right)
        octave = f"Octave joins the conditions by {'|' if to_or else '&'}."
        yield Change(
            "and-or", node, new, octave, f"The port joins them by {'&' if to_or else '|'}."
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        octave, python = "Octave's condition is the other way round.", "not turns it round."
        yield Change("negation", node, node.operand, octave, python)
    if called(node) in ("any", "all") and isinstance(node, ast.Call):
        other = {"any": "all", "all": "any"}[called(node)]
        octave = "An if with a vector is true if all of its elements are."
        if other == "any":
            octave = "Octave asks whether one of the elements is true."
        python = f"{called(node)} is true if {'one' if other == 'all' else 'each'} of them is."
        yield Change("any-all", node, renamed(node, other), octave, python)
        yield from _of_nothing(node, context)


def _of_nothing(node: ast.Call, context: Context) -> Iterator[Change]:
    """Ask whether there is anything: a condition that is empty is false."""
    data = context.arguments(node)[0]
    value = context.value(data)
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "iu":
        octave = "Octave asks whether there are any: its indices are never 0."
        python = f"{called(node)} asks what the indices are, and 0 counts as false."
        new = context.make("len(X) > 0", X=data)
        yield Change("empty-condition", node, new, octave, python)
    if called(node) != "all" or not isinstance(value, np.ndarray) or value.size:
        return
    base = data
    if isinstance(base, ast.Compare):
        base = base.left
    new = context.make("X.size > 0 and C", X=base, C=node)
    octave, python = "A condition that is empty is false.", "all of an empty array is True."
    yield Change("empty-condition", node, new, octave, python)


def branches(node: ast.AST, context: Context) -> Iterator[Change]:
    """Try conditions in another order."""
    if called(node) == "select" and isinstance(node, ast.Call) and len(node.args) >= 2:
        lists = node.args[:2]
        if all(isinstance(one, ast.List) for one in lists):
            turned = [ast.List(one.elts[::-1], ast.Load()) for one in lists]  # type: ignore[attr-defined]
            new: ast.expr = ast.Call(node.func, [*turned, *node.args[2:]], node.keywords)
            octave = "The branches are tried from the strictest condition to the weakest."
            python = "np.select takes the first condition that holds."
            yield Change("order-of-branches", node, new, octave, python)
    if called(node) == "where" and isinstance(node, ast.Call) and len(node.args) == 3:
        condition, one, other = node.args
        new = ast.Call(node.func, [condition, other, one], node.keywords)
        octave, python = "Octave has the branches the other way round.", "np.where(c, a, b)."
        yield Change("order-of-branches", node, new, octave, python)
    if isinstance(node, ast.IfExp):
        octave, python = "Octave has the branches the other way round.", "a if c else b."
        new = ast.IfExp(node.test, node.orelse, node.body)
        yield Change("order-of-branches", node, new, octave, python)


def jumps(node: ast.AST, context: Context) -> Iterator[Change]:
    """``break`` and ``continue`` that are lacking, or one for the other."""
    if isinstance(node, (ast.Break, ast.Continue)):
        other = "continue" if isinstance(node, ast.Break) else "break"
        yield Change(
            "jump", node, None, f"Octave has {other} here.", "The port jumps elsewhere.",
            lines=other,
        )  # fmt: skip
        return
    if isinstance(node, ast.Return) and node.value is None and is_in_loop(node, context):
        for word, octave in (
            ("continue", "Octave goes on with the next turn."), ("break", "Octave ends the loop."),
        ):  # fmt: skip
            python = "return ends the function."
            yield Change("jump", node, None, octave, python, lines=word)
        return
    if not isinstance(node, ast.stmt) or isinstance(
        node, (ast.Return, ast.Raise, ast.FunctionDef, ast.ClassDef)
    ):
        return
    if not _is_last_of_branch(node, context):
        return
    for word, octave, python in (
        ("break", "The break ends the loop here.", "Without a break the loop goes on."),
        ("continue", "The continue skips the rest of the body.",
         "Without a continue the rest of the body runs, too."),
    ):  # fmt: skip
        known = context.evidence.octave_function
        if known and word not in known:
            continue
        yield Change(f"missing-{word}", node, None, octave, python, lines=word, where=Where.AFTER)


def _is_last_of_branch(node: ast.stmt, context: Context) -> bool:
    """Whether a statement ends the body of an if that is in a loop."""
    function = context.evidence.function
    loops = [n for n in ast.walk(function) if isinstance(n, (ast.For, ast.While))]
    for loop in loops:
        for inner in ast.walk(loop):
            if isinstance(inner, ast.If):
                for body in (inner.body, inner.orelse):
                    if body and body[-1] is node:
                        return True
    return False


def octave_constant(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a constant a value of Octave's."""
    is_default = node in context.evidence.function.args.defaults
    if isinstance(node, ast.Constant) and node is context.evidence.expression and not is_default:
        first = context.evidence.first
        if first is None or first.octave is None:
            return
        for text in context.octave_numbers():
            value = ast.parse(text, mode="eval").body
            if constant(value) != node.value:
                octave = f"Octave's value is {text}."
                yield Change("constant", node, value, octave, f"The port's is {node.value!r}.")


CHANGES = (
    copies, in_place, defaults, comparisons, named_comparisons, intervals, logic, branches, jumps,
    octave_constant,
)  # fmt: skip
