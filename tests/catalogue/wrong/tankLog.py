def tankLog(inflow, capacity, leak):
    state = {"level": 0.0, "fullHours": 0.0}
    spilled = 0.0
    log = []
    for amount in inflow:
        level = state["level"] * (1 - leak) + amount
        if level >= capacity:
            spilled += level - capacity
            level = capacity
            state["fullHours"] += 1
        state["level"] = level
        log.append(state)
    return log, spilled
