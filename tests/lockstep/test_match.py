"""Which site of the port stands for which of Octave."""

from dataclasses import replace

import numpy as np
import pytest
from executions import execution_of

from lockstep.explain.crossed import crossed_turns
from lockstep.explain.match import match, operation, spell
from lockstep.model.execution import Kind, Node, Site, Span

GRID = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])


def partners(octave, port, **options):
    """Match sites that are given by name with their values; return the partners by name."""
    found = match(execution_of(octave), execution_of(port), **options)
    sides = found.octave.sites, found.port.sites
    named = {sides[1][p].name: {sides[0][o].name for o in os} for p, os in found.partners.items()}
    return found, named


# Streams


@pytest.mark.parametrize(
    ("octave", "port"),
    [
        ([GRID], [GRID + 1e-15]),
        ([GRID], [GRID.tolist()]),
        ([np.array([[0.1], [0.2]])], [np.array([0.1, 0.2])]),
        ([0.1, 0.2, 0.3], [np.array([0.1, 0.2, 0.3])]),
        ([np.array([[0.1, 0.2]])], [0.1, 0.2]),
        ([GRID[:, i] for i in range(3)], [GRID]),
        ([GRID], [GRID[i] for i in range(2)]),
        ([np.array([1.0, 0, 1, 1, 2, 3])], [np.array([1, 0, 1, 1, 2, 3])]),
        ([1.5], [np.float32(1.5)]),
    ],
    ids=["rounding", "list", "column", "gathered loop", "dealt out", "columns", "rows", "integers",
         "single"],
)  # fmt: skip
def test_sites_with_the_same_values_are_partners(octave, port):
    found, named = partners({"a": octave}, {"b": port})
    assert named == {"b": {"a"}}
    assert not found.is_wrong(0)


@pytest.mark.parametrize(
    "port",
    [GRID * 1.001, GRID[:, :2], -GRID, GRID[::-1].copy()],
    ids=["factor", "part", "sign", "turned round"],
)  # fmt: skip
def test_sites_with_other_values_are_not(port):
    found, named = partners({"a": [GRID]}, {"b": [port]})
    assert named == {}
    assert found.is_wrong(0)
    assert found.first_wrong(0) == 0


def test_another_memory_order_is_told_apart():
    found, named = partners({"a": [GRID]}, {"same": [GRID], "other": [GRID.ravel()]})
    assert named == {"same": {"a"}, "other": {"a"}}
    assert {found.port.sites[site].name for site in found.turned} == {"other"}


def test_all_sites_with_the_values_are_partners():
    _, named = partners({"a": [0.1], "b": [0.1], "c": [0.2]}, {"x": [0.1]})
    assert named == {"x": {"a", "b"}}


def test_a_spread_that_was_measured_is_allowed():
    assert partners({"a": [0.1]}, {"b": [0.1001]})[1] == {}
    _, named = partners({"a": [0.1]}, {"b": [0.1001]}, spreads={0: np.array([0.001])})
    assert named == {"b": {"a"}}


def test_values_without_numbers_are_neither_right_nor_wrong():
    found, named = partners({"a": [len]}, {"b": [len]})
    assert named == {}
    assert not found.is_wrong(0)
    assert not found.is_sure(0)


# Node by node


def test_the_turns_that_octave_had_no_value_for_are_known():
    found, _ = partners({"a": [0.1, 0.2, 0.3]}, {"b": [0.1, 0.25, 0.3]})
    assert [found.known[n] for n in range(3)] == [True, False, True]
    assert found.first_wrong(0) == 1


def test_telling_values_make_sure_and_small_whole_numbers_do_not():
    found, _ = partners({"a": [0.1], "n": [3]}, {"a": [0.1], "n": [3]})
    assert found.is_sure(0)
    assert not found.is_sure(1)


def test_the_first_wrong_is_that_which_read_only_what_is_right():
    octave = execution_of({"x": [0.1], "y": [0.2], "z": [0.3]})
    port = execution_of({"x": [0.1], "y": [0.25], "z": [0.35]})
    port.nodes[1].inputs, port.nodes[2].inputs = (0,), (1,)
    found = match(octave, port)
    assert found.is_wrong(1)
    assert found.is_first_wrong(1)
    assert found.is_wrong(2)
    assert not found.is_first_wrong(2)


# Names and operations


@pytest.mark.parametrize(
    ("one", "other"), [("cost_function", "costFunction"), ("N", "n"), ("Theta1", "theta_1")]
)
def test_names_are_compared_without_case_and_underscores(one, other):
    assert spell(one) == spell(other)


@pytest.mark.parametrize(
    ("octave", "port"),
    [
        (".*", "*"), ("*", "@"), ("./", "/"), (".^", "**"), ("~=", "!="), ("&&", "and"),
        ("numel", "len"), ("size", "shape"), ("find", "flatnonzero"), ("fix", "trunc"),
        ("std", "std"), ("true", "ones"), (":", "arange"), ("||", "or"),
    ],
)  # fmt: skip
def test_an_operation_has_one_word_in_both_languages(octave, port):
    def said(name):
        return operation(Site(0, Kind.EXPRESSION, "f", 0, Span(1, 0, 1, 1), name, name))

    assert said(octave) == said(port)


# Two loops


def nest(outer, inner):
    """Build an execution in which a site gives a value in each turn of two loops."""
    found = execution_of({"y": [10.0 * i + j + 0.5 for i in range(outer) for j in range(inner)]})
    values = found.nodes
    for number, name in ((1, "i"), (2, "j")):
        found.source.sites.append(Site(number, Kind.BINDING, "f", 0, Span(1, 0, 1, 1), name, name))
    nodes = []
    for i in range(outer):
        above = len(nodes)
        nodes.append(Node(1, 0, float(i)))
        for j in range(inner):
            nodes.append(Node(2, 0, float(j), decision=above))
            nodes.append(replace(values[i * inner + j], decision=len(nodes) - 1))
    found.nodes = nodes
    return found


@pytest.mark.parametrize(("outer", "inner", "first"), [(2, 3, [0, 3, 1]), (3, 2, [0, 2, 4])])
def test_the_turns_of_two_loops_the_other_way_round(outer, inner, first):
    found = nest(outer, inner)
    nodes = [number for number, node in enumerate(found.nodes) if node.site == 0]
    assert crossed_turns(found, nodes)[:3] == first
    assert sorted(crossed_turns(found, nodes)) == list(range(outer * inner))


@pytest.mark.parametrize("fewer", [[0], [3], [0, 1, 2, 3, 4]])
def test_turns_that_are_not_as_many_each_time_have_no_other_order(fewer):
    found = nest(2, 3)
    nodes = [number for number, node in enumerate(found.nodes) if node.site == 0]
    assert crossed_turns(found, [node for k, node in enumerate(nodes) if k not in fewer]) is None


def test_a_loop_alone_has_no_other_order():
    found = execution_of({"y": [0.5, 1.5, 2.5, 3.5]})
    assert crossed_turns(found, range(4)) is None
