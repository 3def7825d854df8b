"""Deviations that are meant: cases in which the port is to differ, each with its reason.

They stand in ``deviations.toml`` beside the cases, by pair and case; "*" is every case::

    [costFunction]
    "no examples" = "the port refuses an empty X, where Octave returns NaN"

Each is counted on its own, and is an error once it no longer occurs. May import `cases`.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from lockstep.project.cases import CasesError

FILE = "deviations.toml"
EVERY = "*"


def load_deviations(folder: Path) -> dict[str, dict[str, str]]:
    """Read the deviations of a folder of cases: the reasons by pair and case.

    Raises
    ------
    CasesError
        If the file is not of its form.
    """
    file = folder / FILE
    if not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CasesError(f"{file} is not valid TOML: {error}") from None
    for pair, cases in found.items():
        reasons = cases.items() if isinstance(cases, dict) else [(pair, None)]
        for case, reason in reasons:
            if not isinstance(reason, str) or not reason.strip():
                raise CasesError(
                    f'{file}: {case!r} needs a reason; write [{pair}] and below it "CASE" = '
                    f'"why the port differs", or "{EVERY}" for every case'
                )
    return found


def unknown_cases(
    reasons: Mapping[str, str], cases: Mapping[str, object], pair: str, folder: Path
) -> str:
    """Say which cases have a deviation but are not there; empty where there are none."""
    strange = [name for name in reasons if name not in cases and name != EVERY]
    if not strange:
        return ""
    return f"{folder / FILE} names cases that {pair} does not have: {', '.join(strange)}"
