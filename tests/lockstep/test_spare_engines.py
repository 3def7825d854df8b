"""Engines are started before they are needed, and made up for when they are taken."""

import pytest

from lockstep import spare_engines
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.spare_engines import SPARES, SpareEngines


class Engine:
    """Stands for a supervisor: notes what is asked of it."""

    made: list["Engine"]
    error: Exception | None

    def __init__(self, project, timeout):
        assert (project, timeout) == ("project", 60.0)
        self.starts, self.is_open = 0, True
        self.made.append(self)

    def machine(self):
        """Start."""
        self.starts += 1
        if self.error is not None:
            raise self.error
        return {}

    def close(self, at_once=False):
        """End."""
        self.is_open = False


@pytest.fixture
def made(monkeypatch):
    """Return the list of the engines that are made."""
    monkeypatch.setattr(Engine, "made", [], raising=False)
    monkeypatch.setattr(Engine, "error", None, raising=False)
    monkeypatch.setattr(spare_engines, "Supervisor", Engine)
    return Engine.made


def test_another_takes_the_place_of_one_that_is_taken(made):
    spares = SpareEngines(60.0)
    taken = [spares.take("project") for _ in range(3)]
    spares.close()
    assert taken == made[:3]
    assert [one.starts for one in taken] == [1, 1, 1]
    assert [one.is_open for one in made] == [True] * 3 + [False] * SPARES


def test_the_first_that_is_there_is_enough(made):
    spares = SpareEngines(60.0)
    spares.wait("project")
    spares.wait("project")
    assert len(made) == SPARES
    assert made[0].starts == 1
    spares.close()


def test_without_octave_none_is_kept_and_it_is_tried_again(made, monkeypatch):
    spares = SpareEngines(60.0)
    monkeypatch.setattr(Engine, "error", OctaveNotFoundError("no Octave"))
    with pytest.raises(OctaveNotFoundError, match="no Octave"):
        spares.take("project")
    assert not any(one.is_open for one in made)
    monkeypatch.setattr(Engine, "error", None)
    assert spares.take("project").is_open
    spares.close()
