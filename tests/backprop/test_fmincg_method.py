"""fmincg as a method of scipy.optimize.minimize: the same points, SciPy's results and habits."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import OptimizeResult, minimize, rosen, rosen_der

from backprop import fmincg, fmincg_method

START = np.array([-1.2, 1.0])


def banana(x):
    return rosen(x), rosen_der(x)


def run(fun=banana, x0=START, **arguments):
    return minimize(fun, x0, **{"jac": True, "method": fmincg_method} | arguments)


@pytest.mark.parametrize("maxiter", [1, 7, 25, -10, -30, [10, 0.5]], ids=str)
def test_points_are_those_of_fmincg(maxiter, capsys):
    X, fX, _ = fmincg(banana, START, {"MaxIter": maxiter})
    capsys.readouterr()

    found = run(options={"maxiter": maxiter, "gtol": 0})

    assert_array_equal(found.x, X)
    assert found.fun == fX[-1]
    assert found.nit == len(fX)
    assert_array_equal(found.jac, rosen_der(X))
    assert (found.status, found.success) == (1, False)
    assert found.message == "Maximum number of iterations has been exceeded."
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("gtol", [1e-2, 1e-5, 1e-8])
def test_ends_where_the_gradient_is_small(gtol):
    found = run(options={"gtol": gtol})

    assert (found.status, found.success) == (0, True)
    assert np.max(np.abs(found.jac)) <= gtol
    # The inverse of the Hessian at the minimum has norm 2.5.
    assert_allclose(found.x, [1, 1], atol=3 * gtol)


def test_tol_is_gtol():
    assert run(tol=1e-2).nit == run(options={"gtol": 1e-2}).nit < run().nit


def test_ends_at_once_at_a_minimum():
    found = run(x0=np.ones(2))

    assert (found.nit, found.nfev, found.success) == (0, 1, True)


def test_two_failed_searches_are_no_success():
    found = run(lambda x: (rosen(x), -rosen_der(x)))

    assert (found.status, found.success, found.nit) == (2, False, 0)
    assert "the gradient may not fit the cost" in found.message
    assert_array_equal(found.x, START)
    assert found.fun == rosen(START)


def test_gradient_as_a_function_with_arguments():
    found = minimize(
        lambda x, a, b: a * (x - b) @ (x - b),
        np.zeros(3),
        args=(2.0, np.arange(3.0)),
        jac=lambda x, a, b: 2 * a * (x - b),
        method=fmincg_method,
    )

    assert_allclose(found.x, np.arange(3), atol=1e-5)
    assert found.nfev == found.njev


def test_counts_evaluations():
    calls = []

    found = run(lambda x: calls.append(x) or banana(x), options={"maxiter": 9})

    assert found.nfev == found.njev == len(calls)


def test_callback_gets_each_point():
    seen = []

    found = run(callback=lambda x: seen.append(x), options={"maxiter": 9})

    assert len(seen) == found.nit == 9
    assert_array_equal(seen[-1], found.x)
    assert len({tuple(x) for x in seen}) == 9


def test_callback_may_ask_for_the_result_so_far():
    seen = []

    def callback(intermediate_result):
        assert isinstance(intermediate_result, OptimizeResult)
        seen.append(intermediate_result.fun)

    found = run(callback=callback, options={"maxiter": 9})

    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == found.fun


def test_callback_ends_it():
    def callback(x):
        raise StopIteration

    found = run(callback=callback)

    assert (found.nit, found.status, found.success) == (1, 99, False)
    assert found.message == "`callback` raised `StopIteration`."
    assert found.fun < rosen(START)


def test_disp_says_how_it_ended(capsys):
    found = run(options={"disp": True})

    assert capsys.readouterr().out.splitlines() == [
        "Optimization terminated successfully.",
        f"         Current function value: {found.fun:f}",
        f"         Iterations: {found.nit}",
        f"         Function evaluations: {found.nfev}",
        f"         Gradient evaluations: {found.njev}",
    ]


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"jac": None}, ValueError, "the gradient is needed"),
        ({"jac": "2-point"}, ValueError, "the gradient is needed"),
        ({"bounds": [(0, 1)] * 2}, ValueError, "bounds cannot be taken into account"),
        ({"hess": lambda x: np.eye(2)}, ValueError, "hess cannot be taken into account"),
        ({"options": {"maxitre": 5}}, TypeError, "there is no option 'maxitre'"),
    ],
    ids=["no gradient", "differences", "bounds", "second derivatives", "an unknown option"],
)
def test_what_it_cannot_do_is_refused(arguments, kind, message):
    with pytest.raises(kind, match=f"^fmincg_method: {message}"):
        run(**arguments)


def test_errors_are_those_of_fmincg():
    with pytest.raises(ValueError, match=r"^fmincg: X must be finite, found 1 NaN or Inf$"):
        run(x0=np.array([np.nan, 1.0]))
