cases = {
    "periodic": (3.21, 0.37, 12.0, 8.0),
    "fixed point": (1.75, 0.2, 10.0, 2.0),
}
