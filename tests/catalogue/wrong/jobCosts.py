import math

import numpy as np

WORKSHOP = {"rate": 64.0, "setup": 25.0, "factor": 1.0}


def jobCosts(jobs):
    cost, used = [], []
    for job in jobs:
        settings = WORKSHOP
        settings.update({k: v for k, v in job.items() if k in settings})
        hours = math.ceil(job["minutes"] / 15) / 4
        cost.append(settings["setup"] + settings["factor"] * settings["rate"] * hours)
        used.append("{rate:.2f}/{setup:.2f}/{factor:.2f}".format(**settings))
    return np.array(cost), used
