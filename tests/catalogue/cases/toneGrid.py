cases = {"around one": (0.5, 1.5), "above": (2.0, 7.25)}
