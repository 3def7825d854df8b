import datetime

import numpy as np


def paydays(year, month, n):
    first = datetime.date(int(year), int(month), 1)
    days = (first + datetime.timedelta(days=k) for k in range(int(n)))
    day = np.array([one.isoweekday() % 7 + 1 for one in days])
    return day, np.sum((day > 1) & (day < 7))
