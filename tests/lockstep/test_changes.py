"""Every reason that a change stands for: where its change is proposed, and where it must not be."""

import ast
import datetime
import math
import re
import statistics
import textwrap
from dataclasses import replace
from functools import reduce
from itertools import accumulate, pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import integrate, ndimage, signal, stats

from lockstep.explain.candidates import candidates
from lockstep.explain.changes import changes_of, keys
from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import MISSING, Context
from lockstep.explain.changes.rewriting import rewritten
from lockstep.explain.changes.tables import lost_entry
from lockstep.explain.evidence import Evidence, Turn
from lockstep.explain.outcomes import Match, match_of
from lockstep.model.report import Fault

MODULES = {
    "np": np, "ndimage": ndimage, "signal": signal, "integrate": integrate,
    "stats": stats, "math": math, "statistics": statistics, "re": re,
}  # fmt: skip

V = np.array([0.3, -1.7, 2.9, 4.1, 5.3])
W = np.array([0.5, 1.25, 2.0, 0.75, 1.5])
N = np.array([3.0, np.nan, 1.5, 7.25])
K = np.array([4, 7, 2, 9, 1])
ORDER = np.array([2, 0, 3, 4, 1])
TIES = np.array([2.5, 8.0, 2.5, 1.25, 8.0])
M = np.array([[0.3, 1.7, 2.9], [4.1, 5.3, 6.2], [7.7, 0.9, 1.4]])
A = np.array([[0.3, 1.7, 2.9, 0.1], [4.1, 5.3, 6.2, 2.2]])
S = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 5.0]])
Z = np.array([[1 + 2j, 3j], [2.5 - 1j, 4.0]])
CUBE = np.arange(27.0).reshape(3, 3, 3) ** 1.5
BYTES = np.array([250, 3, 17, 90], np.uint8)


def test_what_reads_memory_by_its_own_arithmetic_is_neither_changed_nor_evaluated():
    text = "def f(v, n):\n    return as_strided(v, shape=(3,), strides=(n,))\n"
    tree = ast.parse(text)
    function = tree.body[0]
    value = function.body[0].value
    evidence = Evidence(Path("f.py"), text, tree, value, function.body[0], function, {})
    live = {"as_strided": lambda *a, **k: pytest.fail("read")}
    context = Context(replace(evidence, live=live))
    assert context.value(value) is MISSING
    assert not [*changes_of(value, context)]


def test_what_is_given_to_a_private_function_that_is_no_python_is_left_as_it_is():
    text = "def f(v, n):\n    return _hash(v + 1) + len(v) + n * 2\n"
    tree = ast.parse(text)
    function = tree.body[0]
    value = function.body[0].value
    evidence = Evidence(Path("f.py"), text, tree, value, function.body[0], function, {})
    context = Context(replace(evidence, live={"_hash": len}))
    private, own = value.left.left, value.right
    assert not [c for node in ast.walk(private) for c in changes_of(node, context)]
    assert [*changes_of(own, context)]


def test_no_maker_of_changes_is_stopped_by_what_it_does_not_know():
    text = "def f(a, v):\n    a[:, 1] += v * 0.5\n    return a\n"
    tree = ast.parse(text)
    function = tree.body[0]
    turns = (Turn(A, A + 1, {"a": A, "v": 2.0}),)
    evidence = Evidence(
        Path("f.py"), text, tree, None, function.body[0], function, {"np": np}, turns=turns,
        octave_statement="a(:, 2) = a(:, 2) + v * 0.;",
    )  # fmt: skip
    assert candidates(evidence) is not None
    found = [one.lines for _, one in changes_of(evidence.statement, Context(evidence))]
    assert "np.add.at(a, np.s_[:, 1], v * 0.5)" in found


def case(key, port, mended, octave="", name="", **variables):
    """Say by which change an expression of a port becomes right."""
    return pytest.param(key, port, mended, octave, variables, id=f"{key} {name}".strip())


FIRES = [
    case("column-major", "np.unravel_index(np.argmax(m, axis=None), m.shape)",
         'np.unravel_index(np.argmax(m.ravel(order="F")), m.shape, order="F")',
         name="of the first of equal ones", m=np.array([[1.5, 7], [7, 2]])),
    case("empty-condition", "np.any(k)", "len(k) > 0", name="of indices", k=np.array([0])),
    case("empty-condition", "len(np.where(a))", "len(np.where(a)[0])", name="places",
         a=np.arange(9.0).reshape(3, 3)),
    case("column-major", "np.r_[0.0, a.ravel(order='F')[:-1]].reshape(a.shape, order='F')",
         "np.r_[0.0, a.ravel(order='C')[:-1]].reshape(a.shape, order='C')", name="each time",
         a=np.arange(6.0).reshape(2, 3) ** 2),
    case("and-or", "(v > 1) & k", "(v > 1) & (k != 0)", name="of numbers",
         v=V, k=np.array([2, 1, 0, 4, 1])),
    case("variable", "v[k]", "v[c[k]]", name="places in a choice",
         v=V, k=np.array([0, 2]), c=np.array([1, 3, 4])),
    case("comparison", "v == w", "v >= w", name="one for both", v=np.arange(4.0), w=2.0),
    case("comparison", "v != w", "v < w", name="one side", v=np.arange(4.0), w=2.0),
    case("constant", "sorted(v, reverse=False)", "sorted(v, reverse=True)", name="a flag", v=V),
    case("integer-class", "k + k", "k.astype(float) + k", name="of a mask", k=V > 1),
    case("lost-function", "v[1:]", "np.cumsum(v[1:])", "cumsum (v(2:end))",
         name="that Octave names", v=V),
    case("lost-function", "3 * v", "3 * np.clip(v, 0, 1)", name="two limits", v=V),
    case("lost-function", "sorted(k for k in v)", "sorted({k for k in v})",
         name="each once", v=[2.5, 1.5, 2.5]),
    case("lost-term", "v[2:]", "v[2:k]", name="the end of a slice", v=V, k=4),
    case("lost-term", "v[:4]", "v[k:4]", name="the beginning of a slice", v=V, k=1),
    case("number-format", "'%%e %x' % k", "'%%e %X' % k", name="letters behind %%", k=171),
    case("number-format", "'%x' % k", "'%X' % k", name="letters", k=171),
    case("variable", "k + 1.5", "v[k]", name="an element", v=V, k=2),
    case("variable", "n - 2", "k", name="beside a list of arrays", u=[V, W[:2]], n=4, k=1),
    case("variable", "d['a'] + d['b']", "d['a'] + d['a']", name="a field of a dictionary",
         d={"a": 2.5, "b": 4.5}),
    case("variable", "o.a + o.b", "o.a + o.a", name="a field of an object",
         o=SimpleNamespace(a=2.5, b=4.5)),
    case("variable", "d[n]", "d[s]", name="a key", d={"a": 2.5, 1: 4.5}, n=1, s="a"),
    case("library-default", "stats.gamma.cdf(v, 2.5, 3.0)", "stats.gamma.cdf(v, 2.5, scale=3.0)",
         name="the scale", v=V),
    case("library-default", "stats.expon.pdf(v, 3.0)", "stats.expon.pdf(v, scale=1 / 3.0)",
         name="the rate", v=V),
    case("broadcast", "v / (w[1] - w[0])", "v / np.diff(w)", name="each step",
         v=V[:4], w=W),
    case("first-or-last", "len(k) - 1 - np.argmax(k[::-1])", "np.argmax(k)",
         name="the first again", k=np.array([1, 4, 2, 4])),
    case("reversed", "a", "a[:, ::-1]", name="the columns", a=M),
    case("weights", "np.average(a[:2, k])", "np.average(a[:2, k], weights=a[:2, 2])",
         name="in another column", a=M, k=1),
    # layout
    case("axes", "np.transpose(c, (1, 2, 0))", "np.transpose(c, (2, 0, 1))", c=CUBE),
    case("broadcast", "a - b", "a[:, None] - b", a=V, b=W[:, None]),
    case("broadcast", "s + 1.5", "s + 1.5 * np.eye(len(s))", name="to the diagonal", s=S),
    case("broadcast", "v - w[:3]", "v[:, None] - w[:3]", name="of two vectors", v=V[:3], w=W),
    case("column-major", "a.ravel()", 'a.ravel(order="F")', name="ravel", a=A),
    case("column-major", "a.reshape(4, 2)", 'a.reshape(4, 2, order="F")', name="reshape", a=A),
    case("column-major", "a[a > 1]", "a.T[(a > 1).T]", name="mask", a=A),
    case("column-major", "np.nonzero(a > 2)", "np.nonzero((a > 2).T)[::-1]", name="find", a=A),
    case("conjugate", "z.T", "z.conj().T", z=Z),
    case("diagonal", "np.triu(a)", "np.triu(a, 1)", a=M),
    case("flip-axis", "np.flipud(a)", "np.fliplr(a)", a=A),
    case("ndgrid", "np.meshgrid(v, w)", 'np.meshgrid(v, w, indexing="ij")', v=V, w=W),
    case("padding", 'np.pad(v, 1, mode="edge")', 'np.pad(v, 1, mode="wrap")', v=V),
    case("padding", "ndimage.uniform_filter(a, 3)",
         'ndimage.uniform_filter(a, 3, mode="wrap")', name="of a filter", a=M),
    case("repmat", "np.repeat(v, 2)", "np.tile(v, 2)", v=V),
    case("operand-order", "np.column_stack((v, 2 * w))", "np.column_stack((2 * w, v))",
         name="of columns", v=V, w=W),
    case("operand-order", "np.reshape(u, (k, n))", "np.reshape(u, (n, k))", name="of sizes",
         k=2, n=3, u=np.array([1.5, 2, 7, 4, 0.5, 3])),
    case("padding", "signal.convolve2d(a, a)", 'signal.convolve2d(a, a, boundary="wrap")',
         name="convolve2d", a=M),
    case("library-default", "np.linspace(0, 1, n)", "np.linspace(0, 1, n, endpoint=False)",
         name="flag", n=4),
    case("library-default", "signal.detrend(v)", "signal.detrend(v, type='constant')",
         name="word", v=V),
    case("library-default", "np.pad(v, 2, 'edge')", "np.pad(v, 2, 'symmetric')",
         name="other word", v=V),
    case("library-default", "np.pad(v, 1) + np.pad(v, 1, mode='wrap')",
         "np.pad(v, 1, mode='wrap') + np.pad(v, 1, mode='wrap')",
         name="of another call", v=V),
    case("library-default", "np.diff(v, prepend=v[-1])", "np.diff(v, append=v[0])",
         name="other end", v=V),
    case("library-default", "integrate.cumulative_trapezoid(v, t)",
         "integrate.cumulative_trapezoid(v, t, initial=0)", v=V, t=np.cumsum(W)),
    case("library-default", "integrate.cumulative_trapezoid(v, t, initial=0)",
         "integrate.cumulative_trapezoid(v, t)", name="left out", v=V, t=np.cumsum(W)),
    case("library-default", "ndimage.label(k)[0]",
         "ndimage.label(k, structure=np.ones((3,) * np.ndim(k)))[0]", name="corners",
         k=np.array([[1, 0, 1], [0, 1, 0]])),
    case("library-default", "np.hanning(n)", "np.hanning(n + 2)[1:-1]", name="ends", n=6),
    case("library-default", "signal.get_window('hann', n)",
         "signal.get_window('hann', n, fftbins=False)", name="window", n=6),
    case("library-default", "signal.filtfilt(b, a, u)",
         "signal.filtfilt(b, a, u, padlen=3 * (max(len(b), len(a)) - 1))",
         name="ends of a filter", b=np.array([0.5, 0.3]), a=np.array([1.0, -0.9, 0.2]),
         u=np.cumsum(np.arange(16.0) % 5)),
    case("calendar", "day.toordinal()", "day.toordinal() + 366", day=datetime.date(2024, 2, 29)),
    case("calendar", "day.isoweekday()", "day.isoweekday() % 7 + 1", name="of the week",
         day=datetime.date(2024, 2, 29)),
    case("outer-product", "v @ w.T", "np.outer(v, w)", v=V, w=W),
    case("outer-product", "np.matmul(v, v.T)", "np.outer(v, v)", name="of one", v=V),
    case("outer-product", "v.dot(w)", "np.outer(v, w)", name="a method", v=V, w=W),
    case("pattern", "re.findall('[a-f0-9]+', text)", "re.findall('[a-fA-F0-9]+', text)",
         name="of either case", text="3fA"),
    case("pattern", "re.findall('<.*>', text)", "re.findall('<.*?>', text)",
         name="as few as there may be", text="<a><b>"),
    case("pattern", "re.findall('<.*?>', text)", "re.findall('<.*>', text)",
         name="as many as there are", text="<a><b>"),
    case("pattern", "re.findall('a+', text)", "re.findall('a*', text)", name="none, too",
         text="baa"),
    case("pattern", "re.findall('a*', text)", "re.findall('a+', text)", name="one at least",
         text="baa"),
    case("pattern", "re.findall('ab', text)", "re.findall('^ab', text)", name="at the beginning",
         text="abab"),
    case("pattern", "re.findall('ab$', text)", "re.findall('ab', text)", name="at the end",
         text="abab"),
    case("pattern", "bool(re.match('b', text))", "bool(re.search('b', text))", name="anywhere",
         text="ab"),
    case("pattern", "bool(re.search('b', text))", "bool(re.fullmatch('b', text))",
         name="in the whole", text="ab"),
    case("pattern", "re.sub('a', 'o', text)",
         "re.sub('a', 'o', text, flags=re.IGNORECASE)", name="of any case", text="aA"),
    case("escape", "re.split(mark, text)", "re.split(re.escape(mark), text)", mark=".",
         text="7.3.10"),
    case("unsorted", "np.searchsorted(u, 4)", "np.argmax(u >= 4)", u=np.array([1.0, 5, 2, 4])),
    case("unsorted", "u.searchsorted(4, side='right')", "np.argmax(u > 4)", name="a method",
         u=np.array([1.0, 5, 2, 4])),
    case("mesh", "m[i, j]", "m[np.ix_(i, j)]", m=M, i=np.array([0, 2]), j=np.array([1, 2])),
    case("mesh", "m[np.ix_(i, j)]", "m[i, j]", name="pairs", m=M, i=np.array([0, 2]),
         j=np.array([1, 2])),
    case("transpose", "np.einsum({'a': 'ji,jn->in'}['a'], m, a)",
         "np.einsum({'a': 'ij,jn->in'}['a'], m, a)", name="of a sum that a table tells", m=M,
         a=A[:, :3].repeat(2, axis=0)[:3]),
    case("transpose", "np.einsum('ji,jn->in', m, a)", "np.einsum('ij,jn->in', m, a)",
         name="of an operand of a sum", m=M, a=A[:, :3].repeat(2, axis=0)[:3]),
    case("lost-argument", "np.unwrap(d)", "np.unwrap(d, period=360)", name="of angles",
         d=np.array([10.0, 350.0, 20.0])),
    case("slice-end", "s.lower()", "s.lower()[:w]", name="of a text", s="ABCdef", w=4),
    case("repmat", "np.tile(a, (2, 3))", "np.repeat(np.repeat(a, 2, axis=0), 3, axis=1)",
         name="along two axes", a=A),
    case("complex-order", "np.argsort(z)", "np.lexsort((np.angle(z), np.abs(z)))",
         name="places", z=np.array([-2.0 + 0j, 1j, 0.5])),
    case("complex-order", "np.sort(z)", "z[np.lexsort((np.angle(z), np.abs(z)))]",
         z=np.array([-2.0 + 0j, 1j, 0.5])),
    case("first-or-last", "np.flatnonzero(v > 1)", "np.flatnonzero(v > 1)[:1]",
         name="of all that are found", v=V),
    case("first-or-last", "np.nonzero(v > 1)[0]", "np.nonzero(v > 1)[0][0]",
         name="of the places", v=V),
    case("reversed", "v", "v[::-1]", v=V),
    case("rotation", "np.rot90(a, -1)", "np.rot90(a)", a=M),
    case("rows-columns", "a[1]", "a[:, 1]", a=M),
    case("transpose", "a", "a.T", a=M),
    case("triangle", "np.triu(a)", "np.tril(a)", a=M),
    case("keepdims", "a / a.sum(axis=1)", "a / a.sum(axis=1, keepdims=True)", a=M),
    case("keepdims", "a - a.mean(axis=k)", "a - a.mean(axis=k, keepdims=True)",
         name="along a variable", a=np.arange(9.0).reshape(3, 3) ** 2, k=1),
    # algebra
    case("argument-order", "np.arctan2(v, w)", "np.arctan2(w, v)", v=V, w=W),
    case("chol-upper", "np.linalg.cholesky(s)", "np.linalg.cholesky(s).T", s=S),
    case(
        "coefficients", "np.polynomial.polynomial.polyfit(x, y, 2)", "np.polyfit(x, y, 2)",
        x=W, y=V,
    ),
    case(
        "convolution-centre", "(len(k) - 1) // 2", "len(k) // 2",
        "conv(x, k, 'same')", k=[1.0, 2.0, 0.5, 1.5],
    ),
    case("convolution-size", "np.convolve(v, w)", 'np.convolve(v, w, mode="same")', v=V, w=W),
    case("eig-order", "np.linalg.eigvals(s)", "np.linalg.eigvalsh(s)", s=-S),
    case("eig-order", "np.linalg.eigvalsh(s)", "np.linalg.eigvals(s).real", name="no symmetry",
         s=np.array([[1.0, 5.0], [0.5, 2.0]])),
    case("factor-order", "a @ s", "s @ a", a=M, s=S),
    case("fft-scale", "np.fft.fft(v)", 'np.fft.fft(v, norm="forward")', v=V),
    case("filter-state", "f.lfilter_zi(b, a)", "np.zeros(max(len(b), len(a)) - 1)",
         f=SimpleNamespace(lfilter_zi=lambda b, a: np.array([0.2, 0.7])), b=W[:3], a=V[:3]),
    case("inverse", "np.linalg.inv(s)", "np.linalg.pinv(s)",
         s=np.array([[1.0, 2.0], [2.0, 4.0 + 1e-15]])),
    case("matmul", "a * s", "a @ s", a=M, s=S),
    case("matmul", "a ** n", "np.linalg.matrix_power(a, n)", name="a power", a=M, n=3),
    case("norm", "np.linalg.norm(a)", "np.linalg.norm(a, 2)", a=M),
    case("pinv-tolerance", "np.linalg.pinv(s, rcond=t)",
         "np.linalg.pinv(s, rcond=t / np.linalg.norm(s, 2))", s=20 * S, t=0.5),
    case("qr-size", "np.linalg.qr(a)[0]", 'np.linalg.qr(a, mode="complete")[0]', a=A.T),
    case("right-division", "np.linalg.solve(s, a)", "np.linalg.solve(s.T, a)", s=S + M, a=M),
    case("right-division", "np.linalg.solve(s, a)", "np.linalg.solve(s.T, a.T).T", name="of rows",
         s=S + M, a=M + 1),
    case("shift-direction", "np.roll(v, 2)", "np.roll(v, -2)", v=V),
    case("shift-direction", "np.fft.ifftshift(v)", "np.fft.fftshift(v)", name="of a half", v=V),
    # indices
    case("gamma", "math.lgamma(n)", "math.lgamma(n + 1)", n=7.5),
    case("index-base", "np.argmax(v)", "np.argmax(v) + 1", v=V),
    case("numel", "len(a)", "a.size", a=A),
    case("off-by-one", "v / (n - 1)", "v / n", v=V, n=5),
    case("off-by-one", "v[[1, 2, 4]]", "v[[0, 1, 3]]", name="in a list of indices", v=V),
    case("off-by-one", "n > 2 and k > 2", "n > 1 and k > 1", name="in each bound", n=2, k=3),
    case("start-value", "reduce(lambda a, b: 2 * a + b, p)",
         "reduce(lambda a, b: 2 * a + b, p, 1)", name="of reduce", p=[1.5, 2.5], reduce=reduce),
    case("start-value", "list(accumulate(p))", "list(accumulate(p, initial=0))",
         name="of accumulate", p=[1.5, 2.5], accumulate=accumulate),
    case("lost-term", "np.diff(v)", "np.diff(v, prepend=0)", name="before the first", v=V),
    case("lost-term", "[b - a for a, b in pairwise(p)]", "[b - a for a, b in pairwise([1, *p])]",
         name="before the first of a list", p=[1.5, 2.5, 4.0], pairwise=pairwise),
    case("range-end", "np.arange(1, n)", "np.arange(1, n + 1)", n=8),
    case("range-end", "sum(a * b for a, b in zip(p, p[1:]))",
         "sum(a * b for a, b in zip(p, [*p[1:], p[0]]))", name="of a ring", p=[1.5, 2.5, 4.0]),
    case("range-end", "sum(a * b for a, b in zip(v, v[1:]))",
         "sum(a * b for a, b in zip(v, np.roll(v, -1, axis=0)))", name="of an array", v=V),
    case("range-end", "np.arange(0, b, d)", "np.arange(0, b + 1e-9 * d, d)", name="whole steps",
         b=8.0, d=2.0),
    case("range-end", "np.arange(0.5, b, 0.25)", "np.arange(0.5, b + 1e-9 * 0.25, 0.25)",
         name="of fractions", b=2.0),
    case("range-start", "np.arange(n)", "np.arange(1, n)", n=8),
    case("slice-end", "v[1:n - 1]", "v[1:n]", v=V, n=4),
    case("slice-end", "v[1:]", "v[:-1]", name="and start, down", v=V),
    case("slice-start", "v[:3]", "v[1:3]", v=V),
    case("slice-start", "v[:0:-1]", "v[-2:0:-1]", name="backwards", v=V),
    case("slice-end", "v[::-1]", "v[:0:-1]", name="backwards", v=V),
    case("slice-start", "v[:-1]", "v[1:]", name="and end, up", v=V),
    case("slice-start", "v[:-2]", "v[1:-1]", name="and end, up, from the first", v=V),
    case("slice-start", "v[2:]", "v[1:-1]", name="and end, down, from the last", v=V),
    case("number-of-points", "np.linspace(a, b)", "np.linspace(a, b, 100)", a=0.0, b=1.5),
    # statistics
    case("axis", "np.sum(a, axis=0)", "np.sum(a, axis=1)", a=M),
    case("axis", "np.c_[a, a]", "np.r_[a, a]", name="joined", a=M),
    case("axis", "a / a.sum()", "a / a.sum(axis=1, keepdims=True)", name="kept", a=M),
    case("ddof", "v.std()", "v.std(ddof=1)", v=V),
    case("ddof", "np.cov(a)", "np.cov(a, bias=True)", name="cov", a=A),
    case("empty", "v[v > 9].max()", "v[v > 9].max(initial=0)", v=V),
    case("first-or-last", "np.flatnonzero(v > 0)[0]", "np.flatnonzero(v > 0)[-1]", v=V),
    case("last-bin", "np.histogram(v, e)[0]", "np.histogram(v[v < e[-1]], e)[0]",
         v=np.array([0.5, 1.0, 2.0, 2.0, 3.0]), e=np.array([0.0, 1.0, 2.0, 3.0])),
    case("lost-argument", "np.trapezoid(y)", "np.trapezoid(y, t)", y=V, t=np.cumsum(W)),
    case("median", "sorted(v)[len(v) // 2]", "np.median(v)", v=V[:4]),
    case("nan", "np.max(n)", "np.nanmax(n)", n=N),
    case("nan", "np.clip(n, 2, 7)", "np.fmax(2, np.fmin(7, n))", name="clip", n=N),
    case("nan", "np.maximum.accumulate(n)", "np.fmax.accumulate(n)", name="so far", n=N),
    case("outside", "np.interp(w, x, y)", "np.interp(w, x, y, left=np.nan, right=np.nan)",
         w=W, x=np.array([1.0, 1.6]), y=np.array([2.0, 5.5])),
    case("outside", "ndimage.map_coordinates(m, [x, y])",
         "ndimage.map_coordinates(m, [x, y], cval=np.nan)", name="between", m=M, x=V, y=V),
    case("outside", "np.interp(w, x, y)", "np.interp(w, x, y, left=0.0)", name="a number",
         w=W, x=np.array([1.0, 1.6]), y=np.array([2.0, 5.5])),
    case("quantile-method", "np.quantile(v, 0.3)", 'np.quantile(v, 0.3, method="hazen")', v=V),
    case("row-vector", "r.mean(axis=0)", "r.mean(axis=0 if len(r) > 1 else None)", r=A[:1]),
    case("quantile-method", "np.median(v) - np.quantile(v, 0.9) + np.quantile(v, 0.2)",
         'np.median(v) - np.quantile(v, 0.9, method="hazen") + np.quantile(v, 0.2, method="hazen")',
         name="at both calls", v=V),
    case("rowvar", "np.corrcoef(a)", "np.corrcoef(a, rowvar=False)", a=M),
    case("sort-down", "np.argsort(v)", 'np.argsort(-v, kind="stable")', v=V),
    case("strictness", "v < 2.9", "v <= 2.9", v=V),
    case("strictness", "np.less(v, 2.9)", "np.less_equal(v, 2.9)", name="by name", v=V),
    case("strictness", "(v > 2.9) & (v <= 5.3)", "(v >= 2.9) & (v < 5.3)", name="of &", v=V),
    case("strictness", "2.9 < x <= 5.3", "2.9 <= x < 5.3", name="of an interval", x=2.9),
    case("strictness", "x > 1 and x <= 3", "x >= 1 and x < 3", name="of and", x=3),
    case("ties", "statistics.mode(t)", "min(statistics.multimode(t))", t=[8.0, 2.5, 8.0, 2.5]),
    case("weights", "np.mean(v)", "np.average(v, weights=w)", v=V, w=W),
    # numbers
    case("complex", "np.sqrt(v)", "np.emath.sqrt(v)", v=V),
    case("eps", "np.finfo(float).eps", "np.spacing(x)", x=1e5),
    case("halves", "np.round(v)", "np.trunc(v + np.copysign(0.5, v))",
         v=np.array([0.5, -2.5, 1.2, 3.5])),
    case("halves", "round(x)", "int(np.trunc(x + np.copysign(0.5, x)))", x=2.5),
    case("integer-division", "n // 4",
         "np.trunc(n / 4 + np.copysign(0.5, n / 4))", n=np.array([7, 9, 14, -3])),
    case("integer-rounding", "v.astype(int)", "np.trunc(v + np.copysign(0.5, v)).astype(int)", v=V),
    case("limits", "np.finfo(float).eps", "np.finfo(float).max"),
    case("realmin", "np.finfo(float).min", "np.finfo(float).tiny"),
    case("rem", "v % 2", "np.fmod(v, 2)", v=V),
    case("rem", "np.mod(v, 2)", "np.fmod(v, 2)", name="by its name", v=V),
    case("rem", "np.fmod(v, 2)", "v % 2", name="mod for rem", v=V),
    case("rounding", "np.floor(v)", "np.trunc(v)", v=V),
    case("saturate", "b + 20", "np.clip(b.astype(float) + 20, 0, 255).astype(np.uint8)", b=BYTES),
    case("saturate", "v.astype(np.uint8)",
         "np.clip(np.floor(v + 0.5), 0, 255).astype(np.uint8)", name="a conversion", v=100 * V),
    case("single", "x", "x.astype(np.float32)", "single(x)", x=V / 3),
    case("true-division", "n // 4", "n / 4", n=np.array([7, 9, 14, -3])),
    case("division-by-zero", "1 / x", "np.divide(1, x)", x=0.0),
    case("error-of-math", "math.log(x)", "np.log(x)", x=0.0),
    # programs
    case("and-or", "(v > 0) & (v < 3)", "(v > 0) | (v < 3)", v=V),
    case("any-all", "np.any(v > 0)", "np.all(v > 0)", v=V),
    case("comparison", "v < 2.9", "v >= 2.9", v=V),
    case("condition", "x > 1 and x < 2", "x > 1", x=3.5),
    case("empty-condition", "np.all(e > 0)", "e.size > 0 and np.all(e > 0)", e=V[:0]),
    case("falsy-default", "x or 5.5", "5.5 if x is None else x", x=0.0),
    case("negation", "np.isnan(n)", "~np.isnan(n)", n=N),
    case("order-of-branches", "np.where(v > 0, v, w)", "np.where(v > 0, w, v)", v=V, w=W),
    case("tuple-of-one", 'unit in ("nmi")', 'unit in ("nmi",)', unit="mi"),
    case("precedence", "v ** 2 ** 3", "(v ** 2) ** 3", v=V),
    case("precedence", "a & k == 4", "a & (k == 4)", name="of &", a=V > 0, k=K),
    case("brackets", "v + w * 2.5", "(v + w) * 2.5", v=V, w=W),
    case("brackets", "v * 3 / w / 5 - 2.5", "v * 3 / (w / 5 - 2.5)", v=V, w=W),
    case("order-of-operations", "1 / np.mean(w)", "np.mean(1 / w)", w=W),
    case("order-of-operations", "np.sum(np.abs(v))", "np.abs(np.sum(v))", name="of two", v=V),
    # text
    case("char-code", 'ord(c)', 'ord(c) - ord("0")', c="7"),
    case("collapse", 's.split(",")', '[p for i, p in enumerate(s.split(",")) if p or i == 0]',
         s="a,,b"),
    case("index-base", 's.find("b")', 's.find("b") + 1', name="of text", s="a,,b"),
    case("rounding", "range(int(a), int(b) + 1)", "np.arange(a, b + 1)", name="of a range",
         a=0.5, b=2.5),
    case("numel", "sum(d.values())", "len(d)", name="of a dict", d={"a": 2.0, "b": 3.0}),
    case("numel", "sum(v)", "len(v)", name="of what is added up", v=[2.0, 3.0]),
    case("numel", "len(v)", "len(set(v))", name="of different ones", v=[2.0, 2.0]),
    case("numel", "len(v)", "sum(v)", name="of what is counted", v=[2.0, 2.0]),
    case("letters", "s", "s.lower()", s="aBc"),
    case("letters", "s.isspace()", "s == ' '", name="the blank alone", s="\t"),
    case("letters", "s == ' '", "s.isspace()", name="any white space", s="\t"),
    case("letters", "s != ' '", "not s.isspace()", name="no white space", s="\t"),
    case("letters", "s.isalpha()", "s.isalnum()", name="digits, too", s="7"),
    case("letters", "s.isalnum()", "s.isalpha()", name="no digits", s="7"),
    case("letters", "s.strip()", "s.strip(' ')", name="tabs are kept", s="\ta "),
    case("letters", "s.title()", "s.capitalize()", name="one capital", s="a b"),
    case("num2str", 'f"{x:g}"', 'f"{x:.{min(int(np.log10(max(abs(x), 1))) + 5, 16)}g}"',
         x=1234.56789),
    case("num2str", "str(x)", 'f"{x:.{min(int(np.log10(max(abs(x), 1))) + 5, 16)}g}"',
         "num2str (x)", name="of str", x=2.0),
    case("number-format", 'f"{x:.2f}"', 'f"{x:8.2f}"', "sprintf('%8.2f', x)", x=2.5),
    case("number-format", 'format(x, "g")', 'format(x, "+.3f")', "sprintf('%+.3f', x)",
         name="of format", x=2.5),
    case("number-format", '"{0}: {1:g}".format(s, x)', '"{0}: {1:.20g}".format(s, x)',
         "sprintf('%.20g', x)", name="of a template", s="a", x=2.1),
    case("number-format", 'f"{k:X}"', 'f"{k:02X}"', name="up to a width", k=11),
    case("number-format", "str(x)", 'f"{x:.15g}"', "mat2str (x)", name="of mat2str", x=2.0),
    case("overlap", 's.count("aa")', 'sum(s.startswith("aa", i) for i in range(len(s)))',
         s="aaab aaa"),
    case("percent-d", 'f"{int(x)}"', 'f"{x:g}"', x=2.5),
    # slips
    case("constant", '",".join(s)', '", ".join(s)', "strjoin(s, ', ')", name="text", s=["a", "b"]),
    case("constant", "10 * v", "20 * v", "20 * x", v=V),
    case("constant", "(0.5, -1.25, 2.0)[k]", "(0.5, -1.75, 2.0)[k]", "t(k)", name="entry", k=1),
    case("constant", '{"a": "x", "b": "x"}[s]', '{"a": "x", "b": "y"}[s]', "prefix", name="name",
         s="b"),
    case("extra-function", "np.sqrt(w)", "w", w=W),
    case("variable", "np.argmin(v)", "K[np.argmin(v)]", name="of a choice", v=V, K=K),
    case("reversed", "[2 * x for x in v]", "[2 * x for x in v[::-1]]", name="a list", v=V),
    case("reversed", "[v[i] for i in range(5)]", "[v[i] for i in ORDER]", name="in an order",
         v=V, ORDER=ORDER),
    case("sign", "np.sign(x)", "1.0 if x >= 0 else -1.0", name="of zero", x=0.0),
    case("sign", "np.sign(v)", "np.where(v >= 0, 1.0, -1.0)", name="of zeros", v=V * 0),
    case("extra-term", "v * w", "v", v=V, w=W),
    case("function", "np.sin(v)", "np.cos(v)", v=V),
    case("lost-function", "v", "np.maximum(v, 0)", name="clamp", v=V),
    case("lost-term", "v", "np.maximum(v, w)", name="bound", v=V, w=W),
    case("lost-term", "len(s)", "len(s[:k])", name="cut", s="abcdef", k=3),
    case("off-by-one", "M[i, j]", "M[i - 1, j - 1]", name="every index", M=M, i=1, j=2),
    case("operand-order", "[v, w]", "[w, v]", name="a list", v=2.5, w=1.5),
    case("lost-function", "list(v)", "sorted(list(v))", name="sorted", v=V),
    case("lost-function", "v", "np.sort(v)", name="sort", v=V),
    case("lost-function", "v", "-np.sort(-v)", name="sort down", v=V),
    case("lost-function", "np.max(v)", "np.max(np.abs(v))", v=-V),
    case("lost-function", "np.argsort(v)", "np.argsort(np.argsort(v))", name="ranks", v=W - V),
    case("lost-function", "v[order]", "v[np.argsort(order)]", name="places", v=V, order=ORDER),
    case("lost-term", "v", "v * w", v=V, w=W),
    case("operand-order", "v / w", "w / v", v=V, w=W),
    case("operator", "v + w", "v * w", v=V, w=W),
    case("sign", "v", "-v", v=V),
    case("start-value", "v - w", "np.zeros_like(v)", v=V, w=W),
    case("translation", "np.sum(v)", "np.sum(w * v) / np.sum(w)", "sum(w .* v) / sum(w)",
         v=V, w=W),
    case("variable", "v", "w", v=V, w=W),
    case("variable", "c", "w[:, None]", name="as a column", c=V[:, None], w=W),
    case("variable", "c.ravel()", "w.ravel()", name="of a row", c=V[None, :], w=W[None, :]),
    case("variable", "a[0, k] + r", "a[r, k] + r", name="index", a=M, k=np.array([1, 2, 0]),
         r=np.arange(3)),
]  # fmt: skip


def evidence_of(port, own, octave, octave_text="", fault=Fault.VALUE, **variables):
    """Build what is known of an expression in a function."""
    text = f"def f({', '.join(variables)}):\n    y = {port}\n    return y\n"
    tree = ast.parse(text)
    function = tree.body[0]
    statement = function.body[0]
    return Evidence(
        Path("f.py"), text, tree, statement.value, statement, function, dict(MODULES), fault,
        (Turn(own, octave, variables),), octave_expression=octave_text,
        octave_statement=f"y = {octave_text}" if octave_text else "",
    )  # fmt: skip


def value_of(expression, variables):
    """Evaluate an expression; None where it raises an error."""
    try:
        with np.errstate(all="ignore"):
            return eval(expression, {**MODULES, **variables})
    except (ValueError, ZeroDivisionError):
        return None


def plain(text):
    """Write a source as Python writes it, so that only the meaning is compared."""
    return ast.unparse(ast.parse(text))


def known(key, port, octave, octave_text, variables):
    """List the candidates of a reason, with the values of both sides."""
    own = value_of(port, variables)
    fault = Fault.ERROR if own is None else Fault.VALUE
    evidence = evidence_of(port, own, octave, octave_text, fault, **variables)
    return [one for one in candidates(evidence, 20) if one.change.key == key]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("key", "port", "mended", "octave", "variables"), FIRES)
def test_the_change_is_proposed_where_it_gives_octaves_value(key, port, mended, octave, variables):
    wanted = value_of(mended, variables)
    found = known(key, port, wanted, octave, variables)
    texts = {plain(one.mended): one for one in found}
    line = plain(f"def f({', '.join(variables)}):\n    y = {mended}\n    return y\n")
    assert line in texts
    one = texts[line]
    raises = value_of(port, variables) is None
    assert one.match <= (Match.UNKNOWN if raises else Match.RELATED)
    assert one.change.octave_rule.endswith(".")
    assert one.change.python_rule.endswith(".")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("key", "port", "mended", "octave", "variables"),
    [one for one in FIRES if value_of(one.values[1], one.values[4]) is not None],
)
def test_no_change_is_said_to_give_a_value_of_octaves_that_it_does_not_give(
    key, port, mended, octave, variables
):
    another = np.array([0.123456, 7.654321, -33.25, 5.5, 1e-3, 17.125, 2.75])
    found = known(key, port, another, octave, variables)
    assert [one.mended for one in found if one.match <= Match.RELATED] == []


QUIET = [
    ("axes", "np.transpose(a, (0,))", {"a": V}),
    ("axis", "np.sum(v)", {"v": V}),
    ("broadcast", "v - w", {"v": V, "w": W}),
    ("column-major", "v[v > 1]", {"v": V}),
    ("complex", "np.sqrt(w)", {"w": W * 0.5}),
    ("conjugate", "a.T", {"a": M}),
    ("division-by-zero", "1 / x", {"x": 2.0}),
    ("division-by-zero", "v / 0", {"v": V}),
    ("draw-order", "stream.random(n)", {"n": 3}),
    ("empty", "v.max()", {"v": V}),
    ("empty-condition", "np.all(v > 0)", {"v": V}),
    ("error-of-math", "math.log(x)", {"x": 2.0}),
    ("error-of-math", "unknown[0](x)", {"x": 2.0}),
    ("first-or-last", "v[0]", {"v": V}),
    ("first-or-last", "np.flatnonzero(v > 5)", {"v": V}),
    ("complex-order", "np.sort(v)", {"v": V}),
    ("changed-copy", "v[1:][0]", {"v": V}),
    ("unassigned", "v.sort()", {"v": V}),
    ("index-base", "v.sum()", {"v": V}),
    ("integer-class", "np.zeros(n)", {"n": 3}),
    ("lost-argument", "np.trapezoid(y, t)", {"y": V, "t": W}),
    ("matmul", "x * 2", {"x": 2.5}),
    ("mutable-default", "x + 1", {"x": 2.5}),
    ("nan", "np.max(v)", {"v": V}),
    ("norm", "np.sum(v)", {"v": V}),
    ("number-of-points", "np.linspace(a, b, 50)", {"a": 0.0, "b": 1.0}),
    ("numel", "len(v)", {"v": V}),
    ("padding", "np.pad(v, 1)", {"v": V}),
    ("statement-order", "v + 1", {"v": V}),
    ("indentation", "v + 1", {"v": V}),
    ("overlap", "v.count(2)", {"v": [1, 2]}),
    ("precedence", "v ** 2", {"v": V}),
    ("rem", "s % 2", {"s": "%d"}),
    ("row-vector", "a.mean(axis=0)", {"a": A}),
    ("saturate", "v + 20", {"v": V}),
    ("seed", "np.random.RandomState([n])", {"n": 3}),
    ("sharing", "x + 1", {"x": 2.5}),
    ("single", "v", {"v": V}),
    ("transpose", "v", {"v": V}),
    ("tuple-of-one", 'unit in ("nmi", "m")', {"unit": "mi"}),
    ("weights", "np.mean(x)", {"x": 2.5}),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("key", "port", "variables"), QUIET, ids=lambda one: str(one)[:30])
def test_a_reason_is_not_thought_of_where_it_cannot_be(key, port, variables):
    found = evidence_of(port, 1.5, 2.5, **variables)
    context = Context(found)
    seen = {c.key for node in ast.walk(found.statement) for _, c in changes_of(node, context)}
    assert key not in seen


def program(key, text, line, mended, octave="", name="", **variables):
    """Say by which change of a statement, or of what it reads, a function becomes right."""
    text, mended = (textwrap.dedent(one).lstrip("\n") for one in (text, mended))
    return pytest.param(key, text, line, mended, octave, variables, id=f"{key} {name}".strip())


STATEMENTS = [
    program("sharing", "def f(x):\n    y = x\n    y[0] = 1\n    return y, x\n", 2,
            "def f(x):\n    y = x.copy()\n    y[0] = 1\n    return y, x\n", x=V),
    program("sharing", "def f(x):\n    x -= 1\n    return x\n", 2,
            "def f(x):\n    x = x - 1\n    return x\n", name="in place", x=V),
    program("sharing", "def f(x):\n    y = g(x)\n    return y\ndef g(x):\n    return x\n", 2,
            "def f(x):\n    y = g(x).copy()\n    return y\ndef g(x):\n    return x\n",
            name="of a result", x=V),
    program("sharing", "def f(x, h):\n    h[:] = x + h\n    return h\n", 2,
            "def f(x, h):\n    h = x + h\n    return h\n", name="all of it", x=V, h=W),
    program("sharing", "def f(x, h):\n    h.m += 2 * x\n    return h\n", 2,
            "def f(x, h):\n    h.m = h.m + (2 * x)\n    return h\n", name="of an object", x=V),
    program("svd-v", "def f(M):\n    U, s, V = np.linalg.svd(M)\n    return V @ U\n", 2,
            "def f(M):\n    U, s, V = np.linalg.svd(M)\n    V = V.T\n    return V @ U\n",
            name="everywhere", M=M),
    program("svd-v", "def f(Z):\n    U, s, V = np.linalg.svd(Z)\n    return V @ U\n", 2,
            "def f(Z):\n    U, s, V = np.linalg.svd(Z)\n    V = V.conj().T\n    return V @ U\n",
            name="complex", Z=Z),
    program("missing-statement", "def f(x):\n    r = g(x)\n    x = x / 2\n    return x + r\n"
            "def g(x):\n    return x ** 2\n", 3,
            "def f(x):\n    r = g(x)\n    x = x / 2\n    r = g(x)\n    return x + r\n"
            "def g(x):\n    return x ** 2\n", name="computed anew", x=V),
    program("missing-statement", "def f(M, k):\n    M[k, :] = 0\n    return M\n", 2,
            "def f(M, k):\n    M[k, :] = 0\n    M[:, k] = 0\n    return M\n",
            name="columns, too", M=M, k=1),
    program("missing-statement", "def f(M, i, j, w):\n    M[i, j] += w\n    return M\n", 2,
            "def f(M, i, j, w):\n    M[i, j] += w\n    M[j, i] += w\n    return M\n",
            name="other side", M=M, i=0, j=1, w=2.5),
    program("lost-return", "def f(x):\n    y = 2 * x\n", 2,
            "def f(x):\n    y = 2 * x\n    return y\n", x=V),
    program("gives-none", "def f(x):\n    x = x.sort()\n    return x\n", 2,
            "def f(x):\n    x.sort()\n    return x\n", x=V),
    program("mutable-default", "def f(x, seen=[]):\n    seen.append(x)\n    return seen\n", 2,
            "def f(x, seen=[]):\n    seen = seen.copy()\n    seen.append(x)\n    return seen\n",
            x=2.5, seen=[]),
    program("repeated-subscripts", "def f(s, i, x):\n    s[i] += x\n    return s\n", 2,
            "def f(s, i, x):\n    np.add.at(s, i, x)\n    return s\n",
            s=np.zeros(3), i=np.array([0, 0, 2]), x=1.0),
    program("first-or-last",
            "def f(x):\n    u, i = np.unique(x, return_index=True)\n    return i\n",
            2, "def f(x):\n    u, i = np.unique(x, return_index=True)\n"
            "    i = len(x) - 1 - np.unique(x[::-1], return_index=True)[1]\n    return i\n",
            name="unique", x=TIES),
    program("missing-break",
            "def f(x):\n    for k in x:\n        if k > 1:\n            p = k\n    return p\n", 4,
            "def f(x):\n    for k in x:\n        if k > 1:\n            p = k\n            break\n"
            "    return p\n", x=V, k=2.9),
    program("missing-continue",
            "def f(x):\n    for k in x:\n        if k > 1:\n            p = k\n        q = k\n", 4,
            "def f(x):\n    for k in x:\n        if k > 1:\n            p = k\n"
            "            continue\n        q = k\n", x=V, k=2.9),
    program("jump", "def f(x):\n    for k in x:\n        if k > 1:\n            return\n", 4,
            "def f(x):\n    for k in x:\n        if k > 1:\n            continue\n",
            name="for a return", x=V),
    program("jump", "def f(x):\n    for k in x:\n        if k > 1:\n            break\n", 4,
            "def f(x):\n    for k in x:\n        if k > 1:\n            continue\n", x=V, k=2.9),
    program("missing-statement", "def f(x):\n    y = x.sum()\n    return y\n", 2,
            "def f(x):\n    x = x / np.max(x)\n    y = x.sum()\n    return y\n",
            "x = x / max(x)", x=V),
    program("missing-statement", "def f(x):\n    y = x.sum()\n    return y\n", 2,
            "def f(x):\n    x[0] = 0\n    y = x.sum()\n    return y\n",
            "function y = f(x)\nx(1) = 0;\ny = sum(x);\nend\n", name="of the function", x=V),
    program("extra-statement", "def f(x):\n    y = x - 1\n    y[y < 0] = 0\n    return y\n", 3,
            "def f(x):\n    y = x - 1\n    return y\n", x=V),
    program("integer-class",
            "def f(x):\n    y = np.zeros(3, dtype=int)\n    return y\n", 2,
            "def f(x):\n    y = np.zeros(3)\n    return y\n", x=V),
    program("draw-order", "def f(s):\n    y = s.random_sample((3, 2))\n    return y\n", 2,
            "def f(s):\n    y = s.random_sample((2, 3)).T\n    return y\n", s=1),
    program("seed", "def f(n):\n    y = np.random.RandomState(n)\n    return y\n", 2,
            "def f(n):\n    y = np.random.RandomState([n])\n    return y\n", n=3),
    program("statement-order", "def f(x, v):\n    x = x + v\n    v = 2 * v\n    return x\n", 2,
            "def f(x, v):\n    v = 2 * v\n    x = x + v\n    return x\n", x=V, v=W),
    program("column-major", "def f(m, v):\n    m[np.tril_indices(2)] = v\n    return m\n", 2,
            "def f(m, v):\n    m[np.triu_indices(2)[::-1]] = v\n    return m\n",
            name="triangle that is filled", m=np.zeros((2, 2)), v=np.array([1.5, 2.5, 7.0])),
    program("column-major", "def f(n):\n    r, c = np.triu_indices(n, 1)\n    return r\n", 2,
            "def f(n):\n    r, c = np.tril_indices(n, -1)[::-1]\n    return r\n",
            name="of a triangle", n=4),
    program("changed-copy", "def f(m, k):\n    m[k][:, 1] = 0\n    return m\n", 2,
            "def f(m, k):\n    m[k, 1] = 0\n    return m\n",
            name="column of rows", m=np.ones((3, 2)), k=V > 2),
    program("changed-copy", "def f(v, k):\n    v[k][0] += 1\n    return v\n", 2,
            "def f(v, k):\n    v[np.flatnonzero(k)[0]] += 1\n    return v\n",
            name="first of several", v=V, k=V > 2),
    program("changed-copy", "def f(v):\n    w = v[1:]\n    w = w + 1\n    return v\n", 3,
            "def f(v):\n    w = v[1:]\n    w += 1\n    return v\n",
            name="of a view", v=V, w=V[1:]),
    program("changed-copy", "def f(m, i):\n    m[i][:, 1] *= 2\n    return m\n", 2,
            "def f(m, i):\n    m[i, 1] *= 2\n    return m\n",
            name="by an operator", m=M.copy(), i=np.array([0, 2])),
    program("changed-copy",
            "def f(v, w):\n    for k in range(2):\n        v = w[k]\n    return v\n", 3,
            "def f(v, w):\n    for k in range(2):\n        v[k] = w[k]\n    return v\n",
            name="bound as a whole", v=V.copy(), w=W, k=0),
    program("changed-copy", "def f(d, x):\n    d = x\n    return d\n", 2,
            "def f(d, x):\n    d['rate'] = x\n    return d\n",
            name="dict bound as a whole", d={"rate": 1.0}, x=2.0),
    program("missing-statement", "def f(m, i, j, x):\n    m[i][j] += x\n    return m\n", 2,
            "def f(m, i, j, x):\n    m[i][j] += x\n    m[j][i] -= x\n    return m\n",
            name="other side of the diagonal", m=[[0.0, 1.0], [2.0, 3.0]], i=0, j=1, x=0.5),
    program("missing-statement", "def f(m, i, j, x):\n    m[i, j] = x\n    return m\n", 2,
            "def f(m, i, j, x):\n    m[i, j] = x\n    m[j, i] = x\n    return m\n",
            name="of a matrix", m=M.copy(), i=0, j=1, x=0.5),
    program("numel", "def f(x):\n    n = len(x)\n    return x[0] * n\n", 2,
            "def f(x):\n    x = np.atleast_1d(x)\n    n = len(x)\n    return x[0] * n\n",
            name="of a number", x=2.5),
    program("changed-copy", "def f(p):\n    p[0] /= 2\n    return p\n", 2,
            "def f(p):\n    p = list(p)\n    p[0] /= 2\n    return p\n",
            name="tuple", p=(3.0, 4.0)),
    program("unassigned", "def f(m, k):\n    np.sqrt(m[:, k])\n    return m\n", 2,
            "def f(m, k):\n    m[:, k] = np.sqrt(m[:, k])\n    return m\n",
            name="to a part", m=M.copy(), k=1),
    program("unassigned",
            "def f(v):\n    half(v)\n    return v\n\ndef half(v):\n    return v / 2\n", 2,
            "def f(v):\n    v = half(v)\n    return v\n\ndef half(v):\n    return v / 2\n",
            name="of the port's own", v=V),
    program("slice-end", "def f(a, b):\n    b[:, 0:3] = a[:, 1:4]\n    return b\n", 2,
            "def f(a, b):\n    b[:, 0:4] = a[:, 1:5]\n    return b\n",
            name="of both sides", a=np.ones((2, 6)), b=np.zeros((2, 6))),
    program("slice-start", "def f(a):\n    del a[-2:]\n    return a\n", 2,
            "def f(a):\n    del a[-3:-1]\n    return a\n",
            name="of what is deleted", a=[1.5, 2.5, 3.5, 4.5]),
    program("slice-start", "def f(a, n):\n    a[n - 1:] = a[n - 2:-1]\n    return a\n", 2,
            "def f(a, n):\n    a[n:] = a[n - 1:-1]\n    return a\n",
            name="of both sides", a=V.copy(), n=3),
    program("changed-copy", "def f(m, i, j):\n    m[i][:, j] += 1\n    return m\n", 2,
            "def f(m, i, j):\n    m[np.ix_(i, j)] += 1\n    return m\n",
            name="a block", m=M.copy(), i=np.array([0, 2]), j=np.array([True, False, True])),
    program("lost-argument", "def f(d, k):\n    y = d\n    return y\n", 2,
            "def f(d, k):\n    y = d[k]\n    return y\n",
            name="a key that nothing reads", d={"a": 1.5}, k="a"),
    program("argument-order", "def f(x, low, high):\n    y = (x - low) / high\n    return y\n", 2,
            "def f(x, high, low):\n    y = (x - low) / high\n    return y\n",
            name="of parameters", x=V, low=1.5, high=2.5),
    program("empty-condition", "def f(r):\n    if r.size:\n        r = r[0]\n    return r\n", 2,
            "def f(r):\n    if np.any(r):\n        r = r[0]\n    return r\n",
            name="of truth values", r=V > 9),
    program("empty-condition",
            "def f(r):\n    if not len(r) > 0:\n        r = 0\n    return r\n", 2,
            "def f(r):\n    if not np.any(r):\n        r = 0\n    return r\n",
            name="of a list", r=[False, False]),
    program("mesh", "def f(m, i):\n    m[np.ix_(i, i)] = 0\n    return m\n", 2,
            "def f(m, i):\n    m[i, i] = 0\n    return m\n",
            name="of what is assigned to", m=M.copy(), i=np.array([0, 2])),
    program("operand-order", "def f(a, b):\n    a = b\n    return b\n", 2,
            "def f(a, b):\n    b = a\n    return b\n", name="of an assignment", a=1.5, b=2.5),
    program("operator", "def f(d, k):\n    d[k] = 2\n    return d\n", 2,
            "def f(d, k):\n    d[k] = d.get(k, 0) + 2\n    return d\n",
            name="of a count", d={"a": 1}, k="a"),
    program("unassigned", "def f(v):\n    np.sort(v)\n    return v\n", 2,
            "def f(v):\n    v = np.sort(v)\n    return v\n", v=V),
    program("unassigned", "def f(v, k):\n    v + k\n    return v\n", 2,
            "def f(v, k):\n    k = v + k\n    return v\n", name="of a sum", v=V, k=2),
    program("broadcast", "def f(m, v):\n    m -= v\n    return m\n", 2,
            "def f(m, v):\n    m -= v[:, None]\n    return m\n",
            name="in place", m=M.copy(), v=V[:3]),
    program("operand-order", "def f(x):\n    m, n = x\n    return m\n", 2,
            "def f(x):\n    n, m = x\n    return m\n", name="of what is unpacked", x=V[:2]),
    program("indentation",
            "def f(x):\n    s = 0\n    for k in x:\n        s += k\n        s /= 2\n    return s\n",
            3,
            "def f(x):\n    s = 0\n    for k in x:\n        s += k\n    s /= 2\n    return s\n",
            x=V),
    program("statement-order",
            "def f(x):\n    n, = x.shape\n    x = x[1:]\n    return x.sum() / n\n", 4,
            "def f(x):\n    n, = x.shape\n    x = x[1:]\n    return x.sum() / x.shape[0]\n",
            name="measured anew", x=V),
    program("statement-order",
            "def f(x):\n    n = len(x)\n    x = x[1:]\n    return x.sum() / n\n", 4,
            "def f(x):\n    n = len(x)\n    x = x[1:]\n    return x.sum() / len(x)\n",
            name="counted anew", x=V),
    program("missing-statement",
            "def f(x):\n    held = [x]\n    n = len(held)\n    held.append(2 * x)\n"
            "    return n * x\n", 4,
            "def f(x):\n    held = [x]\n    n = len(held)\n    held.append(2 * x)\n"
            "    n = len(held)\n    return n * x\n", name="of an object", x=2.5),
    program("missing-statement",
            "def f(x):\n    found, last = [], 0\n    for v in x:\n        if v < last:\n"
            "            found.append(last)\n        last = v\n    return len(found)\n", 3,
            "def f(x):\n    found, last = [], 0\n    for v in x:\n        if v < last:\n"
            "            found.append(last)\n        last = v\n    found.append(last)\n"
            "    return len(found)\n", name="the last", x=V),
    program("condition", "def f(x):\n    if x > 2:\n        x = x / 2\n    return x\n", 2,
            "def f(x):\n    while x > 2:\n        x = x / 2\n    return x\n", name="again", x=9.5),
    program("condition", "def f(x):\n    while x > 2:\n        x = x / 2\n    return x\n", 2,
            "def f(x):\n    if x > 2:\n        x = x / 2\n    return x\n", name="once", x=9.5),
    program("lost-argument", "def f(x):\n    low = x - 1\n    return 2 * x\n", 3,
            "def f(x):\n    low = x - 1\n    return 2 * low\n", name="given in vain", x=2.5),
    program("lost-argument", "def f(n):\n    m = np.ones(n)\n    return m\n", 2,
            "def f(n):\n    m = np.ones(n, dtype=bool)\n    return m\n", name="of a mask", n=3),
    program("lost-argument", "def f(n):\n    m = np.full(n, 2.0)\n    return m\n", 2,
            "def f(n):\n    m = np.full(n, 2.0, dtype=int)\n    return m\n",
            name="of indices", n=3),
    program("lost-argument", "def f(d):\n    d['a'] = 2\n    d = 3 * d['a']\n    return d\n", 3,
            "def f(d):\n    d['a'] = 2\n    d['b'] = 3 * d['a']\n    return d\n",
            "function d = f(d)\nd.a = 2;\nd.b = 3 * d.a;\nend\n", name="a field of Octave's",
            d={"a": 2}),
    program("operator",
            "def f(x):\n    s = 0\n    for k in x:\n        s = k * k\n    return s\n", 4,
            "def f(x):\n    s = 0\n    for k in x:\n        s += k * k\n    return s\n",
            name="of a sum", x=V, k=2.0, s=4.0),
    program("operator",
            "def f(x):\n    s = 0\n    for k in x:\n        s = k > 1\n    return s\n", 4,
            "def f(x):\n    s = 0\n    for k in x:\n        s |= k > 1\n    return s\n",
            name="of truth values", x=V, k=2.0, s=True),
    program("operator",
            "def f(x):\n    s = 0\n    for k in x:\n        s += k * k\n    return s\n", 4,
            "def f(x):\n    s = 0\n    for k in x:\n        s = k * k\n    return s\n",
            name="of no sum", x=V, k=2.0, s=4.0),
    program("default", "def f(x, k=2.5):\n    return x * k\n", 1,
            "def f(x, k=0.5):\n    return x * k\n", x=2.5, k=2.5),
    program("once", "def f(s):\n    y = s.replace('a', 'b')\n    return y\n", 2,
            "def f(s):\n    y = s.replace('a', 'b', 1)\n    return y\n", s="aa"),
    program("slice-end", "def f(x, y):\n    y[1:] = x[1:]\n    return y\n", 2,
            "def f(x, y):\n    y[:-1] = x[1:]\n    return y\n", name="assigned to", x=V, y=W),
    program("lost-argument", "def f(x, k):\n    y = x.round()\n    return y\n", 2,
            "def f(x, k):\n    y = x.round(int(k))\n    return y\n", name="unused", x=V, k=2.0),
    program("lost-argument", "def f(x, k):\n    y = 0.5 * x\n    return y\n", 2,
            "def f(x, k):\n    y = k * x\n    return y\n", name="a number for it", x=V, k=2.5),
    program("sharing", "def f(x):\n    x[0] = 1\n    return x\n", 2,
            "def f(x):\n    x = x.copy()\n    x[0] = 1\n    return x\n",
            name="of an argument", x=V),
    program("statement-order", "def f(x):\n    for k in range(3):\n        x = x / 2\n"
            "        if x < 1:\n            break\n    return x\n", 3,
            "def f(x):\n    for k in range(3):\n        if x < 1:\n            break\n"
            "        x = x / 2\n    return x\n", name="of a break", x=5.0),
    program("statement-order", "def f(x, v):\n    if v > 1:\n        x = abs(x)\n    y = x + v\n"
            "    return x * y\n", 5,
            "def f(x, v):\n    x_before = x\n    if v > 1:\n        x = abs(x)\n    y = x + v\n"
            "    return x_before * y\n", name="of what is overwritten", x=V, v=2.5),
    program("statement-order", "def f(x):\n    for k in range(3):\n        x[k] = x[k + 1] - x[k]\n"
            "    return x\n", 3,
            "def f(x):\n    x_before = x.copy()\n    for k in range(3):\n"
            "        x[k] = x_before[k + 1] - x[k]\n    return x\n",
            name="of what is overwritten in a loop", x=V, k=2),
    program("statement-order", "def f(x, i):\n    x[i] = x[i - 1] / 2\n    return x\n", 2,
            "def f(x, i):\n    for k in i:\n        x[k] = x[k - 1] / 2\n    return x\n",
            name="one after the other", x=V, i=np.array([1, 2])),
    program("statement-order", "def f(x, v):\n    x[1:] = x[:-1] / 2 + v[1:]\n    return x\n", 2,
            "def f(x, v):\n    for k in range(1, len(x)):\n        x[k] = x[k - 1] / 2 + v[k]\n"
            "    return x\n", name="one after the other of a slice", x=V, v=W),
    program("condition", "def f(x, m):\n    x = -x\n    return x\n", 2,
            "def f(x, m):\n    x = np.where(m, -x, x)\n    return x\n",
            name="of some elements", x=V, m=V > 1),
    program("svd-v",
            "def f(a):\n    u, s, v = np.linalg.svd(a)\n    y = v[:, 2]\n    return y\n", 3,
            "def f(a):\n    u, s, v = np.linalg.svd(a)\n    y = v[2]\n    return y\n",
            a=M, v=M),
]  # fmt: skip


def test_no_text_of_several_lines_is_indented_anew():
    text = """\
def f(x):
    y = abs(x)
    x = y - 1
    said = '''one
line'''
    return x, said
"""
    evidence = at_line(text, 6, "", {"x": V, "y": V})
    context = Context(evidence)
    changes = [one for node in ast.walk(evidence.tree) for _, one in changes_of(node, context)]
    assert [one for one in changes if "_before" in one.lines and "'''" in one.lines] == []


def test_what_is_kept_and_counted_has_a_name_of_its_own():
    text = (
        "def f(x, p, k, i, j, m, n, x_before):\n    x[p] = x[p - 1] / 2\n"
        "    return x + k + i + j + m + n + x_before\n"
    )
    evidence = at_line(text, 2, "", {"x": V, "p": np.array([1, 2])})
    context = Context(evidence)
    changes = [one for node in ast.walk(evidence.tree) for _, one in changes_of(node, context)]
    lines = [one.lines for one in changes if one.key == "statement-order"]
    assert "for k1 in p:\n    x[k1] = x[k1 - 1] / 2" in lines
    assert any(one.startswith("x_before_ = x") for one in lines)


def test_variables_that_begin_anew_go_on_from_what_they_are():
    text = "def f(x, y):\n    a, b = x, y\n    a, b = (2 * z for z in (x, y))\n    return a + b\n"
    evidence = at_line(text, 3, "", {"x": V, "y": W, "a": V, "b": W})
    context = Context(evidence)
    changes = [one for node in ast.walk(evidence.tree) for _, one in changes_of(node, context)]
    found = [one for one in changes if isinstance(one.new, ast.Tuple) and one.key == "variable"]
    assert [rewritten(text, evidence.tree, one) for one in found] == [
        text.replace("in (x, y)", "in (a, b)")
    ]


NOTHING = {"lost-return", "gives-none"}
"""Changes of what gives None, of which no value is known."""


def at_line(text, line, octave, variables, key=""):
    """Build what is known of the statement at a line; of line 1, of the last default."""
    tree = ast.parse(text)
    function = tree.body[0]
    statement = function
    expression = function.args.defaults[-1] if line == 1 else None
    if line > 1:
        statement = next(s for s in ast.walk(function) if getattr(s, "lineno", 0) == line)
    if key == "gives-none":
        expression = statement.value
    names = dict(MODULES)
    exec(compile(tree, "f.py", "exec"), names)
    fault = Fault.NOTHING if key in NOTHING else Fault.VALUE
    value = 0.5 if line == 1 else np.array([7.5, 2.5])
    return Evidence(
        Path("f.py"), text, tree, expression, statement, function, names, fault,
        (Turn(np.array([0.25, 1.5]), value, variables),),
        octave_statement="" if octave.startswith("function") else octave, octave_function=octave,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("key", "text", "line", "mended", "octave", "variables"), STATEMENTS)
def test_the_change_of_a_statement_is_proposed(key, text, line, mended, octave, variables):
    evidence = at_line(text, line, octave, variables, key)
    context = Context(evidence)
    changes = [one for node in ast.walk(evidence.tree) for _, one in changes_of(node, context)]
    found = [rewritten(text, evidence.tree, one) for one in changes if one.key == key]
    assert plain(mended) in map(plain, found)


@pytest.mark.parametrize(
    ("table", "mended"),
    [
        ("[(9, 'IX'), (5, 'V'), (4, 'IV')]", "[(40, 'XL'), (9, 'IX'), (5, 'V'), (4, 'IV')]"),
        ("[(4, 'IV'), (5, 'V'), (9, 'IX')]", "[(4, 'IV'), (5, 'V'), (9, 'IX'), (40, 'XL')]"),
        ("{'IX': 9, 'V': 5, 'IV': 4}", "{'IX': 9, 'V': 5, 'IV': 4, 'XL': 40}"),
        ("(31, 28, 30)", "(31, 28, 30, 40)"),
    ],
)
def test_an_entry_of_octaves_constants_is_put_into_a_table(table, mended):
    text = f"def f(n):\n    for one in {table}:\n        n += len(one)\n    return n\n"
    evidence = at_line(text, 2, "", {})
    node = ast.parse(text).body[0].body[0].iter
    node = next(n for n in ast.walk(evidence.tree) if ast.dump(n) == ast.dump(node))
    found = lost_entry(node, Context(evidence), ["V", 5.0, "XL", 40.0])
    assert text.replace(table, mended) in [rewritten(text, evidence.tree, one) for one in found]


@pytest.mark.parametrize("table", ["[1, 2]", "[1, 'a', 2]", "[n, 2, 3]", "(4, [1], 3)"])
def test_what_is_no_table_stays(table):
    text = f"def f(n):\n    y = {table}\n    return y\n"
    evidence = at_line(text, 2, "", {"n": 1.0})
    assert list(lost_entry(evidence.statement.value, Context(evidence), [40.0, "XL"])) == []


def test_a_helper_of_the_module_may_be_lost():
    text = (
        "def f(x):\n    y = x * 2\n    return y\n"
        "def near(x):\n    return x + 0.5\n"
        "def both(x, y):\n    return x + y\n"
    )
    evidence = at_line(text, 2, "", {"x": 1.25})
    found = [one for _, one in changes_of(evidence.statement.value, Context(evidence))]
    made = {ast.unparse(one.new) for one in found if one.key == "lost-function"}
    assert "near(x * 2)" in made
    assert not {"f(x * 2)", "both(x * 2)"} & made


def test_every_reason_has_a_row_here():
    rows = [one.values[0] for one in (*FIRES, *STATEMENTS)] + ["lost-entry"]
    assert keys() - set(rows) == set()
    assert set(rows) - keys() == set()


def test_a_condition_is_not_what_a_list_of_arrays_of_several_sizes_is():
    text = "def f(x):\n    return [x, x[1:]]\n"
    tree = ast.parse(text)
    function = tree.body[0]
    statement = function.body[0]
    x = np.array([1.5, 2.5])
    turns = (Turn([x, x[1:]], np.array([4.5, 7.5]), {"x": x}),)
    evidence = Evidence(
        Path("f.py"), text, tree, statement.value, statement, function, {}, Fault.VALUE, turns
    )
    change = Change("variable", statement.value, ast.parse("x > 2", mode="eval").body, "", "")
    assert match_of(change, Context(evidence))[0] is Match.ANOTHER
