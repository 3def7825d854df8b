function [r, avg, alpha] = pairCorrelations(X)
% PAIRCORRELATIONS  Correlations of all the pairs of items of a test.
%   AVG is their mean and ALPHA the standardised alpha of Cronbach.
n = size(X, 2);
Xc = X - mean(X, 1);
S = Xc' * Xc;
d = sqrt(diag(S));
C = S ./ (d * d');
r = C(triu(true(n), 1));
avg = mean(r);
alpha = n * avg / (1 + (n - 1) * avg);
end
