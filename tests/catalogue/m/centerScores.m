function [Z, mu, radius] = centerScores(X)
% CENTERSCORES  Take the mean of the observations (rows) off a table of scores
%   and measure how far each one then is from it.
mu = mean(X);
Z = X - mu;
m = size(Z, 1);
radius = zeros(m, 1);
for i = 1:m
  radius(i) = norm(Z(i, :));
end
% outliers are drawn in
limit = 3 * median(radius);
for i = 1:m
  if radius(i) > limit && limit > 0
    Z(i, :) = Z(i, :) / radius(i) * limit;
  end
end
end
