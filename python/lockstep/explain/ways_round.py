"""What a port leaves out when it agrees with another value in one place.

A decision turned round, or a small number changed, may lead past the statement that is wrong: that
heals a case, and mends nothing. May import `model`, `replay`, `suspects`, `project` and `sides`.
"""

from lockstep.explain.replay import in_place
from lockstep.explain.suspects import Blamed
from lockstep.model.execution import Execution
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort


def with_values(observed: ObservedPort, blamed: Blamed, case: Case) -> Execution:
    """Return what the port does with the values in place with which it agrees."""
    put, last = in_place(blamed.values), len(blamed.values) - 1
    # More turns come about where the error does not: then the last value stays.
    changes = {blamed.site: lambda turn, own: put(min(turn, last), own)}
    return observed.run(case, changes)[0]


def left_out(observed: ObservedPort, blamed: Blamed, case: Case, port: Execution) -> set[int]:
    """Return the statements of the port that do not run when a place has other values."""
    if blamed.jumped or blamed.shared or not blamed.values:
        return set()
    return statements_of(port) - statements_of(with_values(observed, blamed, case))


def statements_of(execution: Execution) -> set[int]:
    """Return the statements that gave a value."""
    return {execution.source.sites[site].statement for site in execution.by_site}
