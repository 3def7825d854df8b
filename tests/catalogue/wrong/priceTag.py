def priceTag(name, x):
    return f"{name}:{x:.2f}"
