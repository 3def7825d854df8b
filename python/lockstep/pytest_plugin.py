"""The cases of a project as pytest items, and a fixture for checks of one's own.

Every case in NAME.py of the cases folder becomes an item, wherever pytest meets that file, named
on the command line or below a folder that is. `lockstep.checking` does the work; this module
holds hooks and fixtures only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lockstep.checking import Checker

_CHECKER = pytest.StashKey["Checker | None"]()


def pytest_configure(config: pytest.Config) -> None:
    """Remember the one Octave of the test run; it is made when a test first needs it."""
    config.stash[_CHECKER] = None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End Octave."""
    checker = config.stash.get(_CHECKER, None)
    if checker is not None:
        checker.runner.close()


def _checker(config: pytest.Config) -> Checker:
    checker = config.stash[_CHECKER]
    if checker is None:
        from lockstep.checking import Checker
        from lockstep.project.pairs import find_project

        checker = config.stash[_CHECKER] = Checker(find_project(config.rootpath))
    return checker


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CasesFile | None:
    """Collect the cases files of the project."""
    if file_path.suffix != ".py" or file_path.name.startswith(("_", "test_", "conftest")):
        return None
    from lockstep.project.pairs import ProjectError, find_project

    try:
        project = find_project(parent.config.rootpath)
    except ProjectError:
        return None
    if file_path.parent.resolve() != project.cases.resolve():
        return None
    collected: CasesFile = CasesFile.from_parent(parent, path=file_path)
    return collected


class CasesFile(pytest.File):
    """A cases file; its items are its cases."""

    def collect(self) -> Iterator[CaseItem]:
        """Yield an item for each case."""
        from lockstep.project.cases import load_cases

        found = load_cases(self.path)
        for name, case in found.cases.items():
            yield CaseItem.from_parent(self, name=name, case=case)
            for side_name, side in found.sides.items() if case.raises is None else ():
                yield CaseItem.from_parent(self, name=f"{name} [{side_name}]", case=case, side=side)


class CaseItem(pytest.Item):
    """One case of one pair, compared on both sides."""

    def __init__(self, case: Any, side: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.side = side

    def runtest(self) -> None:
        """Compare the case on both sides."""
        from lockstep.checking import MismatchError
        from lockstep.reports.text import failure_text
        from lockstep.reports.trace_text import explanation_text

        runner = _checker(self.config).runner
        pair = runner.project.pair_of_cases(self.path)
        result = runner.run_case(pair, self.name, self.case, self.side)
        if result.verdict.agrees:
            return
        text = failure_text(result)
        if self.side is None:
            suggestion = runner.suggest(pair, self.name, self.case)
            text += f"\n{suggestion.text}" if suggestion.text else ""
            if not suggestion.explains:
                found = runner.explain(pair, self.name, self.case)
                text += "\n" + explanation_text(found, pair.name, self.name)
        raise MismatchError(text)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | Any:
        """Show the report alone, without our own stack."""
        from lockstep.checking import MismatchError
        from lockstep.sides.octave import OctaveNotFoundError

        if isinstance(excinfo.value, (MismatchError, OctaveNotFoundError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the item as `pair, case`."""
        return self.path, None, f"{self.path.stem}, case {self.name!r}"


@pytest.fixture(scope="session")
def lockstep(pytestconfig: pytest.Config) -> Checker:
    """Both sides of the project: `lockstep.check(NAME, ...)`, `lockstep.octave(NAME, ...)`.

    Octave starts with the first call and is shared by all tests of the run.
    """
    return _checker(pytestconfig)
