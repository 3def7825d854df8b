function [beta, se, rss] = regressionQr(X, y)
% REGRESSIONQR  Least squares with an intercept by orthogonal triangulation.
%   SE are the standard errors of the coefficients, RSS the sum of squares of
%   the residuals, which is what Q' leaves of y below the triangle.
n = size(X, 1);
A = [ones(n, 1) X];
p = size(A, 2);
[Q, R] = qr(A);
z = Q' * y;
R1 = R(1:p, :);
beta = R1 \ z(1:p);
rss = sum(z(p + 1:end) .^ 2);
if n > p
    s2 = rss / (n - p);
else
    s2 = NaN;
end
Rinv = R1 \ eye(p);
se = sqrt(s2 * sum(Rinv .^ 2, 2));
end
