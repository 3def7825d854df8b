import numpy as np


def colourMatrix(camera, reference):
    matrix = np.linalg.lstsq(camera.T, reference.T, rcond=None)[0]
    errors = np.linalg.norm(matrix @ camera - reference, axis=0)
    return matrix, errors, float(errors.argmax() + 1)
