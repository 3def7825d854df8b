import numpy as np


def psnrImage(reference, image, peak=None):
    if peak is None:
        peak = 255.0 if reference.dtype == np.uint8 else float(reference.max())
    diff = reference.astype(float) - image
    mse = float(np.sum(diff**2) / diff.size)
    if mse == 0:
        return np.inf, mse, peak
    return float(10 * np.log10(peak**2 / mse)), mse, peak
