import numpy as np


def _taper(name, n):
    if name.lower() == "hann":
        return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    if name.lower() == "none":
        return np.ones(n)
    raise ValueError(f"unknown window {name}")


def bandPower(signals, rate, band, window):
    n = len(signals)
    taper = _taper(window, n)
    spectrum = np.fft.fft(signals * taper[:, None])[: n // 2 + 1]
    power = np.abs(spectrum) ** 2 / (rate * np.sum(taper**2))
    freq = np.arange(n // 2 + 1) * rate / n
    inside = (freq >= band[0]) & (freq <= band[1])
    return power[inside].sum(axis=0) * rate / n, freq[power.argmax(axis=0)]
