"""Cases as tasks of a dask cluster that runs already; results come in order, as from one engine.

The files of the project are sent along. A worker that dies costs the time of its tasks, which
others run again. May import all folders before it in the line of `lockstep/__init__.py`, and
`sent_project`.
"""

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from lockstep import wire
from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.plan import PairPlan
from lockstep.compare.verdict import Verdict
from lockstep.project.choosing import CaseChoice
from lockstep.project.pairs import ProjectError
from lockstep.sent_project import Answer, SentProject
from lockstep.supervisor import PLAN_ERRORS, Supervisor
from lockstep.terminal.progress import Progress

CASES = 8
"""Cases of a task: what is lost, at most, with a worker's death."""

SECONDS = 20
"""How long the scheduler, and its first worker, may take to answer."""

MAY_DIFFER = ("octave_program", "processors")
"""What may be another on a worker than here, of what `lockstep.doctor` finds."""

Labelled = list[tuple[str, tuple[str, ...]]]


def on_cluster(
    address: str,
    pairs: Sequence[str],
    first: Supervisor,
    machine: Mapping[str, str],
    progress: Progress,
    choice: CaseChoice,
) -> Iterator[list[PairResult]]:
    """Yield what `Supervisor.run_pair` gives for each pair, in order.

    Parameters
    ----------
    address : str
        Of the scheduler: ``tcp://HOST:PORT``.
    pairs : sequence of str
        Names.
    first : Supervisor
        One that is started here; it says which cases there are, and learns what they gave.
    machine : mapping
        What is installed here: the workers must have the same.
    progress : Progress
        Shows what is waited for.
    choice : CaseChoice
        Which cases.

    Raises
    ------
    ProjectError
        If there is no such scheduler, or a worker cannot do what this machine does.
    """
    sent = SentProject(first.project, first.timeout)
    with _client(address) as client:
        tasks = _Tasks(client, sent, machine)
        plans: dict[str, PairPlan | str] = {}
        for pair in pairs:
            try:
                plans[pair] = plan = first.plan(pair).chosen(choice)
                tasks.submit(plan)
            except PLAN_ERRORS as error:
                plans[pair] = str(error)
        for pair, plan_or_problem in plans.items():
            if isinstance(plan_or_problem, str):
                yield [PairResult(pair, [], plan_or_problem)]
                continue
            progress.show(f"{pair}: {len(plan_or_problem.cases)} cases on {address}")
            found = plan_or_problem.result(tasks.results(plan_or_problem, choice.stops))
            first.learn(found)
            yield found


class _Tasks:
    """The tasks of a run.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster.
    sent : SentProject
        What the tasks work on.
    machine : mapping
        What is installed here.
    """

    def __init__(self, client: Any, sent: SentProject, machine: Mapping[str, str]) -> None:
        self._client = client
        self._machine = machine
        self._futures: dict[str, list[tuple[Labelled, Any]]] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that the files are large
            # the result of a task, so that it is made again where the worker that has it dies
            self._sent = client.submit(_same, sent, pure=False)

    def submit(self, plan: PairPlan) -> None:
        """Hand the cases of a pair to the cluster."""
        cases = list(plan.cases.items())
        self._futures[plan.pair] = [
            (part, self._client.submit(SentProject.run, self._sent, plan.pair, part, pure=False))
            for part in (cases[i : i + CASES] for i in range(0, len(cases), CASES))
        ]

    def results(self, plan: PairPlan, stops: bool) -> dict[str, list[CaseResult]]:
        """Wait for what the cases of a pair give; `stops` with the first that disagrees."""
        found: dict[str, list[CaseResult]] = {name: [] for name in plan.cases}
        for part, future in self._futures.pop(plan.pair):
            for result in self._result(plan.pair, part, future):
                found[result.case].append(result)
            for name, _ in part:
                if stops and not all(result.agrees for result in found[name]):
                    return dict(list(found.items())[: list(found).index(name) + 1])
        return found

    def _result(self, pair: str, part: Labelled, future: Any) -> list[CaseResult]:
        try:
            answer: Answer = wire.loads(future.result())
        except import_module("distributed").KilledWorker as error:
            problem = f"the workers that ran it died one after the other: {error}".split("\n")[0]
            return [
                CaseResult(label, name, Verdict.ERROR, problem=problem, dead=True)
                for name, labels in part
                for label in labels
            ]
        except Exception as error:  # what goes wrong in a case is its result: this is not one
            said = f"{type(error).__name__}: {error}".split("\n")[0]
            raise ProjectError(
                f"the cluster cannot run {pair}: {said}; on each worker the same lockstep, Octave "
                "and packages must be installed as here"
            ) from None
        self._check(answer.machine)
        return answer.results

    def _check(self, there: Mapping[str, str]) -> None:
        other = [
            f"{name.replace('_', ' ')} {there.get(name)} (here {own})"
            for name, own in self._machine.items()
            if name not in MAY_DIFFER and there.get(name) != own
        ]
        if other:
            raise ProjectError(
                f"a worker of the cluster would give other results: it has {', '.join(other)}"
            )


def _same(sent: SentProject) -> SentProject:
    return sent


@contextlib.contextmanager
def _client(address: str) -> Iterator[Any]:
    """Connect to a scheduler that has workers."""
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise ProjectError(
            "--scheduler needs the package distributed: pip install 'lockstep-octave[cluster]'"
        ) from None
    try:
        client = distributed.Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).split("\n")[0]
        raise ProjectError(f"no dask scheduler at {address}: {said}") from None
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        yield client
    except distributed.TimeoutError:
        raise ProjectError(f"the dask scheduler at {address} has no workers") from None
    finally:
        client.close()
