import numpy as np


def bigramTable(text):
    codes = np.array([ord(ch) - 97 for ch in text.lower() if "a" <= ch <= "z"])
    table = np.zeros((26, 26))
    np.add.at(table, (codes[:-1], codes[1:]), 1)
    first, second = np.nonzero(table.T)[::-1]
    pairs = [chr(97 + i) + chr(97 + j) for i, j in zip(first, second, strict=True)]
    counts = table[first, second]
    return pairs, counts, pairs[counts.argmax()]
