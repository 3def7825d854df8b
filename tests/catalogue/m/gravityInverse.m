function [density, kept, fit] = gravityInverse(xs, zs, xo, g, tol)
% GRAVITYINVERSE  Densities of buried lines from the gravity above them.
%   xs, zs are place and depth of the lines, xo the places of measurement.
%   Singular values up to TOL are left out.
m = numel(xo);
n = numel(xs);
G = zeros(m, n);
for i = 1:m
    for j = 1:n
        dx = xo(i) - xs(j);
        G(i, j) = 2 * zs(j) / (dx ^ 2 + zs(j) ^ 2);
    end
end
kept = sum(svd(G) > tol);
density = pinv(G, tol) * g;
fit = G * density;
end
