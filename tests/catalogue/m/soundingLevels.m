function [t, lapse, outside] = soundingLevels(height, temp, levels)
% SOUNDINGLEVELS  Temperatures of a balloon sounding at standard levels.
%   Levels that the balloon did not reach get -9999. LAPSE is the mean
%   lapse rate, in degrees per kilometre, between the levels it did reach.
t = interp1(height, temp, levels);
missing = isnan(t);
outside = sum(missing);
t(missing) = -9999;
good = find(~missing);
if numel(good) < 2
    lapse = NaN;
else
    first = good(1);
    last = good(end);
    lapse = -1000 * (t(last) - t(first)) / (levels(last) - levels(first));
end
end
