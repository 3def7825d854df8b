"""A recorder with a shorter way for numbers and texts: what cannot change is not copied.

It keeps what its base keeps. What a site needs is laid out once, and a value passes one function.
May import `recorder`, `model` and `sources.python_expressions`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.model.execution import Kind, Node, Site
from lockstep.sides import recorder
from lockstep.sides.recorder import Recorder
from lockstep.sources.python_expressions import BOUND, TEST, VALUE

PLAIN = frozenset(
    {
        bool, int, float, complex, str, bytes, type(None), np.bool_, np.int64, np.int32,
        np.float64, np.float32, np.complex128,
    }
)  # fmt: skip
"""Classes, without those derived from them, whose values cannot change."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is needed of a site.

    Attributes
    ----------
    is_quick : bool
        Whether the short way is open to it.
    is_read : bool
        Whether it reads a variable that a statement bound.
    name : str
        Of the variable.
    first, second : int
        Its parts; -1 where there are fewer.
    governor : int
        The site that it runs under.
    """

    is_quick: bool
    is_read: bool
    name: str
    first: int
    second: int
    governor: int


class QuickRecorder(Recorder):
    """Keeps what the probes of one run see."""

    _plans: tuple[_Plan, ...] = ()

    def probes(self) -> dict[str, Any]:
        """Return the functions that an instrumented module calls, by name."""
        found = super().probes()
        if self._recording and self.watch is None and not self._replace and not self._limit:
            sites, governors = self._tables.source.sites, self._tables.governors
            if len(self._plans) != len(sites):
                self._plans = tuple(map(_planned, sites, governors))
            found |= {VALUE: self._quick_value, BOUND: self._quick_bound, TEST: self._quick_test}
        return found

    def _quick_value(self, frame: int, site: int, value: Any) -> Any:
        plan = self._plans[site]
        if value.__class__ not in PLAIN or not plan.is_quick or frame in self._returned:
            return self._value(frame, site, value)
        if not plan.is_read:
            self._quick_add(plan, frame, site, value)
        elif self._record and len(self.nodes) < recorder.NODE_LIMIT:
            nodes, last = self.nodes, self._last[frame]
            version = self._versions[frame].get(plan.name)
            inputs = () if version is None else (version,)
            last[site] = len(nodes)
            nodes.append(Node(site, frame, value, inputs, last.get(plan.governor, -1)))
        else:
            self._value(frame, site, value)
        return value

    def _quick_bound(self, frame: int, site: int, value: Any) -> Any:
        plan = self._plans[site]
        if value.__class__ not in PLAIN or not plan.is_quick or not self._record:
            return self._bound(frame, site, value)
        self._versions[frame][plan.name] = self._quick_add(plan, frame, site, value)
        self._objects[frame][plan.name] = value
        return value

    def _quick_test(self, frame: int, site: int, value: Any) -> Any:
        plan = self._plans[site]
        if value.__class__ not in PLAIN or not plan.is_quick:
            return self._test(frame, site, value)
        self._quick_add(plan, frame, site, bool(value))
        return value

    def _quick_add(self, plan: _Plan, frame: int, site: int, value: Any) -> int:
        """Keep a value that is made of at most two parts."""
        nodes, last = self.nodes, self._last[frame]
        number = len(nodes)
        if not self._record:
            return number - 1
        inputs: tuple[int, ...] = ()
        if plan.first >= 0:
            since, one = last.get(site, -1), last.get(plan.first, -1)
            if plan.second < 0 and one > since:
                inputs = (one,)
            elif one > since and (other := last.get(plan.second, -1)) > since:
                inputs = (one, other)
            else:
                inputs = self._parts(frame, site, self._tables.source.sites[site].parts)
        if number >= recorder.NODE_LIMIT:
            return self._add(site, frame, value, inputs)
        last[site] = number  # no site runs under itself
        nodes.append(Node(site, frame, value, inputs, last.get(plan.governor, -1)))
        return number


def _planned(site: Site, governor: int) -> _Plan:
    """Say what is needed of a site; more parts than two, and what is not usual, go the long way."""
    is_bound = site.kind is Kind.BINDING and site.whole
    is_usual = is_bound or site.kind in (Kind.READ, Kind.EXPRESSION, Kind.DECISION)
    is_read = site.kind is Kind.READ and not site.parts
    first, second = (*site.parts, -1, -1)[:2]
    is_quick = is_usual and len(site.parts) <= 2 and site.name not in ("match", "attribute")
    return _Plan(is_quick, is_read, site.name, first, second, governor)
