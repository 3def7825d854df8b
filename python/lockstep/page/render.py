"""The page itself: plain data in, one HTML file out, that needs nothing but a browser.

What comes from a project is text, whatever is in it: the template escapes it, the script never
takes it for HTML, and characters that would turn or hide other text are written as codes. A policy
in the page allows its own script alone, and no network. May import the rest of this folder.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lockstep.compare.floor import MARGIN
from lockstep.model.version import VERSION
from lockstep.page.code import sections
from lockstep.page.table import LIMIT_PLACE
from lockstep.terminal.visible import visible

if TYPE_CHECKING:
    from jinja2 import Environment

SCRIPTS = ("common.js", "table.js", "pictures.js", "origins.js", "network.js", "trace.js")

MOST_BYTES = 4_000_000
"""Of all traces in a page together; those of later pairs are left out, and said to be."""


def page_html(
    title: str,
    pairs: Sequence[Mapping[str, Any]],
    traces: Sequence[Mapping[str, Any]] = (),
    about: Sequence[str] = (),
) -> str:
    """Return the page.

    Parameters
    ----------
    title : str
        What it shows, in a line: the answer first.
    pairs : sequence of mapping
        The table (see `lockstep.page.table.pair_data`).
    traces : sequence of mapping
        Traces of cases of these pairs (see `lockstep.page.trace_data.trace_data`).
    about : sequence of str
        What else there is to say: the machine, the time, what was left out.
    """
    script = "\n".join(_file(name) for name in SCRIPTS)
    by_pair = {trace["pair"]: trace for trace in traces}
    pairs = sorted(pairs, key=lambda pair: pair["agrees"])  # those that disagree come first
    told = [pair for pair in pairs if not pair["agrees"] or pair["name"] in by_pair]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            about=about,
            version=VERSION,
            pairs=pairs,
            told=_within_bytes([_Told(pair, by_pair.get(pair["name"])) for pair in told]),
            counts=_counts(pairs),
            limit={"place": LIMIT_PLACE, "floors": round(MARGIN)},
            style=Markup(_file("page.css")),
            script=Markup(script),
            digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def write_page(file: Path, html: str) -> None:
    """Write a page.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    file.write_text(html, encoding="utf-8", errors="backslashreplace", newline="\n")


def _within_bytes(told: "list[_Told]") -> "list[_Told]":
    """Leave out the traces that are too many for one page."""
    left = MOST_BYTES
    for one in told:
        left -= len(one.data)
        if left < 0 and one.trace is not None:
            one.leave_out()
    return told


class _Told:
    """A pair that has a part of the page of its own, as the template reads it."""

    def __init__(self, pair: Mapping[str, Any], trace: Mapping[str, Any] | None) -> None:
        self.pair = pair
        self.trace = trace
        self.data = self._data()
        self.left_out = ""
        self.explanation = pair["explanation"]
        self.finding = self.explanation["finding"] if self.explanation else None

    def leave_out(self) -> None:
        """Leave out the trace."""
        self.trace = None
        self.data = self._data()
        self.left_out = (
            "its trace is left out, the page would be too large: "
            f"lockstep trace {self.pair['name']} --html FILE"
        )

    @property
    def programs(self) -> list[dict[str, Any]]:
        """Both programs, in sections."""
        found = self.trace["programs"] if self.trace else []
        return [
            {
                "octave": one["octave"]["file"],
                "port": one["port"]["file"],
                "sections": list(sections(one, self.finding)),
            }
            for one in found
        ]

    def _data(self) -> Markup:
        """Return what the script reads, as JSON that cannot end its element."""
        drawn = ("programs", "chains")  # by the template
        trace = {name: one for name, one in (self.trace or {}).items() if name not in drawn}
        return Markup(script_json(trace))


def _counts(pairs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pair in pairs:
        for case in pair["cases"]:
            found[case["verdict"]] = found.get(case["verdict"], 0) + 1
    return found


def script_json(data: Any) -> str:
    """Write data so that it may stand in a script element."""
    text = json.dumps(_visible_data(data), allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _visible_text(value: Any) -> Any:
    """Write what turns, hides or controls text as its code, unless it is markup of ours."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _visible_data(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {visible(str(name)): _visible_data(one) for name, one in data.items()}
    if isinstance(data, (list, tuple)):
        return [_visible_data(one) for one in data]
    return _visible_text(data)


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # a tenth of a second

    found = Environment(
        loader=PackageLoader("lockstep.page"),
        autoescape=True,
        finalize=_visible_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["short"] = lambda number: f"{number:.6g}"
    found.filters["exact"] = lambda number: f"{number:.16g}"
    found.filters["percent"] = lambda share: f"{100 * share:.0f}%"
    return found


def _file(name: str) -> str:
    return (resources.files("lockstep.page") / "templates" / name).read_text(encoding="utf-8")
