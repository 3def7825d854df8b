def findName(names, wanted):
    k = 0
    for i, name in enumerate(names):
        if name.lower() == wanted:
            k = i + 1
    return k
