function [s, n] = untilZero(x)
% UNTILZERO  Sum of the readings before the first that is zero, and how many.
s = 0;
n = 0;
for k = 1:numel(x)
  if x(k) == 0
    break
  end
  s = s + x(k);
  n = n + 1;
end
end
