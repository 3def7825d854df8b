import numpy as np

_r = np.random.default_rng(33)
_trait = _r.normal(size=(14, 1))

cases = {
    "scale": (_trait + 0.8 * _r.normal(size=(14, 4)),),
    "likert": (
        np.array(
            [[1.0, 2.0, 1.0], [4.0, 5.0, 3.0], [3.0, 3.0, 4.0], [5.0, 4.0, 4.0], [2.0, 2.0, 3.0]]
        ),
    ),
}
