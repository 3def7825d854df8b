"""Projects to run the harness on, and one Octave for all tests that need none of their own."""

import contextlib
import gc
import importlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from lockstep.oracles.live import LiveOracle
from lockstep.project.cases import Case
from lockstep.project.pairs import find_project
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveSession

OCTAVE_HELPERS = {
    "seen": """
        function [value, its_class, its_size] = seen(value)
        its_class = class(value);
        its_size = size(value);
        end
        """,
    "made": """
        function value = made(text)
        value = eval(text);
        end
        """,
}

RECORD_FOLDERS = """
import os, tempfile
make = tempfile.mkdtemp
def mkdtemp(*args, **kwargs):
    folder = make(*args, **kwargs)
    with open(os.environ["FOLDERS_MADE"], "a") as log:
        print(folder, file=log)
    return folder
tempfile.mkdtemp = mkdtemp
"""
"""A sitecustomize.py that writes down every temporary folder that a Python process makes."""


class Foreign:
    """A project of somebody else: matlab/NAME.m, port/NAME.py and cases/NAME.py under `root`."""

    def __init__(self, root):
        self.root = root
        for folder in ("matlab", "port", "cases"):
            (root / folder).mkdir(parents=True)

    def _write(self, path, text):
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        importlib.invalidate_caches()
        return path

    def m(self, name, text):
        """Write an Octave function or script."""
        return self._write(self.root / "matlab" / f"{name}.m", text)

    def py(self, name, text):
        """Write a module of the port; NumPy is imported for it."""
        return self._write(
            self.root / "port" / f"{name}.py", "import numpy as np\n\n" + textwrap.dedent(text)
        )

    def cases(self, name, text):
        """Write a cases file; NumPy and `Case`, `Function` and `row` are imported for it."""
        head = "import numpy as np\nfrom lockstep import Case, Function, row\n\n"
        return self._write(self.root / "cases" / f"{name}.py", head + textwrap.dedent(text))

    def pair(self, name, octave, python, cases="{'one': (1.0,)}"):
        """Write y = NAME(x) on both sides, from an expression in x each, and its cases."""
        self.m(name, f"function y = {name}(x)\ny = {octave};\nend\n")
        self.py(name, f"def {name}(x):\n    return {python}\n")
        self.cases(name, f"cases = {cases}\n")

    def settings(self, text='octave = "matlab"\nport = "port"\ncases = "cases"\n'):
        """Write pyproject.toml with the table [tool.lockstep]."""
        self._write(self.root / "pyproject.toml", f"[tool.lockstep]\n{text}")

    @property
    def project(self):
        """The project as the harness sees it, its folders named."""
        return find_project(self.root, octave="matlab", port="port", cases="cases")

    @property
    def options(self):
        """What names its folders on the command line, from `root`."""
        return ["--octave", "matlab", "--port", "port", "--cases", "cases"]


@pytest.fixture(autouse=True)
def own_imports():
    """Forget the modules of the ports that a test has imported, and its entries of sys.path."""
    modules, path = set(sys.modules), list(sys.path)
    yield
    sys.path[:] = path
    temporary = f"{os.sep}pytest-"
    for name in set(sys.modules) - modules:
        if temporary in (getattr(sys.modules[name], "__file__", None) or ""):
            del sys.modules[name]


def pytest_collection_modifyitems(items):
    """Begin with the slow file that would come last: one worker would wait for the other."""
    items.sort(key=lambda item: item.path.parent.name != "tutorial")


@pytest.fixture
def only_new_objects():
    """Hide what is alive already from a search for the functions and objects of a port.

    Half a million objects are alive in a run of all tests, and a port that a test imports is none
    of them; each search would take longer than the rest of the test.
    """
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def foreign(tmp_path, only_new_objects):
    """Make an empty project: a folder of .m files, a folder of .py files, a folder of cases."""
    return Foreign(tmp_path / "foreign")


@pytest.fixture(scope="session")
def foreign_in():
    """Make an empty project in a folder: ``foreign_in(root)``."""
    return Foreign


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make a project whose port is an importable package, and a pyproject.toml that says so.

    The package holds `double` in a module of its own, and `half` in its __init__.
    """
    project = Foreign(tmp_path / "project")
    name = "ported_package"
    project.settings(f'octave = "matlab"\nport = "{name}"\ncases = "cases"\n')
    folder = (project.root / "port").rename(project.root / name)
    (folder / "__init__.py").write_text("def half(x):\n    return x / 2\n")
    (folder / "double.py").write_text("def double(x):\n    return 2 * x\n")
    project.m("double", "function y = double(x)\ny = 2 * x;\nend\n")
    project.m("half", "function y = half(x)\ny = x / 2;\nend\n")
    project.cases("double", "cases = {'three': (3.0,)}\n")
    project.cases("half", "cases = {'three': (3.0,)}\n")
    monkeypatch.syspath_prepend(project.root)
    return project


@pytest.fixture(scope="session")
def octave(tmp_path_factory):
    """One live Octave for the whole run.

    It knows `seen(value)`, which returns the value, its class and its size, and `made(text)`,
    which returns what Octave makes of an expression.
    """
    folder = tmp_path_factory.mktemp("helpers")
    for name, text in OCTAVE_HELPERS.items():
        (folder / f"{name}.m").write_text(textwrap.dedent(text).lstrip("\n"))
    with OctaveSession([folder]) as session:
        yield session


@pytest.fixture
def shared_runner(octave):
    """`Runner`, but with the one Octave of the run in place of a new one."""
    added = []

    class SharedRunner(Runner):
        def __init__(self, project, **options):
            super().__init__(project, **options)
            self.oracle = LiveOracle(octave, project.octave_path)
            for path in reversed(project.octave_path):
                folder = str(path.resolve()).replace("'", "''")
                octave.eval(f"addpath ('{folder}');")
                added.append(folder)

        def close(self):
            pass

    yield SharedRunner
    for folder in added:
        octave.eval(f"rmpath ('{folder}');")


@pytest.fixture
def judge(foreign, shared_runner):
    """Compare one case of the pair `f` of the foreign project, on both sides.

    ``judge(octave, python, *arguments, **options of Case)``; the two sides are expressions in x,
    the first argument, or whole texts of f.m and f.py where they begin with "function", "def" or
    a line break.
    """

    def whole(text):
        return text.startswith(("\n", "function", "def"))

    def judged(octave_side, python_side, *args, **options):
        function = octave_side if whole(octave_side) else f"function y = f(x)\ny = {octave_side};\n"
        foreign.m("f", function)
        foreign.py(
            "f", python_side if whole(python_side) else f"def f(x):\n    return {python_side}\n"
        )
        with shared_runner(foreign.project) as runner:
            return runner.run_case(runner.project.pair("f"), "case", Case(*args, **options))

    return judged


@pytest.fixture
def restored_sigterm():
    """Give SIGTERM and SIGHUP back their handlers: the command line takes them for good."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _is_running(pid):
    """Tell whether a process is there and not a zombie that waits for its parent."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


@pytest.fixture
def is_running():
    """Tell whether a process runs, by its id."""
    return _is_running


@pytest.fixture
def wait_until():
    """Return once a condition holds; fail where it does not for half a minute."""

    def waited(condition):
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.02)

    return waited


class Process:
    """A Python process whose traces are watched: its temporary folders, its Octave."""

    def __init__(self, folder, arguments, cwd, **options):
        self._log = folder / "folders_made"
        self._log.touch()
        custom = folder / "site"
        custom.mkdir(exist_ok=True)
        (custom / "sitecustomize.py").write_text(RECORD_FOLDERS)
        environment = {
            **os.environ,
            "PYTHONPATH": str(custom),
            "FOLDERS_MADE": str(self._log),
            **options.pop("env", {}),
        }
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=cwd,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=options.pop("stderr", subprocess.PIPE),
        )

    def end(self, seconds=60):
        """Wait for its end and return its exit status, standard output and standard error."""
        try:
            out, err = self.popen.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            raise
        return self.popen.returncode, out, err

    @property
    def folders_made(self):
        """The temporary folders that it made, oct2py's too."""
        return [Path(line) for line in self._log.read_text().splitlines()]


@pytest.fixture
def start(tmp_path):
    """Start ``python ARGUMENTS``; ends what is still running."""
    started = []

    def started_process(*arguments, cwd=tmp_path, **options):
        process = Process(tmp_path, arguments, cwd, **options)
        started.append(process)
        return process

    yield started_process
    for process in started:
        if process.popen.poll() is None:
            process.popen.kill()
            process.popen.communicate()
