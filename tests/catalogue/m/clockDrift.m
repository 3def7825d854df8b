function [off, turns, late] = clockDrift(tdev, tref, period)
% CLOCKDRIFT  Offset of the ticks of a device against a reference, within one
%   period, with the sign of the lag; whole periods are counted apart.
n = numel(tdev);
off = zeros(n, 1);
turns = zeros(n, 1);
late = false(n, 1);
for i = 1:n
  lag = tdev(i) - tref(i);
  off(i) = rem(lag, period);
  turns(i) = round((lag - off(i)) / period);
  late(i) = off(i) > 0;
end
end
