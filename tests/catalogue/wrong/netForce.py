def netForce(thrust, drag, mass):
    f = thrust + drag
    return f, f / mass
