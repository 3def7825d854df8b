def coolingLine(temps, loss, gain):
    temps = temps.copy()
    inner = temps[1:-1]
    mean2 = (temps[:-2] + temps[2:]) / 2
    inner -= loss * (inner - mean2)
    inner += gain
    return temps, temps.sum()
