import numpy as np

t = np.linspace(0.25, 11.5, 7)
cases = {"spring": (t, 2.4, 12.42), "neap": (t[:4], 1.1, 12.42)}
