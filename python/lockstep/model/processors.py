"""How many processors there are, and how libraries of linear algebra are kept to one each.

Imports nothing of the package.
"""

import os
from collections.abc import Mapping
from pathlib import Path

THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "OMP_NUM_THREADS",
)
"""What tells the libraries that Octave and NumPy compute with how many threads to use."""

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processors() -> int:
    """Return how many processors this process may use at a time."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    return max(1, min(count, _allowed(count)))


def _allowed(count: int) -> int:
    """Return what a container's quota comes to, in whole processors; `count` without one."""
    try:
        quota, period = _QUOTA.read_text().split()
        return round(int(quota) / int(period))
    except (OSError, ValueError):
        return count


def one_thread(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which linear algebra runs in one thread.

    How a sum is divided among threads shows in its last bits: with one, these do not depend on how
    many processors there are, or on what else runs. Where a number is set already, that stays.
    """
    if any(name in environment for name in THREAD_VARIABLES):
        return dict(environment)
    return {**environment, **dict.fromkeys(THREAD_VARIABLES, "1")}
