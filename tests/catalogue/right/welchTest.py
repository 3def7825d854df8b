import numpy as np
from scipy.special import betainc


def welchTest(x, y, side="both"):
    vx = x.var(ddof=1) / x.size
    vy = np.sum((y - y.mean()) ** 2) / (y.size - 1) / y.size
    t = float((x.mean() - y.mean()) / np.sqrt(vx + vy))
    df = float((vx + vy) ** 2 / (vx**2 / (x.size - 1) + vy**2 / (y.size - 1)))
    tail = float(betainc(df / 2, 0.5, df / (df + t**2)) / 2)
    if side == "both":
        p = 2 * tail
    elif side == "left":
        p = tail if t < 0 else 1 - tail
    else:
        p = tail if t > 0 else 1 - tail
    return {"t": t, "df": df, "p": p, "reject": p < 0.05}
