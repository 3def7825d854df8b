def tallyKinds(x, seen=()):
    seen = list(seen)
    for value in x:
        if value not in seen:
            seen.append(value)
    return len(seen), sum(seen)
