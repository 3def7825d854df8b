cases = {
    "milk": (["Tea", "Milk", "sugar"], "milk"),
    "sugar": (["Tea", "SUGAR"], "sugar"),
    "as written": (["x", "y"], "y"),
}
