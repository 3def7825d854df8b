"""The manifest of a recording: what is written is read, what is none is refused with a reason."""

import json
from dataclasses import replace

import pytest

from lockstep.model.identity import Identity
from lockstep.oracles.calls import Call
from lockstep.oracles.manifest import (
    Entry,
    Manifest,
    RecordingError,
    hash_of,
    manifest_file,
    read_manifest,
    write_manifest,
)

HASH = "0123456789abcdef"

MANIFEST = Manifest(
    "f",
    Identity("octave", "7.3.0", "OpenBLAS"),
    "2026-01-31",
    "0.1.0",
    {"matlab/f.m": 4 * HASH},
    4 * HASH,
    {
        "plain": Entry(Call((HASH,)), HASH, 0.25),
        "all": Entry(
            Call((HASH, HASH), 0, HASH), HASH, 1.5, ("y(3)",), "", "too large", {"matlab/g.m": HASH}
        ),
        "untraced": Entry(Call(()), HASH, untraced="no source"),
    },
)


@pytest.fixture
def file(tmp_path):
    return manifest_file(tmp_path, "f")


def test_what_is_written_is_read(file):
    write_manifest(file, MANIFEST)
    assert read_manifest(file, "f") == MANIFEST


def test_a_person_can_read_it(file):
    write_manifest(file, MANIFEST)
    document = json.loads(file.read_text())
    assert document["engine"] == {"name": "octave", "version": "7.3.0", "blas": "OpenBLAS"}
    assert document["cases"]["plain"] == {"arguments": [HASH], "shape": HASH, "seconds": 0.25}
    (line,) = (one for one in file.read_text().splitlines() if '"plain"' in one)
    assert line.strip(" ,") == f'"plain": {json.dumps(document["cases"]["plain"])}'


def test_a_manifest_without_cases_is_one(file):
    write_manifest(file, replace(MANIFEST, cases={}))
    assert read_manifest(file, "f").cases == {}


def test_a_manifest_that_is_not_there_says_how_to_make_it(file):
    with pytest.raises(RecordingError, match=r"f is not recorded.*lockstep record f"):
        read_manifest(file, "f")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"schema": 2}, "its schema is 2, not 1; record it again", id="schema"),
        pytest.param({"schema": None}, "its schema is None", id="no schema"),
        pytest.param({"pair": "g"}, "it is that of g, not of f", id="another pair"),
        pytest.param({"pair": 3}, "pair is no text", id="a pair that is no text"),
        pytest.param({"engine": "octave"}, "engine is no object", id="engine"),
        pytest.param({"engine": {"name": "scilab"}}, "its engine is 'scilab'", id="another engine"),
        pytest.param({"engine": {"name": ["octave"]}}, "its engine is", id="a list as engine"),
        pytest.param(
            {"engine": {"name": "octave", "version": 7}}, "version is no text", id="version"
        ),
        pytest.param({"date": None}, "date is no text", id="date"),
        pytest.param({"lockstep": []}, "lockstep is no text", id="tool"),
        pytest.param({"files": []}, "files is no object", id="files"),
        pytest.param({"files": {"f.m": "x"}}, "files is no hash", id="a file's hash"),
        pytest.param({"values": "../x"}, "values is no hash", id="values"),
        pytest.param({"values": 3}, "values is no hash", id="values that are no text"),
        pytest.param({"cases": []}, "cases is no object", id="cases"),
        pytest.param({"cases": {"a": 1}}, "case 'a' is no object", id="a case"),
    ],
)
def test_a_field_that_is_not_what_it_must_be_is_named(file, change, said):
    write_manifest(file, MANIFEST)
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(RecordingError, match="is no manifest of a recording") as raised:
        read_manifest(file, "f")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"arguments": HASH}, "arguments is no list", id="arguments"),
        pytest.param({"arguments": [1]}, "arguments is no list", id="an argument"),
        pytest.param({"arguments": ["zz"]}, "arguments is no hash", id="an argument's hash"),
        pytest.param({"shape": None}, "shape is no hash", id="shape"),
        pytest.param({"nargout": -1}, "nargout is no number", id="nargout"),
        pytest.param({"nargout": True}, "nargout is no number", id="nargout that is no number"),
        pytest.param({"seed": "x"}, "seed is no hash", id="seed"),
        pytest.param({"seconds": "1"}, "seconds is no number", id="seconds"),
        pytest.param({"seconds": -1}, "seconds is no number", id="negative seconds"),
        pytest.param({"seconds": float("inf")}, "seconds is no number", id="endless seconds"),
        pytest.param({"seconds": 10**400}, "seconds is no number", id="seconds beyond a float"),
        pytest.param({"jumps": "y"}, "jumps is no list", id="jumps"),
        pytest.param({"untraced": 1}, "untraced is no text", id="untraced"),
        pytest.param({"left_out": {}}, "left_out is no text", id="left out"),
        pytest.param({"files": {"g.m": None}}, "files is no hash", id="files"),
    ],
)
def test_a_field_of_a_case_that_is_not_what_it_must_be_is_named(file, change, said):
    write_manifest(file, MANIFEST)
    document = json.loads(file.read_text())
    document["cases"]["all"] |= change
    file.write_text(json.dumps(document))
    with pytest.raises(RecordingError) as raised:
        read_manifest(file, "f")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="a part"),
        pytest.param("[1]", id="a list"),
        pytest.param("[" * 100_000, id="deeper than Python goes"),
        pytest.param("\0\1\2", id="no text"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(file, text):
    file.write_text(text)
    with pytest.raises(RecordingError, match="is no manifest of a recording"):
        read_manifest(file, "f")


def test_a_file_that_is_no_utf8_is_refused(file):
    file.write_bytes(b"\xff\xfe{}")
    with pytest.raises(RecordingError, match="is no manifest of a recording"):
        read_manifest(file, "f")


def test_a_file_that_is_too_large_is_not_read(file, monkeypatch):
    monkeypatch.setattr("lockstep.oracles.manifest.MOST_JSON", 10)
    write_manifest(file, MANIFEST)
    with pytest.raises(RecordingError, match="is too large to be a manifest"):
        read_manifest(file, "f")


def test_what_would_steer_a_terminal_is_taken_out(file):
    write_manifest(file, MANIFEST)
    document = json.loads(file.read_text())
    document["cases"]["all"]["left_out"] = "\x1b[2Jtoo\u202e large"
    file.write_text(json.dumps(document))
    assert read_manifest(file, "f").cases["all"].left_out == "[2Jtoo large"


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path):
    (tmp_path / "f.json").mkdir()
    with pytest.raises(RecordingError, match="cannot be read"):
        read_manifest(tmp_path / "f.json", "f")
    with pytest.raises(RecordingError, match="cannot be read"):
        hash_of(tmp_path / "nothing")


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(RecordingError, match="cannot be written"):
        write_manifest(tmp_path / "no folder" / "f.json", MANIFEST)
