"""Mutants break one statement each, in the ways that the benchmark of detection names."""

import ast

import pytest
from mutation import mutants

MODULE = '''\
"""A module."""

LIMIT = 3


def f(a, b=None):
    """A function."""
    # Check
    if a < b:
        raise ValueError(
            "a is less"
        )
    elif not a == 1:
        a[0] = -a[1:, 2]
    with g():
        while a:
            b = a.T @ b / 2.0 + a.reshape((2, -1), order="F")
    return np.sum(a, axis=0)
'''


def made(statement, context="def f(a, b):\n    {}\n"):
    """List the mutants of one statement: what was done, and what it became."""
    return {(m.operator, m.mutated) for m in mutants("f", context.format(statement))}


@pytest.mark.parametrize(
    ("statement", "operator", "mutated"),
    [
        ("a = a + b", "+ and -", "a = a - b"),
        ("a -= b", "+ and -", "a += b"),
        ("a = a * b", "* and /", "a = a / b"),
        ("a = a / b", "factor dropped", "a = a"),
        ("a = a * b", "factor dropped", "a = b"),
        ("a = a ** 2", "factor dropped", "a = a"),
        ("a = a - b", "term dropped", "a = a"),
        ("a = a + b", "term dropped", "a = b"),
        ("a = 3", "constant by 1", "a = 4"),
        ("a = True", "constant by 1", "a = False"),
        ("a = 2.0", "constant by 1e-6", "a = 2.000002"),
        ("a = a <= b", "comparison flipped", "a = a >= b"),
        ("a = a <= b", "strictness", "a = a < b"),
        ("a = a is b", "comparison flipped", "a = a is not b"),
        ("a = a[b]", "index moved", "a = a[b + 1]"),
        ("a = a[1:b]", "index moved", "a = a[1:b + 1]"),
        ("a = a[:, 1:]", "index moved", "a = a[:, 2:]"),
        ("a = a.sum(axis=1)", "axis swapped", "a = a.sum(axis=0)"),
        ("a = a.shape[0]", "axis swapped", "a = a.shape[1]"),
        ("a = a.T", "transpose dropped", "a = a"),
        ("a = a.ravel(order='F')", "order='F' dropped", "a = a.ravel()"),
        ("a = -b", "sign dropped", "a = b"),
        ("a = b", "statement deleted", "pass"),
        ("a[b] = 1", "rebinding", "a = 1"),
        ("while a: pass", "condition negated", "while not a:"),
        ("a = a if b else 1", "condition negated", "a = a if not b else 1"),
    ],
)
def test_breaks_a_statement(statement, operator, mutated):
    assert (operator, mutated) in made(statement)


def test_changes_defaults():
    found = {m.mutated for m in mutants("f", MODULE) if m.operator == "default changed"}
    assert found == {"def f(a, b=1):"}


@pytest.mark.parametrize(
    ("statement", "operator"),
    [
        pytest.param("a = a['x']", "index moved", id="a key"),
        pytest.param("if len(a) > 1: pass", "constant by 1e-6", id="a count"),
        pytest.param("'''text'''", "statement deleted", id="a docstring"),
    ],
)
def test_leaves_alone_what_cannot_matter(statement, operator):
    assert operator not in {name for name, _ in made(statement)}


def test_every_mutant_keeps_the_other_lines_and_can_be_read():
    found = mutants("f", MODULE)
    assert len(found) > 25
    for mutant in found:
        text = mutant.applied(MODULE)
        ast.parse(text)
        before, after = MODULE.split("\n"), text.split("\n")
        assert len(after) == len(before)
        broken = range(mutant.line - 1, mutant.last_line)
        assert all(after[i] == before[i] for i in range(len(before)) if i not in broken)
        assert after[mutant.line - 1].strip() == mutant.mutated


def test_breaks_the_port_and_what_it_calls():
    text = "".join(
        f"def {name}(a):\n    return {value}\n"
        for name, value in [("f", "g(a)"), ("g", "a.map(h)"), ("h", "-a"), ("main", "f(-a)")]
    )
    assert {mutant.line for mutant in mutants("f", text)} == {2, 4, 6}


def test_no_two_mutants_are_named_alike():
    text = "def f(a):\n    a = a + 1\n    a = a + 1\n    return a\n"
    keys = [mutant.key for mutant in mutants("f", text)]
    assert len(keys) == len(set(keys))
    assert ("f", "statement deleted", "a = a + 1", "pass", 2) in keys
