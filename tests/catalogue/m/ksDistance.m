function [D, where, pval] = ksDistance(x, y)
% KSDISTANCE  Two-sample Kolmogorov-Smirnov distance of x and y.
%   WHERE is the value at which the two distribution functions differ most,
%   PVAL the asymptotic probability of a larger distance.
t = unique([x(:); y(:)]);
Fx = zeros(size(t));
Fy = zeros(size(t));
for k = 1:numel(t)
    Fx(k) = sum(x <= t(k)) / numel(x);
    Fy(k) = sum(y <= t(k)) / numel(y);
end
[D, at] = max(abs(Fx - Fy));
where = t(at);
ne = numel(x) * numel(y) / (numel(x) + numel(y));
lambda = (sqrt(ne) + 0.12 + 0.11 / sqrt(ne)) * D;
pval = 0;
for j = 1:40
    pval = pval + 2 * (-1) ^ (j - 1) * exp(-2 * (lambda * j) ^ 2);
end
pval = min(max(pval, 0), 1);
end
