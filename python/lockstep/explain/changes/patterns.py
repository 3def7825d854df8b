"""Regular expressions: what they match, and where. May import `change` and `context`."""

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, keyword, with_keywords

ORDER = 16
KEYS = ("escape", "pattern")

MATCHING = (
    "compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn",
)  # fmt: skip
"""Functions of `re` that are given a pattern first."""

PLACES = {
    "search": "anywhere in the text", "match": "at the beginning of the text",
    "fullmatch": "in the whole text",
}  # fmt: skip
"""Where each function looks for a match."""

TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
"""A character of a pattern, an escaped one, or a class of them."""

RANGE = re.compile(r"([a-z])-([a-z])|([A-Z])-([A-Z])")
"""Letters of one case, in a class."""

MOST_TOKENS = 60
"""Of a longer pattern no other one is made."""


def as_it_is(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the text in a regular expression as it is, character by character."""
    if not _is_matching(node):
        return
    octave = "Octave takes each character of this text as it is."
    python = "In a regular expression some characters stand for others, or for a range."
    for part in ast.walk(node.args[0]):
        if isinstance(part, (ast.Name, ast.Subscript, ast.Attribute, ast.Constant)):
            text = context.value(part)
            if isinstance(text, str) and re.escape(text) != text:
                new = context.make("re.escape(X)", X=part)
                yield Change("escape", part, new, octave, python, about=part)


def other_patterns(node: ast.AST, context: Context) -> Iterator[Change]:
    """Match letters of the other case, too, as few or as many as there are, at one end or not."""
    if not _is_matching(node):
        return
    text = constant(node.args[0])
    if not isinstance(text, str):
        return
    tokens = TOKEN.findall(text)
    if len(tokens) > MOST_TOKENS:
        return
    for new, octave, python in (*_of_classes(tokens), *_of_counts(tokens), *_of_ends(tokens)):
        if new != text and _is_pattern(new):
            old = node.args[0]
            yield Change("pattern", old, ast.Constant(new), octave, python, is_guess=True)


def elsewhere(node: ast.AST, context: Context) -> Iterator[Change]:
    """Look for a match anywhere, at the beginning, in the whole; without regard to case."""
    if not _is_matching(node):
        return
    own = called(node)
    for other, where in PLACES.items() if own in PLACES else ():
        if other != own:
            function = context.make(f"re.{other}")
            new = ast.Call(function, node.args, node.keywords)
            octave, python = f"Octave looks {where}.", f"re.{own} looks {PLACES[own]}."
            yield Change("pattern", node, new, octave, python, is_guess=True)
    is_open = len(node.args) < (4 if own in ("sub", "subn") else 3)
    if keyword(node, "flags") is None and is_open:
        new = with_keywords(node, flags=context.make("re.IGNORECASE"))
        octave, python = "Octave takes letters of either case.", "The port's must be of one case."
        yield Change("pattern", node, new, octave, python, is_guess=True)


def _of_classes(tokens: list[str]) -> Iterator[tuple[str, str, str]]:
    """Give the classes, all or one of them, the letters of the other case."""
    wider = [RANGE.sub(_both, one) if one.startswith("[") else one for one in tokens]
    octave = "Octave takes letters of either case here."
    python = "The pattern takes letters of one case only."
    yield "".join(wider), octave, python
    for place, one in enumerate(wider):
        yield "".join([*tokens[:place], one, *tokens[place + 1 :]]), octave, python


def _both(found: re.Match[str]) -> str:
    """Write a range of letters with those of the other case behind it."""
    return found[0] if found[0].swapcase() in found.string else found[0] + found[0].swapcase()


def _of_counts(tokens: list[str]) -> Iterator[tuple[str, str, str]]:
    """Match as few as there may be, or as many; none, or one at least."""
    few, many = "as few characters as it can", "as many characters as it can"
    some, none = "one at least", "none, too"
    for place, one in enumerate(tokens):
        if one not in ("*", "+") or place == 0:
            continue
        before, after = tokens[:place], tokens[place + 1 :]
        is_lazy = after[:1] == ["?"]
        lazy = [*before, one, *after[1:]] if is_lazy else [*before, one, "?", *after]
        octave, python = (many, few) if is_lazy else (few, many)
        yield "".join(lazy), f"Octave matches {octave}.", f"The pattern matches {python}."
        other = "+" if one == "*" else "*"
        octave, python = (some, none) if one == "*" else (none, some)
        yield (
            "".join([*before, other, *after]),
            f"Octave matches {octave}.",
            (f"The pattern matches {python}."),
        )


def _of_ends(tokens: list[str]) -> Iterator[tuple[str, str, str]]:
    """Match at an end of the text only, or anywhere."""
    text = "".join(tokens)
    is_begun, is_ended = tokens[:1] == ["^"], tokens[-1:] == ["$"]
    at_begin, at_end = "at the beginning of the text only", "at the end of the text only"
    for has, new, where in (
        (is_begun, text[1:] if is_begun else f"^{text}", at_begin),
        (is_ended, text[:-1] if is_ended else f"{text}$", at_end),
    ):
        octave, python = ("anywhere", where) if has else (where, "anywhere")
        yield new, f"Octave matches {octave}.", f"The pattern matches {python}."


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _is_matching(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether a node calls a function of `re` with a pattern."""
    if not isinstance(node, ast.Call) or called(node) not in MATCHING or not node.args:
        return False
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re"


CHANGES = (as_it_is, other_patterns, elsewhere)
