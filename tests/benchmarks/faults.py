"""Random faults in runs of the command: what they leave, and what they do to other cases.

Usage: ``python tests/benchmarks/faults.py [N]`` makes N faults (default 1,000), each in a run of
its own over the pairs of a small project: at a random moment the command, its engine or its
Octave is killed, stopped or crashed, a port or an .m file hangs or ends its process, the disk
under the results is full, or the terminal is closed. After each run the next one, without a fault,
must find nothing left: no process and no file. Exit status 0 if so, and if every case that was
compared beside the fault has the verdict that it has without one.
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
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

LIMIT = 5
"""Seconds that each side of a case may take in a run with a fault."""

MOST = 60
"""Seconds that a run may take before it counts as one without an end."""

PAIRS = 4
CASES = 3

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
    """What became of one fault."""

    name: str
    processes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    endless: bool = False
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether nothing is left and nothing else has changed."""
        return not (self.processes or self.files or self.changed or self.endless)


class Project:
    """A project of a few pairs; the third of them can be made to fail."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.temporary = root / "temporary"
        for folder in ("matlab", "port", "cases", "temporary"):
            (root / folder).mkdir()
        (root / "pyproject.toml").write_text(
            '[tool.lockstep]\noctave = "matlab"\nport = "port"\ncases = "cases"\n'
        )
        for i in range(PAIRS):
            cases = {f"case {k}": (k + 0.1,) for k in range(CASES)}
            (root / "cases" / f"f{i}.py").write_text(f"cases = {cases!r}\n")
            self.write(i)

    def write(self, i: int, octave: str = "", python: str = "pass", case: int = 0) -> None:
        """Write both sides of a pair; what is given runs in one case of it."""
        is_it = f"x == {case} + 0.1"
        more = "" if i else " + 1"  # the first disagrees, and is explained
        (self.root / "matlab" / f"f{i}.m").write_text(
            f"function y = f{i}(x)\nif {is_it}, {octave} end\ny = cumsum(x * [1 2 3]);\nend\n"
        )
        (self.root / "port" / f"f{i}.py").write_text(
            f"import numpy as np\ndef f{i}(x):\n    if {is_it}:\n        {python}\n"
            f"    y = np.cumsum(x * np.array([[1., 2., 3.]]), axis=1){more}\n    return y\n"
        )

    @property
    def environment(self) -> dict[str, str]:
        """What marks the processes of its runs."""
        return {**os.environ, "TMPDIR": str(self.temporary)}

    def processes(self) -> dict[int, str]:
        """Return the processes of its runs, each with its command line; no zombies."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"TMPDIR={self.temporary}".encode() in (folder / "environ").read_bytes():
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = words.decode(errors="replace")
        return found

    def pid(self, victim: str) -> int | None:
        """Return the process of a kind, if it runs."""
        sign = {"command": "-m lockstep", "engine": "lockstep.engine", "octave": "octave"}[victim]
        found = [pid for pid, words in self.processes().items() if sign in words]
        return found[0] if found else None


def run(
    project: Project, act, stdout=subprocess.DEVNULL, before=None, limit=LIMIT
) -> tuple[dict, bool]:
    """Run the command, let `act` do its worst, and return the verdicts by case."""
    file = project.root / "out.json"
    file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "lockstep", "run", f"--timeout={limit}", "--json", str(file)],
        cwd=project.root,
        env=project.environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        preexec_fn=before,
    )
    endless = False
    try:
        act(process.pid)
        process.wait(MOST)
    except subprocess.TimeoutExpired:
        endless = True
        process.kill()
        process.wait()
    return verdicts(file), endless


def verdicts(file: Path) -> dict[tuple[str, str], str]:
    """Return the verdict of each case in a JSON document."""
    try:
        pairs = json.loads(file.read_text())["pairs"]
    except (OSError, ValueError):
        return {}
    return {(p["pair"], case["case"]): case["verdict"] for p in pairs for case in p["cases"]}


def close_terminal(project: Project, seconds: float) -> dict:
    """Run the command on a terminal that is closed after some seconds."""
    child = pexpect.spawn(
        sys.executable, ["-m", "lockstep", "run"], cwd=project.root, env=project.environment
    )
    time.sleep(seconds)
    os.close(child.child_fd)
    os.waitpid(child.pid, 0)
    return {}


def one_fault(project: Project, expected: dict, luck: random.Random, typical: float) -> Outcome:
    """Make one fault, run again without one, and look at what is left."""
    start = time.monotonic()
    moment = luck.uniform(0, typical)
    kind = luck.choice(["signal", "signal", "port", "octave", "disk", "terminal", "pipe"])
    touched: set[str] = set()
    endless = False
    found: dict = {}
    broken = luck.randrange(PAIRS)
    if kind == "signal":
        victim, how = luck.choice(VICTIMS), luck.choice(list(SIGNALS))
        name = f"the {victim} is {how}"

        def act(pid: int) -> None:
            time.sleep(moment)
            target = pid if victim == "command" else project.pid(victim)
            if target is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(target, SIGNALS[how])
            if victim == "command" and how == "stopped":
                time.sleep(0.5)
                os.kill(pid, signal.SIGCONT)

        found, endless = run(project, act)
        touched = {"any one"}
    elif kind in ("port", "octave"):
        name, text = luck.choice(list((PORT_FAULTS if kind == "port" else OCTAVE_FAULTS).items()))
        case = luck.randrange(CASES)
        sides = {"python": text} if kind == "port" else {"octave": text}
        project.write(broken, case=case, **sides)
        found, endless = run(project, lambda pid: None)
        project.write(broken)
        touched = {f"f{broken}, case {case}"}
        if not endless and len(found) < PAIRS * CASES:
            touched = {"not all were compared"}
    elif kind == "disk":
        name = "the disk is full"
        size = luck.choice([1, 100, 1000, 5000, 50_000])
        found, endless = run(
            project,
            lambda pid: None,
            before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        )
        found = {case: verdict for case, verdict in found.items() if verdict != "error"}
    elif kind == "terminal":
        name = "the terminal is closed"
        close_terminal(project, moment)
    else:
        name = "the pipe is closed"
        reader, writer = os.pipe()

        def stop_reading(pid: int) -> None:
            os.close(writer)
            time.sleep(moment)
            os.close(reader)

        found, endless = run(project, stop_reading, stdout=writer)
    outcome = Outcome(name, endless=endless)
    changed = [f"{p}, {c}" for (p, c), verdict in found.items() if verdict != expected[p, c]]
    if "any one" in touched:
        changed = changed[1:]  # the case that was running
    outcome.changed = [case for case in changed if case not in touched]
    if "not all were compared" in touched:
        outcome.changed.append("not all were compared")
    again, endless = run(project, lambda pid: None, limit=60)
    outcome.endless |= endless
    if again != expected:
        different = dict(set(again.items()) ^ set(expected.items()))
        outcome.changed.append(f"the run after it: {different}")
    end = time.monotonic() + 3
    while project.processes() and time.monotonic() < end:
        time.sleep(0.05)
    outcome.processes = list(project.processes().values())
    outcome.files = [path.name for path in project.temporary.iterdir()]
    for pid in project.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    outcome.seconds = time.monotonic() - start
    return outcome


def faults(number: int, seed: int = 0, told=lambda outcome: None) -> list[Outcome]:
    """Make some random faults, and return what became of each."""
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="faults_") as folder:
        project = Project(Path(folder))
        start = time.monotonic()
        expected, _ = run(project, lambda pid: None, limit=60)
        typical = time.monotonic() - start
        assert len(expected) == PAIRS * CASES
        outcomes = []
        for _ in range(number):
            outcomes.append(one_fault(project, expected, luck, typical))
            told(outcomes[-1])
        return outcomes


def main() -> int:
    """Make the faults and print what became of them."""
    parser = argparse.ArgumentParser(description="Make random faults in runs of lockstep.")
    parser.add_argument("number", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    def told(outcome: Outcome) -> None:
        if not outcome.is_good:
            print(outcome, flush=True)

    outcomes = faults(options.number, options.seed, told)
    for name, count in sorted(Counter(one.name for one in outcomes).items()):
        print(f"{count:>5}  {name}")
    print(
        f"{len(outcomes)} faults: {sum(len(o.processes) for o in outcomes)} processes and "
        f"{sum(len(o.files) for o in outcomes)} files left, "
        f"{sum(bool(o.changed) for o in outcomes)} with another verdict elsewhere, "
        f"{sum(o.endless for o in outcomes)} without an end, "
        f"{sum(o.seconds for o in outcomes):.0f} s"
    )
    return 0 if all(one.is_good for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
