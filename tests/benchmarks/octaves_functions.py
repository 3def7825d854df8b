"""Functions of Octave's own beside NumPy's and SciPy's, and random arguments, for `verdicts`."""

from pathlib import Path
from typing import Any

import numpy as np

from lockstep.project.pairs import Project, find_project

FUNCTIONS: dict[str, tuple[str, str, str]] = {
    # name: (kind of the arguments, in Octave, in Python)
    "sums": ("vector", "sum(x)", "np.sum(x)"),
    "means": ("vector", "mean(x)", "np.mean(x)"),
    "stds": ("vector", "std(x)", "np.std(x, ddof=1)"),
    "vars": ("vector", "var(x)", "np.var(x, ddof=1)"),
    "medians": ("vector", "median(x)", "np.median(x)"),
    "cumsums": ("vector", "cumsum(x)", "np.cumsum(x)"),
    "cumprods": ("vector", "cumprod(x)", "np.cumprod(x)"),
    "prods": ("vector", "prod(x)", "np.prod(x)"),
    "norms": ("vector", "norm(x)", "np.linalg.norm(x)"),
    "diffs": ("vector", "diff(x)", "np.diff(x)"),
    "trapezes": ("vector", "trapz(x)", "np.trapezoid(x)"),
    "sorts": ("vector", "sort(x)", "np.sort(x)"),
    "ffts": ("vector", "fft(x)", "np.fft.fft(x)"),
    "iffts": ("vector", "real(ifft(fft(x)))", "np.fft.ifft(np.fft.fft(x)).real"),
    "convs": ("vector", "conv(x, x(1:3))", "np.convolve(x, x[:3])"),
    "filters": ("vector", "filter([1 2], [1 -0.5], x)", "signal.lfilter([1, 2], [1, -0.5], x)"),
    "polyfits": (
        "vector",
        "polyfit((1:numel(x))', x, 2)",
        "np.polyfit(np.arange(1.0, x.size + 1), x, 2)",
    ),
    "five_roots": ("vector", "sort(abs(roots(x(1:5))))", "np.sort(np.abs(np.roots(x[:5])))"),
    "polynomials": ("square", "poly(x)", "np.poly(x)"),
    "roots_of_polynomials": (
        "square",
        "sort(real(roots(poly(x + x'))))",
        "np.linalg.eigvalsh(x + x.T)",
    ),
    "polyvals": ("vector", "polyval(x(1:4), x)", "np.polyval(x[:4], x)"),
    "exps": ("vector", "exp(x)", "np.exp(x)"),
    "logs": ("vector", "log(abs(x))", "np.log(np.abs(x))"),
    "sines": ("vector", "sin(10*x)", "np.sin(10 * x)"),
    "tanhs": ("vector", "tanh(x)", "np.tanh(x)"),
    "powers": ("vector", "abs(x).^1.7", "np.abs(x) ** 1.7"),
    "gammas": ("vector", "gamma(abs(x) + 0.5)", "special.gamma(np.abs(x) + 0.5)"),
    "erfs": ("vector", "erf(x)", "special.erf(x)"),
    "zscores": ("vector", "(x - mean(x)) / std(x)", "(x - x.mean()) / x.std(ddof=1)"),
    "softmaxes": (
        "vector",
        "exp(x - max(x)) / sum(exp(x - max(x)))",
        "np.exp(x) / np.sum(np.exp(x))",
    ),
    "windows": (
        "vector",
        "x .* (0.5*(1-cos(2*pi*(0:numel(x)-1)'/(numel(x)-1))))",
        "x * np.hanning(x.size)",
    ),
    "decibels": (
        "vector",
        "20*log10(abs((1 + 0.5*exp(1i*x)) ./ (1 + 0.5*exp(-1i*x))) .* (1 + abs(x)))",
        "20 * np.log10(np.abs((1 + 0.5 * np.exp(1j * x)) / (1 + 0.5 * np.exp(-1j * x)))"
        " * (1 + np.abs(x)))",
    ),
    "interpolations": (
        "vector",
        "interp1((1:numel(x))', x, 1.5 + abs(sin(x)))",
        "np.interp(1.5 + np.abs(np.sin(x)), np.arange(1.0, x.size + 1), x)",
    ),
    "products": ("matrix", "x * x'", "x @ x.T"),
    "solutions": ("square", "x \\ x(:, 1:2).^2", "np.linalg.solve(x, x[:, :2] ** 2)"),
    "inverses": ("square", "inv(x)", "np.linalg.inv(x)"),
    "determinants": ("square", "det(x)", "np.linalg.det(x)"),
    "singular_values": ("matrix", "svd(x)", "np.linalg.svd(x)[1]"),
    "symmetric_eigenvalues": ("square", "eig(x + x')", "np.linalg.eigvalsh(x + x.T)"),
    "covariances": ("matrix", "cov(x)", "np.cov(x, rowvar=False)"),
    "correlations": ("matrix", "corr(x)", "np.corrcoef(x, rowvar=False)"),
    "column_means": ("matrix", "mean(x)", "x.mean(axis=0)"),
    "row_sums": ("matrix", "sum(x, 2)", "x.sum(axis=1)"),
    "least_squares": (
        "matrix",
        "x \\ sum(x, 2)",
        "np.linalg.lstsq(x, x.sum(axis=1), rcond=None)[0]",
    ),
    "distances": (
        "matrix",
        "sqrt(max(sum(x.^2, 2) + sum(x.^2, 2)' - 2*x*x', 0)) + 1",
        "np.sqrt(np.maximum((x**2).sum(axis=1)[:, None] + (x**2).sum(axis=1) - 2 * x @ x.T, 0))"
        " + 1",
    ),
    "exponentials": ("square", "expm(x / 4)", "linalg.expm(x / 4)"),
    "pseudoinverses": ("matrix", "pinv(x)", "np.linalg.pinv(x)"),
    "cholesky": (
        "square",
        "chol(x*x' + eye(rows(x)))",
        "linalg.cholesky(x @ x.T + np.eye(len(x)))",
    ),
}


def own_project(folder: Path) -> Project:
    """Write the functions as pairs of a project."""
    for name in ("matlab", "port", "cases"):
        (folder / name).mkdir()
    for name, (_, octave, python) in FUNCTIONS.items():
        (folder / "matlab" / f"{name}.m").write_text(
            f"function y = {name}(x)\ny = {octave};\nend\n"
        )
        (folder / "port" / f"{name}.py").write_text(
            f"import numpy as np\nfrom scipy import linalg, signal, special\n\n"
            f"def {name}(x):\n    return {python}\n"
        )
    return find_project(octave=[folder / "matlab"], port=folder / "port", cases=folder / "cases")


def argument(kind: str, random: np.random.Generator) -> Any:
    """Make a random argument: normal, or positive, or whole, or of many sizes."""
    rows = int(random.integers(4, 9) if kind == "square" else random.integers(5, 200))
    shape = {"vector": (rows,), "matrix": (rows + 6, 4), "square": (rows, rows)}[kind]
    style = random.integers(4)
    x = random.normal(size=shape)
    if style == 1:
        x = random.random(shape)
    elif style == 2:
        x = np.round(9 * x) + (10 * rows * np.eye(rows) if kind == "square" else 0)
    elif style == 3:
        x = x * 10.0 ** random.integers(-2, 2, shape)
    return x
