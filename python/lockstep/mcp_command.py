"""`lockstep mcp`: a project served to a coding assistant, over standard input and output.

Short answers in plain text; nothing is written, and no file outside the project's folder is looked
at. The protocol is that of the package `mcp`, an extra. May import all folders before it in the
line of `lockstep/__init__.py`, and `supervisor`.
"""

import argparse
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockstep.calling import chosen_case
from lockstep.engine_process import EngineError
from lockstep.fuzz_command import Fuzz
from lockstep.model.identity import LIVE
from lockstep.model.version import VERSION
from lockstep.project.cases import CasesError
from lockstep.project.choosing import CaseChoice
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.project_options import add_compared_project, project_of
from lockstep.reports.run_table import RunTable
from lockstep.reports.text import failure_text
from lockstep.reports.trace_text import Selection
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.supervisor import Supervisor
from lockstep.terminal.progress import Progress

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

MOST_CHARACTERS = 6000
"""Of one answer: an assistant reads all of it, every time."""

MOST_SECONDS = 60.0
"""Of a search by made-up inputs."""

ROWS = 40
"""Of a trace, those around the fault."""

WIDTH = 120


class Served:
    """What an assistant may ask of a project; each answer is a text.

    Parameters
    ----------
    project : Project
        What is served.
    timeout : float, optional
        Seconds that each side of a case may take.
    """

    def __init__(self, project: Project, timeout: float | None = None) -> None:
        self._project = project
        self._timeout = timeout
        self._one_at_a_time = threading.Lock()

    def pairs(self, file: str = "") -> str:
        """List the pairs of Octave and Python functions, or those of one file of either side.

        `file` is a path from the project's folder; by default all pairs are listed.
        """
        wanted = self._inside(file) if file else None
        lines = [
            self._line(pair)
            for pair in self._project.pairs()
            if wanted is None or wanted in self._files(pair)
        ]
        return _short("\n".join(lines) or f"no pair in {file or 'the project'}")

    def run(self, pair: str, case: str = "") -> str:
        """Compare a pair in Octave and in Python, and say where and why the port is wrong.

        `case` is the name of one case, or a pattern with * and ?; by default all are compared.
        """
        return self._answer(lambda both: self._ran(both, pair, case))

    def trace(self, pair: str, case: str = "", only: str = "") -> str:
        """Show one case statement by statement on both sides; `only` names one variable."""
        return self._answer(lambda both: self._traced(both, pair, case, only))

    def mend(self, pair: str) -> str:
        """Find a change of the port with which every case agrees; print it as a patch."""
        return self._answer(lambda both: self._mended(both, pair))

    def fuzz(self, pair: str, seconds: float = 20.0) -> str:
        """Search for inputs, made up after the cases, on which the two sides disagree."""
        found: list[str] = []

        def search() -> str:
            project = replace(self._project, oracle=LIVE)  # nobody recorded what is made up
            one, most = project.pair(pair), min(seconds, MOST_SECONDS)
            progress = Progress(sys.stderr, wanted=False)
            Fuzz(project, one, most, 0, self._timeout, progress).searched(found.append)
            return "\n".join(found)

        return self._guarded(search)

    def _answer(self, ask: Callable[[Supervisor], str]) -> str:
        def asked() -> str:
            with Supervisor(self._project, self._timeout) as both:
                return ask(both)

        return self._guarded(asked)

    def _guarded(self, ask: Callable[[], str]) -> str:
        """Ask, one at a time; what cannot be done is an answer, too."""
        with self._one_at_a_time:
            try:
                return _short(ask())
            except (ProjectError, CasesError, EngineError, OctaveNotFoundError) as error:
                return f"lockstep: {error}"

    def _ran(self, both: Supervisor, pair: str, case: str) -> str:
        name = self._project.pair(pair).name
        results = both.run_pair(name, choice=CaseChoice((case,) if case else ()))
        if not results:
            raise ProjectError(f"no case of {name} fits {case!r}")
        names = [result.pair for result in results]
        table = RunTable(names, both.said)
        lines = [str(table.head()), *(str(table.pair(result)) for result in results)]
        for result in results:
            bad = [one for one in result.cases if not one.agrees][:1]
            lines += [f"\n{failure_text(one)}" for one in bad]
            if bad and result.pair == name and bad[0].may_be_explained:
                lines.append(both.explain(name, bad[0].case).text)
        return "\n".join(lines)

    def _traced(self, both: Supervisor, pair: str, case: str, only: str) -> str:
        name = self._project.pair(pair).name
        chosen = chosen_case(both, name, case or None)
        selection = Selection(only=only or None, rows=ROWS)
        found = both.trace(name, chosen, selection=selection, width=WIDTH)
        heading = ", ".join(filter(None, [f"{name}, case {chosen!r}", both.said]))
        return f"{heading}\n{found.text}"

    def _mended(self, both: Supervisor, pair: str) -> str:
        name = self._project.pair(pair).name
        both.listing(name)
        both.run_pair(name)
        found = both.mend(name)
        text = f"{found.text}\n  Octave's values are recorded ones" if both.said else found.text
        return f"{text}\n\n{found.mend.diff}" if found.mend is not None else text

    def _line(self, pair: Pair) -> str:
        files = " and ".join(self._shown(file) for file in self._files(pair))
        lacks = self._project.missing(pair)
        return f"{pair.name}: {files}" + (f"; {lacks}" if lacks else "")

    def _files(self, pair: Pair) -> list[Path]:
        place = self._project.location(pair.name)
        files = [pair.m_file, place.file if place else None]
        return [file.resolve() for file in files if file is not None]

    def _shown(self, file: Path) -> str:
        root = self._project.root.resolve()
        return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name

    def _inside(self, file: str) -> Path:
        root = self._project.root.resolve()
        path = (root / file).resolve()
        if not path.is_relative_to(root):
            raise ProjectError(f"{file} is outside the project's folder")
        return path


def _short(text: str) -> str:
    """Cut an answer in the middle: what was compared stands first, the verdict last."""
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def server(served: Served) -> "MCPServer[Any]":
    """Return the server of a project.

    Raises
    ------
    ProjectError
        If the package `mcp` is missing.
    """
    if find_spec("mcp") is None:
        raise ProjectError(
            "lockstep mcp speaks the Model Context Protocol through the package mcp, which is not "
            "installed: pip install 'lockstep-octave[mcp]'"
        )
    from mcp.server.mcpserver import MCPServer

    found: MCPServer[Any] = MCPServer(
        "lockstep",
        version=VERSION,
        instructions="Compares Octave code with its Python port on the same inputs. Begin with "
        "pairs; run says where and why a port is wrong; mend tries changes and prints a patch.",
    )
    for tool in (served.pairs, served.run, served.trace, served.mend, served.fuzz):
        found.tool(structured_output=False)(tool)
    return found


def add_mcp_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser(
        "mcp",
        help="serve the project to a coding assistant",
        description="Serves the project by the Model Context Protocol over standard input and "
        "output, until that is closed: pairs, run, trace, mend and fuzz.",
    )
    add_compared_project(command)

    def run(options: argparse.Namespace) -> int:
        server(Served(project_of(options), options.timeout)).run("stdio")
        return 0

    command.set_defaults(command=run)
