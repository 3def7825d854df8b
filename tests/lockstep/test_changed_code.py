"""The code of a changed text: the function with the change anew, all else as it was."""

import textwrap

import pytest

from lockstep.sides.changed_code import changed_code
from lockstep.sources.python_expressions import STEP

TEXT = textwrap.dedent(
    """
    from __future__ import annotations

    SEEN = [1, 2]

    def first(x: Unknown = 3):
        while x < 10:
            x = x + 1
        return x

    @staticmethod
    def second(x, y=2):
        def inner(z):
            return z * y
        return inner(x)

    class Third:
        def method(self, k=5):
            return k
    """
)


def called(code, name, *args):
    """Call a function of a code, its probes left out."""
    space = {STEP: lambda: None, "x": 0}
    inner = code.codes[name][0]
    return type(called)(inner, space, argdefs=tuple(code.defaults.get(name, {}).values()))(*args)


@pytest.mark.parametrize(
    ("old", "new", "name", "args", "value"),
    [
        ("x = x + 1", "x = x + 2", "first", (3,), 11),
        ("x = x + 1", "x = x + 2\n        x = x + 3", "first", (3,), 13),
        ("x: Unknown = 3", "x: Unknown = 8", "first", (), 10),
        ("return z * y", "return z + y", "second", (5,), 7),
        ("return k", "return k + 1", "Third.method", (None,), 6),
        ("SEEN = [1, 2]", "SEEN = [1, 3]", "first", (3,), 10),
    ],
    ids=["a line", "two for one", "a default", "a nested function", "a method", "no function"],
)
def test_a_change_is_compiled_as_the_whole_text_would_be(old, new, name, args, value):
    text = TEXT.replace(old, new)
    found, whole = changed_code(text, TEXT, "f.py"), changed_code(text, "", "f.py")
    assert called(found, name, *args) == called(whole, name, *args) == value
    assert found.codes.keys() == whole.codes.keys()
    assert (found.literals, found.defaults) == (whole.literals, whole.defaults)
    changed = found.codes[name][0]
    assert changed.co_firstlineno == whole.codes[name][0].co_firstlineno


@pytest.mark.parametrize(
    ("old", "new", "bound"),
    [
        ("SEEN = [1, 2]", "SEEN = [1, 3]", {"SEEN": [1, 3]}),
        ("SEEN = [1, 2]", "SEEN = abs(-7)", {"SEEN": 7}),
        ("x = x + 1", "x = x + 2", {}),
        ("SEEN = [1, 2]", "SEEN, OTHER = [1, 2], 3", {}),
    ],
)
def test_what_a_module_binds_at_its_top_is_bound_anew_where_it_is_changed(old, new, bound):
    found = changed_code(TEXT.replace(old, new), TEXT, "f.py").bound
    assert {name: eval(code) for name, code in found.items()} == bound


def test_what_did_not_change_is_not_compiled_again():
    one = changed_code(TEXT.replace("x + 1", "x + 2"), TEXT, "f.py")
    two = changed_code(TEXT.replace("x + 1", "x + 3"), TEXT, "f.py")
    assert one.codes["Third.method"][0] is two.codes["Third.method"][0]
    assert one.codes["first"][0] is not two.codes["first"][0]


def test_a_text_that_is_not_python_is_refused():
    with pytest.raises(SyntaxError):
        changed_code(TEXT.replace("x + 1", "x +"), TEXT, "f.py")
