cases = {"two": (2.0, 1e-9), "large": (5000.0, 1e-3), "larger": (2.5e6, 1e-3)}
