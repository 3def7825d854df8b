import numpy as np


def lightenShadow(image, glow):
    bright = image + glow
    lost = np.count_nonzero((bright == 255) & (image < 255))
    return bright, float(lost), float(bright.mean() - image.mean())
