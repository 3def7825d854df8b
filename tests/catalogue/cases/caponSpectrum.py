import numpy as np

r = np.random.default_rng(31)
looks = np.linspace(-60.0, 60.0, 13)
wave = np.exp(-2j * np.pi * 0.5 * np.arange(5) * np.sin(np.deg2rad(20.0)))
source = r.normal(size=24) + 1j * r.normal(size=24)
noise = r.normal(size=(5, 24)) + 1j * r.normal(size=(5, 24))
cases = {
    "one source": (np.outer(wave, source) + 0.3 * noise, 0.5, looks),
    "real snapshots": (r.normal(size=(4, 15)), 0.5, looks),
}
