"""What a project says of itself: the table [tool.lockstep] of its pyproject.toml.

May import `model` and `m_files`.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lockstep.model.identity import ENGINES, ORACLES
from lockstep.project.m_files import ProjectError

KEYS = (
    *("octave", "port", "cases", "pairs", "conventions", "timeout"),
    *("engine", "oracle", "recordings"),
)
"""What [tool.lockstep] may hold."""


def read_settings(here: Path) -> tuple[Path, dict[str, Any]]:
    """Return the root of the project around a folder, and its table [tool.lockstep].

    Raises
    ------
    ProjectError
        If it is not understood.
    """
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            try:
                tool = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("tool", {})
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ProjectError(f"{file} is not valid TOML: {error}") from None
            except OSError as error:
                raise ProjectError(f"{file} cannot be read: {error}") from None
            if isinstance(tool, dict) and "lockstep" in tool:
                return folder, _checked(file, tool["lockstep"])
    return here, {}


def has_settings(start: Path) -> bool:
    """Whether a pyproject.toml at or above a folder has a table [tool.lockstep]."""
    return bool(read_settings(start.resolve())[1])


def _checked(file: Path, settings: Any) -> dict[str, Any]:
    """Refuse settings that are unknown or of the wrong type."""
    place = f"[tool.lockstep] in {file}"
    if not isinstance(settings, dict):
        raise ProjectError(f"{place} must be a table, not {settings!r}")
    unknown = settings.keys() - set(KEYS)
    if unknown:
        raise ProjectError(
            f"{place} has unknown keys: {', '.join(sorted(unknown))}; known: {', '.join(KEYS)}"
        )
    octave = settings.get("octave", "")
    folders = octave if isinstance(octave, list) else [octave]
    texts = {"octave": folders, "port": [settings.get("port", "")]}
    texts |= {key: [settings.get(key, "")] for key in ("cases", "recordings")}
    for key, values in texts.items():
        if not all(isinstance(value, str) for value in values):
            also = " or a list of texts" if key == "octave" else ""
            raise ProjectError(f"{key} in {place} must be a text{also}")
    timeout = settings.get("timeout", 1)
    if not (type(timeout) in (int, float) and timeout > 0):
        raise ProjectError(f"timeout in {place} must be seconds above 0, not {timeout!r}")
    for key, known in (("engine", tuple(ENGINES)), ("oracle", ORACLES)):
        value = settings.get(key, known[0])
        if value not in known:
            words = " or ".join(map(repr, known))
            raise ProjectError(f"{key} in {place} must be {words}, not {value!r}")
    for key in ("pairs", "conventions"):
        if not isinstance(settings.get(key, {}), dict):
            raise ProjectError(f"{key} in {place} must be a table")
    _check_pairs(file, settings.get("pairs", {}))
    return settings


def _check_pairs(file: Path, pairs: Mapping[str, Any]) -> None:
    for name, text in pairs.items():
        if not isinstance(text, str):
            raise ProjectError(
                f"[tool.lockstep.pairs] in {file}: {name} must be a text such as "
                f'"module:function", not {text!r}; a name with dots stands in quotes'
            )
