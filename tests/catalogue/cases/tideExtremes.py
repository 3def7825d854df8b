import numpy as np

r = np.random.default_rng(291)
hours = np.arange(12.0)
sea = 2.1 + np.cos(2 * np.pi * np.add.outer(hours, [0.0, 2.5, 4.0]) / 12.4)
sea = sea + 0.1 * r.normal(size=sea.shape)
gaps = sea.copy()
gaps[3:5, 0] = np.nan
gaps[0, 2] = np.nan
cases = {"with gaps": (gaps, hours), "without": (sea[:, :2], hours + 0.25)}
