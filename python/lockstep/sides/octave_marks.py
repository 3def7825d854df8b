"""Which lines and branches of a .m file calls of Octave reach: a copy of it with marks is called.

May import `model`, `project`, `sources`, `octave`, `session` and `octave_copies`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockstep.model.coverage import Marks, Places
from lockstep.model.own_folders import temporary_folder
from lockstep.sides.octave import OctaveSession
from lockstep.sides.octave_copies import write_copies
from lockstep.sides.session import Session
from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.octave_marks import marked
from lockstep.sources.octave_reader import read_m_file


class NoMarksError(Exception):
    """A .m file cannot be looked into; the message says why."""


class OctaveMarks:
    """The marks of a .m file, while its copy is what Octave calls.

    Attributes
    ----------
    places : Places
        What the marks say.
    """

    def __init__(self, session: Session, places: Places) -> None:
        self.places = places
        self._session = session

    def taken(self) -> Marks:
        """Return the marks that were set, and clear them."""
        found = self._session.call("lockstep_mark_", -self.places.count, nargout=1).outputs[0]
        return frozenset(place for place, was_set in enumerate(found.ravel(), 1) if was_set)


@contextmanager
def octave_marks(session: Session, m_file: Path) -> Iterator[OctaveMarks]:
    """Let Octave call a copy with marks in place of a .m file for a while.

    Raises
    ------
    NoMarksError
        If the file is not understood, or the engine is not Octave.
    """
    if not isinstance(session, OctaveSession):
        raise NoMarksError("lines and branches are looked into in Octave only")
    path = m_file.resolve()
    try:
        text, places = marked(read_m_file(path), path)
    except (MSyntaxError, OSError) as error:
        raise NoMarksError(f"{path} is not understood: {error}") from None
    with temporary_folder() as folder:
        originals, copies = write_copies({path: text}, Path(folder).resolve())
        before = session.call(
            "lockstep_tracing_", originals, copies, [path.stem], 0.0, 0.0, nargout=1
        ).outputs[0]
        marks = OctaveMarks(session, places)
        try:
            marks.taken()
            yield marks
        finally:
            if session.pid is not None:
                session.call("lockstep_recorded_", copies, [path.stem], before, nargout=1)
