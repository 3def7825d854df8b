"""What one side did in one call: a graph of values, the same on both sides.

A source has *sites*: the places that give a value (an argument, a read of a variable, an
expression, a binding, a decision, a return). An execution has *nodes*: a site, each time that it
gave a value, with the nodes that it read. Nodes stand in the order in which they came about, so
that the place of a node in the list is its time.

Imports nothing of the package.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    """What a site is."""

    ARGUMENT = "argument"
    """A parameter, as a call gave it."""
    DEFAULT = "default"
    """A parameter that the call did not give."""
    READ = "read"
    """The name of a variable, where it is read."""
    EXPRESSION = "expression"
    """Any other expression; a call of a traced function is one, too."""
    BINDING = "binding"
    """A variable after a statement that gave it a value, or changed part of it: a new version."""
    DECISION = "decision"
    """The condition of an if, elif, while, switch or conditional expression."""
    RETURN = "return"
    """What a function gives back; one site for each output."""
    JUMP = "jump"
    """A break, continue or return, or the end of a branch where one may be lacking. It gives no
    nodes: whether it jumps is the statement's own."""


class StatementKind(StrEnum):
    """What a statement does to the flow."""

    PLAIN = "plain"
    IF = "if"
    """An elseif or elif is an IF of its own, inside the one before it."""
    SWITCH = "switch"
    WHILE = "while"
    FOR = "for"
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    RAISE = "raise"
    FUNCTION = "function"
    """The header of a function: its arguments and defaults."""


@dataclass(frozen=True)
class Span:
    """A place in a text: lines from 1, columns from 0, the end exclusive."""

    line: int
    column: int
    last_line: int
    last_column: int


@dataclass(frozen=True)
class Statement:
    """One statement of either language.

    Attributes
    ----------
    number : int
        Its place in `Source.statements`.
    function : str
        Name of the function that it is in.
    kind : StatementKind
        What it does.
    span : Span
        Where; of a compound statement the header only.
    text : str
        In one line, as in the source.
    defines, uses : tuple of str
        Variables that it binds or changes; names that it reads.
    parent : int
        Number of the compound statement that it is in; -1 at the top of a function.
    branch : bool
        Whether it is in the part of its parent that runs when the condition holds (the body of a
        loop; False in an else).
    """

    number: int
    function: str
    kind: StatementKind
    span: Span
    text: str
    defines: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    parent: int = -1
    branch: bool = True


@dataclass(frozen=True)
class Site:
    """A place in a source that gives a value.

    Attributes
    ----------
    number : int
        Its place in `Source.sites`.
    kind : Kind
        What it is.
    function : str
        Name of the function that it is in.
    statement : int
        Number of its statement.
    span : Span
        Where.
    text : str
        As in the source, in one line.
    name : str
        The variable of an argument, read or binding; the function of a call (its last part:
        ``std`` for ``np.std(x)`` and ``x.std()``), the operator (``*``, ``@``, ``.*``), ``index``
        or ``attribute`` of another expression; the output's position, from 0, of a return; of a
        jump ``break``, ``continue`` or ``return``.
    parts : tuple of int
        The sites that it is made of, in the order in which they are evaluated.
    whole : bool
        Whether a binding gives the variable a new value; False where it changes a part of it.
    copies : tuple of int
        The sites that are taken for one, where it stands for several; empty elsewhere.
    """

    number: int
    kind: Kind
    function: str
    statement: int
    span: Span
    text: str
    name: str = ""
    parts: tuple[int, ...] = ()
    whole: bool = True
    copies: tuple[int, ...] = ()


@dataclass
class Source:
    """The traced sources of one side, as one list of statements and one of sites."""

    statements: list[Statement] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    """Of each function, by its name."""

    @cached_property
    def parents(self) -> dict[int, int]:
        """The site that each site is a part of."""
        return {part: site.number for site in self.sites for part in site.parts}


@dataclass(frozen=True)
class NotKept:
    """Stands for a value that was not kept: too large, or of no class that is compared."""

    why: str
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class KeptObject(NotKept):
    """Stands for an object of a class of the port's own, which is compared with nothing.

    Attributes
    ----------
    copy : Any
        The object as it was.
    """

    copy: Any = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Node:
    """A site gave a value.

    Attributes
    ----------
    site : int
        Which one.
    frame : int
        Number of the call that it happened in, from 0, over all traced functions.
    value : Any
        As it was at that moment (see `lockstep.model.values` for the classes), or `NotKept`.
    inputs : tuple of int
        The nodes that it read: of an expression its parts; of a read the node that made this
        version of the variable; of a binding the expression (and, where it changes a part, the
        index and the version before); of an argument what the caller gave; of the call of a traced
        function also what that returned.
    decision : int
        The node of the innermost decision that it ran under, in its frame; -1 for none.
    """

    site: int
    frame: int
    value: Any
    inputs: tuple[int, ...] = ()
    decision: int = -1


@dataclass(frozen=True)
class Frame:
    """A call of a traced function.

    Attributes
    ----------
    function : str
        Its name.
    caller : int
        The node of the call; -1 for the first, and where it is not known.
    parent : int
        The frame that the call was made in; -1 for the first.
    """

    function: str
    caller: int = -1
    parent: int = -1


@dataclass
class Execution:
    """What one side did in one call of a pair.

    Attributes
    ----------
    source : Source
        The sites that the nodes speak of.
    nodes, frames : list
        In order of time.
    outputs : list of Any
        What the call gave; empty where it raised.
    output_nodes : list of int
        Node that gave each output, -1 where it is not known.
    error : str
        What was raised; empty where nothing was.
    error_statement : int
        Number of the statement in which it was raised; -1 where it is not known.
    cut : str
        Why the nodes are not all that happened; empty where they are.
    ends_early : bool
        Whether there were too many nodes: what happened after the last is not known.
    objects : dict of int to int
        Of each node whose value can be changed in place: the number of its object. Arrays that
        share memory have one number. Octave has none: its values are never shared.
    changes : list of int
        Bindings that changed an object in place.
    passed : int
        How many values there were in all, where only a part was recorded; else 0.
    is_endless : bool
        Whether it was stopped, for it did not end: `error` and its statement say where.
    """

    source: Source
    nodes: list[Node] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    output_nodes: list[int] = field(default_factory=list)
    error: str = ""
    error_statement: int = -1
    cut: str = ""
    ends_early: bool = False
    objects: dict[int, int] = field(default_factory=dict)
    changes: list[int] = field(default_factory=list)
    passed: int = 0
    is_endless: bool = False

    @property
    def steps(self) -> int:
        """How many values there were, recorded or not, as far as that is known."""
        return max(len(self.nodes), self.passed)

    def statements_in_reach(self) -> Iterator[Statement]:
        """Yield the statements of the functions that ran, whether they did or not."""
        ran = {frame.function for frame in self.frames}
        return (one for one in self.source.statements if one.function in ran)

    def site(self, node: int) -> Site:
        """Return the site of a node."""
        return self.source.sites[self.nodes[node].site]

    @cached_property
    def by_site(self) -> dict[int, Sequence[int]]:
        """The nodes of each site, in order: its stream."""
        found: dict[int, list[int]] = {}
        for number, node in enumerate(self.nodes):
            found.setdefault(node.site, []).append(number)
        return dict(found)

    def streams(self) -> Iterator[tuple[Site, list[Any]]]:
        """Yield each site with the values that it gave, in order."""
        for number, nodes in self.by_site.items():
            yield self.source.sites[number], [self.nodes[node].value for node in nodes]
