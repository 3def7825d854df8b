"""Port of octave/ex4.m: the whole exercise, from the digits to the accuracy."""

import argparse
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from scipy.io import loadmat

from backprop._octave import number_text
from backprop.batched import BatchedCost
from backprop.checkNNGradients import checkNNGradients
from backprop.displayData import displayData, plt
from backprop.fmincg import fmincg
from backprop.nnCostFunction import nnCostFunction
from backprop.predict import predict
from backprop.rand import rand
from backprop.randInitializeWeights import randInitializeWeights
from backprop.randperm import randperm
from backprop.sigmoidGradient import sigmoidGradient

FOLDER = Path(__file__).parents[2] / "data"
LARGEST_SEED = 2**32 - 1


def ex4(*, data=FOLDER, iterations=50, seed=42, lambda_=1, figures=None, fast=False):
    """Learn to read digits with a neural network: the exercise, step by step.

    It loads 5,000 digits and shows 100 of them, computes the cost of a network of 400 input
    units, 25 hidden units and 10 labels at given weights, checks its gradient, trains it by
    iterations of `fmincg` from random weights, shows what the hidden units look for, and says
    how many digits it reads right: of those it learned from, and of 1,000 others. It prints what
    ex4.m prints. The script waits for a key between the steps where a person sits; this does not.

    Parameters
    ----------
    data : str or Path, optional
        Folder of digits.mat, digits_test.mat and weights.mat.
    iterations : int, optional
        Line searches of the training; a negative number counts evaluations of the cost.
    seed : int, optional
        Seed of the choice of the 100 digits and of the random weights.
    lambda_ : float, optional
        Strength of the regularisation in the training, >= 0.
    figures : str or Path, optional
        Folder to save digits.png, hidden_layer.png and cost.png to; made where it is missing.
    fast : bool, optional
        Train with `backprop.batched.BatchedCost` in place of nnCostFunction: the same numbers
        but for rounding.

    Returns
    -------
    dict
        The variables that ex4.m leaves, by their names there:

        - X (5000 x 400), y, m: the digits, their labels, how many;
        - sel: the rows of X that it showed, counted from 1;
        - J, J_reg, debug_J: cost at the given weights with lambda 0, 1 and 3;
        - g: sigmoidGradient at -1, -0.5, 0, 0.5, 1;
        - initial_Theta1, initial_Theta2, initial_nn_params: the random weights;
        - nn_params, Theta1 (25 x 401), Theta2 (10 x 26): the trained weights;
        - cost, J_trained: cost by iteration, and at the end;
        - pred, accuracy: labels given to X, percentage of them that is right;
        - test_pred, test_accuracy: the same for the 1,000 others;
        - seed, lambda, options and the sizes of the layers: the settings.

    Raises
    ------
    FileNotFoundError
        If a data file is missing; the message says what builds it.
    ValueError
        If a data file or a setting is not as said above.
    ModuleNotFoundError
        If `figures` is given and matplotlib is not installed.

    Notes
    -----
    Source: "Neural Networks: Learning", programming exercise 4.
    """
    # Set-up
    input_layer_size = 400
    hidden_layer_size = 25
    num_labels = 10
    digits_png = hidden_layer_png = None
    if figures is not None:
        if plt is None:
            raise ModuleNotFoundError(
                "ex4: figures need matplotlib, which is not installed: pip install matplotlib"
            )
        figures = Path(figures)
        figures.mkdir(parents=True, exist_ok=True)
        digits_png = figures / "digits.png"
        hidden_layer_png = figures / "hidden_layer.png"

    # Files
    folder = str(Path(data))
    files = ["digits.mat", "digits_test.mat", "weights.mat"]
    builders = [
        "python data/build_digits.py",
        "python data/build_digits.py",
        "octave-cli data/build_weights.m",
    ]
    for k in range(3):
        if not Path(folder, files[k]).is_file():
            raise FileNotFoundError(
                f"ex4: {Path(folder, files[k])} is missing; build it with: {builders[k]}"
            )
    digits = load(Path(folder, files[0]), "X", "y")
    digits_test = load(Path(folder, files[1]), "X", "y")
    weights = load(Path(folder, files[2]), "Theta1", "Theta2")

    # Data
    rand("twister", seed)
    X = digits["X"]
    y = digits["y"].ravel()
    m = X.shape[0]
    print(f"{m} digits of {X.shape[1]} pixels")
    sel = randperm(m, 100)
    displayData(X[sel.astype(int) - 1, :], path=digits_png)

    # Cost at the given weights
    Theta1 = weights["Theta1"]
    Theta2 = weights["Theta2"]
    nn_params = np.concatenate([Theta1.ravel(order="F"), Theta2.ravel(order="F")])
    train_lambda = lambda_
    lambda_ = 0
    J, _ = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_)
    print(f"Cost at the given weights, lambda = {lambda_:g}: {number_text(J, '.6f')}")
    lambda_ = 1
    J_reg, _ = nnCostFunction(
        nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_
    )
    print(f"Cost at the given weights, lambda = {lambda_:g}: {number_text(J_reg, '.6f')}")

    # Sigmoid gradient
    g = sigmoidGradient(np.array([-1, -0.5, 0, 0.5, 1]))
    print("Sigmoid gradient at -1, -0.5, 0, 0.5, 1:", end="")
    for value in g:
        print(f" {value:.6f}", end="")
    print()

    # Random weights, drawn after the seed whatever was drawn before
    rand("twister", seed)
    initial_Theta1 = randInitializeWeights(input_layer_size, hidden_layer_size)
    initial_Theta2 = randInitializeWeights(hidden_layer_size, num_labels)
    initial_nn_params = np.concatenate(
        [initial_Theta1.ravel(order="F"), initial_Theta2.ravel(order="F")]
    )
    print(
        f"{initial_nn_params.size} random weights "
        f"from {np.min(initial_nn_params):.6f} to {np.max(initial_nn_params):.6f}"
    )

    # Gradient check, without and with regularisation
    checkNNGradients()
    lambda_ = 3
    checkNNGradients(lambda_)
    debug_J, _ = nnCostFunction(
        nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_
    )
    print(f"Cost at the given weights, lambda = {lambda_:g}: {number_text(debug_J, '.6f')}")

    # Train
    options = {"MaxIter": iterations}
    lambda_ = train_lambda

    def costFunction(p):
        return nnCostFunction(p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_)

    if fast:
        layer_sizes = [input_layer_size, hidden_layer_size, num_labels]
        costFunction = BatchedCost(X, y, layer_sizes, lambda_)
    with costFunction.undisturbed() if fast else nullcontext():
        nn_params, cost, _ = fmincg(costFunction, initial_nn_params, options)
    Theta1 = nn_params[: hidden_layer_size * (input_layer_size + 1)].reshape(
        (hidden_layer_size, input_layer_size + 1), order="F"
    )
    Theta2 = nn_params[hidden_layer_size * (input_layer_size + 1) :].reshape(
        (num_labels, hidden_layer_size + 1), order="F"
    )
    J_trained, _ = costFunction(nn_params)
    print(
        f"Cost after {cost.size} iterations, lambda = {lambda_:g}: {number_text(J_trained, '.6f')}"
    )
    if figures is not None:
        save_cost_figure(figures / "cost.png", cost)

    # Hidden layer
    displayData(Theta1[:, 1:], path=hidden_layer_png)

    # Accuracy
    pred = predict(Theta1, Theta2, X)
    accuracy = np.mean(pred == y) * 100
    print(f"Accuracy on the digits it learned from: {accuracy:.2f}%")
    test_pred = predict(Theta1, Theta2, digits_test["X"])
    test_accuracy = np.mean(test_pred == digits_test["y"].ravel()) * 100
    print(f"Accuracy on other digits: {test_accuracy:.2f}%")

    # Keep what the help text names
    return {
        "X": X,
        "y": y,
        "m": m,
        "sel": sel,
        "J": J,
        "J_reg": J_reg,
        "debug_J": debug_J,
        "g": g,
        "initial_Theta1": initial_Theta1,
        "initial_Theta2": initial_Theta2,
        "initial_nn_params": initial_nn_params,
        "nn_params": nn_params,
        "Theta1": Theta1,
        "Theta2": Theta2,
        "cost": cost,
        "J_trained": J_trained,
        "pred": pred,
        "accuracy": accuracy,
        "test_pred": test_pred,
        "test_accuracy": test_accuracy,
        "seed": seed,
        "lambda": lambda_,
        "options": options,
        "input_layer_size": input_layer_size,
        "hidden_layer_size": hidden_layer_size,
        "num_labels": num_labels,
    }


def load(file, *names):
    """Load variables of a MAT-file, or say what is wrong with it."""
    try:
        contents = loadmat(file, variable_names=names)
    except Exception as error:
        raise ValueError(f"ex4: {file} cannot be read as a MAT-file: {error}") from error
    for name in names:
        if name not in contents:
            raise ValueError(f"ex4: {file} holds no variable {name}")
    return {name: contents[name] for name in names}


def save_cost_figure(path, cost):
    """Save a picture of the cost by iteration."""
    figure = plt.Figure()
    axes = figure.subplots()
    axes.plot(np.arange(1, cost.size + 1), cost, ".-")
    axes.set_xlabel("iteration")
    axes.set_ylabel("cost")
    axes.grid(visible=True)
    figure.savefig(path, format="png")


def main(args=None):
    """Run the exercise as a command: ``python -m backprop.ex4 --help``."""
    parser = argparse.ArgumentParser(
        prog="python -m backprop.ex4",
        description="Learn to read 5,000 digits with a neural network, and say how well it does.",
    )
    parser.add_argument(
        "--figures",
        metavar="DIR",
        help="save digits.png, hidden_layer.png and cost.png there (needs matplotlib)",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        default=FOLDER,
        help="folder of digits.mat, digits_test.mat and weights.mat (default: %(default)s)",
    )
    parser.add_argument(
        "--iterations",
        metavar="N",
        type=iteration_count,
        default=50,
        help="iterations of the training, >= 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=seed_number,
        default=42,
        help="seed of the random weights, from 0 to 2^32 - 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--lambda",
        metavar="L",
        dest="lambda_",
        type=strength,
        default=1.0,
        help="strength of the regularisation, >= 0 (default: 1)",
    )
    parser.add_argument(
        "--fast", action="store_true", help="train with the batched cost function: same numbers"
    )
    options = parser.parse_args(args)
    if plt is not None:
        plt.switch_backend("Agg")  # draws into files, opens no windows
    try:
        ex4(**vars(options))
    except (ModuleNotFoundError, OSError, ValueError) as error:
        parser.error(str(error))


def iteration_count(text):
    """Read the value of --iterations."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number >= 1, got {text!r}")
    return int(text)


def seed_number(text):
    """Read the value of --seed."""
    if not text.isdecimal() or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(
            f"expected a whole number from 0 to {LARGEST_SEED}, got {text!r}"
        )
    return int(text)


def strength(text):
    """Read the value of --lambda."""
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not 0 <= value < np.inf:
        raise argparse.ArgumentTypeError(f"expected a finite number >= 0, got {text!r}")
    return value


if __name__ == "__main__":
    main()
