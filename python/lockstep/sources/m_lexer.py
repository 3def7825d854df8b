"""Cuts the text of a .m file, in MATLAB's syntax or Octave's own, into tokens.

What a character means depends on where it stands: a quote after a value transposes, whitespace
within ``[]`` and ``{}`` may part two elements, ``hold on`` is a call. All of that is settled here,
so that `lockstep.sources.m_parser` sees a plain stream of tokens. May import the standard library
only.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class MSyntaxError(ValueError):
    """The text is no .m code that this reader understands; the message says where and why."""


class TokenKind(StrEnum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPERATOR = "operator"
    KEYWORD = "keyword"
    COMMAND = "command"
    """The words of a call in command syntax, after the name of the function."""
    NEWLINE = "newline"
    EOF = "end of the file"


@dataclass(frozen=True, slots=True)
class Token:
    """A token: what it is, its text, and where it stands, as offsets in the text."""

    kind: TokenKind
    text: str
    start: int
    end: int


ENDS = frozenset(
    {"end", "endif", "endwhile", "endfor", "endparfor", "endfunction", "endswitch"}
    | {"end_try_catch", "end_unwind_protect"}
)
"""Keywords that close a block, ``until`` apart."""

OPENERS = frozenset({"if", "while", "for", "parfor", "switch", "try", "unwind_protect"})
"""Keywords that open a block which one of `ENDS` closes, ``function`` apart."""

KEYWORDS = (
    {"elseif", "else", "do", "until", "case", "otherwise", "catch", "unwind_protect_cleanup"}
    | {"function", "return", "break", "continue", "global", "persistent"}
    | OPENERS
    | ENDS
)

_NUMBER = re.compile(
    r"0[xX][0-9a-fA-F_]+(?:[us](?:8|16|32|64))?"
    r"|0[bB][01_]+(?:[us](?:8|16|32|64))?"
    r"|(?:\d[\d_]*(?:\.(?![*/\\^'])\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?[ijIJ]?"
)
_NAME = re.compile(r"[A-Za-z_]\w*")
_OPERATOR = re.compile(
    r"\.\^'|\.\*\*|\.\^=|\.\*=|\./=|\.\\=|\*\*=|\.\(|\.\*|\./|\.\\|\.\^|\.'|\*\*|==|~=|!=|<=|>=|&&"
    r"|\|\||\+\+|--|\+=|-=|\*=|/=|\\=|\^=|\|=|&=|[-+*/\\^'=<>&|!~:,;@.()\[\]{}]"
)
_BLOCK_OPENING, _BLOCK_CLOSING = (
    re.compile(r"[ \t]*[%#]\{[ \t\r]*$"),
    re.compile(r"[ \t]*[%#]\}[ \t\r]*$"),
)
_SINGLE_QUOTED = re.compile(r"'(?:[^'\n]|'')*'")
_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\\n]|\\(?:.|\r?\n)|"")*"')
_BLANKS = re.compile(r"[ \t\r\f\v]*")
_ASSIGNED = re.compile(
    r"([A-Za-z_]\w*)[ \t]*(?:\([^()\n]*\)|\{[^{}\n]*\}|\.\w+)*[ \t]*(?:[-+*/^|&]|\.[*/^])?=(?!=)"
)
_LISTED = re.compile(r"(?m)(?:^|[;,])[ \t]*(?:function[ \t]*)?\[([^\]\n=]*)\][ \t]*=(?!=)")
_PARAMETERS = re.compile(r"(?m)^[ \t]*function\b[^(\n]*\(([^)]*)\)")
_DECLARED = re.compile(r"(?m)^[ \t]*(?:global|persistent)[ \t]+([^;\n%#=]*)")
_COMMAND_OPERATOR = re.compile(
    r"(?:==|~=|!=|<=|>=|&&|\|\||\+=|-=|\*=|/=|\^=|\.\*|\./|\.\^|\.\\|\+\+|--|[-+*/\\^<>&|:~!])"
)


def assigned_names(text: str) -> frozenset[str]:
    """Name what the text may bind, by a glance: such a name begins no call in command syntax."""
    names = set(_ASSIGNED.findall(text))
    for pattern in (_LISTED, _PARAMETERS, _DECLARED):
        for inside in pattern.findall(text):
            names.update(_NAME.findall(inside))
    return frozenset(names)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a .m file, the last of kind EOF.

    Within ``[]`` and ``{}`` a comma stands for the whitespace that parts elements (its start is its
    end) and a semicolon for the end of a line; comments and continuations are left out.

    Raises
    ------
    MSyntaxError
        If a character or string is not understood.
    """
    return _Lexer(text).run()


class _Lexer:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tokens: list[Token] = []
        self.brackets: list[str] = []
        self.anonymous: list[int] = []
        """Depths of the brackets that hold the parameters of an anonymous function."""
        self.closed_parameters = -1
        """Where the parameters of an anonymous function have just ended."""
        self.body_depth = -1
        """Depth of the brackets that hold the body of an anonymous function; -1 outside of one."""
        self.variables = assigned_names(text)

    def run(self) -> list[Token]:
        while True:
            spaced = self._skip()
            if self.at >= len(self.text):
                break
            self._one(spaced)
        if self.brackets:
            raise MSyntaxError(f"a {self.brackets[-1]!r} is not closed at the end of the file")
        self._add(TokenKind.NEWLINE, 0)
        self._add(TokenKind.EOF, 0)
        return self.tokens

    def _add(self, kind: TokenKind, length: int, text: str | None = None) -> None:
        end = self.at + length
        self.tokens.append(
            Token(kind, self.text[self.at : end] if text is None else text, self.at, end)
        )
        self.at = end

    # Blanks, comments, ends of lines

    def _skip(self) -> bool:
        """Skip what is no token; tell whether there was any."""
        begin = self.at
        while self.at < len(self.text):
            match = _BLANKS.match(self.text, self.at)
            self.at = match.end() if match else self.at
            c = self.text[self.at : self.at + 1]
            if c and c in "%#":
                self._comment()
            elif c == "." and self.text.startswith("...", self.at):
                self._to_end_of_line()
                self.at += 1
            elif c == "\n" and self.brackets and self.brackets[-1] in ("(", "index"):
                self.at += 1
            else:
                break
        self.at = min(self.at, len(self.text))
        return self.at > begin

    def _to_end_of_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _comment(self) -> None:
        start = self.text.rfind("\n", 0, self.at) + 1
        end = self.text.find("\n", self.at)
        line = self.text[start : len(self.text) if end < 0 else end]
        if not _BLOCK_OPENING.match(line):
            self._to_end_of_line()
            return
        depth = 0
        for line in self.text[start:].split("\n"):
            start += len(line) + 1
            depth += bool(_BLOCK_OPENING.match(line)) - bool(_BLOCK_CLOSING.match(line))
            if depth == 0:
                break
        self.at = start - 1  # its newline is one like that of any comment

    # Tokens

    def _one(self, spaced: bool) -> None:
        c = self.text[self.at]
        if c == "\n":
            self._newline()
            return
        if spaced and self._parts() and self._after_value() and self._begins_element():
            self.tokens.append(Token(TokenKind.OPERATOR, ",", self.at, self.at))
        if c == '"' or (c == "'" and not self._transposes(spaced)):
            self._string(c)
        elif c.isdigit() or (c == "." and self.text[self.at + 1 : self.at + 2].isdigit()):
            match = _NUMBER.match(self.text, self.at)
            assert match is not None
            self._add(TokenKind.NUMBER, len(match.group()))
        elif c.isalpha() or c == "_":
            self._name()
        else:
            self._operator()

    def _newline(self) -> None:
        self._end_body()
        if self._in_matrix():
            self.tokens.append(Token(TokenKind.OPERATOR, ";", self.at, self.at))
            self.at += 1
        else:
            self._add(TokenKind.NEWLINE, 1)

    def _string(self, quote: str) -> None:
        pattern = _SINGLE_QUOTED if quote == "'" else _DOUBLE_QUOTED
        match = pattern.match(self.text, self.at)
        if match is None:
            raise self._problem("a string is not closed")
        self._add(TokenKind.STRING, len(match.group()))

    def _name(self) -> None:
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self._problem(f"{self.text[self.at]!r} cannot begin a name")
        name = match.group()
        previous = self.tokens[-1] if self.tokens else None
        if previous is not None and previous.text == "." and previous.end == self.at:
            self._add(TokenKind.NAME, len(name))  # a field may be called like a keyword
            return
        if name in KEYWORDS:
            in_index = bool(self.brackets)
            kind = TokenKind.NAME if in_index and name == "end" else TokenKind.KEYWORD
            self._add(kind, len(name))
            return
        begins = self._begins_statement()
        self._add(TokenKind.NAME, len(name))
        if begins and name not in self.variables and self._is_command():
            self._command()

    def _operator(self) -> None:
        match = _OPERATOR.match(self.text, self.at)
        if match is None:
            raise self._problem(f"{self.text[self.at]!r} is not understood")
        text = match.group()
        if text in ("++", "--") and not self._is_step():
            text = text[0]
        if text[-1] == "=" and len(text) > 1 and text not in ("==", "~=", "!=", "<=", ">="):
            text = text if not self._in_matrix() else text[:-1]
        if text in (",", ";"):
            self._end_body()
        if text in ("(", "[", "{", ".("):
            self._open(text)
        elif text in (")", "]", "}"):
            self._close(text)
        self._add(TokenKind.OPERATOR, len(text))

    def _open(self, text: str) -> None:
        last = self.tokens[-1] if self.tokens else None
        if text == "(" and last is not None and last.text == "@":
            self.anonymous.append(len(self.brackets))
        is_index = text == "{" and self._after_value()
        self.brackets.append("index" if is_index else text[-1])

    def _close(self, text: str) -> None:
        self._end_body()
        opened = self.brackets.pop() if self.brackets else ""
        if {"(": ")", "[": "]", "{": "}", "index": "}"}.get(opened) != text:
            raise self._problem(f"{text!r} closes nothing")
        if text == ")" and self.anonymous and self.anonymous[-1] == len(self.brackets):
            self.anonymous.pop()
            self.closed_parameters = self.at
            if self._in_matrix():
                self.body_depth = len(self.brackets)

    def _end_body(self) -> None:
        """End the body of an anonymous function within a matrix, if this is where it ends."""
        if self.body_depth >= len(self.brackets):
            self.body_depth = -1

    # Where we are

    def _problem(self, why: str) -> MSyntaxError:
        line = self.text.count("\n", 0, self.at) + 1
        return MSyntaxError(f"line {line}: {why}")

    def _in_matrix(self) -> bool:
        return bool(self.brackets) and self.brackets[-1] in ("[", "{")

    def _parts(self) -> bool:
        """Whether whitespace may part two elements here."""
        return self._in_matrix() and self.body_depth != len(self.brackets)

    def _after_value(self) -> bool:
        """Whether the last token ends a value."""
        if not self.tokens:
            return False
        last = self.tokens[-1]
        if last.kind in (TokenKind.NAME, TokenKind.NUMBER, TokenKind.STRING):
            return True
        if last.kind is TokenKind.KEYWORD:
            return False
        if last.text == ")" and last.start == self.closed_parameters:
            return False
        return last.text in (")", "]", "}", "'", ".'")

    def _transposes(self, spaced: bool) -> bool:
        return self._after_value() and not (spaced and self._parts())

    def _begins_element(self) -> bool:
        """Whether what comes after whitespace in a matrix begins another element."""
        c, following = self.text[self.at], self.text[self.at + 1 : self.at + 2]
        if c.isalnum() or c in "_\"'([{@":
            return True
        if c in "!~":
            return following != "="
        if c in "+-":
            if following == c:
                return self.text[self.at + 2 : self.at + 3] not in (" ", "\t", "")
            return following not in (" ", "\t", "=", "\n", "\r") and not self.text.startswith(
                "...", self.at + 1
            )
        return c == "." and following.isdigit()

    def _begins_statement(self) -> bool:
        if self.brackets:
            return False
        if not self.tokens:
            return True
        last = self.tokens[-1]
        if last.kind is TokenKind.NEWLINE or last.text in (";", ","):
            return True
        return last.kind is TokenKind.KEYWORD and last.text in (
            "else", "try", "do", "otherwise", "unwind_protect", "unwind_protect_cleanup"
        )  # fmt: skip

    def _is_step(self) -> bool:
        """Whether ``++`` or ``--`` changes a variable, before or after its name."""
        following = self.text[self.at + 2 : self.at + 3]
        if not self._after_value():
            return following.isalpha() or following == "_"
        rest = self.text[self.at + 2 :].lstrip(" \t\r")[:1]
        return not (rest.isalnum() or (rest and rest in "_(\"'[{.@~"))

    def _is_command(self) -> bool:
        """Whether words follow the name that was just read, and no operator."""
        match = _BLANKS.match(self.text, self.at)
        begin = match.end() if match else self.at
        rest = self.text[begin : begin + 4]
        if begin == self.at or not rest or rest[0] in "\n,;%#=(" or rest.startswith("..."):
            return False
        operator = _COMMAND_OPERATOR.match(self.text, begin)
        if operator is None:
            return rest[0].isalnum() or rest[0] in "_'\"./@$"
        following = self.text[operator.end() : operator.end() + 1]
        if rest[:2] in ("++", "--") and rest[2:3] in ("", "\n", ";", ","):
            return False
        return following not in (" ", "\t", "", "\n", "\r", "(") and not operator.group().endswith(
            "="
        )

    def _command(self) -> None:
        """Read the words up to the end of the statement."""
        match = _BLANKS.match(self.text, self.at)
        self.at = end = match.end() if match else self.at
        while end < len(self.text) and self.text[end] not in "\n;,%#":
            quoted = None
            if self.text[end] in "\"'":
                pattern = _SINGLE_QUOTED if self.text[end] == "'" else _DOUBLE_QUOTED
                quoted = pattern.match(self.text, end)
            end = quoted.end() if quoted else end + 1
        self._add(TokenKind.COMMAND, len(self.text[self.at : end].rstrip()))
        self.at = end
