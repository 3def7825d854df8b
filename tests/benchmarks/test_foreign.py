"""A sample of the code that nobody here wrote, in every run of the tests; all: tox -e foreign."""

import ast
from collections import Counter

import pytest
from foreign import LEAST_PAIRS, is_enough, summary
from foreign_sources import Entry, entries, lines_of_decorators
from foreign_workshop import Judged, Outcome, Workshop, places_of_loss, readers
from mutation import Mutant

SAMPLE, EACH = "compan", 2
"""A function that needs nothing but what the package needs, and how many mutants of it."""


@pytest.mark.filterwarnings("ignore")
def test_a_right_function_is_let_be_and_a_broken_one_is_named(tmp_path):
    shop = Workshop(next(one for one in entries() if one.name == SAMPLE), tmp_path)
    try:
        found = shop.outcome(EACH, Counter())
    finally:
        shop.close()
    assert (found.trouble, found.accused, found.untraced) == ("", "", "")
    assert len(found.mutants) == EACH
    assert all(one.detected and one.statement for one in found.mutants), found.mutants


def test_the_table_is_large_and_takes_from_every_package():
    every = entries()
    assert len(every) > LEAST_PAIRS
    packages = {"", "signal", "statistics", "image", "linear-algebra", "general"}
    assert {one.package for one in every} == packages
    modules = {one.python.split(".")[0].split(":")[0] for one in every}
    assert modules == {"numpy", "scipy", "statsmodels", "skimage"}
    for one in every:
        ast.parse("def " + one.port.replace("; ", "\n    ").replace(": ", ":\n    ", 1))


def test_what_is_not_installed_is_left_out_and_said(tmp_path):
    with pytest.raises(LookupError, match="no_such_module:f is not there"):
        Workshop(Entry("trapz", "no_such_module:f", "trapz(y): return y", ""), tmp_path)


TEXT = """
def _checked(a):
    return (a,)

@dispatched(_checked)
def f(a):
    b = a + 1
    if b > 3:
        b = 3
    return b * b
"""


def test_where_a_lost_statement_is_missed():
    kind = "statement deleted"
    assert places_of_loss(Mutant("f", kind, 7, 7, "b = a + 1", "pass", 8), TEXT) == {8}
    assert places_of_loss(Mutant("f", kind, 9, 9, "b = 3", "pass", 10), TEXT) == {8, 10}
    assert places_of_loss(Mutant("f", kind, 10, 10, "return b * b", "pass"), TEXT) == {0}
    assert set(readers(Mutant("f", kind, 7, 7, "b = a + 1", "pass", 8), TEXT)) == {8, 10}


def test_functions_for_decorators_are_not_broken():
    assert lines_of_decorators(ast.parse(TEXT)) == {2, 3}


def test_what_is_enough():
    mutant = Mutant("f", "sign", 1, 1, "a", "-a")
    good = [Outcome("f", mutants=[Judged(mutant, True, True, True)]) for _ in range(LEAST_PAIRS)]
    assert is_enough(good)
    assert not is_enough(good[1:])
    assert not is_enough([*good, Outcome("g", accused="y = x")])
    assert not is_enough([*good, Outcome("g", mutants=[Judged(mutant, False)])])
    assert not is_enough([*good, *(Outcome("g", mutants=[Judged(mutant, True)]) for _ in good)])
    assert is_enough([*good, Outcome("g", trouble="it disagrees")])
    assert "the statement is named: 40 of 40 (100.0%), 40 proved" in list(summary(good))
