function [n, x] = insideBand(x, centre, width)
% INSIDEBAND  Readings within a band, and how many they are.
x = x(abs(x - centre) < width);
n = numel(x);
end
