"""The quantiles of Student's t are SciPy's."""

import pytest
from scipy.special import stdtrit

from lockstep.compare.student import t_beyond


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 8, 9, 100])
@pytest.mark.parametrize("probability", [1e-12, 1e-9, 1e-3, 0.5])
def test_a_quantile_is_scipys(probability, freedom):
    wanted = -stdtrit(freedom, probability / 2)
    assert t_beyond(probability, freedom) == pytest.approx(wanted, rel=1e-12)
