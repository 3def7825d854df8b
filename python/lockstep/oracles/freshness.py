"""Which .m files a call may come to, with the hash of each: what a recording is of.

Files are told by the words in the source, as for a trace; data that they load are not looked at.
May import `project` and `sources`.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from lockstep.project.m_files import MFiles
from lockstep.project.pairs import Pair
from lockstep.sources.m_words import words_of


class MCode:
    """The .m files of a project, read once as long as they stay as they are.

    Parameters
    ----------
    m_files : MFiles
        Where they are.
    """

    def __init__(self, m_files: MFiles) -> None:
        self._m_files = m_files
        self._labels = _labels(m_files.folders)
        self._read: dict[Path, tuple[int, str, set[str]]] = {}

    def reached(self, pair: Pair, names: Iterable[str] = ()) -> dict[str, str]:
        """Return the hash of each file that the Octave side of a pair may come to, by its name.

        Parameters
        ----------
        pair : Pair
            Its own file is the first.
        names : iterable of str
            Further functions that are called: those of handles.
        """
        found = {pair.m_file} if pair.m_file is not None else set()
        waiting = [set(names), *(self._about(path)[1] for path in found)]
        while waiting:
            for word in waiting.pop():
                for path in self._m_files.by_stem.get(word, ()):
                    if path not in found:
                        found.add(path)
                        waiting.append(self._about(path)[1])
        return {self.name(path): self._about(path)[0] for path in sorted(found)}

    def name(self, path: Path) -> str:
        """Return what a file is called on any machine: from the name of the project's folder on."""
        for folder, label in self._labels.items():
            for root, file in ((folder, path), (folder.resolve(), path.resolve())):
                if file.is_relative_to(root):
                    return (Path(label) / file.relative_to(root)).as_posix()
        return path.name

    def file(self, name: str) -> Path:
        """Return the file of a name that `name` gave.

        Raises
        ------
        LookupError
            If there is none.
        """
        for paths in self._m_files.by_stem.values():
            for path in paths:
                if self.name(path) == name:
                    return path
        raise LookupError(f"there is no file {name} in the project")

    def _about(self, path: Path) -> tuple[str, set[str]]:
        stamp = path.stat().st_mtime_ns
        if path not in self._read or self._read[path][0] != stamp:
            text = path.read_bytes().replace(b"\r\n", b"\n")  # git may have changed line ends
            self._read[path] = stamp, sha256(text).hexdigest(), words_of(path)
        return self._read[path][1:]


def _labels(folders: Iterable[Path]) -> dict[Path, str]:
    """Return the name of each folder; with a number where another before it has the same."""
    found: dict[Path, str] = {}
    for folder in folders:
        name = folder.resolve().name
        before = sum(one.resolve().name == name for one in found)
        found[folder] = f"{name} ({before + 1})" if before else name
    return found


def changes(recorded: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say what became of the files since the recording; empty where they are the same."""
    said = [
        f"{name} {'changed' if name in now else 'is gone'}"
        for name, one in recorded.items()
        if now.get(name) != one
    ]
    said += [f"{name} is reached now" for name in now.keys() - recorded.keys()]
    return ", ".join(sorted(said))
