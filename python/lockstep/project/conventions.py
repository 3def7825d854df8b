"""How a port is called and what it returns where it is no twin: declared once for a pair.

Conventions stand as names of their own in the cases file of a pair, or for all pairs in the table
[tool.lockstep.conventions] of pyproject.toml. Arguments and outputs are named as in the .m file,
or by their place: "argument 2", "output 1".

=================================  ==========================================================
``arguments = ["X", "k"]``         the port's parameters in Octave's order; None: not passed;
                                   a whole number: its place in the port's call, from 0
``keywords = ["opts"]``            structs whose fields are keywords of the port; or a dict from
                                   structs to dicts: {"opts": {"maxIter": "max_iter"}}
``options_from = 3``               arguments from this one on are names and values in turn
``extra = {"ddof": 1}``            arguments that only the port has
``outputs = ["centroids", 1]``     keys, fields, attributes or places of what the port returns,
                                   in Octave's order; None: the port does not return it
``vectors = "columns"``            (n, 1); "rows" (1, n); "flat" (n,); "lists"; "octave" as there;
                                   or a dict from names to these
``integers = "scalars"``           whole scalars are int; or a list of names, arrays too
``indices = ["idx"]``              count from 0 in the port
``axes = ["dim"]``                 a dimension that counts from 0 in the port
``transposed = ["X"]``             the port has the transpose
``row_major = ["A"]``              the port fills it row by row; {"v": (m, n)}: unrolls it so
``classes = "any"``                values are compared whatever their class; or a list of names
``free = {"U": "column signs"}``   or "column order", "row signs", "row order", "signs", "order"
``rtol = 1e-6``, ``atol = 1e-9``   tolerances, or dicts from names of outputs to these
=================================  ==========================================================

May import `m_files`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any

VECTORS = ("columns", "rows", "flat", "lists", "octave")
FREE = ("column", "row", "signs", "order", "and")
PAIR_ONLY = ("arguments", "keywords", "options_from", "extra", "outputs")
"""What a project cannot declare for all of its pairs."""


class ConventionError(ValueError):
    """A convention is not understood; the message says what is known."""


Names = tuple[str, ...]


@dataclass(frozen=True)
class Conventions:
    """What is declared of a pair; see the text of this module. `where` names the file."""

    arguments: tuple[str | int | None, ...] | None = None
    keywords: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options_from: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    outputs: tuple[str | int | None, ...] | None = None
    vectors: Mapping[str, str] = field(default_factory=dict)
    integers: Names = ()
    indices: Names = ()
    axes: Names = ()
    transposed: Names = ()
    row_major: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    classes: Names = ()
    free: Mapping[str, str] = field(default_factory=dict)
    rtol: Mapping[str, float] = field(default_factory=dict)
    atol: Mapping[str, float] = field(default_factory=dict)

    def named(self) -> set[str]:
        """Names of arguments and outputs that are spoken of; "" stands for all."""
        return {
            *(*self.keywords, *self.integers, *self.indices, *self.axes, *self.transposed),
            *(*self.vectors, *self.row_major, *self.classes, *self.free, *self.rtol, *self.atol),
        } - {""}

    def with_defaults(self, other: "Conventions") -> "Conventions":
        """Return these, and of `other` what these do not speak of."""
        nothing = Conventions()
        missing = {
            one.name: getattr(other, one.name)
            for one in fields(self)
            if getattr(self, one.name) == getattr(nothing, one.name)
        }
        return replace(self, **missing)

    def of(self, declared: Mapping[str, Any], *names: str) -> Any:
        """Return what is declared for one of some names of the same thing, else for all."""
        return next((declared[name] for name in (*names, "") if name in declared), None)


ALIKE = {"index": "indices", "axis": "axes", "class": "classes", "integer": "integers"}
"""What may be written for a convention, and is not near enough to be seen by its letters."""

KNOWN = (*(one.name for one in fields(Conventions)), "class_")


def read_conventions(declared: Mapping[str, Any], where: str, project: bool = False) -> Conventions:
    """Read the conventions among the names of a cases file, or a table.

    Parameters
    ----------
    declared : mapping
        The names and what they are.
    where : str
        File or table, for messages.
    project : bool
        Whether it is the project's table: it may hold nothing else, and not what is a pair's own.

    Raises
    ------
    ConventionError
        If one is not of its form; the message says what is known.
    """
    found: dict[str, Any] = {}
    for name, value in declared.items():
        if name in KNOWN:
            key = "classes" if name == "class_" else name
            try:
                if project and key in PAIR_ONLY:
                    raise ConventionError("is a pair's own; it stands in its cases file")
                found[key] = _READERS[key](value)
            except ConventionError as error:
                own = "" if project else "; if it is meant otherwise, name it otherwise"
                raise ConventionError(f"{where}: `{name}` {error}{own}") from None
        elif project or _is_meant(name, value):
            near = _near(name)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(KNOWN)}"
            raise ConventionError(f"{where}: no convention is called `{name}`; {hint}")
    return Conventions(**found)


def _near(name: str) -> list[str]:
    return [ALIKE[name]] if name in ALIKE else get_close_matches(name, KNOWN, 1, 0.8)


def _is_meant(name: str, value: Any) -> bool:
    """Whether a name of a cases file looks like a misspelt convention."""
    if name.startswith("_") or name in ("cases", "sides", "names", "views", "case"):
        return False
    near = _near(name)
    if not near or not isinstance(value, (str, list, dict)) or not value:
        return False
    try:
        _READERS["classes" if near[0] == "class_" else near[0]](value)
    except ConventionError:
        return False
    return True


def _names(value: Any) -> Names:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) and v for v in value):
        raise ConventionError(f"must be a list of names of arguments or outputs, not {value!r}")
    return tuple(value)


def _names_or(word: str) -> Callable[[Any], Names]:
    def read(value: Any) -> Names:
        if value == word:
            return ("",)
        try:
            return _names(value)
        except ConventionError as error:
            raise ConventionError(f'must be "{word}", or a list of names, not {value!r}') from error

    return read


def _places(value: Any) -> tuple[str | int | None, ...]:
    if not isinstance(value, (list, tuple)) or not all(
        one is None or type(one) is int or (isinstance(one, str) and one) for one in value
    ):
        raise ConventionError(f"must be a list of names, places from 0 or None, not {value!r}")
    return tuple(value)


def _place(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ConventionError(f"must be the place of an argument, from 1, not {value!r}")
    return value


def _extra(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise ConventionError(f"must be a dict from parameters of the port, not {value!r}")
    return value


def _words(known: tuple[str, ...], example: str) -> Callable[[Any], dict[str, str]]:
    def read(value: Any) -> dict[str, str]:
        words = value if isinstance(value, dict) else {"": value}
        for name, text in words.items():
            parts = [text] if text in known else str(text).split()
            if not (isinstance(name, str) and isinstance(text, str)) or not (
                parts and set(parts) <= set(known)
            ):
                raise ConventionError(f"knows {example}, not {text!r}")
        return words

    return read


def _keywords(value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        return {name: {} for name in _names(value)}
    for name, fields_ in value.items():
        if not isinstance(name, str) or not isinstance(fields_, dict):
            raise ConventionError(f"must be names, or a dict from names to dicts, not {value!r}")
        if not all(isinstance(one, str) for item in fields_.items() for one in item):
            raise ConventionError(f"must give fields of a struct as texts, not {fields_!r}")
    return value


def _shapes(value: Any) -> dict[str, tuple[int, ...]]:
    if not isinstance(value, dict):
        return dict.fromkeys(_names(value), ())
    for name, shape in value.items():
        if not isinstance(name, str) or not all(type(n) is int for n in shape):
            raise ConventionError(f"must be names, or a dict from names to sizes, not {value!r}")
    return {name: tuple(shape) for name, shape in value.items()}


def _numbers(value: Any) -> dict[str, float]:
    numbers = value if isinstance(value, dict) else {"": value}
    for name, number in numbers.items():
        is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not (isinstance(name, str) and is_number and 0 <= number < 1e300):
            raise ConventionError(f"must be a number from 0, or a dict to such, not {value!r}")
    return {name: float(number) for name, number in numbers.items()}


_READERS: dict[str, Callable[[Any], Any]] = {
    "arguments": _places,
    "keywords": _keywords,
    "options_from": _place,
    "extra": _extra,
    "outputs": _places,
    "vectors": _words(VECTORS, ", ".join(f'"{one}"' for one in VECTORS)),
    "integers": _names_or("scalars"),
    "indices": _names,
    "axes": _names,
    "transposed": _names,
    "row_major": _shapes,
    "classes": _names_or("any"),
    "free": _words(
        FREE, 'a dict from names to "column signs", "column order", "row signs", "order" and such'
    ),
    "rtol": _numbers,
    "atol": _numbers,
}
