import numpy as np

r = np.random.default_rng(411)
clean = r.integers(0, 256, size=(6, 8)).astype(np.uint8)
noisy = np.clip(clean + np.rint(6.0 * r.normal(size=(6, 8))), 0, 255).astype(np.uint8)
wave = np.sin(np.arange(20.0) / 3.0)
cases = {
    "8-bit": (clean, noisy),
    "signal": (wave, wave + 0.05 * r.normal(size=20)),
    "peak given": (r.uniform(size=(4, 5)), r.uniform(size=(4, 5)), 1.0),
    "equal": (clean, clean),
}
