function [best, at] = fitFloor(errors)
% FITFLOOR  The least error and its place; errors that are NaN do not count.
best = realmax;
at = 0;
for k = 1:numel(errors)
  if errors(k) < best
    best = errors(k);
    at = k;
  end
end
end
