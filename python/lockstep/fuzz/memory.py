"""Inputs that failed in an earlier search: .lockstep/fuzz/NAME.npz, tried first in the next one.

What a file cannot hold (functions) is taken from the case after which the input was made, as it is
when the input is tried again. May import `project`, `places` and `model`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lockstep.fuzz.places import Form, places, replaced
from lockstep.fuzz.strategies import Input
from lockstep.model.archive import ArchiveError, read_archive, write_archive
from lockstep.project.cases import Case
from lockstep.project.memory import memory_folder
from lockstep.project.pairs import Pair, Project

MOST = 20
"""Inputs that are remembered of a pair."""


def _file(project: Project, pair: Pair) -> Path:
    return memory_folder(project) / "fuzz" / f"{pair.name}.npz"


def remember(project: Project, pair: Pair, inputs: Sequence[Input]) -> None:
    """Keep inputs for the next search; none where there are none.

    Raises
    ------
    OSError, ArchiveError
        If they cannot be written.
    """
    file = _file(project, pair)
    if inputs:
        write_archive(file, [_taken_apart(one) for one in inputs[:MOST]])
    else:
        file.unlink(missing_ok=True)


def _taken_apart(one: Input) -> Any:
    kept = [
        [list(place.path), value]
        for place, value in places(one.args)
        if place.form is not Form.FIXED
    ]
    return [one.like, kept]


def remembered(project: Project, pair: Pair, cases: Mapping[str, Case]) -> list[Input]:
    """Return the inputs that are remembered of a pair and still go with its cases.

    Raises
    ------
    OSError, ArchiveError
        If they cannot be read.
    """
    file = _file(project, pair)
    if not file.is_file():
        return []
    found = []
    try:
        for like, kept in read_archive(file):
            values = {tuple(path): value for path, value in kept}
            if like in cases and values.keys() <= {p.path for p, _ in places(cases[like].args)}:
                found.append(Input(replaced(cases[like].args, values), like))
    except (TypeError, ValueError):
        raise ArchiveError(f"{file} holds no inputs") from None
    return found
