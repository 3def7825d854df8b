"""How two values are related: one detector a file, found by being here.

A detector is a module with ``detect(evidence) -> Reason | None`` and ``ORDER``, by which they are
tried, those first that say most. It states a relation only where it holds on every element.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.model.report import Reason

Detector = Callable[[Evidence], Reason | None]


@cache
def detectors() -> tuple[Detector, ...]:
    """Return the detectors, those first that say most."""
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    ]
    kept = [module for module in modules if hasattr(module, "detect")]
    return tuple(module.detect for module in sorted(kept, key=lambda m: (m.ORDER, m.__name__)))


def relation_of(evidence: Evidence) -> Reason | None:
    """Say how the two values of a place are related; None where nothing is to be said."""
    if not evidence.differs:
        return None
    for detect in detectors():
        with np.errstate(all="ignore"):
            try:
                found = detect(evidence)
            except (ValueError, TypeError, IndexError):
                continue
        if found is not None:
            return found
    return None
