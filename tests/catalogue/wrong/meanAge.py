import numpy as np


def meanAge(days):
    m = sum(days) // len(days) / 365
    return m, days / 365 - m
