function [swing, level, share] = seasonSwing(y, period)
% SEASONSWING  Size of the seasonal cycle of a series with a straight trend.
%   level is the mean of the series itself, share the part of its variance
%   about that level that the trend leaves over.
r = detrended(y);
cycle = zeros(period, 1);
for k = 1:period
  cycle(k) = mean(r(k:period:end));
end
swing = max(cycle) - min(cycle);
level = mean(y);
share = sum(r .^ 2) / sum((y - level) .^ 2);
end

function y = detrended(y)
t = (1:numel(y))';
design = [ones(numel(y), 1), t];
coef = design \ y;
y = y - design * coef;
end
