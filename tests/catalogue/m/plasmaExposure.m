function [auc, tmax, halfLife] = plasmaExposure(t, c, nTail)
% PLASMAEXPOSURE  Exposure to a drug from its concentrations in the blood.
%   AUC is the area under the curve to infinity: the last NTAIL points give
%   the rate of elimination by log-linear regression.
n = numel(t);
[~, at] = max(c);
tmax = t(at);
tail = n - nTail + 1:n;
x = t(tail);
y = log(c(tail));
dx = x - mean(x);
lambda = -sum(dx .* (y - mean(y))) / sum(dx .^ 2);
if lambda <= 0
    auc = NaN;
    halfLife = NaN;
    return;
end
auc = trapz(t, c) + c(n) / lambda;
halfLife = log(2) / lambda;
end
