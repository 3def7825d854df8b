"""What turns, hides or controls text, written as its code: names and values are anybody's.

May import the standard library only.
"""

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
"""Characters that control, turn or hide text, and halves of characters."""


def visible(text: str) -> str:
    r"""Write what turns, hides or controls text as its code, \u202e for example."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
