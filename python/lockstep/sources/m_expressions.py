"""Reads expressions; `lockstep.sources.m_parser` has the statements.

May import `m_lexer` and `m_tree`.
"""

from lockstep.sources.m_lexer import MSyntaxError, Token, TokenKind
from lockstep.sources.m_tree import Access, Expression, Form, Link

_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"|"}),
    frozenset({"&"}),
    frozenset({"<", "<=", "==", "!=", "~=", ">=", ">"}),
)
_SUMS = frozenset({"+", "-"})
_PRODUCTS = frozenset({"*", "/", "\\", ".*", "./", ".\\"})
_POWERS = frozenset({"^", "**", ".^", ".**"})
_SIGNS = frozenset({"+", "-", "!", "~", "++", "--"})
_TRANSPOSES = frozenset({"'", ".'"})
STEPS = frozenset({"++", "--"})
OPERATING = frozenset({"+=", "-=", "*=", "/=", "^=", "|=", "&=", ".*=", "./=", ".^="})


class ExpressionParser:
    """A place in a list of tokens, and the expressions that begin there.

    Parameters
    ----------
    text : str
        The file.
    tokens : list of Token
        Of it.
    """

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0
        self.last_name = Expression(Form.NAME, 0, 0)

    def peek(self, ahead: int = 0) -> Token:
        """Return the next token, or one after it, and stay."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        """Return the next token and go on."""
        token = self.tokens[self.place]
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    @property
    def last_end(self) -> int:
        """Where the token that was read last ends."""
        return self.tokens[self.place - 1].end

    def problem(self, why: str) -> MSyntaxError:
        """Make the error for the next token."""
        return self.problem_at(self.peek().start, why)

    def problem_at(self, place: int, why: str) -> MSyntaxError:
        """Make the error for a place in the text."""
        return MSyntaxError(f"line {self.text.count(chr(10), 0, place) + 1}: {why}")

    def expect(self, text: str) -> Token:
        """Read a token that must be `text`."""
        if self.peek().text != text or self.peek().kind is TokenKind.STRING:
            found = self.peek().text.strip() or self.peek().kind.value
            raise self.problem(f"expected {text!r}, found {found!r}")
        return self.next()

    def expect_name(self) -> Token:
        """Read a token that must be a name."""
        if self.peek().kind is not TokenKind.NAME:
            raise self.problem(f"expected a name, found {self.peek().text!r}")
        return self.next()

    # From what binds least to what binds most

    def assignment(self) -> Expression:
        """Read an expression that may be an assignment: ``a = b = 1``."""
        left = self.expression()
        if self._is_operator("=") and left.form in (Form.NAME, Form.CHAIN, Form.MATRIX):
            self.next()
            value = self.assignment()
            return Expression(Form.ASSIGNMENT, left.start, value.end, "=", [left, value])
        if self.peek().kind is TokenKind.OPERATOR and self.peek().text in OPERATING:
            operator = self.next().text
            value = self.assignment()
            return Expression(Form.ASSIGNMENT, left.start, value.end, operator, [left, value])
        return left

    def expression(self) -> Expression:
        """Read an expression."""
        return self._level(0)

    def _is_operator(self, *texts: str) -> bool:
        return self.peek().kind is TokenKind.OPERATOR and self.peek().text in texts

    def _level(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._range()
        left = self._level(level + 1)
        while self._is_operator(*_LEVELS[level]):
            name = self.next().text
            right = self._level(level + 1)
            left = Expression(Form.BINARY, left.start, right.end, name, [left, right])
        return left

    def _range(self) -> Expression:
        first = self._sum()
        if not self._range_goes_on():
            return first
        parts = [first]
        while len(parts) < 3 and self._range_goes_on():
            self.next()
            parts.append(self._sum())
        return Expression(Form.RANGE, first.start, parts[-1].end, ":", parts)

    def _range_goes_on(self) -> bool:
        if not self._is_operator(":"):
            return False
        following = self.peek(1)
        return not (following.kind is TokenKind.OPERATOR and following.text in (",", ")", "]", "}"))

    def _sum(self) -> Expression:
        left = self._product()
        while self._is_operator(*_SUMS):
            name = self.next().text
            right = self._product()
            left = Expression(Form.BINARY, left.start, right.end, name, [left, right])
        return left

    def _product(self) -> Expression:
        left = self._signed()
        while self._is_operator(*_PRODUCTS):
            name = self.next().text
            right = self._signed()
            left = Expression(Form.BINARY, left.start, right.end, name, [left, right])
        return left

    def _signed(self) -> Expression:
        if self._is_operator(*_SIGNS):
            token = self.next()
            operand = self._signed()
            return Expression(Form.UNARY, token.start, operand.end, token.text, [operand])
        return self._power()

    def _power(self) -> Expression:
        left = self.postfix()
        while self._is_operator(*_POWERS):
            name = self.next().text
            right = self._exponent()
            left = Expression(Form.BINARY, left.start, right.end, name, [left, right])
            left = self._transposed(left)
        return left

    def _exponent(self) -> Expression:
        if self._is_operator(*_SIGNS):
            token = self.next()
            operand = self._exponent()
            return Expression(Form.UNARY, token.start, operand.end, token.text, [operand])
        return self.postfix(transposed=False)

    def _transposed(self, value: Expression) -> Expression:
        while self._is_operator(*_TRANSPOSES):
            token = self.next()
            value = Expression(Form.POSTFIX, value.start, token.end, token.text, [value])
        return value

    def postfix(self, transposed: bool = True) -> Expression:
        """Read a value with all that stands after it: arguments, fields, transposes."""
        value = self._primary()
        while True:
            token = self.peek()
            if token.kind is not TokenKind.OPERATOR:
                return value
            if token.text in ("(", "{", ".("):
                value = self._linked(value, self._arguments(token))
            elif token.text == "." and self.peek(1).kind is TokenKind.NAME:
                self.next()
                name = self.next()
                value = self._linked(value, Link(Access.FIELD, token.start, name.end, name.text))
            elif transposed and token.text in _TRANSPOSES:
                value = self._transposed(value)
            elif token.text in STEPS:
                self.next()
                value = Expression(Form.POSTFIX, value.start, token.end, token.text, [value])
            else:
                return value

    def _linked(self, value: Expression, link: Link) -> Expression:
        if value.form is not Form.CHAIN:
            value = Expression(Form.CHAIN, value.start, value.end, parts=[value])
        value.links.append(link)
        value.end = link.end
        return value

    def _arguments(self, opening: Token) -> Link:
        self.next()
        closing = "}" if opening.text == "{" else ")"
        found: list[Expression] = []
        while not self._is_operator(closing):
            if self._is_operator(",", ";"):
                self.next()
                continue
            found.append(self._argument())
        end = self.next().end
        return Link(Access(opening.text), opening.start, end, "", found)

    def _argument(self) -> Expression:
        following = self.peek(1)
        if self._is_operator(":") and following.text in (",", ")", "}", "]"):
            token = self.next()
            return Expression(Form.COLON, token.start, token.end, ":")
        if self._is_operator("~", "!") and following.text in (",", ")", "]"):
            token = self.next()
            return Expression(Form.NAME, token.start, token.end, "~")
        return self.assignment()

    def _primary(self) -> Expression:
        token = self.peek()
        if token.kind is TokenKind.NUMBER:
            self.next()
            return Expression(Form.NUMBER, token.start, token.end, token.text)
        if token.kind is TokenKind.STRING:
            self.next()
            return Expression(Form.STRING, token.start, token.end, token.text)
        if token.kind is TokenKind.NAME:
            self.next()
            form = Form.END if token.text == "end" else Form.NAME
            return Expression(form, token.start, token.end, token.text)
        if token.text == "(":
            self.next()
            inner = self.assignment()
            end = self.expect(")").end
            return Expression(Form.PARENTHESES, token.start, end, "", [inner])
        if token.text == "[":
            return self._rows(Form.MATRIX, "]")
        if token.text == "{":
            return self._rows(Form.CELL, "}")
        if token.text == "@":
            return self._handle()
        found = token.text.strip() or token.kind.value
        raise self.problem(f"expected an expression, found {found!r}")

    def _rows(self, form: Form, closing: str) -> Expression:
        start = self.next().start
        elements: list[Expression] = []
        while not self._is_operator(closing):
            if self._is_operator(",", ";"):
                self.next()
                continue
            if self.peek().kind is TokenKind.EOF:
                raise self.problem_at(start, "a bracket is not closed")
            elements.append(self._argument())
        return Expression(form, start, self.next().end, "", elements)

    def _handle(self) -> Expression:
        start = self.next().start
        if self._is_operator("("):
            self.next()
            parameters = []
            while not self._is_operator(")"):
                parameters.append(self.next().text)
                if self.peek().kind is TokenKind.EOF:
                    raise self.problem_at(start, "the parameters are not closed")
            self.next()
            body = self.assignment()
            names = [name for name in parameters if name != ","]
            return Expression(Form.ANONYMOUS, start, body.end, "@", [body], parameters=names)
        name = self.next()
        while self._is_operator(".") and self.peek(1).kind is TokenKind.NAME:
            self.next()
            self.next()
        end = self.last_end
        return Expression(Form.HANDLE, start, end, self.text[name.start : end])
