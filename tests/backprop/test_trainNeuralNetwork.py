"""trainNeuralNetwork learns, stops, and goes on to the same bits, from the file of either side."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat
from scipy.optimize import minimize
from scipy.special import expit, xlog1py, xlogy

from backprop import trainNeuralNetwork
from backprop.batched import BatchedCost
from lockstep.sides.octave import find_octave

ROOT = Path(__file__).parents[2]
MODULE = sys.modules["backprop.trainNeuralNetwork"]
COMMAND = [sys.executable, "-m", "backprop.trainNeuralNetwork"]

X = np.sin(np.arange(1.0, 61)).reshape((20, 3), order="F")
Y = 1.0 + (X[:, 0] > 0) + ((X[:, 0] > 0) & (X[:, 1] > 0))
TWO = (X[:, 0] > X[:, 1]).astype(float)
SIZES = [3, 5, 3]
FEW = {"rounds": 4, "iterations": 5, "checkGradient": False}


class InterruptedError_(Exception):
    """What a test interrupts a run with."""


def assert_same_run(run, other):
    for value, other_value in zip(run, other, strict=True):
        np.testing.assert_array_equal(value, other_value, strict=True)


# --- It learns ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "y"),
    [
        pytest.param([3, 3], Y, id="no hidden layer"),
        pytest.param([3, 5, 3], Y, id="three layers"),
        pytest.param([3, 5, 4, 3], Y, id="four layers"),
        pytest.param([3, 1], TWO, id="K = 1: logistic regression"),
        pytest.param([3, 5, 1], TWO, id="K = 1"),
        pytest.param([3, 4, 3, 1], TWO, id="K = 1, four layers"),
    ],
)
def test_it_learns_classes_that_can_be_told_apart(sizes, y):
    _, J_history, accuracy = trainNeuralNetwork(X, y, sizes, {"lambda": 1e-3, "seed": 1})
    assert accuracy == 100
    assert np.all(np.diff(J_history) <= 0)


def test_logistic_regression_ends_where_scipy_does():
    def cost(w):
        h = expit(w[0] + X @ w[1:])
        return -np.mean(xlogy(TWO, h) + xlog1py(1 - TWO, -h)) + w[1:] @ w[1:] / 40

    # The cost is flat at its minimum: an error of eps in it moves the minimum by about 1e-8, and
    # that far are the two apart (measured: 2e-8).
    nn_params, J_history, _ = trainNeuralNetwork(X, TWO, [3, 1], {"rounds": 5})
    expected = minimize(
        cost, np.zeros(4), tol=1e-12, method="Nelder-Mead", options={"maxiter": 9e3}
    )
    np.testing.assert_allclose(nn_params, expected.x, atol=1e-6)
    assert J_history[-1] == pytest.approx(expected.fun, rel=1e-12)


# The two costs differ by rounding, which training makes grow: after 20 iterations by 8e-15 (single:
# 8e-7) of the cost, measured. Fifty times that is still far below any change of the formula.
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float64, 4e-13), (np.float32, 4e-5)], ids=["double", "single"]
)
def test_fast_gives_the_same_numbers(monkeypatch, dtype, tolerance):
    made = []

    def recorded(*arguments):
        made.append(BatchedCost(*arguments))
        return made[-1]

    monkeypatch.setattr(MODULE, "BatchedCost", recorded)
    slow, fast = (
        trainNeuralNetwork(X.astype(dtype), Y, [3, 5, 3], FEW, fast=fast) for fast in (False, True)
    )
    assert len(made) == 1
    assert fast[0].dtype == slow[0].dtype == dtype
    np.testing.assert_allclose(fast[1], slow[1], rtol=tolerance)
    assert fast[2] == slow[2]


# --- It stops early -----------------------------------------------------------------------


def test_stop_is_asked_after_each_round():
    asked = []

    def stop(round, J):
        asked.append((round, J))
        return round == 3

    run = trainNeuralNetwork(X, Y, SIZES, {**FEW, "rounds": 9, "stop": stop})
    assert_same_run(run, trainNeuralNetwork(X, Y, SIZES, {**FEW, "rounds": 3}))
    assert asked == [(k, run[1][5 * k - 1]) for k in (1, 2, 3)]


def test_it_stops_where_the_cost_falls_by_too_little(capsys):
    _, J_history, _ = trainNeuralNetwork(X, Y, SIZES, {**FEW, "rounds": 50, "stopBelow": 0.002})
    falls = -np.diff(J_history[4::5])
    assert falls.size >= 3
    assert np.all(falls[:-1] > 0.002)
    assert falls[-1] <= 0.002
    assert re.search(
        r"Stopped early: the last round lowered the cost by 0\.00", capsys.readouterr().out
    )


def test_it_stops_at_the_minimum():
    _, J_history, _ = trainNeuralNetwork(X, Y, SIZES, {"rounds": 1000, "lambda": 100})
    assert J_history.size < 1000


# --- It checks the gradient ---------------------------------------------------------------


@pytest.mark.parametrize("K", [1, 3])
@pytest.mark.parametrize("layers", range(2, 9))
def test_a_right_gradient_passes_at_any_depth_far_from_the_limit(capsys, layers, K):
    sizes = [3, *[2] * (layers - 2), K]
    options = {"rounds": 1, "iterations": 1, "lambda": 1e300}
    trainNeuralNetwork(X, TWO if K == 1 else Y, sizes, options)
    (difference,) = re.findall(r"Relative difference: (\S+)", capsys.readouterr().out)
    assert float(difference) < 2e-10  # measured: at most 7.8e-11; the limit is 1e-9


@pytest.mark.parametrize("sizes", [[3, 3], [3, 5, 3], [3, 5, 5, 5, 3], [3, 5, 1]])
def test_a_wrong_gradient_is_refused_before_the_training(monkeypatch, tmp_path, sizes):
    def wrong(*args):
        J, grad = right(*args)
        grad[1] += 1e-6
        return J, grad

    right = MODULE.multilayerCostFunction
    monkeypatch.setattr(MODULE, "multilayerCostFunction", wrong)
    file = tmp_path / "run.mat"
    y = TWO if sizes[-1] == 1 else Y
    message = (
        r"the gradient is wrong, its relative difference is \d\.\de-0\d; worst is Theta1, unit"
    )
    with pytest.raises(ValueError, match=message):
        trainNeuralNetwork(X, y, sizes, {"file": str(file)})
    assert not file.exists()
    trainNeuralNetwork(X, y, sizes, FEW)


# --- It saves and goes on -----------------------------------------------------------------


@pytest.mark.parametrize("moment", range(1, 41, 4))
def test_a_run_that_is_interrupted_anywhere_goes_on_to_the_same_bits(monkeypatch, tmp_path, moment):
    whole = trainNeuralNetwork(X, Y, SIZES, FEW)
    options = {**FEW, "file": str(tmp_path / "run.mat")}
    calls = 0

    def interrupted(*args):
        nonlocal calls
        calls += 1
        if calls > moment:
            raise InterruptedError_
        return right(*args)

    right = MODULE.multilayerCostFunction
    monkeypatch.setattr(MODULE, "multilayerCostFunction", interrupted)
    with pytest.raises(InterruptedError_):
        trainNeuralNetwork(X, Y, SIZES, options)
    monkeypatch.undo()
    assert_same_run(trainNeuralNetwork(X, Y, SIZES, options), whole)
    assert_same_run(trainNeuralNetwork(X, Y, SIZES, options), whole)


def test_an_interrupted_save_loses_nothing(monkeypatch, tmp_path):
    whole = trainNeuralNetwork(X, Y, SIZES, FEW)
    file = tmp_path / "run.mat"
    saves = 0

    def half(part, state, **kwargs):
        nonlocal saves
        saves += 1
        savemat(part, state, **kwargs)
        if saves == 3:
            Path(part).write_bytes(Path(part).read_bytes()[:1000])
            raise InterruptedError_

    monkeypatch.setattr(MODULE, "savemat", half)
    with pytest.raises(InterruptedError_):
        trainNeuralNetwork(X, Y, SIZES, {**FEW, "file": str(file)})
    monkeypatch.undo()
    assert loadmat(file)["J_rounds"].size == 2
    assert_same_run(trainNeuralNetwork(X, Y, SIZES, {**FEW, "file": str(file)}), whole)
    assert list(tmp_path.iterdir()) == [file]


def test_more_rounds_go_on_from_fewer(tmp_path):
    file = {"file": str(tmp_path / "run.mat")}
    trainNeuralNetwork(X, Y, SIZES, {**FEW, **file, "rounds": 2})
    assert_same_run(
        trainNeuralNetwork(X, Y, SIZES, {**FEW, **file}), trainNeuralNetwork(X, Y, SIZES, FEW)
    )


def test_single_goes_on_as_single(tmp_path):
    single = X.astype(np.float32)
    file = {"file": str(tmp_path / "run.mat")}
    trainNeuralNetwork(single, Y, SIZES, {**FEW, **file, "rounds": 2})
    run = trainNeuralNetwork(single, Y, SIZES, {**FEW, **file})
    assert_same_run(run, trainNeuralNetwork(single, Y, SIZES, FEW))
    assert run[0].dtype == run[1].dtype == np.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": [3, 4, 3]}, r"another layer_sizes, \[3 5 3\] and not \[3 4 3\]"),
        ({"lambda": 0.1}, r"another lambda, \[1\] and not \[0.10000000000000001\]"),
        ({"iterations": 6}, r"another iterations, \[5\] and not \[6\]"),
        ({"seed": 7}, r"another seed, \[42\] and not \[7\]"),
        ({"X": X[::-1]}, r"another X_checksum, \[20 3 \d+\] and not \[20 3 \d+\]"),
        ({"X": np.nextafter(X, 2)}, r"another X_checksum"),
        ({"X": X.astype(np.float32)}, r"another X_checksum"),
        ({"X": X[:19], "y": Y[:19]}, r"another X_checksum, \[20 3 \d+\] and not \[19 3 \d+\]"),
        ({"y": Y[::-1]}, r"another y_checksum, \[\d+\] and not \[\d+\]"),
        ({"rounds": 3}, r"holds 4 rounds, more than the 3 of options.rounds"),
    ],
)
def test_a_file_of_another_training_is_refused_and_kept(tmp_path, change, message):
    file = tmp_path / "run.mat"
    options = {**FEW, "file": str(file)}
    trainNeuralNetwork(X, Y, SIZES, options)
    before = file.read_bytes()
    call = [change.pop(name, value) for name, value in {"X": X, "y": Y, "sizes": SIZES}.items()]
    with pytest.raises(ValueError, match=f"run.mat .*{message}"):
        trainNeuralNetwork(*call, {**options, **change})
    assert file.read_bytes() == before


def test_a_file_of_something_else_is_refused_and_kept(tmp_path):
    file = tmp_path / "digits.mat"
    options = {**FEW, "file": str(file)}
    savemat(file, {"X": X, "y": Y})
    with pytest.raises(ValueError, match="holds no variable layer_sizes: it is no file of this"):
        trainNeuralNetwork(X, Y, SIZES, options)
    np.testing.assert_array_equal(loadmat(file)["X"], X)
    file.write_bytes(b"no MAT-file")
    with pytest.raises(ValueError, match="cannot be read as a MAT-file: "):
        trainNeuralNetwork(X, Y, SIZES, options)


def test_a_file_that_cannot_be_written_is_refused_before_the_training(tmp_path, capsys):
    options = {**FEW, "file": str(tmp_path / "nowhere" / "run.mat")}
    with pytest.raises(ValueError, match=r"run\.part\.mat cannot be written: "):
        trainNeuralNetwork(X, Y, SIZES, options)
    assert "Iteration" not in capsys.readouterr().out


# --- Octave reads Python's file, and Python Octave's --------------------------------------


def in_octave(folder, options):
    """Train in Octave; return the outputs and what was printed."""
    savemat(folder / "in.mat", {"X": X, "y": Y[:, np.newaxis]})
    statements = (
        f"addpath ('{ROOT / 'octave'}'); load ('in.mat'); "
        f"[p, J, a] = trainNeuralNetwork (X, y, [3 5 3], {options}); "
        "save ('-v6', 'out.mat', 'p', 'J', 'a');"
    )
    ran = subprocess.run(
        [str(find_octave()), "--eval", statements],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    out = loadmat(folder / "out.mat")
    run = out["p"].ravel(), out["J"].ravel(), out["a"].item()
    return run, ran.stdout.decode()  # with its carriage returns


def assert_close_run(run, other):
    # 20 iterations turn a rounding error of 1e-16 into 5e-11 (measured); other machines may round
    # a hundred times worse. A run that goes on from elsewhere is off by more than 1e-3.
    for value, other_value in zip(run, other, strict=True):
        np.testing.assert_allclose(value, other_value, rtol=5e-9)


def test_octave_goes_on_from_pythons_file(tmp_path):
    whole = trainNeuralNetwork(X, Y, SIZES, FEW)
    trainNeuralNetwork(X, Y, SIZES, {**FEW, "rounds": 2, "file": str(tmp_path / "run.mat")})
    run, printed = in_octave(tmp_path, "struct ('rounds', 4, 'iterations', 5, 'file', 'run.mat')")
    assert_close_run(run, whole)
    assert re.findall(r"Round +(\d) of 4", printed) == ["2", "3", "4"]


def test_python_goes_on_from_octaves_file(tmp_path, capsys):
    whole = trainNeuralNetwork(X, Y, SIZES, FEW)
    in_octave(tmp_path, "struct ('rounds', 2, 'iterations', 5, 'file', 'run.mat')")
    capsys.readouterr()
    run = trainNeuralNetwork(X, Y, SIZES, {**FEW, "file": str(tmp_path / "run.mat")})
    assert_close_run(run, whole)
    assert re.findall(r"Round +(\d) of 4", capsys.readouterr().out) == ["2", "3", "4"]


def test_both_print_the_same_rounds(tmp_path, capsys):
    trainNeuralNetwork(X, Y, SIZES, {**FEW, "checkGradient": True, "stopBelow": 0.1})
    python = capsys.readouterr().out
    _, octave = in_octave(tmp_path, "struct ('rounds', 4, 'iterations', 5, 'stopBelow', 0.1)")

    # The check shows rounding errors, in their order: its lines are others.
    def after_check(text):
        return text[text.index("The gradient is right") :]

    assert after_check(python) == after_check(octave)


def test_the_example_of_octaves_help_reads_most_digits_right():
    text = (ROOT / "octave" / "trainNeuralNetwork.m").read_text()
    (example,) = re.findall(r"^%   Example\n((?:%      .*\n)+)", text, flags=re.M)
    statements = re.sub(r"^%      ", "", example, flags=re.M)
    ran = subprocess.run(
        [str(find_octave()), "--eval", f"addpath octave\n{statements}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (learned,) = re.findall(r"^Round 10 of 10 .* Accuracy: (\S+)%", ran.stdout, flags=re.M)
    (accuracy,) = re.findall(r"^accuracy = (\S+)", ran.stdout, flags=re.M)
    assert float(learned) >= 95
    assert float(accuracy) >= 91


# --- The command --------------------------------------------------------------------------


def test_the_command_reads_most_digits_right():
    ran = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    rounds = re.findall(r"^Round +(\d+) of 10 \| Cost: ", ran.stdout, flags=re.M)
    assert rounds == [str(k) for k in range(11)]
    accuracies = dict(re.findall(r"Accuracy on (\S+): (\d+\.\d\d)%", ran.stdout))
    assert float(accuracies["digits.mat"]) >= 95
    assert float(accuracies["digits_test.mat"]) >= 91


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return the file of a tenth of the digits."""
    digits = loadmat(ROOT / "data" / "digits.mat")
    file = tmp_path_factory.mktemp("small") / "small.mat"
    savemat(file, {name: digits[name][::10] for name in ("X", "y")})
    return file


@pytest.fixture(scope="module", params=[[], ["--fast"]], ids=["", "fast"])
def command_and_end(request, small):
    """Return a command, and what it saves where nothing stops it."""
    command = [*COMMAND, "--data", str(small), "--rounds", "20", *request.param]
    file = small.with_name(f"whole{len(request.param)}.mat")
    subprocess.run([*command, "--file", str(file)], capture_output=True, check=True)
    return command, loadmat(file)


def interrupted(command, sign):
    """Run a command and send it Ctrl-C at the first line with `sign`; return what it printed."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout:  # a carriage return ends a line too
            if sign in line:
                process.send_signal(signal.SIGINT)
                break
        out, err = process.communicate()
    return process.returncode, line + out, err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("sign", ["Round  0", "Round  1", "Round  3", "Iteration   11"])
def test_ctrl_c_and_the_same_command_end_in_the_same_bits(command_and_end, tmp_path, sign):
    command, whole = command_and_end
    command = [*command, "--file", str(tmp_path / "run.mat")]
    status, _, err = interrupted(command, sign)
    assert status == 130
    assert re.search(r"run.mat holds the network after round \d+\. The same command goes on", err)
    assert 0 < loadmat(tmp_path / "run.mat")["J_rounds"].size < 21
    subprocess.run(command, capture_output=True, check=True)
    run = loadmat(tmp_path / "run.mat")
    for name in ("nn_params", "J_history", "J_rounds"):
        np.testing.assert_array_equal(run[name], whole[name], strict=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_in_octave_and_the_same_call_end_in_the_same_bits(small, tmp_path):
    def command(file):
        statements = (
            f"addpath ('{ROOT / 'octave'}'); load ('{small}'); trainNeuralNetwork "
            f"(X, y, [400 25 10], struct ('rounds', 20, 'file', '{tmp_path / file}'));"
        )
        return [str(find_octave()), "--eval", statements]

    subprocess.run(command("whole.mat"), capture_output=True, check=True)
    interrupted(command("run.mat"), "Round  3")
    assert 4 <= loadmat(tmp_path / "run.mat")["J_rounds"].size < 21
    subprocess.run(command("run.mat"), capture_output=True, check=True)
    run, whole = loadmat(tmp_path / "run.mat"), loadmat(tmp_path / "whole.mat")
    for name in ("nn_params", "J_history", "J_rounds"):
        np.testing.assert_array_equal(run[name], whole[name], strict=True)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("", r"Stopped; nothing is saved\. With --file FILE it can be stopped and go on\."),
        ("new.mat", r"Stopped; nothing is saved to \S+new\.mat yet\."),
    ],
)
def test_ctrl_c_says_where_nothing_is_saved(monkeypatch, tmp_path, capsys, file, message):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(MODULE, "trainNeuralNetwork", interrupt)
    with pytest.raises(SystemExit, match=r"^130$"):
        MODULE.main(["--file", str(tmp_path / file)] if file else [])
    assert re.search(message, capsys.readouterr().err)


def test_the_options_of_the_command_are_heeded(tmp_path, capsys):
    savemat(tmp_path / "data.mat", {"X": X, "y": Y})
    savemat(tmp_path / "other.mat", {"X": X[:5], "y": Y[:5]})
    files = ["--data", str(tmp_path / "data.mat"), "--test", str(tmp_path / "other.mat")]
    numbers = "--layers 3,4,3 --lambda 0.5 --rounds 9 --iterations 3 --seed 1 --stop-below 0.05"
    MODULE.main([*files, *numbers.split(), "--file", str(tmp_path / "run.mat")])
    printed = capsys.readouterr().out
    options = {"lambda": 0.5, "rounds": 9, "iterations": 3, "seed": 1, "stopBelow": 0.05}
    nn_params, _, accuracy = trainNeuralNetwork(X, Y, [3, 4, 3], options)
    np.testing.assert_array_equal(loadmat(tmp_path / "run.mat")["nn_params"].ravel(), nn_params)
    assert f"Accuracy on data.mat: {accuracy:.2f}%" in printed
    assert "Accuracy on other.mat: " in printed
    assert "Stopped early" in printed


def test_the_command_trains_with_the_batched_cost(monkeypatch, tmp_path, capsys):
    savemat(tmp_path / "data.mat", {"X": X, "y": Y})
    used = []
    monkeypatch.setattr(MODULE, "BatchedCost", lambda *given: used.append(1) or BatchedCost(*given))
    command = ["--data", str(tmp_path / "data.mat"), "--layers", "3,5,3", "--rounds", "2"]
    printed = []
    for arguments in (command, [*command, "--fast"]):
        MODULE.main(arguments)
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert used == [1]


def test_other_data_is_not_tested_on_the_digits(tmp_path, capsys):
    savemat(tmp_path / "data.mat", {"X": X, "y": Y})
    MODULE.main(["--data", str(tmp_path / "data.mat"), "--layers", "3,3", "--rounds", "1"])
    assert re.findall(r"Accuracy on (\S+):", capsys.readouterr().out) == ["data.mat"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--layers 400,x,10", "expected numbers with commas, 400,25,10, got '400,x,10'"),
        ("--layers 400", "layer_sizes must be a vector of two or more whole numbers >= 1"),
        ("--layers 400,25,2", "layer_sizes must not end in 2"),
        ("--layers 300,25,10", "digits_test.mat must have 300 columns, got 400"),
        ("--lambda much", "argument --lambda: expected a number, got 'much'"),
        ("--lambda -1", "options.lambda must be a finite number >= 0"),
        ("--rounds 0", "options.rounds must be a whole number >= 1"),
        ("--iterations 2.5", "options.iterations must be a whole number >= 1"),
        ("--seed nan", "options.seed must be a whole number from 0 to 2^32 - 1"),
        ("--stop-below inf", "options.stopBelow must be a finite number >= 0"),
        ("--file run.txt", "options.file must be the name of a file that ends in .mat"),
        ("--file pyproject.toml.mat/run.mat", "cannot be written"),
        ("--data nowhere.mat", "nowhere.mat is missing"),
        ("--test nowhere.mat", "nowhere.mat is missing"),
        (f"--data {__file__}", "cannot be read as a MAT-file"),
        (f"--test {ROOT / 'data' / 'weights.mat'}", "weights.mat holds no variable X"),
    ],
)
def test_what_the_command_refuses(capsys, arguments, message):
    with pytest.raises(SystemExit, match=r"^2$"):
        MODULE.main(arguments.split())
    assert message in capsys.readouterr().err.splitlines()[-1]
