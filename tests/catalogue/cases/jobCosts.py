cases = {
    "plain": ([{"minutes": 50.0}, {"minutes": 15.0}],),
    "special": (
        [
            {"minutes": 32.5, "rate": 81.25},
            {"minutes": 130.0},
            {"minutes": 12.0, "setup": 0.0, "factor": 1.35},
            {"minutes": 61.0},
        ],
    ),
}
