"""Recordings changed at random: whatever is in them, they are used or refused, and nothing else."""

import contextlib
import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from lockstep.oracles.manifest import RecordingError, hash_of, manifest_file, values_file
from lockstep.oracles.recorded import RecordedOracle
from lockstep.project.cases import load_cases
from lockstep.project.pairs import find_project
from lockstep.sides.octave import OctaveDiedError
from lockstep.sides.octave_execution import OctaveTraceError

PROJECT = find_project(Path(__file__).parents[2])
PAIR = PROJECT.pair("computeNumericalGradient")
CASES = load_cases(PROJECT.cases_file(PAIR)).cases

STRANGE = (
    *(None, True, -1, 0, 1, 1.5, 10**9, 10**400, float("inf"), "x", [], {}, [0]),
    *({"cell": [[1, 1], []]}, {"sparse": [[1, 2**40], 0, 0, 0]}, {"handle": ["@(x) x", None]}),
)
"""What is put in the place of something else in JSON."""


def change(document, chance):
    """Put something strange somewhere into a document."""
    inside, where, place = document, document, None
    while isinstance(inside, (dict, list)) and inside and (place is None or chance.random() < 0.9):
        where = inside
        place = chance.choice(list(where) if isinstance(where, dict) else range(len(where)))
        inside = where[place]
    where[place] = chance.choice(STRANGE)


def forge(folder, chance):
    """Change the words, the numbers or the manifest of a recording; the hash fits."""
    values, manifest = values_file(folder, PAIR.name), manifest_file(folder, PAIR.name)
    said = json.loads(manifest.read_text())
    with np.load(values) as stored:
        arrays = dict(stored)
    what = chance.choice(("words", "numbers", "numbers", "manifest"))
    if what == "words":
        tree = json.loads(arrays["tree"].tobytes())
        change(tree, chance)
        arrays["tree"] = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    elif what == "numbers":
        column = arrays[chance.choice(sorted(arrays.keys() - {"tree"}))]
        for place in chance.choices(range(column.size), k=3):
            column.flat[place] = chance.randrange(256)
    np.savez(values, **arrays)
    said["values"] = hash_of(values)
    if what == "manifest":
        change(said, chance)
    manifest.write_text(json.dumps(said))


def used(oracle):
    """Ask for all that a recording may have; count what of it is refused."""
    refused = 0
    for case in oracle.adopted(PAIR, CASES).values():
        outcome = oracle.outcome(PAIR, case)
        refused += isinstance(outcome, OctaveDiedError)
        if not isinstance(outcome, Exception):
            oracle.jumping(PAIR, case, outcome.outputs)
        if oracle.is_traced(PAIR, case):
            try:
                oracle.trace(PAIR, case)
            except OctaveTraceError:
                refused += 1
    return refused


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the recording."""
    for file in PROJECT.recordings_folder.glob(f"{PAIR.name}.*"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_a_recording_that_nobody_changed_is_used(folder):
    assert used(RecordedOracle(folder, PROJECT.m_files, "octave")) == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_forged_recording_is_used_or_refused(folder, seed):
    forge(folder, random.Random(seed))
    with contextlib.suppress(RecordingError):
        used(RecordedOracle(folder, PROJECT.m_files, "octave"))
