import numpy as np

_r = np.random.default_rng(6)

cases = {
    "heavy tails": (_r.standard_t(2, size=(17, 3)), 0.1),
    "incomes": (_r.integers(10, 90, size=(8, 2)).astype(float), 0.25),
}
