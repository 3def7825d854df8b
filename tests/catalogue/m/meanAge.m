function [m, d] = meanAge(days)
% MEANAGE  Mean age in years, and how far each is from it.
m = sum(days) / numel(days) / 365;
d = days / 365 - m;
end
