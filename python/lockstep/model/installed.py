"""Which files are a library's, and not the user's.

May import the standard library only.
"""

import os
from pathlib import Path

INSTALLED = frozenset({"site-packages", "dist-packages"})
"""Folders of what is installed, and does not change while it is used."""

_OWN_FILES = Path(__file__).parents[1]
_STANDARD = Path(os.__file__).parent


def is_own(file: str) -> bool:
    """Whether a file is one of this package."""
    return Path(file).is_relative_to(_OWN_FILES)


def is_library(file: str) -> bool:
    """Whether a file is Python's, of an installed package, or of this one; a made-up one is, too.

    Examples
    --------
    >>> is_library("<frozen importlib._bootstrap>"), is_library("work/port.py")
    (True, False)
    """
    path = Path(file)
    is_installed = path.is_relative_to(_STANDARD) or not INSTALLED.isdisjoint(path.parts)
    return file.startswith("<") or is_own(file) or is_installed
