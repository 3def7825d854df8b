"""The reader of .m files: expressions, statements, functions, and all of Octave's own scripts."""

from pathlib import Path

import pytest

from lockstep.sources.m_lexer import MSyntaxError
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import Form, Sort, short_circuits
from lockstep.sources.octave_reader import read_m_file

SHARE = next(iter(sorted(Path("/usr/share/octave").glob("[0-9]*/m"))), None)


def shown(one):
    """Write a tree with every operation in parentheses."""
    parts = [shown(part) for part in one.parts]
    if one.form is Form.PARENTHESES:
        return parts[0]
    if one.form is Form.CHAIN:
        return parts[0] + "".join(shown_link(link) for link in one.links)
    if one.form is Form.MATRIX:
        return "[" + " ".join(parts) + "]"
    if one.form is Form.CELL:
        return "{" + " ".join(parts) + "}"
    if one.form is Form.ANONYMOUS:
        return f"@({','.join(one.parameters)}){parts[0]}"
    if one.form is Form.HANDLE:
        return "@" + one.name
    if one.form is Form.POSTFIX:
        return f"({parts[0]}{one.name})"
    if one.form is Form.UNARY:
        return f"({one.name}{parts[0]})"
    if one.form in (Form.BINARY, Form.ASSIGNMENT):
        return f"({parts[0]}{one.name}{parts[1]})"
    if one.form is Form.RANGE:
        return "(" + ":".join(parts) + ")"
    return one.name


def shown_link(link):
    inside = ",".join(shown(argument) for argument in link.arguments)
    closing = {"(": ")", "{": "}", ".(": ")"}.get(link.access, "")
    return f"{link.access}{link.name}{inside}{closing}"


def statements(text):
    return parse(text).script.body


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c", "(a+(b*c))"),
        ("-a ^ b", "(-(a^b))"),
        ("2 ^ -1", "(2^(-1))"),
        ("a ^ b'", "((a^b)')"),
        ("a ^ b ^ c", "((a^b)^c)"),
        ("!x == y", "((!x)==y)"),
        ("~x(1) & y", "((~x(1))&y)"),
        ("a || b && c | d & e", "(a||(b&&(c|(d&e))))"),
        ("a < b == c", "((a<b)==c)"),
        ("1 : n + 1", "(1:(n+1))"),
        ("1 : 2 : n", "(1:2:n)"),
        ("x(:)", "x(:)"),
        ("x(:, end)", "x(:,end)"),
        ("x(end - 1 : end)", "x(((end-1):end))"),
        ("a.b(c).d{e}", "a.b(c).d{e}"),
        ("s.(name)(2)", "s.(name)(2)"),
        ("s.end", "s.end"),
        ("x'", "(x')"),
        ("x.'", "(x.')"),
        ("x''", "((x')')"),
        ("x(1)'", "(x(1)')"),
        ("a' * b'", "((a')*(b'))"),
        ("s.t'", "(s.t')"),
        ("'it''s'", "'it''s'"),
        ('"a \\" b"', '"a \\" b"'),
        ("['a' 'b']", "['a' 'b']"),
        ("[a' b']", "[(a') (b')]"),
        ("[a 'b']", "[a 'b']"),
        ("[a', b']", "[(a') (b')]"),
        ("[1 -2]", "[1 (-2)]"),
        ("[1 - 2]", "[(1-2)]"),
        ("[1 -2 + 3]", "[1 ((-2)+3)]"),
        ("[a -b]", "[a (-b)]"),
        ("[a - b]", "[(a-b)]"),
        ("[a -  b]", "[(a-b)]"),
        ("[a , -b]", "[a (-b)]"),
        ("[f (1)]", "[f 1]"),
        ("[(f (1))]", "[f(1)]"),
        ("[x(1) -y(2)]", "[x(1) (-y(2))]"),
        ("[1 2\n 3 4]", "[1 2 3 4]"),
        ("[1, 2 ... more\n 3]", "[1 2 3]"),
        ("[1 2 % one\n 3 4 # two\n]", "[1 2 3 4]"),
        ("[a ; b]", "[a b]"),
        ("[!a !b]", "[(!a) (!b)]"),
        ("[a != b]", "[(a!=b)]"),
        ("[a ~= b]", "[(a~=b)]"),
        ("[]", "[]"),
        ("{}", "{}"),
        ("{1, 'a'; @sin @cos}", "{1 'a' @sin @cos}"),
        ("{@(x) x + 1, @(y) y -1}", "{@(x)(x+1) @(y)(y-1)}"),
        ("c{1}{end}", "c{1}{end}"),
        ("varargin{find (x, 1)}", "varargin{find(x,1)}"),
        ("@(x, y) x + k * y", "@(x,y)(x+(k*y))"),
        ("@() disp (1)", "@()disp(1)"),
        ("@pkg.name", "@pkg.name"),
        ("f(@(x) x(end), 2)", "f(@(x)x(end),2)"),
        ("f (a, ...\n   b)", "f(a,b)"),
        ("f (a, % first\n   b)", "f(a,b)"),
        ("1e-3", "1e-3"),
        ("1.5e+3i", "1.5e+3i"),
        ("0x1F", "0x1F"),
        (".5", ".5"),
        ("1./x", "(1./x)"),
        ("1.*x", "(1.*x)"),
        ("3.'", "(3.')"),
        ("x.^2", "(x.^2)"),
        ("x.^-1", "(x.^(-1))"),
        ("a ** b", "(a**b)"),
        ("a\\b", "(a\\b)"),
        ("x(i++)", "x((i++))"),
        ("x(++i)", "x((++i))"),
        ("a++b", "(a+(+b))"),
        ("a - -b", "(a-(-b))"),
        ("(a)(2)", "a(2)"),
        ("f(x)(2)", "f(x)(2)"),
        ("x(~y)", "x((~y))"),
        ("a(1).b'", "(a(1).b')"),
        ("x([1 end])", "x([1 end])"),
        ("x{end}(end)", "x{end}(end)"),
        ("[x{:}]", "[x{:}]"),
        ("if_not", "if_not"),
    ],
)  # fmt: skip
def test_expressions(text, tree):
    (one,) = statements(f"y = {text};")
    assert shown(one.value) == tree


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("x = 1; y = 2, z = 3", ["assignment"] * 3),
        ("x += 1; x -= 1; x *= 2; x /= 2; x ^= 2; x |= y; x &= y", ["assignment"] * 7),
        ("x++; x--; ++x;", ["step"] * 3),
        ("[a, b] = f(x);", ["assignment"]),
        ("[~, i] = max(x);", ["assignment"]),
        ("[s.a, c{2}, x(3)] = f(x);", ["assignment"]),
        ("a = b = 1", ["assignment"]),
        ("f(x); g", ["expression"] * 2),
        ("hold on", ["command"]),
        ("format long; x = 1", ["command", "assignment"]),
        ("pkg load statistics", ["command"]),
        ("close all, clear x y", ["command"] * 2),
        ("warning off 'a;b'", ["command"]),
        ("x = 1; x -1", ["assignment", "expression"]),
        ("disp -1", ["command"]),
        ("a - 1", ["expression"]),
        ("f (1)", ["expression"]),
        ("f = 1; f (1) = 2", ["assignment"] * 2),
        ("global a b = 2 c; persistent n = 0", ["declaration"] * 2),
        ("if x, a; else b; end", ["if", "expression", "expression"]),
        ("if (x) a = 1, end", ["if", "assignment"]),
        (
            "if x\n a\nelseif y\n b\nelse\n c\nendif",
            ["if", "expression", "if", "expression", "expression"],
        ),
        ("while k < 3 k++; endwhile", ["while", "step"]),
        ("do\n k--;\nuntil k < 0", ["do", "step"]),
        ("for k = 1:3 disp(k), end", ["for", "expression"]),
        ("for (k = 1:3) disp(k); endfor", ["for", "expression"]),
        ("for k=[1 2;3 4], k, end", ["for", "expression"]),
        ("parfor (k = 1:3, 2)\n f(k)\nendparfor", ["for", "expression"]),
        ("for [v, k] = s\n v\nend", ["for", "expression"]),
        (
            "switch x\n % none\n case {1, 2}\n a\n case 'b', c\n otherwise\n d\nendswitch",
            ["switch", "case", "expression", "case", "expression", "expression"],
        ),
        ("try\n f\ncatch err\n g\nend", ["try", "expression", "expression"]),
        ("try, f, catch, g, end_try_catch", ["try", "expression", "expression"]),
        ("try; f; catch err; g; end", ["try", "expression", "expression"]),
        (
            "unwind_protect\n f\nunwind_protect_cleanup\n g\nend_unwind_protect",
            ["unwind_protect", "expression", "expression"],
        ),
        ("while 1, break, continue, return, end", ["while", "break", "continue", "return"]),
        ("x = 1; % a\n# b\n%{\nx = 2;\n#{\n#}\n%}\ny = 3;", ["assignment"] * 2),
        ("x = [1 % a\n 2];\n%!test\n%! x = 3;\n", ["assignment"]),
        ("x = 1;\r\ny = 2;\r\n", ["assignment"] * 2),
        ("#! /usr/bin/octave\n1;\nx = 2", ["expression", "assignment"]),
        ("x.y = 1; x(end+1).y = 2; x{3}.(n) = 4", ["assignment"] * 3),
        ("while ((line = fgetl (f)) != -1)\n g\nend", ["while", "expression"]),
    ],
)
def test_statements(text, sorts):
    found = [inner.sort for node in statements(text) for inner in node.walk()]
    assert found == sorts


@pytest.mark.parametrize(
    ("text", "functions"),
    [
        ("function f\nx = 1;", [("f", [], [])]),
        ("function f()\nx = 1;\nend", [("f", [], [])]),
        ("function y = f(x), y = x; end", [("f", ["x"], ["y"])]),
        ("function[a,b]=g(x)\na = b = x;", [("g", ["x"], ["a", "b"])]),
        ("function [] = g (x, ~, varargin)\nendfunction", [("g", ["x", "~", "varargin"], [])]),
        ("function y = f(x = 3)\ny = x;\nend", [("f", ["x"], ["y"])]),
        (
            "function f\ng\n\nfunction g\nif 1, h, end\n\nfunction h",
            [("f", [], []), ("g", [], []), ("h", [], [])],
        ),
        (
            "function f\n g\nend\n% between\nfunction g\n h\nend",
            [("f", [], []), ("g", [], [])],
        ),
        (
            "function f\n x = 1;\n function g\n x = 2;\n end\n g\nend",
            [("f", [], []), ("g", [], [])],
        ),
        ("1;\nfunction f (a)\nendfunction\nf (1)", [("f", ["a"], []), ("", [], [])]),
    ],
)
def test_functions(text, functions):
    found = [
        (one.name, [p.name for p in one.parameters], [o.name for o in one.outputs])
        for one in parse(text).all_functions()
    ]
    assert found == functions


def test_places():
    text = "y = f (a' * b, ...\n  'c');  % d\n"
    (one,) = statements(text)
    assert text[one.start : one.end] == "y = f (a' * b, ...\n  'c')"
    product, string = one.value.links[0].arguments
    assert text[product.start : product.end] == "a' * b"
    assert text[string.start : string.end] == "'c'"


def test_places_of_an_if():
    text = "if (a || b) x; else y; end"
    (one,) = statements(text)
    assert one.sort is Sort.IF
    assert text[one.start : one.end] == "if (a || b)"
    assert text[one.body_start :].startswith(" x;")
    assert text[one.otherwise_start :].startswith(" y;")
    assert text[one.closing :] == "end"


@pytest.mark.parametrize(
    ("condition", "is_one"),
    [
        ("a | b", True),
        ("a | b & c", True),
        ("(a | b) && c", False),
        ("(a & b) == c", False),
        ("!(a | b)", False),
        ("any (a | b)", False),
        ("a || b", False),
    ],
)
def test_conditions_that_octave_cuts_short(condition, is_one):
    (one,) = statements(f"if ({condition}) x; end")
    assert short_circuits(one.value) == is_one


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("classdef a\nend", "line 1: a classdef is not read"),
        ("x = (1;", "is not closed"),
        ("x = [1 2", "not closed"),
        ("x = 1;\ny = 'abc\n", "line 2: a string is not closed"),
        ("if x\n y", "line 2: the file ends where one of"),
        ("x = )", "closes nothing"),
        ("f() = = 2", "expected an expression"),
        ("1 = 2", "cannot be given a value"),
        ("function f\nend\nx = 1", "outside of the functions"),
        ("x = 3 $ 4", "not understood"),
    ],
)
def test_what_is_not_understood(text, why):
    with pytest.raises(MSyntaxError, match=why):
        parse(text)


@pytest.mark.skipif(SHARE is None, reason="Octave's scripts are elsewhere")
def test_octaves_own_scripts_are_read():
    files = sorted(SHARE.rglob("*.m"))
    failed = {}
    for path in files:
        try:
            read_m_file(path)
        except MSyntaxError as error:
            failed[path.name] = str(error)
    others = {name for name, why in failed.items() if "classdef" not in why}
    assert len(files) > 1000
    assert others <= {"get_forge_pkg.m"}  # a function defined within an if
