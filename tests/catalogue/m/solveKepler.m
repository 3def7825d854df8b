function [E, nu, iter] = solveKepler(M, e, tol, maxIter)
% SOLVEKEPLER  Eccentric and true anomaly by Newton's method.
%   M is the mean anomaly in radians, e the eccentricity of the ellipse.
M = mod(M, 2 * pi);
if e > 0.8, E = pi; else, E = M; end
iter = 0;
do
    f = E - e * sin(E) - M;
    step = f / (1 - e * cos(E));
    E = E - step;
    iter = iter + 1;
until abs(step) < tol || iter >= maxIter
nu = 2 * atan2(sqrt(1 + e) * sin(E / 2), sqrt(1 - e) * cos(E / 2));
end
