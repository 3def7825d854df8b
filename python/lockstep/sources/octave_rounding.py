"""Writes a copy of a .m file that rounds otherwise, and does otherwise what the file does.

Calls of mfiles/lockstep_moved_.m are put around what rounds: functions that are known to, and
arithmetic, which it is given to do, for it sees from the operands what is exact. What copies,
selects, compares or counts is left alone, and so are anonymous functions, whose text a program may
look at. No line moves. May import the other modules of this folder.
"""

import re

from lockstep.sources.insertions import Insertions, Order
from lockstep.sources.m_tree import Access, Expression, File, Form, Node

HELPER = "lockstep_moved_"

ARITHMETIC = frozenset(["+", "-", "*", "/", "\\", "^", ".*", "./", ".\\", ".^"])

FUNCTIONS = frozenset(
    """
    acos acosh asin asinh atan atan2 atanh cbrt chol conv cos cosh cov corr cross cumprod
    cumsum det dot eig erf erfc exp expm expm1 fft filter gamma gammaln hypot ifft interp1 inv
    kron lgamma log log10 log1p log2 mean meansq median mldivide minus mrdivide mtimes norm
    pinv plus polyfit polyval power prod rdivide sin sinh sqrt sqrtm std sum sumsq svd tan tanh
    times trace trapz var
    """.split()  # noqa: SIM905 -- a list would fill the page
)
"""Functions whose results are rounded."""


LIBRARY = frozenset(
    """
    \\ chol conv det eig expm expm1 fft filter ifft interp1 inv mldivide mrdivide pinv polyfit
    polyval svd
    """.split()  # noqa: SIM905 -- as above
)
"""Of these what happens inside cannot be reached: they get other arguments, an ulp off."""


_BETWEEN = re.compile(r"(?:\s|\.\.\.[^\n]*\n)*")
"""What may stand between an operand and the operator."""


def otherwise_rounded(file: File) -> str:
    """Return the text of a .m file in which what rounds goes through `HELPER`."""
    insertions = Insertions(file.text)
    for function in file.all_functions():
        for node in function.statements():
            _statement(node, insertions)
    return insertions.text()


def _statement(node: Node, into: Insertions) -> None:
    for one in (*node.targets, *node.values, node.value):
        if one is None:
            continue
        if one is node.value and (node.listed or node.sort.value == "expression"):
            _inside(one, into)  # several values, or none, may come of it
        else:
            _expression(one, into)


def _expression(one: Expression, into: Insertions) -> None:
    if one.form is Form.ANONYMOUS:
        return
    if _rounds(one):
        before = into.before[one.start - 1 : one.start]
        apart = " " if before.isalnum() or before == "_" else ""  # if(x): the keyword stands alone
        into.add(one.start, f"{apart}{HELPER}(", Order.PREFIX)
        into.add(one.end, ")", Order.SUFFIX)
        if one.name in LIBRARY or (one.form is Form.CHAIN and one.parts[0].name in LIBRARY):
            _move_arguments(one, into)
        elif one.form is Form.BINARY:
            _hand_over(one, into)
    _inside(one, into)


def _hand_over(one: Expression, into: Insertions) -> None:
    """Let the helper do an operation: ``a + b`` becomes its arguments ``a ,'+', b``."""
    between = _BETWEEN.match(into.before, one.parts[0].end)
    assert between is not None
    into.add(between.end(), f",'{one.name}',", Order.REPLACED, len(one.name))


def _move_arguments(one: Expression, into: Insertions) -> None:
    arguments = one.parts if one.form is Form.BINARY else one.links[0].arguments
    for argument in filter(_is_one_value, arguments):
        if not _rounds(argument):
            into.add(argument.start, f"{HELPER}(", Order.PREFIX)
            into.add(argument.end, ")", Order.SUFFIX)


def _is_one_value(one: Expression) -> bool:
    """Whether an expression is sure to have one value: no list of a cell's, and no magic colon."""
    if one.form is Form.CHAIN:
        return all(link.access is Access.CALL for link in one.links)
    return one.form in (Form.NAME, Form.BINARY, Form.POSTFIX, Form.MATRIX, Form.PARENTHESES)


def _inside(one: Expression, into: Insertions) -> None:
    for child in one.children():
        _expression(child, into)


def _rounds(one: Expression) -> bool:
    if one.form is Form.BINARY:
        return one.name in ARITHMETIC
    if one.form is not Form.CHAIN or len(one.links) != 1:
        return False
    return one.links[0].access is Access.CALL and one.parts[0].name in FUNCTIONS
