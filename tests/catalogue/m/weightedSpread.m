function [m, s] = weightedSpread(x, w)
% WEIGHTEDSPREAD  Weighted mean and standard deviation.
m = sum(w .* x) / sum(w);
s = sqrt(sum(w .* (x - m) .^ 2) / sum(w));
end
