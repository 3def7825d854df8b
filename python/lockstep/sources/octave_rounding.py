"""Writes a copy of a .m file that rounds otherwise, and does otherwise what the file does.

Calls of mfiles/lockstep_moved_.m are put around what rounds: functions that are known to, and
arithmetic, which it is given to do, for it sees from the operands what is exact. What copies,
selects, compares or counts is left alone, and so are anonymous functions, whose text a program may
look at. No line moves. In a program, what is inexact and whole stays, for it may be counted or
compared; in Octave's own scripts (`SCRIPTS`) it moves as well. May import the other modules of this
folder.
"""

import re

from lockstep.sources.insertions import Insertions, Order
from lockstep.sources.m_tree import Access, Expression, File, Form, Node

HELPER = "lockstep_moved_"

ARITHMETIC = frozenset(["+", "-", "*", "/", "\\", "^", ".*", "./", ".\\", ".^"])

DISTRIBUTIONS = frozenset(
    f"{name}{kind}"
    for name in """
    beta bino burr cauchy_ chi2 copula discrete_ empirical_ ev exp f gam geo gev gp hyge jsu
    laplace_ logistic_ logn mvn mvt naka nbin norm poiss rayl rice stdnormal_ t tri unif vm wbl
    """.split()  # noqa: SIM905 -- a list would fill the page
    for kind in ("cdf", "inv", "pdf")
)
"""Functions of the package statistics whose results are rounded."""


FUNCTIONS = DISTRIBUTIONS | frozenset(
    """
    acos acosd acosh acot asec asin asind asinh atan atan2 atan2d atand atanh beta
    betainc betaln cbrt center chol cond conv conv2 corr corrcoef cos cosd cosh cot cov csc cross
    cumprod cumsum cumtrapz deconv deg2rad del2 det dot eig ellipke erf erfc erfcinv erfcx erfinv
    exp expint expm expm1 fft fft2 filter filter2 fzero gamma gammainc gammaln gradient hypot ifft
    ifft2 integral interp1 interp2 inv kron kurtosis lgamma log log10 log1p log2 logm logspace
    lscov mad mean meansq median mldivide minus mrdivide mtimes norm normalize nthroot null ols
    orth pinv plus poly polyfit polyval power ppval prctile prod psi qr quad quadgk quadl quadv
    quantile rad2deg rdivide realpow realsqrt residue rms roots schur sec sin sind sinh skewness
    spline sqrt sqrtm std sum sumsq svd tan tand tanh times trace trapz var vecnorm zscore
    besselh besseli besselj besselk bessely
    """.split()  # noqa: SIM905 -- a list would fill the page
)
"""Functions whose results are rounded."""


SCRIPTS = frozenset(["cosd", "cotd", "cscd", "poly", "secd", "sind", "tand"])
"""Of these, which Octave has as .m files of its own, copies are moved inside, too: they lose more
than their arguments and results tell, and what rounds in them decides nothing. The sine of a few
degrees is that of their difference from 180, and a polynomial's coefficients may cancel."""


INTERPOLATION = frozenset(["interp1", "interp2", "ppval", "spline"])
"""Functions that look up where one number stands among others, which may be the same numbers."""


SEQUENCES = frozenset(
    """
    conv conv2 deconv fft fft2 filter filter2 ifft ifft2 poly polyfit polyval residue roots
    """.split()  # noqa: SIM905 -- as above
)
"""Functions of numbers in an order: equal ones go different ways."""


LIBRARY = (
    INTERPOLATION
    | SEQUENCES
    | frozenset(
        """
    \\ chol cond det eig expm expm1 inv logm lscov mldivide mrdivide null ols orth pinv qr schur
    sqrtm svd
    """.split()  # noqa: SIM905 -- as above
    )
)
"""Of these what happens inside cannot be reached: they get other arguments, an ulp off. A matrix
that is symmetric stays so."""


_BETWEEN = re.compile(r"(?:\s|\.\.\.[^\n]*\n)*")
"""What may stand between an operand and the operator."""


def otherwise_rounded(file: File, whole: bool = False) -> str:
    """Return the text of a .m file in which what rounds goes through `HELPER`.

    Parameters
    ----------
    file : File
        The file.
    whole : bool
        Whether what is inexact moves though it is whole.
    """
    copy = _Copy(Insertions(file.text), whole)
    for function in file.all_functions():
        for node in function.statements():
            copy.statement(node)
    return copy.insertions.text()


class _Copy:
    """A copy that is written: calls of `HELPER` are put around what rounds."""

    def __init__(self, insertions: Insertions, whole: bool) -> None:
        self.insertions = insertions
        self._end = ",true)" if whole else ")"

    def statement(self, node: Node) -> None:
        """Write a statement."""
        for one in (*node.targets, *node.values, node.value):
            if one is None:
                continue
            if one is node.value and (node.listed or node.sort.value == "expression"):
                self._inside(one)  # several values, or none, may come of it
            else:
                self._expression(one)

    def _expression(self, one: Expression) -> None:
        if one.form is Form.ANONYMOUS:
            return
        if not _rounds(one):
            self._inside(one)
            return
        into = self.insertions
        before = into.before[one.start - 1 : one.start]
        apart = " " if before.isalnum() or before == "_" else ""  # if(x): the keyword stands alone
        into.add(one.start, f"{apart}{HELPER}(", Order.PREFIX)
        is_handed = one.form is Form.BINARY and one.name not in LIBRARY
        if is_handed:
            self._hand_over(one)
        self._inside(one)
        into.add(one.end, self._end if is_handed else ")", Order.SUFFIX)

    def _hand_over(self, one: Expression) -> None:
        """Let the helper do an operation: ``a + b`` becomes its arguments ``a ,'+', b``."""
        between = _BETWEEN.match(self.insertions.before, one.parts[0].end)
        assert between is not None
        text = f",'{one.name}',"
        self.insertions.add(between.end(), text, Order.REPLACED, len(one.name))

    def _inside(self, one: Expression) -> None:
        """Write what an expression is made of; the library gets other numbers.

        It gets other whole numbers, too, but where it may look them up: it works with all of them,
        and is off as if they had been.
        """
        moved: list[Expression] = []
        if _is_of_library(one):
            moved = one.parts if one.form is Form.BINARY else one.links[0].arguments
        name = one.parts[0].name if _is_call(one) else ""
        looks_up = name in INTERPOLATION
        end = ")" if looks_up else f",'all',{int(name in SEQUENCES)})"
        for child in one.children():
            is_moved = child in moved and _is_one_value(child) and not (looks_up and _rounds(child))
            if is_moved:
                self.insertions.add(child.start, f"{HELPER}(", Order.PREFIX)
            self._expression(child)
            if is_moved:
                self.insertions.add(child.end, end, Order.SUFFIX)


def _is_one_value(one: Expression) -> bool:
    """Whether an expression is sure to have one value: no list of a cell's, and no magic colon."""
    if one.form is Form.CHAIN:
        return all(link.access is Access.CALL for link in one.links)
    return one.form in (Form.NAME, Form.BINARY, Form.POSTFIX, Form.MATRIX, Form.PARENTHESES)


def _is_of_library(one: Expression) -> bool:
    if one.form is Form.BINARY:
        return one.name in LIBRARY
    return _is_call(one) and one.parts[0].name in LIBRARY


def _rounds(one: Expression) -> bool:
    if one.form is Form.BINARY:
        return one.name in ARITHMETIC
    return _is_call(one) and one.parts[0].name in FUNCTIONS


def _is_call(one: Expression) -> bool:
    """Whether it is a name with arguments, and nothing behind them."""
    is_short = one.form is Form.CHAIN and len(one.links) == 1
    return is_short and one.links[0].access is Access.CALL
