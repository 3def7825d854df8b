"""How two values are related: one detector a file, found by being here.

A detector is a module with ``detect(evidence) -> Reason | None``, ``ORDER``, by which they are
tried, those first that say most, and ``KEYS``: the reasons that it states, each in a sentence for
the catalogue. It states a relation only where it holds on every element.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.model.report import Reason

Detector = Callable[[Evidence], Reason | None]


@cache
def _modules() -> tuple[Any, ...]:
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    ]
    kept = [module for module in modules if hasattr(module, "detect")]
    return tuple(sorted(kept, key=lambda module: (module.ORDER, module.__name__)))


def detectors() -> tuple[Detector, ...]:
    """Return the detectors, those first that say most."""
    return tuple(module.detect for module in _modules())


def relations() -> dict[str, str]:
    """Say what each relation is, by its key."""
    return {key: said for module in _modules() for key, said in module.KEYS.items()}


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
