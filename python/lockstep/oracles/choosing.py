"""Which oracle a project's values come from. May import the other modules of this folder."""

import importlib.util

from lockstep.model.identity import AUTO, RECORDED
from lockstep.oracles.live import LiveOracle
from lockstep.oracles.oracle import Oracle
from lockstep.oracles.recorded import RecordedOracle
from lockstep.project.pairs import Project
from lockstep.sides.octave import find_octave
from lockstep.sides.session import new_session


def is_recorded(project: Project) -> bool:
    """Whether a project's values are recorded ones; of `AUTO`, whether there is no engine."""
    if project.oracle != AUTO:
        return project.oracle == RECORDED
    if project.engine == "matlab":
        return importlib.util.find_spec("matlab") is None
    return find_octave() is None


def instead_of_live(project: Project) -> str:
    """Say, where no engine was found, that there are recordings; nothing where there are none."""
    folder = project.recordings_folder
    if is_recorded(project) or not any(folder.glob("*.json")):
        return ""
    return f"\nthere are recordings in {folder}: --oracle recorded uses them"


def new_oracle(project: Project, timeout: float | None) -> Oracle:
    """Return the oracle of a project; a live one is not started yet."""
    if is_recorded(project):
        return RecordedOracle(project.recordings_folder, project.m_files, project.engine)
    session = new_session(project.engine, project.octave_path, timeout)
    return LiveOracle(session, project.octave_path)
