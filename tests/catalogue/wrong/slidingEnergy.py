import numpy as np


def slidingEnergy(x, w, hop, frac):
    w, hop = int(w), int(hop)
    nf = (len(x) - w) // hop + 1
    energy = np.zeros(nf)
    for k in range(nf):
        first = k * hop
        seg = x[first : first + w - 1]
        seg = seg - seg.mean()
        energy[k] = np.sum(seg**2) / w
    onset = np.flatnonzero(energy >= frac * energy.max())[0] + 1
    return energy, float(onset)
