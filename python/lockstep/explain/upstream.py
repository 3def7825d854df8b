"""From a place that heals back over what Octave has nowhere: what each input must have been.

Where the port needs several steps for one of Octave's, the value after the last of them is the
first that can be compared. What the steps before it should have given follows from what they do.
May import `model`, `changes`, `evidence`, `nodes_of_tree`, `forms`, `numbers`, `suspects` and
`wanted`.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from lockstep.explain.changes.context import MISSING, Context
from lockstep.explain.changes.rewriting import substituted
from lockstep.explain.evidence import gathered, live_names, variables_at
from lockstep.explain.forms import NoFormError, in_form_of
from lockstep.explain.nodes_of_tree import find_node
from lockstep.explain.numbers import is_whole
from lockstep.explain.suspects import Blamed, Suspects
from lockstep.explain.wanted import is_close, needed
from lockstep.model.execution import Kind, NotKept

DEPTH = 12
"""Steps that are gone back."""

MOST_TURNS = 200
"""Values of one site that are asked for."""

_INPUT = "_lockstep_input"
"""Stands in a changed expression for the input that is asked for."""

_HANDED_ON = (Kind.READ, Kind.RETURN, Kind.ARGUMENT)

Wanted = Mapping[int, Any]
"""What nodes of the port should have given."""


class Upstream:
    """Goes back from places that heal.

    Parameters
    ----------
    suspects : Suspects
        Of one case.
    """

    def __init__(self, suspects: Suspects) -> None:
        self._suspects = suspects
        self._variables = cache(partial(variables_at, suspects.port.execution))
        self._context = cache(self._context_of)
        self._with_input = cache(self._with_input_of)

    def found(self, blamed: Blamed) -> Iterator[Blamed]:
        """Yield the places before one that heals that heal as well, the nearest first.

        Each is the one input of the next that is neither given nor seen in Octave and that heals.
        """
        if blamed.octave_site < 0 or blamed.flipped or blamed.also is not None:
            return
        site, wanted = blamed.site, self._wanted_of(blamed)
        for _ in range(DEPTH):
            if not 0 < len(wanted) <= MOST_TURNS or self._suspects.replayer.is_over:
                return
            healing = list(self._healing_inputs(site, wanted))
            if len(healing) != 1:
                return
            site, wanted, values = healing[0]
            if self._suspects.kind(site) in (Kind.EXPRESSION, Kind.READ):
                yield replace(
                    blamed, site=site, values=tuple(values), first_step=-1, is_derived=True
                )

    def _wanted_of(self, blamed: Blamed) -> Wanted:
        nodes = self._suspects.port.execution.by_site[blamed.site]
        found = {}
        for node, value in zip(nodes, blamed.values, strict=False):
            own = self._suspects.port.execution.nodes[node].value
            try:
                other = in_form_of(own, value)
            except NoFormError:
                return {}
            if not is_close(own, other):
                found[node] = other
        return found

    def _healing_inputs(self, site: int, wanted: Wanted) -> Iterator[tuple[int, Wanted, list[Any]]]:
        """Yield the inputs that heal with what the site needs: site, what is wanted, all values."""
        execution = self._suspects.port.execution
        for other, found in self._inputs(site, wanted).items():
            own = [(node, execution.nodes[node].value) for node in execution.by_site[other]]
            values = [found.get(node, value) for node, value in own]
            if any(isinstance(value, NotKept) for value in values):
                continue
            changed = {n: found[n] for n, v in own if n in found and not is_close(v, found[n])}
            if changed and self._suspects.replayer.heals({other: values}):
                yield other, changed, values

    def _inputs(self, site: int, wanted: Wanted) -> dict[int, dict[int, Any]]:
        """Say by site of each input what its nodes must be, where all that is wanted says so.

        What is given, or seen in Octave, is right, and is not asked.
        """
        nodes = self._suspects.port.execution.nodes
        matching = self._suspects.matching
        found: dict[int, dict[int, Any]] = {}
        lost: set[int] = set()
        for node, value in wanted.items():
            for number in dict.fromkeys(i for i in nodes[node].inputs if i >= 0):
                other = nodes[number].site
                if other in lost or matching.is_confirmed(other) or self._suspects.is_given(other):
                    continue
                if number in matching.port_classes and not is_whole(nodes[number].value):
                    continue
                needs = self._needed(node, number, value)
                before = found.setdefault(other, {}).get(number, needs)
                if needs is None or not is_close(before, needs):
                    lost.add(other)
                found[other][number] = needs
        return {
            other: values
            for other, values in found.items()
            if other not in lost and not self._is_right_elsewhere(other, values)
        }

    def _is_right_elsewhere(self, site: int, values: Mapping[int, Any]) -> bool:
        """Whether a site is what a function returns, which is called elsewhere, and is right."""
        every = self._suspects.port.execution.by_site[site]
        return self._suspects.kind(site) is Kind.RETURN and len(values) < len(every)

    def _needed(self, node: int, number: int, value: Any) -> Any:
        """Say what an input of a node must be for the node to have a value; None if unknown."""
        nodes = self._suspects.port.execution.nodes
        own, given = nodes[node].value, nodes[number].value
        kind = self._suspects.kind(nodes[node].site)
        if isinstance(own, NotKept) or isinstance(given, NotKept):
            return None
        if kind in _HANDED_ON or self._suspects.kind(nodes[number].site) is Kind.RETURN:
            return _in_place_of(own, given, value)
        if kind is Kind.BINDING:
            whole = self._suspects.port.sites[nodes[node].site].whole
            return _in_place_of(own, given, value) if whole else None
        if kind is not Kind.EXPRESSION:
            return None
        return self._solved(node, number, value)

    def _solved(self, node: int, number: int, value: Any) -> Any:
        nodes = self._suspects.port.execution.nodes
        found = self._with_input(nodes[node].site, nodes[number].site)
        if found is None:
            return None
        context, tree = found
        variables = self._variables(node)

        def operation(given: Any) -> Any:
            result = context.evaluated(tree, {**variables, _INPUT: given})
            if result is MISSING:
                raise ValueError("it cannot be evaluated")
            return result

        return needed(operation, nodes[number].value, value)

    def _with_input_of(self, site: int, part: int) -> tuple[Context, ast.expr] | None:
        """Return an expression in which a name stands for an input, and what evaluates it."""
        context = self._context(site)
        if context is None or context.evidence.expression is None:
            return None
        source = self._suspects.port.execution.source
        old = find_node(context.evidence.tree, source.sites[part].span)
        if old is None or old is context.evidence.expression:
            return None
        tree = substituted(context.evidence.expression, old, ast.Name(_INPUT, ast.Load()))
        assert isinstance(tree, ast.expr)
        return context, tree

    def _context_of(self, site: int) -> Context | None:
        execution = self._suspects.port.execution
        live = live_names(execution.source.files[execution.source.sites[site].function])
        evidence = gathered(execution, site, (), live)
        return None if evidence is None else Context(evidence)


def _in_place_of(own: Any, given: Any, value: Any) -> Any:
    """Return what is handed on: the value itself, or several values of which it is one."""
    if is_close(own, given):
        return value
    if isinstance(given, (tuple, list)):
        places = [i for i, item in enumerate(given) if is_close(own, item)]
        if len(places) == 1:
            items = [value if i == places[0] else item for i, item in enumerate(given)]
            return items if isinstance(given, list) else tuple(items)
    return None
