cases = {
    "a leap year": (2024.0, 2.0, 10.0),
    "from a Sunday": (2023.0, 10.0, 7.0),
    "from a Monday": (2024.0, 7.0, 5.0),
}
classes = "any"
