"""stepByStepExample gives the published numbers, and the derivatives of the error as such.

`error_of` is the error of the same network in matrix form. It takes complex weights, so that
Im E(w + ih) / h is its derivative without a difference that cancels (h = 1e-20).
"""

import numpy as np
import pytest

from backprop import stepByStepExample

START = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55])
# A slope is products of t - out, which is rounded to half an ulp of 1, and of numbers below 1. The
# errors measured are 0.2 eps for the slopes and 0.05 eps for the error.
TOLERANCE = np.finfo(float).eps


def error_of(w, shift=(0, 0, 0, 0)):
    """Return the error of the weights w1, ..., w8; `shift` is added to the net of each unit."""
    shift = np.asarray(shift)
    hidden = 1 / (1 + np.exp(-(w[:4].reshape(2, 2) @ [0.05, 0.10] + 0.35 + shift[:2])))
    output = 1 / (1 + np.exp(-(w[4:].reshape(2, 2) @ hidden + 0.60 + shift[2:])))
    return np.sum(([0.01, 0.99] - output) ** 2) / 2


def slopes_of(w):
    return np.array([error_of(w + 1e-20j * e).imag / 1e-20 for e in np.eye(8)])


def slopes_by_net(w):
    return np.array([error_of(w, 1e-20j * e).imag / 1e-20 for e in np.eye(4)])


def weights(values):
    return np.array([values[f"w{i}"] for i in range(1, 9)])


def slopes(values):
    return np.array([values[f"dE_dw{i}"] for i in range(1, 9)])


PUBLISHED = {
    "out_h1": "0.593269992",
    "out_o1": "0.75136507",
    "out_o2": "0.772928465",
    "E": "0.298371109",
    "w5": "0.35891648",
    "w6": "0.408666186",
    "w7": "0.511301270",
    "w8": "0.561370121",
    "w1": "0.149780716",
    "w2": "0.19956143",
    "w3": "0.24975114",
    "w4": "0.29950229",
}


@pytest.mark.parametrize(("name", "published"), PUBLISHED.items(), ids=PUBLISHED)
def test_a_published_value_in_all_its_digits(name, published):
    values, _ = stepByStepExample()
    decimals = len(published) - len("0.")
    assert f"{values[name]:.{decimals}f}" == published


def test_the_published_error_after_the_step_mixes_old_and_new_weights():
    values, E_history = stepByStepExample()
    new = weights(values)
    delta_o = np.array([values["delta_o1"], values["delta_o2"]])
    out_h = np.array([values["out_h1"], values["out_h2"]])
    delta_h = delta_o @ new[4:].reshape(2, 2) * out_h * (1 - out_h)
    mixed = np.append(START[:4] - 0.5 * np.outer(delta_h, [0.05, 0.10]).ravel(), new[4:])

    _, E_mixed = stepByStepExample(1, 0.5, True)

    assert f"{E_mixed[1]:.9f}" == "0.291027924"  # the published number
    assert E_mixed[1] == pytest.approx(error_of(mixed), abs=TOLERANCE)
    assert f"{E_history[1]:.9f}" == "0.291027774"  # that of the published weights
    assert E_history[1] == pytest.approx(error_of(new), abs=TOLERANCE)


def test_new_weights_change_the_step_of_the_first_layer_only():
    old, _ = stepByStepExample(1, 0.5)
    new, _ = stepByStepExample(1, 0.5, True)
    changed = {name for name in old if old[name] != new[name]}
    first = range(1, 5)
    assert changed == {
        *("delta_h1", "delta_h2"),
        *(f"dE_dw{i}" for i in first),
        *(f"w{i}" for i in first),
    }


@pytest.mark.parametrize("rate", [0.01, 0.5, 3.0])
@pytest.mark.parametrize("num_rounds", [1, 2, 100])
def test_the_last_round_is_a_step_down_the_slopes(num_rounds, rate):
    before = weights(stepByStepExample(num_rounds - 1, rate)[0])
    values, E_history = stepByStepExample(num_rounds, rate)

    deltas = [values[f"delta_{unit}"] for unit in ("h1", "h2", "o1", "o2")]
    np.testing.assert_allclose(deltas, slopes_by_net(before), rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(slopes(values), slopes_of(before), rtol=0, atol=TOLERANCE)
    np.testing.assert_array_equal(weights(values), before - rate * slopes(values))
    assert E_history[-2] == values["E"]
    assert values["E"] == pytest.approx(error_of(before), abs=TOLERANCE)
    assert E_history[-1] == pytest.approx(error_of(weights(values)), abs=TOLERANCE)


def test_the_error_goes_down_for_10_000_rounds():
    values, E_history = stepByStepExample(10_000)
    assert E_history.shape == (10_001,)
    assert np.all(np.diff(E_history) < 0)
    assert E_history[-1] < E_history[0] / 1000
    assert [values["out_o1"], values["out_o2"]] == pytest.approx([0.01, 0.99], abs=0.01)


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.5, 2.0, 10.0])
def test_the_error_goes_down_at_other_rates(rate):
    _, E_history = stepByStepExample(200, rate)
    assert np.all(np.diff(E_history) < 0)


def test_a_small_rate_lowers_the_error_by_the_squared_slope():
    rate = 1e-6
    _, E_history = stepByStepExample(1, rate)
    # The difference of two errors of 0.3 has an absolute error of an ulp of 0.3, 6e-17, beside
    # a value of 1e-8 or so; measured: relatively 1.5e-8.
    expected = rate * np.sum(slopes_of(START) ** 2)
    assert E_history[0] - E_history[1] == pytest.approx(expected, rel=1e-6)


def test_no_rounds_go_forward_and_backward_and_stay():
    values, E_history = stepByStepExample(0)
    np.testing.assert_array_equal(weights(values), START)
    np.testing.assert_allclose(slopes(values), slopes_of(START), rtol=0, atol=TOLERANCE)
    assert E_history.tolist() == [values["E"]]


def test_the_defaults_are_one_round_at_one_half():
    expected, expected_history = stepByStepExample(1, 0.5)
    for args in ((), (None,), (1,), (None, None), (1, None), ([], [], []), (1, 0.5, False)):
        values, E_history = stepByStepExample(*args)
        assert values == expected
        np.testing.assert_array_equal(E_history, expected_history)


NO_ROUNDS = [-1, 1.5, np.nan, np.inf, [1, 2], 1j, "1", True, {"n": 1}]
NO_RATE = [-0.5, 0, np.nan, np.inf, [0.5, 0.5], 0.5j, "0.5", True, {"rate": 0.5}]


@pytest.mark.parametrize("num_rounds", NO_ROUNDS, ids=repr)
def test_num_rounds_is_refused(num_rounds):
    with pytest.raises(ValueError, match="stepByStepExample: num_rounds must be a whole number"):
        stepByStepExample(num_rounds)


@pytest.mark.parametrize("rate", NO_RATE, ids=repr)
def test_rate_is_refused(rate):
    with pytest.raises(ValueError, match="stepByStepExample: rate must be a finite number > 0"):
        stepByStepExample(1, rate)


@pytest.mark.parametrize("use_new", [-1, 2, np.nan, [True, False], 1j, "new", {"new": 1}], ids=repr)
def test_use_new_is_refused(use_new):
    with pytest.raises(ValueError, match="stepByStepExample: use_new must be true or false"):
        stepByStepExample(1, 0.5, use_new)
