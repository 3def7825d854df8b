"""Statements and sites of .m files, without Octave."""

import textwrap

import pytest

from lockstep.model.execution import Kind, Span, StatementKind
from lockstep.sources.octave_reader import add_file, read_m_file
from lockstep.sources.octave_source import OctaveSource


@pytest.fixture
def read(tmp_path):
    def read(text, name="f"):
        path = tmp_path / f"{name}.m"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        source = OctaveSource()
        add_file(source, path, read_m_file(path))
        return source.source

    return read


def outline(source):
    return [(one.kind.value, one.parent, one.branch, one.text) for one in source.statements]


def sites(source, kind):
    return [site for site in source.sites if site.kind is kind]


def test_a_function_and_its_statements(read):
    source = read("""
        function [y, n] = f(x, ~, k)
        y = x + k;   % a sum
        if k > 1, y(2) = 3; else n = 1; end
        """)
    assert outline(source) == [
        ("function", -1, True, "function [y, n] = f(x, ~, k)"),
        ("plain", -1, True, "y = x + k"),
        ("if", -1, True, "if k > 1"),
        ("plain", 2, True, "y(2) = 3"),
        ("plain", 2, False, "n = 1"),
    ]
    assert [(one.defines, one.uses) for one in source.statements] == [
        (("x", "k"), ()),
        (("y",), ("x", "k")),
        ((), ("k",)),
        (("y",), ("y",)),
        (("n",), ()),
    ]
    assert [site.name for site in sites(source, Kind.ARGUMENT)] == ["x", "k"]
    assert [site.name for site in sites(source, Kind.DEFAULT)] == ["x", "k"]
    assert [(site.name, site.text) for site in sites(source, Kind.RETURN)] == [
        ("0", "y"),
        ("1", "n"),
    ]


def test_elseif_is_an_if_in_the_one_before_it(read):
    source = read("if a\n x = 1;\nelseif b\n x = 2;\nelse\n x = 3;\nend\n")
    assert outline(source)[1:] == [
        ("if", -1, True, "if a"),
        ("plain", 1, True, "x = 1"),
        ("if", 1, False, "elseif b"),
        ("plain", 3, True, "x = 2"),
        ("plain", 3, False, "x = 3"),
    ]


def test_a_case_is_an_if_in_the_one_before_it(read):
    source = read("switch a\n case 1\n x = 1;\n case {2, 3}\n x = 2;\n otherwise\n x = 3;\nend\n")
    assert outline(source)[1:] == [
        ("switch", -1, True, "switch a"),
        ("if", 1, True, "case 1"),
        ("plain", 2, True, "x = 1"),
        ("if", 2, False, "case {2, 3}"),
        ("plain", 4, True, "x = 2"),
        ("plain", 4, False, "x = 3"),
    ]


def test_loops_and_jumps(read):
    source = read("""
        for k = 1:3, if k, break, end, end
        while true, continue, end
        do
          k--;
        until k < 0
        error ("f:a", "b");
        return
        """)
    assert [(one.kind.value, one.parent, one.text) for one in source.statements[1:]] == [
        ("for", -1, "for k = 1:3"),
        ("if", 1, "if k"),
        ("break", 2, "break"),
        ("while", -1, "while true"),
        ("continue", 4, "continue"),
        ("while", -1, "until k < 0"),
        ("plain", 6, "k--"),
        ("raise", -1, 'error ("f:a", "b")'),
        ("return", -1, "return"),
    ]


def test_what_is_protected_stands_where_the_try_does(read):
    source = read("if a\n try, f; catch err, g; end\nend")
    assert outline(source)[2:] == [
        ("plain", 1, True, "f"),
        ("plain", 1, True, "catch err"),
        ("plain", 1, True, "g"),
    ]


def test_names_of_functions(read):
    source = read("function f\nend\nfunction g\nend\n", name="main")
    assert [one.function for one in source.statements] == ["main", "main>g"]
    assert set(source.files) == {"main", "main>g"}


def test_a_statement_over_several_lines_is_one_line_of_text(read):
    source = read("x = [1, 2 ... more\n     3, 4];")
    assert source.statements[1].text == "x = [1, 2 3, 4]"
    assert source.statements[1].span == Span(1, 0, 2, 10)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("x = 1", ["binding x"]),
        ("x = pi", ["binding x"]),
        ("x = []", ["binding x"]),
        ("x = -1", ["binding x"]),
        ("x = [1 2]", ["expression matrix", "binding x <"]),
        ("x = a", ["expression a", "binding x <"]),
        ("x = 2 * y'", ["expression y", "expression ' <", "expression * <", "binding x <"]),
        ("x = f (1)", ["expression f", "binding x <"]),
        ("x = pkg.f (1)", ["expression f", "binding x <"]),
        ("x = 1; z = x(2)", ["binding x", "read x", "expression index <", "binding z <"]),
        ("x.a = 1; z = x.a", ["binding x.a", "read x", "expression attribute <", "binding z <"]),
        ("x = 1:3", ["expression :", "binding x <"]),
        ("x = {}; x{2} = 3", ["binding x", "binding x."]),
        ("x = @(a) a + 1", ["expression @", "binding x <"]),
        ("k = 1; x = @(a) a + k", ["binding k", "read k", "expression @ <", "binding x <"]),
        ("x = @sin", ["binding x"]),
        ("x = 0; x += 2", ["binding x", "read x", "binding x <"]),
        ("x = 0; x++", ["binding x", "read x", "binding x <"]),
        ("[a, ~, b] = f (1)", ["expression f", "binding a <", "binding b <"]),
        ("f (2 + g)", ["expression g", "expression + <", "expression f <"]),
        ("hold on", []),
        ("a = b = 2", ["binding b", "binding a <"]),
        ("global g", ["binding g"]),
        ("if (f (1)) end", ["expression f", "decision  <"]),
        ("while true, end", ["decision "]),
        ("for k = 1:3, end", ["expression :", "binding k <"]),
        ("x = f (1) (2)", ["expression index", "binding x <"]),
        ("try, catch e, end", ["binding e"]),
    ],
)
def test_sites(read, text, kinds):
    source = read(text)
    found = [
        f"{site.kind.value} {site.name}{'' if site.whole else '.'}{' <' if site.parts else ''}"
        for site in source.sites
        if site.kind is not Kind.RETURN
    ]
    assert found == [kind.replace("x.a", "x.") for kind in kinds]


def test_places_of_sites(read):
    source = read("y = 1;\nz = f (y, ...\n  y * 2);\n")
    places = {(site.kind.value, site.text): site.span for site in source.sites}
    assert places["binding", "z"] == Span(2, 0, 2, 1)
    assert places["expression", "y * 2"] == Span(3, 2, 3, 7)
    assert places["expression", "f (y, y * 2)"] == Span(2, 4, 3, 8)


def test_parts_stand_in_the_order_in_which_they_are_evaluated(read):
    source = read("a = b = c = 1;\na(b) = a + c;\n")
    binding = source.sites[-1] if source.sites[-1].kind is Kind.BINDING else None
    assert binding is not None
    assert [source.sites[part].text for part in binding.parts] == ["a + c", "b"]
    assert not binding.whole


def test_letters_beyond_ascii_are_kept(read, tmp_path):
    source = read('x = "größe";\ny = "λ" + f (x);\n')
    assert source.statements[2].text == 'y = "λ" + f (x)'
    (tmp_path / "latin.m").write_bytes(b'x = "gr\xf6\xdfe";\n')
    tree = read_m_file(tmp_path / "latin.m")
    assert tree.text.encode(errors="surrogateescape") == b'x = "gr\xf6\xdfe";\n'


def test_the_kinds_of_statements_are_those_of_the_model(read):
    source = read("x = 1; if x, end, for k = x, end, while x, break, end")
    assert {one.kind for one in source.statements} < set(StatementKind)
