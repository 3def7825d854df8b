"""The weights in data/ are what data/build_weights.m makes, and its file is always the same."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat

from lockstep.sides.octave import find_octave

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "data" / "weights.mat"
SHAPES = {"Theta1": (25, 401), "Theta2": (10, 26)}

# Training ends a little elsewhere where products are rounded in another way. Measured with
# OpenBLAS's kernels for six processors, with 1 and 2 threads, in Octave and in Python, 28 runs: the
# weights, up to 4.1 large, moved by at most 6.1e-8 (and not at all in two of them). Another BLAS
# may move them more, a hundred times as much and some.
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the file that a copy of the builder makes in a folder of its own."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(ROOT / "octave", root / "octave")
    (root / "data").mkdir()
    for name in ("build_weights.m", "digits.mat"):
        shutil.copy(ROOT / "data" / name, root / "data")
    subprocess.run(
        [find_octave(), str(root / "data" / "build_weights.m")], capture_output=True, check=True
    )
    return root / "data" / "weights.mat"


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name):
    Theta = loadmat(FILE)[name]
    assert Theta.shape == SHAPES[name]
    assert Theta.dtype == np.float64


@pytest.mark.parametrize("name", SHAPES)
def test_the_builder_makes_them(built, name):
    np.testing.assert_allclose(loadmat(built)[name], loadmat(FILE)[name], rtol=0, atol=TOLERANCE)


def test_the_text_header_names_the_origin_and_no_date(built):
    header = FILE.read_bytes()[:116]
    assert header.rstrip() == b"MATLAB 5.0 MAT-file, trained on digits.mat by data/build_weights.m"
    assert built.read_bytes()[:116] == header
