def netRunoff(rain, loss):
    runoff = rain - loss
    return runoff, runoff.sum()
