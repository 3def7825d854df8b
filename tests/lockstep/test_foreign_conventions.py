"""Octave's own functions against NumPy's and SciPy's: conventions are declared, nothing wrapped."""

import pytest

from lockstep.project.pairs import find_project

X = "np.random.default_rng(1).normal(size=(5, 3))"
V = "np.random.default_rng(2).normal(size=7)"
W = "np.random.default_rng(3).normal(size=7)"
S = "(lambda a: a @ a.T + 3 * np.eye(4))(np.random.default_rng(4).normal(size=(4, 4)))"
WHOLE = "np.array([3.0, 1.0, 2.0, 3.0, 1.0, 7.0])"

DECLARED = {
    "trapz": ("numpy:trapezoid", 'arguments = ["x", "y"]', f"({V}, {W})"),
    "polyfit": ("numpy:polyfit", 'integers = "scalars"', f"Case({V}, {W}, 2.0, nargout=1)"),
    "polyval": ("numpy:polyval", "", f"Case(row({V}), {W}, nargout=1)"),
    "cov": ("numpy:cov", 'extra = {"rowvar": False}', f"({X},)"),
    "corr": ("numpy:corrcoef", 'extra = {"rowvar": False}', f"({X},)"),
    "toeplitz": ("scipy.linalg:toeplitz", "", f"({V}, row({W}))"),
    "hankel": ("scipy.linalg:hankel", "", f"({V},)"),
    "vander": ("numpy:vander", "", f"({V},)"),
    "var": ("numpy:var", 'extra = {"ddof": 1, "axis": 0}', f"Case({X}, nargout=1)"),
    "std": ("numpy:std", 'extra = {"ddof": 1, "axis": 0}', f"({X},)"),
    "median": ("numpy:median", 'extra = {"axis": 0}', f"({X},)"),
    "cumtrapz": (
        "scipy.integrate:cumulative_trapezoid",
        'extra = {"axis": 0, "initial": 0}\narguments = ["y"]',
        f"({X},)",
    ),
    "sort": ("numpy:sort", 'axes = ["argument 2"]', f"Case({X}, 1.0, nargout=1)"),
    "cumsum": ("numpy:cumsum", 'axes = ["argument 2"]', f"({X}, 2.0)"),
    "cumprod": ("numpy:cumprod", 'axes = ["argument 2"]', f"({X}, 1.0)"),
    "diff": ("numpy:diff", 'integers = "scalars"\naxes = ["argument 3"]', f"({X}, 1.0, 1.0)"),
    "find": ("numpy:flatnonzero", 'indices = ["output 1"]', "(np.array([0.0, 2, 0, 3]),)"),
    "unique": (
        "numpy:unique",
        'extra = {"return_inverse": True}\noutputs = [0, None, 1]\nindices = ["output 3"]',
        f"Case({WHOLE}, nargout=3)",
    ),
    "eig": (
        "numpy.linalg:eigh",
        'outputs = ["eigenvectors"]\nfree = {"output 1": "column signs"}',
        f"Case({S}, nargout=2)",
    ),
    "svd": (
        "numpy.linalg:svd",
        'arguments = ["a", None]\n'
        'outputs = ["U", None, "Vh"]\n'
        'extra = {"full_matrices": False}\n'
        'transposed = ["output 3"]\n'
        'free = {"output 1": "column signs", "output 3": "column signs"}',
        f"Case({X}, 0.0, nargout=3)",
    ),
    "circshift": ("numpy:roll", 'integers = "scalars"\naxes = ["argument 3"]', f"({X}, 1.0, 1.0)"),
    "kron": ("numpy:kron", "", f"({X}, {S})"),
    "conv": ("numpy:convolve", "", f"({V}, {W})"),
    "interp1": (
        "numpy:interp",
        'arguments = ["xp", "fp", "x"]',
        f"(np.arange(7.0), {V}, np.array([0.5, 2.25]))",
    ),
    "flipud": ("numpy:flipud", "", f"({X},)"),
    "fliplr": ("numpy:fliplr", "", f"({X},)"),
    "rot90": ("numpy:rot90", 'integers = "scalars"', f"({X}, 3.0)"),
    "hypot": ("numpy:hypot", "", f"({V}, {W})"),
    "nchoosek": ("scipy.special:binom", "", "(7.0, 3.0)"),
    "expm": ("scipy.linalg:expm", "rtol = 1e-12", f"({S},)"),
    "null": ("scipy.linalg:null_space", 'free = {"output 1": "column signs"}', f"({X}.T[:2],)"),
    "roots": ("numpy:roots", 'free = {"output 1": "order"}', "(np.array([1.0, -6, 11, -6]),)"),
    "atan2": ("math:atan2", "", "(0.3, -0.2)"),
    "lu": (
        "scipy.linalg:lu",
        'outputs = [1, 2, 0]\ntransposed = ["output 3"]',
        f"Case({S}, nargout=3)",
    ),
    "meshgrid": ("numpy:meshgrid", "", f"Case({V}, {W}, nargout=2)"),
    "cross": ("numpy:cross", "", "(np.array([1.0, 2, 3]), np.array([0.5, 1, -2]))"),
    "nnz": ("numpy:count_nonzero", 'classes = "any"', f"({X} > 0,)"),
    "hamming": ("numpy:hamming", 'integers = "scalars"', "(9.0,)"),
    "blackman": ("numpy:blackman", 'integers = "scalars"', "(9.0,)"),
    "sinc": ("numpy:sinc", "", f"({X},)"),
    "polyder": ("numpy:polyder", "", f"Case(row({V}), nargout=1)"),
    "polyint": ("numpy:polyint", "", f"(row({V}),)"),
    "poly": ("numpy:poly", "", f"({V},)"),
    "union": ("numpy:union1d", "", f"Case({WHOLE}, {WHOLE} + 1, nargout=1)"),
    "setdiff": ("numpy:setdiff1d", "", f"Case({WHOLE}, {WHOLE} + 1, nargout=1)"),
    "intersect": (
        "numpy:intersect1d",
        'extra = {"return_indices": True}\nindices = ["output 2", "output 3"]',
        f"Case({WHOLE}, {WHOLE}[::-1], nargout=3)",
    ),
    "hilb": ("scipy.linalg:hilbert", 'integers = "scalars"', "(5.0,)"),
    "invhilb": ("scipy.linalg:invhilbert", 'integers = "scalars"', "(5.0,)"),
    "pascal": ("scipy.linalg:pascal", 'integers = "scalars"\nclasses = "any"', "(5.0,)"),
    "hadamard": ("scipy.linalg:hadamard", 'integers = "scalars"\nclasses = "any"', "(8.0,)"),
    "ranks": ("scipy.stats:rankdata", "", f"({WHOLE},)"),
    "skewness": ("scipy.stats:skew", "", f"({V},)"),
    "kurtosis": ("scipy.stats:kurtosis", 'extra = {"fisher": False}', f"({V},)"),
    "cond": ("numpy.linalg:cond", "", f"({S},)"),
    "trace": ("numpy:trace", "", f"({S},)"),
    "fftshift": ("numpy.fft:fftshift", "", f"({X},)"),
    "unwrap": ("numpy:unwrap", "", f"(3 * {V},)"),
    "mean": ("numpy:mean", 'axes = ["argument 2"]', f"({X}, 2.0)"),
    "logm": ("scipy.linalg:logm", "rtol = 1e-12", f"Case({S}, nargout=1)"),
    "freqz": (
        "scipy.signal:freqz",
        'arguments = ["b", "a", "worN"]\noutputs = [1, 0]\nintegers = "scalars"',
        "Case(row([1.0, 2.0, 1.0]), row([1.0, -0.5]), 16.0, nargout=2)",
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_function_of_numpy_or_scipy_agrees_with_octaves(tmp_path, shared_runner, name):
    port, conventions, case = DECLARED[name]
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.lockstep]\ncases = "cases"\n[tool.lockstep.pairs]\n{name} = "{port}"\n'
    )
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / f"{name}.py").write_text(
        "import numpy as np\nfrom lockstep import Case, row\n"
        f"{conventions}\ncases = {{'one': {case}}}\n"
    )
    with shared_runner(find_project(tmp_path)) as runner:
        result = runner.run_pair(runner.project.pair(name))[0]
    assert (result.problem, [one.problem for one in result.cases]) == ("", [""])
    assert [leaf.name for leaf in result.cases[0].leaves if not leaf.verdict.agrees] == []
    assert any(leaf.leaf.compared for leaf in result.cases[0].leaves)


def test_many_are_scripts_of_octaves_own_folder(octave):
    """Octave's `which` names a file for these; the others are compiled into it."""
    scripts = [name for name in DECLARED if octave.call("exist", name, nargout=1).outputs[0] == 2]
    assert len(scripts) >= 40
