"""Which binding gave an object's attribute its value. May import `model` and `keeping`."""

import ast
import re
from functools import cache
from typing import Any

from lockstep.model.execution import Site
from lockstep.sides.keeping import HOLDERS, fields_of

_READ = re.compile(r"(\w+)\.(\w+)\Z")

MOST = 10_000
"""Objects of which it is kept what gave their attributes values."""


class Attributes:
    """The last binding of each attribute of the objects of a run, by the objects' identity."""

    def __init__(self) -> None:
        self._bound: dict[int, tuple[Any, dict[str, int]]] = {}

    def bind(self, site: Site, value: Any, node: int) -> None:
        """Keep that a statement gave attributes of an object values.

        Parameters
        ----------
        site : Site
            What it binds: a variable of which it changes a part.
        value : Any
            The object.
        node : int
            The binding.
        """
        if site.whole or isinstance(value, HOLDERS) or fields_of(value) is None:
            return
        if id(value) not in self._bound and len(self._bound) >= MOST:
            return
        names = self._bound.setdefault(id(value), (value, {}))[1]
        names.update(dict.fromkeys(_targets(site.text, site.name), node))

    def given(self, site: Site, variables: dict[str, Any]) -> tuple[int, ...]:
        """Return the binding that gave what an expression reads, if it is an attribute and known.

        Parameters
        ----------
        site : Site
            The expression.
        variables : dict
            Those of its function, by name.
        """
        read = _read(site.text) if site.name == "attribute" else None
        if read is None:
            return ()
        value = variables.get(read[0])
        held, names = self._bound.get(id(value), (None, {}))
        return (names[read[1]],) if held is value and read[1] in names else ()


@cache
def _read(text: str) -> tuple[str, str] | None:
    """Say what variable and what attribute of it is read; None where it is not that alone."""
    found = _READ.match(text)
    return None if found is None else (found[1], found[2])


@cache
def _targets(text: str, name: str) -> tuple[str, ...]:
    """Name the attributes of a variable that a statement gives values."""
    try:
        statement = ast.parse(text)
    except SyntaxError:
        return ()  # the head of a compound statement
    every = ast.walk(statement)
    stored = (one for one in every if isinstance(getattr(one, "ctx", None), ast.Store))
    return tuple(filter(None, (_attribute_of(one, name) for one in stored)))


def _attribute_of(target: ast.AST, name: str) -> str:
    """Name the attribute of a variable that a target is, or an element of; empty for none."""
    while isinstance(target, ast.Subscript):
        target = target.value
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return target.attr if target.value.id == name else ""
    return ""
