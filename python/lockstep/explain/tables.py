"""Entries that a table of the port lacks, made of what is written in Octave's files alone.

May import `changes`, `match`, `octave_files`, `patience`, `slips`, `statements`, `top`, `sources`
and `model`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.context import Context, subexpressions
from lockstep.explain.changes.tables import lost_entry
from lockstep.explain.match import Matching
from lockstep.explain.octave_files import octave_files
from lockstep.explain.patience import Patience
from lockstep.explain.slips import COMMON, Slip
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.top import read_from_the_top
from lockstep.sources.m_tree import Expression, Form


def tables(matching: Matching, statements: Statements, patience: Patience) -> Iterator[Slip]:
    """Make the changes that put an entry into a table that some statement reads, or holds.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    patience : Patience
        How long that may take.
    """
    octave = matching.octave.execution
    files = octave_files(octave, statements_that_ran(octave))
    wholes = [whole for file in files for whole in file.values()]
    written = list(dict.fromkeys(one for whole in wholes for one in _constants(whole)))
    for statement, evidence in statements.each(patience):
        context, own = Context(evidence), evidence.statement
        parts = [one for one in ast.iter_child_nodes(own) if isinstance(one, ast.expr)]
        nodes = [one for part in parts for one in subexpressions(part)]
        nodes += read_from_the_top(nodes, evidence.tree)
        for node in nodes:
            for change in lost_entry(node, context, written):
                yield Slip(change, evidence, statement, COMMON["lost-entry"])


def _constants(whole: Expression) -> Iterator[float | str]:
    for one in whole.walk():
        if one.form is Form.NUMBER and one.name[-1:] not in "ijIJ":
            yield float(one.name) if "x" not in one.name.lower() else float(int(one.name, 16))
        elif one.form is Form.STRING:
            yield one.name[1:-1]
