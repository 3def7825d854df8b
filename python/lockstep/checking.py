"""One call that compares a pair and insists: for notebooks, and for tests of one's own.

May import all folders before it in the line of `lockstep/__init__.py`.
"""

from types import TracebackType
from typing import Any

from lockstep.model.values import to_python
from lockstep.page.notebook import CaseReport
from lockstep.project.cases import CALL, Case
from lockstep.project.pairs import Pair, Project, ProjectError, find_project
from lockstep.recording import CallKeeper
from lockstep.reports.text import failure_text
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.sides.session import Session
from lockstep.terminal.visible import visible

__tracebackhide__ = True  # pytest shows the line of a test that calls this module, and the report


class MismatchError(AssertionError):
    """The two sides of a pair disagree; the message is the report."""


class Checker:
    """Calls pairs of one project on both sides; use it as a context manager, or close it.

    Parameters
    ----------
    project : Project, optional
        By default the one around the current folder.
    keep : bool
        Record each call, for runs without Octave; the recordings are written in the end.

    Attributes
    ----------
    runner : Runner
        Both sides.
    """

    def __init__(self, project: Project | None = None, keep: bool = False) -> None:
        self.runner = Runner(project or find_project())
        self._keeper = CallKeeper(self.runner) if keep else None

    def __enter__(self) -> "Checker":
        """Return the checker; Octave is not started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End Octave."""
        self.close()

    def close(self) -> None:
        """Write what is to be kept, and end Octave."""
        try:
            if self._keeper is not None:
                self._keeper.write()
        finally:
            self.runner.close()

    @property
    def session(self) -> Session:
        """The live Octave session, for what `octave` does not offer."""
        return self.runner.octave

    def check(self, name: str, *args: Any, **options: Any) -> CaseReport:
        """Call a pair on both sides and insist that they agree.

        Parameters
        ----------
        name : str
            Name of the pair.
        *args : Any
            Arguments of both sides (see `Case`).
        **options : Any
            Options of `Case`: nargout, ignore, seed, raises.

        Returns
        -------
        CaseReport
            Verdict and differences; both sides' values are in its leaves. A notebook shows it.

        Raises
        ------
        MismatchError
            If they disagree; the message is the report.
        ProjectError, OctaveNotFoundError
            If a side cannot be found.
        """
        try:
            pair = self.runner.project.pair(name)
            case = self._kept(pair, Case(*args, **options))
            result = self.runner.run_case(pair, CALL, case)
        except (ProjectError, OctaveNotFoundError) as error:
            raise error.with_traceback(None) from None  # the message says all
        if result.left_out:
            raise ProjectError(f"{name} cannot be checked: {result.left_out}")
        if not result.agrees:
            raise MismatchError(visible(failure_text(result)))
        return CaseReport(**vars(result))

    def octave(self, name: str, *args: Any, nargout: int = 1, seed: int | None = None) -> Any:
        """Call an Octave function, any that Octave knows, and return its value in Python.

        Parameters
        ----------
        name : str
            Function.
        *args : Any
            Arguments, mapped as those of a `Case`.
        nargout : int
            Number of outputs.
        seed : int, optional
            Run ``rand("twister", seed)`` first.

        Returns
        -------
        Any
            1 x 1 as a scalar, vectors as 1-D arrays; a tuple where nargout is above 1.

        Raises
        ------
        OctaveError
            If Octave raises an error.
        """
        pair = Pair(name, self.runner.project.m_files.file(name))
        case = self._kept(pair, Case(*args, nargout=nargout, seed=seed))
        reply = self.runner.oracle.outcome(pair, case)
        if isinstance(reply, Exception):
            raise reply.with_traceback(None)
        found = tuple(to_python(value) for value in reply.outputs)
        return found[0] if len(found) == 1 else found

    def _kept(self, pair: Pair, case: Case) -> Case:
        """Return a case as it is to be called, and record it where that is asked for."""
        if self._keeper is not None:
            self._keeper.keep(pair, case)
        return self.runner.oracle.adopted(pair, {CALL: case})[CALL]


def check(name: str, *args: Any, project: Project | None = None, **options: Any) -> CaseReport:
    """Call a pair on both sides once and insist that they agree: `Checker.check` in one call.

    Examples
    --------
    >>> check("sigmoid", 0.0).verdict
    <Verdict.IDENTICAL: 'identical'>
    """
    with Checker(project) as checker:
        return checker.check(name, *args, **options)
