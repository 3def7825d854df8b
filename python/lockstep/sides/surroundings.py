"""What a port finds around it: each of its calls begins with what the first one found.

A port that changes the working folder or Python's own functions, makes errors of warnings, lets
NumPy raise or takes memory or files away does so for the whole process: for the cases after it, and
for the code that compares.
So what a call has changed is put back when it ends; what a module sets when it is imported stays.
Imports nothing of the package.
"""

import builtins
import contextlib
import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

try:
    import resource
except ImportError:  # on Windows
    LIMITS: tuple[int, ...] = ()
else:
    LIMITS = tuple({getattr(resource, name) for name in dir(resource) if name[:7] == "RLIMIT_"})
    """What the system limits for a process: memory, open files, the size of a file."""


@contextlib.contextmanager
def kept_surroundings() -> Iterator[None]:
    """Put back what the block changes of the process that it runs in."""
    folder, filters = _folder(), list(warnings.filters)
    lists: tuple[list[Any], ...] = (sys.path, sys.meta_path, sys.path_hooks)
    found, modules = [list(one) for one in lists], _modules()
    streams, shown = (sys.stdin, sys.stdout, sys.stderr), warnings.showwarning
    depth, numbers, options = sys.getrecursionlimit(), np.geterr(), np.get_printoptions()
    is_timed = _is_timed()
    process, limits = os.getpid(), _limits()
    owned = [(own, dict(own)) for own in (vars(builtins), vars(os), vars(time))]
    try:
        yield
    finally:
        for own, before_it in owned:  # first: whatever follows calls some of them
            own.update(before_it)
        _raise_to(limits)
        if os.getpid() != process:
            os._exit(0)  # a child that the port forked, and that would go on as a second one of us
        sys.stdin, sys.stdout, sys.stderr = streams
        for one, before in zip(lists, found, strict=True):
            one[:] = before
        if len(sys.modules) < len(modules):
            sys.modules.update(modules)
        sys.setrecursionlimit(depth)
        np.seterr(**numbers)
        if np.get_printoptions() != options:
            np.set_printoptions(**options)
        warnings.showwarning = shown
        if warnings.filters != filters:
            warnings.resetwarnings()
            warnings.filters[:] = filters  # type: ignore[index]
        if folder and _folder() != folder:
            os.chdir(folder)
        if _is_timed() and not is_timed:
            signal.setitimer(signal.ITIMER_REAL, 0)


_MODULES: dict[str, Any] = {}


def _modules() -> dict[str, Any]:
    """Return what is imported; copied where it is more or less than it was: that takes time."""
    if len(_MODULES) != len(sys.modules):
        _MODULES.clear()
        _MODULES.update(sys.modules)
    return _MODULES


def _limits() -> dict[int, tuple[int, int]]:
    """Return the limits of this process, each as it is and as it may be at most."""
    return {one: resource.getrlimit(one) for one in LIMITS}


_LOWERED: set[int] = set()
"""The limits that were lowered for good."""


def is_lowered_for_good() -> bool:
    """Whether a port has lowered a limit that this process may not raise again."""
    return bool(_LOWERED)


def _raise_to(before: Mapping[int, tuple[int, int]]) -> None:
    """Set the limits again that have changed, and note those of which that is not allowed."""
    for one, limit in before.items():
        if resource.getrlimit(one) != limit:
            try:
                resource.setrlimit(one, limit)
            except (ValueError, OSError):
                _LOWERED.add(one)


def _folder() -> Path | None:
    """Return the working folder; None where it is gone."""
    with contextlib.suppress(OSError):
        return Path.cwd()
    return None


def _is_timed() -> bool:
    """Whether an alarm is set."""
    return hasattr(signal, "getitimer") and signal.getitimer(signal.ITIMER_REAL)[0] > 0
