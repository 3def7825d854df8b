"""Runs Octave code and its Python port side by side and diffs them.

Data flows one way, and a module imports only what stands before it in this line::

    values, pairs, cases -> octave, port -> compare, verdict -> trace, finding -> runner
    -> report -> checking -> cli, pytest_plugin

`doctor` stands aside: it finds and installs Octave. `check` is the one call for a notebook or a
test of your own; `lockstep run` on the command line does the same for every pair of a project.
"""

from lockstep.cases import Case, Function, row
from lockstep.checking import Checker, MismatchError, check

__all__ = ["Case", "Checker", "Function", "MismatchError", "check", "row"]
