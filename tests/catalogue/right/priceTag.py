def priceTag(name, x):
    return f"{name}:{x:8.2f}"
