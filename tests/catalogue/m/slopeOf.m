function [s, m] = slopeOf(x, y)
% SLOPEOF  Slopes between points, and their mean.
s = diff(y) ./ diff(x);
m = mean(s);
end
