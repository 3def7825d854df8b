function [r, iters] = pageRank(A, d, tol)
% PAGERANK  Stationary visits of a random surfer, by the power method.
%   A(i, j) = 1 where page j links to page i; d is the damping. Pages without
%   links pass their visits to all.
if nargin < 3, tol = 1e-8; end
n = size(A, 1);
outdeg = sum(A);
dangling = outdeg == 0;
A(:, dangling) = 1;
outdeg(dangling) = n;
M = A ./ outdeg;

r = ones(n, 1) / n;
iters = 0;
change = Inf;
while change > tol && iters < 500
  old = r;
  r = d * M * r + (1 - d) / n;
  change = sum(abs(r - old));
  iters = iters + 1;
end
end
