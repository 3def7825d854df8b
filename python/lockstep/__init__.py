"""Runs Octave code and its Python port side by side and diffs them.

Data flows one way: a folder or module imports only what stands before it in this line::

    model -> project, sources -> sides -> compare, doctor, init_command, project_options -> oracles
    -> explain -> both_sides -> measuring -> runner -> covering, explaining, recording -> tracing
    -> reports -> checking, fuzz, page -> wire -> engine, engine_process -> supervisor
    -> capture_command, coverage_command, fuzz_command, record_command, run_options, sent_project,
    several -> cluster -> case_commands, run_command -> watch_command -> cli, pytest_plugin

The command and the plugin are supervisors: what runs a line of the user's is an engine, a process
that may hang or die. `doctor` stands aside: it finds and installs Octave;
so do the commands of `case_commands`, which make cases and look after them. `check` is the one call
for a notebook or a test of your own; `lockstep run` on the command line does the same for every
pair of a project.
"""

from lockstep.checking import Checker, MismatchError, check
from lockstep.model.version import VERSION
from lockstep.project.cases import Case, Function, row
from lockstep.project.views import Chain, Network

__all__ = [
    "Case",
    "Chain",
    "Checker",
    "Function",
    "MismatchError",
    "Network",
    "check",
    "row",
]

__version__ = VERSION
