"""Statements of Octave that follow each other, and jumps under a condition, of one file.

May import `dialects`, `octave_files` and `sources`.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lockstep.explain.dialects import base_of
from lockstep.explain.octave_files import OctaveFile
from lockstep.sources.m_tree import Node, Sort

MOST_TOGETHER = 4
"""Statements that are put in at once."""


@dataclass(frozen=True)
class Lacking:
    """Assignments of Octave that follow each other, or a jump under a condition.

    Attributes
    ----------
    names : tuple of str
        What they bind; empty for a jump.
    texts : tuple of str
        Each of them.
    condition : str
        That they run under; empty for none.
    statement, line : int
        The first, and where it is.
    loops, ifs : int
        How many loops, and how many conditions, they are in.
    octave : str
        The whole file.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    condition: str
    statement: int
    line: int
    loops: int
    ifs: int
    octave: str


@dataclass(frozen=True)
class Block:
    """Statements of Octave that follow each other, and what they are in."""

    nodes: Sequence[Node]
    condition: str = ""
    loops: int = 0
    ifs: int = 0


def every_block(file: OctaveFile) -> Iterator[Block]:
    """Yield every block of the functions of a file."""
    for function in file.tree.all_functions():
        yield from _bodies(function.body, file.text)


def _bodies(
    nodes: Sequence[Node], text: str, condition: str = "", loops: int = 0, ifs: int = 0
) -> Iterator[Block]:
    """Yield a block of statements, and those in it."""
    yield Block(nodes, condition, loops, ifs)
    for node in nodes:
        is_if, is_loop = node.sort is Sort.IF, node.sort in (Sort.FOR, Sort.WHILE, Sort.DO)
        has_own = is_if and not node.chained  # the others hold only where those before do not
        own = text[node.value.start : node.value.end] if has_own and node.value else ""
        yield from _bodies(node.body, text, own, loops + is_loop, ifs + is_if)
        is_chained = len(node.otherwise) == 1 and node.otherwise[0].chained
        other = f"!({own})" if own and not is_chained else ""
        yield from _bodies(node.otherwise, text, other, loops, ifs + (is_if and not is_chained))


def assignments(block: Block, file: OctaveFile) -> Iterator[Lacking]:
    """List the assignments of a block that ran, alone and with those that follow at once."""
    lines = [file.line(node) for node in block.nodes]
    numbers = [file.ran.get(line, -1) for line in lines]
    for size in range(1, MOST_TOGETHER + 1):
        for first in range(len(block.nodes) - size + 1):
            nodes = block.nodes[first : first + size]
            if min(numbers[first : first + size]) >= 0 and all(map(_is_plain, nodes)):
                texts = tuple(map(file.written, nodes))
                names = tuple(base_of(one.targets[0]).name for one in nodes)
                yield Lacking(
                    names, texts, block.condition, numbers[first], lines[first],
                    block.loops, block.ifs, file.text,
                )  # fmt: skip


def _is_plain(node: Node) -> bool:
    return node.sort is Sort.ASSIGNMENT and not node.listed and node.value is not None


def jumps(block: Block, file: OctaveFile, kinds: Collection[str]) -> Iterator[Lacking]:
    """List the conditions of a block, in a loop, under which there is a jump and nothing else."""
    for node in block.nodes if block.loops else ():
        line, jump = file.line(node), node.body[0].sort if len(node.body) == 1 else None
        is_first = node.sort is Sort.IF and not node.chained
        if is_first and node.value is not None and jump in kinds and line in file.ran:
            condition = file.text[node.value.start : node.value.end]
            yield Lacking(
                (), (str(jump),), condition, file.ran[line], line, block.loops, block.ifs, file.text
            )
