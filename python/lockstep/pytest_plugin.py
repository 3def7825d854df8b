"""The cases of a project as pytest items, and a fixture for checks of one's own.

Every case in NAME.py of the cases folder becomes an item, wherever pytest meets that file, named
on the command line or below a folder that is. `lockstep.checking` does the work; this module
holds hooks and fixtures only.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lockstep.model.identity import ORACLES

if TYPE_CHECKING:
    from lockstep.checking import Checker
    from lockstep.compare.case_result import CaseResult
    from lockstep.explaining import Explained
    from lockstep.supervisor import Supervisor

_CHECKER = pytest.StashKey["Checker | None"]()
_WHOLE_FILES = "lockstep_whole_files"
_SUPERVISOR = pytest.StashKey["Supervisor | None"]()
_TRACED = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a debugger needs, where Octave's values come from, and the page."""
    group = parser.getgroup("lockstep")
    group.addoption(
        "--lockstep-html", type=Path, metavar="FILE", help="write the page of all cases to FILE"
    )
    group.addoption(
        "--lockstep-in-process",
        action="store_true",
        help="run ports in pytest's own process, without a time limit; --pdb and --trace do so too",
    )
    group.addoption(
        "--oracle",
        choices=ORACLES,
        dest="lockstep_oracle",
        help="where Octave's values come from: a live Octave, recordings, or recordings where "
        "there is no Octave (default: that of [tool.lockstep], else live)",
    )
    group.addoption(
        "--lockstep-record",
        action="store_true",
        help="record what the calls of the fixture lockstep give, for --oracle recorded; "
        "lockstep record does so for the cases",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Remember both ways to the two sides; they are made when a test first needs them.

    Raises
    ------
    pytest.UsageError
        If several processes would write the same recordings.
    """
    if config.option.lockstep_record and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("--lockstep-record needs one process: leave out -n")
    config.stash[_CHECKER] = None
    config.stash[_SUPERVISOR] = None
    file = config.option.lockstep_html
    if file is not None and not hasattr(config, "workerinput"):
        if not file.absolute().parent.is_dir():
            raise pytest.UsageError(f"cannot write {file}: its folder does not exist")
        config.pluginmanager.register(PageWriter(file))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse settings that cannot be used: without them no case would be found, and none fail."""
    root = session.config.rootpath
    if not any(_may_have_settings(folder / "pyproject.toml") for folder in (root, *root.parents)):
        return
    from lockstep.project.pairs import ProjectError, find_project
    from lockstep.project.settings import has_settings

    try:
        if has_settings(root):
            find_project(root)
    except ProjectError as error:
        raise pytest.UsageError(f"lockstep: {error}") from None


def _may_have_settings(file: Path) -> bool:
    try:
        return b"lockstep" in file.read_bytes()
    except OSError:
        return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Hand on what the page shows of a case, as a text, which passes between processes."""
    report = yield
    if report.when == "call" and isinstance(item, CaseItem) and item.part:
        report.lockstep_part = json.dumps(item.part)
    return report


class PageWriter:
    """Collects what the page shows of each case, and writes it at the end of the run."""

    def __init__(self, file: Path) -> None:
        from lockstep.page.collected import Collected

        self._file = file
        self._collected = Collected()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect a case, from whatever process it ran in."""
        part = getattr(report, "lockstep_part", None)
        if part is not None:
            self._collected.add(json.loads(part))

    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        from lockstep.page.render import write_page

        try:
            write_page(self._file, self._collected.html())
        except OSError as error:
            raise pytest.UsageError(f"cannot write {self._file}: {error.strerror}") from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End Octave, and the engine."""
    checker = config.stash.get(_CHECKER, None)
    if checker is not None:
        checker.close()
    supervisor = config.stash.get(_SUPERVISOR, None)
    if supervisor is not None:
        supervisor.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist whether it runs whole files."""
    node.workerinput[_WHOLE_FILES] = node.config.option.dist in ("loadfile", "loadscope")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell each case which come after it, so that Octave may be asked for several at a time."""
    worker = getattr(session.config, "workerinput", None)
    if worker is not None and not worker.get(_WHOLE_FILES):
        return  # of pytest-xdist's workers each runs some of the items, and nobody knows which
    from lockstep.oracles.batches import AHEAD

    following: list[str] = []
    pair = ""
    for item in reversed(session.items):
        if not isinstance(item, CaseItem):
            continue
        if item.pair != pair:
            pair, following = item.pair, []
        item.ahead = [name for name in following if name != item.case]
        if item.case not in following:
            following = [item.case, *following[:AHEAD]]


def _supervisor(config: pytest.Config) -> Supervisor:
    supervisor = config.stash[_SUPERVISOR]
    if supervisor is None:
        from lockstep.project.pairs import find_project
        from lockstep.supervisor import Supervisor

        options = config.option
        in_process = options.lockstep_in_process or options.usepdb or options.trace
        project = find_project(config.rootpath, oracle=options.lockstep_oracle)
        supervisor = Supervisor(project, in_process=in_process)
        config.stash[_SUPERVISOR] = supervisor
    return supervisor


def _checker(config: pytest.Config) -> Checker:
    checker = config.stash[_CHECKER]
    if checker is None:
        from lockstep.checking import Checker
        from lockstep.project.pairs import find_project

        project = find_project(config.rootpath, oracle=config.option.lockstep_oracle)
        checker = Checker(project, keep=config.option.lockstep_record)
        config.stash[_CHECKER] = checker
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
        from lockstep.engine_process import EngineError
        from lockstep.project.cases import CasesError
        from lockstep.project.pairs import ProjectError

        both = _supervisor(self.config)
        try:
            pair = both.project.pair_of_cases(self.path).name
            found = both.listing(pair)
        except (ProjectError, CasesError, EngineError) as error:
            raise self.CollectError(str(error)) from None
        said = f" [{both.said}]" if both.said else ""
        for case, labels in found.items():
            for label in labels:
                name = _pasted(case + label.removeprefix(pair) + said)
                yield CaseItem.from_parent(self, name=name, pair=pair, case=case, label=label)


def _pasted(name: str) -> str:
    """Write the name of a case so that its id is one line, and can be pasted back."""
    from lockstep.terminal.visible import visible

    return visible(name).replace("\n", "\\n").replace("\t", "\\t").replace("::", ": :")


class CaseItem(pytest.Item):
    """One case of one pair, compared on both sides."""

    def __init__(self, pair: str, case: str, label: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pair = pair
        self.case = case
        self.label = label
        self.ahead: list[str] = []
        self.part: dict[str, Any] = {}
        self.line = ""

    def runtest(self) -> None:
        """Compare the case on both sides."""
        from lockstep.checking import MismatchError
        from lockstep.reports.text import failure_line, failure_text
        from lockstep.terminal.visible import visible

        both, pair = _supervisor(self.config), self.pair
        (result,) = both.run_case(pair, self.case, [self.label], self.ahead)
        text, found = "", None
        if not result.agrees:
            text = failure_text(result)
            if self.label == pair and result.may_be_explained:
                explanation = both.explain(pair, self.case)
                text += f"\n{explanation.text}"
                found = explanation.found
        if self.config.option.lockstep_html is not None:
            self._keep(result, found)
        if result.left_out:
            pytest.skip(result.left_out)
        if text:
            self.line = visible(failure_line(result, found))
            raise MismatchError(visible(text))

    def _keep(self, result: CaseResult, found: Explained | None) -> None:
        """Keep what the page shows; a pair is traced once, in the case that was looked at."""
        from lockstep.page.table import case_data, found_data
        from lockstep.project.pairs import ProjectError

        self.part = {"pair": self.label, "case": case_data(result)}
        traced = self.config.stash.setdefault(_TRACED, set())
        if found is None or self.pair in traced:
            return
        traced.add(self.pair)
        self.part["explanation"] = found_data(found)
        if found.case:
            try:
                told = _supervisor(self.config).trace(
                    self.pair, found.case, found=found.finding, with_page=True
                )
            except ProjectError as error:
                self.part["explanation"]["note"] += f"\n{error}"
            else:
                self.part["trace"] = told.trace

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | Any:
        """Show the report alone, without our own stack; of a quiet run, its one line."""
        from lockstep.checking import MismatchError
        from lockstep.engine_process import EngineError
        from lockstep.project.cases import CasesError
        from lockstep.project.pairs import ProjectError
        from lockstep.sides.octave import OctaveNotFoundError

        told = (ProjectError, CasesError, EngineError, OctaveNotFoundError)
        if isinstance(excinfo.value, MismatchError):
            return self.line if self.config.get_verbosity() < 0 else str(excinfo.value)
        if isinstance(excinfo.value, told):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the item as `pair, case`."""
        return self.path, None, f"{self.path.stem}, case {self.name!r}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Say in its id that a test is one against recorded values."""
    if "lockstep" in metafunc.fixturenames and _is_recorded(metafunc.config):
        metafunc.parametrize("lockstep", [None], ids=["recorded"], indirect=True, scope="session")


def _is_recorded(config: pytest.Config) -> bool:
    from lockstep.oracles.choosing import is_recorded
    from lockstep.project.pairs import ProjectError, find_project

    try:
        return is_recorded(find_project(config.rootpath, oracle=config.option.lockstep_oracle))
    except ProjectError:
        return False  # the fixture says so


@pytest.fixture(scope="session")
def lockstep(pytestconfig: pytest.Config) -> Checker:
    """Both sides of the project: `lockstep.check(NAME, ...)`, `lockstep.octave(NAME, ...)`.

    Octave starts with the first call and is shared by all tests of the run.
    """
    return _checker(pytestconfig)
