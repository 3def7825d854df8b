"""Imports of the user's modules as they are now, though one was saved twice within a second.

Python takes compiled code for that of a source whose second of change and length it has; `x + 2`
saved over `x + 1` is such a one. May import the standard library alone.
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
from importlib.util import cache_from_source, spec_from_file_location
from pathlib import Path
from typing import Any

SETTLED_S = 2
"""How old a source must be when it is compiled, in seconds, for a later one to have another time.

Compiled code holds whole seconds; some file systems hold every second one.
"""


class FreshLoader(SourceFileLoader):
    """Compiles a source, unless compiled code was written when it had long been saved."""

    def path_stats(self, path: Any) -> Any:
        """Return the time and the size that compiled code must have; nothing fits a new source.

        Raises
        ------
        OSError
            If compiled code is neither to be read nor to be written.
        """
        stats = super().path_stats(path)
        try:
            compiled = Path(cache_from_source(path)).stat().st_mtime
        except (OSError, NotImplementedError):
            compiled = time.time()
        if compiled < stats["mtime"] + SETTLED_S:
            raise OSError(f"{path} may be saved again with the same time")
        return stats


_HOOK = FileFinder.path_hook(
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (FreshLoader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


def import_fresh() -> None:
    """From now on, import every source of this process with `FreshLoader`."""
    if _HOOK not in sys.path_hooks:
        sys.path_hooks.insert(0, _HOOK)
        sys.path_importer_cache.clear()


def fresh_spec(name: str, file: Path) -> ModuleSpec:
    """Return how to import a file as a module of that name."""
    spec = spec_from_file_location(name, file, loader=FreshLoader(name, str(file)))
    assert spec is not None
    return spec
