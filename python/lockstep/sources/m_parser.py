"""Reads a .m file into the tree of `lockstep.sources.m_tree`, by recursive descent.

MATLAB's syntax and Octave's own; a classdef is refused. May import `m_lexer` and `m_tree`.
"""

from collections.abc import Callable, Collection

from lockstep.sources.m_expressions import OPERATING, STEPS, ExpressionParser
from lockstep.sources.m_lexer import ENDS, OPENERS, MSyntaxError, Token, TokenKind, tokenize
from lockstep.sources.m_tree import Expression, File, Form, Function, Node, Sort

_ASSIGNMENTS = OPERATING | {"=", "\\=", ".\\=", "**="}


def parse(text: str) -> File:
    """Read the text of a .m file.

    Raises
    ------
    MSyntaxError
        If it is not understood, or holds a classdef; the message names the line.
    """
    return _Parser(text).file()


class _Parser(ExpressionParser):
    """The statements; the expressions are the base class's."""

    def __init__(self, text: str) -> None:
        super().__init__(text, tokenize(text))
        self._closed = _functions_are_closed(self.tokens)

    def file(self) -> File:
        file = File(self.text)
        self._separators()
        if self.peek().text == "classdef":
            raise self.problem("a classdef is not read; only functions and scripts are")
        script: list[Node] = []
        script_start = self.peek().start
        is_script = self.peek().text != "function"
        while self.peek().kind is not TokenKind.EOF:
            if self.peek().text == "function" and self.peek().kind is TokenKind.KEYWORD:
                file.functions.append(self._function())
            else:
                script.append(self._statement())
            self._separators()
        if script and not is_script:
            raise self.problem_at(script[0].start, "a statement stands outside of the functions")
        if is_script:
            file.script = Function("", script_start, script_start, body=script, stop=len(self.text))
        return file

    def _separators(self) -> None:
        while self.peek().kind is TokenKind.NEWLINE or self.peek().text in (";", ","):
            self.next()

    # Functions

    def _function(self) -> Function:
        start = self.expect("function").start
        outputs: list[Expression] = []
        if self.peek().text == "[":
            outputs = self._listed_names()
            self.expect("=")
            name = self._function_name()
        else:
            name = self._function_name()
            if self.peek().text == "=":
                self.next()
                outputs = [self.last_name]
                name = self._function_name()
        parameters = self._parameters() if self.peek().text == "(" else []
        one = Function(name, start, self.last_end, parameters, outputs)
        self._function_body(one)
        return one

    def _function_name(self) -> str:
        token = self.expect_name()
        self.last_name = Expression(Form.NAME, token.start, token.end, token.text)
        name = token.text
        while self.peek().text == ".":
            self.next()
            name += "." + self.expect_name().text
        return name

    def _listed_names(self) -> list[Expression]:
        self.expect("[")
        names = []
        while self.peek().text != "]":
            if self.peek().text == ",":
                self.next()
                continue
            token = self.expect_name()
            names.append(Expression(Form.NAME, token.start, token.end, token.text))
        self.next()
        return names

    def _parameters(self) -> list[Expression]:
        self.expect("(")
        names = []
        while self.peek().text != ")":
            token = self.next()
            if token.text == ",":
                continue
            if token.text in ("~", "!"):
                names.append(Expression(Form.NAME, token.start, token.end, "~"))
                continue
            if token.kind is not TokenKind.NAME:
                raise self.problem_at(token.start, f"{token.text!r} is no parameter")
            names.append(Expression(Form.NAME, token.start, token.end, token.text))
            if self.peek().text == "=":
                self.next()
                names[-1].parts.append(self.expression())
        self.next()
        return names

    def _function_body(self, one: Function) -> None:
        while True:
            self._separators()
            token = self.peek()
            if token.kind is TokenKind.EOF:
                one.stop = token.start
                return
            if token.kind is TokenKind.KEYWORD and token.text == "function":
                if not self._closed:
                    one.stop = token.start
                    return
                one.nested.append(self._function())
                one.nested[-1].is_nested = True
            elif token.kind is TokenKind.KEYWORD and token.text in ("end", "endfunction"):
                one.stop = token.start
                self.next()
                return
            else:
                one.body.append(self._statement())

    # Statements

    def _statement(self) -> Node:
        token = self.peek()
        if token.kind is TokenKind.KEYWORD:
            read = _READERS.get(token.text)
            if read is None:
                raise self.problem(f"{token.text!r} stands where a statement begins")
            return read(self)
        return self._plain()

    def _plain(self) -> Node:
        start = self.peek().start
        left = self.expression()
        token = self.peek()
        if token.kind is TokenKind.COMMAND:
            self.next()
            return Node(Sort.COMMAND, start, token.end, left)
        if token.text in _ASSIGNMENTS:
            return self._assignment(start, left)
        self._end_of_statement()
        if left.form in (Form.POSTFIX, Form.UNARY) and left.name in STEPS:
            return Node(Sort.STEP, start, left.end, None, left.parts, left.name)
        return Node(Sort.EXPRESSION, start, left.end, left)

    def _assignment(self, start: int, left: Expression) -> Node:
        operator = self.next().text
        value = self.assignment()
        listed = left.form is Form.MATRIX
        targets = left.parts if listed else [left]
        for target in targets:
            if target.form not in (Form.NAME, Form.CHAIN):
                raise self.problem_at(target.start, "this cannot be given a value")
        self._end_of_statement()
        return Node(Sort.ASSIGNMENT, start, value.end, value, targets, operator, listed)

    def _end_of_statement(self) -> None:
        """Complain about what cannot follow a statement, a keyword apart."""
        token = self.peek()
        if token.kind in (TokenKind.NEWLINE, TokenKind.EOF, TokenKind.KEYWORD):
            return
        if token.text not in (";", ",") and token.kind is not TokenKind.NAME:
            raise self.problem(f"{token.text!r} is not understood here")

    def _block(self, ends: Collection[str]) -> list[Node]:
        """Read statements up to one of the keywords, which is left to be read."""
        body: list[Node] = []
        while True:
            self._separators()
            token = self.peek()
            if token.kind is TokenKind.KEYWORD and token.text in ends:
                return body
            if token.kind is TokenKind.EOF:
                raise self.problem(f"the file ends where one of {', '.join(sorted(ends))} is due")
            body.append(self._statement())

    def _close(self, node: Node) -> Node:
        token = self.next()
        node.closing = token.start
        return node

    def _if(self) -> Node:
        token = self.next()
        condition = self.expression()
        node = Node(Sort.IF, token.start, condition.end, condition)
        node.chained = token.text == "elseif"
        node.body_start = condition.end
        node.body = self._block({"elseif", "else", "end", "endif"})
        follower = self.peek()
        if follower.text == "elseif":
            node.otherwise_start = follower.start
            node.otherwise = [self._if()]
            node.closing = node.otherwise[0].closing
            return node
        if follower.text == "else":
            node.otherwise_start = self.next().end
            node.otherwise = self._block({"end", "endif"})
        return self._close(node)

    def _while(self) -> Node:
        token = self.next()
        condition = self.expression()
        node = Node(Sort.WHILE, token.start, condition.end, condition)
        node.body_start = condition.end
        node.body = self._block({"end", "endwhile"})
        return self._close(node)

    def _do(self) -> Node:
        token = self.next()
        node = Node(Sort.DO, token.start, token.end)
        node.body_start = token.end
        node.body = self._block({"until"})
        self._close(node)
        node.value = self.expression()
        return node

    def _for(self) -> Node:
        token = self.next()
        place = self.place
        try:
            node = self._for_header(token, self.peek().text == "(")
        except MSyntaxError:
            self.place = place
            node = self._for_header(token, False)
        node.body_start = node.end = self.last_end
        node.body = self._block({"end", "endfor", "endparfor"})
        return self._close(node)

    def _for_header(self, token: Token, enclosed: bool) -> Node:
        if enclosed:
            self.next()
        target = self.postfix()
        self.expect("=")
        values = self.assignment()
        node = Node(Sort.FOR, token.start, values.end, values)
        node.targets = target.parts if target.form is Form.MATRIX else [target]
        node.listed = target.form is Form.MATRIX
        if enclosed:
            if self.peek().text == ",":
                self.next()
                self.expression()
            self.expect(")")
        return node

    def _switch(self) -> Node:
        token = self.next()
        value = self.expression()
        node = Node(Sort.SWITCH, token.start, value.end, value)
        node.body_start = value.end
        self._separators()
        while self.peek().text == "case":
            case = self.next()
            label = self.expression()
            one = Node(Sort.CASE, case.start, label.end, label)
            one.body_start = label.end
            one.body = self._block({"case", "otherwise", "end", "endswitch"})
            node.body.append(one)
        if self.peek().text == "otherwise":
            node.otherwise_start = self.next().end
            node.otherwise = self._block({"end", "endswitch"})
        if self.peek().text not in ("end", "endswitch"):
            raise self.problem(f"{self.peek().text!r} stands in a switch, outside of its cases")
        return self._close(node)

    def _try(self) -> Node:
        token = self.next()
        node = Node(Sort.TRY, token.start, token.end)
        node.body_start = token.end
        node.body = self._block({"catch", "end", "end_try_catch"})
        if self.peek().text == "catch":
            catch = self.next()
            node.otherwise_start = catch.end
            name, follower = self.peek(), self.peek(1)
            same_line = "\n" not in self.text[catch.end : name.start]
            ends = follower.kind is TokenKind.NEWLINE or follower.text in (";", ",")
            if name.kind is TokenKind.NAME and same_line and ends:
                self.next()
                node.targets = [Expression(Form.NAME, name.start, name.end, name.text)]
                node.otherwise_start = name.end
            node.otherwise = self._block({"end", "end_try_catch"})
        return self._close(node)

    def _unwind(self) -> Node:
        token = self.next()
        node = Node(Sort.UNWIND, token.start, token.end)
        node.body_start = token.end
        node.body = self._block({"unwind_protect_cleanup", "end_unwind_protect", "end"})
        if self.peek().text == "unwind_protect_cleanup":
            node.otherwise_start = self.next().end
            node.otherwise = self._block({"end_unwind_protect", "end"})
        return self._close(node)

    def _jump(self) -> Node:
        token = self.next()
        return Node(Sort(token.text), token.start, token.end)

    def _declaration(self) -> Node:
        token = self.next()
        node = Node(Sort.DECLARATION, token.start, token.end, operator=token.text)
        while self.peek().kind is TokenKind.NAME:
            name = self.next()
            node.targets.append(Expression(Form.NAME, name.start, name.end, name.text))
            value = None
            if self.peek().text == "=":
                self.next()
                value = self.expression()
            node.values.append(value)
        node.end = self.last_end
        return node


_READERS: dict[str, Callable[[_Parser], Node]] = {
    "if": _Parser._if,
    "while": _Parser._while,
    "do": _Parser._do,
    "for": _Parser._for,
    "parfor": _Parser._for,
    "switch": _Parser._switch,
    "try": _Parser._try,
    "unwind_protect": _Parser._unwind,
    "break": _Parser._jump,
    "continue": _Parser._jump,
    "return": _Parser._jump,
    "global": _Parser._declaration,
    "persistent": _Parser._declaration,
}


def _functions_are_closed(tokens: list[Token]) -> bool:
    """Whether each function of the file ends with a keyword of its own."""
    keywords = [token.text for token in tokens if token.kind is TokenKind.KEYWORD]
    if "endfunction" in keywords:
        return True
    closers = sum(word in ENDS for word in keywords)
    return "function" in keywords and closers > sum(word in OPENERS for word in keywords)
