"""Cases in which a side raised an error.

May import `case_result`, `model`, `project` and `sides`.
"""

import re
import traceback
from pathlib import Path
from typing import Any

from lockstep.compare.case_result import CaseResult
from lockstep.compare.verdict import Verdict
from lockstep.model.errors import described, is_same_error
from lockstep.model.installed import is_library, is_own
from lockstep.project.cases import ANY_ERROR, Case
from lockstep.sides.octave import Reply
from lockstep.sides.port import PortReply

NO_LINE = " line -1"
"""What Octave says of a place where it does not know the line."""


def compare_errors(
    label: str, name: str, case: Case, octave: Reply | Exception, python: PortReply | Exception
) -> CaseResult:
    """Judge a case in which at least one side raised an error."""
    verdict, problem = Verdict.ERROR, ""
    if not isinstance(python, Exception):
        text = f"{_octave_text(octave)}{_hint_at_lists(case, octave)}"
        verdict, problem = Verdict.DIFFERENT, f"only Octave raised an error: {text}"
    elif not isinstance(octave, Exception):
        verdict, problem = Verdict.DIFFERENT, f"only Python raised an error: {_python_text(python)}"
    elif case.raises is None:
        problem = (
            f"both sides raised an error\n  Octave: {_octave_text(octave)}\n"
            f"  Python: {_python_text(python)}\n"
            "  if that is what the case is for, say so with raises='IDENTIFIER'"
        )
    else:
        verdict, problem = _expected_error(case.raises, octave, python)
    raised = str(octave) if isinstance(octave, Exception) else None
    return CaseResult(label, name, verdict, problem=problem, raised=raised)


def _expected_error(expected: str, octave: Exception, python: Exception) -> tuple[Verdict, str]:
    identifier = getattr(octave, "identifier", "")
    if expected not in (ANY_ERROR, identifier):
        return Verdict.DIFFERENT, (
            f"expected the error {expected}, "
            f"Octave raised {identifier or '(no identifier)'}: {octave}"
        )
    if not is_same_error(str(octave), python):
        return Verdict.DIFFERENT, (
            f"the error messages differ\n  Octave: {octave}\n  Python: {_python_text(python)}"
        )
    return Verdict.IDENTICAL, ""


def _octave_text(outcome: Any) -> str:
    stack = getattr(outcome, "stack", [])
    where = f" ({stack[0].removesuffix(NO_LINE)})" if stack else ""
    return f"{outcome}{where}{_octave_hint(str(outcome))}"


def _hint_at_lists(case: Case, octave: Reply | Exception) -> str:
    """Say how an argument is written that Octave got as a cell, and could not work with as one."""
    lists = (
        number
        for number, one in enumerate(case.args, 1)
        if isinstance(one, list) and one and all(isinstance(item, (int, float)) for item in one)
    )
    number = next(lists, 0)
    if not number or not re.search(r"\bcell\b", str(octave)):
        return ""
    return (
        f"\n  argument {number} of the case is a list, which is a cell in Octave: for a row of "
        "numbers write np.array([...])"
    )


def _octave_hint(text: str) -> str:
    """Say what helps where an error says that a package is not loaded, or that nothing draws."""
    found = re.search(r"belongs to the (\S+) package", text)
    if found is not None:
        return (
            f"\n  load it by a file PKG_ADD beside the .m files, with the line: pkg load {found[1]}"
        )
    if "no graphics toolkits" in text:
        return "\n  install gnuplot: with it Octave draws without a screen"
    return ""


def _python_text(error: Exception) -> str:
    """Describe an error of the port, with the innermost line of the user's that it came from."""
    hint = _HINTS.get(type(error).__name__, "")
    return f"{described(error)}{_place_of(error)}" + (f"\n  {hint}" if hint else "")


def _place_of(error: Exception) -> str:
    """Name the innermost line that is no library's; where all are, the innermost one."""
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if not is_own(frame.f_code.co_filename)
    ]
    of_user = [place for place in places if not is_library(place[0])]
    for file, line in (of_user or places)[-1:]:
        return f" ({Path(file).name} line {line})"
    return ""


_HINTS = {
    "BdbQuit": "it stops for a debugger, which has no terminal here: run it with --in-process",
    "EOFError": "nobody answers what it asks: a port gets all that it needs as arguments",
}
"""What helps, by the class of an error."""
