import numpy as np


def soilMoisture(moist, rain, drain):
    moist = moist.astype(float)
    moist[0] += rain
    out = drain * moist
    moist -= out
    moist[1:] += out[:-1]
    moist = np.maximum(moist, 0.02)
    moist.clip(max=0.45)
    return moist, float((moist < 0.1).sum())
