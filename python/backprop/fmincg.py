"""Port of octave/fmincg.m: minimises a function by conjugate gradients."""

import sys

import numpy as np

import backprop
from backprop._octave import (
    as_float,
    is_real_float,
    is_real_number,
    number_text,
    numel,
    octave_class,
    octave_divide,
    octave_max,
    octave_min,
    octave_sqrt,
    octave_square,
    with_own_errstate,
)


def fmincg(f, X, options=None, *P):
    """Minimise a function of many variables by conjugate gradients.

    It starts at the point `X` and goes downhill: the directions are conjugate gradients by the
    formula of Polack and Ribiere, and along each of them a line search by quadratic and cubic
    interpolation finds a point that meets the Wolfe-Powell conditions. A line reports the cost
    of each iteration.

    Parameters
    ----------
    f : callable or str
        Function, or name of a function of this package: ``J, grad = f(X)``, or
        ``f(X, P1, P2, ...)`` where P1, P2, ... are given, returns the cost, a real number, and
        its gradient, one element for each of `X`. Where the cost is Inf, a line search steps
        back.
    X : array_like, 1-D
        Where to start: finite, one or more elements.
    options : dict, optional
        ``{"MaxIter": n}`` or ``{"MaxIter": [n, red]}``; n is 100 by default, other keys are
        ignored. n > 0: at most n line searches; n < 0: at most -n evaluations of `f`. red, 1 by
        default: by how much the first line search may lower f, about.
    *P
        P1, P2, ...: further arguments of `f`.

    Returns
    -------
    X : ndarray, 1-D
        The best point found.
    fX : ndarray, 1-D
        The cost after each line search that succeeded.
    i : int
        Number of line searches (n > 0) or of evaluations (n < 0).

    Raises
    ------
    TypeError
        If `f`, `X`, `options` or what `f` returns is of a wrong class.
    ValueError
        If `f` names no function, if `X` is empty, not finite or not a vector, if n or red is
        not as said above, or if `f` returns more than one cost or a gradient of another size.

    Notes
    -----
    It stops early where two line searches in a row fail: at a minimum, or where the gradient
    does not fit the cost.

    Source: programming exercise 4 of "Neural Networks: Learning", which trains with it. The
    method and its constants are those of C. E. Rasmussen's minimize (1999-2002) in the course's
    variant; this is code of our own that takes the same steps.
    """
    # Check
    if not callable(f) and not (isinstance(f, str) and f):
        raise TypeError(
            "fmincg: f must be a function handle or the name of a function, "
            f"got class {octave_class(f)}"
        )
    if isinstance(f, str) and f not in dir(backprop):
        raise ValueError(
            f"fmincg: f must be the name of a function, and there is none called '{f}'"
        )
    if not is_real_float(X):
        raise TypeError(
            f"fmincg: X must be real and of class double or single, got class {octave_class(X)}"
        )
    X = as_float(X)
    if X.size == 0:
        raise ValueError("fmincg: X is empty; it needs at least one element")
    if X.size != max(X.shape, default=1):
        raise ValueError(
            f"fmincg: X must be a column, got {X.shape[0]} x {X.size // X.shape[0]}; "
            "unroll it with X(:)"
        )
    if np.any(~np.isfinite(X)):
        raise ValueError(f"fmincg: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf")
    if numel(options) == 0:
        options = {}
    if not isinstance(options, dict):
        raise TypeError(
            "fmincg: options must be [] or one struct, such as optimset('MaxIter', 50), "
            f"got class {octave_class(options)}"
        )

    # Options
    MaxIter = 100
    if "MaxIter" in options and numel(options["MaxIter"]) > 0:
        MaxIter = options["MaxIter"]
    if not is_real_number(MaxIter) or numel(MaxIter) > 2:
        raise ValueError("fmincg: options.MaxIter must be a number n or two numbers [n red]")
    MaxIter = np.ravel(MaxIter, order="F").astype(np.float64)
    n = float(MaxIter[0])
    red = 1.0
    if MaxIter.size == 2:
        red = float(MaxIter[1])
    if n == 0 or n != np.round(n) or np.isinf(n):
        raise ValueError("fmincg: n in options.MaxIter must be a whole number, and not 0")
    if not red > 0 or np.isinf(red):
        raise ValueError("fmincg: red in options.MaxIter must be a finite number > 0")

    # Constants
    RHO = 0.01  # the cost must fall by at least this part of what the first slope promises
    SIG = 0.5  # the slope must flatten to at most this part of the first one
    INT = 0.1  # interpolate no closer than this part of the bracket to its ends
    EXT = 3  # extrapolate to at most this many times the step
    MAX = 20  # evaluations of f in a line search
    RATIO = 100  # largest ratio of the slopes of two line searches

    f = with_own_errstate(getattr(backprop, f) if isinstance(f, str) else f)
    with np.errstate(all="ignore"):  # 1 / 0 is Inf
        # Start: 1 is the point where a line search starts, with cost f1, gradient df1, slope d1
        X = X.ravel(order="F")
        n = int(n)
        i = 0
        ls_failed = False
        fX = np.zeros(0)
        f1, df1 = evaluate(f, X, P)
        i = i + (n < 0)
        s = -df1
        d1 = -s @ s
        z1 = red / (1 - d1)

        while i < abs(n):
            i = i + (n > 0)

            # First step: 2 is the newest point, 3 the one before it, z3 away from 2
            X0 = X
            f0 = f1
            df0 = df1
            X = X + z1 * s
            f2, df2 = evaluate(f, X, P)
            i = i + (n < 0)
            d2 = df2 @ s
            f3 = f1
            d3 = d1
            z3 = -z1
            M = MAX
            if n < 0:
                M = min(MAX, -n - i)
            success = False
            limit = -1

            # Line search
            while True:
                # Interpolate while the step is too long
                while (f2 > f1 + z1 * RHO * d1 or d2 > -SIG * d1) and M > 0:
                    limit = z1
                    if f2 > f1:
                        z2 = z3 - (0.5 * d3 * z3 * z3) / (d3 * z3 + f2 - f3)
                    else:
                        A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3)
                        B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
                        z2 = octave_divide(octave_sqrt(B * B - A * d2 * z3 * z3) - B, A)
                    if np.isnan(z2) or np.isinf(z2):
                        z2 = z3 / 2
                    z2 = octave_max(octave_min(z2, INT * z3), (1 - INT) * z3)
                    z1 = z1 + z2
                    X = X + z2 * s
                    f2, df2 = evaluate(f, X, P)
                    M = M - 1
                    i = i + (n < 0)
                    d2 = df2 @ s
                    z3 = z3 - z2

                # Done?
                if f2 > f1 + z1 * RHO * d1 or d2 > -SIG * d1:
                    break
                if d2 > SIG * d1:
                    success = True
                    break
                if M == 0:
                    break

                # Extrapolate: the step is too short
                A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3)
                B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
                z2 = octave_divide(-d2 * z3 * z3, B + octave_sqrt(B * B - A * d2 * z3 * z3))
                if not np.isrealobj(z2) or np.isnan(z2) or np.isinf(z2) or z2 < 0:
                    if limit < -0.5:  # noqa: SIM108
                        z2 = z1 * (EXT - 1)
                    else:
                        z2 = (limit - z1) / 2
                elif limit > -0.5 and z2 + z1 > limit:
                    z2 = (limit - z1) / 2
                elif limit < -0.5 and z2 + z1 > z1 * EXT:
                    z2 = z1 * (EXT - 1)
                elif z2 < -z3 * INT:
                    z2 = -z3 * INT
                elif limit > -0.5 and z2 < (limit - z1) * (1 - INT):
                    z2 = (limit - z1) * (1 - INT)
                f3 = f2
                d3 = d2
                z3 = -z2
                z1 = z1 + z2
                X = X + z2 * s
                f2, df2 = evaluate(f, X, P)
                M = M - 1
                i = i + (n < 0)
                d2 = df2 @ s

            # Next direction
            if success:
                f1 = f2
                fX = np.array([*fX, f1])
                print(f"Iteration {i:4d} | Cost: {number_text(f1, '4.6e')}\r", end="", flush=True)
                s = (octave_square(df2) - df1 @ df2) / octave_square(df1) * s - df2
                tmp = df1
                df1 = df2
                df2 = tmp
                d2 = df1 @ s
                if d2 > 0:
                    s = -df1
                    d2 = -s @ s
                z1 = z1 * octave_min(RATIO, d1 / (d2 - sys.float_info.min))
                d1 = d2
                ls_failed = False
            else:
                X = X0
                f1 = f0
                df1 = df0
                if ls_failed or i > abs(n):
                    break
                tmp = df1
                df1 = df2
                df2 = tmp
                s = -df1
                d1 = -s @ s
                z1 = 1 / (1 - d1)
                ls_failed = True
    print()

    return X, fX, i


def evaluate(f, X, P):
    """Call `f` and check what it returns; it may change neither X nor what it returned before."""
    J, grad = f(X.copy(), *P)
    if not is_real_float(J):
        raise TypeError(
            "fmincg: f must return a cost that is real and of class double or single, "
            f"got class {octave_class(J)}"
        )
    J = as_float(J)
    if J.size != 1:
        rows, columns = (*J.shape, 1)[:2]
        raise ValueError(f"fmincg: f must return one number as the cost, got {rows} x {columns}")
    if not is_real_float(grad):
        raise TypeError(
            "fmincg: f must return a gradient that is real and of class double or single, "
            f"got class {octave_class(grad)}"
        )
    if numel(grad) != X.size:
        raise ValueError(
            f"fmincg: f must return a gradient with the {X.size} elements of X, got {numel(grad)}"
        )
    grad = as_float(grad).flatten(order="F")
    return J.ravel()[0], grad
