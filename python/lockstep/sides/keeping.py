"""What a recorder has to know of a value that it keeps: its memory, its size, whether it changed.

May import `model`.
"""

from collections import Counter, deque
from typing import Any

import numpy as np

from lockstep.model.blocks import same_bits
from lockstep.model.errors import EndlessError
from lockstep.model.execution import Execution, NotKept, Source, StatementKind
from lockstep.model.values import is_sparse

SIMPLE = (bool, int, float, complex, str, bytes, np.generic, type(None))
"""Classes of values that cannot change."""

HOLDERS = (np.ndarray, list, dict, set, deque)
"""Classes of values that can be changed in place."""

_LOOPS = (StatementKind.WHILE, StatementKind.FOR)


def root_of(value: Any) -> Any:
    """Return the object that holds the memory of a value."""
    while isinstance(value, np.ndarray) and isinstance(value.base, np.ndarray):
        value = value.base
    return value


def bytes_of(value: Any) -> int:
    """Return how much memory the arrays in a value take, about."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, (list, tuple, set, frozenset, deque)):
        return 8 * len(value) + sum(map(bytes_of, value))
    if isinstance(value, dict):
        return 16 * len(value) + sum(map(bytes_of, value.values()))
    return 0


def len_of(value: Any) -> int:
    """Return how much a list, dict or sparse array holds."""
    return int(value.nnz) if is_sparse(value) else len(value)


def fields_of(value: Any) -> dict[str, Any] | None:
    """Return what an object keeps by name, without asking the object; None for nothing such."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return None
    return found if type(found) is dict else None


def shares(held: Any, value: Any) -> bool:
    """Whether two values are one object, or share memory."""
    if held is value:
        return True
    if isinstance(held, np.ndarray) and isinstance(value, np.ndarray):
        return bool(np.may_share_memory(held, value))
    return False


def same(kept: Any, value: Any, most: int = 0) -> bool:
    """Whether a value is still what was kept of it; of more than `most` elements, a sample."""
    if isinstance(value, np.ndarray):
        if not isinstance(kept, np.ndarray) or kept.shape != value.shape:
            return False
        if kept.dtype != value.dtype:
            return False
        if value.dtype == object:
            return all(same(a, b) for a, b in zip(kept.flat, value.flat, strict=True))
        if most and value.size > most:
            step = value.size // most
            kept, value = kept.ravel(order="K")[::step], value.ravel(order="K")[::step]
        if value.dtype.kind in "biufc" and same_bits(kept, value):
            return True
        return bool(np.array_equal(kept, value, equal_nan=value.dtype.kind in "fc"))
    if isinstance(kept, NotKept):
        return True
    if type(kept) is not type(value):
        return False
    if isinstance(value, (list, tuple, deque)):
        return len(kept) == len(value) and all(map(same, kept, value))
    if isinstance(value, dict):
        return kept.keys() == value.keys() and all(same(kept[k], value[k]) for k in value)
    if is_sparse(value):
        return bool(kept.shape == value.shape and (kept != value).nnz == 0)
    return bool(kept == value) or bool(kept != kept and value != value)


def say_error(execution: Execution, error: Exception) -> None:
    """Say in an execution what ended it, and where: of what had no end, which loop went on."""
    source = execution.source
    execution.error = f"{type(error).__name__}: {error}"
    execution.error_statement = _statement_of(error, source)
    execution.is_endless = isinstance(error, EndlessError)
    if execution.is_endless and execution.nodes:
        execution.error_statement = _endless_loop(execution)


def _endless_loop(execution: Execution) -> int:
    """Return the outermost loop, of those that were not left, that went round to the end.

    Where there is none, the statement that was the last.
    """
    statements, nodes = execution.source.statements, execution.nodes
    turns = Counter(execution.site(i).statement for i in range(len(nodes) // 2, len(nodes)))
    around: list[int] = []
    frame = nodes[-1].frame
    while frame >= 0:
        last = next(i for i in reversed(range(len(nodes))) if nodes[i].frame == frame)
        number = execution.site(last).statement
        while number >= 0:
            around.append(number)
            number = statements[number].parent
        frame = execution.frames[frame].parent
    loops = [one for one in around if statements[one].kind in _LOOPS]
    return next((one for one in reversed(loops) if turns[one] > 1), around[0])


def _statement_of(error: Exception, source: Source) -> int:
    """Return the innermost observed statement that an error came out of."""
    trace, place = error.__traceback__, -1
    while trace is not None:
        file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        for statement in source.statements:
            own = str(source.files[statement.function]) == file
            if own and statement.span.line <= line <= statement.span.last_line:
                place = statement.number
        trace = trace.tb_next
    return place
