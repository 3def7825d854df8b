"""Writes README.md of the catalogue: a page for each mistake, with both rules and the report.

From the project's folder, with Octave:

    python tests/catalogue/pages.py [NAME ...]

With names, the reports of the other entries stay as they are. The test `test_catalogue_pages` sees
to it that no page is lacking or out of date.
"""

import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lockstep.explain.reasons import relations

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"

HEAD = """\
# A catalogue of porting mistakes

{count} mistakes that people make when they move Octave code to Python, each in a small program of
its own: `m/` holds the Octave side, `wrong/` a port with the mistake, `right/` one without it, and
`cases/` what both are called with. `entries_*.toml` say where each mistake is, and what the two
languages do there. The report of a pair that disagrees names its reason by the key in the second
column, and links to what [Reasons](#reasons) says of it; where no more is known than how the two
values are related, to [Relations](#relations).

This file is written by `pages.py`.

"""

RELATIONS = """
## Relations

What holds of the two values at the named place, on all their elements, where nothing that was tried
explains it.
"""


def entries() -> dict[str, dict[str, Any]]:
    """Read all entries, in their order."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(HERE.glob("entries_*.toml")):
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def anchor(title: str) -> str:
    """Return the link to a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def title(name: str, facts: dict[str, Any]) -> str:
    """Return the heading of an entry."""
    return f"{name}: {facts['kind']}"


def reasons(found: dict[str, dict[str, Any]]) -> set[str]:
    """Return the keys of the reasons that entries have."""
    return {key for facts in found.values() for key in facts["reason"]}


def reason(key: str, found: dict[str, dict[str, Any]]) -> str:
    """Return what is said of a reason: both rules, and the mistakes of which it is the reason."""
    named = [name for name, facts in found.items() if key in facts["reason"]]
    names = [name for name in named if found[name]["reason"][0] == key] or named
    first = found[names[0]]
    links = ", ".join(
        f"[{found[name]['kind']}](#{anchor(title(name, found[name]))})" for name in names
    )
    return "\n".join(
        [
            f"### {key}",
            "",
            f"- Octave: {first['octave_rule']}",
            f"- Python: {first['python_rule']}",
            f"- Mistakes: {links}",
            "",
        ]
    )


def page(name: str, facts: dict[str, Any], report: str) -> str:
    """Return the page of an entry."""
    return "\n".join(
        [
            f"### {title(name, facts)}",
            "",
            f"- Octave: {facts['octave_rule']}",
            f"- Python: {facts['python_rule']}",
            f"- In [`{name}.m`](m/{name}.m) `{facts['octave']}`, "
            f"in [`{name}.py`](wrong/{name}.py) `{facts['expression']}`, "
            f"right would be `{facts['mend']}`.",
            "",
            "```",
            report.rstrip(),
            "```",
            "",
        ]
    )


def whole(reports: dict[str, str]) -> str:
    """Return the whole README."""
    found = entries()
    lines = [HEAD.format(count=len(found)), "| mistake | reason | program |", "| --- | --- | --- |"]
    groups: dict[str, list[str]] = {}
    for name, facts in found.items():
        groups.setdefault(facts["group"], []).append(name)
    for group in sorted(groups):
        lines.append(f"| **{group}** | | |")
        for name in groups[group]:
            facts = found[name]
            link = f"[{facts['kind']}](#{anchor(title(name, facts))})"
            lines.append(f"| {link} | `{facts['reason'][0]}` | `{name}` |")
    lines += ["", "## Reasons", ""]
    lines += [reason(key, found) for key in sorted(reasons(found))]
    lines.append(RELATIONS)
    lines += [f"### {key}\n\n{said}\n" for key, said in sorted(relations().items())]
    for group in sorted(groups):
        lines += ["", f"## {group.capitalize()}", ""]
        lines += [page(name, found[name], reports[name]) for name in groups[group]]
    return "\n".join(lines).rstrip() + "\n"


def written() -> dict[str, str]:
    """Return the reports that the README holds, by entry."""
    text = README.read_text(encoding="utf-8")
    pages = re.findall(r"^### (\w+): .*?^```\n(.*?)^```$", text, re.M | re.S)
    return dict(pages)


def main(names: Sequence[str]) -> int:
    """Run entries through both sides, and write the README."""
    sys.path.insert(0, str(HERE.parent / "benchmarks"))
    from reasons import entries as found
    from reasons import report

    reports = {} if not names else written()
    for entry in found(names):
        reports[entry.name] = report(entry)
        if sys.stderr.isatty():
            print(f"\r{len(reports)} reports", end="", file=sys.stderr)
    README.write_text(whole(reports), encoding="utf-8")
    print(f"{len(reports)} pages in {README}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
