"""Random faults in runs of the command: what they leave, and what they do to other cases.

Usage: ``python tests/benchmarks/faults.py [N]`` makes N faults (default 1,000), each in a run of
its own over the pairs of a small project: at a random moment the command, its engine or its
Octave is killed, stopped or crashed, a port or an .m file hangs or ends its process, the disk
under the results is full, or the terminal is closed. In every sixth run a pair disagrees and is
explained. After each few of them a run without a fault must find all as ever, and leave nothing: no
process and no file. Exit status 0 if so, and if every case that was compared beside the fault has
the verdict that it has without one. With --jobs several processes make them, each in projects of
its own.
"""

import argparse
import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pexpect
from side_by_side import add_options, done, not_done

LIMIT = 5
"""Seconds that each side of a case may take in a run with a fault."""

MOST = 60
"""Seconds that a run may take at least before it counts as one without an end."""

SLOWER = 10
"""Or so many times as long as one without a fault, on a machine that has much else to do."""

PAIRS = 4
CASES = 3

TOGETHER = 10
"""Faults before a run without one."""

PATIENCE = 10
"""Seconds that a process may take to end after that."""

VICTIMS = ("command", "engine", "octave")
SIGNALS = {
    "killed": signal.SIGKILL,
    "stopped": signal.SIGSTOP,
    "crashed": signal.SIGSEGV,
    "ended": signal.SIGTERM,
    "hung up": signal.SIGHUP,
}
PORT_FAULTS = {
    "the port hangs": "while True: pass",
    "the port sleeps": "import time; time.sleep(600)",
    "the port exits": "import os; os._exit(3)",
    "the port crashes": "import ctypes; ctypes.string_at(0)",
    "the port is killed": "import os; os.kill(os.getpid(), 9)",
    "the port is stopped": "import os; os.kill(os.getpid(), 19)",
    "the port leaves a child": "import subprocess; subprocess.Popen(['sleep', '600'])",
}
OCTAVE_FAULTS = {
    "Octave hangs": "while true, end",
    "Octave sleeps": "system ('sleep 600');",
    "Octave exits": "exit (3);",
    "Octave is killed": "kill (getpid (), 9);",
    "Octave is stopped": "kill (getpid (), 19);",
    "Octave prints": "while true, disp (1); end",
}


@dataclass
class Outcome:
    """What became of one fault, and of the run after it."""

    name: str
    processes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    endless: bool = False
    compared: int = 0
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether nothing is left and nothing else has changed."""
        return not (self.processes or self.files or self.changed or self.endless)


@dataclass
class Run:
    """What one run of the command gave: the verdicts by pair and case, and whether it ended."""

    verdicts: dict[tuple[str, str], str]
    endless: bool = False


class Project:
    """A project of a few pairs; each can be made to fail, and the first to disagree."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.temporary = root / "temporary"
        self.json = root / "out.json"
        self.number = 0
        self.most = float(SLOWER * MOST)
        for folder in ("matlab", "port", "cases", "temporary"):
            (root / folder).mkdir()
        (root / "pyproject.toml").write_text(
            '[tool.lockstep]\noctave = "matlab"\nport = "port"\ncases = "cases"\n'
        )
        for i in range(PAIRS):
            cases = {f"case {k}": (k + 0.1,) for k in range(CASES)}
            (root / "cases" / f"f{i}.py").write_text(f"cases = {cases!r}\n")

    def write(self, disagrees: bool = False, broken: "Broken | None" = None) -> None:
        """Write all pairs; the first may disagree, and one may break in one of its cases."""
        for i in range(PAIRS):
            here = broken if broken is not None and broken.pair == i else Broken(i)
            is_it = f"x == {here.case} + 0.1"
            more = " + 1" if disagrees and i == 0 else ""
            (self.root / "matlab" / f"f{i}.m").write_text(
                f"function y = f{i}(x)\nif {is_it}, {here.octave} end\n"
                "y = cumsum(x * [1 2 3]);\nend\n"
            )
            (self.root / "port" / f"f{i}.py").write_text(
                f"import numpy as np\ndef f{i}(x):\n    if {is_it}:\n        {here.python}\n"
                f"    y = np.cumsum(x * np.array([[1., 2., 3.]]), axis=1){more}\n    return y\n"
            )

    @property
    def environment(self) -> dict[str, str]:
        """What marks the processes of its runs, and those of the last one."""
        mark = {"TMPDIR": str(self.temporary), "FAULTS_RUN": f"{self.root.name} {self.number}"}
        return {**os.environ, **mark}

    def processes(self, mark: str) -> dict[int, str]:
        """Return the processes with a mark, each with its command line; no zombies."""
        found = {}
        value = f"{mark}={self.environment[mark]}\0".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if value in (folder / "environ").read_bytes():
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = words.decode(errors="replace")
        return found

    def pid(self, victim: str) -> int | None:
        """Return the process of a kind in the last run, if it is there."""
        sign = {"command": "-m lockstep", "engine": "lockstep.engine", "octave": "octave"}[victim]
        found = [pid for pid, words in self.processes("FAULTS_RUN").items() if sign in words]
        return found[0] if found else None

    def run(
        self,
        act: Callable[[int], None] = lambda pid: None,
        stdout: int = subprocess.DEVNULL,
        before: Callable[[], None] | None = None,
        limit: float = LIMIT,
    ) -> Run:
        """Run the command, and let `act` do its worst with it."""
        self.number += 1
        file = self.json
        file.unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "lockstep", "run", f"--timeout={limit}", "--json", str(file)],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            preexec_fn=before,
        )
        try:
            act(process.pid)
            process.wait(self.most)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return Run(verdicts(file), endless=True)
        return Run(verdicts(file))

    def run_on_terminal(self, seconds: float) -> None:
        """Run the command on a terminal that is closed after some seconds."""
        self.number += 1
        self.json.unlink(missing_ok=True)
        child = pexpect.spawn(
            sys.executable, ["-m", "lockstep", "run"], cwd=self.root, env=self.environment
        )
        time.sleep(seconds)
        os.close(child.child_fd)
        os.waitpid(child.pid, 0)


@dataclass(frozen=True)
class Broken:
    """What a pair does, on either side, in one of its cases; nothing at first."""

    pair: int
    case: int = 0
    octave: str = ""
    python: str = "pass"


def verdicts(file: Path) -> dict[tuple[str, str], str]:
    """Return the verdict of each case in a JSON document."""
    try:
        pairs = json.loads(file.read_text())["pairs"]
    except (OSError, ValueError):
        return {}
    return {(p["pair"], case["case"]): case["verdict"] for p in pairs for case in p["cases"]}


def expected(disagrees: bool) -> dict[tuple[str, str], str]:
    """Return the verdict that each case has without a fault."""
    return {
        (f"f{i}", f"case {k}"): "different" if disagrees and i == 0 else "identical"
        for i in range(PAIRS)
        for k in range(CASES)
    }


class Faults:
    """Makes one fault after another.

    Parameters
    ----------
    project : Project
        Where.
    seed : int or str
        Decides which faults, and when.
    """

    def __init__(self, project: Project, seed: int | str) -> None:
        self._project = project
        self._luck = random.Random(seed)
        self._typical = 0.0
        self.check([])  # how long does a run take?

    def one(self) -> Outcome:
        """Make a fault in a run of its own, and compare the verdicts of all cases beside it."""
        start = time.monotonic()
        luck = self._luck
        disagrees = luck.random() < 1 / 6
        moment = luck.uniform(0, self._typical)
        kind = luck.choice([self._signal, self._signal, self._break, self._break, *self._others])
        outcome = kind(disagrees, moment)
        outcome.compared = len(verdicts(self._project.json))
        outcome.seconds = time.monotonic() - start
        return outcome

    @property
    def _others(self) -> "list[Callable[[bool, float], Outcome]]":
        return [self._fill_disk, self._close_terminal, self._close_pipe]

    def _signal(self, disagrees: bool, moment: float) -> Outcome:
        victim, how = self._luck.choice(VICTIMS), self._luck.choice(list(SIGNALS))

        def act(pid: int) -> None:
            time.sleep(moment)
            target = pid if victim == "command" else self._project.pid(victim)
            if target is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(target, SIGNALS[how])
            if victim == "command" and how == "stopped":
                time.sleep(0.5)
                os.kill(pid, signal.SIGCONT)

        self._project.write(disagrees)
        found = self._project.run(act)
        changed = _changed(found, disagrees)
        # One case was running.
        return Outcome(f"the {victim} is {how}", changed=changed[1:], endless=found.endless)

    def _break(self, disagrees: bool, moment: float) -> Outcome:
        name = self._luck.choice([*PORT_FAULTS, *OCTAVE_FAULTS])
        place = self._luck.randrange(PAIRS), self._luck.randrange(CASES)
        if name in PORT_FAULTS:
            broken = Broken(*place, python=PORT_FAULTS[name])
        else:
            broken = Broken(*place, octave=OCTAVE_FAULTS[name])
        self._project.write(disagrees, broken)
        found = self._project.run()
        changed = [
            one for one in _changed(found, disagrees) if one != "f{}, case {}".format(*place)
        ]
        if not found.endless and len(found.verdicts) < PAIRS * CASES:
            changed.append("not all were compared")
        return Outcome(name, changed=changed, endless=found.endless)

    def _fill_disk(self, disagrees: bool, moment: float) -> Outcome:
        size = self._luck.choice([1, 100, 1000, 5000, 50_000])
        self._project.write(disagrees)
        found = self._project.run(
            before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        )
        found.verdicts = {k: one for k, one in found.verdicts.items() if one != "error"}
        return Outcome(
            "the disk is full", changed=_changed(found, disagrees), endless=found.endless
        )

    def _close_terminal(self, disagrees: bool, moment: float) -> Outcome:
        self._project.write(disagrees)
        self._project.run_on_terminal(moment)
        return Outcome("the terminal is closed")

    def _close_pipe(self, disagrees: bool, moment: float) -> Outcome:
        reader, writer = os.pipe()

        def stop_reading(pid: int) -> None:
            os.close(writer)
            time.sleep(moment)
            os.close(reader)

        self._project.write(disagrees)
        found = self._project.run(stop_reading, stdout=writer)
        return Outcome(
            "the pipe is closed", changed=_changed(found, disagrees), endless=found.endless
        )

    def check(self, outcomes: Sequence[Outcome]) -> None:
        """Run without a fault, and note with each outcome before what is not as ever, or left."""
        start = time.monotonic()
        self._project.most = SLOWER * MOST
        self._project.write()
        found = self._project.run(limit=60)
        self._typical = time.monotonic() - start
        self._project.most = max(MOST, SLOWER * self._typical)
        end = time.monotonic() + PATIENCE
        while (left := self._project.processes("TMPDIR")) and time.monotonic() < end:
            time.sleep(0.05)
        for outcome in outcomes:
            outcome.endless |= found.endless
            if found.verdicts != expected(False):
                outcome.changed.append(f"a run after it: {found.verdicts}")
            outcome.processes = list(left.values())
            outcome.files = [path.name for path in self._project.temporary.iterdir()]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _changed(found: Run, disagrees: bool) -> list[str]:
    """List the cases with another verdict than they have without a fault, of those compared."""
    usual = expected(disagrees)
    return [f"{p}, {c}" for (p, c), verdict in found.verdicts.items() if verdict != usual[p, c]]


def faults(number: int, seed: int | str = 0) -> list[Outcome]:
    """Make some random faults, and return what became of each."""
    with tempfile.TemporaryDirectory(prefix="faults_") as folder:
        makes = Faults(Project(Path(folder)), seed)
        outcomes: list[Outcome] = []
        while len(outcomes) < number:
            some = [makes.one() for _ in range(min(TOGETHER, number - len(outcomes)))]
            makes.check(some)
            outcomes += some
        return outcomes


def some_faults(seed: int, part: tuple[int, int]) -> list[Outcome]:
    """Make some faults of many: `part` is how many were made by others before, and how many."""
    before, number = part
    return faults(number, f"{seed} {before}")


def main() -> int:
    """Make the faults and print what became of them."""
    parser = argparse.ArgumentParser(description="Make random faults in runs of lockstep.")
    parser.add_argument("number", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    add_options(parser)
    options = parser.parse_args()
    number = options.number
    outcomes: list[Outcome] = []
    parts = [(i, min(TOGETHER, number - i)) for i in range(0, number, TOGETHER)]
    with contextlib.suppress(KeyboardInterrupt):  # what was made until then is told
        for some in done(partial(some_faults, options.seed), parts, options.jobs, options.within):
            outcomes += some
            print(f"\r{len(outcomes)} of {number} faults", end="", file=sys.stderr, flush=True)
            for one in some:
                if not one.is_good:
                    print(f"\r{one}", flush=True)
    print("\r", end="", file=sys.stderr)
    for name, count in sorted(Counter(one.name for one in outcomes).items()):
        print(f"{count:>5}  {name}")
    print(
        f"{len(outcomes)} faults, {sum(o.compared for o in outcomes)} cases compared beside them: "
        f"{sum(len(o.processes) for o in outcomes)} processes and "
        f"{sum(len(o.files) for o in outcomes)} files left, "
        f"{sum(bool(o.changed) for o in outcomes)} with another verdict elsewhere, "
        f"{sum(o.endless for o in outcomes)} without an end, "
        f"{sum(o.seconds for o in outcomes):.0f} s"
    )
    print(not_done(len(outcomes), number, "faults"))
    good = all(one.is_good for one in outcomes) and len(outcomes) == number
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
