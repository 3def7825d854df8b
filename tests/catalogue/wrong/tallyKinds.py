def tallyKinds(x, seen=[]):
    for value in x:
        if value not in seen:
            seen.append(value)
    return len(seen), sum(seen)
