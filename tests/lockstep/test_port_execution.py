"""A port with probes in it: what is seen of a call, what is put in place, that nothing stays."""

import gc
from pathlib import Path

import numpy as np
import pytest
from executions import Project, port_of

from lockstep.model.changed import Changed
from lockstep.model.errors import SourceError
from lockstep.model.execution import KeptObject, Kind, NotKept
from lockstep.project.cases import load_cases
from lockstep.project.pairs import find_project
from lockstep.sides.port import Port, PortReply
from lockstep.sides.port_execution import ObservedPort

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "tests" / "catalogue"


@pytest.fixture
def observe(tmp_path, only_new_objects):
    """Observe a port that is given as a text with the function `f`."""
    opened = []

    def observe(text, **modules):
        port, pair = port_of(tmp_path, text, **modules)
        opened.append(ObservedPort(port, pair))
        return Project(port, pair, opened[-1])

    yield observe
    for one in opened:
        one.close()


@pytest.fixture
def seen(observe):
    """Run a port once with probes, and say what was seen; its result is that without probes."""

    def seen(text, *args, **modules):
        project = observe(text, **modules)
        found, result = project.run(*args)
        project.observed.close()
        try:
            plainly = project.call(*args)
        except Exception as error:
            plainly = error
        assert repr(result) == repr(plainly)
        return found

    return seen


# Values and what they are made of


def test_arguments_reads_expressions_bindings_and_what_is_returned_are_nodes_in_order(seen):
    found = seen("def f(x):\n    y = x + 1\n    return y * 2\n", 3.0)
    said = [(s.kind.value, s.text) for s in found.sites]
    assert said == [
        ("argument", "x"),
        ("read", "x"),
        ("expression", "x + 1"),
        ("binding", "y = x + 1"),
        ("read", "y"),
        ("expression", "y * 2"),
        ("return", "y * 2"),
    ]
    assert [node.value for node in found.execution.nodes] == [3.0, 3.0, 4.0, 4.0, 4.0, 8.0, 8.0]


def test_a_read_leads_to_the_version_of_its_variable(seen):
    found = seen("def f(x):\n    y = x\n    y = y + 1\n    return y\n", 1.0)
    assert found.versions("y") == [1.0, 2.0]
    assert found.inputs("y", Kind.READ, 0) == ["binding y"]
    last = found.execution.nodes[found.nodes("y", Kind.READ)[-1]].inputs[0]
    assert found.value(last) == 2.0


@pytest.mark.parametrize(
    ("statement", "versions"),
    [
        ("y[0] = x", [[0, 0], [7, 0]]),
        ("y[:] = x", [[0, 0], [7, 7]]),
        ("y += x", [[0, 0], [7, 7]]),
        ("y[1] -= x", [[0, 0], [0, -7]]),
        ("np.add(y, x, out=y)", [[0, 0], [7, 7]]),
        ("y.fill(x)", [[0, 0], [7, 7]]),
        ("np.put(y, 1, x)", [[0, 0], [0, 7]]),
        ("z = y.fill(x)", [[0, 0], [7, 7]]),
        ("len(y)", [[0, 0]]),
    ],
)
def test_a_change_in_place_makes_a_new_version(seen, statement, versions):
    found = seen(f"def f(x):\n    y = np.zeros(2)\n    {statement}\n    return y\n", 7.0)
    assert found.versions("y") == versions
    assert len(found.execution.changes) == len(versions) - 1


@pytest.mark.parametrize(
    ("before", "statement", "after"),
    [
        ("[3, 1, 2]", "y.sort()", [1, 2, 3]),
        ("[3, 1, 2]", "y.append(4)", [3, 1, 2, 4]),
        ("[3, 1, 2]", "last = y.pop()", [3, 1]),
        ("{}", "y.setdefault('a', 1)", {"a": 1}),
        ("{'a': 1}", "y['b'] = 2", {"a": 1, "b": 2}),
        ("{'a': 1}", "del y['a']", {}),
        ("{1}", "y.add(2)", {1, 2}),
        ("np.ones((2, 2))", "np.fill_diagonal(y, 0)", [[0, 1], [1, 0]]),
        ("np.array([3, 1])", "y.sort()", [1, 3]),
        ("[[1], [2]]", "y[0].append(5)", [[1, 5], [2]]),
    ],
)
def test_methods_and_functions_that_change_their_object_are_seen(seen, before, statement, after):
    found = seen(f"def f():\n    y = {before}\n    {statement}\n    return y\n")
    assert found.versions("y")[-1] == after
    assert found.inputs("y", Kind.READ, -1) == ["binding y"]


def test_a_change_reads_the_version_before_the_value_and_the_index(seen):
    found = seen("def f(x, i):\n    y = np.zeros(3)\n    y[i] = x + 1\n    return y\n", 1.0, 2)
    assert set(found.inputs("y[i] = x + 1", Kind.BINDING)) == {
        "read i", "expression x + 1", "binding y",
    }  # fmt: skip


def test_an_array_that_is_changed_under_another_name_gets_a_new_version(seen):
    found = seen("""
        def f(x):
            y = x
            part = x[1:]
            part[0] = 9
            return y
    """, np.array([1.0, 2.0, 3.0]))  # fmt: skip
    assert found.versions("y")[0] == [1, 2, 3]
    last = found.execution.nodes[found.nodes("y", Kind.READ)[-1]].inputs[0]
    assert found.value(last) == [1, 9, 3]
    assert found.described(last) == "binding part"
    objects = found.execution.objects
    own = found.nodes("part[0] = 9")[0]
    assert objects[own] == objects[found.nodes("x", Kind.ARGUMENT)[0]]


def test_a_value_stays_as_it_was_at_its_moment(seen):
    found = seen("def f(x):\n    y = x\n    x[0] = 5\n    return y\n", np.array([1.0]))
    assert found.values("x", Kind.ARGUMENT) == [[1.0]]
    assert found.values("y", Kind.READ) == [[5.0]]


# Control


def test_everything_in_a_branch_leads_to_the_decision(seen):
    found = seen("""
        def f(x):
            if x > 5:
                y = 1
            elif x > 0:
                y = 2
            else:
                y = 3
            return y
    """, 3.0)  # fmt: skip
    assert found.decision("y = 2") == "decision x > 0 = True"
    assert found.decision("x > 0", Kind.DECISION) == "decision x > 5 = False"
    assert found.decision("y", Kind.RETURN) == ""


def test_loops_give_a_node_for_each_turn(seen):
    found = seen("""
        def f(n):
            s = 0
            for i in range(n):
                s += i
            while s > 1:
                s -= 1
            return s
    """, 3)  # fmt: skip
    assert found.versions("i") == [0, 1, 2]
    assert found.versions("s") == [0, 0, 1, 3, 2, 1]
    assert found.values("s > 1", Kind.DECISION) == [True, True, False]
    assert found.decision("s -= 1", turn=1) == "decision s > 1 = True"
    assert found.inputs("i", Kind.READ, 2) == ["binding i"]


def test_loops_over_several_variables_with_continue_break_and_else(seen):
    found = seen("""
        def f(x):
            kept = []
            for i, (a, b) in enumerate(zip(x, x)):
                if i == 1:
                    continue
                if i == 3:
                    break
                kept.append(a + b)
            else:
                kept.append(-1)
            return kept
    """, [1.0, 2.0, 3.0])  # fmt: skip
    assert found.versions("kept")[-1] == [2.0, 6.0, -1]
    assert found.versions("a") == [1.0, 2.0, 3.0]


def test_a_conditional_expression_has_a_decision(seen):
    found = seen("def f(x):\n    y = x + 1 if x > 2 else x - 1\n    return y\n", 1.0)
    assert found.decision("x - 1") == "decision x > 2 = False"
    assert not found.nodes("x + 1")


def test_what_is_not_evaluated_is_not_an_input(seen):
    found = seen("""
        def f(x):
            for i in range(2):
                y = i == 0 or x > 1
            return y
    """, 3.0)  # fmt: skip
    assert found.inputs("i == 0 or x > 1", Kind.EXPRESSION, 0) == ["expression i == 0"]
    assert found.inputs("i == 0 or x > 1", Kind.EXPRESSION, 1) == [
        "expression i == 0",
        "expression x > 1",
    ]


def test_match_with_patterns_and_guards(seen):
    found = seen("""
        def f(x):
            match x:
                case [a, b] if a > b:
                    y = a
                case [a, *rest]:
                    y = rest[0] + a
                case _:
                    y = 0
            return y
    """, [1.0, 2.0])  # fmt: skip
    assert found.values("x", Kind.DECISION) == [[1.0, 2.0]]
    assert found.versions("rest") == [[2.0]]
    assert "read a" in found.inputs("rest[0] + a", Kind.EXPRESSION)


def test_errors_that_are_caught_leave_the_calls_that_they_ended(seen):
    found = seen("""
        def bad(v):
            raise ValueError("no")

        def good(v):
            return v + 1

        def f(x):
            try:
                y = bad(x)
            except ValueError as error:
                y = good(x)
            finally:
                z = 1
            return y + z
    """, 3.0)  # fmt: skip
    assert "return v + 1" in found.inputs("good(x)", Kind.EXPRESSION)
    assert found.inputs("v", Kind.ARGUMENT, 1) == ["read x"]
    assert found.versions("y") == [4.0]


def test_with_and_walrus_bind(seen):
    found = seen("""
        import contextlib

        @contextlib.contextmanager
        def doubled(v):
            yield 2 * v

        def f(x):
            with doubled(x) as d:
                if (e := d + 1) > 2:
                    return e
    """, 3.0)  # fmt: skip
    assert (found.versions("d"), found.versions("e")) == ([6.0], [7.0])


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("[i * 2 for i in x]", [2.0, 4.0]),
        ("[i * 2 for i in x if i > 1]", [4.0]),
        ("{i * 2 for i in x}", [2.0, 4.0]),
        ("{j: i * 2 for j, i in enumerate(x)}", [2.0, 4.0]),
        ("sum(i * 2 for i in x)", [2.0, 4.0]),
        ("list(map(lambda i: i * 2, x))", [2.0, 4.0]),
        ("[i * 2 for row in [x] for i in row]", [2.0, 4.0]),
    ],
)
def test_comprehensions_and_lambdas_are_looked_into(seen, expression, values):
    found = seen(f"def f(x):\n    return {expression}\n", [1.0, 2.0])
    assert found.values("i * 2", Kind.EXPRESSION) == values


# Calls


def test_a_call_leads_to_what_the_function_returned_and_arguments_to_what_was_given(seen):
    found = seen("""
        def half(v):
            return v / 2

        def f(x):
            return half(x + 1) + half(x)
    """, 3.0)  # fmt: skip
    assert found.inputs("half(x + 1)", Kind.EXPRESSION)[-1] == "return v / 2"
    assert found.inputs("v", Kind.ARGUMENT, 0) == ["expression x + 1"]
    assert [frame.function for frame in found.execution.frames] == ["f", "half", "half"]
    assert found.execution.output_nodes == found.nodes("half(x + 1) + half(x)", Kind.RETURN)


def test_several_outputs_are_several_nodes(seen):
    found = seen("def f(x):\n    return x, x + 1\n", 3.0)
    assert [found.value(node) for node in found.execution.output_nodes] == [3.0, 4.0]


def test_recursion_keeps_the_frames_apart(seen):
    found = seen("def f(n):\n    return 1 if n < 2 else n * f(n - 1)\n", 4)
    assert found.values("n * f(n - 1)", Kind.EXPRESSION) == [2, 6, 24]
    assert len(found.execution.frames) == 4
    assert found.inputs("n * f(n - 1)", Kind.EXPRESSION, -1) == [
        "read n", "expression f(n - 1)",
    ]  # fmt: skip


def test_nested_functions_read_the_variables_around_them(seen):
    found = seen("""
        def f(x):
            total = 0
            buffer = [0.0]

            def add(v):
                nonlocal total
                total += v
                buffer[0] += v
                return total

            add(x)
            return add(x), buffer[0]
    """, 3.0)  # fmt: skip
    assert found.execution.outputs == [(6.0, 6.0)]
    assert found.versions("total") == [0, 3.0, 6.0]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("def f(x, n=2):\n    y = x + n\n    return y\n", (3.0,)),
        ("def f(x, /, *, n=2):\n    y = x + n\n    return y\n", (3.0,)),
        ("def f(*rest):\n    y = rest[0] + 2\n    return y\n", (3.0,)),
        ("def f(x, *a, **b):\n    y = x + 2 + len(a) + len(b)\n    return y\n", (3.0,)),
        ("from __future__ import annotations\n\ndef f(x: Unknown) -> Missing:\n"
         "    y: Other = x + 2\n    return y\n", (3.0,)),
        ("""
         import functools
         def twice(function):
             @functools.wraps(function)
             def wrapper(*args):
                 return function(*args)
             return wrapper
         @twice
         def f(x):
             y = x + 2
             return y
         """, (3.0,)),
        ("""
         import functools
         @functools.lru_cache
         def f(x):
             y = x + 2
             return y
         """, (3.0,)),
        ("""
         import functools
         def scaled(n, x):
             y = x + n
             return y
         f = functools.partial(scaled, 2)
         """, (3.0,)),
        ("""
         class Shift:
             def __init__(self, n):
                 self.n = n
             def by(self, x):
                 y = x + self.n
                 return y
         f = Shift(2).by
         """, (3.0,)),
        ("""
         class Shift:
             def __call__(self, x):
                 y = x + 2
                 return y
         f = Shift()
         """, (3.0,)),
        ("""
         class Base:
             def by(self, x):
                 y = x + self.__n
                 return y
         class Shift(Base):
             def __init__(self):
                 super().__init__()
                 self._Base__n = 2
             def by(self, x):
                 return super().by(x)
         def f(x):
             return Shift().by(x)
         """, (3.0,)),
        ("""
         def made(n):
             def f(x):
                 y = x + n
                 return y
             return f
         f = made(2)
         """, (3.0,)),
        ("""
         def steps(x):
             for i in range(3):
                 y = x + i
                 yield y
         def f(x):
             return max(steps(x))
         """, (3.0,)),
    ],
    ids=["default", "keyword", "rest", "named", "annotations", "wraps", "lru_cache", "partial",
         "bound method", "object", "super", "closure", "generator"],
)  # fmt: skip
def test_functions_of_every_make_are_looked_into(seen, text, args):
    found = seen(text, *args)
    assert found.versions("y")[-1] == 5.0


def test_helpers_of_the_same_folder_are_looked_into_and_those_of_others_are_not(seen):
    found = seen(
        "import helpers_\nfrom textwrap import dedent\n\ndef f(x):\n"
        "    dedent('a')\n    return helpers_.half(x)\n",
        3.0,
        helpers_="def half(v):\n    return v / 2\n",
    )
    assert [frame.function for frame in found.execution.frames] == ["f", "helpers_:half"]


def test_a_helper_of_which_every_function_is_decorated_is_looked_into(seen):
    found = seen(
        "import helpers_\n\ndef f(x):\n    return helpers_.half(x) + helpers_.twice(x)\n",
        3.0,
        helpers_="""
            import functools
            from unittest import mock

            @mock.patch.dict("os.environ")
            def half(v):
                return v / 2

            @functools.lru_cache
            def twice(v):
                return v * 2
        """,
    )
    functions = {frame.function for frame in found.execution.frames}
    assert functions == {"f", "helpers_:half", "helpers_:twice"}


def test_a_decorator_of_another_package_is_not_looked_into(seen):
    found = seen("""
        import contextlib

        @contextlib.contextmanager
        def doubled(v):
            yield 2 * v

        def f(x):
            with doubled(x) as d:
                return d
    """, 3.0)  # fmt: skip
    assert {path.name for path in found.execution.source.files.values()} == {"f.py"}


def test_of_a_large_array_only_what_was_changed_is_kept(seen):
    text = "import numpy as np\ndef f(x):\n    y = np.zeros(10_000)\n    z = y[:5]\n"
    text += "    for k in range(3):\n        y[k] = x * k\n    return y, z\n"
    found = seen(text, 0.5)
    written = [one for one in found.versions("y") if isinstance(one, Changed)]
    assert [(one.places.tolist(), one.part.tolist()) for one in written] == [
        ([], []),
        ([1], [0.5]),
        ([2], [1.0]),
    ]
    assert written[-1].whole()[:4].tolist() == [0, 0.5, 1, 0]
    assert found.values("z")[-1] == [0, 0.5, 1, 0, 0]


def test_a_value_of_no_class_that_is_compared_is_not_kept(seen):
    found = seen("def f(x):\n    y = object\n    return x\n", 3.0)
    assert found.versions("y") == [NotKept("type")]


OBJECT = """
import numpy as np
class Counter:
    def __init__(self, x):
        self.x, self.n, self.seen = x, 0, [np.zeros(2)]
    def step(self):
        self.n += 1
        self.seen[0][0] = self.x
        return self.n
def f(x):
    c = Counter(x)
    c.step()
    return c.step()
"""


def test_of_an_object_of_the_ports_own_a_copy_is_kept_as_it_was(seen):
    found = seen(OBJECT, 3.0)
    kept = [one for one in found.values("c") if isinstance(one, KeptObject)]
    assert [one.copy.n for one in kept] == [0, 0, 1][-len(kept) :]
    assert kept[-1].copy.seen[0].tolist() == [3.0, 0.0]
    assert kept[0].why == "Counter"


HOOKED = {
    "names of its own by __getattr__": """
        class Struct:
            def __init__(self, **fields):
                self._fields = fields
            def __getattr__(self, name):
                return self._fields[name]
        def f(x):
            s = Struct(k=x)
            b = s.k + 1
            return b * 2
        """,
    "slots": """
        class Struct:
            __slots__ = ("fields",)
            def __getattr__(self, name):
                return self.fields[name]
        def f(x):
            s = Struct()
            s.fields = {"k": x}
            return s.k + 1
        """,
    "a copy of its own making": """
        class Struct:
            def __init__(self, x):
                self.k = x
            def __deepcopy__(self, memo):
                raise ValueError("no copies")
        def f(x):
            s = Struct(x)
            return s.k + 1
        """,
}


@pytest.mark.parametrize("text", HOOKED.values(), ids=HOOKED.keys())
def test_of_an_object_that_is_more_than_its_fields_no_copy_is_kept(seen, text):
    """What the port has written is not called, or it would be recorded as if the port called it."""
    found = seen(text, 3.0)
    assert set(found.values("s")) == {NotKept("Struct")}
    assert len(found.execution.nodes) < 40


def test_objects_that_hold_each_other_are_not_kept(seen):
    found = seen(
        """
        class Node:
            pass
        def f(x):
            one, other = Node(), Node()
            one.next, other.next, one.value = other, one, x
            one.value += 1
            return one.value
        """,
        3.0,
    )
    assert {str(one) for one in found.values("one")} >= {str(NotKept("Node"))}


def test_an_attribute_in_an_index_is_read_and_not_bound(seen):
    text = OBJECT.replace("return c.step()", "c.i = 1\n    c.seen[c.i - 1] = x\n    return c.i")
    assert bindings_behind(seen(text, 3.0), "c.i") == ["c.i = 1"]


def bindings_behind(found, text):
    """Return the texts of the bindings that the last node of an expression reads."""
    nodes = found.execution.nodes
    sites = [
        found.execution.site(one) for one in nodes[found.nodes(text, Kind.EXPRESSION)[-1]].inputs
    ]
    return [one.text for one in sites if one.kind is Kind.BINDING]


MADE = "self.x, self.n, self.seen = x, 0, [np.zeros(2)]"


def test_an_attribute_that_is_read_leads_to_what_gave_it_its_value(seen):
    found = seen(OBJECT.replace("return c.step()", "c.n = c.n * 2\n    return c.x + c.n"), 3.0)
    assert bindings_behind(found, "c.x") == [MADE]
    assert bindings_behind(found, "c.n") == ["c.n = c.n * 2"]
    assert bindings_behind(found, "self.n") == ["self.n += 1"]


def test_objects_of_one_class_are_told_apart(seen):
    changed = "d = Counter(x + 1)\n    d.n = 7\n    return c.n"
    found = seen(OBJECT.replace("c.step()\n    return c.step()", changed), 3.0)
    assert bindings_behind(found, "c.n") == [MADE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.zeros(2)", "np.zeros(20_000)"),
        ("np.zeros(2)", "[[[[[[np.zeros(2)]]]]]]"),
        ("[np.zeros(2)]", "[np.zeros(2), self]"),
    ],
    ids=["large", "deep", "of itself"],
)
def test_of_an_object_that_holds_much_no_copy_is_kept(seen, old, new):
    found = seen(OBJECT.replace(old, new).replace("self.seen[0][0] = self.x", "pass"), 3.0)
    assert set(found.values("c")) == {NotKept("Counter")}


# Errors


def test_an_error_has_its_message_and_the_statement_it_came_from(seen):
    found = seen("""
        def inner(v):
            return v[3]

        def f(x):
            y = 1
            return inner(x) + y
    """, [1.0])  # fmt: skip
    assert found.execution.error == "IndexError: list index out of range"
    statement = found.execution.source.statements[found.execution.error_statement]
    assert statement.text == "return v[3]"


def test_a_lambda_of_the_module_is_not_taken_for_a_port_that_does_nothing(observe):
    with pytest.raises(SourceError, match="a lambda is not looked into"):
        observe("f = lambda x: x\n")


def test_a_port_that_is_not_written_in_python_is_refused(observe):
    with pytest.raises(SourceError, match="not written in Python"):
        observe("from math import sqrt as f\n")


def test_a_file_that_was_changed_since_its_import_is_refused(tmp_path):
    port, pair = port_of(tmp_path, "def f(x):\n    return x\n")
    port.function("f")
    (tmp_path / "port" / "f.py").write_text("\n\n\n\ndef f(x):\n    return x\n")
    with pytest.raises(SourceError, match="was the file changed"):
        ObservedPort(port, pair)


# Other values in place


def test_a_value_is_put_in_place_turn_by_turn(observe):
    project = observe("""
        def f(n):
            s = 0
            for i in range(n):
                s += i * 2
            return s
    """)
    site = project.site("i * 2")
    found, result = project.run(3, replace={site: lambda turn, own: own + 10 * turn})
    assert result == 0 + (2 + 10) + (4 + 20)
    assert found.values("i * 2", Kind.EXPRESSION) == [0, 12, 24]


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("x > 0", Kind.DECISION, -1.0),
        ("y = x + 1", Kind.BINDING, 0.0),
        ("x", Kind.ARGUMENT, -1.0),
        ("y", Kind.RETURN, 0.0),
    ],
)
def test_decisions_bindings_arguments_and_outputs_can_be_put_in_place(observe, text, kind, result):
    project = observe("""
        def f(x):
            y = -1.0
            if x > 0:
                y = x + 1
            return y
    """)
    change = {project.site(text, kind): lambda turn, own: type(own)(0)}
    assert project.run(3.0, replace=change)[1] == result
    assert project.run(3.0)[1] == 4.0


def test_the_new_version_of_a_changed_array_can_be_put_in_place(observe):
    project = observe("def f(x):\n    x[0] = 5\n    return x\n")
    site = project.site("x[0] = 5")
    assert project.run([1.0], replace={site: lambda turn, own: [7.0]})[1] == [7.0]


def test_a_run_that_goes_on_without_end_is_stopped_though_the_port_catches_errors(observe):
    project = observe("""
        def f(x):
            while True:
                try:
                    if x < 0:
                        return x
                except Exception:
                    pass
    """)
    found, result = project.run(3.0, limit=100)
    assert isinstance(result, RuntimeError)
    assert "went on" in str(result)
    assert len(found.execution.nodes) <= 101


def test_without_recording_there_are_no_nodes_and_the_same_result(observe):
    project = observe("def f(x):\n    return x + 1\n")
    found, result = project.run(3.0, record=False)
    assert (found.execution.nodes, result) == ([], 4.0)


def test_a_nudged_run_moves_the_numbers(observe):
    project = observe("def f(x):\n    return x * 1.0\n")
    found, result = project.run(0.3, nudge=1)
    assert result != 0.3
    assert found.values("x", Kind.ARGUMENT) == [result]


# What is put back


STATEFUL = {
    "number of the module": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n\n",
    "variable made on the way": """
        def f(x):
            global seen
            seen = globals().get("seen", 0) + 1
            return seen
        """,
    "dict of the module": """
        counts = {}
        def f(x):
            counts["n"] = counts.get("n", 0) + 1
            return counts["n"]
        """,
    "array of the module": """
        total = np.zeros(2)
        def f(x):
            total[0] += 1
            return total[0]
        """,
    "attribute of the function": """
        def f(x):
            f.n = getattr(f, "n", 0) + 1
            return f.n
        """,
    "default": "def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)\n",
    "keyword default": "def f(x, *, seen=[]):\n    seen.append(x)\n    return len(seen)\n",
    "object": """
        class Counter:
            n = 0
            def step(self):
                self.n += 1
                return self.n
        counter = Counter()
        def f(x):
            return counter.step()
        """,
    "class": """
        class Counter:
            seen = []
            @classmethod
            def step(cls):
                cls.seen.append(1)
                return len(cls.seen)
        def f(x):
            return Counter.step()
        """,
    "members of an Enum": """
        from enum import IntEnum
        class Way(IntEnum):
            FIRST = 1
        seen = []
        def f(x):
            seen.append(x)
            return Way.FIRST + len(seen)
        """,
    "closure": """
        def counting():
            n = 0
            def step():
                nonlocal n
                n += 1
                return n
            return step
        step = counting()
        def f(x):
            return step()
        """,
    "cache": """
        import functools
        n = []
        @functools.lru_cache
        def known(x):
            n.append(x)
            return x
        def f(x):
            known(x)
            known(x)
            return len(n)
        """,
    "random numbers of NumPy": "def f(x):\n    return np.random.rand()\n",
    "random numbers of Python": "import random\ndef f(x):\n    return random.random()\n",
    "generator": "rng = np.random.default_rng(1)\ndef f(x):\n    return rng.random()\n",
}


@pytest.mark.parametrize("text", STATEFUL.values(), ids=STATEFUL.keys())
def test_what_a_port_keeps_is_put_back_before_each_run_and_afterwards(observe, text):
    project = observe(text)
    results = [project.run(3.0)[1] for _ in range(3)]
    project.observed.close()
    assert results == [project.call(3.0)] * 3


def test_a_shared_dict_stays_shared(observe):
    project = observe(
        "from helpers_ import counts, count\n\ndef f(x):\n    count()\n    return counts['n']\n",
        helpers_="counts = {'n': 0}\n\ndef count():\n    counts['n'] += 1\n",
    )
    assert [project.run(3.0)[1] for _ in range(3)] == [1, 1, 1]
    project.observed.close()
    assert [project.call(3.0), project.call(3.0)] == [1, 2]


def test_code_and_names_are_put_back(observe):
    project = observe("def f(x):\n    return x\n")
    function = project.port.function("f")
    with project.observed:
        assert any(name.startswith("lockstep_") for name in function.__globals__)
    assert not any(name.startswith("lockstep_") for name in function.__globals__)
    assert not any(name.startswith("lockstep_") for name in function.__code__.co_names)


def test_what_a_cache_made_with_probes_does_not_outlive_them(observe):
    project = observe("""
        import functools

        @functools.lru_cache
        def times(k):
            def by(v):
                return v * k
            return by

        def f(x):
            return times(3)(x)
    """)
    assert project.run(2.0)[1] == 6.0
    project.observed.close()
    assert project.call(2.0) == 6.0


# The same results


def same(one, other):
    """Whether two results are the same to the bit."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and (
            one.tobytes() == other.tobytes() if one.dtype != object
            else all(map(same, one.ravel(), other.ravel()))
        )  # fmt: skip
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    return type(one) is type(other) and repr(one) == repr(other)


def outcome(call):
    try:
        reply = call()
    except Exception as error:
        return repr(error)
    if isinstance(reply, PortReply):
        return reply.result
    return repr(reply)


def assert_unchanged(project, name, most):
    pair, port = project.pair(name), Port(project)
    cases = load_cases(project.cases_file(pair))
    port.declare(pair, cases.conventions)
    for case in list(cases.cases.values())[:most]:
        before = outcome(lambda case=case: port.call(pair, case))
        with ObservedPort(port, pair) as observed:
            during = outcome(lambda case=case: observed.run(case)[1])
            assert observed.run(case)[0].nodes
        after = outcome(lambda case=case: port.call(pair, case))
        assert same(before, during)
        assert same(before, after)


PROJECT = find_project(ROOT)
SLOW = {"ex4", "displayData"}
BACKPROP = [p.name for p in PROJECT.pairs() if PROJECT.has_port(p) and p.name not in SLOW]


@pytest.mark.parametrize("name", BACKPROP)
def test_the_ports_of_the_exercise_give_the_same_with_and_without_probes(name):
    assert_unchanged(PROJECT, name, 1)


@pytest.mark.usefixtures("only_new_objects")
@pytest.mark.parametrize(("side", "first"), [("right", 0), ("wrong", 2)])
def test_the_ports_of_the_catalogue_give_the_same_with_and_without_probes(side, first):
    """Of every other entry one of the two ports: all of them take minutes."""
    project = find_project(
        octave=str(CATALOGUE / "m"), port=str(CATALOGUE / side), cases=str(CATALOGUE / "cases")
    )
    with np.errstate(all="ignore"):
        for pair in list(project.pairs())[first::4]:
            assert_unchanged(project, pair.name, 1)


def test_no_function_keeps_its_probes():
    left = [
        found
        for found in gc.get_objects()
        if type(found).__name__ == "function" and "lockstep_enter_" in found.__code__.co_names
        and str(CATALOGUE) in found.__code__.co_filename
    ]  # fmt: skip
    assert left == []
