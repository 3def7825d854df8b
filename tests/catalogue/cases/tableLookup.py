import numpy as np

grid = np.array([0.0, 50.0, 100.0, 200.0, 300.0, 400.0])
cases = {
    "thermocouple": (
        grid,
        np.array([0.0, 2.023, 4.096, 8.138, 12.209, 16.397]),
        np.array([-12.5, 0.0, 37.25, 100.0, 250.75, 399.9, 431.0]),
    ),
    "straight": (grid, 2.0 * grid + 1.0, np.array([25.0, 150.0, 350.0])),
}
