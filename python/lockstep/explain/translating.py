"""A plain translation of an Octave expression into NumPy, as the port might have it.

It is a proposal only: what comes of it is evaluated on the recorded inputs, and tried. May import
`sources`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Access, Expression, Form, Node, Sort


class UntranslatableError(Exception):
    """An expression has no plain translation."""


MOST_NAMES = 2
"""Variables of the port that are tried for one of Octave."""


@dataclass(frozen=True)
class Dialect:
    """How what Octave leaves open is meant.

    Attributes
    ----------
    names : mapping
        The variable of the port for each of Octave.
    np : str
        What the port calls NumPy.
    counts_from_one : bool
        Whether variables of the port that are indices count from 1, as Octave's.
    matrices : bool
        Whether ``*`` is the product of matrices.
    axis : int or None
        Along which axis a sum, mean and the like work; None for all elements.
    """

    names: Mapping[str, str]
    np: str = "np"
    counts_from_one: bool = True
    matrices: bool = False
    axis: int | None = None


_CONSTANTS = {
    "pi": "{np}.pi", "Inf": "{np}.inf", "inf": "{np}.inf", "NaN": "{np}.nan", "nan": "{np}.nan",
    "NA": "{np}.nan", "eps": "{np}.finfo(float).eps", "realmin": "{np}.finfo(float).tiny",
    "realmax": "{np}.finfo(float).max", "true": "True", "false": "False", "e": "{np}.e",
    "i": "1j", "j": "1j", "I": "1j",
}  # fmt: skip
_SAME_NAME = {
    "abs", "sqrt", "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "sinh",
    "cosh", "tanh", "floor", "ceil", "sign", "real", "imag", "conj", "isnan", "isinf", "isfinite",
    "hypot", "kron", "cross", "dot", "trace", "diag", "tril", "triu", "cumsum", "cumprod", "diff",
    "sort", "unique", "linspace", "fliplr", "flipud", "maximum", "minimum", "mod", "polyfit",
    "polyval",
}  # fmt: skip
_RENAMED = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "fix": "trunc",
    "rem": "fmod", "trapz": "trapezoid", "conv": "convolve", "roots": "roots", "angle": "angle",
    "arg": "angle", "numel": "size", "columns": "shape[1]", "rows": "shape[0]",
}  # fmt: skip
_REDUCED = {"sum": "", "mean": "", "prod": "", "any": "", "all": "", "median": "",
            "std": ", ddof=1", "var": ", ddof=1", "max": "", "min": ""}  # fmt: skip
_LINALG = frozenset({"inv", "pinv", "det", "norm"})
_OPERATORS = {
    "+": "+", "-": "-", ".*": "*", "./": "/", ".^": "**", "^": "**", "/": "/", "==": "==",
    "~=": "!=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "&&": "and", "||": "or",
    "&": "&", "|": "|",
}  # fmt: skip


def dialects(names: Mapping[str, Sequence[str]], np: str) -> Iterator[Dialect]:
    """Yield the ways in which a translation may be meant, the likeliest first."""
    fixed = {name: found[0] for name, found in names.items() if found}
    for axis, matrices, one in product((None, 0), (False, True), (True, False)):
        yield Dialect(fixed, np, one, matrices, axis)


def translations(text: str, names: Mapping[str, Sequence[str]], np: str) -> list[str]:
    """Translate an Octave expression in each way that it may be meant."""
    value = _parsed(f"lockstep_ = {text};").value
    found = [_attempt(lambda d=d: _expression(value, d)) for d in dialects(names, np)]  # type: ignore[misc]
    return list(dict.fromkeys(one for one in found if one))


def statements(text: str, names: Mapping[str, Sequence[str]], np: str) -> list[str]:
    """Translate an Octave assignment in each way that it may be meant."""
    node = _parsed(f"{text};")
    if node.sort is not Sort.ASSIGNMENT or node.listed:
        return []
    found = [_attempt(lambda d=d: _assignment(node, d)) for d in dialects(names, np)]  # type: ignore[misc]
    return list(dict.fromkeys(one for one in found if one))


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
    value = _expression(node.value, d)
    operator = node.operator.replace("^", "**")
    if target.form is Form.NAME:
        return f"{_name(target, d)} {operator} {value}"
    if target.form is not Form.CHAIN or len(target.links) != 1:
        raise UntranslatableError
    name, arguments = _name(target.parts[0], d), target.links[0].arguments
    grown = [_is_end_plus_one(one) for one in arguments]
    if any(grown) and operator == "=":
        return _grown(name, arguments, grown, value, d)
    index = ", ".join(_index(one, d) for one in arguments)
    return f"{name}[{index}] {operator} {value}"


def _grown(
    name: str, arguments: Sequence[Expression], grown: Sequence[bool], value: str, d: Dialect
) -> str:
    """Write an assignment behind the end, which makes an array longer."""
    if len(arguments) == 2 and arguments[1].form is Form.COLON:
        return f"{name} = {d.np}.vstack([{name}, {value}])"
    if len(arguments) == 2 and arguments[0].form is Form.COLON:
        return f"{name} = {d.np}.column_stack([{name}, {value}])"
    if sum(grown) == 1:
        return f"{name} = {d.np}.append({name}, {value})"
    raise UntranslatableError


def _is_end_plus_one(one: Expression) -> bool:
    return (
        one.form is Form.BINARY
        and one.name == "+"
        and one.parts[0].form is Form.END
        and one.parts[1].name == "1"
    )


# Expressions


def _expression(one: Expression | None, d: Dialect) -> str:
    if one is None:
        raise UntranslatableError
    made = _MAKERS.get(one.form)
    if made is None:
        raise UntranslatableError
    return made(one, d)


def _name(one: Expression, d: Dialect) -> str:
    if one.form is not Form.NAME:
        raise UntranslatableError
    if one.name in d.names:
        return d.names[one.name]
    if one.name in _CONSTANTS:
        return _CONSTANTS[one.name].format(np=d.np)
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
    text = _name(base, d)
    for link in one.links:
        if link.access in (Access.CALL, Access.BRACE):
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
    text = _expression(one, d)
    is_mask = one.form is Form.BINARY and one.name in ("==", "<", ">", "<=", ">=", "&", "|", "~=")
    return text if is_mask or not d.counts_from_one else f"{text} - 1"


def _slice(one: Expression, d: Dialect) -> str:
    first, last = one.parts[0], one.parts[-1]
    step = _expression(one.parts[1], d) if len(one.parts) == 3 else ""
    start = _index(first, d)
    end = "" if last.form is Form.END else _expression(last, d)
    if last.form is Form.BINARY and last.parts[0].form is Form.END and last.name == "-":
        end = f"-({_expression(last.parts[1], d)})"
    return f"{'' if start == '0' else start}:{end}" + (f":{step}" if step else "")


def _call(name: str, arguments: Sequence[Expression], d: Dialect) -> str:
    args = [_expression(one, d) for one in arguments]
    if not args and name in _CONSTANTS:
        return _CONSTANTS[name].format(np=d.np)
    if name in _REDUCED and args:
        axis = "" if d.axis is None else f", axis={d.axis}"
        if len(args) == 2 and args[1].isdigit() and name not in ("max", "min", "std", "var"):
            axis = f", axis={int(args[1]) - 1}"
        elif len(args) == 2 and name in ("max", "min"):
            return f"{d.np}.{name}imum({args[0]}, {args[1]})"
        elif len(args) != 1:
            raise UntranslatableError
        return f"{d.np}.{name}({args[0]}{axis}{_REDUCED[name]})"
    if name == "round" and len(args) == 1:
        return f"{d.np}.trunc({args[0]} + {d.np}.copysign(0.5, {args[0]}))"
    if name in ("eps", "length", "size") and args:
        return _size(name, args, d)
    if name in ("zeros", "ones") and args:
        shape = args[0] if len(args) == 1 else f"({', '.join(args)})"
        return f"{d.np}.{name}({shape})"
    if name in ("numel", "rows", "columns"):
        return f"{args[0]}.{_RENAMED[name]}"
    if name in ("double",) and len(args) == 1:
        return f"({args[0]}).astype(float)"
    if name in _LINALG:
        order = ", 2" if name == "norm" and len(args) == 1 and d.matrices else ""
        return f"{d.np}.linalg.{name}({', '.join(args)}{order})"
    if name in ("norm", "isempty"):
        return f"({args[0]}.size == 0)"
    if name in _RENAMED or name in _SAME_NAME:
        return f"{d.np}.{_RENAMED.get(name, name)}({', '.join(args)})"
    raise UntranslatableError


def _size(name: str, args: Sequence[str], d: Dialect) -> str:
    if name == "eps":
        return f"{d.np}.spacing({args[0]})"
    if name == "length":
        return f"max({d.np}.shape({args[0]}))"
    if len(args) == 2 and args[1].isdigit():
        return f"{args[0]}.shape[{int(args[1]) - 1}]"
    raise UntranslatableError


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
}
