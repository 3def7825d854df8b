function [r, s] = correlated(C)
% CORRELATED  Correlations of a matrix of covariances, and the deviations.
s = sqrt(diag(C));
r = C ./ (s * s');
end
