"""Tables whose rows are shown as they are known; rich measures, folds and colours them.

A row is as wide as the terminal that it is printed on. As a text it is one line, and so it is in a
pipe: `str` makes it. May import rich, and `visible`.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lockstep.terminal.visible import visible

ENDLESS = 100_000
"""Columns of what is no terminal: enough for a row in one line."""

LEAST = 28
"""Columns that the last cell has at least; where fewer are left, it goes below its row."""

INDENT = 4
"""Blanks before a cell that stands below its row."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading : str
        What stands above it.
    width : int
        How wide it is; the last column takes what is left, unless it is a right one.
    right : bool
        Whether what is in it stands at its right.
    gap : int
        Blanks before it.
    """

    heading: str
    width: int
    right: bool = False
    gap: int = 2


@dataclass(frozen=True)
class Row:
    """A row of a table, for rich to print.

    Attributes
    ----------
    columns : sequence of Column
        Those of the table.
    cells : sequence of str
        What stands in them.
    styles : mapping
        rich's styles of cells that have one, by their numbers from 0.
    """

    columns: Sequence[Column]
    cells: Sequence[str]
    styles: Mapping[int, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the row as a text without colours; only a cell of several lines makes more."""
        return self.text(ENDLESS)

    def text(self, width: int) -> str:
        """Return the row as a text without colours, its cells folded to fit."""
        written = io.StringIO()
        console = Console(
            file=written,
            width=width,
            color_system=None,
            force_terminal=False,
            force_jupyter=False,  # or, in a notebook, it would be shown there and then
        )
        console.print(self._table(self._texts(), width))
        return "\n".join(line.rstrip() for line in written.getvalue().splitlines())

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what rich shows, as wide as the terminal."""
        texts = self._texts()
        rest = options.max_width - sum(one.gap + one.width for one in self.columns[:-1])
        if rest - self.columns[-1].gap >= min(LEAST, texts[-1].cell_len):
            yield self._table(texts, options.max_width)
        else:
            yield self._table([*texts[:-1], Text()], options.max_width)
            yield Padding(texts[-1], (0, 0, 0, INDENT), expand=False)

    def _texts(self) -> list[Text]:
        return [
            Text(visible(cell), style=self.styles.get(i, ""), overflow="fold")
            for i, cell in enumerate(self.cells)
        ]

    def _table(self, texts: Sequence[Text], width: int) -> Table:
        table = Table.grid(padding=0)
        shown: list[Text] = []
        last = self.columns[-1]
        for column, text in zip(self.columns, texts, strict=True):
            if column.gap:
                table.add_column(width=column.gap)
                shown.append(Text())
            # in a text nothing is folded: a long name moves what follows it
            wide = column.width if width < ENDLESS else max(column.width, text.cell_len)
            justify: JustifyMethod = "right" if column.right else "left"
            is_open = column is last and not column.right
            table.add_column(width=None if is_open else wide, justify=justify)
            shown.append(text)
        table.add_row(*shown)
        return table


@dataclass(frozen=True)
class Columns:
    """The columns of a table.

    Attributes
    ----------
    columns : sequence of Column
        From left to right.
    """

    columns: Sequence[Column]

    def head(self) -> Row:
        """Return the row of headings."""
        return self.row(*(one.heading for one in self.columns))

    def row(self, *cells: object, styles: Mapping[int, str] | None = None) -> Row:
        """Return a row.

        Parameters
        ----------
        *cells : object
            What stands in it, written by `str`.
        styles : mapping, optional
            rich's styles of cells that have one, by their numbers from 0.
        """
        return Row(self.columns, [str(cell) for cell in cells], styles or {})


def widest(heading: str, names: Iterator[str] | Sequence[str]) -> int:
    """Return the width of a column that holds names."""
    return max([len(heading), *map(len, names)])
