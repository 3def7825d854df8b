function [x, it, res] = gaussSeidel(A, b, tol, maxit)
% GAUSSSEIDEL  Iterative solution of A x = b, for diagonally dominant A.
%   Stops when no unknown moves by more than tol in a sweep.
n = numel(b);
x = zeros(n, 1);
it = 0;
step = Inf;
while step > tol && it < maxit
  xold = x;
  for i = 1:n
    s = A(i, :) * x - A(i, i) * x(i);
    x(i) = (b(i) - s) / A(i, i);
  end
  step = max(abs(x - xold));
  it = it + 1;
end
res = norm(b - A * x);
end
