"""fmincg as a method of scipy.optimize.minimize."""

import inspect
from types import FunctionType

import numpy as np
from scipy.optimize import OptimizeResult

from backprop.fmincg import fmincg

MESSAGES = {
    0: "Optimization terminated successfully.",
    1: "Maximum number of iterations has been exceeded.",
    2: "Two line searches in a row found no lower point: the gradient may not fit the cost, or "
    "rounding hides what is left to gain.",
    99: "`callback` raised `StopIteration`.",
}


def fmincg_method(
    fun,
    x0,
    args=(),
    jac=None,
    callback=None,
    maxiter=100,
    gtol=1e-5,
    disp=False,
    tol=None,
    **unused,
):
    """Minimise with `fmincg`, as a method of `scipy.optimize.minimize`.

    ``minimize(fun, x0, jac=True, method=fmincg_method, options={"maxiter": 50})``

    Parameters
    ----------
    fun : callable
        ``fun(x, *args)`` returns the cost; with ``jac=True`` the cost and its gradient.
    x0 : array_like
        Where to start.
    args : tuple, optional
        Further arguments of `fun` and `jac`.
    jac : callable or True
        ``jac(x, *args)`` returns the gradient. It is needed: there are no finite differences.
    callback : callable, optional
        Called after each iteration, as ``callback(x)``, or as ``callback(intermediate_result)``
        with an OptimizeResult of x and fun where its one parameter has that name. StopIteration,
        raised there, ends the minimisation.
    maxiter : int or [int, float], optional
        `fmincg`'s MaxIter: at most so many line searches, or, where negative, so many calls of
        `fun`; [n, red] sets also how far the first line search may go.
    gtol : float, optional
        Done where no element of the gradient is larger. 0 leaves the end to `fmincg`.
    disp : bool, optional
        Print how it ended.
    tol : float, optional
        The same as `gtol`.

    Returns
    -------
    OptimizeResult
        x, fun, jac, nit, nfev, njev, success, status and message. status is 0 where the gradient
        is down to `gtol`, 1 at `maxiter`, 2 where no lower point was found, 99 where `callback`
        ended it.

    Raises
    ------
    ValueError
        If there is no gradient, or bounds, constraints or second derivatives are given.
    TypeError
        If an option is not one of these.

    Notes
    -----
    With ``gtol=0`` the points are those of ``fmincg(f, x0, {"MaxIter": maxiter})``, to the bit.
    """
    for name, value in unused.items():
        if name not in ("hess", "hessp", "bounds", "constraints"):
            raise TypeError(f"fmincg_method: there is no option {name!r}")
        if value is not None and np.size(value) > 0:
            raise ValueError(f"fmincg_method: {name} cannot be taken into account")
    if jac is not True and not callable(jac):
        raise ValueError(
            "fmincg_method: the gradient is needed: pass jac=True, where fun returns it too, "
            "or a function"
        )
    run = _Run(fun, jac, args, callback, gtol if tol is None else tol)
    # fmincg prints a line after each iteration; here a copy of it does, to which `print` is
    # what is to be done then.
    observed = FunctionType(
        fmincg.__code__,
        {**fmincg.__globals__, "print": run.iteration_ends},
        argdefs=fmincg.__defaults__,
    )
    try:
        observed(run.evaluate, x0, {"MaxIter": maxiter})
        n = np.ravel(maxiter)[0]
        run.status = 1 if (run.nit if n > 0 else run.nfev) >= abs(n) else 2
    except _EndedError:
        pass
    result = run.result()
    if disp:
        print(result.message)
        print(f"         Current function value: {result.fun:f}")
        print(f"         Iterations: {result.nit}")
        print(f"         Function evaluations: {result.nfev}")
        print(f"         Gradient evaluations: {result.njev}")
    return result


class _EndedError(Exception):
    """The minimisation is over before fmincg ends it."""


class _Run:
    """What is known of a run of fmincg: its best point, and why it ended."""

    def __init__(self, fun, jac, args, callback, gtol):
        self._fun, self._jac, self._args, self._gtol = fun, jac, args, gtol
        self._callback = callback
        self._wants_result = callback is not None and list(
            inspect.signature(callback).parameters
        ) == ["intermediate_result"]
        self._newest = self._best = None
        self.nit = self.nfev = 0
        self.status = None

    def evaluate(self, x):
        """Call the function, and its gradient."""
        cost = self._fun(x, *self._args)
        J, grad = cost if self._jac is True else (cost, self._jac(x, *self._args))
        self.nfev += 1
        self._newest = x.copy(), J, np.array(grad).ravel()
        if self._best is None:
            self._best = self._newest
            self._end_if_flat()
        return J, grad

    def iteration_ends(self, *text, **how):
        """Take the newest point as the best: fmincg prints once a line search has succeeded."""
        if not text:
            return  # the line feed at the end
        self.nit += 1
        self._best = self._newest
        x, J, _ = self._best
        try:
            if self._wants_result:
                self._callback(intermediate_result=OptimizeResult(x=x.copy(), fun=J))
            elif self._callback is not None:
                self._callback(x.copy())
        except StopIteration:
            self.status = 99
            raise _EndedError from None
        self._end_if_flat()

    def _end_if_flat(self):
        if np.max(np.abs(self._best[2])) <= self._gtol:
            self.status = 0
            raise _EndedError

    def result(self):
        """Describe how it ended."""
        x, J, grad = self._best
        return OptimizeResult(
            x=x,
            fun=J,
            jac=grad,
            nit=self.nit,
            nfev=self.nfev,
            njev=self.nfev,
            status=self.status,
            success=self.status == 0,
            message=MESSAGES[self.status],
        )
