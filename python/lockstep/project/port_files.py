"""Which Python functions there are, by module, read from the sources: nothing is imported.

The port of a project is a package, a module, a file, or a folder with or without ``__init__.py``.
May import `m_files` and `port_names`.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from lockstep.project.m_files import ProjectError, folders_below, spelling
from lockstep.project.port_names import Names, read_names

SHOWN_NAMES = 12
"""Names that an error lists."""

_Same = Callable[[str], bool]
"""Whether a name is the one that is looked for."""


@dataclass(frozen=True)
class Location:
    """Where a Python function is.

    Attributes
    ----------
    module : str
        Dotted name, as imported with `root` on the path.
    name : str
        Function, or ``Class.method``, in the module.
    how : str
        Why it is taken for the port: "name", "name but for case and underscores", "the only
        function of NAME.py" (or the only one that no other one calls), "declared".
    file : Path or None
        The module's; None where it is not known without an import.
    root : Path or None
        Folder that the name of the module starts from; None where Python finds it by itself.
    """

    module: str
    name: str
    how: str = "name"
    file: Path | None = None
    root: Path | None = None

    def __str__(self) -> str:
        """Write it as [tool.lockstep.pairs] takes it."""
        return f"{self.module}:{self.name}"


@dataclass(frozen=True)
class PortModule:
    """A module of the port: its file, its dotted name, and the folder that this starts from."""

    file: Path
    name: str
    root: Path | None

    @cached_property
    def names(self) -> Names:
        """What it binds."""
        return read_names(self.file)

    @property
    def own_name(self) -> str:
        """Last part of its name."""
        return self.name.rpartition(".")[2]

    @property
    def public(self) -> list[str]:
        """Its functions whose names do not begin with an underscore, as far as they are known."""
        if self.names.problem:
            return []
        return [name for name in dict.fromkeys(self.names.functions) if name[0] != "_"]

    @property
    def entries(self) -> list[str]:
        """Its public functions that no other of its functions calls: the others help these."""
        return [name for name in self.public if name not in self.names.used]


class PortFiles:
    """The Python functions of a port.

    Parameters
    ----------
    port : str
        Package, dotted module, or path of a file or folder; empty where there is none.
    folders : iterable of Path
        Where a path or a module may start from, the first found first.

    Raises
    ------
    ProjectError
        From whatever looks for the modules, if there is no such port.
    """

    def __init__(self, port: str, folders: Iterable[Path]) -> None:
        self.port = port
        self._starts = list(dict.fromkeys(folders))

    @cached_property
    def modules(self) -> list[PortModule]:
        """The modules of the port, those of a folder before those below it."""
        if not self.port:
            return []
        place = self.place
        if place is not None and place.is_file():
            module = _module(place)
            if module.names.problem:
                raise ProjectError(f"the port {place} is no Python: {module.names.problem}")
            return [module]
        folders = [place] if place is not None else self._package_folders()
        found = []
        for folder in folders:
            for here, files in folders_below(folder):
                python = [name for name in files if name.endswith(".py")]
                # the file that says what a package offers stands before what it takes it from
                python.sort(key=lambda name: name != "__init__.py")
                base = folder if not _is_package(folder) else None
                found += [_module(here / name, base) for name in python]
        return found or self._single()

    @cached_property
    def place(self) -> Path | None:
        """The port as a path of a file or folder; None where it is a module that Python finds."""
        dotted = Path(*self.port.split(".")) if self.port.strip(".") else Path(self.port)
        for start in self._starts:
            for path in (start / self.port, start / f"{self.port}.py"):
                if path.exists() and (path.is_dir() or path.suffix == ".py"):
                    return path.resolve()
            if "/" not in self.port and "." in self.port.strip("."):
                for path in (start / dotted, (start / dotted).with_suffix(".py")):
                    if path.exists():
                        return path.resolve()
        return None

    def _spec_file(self) -> tuple[list[str], str | None]:
        """Return the folders of the port as a package, and its file; without importing it."""
        search: list[str] | None = None
        *parents, _ = parts = self.port.split(".")
        for i, part in enumerate(parts):
            try:
                spec = PathFinder.find_spec(".".join(parts[: i + 1]), search) if part else None
                if spec is None and i == 0 and part in sys.builtin_module_names:
                    return [], None
                spec = spec or (_installed(part) if i == 0 and part else None)
            except (ImportError, ValueError):
                spec = None
            if spec is None:
                break
            search = list(spec.submodule_search_locations or [])
            if i == len(parents):
                return search, spec.origin
        raise ProjectError(
            f"the port {self.port!r} is neither a folder below {self._starts[-1]} nor a package "
            "that Python can import; install it (pip install -e .) or name it with --port NAME"
        )

    def _package_folders(self) -> list[Path]:
        return [Path(folder) for folder in self._spec_file()[0]]

    def _single(self) -> list[PortModule]:
        if self.place is not None:
            return []
        origin = self._spec_file()[1]
        return [PortModule(Path(origin or self.port), self.port, None)]

    def find(self, name: str) -> Location | None:
        """Return what serves as the port of an Octave function; None where nothing does.

        Raises
        ------
        ProjectError
            If several are as likely.
        """
        *packages, own = name.split(".")
        if spelling(own) not in self._known:
            return None
        steps = [
            ("name", lambda text: text == own),
            ("name but for case and underscores", lambda text: spelling(text) == spelling(own)),
        ]
        for how, same in steps:
            for places in self._ranked(same):
                found = _preferred(places, packages, own)
                if len(found) > 1:
                    said = " and ".join(f'"{one.module}:{one.name}"' for one in found[:2])
                    raise ProjectError(
                        f"the port of {name} may be {said}; say which in pyproject.toml:\n"
                        f"[tool.lockstep.pairs]\n{quoted_key(name)} = {said.split(' and ')[0]}"
                    )
                if found:
                    return _with(found[0], how)
        for module in self.modules:
            if spelling(module.own_name) == spelling(own) and len(module.entries) == 1:
                rest = "" if len(module.public) == 1 else " that no other one calls"
                how = f"the only function of {module.file.name}{rest}"
                return _location(module, module.entries[0], how)
        for module in self.modules:
            if module.own_name == own and not module.names.functions:
                return _location(module, own)  # it may make its function in ways that do not show
        return None

    @cached_property
    def _known(self) -> set[str]:
        """All names that `find` may find, as `spelling` leaves them: most are not."""
        names = {module.own_name for module in self.modules}
        for module in self.modules:
            found = module.names
            names |= {*found.functions, *found.assigned, *found.imported, *found.classes}
            names |= {one.partition(".")[2] for one in found.methods}
        names |= {one.name for one in self._starred(lambda text: True)}
        return set(map(spelling, names))

    def _ranked(self, same: _Same) -> Iterator[list[Location]]:
        """Yield what has a name, in groups: the likeliest first, those of a group alike."""
        twins = [module for module in self.modules if same(module.own_name)]
        roots = [module for module in self.modules if module.file.name == "__init__.py"][:1]
        roots = self.modules if len(self.modules) == 1 else roots
        for modules in (twins, roots, self.modules):
            yield [
                _location(module, one)
                for module in modules
                for one in dict.fromkeys(module.names.functions)
                if same(one)
            ]
        for kind in ("assigned", "imported", "classes"):
            for modules in (twins, roots, self.modules):
                found = [
                    _location(module, one)
                    for module in modules
                    for one in dict.fromkeys(getattr(module.names, kind))
                    if same(one)
                ]
                yield found[:1] if kind == "imported" else found
        yield from ([one] for one in self._starred(same))
        yield [
            _location(module, one)
            for module in self.modules
            for one in dict.fromkeys(module.names.methods)
            if same(one.partition(".")[2])
        ]

    def _starred(self, same: _Same) -> Iterator[Location]:
        """Yield what comes from ``import *`` out of modules that are not the port's own."""
        for module in self.modules:
            for star in module.names.stars:
                if star.startswith("."):
                    continue  # within the port: looked for where it is defined
                try:
                    other = PortFiles(star, [module.file.parent, *self._starts])
                    names = other._single()[0].names if other.place is None else None
                    names = names or (other.modules[0].names if other.modules else Names())
                except ProjectError:
                    continue
                for one in [*names.functions, *names.assigned, *names.imported]:
                    if same(one):
                        yield _location(module, one)

    def listed(self, name: str = "") -> str:
        """List the functions of the module of that name, or of the port, for a message."""
        like = [m for m in self.modules if name and spelling(m.own_name) == spelling(name)]
        found = [
            f"{module.own_name}.{one}" if len(self.modules) > 1 else one
            for module in like or self.modules
            for one in module.public
        ]
        more = f" and {len(found) - SHOWN_NAMES} more" if len(found) > SHOWN_NAMES else ""
        return (", ".join(found[:SHOWN_NAMES]) + more or "no functions") + "".join(
            f"; {problem}" for problem in self.problems[:SHOWN_NAMES]
        )

    @property
    def problems(self) -> list[str]:
        """What is wrong with files that are no Python: what is in them is not known."""
        return [
            f"{module.file} is no Python: {module.names.problem}"
            for module in self.modules
            if module.names.problem
        ]

    def declared(self, text: str) -> Location:
        """Return what a line of [tool.lockstep.pairs] names: ``module:function``, or a function."""
        module, _, name = text.rpartition(":")
        if not module:
            found = self.find(name)
            if found is None:
                raise ProjectError(f"the port has no function {name}; it has {self.listed()}")
            return _with(found, "declared")
        file = Path(module)
        for known in self.modules if self.port else []:
            names = {known.name, known.file.name, f"{Path(self.port).name}.{known.name}"}
            if module in names or (file.suffix == ".py" and known.file.match(module)):
                return _location(known, name, "declared")
        for start in self._starts:
            for path in (start / module, start / f"{module.replace('.', '/')}.py"):
                if path.suffix == ".py" and path.is_file():
                    return _location(_module(path.resolve()), name, "declared")
        return Location(module, name, "declared")


def _installed(name: str) -> ModuleSpec | None:
    """Find an installed top-level module by all finders: an editable install has its own."""
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec: ModuleSpec | None = find(name, None) if find else None
        if spec is not None:
            return spec
    return None


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()


def _module(file: Path, base: Path | None = None) -> PortModule:
    """Name the module of a file: from the topmost package that it is in, else from `base`."""
    parts = [] if file.name == "__init__.py" else [file.stem]
    folder = file.parent
    if _is_package(folder):
        while _is_package(folder) or (base is not None and base in folder.parents):
            parts.insert(0, folder.name)
            folder = folder.parent
    elif base is not None:
        while folder != base:
            parts.insert(0, folder.name)
            folder = folder.parent
    return PortModule(file, ".".join(parts), folder)


def _location(module: PortModule, name: str, how: str = "name") -> Location:
    return Location(module.name, name, how, module.file, module.root)


def _with(location: Location, how: str) -> Location:
    return Location(location.module, location.name, how, location.file, location.root)


def _preferred(places: list[Location], packages: list[str], own: str) -> list[Location]:
    """Narrow down places of one name: by the package it is in, by its module, by its privacy."""

    def in_package(one: Location) -> bool:
        parts = f"{one.module}.{one.name}".split(".")[:-1]
        return bool(packages) and spelling(packages[-1]) in map(spelling, parts)

    def in_twin(one: Location) -> bool:
        return spelling(one.module.rpartition(".")[2]) == spelling(own)

    def is_public(one: Location) -> bool:
        return "._" not in f".{one.module}" and "test" not in one.module

    for test in (in_package, in_twin, is_public):
        places = [one for one in places if test(one)] or places
    return places


def quoted_key(name: str) -> str:
    """Write a name as a key of TOML."""
    return f'"{name}"' if "." in name else name
