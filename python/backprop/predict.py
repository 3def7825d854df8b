"""Port of octave/predict.m: the labels that a trained network gives."""

import numpy as np

from backprop._octave import as_matrix, is_real_float, octave_class, single_wins
from backprop.sigmoid import sigmoid


def predict(Theta1, Theta2, X):
    """Labels that a trained three-layer network gives to examples.

    Parameters
    ----------
    Theta1 : array_like, hidden_layer_size x (input_layer_size + 1)
        Weights of the hidden layer; finite.
    Theta2 : array_like, num_labels x (hidden_layer_size + 1)
        Weights of the output layer; finite.
    X : array_like, m x input_layer_size
        One example a row; finite. A 1-D array is one column. m may be 0.

    Returns
    -------
    p : ndarray of float64, shape (m,)
        For each row of `X` the number of the largest output, from 1 to num_labels; of equal
        outputs the first counts.

    Raises
    ------
    TypeError
        If an argument is not a real array of class double or single.
    ValueError
        If a size or a value is not as said above.

    Notes
    -----
    Source: "Neural Networks: Representation", multiclass classification; programming exercise 4.
    """
    # Check
    if not is_real_float(Theta1):
        raise TypeError(
            "predict: Theta1 must be real and of class double or single, "
            f"got class {octave_class(Theta1)}"
        )
    if not is_real_float(Theta2):
        raise TypeError(
            "predict: Theta2 must be real and of class double or single, "
            f"got class {octave_class(Theta2)}"
        )
    if not is_real_float(X):
        raise TypeError(
            f"predict: X must be real and of class double or single, got class {octave_class(X)}"
        )
    Theta1, Theta2, X = as_matrix(Theta1), as_matrix(Theta2), as_matrix(X)
    if Theta1.ndim != 2 or Theta1.shape[0] < 1 or Theta1.shape[1] < 2:
        raise ValueError(
            "predict: Theta1 must be a matrix with at least 1 row and 2 columns, "
            f"got {Theta1.shape[0]} x {Theta1.shape[1]}"
        )
    if Theta2.ndim != 2 or Theta2.shape[0] < 1 or Theta2.shape[1] != Theta1.shape[0] + 1:
        raise ValueError(
            "predict: Theta2 must be a matrix with at least 1 row and, "
            f"for the {Theta1.shape[0]} rows of Theta1, {Theta1.shape[0] + 1} columns, "
            f"got {Theta2.shape[0]} x {Theta2.shape[1]}"
        )
    if X.ndim != 2 or X.shape[1] != Theta1.shape[1] - 1:
        raise ValueError(
            f"predict: X must be a matrix with, for the {Theta1.shape[1]} columns of Theta1, "
            f"{Theta1.shape[1] - 1} columns, got {X.shape[0]} x {X.shape[1]}"
        )
    if np.any(~np.isfinite(Theta1)):
        raise ValueError(
            f"predict: Theta1 must be finite, found {np.sum(~np.isfinite(Theta1))} NaN or Inf"
        )
    if np.any(~np.isfinite(Theta2)):
        raise ValueError(
            f"predict: Theta2 must be finite, found {np.sum(~np.isfinite(Theta2))} NaN or Inf"
        )
    if np.any(~np.isfinite(X)):
        raise ValueError(f"predict: X must be finite, found {np.sum(~np.isfinite(X))} NaN or Inf")
    Theta1, Theta2, X = single_wins(Theta1, Theta2, X)

    # Sizes
    m = X.shape[0]

    with np.errstate(all="ignore"):  # the products may overflow
        # Forward
        h1 = sigmoid(np.hstack([np.ones((m, 1), X.dtype), X]) @ Theta1.T)
        h2 = sigmoid(np.hstack([np.ones((m, 1), X.dtype), h1]) @ Theta2.T)

    # Largest output, where a NaN is none
    p = 1.0 + np.argmax(np.where(np.isnan(h2), -np.inf, h2), axis=1)

    return p
