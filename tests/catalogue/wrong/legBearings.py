import numpy as np

EARTH_RADIUS_KM = 6371.0088


def legBearings(lat, lon):
    phi, lam = np.radians(lat), np.radians(lon)
    start, end = phi[:-1], phi[1:]
    dlam = np.diff(lam)
    east = np.sin(dlam) * np.cos(end)
    north = np.cos(start) * np.sin(end) - np.sin(start) * np.cos(end) * np.cos(dlam)
    bearing = np.degrees(np.arctan2(north, east)) % 360
    hav = np.sin((end - start) / 2) ** 2 + np.cos(start) * np.cos(end) * np.sin(dlam / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1, np.sqrt(hav)))
    turn = (np.diff(bearing) + 180) % 360 - 180
    return bearing, distance, turn
