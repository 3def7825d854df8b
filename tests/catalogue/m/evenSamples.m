function [y, m] = evenSamples(x)
% EVENSAMPLES  Every second sample, and the mean of these.
y = x(2:2:end);
m = mean(y);
end
