import numpy as np


def toneAmplitudes(x, fs):
    n = len(x)
    spectrum = np.fft.rfft(x - x.mean())
    amp = np.abs(spectrum) / len(spectrum)
    amp[1 : (n + 1) // 2] *= 2
    tone = int(np.argmax(amp))
    harmonics = amp[2 * tone :: tone]
    thd = np.sqrt(np.sum(harmonics**2)) / amp[tone]
    return amp, np.fft.rfftfreq(n, 1 / fs), thd
