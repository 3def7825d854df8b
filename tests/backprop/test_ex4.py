"""ex4 learns to read digits, says the same in both languages, and waits only for a person."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pexpect
import pytest
from scipy.io import loadmat, savemat
from scipy.special import expit

from backprop import ex4
from backprop.batched import BatchedCost
from backprop.ex4 import main
from lockstep.sides.octave import find_octave

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SCRIPT = ROOT / "octave" / "ex4.m"
ACCURACY = {
    95: r"Accuracy on the digits it learned from: (\d+\.\d\d)%",
    90: r"Accuracy on other digits: (\d+\.\d\d)%",
}

# Rounding makes the costs of the training drift apart, the more the later. Measured on both sides
# with OpenBLAS's kernels for six processors and with 1 and 2 threads, 28 runs: by at most 1.8e-8 of
# the cost after 50 iterations, and no printed digit changed. One unit of the last of the 7 digits
# that are printed is up to 1e-6 of the cost: a cost on the edge between two may be rounded to both.
COST_TOLERANCE = 1e-6

# The difference of 2e-11 in the gradient check is rounding itself: in the same 28 runs it moved by
# 4%, and another sum of rounding errors may well be half as large again.
ROUNDING_TOLERANCE = 0.5


def run(*command):
    ran = subprocess.run(
        [str(part) for part in command], capture_output=True, cwd=ROOT, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()  # with its carriage returns


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return tmp_path_factory.mktemp("ex4") / "new" / "figures"


@pytest.fixture(scope="module")
def printed(figures):
    """Return what the whole exercise prints in each language."""
    return {
        "Octave": run(find_octave(), SCRIPT),
        "Python": run(sys.executable, "-m", "backprop.ex4", "--figures", figures),
    }


def assert_same_lines(text, other_text):
    """Assert that two outputs are the same, but for rounding in the numbers that it reaches."""
    assert re.findall(r"[\r\n]", text) == re.findall(r"[\r\n]", other_text)
    for line, other in zip(re.split(r"[\r\n]", text), re.split(r"[\r\n]", other_text), strict=True):
        if line != other:
            words, number = words_and_number(line)
            other_words, other_number = words_and_number(other)
            assert words == other_words
            tolerance = ROUNDING_TOLERANCE if "difference" in line else COST_TOLERANCE
            assert number == pytest.approx(other_number, rel=tolerance), line


def words_and_number(line):
    """Split a line that rounding reaches; there is no number in the others."""
    match = re.fullmatch(r"(Iteration +\d+ \| Cost: |Relative difference: )(\S+)(.*)", line)
    return ((match[1], match[3]), float(match[2])) if match else (line, None)


# --- What both sides print ----------------------------------------------------------------


@pytest.mark.parametrize("least", ACCURACY)
@pytest.mark.parametrize("side", ["Octave", "Python"])
def test_it_reads_most_digits_right(printed, side, least):
    (percentage,) = re.findall(ACCURACY[least], printed[side])
    assert least <= float(percentage) < 100


def test_both_print_the_same_lines(printed):
    assert_same_lines(printed["Octave"], printed["Python"])


def test_each_iteration_is_reported_on_the_same_line(printed):
    for text in printed.values():
        assert re.findall(r"Iteration +(\d+) \| Cost: \S+\r", text) == [
            str(i) for i in range(1, 51)
        ]


def test_backpropagation_is_right_on_both_sides(printed):
    for text in printed.values():
        differences = [float(x) for x in re.findall(r"Relative difference: (\S+)", text)]
        assert len(differences) == 2
        assert max(differences) < 1e-9


# --- When Octave waits --------------------------------------------------------------------

needs_a_terminal = pytest.mark.skipif(
    not hasattr(pexpect, "spawn"), reason="pexpect has no terminals on Windows"
)
LAST_LINE = r"Accuracy on other digits: [\d.]+%"
STEPS = 7


def terminal(*arguments):
    """Start Octave in a terminal of its own."""
    return pexpect.spawn(find_octave(), [str(x) for x in arguments], encoding="utf-8")


@needs_a_terminal
@pytest.mark.parametrize(
    ("arguments", "statements"),
    [
        pytest.param([], f"source ('{SCRIPT}')", id="octave"),
        pytest.param(["--no-gui", "--quiet"], f"source ('{SCRIPT}')", id="octave with options"),
        pytest.param(
            ["--interactive"], f"interactive = true; source ('{SCRIPT}')", id="told to wait"
        ),
    ],
)
def test_it_waits_for_enter_at_the_prompt(arguments, statements):
    octave = terminal(*arguments)
    octave.sendline(statements)
    for _ in range(STEPS):
        assert octave.expect(["Press enter to go on", LAST_LINE]) == 0
        octave.sendline("")
    assert octave.expect(["Press enter to go on", LAST_LINE]) == 1
    octave.sendline("exit")
    octave.expect(pexpect.EOF)
    octave.close()


@needs_a_terminal
@pytest.mark.parametrize(
    ("arguments", "statements"),
    [
        pytest.param([SCRIPT], "", id="octave-cli ex4.m"),
        pytest.param(["--eval", f"source ('{SCRIPT}')"], "", id="--eval"),
        pytest.param([], f"interactive = false; source ('{SCRIPT}')", id="told not to wait"),
    ],
)
def test_it_runs_through_otherwise_even_in_a_terminal(arguments, statements):
    octave = terminal(*arguments)
    octave.sendline(statements)
    assert octave.expect(["Press enter to go on", LAST_LINE]) == 1
    octave.sendline("exit")
    octave.expect(pexpect.EOF)
    octave.close()


# --- The figures --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["digits.png", "hidden_layer.png", "cost.png"])
def test_each_figure_is_a_picture(printed, figures, name):
    path = figures / name
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    picture = plt.imread(path)
    assert min(picture.shape[:2]) >= 300
    assert max(picture.shape[:2]) <= 1000
    assert len(np.unique(picture)) > 10


def test_there_are_three_figures(printed, figures):
    assert len(list(figures.iterdir())) == 3


def test_no_file_is_written_unless_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    main(["--iterations", "1"])
    assert list(tmp_path.iterdir()) == []


# --- The options --------------------------------------------------------------------------


def test_the_defaults_are_those_of_the_script(capsys, printed):
    main([])
    main(["--iterations=50", "--seed=42", "--lambda=1", f"--data={DATA}"])
    assert_same_lines(capsys.readouterr().out, 2 * printed["Python"])


def test_fast_prints_the_same_lines(capsys, printed):
    main(["--fast"])
    assert_same_lines(capsys.readouterr().out, printed["Python"])


def test_fast_trains_with_the_batched_cost(monkeypatch):
    made = []

    def recorded(*arguments):
        made.append(arguments[2:])
        return BatchedCost(*arguments)

    monkeypatch.setattr(sys.modules[ex4.__module__], "BatchedCost", recorded)
    slow, fast = (ex4(iterations=5, fast=fast)["cost"] for fast in (False, True))
    assert made == [([400, 25, 10], 1)]
    np.testing.assert_allclose(fast, slow, rtol=COST_TOLERANCE)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["--iterations", "2"], r"Cost after 2 iterations, lambda = 1: ", id="--iter"),
        pytest.param(["--lambda", "0"], r"Cost after 1 iterations, lambda = 0: ", id="--lambda 0"),
        pytest.param(["--lambda", "2.5"], r"Cost after 1 iterations, lambda = 2\.5: ", id="2.5"),
        pytest.param(["--seed", "0"], r"10285 random weights", id="--seed 0"),
        pytest.param(["--seed", "4294967295"], r"10285 random weights", id="the largest seed"),
    ],
)
def test_an_option_is_heeded(capsys, arguments, line):
    main(["--iterations", "1", *arguments])
    assert len(re.findall(line, capsys.readouterr().out)) == 1


def test_another_seed_gives_other_weights(capsys):
    first, second = (ex4(iterations=1, seed=seed) for seed in (1, 2))
    assert not np.any(first["initial_nn_params"] == second["initial_nn_params"])
    assert not np.array_equal(first["sel"], second["sel"])


def test_a_strength_that_stops_the_training_is_no_error(capsys):
    variables = ex4(iterations=3, lambda_=1e300)
    assert variables["cost"].size == 0
    np.testing.assert_array_equal(variables["nn_params"], variables["initial_nn_params"])
    assert "Cost after 0 iterations, lambda = 1e+300: " in capsys.readouterr().out


def test_more_strength_gives_smaller_weights(capsys):
    weak, strong = (ex4(iterations=10, lambda_=lambda_)["Theta1"] for lambda_ in (0, 100))
    assert np.linalg.norm(strong[:, 1:]) < np.linalg.norm(weak[:, 1:])


def test_help_names_the_options(capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--help"])
    printed = capsys.readouterr().out
    for option in (
        "--figures DIR",
        "--data DIR",
        "--iterations N",
        "--seed S",
        "--lambda L",
        "--fast",
    ):
        assert option in printed


# --- What it returns ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def variables():
    return ex4(iterations=5)


def test_the_weights_are_cut_from_the_parameters(variables):
    for suffix, vector in (("", "nn_params"), ("initial_", "initial_nn_params")):
        Thetas = variables[f"{suffix}Theta1"], variables[f"{suffix}Theta2"]
        assert [Theta.shape for Theta in Thetas] == [(25, 401), (10, 26)]
        unrolled = np.concatenate([Theta.ravel(order="F") for Theta in Thetas])
        np.testing.assert_array_equal(variables[vector], unrolled)


def test_the_labels_and_accuracies_are_those_of_the_weights(variables):
    for name, pred, accuracy in (
        ("digits.mat", "pred", "accuracy"),
        ("digits_test.mat", "test_pred", "test_accuracy"),
    ):
        digits = loadmat(DATA / name)
        X, y = digits["X"], digits["y"].ravel()
        Theta1, Theta2 = variables["Theta1"], variables["Theta2"]
        hidden = expit(X @ Theta1[:, 1:].T + Theta1[:, 0])
        labels = 1 + np.argmax(expit(hidden @ Theta2[:, 1:].T + Theta2[:, 0]), axis=1)
        np.testing.assert_array_equal(variables[pred], labels)
        assert variables[accuracy] == pytest.approx(100 * np.sum(labels == y) / len(y))


def test_the_costs_fit_each_other(variables):
    # The penalty is linear in lambda. Each cost, below 1, is off by a few eps.
    rise = variables["debug_J"] - variables["J_reg"]
    assert rise == pytest.approx(2 * (variables["J_reg"] - variables["J"]), abs=1e-14)
    assert np.all(np.diff(variables["cost"]) < 0)
    assert variables["J_trained"] == variables["cost"][-1]


def test_the_digits_shown_are_100_different_rows(variables):
    assert len(set(variables["sel"])) == 100
    assert set(variables["sel"]) <= set(range(1, 5001))


# --- What it refuses ----------------------------------------------------------------------


def refusal(capsys, *arguments):
    """Return the last line of the error with which the command ends, with status 2."""
    with pytest.raises(SystemExit, match=r"^2$"):
        main([str(argument) for argument in arguments])
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--iterations", "0", "expected a whole number >= 1, got '0'"),
        ("--iterations", "-3", "expected a whole number >= 1, got '-3'"),
        ("--iterations", "1.5", "expected a whole number >= 1, got '1.5'"),
        ("--iterations", "", "expected a whole number >= 1, got ''"),
        ("--seed", "-1", "expected a whole number from 0 to 4294967295, got '-1'"),
        ("--seed", "4294967296", "expected a whole number from 0 to 4294967295, got '4294967296'"),
        ("--seed", "x", "expected a whole number from 0 to 4294967295, got 'x'"),
        ("--lambda", "-0.5", "expected a finite number >= 0, got '-0.5'"),
        ("--lambda", "nan", "expected a finite number >= 0, got 'nan'"),
        ("--lambda", "inf", "expected a finite number >= 0, got 'inf'"),
        ("--lambda", "much", "expected a finite number >= 0, got 'much'"),
    ],
)
def test_a_bad_value_is_refused(capsys, option, value, message):
    end = f"argument {option}: {message}"
    assert refusal(capsys, f"{option}={value}").endswith(end)


@pytest.fixture
def data(tmp_path):
    """Return a folder with a copy of the data."""
    for name in ("digits.mat", "digits_test.mat", "weights.mat"):
        shutil.copy(DATA / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "builder"),
    [
        ("digits.mat", "python data/build_digits.py"),
        ("digits_test.mat", "python data/build_digits.py"),
        ("weights.mat", "octave-cli data/build_weights.m"),
    ],
)
def test_a_missing_data_file_is_named_with_its_builder(data, capsys, name, builder):
    (data / name).unlink()
    message = f"ex4: {data / name} is missing; build it with: {builder}"
    assert refusal(capsys, "--data", data).endswith(message)


def test_a_file_that_is_no_mat_file_is_named(data, capsys):
    (data / "digits.mat").write_bytes(b"no digits, " * 50)
    message = f"ex4: {data / 'digits.mat'} cannot be read as a MAT-file: "
    assert message in refusal(capsys, "--data", data)


def test_a_variable_that_is_missing_is_named(data, capsys):
    savemat(data / "weights.mat", {"Theta1": np.ones((25, 401))})
    message = f"ex4: {data / 'weights.mat'} holds no variable Theta2"
    assert refusal(capsys, "--data", data).endswith(message)


def test_digits_of_another_size_are_refused(data, capsys):
    savemat(data / "digits.mat", {"X": np.ones((100, 16)), "y": np.ones((100, 1))})
    message = "nnCostFunction: X must have input_layer_size = 400 columns, got 16"
    assert refusal(capsys, "--data", data).endswith(message)


def test_a_folder_for_figures_that_cannot_be_made_is_refused(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in refusal(capsys, "--figures", tmp_path / "file")


def test_without_matplotlib_all_but_the_figures_works(tmp_path):
    code = "import sys; sys.modules['matplotlib'] = None; from backprop.ex4 import main; main()"
    command = [sys.executable, "-c", code, "--iterations", "1"]
    assert re.search(ACCURACY[95], run(*command))

    refused = subprocess.run(
        [*command, "--figures", str(tmp_path / "new")], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert refused.stdout == ""
    message = "ex4: figures need matplotlib, which is not installed: pip install matplotlib\n"
    assert refused.stderr.endswith(message)
    assert not (tmp_path / "new").exists()
