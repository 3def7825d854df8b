"""The calls that a .m file shows of itself: in its tests, its demos, and the examples of its help.

Octave's ``%!test``, ``%!assert`` and ``%!demo`` blocks, with ``%!shared`` and ``%!function``; of
the help text what Texinfo marks as an example, and lines that look like code. May import the
standard library only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TESTED = ("test", "assert", "demo")
"""Blocks that call the function as it is meant to be called."""

_BLOCK = re.compile(r"^[%#]!(?P<kind>[a-z]+)?(?P<rest>.*)$")
_BUG = re.compile(r"^\s*<[^<>]*>")
_CODE = re.compile(r"^(>>\s*)?(\[[\w\s,~.]*\]|[A-Za-z]\w*)\s*=(?!=)\s*\S")


@dataclass
class Example:
    """Some code that calls the function.

    Attributes
    ----------
    name : str
        What a case out of it is called.
    lines : list of str
        Code; each is run by itself.
    setup : list of str
        Code that is to run before: shared variables.
    """

    name: str
    lines: list[str]
    setup: list[str] = field(default_factory=list)


def examples(file: Path, name: str) -> tuple[list[Example], list[str]]:
    """Find the examples of a .m file.

    Parameters
    ----------
    file : Path
        The file.
    name : str
        What its function is called by: ``package.name`` below ``+package``.

    Returns
    -------
    examples : list of Example
        Those that name the function.
    functions : list of str
        Texts that define functions for them.
    """
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    found, functions = _blocks(lines, name)
    return [*found, *_help(lines, name)], functions


def _blocks(lines: list[str], name: str) -> tuple[list[Example], list[str]]:
    found: list[Example] = []
    functions: list[str] = []
    setup: list[str] = []
    for kind, first, text in _raw_blocks(lines):
        if kind == "shared":
            names, _, code = text.partition("\n")
            setup = [f"{one} = [];" for one in re.findall(r"\w+", names)]
            setup += [code] if code.strip() else []
        elif kind == "function":
            functions.append(f"function{text}\nendfunction")
        elif kind in TESTED and _calls(text, name):
            code = f"assert {text}" if kind == "assert" else text
            found.append(Example(f"{kind} at line {first}", [code], setup))
    return found, functions


def _raw_blocks(lines: list[str]) -> Iterator[tuple[str, int, str]]:
    """Yield kind, first line and text of each block."""
    kind, first = "", 0
    text: list[str] = []
    for number, line in enumerate(lines, start=1):
        match = _BLOCK.match(line)
        if match is None or match["kind"]:
            if kind:
                yield kind, first, "\n".join(text)
            kind, first, text = "", 0, []
        if match is None:
            continue
        if match["kind"]:
            kind, first = match["kind"], number
        text.append(_BUG.sub("", match["rest"]) if match["kind"] else match["rest"])
    if kind:
        yield kind, first, "\n".join(text)


def _calls(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", text) is not None


def _help(lines: list[str], name: str) -> Iterator[Example]:
    """Yield the examples among the comments at the head of a file."""
    upper = re.compile(rf"(?<![\w.]){re.escape(name.upper())}(?=\s*\()")
    for first, comments in _paragraphs(lines):
        code = [upper.sub(name, one) for one in comments]
        if code and any(_calls(line, name) for line in code):
            yield Example(f"example at line {first}", code)


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield what looks like code in each paragraph of the comments at the head."""
    code: list[str] = []
    first, in_example = 0, False
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        is_comment = text.startswith(("%", "#")) and not text.startswith(("%!", "#!"))
        if text and not is_comment and not text.startswith("function"):
            break
        body = text.lstrip("%#").strip() if is_comment else ""
        if re.match(r"@example|@end example", body):
            in_example = body.startswith("@example")
            body = ""
        if not body and not in_example:
            if code:
                yield first, code
            code = []
            continue
        if body.startswith(("@group", "@end")):
            continue
        plain = _plain(body)
        if plain and (in_example or _CODE.match(plain) or plain.startswith(">>")):
            first = first if code else number
            code.append(plain.removeprefix(">>").strip())
    if code:
        yield first, code


def _plain(text: str) -> str:
    """Take Texinfo's marks out of a line of code, and the results that it shows."""
    text = re.split(r"@result\{\}|@print\{\}", text)[0]
    text = re.sub(r"@(?:var|code|samp)\{([^}]*)\}", r"\1", text)
    return re.sub(r"@([@{}])", r"\1", text.replace("@dots{}", "...")).strip()
