function [y, slope] = tableLookup(xs, ys, xq)
% TABLELOOKUP  Piecewise linear reading of a calibration table.
%   Values outside of the table are extrapolated from its outermost cells.
n = numel(xs);
y = zeros(size(xq));
slope = zeros(size(xq));
for j = 1:numel(xq)
  i = find(xs <= xq(j), 1, 'last');
  if isempty(i), i = 1; end
  i = min(i, n - 1);
  slope(j) = (ys(i + 1) - ys(i)) / (xs(i + 1) - xs(i));
  y(j) = ys(i) + slope(j) * (xq(j) - xs(i));
end
end
