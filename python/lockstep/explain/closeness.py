"""How close an expression of the port is to Octave's: what both are made of is counted.

Operators, functions by Octave's names, numbers, and variables where their values say which is
which. Of several changes that give Octave's value the one is preferred that brings the port nearest
to what Octave has. May import `sources`.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lockstep.sources.m_lexer import MSyntaxError, Token, TokenKind, tokenize

Bag = Counter[str]

_OCTAVE_OPERATORS = {
    "+": "+", "-": "-", "*": "*", ".*": "*", "/": "/", "./": "/", "^": "^", ".^": "^", "**": "^",
    ".**": "^", "\\": "solve", "'": "transpose", ".'": "transpose", "==": "==", "~=": "!=",
    "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "&&": "&", "&": "&", "||": "|",
    "|": "|", "~": "not", "!": "not",
}  # fmt: skip
_PYTHON_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "*", ast.Div: "/", ast.Pow: "^",
    ast.Mod: "mod", ast.FloorDiv: "idivide", ast.USub: "negative", ast.Not: "not",
    ast.Invert: "not", ast.And: "&", ast.BitAnd: "&", ast.Or: "|", ast.BitOr: "|", ast.Eq: "==",
    ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_SAME = frozenset(
    re.findall(
        r"\w+",
        "abs sqrt exp log log2 log10 log1p expm1 sin cos tan sinh cosh tanh floor ceil round sign "
        "real imag conj isnan isinf isfinite hypot kron cross dot trace diag tril triu cumsum "
        "cumprod diff sort unique linspace fliplr flipud mod polyfit polyval roots sum mean prod "
        "any all median std var max min norm inv pinv det fft ifft reshape zeros ones eye rot90 "
        "cov upper lower fix rem asin acos atan atan2 trapz conv filter find circshift repmat "
        "deg2rad rad2deg gamma gammaln strrep strtrim strsplit strcmp histc interp1 permute "
        "quantile prctile mode svd eig chol qr lu cumtrapz accumarray ismember setdiff union "
        "intersect bitand bitor xor nnz size",
    )
)
_NAMED = {
    "absolute": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "trunc": "fix", "fmod": "rem", "remainder": "mod", "amax": "max", "amin": "min",
    "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min", "len": "size",
    "shape": "size", "numel": "size", "length": "size", "rows": "size", "columns": "size",
    "trapezoid": "trapz", "convolve": "conv", "transpose": "transpose", "T": "transpose",
    "rint": "round", "around": "round", "argmax": "max", "argmin": "min", "argsort": "sort",
    "nonzero": "find", "flatnonzero": "find", "argwhere": "find", "where": "find",
    "roll": "circshift", "tile": "repmat", "radians": "deg2rad", "degrees": "rad2deg",
    "power": "^", "square": "^", "interp": "interp1", "lfilter": "filter", "solve": "solve",
    "mldivide": "solve", "lstsq": "solve", "percentile": "prctile", "bincount": "accumarray",
    "isin": "ismember", "replace": "strrep", "strip": "strtrim", "split": "strsplit",
    "conjugate": "conj", "ctranspose": "transpose", "swapaxes": "permute", "moveaxis": "permute",
    "matmul": "*", "toupper": "upper", "tolower": "lower", "histogram": "histc",
    "count_nonzero": "nnz", "eigh": "eig", "cholesky": "chol",
}  # fmt: skip


def distance(node: ast.AST, octave: str, names: Mapping[str, Sequence[str]]) -> int:
    """Count what an expression of the port has and Octave's has not, and the other way round.

    Parameters
    ----------
    node : ast.AST
        Of the port.
    octave : str
        Octave's counterpart.
    names : mapping
        By name of a variable of Octave, the variables of the port that have its values.
    """
    return apart(made_of(node, names), octave_made_of(octave, names))


def apart(one: Bag, other: Bag) -> int:
    """Count what one is made of and the other is not."""
    return sum(((one - other) + (other - one)).values())


def made_of(node: ast.AST, names: Mapping[str, Sequence[str]]) -> Bag:
    """Count what an expression of the port is made of."""
    by_name = {own: octave for octave, found in names.items() for own in found}
    found: Bag = Counter()
    for part in ast.walk(node):
        found.update(_python_words(part, by_name))
    return found


def _python_words(part: ast.AST, by_name: Mapping[str, str]) -> Iterator[str]:
    operators: list[ast.AST] = []
    if isinstance(part, (ast.BinOp, ast.UnaryOp, ast.AugAssign)):
        operators = [part.op]
    elif isinstance(part, ast.BoolOp):
        operators = [part.op] * (len(part.values) - 1)
    elif isinstance(part, ast.Compare):
        operators = list(part.ops)
    yield from (_PYTHON_OPERATORS[type(o)] for o in operators if type(o) in _PYTHON_OPERATORS)
    if isinstance(part, ast.Attribute):
        yield from _canonical(part.attr.removeprefix("nan"))
    elif isinstance(part, ast.Name):
        if part.id in by_name:
            yield f"variable {by_name[part.id]}"
        else:
            yield from _canonical(part.id)
    elif isinstance(part, ast.Constant):
        yield from _number(part.value)


def octave_made_of(text: str, names: Mapping[str, Sequence[str]]) -> Bag:
    """Count what an expression of Octave is made of; nothing where it is not understood."""
    try:
        tokens = tokenize(text)
    except MSyntaxError:
        return Counter()
    found: Bag = Counter()
    before: Token | None = None
    for token in tokens:
        if token.kind is TokenKind.OPERATOR:
            found.update(_octave_operator(token, before))
        elif token.kind is TokenKind.NAME:
            if token.text in names:
                found[f"variable {token.text}"] += 1
            else:
                found.update(_canonical(token.text))
        elif token.kind is TokenKind.NUMBER:
            found.update(_number(token.text))
        before = token
    return found


def _octave_operator(token: Token, before: Token | None) -> Iterator[str]:
    values = (TokenKind.NAME, TokenKind.NUMBER, TokenKind.STRING)
    follows = before is not None and (before.kind in values or before.text in (")", "]", "}", "'"))
    if token.text == "-" and not follows:
        yield "negative"
    elif token.text in _OCTAVE_OPERATORS:
        yield _OCTAVE_OPERATORS[token.text]


def _canonical(name: str) -> Iterator[str]:
    if name in _SAME:
        yield name
    elif name in _NAMED:
        yield _NAMED[name]


def _number(value: object) -> Iterator[str]:
    """Name a number; 0 and 1 come and go with the way of counting, and tell nothing."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return
    if number not in (0.0, 1.0) and not isinstance(value, bool):
        yield f"{number!r}"
