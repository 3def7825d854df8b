"""The modules of the port: imports them, finds functions in them, puts others in their place.

May import `errors`, `fresh_imports`, `pairs` and `port_files`.
"""

import contextlib
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from lockstep.model.errors import described
from lockstep.project.fresh_imports import fresh_spec, import_fresh
from lockstep.project.pairs import Project, ProjectError
from lockstep.project.port_files import Location

NOT_PORTS = frozenset({"numpy", "scipy"}) | sys.stdlib_module_names
"""Packages whose functions may serve as ports, but are nobody's port of anything."""


class PortError(Exception):
    """The port of a pair cannot be found, or does not return what its twin returns."""


class NoPortError(PortError):
    """There is no port of a pair, or its module cannot be imported: nothing was run."""


class PortModules:
    """The modules of a project's port.

    Parameters
    ----------
    project : Project
        Says where the port of a pair is.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._loaded: list[ModuleType] = []
        self._found: list[ModuleType] = []
        import_fresh()

    def function(self, name: str) -> Callable[..., Any]:
        """Return the port of the pair `name`, as it is now.

        Raises
        ------
        NoPortError
            If there is none, or its module cannot be imported.
        """
        try:
            location = self._project.location(name)
        except ProjectError as error:
            raise NoPortError(str(error)) from None
        if location is None:
            raise NoPortError(str(self._project.port_problem(name)))
        known = None if location.module in sys.modules else set(sys.modules)
        try:
            module = self._module(location)
            found = _attribute(module, location.name)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if known is not None:
                _forget(set(sys.modules) - known, location.module.partition(".")[0])
            problem = f"the port of {name} cannot be imported: {described(error)}"
            if "no known parent package" in problem and location.file is not None:
                package = location.file.parent
                problem += f"; an empty {package / '__init__.py'} makes a package of the folder"
            raise NoPortError(problem) from error
        if not callable(found):
            raise NoPortError(
                f"no Python function {location.name} in {location.file or location.module}; "
                f"there: {self._project.port_files.listed(name)}"
            )
        return found  # type: ignore[no-any-return]

    def _module(self, location: Location) -> ModuleType:
        """Import a module; from its file where another one has taken its name (bisect, signal)."""
        if location.file is None:
            return importlib.import_module(location.module)
        if location.root is not None and str(location.root) not in sys.path:
            sys.path.insert(0, str(location.root))
        taken = sys.modules.get(location.module)
        if taken is not None and not _is_of(taken, location.file):
            return _from_file(location.file)
        try:
            module = importlib.import_module(location.module)
        except ModuleNotFoundError as error:
            beside = self._folder_of(location.file, str(error.name).partition(".")[0])
            if beside is None or str(beside) in sys.path:
                raise
            sys.path.insert(0, str(beside))
            return self._module(location)
        return module if _is_of(module, location.file) else _from_file(location.file)

    def _folder_of(self, file: Path, name: str) -> Path | None:
        """Return the folder of the port, above or beside a file, that has a module of a name."""
        top = self._project.port_files.place or file.parent
        for folder in (file.parent, *file.parents):
            if (folder / f"{name}.py").is_file() or (folder / name).is_dir():
                return folder
            if folder == top:
                break
        return None

    @contextlib.contextmanager
    def replacing(self, change: Callable[[FunctionType], Any]) -> Iterator[None]:
        """Put something else in place of every pair's function, wherever the port refers to it."""
        replaced: list[tuple[Any, str, Any]] = []
        changed: list[tuple[Any, str, Any]] = []
        for module in self._ours():
            for name, value in list(vars(module).items()):
                if isinstance(value, FunctionType):
                    if self.pair_name(value) is not None:
                        replaced.append((module, name, value))
                        changed.append((module, name, change(value)))
                elif isinstance(value, type) and value.__module__ == module.__name__:
                    for owned, raw in list(vars(value).items()):
                        method = raw.__func__ if isinstance(raw, staticmethod) else raw
                        if isinstance(method, FunctionType) and self.pair_name(method) is not None:
                            new = change(method)
                            static = isinstance(raw, staticmethod)
                            replaced.append((value, owned, raw))
                            changed.append((value, owned, staticmethod(new) if static else new))
        try:
            for owner, name, value in changed:
                setattr(owner, name, value)
            yield
        finally:
            for owner, name, value in replaced:
                setattr(owner, name, value)

    def namespaces(self, function: Callable[..., Any]) -> dict[str, dict[str, Any]]:
        """Return the files that the port is made of, with their globals; one function's too."""
        found: dict[str, dict[str, Any]] = {}
        for module in self._ours():
            file = getattr(module, "__file__", None)
            if isinstance(file, str):
                found[file] = vars(module)
        while isinstance(function, functools.partial):
            function = function.func
        plain = inspect.unwrap(getattr(function, "__func__", function))
        if isinstance(plain, FunctionType):
            found.setdefault(plain.__code__.co_filename, plain.__globals__)
        return found

    def pair_name(self, function: FunctionType) -> str | None:
        """Return the name of the pair that a function is the port of; None where it is none."""
        places = self._pairs_by_place
        module = sys.modules.get(function.__module__)
        return places.get((_file(module), function.__qualname__)) or places.get(
            (function.__module__, function.__qualname__)
        )

    @functools.cached_property
    def _pairs_by_place(self) -> dict[tuple[Any, str], str]:
        """The pairs by the file, or the module, and the name of their port."""
        found: dict[tuple[Any, str], str] = {}
        for pair in self._project.pairs():
            with contextlib.suppress(ProjectError):
                place = self._project.location(pair.name)
                if place is not None:
                    found[place.file or place.module, place.name] = pair.name
        return found

    @functools.cached_property
    def _files(self) -> set[Path]:
        named = {Path(place) for place, _ in self._pairs_by_place if isinstance(place, Path)}
        return named | {module.file for module in self._project.port_files.modules}

    @functools.cached_property
    def _packages(self) -> set[str]:
        """Packages that are named as a port, and hold others' modules too."""
        named = {str(place) for place, _ in self._pairs_by_place if isinstance(place, str)}
        return {name.partition(".")[0] for name in named} - NOT_PORTS

    def _ours(self) -> list[ModuleType]:
        """List the modules of the port that are loaded; thousands are, so they are looked at once.

        Those that were there are kept, so that no other one can have the id of one.
        """
        loaded = list(sys.modules.values())
        if list(map(id, loaded)) != list(map(id, self._loaded)):
            self._loaded, self._found = loaded, [one for one in loaded if self._is_ours(one)]
        return self._found

    def _is_ours(self, module: ModuleType) -> bool:
        """Whether a module is of the port, by its outermost package or its file."""
        package = str(getattr(module, "__name__", "")).partition(".")[0]
        return package in self._packages or _file(module) in self._files


def _forget(modules: set[str], package: str) -> None:
    """Forget what an import that failed left of a package: the next one is to fail alike."""
    for name in modules:
        if name.partition(".")[0] == package:
            del sys.modules[name]


def _attribute(module: ModuleType, name: str) -> Any:
    """Return a function of a module, or a method of one of its classes."""
    owner, found = None, module
    for part in name.split("."):
        owner, found = found, getattr(found, part, None)  # type: ignore[assignment]
    if isinstance(owner, type) and isinstance(vars(owner).get(name.split(".")[-1]), FunctionType):
        return getattr(owner(), name.split(".")[-1])  # of an object of its class
    return None if isinstance(found, ModuleType) else found


def _file(module: ModuleType | None) -> Path | None:
    file = getattr(module, "__file__", None)
    return _resolved(file) if isinstance(file, str) else None


@functools.cache
def _resolved(file: str) -> Path:
    return Path(file).resolve()


def _is_of(module: ModuleType, file: Path) -> bool:
    return _file(module) == _resolved(str(file))


def _from_file(file: Path) -> ModuleType:
    """Import a module from its file, under the name of this."""
    name = str(file)
    if name not in sys.modules:
        spec = fresh_spec(name, file)
        assert spec.loader is not None
        module = sys.modules[name] = module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]
