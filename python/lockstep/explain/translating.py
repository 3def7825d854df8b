"""A plain translation of an Octave expression into NumPy, as the port might have it.

It is a proposal only: what comes of it is evaluated on the recorded inputs, and tried. May import
`dialects`, `project`, `sources` and `translated_calls`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial

from lockstep.explain.dialects import Dialect, Names, Surroundings, dialects
from lockstep.explain.translated_calls import CONSTANTS, call
from lockstep.project.m_files import spelling
from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Access, Expression, Form, Node, Sort

ALIKE = 0.8
"""How like Octave's name that of a function of the port is at least that stands for it."""


class UntranslatableError(Exception):
    """An expression has no plain translation."""


_OPERATORS = {
    "+": "+", "-": "-", ".*": "*", "./": "/", ".^": "**", "^": "**", "/": "/", "==": "==",
    "~=": "!=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "&&": "and", "||": "or",
    "&": "&", "|": "|",
}  # fmt: skip


def translations(text: str, names: Names, np: str, around: Surroundings | None = None) -> list[str]:
    """Translate an Octave expression in each way that it may be meant."""
    return _each_way(_expression, text, names, np, around)


def indices(text: str, names: Names, np: str, around: Surroundings | None = None) -> list[str]:
    """Translate an Octave expression whose values are indices into ones that count from 0."""
    return _each_way(_from_0, text, names, np, around)


def _each_way(
    write: Callable[[Expression | None, Dialect], str],
    text: str,
    names: Names,
    np: str,
    around: Surroundings | None,
) -> list[str]:
    text = f"lockstep_ = {text};"
    value = _parsed(text).value
    ways = dialects(names, around or Surroundings(), np, text)
    found = [_attempt(partial(write, value, way)) for way in ways]
    return list(dict.fromkeys(one for one in found if one))


def statements(text: str, names: Names, np: str, around: Surroundings | None = None) -> list[str]:
    """Translate an Octave assignment in each way that it may be meant."""
    node = _parsed(f"{text};")
    if node.sort is not Sort.ASSIGNMENT or node.listed:
        return []
    ways = dialects(names, around or Surroundings(), np, text)
    found = [_attempt(partial(_assignment, node, way)) for way in ways]
    return list(dict.fromkeys(one for one in found if one))


def operands(text: str) -> list[str]:
    """List what a condition joins by "and" and "or", however deep; nothing where it is but one."""
    text = f"lockstep_ = {text};"
    found = [text[one.start : one.end] for one in _operands(_parsed(text).value)]
    return found if len(found) > 1 else []


def _operands(condition: Expression | None) -> Iterator[Expression]:
    if condition is None:
        return
    one = condition.bare
    if one.form is Form.BINARY and one.name in ("||", "&&", "|", "&"):
        for part in one.parts:
            yield from _operands(part)
    else:
        yield one


def _parsed(text: str) -> Node:
    try:
        tree = parse(text)
    except (MSyntaxError, RecursionError) as error:
        raise UntranslatableError from error
    if tree.script is None or len(tree.script.body) != 1:
        raise UntranslatableError
    return tree.script.body[0]


def _attempt(make: Callable[[], str]) -> str:
    try:
        return make()
    except UntranslatableError:
        return ""


# Statements


def _assignment(node: Node, d: Dialect) -> str:
    (target,) = node.targets
    operator = node.operator.replace("^", "**")
    if target.form is Form.CHAIN and operator == "=" and _is_empty_matrix(node.value):
        return _deleted(target, d)
    value = _expression(node.value, d)
    if target.form is Form.NAME and target.name in d.names:
        return f"{d.names[target.name]} {operator} {value}"
    if target.form is not Form.CHAIN or len(target.links) != 1:
        raise UntranslatableError
    name, arguments = _name(target.parts[0], d), target.links[0].arguments
    if name in d.floats:
        return f"{name} {operator} {value}"  # the port goes through the elements one by one
    if target.links[0].access is Access.FIELD:
        return f"{name}[{target.links[0].name!r}] {operator} {value}"
    grown = [_is_behind_the_end(one, target.parts[0].name) for one in arguments]
    if any(grown) and operator == "=":
        return _grown(name, arguments, grown, value, d)
    is_place = len(arguments) == 1 and arguments[0].form is not Form.NUMBER
    if d.lists and is_place and operator == "=":
        return f"{name}.append({value})"  # a list grows where Octave counts the next place
    index = ", ".join(_index(one, d) for one in arguments)
    return f"{name}[{index}] {operator} {value}"


def _is_empty_matrix(one: Expression | None) -> bool:
    return one is not None and one.bare.form is Form.MATRIX and not one.bare.parts


def _deleted(target: Expression, d: Dialect) -> str:
    """Write the deletion of elements, rows or columns: ``x(i) = []``."""
    name, arguments = _name(target.parts[0], d), target.links[0].arguments
    if len(target.links) != 1 or target.links[0].access is not Access.CALL:
        raise UntranslatableError
    axes = [axis for axis, one in enumerate(arguments) if one.form is not Form.COLON]
    if len(axes) != 1 or len(arguments) > 2:
        raise UntranslatableError
    along = f", axis={axes[0]}" if len(arguments) == 2 else ""
    return f"{name} = {d.np}.delete({name}, {_index(arguments[axes[0]], d)}{along})"


def _grown(
    name: str, arguments: Sequence[Expression], grown: Sequence[bool], value: str, d: Dialect
) -> str:
    """Write an assignment behind the end, which makes an array, or a list, longer."""
    if d.lists and len(arguments) == 1:
        return f"{name}.append({value})"
    if len(arguments) == 2 and arguments[1].form is Form.COLON:
        return f"{name} = {d.np}.vstack([{name}, {value}])"
    if len(arguments) == 2 and arguments[0].form is Form.COLON:
        return f"{name} = {d.np}.column_stack([{name}, {value}])"
    if sum(grown) == 1:
        return f"{name} = {d.np}.append({name}, {value})"
    raise UntranslatableError


def _is_behind_the_end(one: Expression, name: str) -> bool:
    """Whether an index is the first behind the end: ``end + 1``, ``numel (x) + 1``."""
    if one.form is not Form.BINARY or one.name != "+" or one.parts[1].name != "1":
        return False
    last = one.parts[0]
    if last.form is Form.CHAIN and last.parts[0].name in ("length", "numel"):
        return [part.name for part in last.links[0].arguments] == [name]
    return last.form is Form.END


# Expressions


def _expression(one: Expression | None, d: Dialect) -> str:
    if one is None:
        raise UntranslatableError
    if own := d.alias(one):
        return own
    made = _MAKERS.get(one.form)
    if made is None:
        raise UntranslatableError
    return made(one, d)


def _name(one: Expression, d: Dialect) -> str:
    if one.form is not Form.NAME:
        raise UntranslatableError
    if one.name in d.less_one:
        return f"({d.less_one[one.name]} + 1)"
    if one.name in d.names:
        own = d.names[one.name]
        return f"{d.np}.array({own})" if own in d.sequences else own
    if one.name in d.definitions:
        rest = {name: other for name, other in d.definitions.items() if name != one.name}
        return f"({_expression(d.definitions[one.name], replace(d, definitions=rest, aliases={}))})"
    if one.name in CONSTANTS and one.name not in d.bound:
        return CONSTANTS[one.name].format(np=d.np)
    raise UntranslatableError


def _number(one: Expression, d: Dialect) -> str:
    text = one.name.lower()
    return text[:-1] + "j" if text[-1] in "ij" else text


def _string(one: Expression, d: Dialect) -> str:
    return repr(one.name[1:-1].replace(one.name[0] * 2, one.name[0]))


def _unary(one: Expression, d: Dialect) -> str:
    inner = _expression(one.parts[0], d)
    if one.name in ("!", "~"):
        return f"(~({inner}))" if not d.matrices else f"(not ({inner}))"
    return f"({one.name}{inner})"


def _postfix(one: Expression, d: Dialect) -> str:
    inner = _expression(one.parts[0], d)
    if one.name in ("'", ".'"):
        return f"({inner}).T"
    raise UntranslatableError


def _binary(one: Expression, d: Dialect) -> str:
    if _is_sum_with_number(one) and one.parts[0].name in d.less_one:
        text = _sum(one, d, 0)
        return text if text.isidentifier() else f"({text})"
    left, right = (_expression(part, d) for part in one.parts)
    if one.name == "*":
        return f"({left} {'@' if d.matrices else '*'} {right})"
    if one.name == "\\":
        return f"{d.np}.linalg.solve({left}, {right})"
    if one.name not in _OPERATORS:
        raise UntranslatableError
    return f"({left} {_OPERATORS[one.name]} {right})"


def _range(one: Expression, d: Dialect) -> str:
    parts = [_expression(part, d) for part in one.parts]
    if len(parts) == 2:
        return f"{d.np}.arange({parts[0]}, {parts[1]} + 1)"
    start, step, end = parts
    return f"{d.np}.arange({start}, {end} + 1e-9 * {step}, {step})"


def _chain(one: Expression, d: Dialect) -> str:
    base = one.parts[0]
    if base.form is Form.NAME and base.name not in d.names:
        first, *rest = one.links
        if first.access is not Access.CALL or rest:
            raise UntranslatableError
        return _call(base.name, first.arguments, d)
    text = _name(base, replace(d, sequences=frozenset()))
    if text in d.floats:
        return text
    for link in one.links:
        if link.access is Access.CALL and [p.form for p in link.arguments] == [Form.COLON]:
            text += '.ravel(order="F")'
        elif link.access in (Access.CALL, Access.BRACE):
            text += f"[{', '.join(_index(part, d) for part in link.arguments)}]"
        elif link.access is Access.FIELD:
            text += f"[{link.name!r}]"
        else:
            raise UntranslatableError
    return text


def _index(one: Expression, d: Dialect) -> str:
    """Write an index, which counts from 1 in Octave."""
    one = one.bare
    if one.form is Form.COLON:
        return ":"
    if one.form is Form.END:
        return "-1"
    if one.form is Form.NUMBER and one.name.isdigit():
        return str(int(one.name) - 1)
    if one.form is Form.RANGE:
        return _slice(one, d)
    if one.form is Form.BINARY and one.name in "+-" and one.parts[0].form is Form.END:
        return f"-1 {one.name} ({_expression(one.parts[1], d)})"
    if one.form is Form.NAME and one.name in d.less_one:
        return d.less_one[one.name]
    if one.form is Form.CHAIN and one.parts[0].name == "ones" and "ones" not in d.names:
        return _call("zeros", one.links[0].arguments, d)[:-1] + ", dtype=int)"
    if d.counts_from_one and _is_sum_with_number(one):
        return _sum(one, d, -1)
    text = _whole(one, d)
    is_mask = one.form is Form.BINARY and one.name in ("==", "<", ">", "<=", ">=", "&", "|", "~=")
    return text if is_mask or not d.counts_from_one else f"{text} - 1"


def _whole(one: Expression, d: Dialect) -> str:
    """Write an index or a bound, which is an integer in NumPy."""
    text = _expression(one, d)
    return f"int({text})" if one.form is Form.NAME and text in d.floats else text


def _is_sum_with_number(one: Expression) -> bool:
    return one.form is Form.BINARY and one.name in "+-" and one.parts[1].name.isdigit()


def _sum(one: Expression, d: Dialect, more: int) -> str:
    """Write a sum with a whole number, and some more: ``k + 1`` less 1 is ``k``."""
    first, number = one.parts[0], int(one.parts[1].name)
    own = d.less_one.get(first.name, "")
    total = (number if one.name == "+" else -number) + more + bool(own)
    left = own or _whole(first, d)
    return f"{left} {'+' if total > 0 else '-'} {abs(total)}" if total else left


def _slice(one: Expression, d: Dialect) -> str:
    if [part.form for part in one.parts] == [Form.END, Form.UNARY, Form.NUMBER]:
        step = _expression(one.parts[1], d)
        if one.parts[2].name == "1":
            return f"::{step}"
    first, last = one.parts[0], one.parts[-1]
    step = _expression(one.parts[1], d) if len(one.parts) == 3 else ""
    start = _index(first, d)
    if last.form is Form.END:
        end = ""
    elif last.form is Form.BINARY and last.parts[0].form is Form.END and last.name == "-":
        end = f"-({_expression(last.parts[1], d)})"
    else:
        end = _whole(last, d)
    return f"{'' if start == '0' else start}:{end}" + (f":{step}" if step else "")


def _from_0(one: Expression | None, d: Dialect) -> str:
    """Write indices that count from 0, for what counts from 1."""
    one = None if one is None else one.bare
    if one is None or one.form is Form.COLON:
        raise UntranslatableError
    if one.form is Form.RANGE:
        start, *step, end = one.parts
        bounds = [_from_0(start, d), _expression(end, d), *(_expression(part, d) for part in step)]
        return f"{d.np}.arange({', '.join(bounds)})"
    if one.form is Form.MATRIX and one.parts:
        return f"{d.np}.r_[{', '.join(_from_0(part, d) for part in one.parts)}]"
    if one.form is Form.NUMBER and one.name.isdigit():
        return str(int(one.name) - 1)
    if one.form is Form.NAME and one.name in d.less_one:
        return d.less_one[one.name]
    if _is_sum_with_number(one):
        return _sum(one, d, -1)
    return f"{_expression(one, d)} - 1"


def _call(name: str, arguments: Sequence[Expression], d: Dialect) -> str:
    if name == "permute" and len(arguments) == 2:
        axes = [_expression(one, d) for one in arguments[1].bare.parts]
        args = [_expression(arguments[0], d), f"({', '.join(axes)})"]
    else:
        args = [_argument(one, d) for one in arguments]
    own = d.functions.get(spelling(name))
    found = "" if own else call(name, args, d.np, d.axis, d.matrices)
    if not own and not found:
        alike = get_close_matches(spelling(name), d.functions, 1, ALIKE)
        own = d.functions[alike[0]] if alike else None
    if not own and not found:
        raise UntranslatableError
    return f"{own}({', '.join(args)})" if own else found


def _argument(one: Expression, d: Dialect) -> str:
    return "[]" if _is_empty_matrix(one) else _expression(one, d)


def _matrix(one: Expression, d: Dialect) -> str:
    """Join values of any size into a vector."""
    if not one.parts:
        return f"{d.np}.zeros(0)"
    return f"{d.np}.r_[{', '.join(_expression(part, d) for part in one.parts)}]"


_MAKERS: dict[Form, Callable[[Expression, Dialect], str]] = {
    Form.NAME: _name,
    Form.NUMBER: _number,
    Form.STRING: _string,
    Form.UNARY: _unary,
    Form.POSTFIX: _postfix,
    Form.BINARY: _binary,
    Form.RANGE: _range,
    Form.PARENTHESES: lambda one, d: f"({_expression(one.bare, d)})",
    Form.CHAIN: _chain,
    Form.MATRIX: _matrix,
}
