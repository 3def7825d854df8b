function [f, gain] = toneGrid(low, high)
% TONEGRID  Gain of a resonator between two frequencies.
f = linspace(low, high);
gain = 1 ./ sqrt((1 - f .^ 2) .^ 2 + 0.01 * f .^ 2);
end
