import numpy as np

cases = {
    "speech": (np.array([7, -12, 355, 1010, -871, -4, 30001, 32767, -32768, -32767, 3], np.int16),),
    "even": (np.array([2, 4, -6, -10, 100, 300], np.int16),),
}
