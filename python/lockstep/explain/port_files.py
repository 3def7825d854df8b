"""A file of the port, read and parsed.

May import the standard library only.
"""

import ast
import functools
from pathlib import Path


def parsed_file(file: Path) -> tuple[str, ast.Module] | None:
    """Read a module: its text and its tree; None where it is none that can be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        return text, _parsed(text)
    except (OSError, UnicodeDecodeError, SyntaxError):
        return None


@functools.lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    """Read a module, once as long as its statements are looked at in turn; nobody changes trees."""
    return ast.parse(text)
