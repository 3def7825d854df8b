"""Defaults of a live function are those of another text, and stay where they are not changed."""

import ast

import pytest

from lockstep.sides.defaults import (
    Written,
    own_defaults,
    renewed,
    set_defaults,
    written_defaults,
)

UNCHANGED = "def f(x, a=1, b=MARK, *, c=(1, 2), d=OTHER): return x, a, b, c, d"


def live(text, **names):
    """Make the function of a text; return it and the names of its module."""
    exec(compile(ast.parse(text), "f.py", "exec"), names)
    return names["f"], names


def given(text, changed, **names):
    """Return what a function gives when it has the defaults of another text."""
    function, space = live(text, **names)
    before, new = (written_defaults(ast.parse(one))["f"] for one in (text, changed))
    made = renewed(function.__code__, own_defaults(function), new, before, space)
    set_defaults(function, made)
    return function(0)


def test_constants_and_other_expressions_are_told_apart():
    found = written_defaults(ast.parse(UNCHANGED))
    assert found == {"f": {"a": 1, "b": Written("MARK"), "c": (1, 2), "d": Written("OTHER")}}


def test_methods_have_the_name_of_their_class():
    text = "class A:\n    def m(self, k=5):\n        def inner(z=1):\n            return z\n"
    assert written_defaults(ast.parse(text)) == {"A.m": {"k": 5}}


@pytest.mark.parametrize(
    ("old", "new", "place", "value"),
    [
        ("a=1", "a=2", 1, 2),
        ("c=(1, 2)", "c=(0.5, 3)", 3, (0.5, 3)),
        ("b=MARK", "b=7", 2, 7),
        ("a=1", "a=MARK", 1, "mark"),
        ("d=OTHER", "d=MARK", 4, "mark"),
    ],
    ids=["by place", "by name", "of no constant", "to no constant", "from one to the other"],
)
def test_one_default_is_another(old, new, place, value):
    found = given(UNCHANGED, UNCHANGED.replace(old, new), MARK="mark", OTHER="other")
    assert found[place] == value
    kept = given(UNCHANGED, UNCHANGED, MARK="mark", OTHER="other")
    assert [one for k, one in enumerate(found) if k != place] == [
        one for k, one in enumerate(kept) if k != place
    ]


def test_what_is_no_constant_stays_the_same_object():
    text = "def f(x, a=1, b=object()): return b"
    function, names = live(text)
    mark = function(0)
    new = written_defaults(ast.parse(text.replace("a=1", "a=2")))["f"]
    before = written_defaults(ast.parse(text))["f"]
    made = renewed(function.__code__, own_defaults(function), new, before, names)
    assert made[0][0] == 2
    assert made[0][1] is mark


def test_a_constant_that_can_be_changed_is_fresh():
    text = "def f(x, seen=[]): return seen"
    function, names = live(text)
    function(0).append(1)
    texts = written_defaults(ast.parse(text))["f"]
    made = renewed(function.__code__, own_defaults(function), texts, texts, names)
    assert made == (([],), None)


def test_what_has_no_value_is_an_error():
    with pytest.raises(NameError):
        given(UNCHANGED, UNCHANGED.replace("a=1", "a=nowhere"), MARK=1, OTHER=2)
