"""What the statements of an Octave file give values to.

May import `dialects` and `sources`.
"""

from functools import lru_cache

from lockstep.explain.dialects import base_of
from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Node, Sort


@lru_cache(maxsize=32)
def assignments(text: str) -> tuple[tuple[str, str, int], ...]:
    """List the statements of a file that give a variable a value: its name, the text, where."""
    return tuple(
        (base_of(target).name, text[node.start : node.end].strip(" ;\n"), node.start)
        for node in _assignments(text)
        if not node.listed and node.value is not None
        for target in node.targets
    )


def targets(text: str) -> tuple[str, ...]:
    """Name what the assignments of a file give values to, those to several variables included."""
    return tuple(base_of(target).name for node in _assignments(text) for target in node.targets)


@lru_cache(maxsize=32)
def _assignments(text: str) -> tuple[Node, ...]:
    try:
        tree = parse(text)
    except (MSyntaxError, RecursionError):
        return ()
    every = (node for function in tree.all_functions() for node in function.statements())
    return tuple(node for node in every if node.sort is Sort.ASSIGNMENT)
