def pickingList(names, quantity, price):
    kept = [(n, q, p) for n, q, p in zip(names, quantity, price, strict=True) if q > 0]
    lines = []
    total = 0.0
    for name, amount, each in kept:
        cost = float(amount * each)
        total += cost
        lines.append(f"{name:<8s} {amount:g} at {each:.2f}: {cost:8.3f}")
    lines.append(f"{len(kept)} lines, sum {total:.2f}")
    return lines, total
