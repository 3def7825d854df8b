"""Runs Octave code and its Python port side by side and diffs them.

Data flows one way: a folder or module imports only what stands before it in this line::

    model, terminal -> project, sources -> sides -> compare, doctor, init_command, project_options
    -> oracles -> explain -> both_sides -> deciding, moved_runs -> measuring -> runner
    -> covering, long_runs, recording, tried_cases -> explaining -> tracing -> reports -> page
    -> cases_run, checking, fuzz -> wire -> engine, engine_process -> supervisor
    -> calling, capture_command, coverage_command, fuzz_command, record_command,
    run_options, sent_project, several, spare_engines -> cluster
    -> case_commands, mcp_command, run_command -> watch_command -> cli, pytest_plugin

The command and the plugin are supervisors: what runs a line of the user's is an engine, a process
that may hang or die. `doctor` stands aside: it finds and installs Octave;
so do the commands of `case_commands`, which make cases and look after them. `check`, `run` and
`trace` are the calls for a notebook or a program of your own.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lockstep.model.version import VERSION

if TYPE_CHECKING:
    from lockstep.calling import RunReport, TraceReport, run, trace
    from lockstep.checking import Checker, MismatchError, check
    from lockstep.page.notebook import CaseReport
    from lockstep.project.cases import Case, Function, row
    from lockstep.project.views import Chain, Network

__all__ = [
    "Case",
    "CaseReport",
    "Chain",
    "Checker",
    "Function",
    "MismatchError",
    "Network",
    "RunReport",
    "TraceReport",
    "check",
    "row",
    "run",
    "trace",
]

__version__ = VERSION

_HOMES = {
    "calling": ("RunReport", "TraceReport", "run", "trace"),
    "checking": ("Checker", "MismatchError", "check"),
    "page.notebook": ("CaseReport",),
    "project.cases": ("Case", "Function", "row"),
    "project.views": ("Chain", "Network"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: a cases file need not wait for all of it, nor does Ctrl-C."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"lockstep.{home}"), name)
    raise AttributeError(f"module 'lockstep' has no attribute {name!r}")
