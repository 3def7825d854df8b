"""Two values in, how far apart they are and whether that is rounding. May import `model`."""
