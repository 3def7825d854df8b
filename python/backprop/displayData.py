"""Port of octave/displayData.m: the rows of X as images in a grid."""

import numpy as np

from backprop._octave import (
    as_matrix,
    as_scalar,
    is_positive_whole,
    is_real_float,
    numel,
    octave_class,
)

try:
    import matplotlib.pyplot as plt
except ModuleNotFoundError:
    plt = None


def displayData(X, example_width=None, *, path=None):
    """Show the rows of `X` as images in a grid.

    Parameters
    ----------
    X : array_like, m x n
        One image a row, unrolled column by column; finite. A 1-D array is one column.
    example_width : int, optional
        Columns of an image, a divisor of n; by default round(sqrt(n)): square images.
    path : str or Path, optional
        File to save the picture to, as PNG; Octave's displayData has no such argument.

    Returns
    -------
    h : matplotlib.image.AxesImage or None
        The picture, in the current axes; None where matplotlib is not installed.
    display_array : ndarray
        The picture: all images, row by row, in a grid of floor(sqrt(m)) rows, with one pixel of
        padding around each. Each image is divided by its largest absolute value, so it lies in
        [-1, 1]: -1 is black, and so is the padding, and 1 is white. An image of zeros stays 0.
        Where the last row of the grid is not full, the rest is -1.

    Raises
    ------
    TypeError
        If `X` is not a real array of class double or single.
    ValueError
        If `X` is empty, not finite or no matrix, or if `example_width` is not as said above.
    ModuleNotFoundError
        If `path` is given and matplotlib is not installed.

    Notes
    -----
    Source: programming exercise 4, visualising the data.
    """
    # Check
    if not is_real_float(X):
        raise TypeError(
            "displayData: X must be real and of class double or single, "
            f"got class {octave_class(X)}"
        )
    if numel(X) == 0:
        raise ValueError("displayData: X is empty; it needs at least one image (row)")
    X = as_matrix(X)
    if X.ndim != 2:
        raise ValueError(f"displayData: X must be a matrix, got {X.ndim} dimensions")
    if np.any(~np.isfinite(X)):
        raise ValueError(
            f"displayData: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf"
        )
    if numel(example_width) == 0:
        example_width = np.round(np.sqrt(X.shape[1]))
    if not is_positive_whole(example_width):
        raise ValueError("displayData: example_width must be a whole number >= 1")
    example_width = int(as_scalar(example_width))
    if X.shape[1] % example_width != 0:
        raise ValueError(
            f"displayData: example_width must divide the {X.shape[1]} columns of X, "
            f"got {example_width}"
        )

    # Sizes
    m = X.shape[0]
    n = X.shape[1]
    example_height = n // example_width
    display_rows = int(np.floor(np.sqrt(m)))
    display_cols = int(np.ceil(m / display_rows))
    pad = 1

    # Fill the grid, row by row
    display_array = -np.ones(
        (pad + display_rows * (example_height + pad), pad + display_cols * (example_width + pad))
    )
    for k in range(m):
        max_val = np.max(np.abs(X[k, :]))
        if max_val == 0:
            max_val = 1
        top = pad + k // display_cols * (example_height + pad)
        left = pad + k % display_cols * (example_width + pad)
        display_array[top : top + example_height, left : left + example_width] = (
            X[k, :].reshape((example_height, example_width), order="F") / max_val
        )

    # Draw, where that is possible
    h = None
    if plt is not None:
        axes = plt.gca()
        axes.clear()
        h = axes.imshow(display_array, cmap="gray", vmin=-1, vmax=1)
        axes.set_axis_off()
    if path is not None:
        if h is None:
            raise ModuleNotFoundError(
                "displayData: matplotlib saves the picture, and it is not installed; "
                "pip install lockstep-octave[figures]"
            )
        h.figure.savefig(path, format="png", bbox_inches="tight")

    return h, display_array
