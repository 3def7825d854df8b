"""Imports of the user's modules as they are now, though one was saved twice within a second.

Python takes compiled code for that of a source whose second of change and length it has; `x + 2`
saved over `x + 1` is such a one. May import `model`.
"""

import sys
import time
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

from lockstep.model.installed import INSTALLED

SETTLED_S = 2
"""How old a source must be when it is compiled, in seconds, for a later one to have another time.

Compiled code holds whole seconds; some file systems hold every second one.
"""


class FreshLoader(SourceFileLoader):
    """Takes compiled code only if that was written when the source had long been saved."""

    def get_data(self, path: Any) -> bytes:
        """Return what a file holds.

        Raises
        ------
        OSError
            If it is compiled code that may be of another source than that which there is now.
        """
        is_compiled = str(path).endswith(tuple(BYTECODE_SUFFIXES))
        if is_compiled and Path(path).stat().st_mtime < self._settled():
            raise OSError(f"{path} may be of a source that was saved at the same time")
        return super().get_data(path)

    def set_data(self, path: Any, data: Any, *, _mode: int = 0o666) -> None:
        """Write compiled code, unless the source may be saved again with the same time."""
        if time.time() >= self._settled():
            super().set_data(path, data, _mode=_mode)

    def _settled(self) -> float:
        """Say from when on a source that is saved again has another time."""
        return Path(self.path).stat().st_mtime + SETTLED_S


_FINDER = FileFinder.path_hook(
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (FreshLoader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


def _of_users_folders(path: str) -> Any:
    """Return what finds modules in a folder; Python's own, and what is installed, is as it is."""
    folder = Path(path or ".").resolve()
    own = (Path(one).resolve() / "lib" for one in (sys.prefix, sys.base_prefix))
    if not INSTALLED.isdisjoint(folder.parts) or any(folder.is_relative_to(one) for one in own):
        raise ImportError(f"{path} is not the user's")
    return _FINDER(path)


def import_fresh() -> None:
    """From now on, import every source of the user's with `FreshLoader`, in this process."""
    if _of_users_folders not in sys.path_hooks:
        sys.path_hooks.insert(0, _of_users_folders)
        sys.path_importer_cache.clear()


def fresh_spec(name: str, file: Path) -> ModuleSpec:
    """Return how to import a file as a module of that name."""
    spec = spec_from_file_location(name, file, loader=FreshLoader(name, str(file)))
    assert spec is not None
    return spec
