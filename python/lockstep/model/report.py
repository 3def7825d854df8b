"""What is said of a case that disagrees: where it is wrong, why, and what mends it.

Imports `execution` only.
"""

import difflib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lockstep.model.execution import Span


class Fault(StrEnum):
    """What is wrong at the named place."""

    VALUE = "value"
    """An expression gives another value though everything it read agrees."""
    DECISION = "decision"
    """A condition goes the other way."""
    JUMP = "jump"
    """A break, continue or return is lacking, or one is too many."""
    MISSING = "missing"
    """A statement of Octave is lacking, before or after the named one."""
    DEFAULT = "default"
    """A parameter that the call did not give has another default."""
    KIND = "kind"
    """A value is right, but not of the class or shape that is needed."""
    STALE = "stale"
    """A variable is read as it was before Octave changed it: a statement is missing."""
    CHANGED = "changed"
    """A variable was changed in place, through this name or another, where Octave's was not."""
    ERROR = "error"
    """The port raises an error where Octave does not."""
    ENDLESS = "endless"
    """The port goes on without end where Octave ends."""
    NOTHING = "nothing"
    """What gives None and is used: a function without a return, a call that changes its object."""
    NO_ERROR = "no error"
    OTHER_ERROR = "other error"
    """Octave raises an error where the port does not."""


@dataclass(frozen=True)
class Place:
    """A place in a source.

    Attributes
    ----------
    file : Path
        The file.
    function : str
        Name of the function.
    span : Span
        Of the expression; of the statement where no expression is named.
    line : int
        Where the statement begins, from 1.
    statement, expression : str
        Their texts, in one line; `expression` may be empty.
    """

    file: Path
    function: str
    span: Span
    line: int
    statement: str
    expression: str = ""


PAGES = "tests/catalogue/README.md"
"""Where the catalogue has a page for each reason, in the repository."""


@dataclass(frozen=True)
class Reason:
    """Why the two values differ, checked on the data.

    Attributes
    ----------
    key : str
        Name of the reason in the catalogue, such as ``ddof``.
    text : str
        What was found, in one sentence.
    octave_rule, python_rule : str
        What each side does, in one sentence each; empty where only a relation is known.
    """

    key: str
    text: str
    octave_rule: str = ""
    python_rule: str = ""

    @property
    def page(self) -> str:
        """Where the catalogue says more of it."""
        return f"{PAGES}#{self.key}"


ENOUGH_OTHERS = 5
"""Other cases that agree with a change which no accident explains."""


@dataclass(frozen=True)
class Mend:
    """A change of the port that was tried.

    Attributes
    ----------
    file : Path
        Which file.
    diff : str
        Unified diff.
    agreeing, cases : int
        How many of how many cases agree with it.
    source : str
        The whole file as it was when it was read.
    mended : str
        The whole file with the change.
    others_agreeing, others : int
        How many of how many other cases, made of these, agree with it; 0 of 0 where none was made.
    """

    file: Path
    diff: str
    agreeing: int
    cases: int
    source: str
    mended: str
    others_agreeing: int = 0
    others: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether every case agrees with it, and a good many others."""
        return self.agreeing == self.cases and self.is_borne_out

    @property
    def is_borne_out(self) -> bool:
        """Whether a good many other cases were made, and all agree with it."""
        return self.others_agreeing == self.others >= ENOUGH_OTHERS

    @property
    def is_refuted(self) -> bool:
        """Whether a good many other cases were made, and some disagree with it."""
        return self.others_agreeing < self.others and self.others >= ENOUGH_OTHERS

    @property
    def effort(self) -> int:
        """How many characters it changes."""
        marked = [one for one in self.diff.splitlines() if one[:3] not in ("---", "+++")]
        old, new = ("\n".join(one[1:] for one in marked if one[:1] == mark) for mark in "-+")
        parts = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return sum(max(j - i, m - k) for kind, i, j, k, m in parts if kind != "equal")


@dataclass(frozen=True)
class Finding:
    """The place in the port that is at fault, with what is known of it.

    Attributes
    ----------
    fault : Fault
        What is wrong there.
    port : Place or None
        Where; None where only Octave has such a statement.
    octave : Place or None
        The counterpart; None where Octave has none.
    port_value, octave_value : Any
        The values on both sides, at the first turn at which they differ.
    inputs : tuple
        Name of each input, its value in the port.
    proved : bool
        Whether the outputs were seen to agree with Octave's value in its place.
    is_derived : bool
        Whether `octave_value` is what the place must give for a later one to have Octave's value:
        Octave has none in its place, and `octave` is the counterpart of the later one.
    explained, failing : int
        How many of how many cases that disagree agree with Octave's value there.
    turn, turns : int
        Which of how many times the place was reached.
    note : str
        More that the reader needs to know, in a sentence.
    reason : Reason or None
        Why the values differ.
    mend : Mend or None
        A change that was tried.
    scope : str
        What shows it, where the port has several faults: ``in y``; empty where it is all.
    """

    fault: Fault
    port: Place | None
    octave: Place | None
    port_value: Any = None
    octave_value: Any = None
    inputs: tuple[tuple[str, Any], ...] = ()
    proved: bool = False
    is_derived: bool = False
    explained: int = 0
    failing: int = 0
    turn: int = 0
    turns: int = 1
    note: str = ""
    reason: Reason | None = None
    mend: Mend | None = None
    scope: str = ""

    @property
    def is_mended(self) -> bool:
        """Whether every case agrees with the change that was tried."""
        return self.mend is not None and self.mend.agreeing == self.mend.cases
