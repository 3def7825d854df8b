function [s, sse, next] = expSmooth(y, alpha, s0)
% EXPSMOOTH  Simple exponential smoothing and its one-step forecasts.
%   alpha is the weight of the latest value (0.3), s0 the level before the
%   first one (the first value itself).
if nargin < 2, alpha = 0.3; end
if nargin < 3
  s0 = y(1);
end
n = numel(y);
s = zeros(n, 1);
sse = 0;
level = s0;
for t = 1:n
  err = y(t) - level;
  sse = sse + err ^ 2;
  level = level + alpha * err;
  s(t) = level;
end
next = level;
end
