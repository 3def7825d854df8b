import numpy as np


def capOrders(orders, limit):
    plan = orders.copy()
    over = plan.sum(axis=1) > limit
    plan[over][:, -1] = 0
    week = plan.sum(axis=1, keepdims=True)
    plan = plan * np.where(week > limit, limit / np.maximum(week, limit), 1.0)
    return plan, orders.sum(axis=1) - plan.sum(axis=1)
