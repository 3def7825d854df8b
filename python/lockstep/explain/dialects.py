"""How what Octave leaves open is meant in a translation: names, bases, products, axes.

May import `sources`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Expression, Form, Sort


@dataclass(frozen=True)
class Dialect:
    """How what Octave leaves open is meant.

    Attributes
    ----------
    names : mapping
        The variable of the port for each of Octave.
    functions : mapping
        The port's own functions, by their names without case and underscores.
    np : str
        What the port calls NumPy.
    counts_from_one : bool
        Whether variables of the port that are indices count from 1, as Octave's.
    matrices : bool
        Whether ``*`` is the product of matrices.
    axis : int or None
        Along which axis a sum, mean and the like work; None for all elements.
    definitions : mapping
        What Octave binds once to the variables of which the port has none.
    less_one : mapping
        The variable of the port that is one less, for each of Octave that has such a one.
    lists : bool
        Whether what grows at its end is a list.
    bound : frozenset of str
        What is a variable in Octave: ``i`` is no constant there.
    sequences : frozenset of str
        Variables of the port that are lists: there is no arithmetic of them.
    floats : frozenset of str
        Variables of the port that are numbers, and no integers: they are no indices as they are.
    aliases : mapping
        The variable of the port for an expression of Octave, which is without blanks.
    source : str
        What is translated.
    """

    names: Mapping[str, str]
    functions: Mapping[str, str]
    np: str = "np"
    counts_from_one: bool = True
    matrices: bool = False
    axis: int | None = None
    definitions: Mapping[str, Expression] = field(default_factory=dict)
    less_one: Mapping[str, str] = field(default_factory=dict)
    lists: bool = False
    bound: frozenset[str] = frozenset()
    sequences: frozenset[str] = frozenset()
    floats: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def alias(self, one: Expression) -> str:
        """Return the variable of the port for an expression; empty for none."""
        if not self.aliases:
            return ""
        return self.aliases.get("".join(self.source[one.start : one.end].split()), "")


Names = Mapping[str, Sequence[str]]

MOST_NAMES = 3
"""Variables of the port that are tried for one of Octave."""


@dataclass(frozen=True)
class Surroundings:
    """What there is around an expression on both sides.

    Attributes
    ----------
    functions : mapping
        The port's own functions, by their names without case and underscores.
    octave : str
        The text of Octave's function: a variable that is bound there once, and that the port has
        not, is written out.
    less_one : mapping
        The variable of the port that is always one less than one of Octave: it counts from 0.
    sequences : frozenset of str
        Variables of the port that are lists.
    floats : frozenset of str
        Variables of the port that are single numbers of no class of integers.
    """

    functions: Mapping[str, str] = field(default_factory=dict)
    octave: str = ""
    less_one: Mapping[str, str] = field(default_factory=dict)
    sequences: frozenset[str] = frozenset()
    floats: frozenset[str] = frozenset()


def dialects(names: Names, around: Surroundings, np: str, source: str) -> Iterator[Dialect]:
    """Yield the ways in which a translation of a text may be meant, the likeliest first.

    Those with the port's names of expressions come after the first way, and after the others.
    """
    aliases = {text: own[0] for text, own in names.items() if own and not text.isidentifier()}
    names = {name: own for name, own in names.items() if name.isidentifier()}
    ways = [
        replace(way, sequences=around.sequences, floats=around.floats)
        for way in _ways(names, around, np, source)
    ]
    named = [replace(way, aliases=aliases, source=source) for way in ways] if aliases else []
    yield from [*ways[:1], *named[:1], *ways[1:], *named[1:]]


def _ways(names: Names, around: Surroundings, np: str, source: str) -> Iterator[Dialect]:
    lost = {name: one for name, one in _definitions(around.octave).items() if name not in names}
    fixed = {name: found[0] for name, found in names.items() if found}
    bound = _bound(around.octave)
    if around.less_one:
        first = Dialect(fixed, around.functions, np, definitions=lost, bound=bound)
        first = replace(first, less_one=around.less_one)
        yield first
        yield replace(first, matrices=True)
    ways = product((None, 0), (False, True), (True, False))
    for number, (axis, matrices, one) in enumerate(ways):
        way = Dialect(fixed, around.functions, np, one, matrices, axis, lost, bound=bound)
        yield way
        if number == 0:
            yield replace(way, lists=True)
            if around.less_one:  # of indices that are compared both are one less
                yield replace(way, names={**fixed, **around.less_one})
    words = _words(source, lost, around.octave)
    for name, found in names.items():
        for other in found[1:MOST_NAMES] if name in words else ():
            chosen = {**fixed, name: other}
            way = Dialect(chosen, around.functions, np, definitions=lost, bound=bound)
            if around.less_one:
                yield replace(way, less_one=around.less_one)
            yield way
            yield replace(way, matrices=True)


def _words(source: str, lost: Mapping[str, Expression], octave: str) -> set[str]:
    """List the names that a text holds, and those of what is written out in it."""
    found, left = set[str](), set(re.findall(r"\w+", source))
    while left:
        found |= left
        texts = (octave[lost[name].start : lost[name].end] for name in left if name in lost)
        left = {word for text in texts for word in re.findall(r"\w+", text)} - found
    return found


def base_of(target: Expression) -> Expression:
    """Return the variable that an assignment gives a value, or of which it changes a part."""
    return target.parts[0] if target.form is Form.CHAIN else target


@lru_cache(maxsize=32)
def _bound(text: str) -> frozenset[str]:
    """Name the variables of a file."""
    try:
        functions = parse(text).all_functions()
    except (MSyntaxError, RecursionError):
        return frozenset()
    return frozenset(
        base_of(one).name
        for function in functions
        for one in (
            *function.parameters,
            *(target for node in function.statements() for target in node.targets),
        )
    )


@lru_cache(maxsize=32)
def _definitions(text: str) -> Mapping[str, Expression]:
    """Find the variables that a file binds once, as a whole, and what to."""
    try:
        tree = parse(text)
    except (MSyntaxError, RecursionError):
        return {}
    found: dict[str, Expression] = {}
    again: set[str] = set()
    for function in tree.all_functions():
        again.update(one.name for one in function.parameters)
        for node in function.statements():
            for target in node.targets:
                base = base_of(target)
                plain = node.sort is Sort.ASSIGNMENT and node.operator == "=" and not node.listed
                if base.name in found or target.form is not Form.NAME or not plain:
                    again.add(base.name)
                elif node.value is not None:
                    found[base.name] = node.value
    return {name: value for name, value in found.items() if name not in again}
