function [x, n] = stopRule(a, tol)
% STOPRULE  Square root by Newton's iteration, with at most 4 steps.
x = a;
n = 0;
while abs(x ^ 2 - a) > tol && n < 4
  x = (x + a / x) / 2;
  n = n + 1;
end
end
