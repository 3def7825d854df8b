function [Z, med, spread] = robustScale(X)
% ROBUSTSCALE  Scale columns by their median and median absolute deviation.
%   Missing values are NaN and remain so.
p = size(X, 2);
med = zeros(1, p);
spread = zeros(1, p);
Z = X;
for j = 1:p
  ok = ~isnan(X(:, j));
  v = X(ok, j);
  med(j) = median(v);
  spread(j) = 1.4826 * median(abs(v - med(j)));
  if spread(j) > 0
    Z(:, j) = (X(:, j) - med(j)) / spread(j);
  end
end
end
