cases = {
    "fast then slow": (0.83, 0.21, 1.37, 0.25, 4.0),
    "equal rates": (0.5, 0.5, 2.0, 0.5, 6.0),
    "off the grid": (0.83, 0.21, 1.0, 0.25, 3.9),
}
