"""Octave's files that ran in a case, as trees. May import `sources` and `model`."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from lockstep.model.execution import Execution
from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Expression, File, Function, Node, Sort


@dataclass(frozen=True, eq=False)
class OctaveFile:
    """A file of Octave.

    Attributes
    ----------
    text : str
        Of the file.
    tree : File
        Its tree.
    ran : dict
        By line, the number of the statement that begins there.
    """

    text: str
    tree: File
    ran: dict[int, int]

    def line(self, node: Node) -> int:
        """Return the line on which a statement begins."""
        return self.text.count("\n", 0, node.start) + 1

    def written(self, one: Node | Expression) -> str:
        """Return the text of a statement or an expression, without what ends it."""
        return self.text[one.start : one.end].strip(" ;\n")

    def number(self, node: Node) -> int:
        """Return the number of a statement; -1 where it is none of those that are asked for."""
        return self.ran.get(self.line(node), -1)

    def statements(self) -> Iterator[Node]:
        """List the statements of all functions, whether they ran or not."""
        for function in self.tree.all_functions():
            yield from function.statements()

    def values(self) -> Iterator[Expression]:
        """List the expressions of all statements, whether they ran or not."""
        for node in self.statements():
            yield from filter(None, (node.value, *node.values))

    def deciding_or_assigning(self) -> Iterator[tuple[Function, Node, Expression]]:
        """List the statements that ran and that decide, or give one variable a value.

        Each with its function, and what it decides on or assigns.
        """
        for function in self.tree.all_functions():
            for node in function.statements():
                decides = node.sort in (Sort.IF, Sort.WHILE, Sort.DO)
                assigns = node.sort is Sort.ASSIGNMENT and not node.listed and node.operator == "="
                if node.value is not None and (decides or assigns) and self.number(node) >= 0:
                    yield function, node, node.value


def text_of(file: Path) -> str:
    """Read a file of Octave; empty where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def octave_files(octave: Execution, numbers: Collection[int]) -> Iterator[OctaveFile]:
    """Read the files that statements of Octave are in; none that cannot be read."""
    lines: dict[Path, dict[int, int]] = {}
    for number in numbers:
        one = octave.source.statements[number]
        lines.setdefault(octave.source.files[one.function], {})[one.span.line] = number
    for file, known in lines.items():
        text = text_of(file)
        try:
            yield OctaveFile(text, parse(text), known)
        except (MSyntaxError, RecursionError):
            continue
