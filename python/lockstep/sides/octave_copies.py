"""Copies of .m files in a folder of ours, that Octave takes in place of the originals for a while.

Imports nothing of the package.
"""

from collections.abc import Mapping
from pathlib import Path

SPECIAL = ("+", "@")
"""What the folders of packages and classes begin with: their parent is on Octave's path."""


def write_copies(texts: Mapping[Path, str], folder: Path) -> tuple[list[str], list[str]]:
    """Write texts in place of files below a folder, where they see the same private functions.

    Parameters
    ----------
    texts : mapping
        By the path of the original.
    folder : Path
        Empty.

    Returns
    -------
    originals, copies : list of str
        The folders of Octave's path that the originals are in, and those that stand for them.
    """
    places: dict[Path, Path] = {}
    below: dict[Path, Path] = {}
    for path, text in texts.items():
        root = path_folder(path)
        place = places.setdefault(root, folder / str(len(places)))
        into = place / path.parent.relative_to(root)
        into.mkdir(parents=True, exist_ok=True)
        below[path.parent] = into
        with (into / path.name).open(
            "w", encoding="utf-8", errors="surrogateescape", newline=""
        ) as file:
            file.write(text)
    for original, into in below.items():
        if original.name != "private":
            _link_private(original, into)
    return [str(one) for one in places], [str(one) for one in places.values()]


def path_folder(file: Path) -> Path:
    """Return the folder that must be on Octave's path for a .m file."""
    folder = file.parent.parent if file.parent.name == "private" else file.parent
    while folder.name.startswith(SPECIAL):
        folder = folder.parent
    return folder


def _link_private(original: Path, place: Path) -> None:
    """Let a copy see the private functions that were not copied."""
    if not (original / "private").is_dir():
        return
    (place / "private").mkdir(exist_ok=True)
    for path in (original / "private").iterdir():
        target = place / "private" / path.name
        if not target.exists():
            target.symlink_to(path)
