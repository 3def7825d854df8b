"""The sources of the Octave side, and where each tree of a .m file is found in them.

`lockstep.sources.octave_reader` fills them. May import `model` and the modules ``m_*`` of this
folder.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lockstep.model.execution import Source
from lockstep.sources.m_expressions import STEPS
from lockstep.sources.m_tree import Access, Expression, Form, Function, Node

CONSTANTS = frozenset(
    {"true", "false", "pi", "e", "i", "j", "I", "J", "Inf", "inf", "NaN", "nan", "NA", "eps"}
    | {"realmax", "realmin", "intmax", "intmin", "flintmax", "nargin", "nargout", "end", "~"}
)
"""Names without arguments that need no site, where no variable is called so."""

RAISING = frozenset({"error", "rethrow", "print_usage"})
"""Functions that always raise."""

DECLARING = ("global", "persistent")


@dataclass(eq=False)
class TracedFunction:
    """A function (or script) of a source, with the numbers of its sites.

    Attributes
    ----------
    number : int
        From 1, over all files.
    name : str
        ``stem`` of the main function of a file, ``stem>name`` of another.
    tree : Function
        As it was read.
    is_script : bool
        Whether it is the statements of a script.
    variables : frozenset of str
        What it may bind.
    header : int
        Number of its FUNCTION statement.
    arguments, defaults, returns : list of int
        Sites, by position; -1 for an ignored argument.
    """

    number: int
    name: str
    tree: Function
    is_script: bool
    variables: frozenset[str]
    header: int = -1
    arguments: list[int] = field(default_factory=list)
    defaults: list[int] = field(default_factory=list)
    returns: list[int] = field(default_factory=list)


@dataclass
class OctaveSource:
    """The sources of the Octave side: `source`, and where each tree is found in it.

    Attributes
    ----------
    source : Source
        Statements and sites.
    functions : list of TracedFunction
        In order; number n stands at n - 1.
    sites, bindings : dict
        Site of an expression; of what a statement gives a value to.
    decisions, statements : dict
        Of a statement's tree: its DECISION site, its number in the source.
    calls : dict of int to str
        Name of the function that a site calls.
    silent : set of int
        DECISION sites of which it is recorded only that they held: that they did not is seen where
        the next condition of the chain is recorded.
    arguments : dict
        The sites of each argument of a call by name; none where positions are not known.
    listed : dict
        Of a call that gives several values, ``[a, b] = f (x)``: the BINDINGs of these, -1 for none.
    recorded : set of int
        Sites of which an instrumented copy records each value (see `lockstep.sources.octave_copy`).
    """

    source: Source = field(default_factory=Source)
    functions: list[TracedFunction] = field(default_factory=list)
    sites: dict[Expression, int] = field(default_factory=dict)
    bindings: dict[Expression, int] = field(default_factory=dict)
    decisions: dict[Node, int] = field(default_factory=dict)
    statements: dict[Node, int] = field(default_factory=dict)
    calls: dict[int, str] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    arguments: dict[int, list[list[int]]] = field(default_factory=dict)
    listed: dict[int, list[int]] = field(default_factory=dict)
    recorded: set[int] = field(default_factory=set)


def bound_names(function: Function) -> Iterable[str]:
    """Yield the names that a function binds."""
    for one in (*function.parameters, *function.outputs):
        yield one.name
    for node in function.statements():
        for target in node.targets:
            yield base_name(target)
        for expression in (*node.targets, *node.values, node.value):
            if expression is None:
                continue
            for inner in expression.walk():
                if inner.form is Form.ASSIGNMENT or is_step(inner):
                    yield base_name(inner.parts[0])


def base_name(target: Expression) -> str:
    """Return the variable that an assignment to `target` changes; empty where there is none."""
    while target.form in (Form.CHAIN, Form.PARENTHESES):
        target = target.parts[0]
    return target.name if target.form is Form.NAME else ""


def is_step(expression: Expression) -> bool:
    """Whether an expression changes a variable by one: ``x++``."""
    return expression.form in (Form.UNARY, Form.POSTFIX) and expression.name in STEPS


def may_be_several(one: Expression) -> bool:
    """Whether an argument may be any number of values: ``c{:}``, the field of a struct array."""
    bare = one.bare
    return bare.form is Form.CHAIN and bare.links[-1].access is not Access.CALL


def is_constant(one: Expression) -> bool:
    """Whether an expression is a number, perhaps with a sign, or an empty matrix or cell."""
    if one.form in (Form.NUMBER, Form.STRING):
        return True
    if one.form in (Form.MATRIX, Form.CELL):
        return not one.parts
    return one.form is Form.UNARY and one.name in ("+", "-") and is_constant(one.parts[0].bare)
