"""Our own .m files, and how they are kept from calling functions of the user's.

Where a file of the user's has the name of a function that they call, his folders are off the path
while they work (see lockstep_paths_.m). Some work amid his code, as what records a trace: so copies
of them name what they call as Octave's own, ``builtin('size', x)`` for ``size (x)``. What they call
is built into Octave: no .m file of its library, which might in turn call a function of the user's.
May import `sources`.
"""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from lockstep.sources.insertions import Insertions, Order
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Access, Expression, File, Form

HELPERS = Path(__file__).parents[1] / "mfiles"

APART = frozenset(
    f"lockstep_{name}_" for name in ("tracing", "recorded", "value", "moved", "mark", "version")
)
"""Functions that are called by themselves, and call nothing of the user's."""

AT_PROMPT = frozenset(["addpath", "cd", "exit"])
"""What is called at Octave's prompt."""

OWN = "builtin"
"""Calls Octave's own function of a name."""


class NamesError(Exception):
    """The names of the user's files leave no way to call Octave's own functions."""


@cache
def helper_words() -> frozenset[str]:
    """Return the names that our own .m files call, and those that they index like a function."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in HELPERS.glob("*.m"))
    calls = re.findall(r"\b[A-Za-z_]\w*(?= ?\()|(?<=@)\w+", re.sub("(?m)^ *%.*|  %.*", "", code))
    return AT_PROMPT.union(calls)


def write_helpers(folder: Path, names: Collection[str]) -> None:
    """Write copies of the helpers to a folder, that call functions of these names as Octave's own.

    Where ``builtin`` is one of the names it is not used: then nothing else may be one.

    Parameters
    ----------
    folder : Path
        Is made.
    names : collection of str
        Of the user's files.

    Raises
    ------
    NamesError
        If ``builtin`` is one of the names, and so are others that the helpers call.
    """
    others = sorted((helper_words() & frozenset(names)) - {OWN})
    if OWN in names and others:
        files = ", ".join(f"{name}.m" for name in others)
        raise NamesError(
            f"{OWN}.m stands in the way of Octave's own {OWN}, by which it would be told from the "
            f"project's {files}; rename {OWN}.m"
        )
    folder.mkdir()
    for path in HELPERS.glob("*.m"):
        text = path.read_text(encoding="utf-8")
        written = _without_builtin(text) if OWN in names else _as_octaves_own(text, names)
        (folder / path.name).write_text(written, encoding="utf-8")


def _as_octaves_own(text: str, names: Collection[str]) -> str:
    tree = parse(text)
    functions = frozenset(names) - _own_names(tree)
    insertions = Insertions(text)
    called: set[Expression] = set()
    for one in tree.expressions():
        if one.form is Form.CHAIN and one.links[0].access is Access.CALL:
            name, call = one.parts[0], one.links[0]
            called.add(name)
            stop, rest = call.start + 1, ", " if call.arguments else ""
        elif one.form is Form.NAME and one not in called:
            name, stop, rest = one, one.end, ")"
        else:
            continue
        if name.name in functions:
            own = f"{OWN}('{name.name}'{rest}"
            insertions.add(name.start, own, Order.REPLACED, replaced=stop - name.start)
    return insertions.text()


def _without_builtin(text: str) -> str:
    return re.sub(rf"\b{OWN} \('+(\w+)'+(?:, ?)?", r"\1 (", text)


def _own_names(tree: File) -> set[str]:
    """Return the names of a file's own functions and variables, and that of what is put in."""
    found = {OWN}
    for function in tree.all_functions():
        found.add(function.name)
        bound = [*function.parameters, *function.outputs]
        for node in function.statements():
            bound += node.targets
        found.update(name for one in bound if (name := _base(one)))
    return found


def _base(one: Expression) -> str:
    """Return the name of the variable that an expression is, or is a part of."""
    return one.name if one.form is Form.NAME else _base(one.parts[0]) if one.parts else ""
