function [lo, hi] = rootMean(x)
% ROOTMEAN  Whole numbers below and above the root of the mean square.
r = sqrt(mean(x .^ 2));
lo = floor(r);
hi = ceil(r + mean(abs(x)));
end
