"""A recording of one pair on disk: NAME.json, which a person can read, and NAME.npz.

The JSON says what was recorded (the hashes of the .m files and of each case's arguments), from
which engine, when, and what was left out; the .npz holds the values and traces, without pickle.
Both are read as if a stranger had written them. May import `model`, `project`, `sides` and `calls`.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from lockstep.model.execution import Execution
from lockstep.model.identity import ENGINES, Identity
from lockstep.oracles.calls import Call
from lockstep.project.pairs import ProjectError
from lockstep.sides.octave import OctaveError, Reply

OF_TESTS, OF_CASES = "[call] ", "[like] "
"""What the names of recorded calls begin with that are no cases: a test has made them, or they are
like the pair's cases, for a mend to be tried on."""

SCHEMA = 1
"""Raised when a reader of an older recording would misread a newer one."""

MOST_JSON = 64 * 2**20
MOST_VALUES = 2**30
"""Bytes of either file that are read: of the .npz, what it claims to hold."""

MOST_SECONDS = 1e9
"""A call that took longer was not made."""

_HASH = re.compile(r"[0-9a-f]{16,64}")


class RecordingError(ProjectError):
    """A recording cannot be used; the message names it, says why and what to do."""


@dataclass(frozen=True)
class Entry:
    """What the manifest says of one case.

    Attributes
    ----------
    call : Call
        What the Octave side got.
    shape : str
        Hash of the same with every measured number 0: what is left of it on a machine that makes
        the last bits of the numbers otherwise.
    seconds : float
        Time inside the engine's function.
    jumps : tuple of str
        Leaves of the outputs that jump when the arguments are nudged.
    untraced : str
        Why there is no trace; empty where there is one.
    left_out : str
        Why the values were not kept; empty where they were.
    files : mapping
        The hashes of .m files that handles among the arguments reach, beyond those of the pair.
    """

    call: Call
    shape: str
    seconds: float = 0.0
    jumps: tuple[str, ...] = ()
    untraced: str = ""
    left_out: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What is known of a recording without its values.

    Attributes
    ----------
    pair : str
        Name.
    engine : Identity
        What gave the values.
    date : str
        Of the recording: 2026-01-31.
    tool : str
        Version of this package.
    files : mapping
        The hash of each .m file that the pair may come to.
    values : str
        Hash of the .npz file.
    cases : dict
        By name.
    """

    pair: str
    engine: Identity
    date: str
    tool: str
    files: Mapping[str, str]
    values: str
    cases: dict[str, Entry]


@dataclass
class Kept:
    """A case that was recorded, with its values.

    Attributes
    ----------
    entry : Entry
        What the manifest says of it.
    outcome : Reply, OctaveError or None
        What the engine gave; None where that was left out.
    arguments : list
        The measured numbers among the arguments, leaf by leaf; empty where they are not kept.
    trace : Execution or None
        What it did, where that is kept.
    trace_bytes : int
        About what the trace takes in the file.
    """

    entry: Entry
    outcome: Reply | OctaveError | None
    arguments: list[Any] = field(default_factory=list)
    trace: Execution | None = None
    trace_bytes: int = 0


def again(pair: str) -> str:
    """Say what to do about a recording that cannot be used."""
    return f"record it again where Octave is: lockstep record {pair}"


def manifest_file(folder: Path, pair: str) -> Path:
    """Return where the manifest of a pair is, or would be."""
    return folder / f"{pair}.json"


def values_file(folder: Path, pair: str) -> Path:
    """Return where the values of a pair are, or would be."""
    return folder / f"{pair}.npz"


def hash_of(file: Path) -> str:
    """Return the hash of a file.

    Raises
    ------
    RecordingError
        If it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            hasher = sha256()
            while chunk := stream.read(1 << 20):
                hasher.update(chunk)
    except OSError as error:
        raise RecordingError(f"{file} cannot be read: {error.strerror}") from None
    return hasher.hexdigest()


def write_manifest(file: Path, manifest: Manifest) -> None:
    """Write a manifest.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    fields = {
        "schema": SCHEMA,
        "pair": manifest.pair,
        "engine": {
            "name": manifest.engine.engine,
            "version": manifest.engine.version,
            "blas": manifest.engine.blas,
        },
        "date": manifest.date,
        "lockstep": manifest.tool,
        "files": dict(manifest.files),
        "values": manifest.values,
    }
    cases = {name: _plain(entry) for name, entry in manifest.cases.items()}
    try:
        file.write_text(_laid_out(fields, cases), encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"{file} cannot be written: {error.strerror}") from None


def _laid_out(fields: Mapping[str, Any], cases: Mapping[str, Any]) -> str:
    """Write a line for each field and each case, so that a change of one case is that of a line."""
    said = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    listed = [f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in cases.items()]
    return "{\n" + ",\n".join([*said, ' "cases": {\n' + ",\n".join(listed) + "\n }"]) + "\n}\n"


def _plain(entry: Entry) -> dict[str, Any]:
    plain: dict[str, Any] = {"arguments": list(entry.call.arguments), "shape": entry.shape}
    said = {
        "nargout": entry.call.nargout,
        "seed": entry.call.seed,
        "seconds": round(entry.seconds, 6),
        "jumps": list(entry.jumps),
        "untraced": entry.untraced,
        "left_out": entry.left_out,
        "files": dict(entry.files),
    }
    return plain | {name: value for name, value in said.items() if value or value == 0}


def read_manifest(file: Path, pair: str) -> Manifest:
    """Read a manifest, and check each of its fields.

    Parameters
    ----------
    file : Path
        Where it is.
    pair : str
        The pair that it must be of.

    Raises
    ------
    RecordingError
        If it cannot be read, is none, or is that of another pair.
    """
    try:
        if file.stat().st_size > MOST_JSON:
            raise RecordingError(f"{file} is too large to be a manifest")
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordingError(
            f"{pair} is not recorded: there is no {file}; record it where Octave is: "
            f"lockstep record {pair} (calls of tests: pytest --lockstep-record)"
        ) from None
    except OSError as error:
        raise RecordingError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise RecordingError(_no_manifest(file, pair, error)) from None
    try:
        return _manifest(document, pair)
    except _FieldError as error:
        raise RecordingError(_no_manifest(file, pair, error)) from None


def _no_manifest(file: Path, pair: str, error: Exception) -> str:
    return f"{file} is no manifest of a recording: {error}; {again(pair)}"


class _FieldError(Exception):
    """A field is not what it must be."""


def _manifest(document: Any, pair: str) -> Manifest:
    _need(isinstance(document, dict), "it is no object")
    schema = document.get("schema")
    _need(schema == SCHEMA, f"its schema is {schema!r}, not {SCHEMA}")
    name = _text(document, "pair")
    _need(name == pair, f"it is that of {name}, not of {pair}")
    engine = document.get("engine")
    _need(isinstance(engine, dict), "engine is no object")
    _need(engine.get("name") in list(ENGINES), f"its engine is {engine.get('name')!r}")
    cases = document.get("cases")
    _need(isinstance(cases, dict), "cases is no object")
    return Manifest(
        name,
        Identity(engine["name"], _text(engine, "version"), _text(engine, "blas")),
        _text(document, "date"),
        _text(document, "lockstep"),
        _hashes(document, "files"),
        _hash(document.get("values"), "values"),
        {name: _entry(name, plain) for name, plain in cases.items()},
    )


def _entry(case: str, plain: Any) -> Entry:
    _need(isinstance(plain, dict), f"case {case!r} is no object")
    arguments = _list(plain, "arguments", lambda one: isinstance(one, str))
    nargout = plain.get("nargout")
    _need(nargout is None or (type(nargout) is int and nargout >= 0), "nargout is no number")
    seconds = plain.get("seconds", 0.0)
    _need(type(seconds) in (int, float) and 0 <= seconds < MOST_SECONDS, "seconds is no number")
    seed = plain.get("seed", "")
    return Entry(
        Call(
            tuple(_hash(one, "arguments") for one in arguments),
            nargout,
            _hash(seed, "seed") if seed else "",
        ),
        _hash(plain.get("shape"), "shape"),
        float(seconds),
        tuple(_list(plain, "jumps", lambda one: isinstance(one, str))),
        _text(plain, "untraced", ""),
        _text(plain, "left_out", ""),
        _hashes(plain, "files"),
    )


def _need(holds: bool, text: str) -> None:
    if not holds:
        raise _FieldError(text)


def _text(plain: Mapping[str, Any], key: str, otherwise: str | None = None) -> str:
    value = plain.get(key, otherwise)
    _need(isinstance(value, str), f"{key} is no text")
    return _printable(str(value))


def _printable(text: str) -> str:
    """Take out what would steer a terminal."""
    return "".join(c for c in text if c.isprintable() or c == "\n")


def _hash(value: Any, key: str) -> str:
    _need(isinstance(value, str) and _HASH.fullmatch(value) is not None, f"{key} is no hash")
    return str(value)


def _hashes(plain: Mapping[str, Any], key: str) -> dict[str, str]:
    value = plain.get(key, {})
    _need(isinstance(value, dict), f"{key} is no object")
    return {_printable(name): _hash(one, key) for name, one in value.items()}


def _list(plain: Mapping[str, Any], key: str, holds: Callable[[Any], bool]) -> list[Any]:
    value = plain.get(key, [])
    _need(isinstance(value, list) and all(map(holds, value)), f"{key} is no list of texts")
    return list(value)
