function c = lagProducts(x, n)
% LAGPRODUCTS  Products of a series with itself at lags 1 to n, in the mean.
c = zeros(n, 1);
for k = 1:n
  c(k) = sum(x(1:end-k) .* x(k+1:end)) / (numel(x) - k);
end
end
