"""A Python module as statements and sites: what is in it, and where."""

import ast
import textwrap

import pytest

from lockstep.model.execution import Kind, Span
from lockstep.sources.python_expressions import PROBES, Tables
from lockstep.sources.python_source import read_module


@pytest.fixture
def read(tmp_path):
    """Read a module; return its statements and sites."""

    def read(text, encoding="utf-8"):
        file = tmp_path / "port.py"
        file.write_text(textwrap.dedent(text), encoding=encoding)
        tables = Tables()
        tree = read_module(file, "", tables)
        compile(tree, str(file), "exec")
        read.tables, read.tree = tables, tree
        return tables.source

    return read


def statements(source):
    return [(one.kind.value, one.text) for one in source.statements]


def sites(source, kind):
    return [(one.name, one.text) for one in source.sites if one.kind is kind]


# Statements


def test_each_statement_has_its_kind_and_its_header_as_text(read):
    source = read("""
        def f(x, n=3):
            for i in range(n):
                if x > 1:
                    break
                elif x > 0:
                    continue
                else:
                    x = x - 1
            while x:
                x -= 1
            try:
                x = 1
            except ValueError:
                raise
            with open(x) as file:
                pass
            return x
    """)
    assert statements(source) == [
        ("function", "def f(x, n=3):"),
        ("for", "for i in range(n):"),
        ("if", "if x > 1:"),
        ("break", "break"),
        ("if", "elif x > 0:"),
        ("continue", "continue"),
        ("plain", "x = x - 1"),
        ("while", "while x:"),
        ("plain", "x -= 1"),
        ("plain", "try:"),
        ("plain", "x = 1"),
        ("raise", "raise"),
        ("plain", "with open(x) as file:"),
        ("return", "return x"),
    ]


def test_a_statement_knows_what_it_is_in_and_in_which_part_of_it(read):
    source = read("""
        def f(x):
            if x > 1:
                y = 1
            elif x > 0:
                y = 2
            else:
                y = 3
            return y
    """)
    by_text = {one.text: one for one in source.statements}
    number = {text: one.number for text, one in by_text.items()}
    nested = {one.text: (one.parent, one.branch) for one in source.statements}
    assert nested["y = 1"] == (number["if x > 1:"], True)
    assert nested["elif x > 0:"] == (number["if x > 1:"], False)
    assert nested["y = 2"] == (number["elif x > 0:"], True)
    assert nested["y = 3"] == (number["elif x > 0:"], False)
    assert nested["return y"] == (-1, True)


@pytest.mark.parametrize(
    ("statement", "defines", "uses"),
    [
        ("y = x + 1", ("y",), ("x",)),
        ("y, (z, *w) = x", ("y", "z", "w"), ("x",)),
        ("y = z = x", ("y", "z"), ("x",)),
        ("y: int = x", ("y",), ("int", "x")),
        ("y: int", (), ("int",)),
        ("x[i] = y", ("x",), ("x", "i", "y")),
        ("x.value = y", ("x",), ("x", "y")),
        ("x += y", ("x",), ("y",)),
        ("np.add(x, y, out=z)", ("z",), ("np", "x", "y", "z")),
        ("del x[0]", ("x",), ("x",)),
        ("del x", (), ()),
        ("print(x)", (), ("print", "x")),
    ],
)
def test_what_a_statement_binds_and_reads(read, statement, defines, uses):
    source = read(f"def f(x, i):\n    {statement}\n")
    assert source.statements[1].defines == defines
    assert set(source.statements[1].uses) == set(uses)


def test_places_count_lines_from_one_and_columns_in_bytes_from_zero(read):
    source = read('def f(x):\n    y = "é" + x\n    return y\n')
    (site,) = (one for one in source.sites if one.text == '"é" + x')
    assert site.span == Span(2, 8, 2, 16)
    assert source.statements[1].span == Span(2, 4, 2, 16)


def test_an_expression_over_several_lines_is_one_line_of_text(read):
    source = read("def f(x):\n    return max(\n        x,\n        2,\n    )\n")
    assert ("max", "max( x, 2, )") in sites(source, Kind.EXPRESSION)


def test_form_feeds_and_the_like_do_not_move_the_lines(read):
    source = read("import os\n\f\ndef f(x):\n    s = 'a\x0bb'\n    return x + 1\n")
    assert sites(source, Kind.EXPRESSION) == [("+", "x + 1")]


def test_a_module_is_read_in_the_encoding_that_it_names(read):
    source = read("# coding: latin-1\ndef f(x):\n    return x + 'é'\n", "latin-1")
    assert sites(source, Kind.EXPRESSION) == [("+", "x + 'é'")]


# Functions


def test_every_function_is_read_nested_ones_and_methods_too(read):
    read("""
        def f(x):
            def inner(y):
                return y
            return inner(x)

        class Filter:
            def step(self, x):
                return x

        if True:
            def g(x):
                return x
        try:
            import nothing
        except ImportError:
            def h(x):
                return x
        async def later(x):
            return x
    """)
    assert read.tables.functions == ["f", "f.inner", "Filter.step", "g", "h", "later"]


def test_generators_are_entered_many_times(read):
    read("def f(x):\n    yield x\ndef g(x):\n    return (i for i in x)\n")
    assert {read.tables.functions[i] for i in read.tables.generators} == {"f"}


def test_what_runs_once_at_import_has_no_probes(read):
    read("import numpy as np\nK = np.ones(3) + 1\nclass A:\n    k = K + 1\n")
    assert not read.tables.source.sites
    assert not any(probe in ast.unparse(read.tree) for probe in PROBES)


def test_a_docstring_stays_the_first_statement(read):
    read('def f(x):\n    "What it does."\n    return x\n')
    assert ast.get_docstring(read.tree.body[0]) == "What it does."
    assert statements(read.tables.source)[1:] == [("return", "return x")]


def test_a_label_stands_before_the_names_of_another_modules_functions(tmp_path):
    file = tmp_path / "helpers.py"
    file.write_text("def mean(x):\n    return x\n")
    tables = Tables()
    read_module(file, "helpers:", tables)
    assert tables.source.files == {"helpers:mean": file}


# Sites


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("x + 1", [("+", "x + 1")]),
        ("x @ x.T", [("attribute", "x.T"), ("@", "x @ x.T")]),
        ("-x", [("-", "-x")]),
        ("not x", [("not", "not x")]),
        ("0 < x <= 2", [("<", "0 < x <= 2")]),
        ("x and y", [("and", "x and y")]),
        ("x[1:, y]", [("index", "x[1:, y]")]),
        ("np.linalg.norm(x)", [("norm", "np.linalg.norm(x)")]),
        ("x.std(axis=0)", [("std", "x.std(axis=0)")]),
        ("len(x)", [("len", "len(x)")]),
        ("np.pi", []),
        ("x", []),
        ("3", []),
        ("[x, 1]", [("list", "[x, 1]")]),
        ("(x, 1)", []),
        ("{'a': x}", [("dict", "{'a': x}")]),
        ("f'{x:.2f}'", [("joinedstr", "f'{x:.2f}'")]),
        ("[i + 1 for i in x]", [("+", "i + 1"), ("comprehension", "[i + 1 for i in x]")]),
        ("{i: 1 for i in x}", [("comprehension", "{i: 1 for i in x}")]),
        ("sum(i for i in x)", [("sum", "sum(i for i in x)")]),
        ("1 if x else y", [("if", "1 if x else y")]),
        ("lambda a, *b, **c: a", []),
        ("(m := x + 1)", [("+", "x + 1")]),
    ],
)
def test_each_expression_is_a_site_names_and_constants_are_not(read, expression, found):
    source = read(f"import numpy as np\ndef f(x, y):\n    z = {expression}\n")
    assert sites(source, Kind.EXPRESSION) == found


@pytest.mark.parametrize(
    ("expression", "reads"),
    [
        ("x + y", ["x", "y"]),
        ("len(x) + LIMIT", ["x", "LIMIT"]),
        ("[i for i in x]", ["x", "i"]),
        ("(lambda a, *rest: a + len(rest))(x)", ["a", "rest", "x"]),
        ("unknown + x", ["x"]),
    ],
)
def test_reads_are_those_of_variables_the_modules_own_too(read, expression, reads):
    source = read(f"LIMIT = 3\ndef f(x, y):\n    return {expression}\n")
    assert [name for name, _ in sites(source, Kind.READ)] == reads


def test_an_expression_lists_its_parts_in_the_order_of_evaluation(read):
    source = read("def f(x, y):\n    return x * len(y) + 1\n")
    (site,) = (one for one in source.sites if one.text == "x * len(y)")
    assert [source.sites[part].text for part in site.parts] == ["x", "len(y)"]


@pytest.mark.parametrize(
    ("statement", "whole"),
    [("y = x", True), ("y[0] = x", False), ("y += x", False), ("y.a = x", False)],
)
def test_a_binding_says_whether_the_value_is_new_as_a_whole(read, statement, whole):
    source = read(f"def f(x, y):\n    {statement}\n")
    (site,) = (one for one in source.sites if one.kind is Kind.BINDING and one.name == "y")
    assert site.whole is whole


@pytest.mark.parametrize(
    ("body", "decisions"),
    [
        ("if x > 0:\n        pass", [("test", "x > 0")]),
        ("while x > 0:\n        x -= 1", [("test", "x > 0")]),
        ("assert x > 0", [("assert", "x > 0")]),
        ("return 1 if x > 0 else 2", [("if", "x > 0")]),
        ("match x:\n        case 1:\n            pass", [("match", "x")]),
    ],
)
def test_the_conditions_of_statements_and_expressions_are_decisions(read, body, decisions):
    assert sites(read(f"def f(x):\n    {body}\n"), Kind.DECISION) == decisions


def test_each_output_of_a_return_is_a_site(read):
    assert sites(read("def f(x):\n    return x, -x\n"), Kind.RETURN) == [("0", "x"), ("1", "-x")]
    assert sites(read("def f(x):\n    return -x\n"), Kind.RETURN) == [("", "-x")]
    assert sites(read("def f(x):\n    return\n"), Kind.RETURN) == [("", "")]
    assert sites(read("def f(x):\n    return *x, 1\n"), Kind.RETURN) == [("", "*x, 1")]


def test_what_a_pattern_binds_is_bound(read):
    source = read("""
        def f(x):
            match x:
                case {"a": a, **others}:
                    return a
                case [first, *rest] | (first, rest):
                    return first
                case whole:
                    return whole
    """)
    bound = [name for name, _ in sites(source, Kind.BINDING)]
    assert set(bound) == {"a", "others", "first", "rest", "whole"}
