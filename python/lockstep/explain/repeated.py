"""The same mistake at several places: a change made again wherever the port does the same.

Who takes ``np.std`` for Octave's std does so each time. May import `candidates`, `changes`,
`evidence`, `nodes_of_tree` and `sources`.
"""

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lockstep.explain.candidates import Candidate
from lockstep.explain.changes import changes_of
from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import RewriteError, rewritten
from lockstep.explain.evidence import Evidence
from lockstep.explain.nodes_of_tree import place_of
from lockstep.explain.outcomes import Match
from lockstep.sources.python_names import name_of

MOST = 12
"""Places at which a change is made again."""


def repeated(candidate: Candidate, evidence: Evidence) -> Iterator[Candidate]:
    """Yield a change with the same one at all other places, and then with each of these alone.

    Parameters
    ----------
    candidate : Candidate
        A change that gives Octave's value at the named place.
    evidence : Evidence
        What is known of that place.
    """
    if candidate.match > Match.FIRST or not (candidate.is_telling or candidate.is_plausible):
        return
    places = _places(candidate.change, evidence)
    if not places or len(places) > MOST:
        return
    if len(places) > 1 and not candidate.change.is_guess:
        yield from _with([*places, candidate.change], candidate, evidence)
    for one in places:
        yield from _with([one, candidate.change], candidate, evidence)


def _places(change: Change, evidence: Evidence) -> list[Change]:
    """Make the same change of all that does the same in the module."""
    context = Context(evidence)
    own = {id(node) for node in ast.walk(change.old)}
    found = []
    for node in ast.walk(evidence.tree):
        if id(node) in own or not _is_alike(node, change.old):
            continue
        for _, other in changes_of(node, context):
            same = (other.key, other.octave_rule) == (change.key, change.octave_rule)
            if same and other.old is node and (other.new is not None or not other.lines):
                found.append(other)
    return found


def _is_alike(node: ast.AST, old: ast.AST) -> bool:
    """Whether an expression does the same as another, or is the same variable.

    A statement is alike if it differs by the names alone.
    """
    if type(node) is not type(old) or not isinstance(node, (ast.expr, ast.stmt)):
        return False
    if isinstance(node, ast.stmt):
        return _without_names(node) == _without_names(old)
    if isinstance(node, ast.Name) and isinstance(old, ast.Name):
        return node.id == old.id
    return not isinstance(old, ast.Call) or name_of(node) == name_of(old)


def _without_names(node: ast.AST) -> str:
    """Write a tree with its variables counted in place of their names."""
    made = copy.deepcopy(node)
    known: dict[str, str] = {}
    for one in ast.walk(made):
        if isinstance(one, ast.Name):
            one.id = known.setdefault(one.id, f"name {len(known)}")
    return ast.dump(made)


def _with(changes: list[Change], candidate: Candidate, evidence: Evidence) -> Iterator[Candidate]:
    text = written_together(changes, evidence)
    if text:
        yield replace(candidate, mended=text)


def written_together(changes: Sequence[Change], evidence: Evidence) -> str:
    """Write several changes into the source, from the last to the first.

    Returns
    -------
    str
        The whole file; empty where changes overlap, or one cannot be written.
    """
    text, tree = evidence.text, evidence.tree
    begins = (len(text), 0)
    for one in sorted(changes, key=lambda change: place_of(change.old)[:2], reverse=True):
        place = place_of(one.old)
        if place[2:] > begins:
            return ""
        begins = place[:2]
        node = next((n for n in ast.walk(tree) if _is_at(n, one.old)), None)
        if node is None:
            return ""
        try:
            text = rewritten(text, tree, replace(one, old=node))
            tree = ast.parse(text)
        except (RewriteError, SyntaxError):
            return ""
    return text


def _is_at(node: ast.AST, old: ast.AST) -> bool:
    return type(node) is type(old) and place_of(node) == place_of(old)
