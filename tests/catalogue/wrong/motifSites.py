import numpy as np


def motifSites(strand, motif):
    strand, motif = strand.upper(), motif.upper()
    sites = []
    at = strand.find(motif)
    while at >= 0:
        sites.append(at)
        at = strand.find(motif, at + 1)
    sites = np.array(sites, dtype=float)
    padded = "-" + strand
    before = "".join(padded[int(s) - 1] for s in sites)
    return sites, (sites - 1) % 3 + 1, before
