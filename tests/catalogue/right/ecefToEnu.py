import numpy as np


def _local_axes(lat, lon):
    sp, cp = np.sin(lat), np.cos(lat)
    sl, cl = np.sin(lon), np.cos(lon)
    return np.array([[-sl, cl, 0.0], [-sp * cl, -sp * sl, cp], [cp * cl, cp * sl, sp]])


def ecefToEnu(xyz, lat0, lon0, xyz0):
    rot = _local_axes(lat0 * np.pi / 180, lon0 * np.pi / 180)
    enu = (xyz - xyz0) @ rot.T
    east, north = enu[:, 0], enu[:, 1]
    dist = np.sqrt(east**2 + north**2)
    azim = np.arctan2(east, north) * 180 / np.pi
    return enu, dist, np.where(azim < 0, azim + 360, azim)
