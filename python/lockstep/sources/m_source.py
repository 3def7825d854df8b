"""Which names each line of a .m file binds: enough of the language for that, and no more.

The tracepoints of `lockstep.sides.octave_trace` read, after each line, the variables that its text
binds. Octave itself says which lines hold statements; this module reads the text between them.
May import the standard library only.
"""

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

_OPENING, _CLOSING = "([{", ")]}"
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_HEADER = re.compile(r"(?:if|elseif|while|switch|case|until|else|do|try|otherwise)\b")
_FOR = re.compile(r"(?:par)?for\s*\(?\s*([A-Za-z_]\w*)\s*=")
_DECLARED = re.compile(r"(?:global|persistent)\s+(.*)")
_CATCH = re.compile(r"catch\s+([A-Za-z_]\w*)")
_ELSE = re.compile(r"\s*(?:else|otherwise)\b")
_IN_CATCH = re.compile(r"\s*catch\b")
_STEP = re.compile(r"([A-Za-z_]\w*)\s*(?:\+\+|--)\s*$|(?:\+\+|--)\s*([A-Za-z_]\w*)\s*$")
_CLOSERS = re.compile(r"(?:end\w*|break|continue|return|function\b.*)\s*$")
_JUMP = re.compile(r"(error|print_usage|rethrow|break|continue)\b")
_GIVES_INDICES = re.compile(
    r"\b(?:(?:cum)?max|(?:cum)?min|find|sort|unique|ismember|lookup|randperm)\b"
)
_TERM = re.compile(r"(?<![\w*/^])(?<![*/^] )([A-Za-z_]\w*)\b(?!\s*\.?[*/^])")
"""An identifier that is no factor: what is multiplied in an index is a size, no index."""
_BLANK_STRING = "\x00"


@dataclass(frozen=True)
class Statement:
    """The text of one line that holds statements.

    Attributes
    ----------
    line, last_line : int
        Where it begins and ends in the file, from 1.
    text : str
        Without comments and the contents of strings, its continuation lines joined.
    source : str
        As it stands in the file, its lines joined.
    names : list of str
        What it binds, in order.
    loop : str
        The variable, where it is the header of a for loop; it is bound once a turn.
    calls : bool
        Whether it may bind what its text does not say: a bare call, such as ``load file``.
    jump : str
        "raise", "break" or "continue", where it is one and depends on the ``if`` before it only.
    otherwise : bool
        Whether it is the first after an else.
    sure : bool
        Whether it is one assignment, so that what it binds exists after it.
    caught : bool
        Whether it is the first of a catch: the statement that ran before it did not end.
    """

    line: int
    last_line: int
    text: str
    source: str = ""
    names: list[str] = field(default_factory=list)
    loop: str = ""
    calls: bool = False
    jump: str = ""
    otherwise: bool = False
    sure: bool = False
    caught: bool = False


@functools.lru_cache(maxsize=64)
def blanked(text: str) -> str:
    """Blank out comments and the contents of strings, keeping every line and column.

    Parameters
    ----------
    text : str
        A .m file, or a part of one that begins outside of strings and comments.
    """
    out: list[str] = []
    depth_of_block = depth = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare in ("%{", "#{"):
            depth_of_block += 1
        if depth_of_block:
            out.append("")
            if bare in ("%}", "#}"):
                depth_of_block -= 1
            continue
        out.append(_blanked_line(line, depth))
        depth += _depth(out[-1])
    return "\n".join(out)


def _blanked_line(line: str, depth: int) -> str:
    """Blank out one line that begins within `depth` brackets."""
    out: list[str] = []
    i = 0
    while i < len(line):
        c = line[i]
        if c in "%#" or line.startswith("...", i):
            continued = line.startswith("...", i)
            return "".join(out) + ("..." if continued else "")
        if c == '"' or (c == "'" and _opens_string(out, depth)):
            end = _string_end(line, i)
            out += [c, *_BLANK_STRING * (end - i - 1), c][: end - i + 1]
            i = end + 1
            continue
        depth += (c in "[{") - (c in "]}")
        out.append(c)
        i += 1
    return "".join(out)


def _depth(text: str) -> int:
    return sum((c in "[{") - (c in "]}") for c in text)


def _opens_string(out: Sequence[str], depth: int) -> bool:
    """Whether a single quote after `out` opens a string; else it transposes."""
    text = "".join(out)
    if not text.strip():
        return True
    if depth > 0 and text[-1].isspace():
        return True
    last = text.rstrip()[-1]
    if last.isalnum() or last in "_)]}'.\"":
        word = re.search(r"\w+$", text.rstrip())
        return bool(word and word.group() in ("case", "if", "while", "elseif", "switch", "until"))
    return True


def _string_end(line: str, start: int) -> int:
    quote, i = line[start], start + 1
    while i < len(line):
        if quote == '"' and line[i] == "\\":
            i += 2
            continue
        if line[i] == quote:
            if line[i + 1 : i + 2] != quote:
                return i
            i += 1
        i += 1
    return len(line) - 1


def statements(text: str, lines: Sequence[int]) -> dict[int, Statement]:
    """Read the statements that begin on given lines.

    Parameters
    ----------
    text : str
        The .m file.
    lines : sequence of int
        Lines that hold statements, ascending, as Octave's ``dbstop`` returns them.

    Returns
    -------
    dict of int to Statement
        By line.
    """
    code, source = blanked(text).split("\n"), text.split("\n")
    found: dict[int, Statement] = {}
    end = 0
    for line in lines:
        limit = lines[i] - 1 if (i := bisect_right(lines, line)) < len(lines) else len(code)
        between = [part for part in code[end : line - 1] if part.strip()]
        one = _statement(code, line, limit, source)
        found[line] = replace(
            one,
            otherwise=bool(between and _ELSE.match(between[-1])),
            caught=any(_IN_CATCH.match(part) for part in (*between[-1:], one.text)),
        )
        end = found[line].last_line
        if jump := _JUMP.match(found[line].text):
            kind = jump[1] if jump[1] in ("break", "continue") else "raise"
            found[line] = replace(found[line], jump=kind if _in_if(code, found, line) else "")
    return found


def index_names(found: Mapping[int, Statement], arguments: Sequence[str]) -> frozenset[str]:
    """Name the variables that may hold indices: used as such, or what `find` and its like give."""
    variables = {*arguments}
    for one in found.values():
        variables |= {*one.names, one.loop}
    names: set[str] = set()
    for one in found.values():
        for match in re.finditer(r"([A-Za-z_]\w*)\s*[({]", one.text):
            if match[1] in variables:
                inside = _inside(one.text, match.end())
                names |= set(_TERM.findall(inside)) & variables
        if _GIVES_INDICES.search(one.text):
            names |= set(one.names)
    return frozenset(names)


def _inside(text: str, start: int) -> str:
    """Return what stands between a bracket, which ends before `start`, and its partner."""
    depth = 1
    for i in range(start, len(text)):
        depth += (text[i] in _OPENING) - (text[i] in _CLOSING)
        if depth == 0:
            return text[start:i]
    return text[start:]


def _in_if(code: Sequence[str], found: Mapping[int, Statement], line: int) -> bool:
    """Whether nothing but plain statements stands between a line and the `if` above it."""
    for before in sorted((other for other in found if other < line), reverse=True):
        if any(text.strip() for text in code[found[before].last_line : line - 1]):
            return False
        if found[before].loop or _HEADER.match(found[before].text):
            return found[before].text.startswith("if")
        line = before
    return False


def _statement(code: Sequence[str], line: int, limit: int, source: Sequence[str]) -> Statement:
    """Join the line with those that continue it, and read what it binds."""
    parts, last, depth = [], line, 0
    for last in range(line, max(limit, line) + 1):
        part = code[last - 1].strip()
        depth += sum((c in _OPENING) - (c in _CLOSING) for c in part)
        continued = part.endswith("...")
        parts.append(part.removesuffix("..."))
        if depth <= 0 and not continued:
            break
    text = " ".join(part for part in parts if part)
    loop = _FOR.match(text)
    pieces = [piece for piece in _pieces(text) if piece]
    names = [name for piece in pieces for name in _bound(piece)]
    if loop:
        names.remove(loop[1])
    return Statement(
        line,
        last,
        text,
        " ".join(part.strip() for part in source[line - 1 : last]),
        list(dict.fromkeys(names)),
        loop[1] if loop else "",
        _calls(pieces),
        sure=len(pieces) == 1 and not loop and _assignment(text) is not None and bool(names),
    )


def _pieces(text: str) -> Iterator[str]:
    """Split a line into its statements, at commas and semicolons outside of brackets."""
    depth, start = 0, 0
    for i, c in enumerate(text):
        depth += (c in _OPENING) - (c in _CLOSING)
        if c in ",;" and depth == 0:
            yield text[start:i].strip()
            start = i + 1
    yield text[start:].strip()


def _bound(piece: str) -> list[str]:
    """Name what one statement binds."""
    if loop := _FOR.match(piece):
        return [loop[1]]
    if declared := _DECLARED.match(piece):
        return _IDENTIFIER.findall(re.sub(r"=\s*[^=].*", "", declared[1]))
    if caught := _CATCH.match(piece):
        return [caught[1]]
    if step := _STEP.match(piece):
        return [step[1] or step[2]]
    if _HEADER.match(piece):
        return []
    names: list[str] = []
    while (place := _assignment(piece)) is not None:
        names += _targets(piece[:place])
        piece = piece[place + 1 :].strip()
    return names


def _assignment(piece: str) -> int | None:
    """Find the first assignment's equals sign outside of brackets."""
    depth = 0
    for i, c in enumerate(piece):
        depth += (c in _OPENING) - (c in _CLOSING)
        if c == "=" and depth == 0 and piece[i + 1 : i + 2] != "=" and piece[i - 1] not in "=<>~!":
            return i
    return None


def _targets(left: str) -> list[str]:
    left = left.strip().rstrip("+-*/^|&.\\ ")
    if not left.startswith("["):
        match = _IDENTIFIER.match(left)
        return [match.group()] if match else []
    inside = left[1:].rstrip().removesuffix("]")
    names, depth, fresh = [], 0, True
    for i, c in enumerate(inside):
        if depth == 0 and fresh and (match := _IDENTIFIER.match(inside, i)):
            names.append(match.group())
        depth += (c in _OPENING) - (c in _CLOSING)
        fresh = depth == 0 and c in ", "
    return names


def _calls(pieces: Sequence[str]) -> bool:
    """Whether one of the statements is a bare call."""
    return any(
        not _bound(piece) and not _HEADER.match(piece) and not _CLOSERS.match(piece)
        for piece in pieces
    )
