"""Port of octave/trainNeuralNetwork.m: trains a network, putting it all together."""

import argparse
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from scipy.io import loadmat, savemat

from backprop._octave import (
    as_array,
    as_float,
    as_matrix,
    as_scalar,
    is_positive_whole,
    is_real_number,
    number_text,
    numel,
    octave_class,
    single_wins,
)
from backprop.batched import BatchedCost
from backprop.debugInitializeWeights import debugInitializeWeights
from backprop.fmincg import fmincg
from backprop.gradientChecking import gradientChecking
from backprop.multilayerCostFunction import multilayerCostFunction
from backprop.multilayerPredict import multilayerPredict
from backprop.rand import rand
from backprop.randInitializeWeights import randInitializeWeights
from backprop.reshapeParameters import isLayerSizes
from backprop.unrollParameters import unrollParameters

FOLDER = Path(__file__).parents[2] / "data"
DATA = FOLDER / "digits.mat"
TEST = FOLDER / "digits_test.mat"
INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended."""


def trainNeuralNetwork(X, y, layer_sizes, options=None, *, fast=False):
    """Train a network from random weights: putting it together.

    It draws random weights, checks the gradient once, on a small network with as many layers, and
    then trains without the check, which is slow: in rounds, each of them some iterations of
    `fmincg` from where the last round ended. Each round ends with a line of its cost and accuracy.

    Parameters
    ----------
    X : array_like, m x layer_sizes[0]
        One example a row; finite. A 1-D array is one column.
    y : array_like, m elements
        Labels: 0 or 1 where the network has one output, whole numbers from 1 on otherwise.
    layer_sizes : array_like, L elements
        Units of each layer, without the bias units; L >= 2. The last is 1 for two classes, or 3
        or more, one for each class.
    options : dict, optional
        Keys that are missing or None have their defaults:

        - lambda: strength of the regularisation, >= 0 (1);
        - rounds: rounds in all, >= 1 (10);
        - iterations: of `fmincg` in each round, >= 1 (20);
        - seed: of the random weights, from 0 to 2^32 - 1 (42);
        - file: str, name of a MAT-file to save to and to go on from (none);
        - checkGradient: whether to check the gradient first (True);
        - stopBelow: stop after a round in which the cost fell by no more than this, >= 0 (0);
        - stop: function; stop after a round if ``stop(round, J)`` is true, with J the cost after
          it (none).
    fast : bool, optional
        Train with `backprop.batched.BatchedCost` in place of multilayerCostFunction: the same
        numbers but for rounding. It may change between the calls that go on from one file.

    Returns
    -------
    nn_params : ndarray, 1-D
        The trained weights, unrolled: Theta1, column by column, then Theta2, and so on; of the
        class of `X`, float64 or float32.
    J_history : ndarray, 1-D
        The cost after each iteration.
    accuracy : float
        Percentage of the examples in `X` whose label it gets right.

    Raises
    ------
    TypeError
        If `X`, `options` or options["stop"] is of a wrong class.
    ValueError
        If another argument or option is not as said above, if options["file"] cannot be read or
        written, was written by a call with other data or settings or holds more rounds than
        options["rounds"], or if the gradient check fails.

    Notes
    -----
    With options["file"], each round ends with a save. The same call, after the run was stopped at
    any moment, goes on after the last round that is saved, and ends in the same numbers, to the
    bit, as if it had not been stopped. More rounds may be asked for, and another stopBelow or
    stop. Files of trainNeuralNetwork in Octave are read too, and read there.

    It seeds `rand`. An error of more than 1e-9 in the gradient check ends the training: a right
    gradient stays below 1e-10 in networks of 2 to 8 layers, and the limit is that of the lecture.

    Source: "Neural Networks: Learning", putting it together.

    Examples
    --------
    >>> data, test = loadmat("data/digits.mat"), loadmat("data/digits_test.mat")
    >>> nn_params, _, _ = trainNeuralNetwork(data["X"], data["y"], [400, 25, 10])
    >>> pred = multilayerPredict(nn_params, [400, 25, 10], test["X"])
    >>> np.mean(pred == test["y"].ravel()) * 100  # 95
    """
    # Check
    if not isLayerSizes(layer_sizes):
        raise ValueError(
            "trainNeuralNetwork: layer_sizes must be a vector of two or more whole numbers >= 1"
        )
    if numel(options) == 0:
        options = {}
    options = completed(options)

    # Sizes
    layer_sizes = as_array(layer_sizes).astype(int).ravel()
    L = layer_sizes.size

    # Initialise: the cost at the random weights checks X and y
    rand("twister", options["seed"])
    Thetas = [None] * (L - 1)
    for l in range(L - 1):
        Thetas[l] = randInitializeWeights(layer_sizes[l], layer_sizes[l + 1])
    nn_params = unrollParameters(Thetas)
    if octave_class(X) == "single":
        nn_params = nn_params.astype(np.float32)

    def costFunction(p):
        return multilayerCostFunction(p, layer_sizes, X, y, options["lambda"])

    J_rounds = np.array([costFunction(nn_params)[0]])
    J_history = np.zeros(0)
    X = as_matrix(X)
    if fast:
        costFunction = BatchedCost(X, y, layer_sizes, options["lambda"])

    # Check the gradient, once
    if options["checkGradient"]:
        checkGradient(L, layer_sizes[-1])

    # Resume
    settings = {
        "layer_sizes": layer_sizes.astype(np.float64),
        "lambda": options["lambda"],
        "iterations": options["iterations"],
        "seed": options["seed"],
        "X_checksum": np.array([*X.shape, checksum(X)], np.float64),
        "y_checksum": checksum(as_array(y).astype(np.float64)),
    }
    if options["file"]:
        if Path(options["file"]).is_file():
            nn_params, J_history, J_rounds = loadState(options["file"], settings, options["rounds"])
        else:
            saveState(options["file"], settings, nn_params, J_history, J_rounds)
        print(f"Each round is saved to {options['file']}; the same call goes on from there")

    # Train
    trained = J_rounds.size - 1
    accuracy = report(trained, J_rounds, options["rounds"], nn_params, layer_sizes, X, y)
    while trained < options["rounds"] and not isEnough(trained, J_rounds, options):
        with costFunction.undisturbed() if fast else nullcontext():
            nn_params, fX, _ = fmincg(costFunction, nn_params, {"MaxIter": options["iterations"]})
        J_history = np.concatenate(single_wins(J_history, fX))
        J_rounds = np.array([*J_rounds, costFunction(nn_params)[0]])
        trained = trained + 1
        if options["file"]:
            saveState(options["file"], settings, nn_params, J_history, J_rounds)
        accuracy = report(trained, J_rounds, options["rounds"], nn_params, layer_sizes, X, y)

    return nn_params, J_history, accuracy


def completed(given):
    """Return the options with their defaults, checked."""
    if not isinstance(given, dict):
        raise TypeError(
            "trainNeuralNetwork: options must be [] or one struct, such as struct('rounds', 5), "
            f"got class {octave_class(given)}"
        )
    options = {
        "lambda": 1,
        "rounds": 10,
        "iterations": 20,
        "seed": 42,
        "file": "",
        "checkGradient": True,
        "stopBelow": 0,
        "stop": lambda round, J: False,
    }
    for name in given:
        if name not in options:
            raise ValueError(
                f"trainNeuralNetwork: options has no field {name}; it may have {', '.join(options)}"
            )
        if numel(given[name]) > 0:
            options[name] = given[name]
    if not is_finite_from_0(options["lambda"]):
        raise ValueError("trainNeuralNetwork: options.lambda must be a finite number >= 0")
    if not is_positive_whole(options["rounds"]):
        raise ValueError("trainNeuralNetwork: options.rounds must be a whole number >= 1")
    if not is_positive_whole(options["iterations"]):
        raise ValueError("trainNeuralNetwork: options.iterations must be a whole number >= 1")
    if (
        not is_finite_from_0(options["seed"])
        or as_scalar(options["seed"]) > 2**32 - 1
        or as_scalar(options["seed"]) % 1
    ):
        raise ValueError(
            "trainNeuralNetwork: options.seed must be a whole number from 0 to 2^32 - 1"
        )
    if options["file"] != "" and not (
        isinstance(options["file"], str)
        and options["file"].endswith(".mat")
        and len(options["file"]) > len(".mat")
    ):
        raise ValueError(
            "trainNeuralNetwork: options.file must be the name of a file that ends in .mat"
        )
    if (
        not (
            is_real_number(options["checkGradient"])
            or octave_class(options["checkGradient"]) == "logical"
        )
        or numel(options["checkGradient"]) != 1
        or as_scalar(options["checkGradient"]) not in (0, 1)
    ):
        raise ValueError("trainNeuralNetwork: options.checkGradient must be true or false")
    if not is_finite_from_0(options["stopBelow"]):
        raise ValueError("trainNeuralNetwork: options.stopBelow must be a finite number >= 0")
    if not callable(options["stop"]):
        raise TypeError(
            "trainNeuralNetwork: options.stop must be a function handle, "
            f"got class {octave_class(options['stop'])}"
        )
    options["lambda"] = as_scalar(options["lambda"])
    options["rounds"] = int(as_scalar(options["rounds"]))
    options["iterations"] = int(as_scalar(options["iterations"]))
    options["seed"] = as_scalar(options["seed"])
    options["stopBelow"] = as_scalar(options["stopBelow"])
    return options


def is_finite_from_0(n):
    """Whether `n` is one real number, >= 0 and finite."""
    return is_real_number(n) and numel(n) == 1 and 0 <= as_scalar(n) < np.inf


def checkGradient(L, K):
    """Fail where backpropagation is wrong: 3 inputs, layers of 5, 1 or 3 outputs, lambda = 3."""
    if K == 1:
        layer_sizes = [3, *[5] * (L - 2), 1]
        y = np.arange(1, 6) % 2
    else:
        layer_sizes = [3, *[5] * (L - 2), 3]
        y = 1 + np.arange(1, 6) % 3
    X = debugInitializeWeights(5, 2)
    Thetas = [None] * (L - 1)
    for l in range(L - 1):
        Thetas[l] = debugInitializeWeights(layer_sizes[l + 1], layer_sizes[l])

    def costFunction(p):
        return multilayerCostFunction(p, layer_sizes, X, y, 3)

    difference, worst, _ = gradientChecking(costFunction, unrollParameters(Thetas), layer_sizes)
    if not difference < 1e-9:
        raise ValueError(
            "trainNeuralNetwork: the gradient is wrong, its relative difference is "
            f"{number_text(difference, '.1e')}; worst is Theta{worst['layer']}, "
            f"unit {worst['unit']}, input {worst['input']}"
        )
    print("The gradient is right; its check is off from here on")


def isEnough(trained, J_rounds, options):
    """Whether to stop before the rounds are done, which no network does that is not trained."""
    enough = False
    if trained > 0:
        with np.errstate(invalid="ignore"):  # Inf - Inf
            fall = J_rounds[-2] - J_rounds[-1]
        if not fall > options["stopBelow"]:
            enough = True
            text = number_text(fall, ".3g")
            print(f"Stopped early: the last round lowered the cost by {text}")
        elif options["stop"](trained, J_rounds[-1]):
            enough = True
            print("Stopped early, as options.stop asked for")
    return enough


def report(trained, J_rounds, rounds, nn_params, layer_sizes, X, y):
    """Print a line of cost and accuracy."""
    pred = multilayerPredict(nn_params, layer_sizes, X)
    accuracy = np.mean(pred == as_float(y).ravel(order="F")) * 100
    print(
        f"Round {trained:2d} of {rounds} | Cost: {number_text(J_rounds[-1], '.6f')} | "
        f"Accuracy: {accuracy:.2f}%",
        flush=True,
    )
    return accuracy


def checksum(A):
    """Return a whole number from the bits of `A` and their order, the same in every language."""
    words = A.flatten(order="F").view(np.uint32).astype(np.float64)
    return np.sum(words * (1 + np.arange(1, words.size + 1) % 65520) % 65521)


def saveState(file, settings, nn_params, J_history, J_rounds):
    """Save into another file first: whatever happens, there is a whole one."""
    state = dict(settings)
    state["nn_params"] = nn_params
    state["J_history"] = J_history
    state["J_rounds"] = J_rounds
    part = file[:-4] + ".part.mat"
    try:
        savemat(part, state, oned_as="column")
    except OSError as err:
        raise ValueError(f"trainNeuralNetwork: {part} cannot be written: {err}") from err
    Path(part).replace(file)


def loadState(file, settings, rounds):
    """Return what saveState wrote, if it was in the same training."""
    try:
        state = loadmat(file)
    except Exception as err:
        raise ValueError(f"trainNeuralNetwork: {file} cannot be read as a MAT-file: {err}") from err
    for name in [*settings, "nn_params", "J_history", "J_rounds"]:
        if name not in state:
            raise ValueError(
                f"trainNeuralNetwork: {file} holds no variable {name}: "
                "it is no file of this function"
            )
    for name in settings:
        saved = as_float(state[name]).ravel(order="F")
        if not np.array_equal(saved, np.ravel(settings[name])):
            raise ValueError(
                f"trainNeuralNetwork: {file} was trained with another {name}, "
                f"[{numbers_text(saved)}] and not [{numbers_text(settings[name])}]; "
                "name another file, or give what it was trained with"
            )
    if state["J_rounds"].size > rounds + 1:
        raise ValueError(
            f"trainNeuralNetwork: {file} holds {state['J_rounds'].size - 1} rounds, "
            f"more than the {rounds} of options.rounds"
        )
    nn_params = state["nn_params"].ravel(order="F")
    J_history = state["J_history"].ravel(order="F")
    J_rounds = state["J_rounds"].ravel(order="F")
    return nn_params, J_history, J_rounds


def numbers_text(numbers):
    """Write numbers at full precision, with a space between them."""
    return " ".join(number_text(number, ".17g") for number in np.ravel(numbers))


def main(args=None):
    """Train as a command: ``python -m backprop.trainNeuralNetwork --help``."""
    parser = argparse.ArgumentParser(
        prog="python -m backprop.trainNeuralNetwork",
        description="Train a neural network and say how many examples it gets right. "
        "Ctrl-C stops it; with --file the same command then goes on.",
    )
    parser.add_argument(
        "--data",
        metavar="FILE",
        default=str(DATA),
        help="MAT-file of the examples X and their labels y (default: %(default)s)",
    )
    parser.add_argument(
        "--test",
        metavar="FILE",
        help="MAT-file of other examples, to test with "
        "(default: digits_test.mat beside the default of --data, none for other data)",
    )
    parser.add_argument(
        "--layers",
        metavar="N,N,...",
        type=layer_sizes_list,
        default=[400, 25, 10],
        help="units of each layer (default: 400,25,10)",
    )
    parser.add_argument(
        "--lambda",
        metavar="L",
        dest="lambda_",
        type=number,
        default=1.0,
        help="strength of the regularisation, >= 0 (default: 1)",
    )
    parser.add_argument(
        "--rounds",
        metavar="N",
        type=number,
        default=10,
        help="rounds in all, >= 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--iterations",
        metavar="N",
        type=number,
        default=20,
        help="iterations in each round, >= 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=number,
        default=42,
        help="seed of the random weights, from 0 to 2^32 - 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--stop-below",
        metavar="D",
        type=number,
        default=0,
        help="stop after a round in which the cost fell by no more than this (default: 0)",
    )
    parser.add_argument(
        "--file",
        metavar="FILE",
        default="",
        help="MAT-file to save each round to, and to go on from",
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="train with the batched cost function: the same numbers but for rounding",
    )
    given = parser.parse_args(args)
    test = str(TEST) if given.test is None and given.data == str(DATA) else given.test
    options = {
        "lambda": given.lambda_,
        "rounds": given.rounds,
        "iterations": given.iterations,
        "seed": given.seed,
        "stopBelow": given.stop_below,
        "file": given.file,
    }
    try:
        examples = [(file, *load(file)) for file in (given.data, test) if file is not None]
        for file, X, _ in examples[1:]:
            if X.shape[1] != given.layers[0]:
                raise ValueError(
                    f"X of {file} must have {given.layers[0]} columns, got {X.shape[1]}"
                )
        _, X, y = examples[0]
        nn_params, _, _ = trainNeuralNetwork(X, y, given.layers, options, fast=given.fast)
        for file, X, y in examples:
            accuracy = 100 * np.mean(multilayerPredict(nn_params, given.layers, X) == y)
            print(f"Accuracy on {Path(file).name}: {accuracy:.2f}%")
    except KeyboardInterrupt:
        parser.exit(INTERRUPTED, f"\n{what_is_saved(given.file)}\n")
    except (OSError, TypeError, ValueError) as error:
        parser.error(str(error))


def what_is_saved(file):
    """Say what a run that was interrupted leaves, and how to go on."""
    if not file:
        return "Stopped; nothing is saved. With --file FILE it can be stopped and go on."
    if not Path(file).is_file():
        return f"Stopped; nothing is saved to {file} yet."
    trained = loadmat(file)["J_rounds"].size - 1
    return f"Stopped; {file} holds the network after round {trained}. The same command goes on."


def load(file):
    """Load the examples X and the labels y of a MAT-file, or say what is wrong with it."""
    if not Path(file).is_file():
        raise FileNotFoundError(f"{file} is missing")
    try:
        contents = loadmat(file, variable_names=["X", "y"])
    except Exception as error:
        raise ValueError(f"{file} cannot be read as a MAT-file: {error}") from error
    for name in ("X", "y"):
        if name not in contents:
            raise ValueError(f"{file} holds no variable {name}")
    return contents["X"], contents["y"].ravel()


def layer_sizes_list(text):
    """Read the value of --layers."""
    words = text.split(",")
    if not all(word.isdecimal() for word in words):
        raise argparse.ArgumentTypeError(f"expected numbers with commas, 400,25,10, got {text!r}")
    return [int(word) for word in words]


def number(text):
    """Read the value of an option; trainNeuralNetwork checks its range."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}") from None


if __name__ == "__main__":
    main()
