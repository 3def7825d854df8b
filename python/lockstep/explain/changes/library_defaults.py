"""Options of SciPy's functions whose default is not what Octave's function of that purpose does.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, keyword, with_keywords

ORDER = 12
KEYS = ("library-default",)

_WINDOWS = ("hann", "hamming", "blackman", "bartlett", "kaiser", "gaussian", "tukey", "flattop")

_OPTIONS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "cumulative_trapezoid": (
        ("initial", "0", "cumtrapz begins with 0.", "cumulative_trapezoid leaves the 0 out."),
    ),
    "filtfilt": (
        ("padlen", "3 * (max(len(X), len(Y)) - 1)", "filtfilt goes on by 3 times the order.",
         "SciPy's goes on by 3 times the number of coefficients, one more."),
    ),
    "label": (
        ("structure", "np.ones((3,) * np.ndim(X))", "bwlabel joins what touches by a corner.",
         "scipy.ndimage.label joins what touches by an edge."),
    ),
    "zscore": (("ddof", "1", "zscore divides by n - 1.", "SciPy's zscore divides by n."),),
    "kurtosis": (
        ("fisher", "False", "The kurtosis of a normal distribution is 3.",
         "SciPy takes 3 off unless fisher is False."),
    ),
    "get_window": (
        ("fftbins", "False", "A window is symmetric unless told 'periodic'.",
         "get_window gives a periodic one."),
    ),
    **dict.fromkeys(
        ("welch", "periodogram", "csd", "coherence", "spectrogram", "stft"),
        (("detrend", "False", "Octave leaves the mean in.", "SciPy takes the mean off first."),),
    ),
    **dict.fromkeys(
        _WINDOWS,
        (("sym", "False", "Octave's window is periodic here.", "SciPy's is symmetric."),),
    ),
}  # fmt: skip
"""Of functions by name: an option, Octave's value of it, and what each side does."""


def options(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give an option Octave's value, or leave out one that was given so."""
    if not isinstance(node, ast.Call):
        return
    for name, text, octave, python in _OPTIONS.get(called(node), ()):
        if keyword(node, name) is not None:
            octave = f"Octave does what is done without {name}."
            new: ast.expr = with_keywords(node, (name,))
            yield Change("library-default", node, new, octave, f"The port gives {name}.")
        elif "np." not in text or context.np:
            first, *rest = [*node.args, ast.Constant(0)]
            value = context.make(text, X=first, Y=rest[0] if rest else first)
            new = with_keywords(node, (), **{name: value})
            yield Change("library-default", node, new, octave, python)


def edges(node: ast.AST, context: Context) -> Iterator[Change]:
    """Leave out the zeros at both ends of a window, as Octave's hanning does."""
    if called(node) in ("hanning", "hann") and isinstance(node, ast.Call) and node.args:
        longer = context.make("X + 2", X=node.args[0])
        inner = ast.Call(node.func, [longer, *node.args[1:]], node.keywords)
        octave = "hanning (n) has no zeros at its ends."
        python = f"{called(node)} begins and ends with 0."
        yield Change("library-default", node, context.make("X[1:-1]", X=inner), octave, python)


CHANGES = (options, edges)
