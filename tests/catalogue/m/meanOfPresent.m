function [m, n] = meanOfPresent(x)
% MEANOFPRESENT  Mean of the readings that are there.
keep = ~isnan(x);
n = sum(keep);
m = sum(x(keep)) / n;
end
