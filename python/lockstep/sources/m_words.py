"""The words of a .m file that may name a function: what it may come to call.

May import the other modules of this folder.
"""

import re
from pathlib import Path

from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_tree import File, Form, Sort
from lockstep.sources.octave_reader import read_m_file

WORD = re.compile(r"[A-Za-z_]\w*")


def words(file: File) -> set[str]:
    """Collect what may name a function: names, also after a dot; words of strings and commands."""
    found: set[str] = set()
    for one in file.expressions():
        if one.form in (Form.NAME, Form.HANDLE, Form.STRING):
            found.update(WORD.findall(one.name))
        found.update(link.name for link in one.links if link.name)
    for function in file.all_functions():
        for node in function.statements():
            if node.sort is Sort.COMMAND:
                found.update(WORD.findall(file.text[node.start : node.end]))
    return found


def words_of(path: Path) -> set[str]:
    """Collect the same of a file; of one that is not understood, every word that is in it."""
    try:
        return words(read_m_file(path))
    except MSyntaxError:
        return set(WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
