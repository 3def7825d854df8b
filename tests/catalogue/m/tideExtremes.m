function [high, low, when, span] = tideExtremes(H, t)
% TIDEEXTREMES  Highest and lowest water at each gauge (column) and the time of
%   the former. Gaps in the record are NaN.
ng = size(H, 2);
high = zeros(1, ng);
low = zeros(1, ng);
when = zeros(1, ng);
for g = 1:ng
  [high(g), k] = max(H(:, g));
  low(g) = min(H(:, g));
  when(g) = t(k);
end
span = high - low;
end
