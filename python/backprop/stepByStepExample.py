"""Port of octave/stepByStepExample.m: backpropagation by hand on a 2-2-2 network."""

import numpy as np

from backprop._octave import as_scalar, is_real_number, numel, octave_class
from backprop.sigmoid import sigmoid


def stepByStepExample(num_rounds=None, rate=None, use_new=None):
    """Backpropagation by hand on a network of 2, 2 and 2 units.

    It trains the network below on its one example and returns every number on the way::

        net_h1 = w1 i1 + w2 i2 + b1       net_o1 = w5 out_h1 + w6 out_h2 + b2
        net_h2 = w3 i1 + w4 i2 + b1       net_o2 = w7 out_h1 + w8 out_h2 + b2

    Each unit is logistic, out = sigmoid(net). The inputs are 0.05 and 0.10, the targets t are
    0.01 and 0.99, and the error is the sum of (t - out)^2 / 2 over both outputs. w1, ..., w8
    start at 0.15, 0.20, ..., 0.30 and 0.40, 0.45, ..., 0.55; b1 = 0.35 and b2 = 0.60 are not
    trained.

    Parameters
    ----------
    num_rounds : int, optional
        Steps to take: a whole number >= 0, 1 by default.
    rate : float, optional
        Learning rate > 0, 0.5 by default.
    use_new : bool, optional
        True for a common mistake: w5, ..., w8 take their step before the first layer's deltas
        are computed from them. Backpropagation uses the old ones: False by default.

    Returns
    -------
    values : dict
        The numbers of the last round: net_* and out_* of the units; E_o1, E_o2 and their sum E;
        delta_*, the derivative of E by net_*; dE_dw1, ..., dE_dw8; and w1, ..., w8 after the
        step. All but these eight belong to the weights before it. For 0 rounds: the same, with
        a step of size 0.
    E_history : ndarray, shape (num_rounds + 1,)
        E after 0, 1, ..., `num_rounds` rounds.

    Raises
    ------
    ValueError
        If `num_rounds`, `rate` or `use_new` is not as said above.

    Notes
    -----
    The published text gives 0.291027924 for E after one round, beside new weights that make it
    0.291027774. The former is the error that `use_new` leads to; the weights that the text gives
    are those without it.

    Source: "Neural Networks: Learning", backpropagation step by step.

    Examples
    --------
    >>> values, E_history = stepByStepExample()
    >>> round(float(values["w5"]), 4), E_history.round(4).tolist()
    (0.3589, [0.2984, 0.291])
    """
    # Check
    if numel(num_rounds) == 0:
        num_rounds = 1
    if numel(rate) == 0:
        rate = 0.5
    if numel(use_new) == 0:
        use_new = False
    if (
        not is_real_number(num_rounds)
        or numel(num_rounds) != 1
        or not 0 <= as_scalar(num_rounds) < np.inf
        or as_scalar(num_rounds) != np.round(as_scalar(num_rounds))
    ):
        raise ValueError("stepByStepExample: num_rounds must be a whole number >= 0")
    if not is_real_number(rate) or numel(rate) != 1 or not 0 < as_scalar(rate) < np.inf:
        raise ValueError("stepByStepExample: rate must be a finite number > 0")
    if (
        not (is_real_number(use_new) or octave_class(use_new) == "logical")
        or numel(use_new) != 1
        or as_scalar(use_new) not in (0, 1)
    ):
        raise ValueError("stepByStepExample: use_new must be true or false")
    num_rounds = int(as_scalar(num_rounds))
    rate = as_scalar(rate)
    use_new = bool(as_scalar(use_new))

    # Train
    w = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55])
    E_history = np.zeros(num_rounds + 1)
    values = oneRound(w, 0, use_new)
    for k in range(num_rounds):
        values = oneRound(w, rate, use_new)
        w = np.array([values[name] for name in ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8")])
        E_history[k] = values["E"]
    after = oneRound(w, 0, use_new)
    E_history[num_rounds] = after["E"]

    return values, E_history


@np.errstate(all="ignore")  # a large rate makes the weights overflow
def oneRound(w, rate, use_new):
    """Go forward and backward once, and one step down."""
    # The example
    i1 = 0.05
    i2 = 0.10
    t1 = 0.01
    t2 = 0.99
    b1 = 0.35
    b2 = 0.60
    values = {}

    # Forward
    values["net_h1"] = w[0] * i1 + w[1] * i2 + b1
    values["out_h1"] = sigmoid(values["net_h1"])
    values["net_h2"] = w[2] * i1 + w[3] * i2 + b1
    values["out_h2"] = sigmoid(values["net_h2"])
    values["net_o1"] = w[4] * values["out_h1"] + w[5] * values["out_h2"] + b2
    values["out_o1"] = sigmoid(values["net_o1"])
    values["net_o2"] = w[6] * values["out_h1"] + w[7] * values["out_h2"] + b2
    values["out_o2"] = sigmoid(values["net_o2"])

    # Error
    values["E_o1"] = (t1 - values["out_o1"]) ** 2 / 2
    values["E_o2"] = (t2 - values["out_o2"]) ** 2 / 2
    values["E"] = values["E_o1"] + values["E_o2"]

    # Backward, output layer
    values["delta_o1"] = (values["out_o1"] - t1) * values["out_o1"] * (1 - values["out_o1"])
    values["delta_o2"] = (values["out_o2"] - t2) * values["out_o2"] * (1 - values["out_o2"])
    values["dE_dw5"] = values["delta_o1"] * values["out_h1"]
    values["dE_dw6"] = values["delta_o1"] * values["out_h2"]
    values["dE_dw7"] = values["delta_o2"] * values["out_h1"]
    values["dE_dw8"] = values["delta_o2"] * values["out_h2"]

    # Step, output layer
    values["w5"] = w[4] - rate * values["dE_dw5"]
    values["w6"] = w[5] - rate * values["dE_dw6"]
    values["w7"] = w[6] - rate * values["dE_dw7"]
    values["w8"] = w[7] - rate * values["dE_dw8"]

    # Backward, hidden layer: with the weights before that step
    v = w[4:8]
    if use_new:
        v = np.array([values["w5"], values["w6"], values["w7"], values["w8"]])
    values["delta_h1"] = (
        (values["delta_o1"] * v[0] + values["delta_o2"] * v[2])
        * values["out_h1"]
        * (1 - values["out_h1"])
    )
    values["delta_h2"] = (
        (values["delta_o1"] * v[1] + values["delta_o2"] * v[3])
        * values["out_h2"]
        * (1 - values["out_h2"])
    )
    values["dE_dw1"] = values["delta_h1"] * i1
    values["dE_dw2"] = values["delta_h1"] * i2
    values["dE_dw3"] = values["delta_h2"] * i1
    values["dE_dw4"] = values["delta_h2"] * i2

    # Step, hidden layer
    values["w1"] = w[0] - rate * values["dE_dw1"]
    values["w2"] = w[1] - rate * values["dE_dw2"]
    values["w3"] = w[2] - rate * values["dE_dw3"]
    values["w4"] = w[3] - rate * values["dE_dw4"]
    return values
