cases = {"five": (5.0, 2.0), "again": (5.0, 4.0), "once more": (5.0, 1.0)}
