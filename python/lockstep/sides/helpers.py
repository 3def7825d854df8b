"""Our own .m files, and how they are kept from calling functions of the user's.

Where a file of the user's has the name of a function that they call, his folders are off the path
while they work (see lockstep_paths_.m). Some work amid his code, as what records a trace: so copies
of them name what they call as Octave's own, ``builtin('size', x)`` for ``size (x)``. May import
`sources`.
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


@cache
def helper_words() -> frozenset[str]:
    """Return the names that our own .m files call, and those that they index like a function."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in HELPERS.glob("*.m"))
    return frozenset(re.findall(r"[A-Za-z]\w*(?= ?\()|(?<=@)\w+", re.sub("(?m)%.*", "", code)))


def write_helpers(folder: Path, names: Collection[str]) -> None:
    """Write copies of the helpers to a folder, that call functions of these names as Octave's own.

    Parameters
    ----------
    folder : Path
        Is made.
    names : collection of str
        Of the user's files.
    """
    folder.mkdir()
    for path in HELPERS.glob("*.m"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(_as_octaves_own(text, names), encoding="utf-8")


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
            own = f"builtin('{name.name}'{rest}"
            insertions.add(name.start, own, Order.REPLACED, replaced=stop - name.start)
    return insertions.text()


def _own_names(tree: File) -> set[str]:
    """Return the names of a file's own functions and variables, and that of what is put in."""
    found = {"builtin"}
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
