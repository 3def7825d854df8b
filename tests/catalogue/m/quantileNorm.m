function [Y, target] = quantileNorm(X)
% QUANTILENORM  Give the arrays (columns) of an experiment one distribution.
%   The k-th smallest value of each column is replaced by the mean of the k-th
%   smallest values of all.
[n, m] = size(X);
[S, idx] = sort(X);
target = mean(S, 2);
Y = zeros(n, m);
for j = 1:m
  for k = 1:n
    Y(idx(k, j), j) = target(k);
  end
end
end
