def tourCost(costs, tour):
    c = 0.0
    places = tour.astype(int) - 1
    for start, end in zip(places[:-1], places[1:]):
        c += costs[end, start]
    return c
