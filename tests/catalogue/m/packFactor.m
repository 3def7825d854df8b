function [v, logdet] = packFactor(S, jitter)
% PACKFACTOR  A covariance matrix as an unconstrained vector for an optimiser:
%   its Cholesky factor, with the logarithm of the diagonal, column by column.
n = size(S, 1);
if nargin > 1, S = S + jitter * eye(n); end
L = chol(S)';
d = diag(L);
logdet = 2 * sum(log(d));
for i = 1:n
  L(i, i) = log(d(i));
end
keep = tril(true(n));
v = L(keep);
end
