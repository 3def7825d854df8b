import numpy as np


def caponSpectrum(snapshots, spacing, angles):
    sensors, count = snapshots.shape
    cov = snapshots @ snapshots.conj().T / count
    loading = 1e-2 * np.trace(cov).real / sensors
    inverse = np.linalg.inv(cov + loading * np.eye(sensors))
    delay = np.outer(np.arange(sensors), np.sin(angles * np.pi / 180))
    steer = np.exp(-2j * np.pi * spacing * delay)
    power = 1 / (steer.conj() * (inverse @ steer)).sum(axis=0).real
    return power, float(angles[power.argmax()])
