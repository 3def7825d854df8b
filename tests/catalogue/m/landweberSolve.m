function [x, misfit] = landweberSolve(A, b, iters, lower)
% LANDWEBERSOLVE  Projected Landweber iteration for a blurred signal.
%   The step is the inverse of the squared norm of A; what falls below LOWER
%   is set to it. MISFIT is the size of the residual after each iteration.
step = 1 / norm(A) ^ 2;
x = zeros(size(A, 2), 1);
misfit = zeros(iters, 1);
for it = 1:iters
    r = b - A * x;
    x = x + step * (A' * r);
    x(x < lower) = lower;
    misfit(it) = norm(b - A * x);
end
end
