"""The command `lockstep init`: proposes pairs, writes [tool.lockstep] and first cases.

May import everything but `cli`; only this imports it.
"""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.project.arguments import NoArgumentError, as_argument
from lockstep.project.literals import Literals
from lockstep.project.m_files import ProjectError, folders_below, spelling
from lockstep.project.pairs import Pair, Project, find_project
from lockstep.project.settings import read_settings
from lockstep.sides.octave import OctaveDiedError, OctaveError, OctaveSession
from lockstep.sources.m_examples import examples
from lockstep.terminal.tables import Column, Columns, Row, widest

OCTAVE_FOLDERS = ("octave", "matlab", "m")
PORT_FOLDERS = ("python", "port", "src")
"""Where the two sides are looked for, where nobody says."""

SHOWN = 3
"""Examples that were left out, as many as are named for each pair."""

MOST_CASES = 50
SECONDS = 60.0
"""How long the examples of one function may take."""

Ask = Callable[[str], bool]


@dataclass(frozen=True)
class Proposal:
    """A .m file and what is proposed for it: a port, or why there is none."""

    name: str
    port: str
    sure: str
    is_pair: bool


@dataclass
class Found:
    """Cases of one pair out of its examples: their texts by name, and what was left out."""

    cases: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    literals: Literals = field(default_factory=Literals)


def init(
    here: Path,
    octave: list[str] | None,
    port: str | None,
    cases: str | None,
    ask: Ask,
    say: Callable[[str | Row], None] = print,
) -> int:
    """Propose pairs, and write the settings and cases that `ask` agrees to.

    Parameters
    ----------
    here : Path
        Current folder.
    octave, port, cases : str, optional
        As `lockstep.project.pairs.find_project` takes them.
    ask : callable
        Answers whether a file may be overwritten.
    say : callable
        Prints a line.

    Returns
    -------
    int
        How many pairs were found.

    Raises
    ------
    ProjectError
        If a side is not found.
    """
    root, settings = read_settings(here)
    octave = octave or (None if "octave" in settings else [_octave_folder(root)])
    port = port or (None if "port" in settings else _port_folder(root, octave or []))
    project = find_project(here, octave=octave, port=port, cases=cases)
    found = proposals(project)
    for row in table(found):
        say(row)
    for problem in project.port_files.problems:
        say(problem)
    pairs = [project.pair(one.name) for one in found if one.is_pair]
    if not pairs:
        raise ProjectError(
            "no pair was found: no function of the port is named as a .m file is; "
            'say which belong together in pyproject.toml: [tool.lockstep.pairs] NAME = "module:f"'
        )
    say("")
    if not settings:
        _write_settings(project, here, say)
    with OctaveSession(project.octave_path) as session:
        for pair in pairs:
            _write_cases(project, pair, session, ask, say)
    _say_next(project, pairs, _named(octave, port, cases) if settings else "", say)
    return len(pairs)


def _say_next(
    project: Project, pairs: Sequence[Pair], options: str, say: Callable[[str | Row], None]
) -> None:
    """Say what to type: where cases are lacking, a script of the user's may make some."""
    bare = [pair.name for pair in pairs if not project.cases_file(pair).is_file()]
    if bare:
        say(f"\nno example to take cases from: {', '.join(bare)}")
        say(f"next: lockstep capture SCRIPT.m{options}, with a script that calls them; or write")
        say(f"{project.cases / 'NAME.py'}: cases = {{'a first one': (ARGUMENT, ...)}}")
    if len(bare) < len(pairs):
        say(f"\nnext: lockstep run{options}")


def _named(octave: list[str] | None, port: str | None, cases: str | None) -> str:
    named = [f" --octave {one}" for one in octave or []]
    named += [f" --port {port}"] if port else []
    named += [f" --cases {cases}"] if cases else []
    return "".join(named)


def _octave_folder(root: Path) -> str:
    for name in OCTAVE_FOLDERS:
        if (root / name).is_dir() and _has(root / name, ".m"):
            return name
    if _has(root, ".m"):
        return "."
    raise ProjectError(f"there are no .m files in or below {root}; name their folder: --octave DIR")


def _port_folder(root: Path, octave: Sequence[str]) -> str:
    for name in PORT_FOLDERS:
        if (root / name).is_dir() and _has(root / name, ".py"):
            return name
    packages = [path.parent.name for path in sorted(root.glob("*/__init__.py"))]
    packages = [name for name in packages if name not in ("tests", "test", "docs")]
    if len(packages) == 1:
        return packages[0]
    if not packages and _has(root, ".py"):
        return "."
    which = f" ({', '.join(packages)}?)" if packages else ""
    raise ProjectError(f"which folder or package is the port{which}? name it: --port NAME")


def _has(folder: Path, suffix: str) -> bool:
    return any(name.endswith(suffix) for _, files in folders_below(folder) for name in files)


def proposals(project: Project) -> list[Proposal]:
    """Say of each .m file which function of the port goes with it, and how sure that is."""
    functions = {
        spelling(one): f"{module.own_name}:{one}"
        for module in project.port_files.modules
        for one in module.public
    }
    found = []
    for name in sorted(project.m_files.names | project.declared.keys(), key=str.lower):
        try:
            pair = project.pair(name)
            location = project.location(name)
        except ProjectError as error:
            found.append(Proposal(name, "?", str(error).splitlines()[0], False))
            continue
        if location is not None:
            found.append(Proposal(name, str(location), location.how, True))
        elif pair.is_script:
            found.append(Proposal(name, "", "a script", False))
        else:
            near = get_close_matches(spelling(name), functions, 1, 0.7)
            guess = f"perhaps {functions[near[0]]}" if near else "no function of that name"
            found.append(Proposal(name, "", guess, False))
    return found


def table(found: Sequence[Proposal]) -> Iterator[Row]:
    """Write proposals as rows of a table, the pairs first."""
    columns = Columns(
        [
            Column(".m", widest("name", [one.name for one in found]), gap=0),
            Column("port", widest("port", [one.port for one in found])),
            Column("found by", 8),
        ]
    )
    yield columns.head()
    for one in sorted(found, key=lambda one: not one.is_pair):
        yield columns.row(one.name, one.port or "-", one.sure)


def _write_settings(project: Project, here: Path, say: Callable[[str | Row], None]) -> None:
    file = here / "pyproject.toml"
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    folders = [_relative(folder, here) for folder in project.octave]
    octave = f'"{folders[0]}"' if len(folders) == 1 else f"{folders}".replace("'", '"')
    place = Path(project.port)
    port = _relative(place, here) if place.is_absolute() else project.port
    cases = _relative(project.cases, here)
    text = f'[tool.lockstep]\noctave = {octave}\nport = "{port}"\ncases = "{cases}"\n'
    file.write_text(f"{before}{chr(10) * bool(before)}{text}", encoding="utf-8")
    project.cases.mkdir(parents=True, exist_ok=True)
    say(f"wrote [tool.lockstep] to {file}")


def _relative(path: Path, here: Path) -> str:
    return Path(os.path.relpath(path, here)).as_posix()


def _write_cases(
    project: Project, pair: Pair, session: OctaveSession, ask: Ask, say: Callable[[str | Row], None]
) -> None:
    file = project.cases_file(pair)
    if pair.m_file is None:
        return
    try:
        found = find_cases(pair, session)
    except (OctaveError, OctaveDiedError) as error:
        say(f"{pair.name}: its examples cannot be run: {error}")
        return
    for line in found.left_out[:SHOWN]:
        say(f"{pair.name}: left out, {line}")
    if len(found.left_out) > SHOWN:
        say(f"{pair.name}: left out, {len(found.left_out) - SHOWN} more")
    if not found.cases:
        return
    if file.is_file() and not ask(f"overwrite {file}?"):
        say(f"{pair.name}: {file} is kept")
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(cases_text(pair, found), encoding="utf-8")
    if found.literals.arrays:
        np.savez_compressed(file.with_suffix(".npz"), **found.literals.arrays)  # type: ignore[arg-type]
    say(f"{pair.name}: wrote {len(found.cases)} cases to {file}")


def find_cases(pair: Pair, session: OctaveSession) -> Found:
    """Run the examples of a .m file in Octave, and keep the calls that they make.

    Raises
    ------
    OctaveError, OctaveDiedError
        If they cannot be run.
    """
    assert pair.m_file is not None
    shown, functions = examples(pair.m_file, pair.name)
    found = Found()
    if not shown:
        return found
    blocks = [{"setup": one.setup, "lines": one.lines} for one in shown]
    with _limited(session):
        reply = session.call("lockstep_examples_", pair.name, blocks, functions, nargout=1)
    known: set[str] = set()
    for example, ran in zip(shown, np.ravel(reply.outputs[0]), strict=True):
        calls = list(np.ravel(ran["calls"]))
        for number, call in enumerate(calls, start=1):
            name = example.name + (f", call {number}" if len(calls) > 1 else "")
            try:
                text = _case_text(call, found.literals)
            except NoArgumentError as error:
                found.left_out.append(f"{name}: {error}")
                continue
            if text not in known and len(known) < MOST_CASES:
                known.add(text)
                found.cases[name] = text
        if not calls and ran["message"] and not example.name.startswith("example"):
            found.left_out.append(f"{example.name}: {str(ran['message']).splitlines()[0]}")
    return found


def _case_text(call: Any, literals: Literals) -> str:
    if call["random"].item():
        raise NoArgumentError("it gives another result each time: write a Case with a seed")
    before = dict(literals.arrays)
    try:
        args = [literals.text(as_argument(one)) for one in np.ravel(call["args"])]
    except NoArgumentError:
        literals.arrays = before
        raise
    if call["all"].item():
        return f"({', '.join(args)}{',' * (len(args) == 1)})"
    count = int(call["nargout"].item())
    return f"Case({', '.join([*args, f'nargout={count}'])})"


@contextmanager
def _limited(session: OctaveSession) -> Iterator[None]:
    """End Octave where a call takes too long: the call then raises an OctaveDiedError."""

    def end() -> None:
        if session.pid is not None:
            os.kill(session.pid, signal.SIGKILL)

    timer = threading.Timer(SECONDS, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def cases_text(pair: Pair, found: Found) -> str:
    """Write a cases file."""
    body = "".join(f'    "{name}": {text},\n' for name, text in found.cases.items())
    names = [
        name for name in ("Case", "Function", "row") if re.search(rf"\b{name}\(", body) is not None
    ]
    head = [f'"""Cases of {pair.name}, out of its own tests and examples by lockstep init."""\n']
    if "data[" in body:
        head.append("from pathlib import Path\n")
    imports = ["import numpy as np"] if re.search(r"\bnp\.|data\[", body) else []
    if "csc_array(" in body:
        imports.append("from scipy.sparse import csc_array")
    if imports:
        head.append("\n".join(imports) + "\n")
    if names:
        head.append(f"from lockstep import {', '.join(names)}\n")
    if "data[" in body:
        head.append('data = np.load(Path(__file__).with_suffix(".npz"))\n')
    return "\n".join(head) + "\ncases = {\n" + body + "}\n"
