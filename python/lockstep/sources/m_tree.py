"""What a .m file is made of: functions, statements and expressions, each with its place.

Places are offsets in the text. `lockstep.sources.m_parser` builds this tree. May import the
standard library only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """What an expression is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    COLON = "colon"
    """A bare ``:`` among arguments."""
    END = "end"
    UNARY = "unary"
    POSTFIX = "postfix"
    BINARY = "binary"
    RANGE = "range"
    PARENTHESES = "parentheses"
    CHAIN = "chain"
    """A value with arguments, indices or fields after it: ``a.b(c){d}``."""
    MATRIX = "matrix"
    CELL = "cell"
    ANONYMOUS = "anonymous"
    HANDLE = "handle"
    ASSIGNMENT = "assignment"


class Access(StrEnum):
    """How a link of a chain reads a part."""

    CALL = "("
    """Of a variable: its elements."""
    BRACE = "{"
    FIELD = "."
    DYNAMIC = ".("


@dataclass(eq=False)
class Expression:
    """An expression.

    Attributes
    ----------
    form : Form
        What it is.
    start, end : int
        Where.
    name : str
        Of a name, a handle or an operator.
    parts : list of Expression
        Operands, elements; of a chain its base; of an anonymous function its body; of an
        assignment its target and its value.
    links : list of Link
        Of a chain.
    parameters : list of str
        Of an anonymous function.
    """

    form: Form
    start: int
    end: int
    name: str = ""
    parts: list["Expression"] = field(default_factory=list)
    links: list["Link"] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)

    @property
    def bare(self) -> "Expression":
        """The expression without the parentheses around it."""
        return self.parts[0].bare if self.form is Form.PARENTHESES else self

    def children(self) -> Iterator["Expression"]:
        """Yield the expressions that it is made of, in order."""
        yield from self.parts
        for link in self.links:
            yield from link.arguments

    def walk(self) -> Iterator["Expression"]:
        """Yield the expression and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(eq=False)
class Link:
    """One link of a chain: arguments, indices, or a field."""

    access: Access
    start: int
    end: int
    name: str = ""
    arguments: list[Expression] = field(default_factory=list)


class Sort(StrEnum):
    """What a statement is."""

    EXPRESSION = "expression"
    ASSIGNMENT = "assignment"
    STEP = "step"
    """``x++``"""
    COMMAND = "command"
    DECLARATION = "declaration"
    IF = "if"
    """With `chained`, an elseif."""
    WHILE = "while"
    DO = "do"
    FOR = "for"
    SWITCH = "switch"
    CASE = "case"
    TRY = "try"
    UNWIND = "unwind_protect"
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"


@dataclass(eq=False)
class Node:
    """A statement.

    Attributes
    ----------
    sort : Sort
        What it is.
    start, end : int
        Where; of a compound statement the header only.
    value : Expression or None
        Its right side, condition, range, label, or the expression that it is.
    targets : list of Expression
        What it gives values to: left sides, the variable of a loop or a catch, declared names.
    operator : str
        Of an assignment: ``=``, ``+=`` ...
    listed : bool
        Whether the left side stands in brackets.
    values : list of (Expression or None)
        Of a declaration, the first values of its `targets`.
    body, otherwise : list of Node
        What runs under it; the else, catch or cleanup. The CASEs of a SWITCH are its body.
    body_start : int
        Where the body begins: after the header.
    otherwise_start : int
        Where `otherwise` begins, after its keyword (and what that binds); -1 where there is none.
    closing : int
        Where the keyword that closes the statement begins; an ``until`` of a DO.
    chained : bool
        Whether an IF is an elseif.
    """

    sort: Sort
    start: int
    end: int
    value: Expression | None = None
    targets: list[Expression] = field(default_factory=list)
    operator: str = ""
    listed: bool = False
    values: list[Expression | None] = field(default_factory=list)
    body: list["Node"] = field(default_factory=list)
    otherwise: list["Node"] = field(default_factory=list)
    body_start: int = -1
    otherwise_start: int = -1
    closing: int = -1
    chained: bool = False

    def walk(self) -> Iterator["Node"]:
        """Yield the statement and all that stand in it."""
        yield self
        for inner in (*self.body, *self.otherwise):
            yield from inner.walk()


@dataclass(eq=False)
class Function:
    """A function, or the statements of a script.

    Attributes
    ----------
    name : str
        As it is declared; of a script empty.
    parameters, outputs : list of Expression
        Names; ``~`` where an argument is ignored.
    start, end : int
        Of the header.
    body : list of Node
        Its statements.
    stop : int
        Where its body ends.
    nested : list of Function
        Functions that stand in it.
    is_nested : bool
        Whether it stands in another itself.
    """

    name: str
    start: int
    end: int
    parameters: list[Expression] = field(default_factory=list)
    outputs: list[Expression] = field(default_factory=list)
    body: list[Node] = field(default_factory=list)
    stop: int = -1
    nested: list["Function"] = field(default_factory=list)
    is_nested: bool = False

    def statements(self) -> Iterator[Node]:
        """Yield all its statements, those in others too."""
        for node in self.body:
            yield from node.walk()


@dataclass(eq=False)
class File:
    """A .m file: its text, its functions in order, and the statements of a script."""

    text: str
    functions: list[Function] = field(default_factory=list)
    script: Function | None = None

    def expressions(self) -> Iterator[Expression]:
        """Yield all expressions of its statements, the parts of each after it."""
        for function in self.all_functions():
            for node in function.statements():
                for one in (*node.targets, *node.values, node.value):
                    if one is not None:
                        yield from one.walk()

    def all_functions(self) -> Iterator[Function]:
        """Yield the functions, nested ones too, and the script's statements last."""
        waiting = list(self.functions)
        while waiting:
            one = waiting.pop(0)
            yield one
            waiting = [*one.nested, *waiting]
        if self.script is not None:
            yield self.script


def short_circuits(condition: Expression) -> bool:
    """Whether a condition is an ``|`` or ``&`` that Octave takes for ``||`` or ``&&``.

    It does so in an if or while (not in an until) where it is the outermost operation.
    """
    return condition.bare.form is Form.BINARY and condition.bare.name in ("|", "&")
