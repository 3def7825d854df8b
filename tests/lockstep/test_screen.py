"""Where a command writes: colours, width and characters on a terminal, plain text elsewhere."""

import io
import re

import pytest

from lockstep.terminal.screen import Screen
from lockstep.terminal.tables import INDENT, Column, Columns

STYLED = re.compile(r"\x1b\[[0-9;]*m")

TABLE = Columns(
    [
        Column("pair", 24, gap=0),
        Column("cases", 5, right=True, gap=1),
        Column("verdict", 10),
        Column("Octave", 8, right=True),
        Column("largest difference", 18),
    ]
)
SAID = "82,177 ulps in Delta{1}(8,178), case 'digits, single'; its cases reach 87%"
LONG = TABLE.row(
    "cost [in blocks of three rows]", 85, "rounding", "63.1 ms", SAID, styles={2: "red"}
)
SHORT = TABLE.row("cost", 3, "identical", "1.0 ms", "none")

REPORT = """f, case 'one': different
  f.py, line 2: this expression gives another value than Octave's
        2  return x + 1
                  ^^^^^
    a mend that was tried: the one case agrees with it
      -    return x + 1
      +    return x
"""


class Terminal(io.StringIO):
    """Remembers what was written to it."""

    def isatty(self):
        """Say that this is a terminal."""
        return True


@pytest.fixture
def shown(monkeypatch):
    """Show something on a terminal of some columns, or on none where there are no columns."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def show(said, columns=80, how="say"):
        monkeypatch.setenv("COLUMNS", str(columns))
        stream = Terminal() if columns else io.StringIO()
        getattr(Screen(stream), how)(said)
        return stream.getvalue()

    return show


@pytest.mark.parametrize("columns", [60, 80, 100, 132])
@pytest.mark.parametrize("row", [LONG, SHORT, TABLE.head()], ids=["long", "short", "head"])
def test_a_row_has_the_same_content_at_every_width(shown, row, columns):
    lines = STYLED.sub("", shown(row, columns)).splitlines()
    assert max(map(len, lines)) <= columns
    assert sorted(" ".join(lines).split()) == sorted(str(row).split())


def test_where_the_last_cell_has_no_room_it_stands_below_its_row(shown):
    lines = STYLED.sub("", shown(LONG, 80)).splitlines()
    assert lines[0].startswith("cost [in blocks of three    85  rounding     63.1 ms")
    assert lines[2].startswith(" " * INDENT + "82,177 ulps")
    assert len(shown(SHORT, 80).splitlines()) == 1


@pytest.mark.parametrize("said", [LONG, REPORT])
def test_elsewhere_text_is_plain_and_never_broken(shown, said):
    assert shown(said, columns=0) == f"{said}\n"


def test_a_report_is_not_broken_on_a_terminal_either(shown):
    assert STYLED.sub("", shown(REPORT, 40)) == f"{REPORT}\n"


def test_a_terminal_has_colours(shown):
    assert "\x1b[31mrounding" in shown(LONG)
    text = shown(REPORT)
    assert "case 'one': \x1b[31mdifferent\x1b[0m" in text
    assert "\x1b[31m^^^^^\x1b[0m" in text
    assert "\x1b[31m-    return x + 1\x1b[0m" in text
    assert "\x1b[32m+    return x\x1b[0m" in text


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)])
def test_no_color_is_respected(shown, monkeypatch, value, coloured):
    monkeypatch.setenv("NO_COLOR", value)
    assert ("\x1b" in shown(LONG)) == coloured
    assert ("\x1b" in shown(REPORT)) == coloured


@pytest.mark.parametrize("columns", [0, 80], ids=["pipe", "terminal"])
@pytest.mark.parametrize("character", "\x00\x07\x08\r\x1b\x7f\x9b\u200f\u2028\u202e\u2066\ufeff")
def test_what_controls_or_turns_text_is_shown_as_its_code(shown, character, columns):
    hostile = f"a{character}[2Jb"
    for said in (hostile, TABLE.row(hostile, hostile, "error", "", hostile)):
        text = STYLED.sub("", shown(said, columns))
        assert character not in text
        assert f"a\\u{ord(character):04x}[2Jb" in text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("text", ["[red]no markup[/red]", ":bug:", "日本 é", "[link=x]y"])
def test_text_stays_text(shown, text):
    assert STYLED.sub("", shown(text)) == f"{text}\n"
    assert text in STYLED.sub("", shown(TABLE.row("f", 1, "error", "", text)))


def test_a_patch_is_written_into_a_file_as_it_is_and_shown_safely(shown):
    patch = "-    a\u202e\n+    b\n"
    assert shown(patch, columns=0, how="patch") == patch
    assert STYLED.sub("", shown(patch, how="patch")) == "-    a\\u202e\n+    b\n"
