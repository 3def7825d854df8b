function [S, drift] = correlatedPaths(Z, S0, vol, C, dt)
% CORRELATEDPATHS  Prices of several assets with correlated returns.
%   Z holds independent normal numbers, a row for each step; C is the matrix
%   of correlations. S has a row more than Z, the first being S0.
[steps, n] = size(Z);
Sigma = (vol(:) * vol(:)') .* C * dt;
R = chol(Sigma);
drift = -0.5 * diag(Sigma)';
S = zeros(steps + 1, n);
S(1, :) = S0(:)';
for k = 1:steps
    S(k + 1, :) = S(k, :) .* exp(drift + Z(k, :) * R);
end
end
