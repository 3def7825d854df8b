"""What Octave goes on to do with a value that the port has, too, and the port does not.

A remainder, a root or a rounding that the port has lost leaves a value that is right, and Octave's
own expression says what is made of it there. May import `changes`, `match`, `nodes_of_tree`,
`octave_files`, `patience`, `slips`, `statements`, `translator` and `model`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.translation import cut
from lockstep.explain.match import Matching, operation
from lockstep.explain.nodes_of_tree import find_node
from lockstep.explain.octave_files import text_of
from lockstep.explain.patience import Patience
from lockstep.explain.slips import Slip
from lockstep.explain.statements import Statements
from lockstep.explain.translator import Spot, Translator
from lockstep.model.execution import Kind, Site

PART = "lockstep_part_"
"""Stands in a translation for what both sides have."""

VALUES = (Kind.EXPRESSION, Kind.READ)

PLAIN = ("index", "[]")
"""What takes a part of a value, or joins it with others, and so is no step that is lost."""


def going_on(matching: Matching, statements: Statements, patience: Patience) -> Iterator[Slip]:
    """Make the changes that do with values of the port what Octave does with the same.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    patience : Patience
        How long that may take.
    """
    translator = Translator()
    for own, site, whole in _lost(matching):
        if patience.is_over:
            return
        evidence = statements.evidence(own.statement)
        node = None if evidence is None else find_node(evidence.tree, own.span)
        if evidence is None or not isinstance(node, ast.expr):
            continue
        context = Context(evidence)
        octave = text_of(matching.octave.execution.source.files[whole.function])
        spot = Spot(context, more={"".join(site.text.split()): [PART]})
        for tree in translator.trees(whole.text, spot, octave):
            if not any(isinstance(n, ast.Name) and n.id == PART for n in ast.walk(tree)):
                continue
            new = context.make(ast.unparse(tree), **{PART: node})
            rule = f"Octave goes on: {cut(whole.text)}."
            python = f"The port leaves it at {cut(own.text)}."
            change = Change("lost-function", node, new, rule, python)
            yield Slip(change, evidence, statements.statement(own.statement), 0)


def _lost(matching: Matching) -> Iterator[tuple[Site, Site, Site]]:
    """Yield a site of the port, the same of Octave, and what Octave makes of that alone."""
    octave = matching.octave
    for number, partners in matching.partners.items():
        own = matching.port.sites[number]
        if own.kind not in VALUES or not matching.port.streams[number].is_telling:
            continue
        for partner in partners:
            whole = octave.parents.get(partner, -1)
            made = octave.streams.get(whole)
            if made is None or not made.is_telling or whole in matching.claimed:
                continue
            place = octave.sites[whole]
            is_step = place.kind is Kind.EXPRESSION and operation(place) not in PLAIN
            if octave.sites[partner].name == octave.target(whole):
                continue  # a statement of its own, which lacks
            if is_step and all(_is_right(matching, one) for one in place.parts if one != partner):
                yield own, octave.sites[partner], place


def _is_right(matching: Matching, site: int) -> bool:
    """Whether what else Octave's step reads is in the port, too, or tells nothing."""
    stream = matching.octave.streams.get(site)
    return stream is None or site in matching.claimed or not stream.is_telling
