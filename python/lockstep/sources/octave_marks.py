"""Writes a copy of a .m file that says which of its statements and branches were reached.

Calls of lockstep_mark_ (mfiles/lockstep_mark_.m) are put before statements, into the parts of ifs
and switches, and around the conditions of loops; no line moves. May import `model` and the other
modules of this folder.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

from lockstep.model.coverage import Branch, Places
from lockstep.sources.insertions import Insertions, Order
from lockstep.sources.m_tree import Expression, File, Form, Node, Sort, short_circuits
from lockstep.sources.octave_copy import keep_path

_WITHOUT_MARK = (Sort.TRY, Sort.UNWIND, Sort.CASE)
_CONSTANT = frozenset({"true", "false"})


def marked(file: File, path: Path) -> tuple[str, Places]:
    """Return the text of a .m file with marks in it, and what they say.

    Parameters
    ----------
    file : File
        The tree.
    path : Path
        Where the file is.
    """
    writer = _Writer(file)
    for function in file.all_functions():
        writer.block(function.body)
    for one in file.expressions():
        keep_path(writer.into, one, path)
    return writer.into.text(), writer.places


class _Writer:
    """Puts marks into one text."""

    def __init__(self, file: File) -> None:
        self.into = Insertions(file.text)
        self.places = Places()
        self._lines = [i + 1 for i, c in enumerate(file.text) if c == "\n"]

    def block(self, nodes: Sequence[Node]) -> None:
        """Mark some statements and all that stand in them."""
        for node in nodes:
            self._statement(node)
            self.block(node.body)
            self.block(node.otherwise)

    def _line(self, place: int) -> int:
        return bisect_right(self._lines, place) + 1

    def _mark(self, place: int, before: str = "", after: str = "; ") -> int:
        mark = self.places.mark()
        self.into.add(place, f"{before}lockstep_mark_({mark}){after}")
        return mark

    def _statement(self, node: Node) -> None:
        if node.sort not in _WITHOUT_MARK and not node.chained:
            apart = " " if self.into.before[node.start - 1 : node.start].isalnum() else ""
            self.places.add_line(self._line(node.start), [self._mark(node.start, apart)])
        if node.sort is Sort.IF and not node.chained:
            self._chain(node)
        elif node.sort is Sort.SWITCH:
            self._switch(node)
        elif node.sort in (Sort.WHILE, Sort.DO):
            self._loop(node)

    def _chain(self, node: Node) -> None:
        """Mark the parts of an if and its elseifs: that one did not hold, the next ones tell."""
        conditions = [node]
        while conditions[-1].otherwise and conditions[-1].otherwise[0].chained:
            conditions.append(conditions[-1].otherwise[0])
        held = [self._mark(one.body_start, ", ", ";") for one in conditions]
        last = conditions[-1]
        if last.otherwise_start >= 0:
            neither = self._mark(last.otherwise_start, " ", ";")
        else:
            neither = self._mark(last.closing, "else ")
        after = [*held, neither]
        for place, one in enumerate(conditions):
            if one.chained:
                self.places.add_line(self._line(one.start), after[place:])
            self._branch(one, True, [after[place]])
            self._branch(one, False, after[place + 1 :])

    def _switch(self, node: Node) -> None:
        marks = [self._mark(case.body_start, ", ", ";") for case in node.body]
        if node.otherwise_start >= 0:
            marks.append(self._mark(node.otherwise_start, " ", ";"))
        elif node.body:
            marks.append(self._mark(node.closing, "otherwise "))
        for place, case in enumerate(node.body):
            self.places.add_line(self._line(case.start), marks[place:])
            self._add(case.start, f"case {self._text(case)}", True, [marks[place]])
        if node.body:
            self._add(node.start, f"otherwise of switch {self._text(node)}", True, marks[-1:])

    def _loop(self, node: Node) -> None:
        """Mark how the condition of a while or until goes.

        Octave evaluates an outermost | or & in a while as || or &&, so that it must stay there: of
        such a one only that it held is seen.
        """
        assert node.value is not None
        if node.sort is Sort.WHILE and short_circuits(node.value):
            self._branch(node, True, [self._mark(node.body_start, ", ", ";")])
            return
        held, ended = self.places.mark(), self.places.mark()
        self.into.add(node.value.start, f" lockstep_mark_({held},", Order.PREFIX)
        self.into.add(node.value.end, ")", Order.SUFFIX)
        self._branch(node, True, [held])
        self._branch(node, False, [ended])

    def _branch(self, node: Node, held: bool, marks: Iterable[int]) -> None:
        assert node.value is not None
        if not _is_constant(node.value.bare):
            place = node.value.start if node.sort is Sort.DO else node.start
            self._add(place, self._text(node), held, marks)

    def _add(self, place: int, text: str, held: bool, marks: Iterable[int]) -> None:
        self.places.add_branch(Branch(self._line(place), text, held), marks)

    def _text(self, node: Node) -> str:
        assert node.value is not None
        return " ".join(self.into.before[node.value.start : node.value.end].split())


def _is_constant(condition: Expression) -> bool:
    return condition.form is Form.NUMBER or (
        condition.form is Form.NAME and condition.name in _CONSTANT
    )
