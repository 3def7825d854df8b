"""Cases that `lockstep capture` took from a script: NAME.captured.npz beside NAME.py.

The file holds what Octave had as arguments, call by call; which Python values stand for these is
settled here, when they are read. May import `archive`, `arguments` and `cases`.
"""

from pathlib import Path


def captured_file(cases_file: Path) -> Path:
    """Return where the captured cases of a cases file are, or would be."""
    return cases_file.with_name(f"{cases_file.stem}.captured.npz")
