import numpy as np


def lightenShadow(image, glow):
    bright = np.minimum(image.astype(int) + glow, 255).astype(np.uint8)
    lost = np.count_nonzero((bright == 255) & (image < 255))
    return bright, float(lost), float(bright.mean() - image.mean())
