"""Cases on a dask cluster of two processes, one of which is killed in the middle."""

import os
import pickle
import signal
import threading

import pytest

from lockstep import sent_project
from lockstep.cli import main
from lockstep.project.pairs import ProjectError
from lockstep.sent_project import SentProject
from lockstep.wire import loads

WAITS = """
import os
import time
from pathlib import Path

def waits(x, folder):
    \"\"\"Say who runs it, and wait until it may go on.\"\"\"
    here = Path(folder)
    (here / f"worker {os.getppid()}").touch()
    while not (here / "go on").exists():
        time.sleep(0.02)
    return 3 * x
"""


@pytest.fixture
def theirs(foreign, tmp_path):
    """Make the pair `waits`, of whose 20 cases one is wrong, and the pair `right`."""
    foreign.settings()
    foreign.m("waits", "function y = waits(x, folder)\ny = one(x) + x;\nend\n")
    foreign.m("one", "function y = one(x)\ny = x;\nend\n")
    foreign.py("waits", WAITS.replace("3 * x", "3 * x if x == 7 else 2 * x"))
    foreign.cases("waits", f"cases = {{str(i): (float(i), {str(tmp_path)!r}) for i in range(20)}}")
    foreign.pair("right", "x + 1", "x + 1")
    return foreign


@pytest.fixture
def cluster(monkeypatch):
    """Start a scheduler and two workers, each a process."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as found:
        yield found


def report(out):
    """Return the table and the reports, without times."""
    head, _, rest = out.partition("\n\n")
    table = [line.split()[:3] for line in head.splitlines()[1:]]
    return table, [line for line in rest.splitlines() if " s in all" not in line]


def test_a_killed_worker_costs_its_tasks_alone(
    theirs, cluster, tmp_path, shared_runner, monkeypatch, restored_sigterm, capsys
):
    monkeypatch.chdir(theirs.root)
    over = threading.Event()
    killed = cluster.workers[0].process.pid

    def kill_one():
        """Let the cases go on once both workers run one and one of them is killed."""
        while len(list(tmp_path.glob("worker *"))) < 2 and not over.wait(0.05):
            pass
        os.kill(killed, signal.SIGKILL)
        (tmp_path / "go on").touch()

    killer = threading.Thread(target=kill_one)
    killer.start()
    status = main(["run", "--timeout", "600", "--scheduler", cluster.scheduler_address])
    over.set()
    killer.join()
    on_cluster = report(capsys.readouterr().out)
    assert (tmp_path / f"worker {killed}").exists()  # it was in the middle of a case
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    assert (status, main(["run", "--in-process"])) == (1, 1)
    assert on_cluster == report(capsys.readouterr().out)
    assert on_cluster[0] == [
        ["pair", "cases", "verdict"],
        ["right", "1", "identical"],
        ["waits", "20", "different"],
    ]


def test_without_a_scheduler_the_run_says_so(theirs, monkeypatch, restored_sigterm, capsys):
    monkeypatch.chdir(theirs.root)
    monkeypatch.setattr("lockstep.cluster.SECONDS", 0.5)
    assert main(["run", "right", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "no dask scheduler at tcp://127.0.0.1:9" in capsys.readouterr().err


def test_a_sent_project_runs_where_it_arrives(theirs, tmp_path):
    """From its own files, in an engine that ends with it."""
    (tmp_path / "go on").touch()
    arrived = pickle.loads(pickle.dumps(SentProject(theirs.project, 60)))
    for folder in ("matlab", "port", "cases"):
        (theirs.root / folder).rename(theirs.root / f"{folder}, gone")
    answer = loads(arrived.run("waits", [("0", ("waits",)), ("7", ("waits",))]))
    assert [str(result.verdict) for result in answer.results] == ["identical", "different"]
    assert answer.machine["engine"] == "Octave"
    unpacked = arrived._unpacked
    assert unpacked.is_dir()
    del arrived
    assert not unpacked.exists()


def test_another_lockstep_is_refused(theirs, monkeypatch):
    sent = SentProject(theirs.project, 60)
    monkeypatch.setattr(sent_project, "tool_digest", lambda: "another")
    with pytest.raises(ProjectError, match="another version of lockstep"):
        sent.run("right", [("one", ("right",))])


def test_files_that_are_too_large_are_named(theirs, monkeypatch):
    monkeypatch.setattr(sent_project, "MOST_BYTES", 1000)
    (theirs.root / "film").write_bytes(b"x" * 2000)
    with pytest.raises(ProjectError, match=r"the largest is .*film"):
        SentProject(theirs.project, 60)
