def netRunoff(rain, loss):
    runoff = rain - loss
    runoff[runoff < 0] = 0
    return runoff, runoff.sum()
