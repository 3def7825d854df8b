"""The quantiles of Student's t distribution, which the margin of `floor` is.

SciPy has them too, but every start of the command and of an engine would wait for `scipy.special`.
Imports nothing of the package.
"""

import math
from functools import cache


@cache
def t_beyond(probability: float, freedom: int) -> float:
    """Return what the modulus of t is beyond with a probability, by bisection.

    Parameters
    ----------
    probability : float
        Of both tails together, between 0 and 1.
    freedom : int
        Degrees of freedom, at least 1.
    """
    low, high = 0.0, 1.0
    while _both_tails(high, freedom) > probability:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        if _both_tails(middle, freedom) > probability:
            low = middle
        else:
            high = middle
    return high


def _both_tails(t: float, freedom: int) -> float:
    """Return the probability that the modulus of t is larger.

    It is the regularized incomplete beta function of n / 2 and 1 / 2 at x = n / (n + t^2), here by
    its power series: no difference of nearly equal numbers, however small the tails are.
    """
    if t == 0:
        return 1.0
    half, x = freedom / 2, freedom / (freedom + t * t)
    factor, total, k = 1.0, 1 / half, 0
    while factor / (half + k) > total * 2.0**-60:
        factor *= x * (k + 0.5) / (k + 1)
        k += 1
        total += factor / (half + k)
    beta = math.lgamma(half) + math.lgamma(0.5) - math.lgamma(half + 0.5)
    return math.exp(half * math.log(x) - beta) * total
