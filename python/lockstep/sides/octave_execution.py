"""The Octave side of a trace: what one call did, value by value, as an `Execution`.

The call runs on copies of the user's .m files in a temporary folder, in which calls of a recorder
stand around the expressions (see `lockstep.sources.octave_copy`); each is evaluated as often as
before. Nothing of it is left behind: the originals run again, with fresh persistent variables. A
value that is kept costs about 10 microseconds, and a trace a tenth of a second more.

May import `model`, `project`, `sources`, `session`, `octave`, `compiled_recorder`, `octave_copies`,
`octave_records`, `octave_raised` and `octave_graph`.
"""

import contextlib
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.execution import Execution, Kind
from lockstep.model.own_folders import temporary_folder
from lockstep.model.summed import Blocks, Window, part_text
from lockstep.model.values import handle_texts
from lockstep.project.cases import Case, octave_side
from lockstep.project.pairs import Pair, ProjectError
from lockstep.sides.compiled_recorder import compiled_recorder
from lockstep.sides.octave import OctaveError, OctaveSession, Reply
from lockstep.sides.octave_copies import write_copies
from lockstep.sides.octave_graph import GraphBuilder
from lockstep.sides.octave_raised import raised_in
from lockstep.sides.octave_records import records
from lockstep.sides.session import Session
from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_tree import File
from lockstep.sources.m_words import WORD, words
from lockstep.sources.octave_copy import instrumented
from lockstep.sources.octave_reader import add_file, read_m_file
from lockstep.sources.octave_rounding import SCRIPTS, otherwise_rounded
from lockstep.sources.octave_source import OctaveSource

NODE_LIMIT = 200_000
"""How many values a trace records."""

BYTE_LIMIT = 256 * 2**20
"""Bytes of the larger values that a trace keeps."""


STATEMENTS_ONLY = "statements alone were recorded, as recording expressions led to the error: "


class OctaveTraceError(Exception):
    """The Octave side cannot be traced; the message says why."""


class OctaveTracer:
    """Traces calls of pairs in one session.

    Parameters
    ----------
    session : Session
        A live Octave that knows the functions.
    folders : sequence of Path
        Of the user's .m files; what is called from these by name is traced, too. That of a pair
        need not be named.
    node_limit, byte_limit : int
        How much is recorded.

    Attributes
    ----------
    was_cut : bool
        Whether the last trace went beyond these.
    """

    def __init__(
        self,
        session: Session,
        folders: Sequence[Path] = (),
        *,
        node_limit: int = NODE_LIMIT,
        byte_limit: int = BYTE_LIMIT,
    ) -> None:
        self._session = session
        self._folders = [Path(folder).resolve() for folder in folders]
        self._limits = (node_limit, byte_limit)
        self._trees: dict[Path, tuple[int, File]] = {}
        self._scripts: dict[str, Path | None] = {}
        self._copies: dict[tuple[Any, ...], _Copy] = {}
        self.was_cut = False

    def trace(self, pair: Pair, case: Case, part: Window | None = None) -> Execution:
        """Call the Octave side of a case and trace it, or a part of it.

        Where the copy fails and the original does not, statements alone are recorded.

        Raises
        ------
        ProjectError
            If the Octave side has no file: it is one of Octave's own functions.
        OctaveTraceError
            If its file is not understood, or its copy fails where the original does not.
        OctaveDiedError, OctaveNotFoundError, UnsupportedValueError
            As `OctaveSession.call` does.
        """
        if pair.m_file is None:
            raise ProjectError(f"{pair.name} has no .m file in this project to be traced")
        args = [octave_side(argument) for argument in case.args]
        files = self._reachable(pair, args)
        errors: list[str] = []
        for expressions in (True, False):
            outcome, execution = self._run(pair, case, args, files, expressions, part)
            execution.cut = "; ".join(
                filter(None, [*(STATEMENTS_ONLY + error for error in errors), execution.cut])
            )
            if not isinstance(outcome, OctaveError):
                return execution
            errors.append(outcome.message)
            original = self._untraced_error(pair, case, args)
            if original is not None and _placeless(original) == _placeless(outcome.message):
                execution.error = original
                return execution
        raise OctaveTraceError(f"the traced copy of {pair.name} fails: {errors[-1]}")

    @cached_property
    def _recorder(self) -> Path | None:
        """The folder of the compiled helpers, if there are any, and on the path when asked."""
        if not isinstance(self._session, OctaveSession):
            return None
        version = self._session.identity().version
        return None if self._session.is_careful else compiled_recorder(version)

    def _untraced_error(self, pair: Pair, case: Case, args: Sequence[Any]) -> str | None:
        try:
            self._call(pair, case, args)
        except OctaveError as error:
            return error.message
        return None

    def _call(self, pair: Pair, case: Case, args: Sequence[Any]) -> Reply:
        return self._session.call(
            pair.name, *args, nargout=case.nargout, seed=case.seed, script=pair.is_script
        )

    def _run(
        self,
        pair: Pair,
        case: Case,
        args: Sequence[Any],
        files: Mapping[Path, File],
        expressions: bool,
        part: Window | None,
    ) -> tuple[Reply | OctaveError, Execution]:
        outcome: Reply | OctaveError
        copy = self._copy(files, expressions)
        with self._in_place(copy.texts, copy.names, self._limits, self._recorder) as recorded:
            if part is not None:
                self._session.call(
                    "lockstep_value_",
                    part.site + 1.0,
                    -4.0,
                    np.array([[part.first, part.last]], float),
                    nargout=0,
                )
            try:
                outcome = self._call(pair, case, args)
            except OctaveError as error:
                outcome = error
        execution = self._execution(copy, recorded[0] if recorded else None, outcome)
        if part is not None:
            execution.ends_early = True
            execution.cut = "; ".join(
                filter(None, [part_text(part, copy.source.source), execution.cut])
            )
        return outcome, execution

    def summed(self, pair: Pair, case: Case, size: int) -> Blocks:
        """Call the Octave side of a case, and return sums of what it bound, block by block.

        Raises
        ------
        ProjectError, OctaveTraceError, OctaveDiedError, OctaveNotFoundError, UnsupportedValueError
            As `trace` does.
        """
        if pair.m_file is None:
            raise ProjectError(f"{pair.name} has no .m file in this project to be traced")
        if not self._session.chains:
            raise OctaveTraceError("MATLAB does not sum up what is bound")
        args = [octave_side(argument) for argument in case.args]
        copy = self._copy(self._reachable(pair, args), False)
        with self._in_place(copy.texts, copy.names, recorder=self._recorder) as recorded:
            self._session.call("lockstep_value_", float(size), -5.0, nargout=0)
            with contextlib.suppress(OctaveError):
                self._call(pair, case, args)
        found = Blocks(size, source=copy.source.source)
        told = recorded[0]["blocks"]
        for site, sums in zip(told["sites"].ravel(), told["sums"].ravel(), strict=True):
            if copy.source.source.sites[int(site) - 1].kind is Kind.BINDING:
                found.sums[int(site) - 1] = [(float(a), float(b)) for a, b in sums.T]
        return found

    @contextlib.contextmanager
    def _in_place(
        self,
        texts: Mapping[Path, str],
        names: list[str],
        limits: tuple[int, int] = (0, 0),
        recorder: Path | None = None,
    ) -> Iterator[list[Any]]:
        """Let copies run in place of the files for a while; the list is for what they record."""
        with temporary_folder() as folder:
            folders = write_copies(texts, Path(folder).resolve())
            if recorder is not None:
                folders = [*folders[0], ""], [*folders[1], str(recorder)]
            before = self._session.call(
                "lockstep_tracing_", *folders, names, *map(float, limits), nargout=1
            ).outputs[0]
            found: list[Any] = []
            try:
                yield found
            finally:
                if self._session.pid is not None:
                    found += self._session.call(
                        "lockstep_recorded_", folders[1], names, before, nargout=1
                    ).outputs

    def rounded(
        self, pair: Pair, case: Case, runs: int, wholes: bool = True
    ) -> Generator[Reply, None, None]:
        """Call the Octave side of a case on machines that round otherwise; yield what each gives.

        Its own files are moved inside, and some of Octave's that it may call (see
        `lockstep.sources.octave_rounding`). A run that fails gives nothing, and so does a pair
        without a file, or with one that is not understood. The iterator is to be closed: until then
        the copies stand in place of the files.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        runs : int
            How often at most.
        wholes : bool
            Whether whole numbers that a library works with move, too.

        Raises
        ------
        OctaveDiedError
            If the engine ends, or takes too long.
        """
        if pair.m_file is None or not self._session.chains:
            return  # MATLAB has no such helper
        args = [octave_side(argument) for argument in case.args]
        try:
            files = self._reachable(pair, args)
        except OctaveTraceError:
            return
        texts = {path: otherwise_rounded(tree) for path, tree in files.items()}
        scripts = self._scripts_of(files)
        texts |= {path: otherwise_rounded(tree, whole=True) for path, tree in scripts.items()}
        files |= scripts
        names = [name for path, tree in files.items() for name in _names(path, tree)]
        with self._in_place(texts, names, recorder=self._recorder):
            for run in range(runs):
                self._session.call("lockstep_moved_", float(wholes), float(run), nargout=0)
                try:
                    reply = self._call(pair, case, args)
                except OctaveError:
                    continue
                yield reply

    def _execution(self, copy: "_Copy", recorded: Any, outcome: Reply | OctaveError) -> Execution:
        builder = GraphBuilder(copy.source)
        execution = builder.build(records(recorded))
        count, limit = int(recorded["count"].item()), self._limits[0]
        self.was_cut = count > limit or bool(recorded["too_large"].any())
        if count > limit:
            execution.cut = f"only the first {limit:,} of {count:,} values were recorded"
            execution.ends_early = True
        elif recorded["too_large"].any():
            large = int(recorded["too_large"].sum())
            size = self._limits[1] // 2**20
            execution.cut = f"{large} large values were not kept, beyond {size} MiB"
        if isinstance(outcome, OctaveError):
            execution.error = outcome.message
            execution.error_statement = raised_in(execution, outcome)
        else:
            execution.outputs = outcome.outputs
            builder.finish(outcome.outputs)
        return execution

    # Which files

    def _copy(self, files: Mapping[Path, File], expressions: bool) -> "_Copy":
        """Instrument files, once as long as they stay as they are."""
        key = (expressions, *((path, self._trees[path][0]) for path in files))
        if key not in self._copies:
            self._copies[key] = _made_copy(files, expressions, self._session.chains)
        return self._copies[key]

    def _reachable(self, pair: Pair, args: Sequence[Any]) -> dict[Path, File]:
        """Read the .m files that a call may come to, by the words in them."""
        assert pair.m_file is not None
        main = pair.m_file.resolve()
        folders = list(dict.fromkeys([main.parent, *self._folders]))
        known: dict[str, list[Path]] = {}
        for folder in folders:
            for path in [*folder.glob("*.m"), *folder.glob("private/*.m")]:
                known.setdefault(path.stem, []).append(path)
        found: dict[Path, File] = {main: self._tree(main, must=True)}  # type: ignore[dict-item]
        waiting = [_handle_words(args), words(found[main])]
        while waiting:
            for name in waiting.pop():
                for path in known.get(name, []):
                    if path not in found and (tree := self._tree(path)) is not None:
                        found[path] = tree
                        waiting.append(words(tree))
        return found

    def _scripts_of(self, files: Mapping[Path, File]) -> dict[Path, File]:
        """Read the `SCRIPTS` of Octave's that files may call."""
        found: dict[Path, File] = {}
        waiting = list(files.values())
        while waiting:
            known = {path.stem for path in (*files, *found)}
            for name in sorted(SCRIPTS & words(waiting.pop()) - known):
                path = self._script(name)
                if path is not None and (tree := self._tree(path)) is not None:
                    found[path] = tree
                    waiting.append(tree)
        return found

    def _script(self, name: str) -> Path | None:
        """Say where Octave has a script; None where it has it not, or otherwise."""
        if name not in self._scripts:
            reply = self._session.call("file_in_loadpath", f"{name}.m", nargout=1)
            place = reply.outputs[0]
            self._scripts[name] = Path(place) if isinstance(place, str) and place else None
        return self._scripts[name]

    def _tree(self, path: Path, must: bool = False) -> File | None:
        """Read a file, once as long as it stays as it is; None where it is not understood."""
        stamp = path.stat().st_mtime_ns
        if path not in self._trees or self._trees[path][0] != stamp:
            try:
                self._trees[path] = (stamp, read_m_file(path))
            except MSyntaxError as problem:
                if must:
                    raise OctaveTraceError(f"{path} is not understood: {problem}") from None
                return None
        return self._trees[path][1]


def _placeless(message: str) -> str:
    """Return an error message without the column that it names: columns move in a copy."""
    return re.sub(r"column \d+", "column", message)


def _handle_words(value: Any) -> set[str]:
    """Collect the words of the function handles among arguments."""
    return {word for text in handle_texts(value) for word in WORD.findall(text)}


@dataclass
class _Copy:
    """Instrumented copies of files.

    Attributes
    ----------
    source : OctaveSource
        Of all of them.
    texts : dict of Path to str
        Of each file, by the path of the original.
    names : list of str
        Of the functions that are not private.
    """

    source: OctaveSource = field(default_factory=OctaveSource)
    texts: dict[Path, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def _made_copy(files: Mapping[Path, File], expressions: bool, chains: bool) -> _Copy:
    """Instrument files."""
    copy = _Copy()
    for path, tree in files.items():
        functions = add_file(copy.source, path, tree)
        copy.texts[path] = instrumented(copy.source, tree, functions, path, expressions, chains)
        copy.names += _names(path, tree)
    return copy


def _names(path: Path, tree: File) -> list[str]:
    """Name what a file defines for good: itself, and the functions of a script."""
    return [path.stem, *(one.name for one in tree.functions if tree.script is not None)]
