function [b, e, s2, df] = ridgeResiduals(X, y, lambda)
% RIDGERESIDUALS  Ridge regression with its residuals, the effective degrees of
%   freedom of the fit and the variance of the residuals.
[n, p] = size(X);
G = X' * X + lambda * eye(p);
b = G \ (X' * y);
e = y - X * b;
df = trace(G \ (X' * X));
s2 = sum(e(:) .^ 2) / (n - df);
end

% The columns are taken as they come: scale them before.
