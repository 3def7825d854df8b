"""Which expression is underlined: the smallest that a mend changes and that says something.

May import `changes`, `evidence`, `nodes_of_tree` and `model`.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import bound_name
from lockstep.explain.changes.rewriting import narrowed, segment
from lockstep.explain.evidence import Evidence, place_in
from lockstep.explain.nodes_of_tree import bound_expression, find_node
from lockstep.model.report import Finding

SMALL_PART = 3
"""How often what a mend changes goes into what it is a small part of."""

EXPRESSIONS = (ast.expr, ast.keyword)
"""What is underlined by itself."""

MOST_AROUND, MOST_OF_CALL = 24, 40
"""Characters of an expression, and of a call, in which a name or a number still strikes the eye."""


def with_changed_expression(finding: Finding, evidence: Evidence, change: Change) -> Finding:
    """Name the expression that a mend of the named statement changes, where that is another.

    What is changed inside of the named expression leaves that as it is, for its values are known,
    unless it is but a small part of a long one.
    """
    place = finding.port
    if place is None or change.new is None:
        return finding
    chain = changed_chain(change, evidence)
    own = find_node(evidence.tree, place.span) if place.expression else None
    is_within = any(one is own for one in chain)
    named = underlined(chain, evidence.text)
    enough = max(SMALL_PART * len(segment(evidence.text, named)), MOST_OF_CALL)
    if is_within and len(place.expression) <= enough:
        return finding
    if not isinstance(named, EXPRESSIONS):
        return finding
    is_bound = named is bound_expression(evidence.statement)
    bound = bound_name(evidence.statement)
    told = place.expression or (f"{bound} after this statement" if bound else "")
    port = place_in(evidence, named)
    if port.line == place.line:  # of a loop or a condition the head is told alone
        port = replace(port, statement=place.statement)
    if finding.explained < finding.failing and any(one is own for one in ast.walk(named)):
        # Octave's value in a part of it heals one case by chance.
        return replace(finding, port=port, proved=False, port_value=None, octave_value=None)
    return replace(
        finding,
        port=port,
        note=finding.note or ("" if is_bound or not told else f"the values are those of {told}"),
    )


def changed_chain(change: Change, evidence: Evidence) -> list[ast.AST]:
    """List the smallest part of the port that a mend changes, and what that is in."""
    old = change.old if change.new is None else narrowed(change.old, change.new)[0]
    if isinstance(old, ast.Expr):
        old = old.value
    return list(around(evidence.tree, old, evidence.statement))


def underlined(chain: Sequence[ast.AST], text: str) -> ast.AST:
    """Choose what is underlined of what a mend changes, and of what that is in.

    A name or a number alone says little, unless what it is in says much else.
    """
    node, *around = chain
    around = [one for one in around if not isinstance(one, (ast.Slice, ast.Tuple))]
    if isinstance(node, (ast.Slice, ast.Tuple)):
        return around[0] if around else node
    if around and isinstance(node, ast.Name) and isinstance(around[0], ast.Attribute):
        node, *around = around
    if around and isinstance(around[0], ast.Call) and around[0].func is node:
        return around[0]  # a function's name is nothing without its arguments
    if not isinstance(node, (ast.Constant, ast.Name)) or not around:
        return node
    if isinstance(around[0], ast.keyword):
        node, *around = around
    is_given = isinstance(around[0], (ast.Call, ast.Subscript))
    is_short = len(segment(text, around[0])) <= (MOST_OF_CALL if is_given else MOST_AROUND)
    return around[0] if is_short else node


def around(tree: ast.AST, node: ast.AST, statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield a node and the expressions that it is in, inner ones first; a statement alone."""
    yield node
    if node is statement:
        return
    inside = {id(node)}
    for one in reversed(list(ast.walk(statement))):
        if any(id(child) in inside for child in ast.iter_child_nodes(one)):
            inside.add(id(one))
            if isinstance(one, EXPRESSIONS):
                yield one
