"""Text: formats, places, separators, matches. May import `change` and `context`."""

import ast
import copy
import re
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, keyword, with_keywords

ORDER = 16
KEYS = (
    "char-code",
    "collapse",
    "index-base",
    "letters",
    "num2str",
    "number-format",
    "once",
    "overlap",
    "percent-d",
    "slice-end",
)


def characters(node: ast.AST, context: Context) -> Iterator[Change]:
    """Codes of characters."""
    if called(node) == "ord" and isinstance(node, ast.Call):
        for base in ("0", "a", "A"):
            new = context.make("X - ord(B)", X=node, B=ast.Constant(base))
            octave = f"Subtracting '{base}' from a char array gives the place of each from it."
            python = f'ord gives the code of a character, {ord(base)} for "{base}".'
            yield Change("char-code", node, new, octave, python)
    if called(node) in ("find", "rfind", "index") and isinstance(node, ast.Call):
        new = context.make("X + 1", X=node)
        octave = "Octave counts the characters from 1."
        python = f"str.{called(node)} counts the characters from 0."
        yield Change("index-base", node, new, octave, python)


def replacing(node: ast.AST, context: Context) -> Iterator[Change]:
    """How many matches are replaced or split at."""
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    if name == "sub" and keyword(node, "count") is None and len(node.args) == 3:
        octave = "regexprep with the option 'once' replaces the first match only."
        python = "re.sub replaces every match unless count says how many."
        yield Change("once", node, with_keywords(node, count=1), octave, python)
    if name == "sub" and keyword(node, "count") is not None:
        octave = "regexprep replaces every match unless told 'once'."
        python = "count=1 replaces the first match only."
        yield Change("once", node, with_keywords(node, ("count",)), octave, python)
    if name == "replace" and len(node.args) == 2:
        new: ast.expr = ast.Call(node.func, [*node.args, ast.Constant(1)], [])
        octave, python = "Octave replaces the first match only.", "str.replace replaces all."
        yield Change("once", node, new, octave, python)
    octave = "Octave's strsplit takes a run of delimiters for one by default."
    python = (
        "Splitting at each single delimiter gives empty fields where several follow each other."
    )
    if name == "split" and len(node.args) >= 2 and isinstance(constant(node.args[0]), str):
        pattern = constant(node.args[0])
        if len(pattern) == 1:
            args = [ast.Constant(f"{pattern}+"), *node.args[1:]]
            yield Change("collapse", node, ast.Call(node.func, args, []), octave, python)
    if name == "split" and context.is_method(node) and len(node.args) == 1:
        separator = node.args[0]
        text = context.arguments(node)[0]
        if constant(separator) == " ":
            new = context.make("X.split()", X=text)
            yield Change("collapse", node, new, octave, python)
        template = "[p for i, p in enumerate(X.split(S)) if p or i == 0]"
        new = context.make(template, X=text, S=separator)
        yield Change("collapse", node, new, octave, python)
    if name == "split" and context.is_method(node) and not node.args:
        new = context.make('X.split(" ")', X=context.arguments(node)[0])
        octave = "Octave splits at each single blank here."
        yield Change("collapse", node, new, octave, "split() takes a run of blanks for one.")
    if name == "count" and context.is_method(node) and len(node.args) == 1:
        text, part = context.arguments(node)
        if isinstance(context.value(text), str):
            new = context.make("sum(X.startswith(P, i) for i in range(len(X)))", X=text, P=part)
            octave = "strfind finds matches that overlap."
            python = "str.count goes on after the end of a match, so that overlaps are not counted."
            yield Change("overlap", node, new, octave, python)


_CASES = {"lower": "upper", "upper": "lower", "strip": "rstrip", "lstrip": "strip",
          "rstrip": "strip"}  # fmt: skip


def letters(node: ast.AST, context: Context) -> Iterator[Change]:
    """Case of letters, and blanks at the ends."""
    if not isinstance(node, ast.expr):
        return
    value = context.value(node)
    if not isinstance(value, str):
        return
    if called(node) in _CASES and isinstance(node, ast.Call) and context.is_method(node):
        text = context.arguments(node)[0]
        other = _CASES[called(node)]
        octave, python = f"Octave has {other} here.", f"The port has {called(node)}."
        yield Change("letters", node, context.make(f"X.{other}()", X=text), octave, python)
        octave = "Octave leaves the text as it is."
        yield Change("letters", node, text, octave, f"{called(node)}() changes it.")
        return
    for method, octave in (
        ("lower", "Octave takes lower case."), ("upper", "Octave takes upper case."),
        ("strip", "strtrim takes the blanks off both ends."),
        ("rstrip", "deblank takes the blanks off the end."),
    ):  # fmt: skip
        if getattr(value, method)() != value:
            new = context.make(f"X.{method}()", X=node)
            yield Change("letters", node, new, octave, "The port leaves the text as it is.")


_KINDS = {
    "isspace": (("X == ' '", "compares with the blank"),),
    "isalpha": (("X.isalnum()", "takes letters and digits"),),
    "isalnum": (("X.isalpha()", "takes letters alone"), ("X.isdigit()", "takes digits alone")),
    "isdigit": (("X.isalnum()", "takes digits and letters"),),
    "title": (("X.capitalize()", "has a capital at the beginning alone"),),
    "capitalize": (("X.title()", "has a capital at the beginning of each word"),),
}
"""What may be meant in the place of a method of text, with what Octave does then."""


def kinds_of_characters(node: ast.AST, context: Context) -> Iterator[Change]:
    """Which characters are taken: the blank or all white space, letters or digits."""
    if isinstance(node, ast.Call) and context.is_method(node) and not node.args:
        name, text = called(node), context.arguments(node)[0]
        for template, rule in _KINDS.get(name, ()):
            new, python = context.make(template, X=text), f"The port has {name}()."
            yield Change("letters", node, new, f"Octave {rule}.", python)
        if name in ("strip", "lstrip", "rstrip"):
            octave, python = "Octave takes blanks off.", f"{name}() takes tabs off, too."
            yield Change("letters", node, context.make(f"X.{name}(' ')", X=text), octave, python)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        new = context.make("X.isspace()", X=node.left)
        if len(node.ops) == 1 and constant(node.comparators[0]) == " ":
            if isinstance(node.ops[0], ast.NotEq):
                new = ast.UnaryOp(ast.Not(), new)
            octave, python = "isspace takes any white space.", "The port compares with the blank."
            yield Change("letters", node, new, octave, python)


_FIELD = re.compile(r"(?<!\{)\{\w*:([^{}]*)\}")
"""A field of a template of `str.format`, and its format."""

_SPEC = re.compile(r"%([-+ 0#]*)(\d*)(\.\d+)?([diufeEgGsc])")


_PLAIN_NUM2STR = re.compile(r"\bnum2str\s*\([^,()]*\)")
"""Without a precision or a format."""


def octave_specs(context: Context) -> list[str]:
    """List Octave's formats as Python would write them, those of the counterpart first."""
    found = []
    for flags, width, digits, kind in _SPEC.findall(
        f"{context.octave}\n{context.evidence.octave_function}"
    ):
        align = "<" if "-" in flags else ">" if kind in "sc" and width else ""
        sign = "+" if "+" in flags else " " if " " in flags else ""
        zero = "0" if "0" in flags and not align else ""
        kind = {"i": "d", "u": "d", "s": "", "c": ""}.get(kind, kind)
        found.append(f"{align}{sign}{zero}{width}{digits}{kind}")
    return [spec for spec in dict.fromkeys(found) if spec]


def templates(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take Octave's own format in a template: ``"%g" % x``, ``format(x, "g")``."""
    text = constant(node)
    if not isinstance(text, str) or not isinstance(node, ast.Constant):
        return
    parent = context.parent(node)
    octave = "Octave's format is another one."
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and "%" in text:
        for literal in re.findall(r"'([^']*%[^']*)'|\"([^\"]*%[^\"]*)\"", context.octave):
            other = literal[0] or literal[1]
            if other != text:
                python = f"The port's is {text!r}."
                yield Change("number-format", node, ast.Constant(other), octave, python)
        for other in _other_letters(text):
            cases, python = "Octave writes letters in the other case.", f"The port's is {text!r}."
            yield Change("number-format", node, ast.Constant(other), cases, python)
    if isinstance(parent, ast.Attribute) and parent.attr == "format":
        for place in _FIELD.finditer(text):
            for spec in octave_specs(context):
                other = f"{text[: place.start(1)]}{spec}{text[place.end(1) :]}"
                if other != text:
                    python = f"The port's is {text!r}."
                    yield Change("number-format", node, ast.Constant(other), octave, python)
    if called(parent) == "format" and isinstance(parent, ast.Call) and parent.args[1:] == [node]:
        for spec in octave_specs(context):
            if spec != text:
                python = f"The port's is {text!r}."
                yield Change("number-format", node, ast.Constant(spec), octave, python)


def _other_letters(text: str) -> Iterator[str]:
    """Write the digits beyond 9, or the exponent, of a %-format in the other case."""
    for place in re.finditer(r"(?<!%)(?:%%)*%[-+ #0-9.]*[xXeEgG]", text):
        yield f"{text[: place.end() - 1]}{place[0][-1].swapcase()}{text[place.end() :]}"


def formats(node: ast.AST, context: Context) -> Iterator[Change]:
    """Numbers in text: f-strings and formats."""
    if not isinstance(node, ast.JoinedStr):
        return
    for place, part in enumerate(node.values):
        if not isinstance(part, ast.FormattedValue):
            continue
        value = context.value(part.value)
        wider = _wider(part, value, context)
        for new_part, key, octave, python in (*wider, *_other_formats(part, value, context)):
            values = [*node.values[:place], new_part, *node.values[place + 1 :]]
            yield Change(key, node, ast.JoinedStr(values), octave, python)


def _wider(
    part: ast.FormattedValue, value: object, context: Context
) -> Iterator[tuple[ast.FormattedValue, str, str, str]]:
    """Fill a field up to the width that Octave's text has more, with zeros or blanks."""
    first, spec = context.evidence.first, _spec(part)
    if first is None or not (isinstance(first.own, str) and isinstance(first.octave, str)):
        return
    try:
        now = len(format(value, spec))
    except (TypeError, ValueError):
        return
    width = now + len(first.octave) - len(first.own)
    if width > now and not spec[:1].isdigit():
        for fill, name in (("0", "zeros"), ("", "blanks"), ("<", "blanks behind it")):
            octave = f"Octave fills it with {name} up to {width} characters."
            python = f"The port writes it as {spec or 'str'} does."
            yield _formatted(part.value, f"{fill}{width}{spec}"), "number-format", octave, python


def _other_formats(
    part: ast.FormattedValue, value: object, context: Context
) -> Iterator[tuple[ast.FormattedValue, str, str, str]]:
    inner = part.value
    for other in octave_specs(context):
        if other != _spec(part):
            python = f"The port writes it as {_spec(part) or 'str'} does."
            octave = f"Octave writes it as %{other} does."
            yield _formatted(inner, other), "number-format", octave, python
    octave = "Octave's %d of a number that is not whole prints the fraction, too."
    cut = called(inner) in ("int", "round") and isinstance(inner, ast.Call)
    spec = _spec(part)
    if cut or spec.endswith("d"):
        assert cut is False or isinstance(inner, ast.Call)
        data = inner.args[0] if isinstance(inner, ast.Call) and cut else inner
        python = "int() cuts the fraction off." if cut else "d takes whole numbers only."
        yield _formatted(data, f"{spec.rstrip('d')}g"), "percent-d", octave, python
    if isinstance(value, (float, np.floating)):
        octave = "num2str keeps four digits after the point, however large the number is."
        python = "The precision of the format g counts all the significant digits."
        yield _num2str(inner), "num2str", octave, python
        if _PLAIN_NUM2STR.search(context.octave):
            return
        if context.says("mat2str"):
            octave = "mat2str keeps 15 digits, of whole numbers those before the point alone."
            yield _formatted(inner, ".15g"), "number-format", octave, "The port writes others."
            return
        for digits in range(7):
            for kind in "fge":
                other = f".{digits}{kind}"
                if other != spec:
                    octave = f"Octave writes it as %{other} would."
                    python = f"The port writes it as {spec or 'str'} does."
                    yield _formatted(inner, other), "number-format", octave, python
        yield _formatted(inner, "g"), "number-format", "Octave writes it as %g.", f"as {spec}."


def _spec(part: ast.FormattedValue) -> str:
    spec = part.format_spec
    if isinstance(spec, ast.JoinedStr) and len(spec.values) == 1:
        found = constant(spec.values[0])
        return found if isinstance(found, str) else ""
    return ""


def _formatted(value: ast.expr, spec: str) -> ast.FormattedValue:
    inner = ast.JoinedStr([ast.Constant(spec)]) if spec else None
    return ast.FormattedValue(value, -1, inner)


def _num2str(value: ast.expr) -> ast.FormattedValue:
    template = 'f"{X:.{min(int(np.log10(max(abs(X), 1))) + 5, 16)}g}"'
    tree = ast.parse(template, mode="eval").body

    class Filler(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return copy.deepcopy(value) if node.id == "X" else node

    made = Filler().visit(tree)
    assert isinstance(made, ast.JoinedStr)
    part = made.values[0]
    assert isinstance(part, ast.FormattedValue)
    return part


def as_text(node: ast.AST, context: Context) -> Iterator[Change]:
    """Numbers that ``str`` makes text of."""
    if called(node) not in ("str", "repr") or not isinstance(node, ast.Call):
        return
    if len(node.args) != 1 or not isinstance(context.value(node.args[0]), (float, np.floating)):
        return
    part = ast.FormattedValue(node.args[0], -1, None)
    for other, key, octave, _ in _other_formats(part, context.value(node.args[0]), context):
        python = f"{called(node)} writes all the digits that tell a number from all others."
        yield Change(key, node, ast.JoinedStr([other]), octave, python)


def cuts(node: ast.AST, context: Context) -> Iterator[Change]:
    """Keep the first characters, or the last ones, of a text: as many as a variable says."""
    first = context.evidence.first
    if first is None or not isinstance(node, ast.expr) or not isinstance(first.octave, str):
        return
    text, octave = context.value(node), first.octave
    if not isinstance(text, str) or not 0 < len(octave) < len(text):
        return
    ends = text.startswith(octave), text.endswith(octave)
    for name, value in first.variables.items():
        if not isinstance(value, (int, float, np.number)) or value != len(octave):
            continue
        is_whole = isinstance(value, (int, np.integer))
        count = ast.Name(name, ast.Load())
        length = count if is_whole else context.make("int(X)", X=count)
        for fits, part, said in zip(ends, ("X[:Y]", "X[-Y:]"), ("first", "last"), strict=True):
            if fits:
                new = context.make(part, X=node, Y=length)
                rule = f"Octave keeps the {said} {name} characters."
                yield Change("slice-end", node, new, rule, "The port keeps the whole text.")


CHANGES = (
    characters, replacing, letters, kinds_of_characters, templates, formats, as_text, cuts,
)  # fmt: skip
